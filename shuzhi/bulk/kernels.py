"""The fast reader's inner loops, compiled by numba: lines cut and checked where they lie, records put into order.

A line is either understood whole and right in every respect, and becomes a record, or it is left to the plain reader:
nothing is decided here that the plain reader could decide otherwise.
"""

from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from shuzhi.bulk.books import (
    FIRST_YEAR,
    INDICATOR_AT,
    LAST_YEAR,
    MONTH_AT,
    ROLE_AT,
    ROLE_RANK,
    STATUS_RANK,
    UNIT_AT,
    YEAR_AT,
)
from shuzhi.kernel.catalogue.definitions import STATUSES

Bytes = npt.NDArray[np.uint8]
Small = npt.NDArray[np.int8]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
IGNORED, INDICATOR, UNIT, YEAR, MONTH, VALUE, ROLE, STATUS, REASON = range(9)

_SEED: Final = np.uint64(0xCBF29CE484222325)
_PRIME: Final = np.uint64(0x100000001B3)
_HASHED: Final = 1024
_HALF: Final = np.uint64(29)
_NEWLINE, _RETURN, _QUOTE, _ZERO, _NINE, _POINT, _PLUS, _MINUS = 10, 13, 34, 48, 57, 46, 43, 45
_DIGITS: Final = 18
_ACTUAL: Final = ROLE_RANK["actual"]
_TARGET: Final = ROLE_RANK["target"]
_USUAL_STATUS: Final = STATUS_RANK[STATUSES[1]]
_OF_FORECAST: Final = STATUS_RANK[STATUSES[0]]
_OF_TARGET: Final = STATUS_RANK[""]
_TENS: Final = np.array([10**power for power in range(19)], np.int64)


class Words(NamedTuple):
    """Every word a cell may say, found by its bytes: an open table of numbers into ``kind``, ``start``, ``size``, ``rank``."""

    table: Ints
    pool: Bytes
    kind: Small
    start: Longs
    size: Ints
    rank: Ints


class Plan(NamedTuple):
    """What lines are checked against: the kinds of the columns, the last month that may have actual values, then arrays
    by indicator and by unit.
    """

    columns: Small
    separator: int
    running: int
    months: Ints
    last_year: Ints
    computed: Small
    places: Ints
    low: Longs
    high: Longs
    usual_low: Longs
    usual_high: Longs
    actual: Small
    planned: Small
    owned: Small
    since: Ints
    until: Ints
    over: Small
    county: Small


class Taken(NamedTuple):
    """Where the records of a part go, and the lines left to the plain reader (number, start, end)."""

    key: Longs
    value: Longs
    line: Longs
    left: Longs


def _hashed(kind: int, data: Bytes, start: int, end: int) -> Any:
    found = _SEED ^ np.uint64(kind)
    for at in range(start, end):
        found = (found ^ np.uint64(data[at])) * _PRIME
    return found ^ (found >> _HALF)


hashed: Final[Any] = numba.njit(nogil=True, cache=True, inline="always")(_hashed)


def _filled(table: Ints, pool: Bytes, kind: Small, start: Longs, size: Ints) -> None:
    """Put every word into the open table; the words of one kind differ.

    So many are hashed, then placed: the memory a place lies in is slow, and is then asked for many at a time.
    """
    mask = np.uint64(len(table) - 1)
    places = np.empty(_HASHED, np.uint64)
    for first in range(0, len(kind), _HASHED):
        many = min(_HASHED, len(kind) - first)
        for at in range(many):
            word = first + at
            places[at] = hashed(kind[word], pool, start[word], start[word] + size[word]) & mask
        for at in range(many):
            place = places[at]
            while table[place] >= 0:
                place = (place + np.uint64(1)) & mask
            table[place] = first + at


filled: Final[Any] = numba.njit(nogil=True, cache=True)(_filled)


def _within(data: Bytes, allowed: Small) -> bool:
    """Whether every byte is one of those allowed (a flag for each of the 256)."""
    found = np.int8(1)
    for byte in data:
        found &= allowed[byte]
    return bool(found)


within: Final[Any] = numba.njit(nogil=True, cache=True)(_within)


def _counted(data: Bytes, start: int, end: int) -> int:
    """How many lines there are (one that does not end counts)."""
    lines: Any = 0
    for at in range(start, end - 4095, 4096):
        some = np.uint32(0)
        for byte in data[at : at + 4096]:
            some += np.uint32(byte == _NEWLINE)
        lines += np.int64(some)
    for at in range(end - (end - start) % 4096, end):
        lines += data[at] == _NEWLINE
    return int(lines + (1 if end > start and data[end - 1] != _NEWLINE else 0))


counted: Final[Any] = numba.njit(nogil=True, cache=True)(_counted)


