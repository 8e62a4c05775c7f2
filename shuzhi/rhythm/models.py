"""The items of weekly plans, the meetings that settle them, what was decided there, and the reports of days."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shuzhi.evidence.models import Account
from shuzhi.kernel.catalogue.definitions import ORIGINS, VERDICTS
from shuzhi.matters.models import Matter
from shuzhi.units.models import Post, Unit


class PlanItem(Account):
    """What a post promises for a week. Its last columns are the fold of its settlements, kept for lists.

    ``date`` is the Monday of ``week`` (``2025-W09``); ``about`` names the matter, record or indicator it is about, if any
    (``matter/2025-0143``, ``indicator/gdp``); ``before`` is the item it goes on from; ``times`` counts how often what is
    promised has been put off up to now.
    """

    ref = models.CharField("编号", max_length=40, primary_key=True)
    number = models.CharField("序号", max_length=80)
    kind = models.CharField("台账", max_length=40)
    title = models.CharField("计划事项", max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plan_items", verbose_name="单位")
    post = models.ForeignKey(Post, models.PROTECT, related_name="plan_items", verbose_name="责任职务")
    week = models.CharField("周次", max_length=8)
    date = models.DateField("周一日期")
    due = models.DateField("完成期限")
    result = models.CharField("承诺结果", max_length=500, blank=True)
    origin = models.CharField("来源", max_length=10)
    about = models.CharField("所指事项", max_length=80, blank=True)
    before = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followers", verbose_name="上次承诺"
    )
    by = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="entered_plan_items", verbose_name="登记职务"
    )
    verdict = models.CharField("交账结论", max_length=10, blank=True)
    settled = models.DateField("交账日期", null=True)
    reason = models.CharField("原因", max_length=500, blank=True)
    moved = models.DateField("顺延至", null=True)
    times = models.IntegerField("顺延次数", default=0)

    class Meta:
        ordering: ClassVar = ["date", "post", "ref"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "number"],
                name="one_plan_item_a_number",
                violation_error_message="此序号已登记过",
            ),
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="plan_item_origin"),
            models.CheckConstraint(
                condition=Q(verdict="", settled=None) | Q(verdict__in=VERDICTS, settled__isnull=False),
                name="plan_item_verdict",
                violation_error_message="交账结论只有完成、部分、未完成、顺延、取消",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="顺延") | (Q(moved__isnull=False) & ~Q(reason="")),
                name="plan_item_put_off_says_why",
                violation_error_message="顺延的，须写明原因和新的期限",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["post", "week"], name="plan_item_by_post"),
            models.Index(fields=["verdict", "date"], name="plan_item_still_open"),
        ]

    def __str__(self) -> str:
        return self.title

    def identity(self) -> str:
        """``plan/2025-0001``"""
        return self.ref


class Struck(Account):
    """Something the accounts proposed for a week, that the post left out of its plan, and why."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="struck_items", verbose_name="责任职务")
    week = models.CharField("周次", max_length=8)
    about = models.CharField("所指事项", max_length=80)
    title = models.CharField("事项", max_length=300)
    reason = models.CharField("不列入的原因", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["post", "week", "about"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "week", "about"], name="struck_once_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.week} 不列入：{self.title}"

    def identity(self) -> str:
        """``struck/990100-head/2025-W09/matter/2025-0143``"""
        return f"struck/{self.post_id}/{self.week}/{self.about}"


class DayReport(Account):
    """What a post did on a day, confirmed from the accounts. A later report of the same day takes the place of an earlier one.

    ``lines`` are ``{"done": bool, "about": ref or "", "text": …}``; none is an empty day, which may be. ``whereabouts`` is
    seen by the post itself and by those who lead it, and enters no closing.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="day_reports", verbose_name="职务")
    date = models.DateField("日期")
    no = models.IntegerField("第几次报")
    lines = models.JSONField("事项", default=list)
    help = models.CharField("需要帮助", max_length=500, blank=True)
    whereabouts = models.CharField("去向", max_length=200, blank=True)
    by = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="entered_day_reports", verbose_name="登记职务"
    )

    class Meta:
        ordering: ClassVar = ["date", "post", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "date", "no"], name="one_day_report_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.date}日报告"

    def identity(self) -> str:
        """``day/990100-head/2025-03-03/1``"""
        return f"day/{self.post_id}/{self.date}/{self.no}"


class Meeting(Account):
    """A meeting at which a unit settles the promises of the weeks before (碰头会)."""

    ref = models.CharField("编号", max_length=40, primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="meetings", verbose_name="单位")
    date = models.DateField("日期")
    chair = models.ForeignKey(Post, models.PROTECT, related_name="chaired_meetings", verbose_name="主持")
    by = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="entered_meetings", verbose_name="记录职务"
    )

    class Meta:
        ordering: ClassVar = ["-date", "ref"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "date"],
                name="one_meeting_a_day",
                violation_error_message="这一天的碰头会已登记过",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}{self.date.year}年{self.date.month}月{self.date.day}日碰头会"

    def identity(self) -> str:
        """``meeting/2025-0001``"""
        return self.ref


class Settlement(Account):
    """The verdict on a plan item at a meeting; a wrong one is set right by another, never changed."""

    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="settlements", verbose_name="计划事项")
    no = models.IntegerField("序号")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="settlements", verbose_name="会议")
    verdict = models.CharField("结论", max_length=10)
    reason = models.CharField("原因", max_length=500, blank=True)
    moved = models.DateField("顺延至", null=True)
    by = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="entered_settlements", verbose_name="记录职务"
    )

    class Meta:
        ordering: ClassVar = ["item", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "no"], name="one_settlement_a_number"),
            models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="settlement_verdict"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.verdict}"

    def identity(self) -> str:
        """``settlement/plan/2025-0001/1``"""
        return f"settlement/{self.item_id}/{self.no}"


class Decision(Account):
    """What a meeting decided, and the matter it became in the same act."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions", verbose_name="会议")
    no = models.IntegerField("序号")
    text = models.CharField("议定内容", max_length=1000)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="decided_as", verbose_name="事项")

    class Meta:
        ordering: ClassVar = ["meeting", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "no"], name="one_decision_a_number")
        ]

    def __str__(self) -> str:
        return self.text

    def identity(self) -> str:
        """``decision/meeting/2025-0001/1``"""
        return f"decision/{self.meeting_id}/{self.no}"
