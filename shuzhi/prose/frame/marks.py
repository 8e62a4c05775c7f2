"""The marks that number a report's headings (第一章, 一、, （一）, 1., ①, 一是, 首先), and which of them are real."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from shuzhi.prose.model import Span

_CN = "一二三四五六七八九十"
_FULL = str.maketrans("０１２３４５６７８９", "0123456789")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"
_RINGED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BRACKETED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_DOTTED = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
_STOPS = "。；：！？;:"
_BLANK = " \t\u3000\u00a0\ufeff"
# What a word processor or a web page leaves before a heading.
_DRESS = _BLANK + "#*>"
# How far apart the members of one run-in list may stand.
_REACH = 4000


@dataclass(frozen=True, slots=True)
class Style:
    """One way to number: its rank when styles nest unasked, its mark with the number in group 1, whether it may be run in."""

    name: str
    rank: int
    mark: re.Pattern[str]
    inline: bool


STYLES = (
    Style("chapter", 0, re.compile(rf"第([{_CN}]{{1,3}}|\d{{1,2}})(?:部分|章|篇|编)[、，：:]?"), False),
    Style("section", 1, re.compile(rf"第([{_CN}]{{1,3}}|\d{{1,2}})节[、，：:]?"), False),
    Style(
        "cn",
        2,
        re.compile(rf"([{_CN}]{{1,3}})[ \u3000]?(?:、|[.．](?![0-9０-９]))(?![{_CN}][、产季级次类批])"),
        True,
    ),
    Style("roman", 2, re.compile(rf"([{_ROMAN}])[、.．]"), False),
    Style("stem", 3, re.compile(rf"([{_STEMS}])、"), False),
    Style("cn_bracket", 4, re.compile(rf"[（(][ \u3000]?([{_CN}]{{1,3}})[ \u3000]?[）)]、?"), True),
    Style(
        "digit",
        5,
        re.compile(
            rf"([0-9０-９]{{1,2}})[ \u3000]?[.．、](?:(?![0-9０-９])|(?=(?:19|20)\d\d年))|([{_DOTTED}])"
        ),
        True,
    ),
    Style("digit_half", 6, re.compile(r"(?<![（(0-9０-９])([0-9０-９]{1,2})[）)](?!\d)"), True),
    Style("digit_bracket", 7, re.compile(rf"[（(]([0-9０-９]{{1,2}})[）)]|([{_BRACKETED}])"), True),
    Style("di", 8, re.compile(rf"第([{_CN}]{{1,2}})[，,、：:]"), True),
    Style("first", 8, re.compile(r"(首先|其次|再次|再者|最后)[，,、：:]"), True),
    Style("qi", 8, re.compile(rf"其([{_CN}])(?:[，,、：:]|是)"), True),
    Style("is", 9, re.compile(rf"([{_CN}]{{1,2}})(?:是|要)[：:]?"), True),
    Style("circled", 10, re.compile(rf"([{_RINGED}])"), True),
)
_WORDED = ("is", "di", "first", "qi")
_AFTER_FIRST = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 5}


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as printed: style, place, its number, whether it opens its line."""

    style: Style
    start: int
    end: int
    number: str
    own_line: bool


def marks(text: str, skipped: tuple[Span, ...] = ()) -> list[Mark]:
    """The marks of `text` that number something, in order; none inside `skipped` (carrier text, title)."""
    found: list[Mark] = []
    for style in STYLES:
        for match in style.mark.finditer(text):
            lead, own = _lead(text, match.start())
            if not own and not (style.inline and _opens(text, match, lead, style)):
                continue
            if any(s.start <= match.start() < s.end for s in skipped):
                continue
            number = (match.group(1) or match.group(2)).translate(_FULL)
            found.append(Mark(style, match.start(), match.end(), number, own))
    return _real(text, sorted(found, key=lambda m: (m.start, m.style.rank)))


def _lead(text: str, start: int) -> tuple[str, bool]:
    """The character before `start`, blanks passed over, and whether the mark opens its line."""
    while start > 0 and text[start - 1] in _DRESS:
        start -= 1
    char = text[start - 1] if start else ""
    return char, char in ("", "\n", "\r")


def _opens(text: str, match: re.Match[str], lead: str, style: Style) -> bool:
    """Whether a run-in mark stands where one may: after a stop; worded ones also after a comma."""
    start = match.start()
    if style.name == "cn":
        return lead in "。；！" and text[match.end() : match.end() + 1] not in tuple(_CN)
    if style.name in _WORDED:
        return lead in _STOPS + "，" or (lead == "”" and text[start - 2 : start - 1] in tuple(_STOPS))
    return lead in _STOPS or (style.name == "circled" and lead == "，")


def _real(text: str, found: list[Mark]) -> list[Mark]:
    """Drops the words that only look like a mark: an 一是 without 二是, a single （1） in a sentence, 首先 without 其次."""
    starts: dict[str, list[int]] = {}
    by_style: dict[str, list[Mark]] = {}
    for mark in found:
        starts.setdefault(mark.style.name, []).append(mark.start)
        by_style.setdefault(mark.style.name, []).append(mark)
    kept: list[Mark] = []
    for mark in found:
        if kept and mark.start < kept[-1].end:
            continue
        name = mark.style.name
        if name in _WORDED or not mark.own_line:
            low = bisect_left(starts[name], mark.start - _REACH)
            high = bisect_right(starts[name], mark.start + _REACH)
            near = [m for m in by_style[name][low:high] if m is not mark]
            if not _listed(text, mark, near):
                continue
        kept.append(mark)
    return kept


def _listed(text: str, mark: Mark, near: list[Mark]) -> bool:
    """Whether others of the same style make a list with it."""
    if mark.style.name == "first":
        said = {m.number for m in near} | {mark.number}
        return "首先" in said and bool(said & {"其次", "再次", "再者"})
    others = [m for m in near if abs(ordinal(m.number) - ordinal(mark.number)) <= 2]
    if mark.style.name == "is" and "要" in text[mark.start : mark.end]:
        return bool(others) and any(m.number == "一" for m in [mark, *near])
    return bool(others)


def ordinal(number: str) -> int:
    """The ordinal a printed number stands for (三 → 3, 十二 → 12, ④ → 4, 乙 → 2); 0 if it is none."""
    if number.isdigit() and number.isascii():
        return int(number)
    if number in _AFTER_FIRST:
        return _AFTER_FIRST[number]
    if len(number) == 1:
        for signs in (_RINGED, _BRACKETED, _DOTTED, _STEMS, _ROMAN):
            if number in signs:
                return signs.index(number) + 1
    head, ten, tail = number.partition("十")
    if number and all(c in _CN for c in head + tail) and len(head) <= 1 and len(tail) <= 1:
        if not ten:
            return _CN.index(number) + 1
        return (_CN.index(head) + 1 if head else 1) * 10 + (_CN.index(tail) + 1 if tail else 0)
    return 0
