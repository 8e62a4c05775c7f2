"""The crown: the levels above many blocks. Its lowest rows are the roots of the blocks, their sums given by them.

Above them lies the tree of the closings that hold their units (books of cities, of a province, of the nation), however
they are nested, else nothing; what no other unit lies above is added up under one root, the unit "". Where a root said
nothing of itself, the word of the closings above counts, as everywhere: the nearest tells first.
"""

from array import array
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from shuzhi.cube.axis import laid
from shuzhi.cube.block import Block, Source
from shuzhi.cube.boundaries import last_days
from shuzhi.cube.frame import MONTHS, ROLES, UNSAID, Frame, Line
from shuzhi.cube.kernels import Kernel
from shuzhi.cube.nest.grafting import fill, give
from shuzhi.cube.nest.nesting import Upper, tellers_of, weave
from shuzhi.cube.nest.summit import Crown, Root, crown_again, root_of
from shuzhi.cube.planes import WHOLES, Planes, column, fresh
from shuzhi.cube.redrawn import carried
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.finding import Finding, Refused

__all__ = ["Crown", "Root", "Upper", "crown_again", "crown_of", "replaced", "root_of"]


def crown_of(
    below: Iterable[Root],
    kernel: Kernel,
    *,
    uppers: Sequence[Upper] = (),
    inside: Container[str] = (),
    opener: Callable[[str], Block] | None = None,
) -> Crown:
    """The crown above the roots of some blocks, each of another unit, in any order.

    ``uppers`` are the closings that hold their roots, or units of each other (their lines and years count, too); ``inside``
    the units they list that are looked for in the blocks. Raises Refused when two closings are of one unit, or hold each other.
    """
    roots: dict[str, Root] = {}
    for root in below:
        code = root.source.unit_code
        if code in roots:
            said = f"{root.source.unit_name}有两份结账，合并会重复计数"
            raise Refused(Finding("figures.closings-overlap", said, "每个单位只用一份结账", code))
        roots[code] = root
    sources = [root.source for root in roots.values()] + [each.block.source for each in uppers]
    frame = _frame([root.frame for root in roots.values()] + [each.block.frame for each in uppers])
    as_of = max((source.as_of for source in sources), default=date.min)
    days = last_days(frame.years, as_of)
    woven = weave(uppers, roots, days, inside)
    given = {place: _expected(roots[code], frame) for place, code in woven.given.items()}
    unrest = {_spread(root, root.alike, frame) for root in roots.values() if root.alike}
    axis, row_of = laid(woven.units, days, given)
    far = sorted(uppers, key=lambda each: axis.depth(max(axis.find(each.code), 0)))
    drawn = carried(axis, [each.block.axis for each in far], days)
    axis = replace(axis, unrest=tuple(sorted(unrest)), redrawn=drawn)
    origin = digest(canonical(sorted([source.observation, source.units] for source in sources)))
    top = next((each.unit_name for each in sources if each.unit_code == axis.codes[0]), "全部")
    source = Source(axis.codes[0], top, as_of, origin, origin)
    nobody: list[memoryview | None] = [None] * axis.depths
    planes = {role: fresh(axis, frame, role, list(nobody), [0] * axis.depths) for role in ROLES}
    rows: dict[str, tuple[int, ...]] = {}
    for place, code in woven.given.items():
        rows[code] = (*rows.get(code, ()), row_of[place])
    crown = Crown(source, frame, axis, planes, nobody, rows, nobody, opener)
    for role in ROLES:
        _ready(crown, role, roots, uppers)
    for code in sorted(rows):
        give(crown, code, roots[code])
    fill(crown, ((row_of[place], tellers) for place, tellers in enumerate(woven.tellers)))
    for role in ROLES:
        if not planes[role].silent():
            kernel.roll(axis, frame, planes[role])
    return crown


def replaced(
    crown: Crown, before: Root, root: Root, kernel: Kernel, uppers: Sequence[Upper] = ()
) -> Crown | None:
    """The crown once one of its roots is no longer as ``before``: its row and those above it are worked out again, the
    rest stays (and the crown given is not to be used any more). None when the new block has other lines, years or a new role, and the crown must be made anew.
    """
    code = root.source.unit_code
    if code not in crown.roots or _frame([crown.frame, root.frame]) != crown.frame:
        return None
    rows, axis = crown.roots[code], crown.axis
    due = tuple(axis.due(rows[0], month) for month in range(axis.months))
    if _expected(root, crown.frame) != due or root.alike != before.alike:
        return None
    for role in ROLES:
        said = root.sums[role] is not None or root.own[role] is not None
        if said and any(crown.planes[role].own[axis.depth(row)] is None for row in rows):
            return None
    planes = {role: _writable(each) for role, each in crown.planes.items()}
    lent = [None if plane is None else memoryview(bytearray(plane)) for plane in crown.borrowed]
    fresh_crown = replace(crown, planes=planes, borrowed=lent, lent=lent)
    give(fresh_crown, code, root)
    tellers = tellers_of(uppers, code, axis.level_of(rows[0]))
    fill(fresh_crown, ((row, tellers) for row in rows))
    above = {axis.inner[each] for row in rows for each in (row, *axis.above(row))} - {-1}
    for role in ROLES:
        if not planes[role].silent():
            kernel.roll(axis, crown.frame, planes[role], sorted(above))
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
    """The lines and years of all frames together; the first one itself, where it holds them all: it is compared sooner."""
    years = [year for each in frames for year in each.years]
    known: dict[str, tuple[Line, str]] = {}
    for each in frames:
        for line in each.lines:
            weight = each.lines[line.weight].code if line.weight >= 0 else ""
            known[line.code] = (line, weight)
    codes = sorted(known)
    place = {code: number for number, code in enumerate(codes)}
    lines = tuple(replace(known[code][0], weight=place.get(known[code][1], -1)) for code in codes)
    found = Frame(lines, tuple(range(min(years), max(years) + 1)) if years else ())
    return frames[0] if frames and frames[0] == found else found


def _expected(root: Root, frame: Frame) -> tuple[int, ...]:
    """Those expected of a root by month of a frame."""
    return _spread(root, root.expected or [1], frame)


def _spread(root: Root, by_month: Sequence[int], frame: Frame) -> tuple[int, ...]:
    """Numbers by month of a root, by month of a frame; beyond the root's own years as at their edge."""
    back = (frame.years[0] - root.frame.years[0]) * MONTHS if root.frame.years and frame.years else 0
    last = len(by_month) - 1
    return tuple(by_month[min(max(month + back, 0), last)] for month in range(frame.months))


def _ready(crown: Crown, role: str, roots: Mapping[str, Root], uppers: Sequence[Upper]) -> None:
    """Make the own planes of the depths at which roots and units above them may have spoken."""
    planes, axis = crown.planes[role], crown.axis
    if any(not each.block.planes[role].silent() for each in uppers):
        depths = set(range(axis.depths))
    else:
        spoken = (
            rows
            for code, rows in crown.roots.items()
            if roots[code].sums[role] or roots[code].own[role] is not None
        )
        depths = {axis.depth(row) for rows in spoken for row in rows}
    for depth in depths:
        cells = (axis.starts[depth + 1] - axis.starts[depth]) * crown.frame.width(role)
        planes.own[depth] = memoryview(array("q", [UNSAID]) * cells).cast("B").cast(WHOLES)
    if depths:
        made = fresh(axis, crown.frame, role, planes.own, planes.reach)
        planes.sums, planes.counts, planes.weights = made.sums, made.counts, made.weights
        planes.cumulative = made.cumulative
