"""One message a day, quiet on rest days; and what filling in costs, counted from what was really filled in."""

from datetime import date
from fractions import Fraction

from shuzhi.indicators.verbs import observe
from shuzhi.matters.verbs import move_matter, revise_matter
from shuzhi.rhythm.burden import burden
from shuzhi.rhythm.digest import Digest, digest, digests
from shuzhi.rhythm.verbs import NewItem, confirm_plan, decide, hold_meeting
from tests.accounts import indicator
from tests.cast import Cast
from tests.desk.office import MINUTES, complaint, errand, underway

TUESDAY, SUNDAY = date(2025, 12, 30), date(2025, 12, 28)


def told(cast: Cast, who: str, day: date) -> dict[str, list[str]]:
    return dict(digest(cast.user(who), day).lines())


def test_a_rest_day_is_quiet(cast: Cast) -> None:
    errand(cast)
    found = digest(cast.user("town_filler"), SUNDAY)
    assert found.quiet
    assert found.text() == "田小满：2025年12月28日提要\n今天是休息日，不发提醒。\n"
    assert [one.quiet for one in digests([cast.user("town_filler")], SUNDAY)] == [True]


def test_what_turns_red_is_told_five_and_then_three_working_days_before(cast: Cast) -> None:
    errand(cast)  # opened on 22 December, due in ten working days: 6 January, for New Year's Day is none
    due = date(2026, 1, 6)
    seen = {}
    for day in (date(2025, 12, 26), date(2025, 12, 30), date(2026, 1, 4), date(2026, 1, 7)):
        found = digest(cast.user("town_filler"), day)
        seen[day] = (len(found.turning_early), len(found.turning_late))
    assert max(seen.values()) > (0, 0)
    assert seen[date(2025, 12, 26)] == (0, 0)
    assert seen[date(2026, 1, 7)] == (0, 0)
    first = [day for day, count in seen.items() if count == (1, 0)]
    late = [day for day, count in seen.items() if count == (0, 1)]
    assert first
    assert late
    assert max(first) < min(late) <= due


def test_what_was_returned_and_decided_since_the_last_working_day_is_news(cast: Cast) -> None:
    made = underway(cast, errand(cast))
    move_matter(
        made,
        "核验",
        day=date(2025, 12, 24),
        by=cast.post("town_head"),
        changes={"checked": "2025-12-24"},
        papers=[MINUTES],
    )
    move_matter(made, "退回", day=date(2025, 12, 29), by=cast.post("supervisor"), note="缺照片")
    rows = told(cast, "town_filler", TUESDAY)
    assert rows["退回的（1件）"] == ["修通村路　退回：缺照片"]
    assert "退回的（1件）" not in told(cast, "town_filler", date(2025, 12, 31))
    held = hold_meeting(cast.county, TUESDAY, chair=cast.post("head"), by=cast.post("supervisor"))
    fields = {"origin": "常务会议定事项", "supervision_kind": "日常督办"}
    by = cast.post("supervisor")
    decide(held, "月底前通车", unit=cast.town, due=date(2026, 1, 30), by=by, fields=fields)
    assert told(cast, "town_filler", TUESDAY)["作出决定的（1件）"] == ["碰头会议定：月底前通车"]


def test_a_promise_due_is_told_to_whoever_made_it(cast: Cast) -> None:
    post = cast.post("town_filler")
    confirm_plan(post, "2026-W01", by=post, day=TUESDAY, taken=[NewItem("通车", TUESDAY, "全线")])
    assert told(cast, "town_filler", TUESDAY)["今天到期和已过期的承诺（1件）"] == ["通车：全线（2025-12-30）"]
    assert "今天到期和已过期的承诺（1件）" not in told(cast, "hazard_filler", TUESDAY)


def test_many_are_told_the_same_as_each_alone(cast: Cast) -> None:
    errand(cast)
    complaint(cast)
    by = cast.post("statistician")
    observe(indicator("retail"), cast.county, year=2025, month=9, value="12.5", by=by)
    people = list(cast.users.values())
    together = list(digests(people, TUESDAY))
    assert together == [digest(person, TUESDAY) for person in people]
    assert any(not one.empty for one in together)


def test_nothing_restricted_is_told_to_others(cast: Cast) -> None:
    complaint(cast)
    texts = [digest(user, date(2026, 3, 3)).text() for key, user in cast.users.items() if key != "discipline"]
    assert not any("密件" in text for text in texts)


def test_a_long_list_ends_with_how_many_more(cast: Cast) -> None:
    for number in range(14):
        errand(cast, f"事项{number}")
    found: Digest = digest(cast.user("town_filler"), date(2026, 1, 5))
    longest = max(found.lines(), key=lambda pair: len(pair[1]))[1]
    assert longest[-1].startswith("……还有")


def test_only_what_changed_is_typed(cast: Cast) -> None:
    by = cast.post("town_filler")
    made = errand(cast)  # the title, the unit, the day and one field
    revise_matter(made, day=TUESDAY, by=by, fields={"progress": "已进场"})
    revise_matter(made, day=TUESDAY, by=by, note="无变化")
    found = next(one for one in burden(TUESDAY) if one.unit == cast.town)
    (row,) = found.rows
    assert (row.label, row.times, row.typed) == ("试办事项", 3, 4 + 1)
    assert row.cells == 4 + 10 + 10
    assert found.share == Fraction(19, 24)
    assert found.minutes_a_month == Fraction(5, 12) * Fraction(3, 2)


def test_the_burden_falls_on_whom_the_catalogue_names(cast: Cast) -> None:
    observe(indicator("rev_general"), cast.county, year=2025, month=11, value="10", by=None)
    found = {one.unit.name: one.typed for one in burden(TUESDAY)}
    assert found == {"县财政局": 1}


def test_what_is_restricted_is_not_even_counted(cast: Cast) -> None:
    complaint(cast)
    assert burden(TUESDAY) == []
