"""All that can be asked live of the rhythm: plans, day reports, the roll of a meeting, how many promises were kept."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Q, QuerySet

from shuzhi.evidence import instance
from shuzhi.kernel.catalogue.definitions import ORIGINS, VERDICTS, Kind
from shuzhi.matters.models import Matter
from shuzhi.matters.reading import Light, read_all
from shuzhi.rhythm.expectations import Owed, owed
from shuzhi.rhythm.kinds import plan_kind
from shuzhi.rhythm.models import DayReport, Meeting, PlanItem
from shuzhi.rhythm.periods import monday, week_of
from shuzhi.subjects.listing import ListColumn, Listing, listing
from shuzhi.subjects.rights import duties_for, within_sight
from shuzhi.units.models import Post, Unit, User
from shuzhi.units.queries import domain, may, subtree

#: From so many times on, putting off again is told.
OFTEN = 2
COLUMNS = (
    ListColumn("number", "序号", "text", "number"),
    ListColumn("title", "计划事项", "text", "title"),
    ListColumn("unit", "单位", "unit", "unit_id"),
    ListColumn("post", "责任职务", "post", "post_id"),
    ListColumn("week", "周次", "text", "week"),
    ListColumn("due", "完成期限", "date", "due"),
    ListColumn("origin", "来源", "choice", "origin", choices=ORIGINS),
    ListColumn("verdict", "交账结论", "choice", "verdict", choices=VERDICTS),
    ListColumn("settled", "交账日期", "date", "settled"),
    ListColumn("reason", "原因", "text", "reason"),
    ListColumn("moved", "顺延至", "date", "moved"),
    ListColumn("times", "顺延次数", "whole", "times"),
)


def list_items(
    user: User,
    kind: Kind,
    day: date,
    *,
    filters: Mapping[str, object] | None = None,
    sort: str = "",
    search: str = "",
) -> Listing[PlanItem]:
    """The items of plans as a person may see them; see :func:`shuzhi.subjects.listing.listing`."""
    rows = PlanItem.objects.filter(kind=kind.code).select_related("unit", "post")
    seen = within_sight(rows, user, kind, day)
    searched = ("title", "number")
    return listing(seen, COLUMNS, filters=filters, sort=sort or "-due", search=search, searched=searched)


# --- plans and days -------------------------------------------------------------------------------------------------


def planning_posts(user: User, day: date) -> list[Post]:
    """The posts below a person whose plans may be looked at, in the order of their units."""
    wanted = set(duties_for(plan_kind(), "fill"))
    rows = Post.objects.filter(unit__in=domain(user, day), since__lte=day).exclude(until__lt=day)
    rows = rows.select_related("unit").order_by("unit__order", "code")
    return [post for post in rows if wanted & set(post.duties)]


def day_report(post: Post, day: date) -> DayReport | None:
    """The report that holds for a day, or None."""
    return DayReport.objects.filter(post=post, date=day).order_by("-no").first()


def may_see_whereabouts(user: User, post: Post, day: date) -> bool:
    """Whether a person may see where a post was: its holder, and those who lead its unit."""
    if post.appointments.filter(user=user, since__lte=day).exclude(until__lt=day).exists():
        return True
    return may(user, duties=duties_for(plan_kind(), "decide"), unit=post.unit, day=day)


# --- the meeting ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A matter that is red, or something overdue: all a meeting talks of besides the promises."""

    title: str
    unit: Unit
    reason: str
    ref: str = ""
    light: Light | None = None


def meetings(user: User, day: date) -> QuerySet[Meeting]:
    """The meetings of the units a person looks into, the newest first."""
    return Meeting.objects.filter(unit__in=domain(user, day)).select_related("unit", "chair__unit")


def roll(meeting: Meeting) -> list[PlanItem]:
    """The promises to be settled at a meeting, the oldest week first: of the weeks before, and those due by the day; with
    those it has settled already.
    """
    first = monday(week_of(meeting.date))
    due = Q(date__lt=first) | Q(date__lte=meeting.date, due__lte=meeting.date)
    here = Q(verdict="") & due | Q(settlements__meeting=meeting)
    rows = PlanItem.objects.filter(here, unit__in=_seated_units(meeting.unit)).distinct()
    return list(
        rows.select_related("post__unit", "unit", "before").order_by("date", "unit__order", "post", "ref")
    )


