"""Finds the numbered headings of a report, on their own line or run in, and how they nest."""

import re
from dataclasses import dataclass, replace

from shuzhi.prose.model import Heading, Span

_CN = "一二三四五六七八九十"
_FULL = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(frozen=True, slots=True)
class _Style:
    """One way to number: its rank when styles nest unasked, and the mark with the number in group 1."""

    name: str
    rank: int
    mark: re.Pattern[str]
    inline: bool


# A mark counts at the head of a line, or (inline) after a full stop, colon or semicolon within a paragraph.
_STYLES = (
    _Style("chapter", 0, re.compile(rf"第([{_CN}]{{1,3}})(?:部分|章|篇)[、，：: \u3000]?"), False),
    _Style("cn", 1, re.compile(rf"([{_CN}]{{1,3}})、"), False),
    _Style("cn_bracket", 2, re.compile(rf"[（(]([{_CN}]{{1,3}})[）)]、?"), True),
    _Style("digit", 3, re.compile(r"([0-9０-９]{1,2})[.．、](?![0-9０-９])"), True),
    _Style("digit_bracket", 4, re.compile(r"[（(]([0-9０-９]{1,2})[）)]"), True),
    _Style("circled", 5, re.compile(r"([①-⑳])"), True),
    _Style("stem", 2, re.compile(r"([甲乙丙丁戊己庚辛壬癸])、"), False),
    _Style("is", 7, re.compile(rf"([{_CN}]{{1,2}})(?:是|要)"), True),
    _Style("di", 7, re.compile(rf"第([{_CN}]{{1,2}})[，、：]"), True),
    _Style("first", 8, re.compile(r"(首先|其次|再次|再者|此外|最后)[，、]"), True),
)
_STOPS = "。；：！？;:"
_HEADING_END = re.compile(r"[。；：\n\r！？]")
_LONGEST = 48


@dataclass(frozen=True, slots=True)
class _Mark:
    style: _Style
    start: int
    end: int
    number: str
    own_line: bool


def outline(text: str, skipped: tuple[Span, ...] = ()) -> tuple[Heading, ...]:
    """The headings of `text` in order, none inside `skipped` (carrier text, title)."""
    marks = [m for m in _marks(text) if not any(s.start <= m.start < s.end for s in skipped)]
    return _nested(text, _sequences(text, marks))


def clipped(headings: tuple[Heading, ...], text: str, end: int) -> tuple[Heading, ...]:
    """The headings with no body reaching past `end`, where the unnumbered closing or the carrier's foot begins."""
    return tuple(_clip(heading, text, end) if heading.body.end > end else heading for heading in headings)


def _clip(heading: Heading, text: str, end: int) -> Heading:
    while end > heading.body.start and text[end - 1] in " \t\u3000\r\n":
        end -= 1
    return replace(heading, body=Span(heading.body.start, max(heading.body.start, end)))


def _marks(text: str) -> list[_Mark]:
    found: list[_Mark] = []
    for style in _STYLES:
        for match in style.mark.finditer(text):
            lead = _lead(text, match.start())
            own = lead in ("", "\n", "\r")
            if own or (style.inline and _opens(text, match.start(), lead, style)):
                found.append(_Mark(style, match.start(), match.end(), match.group(1).translate(_FULL), own))
    return sorted(found, key=lambda m: (m.start, m.style.rank))


def _lead(text: str, start: int) -> str:
    """The character before `start`, blanks passed over."""
    while start > 0 and text[start - 1] in " \t\u3000\u00a0":
        start -= 1
    return text[start - 1] if start else ""


def _opens(text: str, start: int, lead: str, style: _Style) -> bool:
    if style.name in ("is", "di", "first"):
        return lead in _STOPS + "，" or (lead == "”" and text[start - 2 : start - 1] in tuple(_STOPS))
    return lead in _STOPS


