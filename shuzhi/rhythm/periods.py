"""Weeks and other periods: their names, their ends, and those that have lately ended or run now."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from shuzhi.kernel.finding import Finding, Refused

#: How many periods back what is owed is still asked for.
BACK = {"week": 4, "month": 3, "quarter": 2, "half": 2, "year": 1}
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period of whole days, with its name: ``2025年三季度``, ``2025年第9周``."""

    name: str
    start: date
    end: date


def week_of(day: date) -> str:
    """The ISO week a day lies in: ``2025-W09``."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def monday(week: str) -> date:
    """The Monday of a week; raises Refused when there is no such week."""
    try:
        return date.fromisoformat(f"{week}-1")
    except ValueError:
        raise Refused(Finding("rhythm.week", f"没有“{week}”这一周", "周次形如 2025-W09")) from None


def week_name(week: str) -> str:
    """The week as offices say it: ``2025年第9周（2月24日—3月2日）``."""
    first = monday(week)
    last = first + timedelta(6)
    return f"{week[:4]}年第{int(week[-2:])}周（{first.month}月{first.day}日—{last.month}月{last.day}日）"


def holding(every: str, day: date) -> Stretch:
    """The period of that length that a day lies in."""
    if every == "week":
        week = week_of(day)
        first = monday(week)
        return Stretch(f"{week[:4]}年第{int(week[-2:])}周", first, first + timedelta(6))
    months = _MONTHS[every]
    first_month = (day.month - 1) // months * months + 1
    last_month = first_month + months - 1
    name = {
        "month": f"{first_month}月",
        "quarter": f"{_QUARTERS[(first_month - 1) // 3]}季度",
        "half": "上半年" if first_month == 1 else "下半年",
        "year": "",
    }[every]
    end = date(day.year, last_month, monthrange(day.year, last_month)[1])
    return Stretch(f"{day.year}年{name}", date(day.year, first_month, 1), end)


def lately(every: str, day: date) -> list[Stretch]:
    """The period running on a day and those before it that are still asked for, the oldest first."""
    found = [holding(every, day)]
    while len(found) <= BACK[every]:
        found.append(holding(every, found[-1].start - timedelta(1)))
    return found[::-1]
