"""Filling a draft: read, bound, all its figures computed together from one closing, and never a value invented."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from shuzhi.figures.ask import Figure
from shuzhi.figures.closing import Closing
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.finding import Finding
from shuzhi.kernel.measure import half_up, say
from shuzhi.prose.binding import Binding, bind
from shuzhi.prose.binding import Candidate as Bound
from shuzhi.prose.concepts import Concept, folded_words, likeness
from shuzhi.prose.model import Draft, Slot
from shuzhi.prose.waivers import shorn
from shuzhi.reports.answered import Answer, computed
from shuzhi.reports.areas import elsewhere
from shuzhi.reports.asking import Question, question
from shuzhi.reports.cards import card
from shuzhi.reports.given import handed
from shuzhi.reports.held import held_of
from shuzhi.reports.kept import never_kept
from shuzhi.reports.names import Remembered, proposed
from shuzhi.reports.owners import owner_of
from shuzhi.reports.periods import Period, period_of, sentence_of
from shuzhi.reports.places import MOST_DECIMALS, Candidate, Given, Place, State, against
from shuzhi.reports.printing import Form, code_of, decimals_in
from shuzhi.reports.remarks import remarks
from shuzhi.reports.task import Task, task_of

SHOWN = 3
CHOSEN = "撰稿人选定"


@dataclass(frozen=True, slots=True)
class Filled:
    """A draft with every place accounted for, over one closing. ``unit`` is whose figures stand in it."""

    draft: Draft
    year: int
    unit: str
    unit_name: str
    closing: Closing
    places: tuple[Place, ...]
    findings: tuple[Finding, ...]

    def count(self, state: State) -> int:
        """How many places are in a state."""
        return sum(place.state is state for place in self.places)

    def gaps(self) -> list[Place]:
        """Every place that is neither filled nor settled by the author, in the order of the text."""
        return [place for place in self.places if not place.settled]

    def summary(self) -> dict[str, int]:
        """How many places there are in each state, in the order of the states."""
        return {"总数": len(self.places), **{str(state): self.count(state) for state in State}}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier years' reports know: the choices made (key of what is measured → concept code), and names that stood."""

    choices: Mapping[str, str] = field(default_factory=dict)
    names: Remembered = field(default_factory=dict)


NOTHING_EARLIER: Final = Earlier()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A slot, its period, the concept chosen for it, why, the runners-up, and what each of them is asked.

    ``refusal`` says why no figure of these books may stand here at all.
    """

    slot: Slot
    period: Period
    concept: Concept | None
    reason: str
    candidates: tuple[tuple[Concept, Bound], ...]
    refusal: str
    questions: Mapping[str, Question]


@dataclass(frozen=True, slots=True)
class _Answered:
    """A concept's question and the figure that came back (None when it could not be asked)."""

    question: Question
    figure: Figure | None


def fill(
    draft: Draft,
    closing: Closing,
    *,
    catalogue: Catalogue,
    year: int = 0,
    unit: str = "",
    choices: Mapping[int, str] | None = None,
    given: Mapping[int, Given] | None = None,
    earlier: Earlier = NOTHING_EARLIER,
    answer: Answer = computed,
) -> Filled:
    """Fill a draft from a closing.

    ``year`` 0 means the closing's year, ``unit`` "" its whole; ``choices`` are the author's own (start of the slot →
    concept code), ``given`` what the author wrote into places or left out (by start), ``answer`` where figures come from
    (:mod:`shuzhi.reports.answered`; those read from a cube give cards without rows). Nothing is written but what the
    closing's cache may keep; the same input gives the same output. Figures of all places are computed together. Raises
    Refused for a year the books have not reached and for a unit they do not know.
    """
    # Notes about findings are the author's, not the report's.
    task = task_of(shorn(draft), closing, catalogue, year=year, unit=unit)
    bindings = bind(task.draft, task.known.values(), memory=earlier.choices, figures=False)
    wanted = _once([_choose(binding, task, choices or {}) for binding in bindings], task)
    answered = _answer([_with_questions(item, task) for item in wanted], closing, answer)
    places = proposed([_settle(item, answers, task) for item, answers in answered], task, earlier.names)
    places = tuple(handed(place, (given or {}).get(place.slot.span.start)) for place in places)
    noticed = tuple(remarks(task.draft, task.year, places))
    held_of(closing).flush()
    return Filled(task.draft, task.year, task.unit, task.unit_name, closing, places, noticed)


def _choose(binding: Binding, task: Task, choices: Mapping[int, str]) -> _Wanted:
    """The author's choice first, then what the reader is sure of."""
    slot = binding.item
    assert isinstance(slot, Slot)
    chosen = task.known.get(choices.get(slot.span.start, ""))
    return _Wanted(
        slot,
        period_of(task.draft, slot, task.year),
        chosen or task.known.get(binding.code or ""),
        CHOSEN if chosen else binding.reason,
        tuple((task.known[item.code], item) for item in binding.candidates),
        elsewhere(task.draft, slot, task.closing, task.unit, task.unit_name),
        {},
    )


def _once(wanted: Sequence[_Wanted], task: Task) -> Iterator[_Wanted]:
    """No sentence says one figure twice: a second place bound to it means something else, which the author must say."""
    seen: set[tuple[int, str, Period]] = set()
    for item in wanted:
        if item.concept is None or item.reason == CHOSEN:
            yield item
            continue
        key = (sentence_of(task.draft, item.slot)[0], item.concept.code, item.period)
        yield _another(item, item.concept, task) if key in seen else item
        seen.add(key)


