"""The row reader over the files of a closing: every formula exactly, one row at a time, in Python.

It answers what SQL cannot say exactly, fills cards with the rows behind a figure, and is the other engine against which
DuckDB is held, bit for bit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

import pyarrow.parquet as pq

from shuzhi.figures.ask import MOST_REFS
from shuzhi.figures.closing import Closing
from shuzhi.figures.layout import Cell, Column
from shuzhi.figures.leaves import Cut
from shuzhi.figures.partial import Partial
from shuzhi.kernel.expr.arithmetic import within
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import MISSING, Aggregate, Amount, Call, Missing, Name, Value
from shuzhi.kernel.expr.rows import Env, evaluate, extreme
from shuzhi.kernel.measure import RATIO, UNITS


def value_in(column: Column, cell: Cell) -> Value:
    """A cell as the language sees it: whole numbers as amounts in the base unit of their family."""
    if cell is None:
        return MISSING
    if isinstance(cell, bool | str | date):
        return cell
    if column.type == "whole":
        family = UNITS[column.unit].family.name if column.unit else RATIO.name
        return Amount(Fraction(cell, 10**column.scale), family)
    raise TypeError(f"{column.name}: {cell!r}")


class Row:
    """One row of a relation, as the row reader asks for it."""

    def __init__(self, columns: Mapping[str, Column], cells: Mapping[str, Cell]) -> None:
        self.columns = columns
        self.cells = cells

    def name(self, node: Name) -> Value:
        """The value of a column."""
        column = self.columns.get(node.text)
        if column is None:
            raise ExpressionError(f"没有“{node.text}”这个词", node.at)
        return value_in(column, self.cells[column.name])

    def call(self, node: Call) -> Value:
        """Functions that need more than the row were replaced by their values before."""
        raise ExpressionError(f"这里不能用“{node.function}”", node.at)

    def aggregate(self, node: Aggregate) -> Value:
        """A row holds no rows of its own."""
        raise ExpressionError("统计里面不能再套统计", node.at)

    def rows(self, source: str) -> Iterable[Env]:
        """A row holds no rows of its own."""
        return ()

    def placed(self) -> Value:
        """Rows are placed by the cut, which knows their date column."""
        return MISSING

    def family(self, node: Aggregate) -> str:
        """A row holds no rows of its own."""
        return ""


def rows_of(closing: Closing, relation: str) -> Iterator[Row]:
    """The rows of a relation, in the order of the file; raises Refused when the file is damaged."""
    columns = {column.name: column for column in closing.tables[relation].columns}
    for batch in pq.ParquetFile(closing.file(relation)).iter_batches(batch_size=8192):
        for cells in batch.to_pylist():
            yield Row(columns, cells)


def kept(cut: Cut, rows: Iterable[Row], units: frozenset[str] | None) -> Iterator[Row]:
    """The rows that fit a cut; ``units`` are the codes of the unit and all below it, None when any unit will do."""
    for row in rows:
        if units is not None and row.cells.get("unit") not in units:
            continue
        if cut.span is not None and within(placed(cut, row), cut.span) is not True:
            continue
        if cut.where is None or evaluate(cut.where, row) is True:
            yield row


def placed(cut: Cut, row: Row) -> Value:
    """The row's own date; what only has a year (a budget) is placed on its 1 January."""
    value = value_in(row.columns[cut.placed], row.cells[cut.placed])
    return date(int(value.value), 1, 1) if isinstance(value, Amount) else value


def partial_of(cut: Cut, rows: Sequence[Row]) -> Partial:
    """The partial of the rows that fit."""
    if not cut.per:
        return _single(cut, rows)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        key = row.cells[cut.per]
        if isinstance(key, str):
            groups.setdefault(key, []).append(row)
    parts = {key: _single(cut, groups[key]) for key in sorted(groups)}
    return Partial(
        sum(part.rows for part in parts.values()),
        sum(part.missing for part in parts.values()),
        refs=first_refs(ref for part in parts.values() for ref in part.refs),
        groups=parts,
    )


def first_refs(refs: Iterable[str]) -> tuple[str, ...]:
    """The first refs in order, each once."""
    return tuple(sorted(set(refs))[:MOST_REFS])


def _single(cut: Cut, rows: Sequence[Row]) -> Partial:
    named = [next(iter(row.cells.values())) for row in rows]
    refs = first_refs(ref for ref in named if isinstance(ref, str))
    if cut.column is None:
        return Partial(len(rows), refs=refs)
    found = [value for value in (evaluate(cut.column, row) for row in rows) if not isinstance(value, Missing)]
    absent = len(rows) - len(found)
    found = [Amount(value.value, cut.family) if isinstance(value, Amount) else value for value in found]
    if cut.how == "distinct":
        return Partial(len(rows), absent, members=frozenset(found), refs=refs)
    if cut.how in ("min", "max"):
        return Partial(len(rows), absent, best=extreme(found, least=cut.how == "min"), refs=refs)
    total = sum((value.value for value in found if isinstance(value, Amount)), Fraction(0))
    return Partial(len(rows), absent, total=total, refs=refs)
