"""Reads a matter on a day: its state folded from movements, its papers, and from these its light, clocks and due days.

Nothing here asks the clock on the wall: any past day is replayed by giving that day.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from shuzhi.evidence import instance
from shuzhi.evidence.models import Paper
from shuzhi.kernel.calendar import ClockSum
from shuzhi.kernel.catalogue.definitions import Clock, Kind
from shuzhi.kernel.catalogue.items import Item, ItemEnv, clock_sum
from shuzhi.kernel.catalogue.rules import light
from shuzhi.kernel.expr.rows import evaluate
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.state import State, fold
from shuzhi.subjects.kinds import kind_named

Papers = Mapping[str, int]
# Never colour alone: a shape and a word, for print in black and white and for colour-blind readers; heaviest first.
LIGHT_WORDS: Mapping[str, str] = {"red": "■ 超期", "yellow": "▲ 注意", "green": "● 正常", "grey": "○ 未到期"}


@dataclass(frozen=True, slots=True)
class Light:
    """A colour and why."""

    colour: str
    reason: str

    @property
    def word(self) -> str:
        """The light as shape and word: ``■ 超期``."""
        return LIGHT_WORDS[self.colour]


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A clock on a day: its sum step by step (None while it has not started), when it stopped, whether late, and the
    calendar and working days left.
    """

    clock: Clock
    sum: ClockSum | None
    stopped: date | None
    late: bool
    left: int | None
    workdays_left: int | None


@dataclass(frozen=True)
class Reading:
    """A matter as it stood on a day; ``filled`` is the last movement that was more than a verdict."""

    matter: Matter
    kind: Kind
    state: State
    env: ItemEnv
    last: Movement
    filled: Movement

    @cached_property
    def light(self) -> Light:
        """The colour of that day, with its reason."""
        return Light(*light(self.env))


def filled(steps: Sequence[Movement]) -> Movement:
    """The last movement that was more than a verdict: to write down one's own verdict beforehand is not to fill in."""
    return next(
        (step for step in reversed(steps) if step.act != "verify" or step.from_stage != step.to_stage),
        steps[-1],
    )


def env_of(kind: Kind, ref: str, state: State, *, papers: Papers, day: date) -> ItemEnv:
    """The Env of the row reader for a state of a matter on a day."""
    columns = {
        "ref": ref,
        "number": state.number,
        "title": state.title,
        "unit": state.unit,
        "stage": state.stage,
        "opened": state.opened,
        "due": state.due,
        "closed": state.closed,
        "lead": state.lead,
        "subject": state.subject,
        "parent": state.parent,
    }
    item = Item(kind, columns, state.fields, papers=papers, trail=tuple(name for name, _ in state.passed))
    return ItemEnv(item, instance.catalogue(), instance.calendar(), day)


def papers_of(refs: Collection[str], day: date) -> dict[str, Counter[str]]:
    """How many papers of each kind each matter had on a day, by the day the paper bears."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for owner, kind in Paper.objects.filter(owner__in=refs, day__lte=day).values_list("owner", "kind"):
        found[owner][kind] += 1
    return found


def read_all(matters: Iterable[Matter], day: date) -> list[Reading]:
    """Read many matters on a day with two queries; those not yet open that day are left out."""
    known = {matter.ref: matter for matter in matters}
    steps: dict[str, list[Movement]] = defaultdict(list)
    for movement in (
        Movement.objects.filter(matter__in=known, date__lte=day)
        .select_related("post")
        .order_by("matter", "no")
    ):
        steps[movement.matter_id].append(movement)
    papers = papers_of(known, day)
    readings = []
    for ref, matter in known.items():
        if not steps[ref]:
            continue
        kind, state = kind_named(matter.kind), fold(steps[ref])
        env = env_of(kind, ref, state, papers=papers.get(ref, Counter()), day=day)
        readings.append(Reading(matter, kind, state, env, steps[ref][-1], filled(steps[ref])))
    return readings


def read(matter: Matter, day: date) -> Reading | None:
    """Read one matter on a day; None before it was opened."""
    return next(iter(read_all([matter], day)), None)


def clocks_of(reading: Reading) -> list[ClockReading]:
    """Every clock of the kind on the day of the reading."""
    env, today = reading.env, reading.env.today
    found = []
    for clock in reading.kind.clocks:
        total = clock_sum(env, clock.code)
        stopped = evaluate(clock.stops.node, env)
        ended = stopped if isinstance(stopped, date) else None
        running = total is not None and ended is None and not clock.at_least
        found.append(
            ClockReading(
                clock=clock,
                sum=total,
                stopped=ended,
                late=env.late(clock.code) is True,
                left=(total.due - today).days if running and total else None,
                workdays_left=env.calendar.workdays_left(today, total.due) if running and total else None,
            )
        )
    return found


def due_days(kind: Kind, matter: Matter) -> tuple[date | None, ...]:
    """The due day of each clock as the matter's row stands; limits that are parameters are those of its opening day."""
    state = State(
        number=matter.number,
        title=matter.title,
        unit=matter.unit_id,
        lead=matter.lead_id,
        subject=matter.subject_id,
        parent=matter.parent_id,
        opened=matter.opened,
        due=matter.due,
        closed=matter.closed,
        stage=matter.stage,
        fields=matter.fields,
    )
    env = env_of(kind, matter.ref, state, papers={}, day=matter.opened)
    sums = (clock_sum(env, clock.code) for clock in kind.clocks)
    return tuple(total.due if total else None for total in sums)
