"""The observation: the value of an indicator for a unit and a period; a revision is a new vintage, never an update."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shuzhi.evidence.models import Account
from shuzhi.kernel.catalogue.definitions import ROLES
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
