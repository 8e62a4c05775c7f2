"""Putting roots into a crown, and the words of a closing above them where they said nothing."""

from array import array

from shuzhi.cube.block import Block
from shuzhi.cube.build import lend
from shuzhi.cube.frame import BEYOND, LARGEST, MONTHS, ROLES, SILENT, UNSAID, Frame
from shuzhi.cube.planes import WHOLES, Planes
from shuzhi.cube.summit import Crown, Root


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


def give(crown: Crown, code: str, root: Root) -> None:
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
        if root.frame == frame and not frame.means:
            planes.reach[depth] = max(
                planes.reach[depth], _give_whole(planes, own[at : at + width], place, root)
            )
            continue
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


def _give_whole(planes: Planes, row: memoryview, place: int, root: Root) -> int:
    """Put a root of the crown's own frame, without means, into its row at one go; returns its reach."""
    said, given, reach = root.own[planes.role], root.sums[planes.role], 0
    if said is not None:
        row[:] = said
        reach = _reach(said)
    if given is not None:
        first = place * len(row)
        planes.sums[first : first + len(row)] = given[0]
        planes.counts[first : first + len(row)] = given[1]
        reach = max(reach, _size(given[0]))
    return reach


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
    said = [word for word in words.tolist() if word > SILENT]
    highest, lowest = max(said, default=0), min(said, default=0)
    return max(highest, -lowest)


def _size(sums: memoryview) -> int:
    """The largest of some sums without sign; larger than fits where one is beyond 64 bits."""
    numbers = sums.tolist()
    highest, lowest = max(numbers, default=0), min(numbers, default=0)
    return LARGEST if BEYOND in numbers else max(highest, -lowest)


def fill(crown: Crown, role: str, upper: Block, only: int = -1) -> None:
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
