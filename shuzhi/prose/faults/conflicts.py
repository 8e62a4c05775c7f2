"""One thing with two values: a figure, the number of villages; 全部完成 beside what is not, none beside some."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.sums import Window, amount, base_unit, honest, scale_of, window
from shuzhi.prose.faults.years import clock_of
from shuzhi.prose.model import Draft, Figure, Span
from shuzhi.prose.sense.timing import Clock
from shuzhi.prose.tables import any_of, words

# Words of a sentence that set its figures apart from others of the same name: time, place, part, purpose.
_SCOPE = re.compile(
    r"上年|去年|前年|(?:19|20)\d\d年|上半年|下半年|季度|\d{1,2}月|累计|五年|三年|计划|目标|力争|确保|明年|预计|截至|其中|分别|平均|每[人户亩月年]|首批|第[一二三四五六]批|一期|二期|剩余|尚|期间|全市|全省|全国|(?<!规模)以上|由|从|原有|年均|任务"
)
OTHER_TIME = re.compile(r"上年|去年|前年|(?:19|20)\d\d年|季度|上半年|\d{1,2}月|由|从|原|较|比|期")
_CELL = re.compile(r"[\t|｜]")


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure with the words it is told in: label, scope words of its clause, the sentence it stands in."""

    figure: Figure
    label: str
    scope: frozenset[str]
    sentence: int


_GROWN = re.compile(
    r"(?:同比|比上年|较上年|比去年|较去年)?(?:净)?(?:增长|增加|提高|上升|下降|降低|减少|下滑|回落)(?:了|为|达到|达|约)*$"
)
# Deeds done many times a year, measures every project has: another number is another occasion or another project.
_EVERYDAY = re.compile(r"(?:会议|培训|活动|检查|调研|宣传|讲座|演练|服务|学习|督查|座谈|走访|慰问)$")
_ANY = re.compile(
    r"(?<!公共)预算|计划|目标|任务|^(?:其中|全部|完成|实现|累计|年)?(?:总|完成|计划|累计|年度)?(?:投资|资金|产值|面积|里程|收入|税收|金额|产量|销售额|人数|户数|规模|利润|补助|群众|就业|问题|项目)+$|^(?:占地|建筑|惠及|带动|投入|涉及|吸纳|解决|受益|覆盖|服务|发放|落实|争取|使用|安排|支付|补助|发现|整改)"
)


@cache
def _leads() -> re.Pattern[str]:
    # 在, 由, 对 … may begin a noun (在职党员): only longer words and these few are taken off.
    leads = tuple(w for w in words("phrases", "leads") if len(w) > 1 or w in "共已将并仅只也均都的，、")
    return re.compile(f"^(?:{any_of(leads)})+")


@cache
def _links() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(words('phrases', 'links'))})+$")


def _label(draft: Draft, figure: Figure) -> str:
    """The words before a figure in its clause, without what opens a clause and what joins subject and number."""
    left = draft.text[figure.clause.start : figure.span.start]
    if _CELL.search(left):
        return figure.meaning.quantity
    left = re.split(r"[、和及与]", left)[-1] if "、" in left else left
    if figure.meaning.kind == "growth":
        left = _GROWN.sub("", left)
    bare = _links().sub("", re.sub(r"^.*?[）)]", "", left) if left.startswith(("（", "(")) else left)
    return _leads().sub("", bare).strip("“”《》的了 \u3000")


# What official prose says in turn of one thing, and words that add nothing to a label.
_IN_TURN = (
    ("规模以上", "规上"),
    ("调处", "化解"),
    ("调解", "化解"),
    ("注册", "登记"),
    ("查办", "查处"),
    ("培育", "培养"),
    ("建设", "建成"),
    ("地区生产总值", "GDP"),
    ("生产总值", "GDP"),
)
_IDLE = re.compile(r"^[全我][县市区镇乡街旗](?:道)?|各类|各种|累计|全年|共计|一共|年内")


def _plain_label(label: str) -> str:
    """`label` in one of the ways it may be said."""
    for said, plain in _IN_TURN:
        label = label.replace(said, plain)
    return _IDLE.sub("", label) or label


