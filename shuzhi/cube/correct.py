"""Corrections of a live cube: what a unit newly says moves its own cell, all sums above it and the months after it, at once.

After any corrections the cube equals, in every cell, one built anew from the corrected observations; corrections of
different cells may come in any order. Growth, completion, shares and places are worked out when they are read
(:mod:`shuzhi.cube.reads`), so nothing else has to be brought up to date. A cube mapped from its file is never written to:
corrections work on a private copy (:meth:`Live.of`), and what was closed stays as it was closed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from shuzhi.cube.block import Block
from shuzhi.cube.build import held, lend
from shuzhi.cube.frame import MONTHS, ROLES, SILENT, UNSAID
from shuzhi.cube.planes import COUNTS, WHOLES, Planes, room
from shuzhi.cube.ripple import Mover

_ACTUAL, _FORECAST = "actual", "forecast"


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


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a block by numbers."""

    role: str
    row: int
    line: int
    slot: int


class Live:
    """A cube of one closing that can be corrected. ``block`` is its own, and always whole."""

    def __init__(self, block: Block) -> None:
        self._borrowed = list(block.borrowed) or [None] * block.axis.depths
        self.block = replace(block, borrowed=self._borrowed)
        self._movers = {role: Mover(block, role) for role in ROLES}
        self._codes: dict[tuple[str, str], int] = {}
        self._axis, self._frame = block.axis, block.frame

    @classmethod
    def of(cls, block: Block) -> "Live":
        """A live cube beginning as a block is; the block itself stays as it is."""
        planes = {role: _copied(each) for role, each in block.planes.items()}
        borrowed = [None if plane is None else memoryview(bytearray(plane)) for plane in block.borrowed]
        return cls(replace(block, planes=planes, borrowed=borrowed))

    def place(self, correction: Correction) -> Place:
        """The cell a correction is of; raises Unplaced."""
        frame, role = self._frame, correction.role
        key = correction.unit, correction.level
        row = self._codes.get(key, -1)
        if row < 0:
            row = self._codes[key] = self._axis.find(*key)
        line = frame.places.get(correction.indicator, -1)
        back = correction.year - frame.years[0] if frame.years else -1
        month = correction.month
        timely = 1 <= month <= MONTHS if role == _ACTUAL else role in self._movers and month == MONTHS
        if row < 0 or line < 0 or not timely or not 0 <= back < len(frame.years):
            raise Unplaced(f"{correction.indicator} {correction.unit} {correction.year}-{month} {role}")
        return Place(role, row, line, back * MONTHS + month - 1 if role == _ACTUAL else back)

    def apply(self, correction: Correction) -> bool:
        """Correct one cell with all that hangs on it; whether anything moved. Raises Unplaced, Refused."""
        return self._correct(self.place(correction), correction.word)

    def apply_all(self, corrections: Iterable[Correction]) -> int:
        """Correct many cells, in their order; how many moved. Nothing is corrected when one of them has no place."""
        found = [(self.place(correction), correction.word) for correction in corrections]
        return sum(self._correct(place, word) for place, word in found)

    def _correct(self, place: Place, word: int) -> bool:
        moved = False
        for told, said in self._told(place, word):
            moved |= self._movers[told.role].tell(told.row, told.line, told.slot, said)
        return moved

    def _told(self, place: Place, word: int) -> Iterator[tuple[Place, int]]:
        """The cells one word is written to: the year's forecast is also December's actual until there is one."""
        row, line = place.row, place.line
        if place.role == _FORECAST:
            yield place, word
            december = Place(_ACTUAL, row, line, place.slot * MONTHS + MONTHS - 1)
            if self._borrows(december) or self.block.own(_ACTUAL, row, line, december.slot) == UNSAID:
                self._lend(december, word != UNSAID)
                yield december, word
        elif place.role == _ACTUAL and place.slot % MONTHS == MONTHS - 1:
            forecast = UNSAID
            if word == UNSAID:
                forecast = self.block.own(_FORECAST, row, line, place.slot // MONTHS)
            self._lend(place, forecast != UNSAID)
            yield place, forecast if word == UNSAID else word
        else:
            yield place, word

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
