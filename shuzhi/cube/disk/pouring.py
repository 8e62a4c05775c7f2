"""Rows of unpacked pages put in their places, compiled: row group after row group, in each run after run."""

from typing import Any, Final

import numpy as np

from shuzhi.cube.disk.packed import DICTIONARY, indexed, looked_up, positions
from shuzhi.cube.fast import brief, compiled
from shuzhi.cube.frame import MONTHS, SILENT, UNSAID

INDICATOR, UNIT, ROLE, YEAR, MONTH, VALUE = range(6)
"""The columns of observations that are read, in this order."""
DEPTHS: Final = 6
"""Planes are numbered role × this + depth."""
DONE, UNREAD = -1, -2
_SILENT: Final = np.int64(SILENT)
_UNSAID: Final = np.int64(UNSAID)
_OUTSIDE: Final = np.int64(-(1 << 32))
_DEEP, _ROW = np.int64(32), np.int64(0xFFFFFFFF)
_WHOLE: Final = np.int64(8)

Words = tuple[Any, Any, Any]
"""Words by which others are found: their bytes, where each begins, and a table of hashes."""


def words(names: bytes, many: int) -> Words:
    """Some words, joined by line feeds, to find others by; of two that are alike the first is meant."""
    made = np.frombuffer(names, np.uint8), np.empty(many + 1, np.int64)
    table = np.full(1 << max(2, (2 * many).bit_length()), -1, np.int64)
    indexed(*made, table)
    return *made, table


@brief
def _places(page: Any, many: Any, known: Any) -> Any:  # pragma: no cover
    """The place of each text of a dictionary among some words, -1 where it has none; nothing when they cannot be read."""
    found = np.empty(many, np.int64)
    return found if looked_up(page, known[0], known[1], known[2], found) == 0 else found[:0]


@brief
def _below(rows: Any, starts: Any) -> None:  # pragma: no cover
    """Make of rows of an axis their depth × 2 ** 32 + their row in the planes of that depth; -1 stays."""
    for place in range(len(rows)):
        if rows[place] >= 0:
            depth = np.searchsorted(starts, rows[place], "right") - 1
            rows[place] += (depth << _DEEP) - starts[depth]


@compiled
def _word(data: Any, first: Any) -> Any:  # pragma: no cover
    """The whole number of 64 bits that begins at a byte (an unsigned place: no index is taken from behind)."""
    return np.int64(
        np.uint64(data[first])
        | np.uint64(data[first + np.uint64(1)]) << np.uint64(8)
        | np.uint64(data[first + np.uint64(2)]) << np.uint64(16)
        | np.uint64(data[first + np.uint64(3)]) << np.uint64(24)
        | np.uint64(data[first + np.uint64(4)]) << np.uint64(32)
        | np.uint64(data[first + np.uint64(5)]) << np.uint64(40)
        | np.uint64(data[first + np.uint64(6)]) << np.uint64(48)
        | np.uint64(data[first + np.uint64(7)]) << np.uint64(56)
    )


@brief
def _slots(page: Any, many: Any, first: Any, span: Any, monthly: Any) -> Any:  # pragma: no cover
    """What each year (``monthly`` false) or month of a dictionary adds to a slot, of months (first) and of years; far below
    nothing where a row of that year or month has none.
    """
    found = np.full((2, many), _OUTSIDE)
    for place in range(many):
        said = _word(page, np.uint64(place * _WHOLE))
        if monthly:
            if 1 <= said <= MONTHS:
                found[0, place] = said - 1
            if said == MONTHS:
                found[1, place] = 0
        elif first <= said < first + span:
            found[0, place], found[1, place] = (said - first) * MONTHS, said - first
    return found


