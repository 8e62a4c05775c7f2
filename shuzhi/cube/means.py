"""Weighted means in NumPy: numerators and weights of the rows of a depth, added up below each interior row."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shuzhi.cube import plain
from shuzhi.cube.frame import BEYOND, LARGEST, SILENT, UNSAID
from shuzhi.cube.vector import Field, Whole, array

_ROWS: Final = 1 << 13
"""Rows worked on at once."""


def roll_means(field: Field, runs: Sequence[tuple[int, range]]) -> None:
    """Work out numerators, weights and counts of all weighted means, once everything else has been added up.

    Where a numerator may leave 64 bits, the law itself is followed.
    """
    weights = array(field.planes.weights).reshape(field.axis.interiors, -1, field.slots)
    for nth, line in enumerate(field.frame.means):
        mean = _Mean(field, nth, line, weights[:, nth])
        if not mean.fits():
            deepest = sorted((place for _, part in runs for place in part), reverse=True)
            plain.roll_mean(field.axis, field.frame, field.planes, nth, deepest)
            continue
        for deep, part in runs:
            for places in _cut(field, part):
                mean.depth(deep, places)


def _cut(field: Field, part: range) -> list[range]:
    """Interior rows of a depth, cut so that not too many rows lie below each piece."""
    axis = field.axis
    cuts = [part.start]
    for place in part:
        if axis.end[place] - axis.lo[cuts[-1]] > _ROWS and place > cuts[-1]:
            cuts.append(place)
    return [range(*pair) for pair in zip(cuts, [*cuts[1:], part.stop], strict=True) if pair[0] < pair[1]]


class _Mean:
    """One weighted mean of one role."""

    def __init__(self, field: Field, nth: int, line: int, weights: Whole) -> None:
        self.field, self.nth = field, nth
        self.at = slice(line * field.slots, (line + 1) * field.slots)
        heavy = field.frame.lines[line].weight
        self.heavy = slice(heavy * field.slots, (heavy + 1) * field.slots)
        self.weights = weights

    def fits(self) -> bool:
        """Whether no numerator can leave 64 bits: the largest value times all weights of all depths."""
        largest, together = 0, 0
        for plane in self.field.own:
            if plane is not None:
                values, heavy = plane[:, self.at], plane[:, self.heavy]
                largest = max(largest, int(np.abs(np.where(values > SILENT, values, 0)).max(initial=0)))
                together += _most(np.where(heavy > SILENT, heavy, 0))
        together += _most(self.field.sums[:, self.heavy])
        axis = self.field.axis
        given = self.field.sums[np.frombuffer(axis.lo, np.int32) == np.frombuffer(axis.hi, np.int32), self.at]
        if (given == BEYOND).any():
            return False
        return largest * together + int(np.abs(given).max(initial=0)) * len(given) <= LARGEST

    def depth(self, deep: int, places: range) -> None:
        """Some interior rows of a depth."""
        field, axis = self.field, self.field.axis
        lo = np.frombuffer(axis.lo, np.int32)[places.start : places.stop].astype(np.int64)
        hi = np.frombuffer(axis.hi, np.int32)[places.start : places.stop].astype(np.int64)
        first, last = int(lo.min()), int(hi.max())
        total, weight, count = self._parts(deep + 1, first, last)
        beyond = total == BEYOND
        total = np.where(beyond, 0, total)
        lo, hi = lo - first, hi - first
        numerator, heavy, heard = (_between(part, lo, hi) for part in (total, weight, count))
        if beyond.any():
            numerator[_between(beyond, lo, hi) > 0] = BEYOND
        at = slice(places.start, places.stop)
        given = (lo == hi)[:, None]
        numerator = np.where(given, field.sums[at, self.at], numerator)
        heavy = np.where(given, self.weights[at], heavy)
        heard = np.where(given, field.counts[at, self.at], heard)
        plane = field.own[deep]
        if plane is not None:
            rows = np.frombuffer(axis.heads, np.int32)[places.start : places.stop] - axis.starts[deep]
            own = plane[rows, self.at]
            spoke, said = own != UNSAID, own > SILENT
            numerator = np.where(spoke, np.where(said, own, 0), numerator)
            heavy = np.where(spoke, said, heavy)
            heard = np.where(spoke, np.where(said, field.expected[places.start : places.stop], 0), heard)
        field.sums[at, self.at], field.counts[at, self.at], self.weights[at] = numerator, heard, heavy

    def _parts(self, deep: int, first: int, last: int) -> tuple[Whole, Whole, Whole]:
        """What each of some rows of a depth adds to the row above it: numerator, weight, count."""
        field, axis = self.field, self.field.axis
        if first == last:
            nothing = np.zeros((0, field.slots), np.int64)
            return nothing, nothing, nothing
        own, heavy = (self._said(deep, first, last, at) for at in (self.at, self.heavy))
        inner = np.frombuffer(axis.inner, np.int32)[first:last]
        rows = np.flatnonzero(inner >= 0)
        places = inner[rows]
        due = np.ones_like(own)
        due[rows] = field.expected[places]
        known = heavy > SILENT
        heavy[rows] = field.sums[places, self.heavy]
        known[rows] = field.counts[places, self.heavy] == due[rows]
        spoke = known & (own > SILENT)
        total = np.where(spoke, np.where(spoke, own, 0) * np.where(spoke, heavy, 0), 0)
        weight, count = np.where(spoke, heavy, 0), np.where(spoke, due, 0)
        added = own[rows] == UNSAID
        total[rows] = np.where(added, field.sums[places, self.at], total[rows])
        weight[rows] = np.where(added, self.weights[places], weight[rows])
        count[rows] = np.where(added, field.counts[places, self.at], count[rows])
        for row in range(first, last) if field.stands else ():
            if row in field.stands:
                for part in (total, weight, count):
                    part[row - first] *= field.stands[row]
        return total, weight, count

    def _said(self, deep: int, first: int, last: int, at: slice) -> Whole:
        plane, start = self.field.own[deep] if first < last else None, self.field.axis.starts[deep]
        if plane is None:
            return np.full((last - first, self.field.slots), UNSAID, np.int64)
        return plane[first - start : last - start, at].copy()


def _most(numbers: Whole) -> int:
    """The largest sum without signs of a column."""
    return int(np.abs(numbers).sum(axis=0).max(initial=0))


def _between(parts: NDArray[Any], lo: Whole, hi: Whole) -> Whole:
    """The sums of the rows from ``lo`` to ``hi``."""
    running = np.zeros((len(parts) + 1, parts.shape[1]), np.int64)
    np.cumsum(parts, axis=0, out=running[1:])
    found: Whole = running[hi] - running[lo]
    return found
