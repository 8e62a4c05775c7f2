"""Corrections of a live cube: what a unit newly says moves its own cell, all sums above it and the months after it, at once.

After any corrections the cube equals, in every cell, one built anew from the corrected observations; corrections of
different cells may come in any order. Growth, completion, shares and places are worked out when they are read
(:mod:`shuzhi.cube.asking.reads`), so nothing else has to be brought up to date. A cube mapped from its file is never written to:
corrections work on a private copy (:meth:`Live.of`), and what was closed stays as it was closed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple, Union

from shuzhi.cube.block import Block
from shuzhi.cube.build import held, lend
from shuzhi.cube.correcting.news import ACTUAL, FORECAST, Batch, Correction, News, Unplaced, unplaced
from shuzhi.cube.correcting.ripple import Mover
from shuzhi.cube.frame import MONTHS, ROLES, SILENT, UNSAID
from shuzhi.cube.kernels import kernel
from shuzhi.cube.planes import COUNTS, WHOLES, Planes, room

if TYPE_CHECKING:
    from shuzhi.cube.correcting.flood import Flood
    from shuzhi.cube.correcting.placing import Placed

__all__ = ["USUAL", "Batch", "Correction", "Live", "Pace", "Unplaced"]


@dataclass(frozen=True, slots=True)
class Pace:
    """What is cheapest: from ``together`` corrections on they are told all at once (NumPy, numba), and the cube is rolled up
    anew where a word falls on every ``anew`` cells or fewer (None: as measured for the kernel). The cells are the same either
    way.
    """

    together: int = 64
    anew: int | None = None


USUAL: Final = Pace()
_ANEW: Final = {"numba": 50, "numpy": 30, "plain": 5}
"""About as many cells are rolled up in the time in which one word is told among many."""


class Place(NamedTuple):
    """A cell of a block by numbers."""

    role: str
    row: int
    line: int
    slot: int


class Sorted(NamedTuple):
    """Corrections that have found their cells: words of months before December by row × lines + line × slots + slot; others."""

    early: Mapping[int, int]
    others: list[tuple[Place, int]]


Ready = Union[Sorted, "Placed"]


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
        timely = 1 <= month <= MONTHS if role == ACTUAL else role in self._movers and month == MONTHS
        if row < 0 or line < 0 or not timely or not 0 <= back < len(frame.years):
            raise unplaced(correction)
        return Place(role, row, line, back * MONTHS + month - 1 if role == ACTUAL else back)

    def apply(self, correction: Correction) -> bool:
        """Correct one cell with all that hangs on it; whether anything moved. Raises Unplaced, Refused."""
        moved = False
        for told, word in self._told(self.place(correction), correction.word, {}):
            moved |= self._movers[told.role].tell(told.row, told.line, told.slot, word)
        return moved

    def apply_all(self, news: News) -> int:
        """Correct many cells; of several corrections of one cell the last counts. Returns how many cells moved.

        All or nothing: raises Unplaced or Refused before anything is changed.
        """
        return self.tell(self.ready(news))

    def ready(self, news: News) -> Ready:
        """Corrections that have all found their cells, for :meth:`tell`; raises Unplaced or Refused when one does not."""
        given = news if isinstance(news, Batch | list) else list(news)
        if self._kernel.name == "plain" or len(given) < self._pace.together:
            return self._sorted_out(given)
        from shuzhi.cube.correcting.placing import placed

        return placed(self._axis, self._frame, given)

    def tell(self, ready: Ready) -> int:
        """Correct the cells of corrections that are ready; how many moved."""
        if not isinstance(ready, Sorted):
            return self._pour(ready)
        words: dict[str, dict[int, int]] = {ACTUAL: dict(ready.early)}
        for place, word in ready.others:
            for told, said in list(self._told(place, word, words)):
                words.setdefault(told.role, {})[self._key(told)] = said
        return sum(self._drip(self._movers[role], told) for role, told in words.items() if told)

    def _sorted_out(self, news: Iterable[Correction]) -> Sorted:
        """The words of months before December by their keys, and all others: only these hang on each other."""
        frame, rows = self._frame, self._rows
        places, first, years = frame.places, frame.years[0] if frame.years else 0, len(frame.years)
        lines, slots = len(frame.lines), frame.months
        early: dict[int, int] = {}
        others: list[tuple[Place, int]] = []
        for each in news:
            indicator, unit, year, month, value, role, withdrawn, level = each
            row, line, back = rows.get(unit, -1), places.get(indicator, -1), year - first
            word = UNSAID if withdrawn else SILENT if value is None else held(value, indicator, unit)
            soon = 0 < month < MONTHS and 0 <= back < years and role == ACTUAL
            if soon and row >= 0 and line >= 0 and not level:
                early[(row * lines + line) * slots + back * MONTHS + month - 1] = word
                continue
            place = self.place(each)
            if place.role == ACTUAL and place.slot % MONTHS != MONTHS - 1:
                early[self._key(place)] = word
            else:
                others.append((place, word))
        return Sorted(early, others)

    def _key(self, place: Place) -> int:
        role, row, line, slot = place
        return (row * len(self._frame.lines) + line) * self._frame.slots(role) + slot

    @property
    def _anew(self) -> int:
        return _ANEW[self._kernel.name] if self._pace.anew is None else self._pace.anew

    def _drip(self, mover: Mover, told: Mapping[int, int]) -> int:
        """Tell words of one role one by one, or write them and roll up anew."""
        if len(told) * self._anew <= self._axis.rows * mover.lines * mover.slots:
            return mover.tell_all(told)
        moved = mover.write_all(told)
        self._kernel.roll(self._axis, self._frame, mover.planes)
        return moved

    def _pour(self, placed: "Placed") -> int:
        """Tell words of all roles, many together."""
        from shuzhi.cube.correcting.flood import Flood
        from shuzhi.cube.correcting.placing import year_ends

        if not self._floods:
            self._floods = {role: Flood(mover, self._kernel) for role, mover in self._movers.items()}
        words = {**placed, ACTUAL: year_ends(self.block, self._borrowed, placed)}
        return sum(self._floods[role].tell(told, self._anew) for role, told in words.items())

    def _told(
        self, place: Place, word: int, words: Mapping[str, Mapping[int, int]]
    ) -> Iterator[tuple[Place, int]]:
        """The cells one word is written to: the year's forecast is also December's actual until there is one. ``words``
        are about to be written.
        """
        role, row, line, slot = place
        if role == ACTUAL and slot % MONTHS != MONTHS - 1:
            yield place, word
        elif role == FORECAST:
            yield place, word
            december = Place(ACTUAL, row, line, slot * MONTHS + MONTHS - 1)
            if self._borrows(december) or self._own(december, words) == UNSAID:
                self._lend(december, word != UNSAID)
                yield december, word
        elif role == ACTUAL:
            forecast = UNSAID
            if word == UNSAID:
                forecast = self._own(Place(FORECAST, row, line, slot // MONTHS), words)
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
