"""The report's own place and office: 镇党委 in the report of a 乡, another county's name left where the own one belongs."""

import re
from collections.abc import Iterator

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.years import head_of
from shuzhi.prose.model import Draft, Span

_COUNTY = "县|区|旗"
_TOWN = "镇|乡|街道"
_HAN = "\u4e00-\u9fff"
# What may stand right before 县委, 镇党委 …: nothing that would make the kind part of another place's name.
_FREE = re.compile(
    r"(?:^|[，。；：、“”（）\s！？—《]|[在向对由经被和与将受按的以为把从当是到听请报及任]|接受|全体|各位|自觉|围绕|加快|完成|推动|落实|贯彻|根据|按照|经过"
    r"|建立|实行|制定|明确|成立|组织|邀请|协助|配合|争取|获得|列入|纳入|出席|列席|参加|印发|出台|召开)$"
)
_HEADS = {
    "县": "委(?!员|托|屈|派|培)|政府|人大|政协|直(?:各|机关|部门|单位)|长(?!期|效|久|远|足|江|春|城|势)",
    "区": "委(?!员|托|屈|派|培)|政府|人大|政协|直(?:各|机关|部门|单位)",
    "旗": "委(?!员|托|派)|政府|人大|政协|直(?:各|机关|部门|单位)",
    "市": "人大|政协",
    "镇": "党委|人大|政府|干部|机关|党政|村干部|直(?:各|机关|部门|单位)|领导班子",
    "乡": "党委|人大|政府|干部|机关|党政|村干部|直(?:各|机关|部门|单位)|领导班子",
    "街道": "党工委|办事处|干部|机关|党政|领导班子",
    "村": "党支部|党总支|两委|“两委”|委会",
    "社区": "党支部|党总支|党委|居委会",
}
_MINE = {
    "县": r"[我本全]县(?!级|城|域|里)",
    "区": r"[我本]区(?!域|间|别)|全区(?!第|前|平均|先进|率先|首|各县|所有县|唯一)",
    "旗": r"[我本]旗",
    "市": r"[我本]市(?!场|民)",
    "镇": r"[我本全]镇(?!定|静|村)",
    "乡": r"[我本全]乡(?!村|镇|亲|土)",
    "街道": r"[我本全]街道",
    "村": r"[我本]村",
    "社区": r"[我本]社区",
}
_RIVALS = {
    "县": "区 旗",
    "区": "县 旗",
    "旗": "县 区",
    "市": "县",
    "镇": "乡 街道",
    "乡": "镇 街道",
    "街道": "镇 乡",
    "村": "社区",
    "社区": "村",
}
_BOTH = re.compile(
    r"[县市区旗乡镇村][（(][县市区旗乡镇村、]{1,5}[）)]|[县区]市|市县|乡镇|镇乡|镇（街道）|村（社区）|乡（镇|镇（乡"
)


def own_kind_of(draft: Draft) -> str | None:
    """The kind of place the report is of (县, 镇 …), told by title and opening lines; None if they leave it open."""
    title = draft.title.of(draft.text)
    head = title + "\n" + "\n".join(head_of(draft).split("\n")[1:4])
    if _BOTH.search(title):
        return None
    village = re.search(rf"[{_HAN}]{{1,6}}(村|社区)(?:党支部|党总支|党委|村委会|居委会|“两委”|两委)", head)
    if village is not None and (village.start() < len(title) or not re.search("镇长|乡长|镇党委书记", head)):
        return village.group(1)
    town = re.search(
        rf"[{_HAN}]{{1,6}}(镇|乡|街道)(?:镇长|乡长|党委|党工委|人民政府|政府|办事处|人大|党政|20|19|二〇|信访|工作|综合|财政|武装)|^\s*[xX×某〇＊*]*(镇|乡)(?:镇长|乡长|长)|(镇|乡)长(?!江|期|效)[^，。\n]{{0,12}}(?:述职|报告)",
        head,
    )
    if town is not None:
        return next(g for g in town.groups() if g)
    county = re.search(
        rf"[{_HAN}XxＸ×某〇＊*]{{1,6}}(县|区|旗|市)(?:人民政府|政府|委(?!员)|人大|政协|第[{_HAN}]{{1,4}}届|[{_HAN}]{{2,10}}(?:局|委员会|办公室|中心|室)|20|19|二〇)|(?:^|\n)\s*(县|区|旗)长",
        head,
    )
    if county is None or re.search(r"开发区|新区|管理区|高新区|示范区", head):
        return None
    return next(g for g in county.groups() if g)


