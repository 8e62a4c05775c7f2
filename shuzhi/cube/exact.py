"""Cells worked out when they are read: exact however large, and for the units that stood in the very month asked for.

This is the law of :mod:`shuzhi.cube.law` once more, for one cell and in fractions; where a kernel's number is whole
and of 64 bits it is taken as it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import NamedTuple, Protocol

from shuzhi.cube.axis import Axis
from shuzhi.cube.frame import BEYOND, MONTHS, SILENT, UNSAID, Frame
from shuzhi.cube.planes import Planes


class Cell(NamedTuple):
    """What a cube knows of an indicator of a unit in a period.

    ``own`` says that the unit spoke for itself. ``sum`` adds up what was reported (of a weighted mean: values times weights,
    with ``weight`` the sum of the weights); ``count`` of ``expected`` have reported. ``cumulative`` is the running sum of
    ``sum`` since January (0 for a weighted mean, and for targets and forecasts).
    """

    own: bool
    sum: int
    count: int  # type: ignore[assignment]
    expected: int
    cumulative: int
    weight: int = 1

    @property
    def whole(self) -> bool:
        """Whether all have reported who have to."""
        return self.count == self.expected > 0

    @property
    def value(self) -> Fraction | None:
        """The value at the scale of the indicator's family; None when somebody has not reported, or weights add up to 0."""
        return Fraction(self.sum, self.weight) if self.whole and self.weight else None


NOBODY = Cell(False, 0, 0, 1, 0)
"""A cell of which nothing can be known: no such indicator or year."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of a ground: a role, a line, a slot, and the month whose standing units count."""

    role: str
    line: int
    slot: int
    month: int


class Ground(Protocol):
    """What cells are read from: a block, or the crown above many."""

    @property
    def frame(self) -> Frame:
        """Its lines and years."""
        ...

    @property
    def axis(self) -> Axis:
        """Its rows."""
        ...

    @property
    def planes(self) -> Mapping[str, Planes]:
        """Its planes by role."""
        ...

    def own(self, role: str, row: int, line: int, slot: int) -> int:
        """What a unit said of itself: a value, ``SILENT`` or ``UNSAID``."""
        ...

    def deeper(self, row: int, spot: Spot) -> "tuple[Ground, int, Spot] | None":
        """The same cell where it is worked out from what lies below, when that is another ground."""
        ...


class Sum(NamedTuple):
    """What a cell comes to: whether the unit said it itself, the sum (of a mean: values times weights), the weights, how many
    of how many ``due`` have reported.
    """

    own: bool
    total: Fraction
    weight: Fraction
    count: int  # type: ignore[assignment]
    due: int


_NOTHING = Fraction(0)


def cell(ground: Ground, row: int, spot: Spot) -> Cell:
    """The cell of a row, exactly, for the units that stood in the month of the spot."""
    found = sum_of(ground, row, spot)
    if ground.frame.lines[spot.line].weight < 0:
        return Cell(found.own, int(found.total), found.count, found.due, running(ground, row, spot), 1)
    scale = lcm(found.total.denominator, found.weight.denominator)
    return Cell(found.own, int(found.total * scale), found.count, found.due, 0, int(found.weight * scale))


def running(ground: Ground, row: int, spot: Spot) -> int:
    """The sum since January up to the spot, month by month over the units that stood in each."""
    if spot.role != "actual" or ground.frame.lines[spot.line].weight >= 0:
        return 0
    months = range(spot.slot - spot.slot % MONTHS, spot.slot + 1)
    spots = (Spot(spot.role, spot.line, month, month) for month in months)
    return sum(int(sum_of(ground, row, each).total) for each in spots)


def sum_of(ground: Ground, row: int, spot: Spot) -> Sum:
    """What the cell of a row comes to, for the units that stood in the month of the spot."""
    redrawn = ground.axis.redrawn
    if redrawn is not None and redrawn.touches(ground.axis, row, spot.month):
        from shuzhi.cube.restated import restated  # drawn in where boundaries have changed, and only there

        past = redrawn.past(ground.axis, spot.month)
        found = None if past is None else restated(ground, row, spot, past)
        if found is not None:
            return found
    known = _known(ground, row, spot)
    if known is not None:
        return known
    deeper = ground.deeper(row, spot)
    if deeper is not None:
        return sum_of(*deeper)
    due = ground.axis.due(row, spot.month)
    own = ground.own(spot.role, row, spot.line, spot.slot)
    if own > SILENT:
        return Sum(True, Fraction(own), Fraction(1), due, due)
    if own == SILENT or not ground.frame.lines[spot.line].adds:
        return Sum(own == SILENT, _NOTHING, _NOTHING, 0, due)
    areas = [area for area in ground.axis.areas(row) if ground.axis.stood(area, spot.month)]
    parts = [part_of(ground, area, spot) for area in areas]
    total, weight = (
        sum((part.total for part in parts), _NOTHING),
        sum((part.weight for part in parts), _NOTHING),
    )
    count = sum(part.count for part in parts)
    return Sum(False, total, weight, count, due)


def part_of(ground: Ground, row: int, spot: Spot) -> Sum:
    """What one area adds to the unit above it."""
    own = sum_of(ground, row, spot)
    code = ground.frame.lines[spot.line].weight
    if code < 0 or not own.own:
        return own
    weight = sum_of(ground, row, Spot(spot.role, code, spot.slot, spot.month))
    if not own.count or weight.count != weight.due:
        return Sum(False, _NOTHING, _NOTHING, 0, own.due)
    return Sum(False, own.total * weight.total, weight.total, own.count, own.due)


def _known(ground: Ground, row: int, spot: Spot) -> Sum | None:
    """The cell as a kernel worked it out; None when it did not, or could not."""
    frame, place = ground.frame, ground.axis.inner[row]
    planes = ground.planes[spot.role]
    if place < 0 or planes.silent() or spot.month != frame.month(spot.role, spot.slot):
        return None
    slots = frame.slots(spot.role)
    at = (place * len(frame.lines) + spot.line) * slots + spot.slot
    total, weight = planes.sums[at], 1
    if frame.lines[spot.line].weight >= 0:
        nth = frame.means.index(spot.line)
        weight = planes.weights[(place * len(frame.means) + nth) * slots + spot.slot]
    if BEYOND in (total, weight):
        return None
    own = ground.own(spot.role, row, spot.line, spot.slot) != UNSAID
    return Sum(own, Fraction(total), Fraction(weight), planes.counts[at], ground.axis.due(row, spot.month))
