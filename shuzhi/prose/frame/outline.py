"""Finds the numbered headings of a report, on their own line or run in, and how they nest."""

import re
from dataclasses import dataclass, replace

from shuzhi.prose.frame.marks import Mark, marks, ordinal
from shuzhi.prose.model import Heading, Span

__all__ = ["clipped", "ordinal", "outline"]

_STOP = re.compile(r"[。；！？\n\r]")
# （一）抓学习不放松　全年组织…: blanks part heading and text.
_GAP = re.compile(r"(?<=[一-龥”]{4})(?:[ \t]{2,}|[\u3000]+)(?=[一-龥“《])")
_ENDS = "。；：！？ \t\u3000\r\n，"
_TRIMMED = " \t\u3000\u00a0\r\n，：:*"
_FIGURED = re.compile(r"[0-9０-９XxＸ×〇○□■△_＿*＊Nｎ]")
_PAIRS = {"“": "”", "（": "）", "(": ")", "《": "》", "〔": "〕"}
# A line of this length without a full stop is a heading; a first sentence longer than this is none.
# One that opens a line and is this short is one even if nothing follows it.
_LONGEST_LINE, _LONGEST, _BRIEF = 60, 48, 28
# 一是学习上：… , but not 一是坚持“三个导向”，做到：
_LONGEST_BEFORE_COLON = 24


def outline(text: str, skipped: tuple[Span, ...] = ()) -> tuple[Heading, ...]:
    """The headings of `text` in order, none inside `skipped` (carrier text, title)."""
    found = marks(text, skipped)
    levels = _levels(found)
    return tuple(_heading(text, found, levels, i) for i in range(len(found)))


def clipped(headings: tuple[Heading, ...], text: str, end: int) -> tuple[Heading, ...]:
    """The headings with no body reaching past `end`, where the unnumbered closing or the carrier's foot begins."""
    return tuple(_clip(heading, text, end) if heading.body.end > end else heading for heading in headings)


def _clip(heading: Heading, text: str, end: int) -> Heading:
    while end > heading.body.start and text[end - 1] in " \t\u3000\r\n":
        end -= 1
    return replace(heading, body=Span(heading.body.start, max(heading.body.start, end)))


@dataclass(slots=True)
class _Open:
    style: str
    rank: int
    number: int
    index: int


def _levels(found: list[Mark]) -> list[tuple[int, int | None]]:
    """Level and parent of each mark: a style already open is a sibling, a new one a child.

    Ranks decide what a new style closes, except that a list which goes on behind it stays open: between 首先 and 其次
    even 一、 is a child. What has nested once nests again.
    """
    stack: list[_Open] = []
    levels: list[tuple[int, int | None]] = []
    under: set[tuple[str, str]] = set()
    for i, mark in enumerate(found):
        styles = [o.style for o in stack]
        if mark.style.name in styles:
            del stack[styles.index(mark.style.name) :]
        else:
            while stack and stack[-1].rank >= mark.style.rank:
                pair = (mark.style.name, stack[-1].style)
                if pair in under or _goes_on(found, i, stack):
                    under.add(pair)
                    break
                stack.pop()
        levels.append((len(stack) + 1, stack[-1].index if stack else None))
        stack.append(_Open(mark.style.name, mark.style.rank, ordinal(mark.number), i))
    return levels


def _goes_on(found: list[Mark], place: int, stack: list[_Open]) -> bool:
    """Whether the innermost open list continues behind `place`, before one of the lists around it does."""
    last = stack[-1]
    around = {o.style for o in stack[:-1]}
    for mark in found[place + 1 :]:
        if mark.style.name in around:
            return False
        if mark.style.name == last.style:
            return 0 < ordinal(mark.number) - last.number <= 2
    return False


def _heading(text: str, found: list[Mark], levels: list[tuple[int, int | None]], i: int) -> Heading:
    mark, (level, parent) = found[i], levels[i]
    stop = len(text)
    for j in range(i + 1, len(found)):
        if levels[j][0] <= level:
            stop = found[j].start
            break
    limit = found[i + 1].start if i + 1 < len(found) else len(text)
    parted = i + 1 < len(found) and levels[i + 1][1] == i
    words = _words(text, mark, min(limit, stop), parted)
    body = words.end
    while body < stop and text[body] in _ENDS + "*":
        body += 1
    end = stop
    while end > body and text[end - 1] in " \t\u3000\r\n#*>":
        end -= 1
    return Heading(
        id=f"o{i + 1}",
        parent=None if parent is None else f"o{parent + 1}",
        level=level,
        number=mark.number,
        marker=text[mark.start : mark.end],
        marker_span=Span(mark.start, mark.end),
        text=words.of(text),
        text_span=words,
        body=Span(body, max(body, end)),
    )


def _words(text: str, mark: Mark, limit: int, parted: bool) -> Span:
    """The words of a heading: its line, or its first sentence; of an item without a heading the first clause.

    An item has a heading when more than one sentence follows its mark (一是做强工业。新增…) or it has parts (`parted`).
    """
    start = mark.end
    # A mark may stand on a line of its own above its heading.
    passed = " \t\u3000\u00a0*\r\n" if mark.own_line else " \t\u3000\u00a0*"
    while start < limit and text[start] in passed:
        start += 1
    line_end = text.find("\n", start, limit)
    line_end = limit if line_end < 0 else line_end
    while line_end > start and text[line_end - 1] in " \t\u3000\r":
        line_end -= 1
    found = _STOP.search(text, start, line_end)
    if found is None and mark.own_line and line_end - start <= _LONGEST_LINE:
        return _trimmed(text, start, line_end)
    end = found.start() if found else line_end
    if mark.own_line and found is not None and (gap := _GAP.search(text, start, end)) is not None:
        return _trimmed(text, start, gap.start())
    colon = _outside(text, start, end, "：:")
    if colon is not None and colon - start <= _LONGEST_BEFORE_COLON:
        return _trimmed(text, start, colon)
    rest = text[end : limit if mark.own_line else line_end].strip("。；！？ \t\u3000\r\n”*#")
    headed = found is not None and text[end] == "。" and (parted or bool(rest))
    closes = text[end : end + 1] in "\n\r" or text[end + 1 : end + 8].lstrip(" \t\u3000")[:1] in (
        "",
        "\n",
        "\r",
    )
    brief = mark.own_line and closes and end - start <= _BRIEF
    if not brief and (not headed or end - start > _LONGEST or _FIGURED.search(text, start, end)):
        comma = _outside(text, start, end, "，,")
        end = comma if comma is not None and comma > start else end
    return _trimmed(text, start, end)


def _outside(text: str, start: int, end: int, signs: str) -> int | None:
    """The first of `signs` in the stretch that stands in no quotes or brackets."""
    closing: list[str] = []
    for at in range(start, end):
        char = text[at]
        if closing and char == closing[-1]:
            closing.pop()
        elif char in _PAIRS:
            closing.append(_PAIRS[char])
        elif char in signs and not closing and not _thousands(text, at):
            return at
    return None


def _thousands(text: str, at: int) -> bool:
    return text[at] == "," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def _trimmed(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1] in _TRIMMED:
        end -= 1
    return Span(start, end)
