"""A filled draft as passages for the screen: each line of the text in pieces, some of them places."""

from dataclasses import dataclass

from shuzhi.reports.filling import Filled
from shuzhi.reports.places import Place


@dataclass(frozen=True, slots=True)
class Piece:
    """Plain text, or a place with what is printed there."""

    text: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A line of the draft; ``carrier`` marks text that is not the report's (web site, watermark)."""

    pieces: tuple[Piece, ...]
    carrier: bool
    heading: bool


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
            heading = any(
                item.marker_span.start == start + len(line) - len(line.lstrip()) for item in draft.outline
            )
            made.append(Passage(_pieces(draft.text, start, end, inside), carrier, heading))
        start = end
    return made


def _pieces(text: str, start: int, end: int, places: list[Place]) -> tuple[Piece, ...]:
    pieces, here = [], start
    for place in places:
        pieces.append(Piece(text[here : place.slot.span.start]))
        pieces.append(Piece(place.text or place.slot.text, place))
        here = place.slot.span.end
    pieces.append(Piece(text[here:end].rstrip()))
    return tuple(piece for piece in pieces if piece.text)
