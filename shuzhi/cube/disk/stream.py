"""A block straight from a closing's file by NumPy: row group after row group, in memory bounded by the block itself.

Only the columns that say something are decoded: what the file's statistics show to be the same everywhere is not read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from shuzhi.cube.axis import Axis
from shuzhi.cube.block import Block
from shuzhi.cube.boundaries import axis_of
from shuzhi.cube.build import Own, held, rolled, source_of, spanned
from shuzhi.cube.checked import checked
from shuzhi.cube.frame import MONTHS, ROLES, SILENT, UNSAID, Frame, frame_of
from shuzhi.cube.kernels import Kernel
from shuzhi.cube.memory import Memory
from shuzhi.cube.planes import WHOLES
from shuzhi.figures.closing import Closing
from shuzhi.figures.observed import OBSERVATION
from shuzhi.kernel.catalogue.definitions import Catalogue

if TYPE_CHECKING:
    from shuzhi.cube.disk.pages import Pages

_AT_ONCE: Final = 1 << 20
"""Rows decoded at once, about."""
_ROLE: Final = {role: number for number, role in enumerate(ROLES)}
Whole = NDArray[np.int64]
_Index = NDArray[np.int32]


def streamed(
    closing: Closing,
    catalogue: Catalogue,
    years: tuple[int, ...],
    then: date | None,
    kernel: Kernel,
    memory: Memory,
) -> Block:
    """The cube of a closing (see :func:`shuzhi.cube.build.block_of`)."""
    source = source_of(closing, then)
    if OBSERVATION not in closing.tables:
        frame = Frame((), years)
        axis = axis_of(closing, years, kernel, then)
        return rolled(
            source, frame, axis, {role: Own(axis, frame, role) for role in ROLES}, kernel, memory.sums
        )
    buffer = checked(closing, OBSERVATION)
    with pq.ParquetFile(pa.BufferReader(buffer), read_dictionary=["indicator", "unit", "role"]) as file:
        groups = _Groups(file)
        pages, words = _pages(buffer, groups, kernel) or (None, groups.words("indicator"))
        frame = frame_of(catalogue, words, years or groups.years())
        axis = axis_of(closing, frame.years, kernel, then)
        filling = _Filling(axis, frame, kernel, memory)
        if pages is None or not _poured(pages, axis, frame, filling.own):
            for rows in groups.rows():
                filling.take(rows)
    return rolled(source, frame, axis, filling.own, kernel, memory.sums)


def _pages(buffer: pa.Buffer, groups: "_Groups", kernel: Kernel) -> "tuple[Pages, set[str]] | None":
    """The file as pages and its indicators, where numba is there to put them in their places and they are of the kind closings have."""
    if kernel.name != "numba" or groups.same("vintage") is None or groups.extreme():
        return None
    from shuzhi.cube.disk.observing import paged

    return paged(buffer, groups.metadata)


def _poured(pages: "Pages", axis: Axis, frame: Frame, own: dict[str, Own]) -> bool:
    from shuzhi.cube.disk.observing import poured

    return poured(pages, axis, frame, own)


@dataclass(frozen=True)
class _Rows:
    """Some rows: places of words in their dictionaries (-1 where there is none), numbers, and values with ``SILENT``."""

    indicator: _Index
    indicators: Sequence[str]
    unit: _Index
    units: Sequence[str]
    role: _Index | None
    roles: Sequence[str]
    year: Whole | int
    month: Whole | int
    vintage: Whole | None
    value: Whole


class _Groups:
    """The row groups of a file of observations, and what their statistics say."""

    def __init__(self, file: pq.ParquetFile) -> None:
        self.file = file
        self.places = {name: place for place, name in enumerate(file.schema_arrow.names)}
        self.metadata = file.metadata

    def _statistics(self, name: str) -> Iterator[Any]:
        for group in range(self.metadata.num_row_groups):
            yield self.metadata.row_group(group).column(self.places[name]).statistics

    def same(self, name: str) -> Any:
        """The one value a column has in every row; None when it has several, lacks some, or nothing is known."""
        found = None
        for each in self._statistics(name):
            if each is None or not each.has_min_max or each.min != each.max or each.null_count != 0:
                return None
            if found is not None and found != each.min:
                return None
            found = each.min
        return found

    def extreme(self) -> bool:
        """Whether a value may be one of the words for what nobody said."""
        return any(
            each is None or not each.has_min_max or each.min <= SILENT for each in self._statistics("value")
        )

    def words(self, name: str) -> set[str]:
        """All values of a column of words."""
        same = self.same(name)
        if same is not None:
            return {same}
        found: set[str] = set()
        for groups in self._batches():
            chunks = self.file.read_row_groups(groups, columns=[name], use_threads=False).column(name).chunks
            for chunk in chunks:
                found.update(chunk.dictionary.to_pylist())
        return found

    def years(self) -> tuple[int, ...]:
        """All years from the first to the last."""
        said: list[int] = []
        for each in self._statistics("year"):
            if each is None or not each.has_min_max:
                return self._years_read()
            said += [each.min, each.max]
        return spanned(said)

    def _years_read(self) -> tuple[int, ...]:
        if not self.metadata.num_rows:
            return ()
        column = self.file.read(columns=["year"]).column("year")
        return spanned([pc.min(column).as_py(), pc.max(column).as_py()])

    def _batches(self) -> Iterator[list[int]]:
        groups: list[int] = []
        many = 0
        for group in range(self.metadata.num_row_groups):
            groups.append(group)
            many += self.metadata.row_group(group).num_rows
            if many >= _AT_ONCE:
                yield groups
                groups, many = [], 0
        if groups:
            yield groups

    def rows(self) -> Iterator[_Rows]:
        """The rows, about a million at a time."""
        one = {name: self.same(name) for name in ("role", "year", "month", "vintage")}
        wanted = ["indicator", "unit", "value", *(name for name, same in one.items() if same is None)]
        for groups in self._batches():
            table = self.file.read_row_groups(groups, columns=wanted, use_threads=False)
            indicator, indicators = _coded(table.column("indicator"))
            unit, units = _coded(table.column("unit"))
            role, roles = (None, [one["role"]]) if one["role"] is not None else _coded(table.column("role"))
            year, month, vintage = (
                _whole(table.column(name), 0) if one[name] is None else one[name]
                for name in ("year", "month", "vintage")
            )
            value = _whole(table.column("value"), SILENT)
            if self.extreme():
                _hold(table)
            newer = None if isinstance(vintage, int) else vintage
            yield _Rows(indicator, indicators, unit, units, role, roles, year, month, newer, value)


def _hold(table: pa.Table) -> None:
    """Refuse a value that a cube cannot hold."""
    bad = table.filter(pc.less_equal(table.column("value"), SILENT)).slice(0, 1)
    for row in bad.to_pylist():
        held(row["value"], str(row["indicator"]), str(row["unit"]))


def _coded(column: pa.ChunkedArray) -> tuple[_Index, list[str]]:
    """A column of words as places in its dictionary."""
    one = column.unify_dictionaries().combine_chunks()
    if isinstance(one, pa.ChunkedArray):
        one = one.chunk(0)
    return one.indices.fill_null(-1).to_numpy(), one.dictionary.to_pylist()


def _whole(column: pa.ChunkedArray, missing: int) -> Whole:
    if column.null_count:
        column = column.fill_null(missing)
    found: Whole = column.to_numpy()
    return found


@dataclass
class _Filling:
    """Own planes while rows come in; ``newest`` holds the vintages of their cells where there are several."""

    axis: Axis
    frame: Frame
    kernel: Kernel
    memory: Memory
    own: dict[str, Own] = field(default_factory=dict)
    newest: dict[tuple[str, int], Whole] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.own = {role: Own(self.axis, self.frame, role, self._unsaid) for role in ROLES}
        self.scatter: Callable[..., int] = scatter
        if self.kernel.name == "numba":
            from shuzhi.cube.disk.scattering import scatter as compiled

            self.scatter = compiled

    def _unsaid(self, cells: int) -> memoryview:
        """As :func:`shuzhi.cube.build.unsaid`; NumPy lets go of Python's lock while fresh memory is first written to."""
        plane = self.memory.own(8 * cells)
        np.frombuffer(plane, np.int64)[:] = UNSAID
        return plane.cast("B").cast(WHOLES)

    def take(self, rows: _Rows) -> None:
        """Put some rows in their places."""
        found = [self.axis.find(unit) for unit in rows.units]
        depth = np.array([self.axis.depth(row) if row >= 0 else -1 for row in found], np.int64)
        lines = np.array([self.frame.places.get(word, -1) for word in rows.indicators], np.int64)
        for number, role in enumerate(rows.roles):
            if role not in _ROLE:
                continue
            for deep in np.unique(depth[depth >= 0]).tolist():
                bases = np.where(depth == deep, np.array(found, np.int64) - self.axis.starts[deep], -1)
                self._put(rows, role, number if rows.role is not None else -1, deep, bases, lines)

    def _put(self, rows: _Rows, role: str, number: int, deep: int, bases: Whole, lines: Whole) -> None:
        own, frame = self.own[role], self.frame
        shape = (len(frame.lines), len(frame.years), frame.years[0], role == "actual", number)
        there = own.planes[deep] is not None
        plane = np.frombuffer(own.plane(deep), np.int64)
        vintages = self.newest.get((role, deep))
        if rows.vintage is not None and vintages is None:
            vintages = self.newest[role, deep] = np.full(len(plane), np.iinfo(np.int64).min)
        columns = (rows.indicator, rows.unit, rows.role, rows.year, rows.month, rows.vintage, rows.value)
        reach = self.scatter(plane, vintages, bases, lines, shape, columns)
        if reach < 0 and not there:
            own.planes[deep] = None
            self.newest.pop((role, deep), None)
        own.reach[deep] = max(own.reach[deep], reach)


