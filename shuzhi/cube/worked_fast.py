"""Formulas in bulk, compiled by numba: a quotient in millionths is guessed in floating point and put right in whole numbers."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from shuzhi.cube.block import Block
from shuzhi.cube.fast import compiled
from shuzhi.cube.formulas import BEYOND, MILLION, MOST_MILLIONTHS, NONE
from shuzhi.cube.frame import MONTHS
from shuzhi.cube.vector import Field, helpers, spread_over
from shuzhi.cube.worked import FLOW, LARGE, LEVEL, MISSING, POINTS, STILL, THERE, TOO_LARGE, Way, Worked

_NONE, _BEYOND = np.int64(NONE), np.int64(BEYOND)
_MILLION: Final = np.int64(MILLION)
_LARGE: Final = np.int64(LARGE)
_MOST: Final = np.int64(MOST_MILLIONTHS)
_NEAR: Final = float(MOST_MILLIONTHS + 4)


def work(block: Block, ways: Sequence[Way], worked: Worked) -> None:
    """Work all formulas of a block out."""
    frame, axis = block.frame, block.axis
    actual, target = block.planes["actual"], block.planes["target"]
    nothing = np.zeros(0, np.int64)
    steps = np.array([way.step for way in ways], np.int64)
    steps[[line.weight >= 0 for line in frame.lines]] = _MEAN
    kinds = np.array([way.growth for way in ways], np.int64)
    down = np.array([way.down for way in ways], np.bool_)
    pairs = np.array(worked.pairs, np.int64).reshape(-1, 2)
    outs = tuple(
        np.frombuffer(plane, np.int64)
        for plane in (
            worked.growth,
            worked.running_growth,
            worked.completion,
            worked.ratios,
            worked.running_ratios,
        )
    )
    ins = (
        np.frombuffer(actual.sums, np.int64),
        np.frombuffer(actual.counts, np.int32),
        nothing if actual.cumulative is None else np.frombuffer(actual.cumulative, np.int64),
        np.frombuffer(target.sums, np.int64),
        np.frombuffer(target.counts, np.int32),
        np.frombuffer(axis.expected, np.int32),
    )
    with helpers(Field(axis, frame, actual), None) as pool:
        spread_over(
            range(axis.interiors),
            pool,
            lambda places: _rows(
                (places.start, places.stop, len(frame.years), axis.months),
                steps,
                kinds,
                down,
                pairs,
                ins,
                outs,
            ),
        )


_MEAN: Final = -2


@compiled
def _parts(above: Any, below: Any) -> Any:  # pragma: no cover
    """A quotient of numbers below 2 ** 61 in millionths, rounded half up."""
    if below == 0:
        return _NONE
    size = above if above >= 0 else -above
    base = below if below > 0 else -below
    guess = float(size) * 1e6 / float(base) + 0.5
    if guess > _NEAR:
        return _BEYOND
    parts = np.int64(guess)
    # The guess is off by one at most; what is left over wraps round 64 bits and comes out right all the same.
    left = np.int64(np.uint64(size) * np.uint64(_MILLION) - np.uint64(parts) * np.uint64(base))
    parts += np.int64(2 * left >= base) - np.int64(2 * left < -base)
    if parts > _MOST:
        return _BEYOND
    return parts if (above >= 0) == (below > 0) else -parts


@compiled
def _fill(
    place: int, line: int, step: int, due: Any, ins: Any, years: int, lines: int, cells: Any, states: Any
) -> None:  # pragma: no cover
    """What the cells of a line hold (0), each period of itself (1) and since January (2): numbers, and whether there."""
    sums, counts, cumulative = ins[0], ins[1], ins[2]
    months = years * MONTHS
    at = (place * lines + line) * months
    if len(sums) == 0 or step == _MEAN:
        states[:] = MISSING
        return
    for slot in range(months):
        number = sums[at + slot]
        there = counts[at + slot] == due[slot]
        large = number >= _LARGE or number <= -_LARGE
        cells[0, slot] = number
        states[0, slot] = MISSING if not there else TOO_LARGE if large else THERE
    if step <= 0 or step == MONTHS:
        cells[1, :] = cells[0, :]
        states[1, :] = states[0, :]
    else:
        for slot in range(months):
            month = slot % MONTHS
            if (month + 1) % step:
                states[1, slot] = MISSING
            elif month < step:
                cells[1, slot], states[1, slot] = cells[0, slot], states[0, slot]
            else:
                cells[1, slot] = cells[0, slot] - cells[0, slot - step]
                states[1, slot] = _both(states[0, slot], states[0, slot - step])
    if step == LEVEL:
        states[2, :] = MISSING
    elif step != FLOW or len(cumulative) == 0:
        cells[2, :] = cells[0, :]
        states[2, :] = states[0, :]
    else:
        whole = True
        for slot in range(months):
            whole = (whole or slot % MONTHS == 0) and states[0, slot] != MISSING
            number = cumulative[at + slot]
            large = number >= _LARGE or number <= -_LARGE
            cells[2, slot] = number
            states[2, slot] = MISSING if not whole else TOO_LARGE if large else THERE


@compiled
def _both(one: int, two: int) -> int:  # pragma: no cover
    """The state of what is made of two numbers."""
    return (one if one > two else two) if one * two else MISSING  # MISSING is 0, and wins


@compiled
def _grow(kind: int, cells: Any, states: Any, out: Any) -> None:  # pragma: no cover
    """Growth over the year before, from the second year on."""
    for slot in range(len(out)):
        now, before = cells[slot + MONTHS], cells[slot]
        state = _both(states[slot + MONTHS], states[slot])
        if kind == STILL or state == MISSING:
            out[slot] = _NONE
        elif state == TOO_LARGE:
            out[slot] = _BEYOND
        else:
            out[slot] = now - before if kind == POINTS else _parts(now - before, before)


@compiled
def _complete(
    down: bool, cells: Any, states: Any, goal: Any, goal_state: int, out: Any
) -> None:  # pragma: no cover
    """How much of the year's target is reached, month by month."""
    for month in range(MONTHS):
        state = _both(states[month], goal_state)
        now = cells[month]
        if state == MISSING:
            out[month] = _NONE
        elif state == TOO_LARGE:
            out[month] = _BEYOND
        elif not down:
            out[month] = _parts(now, goal) if goal > 0 else _NONE
        elif goal <= 0:
            out[month] = _MILLION if now <= goal else 0
        else:
            left = 2 * goal - now
            out[month] = _parts(left if left > 0 else 0, goal)


