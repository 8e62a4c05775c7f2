"""The cells some figures need, found once and read together: positions in the planes of a cube's blocks.

Planes are looked up anew at every reading, so that a live cube's corrections show at once; what they mean does not
change as long as the cube keeps its units, indicators and years.
"""

import struct
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from shuzhi.cube import exact
from shuzhi.cube.asking.codes import NOTHING, Code, Exact, Uncompiled, Values, Whole, averaged, leaf
from shuzhi.cube.asking.formulas import Pair, pair
from shuzhi.cube.block import Block
from shuzhi.cube.cube import Cube
from shuzhi.cube.exact import Spot
from shuzhi.cube.frame import BEYOND, MONTHS, SILENT, weighs
from shuzhi.cube.planes import COUNTS, WHOLES, Planes, fits
from shuzhi.figures.context import Context
from shuzhi.figures.tree import DEPARTMENT
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.measure import UNITS

_Take = Callable[[memoryview], tuple[int, ...]]
_OWN, _SUM, _WEIGHT, _HEARD = "own", "sum", "weight", "heard"


def taker(positions: Sequence[int], format_: str = WHOLES) -> _Take:
    """A function that takes these rising positions of a plane of such numbers: what lies between is skipped as padding, which
    costs half of asking for each position.
    """
    wide = struct.calcsize(f"={format_}")
    gaps = (at - before - 1 for before, at in zip((-1, *positions), positions, strict=False))
    taken: _Take = struct.Struct("=" + "".join(f"{gap * wide}x{format_}" for gap in gaps)).unpack_from
    return taken


@dataclass
class _Group:
    """Cells of one plane of one block, read together; ``depth`` names an own plane, ``kind`` one of sums; ``first`` is the
    place of the first of them in the plan.
    """

    block: Block
    role: str
    kind: str
    depth: int
    spots: list[tuple[int, Spot]] = field(default_factory=list, init=False)
    places: dict[tuple[int, Spot], int] = field(default_factory=dict, init=False)
    first: int = 0

    def settle(self) -> None:
        """Put the spots in the order of the plane, once all are known, and find the counts that tell of all."""
        self.spots = sorted(self.places, key=self._position)
        self.places = {spot: place for place, spot in enumerate(self.spots)}
        at = [self._position(spot) for spot in self.spots]
        self._due = tuple(self.block.axis.due(row, spot.month) for row, spot in self.spots)
        self._take = taker(at, COUNTS if self.kind == _HEARD else WHOLES)
        self._heard = taker(at, COUNTS)
        if self.kind == _SUM:
            few = sorted(self._few(), key=self._position)
            self._told = taker([self._position(cell) for cell in few], COUNTS)
            self._told_due = tuple(self.block.axis.due(row, spot.month) for row, spot in few)

    def _few(self) -> set[tuple[int, Spot]]:
        """Cells whose counts tell of all: where all areas below a unit are read, its own count says whether they are whole."""
        axis, lines = self.block.axis, self.block.frame.lines
        below: dict[tuple[int, Spot], int] = {}
        for row, spot in self.spots:
            if lines[spot.line].adds and axis.counted(row, spot.month):
                above = axis.parent[row], spot
                below[above] = below.get(above, 0) + axis.due(row, spot.month)
        told = {(row, spot) for (row, spot), due in below.items() if due == axis.due(row, spot.month)}
        self._above = {axis.depth(row) for row, _ in told}
        return told | {(row, spot) for row, spot in self.spots if (axis.parent[row], spot) not in told}

    def _whole(self, planes: Planes) -> bool:
        """Whether all cells are whole. What a unit says of itself is complete whatever lies below it, so where units above have
        spoken for themselves every cell is looked at.
        """
        if all(planes.own[depth] is None for depth in self._above):
            return self._told(planes.counts) == self._told_due
        return self._heard(planes.counts) == self._due

    def _position(self, cell: tuple[int, Spot]) -> int:
        """Where a cell lies in its plane."""
        row, spot = cell
        frame, axis = self.block.frame, self.block.axis
        number = row - axis.starts[self.depth] if self.kind == _OWN else axis.inner[row]
        lines, line = len(frame.lines), spot.line
        if self.kind == _WEIGHT:
            lines, line = len(frame.means), frame.means.index(line)
        return (number * lines + line) * frame.slots(self.role) + spot.slot

    def read(self) -> Sequence[int | None]:
        """What the cells hold; None where a cell is not whole."""
        planes = self.block.planes[self.role]
        if self.kind == _OWN:
            plane = planes.own[self.depth]
            if plane is None:
                return (None,) * len(self.spots)
            said = self._take(plane)
            return said if min(said) > SILENT else [None if word <= SILENT else word for word in said]
        if not planes.sums:
            return (0 if self.kind == _HEARD else None,) * len(self.spots)
        if self.kind == _WEIGHT:
            return self._take(planes.weights)
        if self.kind == _HEARD:
            return self._take(planes.counts)
        sums = self._take(planes.sums)
        if self._whole(planes) and fits(self.block.axis, planes):
            return sums
        return [
            None if count != due else total if total != BEYOND else self._beyond(at)
            for at, (total, count, due) in enumerate(
                zip(sums, self._heard(planes.counts), self._due, strict=True)
            )
        ]

    def _beyond(self, at: int) -> int:
        """A sum that 64 bits do not hold; of a weighted mean the mark itself, for the mean is worked out as one."""
        row, spot = self.spots[at]
        if self.block.frame.lines[spot.line].weight >= 0:
            return BEYOND
        return exact.cell(self.block, row, spot).sum


