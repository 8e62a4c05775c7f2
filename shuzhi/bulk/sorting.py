"""Inner loops over records, compiled by numba: put into order, or only looked at for periods named twice."""

from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from shuzhi.bulk.books import (
    INDICATOR_AT,
    MONTH_AT,
    MONTH_BITS,
    ROLE_AT,
    ROLE_BITS,
    UNIT_AT,
    UNIT_BITS,
    YEAR_AT,
    YEAR_BITS,
)

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]
#: A year and a role as one number are below this.
STRETCHES: Final = 1 << YEAR_BITS + ROLE_BITS
_ONE: Final = np.uint64(1)
_IN_WORD: Final = np.int64(63)
_UNITS: Final = (1 << UNIT_BITS) - 1
_MONTHS: Final = (1 << MONTH_BITS) - 1
_YEARS: Final = (1 << YEAR_BITS) - 1
_ROLES: Final = (1 << ROLE_BITS) - 1


class Marked(NamedTuple):
    """The periods seen, a bit each. The bits of a unit's year and role are a row of ``bits``, given out as they come.

    ``stretches`` numbers the years and roles met (-1: not yet), ``rows`` the rows of the units of each (0: none yet);
    ``given`` counts the stretches and rows given out, and ``shape`` is (indicators, units).
    """

    bits: Bits
    rows: Ints
    stretches: Longs
    given: Longs
    shape: tuple[int, int]


def _marked(key: Longs, seen: Marked) -> bool:
    """Mark the periods of records; False at the first that is marked already or finds no room."""
    bits, rows, stretches, given, (indicators, units) = seen
    wide = (12 * indicators + 63) >> 6
    for at in range(len(key)):
        each = key[at]
        when = (each >> YEAR_AT & _YEARS) << ROLE_BITS | (each >> ROLE_AT & _ROLES)
        stretch = stretches[when]
        if stretch < 0:
            stretch = given[0]
            if (stretch + 1) * units > len(rows):
                return False
            stretches[when] = stretch
            given[0] = stretch + 1
        unit = stretch * units + (each >> UNIT_AT & _UNITS)
        row = rows[unit]
        if row == 0:
            given[1] += 1
            row = given[1]
            if row * wide > len(bits):
                return False
            rows[unit] = row
        place = ((each >> MONTH_AT & _MONTHS) - 1) * indicators + (each >> INDICATOR_AT)
        word = (row - 1) * wide + (place >> 6)
        bit = _ONE << np.uint64(place & _IN_WORD)
        held = bits[word]
        if held & bit:
            return False
        bits[word] = held | bit
    return True


def _met(key: Longs, seen: Marked) -> bool:
    """Whether a period of these is marked, or is of no month and so could not be."""
    bits, rows, stretches, _, (indicators, units) = seen
    wide = (12 * indicators + 63) >> 6
    for at in range(len(key)):
        each = key[at]
        month = each >> MONTH_AT & _MONTHS
        if month < 1 or month > 12:
            return True
        stretch = stretches[(each >> YEAR_AT & _YEARS) << ROLE_BITS | (each >> ROLE_AT & _ROLES)]
        if stretch < 0:
            continue
        row = rows[stretch * units + (each >> UNIT_AT & _UNITS)]
        place = (month - 1) * indicators + (each >> INDICATOR_AT)
        if row and bits[(row - 1) * wide + (place >> 6)] & (_ONE << np.uint64(place & _IN_WORD)):
            return True
    return False


marked: Final[Any] = numba.njit(nogil=True, cache=True)(_marked)
met: Final[Any] = numba.njit(nogil=True, cache=True)(_met)


# --- order ----------------------------------------------------------------------------------------------------------


def _tallied(key: Longs, counts: Longs) -> None:
    """Count the records of each indicator."""
    for at in range(len(key)):
        counts[key[at] >> INDICATOR_AT] += 1


def _spread(key: Longs, value: Longs, note: Ints, line: Longs, starts: Longs, out: Any) -> None:
    """Put records behind each other by indicator, those of one in the order they come; ``starts`` moves on."""
    out_key, out_value, out_note, out_line = out
    for at in range(len(key)):
        indicator = key[at] >> INDICATOR_AT
        place = starts[indicator]
        starts[indicator] = place + 1
        out_key[place] = key[at]
        out_value[place] = value[at]
        out_note[place] = note[at]
        out_line[place] = line[at]


def _runs(key: Longs, start: int, end: int) -> Any:
    """How the ascending runs of single units between two places follow each other in order: (start, end) of each.

    Files mostly bring a unit's months together, so that sorting runs is far less than sorting records. Runs that overlap,
    or are hardly any, give the records one by one.
    """
    many = 1
    for at in range(start + 1, end):
        many += key[at] < key[at - 1] or key[at] >> UNIT_AT != key[at - 1] >> UNIT_AT
    if many * 4 > end - start:
        many = end - start
    edges = np.empty((many, 2), np.int64)
    if many == end - start:
        order = np.argsort(key[start:end], kind="mergesort")
        edges[:, 0] = order + start
        edges[:, 1] = order + start + 1
        return edges
    run = 0
    edges[0, 0] = start
    for at in range(start + 1, end):
        if key[at] < key[at - 1] or key[at] >> UNIT_AT != key[at - 1] >> UNIT_AT:
            edges[run, 1] = at
            run += 1
            edges[run, 0] = at
    edges[run, 1] = end
    heads = np.empty(many, np.int64)
    for run in range(many):
        heads[run] = key[edges[run, 0]]
    edges = edges[np.argsort(heads, kind="mergesort")]
    for run in range(1, many):
        if key[edges[run, 0]] < key[edges[run - 1, 1] - 1]:
            order = np.argsort(key[start:end], kind="mergesort")
            edges = np.empty((end - start, 2), np.int64)
            edges[:, 0] = order + start
            edges[:, 1] = order + start + 1
            break
    return edges


runs: Final[Any] = numba.njit(nogil=True, cache=True)(_runs)


def _moved(column: Any, edges: Longs, start: int, end: int) -> None:
    """Put the runs of a column into their order."""
    fresh = np.empty(end - start, column.dtype)
    place = 0
    for run in range(len(edges)):
        for at in range(edges[run, 0], edges[run, 1]):
            fresh[place] = column[at]
            place += 1
    column[start:end] = fresh


moved: Final[Any] = numba.njit(nogil=True, cache=True)(_moved)


def _ordered(key: Longs, value: Longs, note: Ints, line: Longs, buckets: Longs) -> None:
    """Sort the records between each two edges of buckets."""
    for bucket in range(len(buckets) - 1):
        start, end = buckets[bucket], buckets[bucket + 1]
        ascending = True
        for at in range(start + 1, end):
            if key[at] < key[at - 1]:
                ascending = False
                break
        if not ascending:
            edges = runs(key, start, end)
            moved(key, edges, start, end)
            moved(value, edges, start, end)
            moved(note, edges, start, end)
            moved(line, edges, start, end)


tallied: Final[Any] = numba.njit(nogil=True, cache=True)(_tallied)
spread: Final[Any] = numba.njit(nogil=True, cache=True)(_spread)
ordered: Final[Any] = numba.njit(nogil=True, cache=True)(_ordered)
