"""The desk app: pages only, no tables."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The officials' pages."""

    name = "shuzhi.desk"
    verbose_name = "办公桌面"
