"""Counts against the lists they count, values against the subjects of 分别, one thing with two figures."""

import re
from collections.abc import Iterator

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Draft, Figure, Heading, Span
from shuzhi.prose.numerals import chinese
from shuzhi.prose.outline import ordinal

# A list closed by its count: 甲、乙、丙三项机制. The count is a Chinese numeral from two to twelve.
_CLOSED = re.compile(
    r"(?P<list>[^，。；：！？\n]{1,160}[^，。；：！？\n“])(?P<quote>[“]?)(?P<count>[二两三四五六七八九十]|十[一二])"
    r"(?P<unit>大|个|项|种|类|条|方面|部分|支|道|级|件|张|本|方)(?P<noun>[\u4e00-\u9fff]{1,12})"
)
# A count that announces its list: 三项制度：甲、乙、丙。
_OPENED = re.compile(
    r"(?P<count>[二两三四五六七八九十]|十[一二])(?P<unit>大|个|项|种|类|条|方面|部分)(?P<noun>[\u4e00-\u9fff]{2,8})(?:：|，即|，分别是|，包括)(?P<list>[^，。；：！？\n]{4,120})(?=[。；\n])"
)
_BEFORE_COUNT = re.compile(
    r"(?:等|等等|这|那|第|上述|以上|前|后|其他|另外|全省|全市|新|各|每|共|的|了|有|和|与|及|分为|分|作为|列入|实施|建成|完成|为|等共)$"
)
_AND = re.compile(r"[和与及]")


def _listed(text: str) -> tuple[int, int] | None:
    """The least and the most items a 、-list can be read as (和 may join two items or stand inside one); None: no list."""
    text = re.sub(
        r"（[^）]{0,40}）|\([^)]{0,40}\)|“[^”]{0,40}”|《[^》]{0,60}》",
        lambda m: m.group().replace("、", "·").replace("和", "·"),
        text,
    )
    items = [part for part in text.split("、") if part.strip()]
    if len(items) < 2 or text.count("、") != len(items) - 1:
        return None
    return len(items), len(items) + len(_AND.findall(items[-1]))


def counts(draft: Draft) -> Iterator[Found]:
    """五项机制 after a closed list of another number of items."""
    for match in _CLOSED.finditer(draft.text):
        before = match.group("list")
        if (not match.group("quote") and _BEFORE_COUNT.search(before)) or before.endswith(("等", "“")):
            continue
        said = chinese(match.group("count"))
        listed = _listed(_tail(before))
        if (
            said is None
            or listed is None
            or listed[0] <= said <= listed[1]
            or _continues(draft, match.start("list"))
        ):
            continue
        if match.group("quote") and ("“" in before or listed[0] < 4 or listed[0] + 1 != said):
            continue
        # One list may stand inside another item (市、县两级): only a list of at least three, or a gap of one, is sure.
        if (
            match.group("unit") in ("级", "方")
            or listed[0] > said + 2
            or said > listed[1] + 3
            or listed[1] < 2
        ):
            continue
        if listed[0] == 2 and said > 3:
            continue
        yield _miscount(draft, Span(match.start("list"), match.end("noun")), match, listed[0])
    for match in _OPENED.finditer(draft.text):
        listed, said = _listed(match.group("list")), chinese(match.group("count"))
        closed = not match.group("list").rstrip().endswith("等")
        if (
            said is not None
            and listed is not None
            and closed
            and not listed[0] <= said <= listed[1]
            and abs(listed[0] - said) <= 2
        ):
            yield _miscount(draft, Span(*match.span()), match, listed[0])


def _tail(before: str) -> str:
    """The list itself: the words after the last verb-like opening do not matter, only how many 、 it has."""
    return before.rstrip("“")


def _continues(draft: Draft, start: int) -> bool:
    """Whether the clause before belongs to the same list (甲、乙，丙、丁四项)."""
    head = draft.text[max(0, start - 40) : start]
    if not head.endswith("，"):
        return False
    previous = re.split(r"[。；：！？\n]", head)[-1].rstrip("，").rsplit("，", 1)[-1]
    return "、" in previous


