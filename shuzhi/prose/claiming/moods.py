"""What a stretch of a report tells: what was done, what falls short, what is to be done."""

import re
from collections.abc import Sequence
from typing import Literal

from shuzhi.prose.model import Heading, Span

Mood = Literal["record", "weak", "plan"]

_WEAK_HEADING = re.compile(
    r"不足|短板|差距|薄弱|存在.{0,8}(?:问题|困难)|(?:主要|面临).{0,4}(?:问题|困难)|困难和|问题[和与及、]|^.{0,2}问题$|未整改"
)
_CURED = re.compile(r"整改情况|解决|化解|攻坚|补齐|破解|补短板|补.{0,4}短板|缩小")
_PLAN_HEADING = re.compile(
    r"安排|打算|下一步|下步|今后|展望|明年|来年|工作思路|预期目标|主要目标|工作要点|工作计划|发展目标|措施和|改进|努力方向|(?:19|20)\d\d年.{0,4}(?:重点|主要)工作"
)
_DONE_HEADING = re.compile(r"回顾|完成情况|总结|改进作风|改进工作作风")
# The words that open the telling of shortcomings; what was found or cured elsewhere is none of one's own.
_WEAK = re.compile(
    r"(?<!针对)(?<!发现)(?<!排查)(?<!整改)(?<!解决)(?<!查找)(?:存在|还有|仍有|尚有)着?(?:的)?(?:一些|不少|许多|一定|诸多|以下|如下|主要|不小|较大|较多)?的?(?:问题|不足|困难|差距|短板|距离)"
    r"|存在(?![感的])[^。；！？\n]{4,60}(?:问题|短板|不足|差距|现象)"
    r"|(?:问题|不足|差距|短板|困难)(?:和[^，。\n]{2,4})?主要(?:是|有|表现)|清醒地?(?:看到|认识到)"
    r"|面临着?(?:不少|一些|诸多|许多)[^，。\n]{0,4}(?:困难|挑战|问题)|主要不足|不足之处"
)
_PLAN = re.compile(
    r"^[^，]{0,4}(?:明年|来年|下一?步|今后|新的一年)|^(?:同时|因此)?(?:我们?|本人)?将(?![近领士军])|(?:20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年(?=[，,]|我|将|重点|要|确保|力争|工作)"
)
_YEAR = re.compile(r"^(?:20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年度?$")
_AHEAD = re.compile(r"[，,](?:我们?|全[县市区镇乡旗局]|本人)?(?:将|要|重点|确保|力争|计划|工作)")
_REMEDY = re.compile(r"^(?:对此|为此|对这些|针对这些)[^。\n]{0,16}(?:将|采取|解决)")


class Moods:
    """Answers for every clause in turn what its place in the text tells."""

    def __init__(self, text: str, outline: Sequence[Heading]) -> None:
        self._text = text
        told = [(h, _WEAK_HEADING.search(h.text), _PLAN_HEADING.search(h.text)) for h in outline]
        self._weak = [h.body for h, weak, _ in told if weak and not _CURED.search(h.text)]
        self._plan = [
            h.body for h, _, plan in told if plan and not _DONE_HEADING.search(h.text) and h.level <= 2
        ]

    def of(self, clauses: Sequence[Span]) -> list[Mood]:
        """The mood of each clause, given all of them in the order of the text."""
        made: list[Mood] = []
        mood: Mood = "record"
        turned = Span(0, 0)
        end = 0
        for clause in clauses:
            base, body = self._base(clause.start)
            if "\n" in self._text[end : clause.start] and not (turned.start < clause.start < turned.end):
                mood = base
            end = clause.end
            said = self._text[clause.start : clause.end]
            if body.start != turned.start and base == "weak" and mood == "record":
                mood = "weak"
            if self._looks_ahead(clause, mood, base):
                mood, turned = "plan", body
            elif _WEAK.search(said):
                mood = "weak"
            elif (mood == "weak" and _REMEDY.search(said)) or (base == "plan" and mood == "record"):
                mood = "plan"
            made.append(mood)
        return made

    def _looks_ahead(self, clause: Span, mood: Mood, base: Mood) -> bool:
        """Whether a clause turns to what is to be done: 下一步 among shortcomings and plans, 2026年，我将 anywhere."""
        said = clause.of(self._text)
        if _PLAN.search(said):
            return mood != "record" or base != "record"
        if _YEAR.search(said) is None:
            return False
        return base == "weak" or _AHEAD.match(self._text, clause.end) is not None

    def _base(self, place: int) -> tuple[Mood, Span]:
        """What the headings above a place say, and the section of the heading that says it."""
        for body in self._weak:
            if body.start <= place < body.end:
                return "weak", body
        for body in self._plan:
            if body.start <= place < body.end:
                return "plan", body
        return "record", Span(0, 0)
