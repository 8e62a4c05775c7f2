"""How figures, signs and marks are written where a text differs from itself: ％ among %, 五亿元～6.5亿元, （二）、."""

import re
from collections.abc import Iterator

from shuzhi.prose.faults.rule import Found, Rule, matched
from shuzhi.prose.model import Draft, Span

_TO = r"(?:～|~|——?|－|-|至|到)"
_UNIT = r"[万亿]?(?:元|亩|人|户|吨|公里|个|家|天|年|个月|人次|平方米|公顷|千瓦|倍)"
_CHINESE = r"[一二两三四五六七八九十百千]{1,4}"
_TWO_KINDS = re.compile(
    rf"(?<![第\d年月之])(?<!\d[十百千])(?:{_CHINESE}(?P<a>{_UNIT}){_TO}\d+(?:\.\d+)?(?P=a)|(?<![\d.])\d+(?:\.\d+)?(?P<b>{_UNIT}){_TO}{_CHINESE}(?P=b))"
)
_HALF_RANGE = re.compile(
    r"(?<![\d.])\d+(?:\.\d+)?[%％](?:～|~|——?|－|-|至|到)\d+(?:\.\d+)?(?=[，。；、）]|以上|之间|左右|区间|$)"
)
_TWO_SIGNS = re.compile(r"\d%(?:～|~|—|－|-|至|到)\d+(?:\.\d+)?％|\d％(?:～|~|—|－|-|至|到)\d+(?:\.\d+)?%")
_DOTTED_DATE = re.compile(
    r"(?<![\d./\-])(?:19|20)\d\d(?P<s>[./\-])(?:1[0-2]|0?[1-9])(?P=s)(?:[12]\d|3[01]|0?[1-9])(?![\d./\-])(?=[\u4e00-\u9fff，。])"
)
_DOCUMENT = re.compile(r"(?<=[\u4e00-\u9fff])[\[【［](?:19|20)\d\d[\]】］](?=第?\d{1,4}号)")


def ranges(draft: Draft) -> Iterator[Found]:
    """A range with two kinds of numerals or signs, or without the sign of its second value."""
    for span in matched(draft, _TWO_KINDS):
        yield Found(span, f"“{span.of(draft.text)}”里两种数字混用，请统一用阿拉伯数字。", "likely")
    for span in matched(draft, _HALF_RANGE):
        yield Found(span, f"“{span.of(draft.text)}”后一个数少了“%”。", "likely")
    for span in matched(draft, _TWO_SIGNS):
        yield Found(span, f"“{span.of(draft.text)}”里全角、半角百分号混用，请统一为“%”。")


_WIDE_NUMBER = re.compile(r"[０-９]+(?:[．.,，][\d０-９]+)?")
_FEW = 3


def widths(draft: Draft) -> Iterator[Found]:
    """A few full-width digits or percent signs in a text that writes them half-width."""
    text = draft.text
    wide, narrow = list(matched(draft, _WIDE_NUMBER)), len(re.findall(r"\d+(?<![０-９])", text))
    if wide and narrow >= _FEW * len(wide):
        for span in wide:
            yield Found(span, f"“{span.of(text)}”用了全角数字，请统一用半角。", "likely")
    signs = {sign: [m.start() for m in re.finditer(sign, text)] for sign in "%％"}
    for one, other in (("%", "％"), ("％", "%")):
        if signs[one] and len(signs[other]) >= _FEW * len(signs[one]):
            for place in signs[one][:_FEW]:
                span = Span(place, place + 1)
                if text[place - 1] not in "Ｘ０１２３４５６７８９" and not any(
                    s.touches(span) for s in draft.boilerplate
                ):
                    yield Found(span, f"全文百分号用“{other}”，这里用了“{one}”，请统一。", "likely")


def written_dates(draft: Draft) -> Iterator[Found]:
    """A date of strokes or points in a text that writes 年月日; a document's year not in 〔〕."""
    if re.search(r"\d月\d{1,2}日", draft.text) or re.search(r"\d{4}年", draft.text):
        for span in matched(draft, _DOTTED_DATE):
            yield Found(span, f"日期“{span.of(draft.text)}”应写年、月、日，如2024年5月6日。", "likely")
    for span in matched(draft, _DOCUMENT):
        yield Found(span, f"发文字号的年份用六角括号“〔〕”，不用“{span.of(draft.text)[0]}”。")


