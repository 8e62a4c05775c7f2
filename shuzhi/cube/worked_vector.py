"""Formulas in bulk with NumPy: some interior rows at a time, all their lines together."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shuzhi.cube.asking.formulas import BEYOND, MILLION, MOST_MILLIONTHS, NONE
from shuzhi.cube.block import Block
from shuzhi.cube.frame import MONTHS
from shuzhi.cube.worked import FLOW, LARGE, LEVEL, POINTS, STILL, Way, Worked

_ROWS: Final = 64
_NEAR: Final = float(MOST_MILLIONTHS + 4)
Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]


class _Cells:
    """Numbers with, for each, whether it is there and whether it is too large."""

    def __init__(self, numbers: Any, there: Truth, large: Truth | None = None) -> None:
        self.there = there
        self.large = there & ((numbers >= LARGE) | (numbers <= -LARGE)) if large is None else large
        self.numbers: Whole = np.where(there & ~self.large, numbers, 0)

    def at(self, *index: Any) -> "_Cells":
        """Some of them."""
        return _Cells(self.numbers[index], self.there[index], self.large[index])

    def only(self, wanted: Truth) -> "_Cells":
        """The same, missing where they are not wanted."""
        return _Cells(self.numbers, self.there & wanted, self.large & wanted)

    def or_(self, other: "_Cells", chosen: Truth) -> "_Cells":
        """These, or the others where they are chosen."""
        return _Cells(
            np.where(chosen, other.numbers, self.numbers),
            np.where(chosen, other.there, self.there),
            np.where(chosen, other.large, self.large),
        )


def _told(found: Whole, one: _Cells, two: _Cells) -> Whole:
    """What was found from two numbers, where both are there and not too large."""
    there = one.there & two.there
    return np.where(there, np.where(one.large | two.large, BEYOND, found), NONE)


def parts(above: Whole, below: Whole) -> Whole:
    """Quotients of numbers below 2 ** 61 in millionths, rounded half up: guessed, then put right in whole numbers."""
    size, base = np.abs(above), np.abs(below)
    divisor = np.where(base == 0, 1, base)
    guess = size.astype(np.float64) * 1e6 / divisor.astype(np.float64) + 0.5
    near = guess <= _NEAR
    found = np.where(near, guess, 0).astype(np.int64)
    with np.errstate(over="ignore"):  # what is left over wraps round 64 bits and comes out right all the same
        left = size * MILLION - found * divisor
    found += (2 * left >= divisor).astype(np.int64) - (2 * left < -divisor).astype(np.int64)
    found = np.where(near & (found <= MOST_MILLIONTHS), found, BEYOND)
    signed = np.where((found != BEYOND) & ((above < 0) != (below < 0)), -found, found)
    return np.where(base == 0, NONE, signed)


def work(block: Block, ways: Sequence[Way], worked: Worked) -> None:
    """Work all formulas of a block out."""
    shape = _Shape(block, ways)
    for first in range(0, block.axis.interiors, _ROWS):
        shape.rows(slice(first, min(first + _ROWS, block.axis.interiors)), worked)


class _Shape:
    """The planes of a block and the ways of its lines as arrays."""

    def __init__(self, block: Block, ways: Sequence[Way]) -> None:
        frame, axis = block.frame, block.axis
        self.lines, self.years, self.months = len(frame.lines), len(frame.years), frame.months
        self.actual, self.target = block.planes["actual"], block.planes["target"]
        self.expected = np.frombuffer(axis.expected, np.int32).reshape(-1, axis.months)
        self.step = np.array([way.step for way in ways]).reshape(-1, 1)
        self.kind = np.array([way.growth for way in ways]).reshape(-1, 1)
        self.down = np.array([way.down for way in ways], np.bool_).reshape(-1, 1, 1)
        self.plain = np.array([line.weight < 0 for line in frame.lines], np.bool_).reshape(-1, 1)
        self.month = np.arange(self.months) % MONTHS

    def _of(self, plane: memoryview, kind: Any, slots: int, rows: slice) -> Any:
        return np.frombuffer(plane, kind).reshape(-1, self.lines, slots)[rows]

    def rows(self, rows: slice, worked: Worked) -> None:
        """The formulas of some interior rows."""
        said, goals = self._said(rows), self._goals(rows)
        own, running = self._own(said), self._running(said, rows)
        late, early = np.s_[..., MONTHS:], np.s_[..., : max(self.months - MONTHS, 0)]
        later = max(self.months - MONTHS, 0)
        if later:
            for plane, cells in ((worked.growth, own), (worked.running_growth, running)):
                grown = self._grown(cells.at(*late), cells.at(*early))
                self._of(plane, np.int64, later, rows)[:] = grown
        reached = running.or_(said, self.step == LEVEL)
        self._of(worked.completion, np.int64, self.months, rows)[:] = self._completed(reached, goals)
        if not worked.pairs:
            return
        one, two = (np.array(side) for side in zip(*worked.pairs, strict=True))
        for plane, cells in ((worked.ratios, said), (worked.running_ratios, running)):
            above, below = cells.at(np.s_[:], one), cells.at(np.s_[:], two)
            found = _told(parts(above.numbers, below.numbers), above, below)
            np.frombuffer(plane, np.int64).reshape(-1, len(worked.pairs), self.months)[rows] = found

    def _said(self, rows: slice) -> _Cells:
        due = self.expected[rows, None, : self.months]
        if not self.actual.sums:
            shape = (len(due), self.lines, self.months)
            return _Cells(np.zeros(shape, np.int64), np.zeros(shape, np.bool_))
        counts = self._of(self.actual.counts, np.int32, self.months, rows)
        return _Cells(self._of(self.actual.sums, np.int64, self.months, rows), (counts == due) & self.plain)

    def _goals(self, rows: slice) -> _Cells:
        due = self.expected[rows, None, MONTHS - 1 : self.months : MONTHS]
        if not self.target.sums:
            shape = (len(due), self.lines, self.years)
            return _Cells(np.zeros(shape, np.int64), np.zeros(shape, np.bool_))
        counts = self._of(self.target.counts, np.int32, self.years, rows)
        return _Cells(self._of(self.target.sums, np.int64, self.years, rows), (counts == due) & self.plain)

    def _own(self, said: _Cells) -> _Cells:
        own = said
        for step in sorted({int(step) for step in self.step.flat} - {LEVEL, FLOW, MONTHS}):
            before = np.maximum(np.arange(self.months) - step, 0)
            earlier = said.at(np.s_[:], np.s_[:], before)
            less = _Cells(
                said.numbers - earlier.numbers, said.there & earlier.there, said.large | earlier.large
            )
            less = less.or_(said, self.month < step).only((self.month + 1) % step == 0)
            own = own.or_(less, self.step == step)
        return own

    def _running(self, said: _Cells, rows: slice) -> _Cells:
        running = said.only(self.step != LEVEL)
        if self.actual.cumulative is None or not len(self.actual.cumulative) or not (self.step == FLOW).any():
            return running
        by_year = said.there.reshape(*said.there.shape[:2], self.years, MONTHS)
        whole = np.logical_and.accumulate(by_year, axis=-1).reshape(said.there.shape)
        flow = _Cells(self._of(self.actual.cumulative, np.int64, self.months, rows), whole)
        return running.or_(flow, self.step == FLOW)

    def _grown(self, now: _Cells, before: _Cells) -> Whole:
        more = now.numbers - before.numbers
        found = np.where(self.kind == POINTS, more, parts(more, before.numbers))
        return np.where(self.kind == STILL, NONE, _told(found, now, before))

    def _completed(self, now: _Cells, goals: _Cells) -> Whole:
        goal = _Cells(
            *(np.repeat(each, MONTHS, axis=-1) for each in (goals.numbers, goals.there, goals.large))
        )
        down = self.down[..., 0]
        left = np.where(down, np.maximum(2 * goal.numbers - now.numbers, 0), now.numbers)
        found = np.where(goal.numbers > 0, parts(left, goal.numbers), NONE)
        met = np.where(now.numbers <= goal.numbers, MILLION, 0)
        return _told(np.where(down & (goal.numbers <= 0), met, found), now, goal)
