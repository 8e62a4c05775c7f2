"""Counts against the lists they count, values against the subjects of 分别."""

import re
from collections.abc import Iterator

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.frame.outline import ordinal
from shuzhi.prose.model import Draft, Heading, Span
from shuzhi.prose.signs.numerals import chinese

_CN = r"[二两三四五六七八九十]|十[一二]"
_HAN = "\u4e00-\u9fff"
# A list closed by its count: 甲、乙、丙三项机制. The count is a Chinese numeral from two to twelve.
_CLOSED = re.compile(
    rf"(?P<quote>[“]?)(?P<count>{_CN})"
    rf"(?P<unit>大|个|项|种|类|条|方面|部分|支|道|级|件|张|块|本|方)(?P<noun>[{_HAN}]{{1,12}})"
)
# 东山、西山3个村: after names, a count in digits counts the names only before a noun of places or offices.
_PLACED = re.compile(
    r"(?P<quote>)(?<!\d)(?P<count>\d{1,2}|[两三四五六七八九])(?P<unit>个)(?P<noun>乡镇|镇街|镇|乡|行政村|村|社区|街道|部门|单位|片区|县区|县|园区|领域|方面|环节|行业|科室|试点村)"
)
_CLAUSE = re.compile(r"[^，。；：！？\n]{2,160}$")


def _before(draft: Draft, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str]]:
    """Each count with the words of its clause before it (behind an earlier count), if they hold a 、-list."""
    last = 0
    for match in pattern.finditer(draft.text):
        found = _CLAUSE.search(draft.text[max(last, match.start() - 160) : match.start()])
        last = match.end("unit")
        if found is not None and re.search("、|[”》][“《]", found.group()):
            yield match, found.group()


# A count that announces its list: 三项制度：甲、乙、丙; 3个村（甲、乙、丙）.
_OPENED = re.compile(
    rf"(?P<count>{_CN}|(?<![\d.])\d{{1,2}})(?P<unit>大|个|项|种|类|条|方面|部分|家|所|座|支)(?P<noun>[{_HAN}]{{0,8}})(?:，即|，分别是|，分别为|，包括|：)(?P<list>[^，。；：！？\n]{{4,120}})(?=[。；\n])"
)
_ENCLOSED = re.compile(
    rf"(?P<count>{_CN}|(?<![\d.])\d{{1,2}})(?P<unit>大|个|项|种|类|条|家|所|座|支|名|位|部)(?P<noun>[{_HAN}]{{1,8}})[（(](?P<list>[^（）()，。；：\n\d]{{4,90}})[）)]"
)
_BEFORE_COUNT = re.compile(
    r"(?:等|等等|这|那|第|上述|以上|前|后|其他|另外|全省|全市|新|各|每|共|的|了|有|和|(?<!参)与|及|分为|分|作为|列入|实施|建成|完成|为|等共|申报|争取|入选|获批)$"
)
_AND = re.compile(r"[和及]|(?<!参)与(?!会|时)")
# A list that certainly begins with its own verb, so that no subject of the sentence is counted as an item.
_OPENING_VERB = re.compile(
    r"^(?:[^、]{0,6}?)(?:建立|建成|制定|出台|推行|实行|完善|健全|构建|形成|落实|开展|实施|抓好|突出|聚焦|围绕|修订|打造|组建|成立|由|推进|强化|做好|实现|加强|坚持|统筹)(?:了|起|好)?"
)


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    value = chinese(text.replace("两", "二"))
    return int(value) if value is not None else None


def _listed(text: str) -> tuple[int, int] | None:
    """The least and the most items a 、-list can be read as (和 may join two items or stand inside one); None: no list."""
    text = re.sub(r"(?<=[”》])(?=[“《])", "、", text)
    inside = re.search(r"“([^“”]*、[^“”]*)”?$", text)
    if inside is not None and "、" not in text[: inside.start()]:
        text = inside.group(1)
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
    for match, before in _before(draft, _CLOSED):
        told = before.removesuffix("等") if not match.group("quote") else before
        if (not match.group("quote") and _BEFORE_COUNT.search(told)) or told.endswith("“"):
            continue
        said, listed = _number(match.group("count")), _listed(told.rstrip("“"))
        # 甲、乙、丙等两项: more may be counted than are named, never fewer.
        if told != before and (
            said is None or listed is None or listed[0] <= said or not _OPENING_VERB.match(told)
        ):
            continue
        if said is None or listed is None or listed[0] <= said <= listed[1]:
            continue
        if _continues(draft, match.start() - len(before)) or _apart(match, before, said, listed):
            continue
        yield _miscount(draft, Span(match.start() - len(before), match.end("noun")), match, listed[0])


