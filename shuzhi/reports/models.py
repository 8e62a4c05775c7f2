"""A report, the author's choices, its editions, and the binding of every place in an edition."""

from typing import ClassVar

from django.db import models

from shuzhi.evidence.models import Account, Blob
from shuzhi.units.models import Post, Unit


class Report(Account):
    """A report being written from a draft, for a unit and a year."""

    ref = models.CharField("编号", max_length=30, primary_key=True)
    title = models.CharField("标题", max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位")
    writer = models.ForeignKey(Post, models.PROTECT, verbose_name="撰稿")
    year = models.IntegerField("年度")
    filename = models.CharField("草稿文件", max_length=200)
    draft = models.ForeignKey(Blob, models.PROTECT, verbose_name="草稿")
    day = models.DateField("登记日期")

    class Meta:
        ordering: ClassVar = ["-ref"]

    def __str__(self) -> str:
        return self.title

    def identity(self) -> str:
        """``report/2025-0001``"""
        return self.ref


class Choice(Account):
    """What the author chose for one place; ``wording`` is the key of what it measures, reused next year."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="choices")
    start = models.IntegerField("起")
    end = models.IntegerField("止")
    wording = models.CharField("所量", max_length=300)
    concept = models.CharField("指标", max_length=100)
    by = models.ForeignKey(Post, models.PROTECT, verbose_name="选定人")

    class Meta:
        ordering: ClassVar = ["report", "start"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "start"], name="one_choice_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.start}-{self.end}：{self.concept}"

    def identity(self) -> str:
        """``choice/report/2025-0001/120``"""
        return f"choice/{self.report_id}/{self.start}"


class Edition(Account):
    """A compiled report: frozen bytes over one closing. Who wrote, who released the figures and who signed differ."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="editions")
    no = models.IntegerField("版次")
    closing = models.CharField("所据结账", max_length=80)
    as_of = models.DateField("截止日期")
    day = models.DateField("成稿日期")
    files = models.JSONField("文件", default=dict)
    writer = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="撰稿")
    releaser = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="放数")
    signer = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="签发")
    published = models.CharField("公开网址", max_length=80, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["report", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "no"], name="one_edition_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.report} 第{self.no}版"

    def identity(self) -> str:
        """``edition/report/2025-0001/1``"""
        return f"edition/{self.report_id}/{self.no}"


class Binding(Account):
    """What stands in one place of an edition: value, how it was bound, and the whole card behind it."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="bindings")
    no = models.IntegerField("序号")
    start = models.IntegerField("起")
    end = models.IntegerField("止")
    mask = models.CharField("原文", max_length=200)
    state = models.CharField("状态", max_length=12)
    text = models.CharField("填入", max_length=100, blank=True, default="")
    unit = models.CharField("单位", max_length=20, blank=True, default="")
    concept = models.CharField("指标", max_length=100, blank=True, default="")
    label = models.CharField("名称", max_length=200, blank=True, default="")
    code = models.CharField("验数码", max_length=12, blank=True, default="")
    reason = models.TextField("说明", blank=True, default="")
    card = models.JSONField("数字卡", null=True)

    class Meta:
        ordering: ClassVar = ["edition", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "no"], name="one_binding_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.text}{self.unit}"

    def identity(self) -> str:
        """``binding/report/2025-0001/1/12``"""
        return f"binding/{self.edition.report_id}/{self.edition.no}/{self.no}"
