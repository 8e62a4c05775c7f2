"""The walk through a text: one token among its neighbours, and what is carried from clause to clause."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from shuzhi.prose.model import Kind, Meaning, Span
from shuzhi.prose.sense.deeds import deed
from shuzhi.prose.sense.phrases import bare, phrase
from shuzhi.prose.signs.tokens import Token
from shuzhi.prose.tables import matcher


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader understood: the parts of a meaning it can tell, and the verb a later item may share."""

    quantity: str
    facet: str
    kind: Kind
    time: str | None = None
    direction: str | None = None
    verb: str = ""
    light: bool = False
    unit: str | None = None
    behind: bool = False
    base: str = ""


@dataclass(slots=True)
class Item:
    """What an earlier token of the paragraph turned out to measure."""

    token: Token
    quantity: str
    facet: str
    kind: Kind
    clause: int
    verb: str = ""
    behind: bool = False
    parent: str = ""
    base: str = ""

    @property
    def lone(self) -> bool:
        """Whether a growth was said of a quantity whose amount the sentence does not give."""
        return self.kind == "growth" and not self.parent

    def stem(self) -> str:
        """The quantity a later growth is the growth of: an amount or a deed said behind it belongs to it."""
        if self.facet in ("接待量", "出栏量", "存栏量"):
            return self.quantity + self.facet
        return self.quantity + (self.verb if self.behind else "")


@dataclass(frozen=True, slots=True)
class Place:
    """One token: the words left and right of it inside its clause, and how it hangs on its neighbours.

    `glued`: nothing but 、和 stands between it and the token before; `twins`: how many glued tokens of the same
    unit follow; `tail`: the words behind the last token of the clause; `more`: the words to the
    right lead on to another figure, which their verb belongs to.
    """

    token: Token
    left: str
    right: str
    clause_text: str
    offset: int
    clause: int
    first: bool
    glued: bool
    twins: int = 0
    tail: str = ""
    more: bool = False

    def named(self) -> str:
        """What kind of name a name mask stands for, by the word behind it (县名称, 村名称)."""
        noun = re.match(r"[\u4e00-\u9fff]{0,8}", self.right)
        said = re.split(r"[等的至到]", noun.group())[0] if noun else ""
        head = _NAMED.match(said)
        return (head.group() if head else "" if len(said) > 6 else said) + "名称"

    def subject(self) -> str:
        """The words that open the clause, up to its first date or mask."""
        return bare(re.split(r"[于在将自从]|(?=[XxX×〇○□*_\d])", self.clause_text)[0])

    def dated(self) -> str:
        """What happened on a masked date: the words before it and the verb behind it."""
        left = self.subject()
        if not left:
            done = re.sub(r"^(?:前|起|底前)?(?:实现|完成)?(?:全部|正式|全面|顺利|如期)*", "", self.tail)
            return re.split(r"[，、（(]", done)[0][:16]
        happened = re.search(
            r"(?:日|月)(?:正式|全面|顺利|成功|如期)?([\u4e00-\u9fff]{2,4})$", self.clause_text
        )
        return left[:24] + (happened.group(1) if happened and happened.group(1) not in left else "")