def _sequences(text: str, marks: list[_Mark]) -> list[_Mark]:
    """Drops the words that only look like a mark: an 一是 without 二是, a single （1） in a sentence."""
    kept: list[_Mark] = []
    for mark in marks:
        if kept and mark.start < kept[-1].end:
            continue
        if mark.style.rank >= 7 or (mark.style.inline and not mark.own_line):
            wide = 4000 if mark.style.rank < 7 else 3000
            same = [
                m
                for m in marks
                if m.style is mark.style and m.start != mark.start and abs(m.start - mark.start) < wide
            ]
            if not any(mark.style.name == "first" or _near(m.number, mark.number) for m in same):
                continue
        kept.append(mark)
    return [
        m
        for m in kept
        if not (m.style.name == "is" and text[m.start : m.end].endswith("要") and not _is_list(kept, m))
    ]


def _is_list(marks: list[_Mark], mark: _Mark) -> bool:
    return any(m.style is mark.style and m.number == "一" and abs(m.start - mark.start) < 3000 for m in marks)


_ORDER = {c: i for i, c in enumerate(_CN, 1)} | {
    "首先": 1,
    "其次": 2,
    "再次": 3,
    "再者": 3,
    "此外": 4,
    "最后": 5,
}


def ordinal(number: str) -> int:
    """The ordinal a printed number stands for (三 → 3, 十二 → 12, ④ → 4, 乙 → 2); 0 if it is none."""
    if number.isdigit() and number.isascii():
        return int(number)
    if len(number) == 1 and "①" <= number <= "⑳":
        return ord(number) - ord("①") + 1
    if number in "甲乙丙丁戊己庚辛壬癸":
        return "甲乙丙丁戊己庚辛壬癸".index(number) + 1
    if number in _ORDER:
        return _ORDER[number]
    head, ten, tail = number.partition("十")
    if ten and all(c in _CN for c in head + tail):
        return (_ORDER.get(head, 1)) * 10 + _ORDER.get(tail, 0)
    return 0


def _near(a: str, b: str) -> bool:
    return abs(ordinal(a) - ordinal(b)) <= 2


@dataclass(slots=True)
class _Open:
    style: str
    rank: int
    index: int


def _nested(text: str, marks: list[_Mark]) -> tuple[Heading, ...]:
    """Gives each mark its level and parent: a style already open is a sibling, a new one a child."""
    stack: list[_Open] = []
    levels: list[tuple[int, int | None]] = []
    for i, mark in enumerate(marks):
        styles = [o.style for o in stack]
        if mark.style.name in styles:
            del stack[styles.index(mark.style.name) :]
        else:
            while stack and stack[-1].rank >= mark.style.rank:
                stack.pop()
        levels.append((len(stack) + 1, stack[-1].index if stack else None))
        stack.append(_Open(mark.style.name, mark.style.rank, i))
    return tuple(_heading(text, marks, levels, i) for i in range(len(marks)))


def _heading(text: str, marks: list[_Mark], levels: list[tuple[int, int | None]], i: int) -> Heading:
    mark, (level, parent) = marks[i], levels[i]
    stop = len(text)
    for j in range(i + 1, len(marks)):
        if levels[j][0] <= level:
            stop = marks[j].start
            break
    limit = marks[i + 1].start if i + 1 < len(marks) else len(text)
    words = _heading_text(text, mark, min(limit, stop))
    body = words.end
    while body < stop and text[body] in "。；：！？ \t\u3000\r\n":
        body += 1
    end = stop
    while end > body and text[end - 1] in " \t\u3000\r\n":
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


def _heading_text(text: str, mark: _Mark, limit: int) -> Span:
    """The words of a heading: up to the first stop, a long first sentence only up to its first comma."""
    start = mark.end
    while start < limit and text[start] in " \t\u3000":
        start += 1
    found = _HEADING_END.search(text, start, limit)
    end = found.start() if found else limit
    figured = re.search(r"[0-9０-９XxＸ×〇○□_＿*＊]", text[start:end]) is not None
    if end - start > _LONGEST or (figured and mark.style.inline):
        comma = text.find("，", start, end)
        if comma > start:
            end = comma
    while end > start and text[end - 1] in " \t\u3000\r\n，":
        end -= 1
    return Span(start, end)
