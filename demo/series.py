"""Monthly observations: annual values laid over the profiles of official statistics, with the year's end still 预计."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from demo.pen import YEARS, Chance, Parcel, Row, rounded
from shuzhi.kernel.catalogue.definitions import Indicator

_DUE = {"month": range(1, 13), "quarter": (3, 6, 9, 12), "half": (6, 12), "year": (12,)}
# A sum of other series, so that parts and whole agree in every month.
SUMS = {"gdp": ("va1", "va2", "va3"), "rev_general": ("rev_tax", "rev_nontax")}
_FINAL = {"statistics": "最终核实", "treasury": "决算", "fill": "最终核实"}
Months = Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbers the county is made from."""

    values: Mapping[str, tuple[str, str, str]]
    profiles: Mapping[str, Mapping[int, Decimal]]
    forecast: frozenset[str]
    unreported: frozenset[str]


def read_plan() -> Plan:
    """The plan in ``data/indicators.toml``."""
    data = tomllib.loads((Path(__file__).parent / "data" / "indicators.toml").read_text("utf-8"))
    profiles = {
        name: {int(month): Decimal(share) for month, share in shares.items()}
        for name, shares in data["profiles"].items()
    }
    december = data["december"]
    values = {code: (str(one), str(two), str(target)) for code, (one, two, target) in data["values"].items()}
    return Plan(values, profiles, frozenset(december["forecast"]), frozenset(december["unreported"]))


class Series:
    """Every observation of the county by indicator and year."""

    def __init__(self, parcel: Parcel) -> None:
        self.plan = read_plan()
        self.indicators = parcel.catalogue.indicators
        self._seed = parcel
        self.made: dict[tuple[str, int], Months] = {}
        # What is computed from a ledger is not reported: it may have a target, never months.
        for code in (code for code in self.plan.values if self.indicators[code].expression is None):
            for year in YEARS:
                self.made[code, year] = dict(self._months(self.indicators[code], year))
        for code, parts in SUMS.items():
            for year in YEARS:
                months = self.made[parts[0], year]
                self.made[code, year] = {
                    month: sum((self.made[part, year][month] for part in parts), Decimal(0))
                    for month in months
                }

    def _months(self, indicator: Indicator, year: int) -> Iterator[tuple[int, Decimal]]:
        chance = self._seed.chance(f"{indicator.code}/{year}")
        now = Decimal(self.plan.values[indicator.code][YEARS.index(year)])
        before = Decimal(self.plan.values[indicator.code][0])
        start = before if year == YEARS[1] else before * Decimal("0.94")
        due = _DUE[indicator.frequency]
        if indicator.temporal == "cum":
            yield from self._cumulative(indicator, now, chance)
        elif indicator.temporal == "level":
            for month in due:
                yield month, rounded(start + (now - start) * month / 12, indicator.decimals)
        else:
            for month in due:
                if month == 1 and indicator.duty == "statistics":
                    continue
                yield month, _near(now, month, indicator, chance)

    def _cumulative(
        self, indicator: Indicator, now: Decimal, chance: Chance
    ) -> Iterator[tuple[int, Decimal]]:
        profile = self.plan.profiles.get(indicator.profile) or self.plan.profiles["P_LIN"]
        last = Decimal(0)
        for month in _DUE[indicator.frequency]:
            if month not in profile:
                continue
            wobble = Decimal(chance.whole(-6, 6)) / 1000 if month < 12 else Decimal(0)
            value = max(last, rounded(now * profile[month] / 100 * (1 + wobble), indicator.decimals))
            last = min(value, now)
            yield month, last

    def forecast_only(self, code: str) -> bool:
        """Whether December 2025 is known only as 预计: statistics are released after the year's end."""
        indicator = self.indicators[code]
        return (
            indicator.duty == "statistics" or code in self.plan.forecast
        ) and code not in self.plan.unreported

    def reported(self, code: str, year: int) -> Months:
        """The months of a year that were reported as actual values."""
        months = dict(self.made[code, year])
        if year == YEARS[1] and code in _SLIPPED:  # a digit mistyped at the end of November, nobody asked yet
            months[11] = rounded(months[11] * Decimal("1.2"), self.indicators[code].decimals)
        if year == YEARS[1] and (self.forecast_only(code) or code in self.plan.unreported):
            return {month: value for month, value in months.items() if month < 12}
        return months


# What 核对 finds in the demo county: warnings worth a telephone call, wrong in no figure of the report.
_SLIPPED = frozenset({"deposit_balance"})


def _near(now: Decimal, month: int, indicator: Indicator, chance: Chance) -> Decimal:
    """A rate on its way to the year's: nearer the later it is, never over 100 % when it is a share."""
    if now == 100 or month == 12:
        return rounded(now, indicator.decimals)
    away = Decimal(chance.whole(-10, 10)) / 100 * (12 - month) / 12
    value = now * (1 + away * Decimal("0.05")) if indicator.measures != "growth" else now + away * 2
    return rounded(min(value, Decimal(100)), indicator.decimals)


def _rows(series: Series, codes: list[str], year: int) -> Iterator[Row]:
    for code in codes:
        months = series.reported(code, year)
        indicator = series.indicators[code]
        status = _FINAL[indicator.duty] if year == YEARS[0] else "快报"
        named = {"indicator": indicator.label, "measured": indicator.unit, "year": year, "status": status}
        if months:
            yield {**named, **{f"month{month}": value for month, value in months.items()}}


def _owned(series: Series, duty: str) -> list[str]:
    return [
        code for code in sorted({code for code, _ in series.made}) if series.indicators[code].duty == duty
    ]


def write(parcel: Parcel) -> Series:
    """The workbooks of indicators: the statistics office's and the departments' months, targets, the year's end."""
    series = Series(parcel)
    statistics, others = _owned(series, "statistics"), _owned(series, "fill")
    for name, codes in (("02-统计局月报.xlsx", statistics), ("03-部门月报.xlsx", others)):
        parcel.write(name, {"指标月报": [row for year in YEARS for row in _rows(series, codes, year)]})
    targets = [
        {
            "indicator": series.indicators[code].label,
            "year": YEARS[1],
            "value": Decimal(target),
            "reason": "县人代会批准的计划",
        }
        for code, (_, _, target) in sorted(series.plan.values.items())
        if target
    ]
    targets.append(
        {"indicator": "一般公共预算收入", "year": YEARS[1], "value": Decimal("6.25"), "reason": "年初预算"}
    )
    parcel.write("05-年度目标.xlsx", {"目标值": targets})
    expected = [
        {
            "indicator": series.indicators[code].label,
            "year": YEARS[1],
            "month": 12,
            "role": "预测",
            "status": "预计",
            "value": series.made[code, YEARS[1]][12],
            "reason": "按1—11月进度预计，以统计部门发布为准",
        }
        for code in sorted({code for code, _ in series.made})
        if series.forecast_only(code)
    ]
    parcel.write("06-年底预计数.xlsx", {"指标数据": expected})
    return series


def treasury(series: Series) -> list[str]:
    """The indicators the finance bureau reports; its monthly table is drawn by hand (see ugly.py)."""
    return _owned(series, "treasury")
