"""The year a report is about, and years, plan periods and anniversaries that do not fit it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from shuzhi.prose.faults.rows import Held
from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.sense.timing import Clock
from shuzhi.prose.signs.numerals import chinese
from shuzhi.prose.tables import strings

_CN_YEAR = r"[一二][零〇○ＯO九][零一二三四五六七八九〇○ＯO]{2}"
YEAR = rf"(?:(?<!\d)(?:19|20)\d\d|{_CN_YEAR})(?=年)"
_YEAR = re.compile(YEAR)
_WHOLE_YEAR = re.compile(rf"({YEAR})年(?!\s*[\d一二三四五六七八九十ＸXx×]{{1,2}}月)")
_DATED = re.compile(
    rf"({YEAR})年\s*(\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})日)?"
)
_REVIEW = re.compile(rf"({YEAR})年(?:度)?[^，。]{{0,10}}?(?:回顾|完成情况|执行情况|总结|开展情况|落实情况)")
_PLANNED = re.compile(
    rf"({YEAR})年(?:度)?[^，。]{{0,8}}?(?:安排|打算|思路|计划|展望|预期目标|重点工作|工作重点|目标任务)"
)


@dataclass(frozen=True, slots=True)
class Years:
    """`reviewed`: the year the report looks back on; `told`: the year it is given in, the latest it can know."""

    reviewed: int
    told: int


def number_of(text: str) -> int | None:
    """The number a run of digits or Chinese numerals stands for."""
    if text.isdigit():
        return int(text)
    value = chinese(text.replace("○", "〇").replace("Ｏ", "〇").replace("O", "〇"))
    return int(value) if value is not None else None


def year_in(text: str) -> int | None:
    """The first year named in `text`."""
    match = _YEAR.search(text)
    return number_of(match.group()) if match else None


def head_of(draft: Draft) -> str:
    """Title and opening lines, up to the first numbered heading."""
    first = draft.outline[0].marker_span.start if draft.outline else draft.title.end + 400
    return draft.text[draft.title.start : max(draft.title.end, min(first, draft.title.end + 600))]


def report_years(draft: Draft) -> Years | None:
    """The year looked back on, told by headings (2019年工作回顾), title, opening words or the date of the meeting."""
    return _years(Held(draft))


@lru_cache(maxsize=1)
def _years(held: Held) -> Years | None:
    draft = held.draft
    title, head = draft.title.of(draft.text), head_of(draft)
    met = _DATED.search(head)
    month = number_of(met.group(2)) if met else None
    meeting = number_of(met.group(1)) if met else None
    said = _WHOLE_YEAR.search(title)
    year = number_of(said.group(1)) if said else None
    for heading in draft.outline[:2]:
        found = _REVIEW.search(heading.text)
        reviewed = number_of(found.group(1)) if found else None
        if reviewed is not None:
            return Years(reviewed, max(reviewed, meeting or reviewed))
    if year is not None and "政府工作报告" not in title:
        return Years(year, max(year, meeting or year))
    if meeting is not None and month is not None and (month <= 4 or month >= 10):
        reviewed = meeting - 1 if month <= 4 else meeting
        return Years(reviewed, meeting)
    if year is not None:
        return None
    opened = re.search(rf"(?:现将|将本人|将我|现就|就)[^，。]{{0,12}}?({YEAR})年", head) or re.search(
        rf"(?:^|\n)\s*({YEAR})年(?:度)?(?:，|是|以来)", head
    )
    reviewed = number_of(opened.group(1)) if opened else None
    return Years(reviewed, reviewed) if reviewed is not None else None


def clock_of(draft: Draft) -> Clock:
    """Tells which places of the text speak of what is still to be done."""
    return _clock(Held(draft))


@lru_cache(maxsize=1)
def _clock(held: Held) -> Clock:
    return Clock(held.draft.text, held.draft.sentences, held.draft.outline)


def _hidden(draft: Draft, span: Span) -> bool:
    return any(s.touches(span) for s in draft.boilerplate)


def opening_year(draft: Draft) -> Iterator[Found]:
    """The year that opens the text is not the one in the title."""
    title = draft.title.of(draft.text)
    named = _WHOLE_YEAR.search(title)
    year = number_of(named.group(1)) if named else None
    if year is None or "政府工作报告" in title:
        return
    first = draft.outline[0].marker_span.start if draft.outline else len(draft.text)
    stop = min(first, draft.title.end + 600)
    opened = re.compile(rf"(?:^|\n)\s*({YEAR})年(?:度)?(?:，|是|以来|对)").search(
        draft.text, draft.title.end - 1, stop
    )
    said = number_of(opened.group(1)) if opened else None
    if opened is not None and said not in (None, year, year + 1):
        yield Found(Span(opened.start(1), opened.end()), f"题目是{year}年，正文开头写的是{said}年，请核对。")
    for match in re.compile(
        rf"(?:现将|将本人|将我|现就|就本人)[^，。]{{0,12}}?({YEAR})年[^，。]{{0,24}}(?:报告|汇报|总结|述职|通报)"
    ).finditer(draft.text, draft.title.end, stop + 100):
        said = number_of(match.group(1))
        if said != year:
            yield Found(
                Span(match.start(1), match.end(1) + 1), f"题目是{year}年，这里写的是{said}年，请核对。"
            )


def heading_years(draft: Draft) -> Iterator[Found]:
    """A review of a year after the title's, a plan for a year already over, a plan that skips a year."""
    title = draft.title.of(draft.text)
    named = _WHOLE_YEAR.search(title)
    year = number_of(named.group(1)) if named else None
    reviewed = [
        number_of(m.group(1))
        for h in draft.outline
        if h.level == 1 and not _PLANNED.search(h.text) and (m := re.search(rf"({YEAR})年", h.text))
    ]
    for heading in draft.outline:
        planned, done = _PLANNED.search(heading.text), _REVIEW.search(heading.text)
        aim = number_of(planned.group(1)) if planned else None
        if done is not None:
            said = number_of(done.group(1))
            yearly = re.search("总结|述职|履职", title) is not None
            if year is not None and said is not None and (said > year or (yearly and said != year)):
                yield Found(heading.text_span, f"题目是{year}年，回顾写的却是{said}年，请核对。")
        elif aim is not None and reviewed and reviewed[0] is not None and aim != reviewed[0] + 1:
            yield Found(heading.text_span, f"回顾的是{reviewed[0]}年，安排的却是{aim}年，请核对。")
        elif aim is not None and year is not None and not reviewed and aim not in (year, year + 1):
            yield Found(heading.text_span, f"题目是{year}年，下一步打算写的却是{aim}年，请核对。")


