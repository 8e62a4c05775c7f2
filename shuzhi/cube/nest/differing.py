"""Cells of a cube that several closings tell, and tell otherwise: the warnings the engine gives beside a figure."""

from collections.abc import Iterator, Sequence

from shuzhi.cube.block import Block
from shuzhi.cube.crown import Crown
from shuzhi.cube.cube import Cube
from shuzhi.cube.exact import Spot
from shuzhi.cube.frame import MONTHS, SILENT, UNSAID
from shuzhi.cube.nest.grafting import lent_at
from shuzhi.cube.nest.nesting import tellers_of
from shuzhi.figures.gather import told_twice
from shuzhi.figures.observed import Measured, Seen
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.finding import Finding

_MOST = 20


def differing(
    cube: Cube, indicator: Indicator, unit: str, year: int, month: int, role: str = "actual"
) -> tuple[Finding, ...]:
    """Where closings differ on the cells an indicator of a unit ("" the whole) rests on in a period, in words, sorted; at most
    20, as the engine gives them. Of a cube mapped from files, those that hold units of others must have been given.

    Raises KeyError for an unknown unit.
    """
    block, row = cube.place(unit)
    line = block.frame.places.get(indicator.code, -1)
    slot = -1 if line < 0 else block.frame.slot(line, year, month, role)
    if not isinstance(block, Crown) or slot < 0:
        return ()
    asked = (year - block.frame.years[0]) * MONTHS + month - 1
    spot = Spot(role, line, slot, asked)
    found = {str(each): each for each in _below(_Asked(cube, block, indicator, spot), row)}
    return tuple(found[said] for said in sorted(found)[:_MOST])


class _Asked:
    """One question: the cells below a row that are told by several closings."""

    def __init__(self, cube: Cube, crown: Crown, indicator: Indicator, spot: Spot) -> None:
        self.cube, self.crown, self.spot = cube, crown, spot
        self.measured = Measured.of(indicator)

    def told(self, row: int) -> Sequence[tuple[str, Seen]]:
        """What the closings say of a row's cell, the nearest first; of a December without any actual the forecasts."""
        said = self._told(row, self.spot.role, self.spot.slot)
        december = self.spot.role == "actual" and self.spot.slot % MONTHS == MONTHS - 1
        return self._told(row, "forecast", self.spot.slot // MONTHS) if december and not said else said

    def _told(self, row: int, role: str, slot: int) -> Sequence[tuple[str, Seen]]:
        code, level = self.crown.axis.codes[row], self.crown.axis.level_of(row)
        tellers = [
            (upper.block, upper.row(place))
            for upper, place in tellers_of(self.cube.uppers.values(), code, level)
        ]
        if row in self.crown.roots.get(code, ()):
            own = self.cube.blocks.get(code)
            tellers.insert(0, (own, own.root))
        found = []
        for block, there in tellers:
            word = self._word(block, there, role, slot)
            if word != UNSAID:
                found.append((block.source.unit_name, self._seen(code, role, slot, word)))
        return found

    def _word(self, block: Block, row: int, role: str, slot: int) -> int:
        """What a closing itself says of a cell of the crown."""
        line = block.frame.places.get(self.measured.code, -1)
        step = MONTHS if role == "actual" else 1
        years = block.frame.years
        there = slot + (self.crown.frame.years[0] - years[0]) * step if years else -1
        if line < 0 or not 0 <= there < block.frame.slots(role):
            return UNSAID
        december = role == "actual" and there % MONTHS == MONTHS - 1
        lent = december and lent_at(block, row, line, there // MONTHS)
        return UNSAID if lent else block.own(role, row, line, there)

    def _seen(self, code: str, role: str, slot: int, word: int) -> Seen:
        back, month = divmod(slot, MONTHS) if role == "actual" else (slot, MONTHS - 1)
        year, value = self.crown.frame.years[0] + back, None if word == SILENT else word
        return Seen(self.measured.code, code, year, month + 1, role, 1, "", value, "")


def _below(asked: _Asked, row: int) -> Iterator[Finding]:
    """The differences at a row, or, where nobody told of it, below."""
    told, crown = asked.told(row), asked.crown
    if told:
        yield from told_twice(told, asked.measured)
    elif crown.frame.lines[asked.spot.line].adds:
        for area in crown.axis.areas(row):
            if crown.axis.stood(area, asked.spot.month):
                yield from _below(asked, area)
