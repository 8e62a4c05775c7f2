"""What may be said in the accounts: kinds, fields, stages, clocks, lights, indicators, figures, as frozen definitions.

These are values read from TOML by :mod:`shuzhi.kernel.catalogue.load`; Python knows the shapes, never a kind by name.
Expressions are kept as written (``source``) beside their parsed node, so that cards and findings can quote them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from shuzhi.kernel.catalogue.grounds import Basis, Expression
from shuzhi.kernel.catalogue.rulebook import Rule
from shuzhi.kernel.catalogue.schemes import Mechanism, Profile, Scheme

SHAPES = ("subject", "matter", "record", "plan", "fund")
FIELD_TYPES = (
    "text", "long", "whole", "quantity", "date", "moment", "bool", "choice", "unit", "subject", "matter", "record",
)  # fmt: skip
ACTS = ("see", "fill", "verify", "decide")
COLOURS = ("green", "yellow", "red", "grey")
STATUSES = ("预计", "快报", "初步核算", "最终核实", "决算")
ROLES = ("actual", "target", "forecast")
# How an item of a weekly plan is settled; only the first counts as kept, what is put off does not.
VERDICTS = ("完成", "部分", "未完成", "顺延", "取消")
# Why something stands in a weekly plan; all but the last are proposed from the accounts.
ORIGINS = ("到期", "红灯", "上次承诺", "议定", "自提")
FREQUENCIES = ("month", "quarter", "half", "year")
VISIBILITIES = ("public", "on-request", "internal", "work-secret", "restricted")
# What is seen only by those who need to know: by the duties its kind names, and nobody else.
GUARDED = ("work-secret", "restricted")
REACHES = ("own", "below")
CLOCK_UNITS = ("calendar", "working", "month", "year", "hour")
PERIODS = ("week", "month", "quarter", "half", "year")
UNIT_LEVELS = ("county", "department", "township", "village")
OUTCOMES = ("handled", "solved", "satisfied")
ROLE_PARTS = ("leads", "fills", "verifies", "decides")
RECEIVED = ("decision", "shortcoming", "promise", "request")
TAKES = ("source", "year", "sentence", "earlier", "account", "explanation", "reported", "indicator")
TEMPORALS = ("cum", "level", "rate")
GROWTHS = ("real", "nominal", "same_basis", "comparable", "count", "pp", "none")
DIRECTIONS = ("up", "down", "range", "neutral")
MEASURES = ("level", "growth", "share", "completion", "count", "money", "other")
SEVERITIES = ("error", "warning", "advice")
ESTIMATES = ("", "share", "profile", "average", "moving")


@dataclass(frozen=True, slots=True)
class Field:
    """One typed field of a kind. ``unit`` is the unit it is typed and shown in; ``of`` the kind a reference points at.

    ``personal`` names the masking of personal data (name, phone, address, text) or is empty; ``public`` says whether
    the field may be disclosed; ``note`` is the line under the field: what counts and what does not (口径). ``takes`` is
    the part of what its kind ``receives`` that goes into it: source (the report or meeting it was said in), year,
    sentence, earlier (the matter it goes on from), account (what became of it), explanation; or reported, the
    day on which its unit last reported on it. ``by`` are the duties of
    which a post needs one to set or change the field, whoever fills in the rest; empty leaves it to whoever fills in.
    """

    code: str
    label: str
    type: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    of: str = ""
    personal: str = ""
    public: bool = False
    takes: str = ""
    by: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of entry: an item (or line) for which ``when`` is true gives a finding that ``says`` what is wrong."""

    when: Expression
    says: str
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class LineKind:
    """A table inside a record: rows with fields of their own (the loans of a matchmaking session)."""

    code: str
    label: str
    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()
    note: str = ""

    def field(self, code: str) -> Field | None:
        """The field of that code, or None."""
        return next((item for item in self.fields if item.code == code), None)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a matter. Stages are a list, not a graph: a matter moves to the next one, or to an ``aside`` stage
    (中止, 退回) and back. ``gate`` must hold before the stage is entered; ``papers`` are the kinds of evidence it needs;
    ``by`` is the act a post needs to move a matter here; ``closes`` marks the stages in which the matter is over.
    """

    name: str
    gate: Expression | None = None
    says: str = ""
    papers: tuple[str, ...] = ()
    by: str = "fill"
    aside: bool = False
    closes: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit: from ``starts`` (a date), so many days or months, stopped by ``stops`` (a date).

    ``limit`` is a whole number or an expression giving one (``param('code')`` where the limit is local practice),
    ``per`` its unit; ``extension`` gives further days granted, which count only when the field named by ``approver`` is
    filled in; ``paused`` are days that do not count; ``at_least`` marks a shortest time (a notice of at least 10 days)
    rather than a longest, ``right`` a time in which somebody may act and nobody is at fault for letting it pass.
    ``before`` counts backwards from ``starts`` (material 7 days before the hearing); ``on`` is a fixed day, month and
    day, the first such day after ``starts`` (``01-31``), and then there is no ``limit``. ``warn`` is how many days
    before the due day, in the clock's own unit, the light turns yellow by itself.
    """

    code: str
    label: str
    starts: Expression
    stops: Expression
    basis: Basis
    limit: Expression | None = None
    per: str = "calendar"
    on: str = ""
    before: bool = False
    extension: Expression | None = None
    approver: str = ""
    paused: Expression | None = None
    at_least: bool = False
    right: bool = False
    warn: int = 5


