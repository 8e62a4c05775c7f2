"""The kernel in NumPy: interior row after interior row, whole runs of rows below it at once.

Whole numbers wrap around at 64 bits, so a run that holds ``UNSAID`` and ``SILENT`` is added up as it stands, and what
these two words added is taken away again: the sum is exact, as long as it fits (see :func:`shuzhi.cube.planes.fits`).
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from os import cpu_count
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shuzhi.cube import plain
from shuzhi.cube.axis import Axis
from shuzhi.cube.frame import LARGEST, MONTHS, SILENT, UNSAID, Frame
from shuzhi.cube.planes import Planes, fits

name = "numpy"
Whole = NDArray[np.int64]
_Counts = NDArray[np.int32]
_RUN: Final = 255
"""Rows counted at once: a byte holds no more."""
_PIECES: Final = 16
_LARGE: Final = 1 << 20
"""Cells from which on several threads are worth their start."""


def roll(axis: Axis, frame: Frame, planes: Planes, only: Sequence[int] | None = None) -> None:
    """Work out sums, counts, cumulative sums and weights of all interior rows, from the deepest up; or, the rest being
    right, of ``only`` some.
    """
    if not axis.interiors or not frame.lines:
        return
    if not fits(axis, planes):
        plain.roll(axis, frame, planes, only)
        return
    field, runs = Field(axis, frame, planes), runs_of(axis, only)
    with helpers(field, only) as pool:
        for deep, places in runs:
            spread_over(places, pool, partial(_depth, field, deep))
        if frame.means:
            from shuzhi.cube.means import roll_means

            roll_means(field, runs)
        accumulate(field, pool, runs)


def runs_of(axis: Axis, only: Sequence[int] | None) -> list[tuple[int, range]]:
    """The interior rows to be worked out, run by run with their depth, the deepest first."""
    if only is None:
        depths = reversed(range(axis.depths))
        runs = ((deep, range(*axis.inner_starts[deep : deep + 2])) for deep in depths)
        return [(deep, run) for deep, run in runs if run]
    return [(axis.depth(axis.heads[place]), range(place, place + 1)) for place in sorted(only, reverse=True)]


def borrow(actual: memoryview, forecast: memoryview, lent: memoryview) -> None:
    """Let the year's forecast stand for a December's actual that nobody has said, and mark where."""
    december, words = array(actual).reshape(-1, MONTHS)[:, -1], array(forecast)
    marks = (december == UNSAID) & (words != UNSAID)
    december[marks] = words[marks]
    np.frombuffer(lent, np.uint8)[marks] = 1


class Field:
    """The planes of a role as arrays: rows by cells."""

    def __init__(self, axis: Axis, frame: Frame, planes: Planes) -> None:
        self.axis, self.frame, self.planes = axis, frame, planes
        self.slots, self.width = frame.slots(planes.role), frame.width(planes.role)
        self.own = [None if plane is None else array(plane).reshape(-1, self.width) for plane in planes.own]
        self.sums = array(planes.sums).reshape(-1, self.width)
        self.counts: _Counts = np.frombuffer(planes.counts, np.int32).reshape(-1, self.width)
        self.months = np.array([frame.month(planes.role, slot) for slot in range(self.slots)], np.int64)
        expected = np.frombuffer(axis.expected, np.int32).reshape(-1, axis.months)
        self.expected: _Counts = np.ascontiguousarray(expected[:, self.months])
        stands = np.frombuffer(axis.stands, np.uint8).reshape(-1, axis.months)
        self.stands = {
            row: stands[place, self.months].astype(bool) for place, row in enumerate(axis.shaky.tolist())
        }
        self.still = np.repeat([not line.adds for line in frame.lines], self.slots)

    def wide(self, by_slot: NDArray[Any]) -> NDArray[Any]:
        """A row by slot, repeated for every line."""
        return np.tile(by_slot, len(self.frame.lines))


def array(plane: memoryview) -> Whole:
    """A plane of 64 bits as an array over the same memory."""
    return np.frombuffer(plane, np.int64)


@contextmanager
def helpers(field: Field, only: Sequence[int] | None) -> Iterator[ThreadPoolExecutor | None]:
    """Threads to share the work, None when it is not worth them."""
    threads = cpu_count() or 1
    cells = sum(plane.size for plane in field.own if plane is not None)
    if threads == 1 or only is not None or cells < _LARGE:
        yield None
        return
    with ThreadPoolExecutor(threads) as pool:
        yield pool


def spread_over(places: range, pool: ThreadPoolExecutor | None, work: Callable[[range], None]) -> None:
    """Do the work over some places, cut among the helpers."""
    if pool is None or len(places) < _PIECES:
        work(places)
        return
    step = -(-len(places) // _PIECES)
    cuts = [range(at, min(at + step, places.stop)) for at in range(places.start, places.stop, step)]
    list(pool.map(work, cuts))


def _depth(field: Field, deep: int, places: range) -> None:
    axis = field.axis
    below = deep + 1
    start = axis.starts[below] if below < axis.depths else 0
    own_below = field.own[below] if below < axis.depths else None
    for place in places:
        total, count = field.sums[place], field.counts[place]
        if axis.lo[place] == axis.hi[place]:
            _own(field, deep, place, total, count)
            continue
        lo, mid, firm, hi = axis.lo[place], axis.mid[place], axis.firm[place], axis.hi[place]
        if mid > lo:
            first = axis.inner[lo]
            np.add.reduce(field.sums[first : first + mid - lo], axis=0, out=total)
            np.add.reduce(field.counts[first : first + mid - lo], axis=0, out=count)
        elif own_below is None or firm == mid:
            total[:] = count[:] = 0
        if own_below is not None and firm > mid:
            _add_said(own_below[mid - start : firm - start], total, count, fresh=mid == lo)
        for row in range(firm, hi):
            _add_shaky(field, row, total, count)
        if field.still.any():
            total[field.still] = 0
            count[field.still] = 0
        _own(field, deep, place, total, count)


def _own(field: Field, deep: int, place: int, total: Whole, count: _Counts) -> None:
    own = field.own[deep]
    if own is not None:
        row = field.axis.heads[place] - field.axis.starts[deep]
        _override(own[row], field.wide(field.expected[place]), total, count)


def _add_said(rows: Whole, total: Whole, count: _Counts, *, fresh: bool) -> None:
    """Add a run of rows without areas below them to a total and a count; ``fresh`` when both are zero as yet."""
    for at in range(0, len(rows), _RUN):
        run = rows[at : at + _RUN]
        said = run > SILENT
        reported = np.add.reduce(said.view(np.uint8), axis=0, dtype=np.uint8).astype(np.int32)
        if fresh and not at:
            np.add.reduce(run, axis=0, out=total)
            count[:] = reported
        else:
            total += np.add.reduce(run, axis=0)
            count += reported
        # An odd number of words that are -2**63 (one of them one more) leaves the highest bit wrong.
        odd = (len(run) - reported) & 1
        total ^= odd.astype(np.int64) << 63
        silent = run == SILENT
        if silent.any():
            total -= np.add.reduce(silent, axis=0, dtype=np.int64)


def _add_shaky(field: Field, row: int, total: Whole, count: _Counts) -> None:
    """Add an area that came or went, in the months in which it stood."""
    stood = field.wide(field.stands[row])
    place = field.axis.inner[row]
    if place >= 0:
        total += np.where(stood, field.sums[place], 0)
        count += np.where(stood, field.counts[place], 0)
        return
    deep = field.axis.depth(row)
    plane = field.own[deep]
    if plane is not None:
        own = plane[row - field.axis.starts[deep]]
        said = stood & (own > SILENT)
        total += np.where(said, own, 0)
        count += said


def _override(own: Whole, due: _Counts, total: Whole, count: _Counts) -> None:
    """What a unit said itself stands for all below it."""
    spoke = own != UNSAID
    if spoke.any():
        said = own > SILENT
        np.copyto(total, np.where(said, own, 0), where=spoke)
        np.copyto(count, np.where(said, due, 0), where=spoke)


def accumulate(field: Field, pool: ThreadPoolExecutor | None, runs: Sequence[tuple[int, range]]) -> None:
    """The running sum within each year; a weighted mean has none."""
    if field.planes.cumulative is None:
        return
    years = len(field.frame.years)
    shape = (field.axis.interiors, len(field.frame.lines), years, MONTHS)
    running = array(field.planes.cumulative).reshape(shape)
    sums = field.sums.reshape(shape)
    means = list(field.frame.means)
    for _, places in runs:
        spread_over(places, pool, lambda part: _running(sums, running, part))
        running[places.start : places.stop, means] = 0


def _running(sums: Whole, running: Whole, places: range) -> None:
    for at in range(places.start, places.stop, 64):
        rows = slice(at, min(at + 64, places.stop))
        np.cumsum(sums[rows], axis=-1, out=running[rows])


def reported(own: Whole) -> Iterator[int]:
    """The largest value of a plane without sign, for its reach; nothing when nobody gave a value."""
    said = own[own > SILENT]
    if said.size:
        yield min(max(int(said.max()), -int(said.min())), LARGEST)
