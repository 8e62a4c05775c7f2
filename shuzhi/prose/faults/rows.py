"""The figures and masks of a sentence or a paragraph in a row, with the words between them."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from shuzhi.prose.faults.sums import base_unit
from shuzhi.prose.model import Draft, Figure, Slot, Span

Item = Figure | Slot


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in one stretch of the text: `items` in order, `text` the whole draft, `span` the stretch."""

    text: str
    span: Span
    items: tuple[Item, ...]

    def end(self, i: int) -> int:
        """Where item `i` ends, its unit included."""
        item = self.items[i]
        if isinstance(item, Figure):
            return item.full.end
        unit = item.meaning.unit or ""
        stop = item.span.end
        return stop + len(unit) if unit and self.text.startswith(unit, stop) else stop

    def left(self, i: int) -> str:
        """The words of its clause before item `i`."""
        return self.text[self.items[i].clause.start : self.items[i].span.start]

    def lead(self, i: int) -> str:
        """The words right before item `i`: from the item before it, or from where its clause begins."""
        start = self.items[i].clause.start
        if i > 0:
            start = max(start, self.end(i - 1))
        return self.text[start : self.items[i].span.start]

    def joint(self, i: int) -> str:
        """All that stands between item `i - 1` and item `i`, stops included; from the head of the row for the first."""
        start = self.end(i - 1) if i > 0 else self.span.start
        return self.text[start : self.items[i].span.start]

    def after(self, i: int, length: int = 12) -> str:
        """The words that follow item `i`."""
        return self.text[self.end(i) : min(self.span.end, self.end(i) + length)]

    def figure(self, i: int) -> Figure | None:
        """Item `i` if it is a filled figure."""
        item = self.items[i] if 0 <= i < len(self.items) else None
        return item if isinstance(item, Figure) else None

    def alike(self, i: int, first: int = 0) -> list[Figure]:
        """The filled figures before item `i` printed in its unit (scales apart), in order."""
        unit = base_unit(self.items[i])
        return [x for x in self.items[first:i] if isinstance(x, Figure) and base_unit(x) == unit]

    def alike_any(self, i: int) -> list[Figure]:
        """The amounts before item `i` (no percentages) of which another in the same unit stands there too."""
        rows = [
            x
            for x in self.items[:i]
            if isinstance(x, Figure) and x.meaning.unit not in ("%", "个百分点", None)
        ]
        units = [base_unit(x) for x in rows]
        return [x for x in rows if units.count(base_unit(x)) > 1]


class Held:
    """A draft as a key of a cache: the same only as itself, so that nothing is hashed or compared but its identity."""

    __slots__ = ("draft",)

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def __hash__(self) -> int:
        return id(self.draft)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and other.draft is self.draft


def by_sentence(draft: Draft) -> tuple[Row, ...]:
    """A row for every sentence that holds a figure or a mask."""
    return _sentences(Held(draft))


def by_paragraph(draft: Draft) -> tuple[Row, ...]:
    """A row for every line that holds a figure or a mask."""
    return _paragraphs(Held(draft))


# The rules of one draft are asked one after the other: what they share is reckoned once, and kept no longer.
@lru_cache(maxsize=1)
def _sentences(held: Held) -> tuple[Row, ...]:
    return tuple(_grouped(held.draft, held.draft.sentences))


@lru_cache(maxsize=1)
def _paragraphs(held: Held) -> tuple[Row, ...]:
    draft = held.draft
    heads = [
        s.start
        for i, s in enumerate(draft.sentences)
        if i == 0 or "\n" in draft.text[max(0, s.start - 6) : s.start]
    ]
    ends = [*heads[1:], len(draft.text)][: len(heads)]
    spans = [Span(a, b) for a, b in zip(heads, ends, strict=True)]
    return tuple(_grouped(draft, tuple(spans)))


def _grouped(draft: Draft, spans: tuple[Span, ...]) -> Iterator[Row]:
    starts = [s.start for s in spans]
    for at, group in groupby(draft.items(), key=lambda item: bisect_right(starts, item.span.start) - 1):
        if at >= 0:
            yield Row(draft.text, spans[at], tuple(group))