def two_values(draft: Draft) -> Iterator[Found]:
    """One quantity with two values in different sentences, said in the same words."""
    clock = clock_of(draft)
    starts = [s.start for s in draft.sentences]
    first: dict[tuple[str, str, str], _Told] = {}
    for figure in draft.figures:
        told = _comparable(draft, figure, clock, starts)
        if told is None:
            continue
        tail = draft.text[figure.full.end : figure.full.end + 6]
        noun = re.match(r"[\u4e00-\u9fff]{0,6}", tail)
        growing = "growth" if figure.meaning.kind == "growth" else "value"
        key = ("".join(sorted(_plain_label(told.label))), base_unit(figure), growing)
        other = first.setdefault(key, told)
        if other is told or other.sentence == told.sentence or other.scope != told.scope:
            continue
        if not _clash(draft, other.figure, figure):
            continue
        behind = draft.text[other.figure.full.end : other.figure.full.end + 6]
        same_noun = noun is None or re.match(r"$|[全均都已参占比受得]", noun.group()) is not None
        if noun is not None and not same_noun and not behind.startswith(noun.group()[:2]):
            continue
        unit = figure.meaning.unit or ""
        yield Found(
            Span(figure.clause.start, figure.full.end),
            f"“{told.label}”前面写{other.figure.text}{other.figure.meaning.unit or ''}，"
            f"这里写{figure.text}{unit}，请核对后统一。",
            "likely",
        )


def _comparable(draft: Draft, figure: Figure, clock: Clock, starts: list[int]) -> _Told | None:
    """The figure as told, if its words are telling enough to know the same thing again."""
    meaning = figure.meaning
    if meaning.kind in ("name", "other") or figure.meaning.unit is None or clock.plans(figure.span.start):
        return None
    if meaning.time in ("previous year", "plan"):
        return None
    label = _label(draft, figure)
    whole = (
        re.search(r"共|全年|全县|一年来|年内", draft.text[figure.clause.start : figure.span.start])
        is not None
    )
    least = 9 if meaning.kind == "count" and _EVERYDAY.search(label) and not whole else 4
    if len(label) < least or _ANY.search(label) or re.search(r"[\dX×□○＊*]", label):
        return None
    at = bisect_right(starts, figure.span.start) - 1
    sentence = draft.sentences[at] if at >= 0 else figure.clause
    said = draft.text[sentence.start : figure.span.start]
    scope = frozenset(_SCOPE.findall(said[-80:] + draft.text[figure.full.end : figure.full.end + 2]))
    if "累计" in scope:
        scope -= {"五年", "三年", "期间"}
    return _Told(figure, label, scope, at)


def _clash(draft: Draft, a: Figure, b: Figure) -> bool:
    """Whether no value can be meant by both, their rounding and bounds granted."""
    if a.value_max is not None or b.value_max is not None:
        return False
    if a.meaning.kind == "growth" == b.meaning.kind and a.meaning.direction != b.meaning.direction:
        return a.value != 0 or b.value != 0
    if a.meaning.bound is None and b.meaning.bound is None:
        # Ten thousand times as much is a slip of the unit, told by its own rule.
        return not window(a).meets(window(b)) and not _scaled(a, b)
    exact, rough = (a, b) if a.meaning.bound is None else (b, a)
    if exact.meaning.bound is not None:
        return False
    size = scale_of(rough.meaning.unit)[0]
    real = window(exact)
    return not honest(
        rough, Window(real.low / size, real.high / size), draft.text[rough.clause.start : rough.span.start]
    )


def _scaled(a: Figure, b: Figure) -> bool:
    """Whether one is exactly ten thousand (or a hundred million) times the other."""
    low, high = sorted((amount(a), amount(b)))
    return low > 0 and high / low in (10**4, 10**8)


def slipped(draft: Draft) -> Iterator[Found]:
    """The same quantity ten thousand times as large in another place: 万 and 亿 exchanged."""
    first: dict[tuple[str, str], Figure] = {}
    for figure in draft.figures:
        meaning = figure.meaning
        if meaning.kind not in ("level", "money", "count") or len(meaning.quantity) < 4 or not figure.value:
            continue
        other = first.setdefault((meaning.concept, base_unit(figure)), figure)
        if other is figure or other.clause == figure.clause:
            continue
        if _scaled(figure, other):
            yield Found(
                Span(figure.clause.start, figure.full.end),
                f"“{meaning.quantity}”前面写{other.text}{other.meaning.unit}，这里写{figure.text}{meaning.unit}，"
                "相差一万倍，请核对“万”“亿”。",
            )