def own_kind(draft: Draft) -> Iterator[Found]:
    """镇党委 in the report of a 乡, 我县 in that of a 区: left over from another document."""
    mine = own_kind_of(draft)
    if mine is None:
        return
    for other in _RIVALS[mine].split():
        # 全区 may be the autonomous region a county lies in, 全县 the county around a town of the same name.
        if other == "区" and mine != "市" and re.search(r"自治区|广西|宁夏|新疆|西藏|内蒙古", draft.text):
            continue
        pattern = re.compile(rf"{other}(?:{_HEADS[other]})|{_MINE[other]}")
        found = [
            m
            for m in pattern.finditer(draft.text, draft.title.end)
            if (m.group()[0] in "我本全" or _FREE.search(draft.text[max(0, m.start() - 3) : m.start()]))
            and not _excused(draft, m)
            and not any(s.touches(Span(*m.span())) for s in draft.boilerplate)
        ]
        own = len(re.findall(rf"[全我本]{mine}|{mine}(?:{_HEADS.get(mine, '委')})", draft.text))
        # As many of the other kind as of the own one: the title was misread, not the text.
        if len(found) > 3 and len(found) >= own:
            continue
        for match in found:
            yield Found(
                Span(*match.span()),
                f"本报告是{mine}的，这里却写“{match.group()}”，像是从别处带来的，请核对。",
                "likely",
            )


def _excused(draft: Draft, match: re.Match[str]) -> bool:
    """Whether the words are about other places: a list of levels, another place, a visit, a quotation of rank."""
    before = draft.text[max(0, match.start() - 6) : match.start()]
    behind = draft.text[match.end() : match.end() + 4]
    # 清河区委、区政府: the kind goes with the place named before it.
    if re.search(rf"[{_HAN}]{match.group()[0]}(?:委|党委|政府|人大)、$", before):
        return True
    if match.group() == "全区" and re.search(r"[列居在于获排对占比为]$", before):
        return True
    if re.search(r"(?:各|[市省区县乡镇道]、|兄弟|外|邻|自治|园|社|部分)$", before):
        return True
    # 任乡长, 曾在乡政府工作: an official's own past.
    if re.search(r"曾|任|原|时任|担任", before) and not re.search(r"责任|主任|任务", before):
        return True
    return (
        behind.startswith(("、乡", "、镇", "、村", "、区", "、县", "（", "和村"))
        and match.group()[0] not in "我本"
    )


_OPENING = re.compile(rf"^[\s#]*(?:中共|关于)?([{_HAN}]{{2,3}}?)(县|区|市|旗|镇|乡|街道)(?=[{_HAN}])", re.M)
_PLACE = re.compile(
    rf"([{_HAN}]{{2,3}}?)(县|区|市|旗|镇|乡|街道)(?=人民|政府|局|卫生|教育|长|委|党委|第|各|全|20|19|二〇|农业|民政|公安|应急|财政|信访|工作|镇长|乡长|区长)"
)
_NO_NAME = re.compile(
    r"[全各本我该省市县区旗镇乡个的和与及在向对由经为任以是有到等上下级属]|中共|政府|人民|开发|自治|高新|办事"
    r"|按照|根据|围绕|依据|遵照|贯彻|落实|接受|服从|执行|配合|协助|主动|积极|严格|认真|坚决|自觉|报|提请|代表|得到|通过"
    r"|担任|出任|联合|会同|邀请|争取|推荐|紧|聚焦|对照|结合|针对|面对|请示|出席|列席|参加|先后|多次|及时|定期|今年|去年|同时|历任"
)
_IN_OFFICE = re.compile(
    rf"(?:(?<=[，。；：、“”\s在向由经对受])|^)([{_HAN}]{{2,3}}?)(县|区|市|旗|镇|乡)(委|人民政府|政府|党委|人大|政协)(?!办)",
    re.M,
)
_ELSEWHERE = re.compile(
    r"与|和|赴|同|到|帮扶|协作|结对|学习|考察|邻|来自|支援|兄弟|对接|交流|借鉴|签订|签署|协议|合作|观摩|前往"
)


def own_name(draft: Draft) -> tuple[str, str] | None:
    """The name and kind of the report's own place (云溪, 县), from title and opening lines."""
    counted: dict[tuple[str, str], int] = {}
    head = head_of(draft)[:300]
    for match in (*_OPENING.finditer(head), *_PLACE.finditer(head)):
        name, kind = match.group(1).removeprefix("中共").removeprefix("关于"), match.group(2)
        if len(name) >= 2 and not _NO_NAME.search(name):
            counted.setdefault((name, kind), draft.text.count(name))
    return max(counted, key=lambda key: counted[key]) if counted else None


