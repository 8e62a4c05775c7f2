"""Many words told at once, with NumPy: depth by depth from below, the differences of all cells of a depth together.

Only for what just adds up and where no sum can leave 64 bits; what :class:`shuzhi.cube.ripple.Mover` does with care is left
to it. Whole numbers: the order of adding changes nothing, so the cube is the same as word by word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shuzhi.cube.frame import MONTHS, SILENT, UNSAID
from shuzhi.cube.kernels import Kernel
from shuzhi.cube.ripple import Mover

Whole = NDArray[np.int64]
_KINDS: Final = {"q": np.int64, "i": np.int32}


def _array(plane: memoryview) -> Any:
    return np.frombuffer(plane, _KINDS[plane.format])


@dataclass
class _Moves:
    """Differences that go up from some rows of one depth: rows, places in a row's cells, sums and counts more."""

    rows: Whole
    cells: Whole
    more: Whole
    heard: Whole

    def kept(self, wanted: NDArray[np.bool_]) -> "_Moves":
        """Those that are wanted."""
        return _Moves(self.rows[wanted], self.cells[wanted], self.more[wanted], self.heard[wanted])

    def with_(self, other: "_Moves") -> "_Moves":
        """These and others."""
        names = ("rows", "cells", "more", "heard")
        return _Moves(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))


_NO: Final = np.zeros(0, np.int64)