_MARK = re.compile(
    r"^[ \u3000]*(?P<b>[（(])[一二三四五六七八九十]{1,3}[）)](?P<s>[、.．，]?)(?=[\u4e00-\u9fff])", re.M
)
_NTH = re.compile(
    r"(?:^|(?<=[：。；，\n\u3000]))第(?:(?P<d>\d{1,2})|[一二三四五六七八九十]{1,2})(?=[，、：])", re.M
)
_NTH_IS = re.compile(
    r"(?:^|(?<=[：。；，\n\u3000]))(?:(?P<d>\d{1,2})|[一二三四五六七八九十]{1,2})是(?=[\u4e00-\u9fff])", re.M
)


def own_marks(draft: Draft) -> Iterator[Found]:
    """A mark written otherwise than its fellows: （二）、 beside （一）, 第1 beside 第二."""
    text = draft.text
    marks = list(_MARK.finditer(text))
    odd = [m for m in marks if m.group("s")]
    if odd and len(odd) <= len(marks) - len(odd):
        for found in odd:
            yield Found(
                Span(*found.span("s")), f"“{found.group().strip()}”带括号的序号后面不用标点。", "likely"
            )
    narrow = [m for m in marks if m.group("b") == "("]
    if narrow and 2 * len(narrow) <= len(marks) - len(narrow):
        for found in narrow:
            yield Found(
                Span(*found.span()),
                f"“{found.group().strip()}”用了半角括号，与其他序号不一，请统一用全角。",
                "likely",
            )
    for pattern in (_NTH, _NTH_IS):
        every = list(pattern.finditer(text))
        digits = [m for m in every if m.group("d")]
        if digits and len(digits) < len(every) - len(digits):
            for found in digits:
                yield Found(
                    Span(*found.span()),
                    f"“{found.group()}”与其他序号的数字写法不一，请统一用汉字。",
                    "likely",
                )


_ITEM = re.compile(r"^[ \u3000]*\d{1,2}(?P<s>[、.．])(?=[\u4e00-\u9fff])", re.M)
_LONGEST = 30
_FORMAL = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]")


def unlike(draft: Draft) -> Iterator[Found]:
    """A mark with another stop than its fellows (1、 beside 2.); a heading on its own line that alone ends with 。"""
    text = draft.text
    items = list(_ITEM.finditer(text))
    for stop in "、.．":
        odd = [m for m in items if m.group("s") == stop]
        if odd and 2 * len(odd) <= len(items) - len(odd):
            for found in odd:
                yield Found(
                    Span(*found.span()), f"“{found.group().strip()}”序号后的标点与其他几项不一。", "likely"
                )
    for level in (1, 2):
        rows = [
            _row(text, h.marker_span.start)
            for h in draft.outline
            if h.level == level and _FORMAL.match(h.marker)
        ]
        short = [
            row
            for row in rows
            if row.end - row.start <= _LONGEST and "。" not in text[row.start : row.end - 1]
        ]
        ended = [row for row in short if text[row.end - 1] == "。"]
        if ended and 2 * len(ended) <= len(short) - len(ended):
            for row in ended:
                yield Found(
                    Span(row.end - 1, row.end), "单独成行的标题末尾不用句号，与其他标题不一。", "likely"
                )


def _row(text: str, place: int) -> Span:
    end = text.find("\n", place)
    row = Span(place, len(text) if end < 0 else end)
    return Span(row.start, row.start + max(1, len(row.of(text).rstrip())))


RULES = (
    Rule("prose-F1-ranges", "format", ranges, "规定"),
    Rule("prose-F1-width", "format", widths, "规定"),
    Rule("prose-F1-written", "format", written_dates, "规定"),
    Rule("prose-E2-own-marks", "format", own_marks, "规定"),
    Rule("prose-E2-unlike", "format", unlike, "规定"),
)
