"""The cube's law, cell by cell: how what units said adds up to a sum, or to a weighted mean, of the unit above them.

A unit's own word wins: its value stands for all below it, and where it said that a value is missing, it is missing
whatever was reported below. Otherwise the areas right below it that stood at the time are added up. The kernel in plain
Python (:mod:`shuzhi.cube.plain`) follows it cell after cell, corrections (:mod:`shuzhi.cube.correcting.ripple`) where they must.
"""

from shuzhi.cube.axis import Axis
from shuzhi.cube.frame import BEYOND, LARGEST, SILENT, UNSAID, Frame
from shuzhi.cube.planes import Planes

Part = tuple[int, int, int]
"""What a unit adds to the one above it: sum (or numerator), weight, count of those who reported."""


class Position:
    """One cell of an interior row (``place`` its interior number), and how to look at the same cell of another row."""

    def __init__(
        self, axis: Axis, frame: Frame, planes: Planes, place: int, row: int, line: int, slot: int
    ) -> None:
        self.axis, self.frame, self.planes = axis, frame, planes
        self.place, self.row, self.line, self.slot = place, row, line, slot
        self.month = frame.month(planes.role, slot)
        self.slots = frame.slots(planes.role)
        self.at = (place * len(frame.lines) + line) * self.slots + slot

    def said(self, row: int, line: int) -> int:
        """What a unit said of itself."""
        depth = self.axis.depth(row)
        plane = self.planes.own[depth]
        if plane is None:
            return UNSAID
        return int(
            plane[((row - self.axis.starts[depth]) * len(self.frame.lines) + line) * self.slots + self.slot]
        )

    def below(self, row: int, line: int) -> tuple[int, int]:
        """Sum and count of a row: of an interior one as worked out, else as it said."""
        place = self.axis.inner[row]
        if place >= 0:
            at = (place * len(self.frame.lines) + line) * self.slots + self.slot
            return int(self.planes.sums[at]), int(self.planes.counts[at])
        own = self.said(row, line)
        return (own, 1) if own > SILENT else (0, 0)

    def standing(self, areas: range) -> list[int]:
        """The areas that stood at the time."""
        return [row for row in areas if self.axis.stood(row, self.month)]


def whole(parts: list[int]) -> int:
    """The sum, or ``BEYOND`` when it or a part of it does not fit into 64 bits."""
    total = sum(parts)
    return BEYOND if BEYOND in parts or abs(total) > LARGEST else total


def add_up(cell: Position, areas: range) -> None:
    """Work out a cell that just adds up (or, of an indicator that does not, is what the unit itself said).

    A row whose sums were given (see :func:`shuzhi.cube.axis.lay`) keeps them, unless it spoke itself.
    """
    own = cell.said(cell.row, cell.line)
    total = count = 0
    if own > SILENT:
        total, count = own, cell.axis.due(cell.row, cell.month)
    elif own == UNSAID and not areas:
        return
    elif own == UNSAID and cell.frame.lines[cell.line].adds:
        parts = [cell.below(row, cell.line) for row in cell.standing(areas)]
        total, count = whole([part[0] for part in parts]), sum(part[1] for part in parts)
    cell.planes.sums[cell.at] = total
    cell.planes.counts[cell.at] = count


def weigh(cell: Position, areas: range, nth: int) -> None:
    """Work out a cell of the ``nth`` weighted mean: numerator, weight and count of those who gave both."""
    own = cell.said(cell.row, cell.line)
    total = weight = count = 0
    if own > SILENT:
        total, weight, count = own, 1, cell.axis.due(cell.row, cell.month)
    elif own == UNSAID and not areas:
        return
    elif own == UNSAID:
        parts = [part_of_mean(cell, row, nth) for row in cell.standing(areas)]
        total, weight = whole([part[0] for part in parts]), whole([part[1] for part in parts])
        count = sum(part[2] for part in parts)
    cell.planes.sums[cell.at] = total
    cell.planes.counts[cell.at] = count
    cell.planes.weights[(cell.place * len(cell.frame.means) + nth) * cell.slots + cell.slot] = weight


def part_of_mean(cell: Position, row: int, nth: int) -> Part:
    """What one area adds to the ``nth`` weighted mean: its own value times its weight, nothing while its weight is not
    known; else what was added up below it.
    """
    own = cell.said(row, cell.line)
    if own > SILENT:
        weight, heard = cell.below(row, cell.frame.lines[cell.line].weight)
        due = cell.axis.due(row, cell.month)
        if heard != due:
            return 0, 0, 0
        return (BEYOND if weight == BEYOND else whole([own * weight])), weight, due
    place = cell.axis.inner[row]
    if own == SILENT or place < 0:
        return 0, 0, 0
    added = int(cell.planes.weights[(place * len(cell.frame.means) + nth) * cell.slots + cell.slot])
    total, count = cell.below(row, cell.line)
    return total, added, count
