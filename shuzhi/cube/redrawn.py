"""Boundaries that have changed, as rows of a cube: which units lay elsewhere before, and what that makes of a month.

The rows of a cube lie as units stand now. What kernels add up is therefore right of every unit but those something came
to or left, and those above them, and of these in all months since the last change. The others are *touched*: their cells
are worked out when they are read (:mod:`shuzhi.cube.restated`), as the engine does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

YEAR: Final = 12
NOWHERE: Final = -2
"""Where a unit lay that its closing does not list there: it stands in another row, too."""


class Rows(Protocol):
    """The rows of an axis, as far as the past is told from them (:class:`shuzhi.cube.axis.Axis`)."""

    @property
    def codes(self) -> Sequence[str]:
        """The code of each row."""
        ...

    @property
    def parent(self) -> memoryview:
        """The row above each row, -1 at the top."""
        ...

    @property
    def redrawn(self) -> "Redrawn | None":
        """What is known of earlier boundaries."""
        ...

    def level_of(self, row: int) -> str:
        """The level of a row's unit."""
        ...

    def every(self, code: str, level: str) -> Sequence[int]:
        """All rows of a unit, rising."""
        ...

    def above(self, row: int) -> Iterable[int]:
        """The rows above a row, nearest first."""
        ...

    def areas(self, row: int) -> Sequence[int]:
        """The rows of the areas right below a row."""
        ...

    def stood(self, row: int, month: int) -> bool:
        """Whether an area stood at the end of a month."""
        ...


@dataclass(frozen=True)
class Redrawn:
    """What is known of earlier boundaries, days as ordinals.

    ``moves``: a row, the one it lay under (-1 at the top, ``NOWHERE``), and the first and last day on which it stood there.
    ``splits``: a row that took a part of another unit, and the first and last day on which that one was still whole.
    ``ended``: rows of units that are no more. ``days`` are the last days of the months that count.
    """

    moves: tuple[tuple[int, int, int, int], ...]
    splits: tuple[tuple[int, int, int], ...]
    ended: frozenset[int]
    days: tuple[int, ...]
    _pasts: dict[int, "Past | None"] = field(default_factory=dict, compare=False, repr=False)

    def as_json(self) -> list[object]:
        """As a block's header writes it."""
        return [
            [list(each) for each in self.moves],
            [list(each) for each in self.splits],
            sorted(self.ended),
            list(self.days),
        ]

    def past(self, axis: Rows, month: int) -> "Past | None":
        """How units lay in a month; None where no boundary has changed since."""
        if month not in self._pasts:
            day = self.days[month]
            lay = {row: above for row, above, first, last in self.moves if first <= day <= last}
            divided = frozenset(into for into, first, last in self.splits if first <= day <= last)
            self._pasts[month] = Past(axis, month, lay, divided) if lay or divided else None
        return self._pasts[month]

    def touches(self, axis: Rows, row: int, month: int) -> bool:
        """Whether a row's cell of a month must be worked out when it is read."""
        past = self.past(axis, month)
        return past is not None and row in past.touched

    def touches_year(self, axis: Rows, row: int, month: int) -> bool:
        """The same of the sum since January."""
        return any(self.touches(axis, row, each) for each in range(month - month % YEAR, month + 1))


def carried(axis: Rows, told: Iterable[Rows], days: Sequence[int]) -> Redrawn | None:
    """What the axes of several closings tell of earlier boundaries, by rows of an axis above them all, over months whose last
    days are ``days``; of a unit's places the last of the axes that knows of any tells. None where none of them knows of any.
    """
    moves: dict[str, list[tuple[int, int, int, int]]] = {}
    splits: dict[tuple[int, int, int], None] = {}
    ended: set[int] = set()
    for theirs in told:
        redrawn = theirs.redrawn
        if redrawn is None:
            continue
        lain: dict[str, list[tuple[int, int, int, int]]] = {}
        for row, above, first, last in redrawn.moves:
            now, *others = _rows(axis, theirs, row)
            here = [(now, _rows(axis, theirs, above)[0], first, last)] if now >= 0 else []
            here += [(other, NOWHERE, first, last) for other in others]
            lain.setdefault(theirs.codes[row], []).extend(here)
        moves |= lain
        for into, first, last in redrawn.splits:
            splits |= {(row, first, last): None for row in _rows(axis, theirs, into) if row >= 0}
        ended |= {row for each in redrawn.ended for row in _rows(axis, theirs, each)}
    if not moves and not splits:
        return None
    every = tuple(move for lain in moves.values() for move in lain)
    return Redrawn(every, tuple(splits), frozenset(ended - {-1}), tuple(days))


def _rows(axis: Rows, theirs: Rows, row: int) -> list[int]:
    """The rows of another axis's unit, first the one under the same unit as there; -1 where there is none."""
    if row < 0:
        return [-1]
    above = theirs.parent[row]
    code = theirs.codes[above] if above >= 0 else ""
    found = axis.every(theirs.codes[row], theirs.level_of(row))
    return sorted(found, key=lambda each: axis.parent[each] < 0 or axis.codes[axis.parent[each]] != code) or [
        -1
    ]


def redrawn_of(said: Sequence[Any]) -> Redrawn | None:
    """What a block's header wrote; None where it wrote nothing. Raises TypeError or ValueError on anything else."""
    if not said:
        return None
    moves, splits, ended, days = said
    lain = tuple((row, above, first, last) for row, above, first, last in moves)
    parts = tuple((row, first, last) for row, first, last in splits)
    return Redrawn(lain, parts, frozenset(ended), tuple(days))


class Past:
    """How the units of a cube lay in one month: ``lay`` are those that lay elsewhere, with the row they lay under;
    ``divided`` those that later took a part of a unit still whole then.
    """

    def __init__(self, axis: Rows, month: int, lay: Mapping[int, int], divided: frozenset[int]) -> None:
        self.axis, self.month, self.divided = axis, month, divided
        self.lay = {row: above for row, above in lay.items() if above != NOWHERE}
        self._nowhere = lay.keys() - self.lay.keys()
        self._moved: dict[int, list[int]] = {}
        for row, above in self.lay.items():
            self._moved.setdefault(above, []).append(row)
        touched = {each for row in lay for each in (*axis.above(row), *self._above(row))}
        self.touched = frozenset(touched | divided)

    def _above(self, row: int) -> list[int]:
        """The rows above a row then, nearest first."""
        found: list[int] = []
        while (row := self.lay[row] if row in self.lay else self.axis.parent[row]) >= 0:
            found.append(row)
        return found

    def areas(self, row: int) -> list[int]:
        """The areas right below a row that stood then."""
        gone = self.lay.keys() | self._nowhere
        stayed = (area for area in self.axis.areas(row) if area not in gone)
        return [area for area in stayed if self.axis.stood(area, self.month)] + self._moved.get(row, [])

    def within(self, row: int, top: int) -> bool:
        """Whether a row is or lay below another one then."""
        return row == top or top in self._above(row)

    def _now(self, row: int, top: int) -> bool:
        return row == top or top in self.axis.above(row)

    def came(self, top: int) -> list[int]:
        """The uppermost rows that lie in a row now and did not then."""
        return [row for row, above in self.lay.items() if self._now(row, top) and not self._held(above, top)]

    def left(self, top: int) -> list[int]:
        """The rows that lay in a row then, or in what came to it, and do not now."""
        return [
            row
            for row, above in self.lay.items()
            if row != top and self._held(above, top) and not self._now(row, top)
        ]

    def _held(self, above: int, top: int) -> bool:
        return above >= 0 and self._now(above, top)
