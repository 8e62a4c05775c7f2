"""Limits counted backwards, to a fixed day, in hours and years, and what only counts when somebody approved it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.kernel.calendar import WorkCalendar
from shuzhi.kernel.catalogue.clean import moment
from shuzhi.kernel.catalogue.items import Item, ItemEnv, clock_sum
from shuzhi.kernel.catalogue.load import calendar_of
from shuzhi.kernel.catalogue.rules import light, outcomes
from tests.kernel.shelf import shelf

HEARING = """
code = "open_hearing"
label = "听证会"
shape = "matter"
mechanism = "M00"
basis = [{ law = "听证办法" }]
roles = { leads = "司法局" }
outcomes = { handled = "held is not missing", solved = "agreed" }
fields = [
  { code = "sent", label = "材料送达", type = "date" },
  { code = "held", label = "听证日期", type = "date" },
  { code = "reported", label = "年报日期", type = "date" },
  { code = "heard_at", label = "接报时刻", type = "moment" },
  { code = "told_at", label = "上报时刻", type = "moment" },
  { code = "more", label = "延长天数", type = "whole", unit = "天" },
  { code = "approved_by", label = "批准人", type = "text" },
  { code = "agreed", label = "是否一致", type = "bool" },
]
clocks = [
  { code = "material", label = "材料送达", starts = "held", stops = "sent", limit = 7, before = true, basis = { law = "听证办法" } },
  { code = "yearly", label = "年报", starts = "opened", stops = "reported", on = "03-31", basis = { law = "听证办法" } },
  { code = "report", label = "上报", starts = "heard_at", stops = "told_at", limit = 1, per = "hour", basis = { law = "听证办法" } },
  { code = "answer", label = "答复", starts = "opened", stops = "closed", limit = 20, per = "working", extension = "more", approver = "approved_by", warn = 3, basis = { law = "听证办法" } },
  { code = "keep", label = "保存", starts = "opened", stops = "closed", limit = 15, per = "year", at_least = true, basis = { law = "听证办法" } },
]

[[stages]]
name = "立项"

[[stages]]
name = "办结"
closes = true

