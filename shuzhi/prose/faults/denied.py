"""Statements of one text that deny each other: none and some, everywhere and not yet, built and not begun."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.years import clock_of, report_years
from shuzhi.prose.model import Draft, Span

_HAN = "\u4e00-\u9fff"
_LEADS = re.compile(
    r"^(?:.*的(?=.{4})|[一二三四五六七八九]是|[全我本][县市区镇乡街村省旗校局州盟](?:道)?|全年|今年|目前|其中|同时|但是|但|而|的|了|截至|年内|一年来|由于|另外|此外|共|现|县内)+"
)
_OTHER = re.compile(
    r"上年|去年|前年|往年|此前|过去|曾|原|季度|上半年|下半年|月|期间|以来|春节|汛期|(?:19|20)\d\d年|计划|力争|确保|将|拟|争取|预计|到\d+年|目标是"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement: the place of its words, the thing spoken of, the whole sentence."""

    words: re.Match[str]
    what: str
    sentence: str

    @property
    def text(self) -> str:
        return self.words.group()


def _said(draft: Draft, pattern: re.Pattern[str], scope: re.Pattern[str] = _OTHER) -> Iterator[_Said]:
    """Statements about the year under report; sentences of other times and of plans are left out."""
    clock = clock_of(draft)
    for match in pattern.finditer(draft.text):
        sentence = next((s for s in draft.sentences if s.start <= match.start() < s.end), None)
        if sentence is None or clock.plans(match.start()):
            continue
        said = sentence.of(draft.text)
        if not scope.search(said):
            yield _Said(match, _LEADS.sub("", match.group("what").strip("“”")), said)


def _told(denied: _Said, denying: _Said) -> Found:
    """The finding, at the later of two statements."""
    first, last = sorted((denied, denying), key=lambda s: s.words.start())
    return Found(
        Span(*last.words.span()),
        f"前面说“{first.text.strip('，')}”，这里说“{last.text.strip('，')}”，前后矛盾，请核对。",
        "likely",
    )


_WHOLE = "(?:[全我本][县市区镇乡旗]|全年|今年|一年来|全年来|年内)+"
_NEVER = re.compile(
    rf"(?<![{_HAN}])(?P<scope>{_WHOLE})?(?:均|都|也|实现)?(?:(?:未|没有)发生(?:过)?(?:一起|任何|1起)?(?P<what>[{_HAN}]{{3,16}}?)(?=[，。；、]))"
)
_ZERO = re.compile(
    rf"(?<![{_HAN}])(?P<scope>{_WHOLE})?(?:实现)?(?P<what>[{_HAN}]{{3,12}}?)[“]?零[”]?(?:发生|记录)"
)
_SOME = re.compile(
    rf"(?<!未)(?<!没有)(?:发生|出现)(?:了)?(?:各类)?(?P<what>[{_HAN}]{{3,16}}?)(?:共)?(?:[1-9]\d*|[一二三四五六七八九])[起次例]"
)
_NONE_CUE = re.compile("未发生|没有发生|零[”]?(?:发生|记录)")
_GRADES = re.compile(r"(?:(?:较|重|特别重)大)?(?:及)?以上")


def never_but_some(draft: Draft) -> Iterator[Found]:
    """全年未发生越级上访事件 here, 发生越级上访事件2起 there."""
    if not _NONE_CUE.search(draft.text):
        return
    for pattern in (_NEVER, _ZERO):
        for never in _said(draft, pattern):
            # 未发生较大及以上事故 denies no plain accident.
            if _GRADES.search(never.what) or len(never.what) < 3:
                continue
            # Without 全县 the words may be about one fair, one road; a thing of few words is every fair's.
            if never.words.group("scope") is None and len(never.what) < 5:
                continue
            for some in _said(draft, _SOME):
                if some.what.endswith(never.what):
                    yield _told(never, some)
                    break


_EVERYWHERE = re.compile(
    rf"(?<![{_HAN}])(?P<what>[{_HAN}]{{3,16}}?)(?:已|全面|全部|基本)*(?:实现|达到)(?:了)?(?:行政村|村级|全县|全市|村村|城乡)?全覆盖"
    rf"|村村(?:都)?(?:有|通|建有)(?:了)?(?P<a>[{_HAN}]{{2,8}})|(?:(?:村|社区|乡镇)(?:已)?(?:全部|均已?|都)|(?:所有|全部)(?:行政|建制)?村)(?:通|接通|建有|用上)(?:了)?(?P<b>[{_HAN}]{{2,8}})"
)
_LACKING = re.compile(
    rf"(?:仍然有|仍有|还有|尚有)\d{{1,3}}个(?P<kind>行政村|自然村|建制村|村民小组|村|社区|乡镇|镇|乡|街道)(?P<what>(?:尚未|还未|没有|未|无|不通|仍未)[{_HAN}]{{2,16}})"
)


