"""The axis of very many units by NumPy: the same rows in the same order as :func:`shuzhi.cube.axis.lay`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shuzhi.cube.axis import EPOCH, EVER, Axis, Ints
from shuzhi.figures.tree import DEPARTMENT

_Whole = NDArray[np.int64]
_STEADY_INNER, _STEADY, _SHAKY, _DEPARTMENT = range(4)


@dataclass(frozen=True)
class _Drawn:
    """Units in preorder as columns."""

    order: _Whole
    level: _Whole
    levels: tuple[str, ...]
    depth: _Whole
    parent: _Whole
    since: _Whole
    until: _Whole


def column(numbers: NDArray[Any]) -> Ints:
    """Numbers as a column of 32 bits."""
    return memoryview(np.ascontiguousarray(numbers, np.int32).tobytes()).cast("i")


@dataclass(frozen=True)
class Columns:
    """Units as their file has them, in any order: what joins the codes of some of them by line feeds, the words of levels
    and each one's place among them, first and last days (ordinals), preorder numbers.
    """

    joined: Callable[[_Whole], bytes]
    words: list[str]
    level: _Whole
    since: _Whole
    until: _Whole
    first: _Whole
    last: _Whole

    @property
    def levels(self) -> tuple[tuple[str, ...], _Whole]:
        """The levels there are, sorted, and each unit's place among them."""
        known = tuple(sorted({self.words[place] for place in set(self.level.tolist())}))
        places = [known.index(word) if word in known else -1 for word in self.words]
        return known, np.array(places, np.int64)[self.level]


def columns_of(table: Any) -> Columns:
    """The columns of an arrow table of units."""
    codes = table.column("code").to_pylist()
    said = [word or "" for word in table.column("level").to_pylist()]
    words = list(dict.fromkeys(said))
    return Columns(
        lambda order: "\n".join([codes[place] for place in order.tolist()]).encode(),
        words,
        np.array(list(map({word: place for place, word in enumerate(words)}.__getitem__, said)), np.int64),
        _numbers(table.column("since"), -EPOCH) + EPOCH,
        _numbers(table.column("until"), EVER - EPOCH) + EPOCH,
        _numbers(table.column("first"), 0),
        _numbers(table.column("last"), 0),
    )


def spread(columns: Columns, days: Sequence[int]) -> Axis | None:
    """The axis of some units over months whose last days that count are ``days``; None when their preorder numbers cross."""
    drawn = _drawn(columns)
    return None if drawn is None else _laid(drawn, columns, np.array(days, np.int64))


def _drawn(columns: Columns) -> _Drawn | None:
    first, last = columns.first, columns.last
    order = np.lexsort((-last, first))
    first, last = first[order], last[order]
    levels, level = columns.levels
    depth = np.arange(len(first)) - np.searchsorted(np.sort(last), first)
    parent = np.full(len(first), -1, np.int64)
    places = np.arange(len(first))
    for deep in range(1, int(depth.max(initial=0)) + 1):
        own, above = places[depth == deep], places[depth == deep - 1]
        found = np.searchsorted(above, own) - 1
        if (found < 0).any():
            return None
        parent[own] = above[found]
    inside = (parent < 0) | ((last <= last[parent]) & (first >= first[parent]))
    if (last < first).any() or not inside.all():
        return None
    since, until = columns.since[order], columns.until[order]
    return _Drawn(order, level[order], levels, depth, parent, since, until)


def _numbers(column: Any, missing: int) -> _Whole:
    """A column of whole numbers or days as they lie in Arrow's memory."""
    found = [np.zeros(0, np.int64)]
    for chunk in column.chunks:
        many, lacking = len(chunk), chunk.null_count
        if lacking == many:
            found.append(np.full(many, missing, np.int64))
            continue
        valid, data = chunk.buffers()
        kind = np.int32 if chunk.type.bit_width == 32 else np.int64
        numbers = np.frombuffer(data, kind, many, chunk.offset * np.dtype(kind).itemsize).astype(np.int64)
        if lacking:
            bits = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")
            numbers[bits[chunk.offset : chunk.offset + many] == 0] = missing
        found.append(numbers)
    return np.concatenate(found)


