"""The fast engine: all leaves over one relation of a closing in one scan by DuckDB, with conditional aggregation.

DuckDB only filters, counts and adds whole numbers of 128 bits, so its answer does not depend on threads, order or
parts. A total that leaves 128 bits, and a formula that has no exact form in SQL, goes to the row reader.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from sys import intern
from typing import Any, Final

import duckdb
import pyarrow as pa
from sqlglot import exp

from shuzhi.figures import rows as row_reader
from shuzhi.figures import sql
from shuzhi.figures.ask import MOST_REFS
from shuzhi.figures.closing import Closing, Column, Table
from shuzhi.figures.leaves import Cut
from shuzhi.figures.memory import Memory
from shuzhi.figures.partial import Partial
from shuzhi.figures.tree import UNITS, tree_of
from shuzhi.kernel.expr.nodes import MISSING, Amount, Value

_AT_ONCE: Final = 256
# The preorder number of a row's unit; the dot keeps it apart from every column of a relation.
_FIRST: Final = "unit.first"
# The file a row comes from, likewise.
_FILE: Final = "closing.file"
_AGGREGATES: Final[dict[str, type[exp.AggFunc]]] = {
    "count": exp.Count,
    "sum": exp.Sum,
    "min": exp.Min,
    "max": exp.Max,
}


@dataclass(frozen=True, slots=True)
class _Said:
    """A cut in SQL: its condition, its value (None when rows are counted), and under which keys both are shared."""

    cut: Cut
    condition: exp.Expression
    value: sql.Said | None

    @property
    def rows_key(self) -> tuple[object, ...]:
        """Cuts with the same key choose the same rows."""
        return (self.cut.where, self.cut.span, self.cut.placed, self.cut.unit, self.cut.then)

    @property
    def scale(self) -> Fraction | None:
        """The scale its numbers come in; None for texts and days."""
        return self.value.scale if isinstance(self.value, sql.Number) else None


def partials(cuts: Iterable[Cut], closing: Closing) -> dict[Cut, Partial]:
    """The partial of each cut over a closing, one scan for each relation (and each column cuts are split by).

    Raises Refused when a file is damaged.
    """
    return partials_of_many(cuts, [closing])[closing.id]


def partials_of_many(cuts: Iterable[Cut], closings: Sequence[Closing]) -> dict[str, dict[Cut, Partial]]:
    """The partials of the cuts over each of some closings, by their ids: what is said alike is scanned together.

    A scan costs more to plan than a county's ledger costs to read. Raises Refused when a file is damaged.
    """
    found: dict[str, dict[Cut, Partial]] = {closing.id: {} for closing in closings}
    scans: dict[tuple[str, str, tuple[str, ...]], tuple[list[_Said], list[Closing]]] = {}
    for cut in cuts:
        alike: dict[tuple[Column | str, ...], list[Closing]] = {}
        for closing in closings:
            described = closing.tables.get(cut.source)
            if described is None or not cut.names <= {column.name for column in described.columns}:
                found[closing.id][cut] = Partial(there=False)
            else:
                # Below a unit a closing is read by its own tree.
                apart = (closing.id,) if cut.unit else ()
                alike.setdefault((*described.columns, *apart), []).append(closing)
        for group in alike.values():
            try:
                said = _say(cut, group[0].tables[cut.source], group[0])
            except sql.Beyond:
                found |= {closing.id: {**found[closing.id], cut: by_rows(cut, closing)} for closing in group}
            else:
                key = (cut.source, cut.per, tuple(closing.id for closing in group))
                scans.setdefault(key, ([], group))[0].append(said)
    for saids, group in scans.values():
        for start in range(0, len(saids), _AT_ONCE):
            for closing, parts in zip(group, _scan(saids[start : start + _AT_ONCE], group), strict=True):
                found[closing.id].update(parts)
    return found


def by_rows(cut: Cut, closing: Closing) -> Partial:
    """The partial of a cut by the row reader."""
    if cut.source not in closing.tables:
        return Partial(there=False)
    units = tree_of(closing, cut.then).below(cut.unit) if cut.unit else None
    return row_reader.partial_of(
        cut, list(row_reader.kept(cut, row_reader.rows_of(closing, cut.source), units))
    )


def _say(cut: Cut, described: Table, closing: Closing) -> _Said:
    translator = sql.Translator({column.name: column for column in described.columns})
    # TRUE in front makes a condition of nothing, or of NULL, a truth all the same.
    conditions: list[exp.Expression] = [exp.true()]
    if cut.where is not None:
        conditions.append(exp.Paren(this=translator.truth(cut.where)))
    if cut.span is not None:
        placed = described.column(cut.placed)
        by_year = placed is not None and placed.type == "whole"
        inside = sql.year_inside if by_year else sql.inside
        conditions.append(exp.Paren(this=inside(sql.column(cut.placed), cut.span)))
    if cut.unit:
        conditions += _inside(cut, closing)
    value = None if cut.column is None else translator.said(cut.column)
    if value == sql.NOTHING or (isinstance(value, sql.Number) and value.bottom is not None):
        raise sql.Beyond(cut.how)
    return _Said(cut, exp.and_(*conditions, copy=False), value)


def _inside(cut: Cut, closing: Closing) -> list[exp.Expression]:
    """The condition that a row is of the cut's unit or below it: an interval today, a list of units on an earlier day."""
    if cut.then is not None:
        codes = sorted(tree_of(closing, cut.then).below(cut.unit))
        return [exp.In(this=sql.column("unit"), expressions=[exp.Literal.string(code) for code in codes])]
    top = tree_of(closing).members[cut.unit]
    return [
        exp.GTE(this=sql.column(_FIRST), expression=exp.Literal.number(top.first)),
        exp.LTE(this=sql.column(_FIRST), expression=exp.Literal.number(top.last)),
    ]


