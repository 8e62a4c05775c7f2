"""All that can be asked of reports: what was chosen and answered, what an edition lacks, who holds a post."""

from datetime import date

from django.db.models import Q

from shuzhi.evidence import blobs, instance
from shuzhi.kernel.finding import Finding
from shuzhi.prose.waivers import shorn
from shuzhi.reports.drafts import draft_of
from shuzhi.reports.models import Answer, Binding, Choice, Edition, Report
from shuzhi.reports.owners import owner_of
from shuzhi.reports.places import SETTLED, Given, Manner
from shuzhi.units.models import Post

AROUND = 10
"""Characters of the text shown before and after a gap."""


def memory(report: Report) -> dict[str, str]:
    """Choices of earlier reports of the unit, by what they measure; the newest wins."""
    rows = (
        Choice.objects.filter(report__unit=report.unit).exclude(report=report).order_by("report_id", "start")
    )
    return dict(rows.values_list("wording", "concept"))


def answers(report: Report) -> dict[int, Given]:
    """What the author gave the places of a report, by where they begin."""
    rows = Answer.objects.filter(report=report).select_related("by", "paper")
    return {
        row.start: Given(
            Manner(row.manner),
            row.text,
            row.source,
            row.by.title,
            row.day.isoformat(),
            tuple(row.refs),
            row.paper.title if row.paper else "",
        )
        for row in rows
    }


def remembered(report: Report) -> dict[str, tuple[str, int]]:
    """Names put into places of the unit's other reports, by the words around them, with the year; the newest wins."""
    rows = (
        Answer.objects.filter(report__unit=report.unit, manner__in=(Manner.ACCEPTED, Manner.WRITTEN))
        .exclude(report=report)
        .filter(wording__endswith="|name|")
        .order_by("report__year", "report_id", "start")
    )
    return {
        wording: (text, year) for wording, text, year in rows.values_list("wording", "text", "report__year")
    }


def lacking(edition: Edition) -> list[Finding]:
    """Every place of an edition that is still a gap: what it asks for, why it is empty, who can give it."""
    catalogue = instance.catalogue()
    rows = list(edition.bindings.exclude(state__in=[str(state) for state in SETTLED]))
    report = edition.report
    text = shorn(draft_of(blobs.fetch(report.draft_id), report.filename)).text if rows else ""
    return [
        Finding(
            "report.gap",
            f"{_around(text, row)}{row.label and f'（{row.label}）'}：{row.reason}",
            f"请{owner_of(row.concept, catalogue) or '撰稿人'}{'报来' if row.concept else '填写并注明来源，或略去并写明理由'}",
            f"第{row.no}处",
        )
        for row in rows
    ]


def _around(text: str, row: Binding) -> str:
    """The words a gap stands in: …建成【XX】等8个项目…"""
    before = text[max(0, row.start - AROUND) : row.start].rpartition("\n")[2]
    after = text[row.end : row.end + AROUND].partition("\n")[0]
    return f"“…{before}【{row.mask}】{after}…”"


def holders(post: Post, day: date) -> set[str]:
    """Log-in names of whoever holds the post on a day."""
    held = post.appointments.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)
    return set(held.values_list("user__username", flat=True))
