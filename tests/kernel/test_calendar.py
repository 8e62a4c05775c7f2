"""Working days come from the yearly notices; time limits are summed as the Civil Code counts them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.kernel.calendar import ClockSum, WorkCalendar, read_year
from shuzhi.kernel.catalogue.load import national_folder
from shuzhi.kernel.expr.nodes import Span
from shuzhi.kernel.finding import Refused

CALENDAR = WorkCalendar.load(national_folder() / "calendar")
EMPTY = WorkCalendar()
days = st.dates(date(2023, 1, 1), date(2026, 12, 31))
pers = st.sampled_from(["calendar", "working", "month"])


@pytest.mark.parametrize(("year", "workdays"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_the_notice_leaves(year: int, workdays: int) -> None:
    assert CALENDAR.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == workdays


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 26), True),  # a Sunday shifted to work before Spring Festival
        (date(2025, 2, 3), False),  # a Monday within Spring Festival
        (date(2025, 10, 11), True),
        (date(2025, 10, 6), False),
        (date(2025, 3, 1), False),
        (date(2025, 3, 3), True),
        (date(2030, 10, 1), True),  # no notice yet: a Tuesday is a working day
    ],
)
def test_shifted_days_count_as_the_notice_says(day: date, works: bool) -> None:
    assert CALENDAR.is_workday(day) is works


@given(days, days, days)
def test_counts_of_working_days_add_up(one: date, two: date, three: date) -> None:
    assert CALENDAR.workdays_between(one, two) + CALENDAR.workdays_between(two, three) == (
        CALENDAR.workdays_between(one, three)
    )


@given(days, st.integers(0, 90), pers, st.integers(0, 30), st.integers(0, 30))
def test_a_due_day_is_a_working_day_not_before_the_start(
    start: date, limit: int, per: str, paused: int, extension: int
) -> None:
    total = CALENDAR.clock(
        start, min(limit, 24) if per == "month" else limit, per, paused=paused, extension=extension
    )
    assert total.due >= start
    assert CALENDAR.is_workday(total.due)
    assert total.steps[0].endswith("起算，当日不计")
    assert total.due.strftime("%Y年") in "".join(total.steps)


@given(days, st.integers(1, 60))
def test_a_limit_of_working_days_ends_after_so_many_of_them(start: date, limit: int) -> None:
    assert CALENDAR.workdays_between(start, CALENDAR.clock(start, limit, "working").due) == limit


@given(days, st.integers(1, 365))
def test_an_unrolled_limit_of_days_is_plain_addition(start: date, limit: int) -> None:
    assert CALENDAR.clock(start, limit, "calendar", roll=False).due == start + timedelta(limit)


@given(days, st.integers(0, 24))
def test_months_end_on_the_corresponding_day_or_the_end_of_the_month(start: date, limit: int) -> None:
    end = CALENDAR.clock(start, limit, "month", roll=False).due
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == limit
    assert end.day == start.day or (end.day < start.day and (end + timedelta(1)).day == 1)


@given(days, st.integers(1, 60), pers, st.integers(1, 20), st.integers(0, 40))
def test_a_pause_never_brings_the_due_day_nearer(
    start: date, limit: int, per: str, length: int, after: int
) -> None:
    limit = min(limit, 12) if per == "month" else limit
    pause = Span(start + timedelta(after), start + timedelta(after + length))
    plain = CALENDAR.clock(start, limit, per).due
    assert CALENDAR.clock(start, limit, per, pauses=[pause]).due >= plain
    beyond = Span(plain + timedelta(1), plain + timedelta(9))
    assert CALENDAR.clock(start, limit, per, pauses=[beyond], roll=False).due <= plain


SUMS = [
    # the last day, Saturday 1 March, moves to Monday
    (date(2024, 3, 1), 365, "calendar", {}, date(2025, 3, 3), "是星期六，顺延到2025年3月3日"),
    # the last day falls into the National Day holiday
    (date(2025, 9, 1), 30, "calendar", {}, date(2025, 10, 9), "是国庆节、中秋节放假"),
    # a Sunday on which offices work is no rest day
    (date(2025, 1, 11), 15, "calendar", {}, date(2025, 1, 26), "到2025年1月26日"),
    (date(2025, 1, 20), 20, "working", {}, date(2025, 2, 21), "满20个工作日"),
    (date(2025, 1, 20), 20, "working", {"extension": 3}, date(2025, 2, 26), "延长3个工作日"),
    (date(2025, 1, 31), 1, "month", {}, date(2025, 2, 28), "没有31日，以月末日为准"),
    (date(2024, 2, 29), 12, "month", {}, date(2025, 2, 28), "2025年2月没有29日"),
    (date(2025, 3, 3), 10, "calendar", {"paused": 5}, date(2025, 3, 18), "暂停5天"),
    (
        date(2025, 3, 3),
        10,
        "calendar",
        {"pauses": [Span(date(2025, 3, 5), date(2025, 3, 9))]},
        date(2025, 3, 18),
        "2025年3月5日至2025年3月9日暂停，不计入时限",
    ),
    (date(2025, 3, 3), 20, "working", {"restart": date(2025, 3, 10)}, date(2025, 4, 8), "2025年3月10日重新起算"),
    (date(2025, 4, 18), 10, "calendar", {"roll": False}, date(2025, 4, 28), "满10天，到2025年4月28日"),
    (date(2026, 12, 20), 20, "working", {}, date(2027, 1, 15), "2027年的放假安排尚未导入"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "limit", "per", "more", "due", "says"), SUMS)
def test_a_limit_is_summed_step_by_step(
    start: date, limit: int, per: str, more: dict[str, int], due: date, says: str
) -> None:
    total = CALENDAR.clock(start, limit, per, **more)  # type: ignore[arg-type]
    assert total.due == due
    assert says in "；".join(total.steps)


def test_a_year_without_a_notice_is_said_to_be_assumed() -> None:
    assert EMPTY.clock(date(2025, 1, 20), 5, "working").assumed
    known = CALENDAR.clock(date(2025, 1, 20), 5, "working")
    assert known == ClockSum(date(2025, 1, 26), known.steps)


def test_working_days_left_go_negative_when_the_day_has_passed() -> None:
    assert CALENDAR.workdays_left(date(2025, 3, 3), date(2025, 3, 7)) == 4
    assert CALENDAR.workdays_left(date(2025, 3, 7), date(2025, 3, 3)) == -4
    assert CALENDAR.holiday(date(2025, 1, 28)) == "春节"


@pytest.mark.parametrize(
    ("limit", "per"), [(-1, "calendar"), (10**6, "working"), (1201, "month"), (3, "week")]
)
def test_an_absurd_limit_is_refused(limit: int, per: str) -> None:
    with pytest.raises(ValueError, match=r"时限应在|未知的计时方式"):
        CALENDAR.clock(date(2025, 1, 1), limit, per)


GOOD = 'year = 2025\nbasis = { law = "通知" }\nholidays = []\n'
WRONG = [
    ("year = ", "calendar.not-toml"),
    (GOOD + "weekends = []", "calendar.unknown-key"),
    (GOOD.replace("2025", "2024"), "calendar.year"),
    ('year = 2025\nholidays = []\nbasis = "通知"', "calendar.no-basis"),
    (GOOD.replace("[]", "[2025-01-01]"), "calendar.holiday"),
    (GOOD.replace("[]", '[{ date = 2024-01-01, name = "元旦" }]'), "calendar.day"),
    (GOOD + 'workdays = ["2025-01-26"]', "calendar.day"),
    (
        GOOD.replace("[]", '[{ date = 2025-01-01, name = "元旦" }]') + "workdays = [2025-01-01]",
        "calendar.both",
    ),
]


@pytest.mark.parametrize(("text", "identity"), WRONG)
def test_a_wrong_calendar_file_is_refused_by_file_and_key(text: str, identity: str, tmp_path: Path) -> None:
    year, findings = read_year("calendar/2025.toml", text)
    assert year is None
    assert [finding.id for finding in findings] == [identity]
    assert findings[0].place.startswith("calendar/2025.toml")
    (tmp_path / "2025.toml").write_text(text, "utf-8")
    with pytest.raises(Refused):
        WorkCalendar.load(tmp_path)


def test_a_county_file_replaces_the_year(tmp_path: Path) -> None:
    (tmp_path / "2025.toml").write_text(GOOD, "utf-8")
    merged = WorkCalendar.load(national_folder() / "calendar", tmp_path)
    assert merged.is_workday(date(2025, 1, 28))
    assert merged.years == (2023, 2024, 2025, 2026)