@brief
def _meant(
    data: Any, pages: Any, columns: Any, starts: Any, known: Any, depths: Any, shape: Any
) -> Any:  # pragma: no cover
    """What the dictionaries of a row group mean: whether they could be read; the places of indicators, units and roles; what
    years and months add to a slot; and where the values begin.
    """
    lines, units, roles = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    years, months = np.zeros((2, 0), np.int64), np.zeros((2, 0), np.int64)
    values, sound = np.int64(0), True
    for page in range(len(pages)):
        if pages[page, 0] != DICTIONARY:
            continue
        column, many, body = columns[page], pages[page, 3], data[starts[page] : starts[page + 1]]
        if many < 0 or len(body) < many * 4 or (column >= YEAR and len(body) != many * _WHOLE):
            sound = False
        elif column == INDICATOR:
            lines = _places(body, many, known[0])
        elif column == UNIT:
            units = _places(body, many, known[1])
            _below(units, depths)
        elif column == ROLE:
            roles = _places(body, many, known[2])
        elif column == YEAR:
            years = _slots(body, many, shape[2], shape[1], False)
        elif column == MONTH:
            months = _slots(body, many, shape[2], shape[1], True)
        else:
            values = starts[page]
        if not sound or (column <= ROLE and many and len((lines, units, roles)[column]) == 0):
            return False, (lines, units, roles), years, months, values
    return sound, (lines, units, roles), years, months, values


@compiled
def pour(
    data: Any,
    listed: Any,
    known: Any,
    depths: Any,
    shape: Any,
    planes: Any,
    scratch: Any,
    reach: Any,
    state: Any,
) -> Any:  # pragma: no cover
    """Put the rows of some row groups in their places; the first row of a cell stays.

    ``data`` are the bodies of their pages one after another; ``listed`` the pages' headers and columns, where each begins
    (and the last one ends), where those of each group begin, each group's rows, and which of its columns may lack values;
    ``known`` the words of lines, units and roles (see :func:`words`); ``depths`` the first row of each depth; ``shape``
    lines, years and the first year; ``planes`` the own planes by role and depth, without cells where there is none yet;
    ``scratch`` room for the positions and levels of a group; ``reach`` grows to the largest value without sign of each
    plane; ``state`` (zeros at first) is where to go on. Returns :data:`DONE`, :data:`UNREAD` when a page is of another
    kind, or the number of a plane that is needed to go on.
    """
    pages, columns, starts, cuts, rows, missing = listed
    for group in range(state[0], len(rows)):
        state[0] = group
        first, stop = cuts[group] - cuts[0], cuts[group + 1] - cuts[0]
        at = scratch[0][: 6 * rows[group]].reshape(6, rows[group])
        own, kinds, begun = pages[first:stop], columns[first:stop], starts[first : stop + 1]
        if not state[2]:
            if positions(data, own, kinds, missing[group], begun, rows[group], at, scratch[1]) < 0:
                return UNREAD
            state[2] = 1
        sound, places, years, months, values = _meant(data, own, kinds, begun, known, depths, shape)
        if not sound:
            return UNREAD
        needed = _put(at, state, planes, places, years, months, data[values:], shape, reach)
        if needed >= 0:
            return needed
        state[1:] = 0
    return DONE


@compiled
def _put(
    at: Any,
    state: Any,
    planes: Any,
    places: Any,
    years: Any,
    months: Any,
    values: Any,
    shape: Any,
    reach: Any,
) -> Any:  # pragma: no cover
    """Put the rows of a group in their places, run after run of one indicator, unit and role."""
    many, span, _ = shape
    lines, units, roles = places
    indicator, unit, role, year, month, value = at
    rows, row = len(value), state[1]
    last, plane = np.int64(-1), planes[0]
    while row < rows:
        i, u, r = indicator[row], unit[row], role[row]
        stop = row + 1
        while stop < rows and unit[stop] == u and indicator[stop] == i and role[stop] == r:
            stop += 1
        if lines[i] < 0 or units[u] < 0 or roles[r] < 0:
            row = stop
            continue
        chosen = roles[r] * DEPTHS + (units[u] >> _DEEP)
        if chosen != last:
            plane, last = planes[chosen], chosen
        yearly = min(roles[r], 1)
        base = ((units[u] & _ROW) * many + lines[i]) * (span if yearly else span * MONTHS)
        high, low = np.int64(0), np.int64(0)
        for one in range(np.uint64(row), np.uint64(stop)):
            slot = years[yearly, np.uint32(year[one])] + months[yearly, np.uint32(month[one])]
            if slot < 0:
                continue
            if not len(plane):
                state[1] = row
                return chosen
            word = _word(values, np.uint64(value[one]) << np.uint64(3)) if value[one] >= 0 else _SILENT
            spot = np.uint64(base + slot)
            if plane[spot] == _UNSAID:
                plane[spot] = word
            if word > _SILENT:
                high, low = max(high, word), min(low, word)
        reach[chosen] = max(reach[chosen], high, -low)
        row = stop
    return DONE
