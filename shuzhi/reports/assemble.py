"""From a filled draft to a paper: its lines become paragraphs, its places become bound figures, carrier text is left out."""

from collections.abc import Iterator

from shuzhi.prose.model import Draft, Heading, Span
from shuzhi.prose.writing.paper import About, FigureMark, FigureStatus, Mark, Paper, Paragraph, lay_out
from shuzhi.reports.filling import Filled
from shuzhi.reports.places import Place, State

_STATUS: dict[State, FigureStatus] = {
    State.FILLED: "filled",
    State.NAME: "name",
    State.WRITTEN: "written",
    State.LEFT: "left",
}


def paper_of(filled: Filled) -> Paper:
    """The report as a paper, ready for the writers; every unfilled place keeps its mask and says why."""
    draft = filled.draft
    title = _paragraph(draft, draft.title, filled.places)
    lines = [_paragraph(draft, line, filled.places) for line in _lines(draft)]
    about = About(author=filled.unit_name, closing=filled.closing.id, created=filled.closing.as_of)
    return lay_out(title if title.text else "述职报告", lines, about=about)


def _lines(draft: Draft) -> Iterator[Span]:
    """The lines of the report after its title, without blank lines and carrier text."""
    start = 0
    for line in draft.text.splitlines(keepends=True):
        span = Span(start, start + len(line.rstrip("\r\n\f\v\x1c\x1d\x1e\x85\u2028\u2029")))
        start += len(line)
        for piece in _outside(span, (*draft.boilerplate, draft.title)):
            if piece.of(draft.text).strip():
                yield piece


def _outside(span: Span, others: tuple[Span, ...]) -> list[Span]:
    """What is left of a span when the others are taken out."""
    left, start = [], span.start
    for other in sorted(others, key=lambda other: other.start):
        if other.start < other.end and other.touches(span):
            left.append(Span(start, max(start, other.start)))
            start = max(start, other.end)
    left.append(Span(start, max(start, span.end)))
    return left


def _paragraph(draft: Draft, span: Span, places: tuple[Place, ...]) -> Paragraph:
    """One line with its headings and marks; offsets count from the start of the line."""
    headings = [item for item in draft.outline if span.start <= item.marker_span.start < span.end]
    marks = tuple(
        _mark(place, span.start) for place in places if span.start <= place.slot.span.start < span.end
    )
    text = span.of(draft.text)
    first = headings[0] if headings and _opens(draft, span, headings[0]) else None
    others = headings[1:] if first else headings
    return Paragraph(
        text=text,
        level=first.level if first else 0,
        heading_end=first.text_span.end - span.start if first else None,
        marks=marks,
        more_heads=tuple(
            (item.marker_span.start - span.start, item.text_span.end - span.start, item.level)
            for item in others
        ),
    )


def _opens(draft: Draft, line: Span, heading: Heading) -> bool:
    """Whether a heading stands at the beginning of its line."""
    return not draft.text[line.start : heading.marker_span.start].strip()


def _mark(place: Place, offset: int) -> Mark:
    figure = FigureMark(
        ref=place.code or f"slot/{place.slot.id}",
        code=place.code,
        value_text=place.text,
        status=_STATUS.get(place.state, "unfilled"),
        label=place.label or place.slot.meaning.concept or str(place.state),
        title=place.status if place.state is State.FILLED else _remark(place),
    )
    return Mark(place.slot.span.start - offset, place.slot.span.end - offset, place.text, figure)


def _remark(place: Place) -> str:
    """Why a place is empty, or who says what stands there."""
    return place.reason if place.settled else f"{place.state}：{place.reason}"