_PAST = re.compile(r"完成|实现|建成|新增|获|达到|增长|召开|开展|荣获|办理|出台")
_NOT_YET = re.compile(
    r"目标|计划|规划|力争|预计|将|确保|前$|到$|至$|底前|期限|纲要|行动方案|方案|期间|工作要点|预算|草案"
)


def stray_years(draft: Draft) -> Iterator[Found]:
    """截至2021年底 in a report of 2020; 2019年，我将… in the plans of a report of 2020."""
    years = report_years(draft)
    if years is None:
        return
    clock = clock_of(draft)
    for match in re.finditer(rf"截[至止](?:到)?({YEAR})年[^，。；]{{0,8}}", draft.text):
        said, span = number_of(match.group(1)), Span(*match.span())
        if said is None or _hidden(draft, span) or clock.plans(span.start):
            continue
        if said > years.told or (said < years.reviewed and _alone(draft, span, years)):
            yield Found(
                span, f"本报告写的是{years.reviewed}年，这里写“{match.group()}”，请核对年份。", "likely"
            )
    for match in re.finditer(rf"(?:^|(?<=[。；：\n\u3000 ]))({YEAR})年(?:度)?，", draft.text):
        said, span = number_of(match.group(1)), Span(*match.span())
        if said is None or _hidden(draft, span) or span.start < draft.title.end:
            continue
        yield from _sentence_year(draft, span, said, years, planned=clock.plans(span.start))


def _alone(draft: Draft, span: Span, years: Years) -> bool:
    """Whether the sentence names no year besides, nor compares."""
    sentence = next((s for s in draft.sentences if s.start <= span.start < s.end), span)
    rest = draft.text[span.end : sentence.end]
    return not re.search(rf"今年|本年|{years.reviewed}年|以来", rest)


def _sentence_year(draft: Draft, span: Span, said: int, years: Years, *, planned: bool) -> Iterator[Found]:
    rest = draft.text[span.end : span.end + 60].split("。")[0]
    willing = re.match(r"(?:[^，。；]{0,12}?)(?:将(?!近)|要|力争|确保|计划|重点抓好|继续)", rest) is not None
    if planned and willing and said <= years.reviewed:
        yield Found(span, f"本报告写的是{years.reviewed}年，下一步打算写的却是{said}年，请核对。")
    elif willing and said > years.told + 1 and re.match(r"(?:我们?|全[县市区乡镇局]|本人)?将", rest):
        yield Found(span, f"本报告写的是{years.reviewed}年，下一步打算写的却是{said}年，请核对。", "likely")
    elif (
        not planned and not willing and said > years.told and _PAST.search(rest) and not _NOT_YET.search(rest)
    ):
        yield Found(span, f"本报告写的是{years.reviewed}年，这里却写{said}年已经做的事，请核对年份。")


_SIGNED = re.compile(
    rf"^\s*({YEAR})年\s*(\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})日)?\s*$",
    re.M,
)


_FULFILLED = re.compile(
    rf"(?:完成|总结|回顾|做好)(?:了|好)?({YEAR})年(?:度)?的?(?:各项|全年|主要)?(?:工作|任务|目标|指标|预算)"
)


