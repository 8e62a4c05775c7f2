"""The items of any kind that lie in a stretch of days, each as the row reader sees it."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from shuzhi.evidence import instance
from shuzhi.kernel.catalogue.items import Item, ItemEnv
from shuzhi.matters.models import Matter
from shuzhi.matters.reading import read_all
from shuzhi.records.models import Record
from shuzhi.records.queries import record_columns
from shuzhi.rhythm.models import PlanItem
from shuzhi.subjects.kinds import kind_named
from shuzhi.subjects.models import Subject
from shuzhi.subjects.queries import subject_columns

Placed = tuple[str, date, ItemEnv]


def placed(spans: Mapping[str, tuple[date, date]], day: date) -> dict[str, list[Placed]]:
    """By kind the unit, day and Env of every item placed between its two days, as it stood on ``day``; ``spans`` gives the
    days for each kind's code, and all kinds of a shape are asked for at once.

    Matters are placed by their opening, records by their date, subjects by their beginning, plan items by their Monday.
    A fund has no items of its own and gives none.
    """
    found: dict[str, list[Placed]] = {code: [] for code in spans}
    for reading in read_all(Matter.objects.filter(_within(spans, "opened")), day):
        if reading.state.opened is not None:
            found[reading.kind.code].append((reading.state.unit, reading.state.opened, reading.env))
    for record in Record.objects.filter(_within(spans, "date")):
        env = _env(record.kind, record_columns(record), record.fields, day)
        found[record.kind].append((record.unit_id, record.date, env))
    for subject in Subject.objects.filter(_within(spans, "since")):
        env = _env(subject.kind, subject_columns(subject), subject.fields, day)
        found[subject.kind].append((subject.unit_id, subject.since, env))
    for item in PlanItem.objects.filter(_within(spans, "date")):
        found[item.kind].append((item.unit_id, item.date, _env(item.kind, columns_of(item), {}, day)))
    return found


def _within(spans: Mapping[str, tuple[date, date]], column: str) -> Q:
    wanted = Q(pk__in=())
    for code, span in spans.items():
        wanted |= Q(**{"kind": code, f"{column}__range": span})
    return wanted


def columns_of(item: PlanItem) -> dict[str, object]:
    """A plan item's columns as formulas know them; what was not said is missing."""
    return {
        "ref": item.ref,
        "number": item.number,
        "title": item.title,
        "unit": item.unit_id,
        "post": item.post_id,
        "week": item.week,
        "date": item.date,
        "due": item.due,
        "origin": item.origin,
        "about": item.about or None,
        "verdict": item.verdict or None,
        "settled": item.settled,
        "moved": item.moved,
        "times": item.times,
    }


def _env(kind: str, columns: Mapping[str, object], fields: Mapping[str, object], day: date) -> ItemEnv:
    return ItemEnv(Item(kind_named(kind), columns, fields), instance.catalogue(), instance.calendar(), day)
