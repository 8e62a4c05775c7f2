"""An evaluation, the slips printed for it (their digests only), and the count its urn was sealed to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shuzhi.ballots.paper import Paper
from shuzhi.evidence.models import Account, Blob
from shuzhi.units.models import Post, Unit

PREPARING, OPEN, STOPPED, SEALED, ANNULLED = "筹备", "投票", "停投", "已封存", "作废"
STAGES = (PREPARING, OPEN, STOPPED, SEALED, ANNULLED)


class Evaluation(Account):
    """A 测评: its occasion, its day, its paper, and how far it has come.

    ``paper`` is a :class:`~shuzhi.ballots.paper.Paper` as data; ``attendance`` is by group ``[实到, 发出]``, told when the
    poll is stopped. ``stopped_by`` and ``sealed_by`` are two posts.
    """

    ref = models.CharField("编号", max_length=40, primary_key=True)
    title = models.CharField("场合", max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="evaluations", verbose_name="单位")
    day = models.DateField("投票日")
    paper = models.JSONField("票面")
    stage = models.CharField("状态", max_length=10, default=PREPARING)
    attendance = models.JSONField("实到和发出", default=dict)
    by = models.ForeignKey(Post, models.PROTECT, related_name="prepared_evaluations", verbose_name="经办职务")
    stopped_by = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="stopped_evaluations", verbose_name="停投职务"
    )
    sealed_by = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="sealed_evaluations", verbose_name="封存职务"
    )
    reason = models.CharField("作废原因", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-day", "ref"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="evaluation_stage"),
            models.CheckConstraint(
                condition=~Q(stage=SEALED)
                | (
                    Q(stopped_by__isnull=False, sealed_by__isnull=False)
                    & ~Q(stopped_by=models.F("sealed_by"))
                ),
                name="evaluation_sealed_by_two",
                violation_error_message="停投和封存须由两个职务分别办理",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def identity(self) -> str:
        """``evaluation/2025-0001``"""
        return self.ref

    @property
    def asks(self) -> Paper:
        """The paper."""
        return Paper.from_json(self.paper)


class SlipBatch(Account):
    """Slips printed together for a group: the sorted digests of their codes, which says nothing of the order of printing."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="batches", verbose_name="测评")
    no = models.IntegerField("第几批")
    group = models.CharField("类别", max_length=4)
    digests = models.JSONField("票码摘要")
    voided = models.BooleanField("已作废", default=False)
    reason = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["evaluation", "no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "no"], name="one_slip_batch_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.group}类第{self.no}批 {len(self.digests)}张"

    def identity(self) -> str:
        """``slips/evaluation/2025-0001/1``"""
        return f"slips/{self.evaluation_id}/{self.no}"


class Seal(Account):
    """The count of a sealed evaluation: the file whose digest it is (see :mod:`shuzhi.ballots.proof`)."""

    evaluation = models.OneToOneField(
        Evaluation, models.PROTECT, primary_key=True, related_name="seal", verbose_name="测评"
    )
    proof = models.ForeignKey(Blob, models.PROTECT, related_name="+", verbose_name="计票文件")

    def __str__(self) -> str:
        return f"{self.evaluation} {self.proof_id}"

    def identity(self) -> str:
        """``seal/evaluation/2025-0001``"""
        return f"seal/{self.evaluation_id}"
