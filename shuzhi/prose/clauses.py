"""Cuts a text into clauses and sentences by the rules of the draft schema."""

import re
from collections.abc import Iterable

from shuzhi.prose.model import Span

# A comma between digits (1,234) ends nothing; 、 does not end a clause.
_CLAUSE_END = re.compile(r"[。！？；：，;!?\n\r]|(?<!\d),|,(?!\d)")
_SENTENCE_END = re.compile(r"[。！？!?\n\r][”’）》]*")
_BLANK = " \t\u3000\u00a0\ufeff"


def clauses(text: str, whole: Iterable[Span] = ()) -> tuple[Span, ...]:
    """The clauses of `text`: stretches between 。！？；：， and line ends, blanks at both ends left out.

    What stands in `whole` (masks: ？？, X，XXX) ends nothing.
    """
    return _pieces(_veiled(text, whole), _CLAUSE_END)


def sentences(text: str, whole: Iterable[Span] = ()) -> tuple[Span, ...]:
    """The sentences of `text`: stretches between 。！？ and line ends; nothing in `whole` ends one."""
    return _pieces(_veiled(text, whole), _SENTENCE_END)


def _veiled(text: str, whole: Iterable[Span]) -> str:
    """`text` with every stretch of `whole` drawn as X, so that no stop is seen in it."""
    parts: list[str] = []
    place = 0
    for span in sorted(whole, key=lambda span: span.start):
        parts += [text[place : span.start], "X" * (span.end - span.start)]
        place = span.end
    return "".join(parts) + text[place:]


def _pieces(text: str, end: re.Pattern[str]) -> tuple[Span, ...]:
    made: list[Span] = []
    start = 0
    for match in end.finditer(text):
        _add(made, text, start, match.start())
        start = match.end()
    _add(made, text, start, len(text))
    return tuple(made)


def _add(made: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start] in _BLANK:
        start += 1
    while end > start and text[end - 1] in _BLANK:
        end -= 1
    if start < end:
        made.append(Span(start, end))


def lines(text: str) -> list[Span]:
    """Every line of `text` without its line end and without blanks at its ends; empty lines are left out."""
    made: list[Span] = []
    place = 0
    for raw in text.split("\n"):
        _add(made, text, place, place + len(raw.rstrip("\r")))
        place += len(raw) + 1
    return made
