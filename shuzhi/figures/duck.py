"""The fast engine: all leaves over one relation of a closing in one scan by DuckDB, with conditional aggregation.

DuckDB only filters, counts and adds whole numbers of 128 bits, so its answer does not depend on threads, order or
parts. A total that leaves 128 bits, and a formula that has no exact form in SQL, goes to the row reader.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

import duckdb
from sqlglot import exp

from shuzhi.figures import rows as row_reader
from shuzhi.figures import sql
from shuzhi.figures.ask import MOST_REFS
from shuzhi.figures.closing import Closing, Table
from shuzhi.figures.leaves import Cut
from shuzhi.figures.partial import Partial
from shuzhi.figures.tree import UNITS, tree_of
from shuzhi.kernel.expr.nodes import MISSING, Amount, Value

_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class _Said:
    """A cut in SQL: its columns of the answer, and the scale its numbers come in (None: texts and days)."""

    cut: Cut
    columns: tuple[exp.Expression, ...]
    scale: Fraction | None


def partials(cuts: Iterable[Cut], closing: Closing) -> dict[Cut, Partial]:
    """The partial of each cut over a closing, one scan for each relation (and each column cuts are split by).

    Raises Refused when a file is damaged.
    """
    found: dict[Cut, Partial] = {}
    scans: dict[tuple[str, str], list[_Said]] = {}
    for cut in cuts:
        described = closing.tables.get(cut.source)
        if described is None or not cut.names <= {column.name for column in described.columns}:
            found[cut] = Partial(there=False)
            continue
        try:
            said = _say(cut, described, closing)
        except sql.Beyond:
            found[cut] = by_rows(cut, closing)
        else:
            scans.setdefault((cut.source, cut.per), []).append(said)
    for (source, per), saids in scans.items():
        for start in range(0, len(saids), _AT_ONCE):
            found.update(_scan(saids[start : start + _AT_ONCE], source, per, closing))
    return found


def by_rows(cut: Cut, closing: Closing) -> Partial:
    """The partial of a cut by the row reader."""
    if cut.source not in closing.tables:
        return Partial(there=False)
    units = tree_of(closing).below(cut.unit) if cut.unit else None
    return row_reader.partial_of(
        cut, list(row_reader.kept(cut, row_reader.rows_of(closing, cut.source), units))
    )


def _say(cut: Cut, described: Table, closing: Closing) -> _Said:
    translator = sql.Translator({column.name: column for column in described.columns})
    condition = exp.and_(*_conditions(cut, described, closing, translator))
    columns = [_where(exp.Count(this=exp.Star()), condition), _where(_refs(described), condition)]
    if cut.column is None:
        return _Said(cut, tuple(columns), None)
    said = translator.said(cut.column)
    if said == sql.NOTHING or (isinstance(said, sql.Number) and said.bottom is not None):
        raise sql.Beyond(cut.how)
    value = said.top if isinstance(said, sql.Number) else said.sql
    aggregates: dict[str, exp.Expression] = {
        "sum": exp.Sum(this=value.copy()),
        "min": exp.Min(this=value.copy()),
        "max": exp.Max(this=value.copy()),
        "distinct": _distinct(value),
    }
    columns.append(_where(exp.Count(this=value.copy()), condition))
    columns.append(_where(aggregates[cut.how], condition))
    return _Said(cut, tuple(columns), said.scale if isinstance(said, sql.Number) else None)


def _conditions(
    cut: Cut, described: Table, closing: Closing, translator: sql.Translator
) -> list[exp.Expression]:
    conditions: list[exp.Expression] = [exp.true()]
    if cut.where is not None:
        conditions.append(exp.Paren(this=translator.truth(cut.where)))
    if cut.span is not None:
        placed = described.column(cut.placed)
        own: exp.Expression = sql.column(cut.placed)
        if placed is not None and placed.type == "whole":
            january: exp.Expression = exp.Literal.number(1)
            year = exp.Cast(this=own, to=exp.DataType.build("INT"))
            own = exp.Anonymous(this="make_date", expressions=[year, january, january.copy()])
        conditions.append(exp.Paren(this=sql.inside(own, cut.span)))
    if cut.unit:
        top = tree_of(closing).members[cut.unit]
        number = exp.column("first", table="u", quoted=True)
        conditions.append(exp.GTE(this=number, expression=exp.Literal.number(top.first)))
        conditions.append(exp.LTE(this=number.copy(), expression=exp.Literal.number(top.last)))
    if cut.per:
        conditions.append(exp.Not(this=exp.Is(this=sql.column(cut.per), expression=exp.Null())))
    return conditions


def _where(aggregate: exp.Expression, condition: exp.Expression) -> exp.Expression:
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition.copy()))


def _distinct(value: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this="list", expressions=[exp.Distinct(expressions=[value.copy()])])


def _refs(described: Table) -> exp.Expression:
    """The first refs in order: items stand once in their relation, lines many times."""
    name = described.columns[0].name
    if name == "ref":
        return exp.Anonymous(this="min", expressions=[sql.column(name), exp.Literal.number(MOST_REFS)])
    return _distinct(sql.column(name))


def _scan(saids: Sequence[_Said], source: str, per: str, closing: Closing) -> dict[Cut, Partial]:
    try:
        rows = answer(_query(saids, source, per, closing))
    except (duckdb.OutOfRangeException, duckdb.ConversionException):
        if len(saids) == 1:
            return {saids[0].cut: by_rows(saids[0].cut, closing)}
        half = len(saids) // 2
        return _scan(saids[:half], source, per, closing) | _scan(saids[half:], source, per, closing)
    found: dict[Cut, Partial] = {}
    place = 1 if per else 0
    for said in saids:
        width = len(said.columns)
        cells = [(row[0] if per else "", row[place : place + width]) for row in rows]
        parts = {key: _partial(said, values) for key, values in cells if values[0] or not per}
        found[said.cut] = _together(parts) if per else parts[""]
        place += width
    return found


def _query(saids: Sequence[_Said], source: str, per: str, closing: Closing) -> exp.Select:
    columns = [column.copy() for said in saids for column in said.columns]
    query = exp.select(*([sql.column(per)] if per else []), *columns).from_(table(closing, source, "t"))
    if any(said.cut.unit for said in saids):
        on = exp.EQ(this=sql.column("unit"), expression=exp.column("code", table="u", quoted=True))
        query = query.join(table(closing, UNITS, "u"), on=on, join_type="left")
    return query.group_by(sql.column(per)) if per else query


def table(closing: Closing, relation: str, alias: str) -> exp.Table:
    """A relation's checked file as a table of SQL; what DuckDB would take for a pattern in its name is made literal."""
    path = str(closing.file(relation).resolve())
    name = "".join(f"[{character}]" if character in "*?[" else character for character in path)
    call = exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(name)])
    return exp.Table(this=call, alias=exp.TableAlias(this=exp.to_identifier(alias)))


