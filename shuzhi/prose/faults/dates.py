"""Dates and times no calendar and no clock has, and works finished before they began."""

import re
from calendar import monthrange
from collections.abc import Iterator

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.years import YEAR, clock_of, number_of, report_years
from shuzhi.prose.model import Draft, Span

_CN = "一二三四五六七八九十"
_DATE = re.compile(
    rf"(?:(?P<year>{YEAR})年\s*)?(?:(?<![\d个.])(?P<month>\d{{1,2}})月\s*(?P<day>\d{{1,2}})(?:[日号](?!报|均|处理|产)|(?=[—－\-至到~～]\d{{1,2}}日))"
    rf"|(?<![{_CN}个])(?P<cn_month>[{_CN}]{{1,2}})月(?P<cn_day>[{_CN}]{{1,3}})日)"
)
_ODD_MONTH = re.compile(
    r"(?<=\d年)(?P<odd>1[3-9]|[2-9]\d|0)月(?!\d)|(?<![\d个.:：])(?P<month>1[3-9]|[2-9]\d|0)月(?:份|底|末|初|上旬|中旬|下旬|中)"
)
_QUARTER = re.compile(r"第?[五六七八九]季度")
_CLOCK = re.compile(
    r"(?<![\d.])(?P<hour>\d{1,2})(?:时(?P<minute>\d{1,2})分|[:：](?P<colon>[0-5]\d)(?=[—－\-至到~～，。、）]))"
)


def dates(draft: Draft) -> Iterator[Found]:
    """A month or day that no calendar has."""
    years, clock = report_years(draft), clock_of(draft)
    for match in _DATE.finditer(draft.text):
        month, day = _number(match, "month"), _number(match, "day")
        if month is None or day is None or any(s.touches(Span(*match.span())) for s in draft.boilerplate):
            continue
        year = number_of(match.group("year")) if match.group("year") else None
        if year is None and years is not None:
            year = years.reviewed + 1 if clock.plans(match.start()) else years.reviewed
        if not 1 <= month <= 12:
            yield Found(Span(*match.span()), f"没有{month}月，请核对日期。")
            continue
        last = monthrange(year or 2000, month)[1]
        if not 1 <= day <= last:
            yield Found(Span(*match.span()), f"{month}月只有{last}天，没有{day}日，请核对日期。")
    for match in _ODD_MONTH.finditer(draft.text):
        yield Found(Span(*match.span()), f"没有{match.group('month') or match.group('odd')}月，请核对。")
    for match in _QUARTER.finditer(draft.text):
        yield Found(Span(*match.span()), "一年只有四个季度，请核对。")


def _number(match: re.Match[str], name: str) -> int | None:
    return number_of(match.group(name) or match.group(f"cn_{name}") or "")


def clocks(draft: Draft) -> Iterator[Found]:
    """A time of day no clock shows (25时, 8时75分)."""
    for match in _CLOCK.finditer(draft.text):
        if match.group("minute") is None:
            continue
        hour, minute = int(match.group("hour")), int(match.group("minute"))
        if hour > 24 or minute > 59 or (hour == 24 and minute > 0):
            yield Found(Span(*match.span()), f"没有{hour}时{minute}分这个时间，请核对。")


_BEGUN = "开工|动工|启动|奠基|开建|破土"
_ENDED = "竣工|完工|投用|建成|验收|通车|投产|封顶"
_COURSE = re.compile(
    rf"(?P<from>\d{{1,2}})月(?:\d{{1,2}}日|份|初|底|中旬|上旬|下旬)?(?:正式|全面|顺利)?(?:{_BEGUN})[^。；\n\d年]{{0,12}}?(?:于|，)?(?P<to>\d{{1,2}})月(?:\d{{1,2}}日|份|初|底|中旬|上旬|下旬)?(?:正式|全面|顺利|主体|全部)?(?:{_ENDED})"
)
_SPAN = re.compile(
    r"(?P<m1>\d{1,2})月(?P<d1>\d{1,2})日起?(?:[—－\-~～]|至|到)(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})日"
)


def courses(draft: Draft) -> Iterator[Found]:
    """Works that end before they begin, stretches of days that run backwards."""
    for match in _COURSE.finditer(draft.text):
        if int(match.group("to")) < int(match.group("from")) and not re.search(
            "次年|明年|翌年|来年", match.group()
        ):
            yield Found(
                Span(*match.span()),
                f"{match.group('from')}月开工，{match.group('to')}月就已完工，先后不合，请核对。",
                "likely",
            )
    for match in _SPAN.finditer(draft.text):
        first = (int(match.group("m1")), int(match.group("d1")))
        last = (int(match.group("m2") or match.group("m1")), int(match.group("d2")))
        # A stretch over the turn of the year runs from late to early months by right.
        if last < first and not (first[0] >= 9 and last[0] <= 4):
            yield Found(Span(*match.span()), "起止日期前后颠倒，请核对。", "likely")


RULES = (
    Rule("prose-T1-date", "impossible_date", dates),
    Rule("prose-T1-clock", "impossible_date", clocks),
    Rule("prose-T1-course", "impossible_date", courses),
)
