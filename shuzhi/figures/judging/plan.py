"""A target over the year: broken down along a curve, measured month by month against it, and lit.

Pure: values are exact fractions in the base unit of the indicator's family (ratios as parts of one); gaps are percentage
points. Sources: the worked public rules for lights (银川 2025 and others ship as presets), 序时进度 by the item's own curve.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.measure import UNITS, half_up, say, whole

COLOUR_NAMES: Final = {"green": "绿灯", "yellow": "黄灯", "red": "红灯", "grey": "灰灯"}
CURVES: Final = {"profile": "按全年进度曲线", "lastyear": "按上年同期占比", "even": "按月均衡"}
_QUARTERS: Final = (3, 6, 9, 12)
_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Rules:
    """The tenant's thresholds, in percentage points behind the plan.

    ``edge`` says that being exactly ``yellow`` points behind is yellow already; ``months`` how many periods of yellow in a
    row make a red (0: never); ``quarter_red`` that falling short of the plan at a quarter's end is red at once.
    """

    yellow: Fraction = Fraction(10)
    red: Fraction = Fraction(30)
    edge: bool = False
    months: int = 2
    quarter_red: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One period of the year: the plan accumulated up to it, and what was reached (None: not reported)."""

    month: int
    plan: Fraction | None
    actual: Fraction | None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Lit:
    """How one period stands: gap in percentage points (None: cannot be said), colour, why, and what was overcome."""

    month: int
    gap: Fraction | None
    colour: str
    why: str
    recovered: str = ""


def in_points(indicator: Indicator) -> bool:
    """Whether distance from a target is told in percentage points of the value itself: growth rates and shares."""
    return indicator.temporal == "rate" and UNITS[indicator.unit].family.name == UNITS["%"].family.name


def completion(direction: str, actual: Fraction, target: Fraction) -> Fraction | None:
    """How much of a target is reached, of one: actual ÷ target; for what should be low 2 − actual ÷ target, never below 0.

    A target of zero that should be low is reached by zero alone. None when there is no ratio.
    """
    if direction == "down":
        if target <= 0:
            return Fraction(1 if actual <= target else 0)
        return max(Fraction(0), 2 - actual / target)
    return actual / target if target > 0 else None


def gap_of(indicator: Indicator, step: Step, target: Fraction) -> Fraction | None:
    """How far ahead (+) or behind (−) its own curve a period is, in percentage points; None when it cannot be said.

    Growth rates and shares: the difference of the two rates. What accumulates: completed share less planned share of the
    year. What should be low: 2 − actual ÷ plan, less one.
    """
    if step.actual is None or step.plan is None:
        return None
    down = indicator.direction == "down"
    if in_points(indicator):
        return (step.actual - step.plan) * _POINTS * (-1 if down else 1)
    if down:
        reached = completion("down", step.actual, step.plan)
        return None if reached is None else (reached - 1) * _POINTS
    return (step.actual - step.plan) / target * _POINTS if target > 0 else None


def colour_of(gap: Fraction | None, rules: Rules) -> str:
    """The light of one gap by itself."""
    if gap is None:
        return "grey"
    behind = -gap
    if behind > rules.red:
        return "red"
    if behind > rules.yellow or (rules.edge and behind == rules.yellow and behind > 0):
        return "yellow"
    return "green"


def lights(indicator: Indicator, steps: Sequence[Step], target: Fraction, rules: Rules) -> list[Lit]:
    """The light of every period in order: yellow too long in a row turns red, and a recovery is remembered.

    A red period counts in the row as a yellow one does, so that doing better is never punished; a period without a value
    is grey and neither ends nor lengthens the row. December short of the target is
    never green: the year is over.
    """
    lit: list[Lit] = []
    row, trouble, recovered = 0, "", ""
    for step in sorted(steps, key=lambda item: item.month):
        gap = gap_of(indicator, step, target)
        colour, why = _judged(gap, step, rules)
        row = {"green": 0, "grey": row}.get(colour, row + 1)
        if colour == "yellow" and rules.months and row >= rules.months:
            colour, why = "red", f"{why}，已连续{row}期不到绿灯"
        if colour in ("yellow", "red"):
            trouble, recovered = f"{step.month}月亮{COLOUR_NAMES[colour]}", ""
        elif colour == "green" and trouble and not recovered:
            recovered = f"{trouble}，{step.month}月恢复"
        lit.append(Lit(step.month, gap, colour, why, recovered))
    return lit


def _judged(gap: Fraction | None, step: Step, rules: Rules) -> tuple[str, str]:
    colour = colour_of(gap, rules)
    if gap is None:
        missing = step.actual is None
        return colour, f"{step.month}月未报" if missing else "没有可比的计划数"
    why = f"{'落后' if gap < 0 else '超前'}序时进度{say(abs(gap), 1)}个百分点" if gap else "与序时进度持平"
    if colour != "red" and gap < 0 and rules.quarter_red and step.month in _QUARTERS:
        return "red", f"{why}，季末未达进度"
    if colour == "green" and gap < 0 and step.month == 12:
        return "yellow", f"{why}，年度目标未完成"
    return colour, why


# --- breaking a year down ------------------------------------------------------------------------------------------------


def by_share(
    indicator: Indicator,
    target: int,
    shares: Mapping[int, Fraction],
    months: Iterable[int],
    *,
    start: int = 0,
) -> dict[int, int]:
    """The plan of each month, whole numbers of the family, accumulated to the month; December is the target itself.

    What accumulates follows the shares; a level moves from ``start`` (last December) to the target along them; a rate is
    the same in every month. Each plan is rounded half up to the decimals the indicator is printed with.
    """
    unit = UNITS[indicator.unit]
    made: dict[int, int] = {}
    for month in sorted(months):
        if month == 12 or indicator.temporal == "rate":
            made[month] = target
        elif month in shares:
            begin = start if indicator.temporal == "level" else 0
            exact = (begin + (target - begin) * shares[month]) / unit.step
            rounded = whole(half_up(exact, indicator.decimals), unit)
            # A target finer than the print must not be overshot by rounding on the way to it.
            made[month] = min(rounded, target) if target >= begin else max(rounded, target)
    return made


def own_shares(months: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """A past year's own curve: what was reached by each month as a part of December; empty without a December."""
    last = months.get(12)
    return {month: value / last for month, value in sorted(months.items())} if last else {}


def even_shares() -> dict[int, Fraction]:
    """Months ÷ 12: the course of a level, or of what has no profile."""
    return {month: Fraction(month, 12) for month in range(1, 13)}


def falls(plan: Mapping[int, int]) -> list[tuple[int, int]]:
    """The neighbouring months between which an accumulated plan falls; there should be none."""
    months = sorted(plan)
    return [(one, two) for one, two in pairwise(months) if plan[two] < plan[one]]


def unexplained(whole_target: int, parts: Iterable[int]) -> int:
    """What the parts do not explain of the whole: whole − sum of parts (positive: handed down too little)."""
    return whole_target - sum(parts)