def _parsed(  # noqa: C901, PLR0912, PLR0915 - one loop over bytes: cut apart it would be slower and no plainer
    data: Bytes, start: int, end: int, words: Words, plan: Plan, taken: Taken
) -> tuple[int, int]:
    """Read whole lines; returns how many records were made and how many lines were left."""
    # Arrays are taken out of their tuples once: numba counts references at every look into one.
    table, pool, word_kind, word_start, word_size, word_rank = words
    columns, separator, running, months, last_year, computed, places = plan[:7]
    low, high, usual_low, usual_high, actual, planned = plan[7:13]
    owned, since, until, over, county = plan[13:]
    out_key, out_value, out_line, out_left = taken
    mask = np.uint64(len(table) - 1)
    last = len(columns) - 1
    many, left, line, at = 0, 0, 0, start
    before, before_size, before_unit = 0, 0, -1
    number: Any
    read: Any
    while at < end:
        first, sound = at, True
        indicator, unit, year, month, role, status = -1, -1, 0, 0, _ACTUAL, _USUAL_STATUS
        number, digits, after, negative = 0, 0, -1, False
        for column in range(last + 1):
            kind = columns[column]
            cell = at
            if kind == VALUE:
                if at < end and (data[at] == _MINUS or data[at] == _PLUS):
                    negative = data[at] == _MINUS
                    at += 1
                while at < end and _ZERO <= data[at] <= _NINE and digits < _DIGITS:
                    number = number * 10 + (np.int64(data[at]) - _ZERO)
                    digits += 1
                    at += 1
                sound = digits > 0
                if at < end and data[at] == _POINT:
                    at += 1
                    after = 0
                    while at < end and _ZERO <= data[at] <= _NINE and digits < _DIGITS:
                        number = number * 10 + (np.int64(data[at]) - _ZERO)
                        digits += 1
                        after += 1
                        at += 1
                    sound = sound and after > 0
            elif kind == YEAR or kind == MONTH:  # noqa: PLR1714, SIM109 - a set or tuple is slower here
                read = 0
                while at < end and _ZERO <= data[at] <= _NINE and at - cell < 4:
                    read = read * 10 + (np.int64(data[at]) - _ZERO)
                    at += 1
                if kind == YEAR:
                    year = read
                else:
                    month = read
            else:
                same = False
                if kind == UNIT and before_size and at + before_size < end:
                    same = data[at + before_size] == separator
                    size = 0
                    while same and size < before_size:
                        same = data[at + size] == data[before + size]
                        size += 1
                if same:
                    at += before_size
                    unit = before_unit
                else:
                    plain = True
                    mixed = _SEED ^ np.uint64(kind)
                    while at < end:
                        byte = data[at]
                        if byte == separator or byte == _NEWLINE or byte == _RETURN:  # noqa: PLR1714, SIM109
                            break
                        mixed = (mixed ^ np.uint64(byte)) * _PRIME
                        plain = plain and byte < 128
                        sound = sound and byte != _QUOTE
                        at += 1
                    if kind == IGNORED:
                        sound = sound and plain
                    elif kind == REASON:
                        sound = sound and at == cell
                    elif kind != STATUS or at > cell:
                        rank = -1
                        place = np.int64((mixed ^ (mixed >> _HALF)) & mask)
                        while True:
                            word = table[place]
                            if word < 0:
                                break
                            if word_kind[word] == kind and word_size[word] == at - cell:
                                same = True
                                held = word_start[word]
                                for step in range(at - cell):
                                    if pool[held + step] != data[cell + step]:
                                        same = False
                                        break
                                if same:
                                    rank = word_rank[word]
                                    break
                            place = np.int64(np.uint64(place + 1) & mask)
                        sound = sound and rank >= 0
                        if kind == INDICATOR:
                            indicator = rank
                        elif kind == UNIT:
                            unit = rank
                            before, before_size, before_unit = cell, at - cell, rank
                        elif kind == ROLE:
                            role = rank
                        else:
                            status = rank
            if column < last:
                if at < end and data[at] == separator:
                    at += 1
                else:
                    sound = False
            if not sound:
                break
        if at < end and data[at] == _RETURN:
            at += 1
        sound = sound and (at >= end or data[at] == _NEWLINE)
        sound = sound and indicator >= 0 and unit >= 0 and digits > 0
        sound = sound and FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12
        if sound:
            power = places[indicator] - max(after, 0)
            while power < 0 and number % 10 == 0:
                number //= 10
                digits -= 1
                power += 1
            when = year * 12 + month - 1
            duty = actual[indicator] if role == _ACTUAL else planned[indicator]
            sound = (
                power >= 0
                and digits + power <= _DIGITS
                and (months[indicator] >> month) & 1 == 1
                and year <= last_year[indicator]
                and (role != _ACTUAL or (not computed[indicator] and when <= running))
                and since[unit] <= when <= until[unit]
                and duty != 0
                and (over[unit] == 1 or (over[unit] == 2 and owned[indicator] != 0))
            )
            if sound:
                value = number * _TENS[power]
                value = -value if negative else value
                odd = value > 0 and (value < usual_low[indicator] or value > usual_high[indicator])
                sound = low[indicator] <= value <= high[indicator] and not (odd and county[unit])
                if role != _ACTUAL:
                    status = _OF_TARGET if role == _TARGET else _OF_FORECAST
                out_key[many] = (
                    (np.int64(indicator) << INDICATOR_AT)
                    | (np.int64(unit) << UNIT_AT)
                    | (np.int64(year - FIRST_YEAR) << YEAR_AT)
                    | (np.int64(month) << MONTH_AT)
                    | (np.int64(role) << ROLE_AT)
                    | np.int64(status)
                )
                out_value[many] = value
                out_line[many] = line
                many += 1 if sound else 0
        while at < end and data[at] != _NEWLINE:
            at += 1
        if not sound:
            out_left[3 * left] = line
            out_left[3 * left + 1] = first
            out_left[3 * left + 2] = at
            left += 1
        at += 1
        line += 1
    return many, left


parsed: Final[Any] = numba.njit(nogil=True, cache=True)(_parsed)
