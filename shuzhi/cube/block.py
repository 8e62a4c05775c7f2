"""A block: the cube of one closing, in memory or mapped from its file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shuzhi.cube import exact
from shuzhi.cube.axis import Axis
from shuzhi.cube.exact import NOBODY, Cell, Ground, Spot
from shuzhi.cube.frame import BEYOND, MONTHS, SILENT, UNSAID, Frame
from shuzhi.cube.planes import Planes


@dataclass(frozen=True)
class Source:
    """Where a block comes from: whose books at which day, under which digests; ``then`` the day of its boundaries."""

    unit_code: str
    unit_name: str
    as_of: date
    observation: str
    units: str
    then: date | None = None


@dataclass(frozen=True)
class Block:
    """The cube of one closing: its frame, its axis and its planes by role.

    ``borrowed[d]`` (bytes, ``[row][line][year]``, None where there are none) marks the Decembers of depth d whose actual is
    only the year's forecast.
    """

    source: Source
    frame: Frame
    axis: Axis
    planes: Mapping[str, Planes]
    borrowed: Sequence[memoryview | None] = ()

    @property
    def root(self) -> int:
        """The row of the unit whose books these are, -1 when it is not among its own units."""
        return self.axis.find(self.source.unit_code)

    def own(self, role: str, row: int, line: int, slot: int) -> int:
        """What a unit said of itself: a value, ``SILENT`` or ``UNSAID``."""
        depth = self.axis.depth(row)
        plane = self.planes[role].own[depth]
        if plane is None:
            return UNSAID
        lines, slots = len(self.frame.lines), self.frame.slots(role)
        return int(plane[((row - self.axis.starts[depth]) * lines + line) * slots + slot])

    def months(self, row: int, line: int, back: int) -> list[int]:
        """What a unit said of itself in each month of the frame's year number ``back``, as ``own`` tells it; a December for
        which only the year's forecast stands in is ``UNSAID``.
        """
        depth = self.axis.depth(row)
        plane = self.planes["actual"].own[depth]
        if plane is None:
            return [UNSAID] * MONTHS
        start = ((row - self.axis.starts[depth]) * len(self.frame.lines) + line) * self.frame.months
        said = plane[start + back * MONTHS : start + (back + 1) * MONTHS].tolist()
        if self.stood_in(row, line, back):
            said[-1] = UNSAID
        return said

    def stood_in(self, row: int, line: int, back: int) -> bool:
        """Whether a December's actual is only the year's forecast."""
        depth = self.axis.depth(row)
        plane = self.borrowed[depth] if self.borrowed else None
        if plane is None:
            return False
        years = len(self.frame.years)
        return bool(plane[((row - self.axis.starts[depth]) * len(self.frame.lines) + line) * years + back])

    def deeper(self, row: int, spot: Spot) -> tuple[Ground, int, Spot] | None:
        """A block rests on nothing."""
        return None

    def cell(self, row: int, line: int, year: int, month: int, role: str = "actual") -> Cell:
        """The cell of a row and a line for a period."""
        return read(self, row, line, year, month, role)


def read(ground: Ground, row: int, line: int, year: int, month: int, role: str) -> Cell:
    """The cell of a row and a line of a ground for a period; of an area without areas below it what it said itself."""
    frame, axis, planes = ground.frame, ground.axis, ground.planes[role]
    slot = frame.slot(line, year, month, role)
    if slot < 0:
        return NOBODY
    asked = (year - frame.years[0]) * MONTHS + month - 1
    spot = Spot(role, line, slot, frame.month(role, slot))
    if spot.month != asked and not axis.alike(spot.month, asked):
        return exact.cell(ground, row, Spot(role, line, slot, asked))
    if axis.redrawn is not None and axis.redrawn.touches_year(axis, row, spot.month):
        return exact.cell(ground, row, spot)
    place = axis.inner[row]
    own = ground.own(role, row, line, slot)
    if place < 0 or planes.silent():
        running, due = _running(ground, row, spot), axis.due(row, spot.month)
        return Cell(True, own, due, due, running) if own > SILENT else Cell(own == SILENT, 0, 0, due, running)
    slots = frame.slots(role)
    at = (place * len(frame.lines) + line) * slots + slot
    total, cumulative = planes.sums[at], planes.cumulative[at] if planes.cumulative is not None else 0
    weight = 1
    if frame.lines[line].weight >= 0:
        nth = frame.means.index(line)
        weight = planes.weights[(place * len(frame.means) + nth) * slots + slot]
    if BEYOND in (total, cumulative, weight):
        return exact.cell(ground, row, spot)
    return Cell(own > UNSAID, total, planes.counts[at], axis.due(row, spot.month), cumulative, weight)


def _running(ground: Ground, row: int, spot: Spot) -> int:
    """What a unit without areas below it said of itself since January."""
    if spot.role != "actual" or ground.frame.lines[spot.line].weight >= 0:
        return 0
    depth = ground.axis.depth(row)
    plane = ground.planes[spot.role].own[depth]
    if plane is None:
        return 0
    start = ((row - ground.axis.starts[depth]) * len(ground.frame.lines) + spot.line) * ground.frame.months
    january = start + spot.slot - spot.slot % MONTHS
    return sum(word for word in plane[january : start + spot.slot + 1].tolist() if word > SILENT)
