"""Filling a draft: read, bound, all its figures computed together from one closing, and never a value invented."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.finding import Finding, Severity
from shuzhi.kernel.measure import UNITS
from shuzhi.prose.binding import Binding, bind
from shuzhi.prose.binding import Candidate as Bound
from shuzhi.prose.concepts import Concept
from shuzhi.prose.model import Draft, Slot
from shuzhi.reports.cards import card
from shuzhi.reports.concepts import concepts, shown_as
from shuzhi.reports.places import Candidate, Place, State, against, decimals_of, printed, short_code

SHOWN = 3
UNANSWERABLE = {"multi-year": "跨年度", "part of the year": "年内一段时间"}


@dataclass(frozen=True, slots=True)
class Filled:
    """A draft with every place accounted for, over one closing."""

    draft: Draft
    year: int
    closing: Closing
    places: tuple[Place, ...]
    findings: tuple[Finding, ...]

    def count(self, state: State) -> int:
        """How many places are in a state."""
        return sum(place.state is state for place in self.places)

    def summary(self) -> dict[str, int]:
        """How many places there are in each state, in the order of the states."""
        return {"总数": len(self.places), **{str(state): self.count(state) for state in State}}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A slot, the concept chosen for it, why, and the runners-up."""

    slot: Slot
    concept: Concept | None
    reason: str
    candidates: tuple[tuple[Concept, Bound], ...]

    def concepts(self) -> list[Concept]:
        """Every concept whose value is wanted: the chosen one first, then the first candidates."""
        if self.slot.meaning.kind == "name":
            return []
        shown = [concept for concept, _ in self.candidates[:SHOWN] if concept != self.concept]
        return ([self.concept] if self.concept else []) + shown


def fill(
    draft: Draft,
    closing: Closing,
    *,
    catalogue: Catalogue,
    year: int = 0,
    unit: str = "",
    choices: Mapping[int, str] | None = None,
    memory: Mapping[str, str] | None = None,
) -> Filled:
    """Fill a draft from a closing.

    ``year`` 0 means the closing's year; ``choices`` are the author's own (start of the slot → concept code), ``memory``
    those of earlier years (key of what is measured → concept code). Nothing is written; the same input gives the same
    output. Figures of all places are computed together.
    """
    year = year or closing.as_of.year
    known = {concept.code: concept for concept in concepts(catalogue)}
    bindings = bind(draft, known.values(), memory=memory or {}, figures=False)
    wanted = [_choose(binding, known, choices or {}) for binding in bindings]
    places = _compute(wanted, closing, catalogue, year, unit)
    return Filled(draft, year, closing, tuple(places), tuple(_remarks(draft, year)))


def _choose(binding: Binding, known: Mapping[str, Concept], choices: Mapping[int, str]) -> _Wanted:
    """The author's choice first, then what the reader is sure of."""
    slot = binding.item
    assert isinstance(slot, Slot)
    candidates = tuple((known[item.code], item) for item in binding.candidates)
    chosen = choices.get(slot.span.start)
    if chosen in known:
        return _Wanted(slot, known[chosen], "撰稿人选定", candidates)
    return _Wanted(slot, known[binding.code] if binding.code else None, binding.reason, candidates)


def _ask(slot: Slot, concept: Concept, catalogue: Catalogue, year: int, unit: str) -> Ask:
    """The question a place puts to the books: the concept in the year or the year before, as actual, target or latest."""
    usual, decimals = shown_as(catalogue, concept.code)
    meaning = slot.meaning
    shown = meaning.unit if meaning.unit and _converts(usual, meaning.unit) else usual
    expression = concept.expr
    if concept.code in catalogue.indicators:
        told = {"plan": f"target({expression})", "to date": f"latest({expression})"}
        expression = told.get(meaning.time or "", expression)
    return Ask(
        expression,
        unit=unit,
        year=year - 1 if meaning.time == "previous year" else year,
        shown_in=shown,
        decimals=decimals_of(slot.text, decimals),
    )


def _converts(given: str, wanted: str) -> bool:
    return wanted in UNITS and UNITS[given].family == UNITS[wanted].family


