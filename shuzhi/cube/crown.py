"""The crown: the levels above many blocks. Its lowest rows are the roots of the blocks, their sums given by them.

Above them lies the tree of a closing that holds their units (a province's own books), else nothing; what no other
unit lies above is added up under one root, the unit "". Where a root said nothing of itself, the word of the closing above
counts, as everywhere: the nearest tells first.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from shuzhi.cube.axis import EVER, Units, lay
from shuzhi.cube.block import Block, Source
from shuzhi.cube.boundaries import last_days
from shuzhi.cube.build import lend
from shuzhi.cube.exact import Ground, Spot
from shuzhi.cube.frame import BEYOND, LARGEST, MONTHS, ROLES, SILENT, UNSAID, Frame, Line
from shuzhi.cube.kernels import Kernel
from shuzhi.cube.planes import WHOLES, Planes, column, fresh
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.finding import Finding, Refused

WHOLE = ""
"""The code of the unit over all, where several have nothing above them."""


@dataclass(frozen=True)
class Crown(Block):
    """The levels above many blocks: a block whose lowest rows are given.

    ``roots`` is the row of each root by its unit's code; ``open`` gives a root's block when a cell must be worked out from
    what lies below it.
    """

    roots: Mapping[str, int] = field(default_factory=dict)
    lent: list[memoryview | None] = field(default_factory=list)
    open: Callable[[str], Block] | None = None

    @property
    def root(self) -> int:
        """The row of the whole."""
        return 0

    def deeper(self, row: int, spot: Spot) -> tuple[Ground, int, Spot] | None:
        """The same cell in the block whose root a given row is."""
        code = self.axis.codes[row]
        if self.open is None or self.roots.get(code) != row:
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


def crown_again(block: Block, codes: Iterable[str], opener: Callable[[str], Block]) -> Crown:
    """The crown that a block kept in a file is; ``codes`` are those of its roots."""
    axis = block.axis
    wanted = set(codes)
    given = (row for place, row in enumerate(axis.heads) if axis.lo[place] == axis.hi[place])
    rows = {axis.codes[row]: row for row in given if axis.codes[row] in wanted}
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
        said = f"{block.source.unit_name}的结账里没有这个单位自己（{block.source.unit_code}）"
        raise Refused(Finding("cube.rootless", said, "请用原系统重新结账", block.source.unit_code))
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
    months = range(block.axis.months)
    lent = block.borrowed[depth] if block.borrowed else None
    years = len(block.frame.lines) * len(block.frame.years)
    if lent is not None:
        at = row - block.axis.starts[depth]
        lent = _copy(lent[at * years : (at + 1) * years])
    expected = [block.axis.due(row, month) for month in months]
    restless = len(block.axis.shaky) or block.axis.unrest
    alike = block.axis.months_alike if restless else ()
    return Root(block.source, block.frame, own, sums, expected, lent, block.axis.level_of(row), alike)


def _copy(plane: memoryview) -> memoryview:
    return column(bytes(plane), plane.format)


def crown_of(
    below: Iterable[Root],
    kernel: Kernel,
    *,
    upper: tuple[Block, Units] | None = None,
    opener: Callable[[str], Block] | None = None,
) -> Crown:
    """The crown above the roots of some blocks, each of another unit, in any order.

    ``upper`` are the block and the units of a closing that holds their roots (its lines and years count, too). Raises
    Refused when two blocks are of one unit.
    """
    roots: dict[str, Root] = {}
    for root in below:
        code = root.source.unit_code
        if code in roots:
            said = f"{root.source.unit_name}有两份结账，合并会重复计数"
            raise Refused(Finding("figures.closings-overlap", said, "每个单位只用一份结账", code))
        roots[code] = root
    sources = {code: root.source for code, root in roots.items()}
    above = [upper[0].source] if upper else []
    frame = _frame([root.frame for root in roots.values()] + ([upper[0].frame] if upper else []))
    as_of = max((source.as_of for source in (*sources.values(), *above)), default=date.min)
    units = _units(roots, upper[1] if upper else Units([], [], [], [], []))
    places = _places(units, roots)
    given = {places[code]: _expected(root, frame) for code, root in roots.items()}
    unrest = {_spread(root, root.alike, frame) for root in roots.values() if root.alike}
    axis = replace(lay(units, last_days(frame.years, as_of), given), unrest=tuple(sorted(unrest)))
    origin = digest(
        canonical(sorted([source.observation, source.units] for source in (*sources.values(), *above)))
    )
    name = above[0].unit_name if above else "全部"
    source = Source(above[0].unit_code if above else WHOLE, name, as_of, origin, origin)
    nobody: list[memoryview | None] = [None] * axis.depths
    planes = {role: fresh(axis, frame, role, list(nobody), [0] * axis.depths) for role in ROLES}
    rows = {code: axis.find(code, units.levels[place]) for code, place in places.items()}
    crown = Crown(source, frame, axis, planes, nobody, rows, nobody, opener)
    for role in ROLES:
        _ready(crown, role, roots, upper[0] if upper else None)
    for code in sorted(roots):
        _give(crown, code, roots[code])
    for role in ROLES:
        if upper is not None:
            _fill(crown, role, upper[0])
        if not crown.planes[role].silent():
            kernel.roll(axis, frame, crown.planes[role])
    return crown


def replaced(
    crown: Crown, before: Root, root: Root, kernel: Kernel, upper: Block | None = None
) -> Crown | None:
    """The crown once one of its roots is no longer as ``before``: its row and those above it are worked out again, the
    rest stays (and the crown given is not to be used any more). None when the new block has other lines, years or a new role, and the crown must be made anew.
    """
    code = root.source.unit_code
    if code not in crown.roots or _frame([crown.frame, root.frame]) != crown.frame:
        return None
    row = crown.roots[code]
    due = tuple(crown.axis.due(row, month) for month in range(crown.axis.months))
    if _expected(root, crown.frame) != due or root.alike != before.alike:
        return None
    for role in ROLES:
        said = root.sums[role] is not None or root.own[role] is not None
        if said and (crown.planes[role].silent() or crown.planes[role].own[crown.axis.depth(row)] is None):
            return None
    planes = {role: _writable(each) for role, each in crown.planes.items()}
    lent = [None if plane is None else memoryview(bytearray(plane)) for plane in crown.borrowed]
    fresh_crown = replace(crown, planes=planes, borrowed=lent, lent=lent)
    _give(fresh_crown, code, root)
    for role in ROLES:
        if upper is not None:
            _fill(fresh_crown, role, upper, row)
        if not planes[role].silent():
            above = [row, *crown.axis.above(row)]
            kernel.roll(crown.axis, crown.frame, planes[role], [crown.axis.inner[each] for each in above])
    return fresh_crown


def _writable(planes: Planes) -> Planes:
    """The planes in memory that may be changed: these very ones, unless they are mapped from a file."""
    if not planes.sums.readonly:
        return planes

    def copy(plane: memoryview) -> memoryview:
        return column(bytearray(plane), plane.format)

    return replace(
        planes,
        own=[None if plane is None else copy(plane) for plane in planes.own],
        reach=list(planes.reach),
        sums=copy(planes.sums),
        counts=copy(planes.counts),
        cumulative=None if planes.cumulative is None else copy(planes.cumulative),
        weights=copy(planes.weights),
    )


# --- shape ----------------------------------------------------------------------------------------------------------


def _frame(frames: Sequence[Frame]) -> Frame:
    """The lines and years of all frames together."""
    years = [year for each in frames for year in each.years]
    known: dict[str, tuple[Line, str]] = {}
    for each in frames:
        for line in each.lines:
            weight = each.lines[line.weight].code if line.weight >= 0 else ""
            known[line.code] = (line, weight)
    codes = sorted(known)
    place = {code: number for number, code in enumerate(codes)}
    lines = tuple(replace(known[code][0], weight=place.get(known[code][1], -1)) for code in codes)
    return Frame(lines, tuple(range(min(years), max(years) + 1)) if years else ())


def _units(roots: Mapping[str, Root], upper: Units) -> Units:
    """The units above the roots and these, in preorder, the whole over them where they have several tops.

    What the closing above holds below a root is left to the root's own closing.
    """
    ends = set(_places(upper, roots).values())
    kept: dict[int, int] = {}
    for place, parent in enumerate(upper.parents):
        if parent < 0 or (parent in kept and parent not in ends):
            kept[place] = len(kept)
    known = {upper.codes[place] for place in ends & kept.keys()}
    loose = sorted(code for code in roots if code not in known)
    shift = int(len(loose) + sum(upper.parents[place] < 0 for place in kept) != 1)
    parents = [
        kept[upper.parents[place]] + shift if upper.parents[place] >= 0 else shift - 1 for place in kept
    ]
    return Units(
        [WHOLE] * shift + [upper.codes[place] for place in kept] + loose,
        [WHOLE] * shift + [upper.levels[place] for place in kept] + [roots[code].level for code in loose],
        [-1] * shift + parents + [shift - 1] * len(loose),
        [0] * shift + [upper.since[place] for place in kept] + [0] * len(loose),
        [EVER] * shift + [upper.until[place] for place in kept] + [EVER] * len(loose),
    )


def _places(units: Units, roots: Mapping[str, Root]) -> dict[str, int]:
    """Where the roots stand among some units: by code and level, else by code alone."""
    found: dict[str, int] = {}
    for place, (code, level) in enumerate(zip(units.codes, units.levels, strict=True)):
        if code in roots and (code not in found or level == roots[code].level):
            found[code] = place
    return found


def _expected(root: Root, frame: Frame) -> tuple[int, ...]:
    """Those expected of a root by month of a frame."""
    return _spread(root, root.expected or [1], frame)


def _spread(root: Root, by_month: Sequence[int], frame: Frame) -> tuple[int, ...]:
    """Numbers by month of a root, by month of a frame; beyond the root's own years as at their edge."""
    back = (frame.years[0] - root.frame.years[0]) * MONTHS if root.frame.years and frame.years else 0
    last = len(by_month) - 1
    return tuple(by_month[min(max(month + back, 0), last)] for month in range(frame.months))


