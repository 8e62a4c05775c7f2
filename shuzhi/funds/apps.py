"""The funds app."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Budgets, allocations and payments."""

    name = "shuzhi.funds"
    verbose_name = "资金"
