"""The release gate: a statistic is 未公布 until a second person records its publication; what waits stays out of reports."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from shuzhi.evidence import instance
from shuzhi.evidence.journal import enter
from shuzhi.figures.judging.verifying import own_faults
from shuzhi.figures.observed import Seen
from shuzhi.indicators.models import Observation, Release
from shuzhi.indicators.queries import newest_only
from shuzhi.indicators.rights import reports
from shuzhi.indicators.verified import LiveNumbers, seen_of
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.subjects.rights import SYSTEM, named
from shuzhi.units.models import Appointment, Post, Unit
from shuzhi.units.queries import post_may

SECRET = "S01"  # noqa: S105 - the code of the rule of secrecy, no password
RELEASES = "release"


class ReleasedNumbers(LiveNumbers):
    """The live numbers, knowing of each vintage whether its publication is on record."""

    def published(self, seen: Seen) -> bool:
        """Whether the publication of this very vintage is on record."""
        return Release.objects.filter(
            observation__indicator=seen.indicator,
            observation__unit=seen.unit,
            observation__year=seen.year,
            observation__month=seen.month,
            observation__role=seen.role,
            observation__vintage=seen.vintage,
        ).exists()


def waits(indicator: Indicator) -> bool:
    """Whether an indicator's values wait for their publication: statistics, and what secrecy holds back."""
    return indicator.duty == "statistics" or SECRET in indicator.checks


def waiting(units: Sequence[Unit], year: int) -> list[Observation]:
    """The newest values of a year whose publication is not on record, estimates left out."""
    codes = [code for code, item in instance.catalogue().indicators.items() if waits(item)]
    rows = newest_only(
        Observation.objects.filter(indicator__in=codes, unit__in=units, year=year, role="actual")
    ).exclude(status="预计")
    found = rows.filter(release=None, value__isnull=False).select_related("unit", "by__unit")
    return list(found.order_by("-month", "unit", "indicator"))


def before(row: Observation) -> Observation | None:
    """The vintage of the same period that was published last, or None."""
    rows = Observation.objects.filter(
        indicator=row.indicator, unit=row.unit, year=row.year, month=row.month, role=row.role
    )
    return rows.filter(release__isnull=False, vintage__lt=row.vintage).order_by("-vintage").first()


def may_release(post: Post, indicator: Indicator, unit: Unit) -> bool:
    """Whether a post may record the publication: whoever reports the indicator, or the duty that releases figures."""
    return reports(post, indicator, unit) or post_may(post, duties=(RELEASES,), unit=unit)


def publish(
    rows: Sequence[Observation], *, day: date, address: str, by: Post | None, approval: str = ""
) -> list[Release]:
    """Record that values were published: all of them or none, in one link of the journal.

    Raises Refused: no right, the same post or person who reported the value, no place of publication, recorded already,
    or without the document of approval where secrecy asks for one.
    """
    findings = [] if rows else [Finding("release.none", "没有选要发布的数", "请先勾选")]
    if not address.strip():
        findings.append(Finding("release.address", "没有写公布的出处", "写网址或刊物、文号"))
    people: dict[str, set[str]] = {}
    for row in rows:
        findings += _fit(row, approval.strip(), by)
        findings += _apart(row, day, by, people)
    if findings:
        raise Refused(findings)
    made = [
        Release(observation=row, day=day, address=address.strip(), approval=approval.strip(), by=by)
        for row in rows
    ]
    with enter(
        "发布数字", by=by.code if by else SYSTEM, note=f"{len(rows)}个数，{address.strip()}"[:200]
    ) as entry:
        entry.save_all(made)
    return made


def _fit(row: Observation, approval: str, by: Post | None) -> Iterable[Finding]:
    indicator = instance.catalogue().indicators[row.indicator]
    place = f"{indicator.label}·{row.unit.name}·{row.year}年{row.month}月"
    if Release.objects.filter(observation=row).exists():
        yield Finding("release.twice", "已登记公布", "修订后的数另发布新的一版", place)
    if row.role != "actual" or row.value is None:
        yield Finding("release.role", "只有实绩数可以发布", "目标、预计和缺数不发布", place)
    if SECRET in indicator.checks and not approval:
        yield Finding("release.approval", "须经保密审查批准", "填写批准文号", place)
    if by is not None and not may_release(by, indicator, row.unit):
        duties = named((indicator.duty, RELEASES))
        yield Finding("release.right", f"“{by.title}”不能发布此数", f"须有“{duties}”职责", place)


def _apart(row: Observation, day: date, by: Post | None, people: dict[str, set[str]]) -> Iterable[Finding]:
    """Refuse when the post, or the person, who reported a value would publish it; ``people`` remembers who holds what."""
    if by is None or row.by is None:
        return
    for post in (row.by, by):
        if post.code not in people:
            people[post.code] = _people(post, day)
    if row.by_id == by.code or people[row.by.code] & people[by.code]:
        label = instance.catalogue().indicators[row.indicator].label
        hint = f"此数由“{row.by.title}”填报"
        yield Finding("release.apart", "填报和发布须由不同的人办理", hint, f"{label}·{row.unit.name}")


def _people(post: Post, day: date) -> set[str]:
    held = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gte=day), post=post, since__lte=day)
    return set(held.values_list("user__username", flat=True))


def held_back(refs: Iterable[str]) -> list[Finding]:
    """What the rules for reports say of the observations named: 未公布 statistics, secrets without approval."""
    catalogue = instance.catalogue()
    findings = []
    for ref in sorted(set(refs)):
        row = _of_ref(ref)
        if row is None or row.role != "actual" or row.indicator not in catalogue.indicators:
            continue
        numbers = ReleasedNumbers(catalogue, row.year, units=[row.unit], only=[row.indicator])
        numbers.lay(seen_of(row))
        indicator = catalogue.indicators[row.indicator]
        faults = own_faults(numbers, indicator, row.unit_id, row.year, row.month, "report")
        findings += [fault.finding() for fault in faults]
    return findings


def _of_ref(ref: str) -> Observation | None:
    match ref.split("/"):
        case ["observation", indicator, unit, period, role, vintage]:
            year, _, month = period.partition("-")
            rows = Observation.objects.filter(
                indicator=indicator,
                unit=unit,
                year=int(year),
                month=int(month),
                role=role,
                vintage=int(vintage),
            )
            return rows.select_related("unit").first()
    return None