def _ready(crown: Crown, role: str, roots: Mapping[str, Root], upper: Block | None) -> None:
    """Make the own planes of the depths at which roots and units above them may have spoken."""
    planes, axis = crown.planes[role], crown.axis
    if upper is not None and not upper.planes[role].silent():
        depths = set(range(axis.depths))
    else:
        spoken = (code for code, root in roots.items() if root.sums[role] or root.own[role] is not None)
        depths = {axis.depth(crown.roots[code]) for code in spoken}
    for depth in depths:
        cells = (axis.starts[depth + 1] - axis.starts[depth]) * crown.frame.width(role)
        planes.own[depth] = memoryview(array("q", [UNSAID]) * cells).cast("B").cast(WHOLES)
    if depths:
        made = fresh(axis, crown.frame, role, planes.own, planes.reach)
        planes.sums, planes.counts, planes.weights = made.sums, made.counts, made.weights
        planes.cumulative = made.cumulative


# --- rows -----------------------------------------------------------------------------------------------------------


def _lines(crown: Crown, frame: Frame, role: str) -> list[tuple[int, int, slice, slice]]:
    """For each line of a frame: its place there and in the crown, and the cells of the years both have."""
    step = MONTHS if role == "actual" else 1
    if not frame.years or not crown.frame.years:
        return []
    shift = (frame.years[0] - crown.frame.years[0]) * step
    here, there = frame.slots(role), crown.frame.slots(role)
    first, last = max(0, -shift), min(here, there - shift)
    return [
        (
            place,
            crown.frame.places[line.code],
            slice(first, last),
            slice(first + shift, last + shift),
        )
        for place, line in enumerate(frame.lines)
        if line.code in crown.frame.places
    ]


