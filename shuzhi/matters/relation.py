"""What a closing holds of matters: one relation for each kind, with the due day of each of its clocks, and ``movement``."""

from collections.abc import Iterator

from shuzhi.figures.closing import Cell, Column, Relation
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.reading import due_days
from shuzhi.subjects.relation import field_cells, field_columns

MATTER = (
    Column("ref", "text"),
    Column("number", "text"),
    Column("title", "text"),
    Column("unit", "text"),
    Column("stage", "text"),
    Column("opened", "date"),
    Column("due", "date"),
    Column("closed", "date"),
    Column("lead", "text"),
    Column("subject", "text"),
    Column("parent", "text"),
)
MOVEMENT = (
    Column("matter", "text"),
    Column("no", "whole"),
    Column("date", "date"),
    Column("from_stage", "text"),
    Column("to_stage", "text"),
    Column("act", "text"),
    Column("post", "text"),
    Column("note", "text"),
)


def relations(catalogue: Catalogue) -> Iterator[Relation]:
    """One relation for each kind of matter, and the movements of them all."""
    for kind in catalogue.of_shape("matter"):
        clocks = tuple(Column(f"due_{clock.code}", "date") for clock in kind.clocks)
        yield Relation(kind.code, MATTER + clocks + field_columns(kind.fields), _matters(kind))
    yield Relation("movement", MOVEMENT, _movements())


def _matters(kind: Kind) -> Iterator[tuple[Cell, ...]]:
    for row in Matter.objects.filter(kind=kind.code).iterator(chunk_size=2000):
        yield (
            row.ref,
            row.number,
            row.title,
            row.unit_id,
            row.stage,
            row.opened,
            row.due,
            row.closed,
            row.lead_id,
            row.subject_id,
            row.parent_id,
            *due_days(kind, row),
            *field_cells(kind.fields, row.fields),
        )


def _movements() -> Iterator[tuple[Cell, ...]]:
    names = ("matter_id", "no", "date", "from_stage", "to_stage", "act", "post_id", "note")
    yield from Movement.objects.values_list(*names).iterator(chunk_size=2000)
