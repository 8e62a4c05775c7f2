"""The kernel compiled by numba: one pass from the deepest rows up, a row of sums at a time, threads of Python's own.

Sums, counts, the unit's own word and the running sums of a row are worked out while it is in the processor's cache. The
compiled code takes no lock of Python and starts no threads itself, so it may be called from any thread or process.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from shuzhi.cube import plain
from shuzhi.cube.axis import Axis
from shuzhi.cube.frame import MONTHS, SILENT, UNSAID, Frame
from shuzhi.cube.planes import Planes, fits
from shuzhi.cube.vector import Field, array, borrow, helpers, runs_of, spread_over

__all__ = ["borrow", "brief", "compiled", "name", "roll"]

name = "numba"
_Made = TypeVar("_Made", bound=Callable[..., Any])
_SILENT: Final = np.int64(SILENT)
_UNSAID: Final = np.int64(UNSAID)
_TILE: Final = 2048
"""About as many cells of a row are worked on at once: they and their counts stay near."""
_ADDS, _STILL, _MEAN = range(3)


def compiled(function: _Made) -> _Made:
    """The function compiled, kept beside its source where that folder may be written; Python's lock is let go."""
    return _jitted(function, nogil=True)


def brief(function: _Made) -> _Made:
    """The function compiled, for what takes but microseconds: Python's lock is kept, for to let it go and to wait for it
    among threads takes longer.
    """
    return _jitted(function, nogil=False)


def _jitted(function: _Made, *, nogil: bool) -> _Made:
    made: Any
    try:
        made = numba.njit(nogil=nogil, cache=True)(function)
    except RuntimeError:  # no folder to keep it in
        made = numba.njit(nogil=nogil)(function)
    return cast(_Made, made)


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
    shape = _Shape(field)
    with helpers(field, only) as pool:
        for deep, places in runs:
            spread_over(places, pool, partial(shape.roll, deep))
    if frame.means:
        from shuzhi.cube.means import roll_means

        roll_means(field, runs)


class _Shape:
    """The columns of an axis and the planes of a role as the compiled code takes them."""

    def __init__(self, field: Field) -> None:
        axis, planes = field.axis, field.planes
        self.field = field
        columns = (axis.inner, axis.heads, axis.lo, axis.mid, axis.firm, axis.hi)
        self.columns = tuple(np.frombuffer(column, np.int32) for column in columns)
        self.kinds = np.array(
            [_MEAN if line.weight >= 0 else _ADDS if line.adds else _STILL for line in field.frame.lines],
            np.uint8,
        )
        self.shaky = np.frombuffer(axis.shaky, np.int32)
        stands = np.frombuffer(axis.stands, np.uint8).reshape(-1, axis.months)
        self.stands = np.ascontiguousarray(stands[:, field.months]).reshape(-1)
        self.sums, self.counts = field.sums.reshape(-1), field.counts.reshape(-1)
        self.cumulative = array(planes.cumulative) if planes.cumulative is not None else self.sums[:0]

    def roll(self, deep: int, places: range) -> None:
        """Work out some interior rows of a depth."""
        field, axis = self.field, self.field.axis
        below = deep + 1 if deep + 1 < axis.depths else deep
        _roll_depth(
            (places.start, places.stop),
            (field.slots, len(field.frame.lines)),
            (axis.starts[deep], axis.starts[below]),
            self._own(deep),
            self._own(below),
            self.columns,
            self.kinds,
            self.shaky,
            self.stands,
            field.expected.reshape(-1),
            self.sums,
            self.counts,
            self.cumulative,
        )

    def _own(self, deep: int) -> NDArray[np.int64]:
        plane = self.field.own[deep]
        return self.sums[:0] if plane is None else plane.reshape(-1)


@compiled
def _add_rows(
    own: Any, first: int, last: int, width: int, start: int, s: Any, c: Any
) -> None:  # pragma: no cover
    """Add what some rows said to a stretch of a row of sums and of counts."""
    many = len(s)
    row = first
    while row + 4 <= last:
        x = own[row * width + start : row * width + start + many]
        y = own[(row + 1) * width + start : (row + 1) * width + start + many]
        z = own[(row + 2) * width + start : (row + 2) * width + start + many]
        w = own[(row + 3) * width + start : (row + 3) * width + start + many]
        for i in range(many):
            a, b, d, e = x[i], y[i], z[i], w[i]
            p, q, r, t = a > _SILENT, b > _SILENT, d > _SILENT, e > _SILENT
            s[i] += (a if p else 0) + (b if q else 0) + (d if r else 0) + (e if t else 0)
            c[i] += np.int32(p) + np.int32(q) + np.int32(r) + np.int32(t)
        row += 4
    while row < last:
        x = own[row * width + start : row * width + start + many]
        for i in range(many):
            a = x[i]
            p = a > _SILENT
            s[i] += a if p else 0
            c[i] += np.int32(p)
        row += 1


