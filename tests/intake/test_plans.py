"""Weekly plans come in by workbook: promised as on their Monday, settled at the meeting the row names, once."""

from datetime import date
from typing import Any

from shuzhi.evidence import instance
from shuzhi.intake.forms import forms
from shuzhi.intake.load import load
from shuzhi.intake.template import Lists, template
from shuzhi.rhythm.models import Meeting, PlanItem, Settlement
from tests.cast import Cast

DAY = date(2026, 2, 2)


def book(*rows: dict[str, Any]) -> bytes:
    """A workbook of plans with these rows."""
    known = forms(instance.catalogue())
    form = known[instance.catalogue().of_shape("plan")[0].code]
    values = [[row.get(column.code) for column in form.columns] for row in rows]
    return template([form], Lists(rows={form.code: values}))


def row(number: str, **more: Any) -> dict[str, Any]:
    """A promise of 清河镇, put off at the meeting after its week."""
    return {
        "number": number,
        "title": "村路通车",
        "post": "990101-town_filler",
        "week": "2026-W02",
        "due": date(2026, 1, 9),
        "chair": "990100-head",
        "recorder": "990100-supervisor",
        **more,
    }


PUT_OFF = {"verdict": "顺延", "settled": date(2026, 1, 12), "reason": "雨", "moved": date(2026, 1, 16)}


def test_a_plan_is_loaded_with_its_verdict_and_loading_again_changes_nothing(cast: Cast) -> None:
    again = row("2", week="2026-W03", due=date(2026, 1, 16), origin="上次承诺", before="1")
    data = book(row("1", **PUT_OFF), again)
    result = load(data, by=None, day=DAY)
    assert [str(finding) for finding in result.findings] == []
    first, second = PlanItem.objects.order_by("number")
    assert (first.verdict, first.times, first.moved) == ("顺延", 1, date(2026, 1, 16))
    assert (second.before, second.times, second.verdict) == (first, 1, "")
    assert Meeting.objects.get().chair == cast.post("head")
    assert dict(load(data, by=None, day=DAY).counts()) == {"不变": 2}
    assert Settlement.objects.count() == 1


def test_a_verdict_lacking_what_it_needs_loads_nothing(cast: Cast) -> None:
    for lacking in ("settled", "chair", "moved", "reason"):
        result = load(book(row("1", **{**PUT_OFF, lacking: None})), by=None, day=DAY)
        assert not result.loaded, lacking
    assert not PlanItem.objects.exists()
