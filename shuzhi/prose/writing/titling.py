"""Breaks a title into balanced lines without tearing words, book marks or figures apart."""

import re
from collections.abc import Sequence
from itertools import combinations

TITLE_WIDTH = 20
"""Full-width characters of 22 pt that fit the 156 mm line: 156 mm / 22 pt = 20.1."""

MOST_LINES = 4
"""Beyond this the choices are too many to weigh one by one."""

_GOOD_AFTER = re.compile(r"(?:年度|年|县|市|区|乡|镇|局|同志|、|，|》|会议|办公室|人民政府)$")
_GOOD_BEFORE = re.compile(r"(?:关于|述职|述学|政府工作|工作报告|工作情况|情况的|履行)")
_NEVER_START = set("的、，。：；！？）》〉”’·—…％%了和与及")
_NEVER_END = set("（《〈“‘〔")
_TORN_WORDS = {
    "年度",
    "政府",
    "县长",
    "县委",
    "人民",
    "述职",
    "述廉",
    "述效",
    "述学",
    "述法",
    "报告",
    "工作",
    "情况",
    "书记",
}
_SAME_WORD = re.compile(r"[0-9A-Za-z.]")


def title_breaks(text: str, whole: Sequence[tuple[int, int]] = ()) -> tuple[int, ...]:
    """Where the title's lines end (the last end left out): at most 20 characters a line, lines of like length, words kept together.

    `whole` are spans that must not be torn, as a figure's. GB/T 9704-2012, 7.3.1: a title of several lines is broken at whole
    words, in trapezoid or diamond shape.
    """
    count = -(-_width(text) // TITLE_WIDTH)
    allowed = _allowed(text, whole)
    for lines in range(count, min(count + 2, MOST_LINES) + 1):
        ends = _choose(text, allowed, lines)
        if ends is not None:
            return ends
    return _greedy(text, allowed)


def _width(text: str) -> int:
    """Width in full-width characters, half-width ones counted as halves and rounded up."""
    return -(-sum(1 if ord(char) < 0x2000 else 2 for char in text) // 2)


def _allowed(text: str, whole: Sequence[tuple[int, int]]) -> list[int]:
    """Places where a line may end."""
    torn: set[int] = set()
    pairs = [(found.start(), found.end()) for found in re.finditer(r"《[^》]*》|“[^”]*”|（[^）]*）", text)]
    for start, end in (*whole, *pairs):
        torn.update(range(start + 1, end))
    return [
        at
        for at in range(2, len(text) - 1)
        if at not in torn
        and text[at] not in _NEVER_START
        and text[at - 1] not in _NEVER_END
        and text[at - 1 : at + 1] not in _TORN_WORDS
        and not (_SAME_WORD.match(text[at - 1]) and (_SAME_WORD.match(text[at]) or text[at] in "年月日届次"))
    ]


def _choose(text: str, allowed: list[int], lines: int) -> tuple[int, ...] | None:
    """The best `lines - 1` breaks, or None where some line would be too long."""
    if lines <= 1:
        return () if _width(text) <= TITLE_WIDTH else None
    liked = [at for at in allowed if _GOOD_AFTER.search(text[:at]) or _GOOD_BEFORE.match(text[at:])]
    best: tuple[int, tuple[int, ...]] | None = None
    for pool in (liked, allowed):
        for ends in combinations(pool, lines - 1):
            widths = [_width(text[a:b]) for a, b in zip((0, *ends), (*ends, len(text)), strict=True)]
            if max(widths) > TITLE_WIDTH:
                continue
            cost = max(widths) - min(widths)
            if best is None or cost < best[0]:
                best = (cost, ends)
        if best is not None and best[0] <= TITLE_WIDTH // 2:
            break
    return best[1] if best else None


def _greedy(text: str, allowed: list[int]) -> tuple[int, ...]:
    """Lines filled one after the other: for titles too long to weigh every choice."""
    ends: list[int] = []
    start = 0
    while _width(text[start:]) > TITLE_WIDTH:
        fitting = [at for at in range(start + 1, len(text)) if _width(text[start:at]) <= TITLE_WIDTH]
        kept = [at for at in fitting if at in set(allowed)]
        start = (kept or fitting)[-1]
        ends.append(start)
    return tuple(ends)
