"""What is looked at before an observation is kept: period, status, right, number, unit; the rest are rules of the
catalogue (:mod:`shuzhi.indicators.verified`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from shuzhi.evidence import instance
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
    else:
        if period.month not in MONTHS[indicator.frequency]:
            hint = f"本指标{FREQUENCY_NAMES[indicator.frequency]}报送"
            yield Finding("indicator.frequency", f"没有{period.month}月的数", hint, place)
        yield from _begun(period)
    if indicator.valid_until is not None and period.year > indicator.valid_until.year:
        yield Finding("indicator.ended", f"本指标已于{indicator.valid_until}停用", indicator.note, place)
    if period.role == "actual" and status not in STATUSES:
        yield Finding("indicator.status", f"状态“{status}”不对", f"可用：{'、'.join(STATUSES)}", place)
    if indicator.expression is not None and period.role == "actual":
        yield Finding(
            "indicator.computed", "本指标由公式计算，不填报", f"公式：{indicator.expression.source}", place
        )


def _begun(period: Period) -> Iterator[Finding]:
    """Whether the month has begun: of one that lies ahead nothing was achieved yet (the running month may be told)."""
    day = instance.today()
    if period.role == "actual" and (period.year, period.month) > (day.year, day.month):
        said = f"{period.year}年{period.month}月还没有到（今天是{day}），没有实际数"
        yield Finding("indicator.future", said, "请核对年月；是目标或预计的，按目标或预计报送", period.place)


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


def unusual(period: Period, kept: int) -> Iterator[Finding]:
    """A value that was most likely typed in another unit."""
    value = amount(kept, unit(period.indicator.unit))
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