def _give(crown: Crown, code: str, root: Root) -> None:
    """Put a root's words and sums into its row."""
    row = crown.roots[code]
    axis, frame = crown.axis, crown.frame
    depth, place = axis.depth(row), axis.inner[row]
    for role in ROLES:
        planes, slots, here = crown.planes[role], frame.slots(role), root.frame.slots(role)
        own, given = planes.own[depth], root.sums[role]
        if own is None:
            continue
        width = frame.width(role)
        at = (row - axis.starts[depth]) * width
        own[at : at + width] = memoryview(array("q", [UNSAID]) * width).cast("B").cast(WHOLES)
        _clear(planes, place, frame, role)
        if role == "actual":
            _lend(crown, row, root)
        for from_, to, cut, into in _lines(crown, root.frame, role):
            source = slice(from_ * here + cut.start, from_ * here + cut.stop)
            start = to * slots + into.start
            many = cut.stop - cut.start
            said = root.own[role]
            if said is not None:
                own[at + start : at + start + many] = said[source]
                planes.reach[depth] = max(planes.reach[depth], _reach(said[source]))
            if given is None:
                continue
            target = place * width + start
            planes.sums[target : target + many] = given[0][source]
            planes.counts[target : target + many] = given[1][source]
            if frame.lines[to].weight < 0:
                planes.reach[depth] = max(planes.reach[depth], _size(given[0][source]))
            else:
                nth, old = frame.means.index(to), root.frame.means.index(from_)
                heavy = (place * len(frame.means) + nth) * slots + into.start
                planes.weights[heavy : heavy + many] = given[2][
                    old * here + cut.start : old * here + cut.stop
                ]


