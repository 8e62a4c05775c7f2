"""One document, project or person under two names that differ in a character."""

import re
from collections.abc import Iterator

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Draft, Span

_QUOTED = re.compile(r"《([^《》\n]{5,40})》|“([^“”\n]{5,16})”")
_MARKS = re.compile(r"[“”《》〈〉‘’\s]")
# Characters that make two names of two true different things.
_TELLING = frozenset(
    "一二三四五六七八九十〇零0123456789甲乙丙丁上中下前后东西南北内外新老旧大小高低县区市省州乡镇村街旗XxX×男女城水电路气林田农工商党政军民春夏秋冬年月季日正副左右进出公私幼不又要没未非无能会敢想可应多少是有从到变我你他再更"
)
_HAN = "\u4e00-\u9fff"
_HEAD = "项目|工程|公园|水库|大道|大桥|产业园|工业园|园区|基地|中心|平台|电站|风电场|古镇|景区|广场|学校|医院|高速|铁路|公路|河|小镇|专项行动|行动计划|系统|机制|模式|公司|集团|合作社|学院|大学"
_NAMED = re.compile(rf"([{_HAN}]{{4,14}}?)({_HEAD})")
_OPENERS = re.compile(
    r"^.*(?:推进|实施|启动|完成|建成|新建|改建|扩建|开工|建设|打造|加快|推动|支持|引进|总投资|的|在|和|与|及|对|将|把|等|为|以|了|是|市级|县级|省级|年|元)"
)


def quoted(draft: Draft) -> Iterator[Found]:
    """Two quoted names that differ in a single character, or a quoted name that stands unquoted with one."""
    seen: dict[str, Span] = {}
    for match in _QUOTED.finditer(draft.text):
        name = _MARKS.sub("", match.group(1) or match.group(2))
        span = Span(*match.span())
        if len(name) < 5 or any(s.touches(span) for s in draft.boilerplate):
            continue
        if name not in seen:
            other = next((o for o in seen if len(o) == len(name) and _one_apart(o, name)), None)
            if other is not None:
                yield _told(span, other, name)
            seen[name] = span
    yield from _unquoted(draft, seen)


def _unquoted(draft: Draft, seen: dict[str, Span]) -> Iterator[Found]:
    """Names that stand in quotes in one place and, a character apart, without them in another."""
    folded, places = _folded(draft.text)
    for name, span in seen.items():
        if len(name) < 6:
            continue
        cut = len(name) // 2
        for part, offset in ((name[:cut], 0), (name[cut:], cut)):
            at = folded.find(part)
            while at >= 0:
                start = at - offset
                other = folded[max(0, start) : start + len(name)]
                here = Span(places[max(0, start)], places[min(len(places) - 1, start + len(name) - 1)] + 1)
                fits = len(other) == len(name) and other not in seen and not here.touches(span)
                if fits and re.fullmatch(rf"[{_HAN}]+", other) and _one_apart(other, name):
                    yield _told(here, name, other)
                    return
                at = folded.find(part, at + 1)


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` without quotes and book marks, and where each character of it stood."""
    kept = [(i, c) for i, c in enumerate(text) if c not in "“”《》〈〉‘’"]
    return "".join(c for _, c in kept), [i for i, _ in kept]


def _told(span: Span, other: str, name: str) -> Found:
    return Found(span, f"别处写“{other}”，这里写“{name}”，一字之差，请核对是不是同一个。", "likely")


def _one_apart(a: str, b: str) -> bool:
    apart = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return len(apart) == 1 and not (apart[0][0] in _TELLING or apart[0][1] in _TELLING)


def projects(draft: Draft) -> Iterator[Found]:
    """竹材深加工项目 here and 木材深加工项目 there: names of works and systems a character apart."""
    seen: dict[str, Span] = {}
    for match in _NAMED.finditer(draft.text):
        body = _OPENERS.sub("", match.group(1))
        if len(body) < 4 or any(s.touches(Span(*match.span())) for s in draft.boilerplate):
            continue
        name, span = body + match.group(2), Span(match.end() - len(body) - len(match.group(2)), match.end())
        if name in seen:
            continue
        other = next(
            (o for o in seen if len(o) == len(name) and o[:1] == name[:1] and _one_apart(o, name)), None
        )
        if other is not None:
            yield _told(span, other, name)
        seen[name] = span


_CALLED = re.compile(
    rf"(?:县长|区长|市长|旗长|镇长|乡长|书记|局长|主任|部长|院长|主席)(?P<name>[{_HAN}]{{2,3}})(?=主持|同志|带队|出席|率|深入|调研|到会|作|指出|强调|一行|先后)"
)


def called(draft: Draft) -> Iterator[Found]:
    """县长高振邦 here, 高振帮一行 there: a leader's name with another character."""
    for match in _CALLED.finditer(draft.text):
        name = match.group("name")
        if len(name) < 3 or "某" in name:
            continue
        for other in re.finditer(
            rf"{name[:1]}[{_HAN}]{{2}}(?=一行|同志|主持|带队|出席|指出|强调)", draft.text
        ):
            if other.group() != name and _one_apart(other.group(), name):
                yield _told(Span(*other.span()), name, other.group())


_SIGNED = re.compile(rf"(?:述职人|报告人|汇报人|签名)[：:]\s*([{_HAN}]{{2,4}})(?=\s|$)")
_BYLINE = re.compile(
    rf"(?:局长|县长|区长|镇长|乡长|书记|主任|市长|旗长|院长|校长|部长|检察长|主席)[\s\u3000]+([{_HAN}]{{2,3}}|[{_HAN}]\u3000[{_HAN}])\s*$",
    re.M,
)


def persons(draft: Draft) -> Iterator[Found]:
    """The name below the title and the name signed at the end are not one person's."""
    head = _BYLINE.search(draft.text, 0, min(len(draft.text), draft.title.end + 120))
    foot = _SIGNED.search(draft.text, max(draft.title.end, len(draft.text) - 200))
    if head is None or foot is None:
        return
    above, below = head.group(1).replace("\u3000", ""), foot.group(1)
    if above != below and "某" not in above + below:
        yield Found(Span(*foot.span(1)), f"题下署名“{above}”，落款写“{below}”，请核对姓名。", "likely")


RULES = (
    Rule("prose-N1-spelling", "name_inconsistency", quoted),
    Rule("prose-N1-project", "name_inconsistency", projects),
    Rule("prose-N1-called", "name_inconsistency", called),
    Rule("prose-N1-person", "name_inconsistency", persons),
)