def _apart(match: re.Match[str], before: str, said: int, listed: tuple[int, int]) -> bool:
    """Whether list and count may belong to different things: levels, lists inside lists, a subject before the list."""
    if match.group("quote") and ("“" in before or listed[0] < 3 or abs(listed[0] - said) != 1):
        return True
    # One list may stand inside another item (市、县两级): only a gap of a few items is sure.
    if match.group("unit") in ("级", "方") or listed[1] < 2 or said > listed[1] + 3:
        return True
    if listed[0] > said and (listed[0] > said + 2 or not _OPENING_VERB.match(before)):
        return True
    return listed[0] == 2 and said > 3


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
    return Found(Span(start, span.end), f"写的是“{said}”，列出的有{listed}项且没有“等”，个数对不上，请核对。")


def placed(draft: Draft) -> Iterator[Found]:
    """东山、西山、南坡4个村: the names of places and offices against the number behind them."""
    for match, before in _before(draft, _PLACED):
        told = before.removesuffix("等")
        if _BEFORE_COUNT.search(told) or told.endswith("”") or re.search(r"\d[^、]*$", told):
            continue
        said, listed = _number(match.group("count")), _listed(told)
        # 甲、乙等: more may be counted than are named, never fewer.
        few = said is not None and listed is not None and listed[0] <= said
        if told != before and (few or not re.match(r"[^、]{0,4}(?:到|在|赴|走访|深入|对)", told)):
            continue
        if said is None or listed is None or said < 2 or listed[0] <= said <= listed[1]:
            continue
        if (
            abs(listed[0] - said) > 2
            or listed[0] < 2
            or said > 12
            or _continues(draft, match.start() - len(before))
        ):
            continue
        last = before.rsplit("、", 1)[-1]
        if len(_AND.split(last)[-1]) > 8:
            continue
        yield _miscount(draft, Span(match.start() - len(before), match.end("noun")), match, listed[0])


_FOURFOLD = re.compile(rf"“(?P<count>{_CN})(?P<verb>[{_HAN}])(?P<more>[{_HAN}]?)”")


def repeated(draft: Draft) -> Iterator[Found]:
    """抓学习、抓作风、抓纪律“四抓”: items that all open with the counted word."""
    for match in _FOURFOLD.finditer(draft.text):
        before = _CLAUSE.search(draft.text[max(0, match.start() - 120) : match.start()])
        behind = re.match(r"[：:，]?(?P<list>[^。；：\n]{4,90})", draft.text[match.end() :])
        for words in (before.group() if before else "", behind.group("list") if behind else ""):
            verb, said = match.group("verb"), _number(match.group("count"))
            items = [i for i in re.split("[、，]", words) if i.lstrip("坚持做到着力").startswith(verb)]
            if said is None or len(items) < 3 or abs(len(items) - said) != 1:
                continue
            if len([i for i in re.split("[、，]", words) if verb in i]) == said or "等" in words:
                continue
            place = Span(*match.span())
            yield Found(
                place, f"写的是{match.group()}，列出的“{verb}……”有{len(items)}项，个数对不上，请核对。"
            )


_MANY = re.compile(rf"“(?P<count>{_CN})个(?P<word>[{_HAN}]{{2,4}})”")


def repeated_words(draft: Draft) -> Iterator[Found]:
    """“五个坚持”：坚持甲、坚持乙…: items of the sentence that open or end with the counted word."""
    for match in _MANY.finditer(draft.text):
        sentence = next((s for s in draft.sentences if s.start <= match.start() < s.end), None)
        said, word = _number(match.group("count")), match.group("word")
        if sentence is None or said is None:
            continue
        rest = draft.text[match.end() : sentence.end]
        if "“" in rest or "等" in rest:
            continue
        items = [i.strip("：: 和及") for i in re.split("[、，；：]", rest)]
        opening = [i for i in items if i.startswith(word)]
        # 政务中心、矛调中心、文化中心投入使用: the last of the list may carry its verb.
        ending = [i for i in items if word in i and not i.startswith(word)]
        for run in (opening, ending):
            if len(run) >= 3 and abs(len(run) - said) == 1 and len(run) == len(set(run)):
                yield Found(
                    Span(*match.span()), f"写的是{match.group()}，列出的有{len(run)}项，个数对不上，请核对。"
                )
                break