def _laid(drawn: _Drawn, columns: Columns, days: _Whole) -> Axis:
    many = len(drawn.order)
    parent = drawn.parent
    department = drawn.level == (drawn.levels.index(DEPARTMENT) if DEPARTMENT in drawn.levels else -1)
    inner = np.zeros(many, bool)
    inner[parent[(parent >= 0) & ~department]] = True
    steady = (drawn.since <= days[0]) & (days[-1] <= drawn.until) if len(days) else np.ones(many, bool)
    kind = np.where(
        department, _DEPARTMENT, np.where(~steady, _SHAKY, np.where(inner, _STEADY_INNER, _STEADY))
    )
    order, starts = _ordered(drawn, kind)
    row = np.empty(many, np.int64)
    row[order] = np.arange(many)
    heads = np.flatnonzero(inner[order])
    number = np.where(inner[order], np.cumsum(inner[order]) - 1, -1)
    bounds = _bounds(kind[order], np.where(parent[order] >= 0, row[parent[order]], -1), heads, many)
    lo, mid, firm, hi, end = (column(bound) for bound in bounds)
    shaky = np.flatnonzero(kind[order] == _SHAKY)
    since, until = drawn.since[order][shaky, None], drawn.until[order][shaky, None]
    stands = (since <= days[None, :]) & (days[None, :] <= until)
    return Axis(
        columns.joined(drawn.order[order]),
        drawn.levels,
        len(days),
        tuple(starts),
        tuple(int(place) for place in np.searchsorted(heads, starts)),
        column(drawn.level[order]),
        column(np.where(parent[order] >= 0, row[parent[order]], -1)),
        column(number),
        column(heads),
        lo,
        mid,
        firm,
        hi,
        end,
        column(_expected(starts, number, heads, bounds, shaky, stands)),
        column(shaky),
        memoryview(stands.astype(np.uint8).tobytes()),
    )


def _ordered(drawn: _Drawn, kind: _Whole) -> tuple[_Whole, list[int]]:
    """The units depth by depth, and the number of units above each depth."""
    many = len(drawn.order)
    place = np.zeros(many + 1, np.int64)
    runs, starts = [], [0]
    for deep in range(int(drawn.depth.max(initial=-1)) + 1):
        own = np.flatnonzero(drawn.depth == deep)
        if deep:
            own = own[np.argsort(place[drawn.parent[own]] * 4 + kind[own], kind="stable")]
        place[own] = np.arange(len(own))
        runs.append(own)
        starts.append(starts[-1] + len(own))
    return np.concatenate(runs) if runs else np.zeros(0, np.int64), starts


def _bounds(kind: _Whole, above: _Whole, heads: _Whole, many: int) -> list[_Whole]:
    """Where the four runs below each interior row begin and end."""
    below = above >= 0
    bounds: list[_Whole] = [np.searchsorted(above, heads)]
    for run in range(4):
        count = np.bincount(above[below & (kind == run)], minlength=many)[heads]
        bounds.append(bounds[-1] + count)
    return bounds


def _expected(
    starts: list[int],
    number: _Whole,
    heads: _Whole,
    bounds: list[_Whole],
    shaky: _Whole,
    stands: NDArray[np.bool_],
) -> _Whole:
    """Those expected of each interior row by month, worked out from the deepest up."""
    lo, mid, firm, hi, _ = bounds
    found = np.zeros((len(heads), stands.shape[1]), np.int64)
    for deep in reversed(range(len(starts) - 1)):
        own = np.arange(*np.searchsorted(heads, starts[deep : deep + 2]))
        if not len(own):
            continue
        below = np.zeros((len(heads) - own[-1], stands.shape[1]), np.int64)
        np.cumsum(found[own[-1] + 1 :], axis=0, out=below[1:])
        has = mid[own] > lo[own]
        start = np.where(has, number[np.where(has, lo[own], 0)], own[-1] + 1) - own[-1] - 1
        totals = below[start + (mid - lo)[own]] - below[start] + (firm - mid)[own][:, None]
        for place in np.flatnonzero(hi[own] > firm[own]):
            for row in range(int(firm[own][place]), int(hi[own][place])):
                masked = stands[np.searchsorted(shaky, row)]
                totals[place] += masked * (found[number[row]] if number[row] >= 0 else 1)
        found[own] = np.where(totals, totals, 1)
    return found
