"""Form: brackets and quotes that do not pair, two stops in a row, half-width stops."""

import re
from collections.abc import Iterator

from shuzhi.prose.clauses import lines
from shuzhi.prose.faults.rule import Found, Rule, matched
from shuzhi.prose.model import Draft, Span

_PAIRS = {
    "（": "）",
    "(": ")",
    "《": "》",
    "〈": "〉",
    "“": "”",
    "‘": "’",
    "【": "】",
    "〔": "〕",
    "[": "]",
    "「": "」",
    "『": "』",
}
_MIXED = {"（": ")", "(": "）"}
_CLOSERS = {v: k for k, v in _PAIRS.items()}
_BRACKET = re.compile("[" + re.escape("".join((*_PAIRS, *_CLOSERS))) + "]")
# A row with more open brackets than this is broken as a whole; the first few say so.
_SHOWN = 5
_LIST_MARK = re.compile(r"(?:^|(?<=[。；：\n\u3000 ]))[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]")


def brackets(draft: Draft) -> Iterator[Found]:
    """Brackets, quotes and book marks pair within a paragraph; a pair is of one width."""
    masked = [s.span for s in draft.slots]
    for row in lines(draft.text):
        if any(s.touches(row) for s in draft.boilerplate):
            continue
        yield from _row_brackets(draft, row, masked)


def _row_brackets(draft: Draft, row: Span, masked: list[Span]) -> Iterator[Found]:
    text = draft.text
    skip = {i for m in _LIST_MARK.finditer(text, row.start, row.end) for i in range(*m.span())}
    skip |= {i for s in masked if s.touches(row) for i in range(s.start, s.end)}
    stack: list[int] = []
    for found in _BRACKET.finditer(text, row.start, row.end):
        i, c = found.start(), found.group()
        if i in skip:
            continue
        if c == "’" and text[i + 1 : i + 2].isdigit():
            continue
        if c in _PAIRS:
            stack.append(i)
        elif stack and _PAIRS[text[stack[-1]]] == c:
            stack.pop()
        elif stack and _MIXED.get(text[stack[-1]]) == c:
            start = stack.pop()
            yield Found(Span(start, i + 1), f"括号“{text[start]}”与“{c}”一全角一半角，请统一为全角。")
        elif stack and any(_PAIRS[text[j]] == c for j in stack):
            while stack and _PAIRS[text[stack[-1]]] != c:
                start = stack.pop()
                yield Found(
                    _until_stop(text, start, i), f"“{text[start]}”没有配对的“{_PAIRS[text[start]]}”。"
                )
            stack.pop()
        else:
            yield Found(_since_stop(text, row.start, i), f"“{c}”前面没有配对的“{_CLOSERS[c]}”。")
    if stack == [row.start] and text[row.start] == "“" and _goes_on(text, row.end):
        return
    for start in stack[:_SHOWN]:
        yield Found(_until_stop(text, start, row.end), f"“{text[start]}”没有配对的“{_PAIRS[text[start]]}”。")


def _goes_on(text: str, end: int) -> bool:
    """Whether the next paragraph opens with a quote too: what is said in several paragraphs is closed at the last."""
    return text[end : end + 20].lstrip().startswith("“")


def _until_stop(text: str, start: int, end: int) -> Span:
    match = re.compile(r"[。；！？\n]").search(text, start, end)
    return Span(start, match.start() if match else end)


def _since_stop(text: str, first: int, end: int) -> Span:
    start = end
    while start > first and text[start - 1] not in "。；！？，、":
        start -= 1
    return Span(start, end + 1)


_STOPS_TWICE = re.compile(
    r"，，+|。。(?!。)|、、+|；；+|：：+|[，、；：][。；，]|。[，、；]|，、|、，|[，、；：][”）》](?<!，”)|[（《“][，。、；：]"
)
_AND_SO_ON = re.compile(
    r"(?<![一二三四五六七八九十甲乙丙丁高中初上下优特头同平相均对劣次超何“])等、(?!一等|二等|三等|靠、|要、)"
)


def stops(draft: Draft) -> Iterator[Found]:
    """Two stops in a row, one where none can be, or 、 after 等."""
    for match in _STOPS_TWICE.finditer(draft.text):
        if (
            draft.text[match.end() : match.end() + 1] == "。"
            or draft.text[match.start() - 1 : match.start()] == "。"
        ):
            continue
        span = Span(*match.span())
        if any(s.touches(span) for s in (*draft.boilerplate, *(slot.span for slot in draft.slots))):
            continue
        yield Found(Span(max(0, span.start - 1), span.end), f"标点“{match.group()}”重复或用错。")
    for span in matched(draft, _AND_SO_ON):
        yield Found(span, "“等”后面不用顿号。")


