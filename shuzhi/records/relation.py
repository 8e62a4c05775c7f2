"""What a closing holds of records: one relation for each kind, and one for each of its tables."""

from collections.abc import Iterator

from shuzhi.figures.closing import Cell, Column, Relation
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind, LineKind
from shuzhi.records.models import Line, Record
from shuzhi.subjects.relation import field_cells, field_columns

RECORD = (
    Column("ref", "text"),
    Column("number", "text"),
    Column("title", "text"),
    Column("unit", "text"),
    Column("date", "date"),
    Column("post", "text"),
    Column("matter", "text"),
    Column("subject", "text"),
)
LINE = (
    Column("record", "text"),
    Column("no", "whole"),
    Column("number", "text"),
    Column("title", "text"),
    Column("unit", "text"),
    Column("date", "date"),
)


def relations(catalogue: Catalogue) -> Iterator[Relation]:
    """One relation for each kind of record and one for each of its line kinds (``kind.line``); struck lines are out."""
    for kind in catalogue.of_shape("record"):
        yield Relation(kind.code, RECORD + field_columns(kind.fields), _records(kind))
        for table in kind.lines:
            columns = LINE + field_columns(table.fields)
            yield Relation(f"{kind.code}.{table.code}", columns, _lines(kind, table))


def _records(kind: Kind) -> Iterator[tuple[Cell, ...]]:
    for row in Record.objects.filter(kind=kind.code).iterator(chunk_size=2000):
        yield (
            row.ref,
            row.number,
            row.title,
            row.unit_id,
            row.date,
            row.post_id,
            row.matter_id,
            row.subject_id,
            *field_cells(kind.fields, row.fields),
        )


def _lines(kind: Kind, table: LineKind) -> Iterator[tuple[Cell, ...]]:
    rows = Line.objects.filter(record__kind=kind.code, name=table.code, struck=None).select_related("record")
    for row in rows.iterator(chunk_size=2000):
        yield (
            row.record_id,
            row.no,
            row.record.number,
            row.record.title,
            row.record.unit_id,
            row.record.date,
            *field_cells(table.fields, row.fields),
        )
