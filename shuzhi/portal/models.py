"""A publication: what was put on the shelf, whole, so that the public pages need nothing of the accounts."""

from typing import ClassVar

from django.db import models

from shuzhi.evidence.models import Account, Blob

SORTS = (("report", "报告"), ("ledger", "台账"))


class Publication(Account):
    """A published thing: its page, its figures' cards as data, and the files a reader may take away."""

    slug = models.SlugField("网址", max_length=80, primary_key=True)
    sort = models.CharField("类别", max_length=10, choices=SORTS)
    title = models.CharField("标题", max_length=200)
    unit_name = models.CharField("发布单位", max_length=100)
    day = models.DateField("公开日期")
    closing = models.CharField("结账摘要", max_length=80)
    page = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    data = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    files = models.JSONField("可下载文件", default=list)
    withdrawn = models.DateField("撤下日期", null=True)
    reason = models.CharField("撤下原因", max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-day", "slug"]

    def __str__(self) -> str:
        return self.title

    def identity(self) -> str:
        """``publication/report-2025``"""
        return f"publication/{self.slug}"


class PublishedFigure(Account):
    """Where the card of a published figure lies, by its short code."""

    code = models.CharField("验数码", max_length=12, primary_key=True)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="figures")
    card = models.JSONField("数字卡")

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code

    def identity(self) -> str:
        """``published-figure/K7Q2-M3XA``"""
        return f"published-figure/{self.code}"
