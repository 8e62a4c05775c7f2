"""Finds the words of a draft that need proof (超额完成, 全覆盖, 首次, 零 …) and what each is said of."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import zip_longest

from shuzhi.prose.claiming.moods import Mood
from shuzhi.prose.model import QUALITATIVE, Claim, Draft, Slot, Span
from shuzhi.prose.sense.phrases import bare
from shuzhi.prose.tables import at, lists, strings

# Said of what follows them (零事故, 没有发生安全事故), or of it when nothing stands before (圆满完成防汛任务).
_AHEAD = frozenset(("zero", "none"))
_EITHER = frozenset(("over", "fulfilled", "built", "turn", "double"))
_CLOSER = frozenset(("zero", "over", "fulfilled", "none"))
# The work done is told by the figure of the clause; without one it is a thing that can be named.
_COUNTED = frozenset(("built",))
_LINK = re.compile(
    r"(?:(?:已|均|都|全部|实现|也|又|再|更|还|更是|将|并|累计|基本|同比|总体|整体|保持|继续|做到|达到|取得|顺利|正式|如期|全线|主体|获|为|是|的|了|地)+)$"
)
_AGAINST = re.compile(
    r"(?:比|较|同|与)(?:上年|去年|同期|上年同期|去年同期|往年|前年|上届|年初|(?:20)?\d\d年|[一二三四五六七八九十两]+年前)(?:相比)?$"
    r"|连续[^，]{1,3}年$"
)
# No further than this is looked from a cue.
_REACH = 120
# What is promised is no statement yet.
_PROMISED = re.compile(
    r"力争|确保|争取|计划(?:建|完|新)|拟(?!定)|(?<![即麻])将|(?<![主重首需必纪摘提])要(?![素闻])|推动|加快|努力|明年|来年|下一步|今后|底前|年内"
)
_AFTER = re.compile(
    r"^(?:了|地|的|发生|出现|过|任何|一起|一例|一件|一次|一人|实现|完成|全年|年度|全县|下达的?|既定的?)+"
)
# 十件民生实事, 86项改革任务: how many there are is no part of the name.
_COUNT = re.compile(
    r"^(?:[\d,.]+|[XxＸ×〇○*＊]+|[一二三四五六七八九十百两]+)(?:大|个|项|件|户|家|处|条|起|名|大类|所|座|批)(?=[\u4e00-\u9fff]{2})"
)
_CUT = re.compile(r"[、，；：（(“”\dXxＸ×〇○*＊]")


def label(cue: str) -> str:
    """What a family of cues is called on the screen."""
    return strings("claims", "cues", "labels")[cue]


def begins(words: str) -> bool:
    """Whether words that stand alone are a cue."""
    return _pattern().match(words) is not None


@cache
def _pattern() -> re.Pattern[str]:
    """All families in one expression, which looks no further where no cue can begin."""
    branches = (
        f"(?P<{code}>{'|'.join(kinds)})" for code, kinds in lists("claims", "cues", "families").items()
    )
    first = "".join(dict.fromkeys(str(at("claims", "cues", "first"))))
    return re.compile(f"(?=[{re.escape(first)}])(?:{'|'.join(branches)})")


def qualitative(draft: Draft, skipped: bytearray, moods: Sequence[Mood]) -> list[Claim]:
    """The claims in words, in the order of the text, without promises and shortcomings.

    `skipped` marks the characters of titles, headings and foreign text; `moods` are those of the clauses.
    """
    made: list[Claim] = []
    starts = [clause.start for clause in draft.clauses]
    items = draft.items()
    places = [item.span.start for item in items]
    for found in _pattern().finditer(draft.text):
        number = bisect_right(starts, found.start()) - 1
        if number < 0 or skipped[found.start()] or found.start() >= draft.clauses[number].end:
            continue
        clause = draft.clauses[number]
        inside = items[bisect_left(places, clause.start) : bisect_left(places, clause.end)]
        cue, said = found.lastgroup or "", Span(found.start(), min(found.end(), clause.end))
        if _idle(draft.text, cue, said, clause) or (cue in _COUNTED and inside):
            continue
        near = max(clause.start, said.start - _REACH)
        if moods[number] != "record" or _PROMISED.search(draft.text, near, said.start):
            continue
        about = _shared(draft.text, made, said, clause) or _about(draft.text, cue, said, clause)
        figures = tuple(item.id for item in inside if _counts(item))
        made.append(Claim(QUALITATIVE, clause, cue, said, about, figures))
    return [one for one, then in zip_longest(made, made[1:]) if not _told_again(one, then)]


def _shared(text: str, made: list[Claim], said: Span, clause: Span) -> str:
    """What the cue before is said of, where this one only goes on (好于预期、快于上年; 由负转正、实现止跌回升)."""
    if not made or made[-1].span != clause or made[-1].said is None:
        return ""
    between = text[made[-1].said.end : said.start]
    return made[-1].about if len(between) <= 6 and re.search(r"[、并且和]", between) else ""


def _told_again(one: Claim, then: Claim | None) -> bool:
    """Whether the next cue of the clause says the same more closely: 全部清零, 均超额完成, 连续五年保持增长."""
    if then is None or then.span != one.span or one.said is None or then.said is None:
        return False
    return one.cue == "all" and then.cue in _CLOSER and then.said.start - one.said.end <= 2


def _counts(item: object) -> bool:
    return not (isinstance(item, Slot) and item.meaning.kind == "name")


# 平均、人均 are one word; 第一 opens an enumeration; a name in quotes or book marks says nothing.
_NO_CUE = {
    "all": re.compile(r"[人户年平月日亩村户班组校]$"),
    "built": re.compile(r"(?:未|没有|不|即将|拟|待|全部|均|都)$"),
    "zero": re.compile(r"[\d一二三四五六七八九十百千万〇○两点飘]$"),
    "none": re.compile(r"(?:有|还|尚)$"),
}
# Behind a cue: effort spent on something is no state of it (不断提高水平); 建成的, 完成时限 and 启动预案 name a thing.
_NOT_BEHIND = {
    "rising": re.compile(r"^(?!了|的态势|的势头|态势|势头|趋势|局面|良好|\d|[XxＸ×〇]|至|到|[”）)]|$)"),
    "built": re.compile(r"^(?:的|时限|以来|下|[^，]{0,6}(?:机制|响应|预案|问题)|.{13,})"),
    "none": re.compile(
        r".*(?:一律|不得|就不|不予)|(?:形成|起步|完成|达到|解决|根本|缓解|跟上|打开|建立|落实|做到|取得|得到)"
    ),
}


def _idle(text: str, cue: str, said: Span, clause: Span) -> bool:
    """Whether the words only look like a cue."""
    before = text[max(clause.start, said.start - _REACH) : said.start]
    rule = _NO_CUE.get(cue)
    if rule is not None and rule.search(before) and said.of(text)[:1] in "均都零无没建启完竣投":
        return True
    behind = _NOT_BEHIND.get(cue)
    after = text[said.end : min(clause.end, said.end + _REACH)]
    if behind is not None and behind.match(after):
        return True
    if said.of(text) == "完成" and before.endswith(("圆满", "顺利", "如期", "全面", "超额")):
        return True
    if "\t" in before or "\t" in after or before.endswith(("等于", "不到", "不足")):
        return True
    return before.count("《") > before.count("》")


def _about(text: str, cue: str, said: Span, clause: Span) -> str:
    """What the words are said of: the words before them in the clause, or those behind where they look ahead."""
    before = _subject(text[max(clause.start, said.start - _REACH) : said.start])
    behind = text[said.end : min(clause.end, said.end + _REACH)]
    after = _CUT.split(_AFTER.sub("", behind), maxsplit=1)[0].strip(" \u3000")
    if cue in _AHEAD and len(after) >= 2:
        return after
    return after if len(before) < 2 and cue in _EITHER else before


def _subject(words: str) -> str:
    """The words before a cue without what opens them and what only joins them to it."""
    words = re.split(r"[（(]", words)[0] if words.count("（") > words.count("）") else words
    made = bare(words)
    while made:
        cut = _AGAINST.sub("", _LINK.sub("", made))
        if cut == made:
            break
        made = cut
    return _COUNT.sub("", made.strip("“”、 \u3000"))
