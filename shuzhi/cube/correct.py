"""Corrections of a live cube: what a unit newly says moves its own cell, all sums above it and the months after it, at once.

After any corrections the cube equals, in every cell, one built anew from the corrected observations; corrections of
different cells may come in any order. Growth, completion, shares and places are worked out when they are read
(:mod:`shuzhi.cube.reads`), so nothing else has to be brought up to date. A cube mapped from its file is never written to:
corrections work on a private copy (:meth:`Live.of`), and what was closed stays as it was closed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from shuzhi.cube.block import Block
from shuzhi.cube.build import held, lend
from shuzhi.cube.frame import MONTHS, ROLES, SILENT, UNSAID
from shuzhi.cube.kernels import kernel
from shuzhi.cube.planes import COUNTS, WHOLES, Planes, room
from shuzhi.cube.ripple import Mover

if TYPE_CHECKING:
    from shuzhi.cube.flood import Flood

_ACTUAL, _FORECAST = "actual", "forecast"


@dataclass(frozen=True, slots=True)
class Pace:
    """What is cheapest: from ``together`` words on they are told all at once (NumPy, numba), and the cube is rolled up anew
    where a word falls on every ``anew`` cells or fewer (None: as measured for the kernel). The cells are the same either
    way.
    """

    together: int = 64
    anew: int | None = None


USUAL: Final = Pace()
_ANEW: Final = {"numba": 2000, "numpy": 150}
"""About as many cells are rolled up in the time in which one word is told among many."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a unit newly says of one cell, the newest vintage of its observation.

    ``value`` is a whole number at the scale of the indicator's family, None when it is said to be missing; ``withdrawn`` takes
    back whatever was said. Targets and forecasts are of a year (``month`` 12). ``level`` tells apart units of one code.
    """

    indicator: str
    unit: str
    year: int
    month: int
    value: int | None
    role: str = _ACTUAL
    withdrawn: bool = False
    level: str = ""

    @property
    def word(self) -> int:
        """What the own plane holds; raises Refused when the value is too large for a cube."""
        if self.withdrawn:
            return UNSAID
        return SILENT if self.value is None else held(self.value, self.indicator, self.unit)


class Unplaced(Exception):
    """The cube has no such cell: no such unit, indicator, year or role. Then it must be built anew."""


class Place(NamedTuple):
    """A cell of a block by numbers."""

    role: str
    row: int
    line: int
    slot: int


class Live:
    """A cube of one closing that can be corrected. ``block`` is its own, and always whole."""

    def __init__(self, block: Block, *, kernel_name: str = "", pace: Pace = USUAL) -> None:
        self._kernel, self._pace = kernel(kernel_name), pace
        self._borrowed = list(block.borrowed) or [None] * block.axis.depths
        self.block = replace(block, borrowed=self._borrowed)
        self._movers = {role: Mover(block, role) for role in ROLES}
        self._floods: dict[str, Flood] = {}
        self._rows: dict[str, int] = {}
        self._axis, self._frame = block.axis, block.frame

    @classmethod
    def of(cls, block: Block, *, kernel_name: str = "", pace: Pace = USUAL) -> "Live":
        """A live cube beginning as a block is; the block itself stays as it is."""
        planes = {role: _copied(each) for role, each in block.planes.items()}
        borrowed = [None if plane is None else memoryview(bytearray(plane)) for plane in block.borrowed]
        return cls(replace(block, planes=planes, borrowed=borrowed), kernel_name=kernel_name, pace=pace)

    def place(self, correction: Correction) -> Place:
        """The cell a correction is of; raises Unplaced."""
        frame, role = self._frame, correction.role
        unit, level = correction.unit, correction.level
        row = self._rows.get(unit, -1) if not level else -1
        if row < 0:
            row = self._axis.find(unit, level)
            if not level:
                self._rows[unit] = row
        line = frame.places.get(correction.indicator, -1)
        back = correction.year - frame.years[0] if frame.years else -1
        month = correction.month
        timely = 1 <= month <= MONTHS if role == _ACTUAL else role in self._movers and month == MONTHS
        if row < 0 or line < 0 or not timely or not 0 <= back < len(frame.years):
            raise Unplaced(f"{correction.indicator} {correction.unit} {correction.year}-{month} {role}")
        return Place(role, row, line, back * MONTHS + month - 1 if role == _ACTUAL else back)

    def check(self, corrections: Iterable[Correction]) -> None:
        """Raise Unplaced or Refused when one of them cannot be applied."""
        self._sorted_out(corrections)

    def apply(self, correction: Correction) -> bool:
        """Correct one cell with all that hangs on it; whether anything moved. Raises Unplaced, Refused."""
        moved = False
        for told, word in self._told(self.place(correction), correction.word, {}):
            moved |= self._movers[told.role].tell(told.row, told.line, told.slot, word)
        return moved

    def apply_all(self, corrections: Iterable[Correction]) -> int:
        """Correct many cells; of several corrections of one cell the last counts. Returns how many cells moved.

        All or nothing: raises Unplaced or Refused before anything is changed.
        """
        plain, others = self._sorted_out(corrections)
        words: dict[str, dict[int, int]] = {_ACTUAL: plain}
        for place, word in others:
            for told, said in list(self._told(place, word, words)):
                words.setdefault(told.role, {})[self._key(told)] = said
        return sum(self._pour(self._movers[role], told) for role, told in words.items() if told)

    def _sorted_out(
        self, corrections: Iterable[Correction]
    ) -> tuple[dict[int, int], list[tuple[Place, int]]]:
        """The words of months before December by their keys, and all others: only these hang on each other."""
        frame, rows = self._frame, self._rows
        places, first, years = frame.places, frame.years[0] if frame.years else 0, len(frame.years)
        lines, slots = len(frame.lines), frame.months
        plain: dict[int, int] = {}
        others: list[tuple[Place, int]] = []
        for each in corrections:
            row, line = rows.get(each.unit, -1), places.get(each.indicator, -1)
            back, month = each.year - first, each.month
            early = 0 < month < MONTHS and 0 <= back < years and each.role == _ACTUAL
            if early and row >= 0 and line >= 0 and not each.level:
                plain[(row * lines + line) * slots + back * MONTHS + month - 1] = each.word
                continue
            place = self.place(each)
            if place.role == _ACTUAL and place.slot % MONTHS != MONTHS - 1:
                plain[self._key(place)] = each.word
            else:
                others.append((place, each.word))
        return plain, others

    def _key(self, place: Place) -> int:
        role, row, line, slot = place
        return (row * len(self._frame.lines) + line) * self._frame.slots(role) + slot

    def _pour(self, mover: Mover, told: dict[int, int]) -> int:
        """Tell words of one role, in the cheapest way that gives the same cells."""
        if self._kernel.name != "plain" and len(told) >= self._pace.together:
            from shuzhi.cube.flood import Flood

            if mover.role not in self._floods:
                self._floods[mover.role] = Flood(mover)
            pace = self._pace.anew
            anew = _ANEW[self._kernel.name] if pace is None else pace
            return self._floods[mover.role].tell(told, self._kernel, anew)
        return mover.tell_all(told)

    def _told(
        self, place: Place, word: int, words: Mapping[str, Mapping[int, int]]
    ) -> Iterator[tuple[Place, int]]:
        """The cells one word is written to: the year's forecast is also December's actual until there is one. ``words``
        are about to be written.
        """
        role, row, line, slot = place
        if role == _ACTUAL and slot % MONTHS != MONTHS - 1:
            yield place, word
        elif role == _FORECAST:
            yield place, word
            december = Place(_ACTUAL, row, line, slot * MONTHS + MONTHS - 1)
            if self._borrows(december) or self._own(december, words) == UNSAID:
                self._lend(december, word != UNSAID)
                yield december, word
        elif role == _ACTUAL:
            forecast = UNSAID
            if word == UNSAID:
                forecast = self._own(Place(_FORECAST, row, line, slot // MONTHS), words)
            self._lend(place, forecast != UNSAID)
            yield place, forecast if word == UNSAID else word
        else:
            yield place, word

    def _own(self, place: Place, words: Mapping[str, Mapping[int, int]]) -> int:
        word = words.get(place.role, {}).get(self._key(place))
        return self.block.own(*place) if word is None else word

    def _borrows(self, december: Place) -> bool:
        depth = self._axis.depth(december.row)
        plane = self._borrowed[depth]
        return plane is not None and bool(plane[self._december(depth, december)])

    def _december(self, depth: int, december: Place) -> int:
        frame, first = self._frame, self._axis.starts[depth]
        return ((december.row - first) * len(frame.lines) + december.line) * len(
            frame.years
        ) + december.slot // MONTHS

    def _lend(self, december: Place, lent: bool) -> None:
        if lent:
            back = december.slot // MONTHS
            lend(self._borrowed, self._axis, self._frame, december.row, december.line, back)
            return
        depth = self._axis.depth(december.row)
        plane = self._borrowed[depth]
        if plane is not None:
            plane[self._december(depth, december)] = 0


def _copied(planes: Planes) -> Planes:
    def copy(plane: memoryview, format_: str = WHOLES) -> memoryview:
        made = room(len(plane), format_)
        made[:] = plane
        return made

    return replace(
        planes,
        own=[None if plane is None else copy(plane) for plane in planes.own],
        reach=list(planes.reach),
        sums=copy(planes.sums),
        counts=copy(planes.counts, COUNTS),
        cumulative=None if planes.cumulative is None else copy(planes.cumulative),
        weights=copy(planes.weights),
    )
