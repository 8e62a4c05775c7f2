"""The units of a cube in an order that makes adding up cheap: depth by depth, so that the areas below a unit lie side by side.

Rows are numbered depth by depth, inside a depth in the order of the parents. What lies right below one unit is one run
of rows: areas that stood all the time and have areas below them, areas that stood all the time and have none, areas
that came or went within the years of the cube, and last departments, which add up to nothing. Rows that have areas
below them are *interior* and are numbered once more, in the same order; only they have sums.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import accumulate, pairwise, repeat
from typing import Final

from shuzhi.cube.redrawn import Redrawn
from shuzhi.figures.tree import DEPARTMENT

Ints = memoryview
"""Numbers of 32 bits, format ``i``."""
EVER: Final = 4_000_000
"""A day (proleptic ordinal) after all days."""
EPOCH: Final = date(1970, 1, 1).toordinal()
"""The day Arrow counts days from."""


@dataclass(frozen=True)
class Axis:
    """The rows of a cube.

    ``starts[d]`` is the first row of depth d and ``inner_starts[d]`` its first interior number (one more of each at the
    end). By row: ``level`` (place in ``levels``), ``parent`` (-1 at the top), ``inner`` (interior number, -1 without areas
    below). By interior number: ``heads`` (its row), and the rows below it: ``lo`` to ``mid`` steady and interior, ``mid`` to
    ``firm`` steady without areas below, ``firm`` to ``hi`` areas that came or went, ``hi`` to ``end`` departments;
    ``expected`` (``[interior][month]``) counts those who have to report for it to be complete. ``shaky`` are the rows that
    came or went, rising, and ``stands`` (``[shaky][month]``, bytes) the months they count in. ``unrest`` tells of what lies
    below given rows: for each month the first in which the very same areas stood there. ``redrawn`` tells where units lay
    before (None where no boundary has changed).
    """

    names: bytes
    levels: tuple[str, ...]
    months: int
    starts: tuple[int, ...]
    inner_starts: tuple[int, ...]
    level: Ints
    parent: Ints
    inner: Ints
    heads: Ints
    lo: Ints
    mid: Ints
    firm: Ints
    hi: Ints
    end: Ints
    expected: Ints
    shaky: Ints
    stands: memoryview
    unrest: tuple[tuple[int, ...], ...] = ()
    redrawn: Redrawn | None = None

    @property
    def rows(self) -> int:
        """How many units there are."""
        return self.starts[-1]

    @property
    def interiors(self) -> int:
        """How many of them have areas below."""
        return self.inner_starts[-1]

    @property
    def depths(self) -> int:
        """How many depths there are."""
        return len(self.starts) - 1

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many units each depth has."""
        return tuple(last - first for first, last in pairwise(self.starts))

    @cached_property
    def codes(self) -> list[str]:
        """The code of each row."""
        return self.names.decode().split("\n")

    @cached_property
    def _found(self) -> dict[str, int]:
        """The first row of each code."""
        return dict(zip(reversed(self.codes), reversed(range(self.rows)), strict=False))

    @cached_property
    def _again(self) -> dict[str, list[int]]:
        """The further rows of codes that stand for several units."""
        again: dict[str, list[int]] = {}
        if len(self._found) < self.rows:
            for row, code in enumerate(self.codes):
                if self._found[code] != row:
                    again.setdefault(code, []).append(row)
        return again

    def find(self, code: str, level: str = "") -> int:
        """The row of a unit, -1 when it is not there. Codes of cities and counties collide once padded: then ``level``
        tells them apart, and without it the upper one is meant.
        """
        row = self._found.get(code, -1)
        if row < 0 or not level or self.level_of(row) == level:
            return row
        return next((other for other in self._again.get(code, ()) if self.level_of(other) == level), -1)

    def every(self, code: str, level: str) -> list[int]:
        """All rows of a unit, rising: more than one where closings list it in several places."""
        rows = [self._found[code], *self._again.get(code, ())] if code in self._found else []
        return [row for row in rows if self.level_of(row) == level]

    def rows_of(self, codes: Iterable[str]) -> list[int]:
        """The rows of many units, as :meth:`find` gives them without a level."""
        return list(map(self._found.get, codes, repeat(-1)))

    def depth(self, row: int) -> int:
        """How far below the top a row lies."""
        return bisect_left(self.starts, row + 1) - 1

    def level_of(self, row: int) -> str:
        """The level of a row's unit."""
        return self.levels[self.level[row]]

    def areas(self, row: int) -> range:
        """The rows of the areas right below a row, whether they stand or not."""
        place = self.inner[row]
        return range(self.lo[place], self.hi[place]) if place >= 0 else range(0)

    def counted(self, row: int, month: int) -> bool:
        """Whether a row adds to the one above it in a month."""
        above = self.parent[row]
        if above < 0 or row not in self.areas(above):
            return False
        return self.stood(row, month)

    def stood(self, row: int, month: int) -> bool:
        """Whether an area stood at the end of a month (the last day that counts)."""
        place = bisect_left(self.shaky, row)
        if place < len(self.shaky) and self.shaky[place] == row:
            return bool(self.stands[place * self.months + month])
        return True

    @cached_property
    def months_alike(self) -> tuple[int, ...]:
        """For each month the first in which the very same areas stood."""
        firsts: dict[tuple[int, ...], int] = {}
        return tuple(firsts.setdefault(self._stood_in(month), month) for month in range(self.months))

    def _stood_in(self, month: int) -> tuple[int, ...]:
        stood = tuple(self.stands[month :: self.months]) if len(self.shaky) else ()
        past = self.redrawn.past(self, month) if self.redrawn is not None else None
        lay = [place for pair in past.lay.items() for place in pair] if past is not None else []
        divided = sorted(past.divided) if past is not None else []
        return (*stood, *(each[month] for each in self.unrest), *lay, -1, *divided)

    def alike(self, month: int, other: int) -> bool:
        """Whether the very same areas stood in two months."""
        restless = len(self.shaky) or self.unrest or self.redrawn is not None
        return not restless or self.months_alike[month] == self.months_alike[other]

    def due(self, row: int, month: int) -> int:
        """How many have to report for a row to be complete in a month: those below it, or itself."""
        place = self.inner[row]
        return self.expected[place * self.months + month] if place >= 0 else 1

    def above(self, row: int) -> Iterator[int]:
        """The rows above a row, nearest first."""
        while (row := self.parent[row]) >= 0:
            yield row

    def siblings(self, row: int, month: int) -> list[int]:
        """The rows of a row's level right below the same unit that stood in a month, itself among them; areas that add to
        nothing there are not among those that do.
        """
        above = self.parent[row]
        areas = self.areas(above) if above >= 0 else range(self.starts[1])
        beside = (
            range(self.starts[1])
            if above < 0
            else range(self.lo[self.inner[above]], self.end[self.inner[above]])
            if self.inner[above] >= 0
            else [other for other in range(self.rows) if self.parent[other] == above]
        )
        return [
            other
            for other in beside
            if self.level[other] == self.level[row]
            and (other in areas) == (row in areas)
            and self.stood(other, month)
        ]


