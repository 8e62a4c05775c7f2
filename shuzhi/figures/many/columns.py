"""The observations of some closings column by column: one scan, and no object for a row unless somebody asks for it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from shuzhi.figures.closing import Closing
from shuzhi.figures.leaves import Look
from shuzhi.figures.observed import OBSERVATION, Periods, Seen, Sheet

if TYPE_CHECKING:
    from sqlglot import exp

Cell = Mapping[int, int]
"""Of one indicator, role and period: where the newest vintage of each unit lies, by the unit's number."""

_TEXTS: Final = ("indicator", "unit", "role", "status")
_NUMBERS: Final = ("year", "month", "vintage", "value")
# More than the year and month of any observation.
_PERIODS: Final = 1 << 18
_EMPTY: Final[Cell] = {}


class Columns:
    """What some closings observed of some indicators. ``values``, ``vintages`` and ``statuses`` stand by row; a status is a
    number in ``words``.
    """

    def __init__(self, table: pa.Table, files: Sequence[str]) -> None:
        """``files`` are the ids of the closings in the order of the column ``closing``."""
        self._table = table
        self._files = {identity: number for number, identity in enumerate(files)}
        self._names: dict[str, dict[str, int]] = {}
        numbers: dict[str, pa.Array] = {}
        for name in _TEXTS:
            column = table[name].combine_chunks().dictionary_encode()
            numbers[name] = column.indices
            self._names[name] = {text: number for number, text in enumerate(column.dictionary.to_pylist())}
        self.words = [word or "" for word in self._names["status"]]
        self.values: list[int | None] = table["value"].to_pylist()
        self.vintages: list[int] = table["vintage"].to_pylist()
        self.statuses: list[int | None] = numbers["status"].to_pylist()
        self._cells = self._sorted(numbers)

    @property
    def units(self) -> Mapping[str, int]:
        """The numbers of the units that are told of."""
        return self._names["unit"]

    def _sorted(self, numbers: Mapping[str, pa.Array]) -> dict[int, dict[int, int]]:
        """The cells, by a number for each closing, indicator, role and period."""
        from pyarrow import compute as pc  # drawn in by what reads anew, and only then

        place: Any = pc.cast(self._table["closing"].combine_chunks(), pa.int64())
        for name in ("indicator", "role"):
            place = pc.add(pc.multiply(place, len(self._names[name])), pc.cast(numbers[name], pa.int64()))
        period = pc.add(pc.multiply(self._table["year"], 13), self._table["month"]).combine_chunks()
        cells: dict[int, dict[int, int]] = {}
        vintages = self.vintages
        places = pc.add(pc.multiply(place, _PERIODS), period).to_pylist()
        for row, (number, unit) in enumerate(zip(places, numbers["unit"].to_pylist(), strict=True)):
            cell = cells.get(number)
            if cell is None:
                cells[number] = {unit: row}
                continue
            known = cell.setdefault(unit, row)
            if known != row and vintages[known] < vintages[row]:
                cell[unit] = row
        return cells

    def cell(self, closing: Closing, indicator: str, role: str, year: int, month: int) -> Cell:
        """Where the newest vintages of a period lie."""
        file = self._files.get(closing.id)
        code, played = self._names["indicator"].get(indicator), self._names["role"].get(role)
        if file is None or code is None or played is None:
            return _EMPTY
        place = (file * len(self._names["indicator"]) + code) * len(self._names["role"]) + played
        return self._cells.get(place * _PERIODS + year * 13 + month, _EMPTY)

    def seen(self, row: int, indicator: str, unit: str, role: str, year: int, month: int) -> Seen:
        """The observation of a row."""
        status = self.statuses[row]
        reason = self._table["reason"][row].as_py() or ""
        word = "" if status is None else self.words[status]
        return Seen(indicator, unit, year, month, role, self.vintages[row], word, self.values[row], reason)

    def sheet(self, closing: Closing, look: Look) -> Sheet:
        """All that a closing tells of an indicator of a unit in the periods that were read."""
        unit = self.units.get(look.unit)
        found = {}
        for role, year, month in self._told.get((self._files.get(closing.id, -1), look.indicator), ()):
            row = self.cell(closing, look.indicator, role, year, month).get(-1 if unit is None else unit)
            if row is not None:
                found[role, year, month] = self.seen(row, look.indicator, look.unit, role, year, month)
        return found

    @cached_property
    def _told(self) -> dict[tuple[int, str], list[tuple[str, int, int]]]:
        """The cells there are of each closing and indicator."""
        indicators, roles = list(self._names["indicator"]), list(self._names["role"])
        found: dict[tuple[int, str], list[tuple[str, int, int]]] = {}
        for number in self._cells:
            place, period = divmod(number, _PERIODS)
            rest, role = divmod(place, len(roles))
            file, indicator = divmod(rest, len(indicators))
            year, month = divmod(period, 13)
            found.setdefault((file, indicators[indicator]), []).append((roles[role], year, month))
        return found


def columns_of(
    closings: Sequence[Closing], indicators: Sequence[str], periods: Periods | None = None
) -> Columns:
    """The observations of some indicators in some closings, of some years and months only where ``periods`` says so.

    Raises Refused when a file is damaged.
    """
    wanted = [closing for closing in closings if OBSERVATION in closing.tables]
    files = [closing.id for closing in wanted]
    if not wanted or not indicators:
        return Columns(_nothing(), files)
    from pyarrow import compute as pc  # as in Columns

    from shuzhi.figures import duck

    table = duck.columns(_query(wanted, indicators, periods))
    if len(wanted) == 1:
        return Columns(table.append_column("closing", pa.array([0] * table.num_rows, pa.int64())), files)
    paths = pa.array([duck.path_of(closing, OBSERVATION) for closing in wanted], pa.string())
    return Columns(table.append_column("closing", pc.index_in(table["filename"], value_set=paths)), files)


def _query(closings: Sequence[Closing], indicators: Sequence[str], periods: Periods | None) -> "exp.Select":
    from sqlglot import exp

    from shuzhi.figures import duck

    names = [*_TEXTS, *_NUMBERS, "reason", *["filename"] * (len(closings) > 1)]
    query = exp.select(*(exp.column(name, table="t", quoted=True) for name in names))
    query = query.from_(duck.table(closings, OBSERVATION, "t"))
    literals = [exp.Literal.string(code) for code in sorted(set(indicators))]
    query = query.where(exp.In(this=exp.column("indicator", table="t", quoted=True), expressions=literals))
    for name, numbers in zip(("year", "month"), periods or (), strict=False):
        each = [exp.Literal.number(number) for number in sorted(numbers)]
        query = query.where(exp.In(this=exp.column(name, table="t", quoted=True), expressions=each))
    return query


def _nothing() -> pa.Table:
    kinds = {name: pa.string() for name in (*_TEXTS, "reason")} | {name: pa.int64() for name in _NUMBERS}
    return pa.schema([*kinds.items(), ("closing", pa.int64())]).empty_table()
