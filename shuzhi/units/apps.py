"""The units app."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Units, posts, appointments."""

    name = "shuzhi.units"
    verbose_name = "单位与职务"
