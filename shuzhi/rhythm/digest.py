"""One message a day for each person: what waits, what turns red soon, what came back, what was decided, what is owed.

Quiet on rest days. It is computed, never kept; a page shows it, a command prints it or lays it out as files, and whatever
the office has (mail, an internal messenger, paper) carries it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shuzhi.evidence import instance
from shuzhi.kernel.calendar import say_day
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.catalogue.items import parameter_on
from shuzhi.kernel.expr.nodes import Amount
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.queries import Turning, Waiting, open_readings, turning_red, waiting_for
from shuzhi.rhythm.expectations import CLOCK, Owed, everything, told_to
from shuzhi.rhythm.models import Decision, PlanItem
from shuzhi.subjects.kinds import kind_named
from shuzhi.subjects.rights import Sight
from shuzhi.units.models import User

MOST = 10


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened to one of the person's matters since the last working day."""

    matter: Matter
    text: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person is told on a day; ``quiet`` on rest days, when nothing is said at all."""

    user: User
    day: date
    quiet: bool
    waiting: tuple[Waiting, ...] = ()
    late_days: int = 0
    turning_late: tuple[Turning, ...] = ()
    early_days: int = 0
    turning_early: tuple[Turning, ...] = ()
    returned: tuple[News, ...] = ()
    decided: tuple[News, ...] = ()
    owed: tuple[Owed, ...] = ()
    promises: tuple[PlanItem, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not any(self.counts().values())

    def counts(self) -> dict[str, int]:
        """How much there is of each sort, by its name."""
        return {
            "等办": len(self.waiting),
            f"{self.late_days}个工作日内变红": len(self.turning_late),
            f"{self.early_days}个工作日内变红": len(self.turning_early),
            "退回": len(self.returned),
            "决定": len(self.decided),
            "欠报": len(self.owed),
            "承诺到期": len(self.promises),
        }

    def lines(self) -> list[tuple[str, list[str]]]:
        """The sections with their lines, empty ones left out; long ones end with how many more there are."""
        sections = [
            (f"等您办的（{len(self.waiting)}件）", [_waiting(item) for item in self.waiting]),
            (
                f"{self.late_days}个工作日内要变红（{len(self.turning_late)}件）",
                [_turning(item) for item in self.turning_late],
            ),
            (
                f"{self.early_days}个工作日内要变红（{len(self.turning_early)}件）",
                [_turning(item) for item in self.turning_early],
            ),
            (f"退回的（{len(self.returned)}件）", [item.text for item in self.returned]),
            (f"作出决定的（{len(self.decided)}件）", [item.text for item in self.decided]),
            (f"欠报的（{len(self.owed)}项）", [_owed(item) for item in self.owed]),
            (f"今天到期和已过期的承诺（{len(self.promises)}件）", [_promise(item) for item in self.promises]),
        ]
        return [(name, _short(rows)) for name, rows in sections if rows]

    def text(self) -> str:
        """The message as plain text."""
        head = f"{self.user}：{say_day(self.day)}提要"
        if self.quiet:
            return f"{head}\n今天是休息日，不发提醒。\n"
        if self.empty:
            return f"{head}\n没有等您办的事，也没有要变红的事项。\n"
        body = [f"\n{name}\n" + "\n".join(f"  {row}" for row in rows) for name, rows in self.lines()]
        return f"{head}\n{''.join(f'{part}{chr(10)}' for part in body)}"

    def as_json(self) -> dict[str, object]:
        """For whatever sends it."""
        return {
            "user": self.user.username,
            "name": str(self.user),
            "day": self.day.isoformat(),
            "quiet": self.quiet,
            "counts": {} if self.quiet else self.counts(),
            "text": self.text(),
        }


def digests(users: Iterable[User], day: date) -> Iterator[Digest]:
    """What each of many people is to be told on a day; what everybody owes is read once."""
    found = everything(day) if instance.calendar().is_workday(day) else []
    for user in users:
        yield digest(user, day, found)


def digest(user: User, day: date, found: Sequence[Owed] | None = None) -> Digest:
    """What a person is to be told on a day; ``found`` is everything that is owed, where it has been read already."""
    if not instance.calendar().is_workday(day):
        return Digest(user, day, quiet=True)
    late, early = _days("remind_late_days", day), _days("remind_early_days", day)
    until = _workday_after(day, early)
    sight = Sight(user, day)
    readings = open_readings(sight)
    own = frozenset(post.unit_id for post in sight.posts)
    held = {post.code for post in sight.posts}
    mine = [one for one in readings if one.matter.unit_id in own or one.matter.lead_id in held]
    turning = turning_red(mine, days=(until - day).days)
    soon = [item for item in turning if item.day <= _workday_after(day, late)]
    since = _last_told(day)
    all_owed = everything(day, units=own) if found is None else found
    theirs = [row for row in all_owed if row.unit.code in own and row.source != CLOCK and row.late >= 0]
    overdue = told_to(theirs, sight)
    promises = PlanItem.objects.filter(post__in=held, verdict="", due__lte=day).order_by("due", "ref")
    return Digest(
        user=user,
        day=day,
        quiet=False,
        waiting=tuple(item for item in waiting_for(sight, readings) if item.ripe),
        late_days=late,
        turning_late=tuple(soon),
        early_days=early,
        turning_early=tuple(item for item in turning if item not in soon),
        returned=tuple(_returned(sight, own, since)),
        decided=tuple(_decided(sight, own, since)),
        owed=tuple(row for row in overdue if not row.new),
        promises=tuple(promises),
    )


def _steps(sight: Sight, own: Collection[str], since: date) -> list[tuple[Kind, Movement]]:
    """The steps made since then on matters of the person's units, by others, that the person may see."""
    rows = Movement.objects.filter(date__gt=since, date__lte=sight.day, matter__unit__in=own)
    rows = rows.exclude(post__in=[post.code for post in sight.posts])
    found = []
    for step in rows.select_related("matter__unit", "post").order_by("date", "matter", "no"):
        kind = kind_named(step.matter.kind)
        units = sight.units(kind)
        if units is None or step.matter.unit_id in units:
            found.append((kind, step))
    return found