def _miscount(draft: Draft, span: Span, match: re.Match[str], listed: int) -> Found:
    start = next((c.start for c in draft.clauses if c.start <= span.start < c.end), span.start)
    said = f"{match.group('count')}{match.group('unit')}{match.group('noun')}"
    return Found(Span(start, span.end), f"写的是“{said}”，列出的只有{listed}项且没有“等”，请核对。")


def announced(draft: Draft) -> Iterator[Found]:
    """以下五方面工作： then as many numbered items."""
    pattern = re.compile(
        r"(?:(?:以下|如下|抓好|做好|突出|聚焦|落实|实施|开展|从)[^，。；：\n]{0,8}?)?([二两三四五六七八九十]|十[一二])(?:个方面|方面|项|件|个|大)[^，。；：\n]{0,12}[：。]"
    )
    for match in pattern.finditer(draft.text):
        said = chinese(match.group(1))
        run = _run_after(draft, match.end())
        if said is None or len(run) < 2:
            continue
        if len(run) != said and ordinal(run[-1].number) == len(run):
            yield Found(Span(*match.span()), f"写的是{match.group(1)}项，下面编号的有{len(run)}项，请核对。")


def _run_after(draft: Draft, place: int) -> list[Heading]:
    """The siblings of a list that opens within a few characters after `place`."""
    first = next((h for h in draft.outline if 0 <= h.marker_span.start - place <= 6), None)
    if first is None or ordinal(first.number) != 1:
        return []
    return [
        h
        for h in draft.outline
        if h.parent == first.parent
        and h.level == first.level
        and h.marker_span.start >= first.marker_span.start
    ]


def respectively(draft: Draft) -> Iterator[Found]:
    """甲、乙、丙分别为 x、y: as many values as subjects."""
    items = draft.items()
    for match in re.finditer(
        r"(?P<head>[^，。；：！？\n]{3,60})分别(?:为|是|达|达到|增长|下降|提高|完成|实现)", draft.text
    ):
        clause_end = next((c.end for c in draft.clauses if c.start <= match.start() < c.end), match.end())
        values = [i for i in items if match.end() <= i.span.start < clause_end]
        inside = [i for i in items if match.start() <= i.span.start < match.end()]
        listed = _listed(match.group("head"))
        if listed is None or inside or len(values) < 2 or listed[0] < 2:
            continue
        if not listed[0] <= len(values) <= listed[1]:
            yield Found(
                Span(match.start(), values[-1].span.end),
                f"“分别”前列了{listed[0]}个对象，后面有{len(values)}个数，对不上。",
            )


def two_values(draft: Draft) -> Iterator[Found]:
    """One statistic of the year with two different values."""
    first: dict[tuple[str, str, str | None], Figure] = {}
    for figure in draft.figures:
        meaning = figure.meaning
        named = draft.text[figure.clause.start : figure.span.start].find(meaning.quantity) >= 0
        if (
            meaning.kind not in ("level", "share")
            or len(meaning.quantity) < 6
            or meaning.time != "year"
            or not named
        ):
            continue
        if meaning.bound is not None or figure.value_max is not None:
            continue
        key = (meaning.concept, meaning.kind, meaning.unit)
        other = first.setdefault(key, figure)
        if (
            other is not figure
            and other.value != figure.value
            and other.clause != figure.clause
            and not _narrower(draft, other, figure)
        ):
            yield Found(
                Span(figure.clause.start, figure.full.end),
                f"“{meaning.concept}”前面写{other.text}{meaning.unit or ''}，这里写{figure.text}{meaning.unit or ''}，请统一。",
                "likely",
            )


def _narrower(draft: Draft, a: Figure, b: Figure) -> bool:
    """Whether one of the two speaks of a part (其中, 城区) or of a change from one value to another."""
    said = draft.text[a.clause.start : a.span.start] + draft.text[b.clause.start : b.span.start]
    return re.search(r"其中|由|从|上半年|季度|月|日|分别|目标|计划|截至", said) is not None


RULES = (
    Rule("prose-C1-count", "count_mismatch", counts),
    Rule("prose-C1-announced", "count_mismatch", announced),
    Rule("prose-C2-respectively", "count_mismatch", respectively),
    Rule("prose-F2-two-values", "contradiction", two_values),
)
