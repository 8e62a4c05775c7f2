"""The crown: the levels above many blocks. Its lowest rows are the roots of the blocks, their sums given by them.

Above them lies the tree of a closing that holds their units (a province's own books), else nothing; what no other
unit lies above is added up under one root, the unit "". Where a root said nothing of itself, the word of the closing above
counts, as everywhere: the nearest tells first.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from shuzhi.cube.axis import EVER, Units, lay
from shuzhi.cube.block import Block, Source
from shuzhi.cube.boundaries import last_days
from shuzhi.cube.frame import MONTHS, ROLES, UNSAID, Frame, Line
from shuzhi.cube.grafting import fill, give
from shuzhi.cube.kernels import Kernel
from shuzhi.cube.planes import WHOLES, Planes, column, fresh
from shuzhi.cube.summit import Crown, Root, crown_again, root_of
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.finding import Finding, Refused

__all__ = ["Crown", "Root", "crown_again", "crown_of", "replaced", "root_of"]

WHOLE: Final = ""
"""The code of the unit over all, where several have nothing above them."""


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
        give(crown, code, roots[code])
    for role in ROLES:
        if upper is not None:
            fill(crown, role, upper[0])
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
    give(fresh_crown, code, root)
    for role in ROLES:
        if upper is not None:
            fill(fresh_crown, role, upper, row)
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
