"""The observation: the value of an indicator for a unit and a period; a revision is a new vintage, never an update."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shuzhi.evidence.models import Account
from shuzhi.kernel.catalogue.definitions import COLOURS, ROLES
from shuzhi.units.models import Post, Unit


class Observation(Account):
    """One value as it was reported; ``value`` counts whole numbers at the scale of the indicator's family.

    A value of None is a report too: the office says with ``reason`` why there is none.
    """

    indicator = models.CharField("指标", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="observations", verbose_name="单位")
    year = models.SmallIntegerField("年")
    month = models.SmallIntegerField("月")
    role = models.CharField("性质", max_length=10)
    status = models.CharField("状态", max_length=10, blank=True)
    vintage = models.IntegerField("版次")
    value = models.BigIntegerField("数值", null=True)
    reason = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="observations", verbose_name="填报职务"
    )

    class Meta:
        ordering: ClassVar = ["indicator", "unit", "year", "month", "role", "vintage"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "unit", "year", "month", "role", "vintage"],
                name="one_observation_a_vintage",
                violation_error_message="这一版次已登记过",
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="observation_month",
                violation_error_message="月份须为1至12",
            ),
            models.CheckConstraint(
                condition=Q(vintage__gte=1), name="observation_vintage", violation_error_message="版次从1起"
            ),
            models.CheckConstraint(
                condition=Q(role__in=ROLES),
                name="observation_role",
                violation_error_message="性质只有实绩、目标、预计",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(reason=""),
                name="observation_says_why_missing",
                violation_error_message="没有数值的，须说明原因",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "year", "month"], name="observation_by_period")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.unit_id} {self.year}-{self.month:02d} {self.role} 第{self.vintage}版"

    def identity(self) -> str:
        """``observation/gdp/990100/2025-12/actual/1``"""
        period = f"{self.year:04d}-{self.month:02d}"
        return f"observation/{self.indicator}/{self.unit_id}/{period}/{self.role}/{self.vintage}"


class Adjustment(Account):
    """A decision that changed targets: its document and who carried it out; the paper is attached to its ref."""

    ref = models.CharField("编号", max_length=40, primary_key=True)
    year = models.SmallIntegerField("年度")
    document = models.CharField("文号", max_length=80)
    title = models.CharField("文件名称", max_length=200)
    day = models.DateField("文件日期")
    reason = models.CharField("调整理由", max_length=300)
    by = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="adjustments", verbose_name="经办职务"
    )

    class Meta:
        ordering: ClassVar = ["ref"]

    def __str__(self) -> str:
        return f"{self.title}（{self.document}）"

    def identity(self) -> str:
        """``adjustment/2025-0001``"""
        return self.ref


class Adjusted(Account):
    """A vintage of a target that a decision made."""

    adjustment = models.ForeignKey(
        Adjustment, models.PROTECT, related_name="adjusted", verbose_name="调整决定"
    )
    observation = models.OneToOneField(
        Observation, models.PROTECT, related_name="adjusted", verbose_name="调整后的目标"
    )

    class Meta:
        ordering: ClassVar = ["adjustment", "observation"]

    def __str__(self) -> str:
        return f"{self.observation}（{self.adjustment_id}）"

    def identity(self) -> str:
        """``adjusted/observation/gdp/990123/2025-12/target/2``"""
        return f"adjusted/{self.observation.identity()}"


class LightMark(Account):
    """A light set by hand for a time and a reason; shown beside the computed one, never instead of it."""

    indicator = models.CharField("指标", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="light_marks", verbose_name="单位")
    year = models.SmallIntegerField("年度")
    no = models.IntegerField("序号")
    colour = models.CharField("灯", max_length=10)
    reason = models.CharField("理由", max_length=300)
    since = models.DateField("起")
    until = models.DateField("止")
    by = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="light_marks", verbose_name="认定职务"
    )

    class Meta:
        ordering: ClassVar = ["indicator", "unit", "year", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "unit", "year", "no"],
                name="one_light_mark_a_number",
                violation_error_message="这一认定已登记过",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")),
                name="light_mark_ends_after_it_begins",
                violation_error_message="截止日期不能早于起始日期",
            ),
            models.CheckConstraint(
                condition=Q(colour__in=COLOURS),
                name="light_mark_colour",
                violation_error_message="灯只有红、黄、绿、灰",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="light_mark_says_why",
                violation_error_message="人工认定须说明理由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.unit_id} {self.year} {self.colour} 至{self.until}"

    def identity(self) -> str:
        """``light-mark/gdp/990123/2025/1``"""
        return f"light-mark/{self.indicator}/{self.unit_id}/{self.year}/{self.no}"


class Release(Account):
    """That a value was published: on which day, where, with whose approval where secrecy asks for one, and who recorded it."""

    observation = models.OneToOneField(
        Observation, models.PROTECT, related_name="release", verbose_name="公布的数"
    )
    day = models.DateField("公布日期")
    address = models.CharField("公布出处", max_length=200)
    approval = models.CharField("批准文号", max_length=80, blank=True)
    by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="releases", verbose_name="登记职务")

    class Meta:
        ordering: ClassVar = ["day", "observation"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(address=""),
                name="release_says_where",
                violation_error_message="公布须写明出处",
            )
        ]

    def __str__(self) -> str:
        return f"{self.observation} 公布于{self.day}"

    def identity(self) -> str:
        """``release/observation/gdp/990123/2025-12/actual/1``"""
        return f"release/{self.observation.identity()}"
