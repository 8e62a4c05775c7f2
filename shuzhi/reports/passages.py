"""A filled draft as passages for the screen: each line of the text in pieces, some of them places."""

from dataclasses import dataclass

from shuzhi.prose.model import Draft
from shuzhi.reports.filling import Filled
from shuzhi.reports.places import Place


@dataclass(frozen=True, slots=True)
class Piece:
    """Plain text, or a place with what is printed there."""

    text: str
    place: Place | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A line of the draft; ``carrier`` marks text that is not the report's (web site, watermark), ``title`` its title."""

    pieces: tuple[Piece, ...]
    carrier: bool
    title: bool


def passages(filled: Filled) -> list[Passage]:
    """The draft line by line, places in their order, blank lines left out."""
    draft, made, start = filled.draft, [], 0
    for line in draft.text.splitlines(keepends=True):
        end = start + len(line)
        if line.strip():
            inside = [place for place in filled.places if start <= place.slot.span.start < end]
            carrier = any(
                span.start <= start and span.end >= start + len(line.rstrip()) for span in draft.boilerplate
            )
            title = draft.title.start <= start + _indent(line) < draft.title.end
            made.append(Passage(_pieces(draft, start, end, inside), carrier, title))
        start = end
    return made


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _pieces(draft: Draft, start: int, end: int, places: list[Place]) -> tuple[Piece, ...]:
    """The line cut at its places; a heading the line opens with stands out from the sentences that follow it."""
    head = max(
        (item.text_span.end for item in draft.outline if start <= item.marker_span.start < end), default=start
    )
    pieces, here = [], start
    for place in places:
        pieces += _cut(draft.text, here, place.slot.span.start, head)
        pieces.append(Piece(place.text or place.slot.text, place))
        here = place.slot.span.end
    pieces += _cut(draft.text, here, here + len(draft.text[here:end].rstrip()), head)
    return tuple(piece for piece in pieces if piece.text)


def _cut(text: str, start: int, end: int, head: int) -> list[Piece]:
    """Plain text, the part before ``head`` as heading."""
    middle = min(max(head, start), end)
    return [Piece(text[start:middle], strong=True), Piece(text[middle:end])]
