"""Year-end estimates over the accounts: proposed, accepted by the post whose figure it is, trued up when the year is known.

What is looked at (:func:`expected`, :func:`trued_up`) is read from the live cube; what is entered and what the command tells,
from the observations.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shuzhi.evidence import instance
from shuzhi.figures.judging.estimating import METHODS, Estimate, missed, propose
from shuzhi.indicators.live import LIVE
from shuzhi.indicators.models import Observation
from shuzhi.indicators.queries import newest_only
from shuzhi.indicators.reported import Reported
from shuzhi.indicators.verbs import Observed, observe
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import UNITS, amount, half_up, say
from shuzhi.units.models import Post, Unit

_EARLIER = 6
_History = dict[int, dict[int, Fraction]]


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


def history(indicator: Indicator, unit: Unit, year: int) -> _History:
    """What was reported of the year and of up to six years before, by year and month, in the indicator's unit."""
    rows = Observation.objects.filter(
        indicator=indicator.code, unit=unit, year__gt=year - _EARLIER, year__lte=year, role="actual"
    )
    found: _History = {}
    for row in newest_only(rows):
        if row.value is not None:
            found.setdefault(row.year, {})[row.month] = amount(row.value, UNITS[indicator.unit])
    return found


def proposals(indicator: Indicator, unit: Unit, year: int) -> list[Estimate]:
    """What each method expects of the year's end; nothing where there is nothing to go by or the year is known."""
    return (
        [] if indicator.expression is not None else _proposed(indicator, history(indicator, unit, year), year)
    )


def _proposed(indicator: Indicator, years: _History, year: int) -> list[Estimate]:
    if 12 in years.get(year, {}):
        return []
    profile = instance.catalogue().profiles.get(indicator.profile)
    shares = profile.shares() if profile is not None and indicator.temporal == "cum" else {}
    return propose(years, year, shares, rate=is_rate(indicator), preferred=indicator.estimate)


def expected(unit: Unit, year: int) -> list[tuple[Indicator, list[Estimate], Reported | None]]:
    """The same of every indicator a unit reported this year, by code, with the forecast that stands; read from the live cube."""
    told = {each: LIVE.reported(unit.code, each) for each in range(year - _EARLIER + 1, year + 1)}
    known, found = instance.catalogue().indicators, []
    for code in sorted({code for code, _, role in told[year] if role == "actual"} & known.keys()):
        item = known[code]
        if item.expression is not None:
            continue
        histories: _History = {}
        for each, reports in told.items():
            for month in range(1, 13):
                seen = reports.get((code, month, "actual"))
                if seen is not None and seen.value is not None:
                    histories.setdefault(each, {})[month] = amount(seen.value, UNITS[item.unit])
        estimates = _proposed(item, histories, year)
        if estimates:
            found.append((item, estimates, told[year].get((code, 12, "forecast"))))
    return found


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
    told: dict[Unit, dict[tuple[str, str], Reported]] = {}
    for row in newest_only(rows.select_related("unit")):
        told.setdefault(row.unit, {})[row.indicator, row.role] = Reported(row.value, row.status, row.reason)
    return _ordered(one for unit, held in told.items() for one in _trued(catalogue, unit, year, held))


def trued_up(catalogue: Catalogue, year: int, unit: Unit) -> list[Trued]:
    """The same for one unit, read from the live cube."""
    held = {
        (code, role): seen for (code, at, role), seen in LIVE.reported(unit.code, year).items() if at == 12
    }
    return _ordered(_trued(catalogue, unit, year, held))


def _trued(
    catalogue: Catalogue, unit: Unit, year: int, held: Mapping[tuple[str, str], Reported]
) -> Iterator[Trued]:
    """Each forecast of a unit beside what became of it; ``held`` are its Decembers by indicator and role."""
    for (code, role), forecast in held.items():
        indicator = catalogue.indicators.get(code)
        if role != "forecast" or forecast.value is None or indicator is None:
            continue
        measured, actual = UNITS[indicator.unit], held.get((code, "actual"))
        said = amount(forecast.value, measured)
        final = amount(actual.value, measured) if actual is not None and actual.value is not None else None
        yield Trued(
            indicator,
            unit,
            year,
            said,
            forecast.reason,
            final,
            actual.status if actual is not None else "",
            None if final is None else missed(said, final, rate=is_rate(indicator)),
        )


def _ordered(found: Iterable[Trued]) -> list[Trued]:
    return sorted(
        found, key=lambda item: (item.off is None, -abs(item.off or 0), item.indicator.code, item.unit.code)
    )
