"""The value of an indicator: a unit's own observation, or what the units below it have reported.

Where boundaries have changed since, what a unit was told to be is put together anew (:mod:`shuzhi.figures.restated`).
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final, Protocol

from shuzhi.figures.closing import Closing
from shuzhi.figures.context import Context
from shuzhi.figures.leaves import Look
from shuzhi.figures.many.atlas import Atlas
from shuzhi.figures.many.outcome import NAMED, Outcome, Tally, together
from shuzhi.figures.observed import Measured, Seen, Sheet, actual, forecast, latest
from shuzhi.figures.tree import Member
from shuzhi.kernel.finding import Finding, Severity
from shuzhi.kernel.measure import UNITS, say

# The months at which an indicator of that frequency is reported, and what it is called.
_REPORTED: Final = {"quarter": ((3, 6, 9, 12), "季度", "季末"), "half": ((6, 12), "半年", "半年末")}
_PENDING: Final = Outcome(pending=True)


class Sheets(Protocol):
    """Where observations come from."""

    atlas: Atlas

    def indicator(self, code: str) -> Measured:
        """The definition of an indicator."""
        ...

    def sheet(self, closing: Closing, look: Look) -> Sheet | None:
        """The observations of an indicator of a unit, or None when they have yet to be read."""
        ...

    def tally(self, closing: Closing, indicator: Measured, context: Context) -> Tally | None:
        """What a sealed closing comes to by itself, or None when it has yet to be read."""
        ...


def period(indicator: Measured, context: Context) -> str:
    """The period in words: 2025年, 2025年9月."""
    if indicator.frequency == "year" or context.role in ("target", "forecast"):
        return f"{context.year}年"
    return f"{context.year}年{context.month}月"


def silence(indicator: Measured, context: Context, place: str) -> str:
    """Why nobody has reported, and whose turn it is; ``place`` is the unit's name when it is not the whole."""
    when = period(indicator, context)
    if context.role == "target":
        return f"{place}{when}没有下达{indicator.label}的目标值"
    if context.role == "latest":
        return f"{indicator.owner}到{when}还没有报过{place}{indicator.label}"
    months, rhythm, end = _REPORTED.get(indicator.frequency, ((context.month,), "", ""))
    if context.role == "actual" and context.month not in months:
        return f"{indicator.label}按{rhythm}报送，{context.month}月不是{end}"
    if context.role == "actual" and context.month in indicator.unpublished:
        return f"{indicator.label}不单独公布{context.month}月的数"
    word = "没有预计" if context.role == "forecast" else "未报"
    return f"{indicator.owner}{word}{place}{when}{indicator.label}"


def gather(
    sheets: Sheets, unit: str, indicator: Measured, context: Context, *, weighed: bool = False
) -> Outcome:
    """The value of an indicator of one unit, in whichever closings it stands; ``weighed`` when it is to be added to others.

    The nearest closing's telling of a cell goes first, another closing's fills what it says nothing of. By today's
    boundaries, what was said before they were drawn is restated.
    """
    if context.then or not sheets.atlas.redrawn or told_alone(sheets, unit, context):
        return told(sheets, unit, indicator, context, weighed=weighed)
    if context.role == "latest":
        dated = _dated(sheets, unit, indicator, context)
        if dated is None:
            return _PENDING
        context = dated
    changes = sheets.atlas.changes(unit, context.cutoff)
    if changes is None:
        return told(sheets, unit, indicator, context, weighed=weighed)
    from shuzhi.figures.restated import restated  # drawn in where boundaries have changed, and only there

    return restated(sheets, unit, indicator, context, changes, weighed=weighed)


def _dated(sheets: Sheets, unit: str, indicator: Measured, context: Context) -> Context | None:
    """Where the latest is asked for: the context at the end of the unit's own latest period, where boundaries have changed
    since; None when observations have yet to be read.
    """
    heard = own_word(sheets, unit, indicator, context)
    if heard is None:
        return None
    seen, _ = heard
    if seen is None:
        return context
    end = date(seen.year, seen.month, monthrange(seen.year, seen.month)[1])
    if end >= context.cutoff or sheets.atlas.changes(unit, end) is None:
        return context
    return replace(context, cutoff=end)


