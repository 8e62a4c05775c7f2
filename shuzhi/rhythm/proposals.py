"""What a week's plan and a day's report are proposed from: the ledgers, the last meetings, the journal. Nobody retypes it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from shuzhi.evidence import instance
from shuzhi.evidence.queries import written_by
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.reading import Light, read_all
from shuzhi.records.models import Record
from shuzhi.rhythm.expectations import CLOCK, INDICATOR, Owed, owed
from shuzhi.rhythm.kinds import plan_kind
from shuzhi.rhythm.models import Decision, PlanItem, Struck
from shuzhi.rhythm.periods import monday
from shuzhi.subjects.kinds import kind_named
from shuzhi.units.models import Post

#: How far back what was not kept, and what was decided, is proposed again.
PROMISED_DAYS, DECIDED_DAYS = 60, 21


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that belongs into a week's plan, and why; ``before`` is the promise it goes on from."""

    about: str
    title: str
    origin: str
    due: date
    why: str
    light: Light | None = None
    before: PlanItem | None = None


def proposals(post: Post, week: str, day: date) -> list[Proposal]:
    """What the accounts propose for a post's week: promised and not kept, decided, red, due; each thing once.

    What is in the plan already or was struck from it is left out.
    """
    first = monday(week)
    last = first + timedelta(6)
    taken = set(PlanItem.objects.filter(post=post, week=week).values_list("about", flat=True))
    taken |= set(Struck.objects.filter(post=post, week=week).values_list("about", flat=True))
    taken.discard("")
    found = []
    sources = (
        _promised(post, first, last),
        _decided(post, first, last),
        _red(post, day, last),
        _due(post, day, last),
    )
    for source in sources:
        for one in source:
            if one.about not in taken:
                taken.add(one.about)
                found.append(one)
    return found


def own_matters(post: Post) -> QuerySet[Matter]:
    """The open matters a post answers for: those it leads; and those of its unit, when it does the unit's work.

    A post that only leads at the county itself answers for what it is named for, not for everybody's. What is guarded
    is no part of any plan: a plan is seen by more people than may see it.
    """
    mine = Q(lead=post)
    working = {"fill", "verify", "supervise", "statistics", "treasury"} & set(post.duties)
    if working or post.unit.parent_id is not None:
        mine |= Q(unit=post.unit, lead=None)
    kinds = instance.catalogue().of_shape("matter")
    open_ = [kind.code for kind in kinds if not kind.guarded]
    return Matter.objects.filter(mine, closed=None, kind__in=open_).select_related("unit")


def _promised(post: Post, first: date, last: date) -> Iterator[Proposal]:
    """Promises that a meeting found not kept, and that no later plan has taken up; also those nobody has settled."""
    rows = PlanItem.objects.filter(
        post=post, date__gte=first - timedelta(PROMISED_DAYS), date__lt=first, followers=None
    )
    for item in rows.filter(verdict__in=("部分", "未完成", "顺延")).order_by("date", "ref"):
        due = item.moved or last - timedelta(2)
        if item.moved is not None and item.moved > last:
            continue  # put off beyond this week
        why = f"{item.settled}交账“{item.verdict}”：{item.reason}"
        yield Proposal(item.about or item.ref, item.title, "上次承诺", max(due, first), why, before=item)


def _decided(post: Post, first: date, last: date) -> Iterator[Proposal]:
    """What recent meetings decided and this post has to see to."""
    mine = own_matters(post).values("ref")
    rows = Decision.objects.filter(matter__in=mine, meeting__date__gte=first - timedelta(DECIDED_DAYS))
    for row in rows.select_related("meeting", "matter").order_by("meeting__date", "no"):
        due = _by(row.matter.due or last, last)
        yield Proposal(row.matter_id, row.text[:300], "议定", due, f"{row.meeting.date}碰头会议定")


def _red(post: Post, day: date, last: date) -> Iterator[Proposal]:
    """Its matters that are red today."""
    for reading in read_all(own_matters(post), day):
        light = reading.light
        if light.colour == "red":
            kind = reading.kind.label
            yield Proposal(
                reading.matter.ref,
                reading.state.title,
                "红灯",
                last - timedelta(2),
                f"{kind}：{light.reason}",
                light,
            )


