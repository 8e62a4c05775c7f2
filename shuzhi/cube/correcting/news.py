"""What units newly say of cells of a cube: one correction after the other, or many in columns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Self

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.cube.build import held
from shuzhi.cube.frame import SILENT, UNSAID
from shuzhi.cube.planes import WHOLES, column

ACTUAL: Final = "actual"
FORECAST: Final = "forecast"


class Correction(NamedTuple):
    """What a unit newly says of one cell, the newest vintage of its observation.

    ``value`` is a whole number at the scale of the indicator's family, None when it is said to be missing; ``withdrawn`` takes
    back whatever was said. Targets and forecasts are of a year (``month`` 12). ``level`` tells apart units of one code.
    """

    indicator: str
    unit: str
    year: int
    month: int
    value: int | None
    role: str = ACTUAL
    withdrawn: bool = False
    level: str = ""

    @property
    def word(self) -> int:
        """What the own plane holds; raises Refused when the value is too large for a cube."""
        if self.withdrawn:
            return UNSAID
        return SILENT if self.value is None else held(self.value, self.indicator, self.unit)


class Unplaced(Exception):
    """The cube has no such cell: no such unit, indicator, year or role. Then it must be built anew."""


def unplaced(new: Correction) -> Unplaced:
    """The refusal that names a correction."""
    return Unplaced(f"{new.indicator} {new.unit} {new.year}-{new.month} {new.role}")


@dataclass(frozen=True, slots=True)
class Batch:
    """Many corrections in columns, a row each; where a cell is told twice, the later row counts.

    ``indicator``, ``unit`` and ``role`` are places in the lists ``indicators``, ``units`` and ``roles`` (no role: all are of the
    first), so that a code is looked up once however many rows speak of it; ``levels``, beside ``units``, tells apart units of one
    code. ``word`` is the value, ``SILENT`` where it is said to be missing, ``UNSAID`` where it is withdrawn. Columns are anything
    that holds whole numbers; best, memory or arrays of 64 bits, which are not copied.
    """

    indicators: Sequence[str]
    units: Sequence[str]
    indicator: Sequence[int]
    unit: Sequence[int]
    year: Sequence[int]
    month: Sequence[int]
    word: Sequence[int]
    roles: Sequence[str] = (ACTUAL,)
    role: Sequence[int] | None = None
    levels: Sequence[str] = ()

    @classmethod
    def of_table(cls, table: pa.Table | pa.RecordBatch) -> Self:
        """The rows of a table as corrections: columns ``indicator``, ``unit``, ``year``, ``month``, ``value`` (null: missing) and,
        where there are such, ``role`` and ``withdrawn``, as a closing's observations have them. Codes that are dictionary-encoded
        are not looked at row by row. Raises ArrowInvalid when a value does not fit into 64 bits or a code is null.
        """
        indicators, indicator = _encoded(table, "indicator")
        units, unit = _encoded(table, "unit")
        word = pc.fill_null(_flat(table, "value").cast(pa.int64()), SILENT)
        if "withdrawn" in table.column_names:
            word = pc.if_else(_flat(table, "withdrawn"), UNSAID, word)
        roles, role = _encoded(table, "role") if "role" in table.column_names else ([ACTUAL], None)
        year, month = (_numbers(_flat(table, name)) for name in ("year", "month"))
        return cls(indicators, units, indicator, unit, year, month, _numbers(word), roles, role)

    def __len__(self) -> int:
        return len(self.word)

    def __getitem__(self, at: int) -> Correction:
        """One of them."""
        word, unit = int(self.word[at]), int(self.unit[at])
        return Correction(
            self.indicators[int(self.indicator[at])],
            self.units[unit],
            int(self.year[at]),
            int(self.month[at]),
            None if word <= SILENT else word,
            self.roles[0 if self.role is None else int(self.role[at])],
            word == UNSAID,
            self.levels[unit] if self.levels else "",
        )

    def __iter__(self) -> Iterator[Correction]:
        return (self[at] for at in range(len(self)))

    def split(self, holders: Sequence[str]) -> dict[str, Self]:
        """The rows by what is said of each of the ``units``, in their order."""
        rows: dict[str, list[int]] = {}
        for at, unit in enumerate(self.unit):
            rows.setdefault(holders[unit], []).append(at)
        return {holder: self._some(own) for holder, own in rows.items()}

    def _some(self, rows: Sequence[int]) -> Self:
        """Some rows, with only the units these speak of."""
        places: dict[int, int] = {}
        unit = [places.setdefault(self.unit[at], len(places)) for at in rows]
        return replace(
            self,
            units=[self.units[place] for place in places],
            levels=[self.levels[place] for place in places] if self.levels else (),
            unit=unit,
            indicator=[self.indicator[at] for at in rows],
            year=[self.year[at] for at in rows],
            month=[self.month[at] for at in rows],
            word=[self.word[at] for at in rows],
            role=None if self.role is None else [self.role[at] for at in rows],
        )


News = Iterable[Correction] | Batch


def _flat(table: pa.Table | pa.RecordBatch, name: str) -> pa.Array:
    """A column in one piece."""
    found = table.column(name)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _numbers(array: pa.Array) -> memoryview:
    """A column without nulls as whole numbers of 64 bits."""
    whole = array.cast(pa.int64())
    if whole.null_count:
        raise pa.ArrowInvalid("a code or a period is missing")
    _, data = whole.buffers()
    numbers = column(data, WHOLES) if data is not None else memoryview(b"").cast(WHOLES)
    return numbers[whole.offset : whole.offset + len(whole)]


def _encoded(table: pa.Table | pa.RecordBatch, name: str) -> tuple[list[str], memoryview]:
    """The distinct texts of a column, and for each row which it is."""
    found = _flat(table, name)
    encoded = found if pa.types.is_dictionary(found.type) else found.dictionary_encode()
    return encoded.dictionary.to_pylist(), _numbers(encoded.indices)
