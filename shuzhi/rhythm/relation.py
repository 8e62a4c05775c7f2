"""What a closing holds of weekly plans: one relation for each kind of plan; where somebody was on a day never enters."""

from collections.abc import Iterator

from shuzhi.figures.closing import Cell, Column, Relation
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.rhythm.models import PlanItem
from shuzhi.rhythm.placed import columns_of

PLAN = (
    Column("ref", "text"),
    Column("number", "text"),
    Column("title", "text"),
    Column("unit", "text"),
    Column("post", "text"),
    Column("week", "text"),
    Column("date", "date"),
    Column("due", "date"),
    Column("origin", "text"),
    Column("about", "text"),
    Column("verdict", "text"),
    Column("settled", "date"),
    Column("moved", "date"),
    Column("times", "whole"),
)


def relations(catalogue: Catalogue) -> Iterator[Relation]:
    """One relation for each kind of plan."""
    for kind in catalogue.of_shape("plan"):
        yield Relation(kind.code, PLAN, _rows(kind))


def _rows(kind: Kind) -> Iterator[tuple[Cell, ...]]:
    for item in PlanItem.objects.filter(kind=kind.code).iterator(chunk_size=2000):
        told = columns_of(item)
        yield tuple(told[column.name] for column in PLAN)  # type: ignore[misc]  # a plan item holds texts, days and numbers
