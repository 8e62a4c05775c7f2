"""The portal app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Publications."""

    name = "shuzhi.portal"
    verbose_name = "公开门户"
