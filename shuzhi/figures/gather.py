"""The value of an indicator in one closing: its own observation, or what the units below it have reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

from shuzhi.figures.closing import Closing
from shuzhi.figures.context import Context
from shuzhi.figures.leaves import Look
from shuzhi.figures.observed import Seen, Sheet, actual, forecast, latest
from shuzhi.figures.tree import tree_of
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator

# The months at which an indicator of that frequency is reported, and what it is called.
_REPORTED: Final = {"quarter": ((3, 6, 9, 12), "季度", "季末"), "half": ((6, 12), "半年", "半年末")}
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """A value as a whole number of the indicator's family (a fraction when it is a weighted mean), or why there is none.

    ``pending`` says that observations have yet to be read; ``silent`` that nobody asked has said anything.
    """

    number: Fraction | None = None
    seen: tuple[Seen, ...] = ()
    reason: str = ""
    pending: bool = False
    silent: bool = False


class Sheets(Protocol):
    """Where observations come from."""

    catalogue: Catalogue

    def sheet(self, closing: Closing, look: Look) -> Sheet | None:
        """The observations of an indicator of a unit, or None when they have yet to be read."""
        ...


def period(indicator: Indicator, context: Context) -> str:
    """The period in words: 2025年, 2025年9月."""
    if indicator.frequency == "year" or context.role in ("target", "forecast"):
        return f"{context.year}年"
    return f"{context.year}年{context.month}月"


def silence(indicator: Indicator, context: Context, place: str) -> str:
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


def gather(sheets: Sheets, closing: Closing, unit: str, indicator: Indicator, context: Context) -> Outcome:
    """The value of an indicator of one unit of one closing."""
    sheet = sheets.sheet(closing, Look(indicator.code, unit))
    if sheet is None:
        return Outcome(pending=True)
    seen = _pick(sheet, indicator, context)
    if seen is not None:
        if seen.value is not None:
            return Outcome(Fraction(seen.value), (seen,))
        return Outcome(seen=(seen,), reason=f"{indicator.owner}：{seen.reason}")
    tree = tree_of(closing, context.day)
    place = "" if unit == closing.unit_code else tree.members[unit].name
    areas = tree.areas(unit, context.cutoff) if _adds_up(indicator) else ()
    if areas:
        parts = [(item.name, gather(sheets, closing, item.code, indicator, context)) for item in areas]
        weights = [weight(sheets, closing, item.code, indicator, context) for item in areas]
        together = added(indicator, context, parts, weights)
        if not together.silent:
            return together
    split = tree.split.get(unit)
    if split is not None and context.cutoff < split[1]:
        return Outcome(reason=f"{place}{split[1]}由{split[0]}分设，此前的{indicator.label}没有分开，不能追溯")
    return Outcome(reason=silence(indicator, context, place), silent=True)


def _pick(sheet: Sheet, indicator: Indicator, context: Context) -> Seen | None:
    if context.role == "target":
        return sheet.get(("target", context.year, 12))
    if context.role == "forecast":
        return forecast(sheet, context.year)
    if context.role == "latest":
        return latest(sheet, indicator, context.cutoff)
    return actual(sheet, indicator, context.year, context.month)


def _adds_up(indicator: Indicator) -> bool:
    return indicator.rollup == "sum" or indicator.rollup.startswith("wmean:")


def weight(sheets: Sheets, closing: Closing, unit: str, indicator: Indicator, context: Context) -> Outcome:
    """The weight of a unit in a weighted mean: another indicator; one when values just add up."""
    code = indicator.rollup.partition(":")[2]
    if not code:
        return Outcome(Fraction(1))
    return gather(sheets, closing, unit, sheets.catalogue.indicators[code], context)


def added(
    indicator: Indicator, context: Context, parts: Sequence[tuple[str, Outcome]], weights: Sequence[Outcome]
) -> Outcome:
    """Several units together: all must have reported; the reason names those who have not."""
    if any(outcome.pending for _, outcome in parts) or any(outcome.pending for outcome in weights):
        return Outcome(pending=True)
    if not _adds_up(indicator):
        return Outcome(reason=f"{indicator.label}不能由各单位的数相加得出")
    if all(outcome.silent for _, outcome in parts):
        return Outcome(reason=silence(indicator, context, ""), silent=True)
    lacking = [
        name
        for (name, outcome), heavy in zip(parts, weights, strict=True)
        if outcome.number is None or heavy.number is None
    ]
    if lacking:
        named = "、".join(lacking[:_NAMED]) + ("等" if len(lacking) > _NAMED else "")
        when = period(indicator, context)
        return Outcome(reason=f"{named}{len(lacking)}个单位未报{when}{indicator.label}，不能合计")
    pairs = [
        (outcome.number or Fraction(0), heavy.number or Fraction(0))
        for (_, outcome), heavy in zip(parts, weights, strict=True)
    ]
    seen = tuple(item for _, outcome in parts for item in outcome.seen)
    total = sum((number * heavy for number, heavy in pairs), Fraction(0))
    if indicator.rollup == "sum":
        return Outcome(total, seen)
    whole = sum((heavy for _, heavy in pairs), Fraction(0))
    if whole == 0:
        return Outcome(reason=f"{indicator.label}的权数合计为零")
    return Outcome(total / whole, seen + tuple(item for heavy in weights for item in heavy.seen))
