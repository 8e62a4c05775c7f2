"""Closings over closings: which stand by themselves, and the one tree that all the others come to, unit by unit.

The law is the engine's. A closing below whose unit no other closing tells of anything stands by itself: it is a block,
and only its root is looked at from above. The others lie open: what lies right below a unit is what the nearest of them
that knows of any areas there says, month by month, and of a cell the nearest that says anything.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from shuzhi.cube.axis import EVER, Units
from shuzhi.cube.block import Block
from shuzhi.cube.nest.summit import Root, rootless
from shuzhi.figures.many.circles import circular, turned
from shuzhi.figures.tree import DEPARTMENT
from shuzhi.kernel.finding import Finding, Refused

WHOLE: Final = ""
"""The code of the unit over all, where several have nothing above them."""


@dataclass(frozen=True)
class Upper:
    """A closing that lies open in a crown: its block and its units."""

    block: Block
    units: Units

    @property
    def code(self) -> str:
        """The code of its own unit."""
        return self.block.source.unit_code

    @cached_property
    def own(self) -> int:
        """The place of its own unit; raises Refused when that is not among its units."""
        if self.code not in self.places:
            raise Refused(rootless(self.block))
        return self.places[self.code][0]

    @cached_property
    def places(self) -> Mapping[str, Sequence[int]]:
        """The places of each code: several where padded codes collide between levels."""
        found: dict[str, list[int]] = {}
        for place, code in enumerate(self.units.codes):
            found.setdefault(code, []).append(place)
        return found

    @cached_property
    def below(self) -> Sequence[Sequence[int]]:
        """The places right below each."""
        found: list[list[int]] = [[] for _ in self.units.codes]
        for place, above in enumerate(self.units.parents):
            if above >= 0:
                found[above].append(place)
        return found

    def steps(self, place: int) -> int:
        """How many steps a unit lies below the closing's own; to above the top of one that does not lie below it."""
        steps = 0
        while place not in (self.own, -1):
            place, steps = self.units.parents[place], steps + 1
        return steps

    def under(self, place: int) -> bool:
        """Whether a unit lies below the closing's own."""
        while place not in (self.own, -1):
            place = self.units.parents[place]
            if place == self.own:
                return True
        return False

    def row(self, place: int) -> int:
        """The row of a unit in the closing's block, -1 when it has none."""
        return self.block.axis.find(self.units.codes[place], self.units.levels[place])


Teller = tuple[Upper, int]
"""A closing that tells of a unit, and the place of the unit there."""


@dataclass(frozen=True)
class Woven:
    """All units above the blocks as one tree: by place who tells of each, nearest first, and the blocks' roots (``given``).

    A unit that two closings list in two places stands in both, and is told alike there. What adds to nothing (a
    department, an area only a farther closing knows) stands beside.
    """

    units: Units
    tellers: Sequence[Sequence[Teller]]
    given: Mapping[int, str]


def tellers_of(uppers: Iterable[Upper], code: str, level: str) -> list[Teller]:
    """The open closings that tell of a unit, the nearest first."""
    found = [(upper, place) for upper in uppers for place in upper.places.get(code, ())]
    if any(len(upper.places[code]) > 1 for upper, _ in found):  # the code stands for several units
        found = [(upper, place) for upper, place in found if upper.units.levels[place] == level]
    return sorted(found, key=lambda each: (each[0].steps(each[1]), each[0].code))


def weave(
    uppers: Sequence[Upper], roots: Mapping[str, Root], days: Sequence[int], inside: Container[str] = ()
) -> Woven:
    """The tree of some open closings above the roots of others, over months whose last days that count are ``days``;
    ``inside`` are units that open closings list, too, but that are looked for in the blocks.

    The first place is the whole: the only top, or a unit over all of them. Raises Refused when closings hold each other.
    """
    weaver = _Weaver(uppers, roots, days, inside)
    tops = weaver.tops()
    over = -1 if len(tops) == 1 else weaver.put(WHOLE, WHOLE, -1)
    for code in tops:
        if code in roots:
            weaver.grow(code, roots[code].level, over)
        else:
            own = weaver.uppers[code]
            weaver.grow(code, own.units.levels[own.own], over)
    weaver.strangers()
    return weaver.woven()


@dataclass
class _Area:
    """A unit right below another, and the months in which it counts there, a bit each."""

    code: str
    level: str
    months: int = 0