_HALF = re.compile(
    r"(?<=[\u4e00-\u9fff”》）%])[,;:?!](?=[\u4e00-\u9fff“《\n]|$)|(?<=[\u4e00-\u9fff])\.(?=\s*(?:\n|$)|[\u4e00-\u9fff])"
)
_HALF_PAIR = re.compile(r"(?<=[\u4e00-\u9fff])\([^()\n]{0,30}[\u4e00-\u9fff][^()\n]{0,30}\)")
_HALF_QUOTES = re.compile(r'"[^"\n]{1,30}"(?=[\u4e00-\u9fff，。、；])')


def half_width(draft: Draft) -> Iterator[Found]:
    """A half-width stop, bracket or quote between Chinese characters of an otherwise full-width text."""
    text = draft.text
    for pattern, wide in ((_HALF, r"[，；：。]"), (_HALF_PAIR, r"（"), (_HALF_QUOTES, "“")):
        found = [s for s in matched(draft, pattern) if not any(s.touches(m.span) for m in draft.slots)]
        most = 3 if wide != "“" else 2
        if len(found) > most or len(re.findall(wide, text)) < (10 if pattern is _HALF else 2) * len(found):
            continue
        for span in found:
            yield Found(span, f"“{span.of(text)}”用了半角标点，正文应用全角。")


_DOTS = re.compile(r"(?<=[\u4e00-\u9fff])(?:。。。+|\.\.\.+|、、、+|(?<!…)…(?![…\d]))")
_DOTS_ETC = re.compile(r"等(?:等)?……|……等(?=[，。；])")
_DASH = re.compile(r"(?<=[\u4e00-\u9fff”])(?:--+|－－+|__+)(?=[\u4e00-\u9fff“])")


def dots(draft: Draft) -> Iterator[Found]:
    """An ellipsis that is not …… or stands with 等; a dash that is not ——."""
    masked = [slot.span for slot in draft.slots]
    for pattern, say in (
        (_DOTS, "省略号用“……”（六个点）。"),
        (_DOTS_ETC, "省略号与“等”只用一个。"),
        (_DASH, "破折号用“——”。"),
    ):
        for span in matched(draft, pattern):
            if not any(s.touches(span) for s in masked):
                yield Found(span, say, "likely")


_NESTED = re.compile(r"《[^》\n]{0,40}《[^》\n]{1,40}》[^》\n]{0,40}》")
_NO_NAME = re.compile(r"《\s*》|“\s*”")


def book_marks(draft: Draft) -> Iterator[Found]:
    """Book marks inside book marks that are not 〈〉; marks with nothing in them."""
    for span in matched(draft, _NESTED):
        inner = span.of(draft.text).index("《", 1) + span.start
        yield Found(Span(inner, span.end), "书名号里再用书名号，里面的用单书名号〈〉。", "likely")
    for span in matched(draft, _NO_NAME):
        if not any(slot.span.touches(span) for slot in draft.slots):
            yield Found(span, f"“{span.of(draft.text)}”里是空的，没有填。")


_TITLE_STOP = re.compile(
    r"[^。，；：！？\n]{6,60}(?:报告|总结|汇报|讲话|发言|要点|方案|意见|说明)([。，；、：])$"
)


def title_stop(draft: Draft) -> Iterator[Found]:
    """A title ends without a stop."""
    for row in lines(draft.text)[:4]:
        if draft.outline and row.end > draft.outline[0].marker_span.start:
            return
        found = _TITLE_STOP.match(row.of(draft.text))
        if found and not any(s.touches(row) for s in draft.boilerplate):
            yield Found(Span(row.end - 1, row.end), f"标题末尾不用标点“{found.group(1)}”，请删去。")
            return
        if row == draft.title:
            return


def unended(draft: Draft) -> Iterator[Found]:
    """A paragraph of several clauses that ends without a stop."""
    for row in lines(draft.text):
        if row.start < draft.title.end or any(s.touches(row) for s in draft.boilerplate):
            continue
        words = row.of(draft.text)
        if (
            len(words) >= 40
            and "\u4e00" <= words[-1] <= "\u9fff"
            and words.count("。") + words.count("；") >= 1
        ):
            yield Found(Span(row.end - 1, row.end), "段末没有句号。")


RULES = (
    Rule("prose-F5-brackets", "punctuation", brackets, "规定"),
    Rule("prose-F5-stops", "punctuation", stops, "规定"),
    Rule("prose-F5-half-width", "punctuation", half_width, "规定"),
    Rule("prose-F5-dots", "punctuation", dots, "规定"),
    Rule("prose-F5-books", "punctuation", book_marks, "规定"),
    Rule("prose-F5-title", "punctuation", title_stop, "规定"),
    Rule("prose-F5-unended", "punctuation", unended, "规定"),
)
