"""The matter, as it stands now, and its movements, from which every past day of it can be told again."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shuzhi.evidence.models import Account
from shuzhi.subjects.models import Subject
from shuzhi.units.models import Post, Unit


class Matter(Account):
    """Anything to be done and closed. Its columns are the fold of its movements, kept for lists."""

    ref = models.CharField("编号", max_length=40, primary_key=True)
    number = models.CharField("文号（序号）", max_length=80)
    kind = models.CharField("台账", max_length=40)
    title = models.CharField("事项", max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="matters", verbose_name="责任单位")
    lead = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="led_matters", verbose_name="责任人（职务）"
    )
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, related_name="matters", verbose_name="相关主体"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name="上级事项"
    )
    opened = models.DateField("立项日期")
    due = models.DateField("完成时限", null=True)
    closed = models.DateField("办结日期", null=True)
    stage = models.CharField("环节", max_length=40)
    fields = models.JSONField("登记内容", default=dict)

    class Meta:
        ordering: ClassVar = ["ref"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "number"],
                name="one_matter_a_number",
                violation_error_message="此序号已登记过",
            ),
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(closed__gte=F("opened")),
                name="matter_closes_after_it_opens",
                violation_error_message="办结日期不能早于立项日期",
            ),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(due__gte=F("opened")),
                name="matter_is_due_after_it_opens",
                violation_error_message="完成时限不能早于立项日期",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "unit"], name="matter_by_unit"),
            models.Index(fields=["closed", "unit"], name="matter_still_open"),
        ]

    def __str__(self) -> str:
        return self.title

    def identity(self) -> str:
        """``matter/2025-0143``"""
        return self.ref


class Movement(Account):
    """One step of a matter: appended, never changed. ``changes`` holds the columns and fields it set.

    ``act`` is the act by which it was made: open, revise, fill, verify or decide.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="movements", verbose_name="事项")
    no = models.IntegerField("序号")
    date = models.DateField("日期")
    from_stage = models.CharField("原环节", max_length=40, blank=True)
    to_stage = models.CharField("现环节", max_length=40)
    act = models.CharField("行为", max_length=10)
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="movements", verbose_name="经办职务"
    )
    note = models.CharField("说明", max_length=1000, blank=True)
    changes = models.JSONField("变更内容", default=dict)

    class Meta:
        ordering: ClassVar = ["matter", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "no"], name="one_movement_a_number"),
            models.CheckConstraint(
                condition=Q(act__in=("open", "revise", "fill", "verify", "decide")), name="movement_act"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} 第{self.no}步 {self.to_stage}"

    def identity(self) -> str:
        """``movement/matter/2025-0143/2``"""
        return f"movement/{self.matter_id}/{self.no}"
