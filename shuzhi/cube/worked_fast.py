"""Formulas in bulk, compiled by numba: a quotient in millionths is guessed in floating point and put right in whole numbers."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from shuzhi.cube.asking.formulas import BEYOND, MILLION, MOST_MILLIONTHS, NONE
from shuzhi.cube.block import Block
from shuzhi.cube.fast import compiled
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
def _quotients(above: Any, below: Any, states: Any, out: Any) -> None:  # pragma: no cover
    """Quotients of numbers below 2 ** 61 in millionths, rounded half up; without branches, so many at a time."""
    for i in range(len(out)):
        size, base = abs(above[i]), abs(below[i])
        divisor = base if base > 0 else np.int64(1)
        guess = np.float64(size) * 1e6 / np.float64(divisor) + 0.5
        near = guess <= _NEAR
        parts = np.int64(guess if near else 0.0)
        # The guess is off by one at most; what is left over wraps round 64 bits and comes out right all the same.
        left = size * _MILLION - parts * divisor
        parts += np.int64(2 * left >= divisor) - np.int64(2 * left < -divisor)
        signed = parts if (above[i] ^ below[i]) >= 0 else -parts
        found = signed if near and parts <= _MOST else _BEYOND
        told = found if base > 0 else _NONE
        there = told if states[i] == THERE else _BEYOND
        out[i] = there if states[i] != MISSING else _NONE


@compiled
def _hear(sums: Any, counts: Any, due: Any, cells: Any, states: Any) -> None:  # pragma: no cover
    """What the cells of a row hold, and whether it is there."""
    for i in range(len(cells)):
        number = sums[i]
        large = (number >= _LARGE) | (number <= -_LARGE)
        state = np.int64(TOO_LARGE) if large else np.int64(THERE)
        cells[i] = number
        states[i] = state if counts[i] == due[i] else np.int64(MISSING)


@compiled
def _accumulate(
    steps: Any, months: int, cumulative: Any, cells: Any, states: Any
) -> None:  # pragma: no cover
    """What each period added of itself (1) and what has accumulated since January (2) of a row."""
    for line in range(len(steps)):
        step, first = steps[line], line * months
        whole = np.int64(0)
        for slot in range(months):
            at = np.uint64(first + slot)
            number, state = cells[0, at], states[0, at]
            if step == FLOW:
                number = cumulative[at]
                whole = (np.int64(1) if slot % MONTHS == 0 else whole) * np.int64(state != MISSING)
                large = (number >= _LARGE) | (number <= -_LARGE)
                state = whole * (np.int64(TOO_LARGE) if large else np.int64(THERE))
            cells[2, at] = number
            states[2, at] = state if step != LEVEL else np.int64(MISSING)
        if not 0 < step < MONTHS:
            continue
        for slot in range(months):
            month, cell = slot % MONTHS, first + slot
            cells[1, cell], states[1, cell] = cells[0, cell], states[0, cell]
            if (month + 1) % step:
                states[1, cell] = MISSING
            elif month >= step:
                one, two = states[0, cell], states[0, cell - step]
                cells[1, cell] = cells[0, cell] - cells[0, cell - step]
                states[1, cell] = (one | two) if one * two != 0 else MISSING


@compiled
def _grow(
    steps: Any, kinds: Any, whose: int, cells: Any, states: Any, room: Any, out: Any
) -> None:  # pragma: no cover
    """Growth of a row over the year before, from the second year on; ``whose``: of periods (1), since January (2)."""
    lines = len(kinds)
    months, later = cells.shape[1] // lines, len(out) // lines
    for line in range(lines):
        if kinds[line] == STILL:
            continue
        of = np.uint64(whose if whose == 2 or 0 < steps[line] < MONTHS else 0)
        for slot in range(later):
            early, at = np.uint64(line * months + slot), np.uint64(line * later + slot)
            late = early + np.uint64(MONTHS)
            one, two = states[of, early], states[of, late]
            room[0, at] = cells[of, late] - cells[of, early]
            room[1, at] = cells[of, early]
            both = one | two
            room[2, at] = both if one * two != 0 else np.int64(MISSING)
    _quotients(room[0], room[1], room[2], out)
    for line in range(lines):
        if kinds[line] == STILL:
            out[line * later : (line + 1) * later] = _NONE
        elif kinds[line] == POINTS:
            for cell in range(line * later, (line + 1) * later):
                if room[2, cell] == THERE:
                    out[cell] = room[0, cell]


@compiled
def _complete(
    row: int, steps: Any, down: Any, due: Any, ins: Any, cells: Any, states: Any, room: Any, out: Any
) -> None:  # pragma: no cover
    """How much of the year's target is reached in each month of a row."""
    goals, met = ins[3], ins[4]
    lines, months = len(steps), len(due)
    years = months // MONTHS
    for line in range(lines):
        of = np.uint64(0 if steps[line] == LEVEL else 2)
        for year in range(years):
            goal, state = np.int64(0), np.int64(MISSING)
            at = (row * lines + line) * years + year
            if len(goals) and steps[line] != _MEAN and met[at] == due[year * MONTHS + MONTHS - 1]:
                goal = goals[at]
                state = np.int64(TOO_LARGE if goal >= _LARGE or goal <= -_LARGE else THERE)
            first = np.uint64(line * months + year * MONTHS)
            bare = down[line] and goal <= 0  # reached by nothing alone
            below = goal if goal > 0 else np.int64(0)
            for month in range(MONTHS):
                slot = first + np.uint64(month)
                room[0, slot] = cells[of, slot]
                room[1, slot] = below
                one = states[of, slot]
                both = one | state
                room[2, slot] = both if one * state != 0 else np.int64(MISSING)
            if down[line]:
                for month in range(MONTHS):
                    slot = first + np.uint64(month)
                    room[0, slot] = max(2 * goal - room[0, slot], np.int64(0))
            if bare:
                for month in range(MONTHS):
                    slot = first + np.uint64(month)
                    room[0, slot] = np.int64(cells[of, slot] <= goal)
                    room[1, slot] = 1
    _quotients(room[0], room[1], room[2], out)


