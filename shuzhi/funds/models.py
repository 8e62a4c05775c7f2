"""Budgets, allocations and payments in fen; the database itself holds payment ≤ allocation ≤ budget.

The running totals ``allocated`` and ``paid`` exist so that the invariants can be CHECK constraints of one row: a sum
over other rows cannot be checked by SQLite or PostgreSQL, a column can.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shuzhi.evidence.models import Account
from shuzhi.matters.models import Matter
from shuzhi.subjects.models import Subject
from shuzhi.units.models import Unit


class Budget(Account):
    """Money provided for a purpose in a year; ``allocated`` is the sum of its allocations."""

    ref = models.CharField("编号", max_length=40, primary_key=True)
    number = models.CharField("文号（序号）", max_length=80)
    kind = models.CharField("台账", max_length=40)
    title = models.CharField("预算项目", max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="budgets", verbose_name="单位")
    year = models.SmallIntegerField("年度")
    amount = models.BigIntegerField("预算数（分）")
    allocated = models.BigIntegerField("已分配（分）", default=0)

    class Meta:
        ordering: ClassVar = ["ref"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "number"],
                name="one_budget_a_number",
                violation_error_message="此序号已登记过",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="budget_is_positive", violation_error_message="预算数须大于零"
            ),
            models.CheckConstraint(
                condition=Q(allocated__gte=0) & Q(allocated__lte=F("amount")),
                name="allocations_within_budget",
                violation_error_message="分配合计不能超过预算",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def identity(self) -> str:
        """``budget/2025-0001``"""
        return self.ref


class Allocation(Account):
    """Part of a budget given to a unit for something; ``paid`` is the sum of its payments."""

    ref = models.CharField("编号", max_length=40, primary_key=True)
    number = models.CharField("文号（序号）", max_length=80)
    budget = models.ForeignKey(Budget, models.PROTECT, related_name="allocations", verbose_name="预算项目")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="allocations", verbose_name="使用单位")
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, related_name="allocations", verbose_name="相关事项"
    )
    title = models.CharField("用途", max_length=300)
    date = models.DateField("下达日期")
    amount = models.BigIntegerField("分配数（分）")
    paid = models.BigIntegerField("已支付（分）", default=0)
    fields = models.JSONField("登记内容", default=dict)

    class Meta:
        ordering: ClassVar = ["ref"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["budget", "number"],
                name="one_allocation_a_number",
                violation_error_message="此预算项目下已有此序号",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="allocation_is_positive",
                violation_error_message="分配数须大于零",
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0) & Q(paid__lte=F("amount")),
                name="payments_within_allocation",
                violation_error_message="支付合计不能超过分配数",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "date"], name="allocation_by_unit")]

    def __str__(self) -> str:
        return self.title

    def identity(self) -> str:
        """``allocation/2025-0001``"""
        return self.ref


class Payment(Account):
    """Money that left; never changed: a wrong payment is reversed by a counter-payment with a negative amount."""

    ref = models.CharField("编号", max_length=40, primary_key=True)
    number = models.CharField("凭证号", max_length=80)
    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="payments", verbose_name="分配")
    date = models.DateField("支付日期")
    amount = models.BigIntegerField("金额（分）")
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, related_name="payments", verbose_name="收款主体"
    )
    title = models.CharField("摘要", max_length=300)
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="reversals", verbose_name="冲销"
    )

    class Meta:
        ordering: ClassVar = ["ref"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["allocation", "number"],
                name="one_payment_a_number",
                violation_error_message="此分配下已有此凭证号",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="only_a_reversal_is_negative",
                violation_error_message="支付须大于零，冲销须小于零并指明被冲销的支付",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def identity(self) -> str:
        """``payment/2025-0001``"""
        return self.ref
