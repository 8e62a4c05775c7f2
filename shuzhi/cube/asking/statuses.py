"""How sure what units said is: the status words (预计 … 决算) beside a block's planes, kept by exception.

A status belongs to what a unit said of itself; that of a sum is the weakest among those it rests on, as the figure reader
has it. In nearly every month all say an indicator with one word, so that a block needs one word a line and slot, and the rows
that say another; only where there are such rows are a sum's units looked through.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from shuzhi.cube.asking.codes import Code, Uncompiled
from shuzhi.cube.asking.compiled import Cells
from shuzhi.cube.block import Block
from shuzhi.cube.exact import Spot
from shuzhi.cube.frame import MONTHS, ROLES, SILENT, UNSAID
from shuzhi.figures.context import Context
from shuzhi.figures.leaves import walk
from shuzhi.kernel.catalogue.definitions import STATUSES, Catalogue, Indicator
from shuzhi.kernel.expr.nodes import Binary, Call, Literal, Name, Node, Unary

Told = tuple[str, str, int, int, str, str]
"""What a status hangs on: indicator, unit, year, month, role, status."""

_PLACE: Final = {word: place for place, word in enumerate(STATUSES)}
_NONE: Final = len(STATUSES)
"""No status."""
_ESTIMATED: Final = 0
_SURE: Final = frozenset(
    {"growth", "lastyear", "target", "forecast", "completion", "rank", "param", "share", "coverage", "gap"}
)
"""Functions and signs that need all they name, whatever it comes to."""

_SIGNS: Final = frozenset({"+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">="})


class Statuses:
    """The status words of one block's units, told cell by cell; a later word of a cell takes the place of an earlier."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self._usual: dict[tuple[str, int, int], int] = {}
        self._others: dict[tuple[str, int, int], dict[int, int]] = {}
        self._rows: dict[str, int] = {}

    def tell(self, told: Iterable[Told]) -> None:
        """Take in the status words of observations, newest vintages last; what the block has no cell for is nothing."""
        frame = self.block.frame
        for indicator, unit, year, month, role, status in told:
            line = frame.places.get(indicator, -1)
            if line < 0 or not frame.years or not frame.years[0] <= year <= frame.years[-1]:
                continue
            if role == "target" or (role != "actual" and month != MONTHS):
                continue  # a target has no status
            if unit not in self._rows:
                self._rows[unit] = self.block.axis.find(unit)
            back = year - frame.years[0]
            slot = back * MONTHS + month - 1 if role == "actual" else back
            word = _ESTIMATED if role == "forecast" else _PLACE.get(status, _NONE)
            self._put((role, line, slot), self._rows[unit], word)

    def _put(self, key: tuple[str, int, int], row: int, word: int) -> None:
        if self._usual.setdefault(key, word) != word:
            self._others.setdefault(key, {})[row] = word
        elif key in self._others:
            self._others[key].pop(row, None)

    # --- asked ----------------------------------------------------------------------------------------------------------

    def own(self, row: int, spot: Spot) -> str:
        """The status word of what a unit said of itself; 预计 where the year's forecast stands in for its December."""
        place = self._own(row, spot.role, spot.line, spot.slot)
        return "" if place == _NONE else STATUSES[place]

    def weakest(self, spots: Iterable[tuple[int, Spot]]) -> str:
        """The weakest status word some whole cells (row and spot) rest on, "" when they have none."""
        place = _NONE
        for row, spot in spots:
            place = min(place, self._cell(row, spot))
            if place == _ESTIMATED:
                break
        return "" if place == _NONE else STATUSES[place]

    def _own(self, row: int, role: str, line: int, slot: int) -> int:
        december = role == "actual" and slot % MONTHS == MONTHS - 1
        if december and self.block.stood_in(row, line, slot // MONTHS):
            return _ESTIMATED
        key = (role, line, slot)
        usual, others = self._usual.get(key, _NONE), self._others.get(key)
        return usual if others is None else others.get(row, usual)

    def _cell(self, row: int, spot: Spot) -> int:
        key = (spot.role, spot.line, spot.slot)
        mean = self.block.frame.lines[spot.line].weight >= 0
        if not mean and not self._others.get(key) and not self._lent(spot):
            return self._usual.get(key, _NONE)
        return min(self._beneath(row, spot, weighed=False), default=_NONE)

    def _beneath(self, row: int, spot: Spot, *, weighed: bool) -> Iterator[int]:
        """The words of all a cell is made of: the unit's own, or those of its areas; with those of their weights."""
        block = self.block
        own = block.own(spot.role, row, spot.line, spot.slot)
        if own != UNSAID:
            if own > SILENT:
                yield self._own(row, spot.role, spot.line, spot.slot)
            weight = block.frame.lines[spot.line].weight
            if weighed and weight >= 0:
                yield self._cell(row, Spot(spot.role, weight, spot.slot, spot.month))
            return
        if block.frame.lines[spot.line].adds:
            for area in block.axis.areas(row):
                if block.axis.stood(area, spot.month):
                    yield from self._beneath(area, spot, weighed=True)

    def _lent(self, spot: Spot) -> bool:
        """Whether a December may be somebody's forecast."""
        december = spot.role == "actual" and spot.slot % MONTHS == MONTHS - 1
        return december and any(plane is not None for plane in self.block.borrowed)

    # --- kept -----------------------------------------------------------------------------------------------------------

    def as_json(self) -> list[list[Any]]:
        """The words as lists: role, line, slot, the usual word, and the rows that say another."""
        return [
            [*key, word, sorted(self._others.get(key, {}).items())]
            for key, word in sorted(self._usual.items())
        ]

    @classmethod
    def from_json(cls, said: Iterable[Sequence[Any]], block: Block) -> "Statuses":
        """The words of a block again; raises ValueError or TypeError on anything else."""
        made = cls(block)
        for role, line, slot, word, others in said:
            if role not in ROLES or not all(isinstance(each, int) for each in (line, slot, word)):
                raise ValueError("no status words")
            made._usual[role, line, slot] = word
            if others:
                made._others[role, line, slot] = {int(row): int(other) for row, other in others}
        return made


# --- what a formula rests on ---------------------------------------------------------------------------------------------


class Watched:
    """Cells as a compiler asks for them, noting which; ``spots`` are those asked for since :meth:`begin`."""

    def __init__(self, cells: Cells, block: Block) -> None:
        self.catalogue: Catalogue = cells.catalogue
        self.spots: dict[tuple[int, Spot], None] = {}
        self._cells = cells
        self._block = block

    def begin(self) -> None:
        """Note what is asked for from now on."""
        self.spots = {}

    def observed(self, indicator: Indicator, context: Context) -> Code:
        """See :class:`shuzhi.cube.asking.compiled.Cells`."""
        code = self._cells.observed(indicator, context)
        found = _spot(self._block, indicator, context)
        if found is not None:
            redrawn = self._block.axis.redrawn
            if redrawn is not None and redrawn.touches(self._block.axis, found[0], found[1].month):
                raise Uncompiled("当时的区划与现在不同，状态要另外查")
            self.spots[found] = None
        return code

    def siblings(self, context: Context) -> Sequence[str]:
        """See :class:`shuzhi.cube.asking.compiled.Cells`."""
        return self._cells.siblings(context)


def _spot(block: Block, indicator: Indicator, context: Context) -> tuple[int, Spot] | None:
    """The cell of an indicator in a context, as :meth:`shuzhi.cube.asking.cells.Plan.observed` finds it."""
    row = block.axis.find(context.unit) if context.unit else block.root
    line = block.frame.places.get(indicator.code, -1)
    slot = -1 if line < 0 else block.frame.slot(line, context.year, context.month, context.role)
    if row < 0 or slot < 0:
        return None
    asked = (context.year - block.frame.years[0]) * MONTHS + context.month - 1
    stands = block.frame.month(context.role, slot)
    alike = stands == asked or block.axis.alike(stands, asked)
    return row, Spot(context.role, line, slot, stands if alike else asked)


def rests_on_all(node: Node, indicators: Mapping[str, Indicator]) -> bool:
    """Whether a formula, when it has an answer, was worked out from every indicator it names: nothing in it chooses."""
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        for part in walk(waiting.pop()):
            if isinstance(part, Name):
                named = indicators.get(part.parts[0])
                for each in (named, indicators.get(named.growth_by) if named is not None else None):
                    if each is not None and each.expression is not None and each.code not in seen:
                        seen.add(each.code)
                        waiting.append(each.expression.node)
            elif not _plain(part):
                return False
    return True


def _plain(part: Node) -> bool:
    if isinstance(part, Literal):
        return True
    if isinstance(part, Unary):
        return True
    if isinstance(part, Binary):
        return part.sign in _SIGNS
    return isinstance(part, Call) and part.function in _SURE
