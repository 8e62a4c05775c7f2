"""The formulas of target scoring, each a pure function over exact fractions, and how grades are given.

They are the building blocks of published rules (贵阳, 成都, 杭州 and a county's 1000-point table; see docs/indicators.md).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from shuzhi.kernel.catalogue.schemes import Grade

ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)


def number(text: str) -> Fraction:
    """An exact number as the scheme writes it."""
    return Fraction(Decimal(text))


def clip(value: Fraction, low: Fraction = ZERO, high: Fraction = ONE) -> Fraction:
    """The value held between two bounds."""
    return max(low, min(high, value))


def up(actual: Fraction, target: Fraction, cap: Fraction = ONE) -> Fraction | None:
    """1 越高越好: min(a/t, cap), not below 0; None where a target of zero or less gives no ratio."""
    return clip(actual / target, ZERO, cap) if target > 0 else None


def growth(actual: Fraction, target: Fraction, k: Fraction) -> Fraction:
    """2 增速 (form k): clip(1 + k × (g − g*), 0, 1), rates as parts of one, ``k`` per percentage point."""
    return clip(1 + k * (actual - target) * 100)


def growth_ratio(actual: Fraction, target: Fraction, cap: Fraction = ONE) -> Fraction | None:
    """2 增速 (form a/t): a/t within the cap; negative growth where growth was set gives nothing."""
    return up(actual, target, cap)


def down(actual: Fraction, target: Fraction) -> Fraction:
    """3 越低越好: clip(2 − a/t, 0, 1); a target of zero is met by zero alone."""
    if target <= 0:
        return ONE if actual <= target else ZERO
    return clip(2 - actual / target)


def inside(actual: Fraction, low: Fraction, high: Fraction, reach: Fraction, floor: Fraction) -> Fraction:
    """4 区间: full inside; outside it falls evenly to the floor, which is reached ``reach`` away."""
    away = max(low - actual, actual - high, ZERO)
    if away == 0:
        return ONE
    return max(floor, 1 - away / reach * (1 - floor)) if reach > 0 else floor


def milestones(accepted: Fraction, planned: Fraction) -> Fraction | None:
    """5 节点: the share of milestones accepted; None when none were planned."""
    return clip(accepted / planned) if planned > 0 else None


def ranks(values: Mapping[str, Fraction], *, better: str) -> dict[str, int]:
    """Places from the best on: equals share a place, and the next place is skipped."""
    best_first = sorted(values.values(), reverse=better == "up")
    return {key: best_first.index(value) + 1 for key, value in values.items()}


def by_rank(place: Fraction, points: Sequence[Fraction]) -> Fraction:
    """6 名次: the points of a place; none beyond the table."""
    at = int(place) - 1
    return points[at] if place.denominator == 1 and 0 <= at < len(points) else ZERO


def counted(times: Fraction, each: Fraction, limit: Fraction) -> Fraction:
    """7 扣分、加分: so much for each occurrence, up to a limit."""
    return clip(times * each, ZERO, limit)


def grades(order: Sequence[Grade], scores: Sequence[tuple[str, Fraction, str]]) -> dict[str, str]:
    """The grade of each unit: the best whose score it has and whose quota has room, and no better than a veto leaves it.

    The quota is a part of all units, rounded down. Units with one score are graded together: where the quota has no room
    for all of them, none of them gets that grade. "" when no grade fits.
    """
    given = dict.fromkeys((unit for unit, _, _ in scores), "")
    names = [grade.name for grade in order]
    for at, grade in enumerate(order):
        room = len(scores) if not grade.quota else int(len(scores) * number(grade.quota) / 100)
        fit = [
            (unit, value)
            for unit, value, capped in scores
            if not given[unit] and value >= number(grade.since) and (not capped or names.index(capped) <= at)
        ]
        for value in sorted({value for _, value in fit}, reverse=True):
            together = [unit for unit, own in fit if own == value]
            if len(together) > room:
                break
            room -= len(together)
            given.update(dict.fromkeys(together, grade.name))
    return given
