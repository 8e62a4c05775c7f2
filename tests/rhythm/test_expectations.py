"""Who owes what by when: told from definitions, counted in the accounts, late by the working calendar."""

from datetime import date
from itertools import pairwise

import pytest

from shuzhi.indicators.verbs import observe
from shuzhi.records.verbs import enter_record
from shuzhi.rhythm.expectations import Owed, owed
from shuzhi.rhythm.periods import holding, lately, monday, week_name, week_of
from tests.accounts import indicator, kind
from tests.cast import Cast
from tests.desk.office import complaint, errand

DAY = date(2025, 12, 31)


def of(found: list[Owed], code: str) -> list[tuple[str, str, str, int]]:
    """Unit, period, due and days late of what is owed of one definition."""
    return [(row.unit.name, row.period, row.due.isoformat(), row.late) for row in found if row.code == code]


def patrol(cast: Cast, unit: str, day: date, sound: str = "是") -> None:
    enter_record(kind("try_patrol"), cast.unit(unit), title="巡查", day=day, by=None, fields={"sound": sound})


@pytest.mark.parametrize(
    ("every", "day", "name", "start", "end"),
    [
        ("week", date(2024, 12, 31), "2025年第1周", date(2024, 12, 30), date(2025, 1, 5)),
        ("month", date(2024, 2, 29), "2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("quarter", date(2025, 8, 1), "2025年三季度", date(2025, 7, 1), date(2025, 9, 30)),
        ("half", date(2025, 7, 1), "2025年下半年", date(2025, 7, 1), date(2025, 12, 31)),
        ("year", date(2025, 7, 1), "2025年", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_day_lies_in_its_period(every: str, day: date, name: str, start: date, end: date) -> None:
    found = holding(every, day)
    assert (found.name, found.start, found.end) == (name, start, end)


def test_periods_follow_each_other_without_a_gap() -> None:
    for every in ("week", "month", "quarter", "half", "year"):
        found = lately(every, date(2025, 3, 1))
        assert all((b.start - a.end).days == 1 for a, b in pairwise(found))


def test_a_week_is_named_by_its_days() -> None:
    assert week_of(date(2025, 3, 1)) == "2025-W09"
    assert monday("2025-W09") == date(2025, 2, 24)
    assert week_name("2025-W09") == "2025年第9周（2月24日—3月2日）"


def test_a_value_that_stopped_coming_is_owed_for_every_month_since(cast: Cast) -> None:
    by = cast.post("statistician")
    for month in (8, 9):
        observe(indicator("fai"), cast.county, year=2025, month=month, value="10", by=by)
    within = indicator("fai").within or 20
    found = of(owed(DAY), "fai")
    assert [(unit, period) for unit, period, _, _ in found][:2] == [
        ("陵水湾县", "2025年10月"),
        ("陵水湾县", "2025年11月"),
    ]
    due = date.fromisoformat(found[0][2])
    assert (due - date(2025, 10, 31)).days >= within
    assert found[0][3] == (DAY - due).days


def test_what_its_owner_never_reported_is_owed_once_and_said_to_be_new(cast: Cast) -> None:
    bureau = cast.unit("990100-czj")
    found = [row for row in owed(DAY) if row.unit == bureau and row.source == "indicator"]
    assert found
    assert all(row.new for row in found)
    assert len({row.code for row in found}) == len(found)


def test_saying_why_there_is_no_value_is_a_report(cast: Cast) -> None:
    by = cast.post("statistician")
    observe(indicator("fai"), cast.county, year=2025, month=9, value="10", by=by)
    observe(indicator("fai"), cast.county, year=2025, month=10, value=None, reason="统计制度调整", by=by)
    assert "2025年10月" not in [period for _, period, _, _ in of(owed(DAY), "fai")]


def test_each_township_owes_its_patrols_and_what_its_villages_did_counts(cast: Cast) -> None:
    patrol(cast, "990101", date(2025, 11, 3))
    patrol(cast, "990101001", date(2025, 11, 30))
    patrol(cast, "990102", date(2025, 11, 3))
    patrol(cast, "990102", date(2025, 11, 4), sound="否")
    found = [row for row in owed(DAY) if row.code == "try_patrol.monthly" and row.period == "2025年11月"]
    assert [(row.unit.name, row.need, row.had, row.asked_by) for row in found] == [("白石乡", 2, 1, "水利局")]
    assert found[0].due == date(2025, 12, 5)


def test_what_is_not_due_yet_is_owed_only_ahead(cast: Cast) -> None:
    names = [row.period for row in owed(DAY) if row.code == "try_patrol.monthly"]
    assert "2025年12月" not in names
    ahead = [row for row in owed(DAY, ahead=7) if row.code == "try_patrol.monthly"]
    assert {row.late for row in ahead if row.period == "2025年12月"} == {-5}


def test_a_limit_of_an_open_matter_is_owed_by_its_unit(cast: Cast) -> None:
    made = errand(cast)
    assert of(owed(DAY), "try_errand.handle") == []
    later = date(2026, 2, 1)
    found = [row for row in owed(later, units=["990101"]) if row.ref == made.ref]
    assert [(row.label, row.unit.name, row.about) for row in found] == [
        ("修通村路：办理期限", "清河镇", made.ref)
    ]
    assert found[0].late > 0
    assert [row for row in owed(later, units=["990102"]) if row.ref] == []


def test_what_is_restricted_is_owed_only_before_those_who_may_see_it(cast: Cast) -> None:
    made = complaint(cast)
    later = date(2026, 12, 1)
    assert made.ref not in [row.ref for row in owed(later)]
    assert made.ref not in [row.ref for row in owed(later, user=cast.user("head"))]