@compiled
def _divide(
    pairs: Any, whose: int, cells: Any, states: Any, months: int, room: Any, out: Any
) -> None:  # pragma: no cover
    """The ratios of pairs of lines of a row."""
    of = np.uint64(whose)
    for number in range(len(pairs)):
        one, two = pairs[number, 0] * months, pairs[number, 1] * months
        for slot in range(months):
            over, under = np.uint64(one + slot), np.uint64(two + slot)
            at = np.uint64(number * months + slot)
            above, below = states[of, over], states[of, under]
            room[0, at] = cells[of, over]
            room[1, at] = cells[of, under]
            both = above | below
            room[2, at] = both if above * below != 0 else np.int64(MISSING)
    _quotients(room[0], room[1], room[2], out)


@compiled
def _rows(
    shape: Any, steps: Any, kinds: Any, down: Any, pairs: Any, ins: Any, outs: Any
) -> None:  # pragma: no cover
    """Some interior rows, one after the other; a row stays in the processor's cache meanwhile."""
    start, stop, years, due_months = shape
    growth, running_growth, completion, ratios, running_ratios = outs
    lines, months = len(steps), years * MONTHS
    width, later, paired = lines * months, lines * max(months - MONTHS, 0), len(pairs) * months
    cells, states = np.zeros((3, width), np.int64), np.zeros((3, width), np.int64)
    room, dues = np.zeros((3, max(width, paired)), np.int64), np.zeros(width, np.int32)
    spoken = len(ins[0]) > 0
    for row in range(start, stop):
        due = ins[5][row * due_months : row * due_months + months]
        if spoken:
            for line in range(lines):
                for slot in range(months):
                    dues[line * months + slot] = -1 if steps[line] == _MEAN else due[slot]
            here = slice(row * width, (row + 1) * width)
            _hear(ins[0][here], ins[1][here], dues, cells[0], states[0])
            _accumulate(steps, months, ins[2][here], cells, states)
        if later:
            out = growth[row * later : (row + 1) * later]
            _grow(steps, kinds, 1, cells, states, room, out)
            out = running_growth[row * later : (row + 1) * later]
            _grow(steps, kinds, 2, cells, states, room, out)
        out = completion[row * width : (row + 1) * width]
        _complete(row, steps, down, due, ins, cells, states, room, out)
        if paired:
            out = ratios[row * paired : (row + 1) * paired]
            _divide(pairs, 0, cells, states, months, room, out)
            out = running_ratios[row * paired : (row + 1) * paired]
            _divide(pairs, 2, cells, states, months, room, out)
