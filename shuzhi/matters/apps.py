"""The matters app."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """Matters and their movements."""

    name = "shuzhi.matters"
    verbose_name = "事项"
