"""Which year a place speaks of, settled from the words around it, because a wrong year is a false statement.

The reader of drafts says roughly which time a figure speaks of (``Meaning.time``). Here that becomes a year and a manner:
what belongs to next year is a plan and never this year's result, and a stretch the books do not sum is no year.
"""

import re
from dataclasses import dataclass

from shuzhi.prose.model import Draft, Figure, Slot

ACTUAL, PLAN, TO_DATE, MANY, PART = "year", "plan", "to date", "multi-year period", "part of the year"
UNANSWERABLE = {
    MANY: "这里问的是跨年度的数，不能用一年的数代替",
    PART: "这里问的是年内一段时间的数，不能用全年的数代替",
}

_THIS, _BEFORE, _NEXT = r"今年|本年|全年|年内|当年", r"去年|上年|前年", r"明年|来年|新的一年|下一年|下年度"
_TIME = re.compile(
    rf"(?P<since>(?:自|从)?20\d\d年(?:以来|至今|起))|(?P<span>20\d\d年?\s*[—\-－～~至到]\s*20\d\d年)"
    rf"|(?P<year>20\d\d)年|(?P<this>{_THIS})|(?P<before>{_BEFORE})|(?P<next>{_NEXT})"
)
# Compared with another year, a figure is still of its own year: 比上年增长, 较2024年提高.
_AGAINST = re.compile(r"[比较与同和]$")
_NAMED = re.compile(r"《[^》]*》|“[^”]*”|〔[^〕]*〕|\([^)]*号\)")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月")
_WHOLE_YEAR = re.compile(r"(?<!\d)1月?[—\-－～~至到]12月|截[至止](?:12月|年底)")
# 由上年的 A 增加到 B: what comes after is this year's again.
_FROM_TO = re.compile(r"[由从](?:上年|去年|前年|年初|20\d\d年)[^，。；]*?(?:到|至|为)")
_MOMENT = re.compile(r"本月|当月|环比|上月|单月|上半年|下半年|前三季度|(?<!个)[一二三四1-4]季度")
_AVERAGE = re.compile(r"年均|年平均|两年平均|三年平均")
_AHEAD = re.compile(r"力争|今后|下一步|下步|打算|安排|展望|继续")
_PLANNING = re.compile(r"安排|打算|下一?步|今后|展望|思路|计划|目标|工作$|明年|来年")


@dataclass(frozen=True, slots=True)
class Period:
    """The year a place speaks of, and how: its result, its plan, what stands to date, or a stretch nobody can answer for."""

    year: int
    time: str = ACTUAL


def period_of(draft: Draft, slot: Slot | Figure, year: int) -> Period:
    """The period a place of a report on ``year`` speaks of, by the words nearest before it in its sentence."""
    start, _ = sentence_of(draft, slot)
    said = draft.text[start : slot.span.start]
    for pattern in (_NAMED, _FROM_TO):
        said = pattern.sub(lambda found: "　" * len(found.group()), said)
    clause = said[max(0, slot.clause.start - start) :]
    if _within_the_year(said, clause):
        return Period(year, PART)
    told = slot.meaning.time or ACTUAL
    if told in (PART, TO_DATE) and _WHOLE_YEAR.search(said):
        told = ACTUAL
    last = _last_time(said)
    if last is None or last.lastgroup == "this":
        found = _unsaid(draft, slot, said, told, year, ahead=last is None)
    else:
        found = _said(last, told, year)
    if slot.meaning.kind == "growth" and found.time not in UNANSWERABLE:
        return _grown(found, said, clause)
    return found


def _unsaid(draft: Draft, slot: Slot | Figure, said: str, told: str, year: int, *, ahead: bool) -> Period:
    """No year is named, or this one: the reader's word decides; a plan is next year's where the words look ahead."""
    if told == PLAN:
        looks_ahead = ahead and (_AHEAD.search(said) or _under_a_plan(draft, slot))
        return Period(year + 1 if looks_ahead else year, PLAN)
    return Period(year - 1) if told == "previous year" else Period(year, told)


def _said(last: re.Match[str], told: str, year: int) -> Period:
    """Another year is named."""
    if last.lastgroup in ("since", "span"):
        return Period(year, MANY)
    found = _year_of(last, year)
    if told in UNANSWERABLE:
        return Period(found, told)
    if found > year or (told == PLAN and found == year):
        return Period(found, PLAN)
    return Period(found, told if found == year and told == TO_DATE else ACTUAL)


def _grown(found: Period, said: str, clause: str) -> Period:
    """A growth is over the year before; over any other year, or as a yearly average, the books do not answer."""
    bases = [match for match in _TIME.finditer(said) if _AGAINST.search(said[: match.start()])]
    based = bases and _year_of(bases[-1], found.year) != found.year - 1 and bases[-1].lastgroup != "this"
    return Period(found.year, MANY) if based or _AVERAGE.search(clause) else found


def _year_of(match: re.Match[str], year: int) -> int:
    """The year a word of time means in a report on ``year``."""
    if match.group() == "前年":
        return year - 2
    named = {"before": year - 1, "next": year + 1, "this": year}
    return (
        named[match.lastgroup or ""]
        if match.lastgroup in named
        else int(re.findall(r"20\d\d", match.group())[-1])
    )


def _within_the_year(said: str, clause: str) -> bool:
    """Whether a month before December is named in the clause, or opens the sentence (6月，…; 截至9月底，…)."""
    months = [*_MONTH.finditer(clause), *_MONTH.finditer(said[:14])]
    return any(int(month[1]) < 12 for month in months) or bool(_MOMENT.search(clause))


def _last_time(said: str) -> re.Match[str] | None:
    """The last word of time that is not what something is compared with."""
    found = [match for match in _TIME.finditer(said) if not _AGAINST.search(said[: match.start()])]
    return found[-1] if found else None


def sentence_of(draft: Draft, slot: Slot | Figure) -> tuple[int, str]:
    """Where the sentence of a place begins, and its words."""
    holding = [span for span in draft.sentences if span.start <= slot.span.start < span.end]
    span = holding[-1] if holding else slot.clause
    return span.start, span.of(draft.text)


def _under_a_plan(draft: Draft, slot: Slot | Figure) -> bool:
    """Whether a heading above the place speaks of what is still to be done."""
    above = [item for item in draft.outline if item.body.start <= slot.span.start < item.body.end]
    return any(_PLANNING.search(item.text) for item in above)
