"""The rhythm app."""

from django.apps import AppConfig


class RhythmConfig(AppConfig):
    """Weekly plans, daily reports, settling meetings."""

    name = "shuzhi.rhythm"
    verbose_name = "周计划、日报告、交账"