def everywhere_but_some(draft: Draft) -> Iterator[Found]:
    """农家书屋实现全覆盖 here, 还有3个村没有农家书屋 there."""
    for lack in _said(draft, _LACKING):
        kind = lack.words.group("kind")
        clock = clock_of(draft)
        for match in _EVERYWHERE.finditer(draft.text):
            what = _LEADS.sub("", match.group("what") or match.group("a") or match.group("b"))
            begin = max((s.start for s in draft.sentences if s.start <= match.start()), default=0)
            around = draft.text[begin : match.end()]
            if clock.plans(match.start()) or _OTHER.search(around) or "基本" in match.group():
                continue
            # Every township, and a village that lacks; every village, and a hamlet that lacks.
            small = kind in ("自然村", "村民小组") and kind not in around
            if small or (re.search(r"乡镇|镇级|街道", around) and kind not in ("乡镇", "镇", "乡", "街道")):
                continue
            # The whole thing, without what is said of it: 农家书屋建设 is 农家书屋.
            thing = re.sub(r"^(?:村级|镇级)|(?:建设|设置|配备|安装|服务|工作|网络)+$", "", what)
            if len(thing) >= 3 and thing in lack.what:
                yield _told(_Said(match, what, around), lack)
                break


_PLACE = "路|桥|中心|厂|站|场|馆|院|园|库|楼|线|基地|小学|中学|学校|幼儿园|大厅|隧道|码头|广场|泵房|闸|大道|学堂|驿站"
_SURELY = r"(?:正式|全面|如期|顺利|主体|全线|建设)*"
_BUILT = re.compile(
    rf"(?<![{_HAN}”])(?P<what>[{_HAN}]{{2,18}}(?:{_PLACE}))(?:建设)?(?:项目|工程)?(?:(?:已|现已|目前已)(?:经)?(?:于\d{{1,2}}月(?:\d{{1,2}}日|底|初)?)?|于\d{{1,2}}月(?:\d{{1,2}}日|底|初)?|{_SURELY}(?=建成投)){_SURELY}(?P<deed>建成投用|建成投入使用|建成|投入使用|投入运营|启用|投用|通车|竣工|完工|通过竣工验收)(?![{_HAN}]*\d)"
)
_UNBUILT = re.compile(
    rf"(?<![{_HAN}”])(?P<what>[{_HAN}]{{2,18}}?(?:{_PLACE}))(?:建设)?(?:项目|工程)?(?:因[{_HAN}]{{2,12}}?)?，?(?:至今|目前|迟迟|仍|还|尚)*(?:未(?:能)?|在|正在){_SURELY}(?P<deed>启用|投入使用|投入运营|投用|开工|动工|建成|完工|竣工|通车|建设|施工)(?!的)"
)
_IN_USE = ("启用", "投入使用", "投入运营", "投用", "通车")
_MANY = re.compile(
    r"部分|一些|个别|有的|一批|等|多个|各|[一二三四五]期|新建|改造|扩建|重点|配套|[一二三四五六七八九十]标段"
)
_BUILDING_TIME = re.compile(
    r"上年|去年|前年|往年|此前|曾|(?:19|20)\d\d年|计划|力争|确保|将|拟|争取|预计|期工程|一期|二期|三期"
)


def built_but_not(draft: Draft) -> Iterator[Found]:
    """城北污水处理厂已于9月投入使用 here, 城北污水处理厂尚未开工 there."""
    if not re.search(r"尚未|还未|仍未|未能|至今未|正在|仍在|尚在|未启用|未开工|未建成", draft.text):
        return
    undone = [s for s in _said(draft, _UNBUILT, _BUILDING_TIME) if not _MANY.search(s.what)]
    for done in _said(draft, _BUILT, _BUILDING_TIME) if undone else ():
        used = any(done.words.group("deed").endswith(w) for w in _IN_USE)
        for rest in undone:
            # What is built may well wait to be used.
            waits = rest.words.group("deed") in _IN_USE and not used
            if done.what == rest.what and len(done.what) >= 4 and not waits and not _MANY.search(done.what):
                yield _told(done, rest)
                break


