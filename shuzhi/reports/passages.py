"""A filled draft as passages for the screen: each line of the text in pieces, with what is said about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shuzhi.prose.model import Draft, Span
from shuzhi.reports.beside import Note
from shuzhi.reports.filling import Filled
from shuzhi.reports.places import Place


@dataclass(frozen=True, slots=True)
class Piece:
    """Plain text, or a place with what is printed there.

    ``notes`` are the notes that touch these words, the gravest first; ``anchors`` those that begin here.
    """

    text: str
    place: Place | None = None
    strong: bool = False
    notes: tuple[Note, ...] = ()
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A line of the draft.

    ``carrier`` marks text that is not the report's (web site, watermark), ``title`` its title; ``heads`` are the places
    of the headings that begin in it.
    """

    pieces: tuple[Piece, ...]
    carrier: bool
    title: bool
    heads: tuple[int, ...] = ()


def passages(filled: Filled, notes: Sequence[Note] = ()) -> list[Passage]:
    """The draft line by line, places in their order and the words of ``notes`` apart, blank lines left out."""
    draft, made = filled.draft, []
    for line in _lines(draft.text):
        words = line.of(draft.text)
        if not words.strip():
            continue
        inside = [place for place in filled.places if line.start <= place.slot.span.start < line.end]
        touching = [note for note in notes if note.span.touches(line)]
        carrier = any(
            span.start <= line.start and span.end >= line.start + len(words.rstrip())
            for span in draft.boilerplate
        )
        title = draft.title.start <= line.start + len(words) - len(words.lstrip()) < draft.title.end
        heads = tuple(
            h.marker_span.start for h in draft.outline if line.start <= h.marker_span.start < line.end
        )
        made.append(Passage(tuple(_pieces(draft, line, inside, touching)), carrier, title, heads))
    return made


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield Span(start, start + len(line))
        start += len(line)


def _pieces(draft: Draft, line: Span, places: list[Place], notes: list[Note]) -> Iterator[Piece]:
    """The line cut at its places and at the ends of its notes; the heading a line opens with stands out."""
    end = line.start + len(line.of(draft.text).rstrip())
    heads = [h.text_span.end for h in draft.outline if line.start <= h.marker_span.start < line.end]
    head = max(heads, default=line.start)
    here = line.start
    for place in places:
        yield from _cut(draft.text, Span(here, place.slot.span.start), head, notes)
        yield _piece(Piece(_shown(place), place), place.slot.span, notes)
        here = place.slot.span.end
    yield from _cut(draft.text, Span(here, max(here, end)), head, notes)


def _shown(place: Place) -> str:
    """What stands in a place on the screen; one left out is still to be seen there."""
    return place.text or ("〔略〕" if place.settled else place.slot.text)


def _cut(text: str, span: Span, head: int, notes: list[Note]) -> Iterator[Piece]:
    """Plain text in pieces over each of which the same is said."""
    edges = {span.start, span.end, head, *(edge for n in notes for edge in (n.span.start, n.span.end))}
    row = sorted(edge for edge in edges if span.start <= edge <= span.end)
    for start, end in pairwise(row):
        yield _piece(Piece(text[start:end], strong=end <= head), Span(start, end), notes)


def _piece(piece: Piece, span: Span, notes: list[Note]) -> Piece:
    touching = tuple(note for note in notes if note.span.touches(span))
    anchors = tuple(note.id for note in touching if span.start <= note.span.start < span.end)
    return Piece(piece.text, piece.place, piece.strong, touching, anchors)