class Plan:
    """The cells of some figures of one cube. Formulas are compiled twice: first to see which cells they need, then, when
    every cell has its place (:meth:`settle`), to the code that reads them.
    """

    def __init__(self, cube: Cube, catalogue: Catalogue) -> None:
        self.cube = cube
        self.catalogue = catalogue
        self.settled = False
        self._groups: dict[tuple[int, str, str, int], _Group] = {}

    @property
    def as_of(self) -> date:
        """The last day the cube knows of."""
        return self.cube.block.source.as_of

    def settle(self) -> None:
        """Every cell has been asked for: give each its place."""
        first = 0
        for group in self._groups.values():
            group.settle()
            group.first = first
            first += len(group.spots)
        self.settled = True

    def values(self) -> Values:
        """What all cells hold now, in the order of the plan."""
        groups = list(self._groups.values())
        if len(groups) == 1:
            return groups[0].read()
        values: list[int | None] = []
        for group in groups:
            values += group.read()
        return values

    # --- what the compiler asks for -----------------------------------------------------------------------------------

    def observed(self, indicator: Indicator, context: Context) -> Code:
        """The code that reads an indicator as observed; raises Uncompiled where the cube does not hold it."""
        block, row = self.row(context)
        if context.role not in ("actual", "target", "forecast"):
            raise Uncompiled("最近一期的数要另外查找")
        line = block.frame.places.get(indicator.code, -1)
        if line < 0:
            return self._unheard(indicator)
        slot = block.frame.slot(line, context.year, context.month, context.role)
        if slot < 0:
            raise Uncompiled(f"数据立方里没有{context.year}年")
        asked = (context.year - block.frame.years[0]) * MONTHS + context.month - 1
        self._check_day(block, context)
        spot = Spot(context.role, line, slot, block.frame.month(context.role, slot))
        family = UNITS[indicator.unit].family
        scale = 10**family.scale
        if spot.month != asked and not block.axis.alike(spot.month, asked):
            return self._exactly(block, row, Spot(context.role, line, slot, asked), scale, family.name)
        if _touched(block, row, spot.month):
            return self._exactly(block, row, spot, scale, family.name)
        return self._cell(block, row, spot, scale, family.name)

    def heard(
        self, indicator: Indicator, context: Context
    ) -> tuple[Callable[[Values], int | None], int, int]:
        """How many have reported (a function of the plan's cells), are expected, and were a year before."""
        block, row = self.row(context)
        line = block.frame.places.get(indicator.code, -1)
        slot = -1 if line < 0 else block.frame.slot(line, context.year, context.month, context.role)
        if slot < 0:
            return (lambda _: 0), 1, 1
        asked = (context.year - block.frame.years[0]) * MONTHS + context.month - 1
        spot = Spot(context.role, line, slot, block.frame.month(context.role, slot))
        due = _due(block, row, asked)
        before = _due(block, row, asked - MONTHS) if asked >= MONTHS else due
        steady = spot.month == asked or block.axis.alike(spot.month, asked)
        if block.axis.inner[row] < 0 or not steady or _touched(block, row, asked):
            asked_spot = Spot(context.role, line, slot, asked)
            return (lambda _: exact.cell(block, row, asked_spot).count), due, before
        return self._leaf(block, _HEARD, -1, row, spot, 1, "").read, due, before

    def row(self, context: Context) -> tuple[Block, int]:
        """The block and row of a context's unit."""
        if context.then:
            raise Uncompiled("按当时区划要另外计算")
        try:
            return self.cube.place(context.unit)
        except KeyError:
            raise Uncompiled(f"数据立方里没有单位“{context.unit}”") from None

    def siblings(self, context: Context) -> Sequence[str]:
        """The units of the context's unit's level under the same parent that stood then, itself among them."""
        block, row = self.row(context)
        axis, above = block.axis, block.axis.parent[row]
        if not context.unit or above < 0:
            return ()
        if (
            block is self.cube.block and not axis.codes[above]
        ):  # under nothing but the whole of several closings
            return [axis.codes[other] for other in axis.areas(above)]
        if axis.level_of(row) == DEPARTMENT:
            raise Uncompiled("部门的名次要另外计算")
        if row not in axis.areas(above) or len(axis.every(context.unit, axis.level_of(row))) > 1:
            raise Uncompiled("几份结账列的下级不一，名次要另外计算")
        self._check_day(block, context)
        if not block.frame.years or not block.frame.years[0] <= context.year <= block.frame.years[-1]:
            raise Uncompiled(f"数据立方里没有{context.year}年")
        month = (context.year - block.frame.years[0]) * MONTHS + context.month - 1
        return [axis.codes[other] for other in axis.siblings(row, month)]

    # --- cells --------------------------------------------------------------------------------------------------------

    def _unheard(self, indicator: Indicator) -> Code:
        if indicator.rollup.startswith("wmean:") and not weighs(self.catalogue.indicators, indicator.code):
            raise Uncompiled("权数与数值不在同一期，或本身是加权平均")
        return NOTHING

    def _check_day(self, block: Block, context: Context) -> None:
        """Boundaries are those of the month's last day that counts; where the engine looks at another day and units came or
        went, the engine is asked.
        """
        last = date(context.year, context.month, monthrange(context.year, context.month)[1])
        restless = len(block.axis.shaky) or block.axis.redrawn is not None
        if restless and context.cutoff != min(last, block.source.as_of):
            raise Uncompiled("当月区划有变动")

    def _cell(self, block: Block, row: int, spot: Spot, scale: int, family: str) -> Code:
        depth = block.axis.depth(row)
        if block.axis.inner[row] < 0:
            return self._leaf(block, _OWN, depth, row, spot, scale, family)
        total = self._leaf(block, _SUM, -1, row, spot, scale, family)
        if block.frame.lines[spot.line].weight < 0:
            return total
        weight = self._leaf(block, _WEIGHT, -1, row, spot, 1, family)
        return averaged(total, weight, self._exactly(block, row, spot, scale, family))

    def _leaf(
        self, block: Block, kind: str, depth: int, row: int, spot: Spot, scale: int, family: str
    ) -> Whole:
        key = id(block), spot.role, kind, depth
        if not self.settled:
            group = self._groups.setdefault(key, _Group(block, spot.role, kind, depth))
            group.places[row, spot] = 0
            return leaf(0, scale, family)
        group = self._groups[key]
        return leaf(group.first + group.places[row, spot], scale, family)

    def _exactly(self, block: Block, row: int, spot: Spot, scale: int, family: str) -> Exact:
        """A cell worked out anew at every reading: rare, and slow."""

        def worked(_values: Values) -> Pair | None:
            found = exact.cell(block, row, spot)
            return pair(found.sum, found.weight * scale) if found.whole else None

        return Exact(worked, family)


def _touched(block: Block, row: int, month: int) -> bool:
    """Whether a row's cell of a month is worked out when it is read, for boundaries changed since."""
    redrawn = block.axis.redrawn
    return redrawn is not None and redrawn.touches(block.axis, row, month)


def _due(block: Block, row: int, month: int) -> int:
    """How many have to report for a row to be complete in a month."""
    redrawn = block.axis.redrawn
    past = redrawn.past(block.axis, month) if redrawn is not None else None
    if past is None or row not in past.touched:
        return block.axis.due(row, month)
    from shuzhi.cube.restated import expected_of  # drawn in where boundaries have changed, and only there

    return expected_of(block, row, past)
