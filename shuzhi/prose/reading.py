"""Reads a draft whole: frame, outline, masks, figures, their meanings, claims and defects.

What judges a draft is drawn in when one is judged: whoever only fills it need not wait for a hundred rules.
"""

from dataclasses import replace

from shuzhi.prose.clauses import clauses, sentences
from shuzhi.prose.frame.carrier import closing, foot, frame, opening
from shuzhi.prose.frame.outline import clipped, outline
from shuzhi.prose.model import Draft, Figure, Meaning, Slot, Span
from shuzhi.prose.sense import meanings
from shuzhi.prose.signs.masks import masks
from shuzhi.prose.signs.numbers import numbers
from shuzhi.prose.signs.tokens import Token, tokens
from shuzhi.prose.waivers import waivers, without


def read(text: str) -> Draft:
    """Everything found in `text`; offsets are characters of `text`. Never raises, whatever the text."""
    from shuzhi.prose.claiming.claims import claims
    from shuzhi.prose.faults import judged

    draft = _read(without(text))
    draft = judged(replace(draft, waivers=waivers(text, draft.outline), claims=claims(draft)))
    return replace(draft, text=text)


def scan(text: str) -> Draft:
    """What is to be filled in `text`: all that :func:`read` finds but its claims, defects and advice."""
    draft = _read(without(text))
    return replace(draft, waivers=waivers(text, draft.outline), text=text)


def _read(text: str) -> Draft:
    """What stands in a text without waivers; its findings and claims are still to be made."""
    found = frame(text)
    marks = outline(text, (*found.boilerplate, found.title))
    hidden = masks(text, found.boilerplate)
    filled = numbers(text, (*found.boilerplate, *(m.span for m in hidden), *(h.marker_span for h in marks)))
    row = [t for t in tokens(text, hidden, filled) if t.masked or not t.span.touches(found.title)]
    drawn = [mask.span for mask in hidden]
    cut, said = clauses(text, drawn), sentences(text, drawn)
    meant = meanings(text, row, cut, said, marks)
    slots = [_slot(i, text, t, m, c) for i, (t, (m, c)) in enumerate(_only(row, meant, True), 1)]
    figures = [_figure(i, text, t, m, c) for i, (t, (m, c)) in enumerate(_only(row, meant, False), 1)]
    last = closing(text, found, marks)
    marks = clipped(marks, text, last.start if last else foot(text, found))
    return Draft(
        text=text,
        title=found.title,
        boilerplate=found.boilerplate,
        preamble=opening(text, found, marks),
        closing=last,
        outline=marks,
        clauses=cut,
        sentences=said,
        slots=tuple(slots),
        figures=tuple(figures),
    )


def _only(
    row: list[Token], meant: list[tuple[Meaning, Span]], masked: bool
) -> list[tuple[Token, tuple[Meaning, Span]]]:
    return [(t, m) for t, m in zip(row, meant, strict=True) if t.masked is masked]


def _slot(number: int, text: str, token: Token, meaning: Meaning, clause: Span) -> Slot:
    return Slot(f"s{number}", token.span, token.span.of(text), clause, meaning)


def _figure(number: int, text: str, token: Token, meaning: Meaning, clause: Span) -> Figure:
    assert token.value is not None
    full = Span(token.span.start, token.stop)
    return Figure(
        f"f{number}", token.span, full, token.span.of(text), clause, token.value, token.value_max, meaning
    )