@compiled
def _add_sums(
    sums: Any, counts: Any, first: int, last: int, width: int, start: int, s: Any, c: Any
) -> None:  # pragma: no cover
    """Add some rows of sums and counts to a stretch of another."""
    many = len(s)
    for row in range(first, last):
        x = sums[row * width + start : row * width + start + many]
        y = counts[row * width + start : row * width + start + many]
        for i in range(many):
            s[i] += x[i]
        for i in range(many):
            c[i] += y[i]


@compiled
def _add_shaky(x: Any, y: Any, stood: Any, s: Any, c: Any) -> None:  # pragma: no cover
    """Add one row that came or went: its sums and counts, or (``y`` empty) what it said, in the months it stood."""
    slots, leaf = len(stood), len(y) == 0
    for at in range(0, len(s), slots):
        for slot in range(slots):
            if stood[slot]:
                value = x[at + slot]
                if not leaf:
                    s[at + slot] += value
                    c[at + slot] += y[at + slot]
                elif value > _SILENT:
                    s[at + slot] += value
                    c[at + slot] += np.int32(1)


@compiled
def _override(own: Any, expected: Any, s: Any, c: Any) -> None:  # pragma: no cover
    """What a unit said itself stands for all below it."""
    slots = len(expected)
    for at in range(0, len(s), slots):
        for slot in range(slots):
            value = own[at + slot]
            if value > _SILENT:
                s[at + slot] = value
                c[at + slot] = expected[slot]
            elif value != _UNSAID:
                s[at + slot] = 0
                c[at + slot] = 0


@compiled
def _finish(kinds: Any, slots: int, s: Any, running: Any) -> None:  # pragma: no cover
    """The running sums within each year of a stretch of a row."""
    for line in range(len(kinds)):
        mean = kinds[line] == _MEAN
        for year in range(line * slots, (line + 1) * slots, MONTHS):
            total = np.int64(0)
            for month in range(MONTHS):
                total += s[year + month]
                running[year + month] = 0 if mean else total


@compiled
def _roll_depth(  # noqa: C901, PLR0913, PLR0917 (compiled code takes columns, not objects)
    places: Any,
    shape: Any,
    starts: Any,
    own: Any,
    below: Any,
    columns: Any,
    kinds: Any,
    shaky: Any,
    stands: Any,
    expected: Any,
    sums: Any,
    counts: Any,
    cumulative: Any,
) -> None:  # pragma: no cover
    """Work out some interior rows: tile by tile, all that is needed of a tile at once."""
    slots, lines = shape
    width = slots * lines
    inner, heads, lo, mid, firm, hi = columns
    tile = max(1, _TILE // slots)
    for place in range(places[0], places[1]):
        for line in range(0, lines, tile):
            start, end = line * slots, min(line + tile, lines) * slots
            s, c = (
                sums[place * width + start : place * width + end],
                counts[place * width + start : place * width + end],
            )
            if lo[place] < hi[place]:
                s[:] = 0
                c[:] = 0
                if mid[place] > lo[place]:
                    first = inner[lo[place]]
                    _add_sums(sums, counts, first, first + mid[place] - lo[place], width, start, s, c)
                if len(below):
                    _add_rows(below, mid[place] - starts[1], firm[place] - starts[1], width, start, s, c)
                for row in range(firm[place], hi[place]):
                    stood = stands[np.searchsorted(shaky, row) * slots :][:slots]
                    at = inner[row] * width
                    if at >= 0:
                        _add_shaky(sums[at + start : at + end], counts[at + start : at + end], stood, s, c)
                    elif len(below):
                        at = (row - starts[1]) * width
                        _add_shaky(below[at + start : at + end], counts[:0], stood, s, c)
                for still in range(line, min(line + tile, lines)):
                    if kinds[still] == _STILL:
                        s[(still - line) * slots : (still - line + 1) * slots] = 0
                        c[(still - line) * slots : (still - line + 1) * slots] = 0
            if len(own):
                at = (heads[place] - starts[0]) * width
                _override(own[at + start : at + end], expected[place * slots : (place + 1) * slots], s, c)
            if len(cumulative):
                running = cumulative[place * width + start : place * width + end]
                _finish(kinds[line : min(line + tile, lines)], slots, s, running)
