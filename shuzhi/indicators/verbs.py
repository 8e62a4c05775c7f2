"""All that can be done to indicators: observe a value."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import IntegrityError, transaction

from shuzhi.evidence.journal import enter
from shuzhi.indicators.checks import Period, fit, forward, read_value, told, told_before, unusual
from shuzhi.indicators.fixed import fixed, held_before
from shuzhi.indicators.models import Observation
from shuzhi.indicators.rights import duties_to_observe, reports
from shuzhi.indicators.verified import look_at
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.subjects.rights import SYSTEM, named
from shuzhi.units.models import Post, Unit

Typed = str | int | Decimal | Fraction | None


@dataclass(frozen=True, slots=True)
class Observed:
    """What became of a value: the vintage that now holds, whether it is new, and warnings to show."""

    observation: Observation | None
    new: bool
    findings: tuple[Finding, ...] = ()


def examine_observation(
    indicator: Indicator,
    unit: Unit,
    *,
    year: int,
    month: int,
    value: Typed,
    by: Post | None,
    role: str = "actual",
    status: str = "",
    reason: str = "",
) -> list[Finding]:
    """Everything :func:`observe` would refuse or warn of, without writing (for a dry run and a grid's cells)."""
    return _examine(
        Period(indicator, unit, year, month, role), value, by, _status(role, status), reason.strip()
    )[1]


def observe(
    indicator: Indicator,
    unit: Unit,
    *,
    year: int,
    month: int,
    value: Typed,
    by: Post | None,
    role: str = "actual",
    status: str = "",
    reason: str = "",
) -> Observed:
    """Report the value of an indicator for a unit and a period; ``month`` is the last month of the period.

    ``value`` is in the indicator's unit (text as typed, or an exact number); None or empty says there is none, and
    ``reason`` then says why. ``status`` is one of the release statuses for actual values (快报 when empty; 预计 for
    forecasts, none for targets). Side effects, in order: when value, status or reason differ from the last vintage, a
    new vintage is appended, with one link of the journal; otherwise nothing happens. Raises Refused: no right, period
    that does not fit the frequency, a number finer than the books, a range or accumulation broken, a status going back
    (unless this very report stands there already: an old workbook loaded again changes nothing), a target changed without
    a decision.
    """
    period, settled, why = Period(indicator, unit, year, month, role), _status(role, status), reason.strip()
    kept, findings = _examine(period, value, by, settled, why)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise Refused(errors)
    newest = period.newest()
    if newest is not None and (newest.value, newest.status, newest.reason) == (kept, settled, why):
        return Observed(newest, new=False, findings=tuple(findings))
    if told_before(period, newest, kept, settled, why) or held_before(period, newest, kept, why):
        return Observed(newest, new=False, findings=tuple(findings))
    fresh = append(period, newest, kept, settled, why, by)
    return Observed(fresh, new=True, findings=tuple(findings))


def append(
    period: Period,
    newest: Observation | None,
    kept: int | None,
    status: str,
    reason: str,
    by: Post | None,
) -> Observation:
    """Write the next vintage of a period that has been examined; raises Refused when another was quicker."""
    said = "无" if kept is None else told(period.indicator, kept)
    with enter("报送指标", by=by.code if by else SYSTEM, note=f"{period.place}：{said}") as entry:
        fresh = Observation(
            indicator=period.indicator.code,
            unit=period.unit,
            year=period.year,
            month=period.month,
            role=period.role,
            status=status,
            vintage=newest.vintage + 1 if newest else 1,
            value=kept,
            reason=reason,
            by=by,
        )
        try:
            with transaction.atomic():
                entry.save(fresh)
        except IntegrityError:
            hint = "请刷新后查看对方所报的数，再决定是否更正"
            raise Refused(
                Finding("indicator.raced", "另一人刚报送了同一期的数", hint, period.place)
            ) from None
    return fresh


def _status(role: str, status: str) -> str:
    if role == "target":
        return ""
    return status.strip() or ("预计" if role == "forecast" else "快报")


def _examine(
    period: Period, typed: Typed, by: Post | None, status: str, reason: str
) -> tuple[int | None, list[Finding]]:
    findings = list(fit(period, status))
    findings += _right(period, by)
    try:
        value = read_value(period, typed)
    except Refused as refused:
        return None, [*findings, *refused.findings]
    if value is None and not reason:
        findings.append(
            Finding(
                "indicator.empty", "没有数值，也没有说明", "填数，或说明为何没有（空白不是零）", period.place
            )
        )
    newest = period.newest()
    if told_before(period, newest, value, status, reason) or held_before(period, newest, value, reason):
        return value, findings  # nothing is to be written, so nothing is to be looked at
    findings += fixed(period, newest, value)
    findings += forward(period, newest, status)
    if value is not None:
        findings += look_at(period, value, status, reason)
        findings += unusual(period, value)
    return value, findings


def _right(period: Period, by: Post | None) -> list[Finding]:
    if by is None or reports(by, period.indicator, period.unit, period.role):
        return []
    duties = named(duties_to_observe(period.indicator, period.role))
    return [
        Finding(
            "indicator.right",
            f"“{by.unit.name}·{by.title}”无权报送此数",
            f"只能由{period.indicator.owner}，或{period.unit.name}及其上级单位中有“{duties}”职责的职务报送",
            period.place,
        )
    ]
