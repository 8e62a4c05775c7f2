"""The axis of many units, compiled: the same rows in the same order as :func:`shuzhi.cube.axis.lay`.

NumPy lets go of Python's lock in nearly every step, and with two threads each step then waits for the other; here it is
kept for the few microseconds it takes.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from shuzhi.cube.axis import Axis
from shuzhi.cube.fast import brief
from shuzhi.cube.spread import Columns, column
from shuzhi.figures.tree import DEPARTMENT

_STEADY_INNER, _STEADY, _SHAKY, _DEPARTMENT = range(4)


def laid(columns: Columns, days: Sequence[int]) -> Axis | None:
    """The axis of some units over months whose last days that count are ``days``; None when they are not in preorder."""
    known, level = columns.levels
    department = known.index(DEPARTMENT) if DEPARTMENT in known else -1
    drawn = _drawn(columns.first, columns.last)
    if drawn is None:
        return None
    parent, depth = drawn
    kind = _kinds(parent, level == department, columns.since, columns.until, np.array(days, np.int64))
    row, order, starts, begins = _ordered(parent, depth, kind)
    since, until = columns.since[order], columns.until[order]
    above, number, heads, shaky = _rows(order, row, parent, kind, begins)
    stands = _stood(since[shaky], until[shaky], np.array(days, np.int64))
    bounds = begins[order[heads]].T
    expected = _expected(bounds, number, shaky, stands)
    lo, mid, firm, hi, end = (column(bounds[side]) for side in range(5))
    return Axis(
        columns.joined(order),
        known,
        len(days),
        tuple(starts.tolist()),
        tuple(np.searchsorted(heads, starts).tolist()),
        column(level[order]),
        column(above),
        column(number),
        column(heads),
        lo,
        mid,
        firm,
        hi,
        end,
        column(expected),
        column(shaky),
        memoryview(stands.tobytes()),
    )


@brief
def _drawn(first: Any, last: Any) -> Any:  # pragma: no cover
    """The place of each unit's parent (-1 at the top) and its depth; None when units are not in preorder or cross."""
    parent, depth = np.full(len(first), -1, np.int64), np.zeros(len(first), np.int64)
    above = np.int64(-1)
    for place in range(len(first)):
        if place and (
            first[place] < first[place - 1]
            or (first[place] == first[place - 1] and last[place] >= last[place - 1])
        ):
            return None
        while above >= 0 and last[above] < first[place]:
            above = parent[above]
        if last[place] < first[place] or (above >= 0 and last[place] > last[above]):
            return None
        parent[place] = above
        depth[place] = depth[above] + 1 if above >= 0 else 0
        above = np.int64(place)
    return parent, depth


@brief
def _kinds(parent: Any, department: Any, since: Any, until: Any, days: Any) -> Any:  # pragma: no cover
    """In which of the four runs below its parent each unit stands."""
    kind = np.full(len(parent), _STEADY, np.int64)
    for place in range(len(parent)):
        if department[place]:
            kind[place] = _DEPARTMENT
        elif len(days) and not (since[place] <= days[0] and days[-1] <= until[place]):
            kind[place] = _SHAKY
        if parent[place] >= 0 and not department[place] and kind[parent[place]] == _STEADY:
            kind[parent[place]] = _STEADY_INNER
    return kind


@brief
def _ordered(parent: Any, depth: Any, kind: Any) -> Any:  # pragma: no cover
    """The row of each unit, the unit of each row, the first row of each depth (and one more), and by unit where the four
    runs below it begin and the last ends.
    """
    many = len(parent)
    row, order = np.zeros(many, np.int64), np.zeros(many, np.int64)
    begins = np.zeros((many, 5), np.int64)
    deepest = np.int64(-1)
    for place in range(many):
        deepest = max(deepest, depth[place])
        if parent[place] >= 0:
            begins[parent[place], kind[place] + 1] += 1
    starts = np.zeros(deepest + 2, np.int64)
    given = np.int64(0)
    for place in range(many):
        if depth[place] == 0:
            row[place], order[given] = given, place
            given += 1
    for deep in range(deepest + 1):
        starts[deep + 1] = given
        for head in range(starts[deep], starts[deep + 1]):
            unit = order[head]
            begins[unit, 0] = given
            for run in range(4):
                begins[unit, run + 1] += begins[unit, run]
            given = begins[unit, 4]
        if given > starts[deep + 1]:
            seen = np.zeros((many, 4), np.int64)
            for place in range(many):
                if depth[place] == deep + 1:
                    above, run = parent[place], kind[place]
                    row[place] = begins[above, run] + seen[above, run]
                    order[row[place]] = place
                    seen[above, run] += 1
    return row, order, starts, begins


@brief
def _rows(order: Any, row: Any, parent: Any, kind: Any, begins: Any) -> Any:  # pragma: no cover
    """By row: the row above and the interior number; the interior rows, and those that came or went."""
    many = len(order)
    above, number = np.full(many, -1, np.int64), np.full(many, -1, np.int64)
    heads, shaky = np.zeros(many, np.int64), np.zeros(many, np.int64)
    inner, came = 0, 0
    for place in range(many):
        unit = order[place]
        if parent[unit] >= 0:
            above[place] = row[parent[unit]]
        if begins[unit, 3] > begins[unit, 0]:
            heads[inner], number[place] = place, inner
            inner += 1
        if kind[unit] == _SHAKY:
            shaky[came] = place
            came += 1
    return above, number, heads[:inner], shaky[:came]


@brief
def _stood(since: Any, until: Any, days: Any) -> Any:  # pragma: no cover
    """In which months units stood that came or went."""
    stands = np.zeros((len(since), len(days)), np.uint8)
    for place in range(len(since)):
        for month in range(len(days)):
            stands[place, month] = since[place] <= days[month] and days[month] <= until[place]
    return stands


@brief
def _expected(bounds: Any, number: Any, shaky: Any, stands: Any) -> Any:  # pragma: no cover
    """Those expected of each interior row by month, worked out from the deepest up."""
    months = stands.shape[1]
    found = np.zeros((bounds.shape[1], months), np.int64)
    for head in range(len(found) - 1, -1, -1):
        lo, firm, hi = bounds[0, head], bounds[2, head], bounds[3, head]
        came = np.searchsorted(shaky, firm)
        for child in range(lo, hi):
            for month in range(months):
                if child < firm or stands[came + child - firm, month]:
                    found[head, month] += found[number[child], month] if number[child] >= 0 else 1
        for month in range(months):
            found[head, month] = max(found[head, month], 1)
    return found