_OVER = re.compile(
    rf"超额完成(?:了)?(?:全年|年度|市下达的?|县下达的?|上级下达的?)*(?P<what>[{_HAN}]{{3,14}}?)(?:年度|全年)?(?:目标任务|计划|任务|目标|指标)"
)
_OVER_TOO = re.compile(
    rf"(?<![{_HAN}])(?P<what>[{_HAN}]{{3,14}}?)(?:已|均)?超额完成(?:了)?(?:全年|年度)*(?:目标任务|计划|任务|目标|指标)"
)
_SHORT = re.compile(
    rf"(?<![{_HAN}])(?P<what>[{_HAN}]{{3,16}}?)(?:\d[\d.,]*[{_HAN}]{{1,3}}，)?(?:仅|只)?(?:完成|为|占)(?:了)?(?:全年|年度|市下达|县下达)*(?:目标任务|计划|任务|目标)数?的\d{{1,2}}(?:\.\d+)?[%％]"
)


def over_but_short(draft: Draft) -> Iterator[Found]:
    """超额完成植树造林年度任务 here, 植树造林3200亩，完成年度任务的86% there."""
    if "超额完成" not in draft.text:
        return
    for pattern in (_OVER, _OVER_TOO):
        for over in _said(draft, pattern):
            thing = re.sub(r"^完成|(?:工作|建设|总额|总量|任务)$", "", over.what)
            for short in _said(draft, _SHORT):
                core = re.sub(r"^完成|(?:工作|建设|总额|总量|面积|任务)$", "", short.what)
                if len(thing) >= 3 and core == thing:
                    yield _told(over, short)
                    break


_UP, _DOWN = "增加|增长|上升|提高|攀升|递增", "减少|下降|降低|回落|递减"
_VALUE = rf"(?:19|20)\d\d年(?:为|是|的?)?\d[\d.]*(?:[{_HAN}]{{1,3}}|[%％])"
_SERIES = re.compile(rf"{_VALUE}(?:[，、；]{_VALUE})+")
_TREND = re.compile(
    rf"(?:逐年|持续|连年|不断)(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?![{_HAN}]{{0,2}}(?:幅|率))"
)
_POINT = re.compile(rf"((?:19|20)\d\d)年(?:为|是|的)?(\d+(?:\.\d+)?)([{_HAN}]{{1,3}}|[%％])")


def trend_against_years(draft: Draft) -> Iterator[Found]:
    """案件逐年减少：2020年218件，2021年263件."""
    for trend in _TREND.finditer(draft.text):
        stop = draft.text.find("。", trend.end())
        series = _SERIES.match(draft.text, trend.end() + 1, stop if stop > 0 else len(draft.text))
        if series is None or draft.text[trend.end()] not in "：，（":
            continue
        points = sorted(_POINT.findall(series.group()))
        if len({unit for _, _, unit in points}) != 1 or len({year for year, _, _ in points}) != len(points):
            continue
        values = [Decimal(value) for _, value, _ in points]
        steps = [b - a for a, b in pairwise(values)]
        against = all(s < 0 for s in steps) if trend.group("up") else all(s > 0 for s in steps)
        if steps and against:
            yield Found(
                Span(trend.start(), series.end()),
                f"说“{trend.group()}”，所列各年数字却正好相反，请核对。",
                "likely",
            )


_MOST = re.compile(
    rf"(?<![{_HAN}])(?P<what>[{_HAN}]{{3,12}}?)(?:的)?(?:占比|占|比例|比重)?(?:已|已经)?(?:一半以上|过半|超过?半数|超过?一半|超过?[五六七八九]成)"
)
_FEW = re.compile(
    rf"(?<![{_HAN}])(?P<what>[{_HAN}]{{3,12}}?)(?:的)?(?:占比|占|比例|比重)?(?:仅|还|尚|仍)?(?:不足|不到)[一二两三四]成"
)


def most_but_few(draft: Draft) -> Iterator[Found]:
    """大专以上学历占一半以上 here, 大专以上学历占比不足三成 there."""
    if "不足" not in draft.text and "不到" not in draft.text:
        return
    few = [*_said(draft, _FEW)]
    for most in _said(draft, _MOST) if few else ():
        for less in few:
            if less.what == most.what and len(most.what) >= 3:
                yield _told(most, less)


