"""What a closing holds of observations: every vintage of every role."""

from collections.abc import Iterator

from shuzhi.figures.closing import Cell, Column, Relation
from shuzhi.indicators.models import Observation
from shuzhi.kernel.catalogue.definitions import Catalogue

COLUMNS = (
    Column("indicator", "text"),
    Column("unit", "text"),
    Column("year", "whole"),
    Column("month", "whole"),
    Column("role", "text"),
    Column("status", "text"),
    Column("vintage", "whole"),
    Column("value", "whole"),
    Column("reason", "text"),
)


def relations(catalogue: Catalogue) -> Iterator[Relation]:
    """The relation ``observation``; ``value`` counts whole numbers at the scale of its indicator's family."""
    yield Relation("observation", COLUMNS, _rows())


def _rows() -> Iterator[tuple[Cell, ...]]:
    names = ("indicator", "unit_id", "year", "month", "role", "status", "vintage", "value", "reason")
    yield from Observation.objects.values_list(*names).iterator(chunk_size=2000)