def _due(post: Post, day: date, last: date) -> Iterator[Proposal]:
    """What falls due by the end of the week: limits of its matters, what its unit owes; values of one period together."""
    mine = set(own_matters(post).values_list("ref", flat=True))
    units = _owing_units(post, mine)
    found = owed(day, units=units, ahead=max(0, (last - day).days))
    values: dict[tuple[str, date], list[Owed]] = {}
    items: dict[str, list[Owed]] = {}
    for one in found:
        if one.source == CLOCK:
            if one.ref in mine:
                yield Proposal(one.ref, one.label, "到期", _by(one.due, last), one.asked_by)
        elif post.unit_id == one.unit.code and _does_work(post):
            if one.source == INDICATOR:
                values.setdefault((one.period, one.due), []).append(one)
            else:
                items.setdefault(one.code, []).append(one)
    for rows in items.values():
        last_one = rows[-1]
        lacks = sum(row.need - row.had for row in rows)
        periods = "、".join(row.period for row in rows)
        said = f"{last_one.label}（{periods}，欠{lacks}件）"
        yield Proposal(last_one.about, said, "到期", _by(last_one.due, last), last_one.asked_by)
    for (period, due), rows in values.items():
        names = "、".join(row.label for row in rows[:3])
        said = f"报送{period}指标{len(rows)}个（{names}{'等' if len(rows) > 3 else ''}）"
        yield Proposal(f"indicator/{period}/{due}", said, "到期", _by(due, last), "指标报送")


def _by(due: date, last: date) -> date:
    """The due day where it lies in the week that ends on ``last``, else the Friday: what is overdue is promised anew."""
    return due if last - timedelta(6) <= due <= last else last - timedelta(2)


def _owing_units(post: Post, mine: Iterable[str]) -> set[str]:
    units = set(Matter.objects.filter(ref__in=list(mine)).values_list("unit_id", flat=True))
    return units | {post.unit_id}


def _does_work(post: Post) -> bool:
    """Whether what the unit owes is this post's to see to, and not only to look at."""
    return post.unit.parent_id is not None or bool(
        {"fill", "statistics", "treasury", "verify"} & set(post.duties)
    )


# --- the day --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a day's report as proposed: done that day, or promised for now and not done."""

    done: bool
    about: str
    text: str

    def as_kept(self) -> dict[str, object]:
        """As the report keeps it."""
        return {"done": self.done, "about": self.about, "text": self.text}


def day_lines(post: Post, day: date) -> list[Line]:
    """What a post really did on a day, told from the accounts, and what of its plan was due by then and is still open.

    Guarded kinds leave no words: that something was done in them is counted, not told.
    """
    found = [*_moved(post, day), *_recorded(post, day), *_observed(post, day)]
    done = {line.about for line in found if line.done}
    rows = PlanItem.objects.filter(post=post, verdict="", due__lte=day, date__lte=day)
    open_ = (item for item in rows.order_by("due", "ref") if not item.about or item.about not in done)
    return [*found, *(Line(False, item.ref, item.title) for item in open_)]


def _moved(post: Post, day: date) -> Iterator[Line]:
    """One line for each matter it moved that day; those it only said “unchanged” of together."""
    unchanged = 0
    told: dict[str, list[str]] = {}
    titles: dict[str, Matter] = {}
    for step in (
        Movement.objects.filter(post=post, date=day).select_related("matter").order_by("matter", "no")
    ):
        kind = kind_named(step.matter.kind)
        if kind.guarded:
            continue
        if step.act == "revise" and not step.changes:
            unchanged += 1
            continue
        titles[step.matter_id] = step.matter
        told.setdefault(step.matter_id, []).append(_step_told(kind, step))
    for ref, steps in told.items():
        yield Line(True, ref, f"{titles[ref].title}：{'，'.join(dict.fromkeys(steps))}"[:500])
    if unchanged:
        yield Line(True, "", f"{unchanged}件在办事项报告无变化")


def _step_told(kind: Kind, step: Movement) -> str:
    if step.act == "open":
        return f"{kind.label}立项"
    if step.from_stage != step.to_stage:
        return f"转入{step.to_stage}"
    return "更新进展"


def _recorded(post: Post, day: date) -> Iterator[Line]:
    for record in Record.objects.filter(post=post, date=day).order_by("ref"):
        kind = kind_named(record.kind)
        if not kind.guarded:
            yield Line(True, record.ref, f"{kind.label}：{record.title}"[:500])


def _observed(post: Post, day: date) -> Iterator[Line]:
    """How many values it reported: the journal knows the day, an observation knows only its period."""
    count = sum(name.startswith("observation/") for name in written_by(post.code, day))
    if count:
        yield Line(True, "", f"报送指标{count}个")


def plan_of(post: Post, week: str) -> list[PlanItem]:
    """A post's plan of a week, in the order of its due days."""
    return list(PlanItem.objects.filter(post=post, week=week, kind=plan_kind().code).order_by("due", "ref"))
