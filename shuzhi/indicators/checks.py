"""What is looked at before an observation is kept: period, status, right, number, range, and what stood before.

The codes R01, N01 and N02 are those an indicator lists under ``checks``; the rules are the accounting conventions of
official statistics (shares lie between 0 and 100 %, accumulated figures do not fall within a year).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from shuzhi.indicators.models import Observation
from shuzhi.kernel.catalogue.clean import number
from shuzhi.kernel.catalogue.definitions import ROLES, STATUSES, Indicator
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.kernel.measure import amount, say, unit, whole
from shuzhi.units.models import Unit

MONTHS = {"month": range(1, 13), "quarter": (3, 6, 9, 12), "half": (6, 12), "year": (12,)}
FREQUENCY_NAMES = {
    "month": "按月",
    "quarter": "按季（3、6、9、12月）",
    "half": "按半年（6、12月）",
    "year": "按年（12月）",
}
ROLE_NAMES = {"actual": "实绩", "target": "目标", "forecast": "预计"}
# A value so many times beyond the typical range is most often typed in the wrong unit (万元 for 亿元).
UNIT_SLIP = 100


@dataclass(frozen=True, slots=True)
class Period:
    """Where an observation belongs."""

    indicator: Indicator
    unit: Unit
    year: int
    month: int
    role: str

    @property
    def place(self) -> str:
        """How findings name it."""
        role = "" if self.role == "actual" else ROLE_NAMES.get(self.role, self.role)
        return f"{self.indicator.label}{role}·{self.unit.name}·{self.year}年{self.month}月"

    def newest(self) -> Observation | None:
        """The last vintage, or None."""
        return self.vintages().order_by("-vintage").first()

    def vintages(self) -> QuerySet[Observation]:
        """Every vintage of the period."""
        return self._year().filter(month=self.month)

    def neighbour(self, step: int) -> Observation | None:
        """The nearest earlier (-1) or later (1) month of the same year that has a value."""
        rows = self._year().filter(**{"month__lt" if step < 0 else "month__gt": self.month})
        held = {
            row.month: row for row in rows.order_by("vintage")
        }  # a later vintage takes the place of an earlier
        months = sorted((month for month, row in held.items() if row.value is not None), reverse=step < 0)
        return held[months[0]] if months else None

    def _year(self) -> QuerySet[Observation]:
        return Observation.objects.filter(
            indicator=self.indicator.code, unit=self.unit, year=self.year, role=self.role
        )


def read_value(period: Period, typed: str | int | Decimal | Fraction | None) -> int | None:
    """The typed value as a whole number of the indicator's family; empty is None; raises Refused when it is no number."""
    if typed is None or (isinstance(typed, str) and not typed.strip()):
        return None
    try:
        exact = number(typed) if isinstance(typed, str) else typed
        kept = whole(exact, unit(period.indicator.unit))
    except ValueError as error:
        hint = f"按“{period.indicator.unit}”填数，不带单位"
        raise Refused(Finding("indicator.number", str(error), hint, period.place)) from None
    if abs(kept) >= 1 << 63:
        raise Refused(Finding("indicator.number", f"“{typed}”超出账上能记的范围", "请核对单位", period.place))
    return kept


def told(indicator: Indicator, value: int) -> str:
    """A kept value in the indicator's unit, with as many decimals as it has."""
    shown = unit(indicator.unit)
    exact = amount(value, shown)
    places = next(
        (n for n in range(max(shown.power + shown.family.scale, 0) + 1) if (exact * 10**n).denominator == 1),
        0,
    )
    return f"{say(exact, places)}{indicator.unit}"