class Flood:
    """The arrays of one role of a live cube; ``width`` is the number of cells of a row."""

    def __init__(self, mover: Mover) -> None:
        axis = mover.axis
        self.mover, self.axis = mover, axis
        self.width = mover.lines * mover.slots
        self.parent, self.inner = _array(axis.parent), _array(axis.inner)
        self.lo, self.hi = _array(axis.lo), _array(axis.hi)
        self.expected = _array(axis.expected).reshape(-1, axis.months)
        self.shaky = _array(axis.shaky)
        self.stands = np.frombuffer(axis.stands, np.uint8).reshape(-1, axis.months)
        self.months = np.array([mover.frame.month(mover.role, slot) for slot in range(mover.slots)])
        self.simple = np.array([mover.simple(line) for line in range(mover.lines)], np.bool_)
        self.adds = np.array([line.adds for line in mover.frame.lines], np.bool_)

    def tell(self, words: Mapping[int, int], kernel: Kernel, anew: int) -> int:
        """Write words, by row × width + cell; how many cells moved. A word on every ``anew`` cells: all rolled up anew."""
        keys = np.fromiter(words.keys(), np.int64, len(words))
        said = np.fromiter(words.values(), np.int64, len(words))
        rows, cells = np.divmod(keys, self.width)
        if not self._fit(rows, said):
            return self.mover.tell_all(words)
        if len(words) * anew > self.axis.rows * self.width:
            return self._anew(rows, cells, said, kernel)
        swift = self.simple[cells // self.mover.slots]
        moved = self._flow(rows[swift], cells[swift], said[swift])
        careful = keys[~swift].tolist()
        return moved + self.mover.tell_all({key: words[key] for key in careful})

    def _fit(self, rows: Whole, said: Whole) -> bool:
        """Whether still no sum can leave 64 bits."""
        depths = np.searchsorted(np.array(self.axis.starts), rows, side="right") - 1
        sizes = np.where(said > SILENT, np.abs(said), 0)
        for depth in range(self.axis.depths):
            self.mover.widen(depth, int(sizes[depths == depth].max(initial=0)))
        return self.mover.safe

    def _anew(self, rows: Whole, cells: Whole, said: Whole, kernel: Kernel) -> int:
        """Write all words, then roll up anew: cheaper when very many cells are corrected."""
        moved = 0
        for depth in range(self.axis.depths):
            first, last = self.axis.starts[depth : depth + 2]
            here = (rows >= first) & (rows < last)
            if here.any():
                own = _array(self.mover.plane(depth))
                at = (rows[here] - first) * self.width + cells[here]
                moved += int(np.count_nonzero(own[at] != said[here]))
                own[at] = said[here]
        kernel.roll(self.axis, self.mover.frame, self.mover.planes)
        return moved

    def _flow(self, rows: Whole, cells: Whole, said: Whole) -> int:
        """Write words of what just adds up and fits, and carry the differences up."""
        moves = _Moves(_NO, _NO, _NO, _NO)
        moved = 0
        for depth in reversed(range(self.axis.depths)):
            first, last = self.axis.starts[depth : depth + 2]
            moves = self._received(depth, moves)
            here = (rows >= first) & (rows < last)
            if here.any():
                told = self._told(depth, rows[here], cells[here], said[here])
                moved += len(told.rows)
                moves = moves.with_(told.kept((told.more != 0) | (told.heard != 0)))
            moves = self._upward(moves)
        return moved

    # --- from below ---------------------------------------------------------------------------------------------------

    def _upward(self, moves: _Moves) -> _Moves:
        """The same differences at the rows above: of areas that count there, and lines that add up."""
        if not len(moves.rows) or not self.axis.interiors:
            return _Moves(_NO, _NO, _NO, _NO)
        above = self.parent[moves.rows].astype(np.int64)
        place = np.where(above >= 0, self.inner[above], -1)
        month = self.months[moves.cells % self.mover.slots]
        counts = (
            (place >= 0)
            & (self.lo[place] <= moves.rows)
            & (moves.rows < self.hi[place])
            & self.adds[moves.cells // self.mover.slots]
        )
        if len(self.shaky):
            at = np.minimum(np.searchsorted(self.shaky, moves.rows), len(self.shaky) - 1)
            counts &= (self.shaky[at] != moves.rows) | (self.stands[at, month] != 0)
        return _Moves(above, moves.cells, moves.more, moves.heard).kept(counts)

    def _received(self, depth: int, moves: _Moves) -> _Moves:
        """Add what comes from below, where the unit has not spoken itself."""
        if not len(moves.rows):
            return moves
        own = self.mover.planes.own[depth]
        if own is not None:
            at = (moves.rows - self.axis.starts[depth]) * self.width + moves.cells
            moves = moves.kept(_array(own)[at] == UNSAID)
        planes = self.mover.planes
        at = self.inner[moves.rows].astype(np.int64) * self.width + moves.cells
        np.add.at(_array(planes.sums), at, moves.more)
        np.add.at(_array(planes.counts), at, moves.heard.astype(np.int32))
        self._run(at, moves.cells, moves.more)
        return moves

    def _run(self, at: Whole, cells: Whole, more: Whole) -> None:
        """Add to the running sums of the same year, from the month on."""
        running = self.mover.planes.cumulative
        if running is None:
            return
        array, left = _array(running), MONTHS - cells % self.mover.slots % MONTHS
        for later in range(MONTHS):
            late = (left > later) & (more != 0)
            np.add.at(array, at[late] + later, more[late])

    # --- at the rows themselves -----------------------------------------------------------------------------------------

    def _told(self, depth: int, rows: Whole, cells: Whole, said: Whole) -> _Moves:
        """Write own words of rows of one depth; what moves there."""
        own = _array(self.mover.plane(depth))
        at = (rows - self.axis.starts[depth]) * self.width + cells
        old = own[at]
        new = old != said
        rows, cells, said, old, at = rows[new], cells[new], said[new], old[new], at[new]
        own[at] = said
        place = self.inner[rows].astype(np.int64)
        more = np.where(said > SILENT, said, 0) - np.where(old > SILENT, old, 0)
        heard = (said > SILENT).astype(np.int64) - (old > SILENT)
        inside = place >= 0
        if inside.any():
            more[inside], heard[inside] = self._retold(rows[inside], cells[inside], said[inside])
        return _Moves(rows, cells, more, heard)

    def _retold(self, rows: Whole, cells: Whole, said: Whole) -> tuple[Whole, Whole]:
        """The cells of interior rows that spoke or fell silent themselves; how much more they are."""
        planes, slots = self.mover.planes, self.mover.slots
        sums, counts = _array(planes.sums), _array(planes.counts)
        places = self.inner[rows].astype(np.int64)
        at = places * self.width + cells
        before, heard = sums[at], counts[at].astype(np.int64)
        total = np.where(said > SILENT, said, 0)
        count = np.where(said > SILENT, self.expected[places, self.months[cells % slots]], 0).astype(np.int64)
        for number in np.flatnonzero(said == UNSAID):
            line, slot = divmod(int(cells[number]), slots)
            total[number], count[number] = self.mover.below(int(rows[number]), line, slot)
        sums[at], counts[at] = total, count
        self._run(at, cells, total - before)
        return total - before, count - heard
