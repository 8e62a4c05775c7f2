"""The subjects app."""

from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    """What is counted distinctly."""

    name = "shuzhi.subjects"
    verbose_name = "主体"
