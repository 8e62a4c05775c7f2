"""Cells of months before a boundary changed, by today's boundaries: the engine's law (:mod:`shuzhi.figures.restated`) of one cell.

Every unit is worth what it was told to be as it stood; what lies in the unit asked about now and lay elsewhere then is put
to it, what lay in it then and lies elsewhere now is taken away.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

from shuzhi.cube import exact
from shuzhi.cube.exact import Ground, Spot, Sum
from shuzhi.cube.frame import BEYOND, LARGEST, SILENT, UNSAID
from shuzhi.cube.redrawn import Past
from shuzhi.figures.tree import DEPARTMENT

_NOTHING = Fraction(0)


def restated(ground: Ground, row: int, spot: Spot, past: Past) -> Sum | None:
    """The cell of a touched row; None where it is to be worked out as ever."""
    axis, redrawn = ground.axis, ground.axis.redrawn
    own = ground.own(spot.role, row, spot.line, spot.slot)
    if redrawn is None or row in redrawn.ended or axis.level_of(row) == DEPARTMENT:
        return _then(ground, row, spot, past)
    stood = axis.stood(row, spot.month)
    if not stood and own != UNSAID:
        return None
    came = [each for each in past.came(row) if each != row]
    left = past.left(row)
    if not came and not left and row not in past.divided:
        return _then(ground, row, spot, past) if stood else None
    if row in past.divided or not ground.frame.lines[spot.line].adds:
        return _unknown(1)
    outside = frozenset(left)
    parts = [_kept(ground, each, spot, past, outside) for each in [row] * stood + came]
    return _added(parts)


def _unknown(due: int) -> Sum:
    return Sum(False, _NOTHING, _NOTHING, 0, due)


def _added(parts: Sequence[Sum]) -> Sum:
    """Several parts together; nothing of it is known to be whole while one of them is not."""
    total = sum((part.total for part in parts), _NOTHING)
    weight = sum((part.weight for part in parts), _NOTHING)
    due = sum(part.due for part in parts)
    return Sum(False, total, weight, sum(part.count for part in parts), due)


def _then(ground: Ground, row: int, spot: Spot, past: Past) -> Sum:
    """What a unit was told to be as it stood then."""
    if row not in past.touched:
        return exact.sum_of(ground, row, spot)
    own = ground.own(spot.role, row, spot.line, spot.slot)
    deeper = ground.deeper(row, spot) if own == UNSAID else None
    if deeper is not None:
        return exact.sum_of(*deeper)
    due = _due(ground, row, past)
    if own > SILENT:
        return Sum(True, Fraction(own), Fraction(1), due, due)
    if own == SILENT or not ground.frame.lines[spot.line].adds:
        return Sum(own == SILENT, _NOTHING, _NOTHING, 0, due)
    parts = [_part(ground, area, spot, past) for area in past.areas(row)]
    return _added(parts) if parts else _unknown(due)


def _due(ground: Ground, row: int, past: Past) -> int:
    if row not in past.touched:
        return ground.axis.due(row, past.month)
    return sum(_due(ground, area, past) for area in past.areas(row)) or 1


def _part(ground: Ground, row: int, spot: Spot, past: Past) -> Sum:
    """What one unit adds to a sum: of a mean, its value times its weight, nothing while that is not known."""
    own = _then(ground, row, spot, past)
    code = ground.frame.lines[spot.line].weight
    if code < 0 or not own.own:
        return own
    weight = _then(ground, row, Spot(spot.role, code, spot.slot, spot.month), past)
    if not own.count or weight.count != weight.due:
        return _unknown(own.due)
    # The weights of a mean just add up, so what they come to is their total.
    return Sum(False, own.total * weight.total, weight.total, own.count, own.due)


def _kept(ground: Ground, row: int, spot: Spot, past: Past, outside: frozenset[int]) -> Sum:
    """A unit without what left it: its own word and what is taken from it, else the areas below that stayed."""
    inside = [each for each in outside if each != row and past.within(each, row)]
    gone = [
        each for each in inside if not any(other != each and past.within(each, other) for other in inside)
    ]
    if not gone:
        return _part(ground, row, spot, past)
    own = ground.own(spot.role, row, spot.line, spot.slot)
    if own == UNSAID:
        stayed = _stayed(ground, row, spot, past, outside)
        return _added(stayed) if stayed else _unknown(1)
    whole, away = _part(ground, row, spot, past), [_part(ground, each, spot, past) for each in gone]
    due = max(1, whole.due - sum(each.due for each in away))
    if not whole.count or any(each.count != each.due for each in away):
        return _unknown(due)
    total = whole.total - sum((each.total for each in away), _NOTHING)
    weight = whole.weight - sum((each.weight for each in away), _NOTHING)
    return Sum(False, total, weight, due, due)


def _stayed(ground: Ground, row: int, spot: Spot, past: Past, outside: frozenset[int]) -> list[Sum]:
    """The areas below a unit that stayed; of the root of another closing, those that closing knows."""
    deeper = ground.deeper(row, spot)
    if deeper is None:
        stayed = [area for area in past.areas(row) if area not in outside]
        return [_kept(ground, area, spot, past, outside) for area in stayed]
    block, root, there = deeper
    codes = {ground.axis.codes[each] for each in outside}
    areas = [area for area in block.axis.areas(root) if block.axis.stood(area, there.month)]
    return [exact.part_of(block, area, there) for area in areas if block.axis.codes[area] not in codes]


def expected_of(ground: Ground, row: int, past: Past) -> int:
    """How many have to report for a touched row to be complete."""
    redrawn, axis = ground.axis.redrawn, ground.axis
    if redrawn is None or row in redrawn.ended or axis.level_of(row) == DEPARTMENT:
        return _due(ground, row, past)
    units = [row] * axis.stood(row, past.month) + past.came(row)
    outside = past.left(row)
    gone = [
        each for each in outside if not any(other != each and past.within(each, other) for other in outside)
    ]
    due = sum(_due(ground, each, past) for each in units) - sum(_due(ground, each, past) for each in gone)
    return max(1, due)


Sums = tuple[memoryview, memoryview, memoryview]


def correct_root(block: Ground, row: int, sums: Mapping[str, Sums | None], expected: list[int]) -> None:
    """Put into the sums, counts and weights of a block's root, as kernels worked them out, what they come to in the months
    in which the root is touched.
    """
    frame, redrawn = block.frame, block.axis.redrawn
    if redrawn is None:
        return
    for month in range(block.axis.months):
        past = redrawn.past(block.axis, month)
        if past is not None and row in past.touched:
            expected[month] = expected_of(block, row, past)
    for role, found in sums.items():
        slots = frame.slots(role)
        touched = [slot for slot in range(slots) if redrawn.touches(block.axis, row, frame.month(role, slot))]
        for line, slot in product(range(len(frame.lines)), touched) if found is not None else ():
            _put(block, row, Spot(role, line, slot, frame.month(role, slot)), found)


def _put(block: Ground, row: int, spot: Spot, sums: Sums | None) -> None:
    if sums is None:
        return
    frame, found = block.frame, exact.sum_of(block, row, spot)
    slots = frame.slots(spot.role)
    at = spot.line * slots + spot.slot
    sums[0][at], sums[1][at] = _held(found.total), found.count
    if frame.lines[spot.line].weight >= 0:
        sums[2][frame.means.index(spot.line) * slots + spot.slot] = _held(found.weight)


def _held(number: Fraction) -> int:
    return int(number) if number.denominator == 1 and abs(number) <= LARGEST else BEYOND
