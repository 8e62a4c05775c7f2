"""The record, its lines, and the corrections that tell what they said before."""

from typing import ClassVar

from django.db import models

from shuzhi.evidence.models import Account
from shuzhi.matters.models import Matter
from shuzhi.subjects.models import Subject
from shuzhi.units.models import Post, Unit


class Record(Account):
    """Something that happened on a day and is counted: a meeting, a visit, a document issued."""

    ref = models.CharField("编号", max_length=40, primary_key=True)
    number = models.CharField("文号（序号）", max_length=80)
    kind = models.CharField("台账", max_length=40)
    title = models.CharField("名称", max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="records", verbose_name="单位")
    date = models.DateField("日期")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="records", verbose_name="登记职务")
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, related_name="records", verbose_name="相关事项"
    )
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, related_name="records", verbose_name="相关主体"
    )
    fields = models.JSONField("登记内容", default=dict)

    class Meta:
        ordering: ClassVar = ["ref"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "number"],
                name="one_record_a_number",
                violation_error_message="此序号已登记过",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "unit", "date"], name="record_by_unit")]

    def __str__(self) -> str:
        return self.title

    def identity(self) -> str:
        """``record/2025-0007``"""
        return self.ref


class Line(Account):
    """A row of a table inside a record. A wrong line is struck by a correction, and a new one takes its place."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="lines", verbose_name="记录")
    name = models.CharField("明细表", max_length=40)
    no = models.IntegerField("序号")
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, related_name="lines", verbose_name="相关主体"
    )
    fields = models.JSONField("登记内容", default=dict)
    struck = models.IntegerField("由第几次更正删去", null=True)

    class Meta:
        ordering: ClassVar = ["record", "name", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "name", "no"], name="one_line_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.name} 第{self.no}行"

    def identity(self) -> str:
        """``line/record/2025-0007/rows/3``"""
        return f"line/{self.record_id}/{self.name}/{self.no}"


class Correction(Account):
    """What a record said before and says since, with the reason; appended, never changed."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="corrections", verbose_name="记录")
    no = models.IntegerField("序号")
    date = models.DateField("更正日期")
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="corrections", verbose_name="更正职务"
    )
    reason = models.CharField("理由", max_length=500)
    before = models.JSONField("更正前", default=dict)
    after = models.JSONField("更正后", default=dict)

    class Meta:
        ordering: ClassVar = ["record", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "no"], name="one_correction_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.record_id} 第{self.no}次更正"

    def identity(self) -> str:
        """``correction/record/2025-0007/1``"""
        return f"correction/{self.record_id}/{self.no}"