@dataclass(frozen=True, slots=True)
class Units:
    """Units in preorder: codes, levels, the place of each one's parent (-1 at the top), first and last day (ordinals).

    ``months`` says of some by month whether they count, whatever their days are; one that never counts stands beside the
    others like a department.
    """

    codes: Sequence[str]
    levels: Sequence[str]
    parents: Sequence[int]
    since: Sequence[int]
    until: Sequence[int]
    months: Mapping[int, bytes] = field(default_factory=dict)

    def beside(self, place: int) -> bool:
        """Whether a unit adds to nothing: a department, or one that never counts."""
        return self.levels[place] == DEPARTMENT or (place in self.months and not any(self.months[place]))

    def standing(self, place: int, days: Sequence[int]) -> bytes:
        """By month whether a unit counts."""
        known = self.months.get(place)
        if known is None:
            return bytes(self.since[place] <= day <= self.until[place] for day in days)
        return known


def ints(numbers: Sequence[int]) -> Ints:
    """Numbers as a column of 32 bits."""
    return memoryview(array("i", numbers))


def lay(units: Units, days: Sequence[int], given: Mapping[int, Sequence[int]] | None = None) -> Axis:
    """The axis of some units over months whose last days that count are ``days`` (ordinals, never falling).

    ``given`` are units without areas below them whose sums come from elsewhere, with the numbers expected of each by
    month: they are interior rows, and their runs are empty.
    """
    return laid(units, days, given)[0]