def _scan(saids: Sequence[_Said], closings: Sequence[Closing]) -> list[dict[Cut, Partial]]:
    """What one scan says of each of the closings."""
    source = saids[0].cut.source
    text, places, placed = _written(saids, closings[0].tables[source], several=len(closings) > 1)
    files = [path_of(closing, source) for closing in closings]
    given = [_files(files)]
    if placed:
        given.append(_files([path_of(each, UNITS) for each in closings]))
    try:
        rows = connection().cursor().execute(text, given).fetchall()
    except (duckdb.OutOfRangeException, duckdb.ConversionException):
        if len(closings) > 1:
            return [_scan(saids, [closing])[0] for closing in closings]
        if len(saids) == 1:
            return [{saids[0].cut: by_rows(saids[0].cut, closings[0])}]
        half = len(saids) // 2
        return [_scan(saids[:half], closings)[0] | _scan(saids[half:], closings)[0]]
    if len(closings) == 1:
        return [_parts(saids, places, rows)]
    own: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        own.setdefault(row[-1], []).append(row[:-1])
    return [_parts(saids, places, own.get(file, [])) for file in files]


def _files(paths: Sequence[str]) -> str | list[str]:
    """Files as a parameter: one by its name, several as a list."""
    names = [_literal(path) for path in paths]
    return names[0] if len(names) == 1 else names


def _written(
    saids: Sequence[_Said], described: Table, *, several: bool
) -> tuple[str, tuple[tuple[int, ...], ...], bool]:
    """The scan in SQL (the files are its parameters), where in a row of the answer each cut finds its own, and whether
    files of units are read, too. Thousands of closings are scanned alike, so what was written once is remembered; but
    below a unit every closing has numbers of its own.
    """
    cuts = tuple(said.cut for said in saids)
    key = (cuts, described.columns, several)
    own = any(cut.unit for cut in cuts)
    found = None if own else _WRITTEN.get(key)
    if found is None:
        query = _Query(described, cuts[0].per, several=several)
        places = tuple(tuple(query.add(said)) for said in saids)
        found = (query.sql().sql("duckdb"), places, query.placed)
        if not own:
            _WRITTEN.put(key, found)
    return found


