"""The end of a paper: where the signature and the date stand, and how the attachments are listed."""

from collections.abc import Sequence

from shuzhi.prose.writing.paper import Block, Paper

LINE_WIDTH = 28
"""Characters of a line (GB/T 9704-2012, 5.2.3)."""
_RIGHT = 2
_STEP = 2
_KEPT = 8 * LINE_WIDTH
"""Longest last paragraph, in characters, that is kept whole with the signature."""
_FEW = 8
"""More attachments than this are not kept on one page with the signature."""


def signature_lines(paper: Paper) -> list[tuple[str, float]]:
    """Signature and date, each with its distance from the left edge in characters (steps of a half).

    GB/T 9704-2012, 7.3.5.2, without a seal: the name ends two characters before the right edge, the date begins two characters
    right of the name's beginning; where the date reaches further, it keeps the two characters and the name moves left.
    """
    name, date = paper.signature, paper.date
    start = max(0, 2 * (LINE_WIDTH - _RIGHT) - max(_halves(name), _halves(date) + (2 * _STEP if name else 0)))
    lines = []
    if name:
        lines.append((name, start / 2))
    if date:
        lines.append((date, (start + (2 * _STEP if name else 0)) / 2))
    return lines


def annex_mark(paper: Paper, at: int) -> str:
    """The word over attachment number `at` (from 0): 附件, numbered where there are several."""
    return f"附件{at + 1}" if len(paper.annexes) > 1 else "附件"


def annex_lines(paper: Paper) -> list[str]:
    """The note after the text that lists the attachments (GB/T 9704-2012, 7.3.4): no punctuation at the end."""
    titles: Sequence[str] = [annex.title for annex in paper.annexes]
    if len(titles) == 1:
        return [f"附件：{titles[0]}"]
    return [f"附件：{at}.{title}" if at == 1 else f"{at}.{title}" for at, title in enumerate(titles, 1)]


def kept_paragraph(paper: Paper) -> Block | None:
    """The paragraph that goes with the signature to a new page if it must: the last one, of text and not too long.

    A page that bears nothing but a signature is not trusted (it could be put under any text), so offices do not accept it.
    """
    last = paper.blocks[-1] if paper.blocks else None
    if not isinstance(last, Block) or last.level or last.flush or len(last.text) > _KEPT:
        return None
    return last if (paper.signature or paper.date) and len(paper.annexes) < _FEW else None


def _halves(text: str) -> int:
    """Width in half characters: digits and Latin letters are half as wide."""
    return sum(1 if ord(char) < 0x2000 else 2 for char in text)