def _compute(
    wanted: Sequence[_Wanted], closing: Closing, catalogue: Catalogue, year: int, unit: str
) -> list[Place]:
    """Put all questions to the books at once, then settle every place."""
    asks = [_ask(item.slot, concept, catalogue, year, unit) for item in wanted for concept in item.concepts()]
    answers = iter(compute(asks, [closing]))
    places = []
    for item in wanted:
        figures = {concept.code: next(answers) for concept in item.concepts()}
        places.append(_settle(item, figures, closing, catalogue))
    return places


def _candidates(item: _Wanted, figures: Mapping[str, Figure]) -> tuple[Candidate, ...]:
    """The runners-up with the values they would print."""
    made = []
    for concept, bound in item.candidates:
        figure = figures.get(concept.code)
        value = "" if figure is None or figure.missing else f"{figure.text}{figure.unit}"
        made.append(Candidate(concept.code, concept.label, bound.confidence, bound.reason, value))
    return tuple(made)


def _settle(item: _Wanted, figures: Mapping[str, Figure], closing: Closing, catalogue: Catalogue) -> Place:
    """What became of one place: a value with its card, or the reason why there is none."""
    slot, meaning = item.slot, item.slot.meaning
    candidates = _candidates(item, figures)
    place = Place(slot, State.UNKNOWN, item.reason, unit=meaning.unit or "", candidates=candidates)
    if meaning.kind == "name":
        return replace(place, state=State.NAME, reason="这里要填名称，不是数字，请撰稿人填写")
    if item.concept is None:
        return _unbound(place)
    figure = figures[item.concept.code]
    place = replace(place, concept=item.concept.code, label=item.concept.label)
    if meaning.time in UNANSWERABLE:
        span = UNANSWERABLE[meaning.time]
        return replace(place, state=State.UNREPORTED, reason=f"这里问的是{span}的数，账上按年记，不能代答")
    if figure.value is None:
        return replace(place, state=State.UNREPORTED, reason=figure.reason)
    if _never_kept(figure, closing):
        return replace(place, state=State.UNREPORTED, reason=f"“{place.label}”的台账还没有登记过，不能当作0")
    contrary = against(meaning, figure.value)
    if contrary:
        return replace(place, state=State.CONFLICT, reason=contrary, status=figure.status)
    decimals = figure.ask.decimals or 0
    value = abs(figure.value) if meaning.kind == "growth" else figure.value
    text = printed(value, decimals, meaning.bound)
    facts: dict[str, object] = {
        "closing": closing.id,
        "expression": figure.ask.expression,
        "year": figure.ask.year,
        "unit": figure.ask.unit,
        "text": text,
        "in": figure.unit,
    }
    code = short_code(facts)
    made = card(place.concept, place.label, text, code, figure, closing, catalogue)
    return replace(
        place, state=State.FILLED, text=text, unit=figure.unit, code=code, status=figure.status, card=made
    )


def _never_kept(figure: Figure, closing: Closing) -> bool:
    """Whether every total comes from a ledger without a single row: nothing written is not nothing done."""
    relations = [leaf.relation for leaf in figure.trace.leaves]
    return bool(relations) and all(
        name in closing.tables and not closing.tables[name].rows for name in relations
    )


def _unbound(place: Place) -> Place:
    """A figure the reader could not bind: other than a quantity, ambiguous, or not in the catalogue."""
    if place.candidates:
        return replace(place, state=State.AMBIGUOUS)
    if place.slot.meaning.kind == "other":
        return replace(place, state=State.OTHER, reason="这里要填日期、名次或比例，请撰稿人填写")
    return place


def _remarks(draft: Draft, year: int) -> list[Finding]:
    """What the author should know of the draft as a whole."""
    title = draft.title.of(draft.text)
    others = [text for text in _years(title) if text != year]
    if not others:
        return []
    return [
        Finding(
            "fill.year",
            f"标题写的是{others[0]}年，数字取自{year}年的账",
            "请改标题，或用 --year 指明年度",
            "标题",
            Severity.WARNING,
        )
    ]


def _years(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"(?<!\d)(20\d\d)(?=\s*年)", text)]