def opened(draft: Draft) -> Iterator[Found]:
    """三项制度：甲、乙; 3个村（甲村、乙村）."""
    for pattern in (_OPENED, _ENCLOSED):
        for match in pattern.finditer(draft.text):
            words = match.group("list").rstrip()
            listed, said = _listed(words), _number(match.group("count"))
            if said is None or listed is None or listed[0] <= said <= listed[1]:
                continue
            closed = not words.endswith("等") and not re.search(
                r"其中|包括|含|主要|例如|如：|以上|以下|级", words
            )
            short = all(len(item) <= 16 for item in words.split("、")) or pattern is _OPENED
            if closed and short and abs(listed[0] - said) <= 2:
                yield _miscount(draft, Span(*match.span()), match, listed[0])


_ANNOUNCED = re.compile(
    rf"(?P<count>{_CN}|(?<![\d.])\d{{1,2}})(?:个方面|方面|项|件|个|大|条|点|句话|步)(?P<noun>[^，。；：\n]{{0,12}})(?P<stop>[：。:])"
)
_OF_WORK = re.compile(
    r"方面|工作|任务|事|措施|举措|体会|打算|做法|问题|不足|特点|变化|突破|提升|文章|重点|^$"
)


def announced(draft: Draft) -> Iterator[Found]:
    """以下五方面工作： then as many numbered items."""
    for match in _ANNOUNCED.finditer(draft.text):
        said = _number(match.group("count"))
        # 制定制度45项。 ends a sentence of its own; only words of work announce what follows a full stop.
        if match.group("stop") == "。" and (
            match.group("count").isdigit() or not _OF_WORK.search(match.group("noun"))
        ):
            continue
        run = _run_after(draft, match.end())
        if said is None or len(run) < 2:
            continue
        if len(run) != said and ordinal(run[-1].number) == len(run):
            yield Found(
                Span(*match.span()), f"写的是{match.group('count')}项，下面编号的有{len(run)}项，请核对。"
            )


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


_RESPECTIVELY = re.compile(
    r"(?P<head>[^，。；：！？\n]{3,80})分别(?:为|是|达到|达|增长|下降|提高|提升|完成|实现|减少|增加|上升|降低|占)"
)


def respectively(draft: Draft) -> Iterator[Found]:
    """甲、乙、丙分别为 x、y: as many values as subjects."""
    items = draft.items()
    for match in _RESPECTIVELY.finditer(draft.text):
        listed = _listed(match.group("head"))
        if listed is None or listed[0] < 2:
            continue
        clause_end = next((c.end for c in draft.clauses if c.start <= match.start() < c.end), match.end())
        values = [i for i in items if match.end() <= i.span.start < clause_end]
        inside = [i for i in items if match.start() <= i.span.start < match.end()]
        if inside or len(values) < 2:
            continue
        # 甲、乙和丙: behind a 、 the 和 joins one more subject.
        least = listed[0] + (1 if listed[1] == listed[0] + 1 and _joins(match.group("head")) else 0)
        if not least <= len(values) <= listed[1]:
            yield Found(
                Span(match.start(), values[-1].span.end),
                f"“分别”前列了{least}个对象，后面有{len(values)}个数，对不上，请核对。",
            )


def _joins(head: str) -> bool:
    """Whether the last 和 stands between two things of like length (not inside one, as in 卫生和健康)."""
    both = _AND.split(head.rsplit("、", 1)[-1])
    return len(both) == 2 and min(len(part) for part in both) >= 3


RULES = (
    Rule("prose-C1-count", "count_mismatch", counts),
    Rule("prose-C1-placed", "count_mismatch", placed),
    Rule("prose-C1-repeated", "count_mismatch", repeated),
    Rule("prose-C1-words", "count_mismatch", repeated_words),
    Rule("prose-C1-opened", "count_mismatch", opened),
    Rule("prose-C1-announced", "count_mismatch", announced),
    Rule("prose-C2-respectively", "count_mismatch", respectively),
)
