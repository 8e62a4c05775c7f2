"""All that can be done to targets: hand them down with their course of the year, change them by a decision, mark a light."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shuzhi.evidence import instance
from shuzhi.evidence.journal import Writing, enter
from shuzhi.evidence.numbering import next_ref
from shuzhi.figures.judging.plan import COLOUR_NAMES, CURVES, by_share, even_shares, falls, own_shares
from shuzhi.indicators.checks import MONTHS, Period, fit, read_value, told
from shuzhi.indicators.models import Adjusted, Adjustment, LightMark, Observation
from shuzhi.indicators.planned import actuals, target_of
from shuzhi.indicators.rights import duties_to_observe, reports
from shuzhi.indicators.verbs import Typed, append, observe
from shuzhi.indicators.verified import look_at
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.kernel.measure import UNITS, amount
from shuzhi.subjects.rights import SYSTEM, named
from shuzhi.units.models import Post, Unit
from shuzhi.units.queries import post_may

#: Whose duty it is to judge a light by hand.
MARKS = ("supervise", "lead")


@dataclass(frozen=True, slots=True)
class Proof:
    """The paper a decision rests on."""

    kind: str
    title: str
    data: bytes
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Change:
    """One target to be changed: which, and its new value as typed in the indicator's unit."""

    indicator: Indicator
    unit: Unit
    month: int
    value: Typed


@dataclass(frozen=True, slots=True)
class Decision:
    """What a change rests on: document number, title, day, why, and the paper itself."""

    document: str
    title: str
    day: date | None
    reason: str
    proof: Proof | None


def hand_down(
    indicator: Indicator,
    unit: Unit,
    year: int,
    plan: Mapping[int, Typed],
    *,
    by: Post | None,
    reason: str = "",
) -> list[Observation]:
    """Set the targets of a unit for some months of a year (December is the year's), all of them or none.

    Side effects: one target observation for each month that is new. Raises Refused: no right, a target that stands
    already with another value, an accumulated plan that falls from one month to the next.
    """
    made: list[Observation] = []
    with enter("下达目标", by=by.code if by else SYSTEM, note=f"{indicator.label}·{unit.name}·{year}年"):
        for month in sorted(plan):
            done = observe(
                indicator,
                unit,
                year=year,
                month=month,
                value=plan[month],
                by=by,
                role="target",
                reason=reason,
            )
            if done.new and done.observation is not None:
                made.append(done.observation)
        if made:
            _rising(indicator, unit, year)
    return made


def break_down(
    indicator: Indicator, unit: Unit, year: int, how: str, *, by: Post | None
) -> list[Observation]:
    """Spread the year's target over its months by a curve (``profile``, ``lastyear`` or ``even``).

    Months whose plan stands already are left as they are. Raises Refused when there is no target of the year, or nothing
    to take the curve from.
    """
    target = target_of(indicator, unit, year)
    place = f"{indicator.label}·{unit.name}·{year}年"
    if target is None:
        raise Refused(Finding("target.none", "还没有全年目标，不能分解", "先下达全年目标", place))
    shares = _shares(indicator, unit, year, how, place)
    before = actuals(indicator, unit, year - 1).get(12)
    if indicator.temporal == "level" and before is None:
        raise Refused(
            Finding("target.no-start", "没有上年末的数，分不出逐月计划", "先补报上年末数，或手工分解", place)
        )
    plan = by_share(indicator, target, shares, MONTHS[indicator.frequency], start=before or 0)
    standing = set(
        Observation.objects.filter(
            indicator=indicator.code, unit=unit, year=year, role="target", value__isnull=False
        ).values_list("month", flat=True)
    )
    unit_of = UNITS[indicator.unit]
    fresh: dict[int, Typed] = {
        month: amount(value, unit_of) for month, value in plan.items() if month not in standing
    }
    return hand_down(indicator, unit, year, fresh, by=by, reason=CURVES[how])


