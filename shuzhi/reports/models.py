"""A report, the author's choices and answers, its editions, the binding of every place, and what an edition admits and promises."""

from typing import ClassVar

from django.db import models

from shuzhi.evidence.models import Account, Blob, Paper
from shuzhi.matters.models import Matter
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


class Answer(Account):
    """What the author gave one place that the books do not fill: a proposed name accepted, own words with their source, or
    nothing with the reason. ``manner`` says which (see :class:`shuzhi.reports.places.Manner`).
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="answers")
    start = models.IntegerField("起")
    end = models.IntegerField("止")
    wording = models.CharField("上下文", max_length=300)
    manner = models.CharField("方式", max_length=10)
    text = models.CharField("填入", max_length=100, blank=True, default="")
    source = models.CharField("来源（理由）", max_length=500)
    refs = models.JSONField("取自", default=list)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name="材料")
    by = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="填写人")
    day = models.DateField("日期")

    class Meta:
        ordering: ClassVar = ["report", "start"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "start"], name="one_answer_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.start}-{self.end}：{self.manner}{self.text}"

    def identity(self) -> str:
        """``answer/report/2025-0001/120``"""
        return f"answer/{self.report_id}/{self.start}"


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


class Statement(Account):
    """A sentence of a signed edition that admits a shortcoming or makes a promise, as its author settled it.

    Confirmed, it opened ``matter``; struck out (it says no such thing), ``struck`` is the reason.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="statements")
    start = models.IntegerField("起")
    end = models.IntegerField("止")
    part = models.CharField("性质", max_length=20)
    sentence = models.TextField("原句")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+", verbose_name="立项")
    struck = models.CharField("不立项的理由", max_length=300, blank=True, default="")
    by = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="办理人")
    day = models.DateField("日期")

    class Meta:
        ordering: ClassVar = ["edition", "start"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "start"], name="one_statement_a_sentence")
        ]

    def __str__(self) -> str:
        return self.sentence[:40]

    def identity(self) -> str:
        """``statement/report/2025-0001/1/1200``"""
        return f"statement/{self.edition.report_id}/{self.edition.no}/{self.start}"
