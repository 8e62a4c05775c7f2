"""What a template leaves behind: alternatives of which none was chosen, and its directions to the writer."""

import re
from collections.abc import Iterator
from functools import cache

from shuzhi.prose.faults.rule import Found, Rule, matched
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.signs.units import unit_at
from shuzhi.prose.tables import any_of, words

_CJK = r"[\u4e00-\u9fff]"
_PLACE = re.compile(
    r"[县市区乡镇州旗]（[县市区乡镇州旗、]{1,3}）(?=长(?!效)|委书记|委、|委的|人民政府|政府)|他[（(/]她[）)]?|她[（(/]他[）)]?"
)
# 是/否, 同意/不同意, 县长/区长, 增长（下降）: a stroke or a bracket between two words of which one is to go.
_BETWEEN = re.compile(r"[/／（(]")
_LEFT = re.compile(rf"{_CJK}{{1,6}}$")
_RIGHT = re.compile(rf"{_CJK}{{1,6}}")
_INSIDE = re.compile(rf"({_CJK}{{1,4}})[）)]")


@cache
def _pairs(table: str) -> dict[str, tuple[str, ...]]:
    """Each word of a table of pairs with its others."""
    made: dict[str, tuple[str, ...]] = {}
    for pair in words("leftovers", table):
        one, other = pair.split("/")
        made[one] = (*made.get(one, ()), other)
        made[other] = (*made.get(other, ()), one)
    return made


def _split(one: str, other: str, *tables: str) -> tuple[str, str] | None:
    """The words left and right of the stroke that exclude each other, or None: (增长, 下降), (同意, 不同意)."""
    for size in range(min(len(one), 4), 0, -1):
        left = one[-size:]
        for table in tables:
            for right in _pairs(table).get(left, ()):
                if other.startswith(right):
                    return left, right
        for no in ("不", "未", "没有", "没", "非", "无"):
            if size > 1 and other.startswith(no + left):
                return left, no + left
            if left.startswith(no) and size > len(no) + 1 and other.startswith(left[len(no) :]):
                return left, left[len(no) :]
    return None


def _titles(one: str, other: str) -> tuple[str, str] | None:
    """Two posts or organs of one pattern: 县长/区长, 党委/党组, 省级/国家级."""
    ends = re.compile(any_of(words("leftovers", "heads")) + "$")
    for size in (4, 3, 2):
        left, right = one[-size:], other[:size]
        for there in (right, other[: size + 1], other[: size - 1]):
            a, b = ends.search(left), ends.search(there)
            if a and b and len(left) > 1 and len(there) > 1 and left != there and a.group() == b.group():
                return left, there
    return None


def alternatives(draft: Draft) -> Iterator[Found]:
    """县（区）长, 他（她）, 增长/下降: a template's alternatives of which none was chosen."""
    text = draft.text
    for span in matched(draft, _PLACE):
        if not text[max(0, span.start - 2) : span.start].endswith(("各", "全", "、", "级")):
            yield _chosen(text, span)
    for found in _BETWEEN.finditer(text):
        choice = _choice(text, found.start())
        if choice is not None and not any(s.touches(choice) for s in draft.boilerplate):
            yield _chosen(text, choice)


def _choice(text: str, at: int) -> Span | None:
    """The two words around the stroke or bracket at `at`, if they are a choice."""
    before = _LEFT.search(text, max(0, at - 6), at)
    stroke = text[at] in "/／"
    after = (_RIGHT if stroke else _INSIDE).match(text, at + 1)
    if before is None or after is None:
        return None
    one, other = before.group(), after.group().rstrip("）)")
    if not stroke:
        pair = _split(one, other, "opposites")
        return Span(at - len(pair[0]), after.end()) if pair and pair[1] == other else None
    pair = _split(one, other, "opposites", "organs")
    if pair is None and unit_at(text, before.start()) is None:
        pair = _titles(one, other)
    return Span(at - len(pair[0]), at + 1 + len(pair[1])) if pair else None


def _chosen(text: str, span: Span) -> Found:
    return Found(span, f"模板里的“{span.of(text)}”二者择一，还没有选定。", "likely")


def directions(draft: Draft) -> Iterator[Found]:
    """A template's words to its user: （可根据实际修改）, （此处略）, 红字部分."""
    masked = [slot.span for slot in draft.slots]
    pattern = re.compile(any_of(words("leftovers", "directions")))
    for found in pattern.finditer(draft.text):
        span = _bracketed(draft.text, Span(*found.span()))
        if not any(s.touches(span) for s in (*draft.boilerplate, *masked)):
            yield Found(span, f"“{span.of(draft.text)}”是模板给人看的话，请删去。", "likely")


def _bracketed(text: str, span: Span) -> Span:
    """The whole bracket around `span`, if it stands in one."""
    start, end = (
        text.rfind("（", max(0, span.start - 30), span.start),
        text.find("）", span.end, span.end + 30),
    )
    inside = start >= 0 and end >= 0 and not re.search(r"[）\n]", text[start : span.start])
    return Span(start, end + 1) if inside and "\n" not in text[span.end : end] else span


RULES = (
    Rule("prose-P1-alternative", "unresolved_alternative", alternatives),
    Rule("prose-P1-direction", "unresolved_alternative", directions),
)