def _shares(indicator: Indicator, unit: Unit, year: int, how: str, place: str) -> dict[int, Fraction]:
    if how == "even":
        return even_shares()
    if how == "lastyear":
        found = own_shares(
            {
                month: amount(value, UNITS[indicator.unit])
                for month, value in actuals(indicator, unit, year - 1).items()
            }
        )
        if not found:
            hint = "改按全年进度曲线或手工分解"
            raise Refused(Finding("target.no-curve", f"{year - 1}年没有逐月到12月的数", hint, place))
        return found
    profile = instance.catalogue().profiles.get(indicator.profile)
    if how != "profile" or (profile is None and indicator.temporal != "rate"):
        hint = f"可用：{'、'.join(CURVES.values())}，或手工分解"
        raise Refused(Finding("target.no-curve", "目录里没有这个指标的全年进度曲线", hint, place))
    return profile.shares() if profile is not None else even_shares()


def _rising(indicator: Indicator, unit: Unit, year: int) -> None:
    """An accumulated plan does not fall from one month to the next."""
    if indicator.temporal != "cum":
        return
    plan = {
        row.month: row.value
        for row in Observation.objects.filter(
            indicator=indicator.code, unit=unit, year=year, role="target"
        ).order_by("vintage")
        if row.value is not None
    }
    place = f"{indicator.label}目标·{unit.name}·{year}年"
    found = [
        Finding(
            "target.falls",
            f"{two}月的累计计划{told(indicator, plan[two])}小于{one}月的{told(indicator, plan[one])}",
            "累计计划只升不降，请核对；12月即全年目标",
            place,
        )
        for one, two in falls(plan)
    ]
    if found:
        raise Refused(found)


def change_targets(
    year: int, changes: Sequence[Change], decision: Decision, *, by: Post | None, attach: bool = True
) -> Adjustment:
    """Change targets that stand, by a decision: all of them or none; old and new are kept as vintages.

    Targets changed by one document at several times are gathered under one decision. Side effects, in order: the decision
    with its paper (``attach`` False: the caller attaches it in the same entry); a new vintage of each target, linked to
    it. Raises Refused: a decision without document number, title, day, reason or paper; nothing that stands and differs;
    no right.
    """
    findings = list(_decided(decision, year))
    found: list[tuple[Period, Observation, int]] = []
    for change in changes:
        wrong, fit_ = _change(change, year, by)
        findings += wrong
        if fit_ is not None:
            found.append(fit_)
    if not changes:
        findings.append(Finding("target.no-change", "没有要调整的目标", "填写调整后的目标值", f"{year}年"))
    if findings:
        raise Refused(findings)
    assert decision.day is not None
    assert decision.proof is not None
    note = f"{decision.document}：{'、'.join(period.place for period, _, _ in found)}"
    with enter("调整目标", by=by.code if by else SYSTEM, note=note[:200]) as entry:
        made = _recorded(entry, year, decision, decision.day, by)
        if attach:
            proof = decision.proof
            entry.attach(made.ref, proof.kind, proof.title, decision.day, proof.data, proof.media_type)
        for period, newest, value in found:
            why = f"按{decision.document.strip()}调整"
            entry.save(Adjusted(adjustment=made, observation=append(period, newest, value, "", why, by)))
        for indicator, unit in {
            (p.indicator.code, p.unit.code): (p.indicator, p.unit) for p, _, _ in found
        }.values():
            _rising(indicator, unit, year)
    return made


def _recorded(entry: Writing, year: int, decision: Decision, day: date, by: Post | None) -> Adjustment:
    """The decision as it stands in the books, written when it is new."""
    said = {"year": year, "document": decision.document.strip(), "title": decision.title.strip(), "day": day}
    found = Adjustment.objects.filter(**said).first()
    if found is not None:
        return found
    made = Adjustment(ref=next_ref("adjustment", year), reason=decision.reason.strip(), by=by, **said)
    entry.save(made)
    return made


