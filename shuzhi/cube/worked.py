"""Formulas worked out for all interior units at once, for exports and rankings: whole millionths, the same in every kernel.

A dashboard works its formulas out when it is read, exactly (:mod:`shuzhi.cube.asking.reads`). In bulk each is one whole number at
the scale of ratios in the books (millionths, rounded half up once), ``NONE`` where it is missing and ``BEYOND`` where a
number it is made of reaches 2 ** 58 or it exceeds 2 ** 50: those are to be read as pairs. This module is the law in plain
Python; :mod:`shuzhi.cube.worked_vector` and :mod:`shuzhi.cube.worked_fast` give the same bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shuzhi.cube.asking.formulas import BEYOND, MILLION, NONE, millionths
from shuzhi.cube.block import Block
from shuzhi.cube.frame import MONTHS
from shuzhi.cube.kernels import kernel
from shuzhi.cube.planes import room
from shuzhi.figures.reader import RESTATED
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.expr.nodes import Binary, Name

LARGE: Final = 1 << 58
LEVEL, FLOW = 0, -1
STILL, RATIO, POINTS = range(3)
MISSING, THERE, TOO_LARGE = range(3)
_STEPS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Way:
    """How formulas of a line are worked out.

    ``step``: months of a period of what is reported as accumulated since January; ``FLOW`` for what is reported month by
    month and accumulated by the cube; ``LEVEL`` for what does not accumulate. ``growth`` is a RATIO, a difference in POINTS
    or none (STILL); ``down`` says that a target should not be exceeded.
    """

    step: int = LEVEL
    growth: int = RATIO
    down: bool = False


@dataclass(frozen=True)
class Worked:
    """All formulas of a block; memory flat in the order ``[interior][line or pair][slot]``.

    ``growth`` (of the period itself) and ``running_growth`` (of the sum since January) begin with the second year;
    ``completion`` is of the year's target; ``ratios`` and ``running_ratios`` are of the ``pairs``.
    """

    pairs: tuple[tuple[int, int], ...]
    growth: memoryview
    running_growth: memoryview
    completion: memoryview
    ratios: memoryview
    running_ratios: memoryview


def ways_of(catalogue: Catalogue, block: Block) -> list[Way]:
    """How the formulas of a block's lines are worked out under a catalogue; of a weighted mean none are, in bulk."""
    return [
        Way(growth=STILL) if line.weight >= 0 else _way(catalogue.indicators[line.code])
        for line in block.frame.lines
    ]


def _way(indicator: Indicator) -> Way:
    step = {"cum": _STEPS[indicator.frequency], "flow": FLOW}.get(indicator.temporal, LEVEL)
    growth = POINTS if indicator.growth == "pp" else RATIO
    if indicator.growth in (*RESTATED, "none") or indicator.growth_by:
        growth = STILL
    return Way(step, growth, indicator.direction == "down")


def pairs_of(catalogue: Catalogue, block: Block) -> list[tuple[int, int]]:
    """The pairs of lines whose ratio is an indicator of its own, in the order of their codes."""
    places, pairs = block.frame.places, []
    for _, indicator in sorted(catalogue.indicators.items()):
        node = indicator.expression.node if indicator.expression else None
        if isinstance(node, Binary) and node.sign == "/":
            one, two = node.left, node.right
            if isinstance(one, Name) and isinstance(two, Name) and one.text in places and two.text in places:
                pairs.append((places[one.text], places[two.text]))
    return pairs


def empty(block: Block, pairs: Sequence[tuple[int, int]]) -> Worked:
    """Room for the formulas of a block."""
    inside, months = block.axis.interiors, block.frame.months
    lines, later = len(block.frame.lines), max(months - MONTHS, 0)
    return Worked(
        tuple(pairs),
        room(inside * lines * later),
        room(inside * lines * later),
        room(inside * lines * months),
        room(inside * len(pairs) * months),
        room(inside * len(pairs) * months),
    )


def work_out(
    block: Block,
    ways: Sequence[Way],
    pairs: Sequence[tuple[int, int]],
    *,
    into: Worked | None = None,
    kernel_name: str = "",
) -> Worked:
    """All formulas of a block's interior units, by the kernel of that name (the fastest there is without one)."""
    worked = into or empty(block, pairs)
    name = kernel(kernel_name).name
    if name == "numba":
        from shuzhi.cube.worked_fast import work

        work(block, ways, worked)
    elif name == "numpy":
        from shuzhi.cube.worked_vector import work

        work(block, ways, worked)
    else:
        _work(block, ways, worked)
    if block.axis.redrawn is not None:
        _leave(block, worked)
    return worked


def _leave(block: Block, worked: Worked) -> None:
    """Leave what rests on months before a boundary changed to be read as pairs."""
    axis, redrawn, months = block.axis, block.axis.redrawn, block.frame.months
    if redrawn is None:
        return
    for place, row in enumerate(axis.heads):
        touched = [redrawn.touches(axis, row, month) for month in range(months)]
        years = [any(touched[month - month % MONTHS : month + 1]) for month in range(months)]
        whole = [any(touched[month - month % MONTHS :][:MONTHS]) for month in range(months)]
        later = range(MONTHS, months)
        marks = (
            (worked.growth, [touched[month] or touched[month - MONTHS] for month in later]),
            (worked.running_growth, [years[month] or years[month - MONTHS] for month in later]),
            (worked.completion, whole),
            (worked.ratios, touched),
            (worked.running_ratios, years),
        )
        for plane, marked in marks:
            if any(marked):
                width = len(plane) // axis.interiors
                for at in range(width):
                    if marked[at % len(marked)]:
                        plane[place * width + at] = BEYOND