_ALL_DONE = re.compile(
    r"(?:已?(?:全部|全数|悉数|(?<![平人户亩年月日村床])均已?|100%|百分之百|百分百))(?:按期|按时|如期|顺利|得到|已)?(?P<deed>整改|办结|完成|化解|脱贫|销号|兑现|入住|开工|竣工|投产|投用|解决|处置|处理|到位|清零|清退|办复|答复|通过|验收|建成|落实|达标|合格|覆盖)"
)
_NOT_DONE = re.compile(
    r"(?:尚有|还有|仍有|剩余|余下|另有|其余)(?P<left>\d[\d,]*|[一二三四五六七八九十]{1,3})(?P<unit>[个项件户家起处座]|人|名)[^，。；\n]{0,10}?(?:未|没有|尚未|正在|有待|待)(?:完成|整改|办结|化解|脱贫|解决|开工|竣工|兑现|处置|入住|到位|建成|落实|推进|办理)"
)


def all_but_some(draft: Draft) -> Iterator[Found]:
    """全部办结 beside 办结率98% or 尚有3件未办结."""
    yield from _some_left(draft)
    for sentence in draft.sentences:
        said = sentence.of(draft.text)
        done = _ALL_DONE.search(said)
        if done is None:
            continue
        deed = done.group("deed")
        rate = re.search(rf"{deed}(?:完成)?率(?:达到|达|为|是)?(?P<p>\d{{1,2}}(?:\.\d+)?)[%％]", said)
        left = _NOT_DONE.search(said)
        about = said[done.end() :] if done.end() < (rate or left or done).start() else said[: done.start()]
        if re.search(
            r"其中|；|;",
            said[
                min(done.start(), (rate or left or done).start()) : max(
                    done.end(), (rate or left or done).end()
                )
            ],
        ):
            continue
        other = rate or (left if left and deed in left.group() else None)
        if other is None or len(about) > 60:
            continue
        begin, end = min(done.start(), other.start()), max(done.end(), other.end())
        yield Found(
            Span(sentence.start + begin, sentence.start + end),
            f"前后矛盾：一处说“{done.group()}”，一处说“{other.group()}”，请核对。",
        )


_FULL_RATE = re.compile(r"(?P<deed>[\u4e00-\u9fff]{2})率(?:均|都)?(?:达到|达|为)?(?:100[%％]|百分之百)")


def rate_and_rest(draft: Draft) -> Iterator[Found]:
    """复核率达到100% here, 尚有160户未复核 in the same paragraph."""
    for match in _FULL_RATE.finditer(draft.text):
        stop = draft.text.find("\n", match.end())
        left = re.compile(
            rf"(?:尚有|还有|仍有|剩余)\d[\d,]*[\u4e00-\u9fff]{{1,8}}?(?:尚未|还未|未能|未)(?:完成)?{match.group('deed')}"
        ).search(draft.text, match.end(), stop if stop > 0 else len(draft.text))
        if left is not None:
            yield Found(Span(*left.span()), f"前面说“{match.group()}”，这里又说“{left.group()}”，请核对。")


_TOTAL_OF = re.compile(
    r"(?:共有|现有|下设|拥有|共建有)(?:(?P<noun>[\u4e00-\u9fff]{4,8})(?P<n>\d{1,4})(?P<unit>[个家所座支名人])|(?P<n2>\d{1,4})(?P<unit2>[个家所座支名人])(?P<noun2>[\u4e00-\u9fff]{4,8})(?=[，。；、]))"
)


def totals_of_kinds(draft: Draft) -> Iterator[Found]:
    """共有基层党支部47个 here, 54个基层党支部全部达标 there."""
    for match in _TOTAL_OF.finditer(draft.text):
        noun, said = match.group("noun") or match.group("noun2"), match.group("n") or match.group("n2")
        unit = match.group("unit") or match.group("unit2")
        counted = "[名人]" if unit in "名人" else unit
        for other in re.finditer(
            rf"(?:(?<![\d一-龥])|(?<=[全我本][县市区镇乡局村校]))(\d{{1,4}}){counted}{noun}(?:全部|均|都|全面)",
            draft.text,
        ):
            if other.group(1) != said:
                yield Found(
                    Span(*other.span()),
                    f"前面写{noun}共{said}{unit}，这里写{other.group(1)}{unit}，请核对后统一。",
                )


_EVERY = re.compile(
    r"(?:所有|全县|全市|全区|全镇|全乡)?(?P<what>[\u4e00-\u9fff]{2,6})全部(?:按期|按时|如期|顺利|实现|完成)?(?P<deed>[\u4e00-\u9fff]{2})"
)