def _returned(sight: Sight, own: Collection[str], since: date) -> list[News]:
    """Matters that whoever verifies has sent aside, and that still stand there."""
    found = []
    for kind, step in _steps(sight, own, since):
        stage = kind.stage(step.to_stage)
        if stage is not None and stage.aside and stage.by == "verify" and step.matter.stage == step.to_stage:
            note = f"：{step.note}" if step.note else ""
            found.append(News(step.matter, f"{step.matter.title}　{step.to_stage}{note}"))
    return found


def _decided(sight: Sight, own: Collection[str], since: date) -> list[News]:
    """What was decided on its matters, and what meetings have given it to do."""
    found = [
        News(step.matter, f"{step.matter.title}　{step.to_stage}")
        for _, step in _steps(sight, own, since)
        if step.act == "decide"
    ]
    rows = Decision.objects.filter(
        meeting__date__gt=since, meeting__date__lte=sight.day, matter__unit__in=own
    ).select_related("matter", "meeting")
    return found + [News(row.matter, f"碰头会议定：{row.text}") for row in rows]


def _days(parameter: str, day: date) -> int:
    value = parameter_on(instance.catalogue().parameters[parameter], day)
    return int(value.value) if isinstance(value, Amount) else 0


def _workday_after(day: date, count: int) -> date:
    """The so-many-eth working day after a day."""
    return instance.calendar().clock(day, count, "working").due


def _last_told(day: date) -> date:
    """The day before the last working day: what happened since is news."""
    before = day - timedelta(1)
    while not instance.calendar().is_workday(before):
        before -= timedelta(1)
    return before - timedelta(1)


def _short(rows: list[str]) -> list[str]:
    return rows if len(rows) <= MOST else [*rows[:MOST], f"……还有{len(rows) - MOST}项，见“今日”"]


def _waiting(item: Waiting) -> str:
    due = f"，{item.due}到期" if item.due else ""
    return f"{item.light.word} {item.matter.title} → {item.stage.name}（{item.kind.label}{due}）"


def _turning(item: Turning) -> str:
    return f"{item.matter.title}（{item.matter.unit}，{item.day}起：{item.reason}）"


def _owed(item: Owed) -> str:
    late = f"已欠{item.late}天" if item.late > 0 else "今天到期"
    of = "" if item.of == item.unit else f"（{item.of}）"
    return f"{item.period}{item.label}{of}，{late}"


def _promise(item: PlanItem) -> str:
    result = f"：{item.result}" if item.result else ""
    return f"{item.title}{result}（{item.due}）"
