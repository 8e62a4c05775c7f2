"""Lights remember, clocks show their sums, and any past day is told again as it was."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.evidence.instance import catalogue
from shuzhi.figures.layout import encode
from shuzhi.matters.models import Matter
from shuzhi.matters.papers import NewPaper
from shuzhi.matters.queries import (
    Waiting,
    as_of,
    clock_sums,
    counts,
    light_of,
    list_matters,
    matter_page,
    next_step,
    open_readings,
    steps_of,
    turning_red,
    waiting_for,
)
from shuzhi.matters.reading import Reading
from shuzhi.matters.relation import relations
from shuzhi.matters.state import State
from shuzhi.matters.verbs import move_matter, open_matter, revise_matter
from shuzhi.subjects.rights import Sight
from tests.accounts import kind
from tests.cast import Cast

OPENED = date(2025, 3, 3)


def readings(cast: Cast, key: str, day: date, units: list[str] | None = None) -> list[Reading]:
    return open_readings(Sight(cast.user(key), day), units)


def waiting(cast: Cast, key: str, day: date) -> list[Waiting]:
    return waiting_for(Sight(cast.user(key), day), readings(cast, key, day))


DUE = date(2025, 3, 17)  # ten working days later


def errand(cast: Cast, **more: Any) -> Matter:
    options: dict[str, Any] = {"title": "修通村路", "opened": OPENED, "by": None, "unit": cast.town, **more}
    fields = {"urgency": "急", **options.pop("fields", {})}
    return open_matter(kind("try_errand"), options.pop("unit"), fields=fields, **options)


def finish(cast: Cast, matter: Matter, day: date) -> None:
    """Everything on one day, by hands the rules allow."""
    move_matter(matter, "承办", day=day, by=cast.post("town_filler"), changes={"progress": "进场"})
    move_matter(
        matter,
        "核验",
        day=day,
        by=cast.post("town_head"),
        changes={"checked": day},
        papers=[NewPaper("会议纪要", "纪要", day, b"m")],
    )
    move_matter(matter, "办结", day=day, by=cast.post("town_head"), changes={"result": "通了"})


@pytest.mark.parametrize(
    ("day", "colour", "reason"),
    [
        (date(2025, 3, 2), "grey", "尚未立项"),
        (date(2025, 3, 3), "green", "正常"),
        (date(2025, 3, 14), "yellow", "期限将到"),
        (date(2025, 3, 17), "yellow", "期限将到"),
        (date(2025, 3, 18), "red", "超过办理期限"),
        (date(2025, 3, 19), "red", "超过办理期限"),
        (date(2025, 3, 20), "yellow", "已办结，但超过期限"),
        (date(2026, 1, 1), "yellow", "已办结，但超过期限"),
    ],
)
def test_done_late_is_never_plain_green_and_each_day_is_told_as_it_was(
    cast: Cast, day: date, colour: str, reason: str
) -> None:
    matter = errand(cast)
    finish(cast, matter, date(2025, 3, 20))
    light = light_of(matter, day)
    assert (light.colour, light.reason) == (colour, reason)


def test_done_in_time_is_green(cast: Cast) -> None:
    matter = errand(cast)
    finish(cast, matter, DUE)
    assert light_of(matter, date(2025, 12, 31)).colour == "green"


def test_an_extension_counts_from_the_day_it_was_granted(cast: Cast) -> None:
    matter = errand(cast)
    revise_matter(matter, day=date(2025, 3, 19), by=None, fields={"extended_days": "20"})
    assert light_of(matter, date(2025, 3, 18)).colour == "red"
    assert light_of(matter, date(2025, 3, 19)).colour == "green"


def test_a_clock_shows_its_sum(cast: Cast) -> None:
    matter = errand(cast)
    revise_matter(matter, day=OPENED, by=None, fields={"extended_days": "5"})
    (reading,) = clock_sums(matter, date(2025, 3, 18))
    assert reading.sum is not None
    assert reading.sum.due == date(2025, 3, 24)
    assert reading.sum.steps == (
        "2025年3月3日起算，当日不计",
        "满10个工作日，到2025年3月17日",
        "延长5个工作日，到2025年3月24日",
    )
    assert (reading.late, reading.left, reading.workdays_left, reading.stopped) == (False, 6, 4, None)


def test_the_next_step_is_open_or_says_why_not(cast: Cast) -> None:
    matter = errand(cast)
    step = next_step(matter, cast.user("town_filler"), OPENED)
    assert step is not None
    assert (step.stage.name, step.post, step.open) == ("承办", cast.post("town_filler"), False)
    assert [finding.id for finding in step.findings] == ["matter.gate"]
    revise_matter(matter, day=OPENED, by=cast.post("both"), fields={"progress": "进场"})
    step = next_step(matter, cast.user("town_filler"), OPENED)
    assert step is not None
    assert step.open
    stranger = next_step(matter, cast.user("hazard_filler"), OPENED)
    assert stranger is not None
    assert (stranger.post, stranger.findings[0].id) == (None, "matter.right")
    assert "填报" in stranger.findings[0].hint
    assert [step.stage.name for step in steps_of(matter, cast.user("head"), OPENED)] == [
        "承办",
        "中止",
        "退回",
    ]


def test_what_waits_for_whom(cast: Cast) -> None:
    late = errand(cast, title="迟了", opened=date(2025, 2, 3))
    fresh = errand(cast, title="新的")
    elsewhere = errand(cast, title="白石乡的", unit=cast.unit("990102"))
    verify = errand(cast, title="待核验")
    move_matter(verify, "承办", day=OPENED, by=cast.post("both"), changes={"progress": "进场"})
    today = date(2025, 3, 10)

    def waits(key: str) -> list[str]:
        return [one.matter.title for one in waiting(cast, key, today)]

    assert waits("town_filler") == [late.title, fresh.title]
    assert waits("town_head") == ["待核验"]
    assert waits("supervisor") == ["待核验"]
    assert waits("both") == [late.title, fresh.title, elsewhere.title]
    assert waits("statistician") == []


def test_what_turns_red_this_week(cast: Cast) -> None:
    errand(cast, title="这周到期")
    errand(cast, title="早已超期", opened=date(2025, 1, 6))
    errand(cast, title="还早", opened=date(2025, 3, 11))
    today = date(2025, 3, 12)
    (turning,) = turning_red(readings(cast, "head", today), days=7)
    assert (turning.matter.title, turning.day, turning.reason) == (
        "这周到期",
        date(2025, 3, 18),
        "超过办理期限",
    )
    assert turning_red(readings(cast, "head", today, units=["990102"])) == []
    assert turning_red(readings(cast, "hazard_filler", today)) == []


def test_a_list_has_its_lights(cast: Cast) -> None:
    errand(cast, title="早已超期", opened=date(2025, 1, 6))
    errand(cast, title="还早", opened=date(2025, 3, 11))
    user, errands, day = cast.user("head"), kind("try_errand"), date(2025, 3, 12)
    assert [row.title for row in list_matters(user, errands, day, colour="red").rows] == ["早已超期"]
    assert [row.title for row in list_matters(user, errands, day, sort="-opened").rows] == [
        "还早",
        "早已超期",
    ]
    assert counts(open_readings(Sight(user, day)))[errands.code] == {
        "red": 1,
        "yellow": 0,
        "green": 1,
        "grey": 0,
    }


def test_a_restricted_matter_is_hidden_even_from_the_head(cast: Cast) -> None:
    made = open_matter(
        kind("try_complaint"),
        cast.town,
        title="某举报",
        opened=OPENED,
        by=cast.post("discipline"),
        fields={"claim": "某事"},
    )
    complaints = kind("try_complaint")
    for key in ("head", "supervisor", "both", "town_head"):
        user = cast.user(key)
        assert not list_matters(user, complaints, OPENED).rows.exists()
        assert made.ref not in [one.matter.ref for one in waiting(cast, key, OPENED)]
        with pytest.raises(Matter.DoesNotExist):
            matter_page(user, made.ref, OPENED)
    seen = matter_page(cast.user("discipline"), made.ref, OPENED)
    assert (seen.matter, seen.light.colour, len(seen.movements)) == (made, "green", 1)


def test_a_page_holds_the_whole_matter(cast: Cast) -> None:
    parent = errand(cast)
    child = errand(cast, parent=parent, title="分段一")
    finish(cast, parent, DUE)
    page = matter_page(cast.user("town_head"), parent.ref, DUE)
    assert page.children == (child,)
    assert [paper.title for paper in page.papers] == ["纪要"]
    assert [column.label for column in page.columns][-3:] == ["所在单位", "涉及商户", "前一事项"]
    assert [step.stage.name for step in page.steps] == ["归档", "中止", "退回"]
    with pytest.raises(Matter.DoesNotExist):
        matter_page(cast.user("hazard_filler"), parent.ref, DUE)


def test_the_relations_are_typed_with_the_due_day_of_each_clock(cast: Cast) -> None:
    matter = errand(cast, fields={"cost": "1.5"})
    finish(cast, matter, DUE)
    held = {relation.name: relation for relation in relations(catalogue())}
    columns = [column.name for column in held["try_errand"].columns]
    (row,) = list(held["try_errand"].rows)
    told = dict(zip(columns, row, strict=True))
    assert (told["ref"], told["unit"], told["stage"], told["closed"]) == (matter.ref, "990101", "办结", DUE)
    assert (told["due_handle"], told["cost"], told["checked"]) == (DUE, 1_500_000, DUE)
    steps = [tuple(row)[:6] for row in held["movement"].rows]
    assert (matter.ref, 1, OPENED, "", "登记", "open") in steps
    assert all(encode(relation)[0] for relation in relations(catalogue()))


DAYS = st.integers(0, 40)
FIELDS = st.fixed_dictionaries(
    {}, optional={"cost": st.integers(0, 9), "helpers": st.none() | st.integers(0, 9)}
)


@given(st.lists(st.tuples(DAYS, st.sampled_from("甲乙丙"), FIELDS), max_size=12), DAYS)
@settings(deadline=None)
def test_the_fold_of_a_past_day_forgets_nothing_and_knows_nothing_later(
    steps: list[tuple[int, str, dict[str, int | None]]], asked: int
) -> None:
    """Law: folding the steps up to a day is folding all of them and stopping there; each field holds its last value."""
    steps = sorted(steps, key=lambda step: step[0])
    state, at_the_time, last = State(), State(), dict[str, int]()
    for offset, stage, fields in steps:
        state = state.after(day=OPENED + timedelta(offset), stage=stage, changes={"fields": fields})
        if offset <= asked:
            at_the_time = state
            last = {code: value for code, value in {**last, **fields}.items() if value is not None}
    assert at_the_time.fields == last
    assert [name for name, _ in at_the_time.passed] == [
        name for name, _ in state.passed[: len(at_the_time.passed)]
    ]


@given(before=FIELDS, after=st.dictionaries(st.sampled_from(["cost", "helpers"]), st.integers(0, 9)))
def test_changes_lead_from_one_state_to_the_other(
    before: dict[str, int | None], after: dict[str, int]
) -> None:
    """Law: applying the changes that were told gives exactly the fields that were wanted."""
    state = State().after(day=OPENED, stage="甲", changes={"fields": before})
    changes = state.changes_to({"title": "新"}, after)
    assert state.after(day=OPENED, stage="甲", changes=changes).fields == after


def test_as_of_a_day_the_matter_is_what_it_was(cast: Cast) -> None:
    matter = errand(cast)
    revise_matter(matter, day=date(2025, 3, 5), by=None, title="修通两村路", fields={"helpers": "9"})
    assert as_of(matter, date(2025, 3, 4)).title == "修通村路"
    assert "helpers" not in as_of(matter, date(2025, 3, 4)).fields
    assert as_of(matter, date(2025, 3, 5)).fields["helpers"] == 9
