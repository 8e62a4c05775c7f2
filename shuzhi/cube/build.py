"""A block out of observations: of a closing, or of rows as the live accounts hold them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow.parquet as pq

from shuzhi.cube.axis import Axis, Units, lay
from shuzhi.cube.block import Block, Source
from shuzhi.cube.boundaries import axis_of, last_days
from shuzhi.cube.frame import LARGEST, MONTHS, ROLES, SILENT, UNSAID, Frame, lines_of
from shuzhi.cube.kernels import Kernel, kernel
from shuzhi.cube.planes import WHOLES, Planes, fresh
from shuzhi.figures.closing import Closing
from shuzhi.figures.observed import OBSERVATION
from shuzhi.figures.tree import BOUNDARIES
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.finding import Finding, Refused

Row = tuple[str, str, int, int, str, str | None, int, int | None, str | None]
"""One observation in the order of its relation: indicator, unit, year, month, role, status, vintage, value, reason."""
COLUMNS: Final = ("indicator", "unit", "year", "month", "role", "status", "vintage", "value", "reason")
_Newest = dict[tuple[str, str, str, int, int], tuple[int, int]]


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
    newest = _newest(rows, years)
    frame = _frame(newest, catalogue, years)
    axis = lay(units, last_days(frame.years, source.as_of))
    return _rolled(source, frame, axis, newest, kernel(kernel_name))


def block_of(
    closing: Closing,
    *,
    catalogue: Catalogue | None = None,
    years: Sequence[int] = (),
    then: date | None = None,
    kernel_name: str = "",
) -> Block:
    """The cube of a closing, its units as they stand or as they stood on the day ``then``.

    ``catalogue`` are the definitions, the closing's own without. Raises Refused when a file is damaged.
    """
    chosen, definitions = kernel(kernel_name), catalogue or closing.catalogue
    newest = _newest(_rows(closing), years)
    frame = _frame(newest, definitions, years)
    axis = axis_of(closing, frame.years, chosen, then)
    return _rolled(source_of(closing, then), frame, axis, newest, chosen)


def _rows(closing: Closing) -> Iterable[Row]:
    if OBSERVATION not in closing.tables:
        return
    with pq.ParquetFile(closing.file(OBSERVATION)) as file:
        for batch in file.iter_batches(columns=list(COLUMNS), use_threads=False):
            yield from zip(*(batch.column(name).to_pylist() for name in COLUMNS), strict=True)


def _newest(rows: Iterable[Row], years: Sequence[int]) -> _Newest:
    """The newest vintage of each indicator, unit, role and period: its number and its value."""
    newest: _Newest = {}
    for indicator, unit, year, month, role, _, vintage, value, _ in rows:
        if years and not years[0] <= year <= years[-1]:
            continue
        if role not in ROLES or not 1 <= month <= MONTHS or (role != "actual" and month != MONTHS):
            continue
        key = (indicator, unit, role, year, month)
        if key not in newest or newest[key][0] < vintage:
            newest[key] = (vintage, SILENT if value is None else held(value, indicator, unit))
    return newest


def held(value: int, indicator: str, unit: str) -> int:
    """The value, when a cube can hold it; raises Refused otherwise."""
    if SILENT < value <= LARGEST:
        return value
    said = f"{indicator} 的数 {value} 太大，超出系统能存的范围"
    raise Refused(Finding("cube.too-large", said, "核对该单位所报的数和计量单位", f"{indicator} {unit}"))


def _frame(newest: _Newest, catalogue: Catalogue, years: Sequence[int]) -> Frame:
    found = tuple(years)
    if not found and newest:
        said = [key[3] for key in newest]
        found = tuple(range(min(said), max(said) + 1))
    return Frame(lines_of(catalogue, {key[0] for key in newest}), found)


@dataclass
class _Own:
    """The own planes of one role while they are filled."""

    axis: Axis
    frame: Frame
    role: str

    def __post_init__(self) -> None:
        self.planes: list[memoryview | None] = [None] * self.axis.depths
        self.reach = [0] * self.axis.depths

    def put(self, row: int, line: int, slot: int, value: int) -> None:
        """One value in its place."""
        depth = self.axis.depth(row)
        plane = self.planes[depth]
        if plane is None:
            rows = self.axis.starts[depth + 1] - self.axis.starts[depth]
            plane = memoryview(
                bytearray(UNSAID.to_bytes(8, "little", signed=True)) * (rows * self.frame.width(self.role))
            )
            plane = self.planes[depth] = plane.cast(WHOLES)
        slots = self.frame.slots(self.role)
        plane[((row - self.axis.starts[depth]) * len(self.frame.lines) + line) * slots + slot] = value
        if value > SILENT:
            self.reach[depth] = max(self.reach[depth], abs(value))


def _rolled(source: Source, frame: Frame, axis: Axis, newest: _Newest, chosen: Kernel) -> Block:
    own = {role: _Own(axis, frame, role) for role in ROLES}
    borrowed: list[memoryview | None] = [None] * axis.depths
    for (indicator, unit, role, year, month), (_, value) in newest.items():
        row, line = axis.find(unit), frame.places.get(indicator, -1)
        if row < 0 or line < 0:
            continue
        back = year - frame.years[0]
        own[role].put(row, line, back * MONTHS + month - 1 if role == "actual" else back, value)
        if role == "forecast" and (indicator, unit, "actual", year, MONTHS) not in newest:
            own["actual"].put(row, line, back * MONTHS + MONTHS - 1, value)
            lend(borrowed, axis, frame, row, line, back)
    planes = {role: fresh(axis, frame, role, found.planes, found.reach) for role, found in own.items()}
    for each in planes.values():
        if not each.silent():
            chosen.roll(axis, frame, each)
    return Block(source, frame, axis, planes, borrowed)


def lend(borrowed: list[memoryview | None], axis: Axis, frame: Frame, row: int, line: int, back: int) -> None:
    """Note that a December's actual is only the year's forecast."""
    depth = axis.depth(row)
    plane = borrowed[depth]
    if plane is None:
        rows = axis.starts[depth + 1] - axis.starts[depth]
        plane = borrowed[depth] = memoryview(bytearray(rows * len(frame.lines) * len(frame.years)))
    plane[((row - axis.starts[depth]) * len(frame.lines) + line) * len(frame.years) + back] = 1