def _seated_units(unit: Unit) -> set[str]:
    """The units whose promises a meeting settles: its own and those under it, but not what they settle among themselves."""
    return subtree(unit)


def exceptions(user: User, meeting: Meeting) -> list[Exceptional]:
    """What a meeting hears besides the promises: red matters, then what is overdue and no matter, by unit."""
    from shuzhi.matters.queries import seen_by

    day, units = meeting.date, subtree(meeting.unit)
    found = []
    for kind in instance.catalogue().of_shape("matter"):
        if kind.guarded:
            continue  # a meeting is no place for what only a few may see
        rows: Iterable[Matter] = seen_by(user, kind, day).filter(closed=None, unit__in=units)
        for reading in read_all(rows, day):
            light = reading.light
            if light.colour == "red":
                found.append(
                    Exceptional(
                        reading.state.title, reading.matter.unit, light.reason, reading.matter.ref, light
                    )
                )
    lacking = Counter[tuple[str, str]]()
    names: dict[str, Unit] = {}
    for one in overdue(owed(day, user=user, units=units)):
        if not one.ref and not one.new:
            lacking[one.unit.code, one.period] += one.need - one.had
            names[one.unit.code] = one.unit
    for (code, period), count in sorted(lacking.items(), key=lambda pair: (names[pair[0][0]].order, pair[0])):
        found.append(Exceptional(f"{period}应报未报", names[code], f"欠{count}项"))
    return found


def overdue(rows: Iterable[Owed]) -> list[Owed]:
    """Of what is owed, what is late."""
    return [row for row in rows if row.late > 0]


# --- kept -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """How a post or a unit kept its promises in a time; ``rate`` is missing while nothing is settled.

    The rate is what is kept of what was settled; what was put off is not kept, what a meeting cancelled does not count.
    """

    who: str
    unit: Unit
    planned: int
    verdicts: dict[str, int]
    open: int

    @property
    def counted(self) -> int:
        """What the rate is taken of."""
        return sum(number for verdict, number in self.verdicts.items() if verdict != "取消")

    @property
    def rate(self) -> Fraction | None:
        """The share of kept promises, exact."""
        return Fraction(self.verdicts["完成"], self.counted) if self.counted else None

    @property
    def percent(self) -> str:
        """The rate as printed, half up to one decimal."""
        from shuzhi.kernel.measure import say

        return "—" if self.rate is None else f"{say(self.rate * 100, 1)}%"


def kept(user: User, day: date, since: date, until: date, *, by_unit: bool = False) -> list[Kept]:
    """How promises of the weeks that begin between two days were kept, by post or by unit, as a person may see it."""
    rows = PlanItem.objects.filter(unit__in=domain(user, day), date__range=(since, until))
    return told_kept(rows.select_related("unit", "post"), by_unit=by_unit)


def told_kept(rows: Iterable[PlanItem], *, by_unit: bool) -> list[Kept]:
    """The same of given items."""
    groups: dict[str, list[PlanItem]] = {}
    for item in rows:
        groups.setdefault(item.unit_id if by_unit else item.post_id, []).append(item)
    found = []
    for items in groups.values():
        unit = items[0].unit
        who = unit.name if by_unit else items[0].post.title
        counts = Counter(item.verdict for item in items)
        found.append(Kept(who, unit, len(items), {word: counts[word] for word in VERDICTS}, counts[""]))
    return sorted(found, key=lambda one: (one.unit.order, one.unit.code, one.who))


def put_off_often(user: User, day: date, since: date) -> Sequence[PlanItem]:
    """Promises put off for the second time or more, those put off most often first; of a chain only its last link."""
    rows = PlanItem.objects.filter(
        unit__in=domain(user, day), times__gte=OFTEN, date__gte=since, verdict="顺延"
    )
    last = rows.exclude(followers__verdict="顺延").select_related("unit", "post")
    return list(last.order_by("-times", "date", "ref"))


def weeks_back(day: date, count: int) -> list[str]:
    """The running week and those before it, the newest first."""
    return [week_of(day - timedelta(7 * number)) for number in range(count)]
