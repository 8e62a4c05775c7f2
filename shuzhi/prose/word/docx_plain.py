"""Lays a plain text out as a Word file, a line a paragraph, so that it can carry comments."""

from bisect import bisect_right
from itertools import accumulate

from shuzhi.prose.model import Draft, Span
from shuzhi.prose.writing.docx_out import to_docx
from shuzhi.prose.writing.paper import Block, Face, Paper, Run

_LONGEST_HEADING = 40


class Laid:
    """A draft as a Word file with the words of its text, and the way from offsets of the text to those of the file."""

    def __init__(self, draft: Draft) -> None:
        rows = draft.text.split("\n")
        # A file written on Windows ends its lines with two characters; a Word file's paragraphs hold neither.
        self._kept = [len(row.rstrip("\r")) for row in rows]
        self._starts = [0, *accumulate(len(row) + 1 for row in rows)][:-1]
        self._laid = [0, *accumulate(size + 1 for size in self._kept)][:-1]
        heads = {heading.marker_span.start: heading.level for heading in draft.outline}
        blocks = []
        for start, row, size in zip(self._starts, rows, self._kept, strict=True):
            title = Span(start, start + size).touches(draft.title) if size else False
            blocks.append(_block(row[:size], heads.get(start, 0), title=title))
        self.docx = to_docx(Paper((), tuple(blocks)))

    def span(self, span: Span) -> Span:
        """The stretch of the file's text (as `docx_text` gives it) that shows the stretch `span` of the draft."""
        return Span(self._place(span.start), max(self._place(span.end), self._place(span.start) + 1))

    def _place(self, at: int) -> int:
        row = bisect_right(self._starts, at) - 1
        return self._laid[row] + min(at - self._starts[row], self._kept[row])


def _block(text: str, level: int, *, title: bool) -> Block:
    runs = (Run(text, Face.TITLE if title else None),) if text else ()
    # A run-in heading leaves the line a paragraph of text: only a short line is a heading by itself.
    alone = level if len(text) <= _LONGEST_HEADING and not text.endswith("。") else 0
    return Block(min(alone, 4), runs, flush=True)
