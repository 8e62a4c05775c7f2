"""A block out of observations: of a closing, or of rows as the live accounts hold them."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import pyarrow.parquet as pq

from shuzhi.cube.axis import Axis, Units, lay
from shuzhi.cube.block import Block, Source
from shuzhi.cube.boundaries import axis_of, last_days
from shuzhi.cube.frame import LARGEST, MONTHS, ROLES, SILENT, UNSAID, Frame, lines_of
from shuzhi.cube.kernels import Kernel, kernel
from shuzhi.cube.memory import Give, Memory, zeros
from shuzhi.cube.planes import WHOLES, column, fresh
from shuzhi.figures.closing import Closing
from shuzhi.figures.observed import OBSERVATION
from shuzhi.figures.tree import BOUNDARIES
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.finding import Finding, Refused

Row = tuple[str, str, int, int, str, str | None, int, int | None, str | None]
"""One observation in the order of its relation: indicator, unit, year, month, role, status, vintage, value, reason."""
_EACH: Final = Memory()
COLUMNS: Final = ("indicator", "unit", "year", "month", "role", "status", "vintage", "value", "reason")


def source_of(closing: Closing, then: date | None = None) -> Source:
    """Where the block of a closing comes from."""
    seen = closing.tables.get(OBSERVATION)
    drawn = [closing.tables[name].digest for name in BOUNDARIES if name in closing.tables]
    return Source(
        closing.unit_code,
        closing.unit_name,
        closing.as_of,
        seen.digest if seen else "",
        digest(canonical(drawn)),
        then,
    )


def block_of_rows(
    rows: Iterable[Row],
    units: Units,
    catalogue: Catalogue,
    source: Source,
    *,
    years: Sequence[int] = (),
    kernel_name: str = "",
) -> Block:
    """The cube of some observations over units in preorder; rows may come in any order.

    ``years`` are the years to hold (rising, without a gap); without them all that are spoken of. Rows of unknown indicators
    and units are passed over, as a figure would. Raises Refused when a value cannot be held.
    """
    said = list(rows)
    frame = _frame(said, catalogue, years)
    axis = lay(units, last_days(frame.years, source.as_of))
    return rolled(source, frame, axis, _filled(said, frame, axis), kernel(kernel_name))


def block_of(
    closing: Closing,
    *,
    catalogue: Catalogue | None = None,
    years: Sequence[int] = (),
    then: date | None = None,
    kernel_name: str = "",
    memory: Memory = _EACH,
) -> Block:
    """The cube of a closing, its units as they stand or as they stood on the day ``then``.

    ``catalogue`` are the definitions, the closing's own without; ``memory`` is where planes lie when many blocks are made.
    Raises Refused when a file is damaged.
    """
    chosen, definitions = kernel(kernel_name), catalogue or closing.catalogue
    if chosen.name != "plain":
        from shuzhi.cube.disk.stream import streamed

        return streamed(closing, definitions, tuple(years), then, chosen, memory)
    said = list(_rows(closing))
    frame = _frame(said, definitions, years)
    axis = axis_of(closing, frame.years, chosen, then)
    return rolled(source_of(closing, then), frame, axis, _filled(said, frame, axis), chosen)


def _rows(closing: Closing) -> Iterable[Row]:
    if OBSERVATION not in closing.tables:
        return
    with pq.ParquetFile(closing.file(OBSERVATION)) as file:
        for batch in file.iter_batches(columns=list(COLUMNS), use_threads=False):
            yield from zip(*(batch.column(name).to_pylist() for name in COLUMNS), strict=True)


def held(value: int, indicator: str, unit: str) -> int:
    """The value, when a cube can hold it; raises Refused otherwise."""
    if SILENT < value <= LARGEST:
        return value
    said = f"{indicator} 的数 {value} 太大，超出系统能存的范围"
    raise Refused(Finding("cube.too-large", said, "核对该单位所报的数和计量单位", f"{indicator} {unit}"))


def _frame(rows: Sequence[Row], catalogue: Catalogue, years: Sequence[int]) -> Frame:
    return Frame(
        lines_of(catalogue, {row[0] for row in rows}), tuple(years) or spanned([row[2] for row in rows])
    )


def spanned(years: Sequence[int]) -> tuple[int, ...]:
    """All years from the first to the last."""
    return tuple(range(min(years), max(years) + 1)) if years else ()


def unsaid(cells: int) -> memoryview:
    """So many cells of which nobody has said anything."""
    return column(bytearray(UNSAID.to_bytes(8, sys.byteorder, signed=True)) * cells, WHOLES)


class Own:
    """The own planes of one role while they are filled; ``made`` makes cells as :func:`unsaid` does.

    ``reach[d]`` grows to the largest value without sign of any vintage of a unit of depth d.
    """

    def __init__(self, axis: Axis, frame: Frame, role: str, made: Give | None = None) -> None:
        self.axis, self.frame, self.role, self.made = axis, frame, role, made or unsaid
        self.planes: list[memoryview | None] = [None] * axis.depths
        self.reach = [0] * axis.depths

    def plane(self, depth: int) -> memoryview:
        """The plane of a depth, made when first wanted."""
        plane = self.planes[depth]
        if plane is None:
            rows = self.axis.starts[depth + 1] - self.axis.starts[depth]
            plane = self.planes[depth] = self.made(rows * self.frame.width(self.role))
        return plane

    def at(self, depth: int, row: int, line: int, slot: int) -> int:
        """Where a cell of a row of a depth lies in its plane."""
        return ((row - self.axis.starts[depth]) * len(self.frame.lines) + line) * self.frame.slots(
            self.role
        ) + slot


def _filled(rows: Sequence[Row], frame: Frame, axis: Axis) -> dict[str, Own]:
    """What units said, the newest vintage of each; the first row where two are of one vintage."""
    own = {role: Own(axis, frame, role) for role in ROLES}
    newest: dict[tuple[str, int, int, int], int] = {}
    for indicator, unit, year, month, role, _, vintage, value, _ in rows:
        row, line = axis.find(unit), frame.places.get(indicator, -1)
        if role not in ROLES or row < 0 or line < 0 or not (1 <= month <= MONTHS and year in frame.years):
            continue
        if role != "actual" and month != MONTHS:
            continue
        back, depth, word = year - frame.years[0], axis.depth(row), SILENT
        plane = own[role].plane(depth)
        if value is not None:
            word = held(value, indicator, unit)
            own[role].reach[depth] = max(own[role].reach[depth], abs(word))
        slot = back * MONTHS + month - 1 if role == "actual" else back
        key = (role, row, line, slot)
        if key not in newest or newest[key] < vintage:
            newest[key] = vintage
            plane[own[role].at(depth, row, line, slot)] = word
    return own


def rolled(
    source: Source, frame: Frame, axis: Axis, own: Mapping[str, Own], chosen: Kernel, sums: Give = zeros
) -> Block:
    """The block over what units said: forecasts lent to Decembers without an actual, then everything added up."""
    borrowed: list[memoryview | None] = [None] * axis.depths
    forecast, actual = own["forecast"], own["actual"]
    for depth, plane in enumerate(forecast.planes):
        if plane is not None:
            into = actual.plane(depth)
            actual.reach[depth] = max(actual.reach[depth], forecast.reach[depth])
            chosen.borrow(into, plane, lent(borrowed, axis, frame, depth))
    planes = {role: fresh(axis, frame, role, found.planes, found.reach, sums) for role, found in own.items()}
    for each in planes.values():
        if not each.silent():
            chosen.roll(axis, frame, each)
    return Block(source, frame, axis, planes, borrowed)


def lent(borrowed: list[memoryview | None], axis: Axis, frame: Frame, depth: int) -> memoryview:
    """The marks of a depth's Decembers whose actual is only the year's forecast, made when first wanted."""
    plane = borrowed[depth]
    if plane is None:
        rows = axis.starts[depth + 1] - axis.starts[depth]
        plane = borrowed[depth] = memoryview(bytearray(rows * len(frame.lines) * len(frame.years)))
    return plane


def lend(borrowed: list[memoryview | None], axis: Axis, frame: Frame, row: int, line: int, back: int) -> None:
    """Note that a December's actual is only the year's forecast."""
    depth = axis.depth(row)
    at = ((row - axis.starts[depth]) * len(frame.lines) + line) * len(frame.years) + back
    lent(borrowed, axis, frame, depth)[at] = 1