@dataclass(frozen=True, slots=True)
class Light:
    """A rule for the light: the first whose ``when`` holds gives colour and reason; none gives green."""

    colour: str
    when: Expression
    says: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """When an item must be published, by which clock, and which of its fields."""

    when: Expression
    clock: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expect:
    """What units owe regularly: every unit of the level ``of`` at least ``at_least`` items each ``every`` period.

    Items are placed by their own date, those for which ``where`` holds count; they are owed ``within`` so many days after
    the period has ended.
    """

    code: str
    label: str
    every: str
    of: str
    basis: Basis
    at_least: Expression | None = None
    where: Expression | None = None
    within: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class FigureKind:
    """A figure a kind offers: its expression, unit, and the words drafts use for it.

    ``measures`` is what binding calls the kind of figure (level growth share count money other); ``near`` are words of
    which one must stand in the sentence, ``unlike`` words that rule the figure out. ``stands_for`` is the code that the
    national list of indicators knows the figure by, where it has one.
    """

    code: str
    label: str
    unit: str
    expression: Expression
    words: tuple[str, ...]
    measures: str
    decimals: int = 0
    facet: str = ""
    units: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    stands_for: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing kept in the accounts, in one of the four shapes.

    ``outcomes`` are up to three separate flags: handled (answered), solved (in substance), satisfied (whom it concerns
    agrees), which no mechanism may take for each other; ``roles`` name the offices that lead, fill in, verify and decide,
    for people to read (what is enforced are ``duties``); ``expects`` is what units owe regularly. ``receives`` says what is
    handed over to a kind of matter from elsewhere: ``decision``, what a meeting decides; ``shortcoming`` and ``promise``,
    what a report admits and announces. ``largest`` is the quantity by which items are named, the largest first. ``below``
    are duties that in this kind, though it is guarded, reach the units below where elsewhere they reach their own only.
    """

    code: str
    label: str
    shape: str
    mechanism: str
    basis: tuple[Basis, ...]
    fields: tuple[Field, ...] = ()
    lines: tuple[LineKind, ...] = ()
    stages: tuple[Stage, ...] = ()
    clocks: tuple[Clock, ...] = ()
    lights: tuple[Light, ...] = ()
    checks: tuple[Check, ...] = ()
    figures: tuple[FigureKind, ...] = ()
    closing: Expression | None = None
    closing_says: str = ""
    disclosure: Disclosure | None = None
    visibility: str = "internal"
    duties: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    below: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    outcomes: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))
    expects: tuple[Expect, ...] = ()
    receives: str = ""
    largest: str = ""
    words: tuple[str, ...] = ()
    note: str = ""

    @property
    def guarded(self) -> bool:
        """Whether its items are there only for those who need to know."""
        return self.visibility in GUARDED

    def field(self, code: str) -> Field | None:
        """The field of that code, or None."""
        return next((item for item in self.fields if item.code == code), None)

    def stage(self, name: str) -> Stage | None:
        """The stage of that name, or None."""
        return next((item for item in self.stages if item.name == name), None)

    def line(self, code: str) -> LineKind | None:
        """The table of that code inside a record, or None."""
        return next((item for item in self.lines if item.code == code), None)

    def figure(self, code: str) -> FigureKind | None:
        """The figure of that code, or None."""
        return next((item for item in self.figures if item.code == code), None)

    def clock(self, code: str) -> Clock | None:
        """The clock of that code, or None."""
        return next((item for item in self.clocks if item.code == code), None)

    def taking(self, part: str) -> Field | None:
        """The field that takes a part of what the kind receives, or None."""
        return next((item for item in self.fields if item.takes == part), None)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. Observations hold whole numbers at the scale of ``unit``'s family.

    ``temporal`` is cum (since 1 January), level (at a point) or rate; ``rollup`` how units add up (sum, ratio, distinct,
    none, or wmean:code); ``growth`` the convention (real, nominal, same_basis, comparable, count, pp, none) and
    ``growth_by`` the indicator that is its official rate, never derived from levels; ``expression`` a formula when the
    indicator is computed from others; ``duty`` is the duty that may enter it; ``within`` is how many days after the end
    of a period its value is usually known, and owed; ``unpublished`` are the months for which none is ever published (most
    monthly statistics begin with January and February together); ``estimate`` the method by which the year's end is estimated where
    the county has settled on one (else the one that erred least in earlier years).
    """

    code: str
    label: str
    unit: str
    decimals: int
    frequency: str
    owner: str
    duty: str
    temporal: str
    rollup: str
    growth: str
    direction: str
    basis: tuple[Basis, ...]
    words: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    measures: str = "level"
    growth_by: str = ""
    growth_words: tuple[str, ...] = ()
    expression: Expression | None = None
    typical: tuple[str, ...] = ()
    profile: str = ""
    checks: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    valid_until: date | None = None
    within: int = 0
    unpublished: tuple[int, ...] = ()
    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    estimate: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty a post may carry (统计, 督查, 填报 …); kinds and indicators say which duty may do what.

    ``reach`` is how far it goes into guarded ledgers: ``own``, the post's own unit; ``below``, the units under it, too.
    """

    code: str
    label: str
    reach: str = "below"
    note: str = ""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of evidence (会议纪要, 验收单 …)."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated number that is local practice or may change: (valid from, value as written), newest last."""

    code: str
    label: str
    unit: str
    values: tuple[tuple[date, str], ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All definitions, checked; ``digest`` identifies the texts they were read from, ``texts`` are those texts.

    ``local`` are the codes of the kinds and indicators that an overlay wrote or changed.
    """

    kinds: Mapping[str, Kind]
    indicators: Mapping[str, Indicator]
    duties: Mapping[str, Duty]
    papers: Mapping[str, PaperKind]
    parameters: Mapping[str, Parameter]
    texts: Mapping[str, str]
    digest: str
    local: frozenset[str] = frozenset()
    profiles: Mapping[str, Profile] = field(default_factory=lambda: MappingProxyType({}))
    schemes: Mapping[str, Scheme] = field(default_factory=lambda: MappingProxyType({}))
    mechanisms: Mapping[str, Mechanism] = field(default_factory=lambda: MappingProxyType({}))
    checks: Mapping[str, Rule] = field(default_factory=lambda: MappingProxyType({}))

    def of_shape(self, shape: str) -> tuple[Kind, ...]:
        """The kinds of a shape, in the order of their codes."""
        return tuple(self.kinds[code] for code in sorted(self.kinds) if self.kinds[code].shape == shape)
