"""What a closing holds of indicators: every vintage of every role, the decisions that changed targets, lights set by hand."""

from collections.abc import Iterator

from shuzhi.figures.closing import Cell, Column, Relation
from shuzhi.figures.observed import OBSERVATION_COLUMNS as COLUMNS
from shuzhi.indicators.models import Adjusted, Adjustment, LightMark, Observation, Release
from shuzhi.kernel.catalogue.definitions import Catalogue

ADJUSTMENT = (
    Column("ref", "text"),
    Column("year", "whole"),
    Column("document", "text"),
    Column("title", "text"),
    Column("date", "date"),
    Column("reason", "text"),
    Column("by", "text"),
)
ADJUSTED = (Column("adjustment", "text"), Column("observation", "text"))
LIGHT_MARK = (
    Column("indicator", "text"),
    Column("unit", "text"),
    Column("year", "whole"),
    Column("no", "whole"),
    Column("colour", "text"),
    Column("reason", "text"),
    Column("since", "date"),
    Column("until", "date"),
    Column("by", "text"),
)

RELEASE = (
    Column("observation", "text"),
    Column("date", "date"),
    Column("address", "text"),
    Column("approval", "text"),
    Column("by", "text"),
)


def relations(catalogue: Catalogue) -> Iterator[Relation]:
    """The relation ``observation``, whose ``value`` counts whole numbers at the scale of its indicator's family;
    ``adjustment`` and ``adjusted`` (which decision made which vintage of a target); ``light_mark``; ``release`` (which
    vintages were published).
    """
    yield Relation("observation", COLUMNS, _rows())
    decided = Adjustment.objects.values_list("ref", "year", "document", "title", "day", "reason", "by_id")
    yield Relation("adjustment", ADJUSTMENT, list(decided))
    rows = Adjusted.objects.select_related("observation")
    yield Relation("adjusted", ADJUSTED, [(row.adjustment_id, row.observation.identity()) for row in rows])
    marked = ("indicator", "unit_id", "year", "no", "colour", "reason", "since", "until", "by_id")
    yield Relation("light_mark", LIGHT_MARK, list(LightMark.objects.values_list(*marked)))
    released = Release.objects.select_related("observation")
    told = [(row.observation.identity(), row.day, row.address, row.approval, row.by_id) for row in released]
    yield Relation("release", RELEASE, sorted(told))


def _rows() -> Iterator[tuple[Cell, ...]]:
    names = ("indicator", "unit_id", "year", "month", "role", "status", "vintage", "value", "reason")
    yield from Observation.objects.values_list(*names).iterator(chunk_size=2000)