def told_alone(sheets: Sheets, unit: str, context: Context) -> bool:
    """Whether one sealed closing tells all there is of a unit, itself and below."""
    holders = sheets.atlas.holding(unit, context.day)
    return len(holders) == 1 and holders[0].unit_code == unit and sheets.atlas.sealed(holders[0])


def told(
    sheets: Sheets, unit: str, indicator: Measured, context: Context, *, weighed: bool = False
) -> Outcome:
    """The value as it was told: the unit's own word, else what the areas right below it come to."""
    holders = sheets.atlas.holding(unit, context.day)
    nearest = holders[0]
    alone = nearest.unit_code == unit and sheets.atlas.sealed(nearest)
    if not alone or len(holders) > 1:
        heard = own_word(sheets, unit, indicator, context)
        if heard is None:
            return _PENDING
        if heard[0] is not None:
            return owned(sheets, heard[0], indicator, context, heard[1], weighed=weighed)
    if alone:
        tally = sheets.tally(nearest, indicator, context)
        return _PENDING if tally is None else tally.alone()
    return _below(sheets, unit, indicator, context)


def own_word(
    sheets: Sheets, unit: str, indicator: Measured, context: Context
) -> tuple[Seen | None, tuple[Finding, ...]] | None:
    """What a unit said of itself (None where it said nothing), and the closings that tell it otherwise; None when
    observations have yet to be read.
    """
    holders = sheets.atlas.holding(unit, context.day)
    if context.restated:
        holders = (*holders, *(each for each in sheets.atlas.holding(unit) if each not in holders))
    if len(holders) == 1:
        only = sheets.sheet(holders[0], Look(indicator.code, unit))
        return None if only is None else (_pick(only, indicator, context), ())
    found = [sheets.sheet(closing, Look(indicator.code, unit)) for closing in holders]
    known = [sheet for sheet in found if sheet is not None]
    if len(known) < len(found):
        return None
    whole: dict[tuple[str, int, int], Seen] = {}
    for sheet in reversed(known):
        whole |= sheet
    seen = _pick(whole, indicator, context)
    return seen, () if seen is None else _clashes(seen, indicator, holders, known)


def owned(
    sheets: Sheets,
    seen: Seen,
    indicator: Measured,
    context: Context,
    clashes: tuple[Finding, ...],
    *,
    weighed: bool,
) -> Outcome:
    """What a unit reported itself; with the weight it has among others, when that is wanted."""
    if seen.value is None:
        return Outcome(said=(seen,), reason=f"{indicator.owner}：{seen.reason}", clashes=clashes)
    number = Fraction(seen.value)
    code = indicator.rollup.partition(":")[2]
    if not code or not weighed:
        return Outcome(number, (seen,), top=number, bottom=Fraction(1), clashes=clashes)
    weight = gather(sheets, seen.unit, sheets.indicator(code), context)
    if weight.pending:
        return _PENDING
    if weight.number is None:
        return Outcome(number, (seen,), clashes=clashes)
    top, bottom = number * weight.number, weight.number
    return Outcome(number, (seen,), top=top, bottom=bottom, heavy=weight.said, clashes=clashes)


def _below(sheets: Sheets, unit: str, indicator: Measured, context: Context) -> Outcome:
    """What the areas right below a unit come to, as the nearest closing that has any draws them."""
    holders = sheets.atlas.holding(unit, context.day)
    trees = [sheets.atlas.tree(closing, context.day) for closing in holders]
    if adds_up(indicator):
        looked = (
            (closing, tree.areas(unit, context.cutoff)) for closing, tree in zip(holders, trees, strict=True)
        )
        parts = next((_parts(sheets, unit, *found, indicator, context) for found in looked if found[1]), [])
        if any(outcome.pending for _, outcome in parts):
            return _PENDING
        if not all(outcome.silent for _, outcome in parts):
            return added(indicator, context, [Tally.of(name, outcome) for name, outcome in parts])
    member = trees[0].members.get(unit)
    place = "" if unit == holders[0].unit_code or member is None else member.name
    return Outcome(reason=silence(indicator, context, place), silent=True)


