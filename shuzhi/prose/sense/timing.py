"""Says which time a figure speaks of: the year, its forecast, to date, the year before, a plan, several years, part of it."""

import re
from bisect import bisect_right

from shuzhi.prose.model import Heading, Span

_PLAN_HEADING = re.compile(
    r"安排|打算|下一步|下步|今后|展望|明年|来年|工作思路|预期目标|主要目标|工作要点|工作计划|工作目标|发展目标|目标任务$|(?:19|20)\d\d年.{0,4}(?:重点|主要)工作"
)
_PAST_HEADING = re.compile(r"回顾|完成情况|总结")
_PLAN = re.compile(
    r"明年|来年|力争|确保|今后|下一步|计划(?:建设|投资|完成|新)|预期目标|总体目标|奋斗目标|目标是|将(?:建|新|实施|完成)"
)
_PART = re.compile(r"上半年|前三季度|[一二三四]季度|\d{1,2}[—\-－至]\d{1,2}月|1季度")
_MANY = re.compile(
    r"[五四三两]年来|[五四三两]年间|[五四三]年累计|“?十[二三四五]五”?(?:期间|时期|以来)|任期|五年"
)
_TO_DATE = re.compile(r"截至|截止|累计|历年|现有|至今|目前|连续")
_THIS_YEAR = re.compile(r"今年|全年|本年|年内")
_BEFORE = re.compile(r"(?:上年|去年|年初|前年|往年|原来)(?:同期)?的?$|(?:由|从)(?:全[省市国州县])?第$")
# 是上年的X倍 and 比上年翻一番 are of this year.
_TURNED = re.compile(r"[\dXx×〇○□*_.]*(?:倍|番)|翻")
# Up to this day the whole sentence counts, wherever it stands in it; 我将 opens what is still to be done.
_UNTIL = re.compile(r"截至|截止|截止到|至今年")
_SHALL = re.compile(
    r"(?:我们?|本人|新的一年|来年|明年|(?:19|20)\d\d年)[^。，]{0,6}，?[^。，]{0,6}(?:将|要)(?![军领近])"
)

# No sentence governs further than this many characters.
_REACH = 600


class Clock:
    """Answers for any place of the text which time its sentence and section speak of."""

    def __init__(self, text: str, sentences: tuple[Span, ...], outline: tuple[Heading, ...]) -> None:
        self._text = text
        self._sentences = sentences
        self._starts = [s.start for s in sentences]
        self._plans = [
            h.body
            for h in outline
            if _PLAN_HEADING.search(h.text) and not _PAST_HEADING.search(h.text) and h.level <= 2
        ]
        self._mixed = [
            h.body
            for h in outline
            if h.level == 1 and _PLAN_HEADING.search(h.text) and re.search(r"不足|问题|困难", h.text)
        ]

    def at(self, place: int, left: str) -> str:
        """The time of a figure at `place` whose words to the left in its clause are `left`."""
        sentence = self._sentence(place)
        before = self._text[max(sentence.start, place - _REACH) : place]
        if _BEFORE.search(left) and not _TURNED.match(self._text, place):
            return "previous year"
        if "预计" in before:
            return "year-end forecast"
        ahead, until = _away(_PLAN, before[-40:]), _away(_UNTIL, before[-80:])
        if until is not None and (ahead is None or until < ahead) and not _THIS_YEAR.search(before):
            return "to date"
        if self.plans(place) or ahead is not None or _SHALL.search(before[-80:]):
            return "plan"
        if _MANY.search(before):
            return "multi-year period"
        if _PART.search(before):
            return "part of the year"
        if _TO_DATE.search(left) and not _THIS_YEAR.search(before):
            return "to date"
        return "year"

    def _sentence(self, place: int) -> Span:
        index = bisect_right(self._starts, place) - 1
        return self._sentences[index] if index >= 0 else Span(0, place)

    def plans(self, place: int) -> bool:
        """Whether `place` lies in a section about what is still to be done."""
        if not any(s.start <= place < s.end for s in self._plans):
            return False
        for mixed in self._mixed:
            if mixed.start <= place < mixed.end:
                return _PLAN.search(self._text, mixed.start, place) is not None
        return True


def _away(pattern: re.Pattern[str], before: str) -> int | None:
    """How many characters lie between the last match and the end of `before`; None without a match."""
    ends = [match.end() for match in pattern.finditer(before)]
    return len(before) - ends[-1] if ends else None