class _Weaver:
    """One tree while it is woven."""

    def __init__(
        self,
        uppers: Sequence[Upper],
        roots: Mapping[str, Root],
        days: Sequence[int],
        inside: Container[str],
    ) -> None:
        self.uppers = {each.code: each for each in sorted(uppers, key=lambda each: each.code)}
        self.roots, self.days, self.inside = roots, days, inside
        self.codes: list[str] = []
        self.levels: list[str] = []
        self.parents: list[int] = []
        self.months: dict[int, bytes] = {}
        self.told: list[Sequence[Teller]] = []
        self.ends: dict[int, str] = {}
        self._reached: set[tuple[str, int]] = set()
        self._known: dict[tuple[str, str], list[Teller]] = {}
        self._holding: dict[str, list[Upper]] = {}
        self._several: set[str] = set()
        for upper in self.uppers.values():
            for code, places in upper.places.items():
                self._holding.setdefault(code, []).append(upper)
                if len(places) > 1:
                    self._several.add(code)

    def tops(self) -> list[str]:
        """The closings whose unit no other one holds below its own, in order of their codes."""
        closings = self.uppers.keys() | self.roots.keys()
        held = {
            code
            for code in closings
            for upper in self._holding.get(code, ())
            if upper.code != code and any(map(upper.under, upper.places[code]))
        }
        found = sorted(closings - held)
        if closings and not found:
            raise Refused(circular([self._name(code) for code in sorted(closings)], min(closings)))
        return found

    def put(self, code: str, level: str, parent: int) -> int:
        """Put a unit in; returns its place."""
        place = len(self.codes)
        self.codes.append(code)
        self.levels.append(level)
        self.parents.append(parent)
        tellers = self._tellers(code, level)
        self.told.append(tellers)
        self._reached.update((upper.code, there) for upper, there in tellers)
        if code in self.roots and (code not in self._several or level == self.roots[code].level):
            self.ends[place] = code
        return place

    def _tellers(self, code: str, level: str) -> list[Teller]:
        known = self._known.get((code, level))
        if known is None:
            known = self._known[code, level] = tellers_of(self._holding.get(code, ()), code, level)
        return known

    def grow(self, code: str, level: str, parent: int, months: bytes | None = None) -> None:
        """Put a unit in with all below it; ``months`` where it does not count in all of them."""
        above = parent
        while above >= 0:
            if (self.codes[above], self.levels[above]) == (code, level):
                raise Refused(self._turned(above, parent))
            above = self.parents[above]
        place = self.put(code, level, parent)
        if months is not None:
            self.months[place] = months
        every = (1 << max(len(self.days), 1)) - 1
        for area in self._areas(place, every):
            partly = bytes(area.months >> month & 1 for month in range(len(self.days)))
            self.grow(area.code, area.level, place, None if area.months == every else partly)

    def _areas(self, place: int, every: int) -> Iterable[_Area]:
        """What lies right below a unit, in the order of the closings that tell of it; ``every`` are all months."""
        found: dict[tuple[str, str], _Area] = {}
        taken = every if place in self.ends else 0  # what lies below a root is left to its own block
        for upper, there in self.told[place]:
            here = 0
            for child in upper.below[there]:
                code, level = upper.units.codes[child], upper.units.levels[child]
                if code in self.inside:
                    continue
                key = code, level if code in self._several else ""
                stood = 0 if level == DEPARTMENT else self._stood(upper.units, child, every)
                area = found.setdefault(key, _Area(code, level))
                if stood & ~taken and not area.months:
                    area.level = level  # as the closing calls it by which it counts
                area.months |= stood & ~taken
                here |= stood
            taken |= here
        return found.values()

    def _stood(self, units: Units, place: int, every: int) -> int:
        """The months in which a unit stood, a bit each; without any month, as things stand."""
        days, since, until = self.days, units.since[place], units.until[place]
        if not days or (since <= days[0] and days[-1] <= until):
            return every
        return sum((since <= day <= until) << month for month, day in enumerate(days))

    def strangers(self) -> None:
        """Put in what no top leads to, with nothing above it."""
        for upper in self.uppers.values():
            for place, (code, level) in enumerate(zip(upper.units.codes, upper.units.levels, strict=True)):
                if (upper.code, place) not in self._reached and code not in self.inside:
                    self.grow(code, level, -1)

    def woven(self) -> Woven:
        """What has been woven."""
        many = len(self.codes)
        units = Units(self.codes, self.levels, self.parents, [0] * many, [EVER] * many, self.months)
        return Woven(units, self.told, self.ends)

    def _turned(self, top: int, place: int) -> Finding:
        """A unit lies below itself again: by way of other closings' own units, or as closings tell of the same units."""
        way = [place]
        while way[-1] != top:
            way.append(self.parents[way[-1]])
        way.reverse()
        codes = [self.codes[each] for each in way]
        closings = sorted({code for code in codes if code in self.uppers or code in self.roots})
        if len(closings) > 1:
            return circular([self._name(code) for code in closings], closings[0])
        tellers = map(self._nearest, way, [*codes[1:], codes[0]])
        return turned(codes, [teller.block.source.unit_name for teller in tellers], codes[0])

    def _nearest(self, place: int, code: str) -> Upper:
        """The nearest closing that lists a unit right below one."""
        return next(
            upper
            for upper, there in self.told[place]
            if any(upper.units.codes[each] == code for each in upper.below[there])
        )

    def _name(self, code: str) -> str:
        if code in self.uppers:
            return self.uppers[code].block.source.unit_name
        return self.roots[code].source.unit_name if code in self.roots else code
