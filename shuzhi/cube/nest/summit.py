"""What a crown is, and what it takes of each block: the words and sums of the block's root."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from shuzhi.cube.block import Block, Source
from shuzhi.cube.exact import Ground, Spot
from shuzhi.cube.frame import MONTHS, ROLES, UNSAID, Frame
from shuzhi.cube.planes import column
from shuzhi.kernel.finding import Finding, Refused


@dataclass(frozen=True)
class Crown(Block):
    """The levels above many blocks: a block whose lowest rows are given.

    ``roots`` are the rows of each root by its unit's code (more than one only where closings list it in several places);
    ``open`` gives a root's block when a cell must be worked out from what lies below it.
    """

    roots: Mapping[str, Sequence[int]] = field(default_factory=dict)
    lent: list[memoryview | None] = field(default_factory=list)
    open: Callable[[str], Block] | None = None

    @property
    def root(self) -> int:
        """The row of the whole."""
        return 0

    def deeper(self, row: int, spot: Spot) -> tuple[Ground, int, Spot] | None:
        """The same cell in the block whose root a given row is."""
        code = self.axis.codes[row]
        if self.open is None or row not in self.roots.get(code, ()):
            return None
        if self.own(spot.role, row, spot.line, spot.slot) != UNSAID:
            return None
        block = self.open(code)
        line = block.frame.places.get(self.frame.lines[spot.line].code, -1)
        back = self.frame.years[0] - (block.frame.years[0] if block.frame.years else 0)
        slot = spot.slot + back * (MONTHS if spot.role == "actual" else 1)
        month = spot.month + back * MONTHS
        if line < 0 or not 0 <= month < block.frame.months:
            return None
        return block, block.root, Spot(spot.role, line, slot, month)


def crown_again(block: Block, opener: Callable[[str], Block]) -> Crown:
    """The crown that a block kept in a file is: its roots are the rows with sums but no areas below them."""
    axis = block.axis
    rows: dict[str, tuple[int, ...]] = {}
    for place, row in enumerate(axis.heads):
        if axis.lo[place] == axis.hi[place]:
            rows[axis.codes[row]] = (*rows.get(axis.codes[row], ()), row)
    lent = list(block.borrowed)
    return Crown(block.source, block.frame, axis, block.planes, lent, rows, lent, opener)


@dataclass(frozen=True)
class Root:
    """What a crown takes of a block, copied: the words and sums of its root, by role."""

    source: Source
    frame: Frame
    own: Mapping[str, memoryview | None]
    sums: Mapping[str, tuple[memoryview, memoryview, memoryview] | None]
    expected: Sequence[int]
    lent: memoryview | None
    level: str
    alike: tuple[int, ...]


def root_of(block: Block) -> Root:
    """The root's row of each plane of a block; raises Refused when its unit is not among its own units."""
    row = block.root
    if row < 0:
        raise Refused(rootless(block))
    depth, place = block.axis.depth(row), block.axis.inner[row]
    own: dict[str, memoryview | None] = {}
    sums: dict[str, tuple[memoryview, memoryview, memoryview] | None] = {}
    for role in ROLES:
        planes, width = block.planes[role], block.frame.width(role)
        means = len(block.frame.means) * block.frame.slots(role)
        plane, at = planes.own[depth], (row - block.axis.starts[depth]) * width
        own[role] = None if plane is None else _copy(plane[at : at + width])
        sums[role] = None
        if place >= 0 and not planes.silent():
            sums[role] = (
                _copy(planes.sums[place * width : (place + 1) * width]),
                _copy(planes.counts[place * width : (place + 1) * width]),
                _copy(planes.weights[place * means : (place + 1) * means]),
            )
    expected = [block.axis.due(row, month) for month in range(block.axis.months)]
    if block.axis.redrawn is not None:
        # Drawn in where boundaries have changed, and only there.
        from shuzhi.cube.restated import correct_root

        correct_root(block, row, sums, expected)
    lent = block.borrowed[depth] if block.borrowed else None
    years = len(block.frame.lines) * len(block.frame.years)
    if lent is not None:
        at = row - block.axis.starts[depth]
        lent = _copy(lent[at * years : (at + 1) * years])
    restless = len(block.axis.shaky) or block.axis.unrest or block.axis.redrawn is not None
    alike = block.axis.months_alike if restless else ()
    return Root(block.source, block.frame, own, sums, expected, lent, block.axis.level_of(row), alike)


def rootless(block: Block) -> Finding:
    """What is said of books without the unit they are of."""
    said = f"{block.source.unit_name}的结账里没有这个单位自己（{block.source.unit_code}）"
    return Finding("cube.rootless", said, "请用原系统重新结账", block.source.unit_code)


def _copy(plane: memoryview) -> memoryview:
    return column(bytearray(plane), plane.format)