@dataclass(slots=True)
class Walk:
    """The items so far in this paragraph, the topic of the sentence, the last noun, a list waiting for its 分别."""

    items: list[Item] = field(default_factory=list)
    topic: str = ""
    noun: str = ""
    light: bool = False
    pending: list[str] = field(default_factory=list)
    opened: int = 0
    recent: str = ""
    aim: str = ""
    home: str = ""
    which: tuple[int, str] = (-1, "")

    def next_sentence(self) -> "Walk":
        """The walk at the next sentence of the paragraph: items stay, the topic goes."""
        return Walk(self.items, "", self.noun, self.light, [], len(self.items), home=self.home)

    def last(self, clause: int | None = None) -> Item | None:
        """The last item, or None (also if it stands in another clause than the one asked for)."""
        if not self.items or (clause is not None and self.items[-1].clause != clause):
            return None
        return self.items[-1]

    def carried(self, cls: str = "") -> str:
        """The subject of an open 增长X%: that of the last amount, or share; of 提高X个百分点 the share, of 增加X元 a sum.

        `cls` is the class of the unit of the change; without it the last item will do.
        """
        here = self.items[self.opened :]
        if here and here[-1].kind == "growth":
            return here[-1].quantity
        amounts = [item for item in here if item.kind not in ("share", "other")]
        if here and here[-1].kind == "share" and amounts and cls not in ("", "points"):
            return amounts[-1].stem() if amounts[-1].kind != "growth" else amounts[-1].quantity
        for item in reversed(self.items):
            if item.kind in ("level", "count", "money", "share"):
                return item.stem()
        return self.items[-1].quantity if self.items else self.topic

    def _parent(self, where: Place, quantity: str) -> str:
        """What an item behind 其中 is part of; a part glued to a part has the same whole."""
        part = where.left.lstrip(" \u3000，、").startswith("其中")
        if part and self.items and len(self.items) == self.opened:
            wholes = [i.quantity for i in self.items if i.kind not in ("growth", "share", "other")]
            return wholes[-1] if wholes else ""
        if len(self.items) <= self.opened or self.items[-1].quantity == quantity:
            return self.items[-1].quantity if len(self.items) > self.opened else ""
        last = self.items[-1]
        if part:
            return last.parent if last.kind == "growth" and last.parent else last.quantity
        listed = where.clause == last.clause and where.clause_text.startswith("其中")
        listed = listed or (where.clause == last.clause + 1 and where.token.unit == last.token.unit)
        return last.parent if listed and last.kind != "growth" else ""

    def remember(self, where: Place, said: Said, time: str | None) -> Meaning:
        """Turn what was said into a meaning and keep it for the tokens to come."""
        token = where.token
        facet = "" if said.facet and said.quantity.endswith(said.facet) else said.facet
        near = tuple(dict.fromkeys(q for q in (self.topic, *(i.quantity for i in self.items[-3:])) if q))
        if len(self.items) > _KEPT:
            del self.items[: _KEPT // 2]
            self.opened = max(0, self.opened - _KEPT // 2)
        item = Item(token, said.quantity, facet, said.kind, where.clause, said.verb, said.behind)
        item.base = said.base
        item.parent = self._parent(where, said.quantity)
        self.items.append(item)
        self.light, self.recent = said.light, ""
        self.aim = ""
        if said.kind != "growth":
            self.noun = said.quantity
        unit = said.unit if said.unit is not None else token.unit
        return Meaning(said.kind, unit, said.quantity, facet, time, token.bound, said.direction, near)


Reader = Callable[[Walk, Place], Said | None]

# What kind of name a mask stands for, by the first head behind it.
_NAMED = re.compile(
    r"[\u4e00-\u9fff]{0,4}?(?:县委|市委|区委|党委|街道|社区|[省市县区乡镇村路街桥河湖山库港站湾]|公司|集团|企业|合作社|学校|小学|中学|幼儿园|医院|项目|工程|园区|园|基地|品牌|广场|同志|书记|县长|区长|市长|局长|镇长|乡长|主任|局|委|院|中心|小镇|景区|景点|活动|专项|产业|平台|号)"
)

# A paragraph carries its last items along, and a clause is looked at this far to either side of a token.
_KEPT = 80
_LEFT, _RIGHT = 240, 120
_GLUE = frozenset(("", "、", "和", "与", "及", "—", "－", "-", "–", "~", "～", "至", "到", "余", "多"))
_OF_PARTS = re.compile(r"[一二三四五六七八九十\d]+(?:大)?(?:部分|项|类|方面)$")


def breaks(text: str, end: int, start: int) -> bool:
    """Whether a line ends between two sentences."""
    return "\n" in text[max(0, end - 1) : start]


# A clause that ends so tells how something was done, and names nothing to be measured.
_NO_TOPIC = re.compile(
    r"^(?:逐|不断|始终|一律|坚决)|(?:协调|努力|推进|落实|见效|提升|增强|加强|发力|突破|显著|明显|成效|发放|实施|开展|进行|完成|加快|改善|转变|深入|有力|到位|好转|增多|全面)$"
)


# 针对…问题 and 聚焦… say what the clauses to come are about.
_AIMED = re.compile(r"(?:针对|聚焦|围绕)(.{2,24}?)$")
_TREATED = re.compile(r"(?:把|将)(.{2,12}?)(?:列入|纳入|作为|放在|摆在|列为)")
_TROUBLE = re.compile(
    r"(?:建设)?(?:进度)?(?:缓慢|滞后|慢|不及时|不到位|不规范|不足|不够|不严|不高|不力|违规|薄弱|偏低|突出)?(?:等)?(?:问题|方面|工作|情况)$"
)


def settled(walk: Walk, clause: str) -> None:
    """我镇现有X个行政村 says which place the bare X户、X人 behind it count."""
    found = _HOME.search(clause)
    if found is not None and _SEATED.search(clause):
        walk.home = "全" + found.group(1)


def no_figure(walk: Walk, clause: str) -> None:
    """A clause without figure may name the topic, or the list that a 分别 later pairs off."""
    found = re.search(r"由(.{4,80}?)(?:构成|组成)$", clause)
    if found:
        walk.topic = bare(clause[: found.start()])
        head = re.search(r"(?:支出|收入|投资|产值|资金|税收|人口|面积)$", walk.topic)
        tail = head.group() if head is not None else ""
        named = _OF_PARTS.sub("", found.group(1)).split("、")
        walk.pending = [part if part.endswith(tail) else part + tail for part in named]
        return
    aimed = _AIMED.match(clause)
    if aimed is not None:
        walk.aim = walk.recent = _TROUBLE.sub("", re.split(r"等(?=[^级待])", aimed.group(1))[0])
        return
    treated = _TREATED.match(clause)
    if treated is not None:
        walk.recent = treated.group(1)
        return
    if matcher("phrases", "scope", "openings").match(clause):
        return
    topic = re.split(r"(?:于|在)(?=[\d一二三四五六七八九十上下年])", bare(clause))[0]
    said = phrase(topic)
    if said.behind and 2 <= len(said.noun) <= 20:
        walk.recent = said.noun
    elif 2 <= len(topic) <= 20 and not _NO_TOPIC.search(topic):
        walk.recent = said.noun or topic
    walk.topic = walk.topic or walk.recent
    walk.recent = walk.aim or walk.recent


_HOME = re.compile(r"(?:我们?|全|本)(村|镇|乡|县|市|区|街道|社区|旗|州)(?![直级属])")
_SEATED = re.compile(r"辖|现有|共有|总")


def places(text: str, inside: list[Token], clause: Span, index: int) -> list[Place]:
    """The tokens of one clause as places; what follows the last of a glued chain is said of all of it."""
    made: list[Place] = []
    lead = ""
    for i, token in enumerate(inside):
        named = i > 0 and inside[i - 1].form == "name"
        begin = inside[i - 1].stop if i else clause.start
        end = inside[i + 1].span.start if i + 1 < len(inside) else clause.end
        between = text[begin : token.span.start]
        left, right = between, text[token.stop : end].split("、", maxsplit=1)[0]
        if i and "、" in left:
            left = left.split("、", 1)[1] if not made[-1].right else left[len(made[-1].right) :].lstrip("、")
        glued = i > 0 and not named and between.strip() in _GLUE
        if named and token.form != "name":
            left = _past_name(lead, between)
        if token.form == "name" and not named:
            lead = left
        left_end = max(clause.start, token.span.start - _LEFT)
        clause_text = text[left_end : min(clause.end, token.stop + _RIGHT)]
        offset = token.span.start - left_end
        gap = text[token.stop : end]
        more = i + 1 < len(inside) and inside[i + 1].form != "name" and gap.strip() != "" and "、" not in gap
        tail = text[inside[-1].stop : clause.end]
        made.append(Place(token, left, right, clause_text, offset, index, i == 0, glued, 0, tail, more))
    for i in range(len(made) - 2, -1, -1):
        made[i] = _chained(made[i], made[i + 1])
    return made


_AND_SO_ON = re.compile(r"[一-龥]{0,6}[、和与及]?\s*(?<![高中初平均对同优])等(?![级待候于式额差])")


def _past_name(before: str, between: str) -> str:
    """The words left of a figure behind a masked name (引进XX等X家企业): those before the name count as well."""
    listed = _AND_SO_ON.match(between)
    if listed is not None:
        return before + between[listed.end() :]
    # 打通XX路段X公里: a name between the deed and its object does not part them.
    words_before = bare(before)
    return before + between if words_before and deed(words_before) == words_before else between


def _chained(place: Place, following: Place) -> Place:
    if not following.glued:
        return place
    between = following.left.strip()
    if not place.right.strip() and between in ("", "余", "多"):
        # 剩余X户X人如期脱贫
        place = replace(place, right=following.right)
    if following.token.unit == place.token.unit and between not in tuple("—－-–~～至到"):
        place = replace(place, twins=following.twins + 1)
    return place
