"""Form: brackets and quotes that do not pair, two stops in a row, half-width stops."""

import re
from collections.abc import Iterator

from shuzhi.prose.clauses import lines
from shuzhi.prose.faults.rule import Found, Rule
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
    for i in range(row.start, row.end):
        c = text[i]
        if i in skip or (c not in _PAIRS and c not in _CLOSERS):
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
    for start in stack[:_SHOWN]:
        yield Found(_until_stop(text, start, row.end), f"“{text[start]}”没有配对的“{_PAIRS[text[start]]}”。")


def _until_stop(text: str, start: int, end: int) -> Span:
    match = re.compile(r"[。；！？\n]").search(text, start, end)
    return Span(start, match.start() if match else end)


def _since_stop(text: str, first: int, end: int) -> Span:
    start = end
    while start > first and text[start - 1] not in "。；！？，、":
        start -= 1
    return Span(start, end + 1)


_STOPS_TWICE = re.compile(r"，，+|。。(?!。)|、、+|；；+|：：+|[，、；：][。；，]|。[，、；]|，、|、，")


def stops(draft: Draft) -> Iterator[Found]:
    """Two stops in a row."""
    for match in _STOPS_TWICE.finditer(draft.text):
        if (
            draft.text[match.end() : match.end() + 1] == "。"
            or draft.text[match.start() - 1 : match.start()] == "。"
        ):
            continue
        span = Span(*match.span())
        if any(s.touches(span) for s in draft.boilerplate):
            continue
        yield Found(Span(max(0, span.start - 1), span.end), f"标点“{match.group()}”重复或用错。")


def half_width(draft: Draft) -> Iterator[Found]:
    """A half-width comma, semicolon, colon or full stop between Chinese characters of an otherwise full-width text."""
    found = list(re.finditer(r"(?<=[\u4e00-\u9fff”》）%])[,;:?!](?=[\u4e00-\u9fff“《])", draft.text))
    full = len(re.findall(r"[，；：。]", draft.text))
    if len(found) > 3 or full < 10 * len(found):
        return
    for match in found:
        yield Found(Span(*match.span()), f"“{match.group()}”是半角标点，正文应用全角。")


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
    Rule("prose-F5-brackets", "punctuation", brackets),
    Rule("prose-F5-stops", "punctuation", stops),
    Rule("prose-F5-half-width", "punctuation", half_width),
    Rule("prose-F5-title", "punctuation", title_stop),
    Rule("prose-F5-unended", "punctuation", unended),
)
