"""What reading a draft yields: frozen values whose places are character offsets in the decoded text."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Kind = Literal["level", "growth", "share", "count", "money", "name", "other"]
Severity = Literal["certain", "likely", "possible", "style"]
Force = Literal["规定", "一般", "推荐", "提示"]
QUALITATIVE = "qualitative"
Json: TypeAlias = "str | int | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text, `end` exclusive."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of `text` in this stretch."""
        return text[self.start : self.end]

    def touches(self, other: "Span") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def as_json(self) -> dict[str, Json]:
        """Both offsets under the names of the draft schema."""
        return {"start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading, on its own line or run in; `body` ends where a heading of its level or above begins."""

    id: str
    parent: str | None
    level: int
    number: str
    marker: str
    marker_span: Span
    text: str
    text_span: Span
    body: Span

    def as_json(self) -> dict[str, Json]:
        """The heading in the draft schema."""
        return {
            "id": self.id,
            "parent": self.parent,
            "level": self.level,
            "number": self.number,
            "marker": self.marker,
            "number_start": self.marker_span.start,
            "number_end": self.marker_span.end,
            "heading_text_start": self.text_span.start,
            "heading_text_end": self.text_span.end,
            "heading_text": self.text,
            "body_start": self.body.start,
            "body_end": self.body.end,
        }


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a figure or a mask measures.

    `quantity` is the thing measured (老旧小区), `facet` the aspect (改造数, 增速), `time` one of: year, year-end
    forecast, to date, previous year, plan, multi-year period, part of the year (None for names), `bound` one of
    gt ge lt le approx, `direction` up or down, `near` other words of the sentence that help to tell it apart.
    """

    kind: Kind
    unit: str | None
    quantity: str
    facet: str
    time: str | None
    bound: str | None = None
    direction: str | None = None
    near: tuple[str, ...] = ()

    @property
    def concept(self) -> str:
        """Quantity, then a space and the facet where there is one."""
        return f"{self.quantity} {self.facet}".strip()


@dataclass(frozen=True, slots=True)
class Slot:
    """A masked place: the mask alone, never its unit."""

    id: str
    span: Span
    text: str
    clause: Span
    meaning: Meaning

    def as_json(self) -> dict[str, Json]:
        """The slot in the draft schema (with the finer parts of its meaning added)."""
        return {"id": self.id, **_placed(self.span, self.text, self.clause, self.meaning)}


@dataclass(frozen=True, slots=True)
class Figure:
    """A filled figure; `value` is exact and in the printed unit, `full` takes in the unit."""

    id: str
    span: Span
    full: Span
    text: str
    clause: Span
    value: Fraction
    value_max: Fraction | None
    meaning: Meaning

    def as_json(self) -> dict[str, Json]:
        """The figure in the draft schema; values are exact decimal strings, never binary floats."""
        made: dict[str, Json] = {"id": self.id, **_placed(self.span, self.text, self.clause, self.meaning)}
        made |= {"full_start": self.full.start, "full_end": self.full.end, "value": decimal_text(self.value)}
        if self.value_max is not None:
            made["value_max"] = decimal_text(self.value_max)
        return made


def _placed(span: Span, text: str, clause: Span, meaning: Meaning) -> dict[str, Json]:
    made: dict[str, Json] = {
        "start": span.start,
        "end": span.end,
        "text": text,
        "clause_start": clause.start,
        "clause_end": clause.end,
        "kind": meaning.kind,
        "unit": meaning.unit,
        "concept": meaning.concept,
        "quantity": meaning.quantity,
        "facet": meaning.facet,
        "time": meaning.time,
    }
    if meaning.bound:
        made["qualifier"] = meaning.bound
    if meaning.direction:
        made["direction"] = meaning.direction
    return made


@dataclass(frozen=True, slots=True)
class Defect:
    """Something an office secretary would mark: the rule that saw it, where, how sure, and why (in Chinese).

    `severity` says how sure the finding is, `force` how much its rule weighs (规定, 一般, 推荐, 提示).
    """

    rule: str
    type: str
    severity: Severity
    span: Span
    explanation: str
    force: Force = "一般"

    @property
    def page(self) -> str:
        """The page that explains the finding, a file of `docs/findings`."""
        return f"{self.rule}.md"

    @property
    def advice(self) -> bool:
        """Whether it is said as advice only: its rule is a mere hint, or it is not sure enough to be called wrong."""
        return self.force == "提示" or self.severity in ("possible", "style")

    def as_json(self, number: int, text: str) -> dict[str, Json]:
        """The defect in the draft schema, with its force and page."""
        return {
            "id": f"d{number}",
            "rule": self.rule,
            "force": self.force,
            "page": self.page,
            "start": self.span.start,
            "end": self.span.end,
            "text": self.span.of(text),
            "type": self.type,
            "severity": self.severity,
            "explanation": self.explanation,
        }


@dataclass(frozen=True, slots=True)
class Waiver:
    """A note in the text that some rules need not be looked at here: 【不查 prose-E1：理由】.

    `cover` is the stretch it speaks for, `rules` the ids (or beginnings of ids) it names.
    """

    span: Span
    cover: Span
    rules: tuple[str, ...]
    reason: str

    def names(self, rule: str) -> bool:
        """Whether it names the rule, by its id or by the head of its id (prose-E1 names prose-E1-twice)."""
        return any(rule == name or rule.startswith(f"{name}-") for name in self.rules)

    def waives(self, defect: Defect) -> bool:
        """Whether the finding is set aside: its rule is named, a reason is given, and it lies in the cover."""
        return bool(self.reason) and self.names(defect.rule) and self.cover.touches(defect.span)


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding set aside by a waiver of the text, with the reason given there."""

    defect: Defect
    waiver: Waiver

    def as_json(self, number: int, text: str) -> dict[str, Json]:
        """The finding in the draft schema, with the reason."""
        return {**self.defect.as_json(number, text), "reason": self.waiver.reason}


@dataclass(frozen=True, slots=True)
class Claim:
    """A checkable statement of the text.

    One of type `qualitative` says something in words that needs proof: `cue` is the family of the words (see the
    data of claims), `said` where they stand, `about` what they are said of, `figures` the ids of the slots and
    figures of the clause.
    """

    type: str
    span: Span
    cue: str = ""
    said: Span | None = None
    about: str = ""
    figures: tuple[str, ...] = ()

    def as_json(self, number: int, text: str) -> dict[str, Json]:
        """The claim in the draft schema, with its cue and what it is about where it has them."""
        made: dict[str, Json] = {
            "id": f"c{number}",
            **self.span.as_json(),
            "text": self.span.of(text),
            "type": self.type,
        }
        if self.said is not None:
            made |= {"cue": self.cue, "cue_start": self.said.start, "cue_end": self.said.end}
            made |= {"cue_text": self.said.of(text), "about": self.about}
        if self.figures:
            made["figures"] = [*self.figures]
        return made


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, read: its text and everything found in it, each list in the order of the text.

    `defects` holds what is wrong, `advice` what could be better, `waived` what a note in the text set aside.
    """

    text: str
    title: Span
    boilerplate: tuple[Span, ...]
    preamble: Span | None
    closing: Span | None
    outline: tuple[Heading, ...]
    clauses: tuple[Span, ...]
    sentences: tuple[Span, ...]
    slots: tuple[Slot, ...]
    figures: tuple[Figure, ...]
    defects: tuple[Defect, ...] = ()
    claims: tuple[Claim, ...] = ()
    advice: tuple[Defect, ...] = ()
    waived: tuple[Waived, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def items(self) -> "list[Slot | Figure]":
        """Slots and figures together, in the order of the text."""
        both: list[Slot | Figure] = [*self.slots, *self.figures]
        return sorted(both, key=lambda item: item.span.start)

    def as_json(self) -> dict[str, Json]:
        """Title, boilerplate, outline, slots, figures, findings and claims for `shuzhi read --json`."""
        numbered = list(enumerate(self.claims, 1))
        made: dict[str, Json] = {
            "title": self.title.as_json(),
            "boilerplate": [span.as_json() for span in self.boilerplate],
            "outline": [heading.as_json() for heading in self.outline],
            "slots": [slot.as_json() for slot in self.slots],
            "figures": [figure.as_json() for figure in self.figures],
            "defects": [d.as_json(i, self.text) for i, d in enumerate(self.defects, 1)],
            "advice": [d.as_json(i, self.text) for i, d in enumerate(self.advice, 1)],
            "waived": [w.as_json(i, self.text) for i, w in enumerate(self.waived, 1)],
            "claims": [c.as_json(i, self.text) for i, c in numbered if c.type != QUALITATIVE],
            "qualitative": [c.as_json(i, self.text) for i, c in numbered if c.type == QUALITATIVE],
        }
        if self.preamble is not None:
            made["preamble"] = self.preamble.as_json()
        if self.closing is not None:
            made["closing"] = self.closing.as_json()
        return made


def decimal_text(value: Fraction, places: int = 4) -> str:
    """`value` as a decimal string: exact if it ends within 12 places, else half-up at `places`.

    >>> decimal_text(Fraction(972, 100)), decimal_text(Fraction(200, 3))
    ('9.72', '66.6667')
    """
    scale = 10**12
    if (value * scale).denominator != 1:
        scale = 10**places
    whole = abs(value) * scale
    rounded = (2 * whole.numerator + whole.denominator) // (2 * whole.denominator)
    units, rest = divmod(rounded, scale)
    tail = str(rest).zfill(len(str(scale)) - 1).rstrip("0")
    sign = "-" if value < 0 and rounded else ""
    return f"{sign}{units}.{tail}" if tail else f"{sign}{units}"