# --- the law ------------------------------------------------------------------------------------------------------------

_Numbers = list[tuple[int, int]]
"""By slot a state (missing, there, too large) and a number."""


def _work(block: Block, ways: Sequence[Way], worked: Worked) -> None:
    frame, lines = block.frame, len(block.frame.lines)
    months, later = frame.months, max(frame.months - MONTHS, 0)
    for place in range(block.axis.interiors):
        runs: list[tuple[_Numbers, _Numbers]] = []
        for line, way in enumerate(ways):
            said = _cells(block, place, line)
            own, running = _own(said, way), _running(block, place, line, said, way)
            runs.append((said, running))
            at = (place * lines + line) * later
            for slot in range(MONTHS, months):
                worked.growth[at + slot - MONTHS] = _growth(way, own[slot], own[slot - MONTHS])
                worked.running_growth[at + slot - MONTHS] = _growth(
                    way, running[slot], running[slot - MONTHS]
                )
            goals, at = _goals(block, place, line), (place * lines + line) * months
            for slot in range(months):
                reached = said[slot] if way.step == LEVEL else running[slot]
                worked.completion[at + slot] = _completion(way, reached, goals[slot // MONTHS])
        for number, (one, two) in enumerate(worked.pairs):
            at = (place * len(worked.pairs) + number) * months
            for slot in range(months):
                worked.ratios[at + slot] = _ratio(runs[one][0][slot], runs[two][0][slot])
                worked.running_ratios[at + slot] = _ratio(runs[one][1][slot], runs[two][1][slot])


def _state(number: int, there: bool) -> tuple[int, int]:
    return (MISSING, 0) if not there else (THERE, number) if abs(number) < LARGE else (TOO_LARGE, 0)


def _cells(block: Block, place: int, line: int) -> _Numbers:
    """What the cells of a line hold, month by month."""
    planes, months = block.planes["actual"], block.frame.months
    if not planes.sums or block.frame.lines[line].weight >= 0:
        return [(MISSING, 0)] * months
    at, due = (place * len(block.frame.lines) + line) * months, place * block.axis.months
    return [
        _state(planes.sums[at + slot], planes.counts[at + slot] == block.axis.expected[due + slot])
        for slot in range(months)
    ]


def _goals(block: Block, place: int, line: int) -> _Numbers:
    """The targets of a line, year by year."""
    planes, years = block.planes["target"], len(block.frame.years)
    if not planes.sums or block.frame.lines[line].weight >= 0:
        return [(MISSING, 0)] * years
    at, due = (place * len(block.frame.lines) + line) * years, place * block.axis.months
    expected = [block.axis.expected[due + block.frame.month("target", year)] for year in range(years)]
    return [
        _state(planes.sums[at + year], planes.counts[at + year] == expected[year]) for year in range(years)
    ]


def _own(said: _Numbers, way: Way) -> _Numbers:
    """What each period added of itself."""
    if way.step in (LEVEL, FLOW, MONTHS):
        return said
    own: _Numbers = []
    for slot, now in enumerate(said):
        month = slot % MONTHS
        if (month + 1) % way.step:
            own.append((MISSING, 0))
        elif month < way.step:
            own.append(now)
        else:
            own.append(_less(now, said[slot - way.step]))
    return own


def _less(now: tuple[int, int], before: tuple[int, int]) -> tuple[int, int]:
    if MISSING in (now[0], before[0]):
        return MISSING, 0
    return (TOO_LARGE, 0) if TOO_LARGE in (now[0], before[0]) else (THERE, now[1] - before[1])


def _running(block: Block, place: int, line: int, said: _Numbers, way: Way) -> _Numbers:
    """What has accumulated since January."""
    if way.step == LEVEL:
        return [(MISSING, 0)] * len(said)
    cumulative = block.planes["actual"].cumulative
    if way.step != FLOW or cumulative is None:
        return said
    at = (place * len(block.frame.lines) + line) * block.frame.months
    running: _Numbers = []
    for slot in range(len(said)):
        year = said[slot - slot % MONTHS : slot + 1]
        running.append(_state(cumulative[at + slot], all(state != MISSING for state, _ in year)))
    return running


def _ratio(one: tuple[int, int], two: tuple[int, int]) -> int:
    if MISSING in (one[0], two[0]):
        return NONE
    return BEYOND if TOO_LARGE in (one[0], two[0]) else millionths(one[1], two[1])


def _growth(way: Way, now: tuple[int, int], before: tuple[int, int]) -> int:
    if way.growth == STILL or MISSING in (now[0], before[0]):
        return NONE
    if TOO_LARGE in (now[0], before[0]):
        return BEYOND
    return now[1] - before[1] if way.growth == POINTS else millionths(now[1] - before[1], before[1])


def _completion(way: Way, now: tuple[int, int], goal: tuple[int, int]) -> int:
    if MISSING in (now[0], goal[0]):
        return NONE
    if TOO_LARGE in (now[0], goal[0]):
        return BEYOND
    if not way.down:
        return millionths(now[1], goal[1]) if goal[1] > 0 else NONE
    if goal[1] <= 0:
        return MILLION if now[1] <= goal[1] else 0
    return millionths(max(2 * goal[1] - now[1], 0), goal[1])