def _some_left(draft: Draft) -> Iterator[Found]:
    """所有贫困村全部出列 here, 还有2个贫困村未出列 there."""
    clock = clock_of(draft)
    for match in _EVERY.finditer(draft.text):
        what, deed = match.group("what"), match.group("deed")
        # 20个乡镇全部通水: the counter is no part of the kind.
        kind = what.lstrip("个项件户家处座名人")[-3:]
        left = re.compile(
            rf"(?:尚有|还有|仍有|剩余|余下|其中)(?:\d[\d,]*|[一二三四五六七八九十]{{1,3}})[个项件户家处座名人]{re.escape(kind)}(?:尚未|还未|未能|没有|未|正在)(?:完成|实现)?{deed}"
        ).search(draft.text)
        if left is None or clock.plans(match.start()) is not clock.plans(left.start()):
            continue
        yield Found(Span(*left.span()), f"一处说“{match.group()}”，这里又说“{left.group()}”，请核对。")


_PLACES = "行政村|建制村|自然村|村民小组|村|社区|乡镇|镇街|街道|镇|乡|村（社区）|村（居）"
_HAS = re.compile(
    rf"(?:全[县市区乡镇街旗](?:道)?|我[县乡镇区市旗]|所?辖|辖区|全街道|走遍(?:了)?(?:全[县市区乡镇旗])?)(?:现|共|下|管)*(?:有|辖)?(?:的)?(?:全部)?(?P<n>\d{{1,3}})个(?P<kind>{_PLACES})(?!民|干|级|容|集体)"
)
_ALL = re.compile(
    rf"(?<![\d一-龥])(?:全部)?(?P<n>\d{{1,3}})个(?P<kind>{_PLACES})(?:全部|均|都|全面|实现全覆盖|已全部)|全部(?P<n2>\d{{1,3}})个(?P<kind2>{_PLACES})"
)


def numbers_of_places(draft: Draft) -> Iterator[Found]:
    """全乡11个村 here and 12个村全部通水 there."""
    first: dict[str, int] = {}
    found = sorted([*_HAS.finditer(draft.text), *_ALL.finditer(draft.text)], key=lambda m: m.start())
    for match in found:
        named = match.groupdict()
        kind = (named["kind"] or named.get("kind2") or "").replace("行政村", "村").replace("建制村", "村")
        said = int(named["n"] or named.get("n2") or 0)
        known = first.setdefault(kind, said)
        if said != known and abs(said - known) * 4 <= max(known, 8):
            yield Found(Span(*match.span()), f"前面写{known}个{kind}，这里写{said}个，请核对后统一。")


_NONE = re.compile(
    r"(?:未发生|没有发生|无|零|杜绝了?)(?:一起|任何)?(?P<what>(?:重大|较大|安全|生产|责任|质量|交通|火灾|群体性|越级|进京|赴省|恶性|刑事|网络|舆情|食品|药品|非正常){0,4}(?:事故|上访|事件|案件|疫情|火灾))"
)


def none_but_some(draft: Draft) -> Iterator[Found]:
    """全年未发生安全事故 here and 发生安全事故2起 there."""
    clock = clock_of(draft)
    for match in _NONE.finditer(draft.text):
        what = match.group("what")
        if len(what) < 4 or clock.plans(match.start()):
            continue
        for other in re.finditer(
            rf"(?:发生|查处|处置)(?:各类|一般)?{re.escape(what)}(?:共)?\s*(?P<n>[1-9]\d*|[一二三四五六七八九])\s*[起次例]",
            draft.text,
        ):
            said = draft.text[max(0, other.start() - 30) : other.start()]
            if OTHER_TIME.search(said) or clock.plans(other.start()):
                continue
            yield Found(Span(*other.span()), f"一处说“{match.group()}”，这里又说“{other.group()}”，请核对。")
            break


RULES = (
    Rule("prose-F2-two-values", "contradiction", two_values),
    Rule("prose-F2-all", "contradiction", all_but_some),
    Rule("prose-F2-rate", "contradiction", rate_and_rest),
    Rule("prose-F2-kinds", "contradiction", totals_of_kinds),
    Rule("prose-F2-villages", "contradiction", numbers_of_places),
    Rule("prose-F2-none", "contradiction", none_but_some),
    Rule("prose-U1-slip", "unit", slipped),
)
