"""All that can be asked live of matters: lists with lights, one matter whole, the next lawful step, what waits for whom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import QuerySet

from shuzhi.evidence import instance
from shuzhi.evidence.models import Paper
from shuzhi.kernel.catalogue import rules
from shuzhi.kernel.catalogue.definitions import Kind, Stage
from shuzhi.kernel.catalogue.items import ItemEnv
from shuzhi.kernel.finding import Finding
from shuzhi.matters.gates import Hands, refusals, second_person
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.order import reachable
from shuzhi.matters.reading import ClockReading, Light, Reading, clocks_of, read, read_all
from shuzhi.matters.state import State, fold
from shuzhi.subjects.kinds import kind_named
from shuzhi.subjects.listing import ListColumn, Listing, columns_of, listing
from shuzhi.subjects.rights import Sight, duties_for, extent, may_see, short, whose, within_sight
from shuzhi.units.models import Post, User
from shuzhi.units.queries import posts_of, subtree

COLUMNS = (
    ListColumn("ref", "编号", "ref", "ref"),
    ListColumn("number", "序号", "text", "number"),
    ListColumn("title", "事项", "text", "title"),
    ListColumn("unit", "责任单位", "unit", "unit_id"),
    ListColumn("lead", "责任人", "post", "lead_id"),
    ListColumn("stage", "环节", "stage", "stage"),
    ListColumn("opened", "立项日期", "date", "opened"),
    ListColumn("due", "完成时限", "date", "due"),
    ListColumn("closed", "办结日期", "date", "closed"),
    ListColumn("subject", "相关主体", "subject", "subject_id"),
    ListColumn("parent", "上级事项", "matter", "parent_id"),
)
WEIGHT = {"red": 0, "yellow": 1, "green": 2, "grey": 3}


@dataclass(frozen=True, slots=True)
class Step:
    """A stage that could be next: by which post the person may move there, and what still keeps the matter from it."""

    stage: Stage
    post: Post | None
    findings: tuple[Finding, ...]

    @property
    def open(self) -> bool:
        """Whether one press of the button does it."""
        return self.post is not None and not self.findings


@dataclass(frozen=True, slots=True)
class Waiting:
    """A matter whose next step is this person's to take."""

    matter: Matter
    kind: Kind
    light: Light
    stage: Stage
    post: Post
    due: date | None
    findings: tuple[Finding, ...] = ()

    @property
    def ripe(self) -> bool:
        """Whether it is this person who must act now: to fill in what lacks is theirs, to verify what is not there is not."""
        return self.stage.by == "fill" or all(finding.id == "matter.paper" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Turning:
    """A matter that is not red today and will be on ``day`` if nothing is done."""

    matter: Matter
    kind: Kind
    light: Light
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class MatterPage:
    """Everything the page of one matter shows."""

    matter: Matter
    kind: Kind
    columns: tuple[ListColumn, ...]
    light: Light
    outcomes: Mapping[str, bool | None]
    clocks: tuple[ClockReading, ...]
    movements: tuple[Movement, ...]
    papers: tuple[Paper, ...]
    steps: tuple[Step, ...]
    children: tuple[Matter, ...]


# --- one matter -----------------------------------------------------------------------------------------------------


def as_of(matter: Matter, day: date) -> State:
    """The matter's state at the end of a day, told again from its movements."""
    return fold(matter.movements.filter(date__lte=day).order_by("no"))


def light_of(matter: Matter, day: date) -> Light:
    """The light of a day, past or present, with its reason; grey before the matter was opened."""
    reading = read(matter, day)
    return reading.light if reading else Light("grey", "尚未立项")


def clock_sums(matter: Matter, day: date) -> list[ClockReading]:
    """Every clock of the matter on a day, each with the steps of its sum."""
    reading = read(matter, day)
    return clocks_of(reading) if reading else []


def steps_of(matter: Matter, user: User, day: date) -> list[Step]:
    """The stages that could be next, the one along the line first, each with what keeps this person from it."""
    reading = read(matter, day)
    return _steps(reading, list(posts_of(user, day)), day) if reading else []


def next_step(matter: Matter, user: User, day: date) -> Step | None:
    """The next lawful step along the line, open or with the reasons why not; None when there is none."""
    return next((step for step in steps_of(matter, user, day) if not step.stage.aside), None)


def matter_page(user: User, ref: str, day: date) -> MatterPage:
    """The page of one matter; raises Matter.DoesNotExist for what the person may not see."""
    matter = Matter.objects.select_related("unit", "lead", "subject", "parent").get(ref=ref)
    kind = kind_named(matter.kind)
    if not may_see(user, kind, matter.unit, day):
        raise Matter.DoesNotExist(ref)
    reading = read(matter, day)
    return MatterPage(
        matter=matter,
        kind=kind,
        columns=columns_of(COLUMNS, kind.fields),
        light=reading.light if reading else Light("grey", "尚未立项"),
        outcomes=rules.outcomes(reading.env) if reading else {},
        clocks=tuple(clocks_of(reading) if reading else ()),
        movements=tuple(matter.movements.select_related("post__unit").order_by("no")),
        papers=tuple(Paper.objects.filter(owner=ref).order_by("no")),
        steps=tuple(_steps(reading, list(posts_of(user, day)), day) if reading else ()),
        children=tuple(matter.children.order_by("ref")),
    )


def changes_of(kind: Kind, movement: Movement) -> list[tuple[ListColumn, object]]:
    """What a movement set, in the order of the kind's columns: each column with its new value (None: cleared)."""
    fields = movement.changes.get("fields")
    told = {**movement.changes, **(fields if isinstance(fields, dict) else {})}
    return [(column, told[column.code]) for column in columns_of(COLUMNS, kind.fields) if column.code in told]


def _steps(reading: Reading, posts: list[Post], day: date) -> list[Step]:
    state, kind, papers = reading.state, reading.kind, reading.env.item.papers
    passed = [name for name, _ in state.passed]
    steps = []
    for stage in reachable(kind, passed, closed=state.closed is not None):
        able = _able(posts, kind, stage.by).get(reading.matter.unit_id)
        found = refusals(kind, reading.matter.ref, state, stage, day=day, papers=papers)
        if able is None:
            hint = whose(duties_for(kind, stage.by), reading.matter.unit, short(kind))
            found.insert(0, Finding("matter.right", f"您无权办理“{stage.name}”", hint, reading.state.title))
        same = second_person(reading.filled, stage, able, day, reading.state.title)
        steps.append(Step(stage, able, tuple(([same] if same else []) + found)))
    return steps


def _able(
    posts: Iterable[Post], kind: Kind, act: str, under: Mapping[str, Collection[str]] | None = None
) -> dict[str, Post]:
    """For each unit the post among these that may do the act there; the post nearest to a unit wins.

    ``under`` gives the units under each post where that is known already.
    """
    wanted = set(duties_for(kind, act))
    found: dict[str, Post] = {}
    reach = []
    for post in posts:
        if wanted & set(post.duties):
            below = under[post.code] if under else subtree(post.unit)
            reach.append((len(below), post, extent(post, act=act, kind=kind, below=below)))
    for _, post, units in sorted(reach, key=lambda item: item[0], reverse=True):
        found.update(dict.fromkeys(units, post))
    return found


# --- lists ----------------------------------------------------------------------------------------------------------


def seen_by(user: User, kind: Kind, day: date) -> QuerySet[Matter]:
    """The matters of a kind that a person may see on a day."""
    rows = Matter.objects.filter(kind=kind.code).select_related("unit", "lead", "subject")
    return within_sight(rows, user, kind, day)


def list_matters(
    user: User,
    kind: Kind,
    day: date,
    *,
    filters: Mapping[str, object] | None = None,
    sort: str = "",
    search: str = "",
    colour: str = "",
) -> Listing[Matter]:
    """The list of a kind of matter as a person may see it; ``colour`` keeps only those whose light has it on the day.

    The lights of a page are read with :func:`lights`.
    """
    columns = columns_of(COLUMNS, kind.fields)
    found = listing(
        seen_by(user, kind, day),
        columns,
        filters=filters,
        sort=sort,
        search=search,
        searched=("title", "number"),
    )
    if not colour:
        return found
    refs = [ref for ref, light in lights(found.rows, day).items() if light.colour == colour]
    return Listing(found.rows.filter(ref__in=refs), found.columns, found.ignored)


def lights(matters: Iterable[Matter], day: date) -> dict[str, Light]:
    """The light of each matter on a day, by ref."""
    return {reading.matter.ref: reading.light for reading in read_all(matters, day)}


def open_readings(sight: Sight, units: Collection[str] | None = None) -> list[Reading]:
    """The open matters of every kind that a person may see, read on the day of the sight, kind by kind in their order.

    As many questions to the database whether there is one kind or a hundred: a page reads them once and asks of these
    readings all it has to tell. ``units`` keeps those of these units.
    """
    kinds = instance.catalogue().of_shape("matter")
    rows = Matter.objects.filter(sight.over(kinds), closed=None).select_related("unit")
    found = read_all(rows if units is None else rows.filter(unit__in=units), sight.day)
    return sorted(found, key=lambda reading: (reading.kind.code, reading.matter.ref))


def counts(readings: Iterable[Reading]) -> dict[str, dict[str, int]]:
    """By kind how many of these matters have each colour."""
    found: dict[str, dict[str, int]] = {}
    for reading in readings:
        found.setdefault(reading.kind.code, dict.fromkeys(WEIGHT, 0))[reading.light.colour] += 1
    return found


def waiting_for(sight: Sight, readings: Iterable[Reading]) -> list[Waiting]:
    """The open matters whose next step along the line is this person's to take, the most pressing first.

    A step a person may not take because the same post made the last one is not theirs.
    """
    able: dict[tuple[str, str], dict[str, Post]] = {}
    hands, next_ = Hands(), []
    for reading in readings:
        kind, passed = reading.kind, [name for name, _ in reading.state.passed]
        stage = next((s for s in reachable(kind, passed, closed=False) if not s.aside), None)
        if stage is None:
            continue
        if (kind.code, stage.by) not in able:
            able[kind.code, stage.by] = _able(sight.posts, kind, stage.by, sight.reach)
        post = able[kind.code, stage.by].get(reading.matter.unit_id)
        if post is not None:
            next_.append((reading, stage, post))
    hands.learn({code for reading, _, post in next_ for code in (reading.filled.post_id, post.code) if code})
    found = [
        Waiting(
            reading.matter,
            reading.kind,
            reading.light,
            stage,
            post,
            _earliest(reading),
            tuple(rules.refusals(reading.env, stage)),
        )
        for reading, stage, post in next_
        if not second_person(reading.filled, stage, post, sight.day, hands=hands)
    ]
    return sorted(found, key=lambda w: (WEIGHT[w.light.colour], w.due or date.max, w.matter.ref))


def turning_red(readings: Iterable[Reading], *, days: int = 7) -> list[Turning]:
    """Of these matters those that are not red on the day and will be within so many days, the earliest first."""
    found = []
    for reading in readings:
        now, day = reading.light, reading.env.today
        if now.colour == "red" or _light_on(reading, day + timedelta(days)).colour != "red":
            continue
        later = (day + timedelta(number) for number in range(1, days + 1))
        first, light = next(
            (then, light) for then in later if (light := _light_on(reading, then)).colour == "red"
        )
        found.append(Turning(reading.matter, reading.kind, now, first, light.reason))
    return sorted(found, key=lambda turning: (turning.day, turning.matter.ref))


def _light_on(reading: Reading, day: date) -> Light:
    """The light of a later day if nothing is done until then."""
    return replace(
        reading, env=ItemEnv(reading.env.item, reading.env.catalogue, reading.env.calendar, day)
    ).light


def _earliest(reading: Reading) -> date | None:
    """The nearest due day of the clocks that run, or the matter's own."""
    running = [
        clock.sum.due
        for clock in clocks_of(reading)
        if clock.sum and clock.stopped is None and not clock.clock.at_least
    ]
    return min([*running, *([reading.state.due] if reading.state.due else [])], default=None)
