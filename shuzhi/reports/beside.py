"""What stands beside a draft on the screen: its findings, its claims with their verdicts, and the state of every heading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from shuzhi.prose.faults import BY_ID
from shuzhi.prose.model import Defect, Draft, Heading, Span
from shuzhi.reports.filling import Filled
from shuzhi.reports.proving import State as Verdicts
from shuzhi.reports.proving import Verdict

AROUND = 14
"""Characters of the text shown before and after the words a finding is about."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something said about a stretch of the text.

    ``id`` is its anchor, ``tone`` the force of a finding or the state of a verdict, ``before``, ``words``, ``after`` the
    words it is about in their surroundings, ``rule`` the page that explains a finding, ``more`` what else is known (the
    numbers of a verdict, the reason a finding was set aside for).
    """

    id: str
    tone: str
    span: Span
    title: str
    text: str
    before: str
    words: str
    after: str
    rule: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of the draft, how many of its places are filled, and how much is noted in it."""

    heading: Heading
    places: int
    filled: int
    findings: int
    doubtful: int


def findings(draft: Draft) -> list[Note]:
    """What is wrong in a draft, then what is advised, then what the author set aside, each in the order of the text."""
    noted = [_finding(draft, "d", number, item) for number, item in enumerate(draft.defects, 1)]
    noted += [_finding(draft, "a", number, item) for number, item in enumerate(draft.advice, 1)]
    for number, item in enumerate(draft.waived, 1):
        note = _finding(draft, "w", number, item.defect, "不查")
        noted.append(replace(note, more=(f"不查的理由：{item.waiver.reason}",)))
    return noted


def verdicts(draft: Draft, proven: Iterable[Verdict]) -> list[Note]:
    """The claims of a draft that the books were asked about; what does not hold stands first."""
    made = [_verdict(draft, number, item) for number, item in enumerate(proven, 1)]
    order = [str(state) for state in (Verdicts.FAILS, Verdicts.UNKNOWN, Verdicts.HOLDS)]
    return sorted(made, key=lambda note: (order.index(note.tone), note.span.start))


def chapters(made: Filled, notes: Sequence[Note]) -> list[Chapter]:
    """Every heading of the draft with the state of what stands under it, its own subheadings included."""
    return [_chapter(heading, made, notes) for heading in made.draft.outline]


def _finding(draft: Draft, letter: str, number: int, found: Defect, tone: str = "") -> Note:
    before, words, after = _surroundings(draft.text, found.span)
    return Note(
        id=f"{letter}{number}",
        tone=tone or found.force,
        span=found.span,
        title=BY_ID[found.rule].title,
        text=found.explanation,
        before=before,
        words=words,
        after=after,
        rule=found.rule,
    )


def _verdict(draft: Draft, number: int, verdict: Verdict) -> Note:
    before, words, after = _surroundings(draft.text, verdict.claim.span)
    state = str(verdict.state)
    said = verdict.claim.said
    named = verdict.values[0].label if verdict.values else verdict.claim.about
    return Note(
        id=f"v{number}",
        tone=state,
        span=said or verdict.claim.span,
        title=named or (said or verdict.claim.span).of(draft.text),
        text=verdict.text.removeprefix(state).lstrip("。："),
        before=before,
        words=words,
        after=after,
        more=(f"要证明的是：{verdict.proof.says}",) if verdict.proof.says else (),
    )


def _chapter(heading: Heading, made: Filled, notes: Sequence[Note]) -> Chapter:
    whole = Span(heading.marker_span.start, max(heading.body.end, heading.text_span.end))
    inside = [place for place in made.places if place.slot.span.touches(whole)]
    touched = [note for note in notes if whole.start <= note.span.start < whole.end]
    return Chapter(
        heading=heading,
        places=len(inside),
        filled=sum(place.settled for place in inside),
        findings=sum(note.id[0] == "d" for note in touched),
        doubtful=sum(note.tone == Verdicts.FAILS for note in touched),
    )


def around(draft: Draft, span: Span) -> tuple[str, str, str]:
    """The words of a stretch of a draft in one line, with a little of the text on both sides."""
    return _surroundings(draft.text, span)


def _surroundings(text: str, span: Span) -> tuple[str, str, str]:
    """The words of a span in one line, with a little of the text on both sides of the same line."""
    before = text[max(0, span.start - AROUND) : span.start].rpartition("\n")[2]
    after = text[span.end : span.end + AROUND].partition("\n")[0]
    words = span.of(text)
    if len(words) > 60:
        words = f"{words[:40]}……{words[-12:]}"
    return before, " ".join(words.split()), after
