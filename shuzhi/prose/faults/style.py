"""Advice: what is not wrong but reads better otherwise. Nothing here counts as a defect."""

import re
from collections.abc import Iterator

from shuzhi.prose.clauses import lines
from shuzhi.prose.faults.rule import Found, Rule, matched
from shuzhi.prose.frame.outline import ordinal
from shuzhi.prose.model import Draft, Span

LONGEST_SENTENCE = 120
LONGEST_PARAGRAPH = 600
_VAGUE = 6


def long_sentences(draft: Draft) -> Iterator[Found]:
    """A sentence of more than 120 characters that no semicolon divides."""
    for span in draft.sentences:
        pieces = re.split(r"[；;]", span.of(draft.text))
        longest = max(len(piece) for piece in pieces)
        if longest > LONGEST_SENTENCE and not any(s.touches(span) for s in draft.boilerplate):
            yield Found(span, f"这句话连着{longest}个字没有停顿，可以断开。", "style")


def long_paragraphs(draft: Draft) -> Iterator[Found]:
    """A paragraph of more than 600 characters."""
    for row in lines(draft.text):
        if row.end - row.start > LONGEST_PARAGRAPH and not any(s.touches(row) for s in draft.boilerplate):
            yield Found(
                Span(row.start, row.start + 20), f"这一段有{row.end - row.start}个字，可以分段。", "style"
            )


def mixed_ordinals(draft: Draft) -> Iterator[Found]:
    """首先 followed by 第二, or 第一 followed by 其次, in one paragraph."""
    for row in lines(draft.text):
        words = row.of(draft.text)
        for first, second in (
            (r"(?:^|[。；：，])首先[，、]", r"[。；，]第[二三][，、]"),
            (r"(?:^|[。；：，])第一[，、]", r"[。；，](?:其次|再次)[，、]"),
        ):
            one = re.search(first, words)
            other = re.search(second, words)
            if one and other and one.start() < other.start():
                yield Found(
                    Span(row.start + other.start() + 1, row.start + other.end()),
                    "“首先”接“其次”，“第一”接“第二”，两套不混用。",
                    "style",
                )


def orphans(draft: Draft) -> Iterator[Found]:
    """A heading that is the only one of its level under its parent."""
    parents = [h.parent for h in draft.outline]
    for heading in draft.outline:
        if parents.count(heading.parent) == 1 and ordinal(heading.number) == 1:
            yield Found(heading.marker_span, f"这一层只有“{heading.marker}”一项，可以不编号。", "style")


_RANKS = (
    r"[一二三四五六七八九十]+、",
    r"[（(][一二三四五六七八九十]+[）)]",
    r"\d+[.．、]",
    r"[（(]\d+[）)]",
    r"[①-⑳]",
)


def _rank(marker: str) -> int | None:
    return next((i for i, pattern in enumerate(_RANKS) if re.fullmatch(pattern, marker.strip())), None)


def levels(draft: Draft) -> Iterator[Found]:
    """A mark of a higher level under one of a lower: （一） under 1."""
    by_id = {h.id: h for h in draft.outline}
    for heading in draft.outline:
        parent = by_id.get(heading.parent or "")
        mine, above = _rank(heading.marker), _rank(parent.marker) if parent else None
        if mine is not None and above is not None and mine < above:
            yield Found(heading.marker_span, "层次序号依次用“一、”“（一）”“1.”“（1）”。", "style")


_MARKS = re.compile(
    r"^[ \u3000]*(?:\d{1,2}、|[（(][一二三四五六七八九十\d]{1,3}[）)]、|[一二三四五六七八九十]{1,3}[.．])",
    re.MULTILINE,
)
_BOOKS = re.compile(r"》、《|”、“")
_IS = re.compile(r"(?<=[。；：\n])[一二三四五六七八九]是[，、：]")
_SPACE = re.compile(r"(?<=[\u4e00-\u9fff]{2})[ \u3000](?=[\u4e00-\u9fff]{2})")


def marks(draft: Draft) -> Iterator[Found]:
    """Marks and marks of enumeration not quite as the standards have them; said once each."""
    for pattern, say in (
        (_MARKS, "层次序号“一、”后用顿号，“（一）”“（1）”后不加标点，“1.”后用圆点。"),
        (_BOOKS, "并列的书名号、引号之间通常不用顿号（GB/T 15834-2011 4.5.3.5）。"),
        (_IS, "“一是”后面不用标点。"),
        (_SPACE, "汉字之间有空格。"),
    ):
        for span in matched(draft, pattern):
            yield Found(span, say, "style")
            break


def vague(draft: Draft) -> Iterator[Found]:
    """一批, 若干, 多次 said often where a figure could stand."""
    found = list(matched(draft, re.compile(r"一批|若干|多次|一系列|大批")))
    if len(found) >= _VAGUE:
        yield Found(found[0], f"全文“一批”“若干”“多次”之类用了{len(found)}处，有数的请写数。", "style")


_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)")


def personal(draft: Draft) -> Iterator[Found]:
    """An identity number or a mobile telephone number in the text."""
    for span in matched(draft, _ID):
        yield Found(span, "这是身份证号或手机号，属个人信息，公开前请删去。", "possible")


RULES = (
    Rule("prose-L2-sentence", "style", long_sentences, "提示"),
    Rule("prose-L2-paragraph", "style", long_paragraphs, "提示"),
    Rule("prose-E3-mixed", "style", mixed_ordinals, "提示"),
    Rule("prose-E2-orphan", "style", orphans, "提示"),
    Rule("prose-E2-levels", "style", levels, "提示"),
    Rule("prose-F4-marks", "style", marks, "提示"),
    Rule("prose-F3-vague", "style", vague, "提示"),
    Rule("prose-Q1-personal", "personal", personal, "提示"),
)
