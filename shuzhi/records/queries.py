"""All that can be asked live of records: lists, and one record with its tables, papers and corrections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from shuzhi.evidence.models import Paper
from shuzhi.kernel.catalogue.definitions import Kind, LineKind
from shuzhi.records.models import Correction, Line, Record
from shuzhi.subjects.kinds import kind_named
from shuzhi.subjects.listing import ListColumn, Listing, columns_of, listing
from shuzhi.subjects.rights import may_see, within_sight
from shuzhi.units.models import User

COLUMNS = (
    ListColumn("ref", "编号", "ref", "ref"),
    ListColumn("number", "序号", "text", "number"),
    ListColumn("title", "名称", "text", "title"),
    ListColumn("unit", "单位", "unit", "unit_id"),
    ListColumn("date", "日期", "date", "date"),
    ListColumn("matter", "相关事项", "matter", "matter_id"),
    ListColumn("subject", "相关主体", "subject", "subject_id"),
)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Everything the page of one record shows."""

    record: Record
    kind: Kind
    columns: tuple[ListColumn, ...]
    tables: tuple[tuple[LineKind, tuple[Line, ...]], ...]
    papers: tuple[Paper, ...]
    corrections: tuple[Correction, ...]


def seen_by(user: User, kind: Kind, day: date) -> QuerySet[Record]:
    """The records of a kind that a person may see on a day."""
    rows = Record.objects.filter(kind=kind.code).select_related("unit", "subject", "matter")
    return within_sight(rows, user, kind, day)


def list_records(
    user: User,
    kind: Kind,
    day: date,
    *,
    filters: Mapping[str, object] | None = None,
    sort: str = "",
    search: str = "",
) -> Listing[Record]:
    """The list of a kind of record as a person may see it; see :func:`shuzhi.subjects.listing.listing`."""
    columns = columns_of(COLUMNS, kind.fields)
    rows = seen_by(user, kind, day)
    return listing(rows, columns, filters=filters, sort=sort, search=search, searched=("title", "number"))


def record_page(user: User, ref: str, day: date) -> RecordPage:
    """The page of one record; raises Record.DoesNotExist for what the person may not see."""
    record = Record.objects.select_related("unit", "post", "matter", "subject").get(ref=ref)
    kind = kind_named(record.kind)
    if not may_see(user, kind, record.unit, day):
        raise Record.DoesNotExist(ref)
    lines = list(record.lines.filter(struck=None).order_by("name", "no"))
    return RecordPage(
        record=record,
        kind=kind,
        columns=columns_of(COLUMNS, kind.fields),
        tables=tuple(
            (table, tuple(line for line in lines if line.name == table.code)) for table in kind.lines
        ),
        papers=tuple(Paper.objects.filter(owner=ref).order_by("no")),
        corrections=tuple(record.corrections.order_by("no")),
    )


def record_columns(record: Record) -> dict[str, object]:
    """A record's columns as formulas know them."""
    return {
        "ref": record.ref,
        "number": record.number,
        "title": record.title,
        "unit": record.unit_id,
        "date": record.date,
        "post": record.post_id,
        "matter": record.matter_id,
        "subject": record.subject_id,
    }
