"""The indicators app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Observations."""

    name = "shuzhi.indicators"
    verbose_name = "指标"
