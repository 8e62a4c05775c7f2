"""What a closing holds of evaluations: that they were held, and how many came; never a result."""

from collections.abc import Iterator

from shuzhi.ballots.models import Evaluation
from shuzhi.figures.closing import Cell, Column, Relation
from shuzhi.kernel.catalogue.definitions import Catalogue

EVALUATION = (
    Column("ref", "text"),
    Column("unit", "text"),
    Column("title", "text"),
    Column("date", "date"),
    Column("stage", "text"),
    Column("expected", "whole"),
    Column("attended", "whole"),
    Column("issued", "whole"),
)


def relations(catalogue: Catalogue) -> Iterator[Relation]:
    """The relation ``evaluation``."""
    yield Relation("evaluation", EVALUATION, _rows())


def _rows() -> Iterator[tuple[Cell, ...]]:
    for row in Evaluation.objects.order_by("ref"):
        told = list(row.attendance.values())
        yield (
            row.ref,
            row.unit_id,
            row.title,
            row.day,
            row.stage,
            sum(group.expected for group in row.asks.groups),
            sum(attended for attended, _ in told) if told else None,
            sum(issued for _, issued in told) if told else None,
        )