def _decided(decision: Decision, year: int) -> Iterable[Finding]:
    place = f"{year}年目标调整"
    said = {
        "文号": decision.document.strip(),
        "文件名称": decision.title.strip(),
        "文件日期": decision.day,
        "调整理由": decision.reason.strip(),
    }
    lacking = [name for name, value in said.items() if not value]
    if lacking:
        yield Finding(
            "target.no-decision",
            f"调整目标须有决定：缺{'、'.join(lacking)}",
            "年初定下的目标，只能凭文件调整，原数留存",
            place,
        )
    if decision.proof is None or not decision.proof.data:
        yield Finding("target.no-paper", "没有附决定的文件", "请附文件（扫描件、PDF 等）", place)
    elif decision.proof.kind not in instance.catalogue().papers:
        hint = f"可用：{'、'.join(instance.catalogue().papers)}"
        yield Finding("paper.kind", f"没有“{decision.proof.kind}”这一类材料", hint, decision.proof.title)


def _change(
    change: Change, year: int, by: Post | None
) -> tuple[list[Finding], tuple[Period, Observation, int] | None]:
    period = Period(change.indicator, change.unit, year, change.month, "target")
    findings = list(fit(period, ""))
    if by is not None and not reports(by, change.indicator, change.unit, "target"):
        duties = named(duties_to_observe(change.indicator, "target"))
        hint = f"须由{change.unit.name}或其上级单位中有“{duties}”职责的职务办理"
        findings.append(
            Finding("indicator.right", f"“{by.unit.name}·{by.title}”无权调整此目标", hint, period.place)
        )
    try:
        value = read_value(period, change.value)
    except Refused as refused:
        return [*findings, *refused.findings], None
    newest = period.newest()
    if newest is None or newest.value is None:
        findings.append(Finding("target.none", "还没有目标，谈不上调整", "直接下达目标即可", period.place))
    elif value is None:
        findings.append(
            Finding("indicator.empty", "没有填调整后的目标值", "请补填；空白不是零", period.place)
        )
    elif value == newest.value:
        findings.append(
            Finding("target.same", f"目标原来就是{told(change.indicator, value)}", "不用调整", period.place)
        )
    else:
        findings += [item for item in look_at(period, value, "", "") if item.severity is Severity.ERROR]
        if not findings:
            return [], (period, newest, value)
    return findings, None


def mark_light(
    indicator: Indicator,
    unit: Unit,
    year: int,
    *,
    colour: str,
    reason: str,
    since: date,
    until: date | None,
    by: Post | None,
) -> LightMark:
    """Set a light by hand from a day to a day, for a reason; the computed light stays beside it.

    Raises Refused: no right, unknown colour, no reason, no end.
    """
    place = f"{indicator.label}·{unit.name}·{year}年"
    findings = []
    if by is not None and not post_may(by, duties=MARKS, unit=unit):
        hint = f"须由{unit.name}或其上级单位中有“{named(MARKS)}”职责的职务认定"
        findings.append(Finding("target.mark-right", f"“{by.unit.name}·{by.title}”无权认定灯色", hint, place))
    if colour not in COLOUR_NAMES:
        findings.append(
            Finding("target.mark-colour", f"没有“{colour}”这种灯", f"可用：{'、'.join(COLOUR_NAMES)}", place)
        )
    if not reason.strip():
        findings.append(Finding("target.mark-reason", "人工认定灯色须说明理由", "写明依据的事实", place))
    if until is None or until < since:
        findings.append(
            Finding("target.mark-until", "人工认定须有截止日期，且不早于起始日期", "到期自动失效", place)
        )
    if findings:
        raise Refused(findings)
    assert until is not None
    with enter("认定灯色", by=by.code if by else SYSTEM, note=f"{place}：{COLOUR_NAMES[colour]}") as entry:
        last = LightMark.objects.filter(indicator=indicator.code, unit=unit, year=year).order_by("no").last()
        made = LightMark(
            indicator=indicator.code,
            unit=unit,
            year=year,
            no=last.no + 1 if last else 1,
            colour=colour,
            reason=reason.strip(),
            since=since,
            until=until,
            by=by,
        )
        entry.save(made)
    return made
