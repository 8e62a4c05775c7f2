"""The records app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records, lines and corrections."""

    name = "shuzhi.records"
    verbose_name = "记录"
