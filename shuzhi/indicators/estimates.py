"""Year-end estimates over the accounts: proposed, accepted by the post whose figure it is, trued up when the year is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from shuzhi.evidence import instance
from shuzhi.figures.judging.estimating import METHODS, Estimate, missed, propose
from shuzhi.indicators.models import Observation
from shuzhi.indicators.queries import newest_only
from shuzhi.indicators.verbs import Observed, observe
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import UNITS, amount, half_up, say
from shuzhi.units.models import Post, Unit

_EARLIER = 6


@dataclass(frozen=True, slots=True)
class Trued:
    """A forecast of a year beside what became of it; ``off`` is of one for amounts, in points for rates."""

    indicator: Indicator
    unit: Unit
    year: int
    forecast: Fraction
    said: str
    final: Fraction | None
    status: str
    off: Fraction | None


def is_rate(indicator: Indicator) -> bool:
    """Whether the indicator moves by points, not by ratios."""
    return indicator.temporal == "rate"


def history(indicator: Indicator, unit: Unit, year: int) -> dict[int, dict[int, Fraction]]:
    """What was reported of the year and of up to six years before, by year and month, in the indicator's unit."""
    rows = Observation.objects.filter(
        indicator=indicator.code, unit=unit, year__gt=year - _EARLIER, year__lte=year, role="actual"
    )
    found: dict[int, dict[int, Fraction]] = {}
    for row in newest_only(rows):
        if row.value is not None:
            found.setdefault(row.year, {})[row.month] = amount(row.value, UNITS[indicator.unit])
    return found


def proposals(indicator: Indicator, unit: Unit, year: int) -> list[Estimate]:
    """What each method expects of the year's end; nothing where there is nothing to go by or the year is known."""
    if indicator.expression is not None:
        return []
    years = history(indicator, unit, year)
    if 12 in years.get(year, {}):
        return []
    profile = instance.catalogue().profiles.get(indicator.profile)
    shares = profile.shares() if profile is not None and indicator.temporal == "cum" else {}
    return propose(years, year, shares, rate=is_rate(indicator), preferred=indicator.estimate)


def accept(indicator: Indicator, unit: Unit, year: int, method: str, *, by: Post | None) -> Observed:
    """Enter an estimate as the year's forecast, its method, interval and error noted; it never enters itself.

    Raises Refused: no such estimate (any more), no right.
    """
    found = next((item for item in proposals(indicator, unit, year) if item.method == method), None)
    if found is None:
        place = f"{indicator.label}·{unit.name}·{year}年"
        hint = "年底数已报，或缺上年同期数、进度曲线"
        raise Refused(Finding("estimate.none", "现在没有这种预计", hint, place))
    newest = max(history(indicator, unit, year)[year])
    return observe(
        indicator,
        unit,
        year=year,
        month=12,
        value=half_up(found.value, indicator.decimals),
        by=by,
        role="forecast",
        reason=f"按{newest}月数以{METHODS[method]}推算；{told(indicator, found)}",
    )


def told(indicator: Indicator, item: Estimate) -> str:
    """Interval and error of an estimate in words."""
    if item.low is None or item.high is None or item.mean_error is None:
        return "没有往年数可检验"
    low, high = (say(value, indicator.decimals) for value in (item.low, item.high))
    years = "、".join(str(year) for year, _ in item.errors)
    return f"区间{low}至{high}{indicator.unit}；{years}年检验平均误差{off(indicator, item.mean_error)}"


def off(indicator: Indicator, error: Fraction) -> str:
    """An error as the office says it: per cent of the final value, or points of a rate."""
    unit = "个百分点" if is_rate(indicator) and indicator.unit == "%" else indicator.unit
    return f"{say(error, 2)}{unit}" if is_rate(indicator) else f"{say(error * 100, 2)}%"


def trueup(catalogue: Catalogue, year: int, units: Sequence[Unit] = ()) -> list[Trued]:
    """Every forecast of a year beside the newest final value, the farthest off first, those not known yet last."""
    rows = Observation.objects.filter(year=year, month=12, role__in=("actual", "forecast"))
    if units:
        rows = rows.filter(unit__in=units)
    held = {(row.indicator, row.unit_id, row.role): row for row in newest_only(rows.select_related("unit"))}
    found = []
    for (code, unit, role), row in held.items():
        indicator = catalogue.indicators.get(code)
        if role != "forecast" or row.value is None or indicator is None:
            continue
        found.append(_trued(indicator, row, held.get((code, unit, "actual"))))
    return sorted(
        found, key=lambda item: (item.off is None, -abs(item.off or 0), item.indicator.code, item.unit.code)
    )


def _trued(indicator: Indicator, forecast: Observation, actual: Observation | None) -> Trued:
    unit = UNITS[indicator.unit]
    expected = amount(forecast.value or 0, unit)
    final = amount(actual.value, unit) if actual is not None and actual.value is not None else None
    return Trued(
        indicator,
        forecast.unit,
        forecast.year,
        expected,
        forecast.reason,
        final,
        actual.status if actual is not None else "",
        None if final is None else missed(expected, final, rate=is_rate(indicator)),
    )
