"""Takes the words beside a figure apart: what opens the phrase, what was done, what changed, what is measured."""

import re
from dataclasses import dataclass
from functools import cache

from shuzhi.prose.sense.deeds import came_to, could_be_noun, deed, deed_behind, deeds, is_deed, unmannered
from shuzhi.prose.tables import any_of, lexicon, listed, strings, words


@dataclass(frozen=True, slots=True)
class Phrase:
    """`verb` done to `noun`; `behind` says the verb stood behind the noun (参保), `light` that it says nothing itself."""

    noun: str
    verb: str = ""
    behind: bool = False
    light: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A change verb straight before a figure: its facet, what stood before it, whether it states the new value (降至)."""

    verb: str
    facet: str
    subject: str
    new_value: bool
    down: bool
    compared: bool = False


_DATED = re.compile(
    r"(?:19|20)\d\d年(?:底|末|初|度)?|[一二三四]季度|近?[一二三四五六七八九十两\d]{1,2}年(?:来|间|期间)?(?=累计|共|新|来|，)|近[一二三四五六两\d]年来?|\d{1,2}月(?:底|末|份)?前?"
)


def _opened(text: str) -> int:
    """Where the word ends that opens a phrase (今年以来, 全县, 2024年), 0 where none does."""
    ends = lexicon("phrases", "leads").ends(text, 0)
    dated = None if ends else _DATED.match(text)
    return ends[0] if ends else dated.end() if dated is not None else 0


# 成功率, 平均化: what begins like an opening word is the noun itself.
_TAIL = re.compile(r"率(?![先领])|度(?![过假])|化(?!解)|性|量|额|数(?![十百千])")


@cache
def _kept() -> tuple[str, ...]:
    return words("phrases", "kept")


# Characters that make another word of a link behind them: 签约, 下达, 收到, 国有, 现在.
_JOINED = {
    "约": "签合节制违预公条契",
    "达": "下传送表直到",
    "到": "收得看做签找接遇感请赶",
    "有": "拥所国享私公没",
    "为": "作成行认",
    "在": "现存正潜",
    "占": "抢侵",
    "近": "邻附靠",
    "超": "赶",
    "即": "立随",
    "目标": "初度年",
}


def _link(text: str) -> int:
    """Where the word begins that joins `text` to the number behind it, the longest there is; -1 where none does."""
    links, end = listed("phrases", "links"), len(text) - text.endswith("\n")
    for start in range(max(0, end - _longest_link()), end):
        word = text[start:end]
        if word in links and not (start and text[start - 1] in _JOINED.get(word, "")):
            return start
    return -1


@cache
def _longest_link() -> int:
    return max(map(len, words("phrases", "links")))


@cache
def _change() -> re.Pattern[str]:
    verbs = any_of(tuple(strings("phrases", "growth")))
    to = any_of(words("phrases", "change", "to"))
    return re.compile(
        rf"(?<![新净核审精裁加递晋])({verbs})(了|幅度|(?<=增长|下降|上升)率)?({to}了?)?(?:[了约为达超近]|超过|不低于|突破|接近|不少于|不超过|达到|控制在|保持在)*$"
    )


@cache
def _against() -> re.Pattern[str]:
    return re.compile(
        r"(?:[，,、]|（[^（）]{1,8}）|(?:比|较)(?:上年|去年)(?:决算|执行|完成)数?|(?:比|较)[^，]{0,14}(?:指标|目标|任务|计划|预算|节点|时限)|(?:比|较)(?:(?:19|20)?\d{2,4}年|上年|去年|年初|前年|同期|上届|五年前|计划|常年|往年|历年|正常年份|改革前|整改前|以前|过去|规定时限|法定时限)(?:[一-龥]{0,6}时|底|末|同期|建档立卡)?的?|"
        + any_of(words("phrases", "change", "against"))
        + ")$"
    )


def bare(text: str) -> str:
    """`text` without what opens a phrase (今年以来, 全县, 累计 …) and without blanks."""
    text = text.strip(" \u3000\n\r\t、，")
    while text and not text.startswith(_kept()):
        end = _opened(text)
        if not end or _TAIL.match(text, end):
            break
        text = text[end:]
    acted = unmannered(text)
    return acted if acted != text else text.strip(" \u3000")


def unlinked(text: str) -> str:
    """`text` without the words that join a subject to its number (达到, 约, 控制在 …)."""
    text = text.rstrip(" \u3000")
    text = re.sub(
        r"连续(?:\d{1,2}|[一二三四五六七八九十两]{1,2})[年月](?:都|均|稳定)?(?:保持在|稳定在|达到|超过|突破|保持|位居)*$",
        "",
        text,
    )
    while text:
        start = _link(text)
        if start < 0 or text.removesuffix("\n") in ("合计", "共计", "总计"):
            return text
        text = text[:start].rstrip(" \u3000")
    return text


def change(text: str) -> Change | None:
    """The change verb `text` ends with, or None; 新增 and 净增 are deeds, not changes."""
    match = _change().search(text)
    if match is None:
        return None
    verb = match.group(1)
    subject = text[: match.start()]
    if verb in ("少", "多") and not re.search(r"(?:比|较)[^，]{1,12}$", subject):
        return None
    while True:
        stripped = _against().search(subject)
        if stripped is None:
            break
        subject = subject[: stripped.start()]
    facet = strings("phrases", "growth")[verb]
    down = verb in listed("phrases", "down", "verbs")
    against = text[len(subject) : match.start()]
    return Change(verb, facet, subject, bool(match.group(3)), down, bool(re.search(r"[比较]", against)))


def phrase(text: str) -> Phrase:
    """Verb and noun of the words before a figure (改造老旧小区 → 改造, 老旧小区)."""
    served = _FOR_WHOM.match(text) is not None
    text = _earned(_ACTOR.sub("", bare(unlinked(text))))
    if text in listed("phrases", "nouns", "general"):
        return Phrase(text)
    first = deed(text)
    if first:
        within = _inner(text, served) if could_be_noun(first) else None
        opened = within or _opening(text, first)
        if opened is not None:
            return opened
    start = deed_behind(text)
    if _reaches(text, start) and text[:start] not in _PER_HEAD:
        verb = text[start:].rstrip("了过")
        if text.startswith("被"):
            return Phrase("", verb)
        return Phrase(_ADVERBS.sub("", text[:start]), verb, True, False)
    inner = _inner(text, served)
    return inner if inner is not None else Phrase(_of_list(text))


# 成功率, 改造面积: what looks like a deed is the head of a noun.
_NOUN_BEHIND = re.compile(r"率|化|性|额|面积|资金|中心|工程|量|里程|数|人数|户数|次数")


def _opening(text: str, first: str) -> Phrase | None:
    """A deed that opens the words, with its object; None where it only begins a noun."""
    verb, rest = _plain(first.rstrip("了过")), text[len(first) :]
    if rest in listed("phrases", "nouns", "general"):
        return _of_general(text, verb, rest)
    if came_to(rest):
        return Phrase("", verb + rest)
    made = _MADE_OF.match(rest) or (verb != "投入" and ends_with("nouns", "level_heads").fullmatch(rest))
    if verb in listed("phrases", "verbs", "nounlike") and made:
        return Phrase(text)
    if len(rest) == 1 or _NOUN_BEHIND.match(rest):
        return None
    light = verb in listed("phrases", "verbs", "light")
    return Phrase(_of_list(bare_object(rest)), verb.replace("、", ""), False, light)


def _plain(verb: str) -> str:
    """A chain of deeds without the light verb that leads it (开展督查 → 督查)."""
    led = [light for light in words("phrases", "verbs", "light") if verb.startswith(light)]
    if not led or verb in listed("phrases", "verbs", "action"):
        return verb
    return next((verb[len(light) :] for light in led if is_deed(verb, len(light))), verb)


def _reaches(text: str, start: int) -> bool:
    """Whether enough stands before the verb that starts there to be its noun (羊出栏 has one character)."""
    return start > 1 or (start == 1 and text[start:] in strings("phrases", "verbs", "facet"))


# Who did it opens the clause: 县文旅局完成…, 12345热线办理….
_ACTOR = re.compile(
    r"^[\u4e00-\u9fff\d]{1,12}?(?:局|部门|公司|机关|支队|大队|派出所|司法所|法院|检察院|协会|热线|单位|街道办)"
    r"(?:累计|共|先后|已)*(?=(?:完成|开展|组织|举办|召开|受理|办理|查处|实施|发放|审结|破获|排查|提供)[^率件])"
)
_FOR_WHOM = re.compile(r"[，、\s]*(?:共|累计|先后|还|已|及时)*(?:为|对|给|向)")


def _earned(text: str) -> str:
    """产业实现产值 is 产业产值."""
    found = re.fullmatch(r"(.{2,14})(?:实现|完成)(.{2,8})", text)
    if found is None or found.group(2) == "投资":
        return text
    head = ends_with("nouns", "level_heads").fullmatch(found.group(2))
    return found.group(1) + found.group(2) if head is not None else text


_ADVERBS = re.compile(
    r"(?<=.{2})(?:按时|按期|足额|全部|有序|稳步|持续|不断|同步|加快|深入|扎实|全面|平均|共|累计)+$"
)
_PER_HEAD = ("户均", "人均", "亩均", "日均", "年均", "月均", "平均")
_SERVING = re.compile(r"^.{2,}(?:担任|作为|充任|组成的?)(?=.{2})")
_LISTED = re.compile(
    r"^[^等]*、[^等]*(?<![高中初平均对同优])等(?![级待候于式额差])(?:各类|多项|重点|系列)?(?=[\u4e00-\u9fff]{2})"
)


def _of_list(text: str) -> str:
    """冲锋舟、无人机等装备 is told by its class: 装备."""
    return _SERVING.sub("", _LISTED.sub("", text))


def _of_general(text: str, verb: str, rest: str) -> Phrase:
    """筹集资金 is a deed with its object, 完成投资 one noun, 实现利润 the noun alone."""
    if verb in listed("phrases", "verbs", "light") and text != "完成投资":
        return Phrase(rest, verb, False, True)
    if rest == "资金":
        return Phrase(rest, verb)
    if rest.startswith("总"):
        return Phrase(rest)
    return Phrase(text)


_MADE_OF = re.compile(
    r"工作|队|人员|队员|干部|经费|收入|支出|能力|标准|基地|水平|机构|站|网点|点位|平台|体系|时长|时间|对象|范围"
)
# Who did it, or for whom: neither belongs to what is counted.
_SUBJECT = re.compile(
    r"(?:[局院校司会心所站室队府委办处科厅县市区乡镇村人们户员]|部门|企业|单位|机关|干部|群众|同志|小组|专班|累计|共)$"
)
_OPENED = re.compile(r"为|对|给|向|在|从|到|将|把|同|与|以|按|据|由|随|依托|围绕|针对|通过|利用|结合|根据")
# Behind a verb these make one noun of the two: 出让收入, 接待人次, 培训中心.
_COMPOUND = re.compile(
    r"支出|经费|费用|收入|工作|活动|任务|能力|水平|标准|中心|基地|项目|工程|件数|人次|人数|户数|次数|总量|总数|总额|比例|比率"
)


@cache
def _places() -> re.Pattern[str]:
    return re.compile(rf"^{any_of(words('phrases', 'scope', 'places'))}(?:各板块|各村|范围内)?")


def bare_object(text: str) -> str:
    """An object without the scope words that open it (全乡, 我区各板块)."""
    text = text.lstrip("了过的 \u3000")
    while True:
        cut = _places().sub("", text)
        if cut == text:
            return text
        text = cut


def _inner(text: str, served: bool = False) -> Phrase | None:
    """为留守儿童建立关爱台账: a verb within, after a prepositional opening."""
    fixed = strings("phrases", "verbs", "facet")
    if len(text) < 5:
        return None
    nounlike = listed("phrases", "verbs", "nounlike")
    within = [
        (start, end)
        for start, end in deeds(text)
        if start >= 2 and len(text) - end >= 2 and text[start:end] not in nounlike
    ]
    if not within:
        return None
    start, end = within[-1]
    before, told_verb, rest = text[:start], text[start:end], text[end:]
    told = served or _OPENED.match(before) is not None
    beside = told or _SUBJECT.search(before) is not None
    if start < 4 and len(text) < 9 and told_verb not in fixed and not beside:
        return None
    short = len(rest) <= 2 and not before.endswith(("共", "累计"))
    if not told and (short or not beside):
        return None
    if _COMPOUND.match(rest) or rest in listed("phrases", "nouns", "general"):
        return None
    verb = told_verb.rstrip("了过")
    if (
        re.search(r"[率量额值数业品区厂式型性新已的]$", before)
        and len(before) < 6
        and not told
        and verb not in fixed
    ):
        return None
    return Phrase(rest, verb, False, verb in listed("phrases", "verbs", "light"))


@cache
def ends_with(*path: str) -> re.Pattern[str]:
    """A matcher for a text that ends with one of the words at `path` of the phrase table."""
    return re.compile(any_of(words("phrases", *path)) + "$")
