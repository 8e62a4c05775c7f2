"""The items of any kind that lie in a stretch of days, each as the row reader sees it."""

from collections.abc import Iterator
from datetime import date

from shuzhi.evidence import instance
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.catalogue.items import Item, ItemEnv
from shuzhi.matters.models import Matter
from shuzhi.matters.reading import read_all
from shuzhi.records.models import Record
from shuzhi.rhythm.models import PlanItem
from shuzhi.subjects.models import Subject

Placed = tuple[str, date, ItemEnv]


def placed(kind: Kind, first: date, last: date, day: date) -> Iterator[Placed]:
    """Unit, day and Env of every item of a kind placed between two days, as it stood on ``day``.

    Matters are placed by their opening, records by their date, subjects by their beginning, plan items by their Monday.
    A fund has no items of its own and gives none.
    """
    if kind.shape == "matter":
        rows = Matter.objects.filter(kind=kind.code, opened__range=(first, last))
        for reading in read_all(rows, day):
            if reading.state.opened is not None:
                yield reading.state.unit, reading.state.opened, reading.env
    elif kind.shape == "record":
        for record in Record.objects.filter(kind=kind.code, date__range=(first, last)):
            columns = {
                "ref": record.ref,
                "number": record.number,
                "title": record.title,
                "unit": record.unit_id,
                "date": record.date,
                "post": record.post_id,
                "matter": record.matter_id,
                "subject": record.subject_id,
            }
            yield record.unit_id, record.date, _env(Item(kind, columns, record.fields), day)
    elif kind.shape == "subject":
        for subject in Subject.objects.filter(kind=kind.code, since__range=(first, last)):
            columns = {
                "ref": subject.ref,
                "code": subject.code,
                "name": subject.name,
                "unit": subject.unit_id,
                "since": subject.since,
                "until": subject.until,
            }
            yield subject.unit_id, subject.since, _env(Item(kind, columns, subject.fields), day)
    elif kind.shape == "plan":
        for item in PlanItem.objects.filter(kind=kind.code, date__range=(first, last)):
            yield item.unit_id, item.date, _env(Item(kind, columns_of(item)), day)


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


def _env(item: Item, day: date) -> ItemEnv:
    return ItemEnv(item, instance.catalogue(), instance.calendar(), day)