_WRITTEN: Final[
    Memory[tuple[tuple[Cut, ...], tuple[Column, ...], bool], tuple[str, tuple[tuple[int, ...], ...], bool]]
] = Memory(256)


def _parts(
    saids: Sequence[_Said], places: Sequence[Sequence[int]], rows: Sequence[tuple[Any, ...]]
) -> dict[Cut, Partial]:
    """The partials of one closing, from the rows the scan gave of it: none when its ledger is empty."""
    found: dict[Cut, Partial] = {}
    for said, own in zip(saids, places, strict=True):
        cells = [[row[place] for place in own] for row in rows]
        if not said.cut.per:
            found[said.cut] = _partial(said, cells[0] if cells else _NOTHING[: len(own)])
            continue
        keys = [row[-1] for row in rows]
        parts = {
            key: _partial(said, each)
            for key, each in zip(keys, cells, strict=True)
            if key is not None and each[0]
        }
        found[said.cut] = _together(parts)
    return found


# Of no rows: their number, their refs, how many have a value, and that value.
_NOTHING: Final = (0, None, 0, None)


class _Query:
    """One scan: the columns read, then each condition and each value once, then the totals of them all."""

    def __init__(self, described: Table, per: str, *, several: bool) -> None:
        self.described, self.per, self.several = described, per, several
        self.conditions: dict[object, tuple[int, exp.Expression]] = {}
        self.values: dict[object, tuple[int, exp.Expression]] = {}
        self.totals: dict[str, tuple[int, exp.Expression]] = {}
        self.placed = False

    def add(self, said: _Said) -> list[int]:
        """Ask for a cut; returns where in a row of the answer its count, refs and (with a value) number and total stand."""
        chosen = _numbered(self.conditions, said.rows_key, said.condition)
        self.placed |= bool(said.cut.unit) and said.cut.then is None
        places = [self._total("count", chosen, ""), self._total("refs", chosen, "ref")]
        if said.value is not None:
            value = said.value.top if isinstance(said.value, sql.Number) else said.value.sql
            name = f"v{_numbered(self.values, said.cut.column, value)}"
            places += [self._total("count", chosen, name), self._total(said.cut.how, chosen, name)]
        return places

    def _total(self, how: str, chosen: int, name: str) -> int:
        key = f"{how} {chosen} {name}"
        if key not in self.totals:
            where = exp.Where(this=exp.column(f"c{chosen}", quoted=True))
            total = exp.Filter(this=self._aggregate(how, name), expression=where)
            self.totals[key] = (len(self.totals), total)
        return self.totals[key][0]

    def _aggregate(self, how: str, name: str) -> exp.Expression:
        if not name:
            return exp.Count(this=exp.Star())
        value = exp.column(name, quoted=True)
        # Items stand once in their relation, lines many times under the ref of their record.
        if how == "refs" and self.described.columns[0].name == "ref":
            return exp.Anonymous(this="min", expressions=[value, exp.Literal.number(MOST_REFS)])
        if how in ("refs", "distinct"):
            return exp.Anonymous(this="list", expressions=[exp.Distinct(expressions=[value])])
        return _AGGREGATES[how](this=value)

    def sql(self) -> exp.Select:
        """The query: totals of conditions and values of columns of the file."""
        per = [exp.column("per", quoted=True)] if self.per else []
        per += [exp.column(_FILE, quoted=True)] if self.several else []
        totals = [total for _, total in self.totals.values()]
        query = exp.select(*totals, *per, copy=False).from_(
            self._sayings().subquery("s", copy=False), copy=False
        )
        return query.group_by(*[key.copy() for key in per], copy=False) if per else query

    def _sayings(self) -> exp.Select:
        said = [_as(sql.column(self.described.columns[0].name), "ref")]
        said += [_as(sql.column(self.per), "per")] if self.per else []
        said += [sql.column(_FILE)] if self.several else []
        said += [_as(one, f"c{number}") for number, one in self.conditions.values()]
        said += [_as(one, f"v{number}") for number, one in self.values.values()]
        return exp.select(*said, copy=False).from_(self._columns().subquery("t", copy=False), copy=False)

    def _columns(self) -> exp.Select:
        """The columns of the file, whole numbers widened to 128 bits; with the preorder number of the row's unit."""
        own: list[exp.Expression] = []
        for column in self.described.columns:
            read: exp.Expression = exp.column(column.name, table="r", quoted=True)
            if column.type == "whole":
                read = exp.Cast(this=read, to=exp.DataType(this=exp.DataType.Type.INT128))
            own.append(_as(read, column.name))
        if self.several:
            own.append(_as(exp.column("filename", table="r", quoted=True), _FILE))
        query = exp.select(*own, copy=False).from_(
            _parquet(exp.Placeholder(), "r", several=self.several), copy=False
        )
        if not self.placed:
            return query
        on = exp.EQ(
            this=exp.column("unit", table="r", quoted=True),
            expression=exp.column("code", table="u", quoted=True),
        )
        query = query.select(_as(exp.column("first", table="u", quoted=True), _FIRST), copy=False)
        units = _parquet(exp.Placeholder(), "u", several=self.several)
        return query.join(units, on=on, join_type="left", copy=False)