def _partial(said: _Said, cells: tuple[object, ...]) -> Partial:
    rows, refs = cells[0], cells[1]
    if not isinstance(rows, int):
        raise TypeError("count")
    named = (
        row_reader.first_refs(ref for ref in refs if isinstance(ref, str)) if isinstance(refs, list) else ()
    )
    if len(cells) == 2:
        return Partial(rows, refs=named)
    there, value = cells[2], cells[3]
    absent = rows - there if isinstance(there, int) else 0
    if said.cut.how == "distinct":
        members = [item for item in value if item is not None] if isinstance(value, list) else []
        return Partial(rows, absent, members=frozenset(_heard(said, item) for item in members), refs=named)
    if said.cut.how == "sum":
        total = int(value) * (said.scale or 1) if isinstance(value, int) else Fraction(0)
        return Partial(rows, absent, total=Fraction(total), refs=named)
    return Partial(rows, absent, best=_heard(said, value), refs=named)


def _heard(said: _Said, value: object) -> Value:
    if value is None:
        return MISSING
    if said.scale is not None and isinstance(value, int):
        return Amount(value * said.scale, said.cut.family)
    if isinstance(value, str | bool | date):
        return value
    raise TypeError(f"{said.cut.text}: {value!r}")


def _together(parts: dict[str, Partial]) -> Partial:
    ordered = {key: parts[key] for key in sorted(parts)}
    refs = row_reader.first_refs(ref for part in parts.values() for ref in part.refs)
    rows, missing = sum(part.rows for part in parts.values()), sum(part.missing for part in parts.values())
    return Partial(rows, missing, refs=refs, groups=ordered)


def answer(query: exp.Select) -> list[tuple[Any, ...]]:
    """The rows a query gives. Cells are what SQL made of them, hence the type."""
    return connection().cursor().execute(query.sql("duckdb")).fetchall()


@lru_cache(maxsize=1)
def connection() -> duckdb.DuckDBPyConnection:
    """The one in-memory connection of this process; each query takes a cursor of its own."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    return duckdb.connect(":memory:", config=settings)
