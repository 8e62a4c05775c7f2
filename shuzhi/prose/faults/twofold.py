"""One event on two dates, one leader in two posts, one indicator told both ways, one rest with two sizes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.sums import base_unit, plain
from shuzhi.prose.faults.years import clock_of
from shuzhi.prose.model import Draft, Figure, Span

_HAN = "\u4e00-\u9fff"
_DEED = "通车|开通|通航|启动|开工|动工|投产|投用|投运|启用|开业|开园|开馆|开放|开学|挂牌|揭牌|成立|运行|施行|生效|封顶|竣工"
_SURE = r"(?:正式|全线|全面|顺利|如期|建成|竣工|主体|建设|工程|试|并|对外)*"
_DAY = r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
_SUBJECT = rf"(?P<what>[{_HAN}“”]{{2,20}}?)"
_HELD = (
    re.compile(rf"{_DAY}，?(?!起){_SUBJECT}{_SURE}(?P<deed>{_DEED})(?P<since>以来|以后|后|至今)?"),
    re.compile(
        rf"(?<![{_HAN}]){_SUBJECT}(?:自|于|从|在)?{_DAY}{_SURE}(?P<deed>{_DEED})(?P<since>以来|以后|后|至今)?"
    ),
)
_OTHER_YEAR = re.compile(r"年$|一期|二期|三期|首批|第[一二三四五]")


@dataclass(frozen=True, slots=True)
class _Event:
    what: str
    deed: str
    day: tuple[int, int]
    since: bool
    span: Span


def _events(draft: Draft) -> list[_Event]:
    made: dict[int, _Event] = {}
    for pattern in _HELD:
        for match in pattern.finditer(draft.text):
            if _OTHER_YEAR.search(draft.text[max(0, match.start("month") - 5) : match.start("month")]):
                continue
            what = re.sub(
                r"^(?:自|由|从|我[县市区镇乡])|(?:将|已|的|于|自|在|正式|建成)+$", "", match.group("what")
            )
            what = what.strip("“”")
            day = (int(match.group("month")), int(match.group("day")))
            event = _Event(what, match.group("deed"), day, bool(match.group("since")), Span(*match.span()))
            if len(what) >= 2:
                made.setdefault(match.start("month"), event)
    return [made[place] for place in sorted(made)]


def two_dates(draft: Draft) -> Iterator[Found]:
    """8月16日大桥通车 here, 自7月16日大桥通车以来 there: one opening, two days."""
    known: list[_Event] = []
    for event in _events(draft):
        alike = [o for o in known if o.deed == event.deed and _same_thing(o, event)]
        if alike and all(o.day != event.day for o in alike):
            day = "{}月{}日".format(*alike[0].day)
            yield Found(
                event.span,
                f"“{event.what}”{event.deed}的日期，前面写{day}，这里写{event.day[0]}月{event.day[1]}日，请核对后统一。",
                "likely",
            )
        known.append(event)


def _same_thing(a: _Event, b: _Event) -> bool:
    """Whether both name one thing: in the same words, or 大桥 … 以来 after 清溪河大桥."""
    if a.what == b.what:
        return len(a.what) >= 4 or a.since or b.since
    short, long = sorted((a, b), key=lambda e: len(e.what))
    return long.what.endswith(short.what) and (short.since or len(short.what) >= 5)


_SURNAME = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤尚葛施洪岳柳康温庞樊兰殷"
_NAMED = re.compile(
    rf"(?P<posts>[{_HAN}、]{{0,24}}(?:[镇乡县区市旗局部院校厅]长|书记|主席))(?P<name>[{_SURNAME}][{_HAN}]{{1,2}})"
    r"(?=任|兼|带队|主持|同志|一行|率|出席|到|深入|作|指出|强调|为|担任|先后|多次|亲自|赴|在|等|的|牵头|[，、。；）])"
)
_MOVED = re.compile(r"时任|原|曾|新任|接任|改任|升任|调任|前任|挂职|历任|现任")
_PARTY = re.compile(r"(?<!副)书记$")
_HEAD = re.compile(r"(?<!副)[镇乡县区市旗]长$")
_BUREAU = re.compile(rf"(?P<org>[{_HAN}]{{2}}[局部院厅])(?:党组书记)?(?P<post>[局部院厅]长)$")


def two_posts(draft: Draft) -> Iterator[Found]:
    """镇长周立群 here, 镇党委书记周立群 there; the head of two bureaus."""
    known: dict[str, list[str]] = {}
    for match in _NAMED.finditer(draft.text):
        name, said = match.group("name"), match.group("posts")
        if _MOVED.search(said):
            known.pop(name, None)
            continue
        posts = [p for p in said.split("、") if p]
        before = known.get(name)
        pair = _clashing(before, posts) if before else None
        if pair is not None:
            start = match.end("name") - len(name) - len(posts[-1])
            yield Found(
                Span(start, match.end("name")),
                f"{name}的职务，前面写“{pair[0][-8:]}”，这里写“{pair[1][-8:]}”，请核对。",
                "likely",
            )
        known.setdefault(name, posts)


def _clashing(before: list[str], now: list[str]) -> tuple[str, str] | None:
    """The two posts no one holds at once: head of the government and of the party, of two bureaus, 正 and 副."""
    for a in before:
        for b in now:
            both = (_PARTY.search(a) and _HEAD.search(b)) or (_HEAD.search(a) and _PARTY.search(b))
            deputy = "党组" in a + b or any(p.endswith("副书记") for p in (*before, *now))
            if both and not deputy:
                return a, b
            first, second = _BUREAU.search(a), _BUREAU.search(b)
            if first and second and first.group("org") != second.group("org"):
                return a, b
    return None


_TRIM = re.compile(
    r"^(?:[全我本][县市区镇乡街村省旗校局](?:道)?|全年|累计|共|约|年内|其中|同时|但|特别是|今年|目前|一年来)+|(?:人数|人员|对象|数量|户数|总量|总数|总额|规模|数)$"
)
_AGAINST = re.compile(r"(?:较|比|同比|环比)(?P<base>上年|去年|年初|上月|上季)?[^，。；\d]{0,12}$")


def two_directions(draft: Draft) -> Iterator[Found]:
    """城市低保人数较上年减少340人 here, 城市低保对象较上年增加340人 there."""
    clock = clock_of(draft)
    known: dict[tuple[str, str, str], Figure] = {}
    for figure in draft.figures:
        meaning = figure.meaning
        if (
            meaning.kind != "growth"
            or meaning.direction is None
            or meaning.time != "year"
            or not plain(figure)
        ):
            continue
        left = draft.text[figure.clause.start : figure.span.start]
        against = _AGAINST.search(left)
        core = _TRIM.sub("", _TRIM.sub("", meaning.quantity))
        own = left[: against.start()] if against else ""
        # Taken over from a clause before, the name is less sure to be the whole one.
        if against is None or len(core) < 4 or core not in own or re.search(r"其中|季度|月|半年", own):
            continue
        if clock.plans(figure.span.start):
            continue
        key = (core, base_unit(figure), (against.group("base") or "").replace("去年", "上年"))
        other = known.setdefault(key, figure)
        if (
            other is not figure
            and other.meaning.direction != meaning.direction
            and other.clause != figure.clause
        ):
            yield Found(
                Span(figure.clause.start, figure.full.end),
                f"“{core}”前面说“{other.meaning.facet[:2]}”，这里说“{meaning.facet[:2]}”，升降相反，请核对。",
                "likely",
            )


_LEAD = r"(?:[全我本][县市区镇乡省旗]|全年|今年|目前|其中|但|同时|特别是|此外|而)*"
_YEARS = r"(?:[两二三四五六七八九]|\d{1,2})(?:个)?(?:年|季度|月)"
_RISEN = re.compile(
    rf"(?<![{_HAN}]){_LEAD}(?P<what>[{_HAN}]{{3,14}}?)(?:再|又|再次|已|均|一举|双双|继续)*(?:创(?:下|出|造)?(?:了)?(?:历史|近[一二三四五六七八九十]+年(?:来)?|同期|有史以来|历年)*(?:的)?(?:新高|最高|最好水平|新纪录)|(?:连续{_YEARS}|连年|持续|逐年)(?:保持)?(?:增长|上升|攀升|增加|提高))"
)
_FALLEN = re.compile(
    rf"(?<![{_HAN}]){_LEAD}(?P<what>[{_HAN}]{{3,14}}?)(?:已|均|出现|呈现|也|仍)*(?:连续{_YEARS}|连年|持续|逐年)(?:出现|呈)?(?:下滑|下降|回落|负增长|走低|萎缩|减少|缩减|降低)(?!的?(?:趋势|态势|局面|势头)(?:得到|已|被))"
)
_TURNED = re.compile(r"扭转|止住|此前|过去|曾|遏制|走出|告别|结束|摆脱|改变|前[两三四五几]年|一度")


def record_and_fall(draft: Draft) -> Iterator[Found]:
    """茶叶产值创历史新高 here, 茶叶产值连续两年下滑 there."""
    falling = [*_FALLEN.finditer(draft.text)]
    for high in _RISEN.finditer(draft.text) if falling else ():
        for low in falling:
            if high.group("what") != low.group("what") or _scoped(draft, low) or _scoped(draft, high):
                continue
            told, place = (high, low) if high.start() < low.start() else (low, high)
            yield Found(
                Span(*place.span()),
                f"前面说“{told.group()}”，这里说“{place.group()}”，前后矛盾，请核对。",
                "likely",
            )


def _scoped(draft: Draft, match: re.Match[str]) -> bool:
    """Whether the sentence tells another time, or a turn."""
    said = next((s.of(draft.text) for s in draft.sentences if s.start <= match.start() < s.end), "")
    return _TURNED.search(said) is not None or clock_of(draft).plans(match.start())


_OF_WHOLE = re.compile(
    rf"(?P<whole>\d{{1,5}})(?P<unit>[项个件户起处宗])(?P<noun>[{_HAN}]{{2,14}})，(?:[^，。；\d]{{0,8}})?(?:已|目前已|现已)(?:全部)?(?P<deed>完成整改|整改完成|完成|整改|办结|销号|化解|解决|开工|竣工)(?:整改|办理|销号)?(?P<done>\d{{1,5}})(?P=unit)"
)
_REST = re.compile(
    rf"(?:尚未|还未|未|没有)(?:完成|整改|办结|销号|化解|解决|到位|开工|竣工)(?:整改|办理|销号|到位)*的(?:剩余|其余)?(?P<rest>\d{{1,5}})(?P<unit>[项个件户起处宗])(?P<noun>[{_HAN}]{{2,14}})"
)


def two_rests(draft: Draft) -> Iterator[Found]:
    """32项问题，已完成30项 here, 尚未完成的4项问题 there."""
    for left in _REST.finditer(draft.text):
        wholes = [
            m
            for m in _OF_WHOLE.finditer(draft.text, 0, left.start())
            if m.group("unit") == left.group("unit") and m.group("noun")[-2:] in left.group("noun")
        ]
        if len(wholes) != 1:
            continue
        rest = int(wholes[0].group("whole")) - int(wholes[0].group("done"))
        named = draft.text[max(0, wholes[0].start() - 16) : wholes[0].end()]
        about = left.group("noun").split(wholes[0].group("noun")[-2:])[0]
        if about and about[-2:] not in named:
            continue
        if rest >= 0 and rest != int(left.group("rest")):
            yield Found(
                Span(*left.span()),
                f"前面写{wholes[0].group('whole')}{left.group('unit')}已完成{wholes[0].group('done')}{left.group('unit')}，"
                f"应剩{rest}{left.group('unit')}，这里写{left.group('rest')}{left.group('unit')}，请核对。",
            )


_ALL = re.compile(
    rf"(?:全部|所有|全体)(?:的)?(?P<n>\d[\d,]{{0,6}})(?P<unit>[户人名个家处项件所座])(?P<noun>[{_HAN}]{{4,8}}?)(?=逐|均|都|已|实|进|开|签|全|建|完|落|得|[，。；])"
)


def two_wholes(draft: Draft) -> Iterator[Found]:
    """惠及受灾群众1260户 here, 对全部1620户受灾群众 there."""
    for match in _ALL.finditer(draft.text):
        unit, noun = match.group("unit"), match.group("noun")
        told = re.compile(
            rf"(?:共有|现有|涉及|惠及|共计|排查出|摸排|认定|登记|纳入|共)(?:{noun}(?P<a>\d[\d,]{{0,6}}){unit}|(?P<b>\d[\d,]{{0,6}}){unit}{noun})"
        )
        sizes = [m.group("a") or m.group("b") for m in told.finditer(draft.text)]
        if len(set(sizes)) == 1 and sizes[0] != match.group("n"):
            yield Found(
                Span(*match.span()),
                f"{noun}别处写{sizes[0]}{unit}，这里写全部{match.group('n')}{unit}，请核对后统一。",
                "likely",
            )


def two_places(draft: Draft) -> Iterator[Found]:
    """本科上线1420人，上线率居全市第二位 here, 本科上线率跃居全市第四位 there."""
    ranked = [f for f in draft.figures if f.meaning.facet.endswith("位次") and f.meaning.time == "year"]
    for i, figure in enumerate(ranked):
        for other in ranked[:i]:
            a, b = other.meaning, figure.meaning
            if a.facet != b.facet or other.value == figure.value:
                continue
            short, long = sorted((other, figure), key=lambda f: len(f.meaning.quantity))
            name = short.meaning.quantity
            more = long.meaning.quantity.removesuffix(name)
            stem = next((s for s in draft.sentences if s.start <= short.span.start < s.end), short.clause)
            said = draft.text[stem.start : short.clause.start]
            if len(name) < 3 or more == long.meaning.quantity or len(more) > 4 or more not in said:
                continue
            if re.search(
                r"上年|去年|前年|季度|半年|\d年", draft.text[figure.clause.start : figure.span.start]
            ):
                continue
            yield Found(
                Span(figure.clause.start, figure.full.end),
                f"“{long.meaning.quantity}”前面写第{other.text}，这里写第{figure.text}，请核对后统一。",
                "likely",
            )
            break


RULES = (
    Rule("prose-F3-date", "contradiction", two_dates),
    Rule("prose-F3-post", "contradiction", two_posts),
    Rule("prose-F3-direction", "contradiction", two_directions),
    Rule("prose-F3-record", "contradiction", record_and_fall),
    Rule("prose-F3-rest", "contradiction", two_rests),
    Rule("prose-F3-whole", "contradiction", two_wholes),
    Rule("prose-F3-place", "contradiction", two_places),
)