def _numbered(kept: dict[object, tuple[int, exp.Expression]], key: object, said: exp.Expression) -> int:
    """The number of an expression among those kept, each once."""
    return kept.setdefault(key, (len(kept), said))[0]


def _as(said: exp.Expression, name: str) -> exp.Expression:
    return exp.Alias(this=said, alias=exp.to_identifier(name, quoted=True))


def table(closings: Closing | Sequence[Closing], relation: str, alias: str) -> exp.Table:
    """A relation's checked file as a table of SQL; of several closings, their files with a column ``filename``.

    What DuckDB would take for a pattern in a name is made literal.
    """
    several = [closings] if isinstance(closings, Closing) else closings
    names: list[exp.Expression] = [exp.Literal.string(_literal(path_of(each, relation))) for each in several]
    files = names[0] if len(names) == 1 else exp.Array(expressions=names)
    return _parquet(files, alias, several=len(names) > 1)


def _parquet(files: exp.Expression, alias: str, *, several: bool) -> exp.Table:
    given = [files, _NAMED_FILES.copy()] if several else [files]
    call = exp.Anonymous(this="read_parquet", expressions=given)
    return exp.Table(this=call, alias=exp.TableAlias(this=exp.to_identifier(alias)))


_NAMED_FILES: Final = exp.EQ(this=exp.to_identifier("filename"), expression=exp.true())


def path_of(closing: Closing, relation: str) -> str:
    """The path of a relation's checked file, as DuckDB tells it in ``filename``."""
    return str(closing.file(relation).resolve())


def _literal(path: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in path)


def _partial(said: _Said, cells: Sequence[object]) -> Partial:
    rows, refs = cells[0], cells[1]
    if not isinstance(rows, int):
        raise TypeError("count")
    # Figures of a closing rest on much the same items: each name is held once.
    named: tuple[str, ...] = ()
    if isinstance(refs, list):
        named = tuple(map(intern, row_reader.first_refs(ref for ref in refs if isinstance(ref, str))))
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


def columns(query: exp.Select) -> pa.Table:
    """The rows a query gives, column by column."""
    return connection().cursor().sql(query.sql("duckdb")).to_arrow_table()


@lru_cache(maxsize=1)
def connection() -> duckdb.DuckDBPyConnection:
    """The one in-memory connection of this process; each query takes a cursor of its own."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    return duckdb.connect(":memory:", config=settings)