_DEEDS = "化解|完成|发放|争取|实现|引进|新增|投入|新建|改造|培训|招引|建成|整治|兑付|清偿|偿还"
_UNITS = "亿元|万元|万亩|亩|公里|万人次|人次|人|户|个|家|座|套"
_BASE = re.compile(
    rf"在(?:今年|本年|(?P<year>20\d\d)年)?(?:度)?(?:已)?(?P<deed>{_DEEDS})(?P<what>[{_HAN}]{{2,14}})(?P<n>\d[\d,]*(?:\.\d+)?)(?P<unit>{_UNITS})的基础上"
)
_BASE_SCOPE = re.compile(r"上年|去年|前年|季度|半年|累计|以来|其中|五年|三年|期间|计划|目标|月")


def base_against_review(draft: Draft) -> Iterator[Found]:
    """化解隐性债务2.3亿元 in the review, 在今年化解隐性债务3.2亿元的基础上 in the plan."""
    if "的基础上" not in draft.text:
        return
    years, clock = report_years(draft), clock_of(draft)
    for base in _BASE.finditer(draft.text):
        year = base.group("year")
        # 今年 in a report that opens with the year to come is another year than the one reviewed.
        if year is not None and (years is None or int(year) != years.reviewed):
            continue
        told = re.compile(
            rf"(?<![{_HAN}])(?:全年|今年|共|全[县市区镇乡])*{base.group('deed')}{base.group('what')}(?P<n>\d[\d,]*(?:\.\d+)?){base.group('unit')}"
        )
        found = [m for m in told.finditer(draft.text, 0, base.start()) if not clock.plans(m.start())]
        if len(found) != 1 or _BASE_SCOPE.search(_sentence(draft, found[0].start())):
            continue
        here, there = (Decimal(m.group("n").replace(",", "")) for m in (base, found[0]))
        # 2.3 for 2.34 is the same number, told roughly.
        fine = min(here, there, key=lambda d: int(d.as_tuple().exponent))
        rough = there if fine is here else here
        if fine.quantize(rough, ROUND_HALF_UP) != rough:
            yield Found(
                Span(*base.span()),
                f"前面写“{found[0].group()}”，这里写“{base.group()}”，请核对后统一。",
                "likely",
            )


_DOWN = "下降|下滑|减少|降低"
_UP = "上升|增长|增加|提高"
_ELSEWHEN = re.compile(
    r"季度|上半年|下半年|月|以来|春节|全市|全省|全国|计划|力争|预计|目标|增速|增幅|占比|比重|去年同期|前年"
)
_WORDED = re.compile(
    rf"(?<![{_HAN}])(?P<what>[{_HAN}]{{5,18}}?)(?:较上年|比上年|同比|较去年)?(?:有所|略有|出现|明显|大幅|小幅)(?P<way>{_DOWN}|{_UP})(?=[，。；])"
)
_RATED = re.compile(
    rf"(?<![{_HAN}])(?P<what>[{_HAN}]{{5,18}}?)(?:[\d.,]+[万亿]?[{_HAN}]{{1,3}}[，、])?(?:比上年|较上年|同比|较去年)?(?P<way>{_DOWN}|{_UP})(?:了)?[\d.]+[%％]"
)


def words_against_rate(draft: Draft) -> Iterator[Found]:
    """A rise in per cent of what is elsewhere said to have fallen, or the other way."""
    worded = list(_said(draft, _WORDED, _ELSEWHEN))
    if not worded:
        return
    rated = list(_said(draft, _RATED, _ELSEWHEN))
    for said in worded:
        for rate in rated:
            ways = [re.fullmatch(_UP, s.words.group("way")) is not None for s in (said, rate)]
            if ways[0] != ways[1] and _one_thing(said.what, rate.what):
                yield _told(said, rate)
                break


def _one_thing(one: str, other: str) -> bool:
    """Whether two names are one, a deed (实现, 完成) within them aside."""
    short, long = sorted((re.sub("实现|完成|达到", "", name) for name in (one, other)), key=len)
    return len(short) >= 5 and long.endswith(short)


def _sentence(draft: Draft, place: int) -> str:
    """The words of the sentence that `place` lies in."""
    return next((s.of(draft.text) for s in draft.sentences if s.start <= place < s.end), "")


RULES = (
    Rule("prose-F3-base", "contradiction", base_against_review),
    Rule("prose-F3-never", "contradiction", never_but_some),
    Rule("prose-F3-everywhere", "contradiction", everywhere_but_some),
    Rule("prose-F3-built", "contradiction", built_but_not),
    Rule("prose-F3-over", "contradiction", over_but_short),
    Rule("prose-F3-trend", "contradiction", trend_against_years),
    Rule("prose-F3-rate", "contradiction", words_against_rate),
    Rule("prose-F3-most", "contradiction", most_but_few),
)
