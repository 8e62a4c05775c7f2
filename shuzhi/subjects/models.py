"""The subject: what exists, is pointed at by other accounts, and is counted once however often it is met."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shuzhi.evidence.models import Account
from shuzhi.units.models import Unit


class Subject(Account):
    """An enterprise, a household, a school, a site …, by the code its register gives it."""

    ref = models.CharField("编号", max_length=40, primary_key=True)
    kind = models.CharField("台账", max_length=40)
    code = models.CharField("代码", max_length=60)
    name = models.CharField("名称", max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="subjects", verbose_name="所属单位")
    since = models.DateField("起始日期")
    until = models.DateField("终止日期", null=True)
    fields = models.JSONField("登记内容", default=dict)

    class Meta:
        ordering: ClassVar = ["ref"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "code"], name="one_subject_a_code", violation_error_message="此代码已登记过"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="subject_ends_after_it_begins",
                violation_error_message="终止日期不能早于起始日期",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "unit"], name="subject_by_unit")]

    def __str__(self) -> str:
        return self.name

    def identity(self) -> str:
        """``subject/2025-0001``"""
        return self.ref
