"""Proving a draft: what its claims say against one closing, all computed together; what is missing is never zero."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from shuzhi.cube.asking.drawn import figures
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.words import words_of
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.measure import UNITS
from shuzhi.prose.binding import bind
from shuzhi.prose.claiming.grounding import books
from shuzhi.prose.claiming.proofs import Proof, proofs, spoken
from shuzhi.prose.claiming.stated import as_printed, stated
from shuzhi.prose.model import Claim, Draft, Slot
from shuzhi.prose.model import Figure as Filled
from shuzhi.reports.areas import elsewhere
from shuzhi.reports.asking import question
from shuzhi.reports.filling import visible
from shuzhi.reports.kept import never_kept
from shuzhi.reports.periods import PLAN, UNANSWERABLE, period_of
from shuzhi.reports.remarks import ESTIMATED
from shuzhi.reports.task import Task, task_of
from shuzhi.reports.works import find_work

MOST_REASONS, MOST_VALUES = 3, 8


class State(StrEnum):
    """What the books say of a claim; the value is the word on the screen."""

    HOLDS = "属实"
    FAILS = "不属实"
    UNKNOWN = "账上不能判断"


@dataclass(frozen=True, slots=True)
class Value:
    """A quantity beside a claim, in words: what it is called, what the books hold of it ("" nothing), and in what unit."""

    label: str
    text: str
    unit: str
    expression: str
    year: int
    status: str = ""

    def __str__(self) -> str:
        said = f"{self.label}{self.text}{self.unit}" if self.text else f"{self.label}没有填"
        return f"{said}（{ESTIMATED}数）" if self.status == ESTIMATED else said

    def as_json(self) -> dict[str, object]:
        """The quantity as data."""
        return {
            "label": self.label,
            "text": self.text,
            "unit": self.unit,
            "expression": self.expression,
            "year": self.year,
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one claim: its proof, what the books say, the sentence for the screen, the quantities in it."""

    claim: Claim
    proof: Proof
    state: State
    text: str
    values: tuple[Value, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether the books say otherwise."""
        return self.state is State.FAILS

    def as_json(self, draft: Draft) -> dict[str, object]:
        """The verdict as data, offsets in the draft."""
        values = [value.as_json() for value in self.values]
        return {
            **self.proof.as_json(draft.text),
            "state": str(self.state),
            "verdict": self.text,
            "values": values,
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """A proof with what is asked for it: the condition first, then the quantities; or the reason why nothing is.

    ``labels`` are what the quantities are called, where that is not the reading of their formulas.
    """

    proof: Proof
    asks: tuple[Ask, ...] = ()
    refusal: str = ""
    labels: tuple[str, ...] = ()


def prove(
    draft: Draft,
    closing: Closing,
    *,
    catalogue: Catalogue,
    year: int = 0,
    unit: str = "",
    memory: Mapping[str, str] | None = None,
) -> tuple[Verdict, ...]:
    """Every claim in words and every bound filled figure of a draft, held against a closing, in the order of the text.

    ``year`` 0 means the closing's year, ``unit`` "" its whole; ``memory`` maps what is measured to the concept chosen in
    earlier years. Totals only: no row of any ledger is shown. Raises Refused for a year the books have not reached and
    for a unit they do not know.
    """
    task = task_of(draft, closing, catalogue, year=year, unit=unit)
    known = tuple(task.known.values())
    bindings = bind(draft, known, memory=memory or {})
    scope = words_of(catalogue).scope
    asked = [_ask(proof, task) for proof in proofs(draft, bindings, known, year=task.year, scope=scope)]
    return tuple(_verdict(item, found, task) for item, found in _answered(asked, closing))


def report(verdicts: Sequence[Verdict]) -> str:
    """The verdicts for the screen: what does not hold first, then what cannot be known, then a count of what holds."""
    lines = []
    for state in (State.FAILS, State.UNKNOWN, State.HOLDS):
        told = [verdict for verdict in verdicts if verdict.state is state]
        lines.append(f"{state} {len(told)} 条")
        lines += [f"  第{verdict.claim.span.start}字：{verdict.text}" for verdict in told]
    return "\n".join(lines)


def _ask(proof: Proof, task: Task) -> _Asked:
    """What is asked of the books for a proof, in the year its words speak of."""
    if not proof.expression:
        return _ask_work(proof, task) or _Asked(proof, refusal=proof.reason)
    refusal = elsewhere(task.draft, proof.item, task.closing, task.unit, task.unit_name)
    if refusal:
        return _Asked(proof, refusal=refusal)
    if isinstance(proof.item, Filled):
        return _ask_figure(proof, proof.item, task)
    period = period_of(task.draft, proof.item, task.year)
    if period.time in UNANSWERABLE and "连续" not in proof.item.text:
        return _Asked(proof, refusal=UNANSWERABLE[period.time])
    if period.time == PLAN or period.year > task.closing.as_of.year:
        return _Asked(proof, refusal="说的是今后的事，到时候才能核")
    asks = tuple(
        Ask(text, unit=task.unit, year=period.year, month=period.month)
        for text in (proof.expression, *proof.shows)
    )
    return _Asked(proof, asks)


def _ask_work(proof: Proof, task: Task) -> _Asked | None:
    """A thing that can be named is looked for in the ledgers; None when it is not there, or not only once."""
    if proof.claim.cue not in ("", "built") or not isinstance(proof.item, Slot):
        return None
    deed = proof.item.text if proof.claim.cue else proof.claim.span.of(task.draft.text)
    work = find_work(proof.claim.about, deed, task.closing, task.catalogue)
    if work is None:
        return None
    doubt = "" if work.sure else f"台账里名称最接近的是“{work.title}”，请核对是不是同一件"
    told = replace(
        proof,
        expression=work.condition,
        says=work.says,
        shows=(work.day,),
        reason="",
        doubt=doubt,
        open=doubt,
    )
    asks = tuple(Ask(text, unit=task.unit, year=task.year) for text in (work.condition, work.day))
    return _Asked(told, asks, labels=(f"“{work.title}”{work.label}",))


def _ask_figure(proof: Proof, figure: Filled, task: Task) -> _Asked:
    """A figure is asked as a place of its meaning would be: the same year, unit and manner (plan, to date)."""
    concept = task.known[proof.concept]
    period = period_of(task.draft, figure, task.year)
    closed = task.closing.as_of.year
    asked = question(_unscaled(figure), concept, period, task.catalogue, closed=closed, unit=task.unit)
    if asked.ask is None:
        return _Asked(proof, refusal=asked.refusal)
    quantity = replace(asked.ask, decimals=None)
    condition = stated(task.draft.text, figure, quantity.expression, concept.facet)
    says = spoken(condition, books(task.known.values()))
    told = replace(proof, expression=condition, says=says, shows=(quantity.expression,))
    return _Asked(told, (Ask(condition, unit=task.unit, year=quantity.year, month=quantity.month), quantity))


def _unscaled(figure: Filled) -> Filled:
    """The figure in the counter alone where the register does not know its ten thousands (万件, 万户次)."""
    unit = figure.meaning.unit or ""
    if unit in UNITS or unit[:1] not in ("万", "亿") or len(unit) < 2:
        return figure
    return replace(figure, meaning=replace(figure.meaning, unit=unit[1:]))


def _answered(asked: Sequence[_Asked], closing: Closing) -> Iterator[tuple[_Asked, list[Figure]]]:
    """Put everything to the books at once."""
    found = iter(figures([ask for item in asked for ask in item.asks], closing))
    for item in asked:
        yield item, [next(found) for _ in item.asks]


def _verdict(asked: _Asked, found: Sequence[Figure], task: Task) -> Verdict:
    proof = asked.proof
    if not found:
        return _told(task.draft, proof, State.UNKNOWN, asked.refusal)
    condition, *shown = found
    labels = asked.labels or tuple(
        spoken(figure.ask.expression, books(task.known.values())) for figure in shown
    )
    values = tuple(_value(label, figure, task) for label, figure in zip(labels, shown, strict=True))
    empty = [reason for figure in (condition, *shown) if (reason := never_kept(figure, task.closing))]
    if condition.missing or empty:
        return _told(
            task.draft, proof, State.UNKNOWN, empty[0] if empty else _shortly(condition.reason), values
        )
    if condition.text == "否" and proof.doubt:
        return _told(task.draft, proof, State.UNKNOWN, proof.doubt, values)
    if condition.text == "否":
        return _told(task.draft, proof, State.FAILS, "", values)
    if proof.open:
        return _told(task.draft, proof, State.UNKNOWN, proof.open, values)
    return _told(task.draft, proof, State.HOLDS, "", values)


def _shortly(reason: str) -> str:
    """The first of many reasons: who has not reported is said, not every consequence of it."""
    told = reason.split("；")
    return "；".join(told[:MOST_REASONS]) + ("等" if len(told) > MOST_REASONS else "")


def _value(label: str, figure: Figure, task: Task) -> Value:
    text = figure.text if figure.value is None else visible(figure)
    year = figure.ask.year or task.closing.as_of.year
    return Value(label, text, figure.unit, figure.ask.expression, year, figure.status)


def _told(draft: Draft, proof: Proof, state: State, reason: str, values: tuple[Value, ...] = ()) -> Verdict:
    """The verdict with its sentence: 不属实。账上：一般公共预算收入8.00亿元；文中：超过9亿元."""
    item = proof.item
    said = as_printed(draft.text, item) if isinstance(item, Filled) else proof.claim.span.of(draft.text)
    known = [str(value) for value in values if value.text or state is State.FAILS]
    more = f"等{len(known)}个数" if len(known) > MOST_VALUES else ""
    parts = [f"账上：{'，'.join(known[:MOST_VALUES])}{more}"] if known else []
    parts.append(f"文中：{said}")
    head = f"{state}：{reason}" if reason else str(state)
    return Verdict(proof.claim, proof, state, f"{head}。{'；'.join(parts)}", values)
