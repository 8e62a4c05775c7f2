"""The working-day calendar: holidays and shifted work days as data per year, and time limits summed step by step.

Rules of counting: the day of the trigger is not counted; a last day on a rest day moves to the next working day;
months end on the corresponding day, or on the last day of the month (民法典 200–203). The shift of weekends comes from
a yearly notice of the State Council and cannot be computed: a year without data counts Monday to Friday, and says so.
"""

import tomllib
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Self

from shuzhi.kernel.expr.nodes import Span
from shuzhi.kernel.finding import Finding, Refused

_DAY = timedelta(1)
_WEEK = "一二三四五六日"
# No limit in law is longer; a slip of the keyboard must not walk through the centuries.
LONGEST, LONGEST_MONTHS = 36_525, 1200
LONGEST_YEARS = 100
PER = {"calendar": "天", "working": "个工作日", "month": "个月", "year": "年"}


@dataclass(frozen=True, slots=True)
class Year:
    """One year's notice: rest days by name, and weekend days shifted to work."""

    year: int
    basis: str
    holidays: Mapping[date, str]
    workdays: frozenset[date]


@dataclass(frozen=True, slots=True)
class ClockSum:
    """A due day and the sentences that show how it was reached; ``assumed`` when a year had no data yet.

    ``moment`` is the exact end of a limit in hours, which falls on the due day.
    """

    due: date
    steps: tuple[str, ...]
    assumed: bool = False
    moment: datetime | None = None


def say_day(day: date) -> str:
    """The day as offices write it: 2025年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def say_moment(moment: datetime) -> str:
    """The moment as offices write it: 2025年3月1日14时30分."""
    return f"{say_day(moment)}{moment.hour}时{moment.minute:02d}分"


def read_year(path: str, text: str) -> tuple[Year | None, list[Finding]]:
    """One calendar file, and what is wrong with it (then there is no year)."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [Finding("calendar.not-toml", f"不是合格的 TOML：{error}", "检查引号和括号", path)]
    findings = [
        Finding(
            "calendar.unknown-key",
            f"不认识的键“{key}”",
            "可用：year、basis、holidays、workdays",
            f"{path} {key}",
        )
        for key in sorted(set(table) - {"year", "basis", "holidays", "workdays"})
    ]
    year, basis = table.get("year"), table.get("basis")
    if not isinstance(year, int) or Path(path).stem != str(year):
        findings.append(
            Finding("calendar.year", "year 应与文件名相同", "如 2025.toml 写 year = 2025", f"{path} year")
        )
    if not isinstance(basis, dict) or not isinstance(basis.get("law"), str):
        findings.append(
            Finding(
                "calendar.no-basis", "没有写明依据", 'basis = { law = "国务院办公厅…通知" }', f"{path} basis"
            )
        )
    holidays = _named_days(path, table.get("holidays"), year, findings)
    workdays = _days(path, table.get("workdays", []), year, findings)
    both = sorted(set(holidays) & set(workdays))
    if both:
        message = f"{say_day(both[0])}既放假又上班"
        findings.append(Finding("calendar.both", message, "删去其中一处", f"{path} workdays"))
    if findings or not isinstance(year, int) or not isinstance(basis, dict):
        return None, findings
    said = f"{basis['law']}{basis.get('article', '')}"
    return Year(year, said, holidays, frozenset(workdays)), []


def _named_days(path: str, raw: object, year: object, findings: list[Finding]) -> dict[date, str]:
    named: dict[date, str] = {}
    for item in raw if isinstance(raw, list) else [raw]:
        if isinstance(item, dict) and set(item) == {"date", "name"} and isinstance(item["name"], str):
            for day in _days(path, [item["date"]], year, findings, "holidays"):
                named[day] = item["name"]
        else:
            hint = '写成 { date = 2025-01-01, name = "元旦" }'
            findings.append(Finding("calendar.holiday", "放假的日子应写日期和名称", hint, f"{path} holidays"))
    return named