def _another(item: _Wanted, concept: Concept, task: Task) -> _Wanted:
    """A place whose figure the sentence has said already."""
    reason = f"同一句里前面一处已是“{concept.label}”，这里应是另一个数，请选定"
    others = tuple(_siblings(item, concept, task))
    return replace(item, concept=None, reason=reason, candidates=others or item.candidates)


def _siblings(item: _Wanted, concept: Concept, task: Task) -> list[tuple[Concept, Bound]]:
    """Other figures of the same ledger in the same unit, the likest to the words of the clause first."""
    ledger, _, _ = concept.code.partition(".")
    said = folded_words(item.slot.clause.of(task.draft.text))
    found = [
        (max(likeness(folded_words(word), said) for word in (other.label, *other.words)), other)
        for code, other in task.known.items()
        if code.startswith(f"{ledger}.") and code != concept.code and set(other.units) & set(concept.units)
    ]
    best = sorted(found, key=lambda pair: (-pair[0], pair[1].code))[:SHOWN]
    return [(other, Bound(other.code, alike, "同一台账的另一个数")) for alike, other in best]


def _with_questions(item: _Wanted, task: Task) -> _Wanted:
    """The questions of every concept whose value is wanted: the chosen one and the first candidates."""
    if item.slot.meaning.kind == "name" or item.refusal:
        return item
    shown = [concept for concept, _ in item.candidates[:SHOWN]]
    asked = {concept.code: concept for concept in ([item.concept] if item.concept else []) + shown}
    closed = task.closing.as_of.year
    return replace(
        item,
        questions={
            code: question(item.slot, concept, item.period, task.catalogue, closed=closed, unit=task.unit)
            for code, concept in asked.items()
        },
    )


def _answer(
    wanted: Sequence[_Wanted], closing: Closing, answer: Answer
) -> Iterator[tuple[_Wanted, dict[str, _Answered]]]:
    """Put all questions to the books at once."""
    asks = [asked.ask for item in wanted for asked in item.questions.values() if asked.ask]
    figures = iter(answer(asks, closing))
    for item in wanted:
        yield (
            item,
            {
                code: _Answered(asked, next(figures) if asked.ask else None)
                for code, asked in item.questions.items()
            },
        )


def _candidates(item: _Wanted, answers: Mapping[str, _Answered]) -> tuple[Candidate, ...]:
    """The runners-up with the values they would print."""
    made = []
    for concept, bound in item.candidates:
        answer = answers.get(concept.code)
        figure = answer.figure if answer else None
        value = f"{visible(figure)}{figure.unit}" if figure and figure.value is not None else ""
        made.append(Candidate(concept.code, concept.label, bound.confidence, bound.reason, value))
    return tuple(made)


def visible(figure: Figure) -> str:
    """A candidate's value, with as many decimals as it takes not to look like nothing."""
    value = figure.value
    if not value or half_up(value, decimals_in(figure)):
        return figure.text
    return say(value, next((n for n in range(MOST_DECIMALS) if half_up(value, n)), MOST_DECIMALS))


def _settle(item: _Wanted, answers: Mapping[str, _Answered], task: Task) -> Place:
    """What became of one place: a value with its card, or the reason why there is none."""
    meaning = item.slot.meaning
    candidates = _candidates(item, answers)
    place = Place(item.slot, State.UNKNOWN, item.reason, unit=meaning.unit or "", candidates=candidates)
    if meaning.kind == "name":
        return replace(place, state=State.NAME, reason="这里要填名称，不是数字，请撰稿人填写")
    if item.concept is None:
        return _unbound(place)
    owner = owner_of(item.concept.code, task.catalogue)
    place = replace(place, concept=item.concept.code, label=item.concept.label, owner=owner)
    if item.refusal:
        return replace(place, state=State.UNANSWERABLE, reason=item.refusal)
    answer = answers[item.concept.code]
    figure = answer.figure
    if figure is None:
        return replace(place, state=State.UNANSWERABLE, reason=answer.question.refusal)
    empty = never_kept(figure, task.closing)
    if empty or figure.value is None:
        return replace(place, state=State.UNREPORTED, reason=empty or figure.reason)
    contrary = against(meaning, figure.value)
    if contrary:
        return replace(place, state=State.CONFLICT, reason=contrary, status=figure.status)
    return _filled(replace(place, notice=answer.question.notice), figure, figure.value, task)


def _filled(place: Place, figure: Figure, exact: Fraction, task: Task) -> Place:
    """A place with its value, code and card; in conflict when no number of the mask's form would be true."""
    mask, form = place.slot.text, Form.of(place.slot)
    text = form.printed(exact, figure)
    if not text:
        reason = f"账上是 {visible(figure)}{figure.unit}，照“{mask}”的写法印出来不真实，请改写这一句"
        return replace(place, state=State.CONFLICT, reason=reason, status=figure.status)
    code = code_of(figure, text, task.closing.id)
    made = card(place.concept, place.label, text, code, figure, task.closing, task.catalogue)
    made["printing"] = form.as_json()
    unit = place.unit or figure.unit
    return replace(
        place, state=State.FILLED, text=text, unit=unit, code=code, status=figure.status, card=made
    )


def _unbound(place: Place) -> Place:
    """A figure the reader could not bind: other than a quantity, ambiguous, or not in the catalogue."""
    if place.candidates:
        return replace(place, state=State.AMBIGUOUS)
    if place.slot.meaning.kind == "other":
        return replace(place, state=State.OTHER, reason="这里要填日期、名次或比例，请撰稿人填写")
    return place
