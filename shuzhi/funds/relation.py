"""What a closing holds of funds: three relations for each kind, in fen."""

from collections.abc import Iterator

from shuzhi.figures.closing import Cell, Column, Relation
from shuzhi.funds.models import Allocation, Budget, Payment
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.subjects.relation import field_cells, field_columns

BUDGET = (
    Column("ref", "text"),
    Column("number", "text"),
    Column("title", "text"),
    Column("unit", "text"),
    Column("year", "whole"),
    Column("amount", "whole", "元"),
)
ALLOCATION = (
    Column("ref", "text"),
    Column("number", "text"),
    Column("title", "text"),
    Column("unit", "text"),
    Column("date", "date"),
    Column("amount", "whole", "元"),
    Column("budget", "text"),
    Column("matter", "text"),
)
PAYMENT = (
    Column("ref", "text"),
    Column("number", "text"),
    Column("title", "text"),
    Column("unit", "text"),
    Column("date", "date"),
    Column("amount", "whole", "元"),
    Column("allocation", "text"),
    Column("subject", "text"),
)


def relations(catalogue: Catalogue) -> Iterator[Relation]:
    """For each kind of fund its budgets, allocations and payments; a payment belongs to its allocation's unit."""
    for kind in catalogue.of_shape("fund"):
        yield Relation(f"{kind.code}.budget", BUDGET, _budgets(kind))
        yield Relation(f"{kind.code}.allocation", ALLOCATION + field_columns(kind.fields), _allocations(kind))
        yield Relation(f"{kind.code}.payment", PAYMENT, _payments(kind))


def _budgets(kind: Kind) -> Iterator[tuple[Cell, ...]]:
    names = ("ref", "number", "title", "unit_id", "year", "amount")
    yield from Budget.objects.filter(kind=kind.code).values_list(*names).iterator(chunk_size=2000)


def _allocations(kind: Kind) -> Iterator[tuple[Cell, ...]]:
    for row in Allocation.objects.filter(budget__kind=kind.code).iterator(chunk_size=2000):
        yield (
            row.ref,
            row.number,
            row.title,
            row.unit_id,
            row.date,
            row.amount,
            row.budget_id,
            row.matter_id,
            *field_cells(kind.fields, row.fields),
        )


def _payments(kind: Kind) -> Iterator[tuple[Cell, ...]]:
    names = ("ref", "number", "title", "allocation__unit_id", "date", "amount", "allocation_id", "subject_id")
    rows = Payment.objects.filter(allocation__budget__kind=kind.code)
    yield from rows.values_list(*names).iterator(chunk_size=2000)