def _parts(
    sheets: Sheets,
    unit: str,
    teller: Closing,
    areas: Sequence[Member],
    indicator: Measured,
    context: Context,
) -> list[tuple[str, Outcome]]:
    """The areas right below a unit, as a closing tells, by name with what each comes to."""
    each = told if context.then or not sheets.atlas.redrawn else gather
    with sheets.atlas.descending(unit, context.day, teller):
        return [(item.name, each(sheets, item.code, indicator, context, weighed=True)) for item in areas]


def _pick(sheet: Sheet, indicator: Measured, context: Context) -> Seen | None:
    if context.role == "target":
        return sheet.get(("target", context.year, 12))
    if context.role == "forecast":
        return forecast(sheet, context.year)
    if context.role == "latest":
        return latest(sheet, indicator, context.cutoff)
    return actual(sheet, indicator, context.year, context.month)


def _clashes(
    seen: Seen, indicator: Measured, holders: Sequence[Closing], sheets: Sequence[Sheet]
) -> tuple[Finding, ...]:
    """The closings that tell the cell otherwise than the nearest of those that tell it."""
    key = (seen.role, seen.year, seen.month)
    each = zip(holders, sheets, strict=True)
    return told_twice([(closing.unit_name, sheet[key]) for closing, sheet in each if key in sheet], indicator)


def told_twice(telling: Sequence[tuple[str, Seen]], indicator: Measured) -> tuple[Finding, ...]:
    """What closings (by the names of their units, the nearest first) tell otherwise of a cell than the first of them."""
    (teller, own), *others = telling
    word = {"actual": "", "target": "目标", "forecast": "预计"}[own.role]
    when = f"{own.year}年{own.month}月" if own.role == "actual" else f"{own.year}年"
    return tuple(
        Finding(
            "figures.told-twice",
            f"{when}{indicator.label}{word}（{own.unit}）两处不一：{teller}的结账是{_cell(own, indicator)}，"
            f"{name}的结账是{_cell(other, indicator)}；按{teller}的算",
            "请两级核对，改正其中一处后重新结账",
            name,
            Severity.WARNING,
        )
        for name, other in others
        if other.value != own.value
    )


def _cell(seen: Seen, indicator: Measured) -> str:
    unit = UNITS[indicator.unit]
    return (
        "缺"
        if seen.value is None
        else f"{say(Fraction(seen.value) / unit.step, indicator.decimals)}{unit.name}"
    )


def adds_up(indicator: Measured) -> bool:
    """Whether the values of units give the value of the unit above them."""
    return indicator.rollup == "sum" or indicator.rollup.startswith("wmean:")


def added(indicator: Measured, context: Context, parts: Sequence[Tally]) -> Outcome:
    """Several units together: all must have reported; the reason names those who have not."""
    all_of = together(parts)
    if not adds_up(indicator):
        return Outcome(reason=f"{indicator.label}不能由各单位的数相加得出", clashes=all_of.clashes)
    if all_of.silent == all_of.parts:
        return Outcome(reason=silence(indicator, context, ""), silent=True)
    if all_of.lacking:
        named = "、".join(all_of.named) + "等" * (all_of.lacking > NAMED)
        when = period(indicator, context)
        reason = f"{named}{all_of.lacking}个单位未报{when}{indicator.label}，不能合计"
        return Outcome(reason=reason, clashes=all_of.clashes)
    number: Fraction | None = all_of.top
    reason = ""
    if indicator.rollup != "sum":
        number = all_of.top / all_of.bottom if all_of.bottom else None
        reason = "" if all_of.bottom else f"{indicator.label}的权数合计为零"
    return Outcome(
        number,
        all_of.said,
        reason,
        top=all_of.top,
        bottom=all_of.bottom,
        heavy=all_of.heavy,
        clashes=all_of.clashes,
    )