def _days(path: str, raw: object, year: object, findings: list[Finding], key: str = "workdays") -> list[date]:
    days: list[date] = []
    for day in raw if isinstance(raw, list) else [raw]:
        if isinstance(day, date) and not isinstance(day, datetime) and day.year == year:
            days.append(day)
        else:
            message = f"“{day}”不是{year}年的日期"
            findings.append(Finding("calendar.day", message, "日期不加引号，如 2025-01-26", f"{path} {key}"))
    return days


class WorkCalendar:
    """Which days are working days, and what day a time limit ends on."""

    def __init__(self, years: Iterable[Year] = ()) -> None:
        self._years = {year.year: year for year in years}

    @classmethod
    def load(cls, *folders: Path) -> Self:
        """Read ``20xx.toml`` of the folders, later folders replacing a year whole; raises Refused when one is wrong."""
        texts = {
            str(path): path.read_text("utf-8") for folder in folders for path in sorted(folder.glob("*.toml"))
        }
        return cls.of_texts(texts)

    @classmethod
    def of_texts(cls, texts: Mapping[str, str]) -> Self:
        """A calendar from the texts of its files by path; raises Refused when one is wrong."""
        read = [read_year(path, text) for path, text in texts.items()]
        findings = [finding for _, found in read for finding in found]
        if findings:
            raise Refused(findings)
        return cls(year for year, _ in read if year is not None)

    @property
    def years(self) -> tuple[int, ...]:
        """The years for which there is data."""
        return tuple(sorted(self._years))

    def holiday(self, day: date) -> str:
        """The name of the holiday a day belongs to, or an empty text."""
        year = self._years.get(day.year)
        return year.holidays.get(day, "") if year else ""

    def is_workday(self, day: date) -> bool:
        """Whether offices work on the day; a year without data counts Monday to Friday."""
        year = self._years.get(day.year)
        if year is not None and (day in year.workdays or day in year.holidays):
            return day in year.workdays
        return day.weekday() < 5

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when the end comes first."""
        if end < start:
            return -self.workdays_between(end, start)
        days = (end - start).days
        return sum(self.is_workday(start + timedelta(number)) for number in range(1, days + 1))

    def workdays_left(self, today: date, due: date) -> int:
        """Working days still to come until the due day, that day counted; negative when it has passed."""
        return self.workdays_between(today, due)

    def clock(
        self,
        start: date,
        limit: int,
        per: str,
        *,
        pauses: Sequence[Span] = (),
        paused: int = 0,
        extension: int = 0,
        restart: date | None = None,
        roll: bool = True,
        before: bool = False,
    ) -> ClockSum:
        """The due day of a limit, with its steps in Chinese.

        ``limit`` counts calendar days, working days, months or years (``per``). Days inside ``pauses``, and ``paused``
        further days, do not count; ``extension`` is granted on top, in days of the same sort (calendar days for months);
        ``restart`` begins the count anew; ``roll`` is off for shortest times (公示不少于10日), which nothing lengthens.
        ``before`` counts backwards: what must be done so long before a day may not be done later because of a rest day.
        Raises ValueError for a negative or absurd limit and for an unknown ``per``.
        """
        if per not in PER:
            raise ValueError(f"未知的计时方式“{per}”，可用：{'、'.join(PER)}")
        if min(limit, paused, extension) < 0 or max(limit, paused, extension) > LONGEST:
            raise ValueError(f"时限应在0到{LONGEST}之间")
        longest = {"month": LONGEST_MONTHS, "year": LONGEST_YEARS}.get(per, LONGEST)
        if limit > longest:
            raise ValueError(f"时限应在0到{longest}{PER[per]}之间")
        if before:
            return _Sum(self, per, pauses).back(start, limit)
        return _Sum(self, per, pauses).run(start, limit, paused, extension, restart, roll=roll)

    def fixed(self, start: date, on: str) -> ClockSum:
        """The first day after ``start`` with the month and day of ``on`` (``03-31``).

        A day named by the law is that day, on a rest day too. Raises ValueError when ``on`` is no such day.
        """
        month, day = (int(part) for part in on.split("-"))
        due = date(start.year, month, day)
        if due <= start:
            due = date(start.year + 1, month, day)
        return ClockSum(due, (f"{say_day(start)}之后的{month}月{day}日，即{say_day(due)}",))

    def hours(self, start: datetime, limit: int, *, before: bool = False) -> ClockSum:
        """The moment so many hours after (or before) another: hours run on rest days too."""
        end = start - timedelta(hours=limit) if before else start + timedelta(hours=limit)
        word = "前" if before else "后"
        return ClockSum(
            end.date(), (f"{say_moment(start)}{word}{limit}小时，到{say_moment(end)}",), moment=end
        )


class _Sum:
    """One clock sum in the making: the day reached and the sentences so far."""

    def __init__(self, calendar: WorkCalendar, per: str, pauses: Sequence[Span]) -> None:
        self._calendar = calendar
        self._per = per
        self._pauses = sorted(pauses, key=lambda span: span.start)
        self._steps: list[str] = []
        self._unknown: set[int] = set()

    def run(
        self, start: date, limit: int, paused: int, extension: int, restart: date | None, *, roll: bool
    ) -> ClockSum:
        """Count, then roll over a rest day; see :meth:`WorkCalendar.clock`."""
        self._steps.append(f"{say_day(start)}起算，当日不计")
        if restart is not None:
            start = restart
            self._steps.append(f"{say_day(start)}重新起算，当日不计")
        for span in self._pauses:
            self._steps.append(f"{say_day(span.start)}至{say_day(span.end)}暂停，不计入时限")
        unit = PER[self._per]
        months = {"month": 1, "year": 12}.get(self._per, 0)
        day = self._month(start, limit * months) if months else self._count(start, limit)
        self._steps.append(f"满{limit}{unit}，到{say_day(day)}")
        days = "天" if months else unit
        for number, word in ((paused, "暂停"), (extension, "延长")):
            if number:
                day = self._count(day, number)
                self._steps.append(f"{word}{number}{days}，到{say_day(day)}")
        if roll:
            day = self._rolled(day)
        for year in sorted(self._unknown):
            self._steps.append(f"{year}年的放假安排尚未导入，按周一至周五上班计算，导入后须重算")
        return ClockSum(day, tuple(self._steps), bool(self._unknown))

    def back(self, start: date, limit: int) -> ClockSum:
        """Count backwards from the day, which itself is not counted."""
        months = {"month": 1, "year": 12}.get(self._per, 0)
        day = start
        if months:
            day = self._month(start, -limit * months)
        for _ in range(0 if months else limit):
            day -= _DAY
            while not self._counts(day):
                day -= _DAY
        self._steps.append(f"{say_day(start)}往前推{limit}{PER[self._per]}，当日不计，到{say_day(day)}")
        return ClockSum(day, tuple(self._steps), bool(self._unknown))

    def _works(self, day: date) -> bool:
        if day.year not in self._calendar.years:
            self._unknown.add(day.year)
        return self._calendar.is_workday(day)

    def _counts(self, day: date) -> bool:
        """Whether a day is counted: not paused, and worked when working days are counted."""
        if any(span.start <= day <= span.end for span in self._pauses):
            return False
        return self._per != "working" or self._works(day)

    def _count(self, day: date, number: int) -> date:
        if self._per != "working" and not self._pauses:
            return day + timedelta(number)
        left = number
        while left:
            day += _DAY
            left -= self._counts(day)
        return day

    def _month(self, start: date, limit: int) -> date:
        """The corresponding day so many months on, or that month's last day; paused days are added behind it."""
        months = start.year * 12 + start.month - 1 + limit
        year, month = months // 12, months % 12 + 1
        last = monthrange(year, month)[1]
        end = date(year, month, min(start.day, last))
        if start.day > last:
            self._steps.append(f"{year}年{month}月没有{start.day}日，以月末日为准")
        if not self._pauses:
            return end
        held = sum(not self._counts(start + timedelta(n)) for n in range(1, (end - start).days + 1))
        return self._count(end, held)

    def _rolled(self, day: date) -> date:
        if self._works(day):
            return day
        last = day
        while not self._works(day):
            day += _DAY
        why = self._calendar.holiday(last)
        why = f"{why}放假" if why else f"星期{_WEEK[last.weekday()]}"
        self._steps.append(f"最后一日{say_day(last)}是{why}，顺延到{say_day(day)}")
        return day