def own_place(draft: Draft) -> Iterator[Found]:
    """清河县委、县政府 in a report of 云溪县: another place of the same kind where the own one belongs."""
    own = own_name(draft)
    if own is None:
        return
    name, kind = own
    start = draft.title.end
    for match in _IN_OFFICE.finditer(draft.text, start):
        other = match.group(1).lstrip("在向由经对受为被把")
        if (
            len(other) < 2
            or match.group(2) != kind
            or other == name
            or _NO_NAME.search(other)
            or name.endswith(other)
        ):
            continue
        sentence = next((s for s in draft.sentences if s.start <= match.start() < s.end), Span(*match.span()))
        if _ELSEWHERE.search(sentence.of(draft.text)) or any(s.touches(sentence) for s in draft.boilerplate):
            continue
        if draft.text.count(other + kind) > draft.text.count(name + kind):
            continue
        yield Found(
            Span(match.end(1) - len(other), match.end()),
            f"本报告是{name}{kind}的，这里却写“{other}{kind}”，像是从别处带来的，请核对。",
            "likely",
        )


def misspelt_place(draft: Draft) -> Iterator[Found]:
    """云西县 in a report of 云溪县: one character of the place's own name is wrong."""
    own = own_name(draft)
    if own is None or draft.text.count(own[0] + own[1]) < 2:
        return
    name, kind = own
    for i, right in enumerate(name):
        before, after = re.escape(name[:i]), re.escape(name[i + 1 :])
        for match in re.finditer(f"{before}([{_HAN}]){after}{kind}", draft.text):
            wrong = match.group(1)
            if wrong == right or _NO_NAME.search(wrong) or (i == 0 and len(name) == 2 and not after):
                continue
            # A name of two characters that shares only its last one may be any other place.
            if len(name) == 2 and i == 0 and not re.match("人民|政府|委|局|长", draft.text[match.end() :]):
                continue
            yield Found(
                Span(*match.span()),
                f"本报告是“{name}{kind}”的，这里写成“{match.group()}”，请核对。",
                "likely",
            )


_WE = {
    "局": "委院校厂",
    "委": "局院校厂",
    "院": "局校厂",
    "校": "局院厂",
    "公司": "局委院校",
    "政府": "局院校",
}


def own_office(draft: Draft) -> Iterator[Found]:
    """我委, 我校 in the report of a 局."""
    head = head_of(draft)[:200]
    office = re.search(
        r"(局|学校|中学|小学|医院|法院|检察院|公司|发展和改革委员会)(?:党组|党委|党总支|长|院长|校长|20|19|二〇|工作|述职|$|\n|、)",
        head,
    )
    if office is None:
        return
    word = office.group(1)
    kind = (
        "校"
        if word in ("学校", "中学", "小学")
        else "院"
        if word.endswith("院")
        else "委"
        if word.endswith("会")
        else word
    )
    for other in _WE.get(kind, ""):
        for match in re.finditer(rf"[我本]{other}(?!员|托|派|屈|友|园|落|子)", draft.text):
            before = draft.text[max(0, match.start() - 1) : match.start()]
            if not before or before in "，。；：、“”\n\u3000 在对为由经是将使":
                yield Found(
                    Span(*match.span()),
                    f"本报告是{kind}的，这里却写“{match.group()}”，像是从别处带来的，请核对。",
                    "likely",
                )


# 县 made 区, 乡 made 镇: a text that tells of the change names both.
_REMADE = re.compile("撤县|撤乡|撤镇|县改区|县改市|乡改镇|更名|改设|改制|升格|前身|区划调整")


def other_kind(draft: Draft) -> Iterator[Found]:
    """桃园镇人民政府 in the report of 桃园街道: the own name as a place of another kind of its level."""
    title = draft.title.of(draft.text)
    named = re.match(rf"\s*(?P<stem>[{_HAN}]{{2,4}}?)(?P<kind>{_COUNTY}|{_TOWN})(?![{_HAN}]?[（(])", title)
    if named is None or _BOTH.search(title) or _REMADE.search(draft.text):
        return
    stem, mine = named.group("stem", "kind")
    level = _COUNTY if mine in _COUNTY else _TOWN
    others = "|".join(kind for kind in level.split("|") if kind != mine)
    for match in re.finditer(rf"(?<![{_HAN}]){stem}(?:{others})(?![域内外])", draft.text[draft.title.end :]):
        start = draft.title.end + match.start()
        yield Found(
            Span(start, start + len(match.group())),
            f"本报告是“{stem}{mine}”的，这里却写“{match.group()}”，请核对。",
            "likely",
        )


RULES = (
    Rule("prose-N1-kind", "name_inconsistency", other_kind),
    Rule("prose-N1-place", "name_inconsistency", misspelt_place),
    Rule("prose-S2-place", "name_inconsistency", own_kind),
    Rule("prose-S2-other", "name_inconsistency", own_place),
    Rule("prose-S2-office", "name_inconsistency", own_office),
)
