"""The reports app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Reports, editions, bindings."""

    name = "shuzhi.reports"
    verbose_name = "报告"
