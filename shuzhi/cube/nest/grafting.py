"""Putting roots into a crown, and the words of the closings above them where they said nothing."""

import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import Final

from shuzhi.cube.block import Block
from shuzhi.cube.build import lend
from shuzhi.cube.frame import BEYOND, LARGEST, MONTHS, ROLES, SILENT, UNSAID, Frame
from shuzhi.cube.nest.nesting import Teller
from shuzhi.cube.nest.summit import Crown, Root
from shuzhi.cube.planes import WHOLES, Planes


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
    """Put a root's words and sums into its row (or rows)."""
    for row in crown.roots[code]:
        for role in ROLES:
            _give(crown, row, role, root)


def _give(crown: Crown, row: int, role: str, root: Root) -> None:
    axis, frame, planes = crown.axis, crown.frame, crown.planes[role]
    depth, place, slots = axis.depth(row), axis.inner[row], crown.frame.slots(role)
    own, given, here = planes.own[depth], root.sums[role], root.frame.slots(role)
    if own is None:
        return
    width = frame.width(role)
    at = (row - axis.starts[depth]) * width
    own[at : at + width] = memoryview(array("q", [UNSAID]) * width).cast("B").cast(WHOLES)
    _clear(planes, place, frame, role)
    if role == "actual":
        _lend(crown, row, root)
    if root.frame == frame and not frame.means:
        planes.reach[depth] = max(planes.reach[depth], _give_whole(planes, own[at : at + width], place, root))
        return
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
            planes.weights[heavy : heavy + many] = given[2][old * here + cut.start : old * here + cut.stop]


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
    """The largest of some words without sign; most rows say nothing, or something everywhere."""
    numbers = words.tolist()
    highest, lowest = max(numbers, default=SILENT), min(numbers, default=SILENT)
    if highest <= SILENT:
        return 0
    return max(highest, -lowest if lowest > SILENT else -min(word for word in numbers if word > SILENT))


def _size(sums: memoryview) -> int:
    """The largest of some sums without sign; larger than fits where one is beyond 64 bits."""
    numbers = sums.tolist()
    highest, lowest = max(numbers, default=0), min(numbers, default=0)
    return LARGEST if lowest == BEYOND else max(highest, -lowest)  # no number of 64 bits lies below that word


_Lines = Sequence[tuple[int, int, slice, slice]]


def fill(crown: Crown, told: Iterable[tuple[int, Sequence[Teller]]]) -> None:
    """Put in what open closings say of the units of some rows, where nobody nearer has said anything."""
    known: dict[tuple[int, str], _Lines] = {}
    for row, tellers in told:
        for upper, place in tellers:
            block, there = upper.block, upper.row(place)
            for role in ROLES:
                words = words_of(block, role, there)
                if words is None:
                    continue
                key = id(block.frame), role
                if key not in known:
                    known[key] = _lines(crown, block.frame, role)
                _fill(crown, role, row, words, block, there, known[key])


def words_of(block: Block, role: str, row: int) -> memoryview | None:
    """What a row of a block said; None where it said nothing at all."""
    depth, width = block.axis.depth(row), block.frame.width(role)
    plane = block.planes[role].own[depth]
    if plane is None:
        return None
    at = (row - block.axis.starts[depth]) * width
    words = plane[at : at + width]
    return None if words.tobytes() == _NOTHING * width else words


_NOTHING: Final = UNSAID.to_bytes(8, sys.byteorder, signed=True)


def _fill(
    crown: Crown, role: str, row: int, words: memoryview, block: Block, there: int, lines: _Lines
) -> None:
    """Put the words of a row of a block into the row of a crown, where nobody nearer has said anything."""
    axis, slots, here = crown.axis, crown.frame.slots(role), block.frame.slots(role)
    planes, depth = crown.planes[role], axis.depth(row)
    own = planes.own[depth]
    if own is None:
        return
    reach = block.planes[role].reach[block.axis.depth(there)]
    planes.reach[depth] = max(planes.reach[depth], reach)
    at = (row - axis.starts[depth]) * crown.frame.width(role)
    for from_, to, cut, into in lines:
        said = words[from_ * here + cut.start : from_ * here + cut.stop]
        place = at + to * slots + into.start
        known = own[place : place + len(said)]
        decembers = range(MONTHS - 1, len(said), MONTHS) if role == "actual" else range(0)
        lent = [slot for slot in decembers if lent_at(block, there, from_, (slot + cut.start) // MONTHS)]
        if known.tobytes() == _NOTHING * len(known):
            known[:] = said
            for slot in lent:
                if said[slot] != UNSAID:
                    lend(crown.lent, axis, crown.frame, row, to, (slot + into.start) // MONTHS)
            continue
        for slot, word in enumerate(said.tolist()):
            year = (slot + into.start) // MONTHS
            if word != UNSAID and known[slot] == UNSAID:
                known[slot] = word
                if slot in lent:
                    lend(crown.lent, axis, crown.frame, row, to, year)
            elif word != UNSAID and slot in decembers and slot not in lent and lent_at(crown, row, to, year):
                known[slot] = word  # the nearest has but a forecast
                _own_again(crown, row, to, year)


def _own_again(crown: Crown, row: int, line: int, year: int) -> None:
    """Note that a December's actual is more than a forecast by now."""
    depth = crown.axis.depth(row)
    plane = crown.lent[depth]
    if plane is not None:
        lines, years = len(crown.frame.lines), len(crown.frame.years)
        plane[((row - crown.axis.starts[depth]) * lines + line) * years + year] = 0


def lent_at(block: Block, row: int, line: int, year: int) -> bool:
    """Whether a December's actual is only the year's forecast."""
    depth = block.axis.depth(row)
    plane = block.borrowed[depth] if block.borrowed else None
    lines, years = len(block.frame.lines), len(block.frame.years)
    return plane is not None and bool(plane[((row - block.axis.starts[depth]) * lines + line) * years + year])
