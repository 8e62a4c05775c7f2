"""Cuts a text into clauses and sentences by the rules of the draft schema."""

import re

from shuzhi.prose.model import Span

# A comma between digits (1,234) ends nothing; 、 does not end a clause.
_CLAUSE_END = re.compile(r"[。！？；：，;!?\n\r]|(?<!\d),|,(?!\d)")
_SENTENCE_END = re.compile(r"[。！？!?\n\r][”’）》]*")
_BLANK = " \t\u3000\u00a0"


def clauses(text: str) -> tuple[Span, ...]:
    """The clauses of `text`: stretches between 。！？；：， and line ends, blanks at both ends left out."""
    return _pieces(text, _CLAUSE_END)


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of `text`: stretches between 。！？ and line ends."""
    return _pieces(text, _SENTENCE_END)


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
