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
    PART: "这里问的是年内一段时间的数，账上只有从年初到月末的累计，不能代替",
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
_MOMENT = re.compile(r"本月|当月|环比|上月|单月|下半年|(?<!个)[一二三四1-4]季度|同比翻")
# From January on up to the end of a month the books have their sums.
_UP_TO = re.compile(
    r"(?P<half>上半年)|(?P<three>前(?:三|3)个?季度)|(?P<quarter>(?<![二三四2-4、至到—-])(?:第?一|1)季度)"
    r"|(?<!\d)0?1月?份?[—\-－～~至到](?P<run>\d{1,2})月|前(?P<count>\d{1,2}|[一二三四五六七八九十]{1,2})个月"
    r"|(?:截[至止]到?|到)(?P<end>\d{1,2})月(?:底|末|份)?(?!\d)"
)
_SEGMENT = re.compile(r"[，,；;]")
_WHOLE = re.compile(r"全年|年底|年末|12月")
# Words of time that may stand alone before a comma.
_NAMED_TIME = re.compile(rf"{_UP_TO.pattern}|{_MOMENT.pattern}|\d{{1,2}}月")
_TIME_ALONE = re.compile(r"(?:今年|本年|去年|上年|20\d\d年|以来|份|末|底|全县|全市|全区|\s)*")
_NAMED_PARTS = {"half": 6, "three": 9, "quarter": 3}
_NUMERALS = {
    word: number
    for number, word in enumerate(
        ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1
    )
}
_AVERAGE = re.compile(r"年均|年平均|两年平均|三年平均")
_AHEAD = re.compile(r"力争|今后|下一步|下步|打算|安排|展望|继续")
_PLANNING = re.compile(r"安排|打算|下一?步|今后|展望|思路|计划|目标|工作$|明年|来年")


@dataclass(frozen=True, slots=True)
class Period:
    """The year a place speaks of, and how: its result, its plan, what stands to date, or a stretch nobody can answer for.

    ``month`` is the month up to whose end it runs, 12 for the whole year.
    """

    year: int
    time: str = ACTUAL
    month: int = 12


def period_of(draft: Draft, slot: Slot | Figure, year: int) -> Period:
    """The period a place of a report on ``year`` speaks of, by the words nearest before it in its sentence."""
    start, _ = sentence_of(draft, slot)
    said = draft.text[start : slot.span.start]
    for pattern in (_NAMED, _FROM_TO):
        said = pattern.sub(lambda found: "　" * len(found.group()), said)
    clause = said[max(0, slot.clause.start - start) :]
    month = _month(said, clause)
    if not month:
        return Period(year, PART)
    told = slot.meaning.time or ACTUAL
    if told in (PART, TO_DATE) and (month < 12 or _WHOLE_YEAR.search(said)):
        told = ACTUAL
    last = _last_time(said)
    if last is None or last.lastgroup == "this":
        found = _unsaid(draft, slot, said, told, year, ahead=last is None)
    else:
        found = _said(last, told, year)
    if slot.meaning.kind == "growth" and found.time not in UNANSWERABLE:
        found = _grown(found, said, clause)
    if month < 12 and found.time not in UNANSWERABLE:
        return Period(found.year, ACTUAL, month) if found.time != PLAN else Period(found.year, PART)
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


def _month(said: str, clause: str) -> int:
    """The month up to whose end a place speaks of since January, 12 for the year; 0 for a stretch the books do not sum.

    What is named in the clause counts; what opens the sentence (上半年，…; 截至9月底，…) where nothing else is said there.
    """
    here = _stretch(clause)
    if here is not None or _WHOLE.search(clause):
        return 12 if here is None else here
    opening = _SEGMENT.split(said, maxsplit=1)[0]
    before = _stretch(opening) if _TIME_ALONE.fullmatch(_NAMED_TIME.sub("", opening)) else None
    if before is not None:
        return before
    return 0 if any(int(month[1]) < 12 for month in _MONTH.finditer(said[:14])) else 12


def _stretch(words: str) -> int | None:
    """The last month of the stretch since January that the words name, 0 for another stretch, None when they name none."""
    found = [match for match in _UP_TO.finditer(words) if 0 < _end_of(match) <= 12]
    rest = _UP_TO.sub("", words)
    if _MOMENT.search(rest) or any(int(match[1]) < 12 for match in _MONTH.finditer(rest)):
        return 0
    return _end_of(found[-1]) if found else None


def _end_of(match: re.Match[str]) -> int:
    """The last month of a stretch since January."""
    said = match[match.lastgroup or ""]
    return _NAMED_PARTS.get(match.lastgroup or "", 0) or _NUMERALS.get(said, 0) or int(said)


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
