"""Compiled growth and places: how a figure stands to that of a year before, and to those of its siblings."""

from collections.abc import Callable, Sequence
from operator import itemgetter

from shuzhi.cube.asking.codes import (
    NOTHING,
    Code,
    Exact,
    Joined,
    Nothing,
    Values,
    Whole,
    exact,
    family_of,
    of_pairs,
)
from shuzhi.cube.asking.formulas import Pair, growth, place
from shuzhi.kernel.expr.types import PLACE
from shuzhi.kernel.measure import RATIO


def grown(now: Code, before: Code) -> Code:
    """Now ÷ before − 1."""
    if isinstance(now, Nothing) or isinstance(before, Nothing):
        return NOTHING
    family_of("/", now, before)
    if not (isinstance(now, Whole) and isinstance(before, Whole) and now.scale == before.scale):
        return Exact(of_pairs(growth, now, before), RATIO.name)
    if now.cell and before.cell:
        return Exact(_grown_cells(now.at, before.at), RATIO.name)
    if min(now.less, before.less) >= 0:
        return Exact(_grown_between(now.at, now.less, before.at, before.less), RATIO.name)
    left_of, right_of = now.read, before.read

    def both(values: Values) -> Pair | None:
        left, right = left_of(values), right_of(values)
        if left is None or not right:
            return None
        return (left - right, right) if right > 0 else (right - left, -right)

    return Exact(both, RATIO.name)


def _grown_cells(now: int, before: int) -> Joined:
    """The same for two cells."""

    def cells(values: Values) -> Pair | None:
        left, right = values[now], values[before]
        if left is None or not right:
            return None
        return (left - right, right) if right > 0 else (right - left, -right)

    return cells


def _grown_between(late: int, early: int, late_before: int, early_before: int) -> Joined:
    """The same for what two pairs of cells lie apart: a month's own part of what accumulates, and that of the year before."""

    def between(values: Values) -> Pair | None:
        high, low, right, less = values[late], values[early], values[late_before], values[early_before]
        if high is None or low is None or right is None or less is None or right == less:
            return None
        right -= less
        left = high - low
        return (left - right, right) if right > 0 else (right - left, -right)

    return between


def placed(codes: Sequence[Code], own: int, *, lower: bool) -> Exact:
    """The place of one among all: see :func:`shuzhi.cube.asking.formulas.place`. Cells of one scale are compared as they are."""
    cells = [code for code in codes if isinstance(code, Whole) and code.cell]
    if len(cells) == len(codes) > 1 and len({cell.scale for cell in cells}) == 1:
        return Exact(_placed_cells([cell.at for cell in cells], own, lower), PLACE)
    reads = [exact(code).read for code in codes]

    def taken(values: Values) -> Pair | None:
        everybody = [read(values) for read in reads]
        found = place(everybody[own], everybody, lower=lower)
        return None if found is None else (found, 1)

    return Exact(taken, PLACE)


def _placed_cells(at: Sequence[int], own: int, lower: bool) -> Callable[[Values], Pair | None]:
    take, mine = itemgetter(*at), at[own]

    def highest(values: Values) -> Pair | None:
        value, ahead = values[mine], 1
        try:
            for other in take(values):
                if other > value:
                    ahead += 1
        except TypeError:  # somebody has no figure, and nothing compares with that
            return None
        return ahead, 1

    def lowest(values: Values) -> Pair | None:
        value, ahead = values[mine], 1
        try:
            for other in take(values):
                if other < value:
                    ahead += 1
        except TypeError:
            return None
        return ahead, 1

    return lowest if lower else highest