def laid(
    units: Units, days: Sequence[int], given: Mapping[int, Sequence[int]] | None = None
) -> tuple[Axis, list[int]]:
    """The axis as :func:`lay` makes it, and the row of each unit by its place (-1 of what hangs on nothing)."""
    given = given or {}
    count = len(units.codes)
    below: list[list[int]] = [[] for _ in range(count)]
    for place, above in enumerate(units.parents):
        if above >= 0:
            below[above].append(place)
    kinds = _kinds(units, days, below, given)
    order, starts = _ordered(units, kinds, below)
    row = {place: number for number, place in enumerate(order)}
    heads = [
        place
        for place in order
        if place in given or any(kinds[child] < _DEPARTMENT for child in below[place])
    ]
    inner = {place: number for number, place in enumerate(heads)}
    bounds = _bounds(heads, below, kinds, row, starts)
    lo, mid, firm, hi, end = (ints([bound[side] for bound in bounds]) for side in range(5))
    levels = tuple(sorted(set(units.levels)))
    shaky = [place for place in order if kinds[place] == _SHAKY]
    stands = {place: units.standing(place, days) for place in range(count) if kinds[place] == _SHAKY}
    expected = _expected(stands, len(days), heads, below, kinds, given)
    axis = Axis(
        "\n".join(units.codes[place] for place in order).encode(),
        levels,
        len(days),
        tuple(starts),
        tuple(sum(row[head] < start for head in heads) for start in starts),
        ints([levels.index(units.levels[place]) for place in order]),
        ints([row.get(units.parents[place], -1) for place in order]),
        ints([inner.get(place, -1) for place in order]),
        ints([row[head] for head in heads]),
        lo,
        mid,
        firm,
        hi,
        end,
        ints([number for head in heads for number in expected[head]]),
        ints([row[place] for place in shaky]),
        memoryview(b"".join(stands[place] for place in shaky)),
    )
    return axis, [row.get(place, -1) for place in range(count)]


_STEADY_INNER, _STEADY, _SHAKY, _DEPARTMENT = range(4)


def _kinds(
    units: Units, days: Sequence[int], below: list[list[int]], given: Mapping[int, Sequence[int]]
) -> list[int]:
    """In which of the four runs below its parent a unit stands."""
    kinds: list[int] = []
    for place in range(len(units.codes)):
        if units.beside(place):
            kinds.append(_DEPARTMENT)
        elif days and (
            place in units.months or not (units.since[place] <= days[0] and days[-1] <= units.until[place])
        ):
            kinds.append(_SHAKY)
        else:
            inner = place in given or any(not units.beside(child) for child in below[place])
            kinds.append(_STEADY_INNER if inner else _STEADY)
    return kinds


def _ordered(units: Units, kinds: list[int], below: list[list[int]]) -> tuple[list[int], list[int]]:
    """The units depth by depth, and the number of units above each depth."""
    depth = [place for place, above in enumerate(units.parents) if above < 0]
    order: list[int] = []
    starts = [0]
    while depth:
        order += depth
        starts.append(len(order))
        depth = [
            child
            for place in depth
            for child in sorted(below[place], key=lambda child: (kinds[child], child))
        ]
    return order, starts


def _bounds(
    heads: list[int], below: list[list[int]], kinds: list[int], row: dict[int, int], starts: list[int]
) -> list[list[int]]:
    """Where the four runs below each interior row begin and end; those of a given one where those before it end."""
    bounds: list[list[int]] = []
    for head in heads:
        next_depth = starts[bisect_left(starts, row[head] + 1)]
        last = max(bounds[-1][-1] if bounds else 0, next_depth)
        first = min((row[child] for child in below[head]), default=last)
        many = [sum(kinds[child] == kind for child in below[head]) for kind in range(4)]
        bounds.append(list(accumulate(many, initial=first)))
    return bounds


def _expected(
    stands: Mapping[int, bytes],
    months: int,
    heads: list[int],
    below: list[list[int]],
    kinds: list[int],
    given: Mapping[int, Sequence[int]],
) -> dict[int, list[int]]:
    """For each unit with areas below it, by month: those expected of its areas that stood; itself when none stood."""
    expected: dict[int, list[int]] = {}
    for head in reversed(heads):
        if head in given:
            expected[head] = list(given[head])
            continue
        totals = [0] * months
        for child in below[head]:
            own, stood = expected.get(child), stands.get(child)
            if kinds[child] == _DEPARTMENT:
                continue
            for month in range(months):
                if stood is None or stood[month]:
                    totals[month] += own[month] if own else 1
        expected[head] = [total or 1 for total in totals]
    return expected