def scatter(
    plane: Whole,
    newest: Whole | None,
    bases: Whole,
    lines: Whole,
    shape: tuple[int, int, int, bool, int],
    columns: tuple[Any, ...],
) -> int:
    """Put the rows of one role and depth in their places; returns the largest value without sign, -1 when no row was
    among them. ``bases`` gives for each unit its row in the plane (-1: not here), ``lines`` for each indicator its line;
    ``shape`` is lines, years, first year, whether slots are months, and the role's number (-1: all rows are of it).
    """
    indicator, unit, role, year, month, vintage, value = columns
    many, years, first, monthly, number = shape
    base, line = bases[unit], lines[indicator]
    fits = (base >= 0) & (line >= 0) & (unit >= 0) & (indicator >= 0)
    back = year - first
    fits &= (back >= 0) & (back < years)
    fits &= ((month >= 1) & (month <= MONTHS)) if monthly else (month == MONTHS)
    if number >= 0:
        fits &= role == number
    slots = years * MONTHS if monthly else years
    at = (base * many + line) * slots + (back * MONTHS + month - 1 if monthly else back)
    if not fits.all():
        at, value = at[fits], value[fits]
        vintage = vintage[fits] if vintage is not None else None
    if not len(at):
        return -1
    if newest is None or vintage is None:
        _first(plane, at, value)
    else:
        # The newest vintage last, of equal ones the first row last: what is put last stays.
        order = np.lexsort((-np.arange(len(at)), vintage))
        at, fresh, words = at[order], vintage[order], value[order]
        newer = fresh > newest[at]
        newest[at[newer]], plane[at[newer]] = fresh[newer], words[newer]
    said = value[value > SILENT]
    return max(int(said.max()), -int(said.min())) if said.size else 0


def _first(plane: Whole, at: Whole, value: Whole) -> None:
    """Put values of one vintage; of two rows of one cell the first stays."""
    free = plane[at] == UNSAID
    if not free.all():
        at, value = at[free], value[free]
    plane[at[::-1]] = value[::-1]