def fit(period: Period, status: str) -> Iterator[Finding]:
    """Whether the period, role and status can be at all."""
    indicator, place = period.indicator, period.place
    if period.role not in ROLES:
        yield Finding("indicator.role", f"没有“{period.role}”这一性质", f"可用：{'、'.join(ROLES)}", place)
    if not 1900 <= period.year <= 2200 or not 1 <= period.month <= 12:
        yield Finding("indicator.period", "年月不对", "年份如2025，月份1至12", place)
    elif period.month not in MONTHS[indicator.frequency]:
        hint = f"本指标{FREQUENCY_NAMES[indicator.frequency]}报送"
        yield Finding("indicator.frequency", f"没有{period.month}月的数", hint, place)
    if indicator.valid_until is not None and period.year > indicator.valid_until.year:
        yield Finding("indicator.ended", f"本指标已于{indicator.valid_until}停用", indicator.note, place)
    if period.role == "actual" and status not in STATUSES:
        yield Finding("indicator.status", f"状态“{status}”不对", f"可用：{'、'.join(STATUSES)}", place)
    if indicator.expression is not None and period.role == "actual":
        yield Finding(
            "indicator.computed", "本指标由公式计算，不填报", f"公式：{indicator.expression.source}", place
        )


def forward(period: Period, newest: Observation | None, status: str) -> Iterator[Finding]:
    """Whether the status moves forward: a value of the final accounts is never replaced by an earlier reading."""
    if newest is None or newest.status not in STATUSES or status not in STATUSES:
        return
    if STATUSES.index(status) < STATUSES.index(newest.status):
        yield Finding(
            "indicator.status-back",
            f"已有“{newest.status}”数，不能再报“{status}”数",
            f"如确需更正，请以“{newest.status}”或更后的状态报送",
            period.place,
        )


def told_before(
    period: Period, newest: Observation | None, value: int | None, status: str, reason: str
) -> bool:
    """Whether this very report stands in the books, and one of a later status since: an old workbook loaded again."""
    if newest is None or newest.status not in STATUSES or status not in STATUSES:
        return False
    if STATUSES.index(status) >= STATUSES.index(newest.status):
        return False
    return period.vintages().filter(value=value, status=status, reason=reason).exists()


def look(period: Period, value: int, reason: str) -> Iterator[Finding]:
    """R01, N01, N02 and the look at the unit, for a value that is there."""
    indicator = period.indicator
    if "R01" in indicator.checks:
        yield from _range(period, amount(value, unit("%")))
    if period.role == "actual" and {"N01", "N02"} & set(indicator.checks):
        yield from _falling(period, value, reason)
    yield from _unusual(period, amount(value, unit(indicator.unit)))


def _range(period: Period, percent: Fraction) -> Iterator[Finding]:
    low, high = (-100, 1000) if period.indicator.measures == "growth" else (0, 100)
    if not low <= percent <= high:
        yield Finding(
            "indicator.R01", f"{say(percent, 2)}%超出{low}%至{high}%", "请核对数值和单位", period.place
        )


def _falling(period: Period, value: int, reason: str) -> Iterator[Finding]:
    earlier, later = period.neighbour(-1), period.neighbour(1)
    pairs = [
        (other, sign)
        for other, sign in ((earlier, 1), (later, -1))
        if other is not None and other.value is not None
    ]
    for other, sign in pairs:
        assert other.value is not None
        if (value - other.value) * sign >= 0:
            continue
        which = "小于" if sign > 0 else "大于"
        said = f"累计数{told(period.indicator, value)}{which}{other.month}月的{told(period.indicator, other.value)}"
        if "N02" in period.indicator.checks:
            severity = Severity.WARNING if reason else Severity.ERROR
            yield Finding("indicator.N02", said, "退库、更正等须在说明中写明原因", period.place, severity)
        else:
            counted = period.indicator.measures == "count"
            severity = Severity.ERROR if counted and not reason else Severity.WARNING
            yield Finding(
                "indicator.N01", said, "累计数一般不下降；确有更正的，写明原因", period.place, severity
            )


def _unusual(period: Period, value: Fraction) -> Iterator[Finding]:
    if period.indicator.measures in ("growth", "share") or len(period.indicator.typical) != 3 or value <= 0:
        return
    low, _, high = (Fraction(text) for text in period.indicator.typical)
    if high > 0 and (value > high * UNIT_SLIP or value * UNIT_SLIP < low):
        usual = (
            f"通常在{period.indicator.typical[0]}至{period.indicator.typical[2]}{period.indicator.unit}之间"
        )
        yield Finding(
            "indicator.unusual",
            "与通常的数相差百倍以上",
            f"{usual}，请核对单位",
            period.place,
            Severity.WARNING,
        )