[[expects]]
code = "one_a_year"
label = "每年至少一次"
every = "year"
of = "township"
at_least = 1
within = 15
basis = { law = "听证办法" }
"""
CASES = '[[case]]\nname = "起"\ntoday = 2025-03-01\nitem = { opened = 2025-03-01, stage = "立项" }\nexpect = { outcomes = { handled = false } }\n'
FOUND = shelf(**{"kinds__open_hearing": HEARING, "kinds__open_hearing.cases": CASES})
CALENDAR = calendar_of(FOUND.catalogue)


def hearing(today: date = date(2025, 3, 3), **fields: object) -> ItemEnv:
    columns = {"opened": date(2025, 3, 3), "stage": "立项"}
    item = Item(FOUND.catalogue.kinds["open_hearing"], columns, fields)
    return ItemEnv(item, FOUND.catalogue, CALENDAR, today)


def test_the_definitions_are_accepted() -> None:
    assert not FOUND.findings, FOUND.findings


@pytest.mark.parametrize(
    ("sent", "late"), [(date(2025, 4, 1), False), (date(2025, 4, 2), True), (None, False)]
)
def test_material_is_late_when_it_comes_less_than_seven_days_before(sent: date | None, late: bool) -> None:
    env = hearing(held=date(2025, 4, 8), **({"sent": sent} if sent else {}))
    assert env.due("material") == date(2025, 4, 1)
    assert env.late("material") is late


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (date(2025, 3, 3), date(2025, 3, 31)),
        (date(2025, 3, 31), date(2026, 3, 31)),
        (date(2024, 12, 31), date(2025, 3, 31)),
    ],
)
def test_a_day_named_by_the_law_is_the_first_such_day_after_the_start(opened: date, due: date) -> None:
    assert CALENDAR.fixed(opened, "03-31").due == due


def test_an_hour_is_an_hour_over_midnight_and_on_a_rest_day() -> None:
    env = hearing(heard_at="2025-03-01T23:30", told_at="2025-03-02T00:31")
    total = clock_sum(env, "report")
    assert total is not None
    assert total.steps == ("2025年3月1日23时30分后1小时，到2025年3月2日0时30分",)
    assert env.late("report") is True
    assert hearing(heard_at="2025-03-01T23:30", told_at="2025-03-02T00:30").late("report") is False


def test_an_extension_nobody_approved_does_not_count_and_says_so() -> None:
    plain, granted = (
        clock_sum(hearing(more=10), "answer"),
        clock_sum(hearing(more=10, approved_by="张三"), "answer"),
    )
    assert plain is not None
    assert granted is not None
    assert plain.due == clock_sum(hearing(), "answer").due  # type: ignore[union-attr]
    assert plain.steps[-1] == "延长10天没有写明批准人，不计入"
    assert granted.due > plain.due


def test_papers_are_kept_fifteen_years() -> None:
    assert hearing().due("keep") == date(2040, 3, 3)


def test_a_clock_of_working_days_warns_by_working_days() -> None:
    due = hearing().due("answer")
    assert isinstance(due, date)
    for ahead in range(1, 9):
        day = date.fromordinal(due.toordinal() - ahead)
        left = CALENDAR.workdays_left(day, due)
        assert (light(hearing(day, reported="2025-03-04"))[0] == "yellow") == (left <= 3), day
    assert light(hearing(due, reported="2025-03-04"))[1] == "距答复不足1个工作日"


def test_handled_solved_and_satisfied_are_told_apart() -> None:
    assert outcomes(hearing(held=date(2025, 4, 8))) == {"handled": True, "solved": None}
    assert outcomes(hearing(held=date(2025, 4, 8), agreed=False)) == {"handled": True, "solved": False}


@given(
    st.dates(date(2024, 1, 1), date(2026, 6, 1)), st.integers(0, 60), st.sampled_from(["calendar", "working"])
)
def test_counting_back_and_then_forward_comes_home(day: date, limit: int, per: str) -> None:
    back = CALENDAR.clock(day, limit, per, before=True).due
    again = CALENDAR.clock(back, limit, per, roll=False).due
    assert back <= day
    assert again == day or (per == "working" and not CALENDAR.is_workday(day) and again >= day)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2025-03-01 14:30", "2025-03-01T14:30"),
        ("2025年3月1日 14时30分", "2025-03-01T14:30"),
        ("2025年3月1日9时", "2025-03-01T09:00"),
        ("２０２５-03-01　０8：05", "2025-03-01T08:05"),
        ("2025-03-01T14:30", "2025-03-01T14:30"),
        ("2025-03-01 14:30:00", "2025-03-01T14:30"),
    ],
)
def test_a_moment_is_read_as_offices_type_it(typed: str, kept: str) -> None:
    assert moment(typed).isoformat(timespec="minutes") == kept


@pytest.mark.parametrize("typed", ["2025-03-01", "14:30", "2025-03-01 25:00", "2025-02-30 10:00", "下午三点"])
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"时刻|几时|日期"):
        moment(typed)


@pytest.mark.parametrize(
    ("old", "new", "identity"),
    [
        ("limit = 7, before = true", "before = true", "catalogue.missing-key"),
        ('on = "03-31"', 'on = "02-29"', "catalogue.wrong-value"),
        ('on = "03-31"', 'on = "03-31", limit = 3', "catalogue.missing-key"),
        ('approver = "approved_by"', 'approver = "nobody"', "catalogue.undefined-word"),
        ('starts = "heard_at"', 'starts = "opened"', "catalogue.wrong-formula"),
        ('roles = { leads = "司法局" }', 'roles = { lead = "司法局" }', "catalogue.unknown-key"),
        ("outcomes = { handled", "outcomes = { done", "catalogue.unknown-key"),
        ('every = "year"', 'every = "day"', "catalogue.wrong-value"),
    ],
)
def test_what_cannot_be_meant_is_refused(old: str, new: str, identity: str) -> None:
    assert old in HEARING
    wrong = HEARING.replace(old, new)
    found = shelf(**{"kinds__open_hearing": wrong, "kinds__open_hearing.cases": CASES})
    assert identity in {finding.id for finding in found.findings}, found.findings


def test_an_empty_calendar_counts_backwards_too() -> None:
    assert WorkCalendar().clock(date(2025, 3, 3), 1, "working", before=True).due == date(2025, 2, 28)