def _lend(crown: Crown, row: int, root: Root) -> None:
    """Mark the Decembers of a root whose actual is only the year's forecast."""
    depth = crown.axis.depth(row)
    plane = crown.lent[depth]
    if plane is not None:
        many = len(crown.frame.lines) * len(crown.frame.years)
        at = (row - crown.axis.starts[depth]) * many
        plane[at : at + many] = bytes(many)
    back = root.frame.years[0] - crown.frame.years[0] if root.frame.years else 0
    for place, lent in enumerate(root.lent or b""):
        if lent:
            line, year = divmod(place, len(root.frame.years))
            code = root.frame.lines[line].code
            lend(crown.lent, crown.axis, crown.frame, row, crown.frame.places[code], year + back)


def _clear(planes: Planes, place: int, frame: Frame, role: str) -> None:
    """Zeros in a row of sums."""
    width, means = frame.width(role), len(frame.means) * frame.slots(role)
    planes.sums[place * width : (place + 1) * width] = memoryview(bytes(8 * width)).cast(WHOLES)
    planes.counts[place * width : (place + 1) * width] = memoryview(bytes(4 * width)).cast("i")
    planes.weights[place * means : (place + 1) * means] = memoryview(bytes(8 * means)).cast(WHOLES)


def _reach(words: memoryview) -> int:
    return max((abs(word) for word in words.tolist() if word > SILENT), default=0)


def _size(sums: memoryview) -> int:
    """The largest of some sums without sign; larger than fits where one is beyond 64 bits."""
    return max((LARGEST if each == BEYOND else abs(each) for each in sums.tolist()), default=0)


def _fill(crown: Crown, role: str, upper: Block, only: int = -1) -> None:
    """Put in what the closing above says of units, where the nearest one has said nothing."""
    axis, slots, here = crown.axis, crown.frame.slots(role), upper.frame.slots(role)
    planes, lines = crown.planes[role], _lines(crown, upper.frame, role)
    shift = upper.frame.years[0] - crown.frame.years[0] if lines else 0
    for row in range(upper.axis.rows):
        depth = upper.axis.depth(row)
        plane = upper.planes[role].own[depth]
        into = axis.find(upper.axis.codes[row], upper.axis.level_of(row))
        if plane is None or into < 0 or only not in (-1, into):
            continue
        deep = axis.depth(into)
        own = planes.own[deep]
        at = (into - axis.starts[deep]) * crown.frame.width(role)
        first = (row - upper.axis.starts[depth]) * upper.frame.width(role)
        if own is None or not len(lines):
            continue
        planes.reach[deep] = max(planes.reach[deep], upper.planes[role].reach[depth])
        for from_, to, cut, slot in lines:
            words = plane[first + from_ * here + cut.start : first + from_ * here + cut.stop]
            start = at + to * slots + slot.start
            for number, word in enumerate(words.tolist()):
                if word != UNSAID and (
                    own[start + number] == UNSAID
                    or _only_lent(crown, upper, role, (into, to, row, from_), number + cut.start, shift)
                ):
                    own[start + number] = word


def lent_at(block: Block, row: int, line: int, year: int) -> bool:
    """Whether a December's actual is only the year's forecast."""
    depth = block.axis.depth(row)
    plane = block.borrowed[depth] if block.borrowed else None
    lines, years = len(block.frame.lines), len(block.frame.years)
    return plane is not None and bool(plane[((row - block.axis.starts[depth]) * lines + line) * years + year])


def _only_lent(
    crown: Crown, upper: Block, role: str, spot: tuple[int, int, int, int], slot: int, shift: int
) -> bool:
    """Whether the nearest has but a forecast for a December of which the closing above knows the actual."""
    if role != "actual" or slot % MONTHS != MONTHS - 1:
        return False
    into, to, row, from_ = spot
    year = slot // MONTHS
    return lent_at(crown, into, to, year + shift) and not lent_at(upper, row, from_, year)