@compiled
def _divide(one: Any, one_states: Any, two: Any, two_states: Any, out: Any) -> None:  # pragma: no cover
    """The ratio of two lines, month by month."""
    for slot in range(len(out)):
        state = _both(one_states[slot], two_states[slot])
        if state == MISSING:
            out[slot] = _NONE
        else:
            out[slot] = _BEYOND if state == TOO_LARGE else _parts(one[slot], two[slot])


@compiled
def _rows(
    shape: Any,
    steps: Any,
    kinds: Any,
    down: Any,
    pairs: Any,
    ins: Any,
    outs: Any,
) -> None:  # pragma: no cover
    """Some interior rows, line by line."""
    start, stop, years, due_months = shape
    growth, running_growth, completion, ratios, running_ratios = outs
    goals, met, expected = ins[3], ins[4], ins[5]
    lines, months, later = len(steps), years * MONTHS, max(years - 1, 0) * MONTHS
    cells, states = np.zeros((3, months), np.int64), np.zeros((3, months), np.int8)
    other, other_states = np.zeros((3, months), np.int64), np.zeros((3, months), np.int8)
    for place in range(start, stop):
        due = expected[place * due_months : (place + 1) * due_months]
        for line in range(lines):
            _fill(place, line, steps[line], due, ins, years, lines, cells, states)
            at = (place * lines + line) * later
            _grow(kinds[line], cells[1], states[1], growth[at : at + later])
            _grow(kinds[line], cells[2], states[2], running_growth[at : at + later])
            reached = 0 if steps[line] == LEVEL else 2
            for year in range(years):
                goal, state = np.int64(0), MISSING
                if len(goals) and steps[line] != _MEAN:
                    goal = goals[(place * lines + line) * years + year]
                    there = met[(place * lines + line) * years + year] == due[year * MONTHS + MONTHS - 1]
                    large = goal >= _LARGE or goal <= -_LARGE
                    state = MISSING if not there else TOO_LARGE if large else THERE
                first = (place * lines + line) * months + year * MONTHS
                _complete(
                    down[line],
                    cells[reached, year * MONTHS : (year + 1) * MONTHS],
                    states[reached, year * MONTHS : (year + 1) * MONTHS],
                    goal,
                    state,
                    completion[first : first + MONTHS],
                )
        for number in range(len(pairs)):
            one, two = pairs[number]
            _fill(place, one, steps[one], due, ins, years, lines, cells, states)
            _fill(place, two, steps[two], due, ins, years, lines, other, other_states)
            at = (place * len(pairs) + number) * months
            _divide(cells[0], states[0], other[0], other_states[0], ratios[at : at + months])
            _divide(cells[2], states[2], other[2], other_states[2], running_ratios[at : at + months])