def fulfilled_years(draft: Draft) -> Iterator[Found]:
    """圆满完成了2018年各项任务 in a report of 2020; 2019年总结及2021年打算 in a title."""
    title = draft.title.of(draft.text)
    both = re.search(
        rf"({YEAR})年[^\n]*?(?:及|和|暨|、)({YEAR})年[^\n]*?(?:打算|计划|安排|思路|草案|要点)", title
    )
    if both is not None:
        first, second = number_of(both.group(1)), number_of(both.group(2))
        if first is not None and second is not None and second != first + 1:
            at = Span(draft.title.start + both.start(2), draft.title.start + both.end(2) + 1)
            yield Found(at, f"回顾的是{first}年，打算的却是{second}年，请核对。")
    years = report_years(draft)
    for match in _FULFILLED.finditer(draft.text, draft.title.end) if years else ():
        said, span = number_of(match.group(1)), Span(*match.span())
        if years is None or said is None or _hidden(draft, span):
            continue
        if said < years.reviewed or said > years.told + 1:
            yield Found(
                span, f"本报告写的是{years.reviewed}年，这里写“{match.group()}”，请核对年份。", "likely"
            )


def signed(draft: Draft) -> Iterator[Found]:
    """A report dated before the year it looks back on is over, or years after."""
    years = report_years(draft)
    named = _WHOLE_YEAR.search(draft.title.of(draft.text))
    if years is None or named is None:
        return
    for match in _SIGNED.finditer(draft.text, max(draft.title.end, len(draft.text) - 300)):
        year, month = number_of(match.group(1)), number_of(match.group(2))
        if year is None or month is None or _hidden(draft, Span(*match.span())):
            continue
        if year < years.reviewed or year > years.reviewed + 1 or (year > years.reviewed and month > 9):
            at = Span(match.start(1), match.end())
            yield Found(at, f"报告写的是{years.reviewed}年，落款却是{year}年{month}月，请核对。", "likely")


_PLAN = re.compile(
    r"“?十(?P<plan>[一二三四五])五”?(?:规划)?(?:实施)?的?(?P<phase>开局|起步|收官|最后一年|第[一二三四五]年|承上启下|中期评估)"
)
_STARTS = {"一": 2006, "二": 2011, "三": 2016, "四": 2021, "五": 2026}


def plan_periods(draft: Draft) -> Iterator[Found]:
    """2019年是“十三五”收官之年: the phase of a five-year plan falls in a certain year."""
    years = report_years(draft)
    for match in _PLAN.finditer(draft.text):
        phase, start = match.group("phase"), _STARTS[match.group("plan")]
        clause = next((c for c in draft.clauses if c.start <= match.start() < c.end), None)
        if clause is None:
            continue
        right = start + _phase(phase)
        said = year_in(draft.text[clause.start : match.start()])
        near = draft.text[max(0, clause.start - 30) : match.start()]
        allowed = {said} if said else {years.reviewed, years.told, years.reviewed + 1} if years else {right}
        # 今年 in the review of a year-end report is the year reviewed.
        this = re.search("今年|本年", draft.text[clause.start : match.start()]) is not None
        if said is None and this and years is not None and years.told == years.reviewed:
            allowed = {years.reviewed}
        if said is None and re.search(r"迎接|谋划|为|实现|确保|衔接|以来|圆满", near[-8:]):
            continue
        # 承上启下 is said of any year in the middle of a plan.
        middle = phase == "承上启下" and any(start < year < start + 4 for year in allowed)
        if right not in allowed and not middle:
            yield Found(
                Span(clause.start, max(clause.end, match.end())),
                f"“十{match.group('plan')}五”是{start}—{start + 4}年，{phase}应在{right}年，请核对。",
            )


def _phase(phase: str) -> int:
    if phase in ("开局", "起步"):
        return 0
    if phase.startswith("第"):
        return "一二三四五".index(phase[1])
    return 2 if phase in ("承上启下", "中期评估") else 4


@cache
def _anniversaries() -> tuple[tuple[re.Pattern[str], int], ...]:
    count = r"(?P<n>\d{1,3}|[一二三四五六七八九十百]{1,4})周年"
    return tuple(
        (re.compile(rf"(?:{event}){count}"), int(year))
        for event, year in strings("eras", "anniversary").items()
    )


def anniversaries(draft: Draft) -> Iterator[Found]:
    """新中国成立70周年 is 2019."""
    years = report_years(draft)
    if years is None or "周年" not in draft.text:
        return
    for pattern, base in _anniversaries():
        for match in pattern.finditer(draft.text):
            count = number_of(match.group("n"))
            if count is None or base + count in (years.reviewed, years.told, years.reviewed + 1):
                continue
            yield Found(
                Span(*match.span()),
                f"“{match.group()}”是{base + count}年，本报告写的是{years.reviewed}年，请核对。",
                "likely",
            )


RULES = (
    Rule("prose-T2-year", "year_mismatch", opening_year),
    Rule("prose-T2-told", "year_mismatch", heading_years),
    Rule("prose-T2-stray", "year_mismatch", stray_years),
    Rule("prose-T2-fulfilled", "year_mismatch", fulfilled_years),
    Rule("prose-T2-signed", "year_mismatch", signed),
    Rule("prose-T2-plan", "year_mismatch", plan_periods),
    Rule("prose-T2-anniversary", "year_mismatch", anniversaries),
)
