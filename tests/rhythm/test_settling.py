"""A week is promised from what the accounts propose, settled at a meeting, and what is decided there is a matter at once."""

from datetime import date
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from shuzhi.evidence.instance import catalogue
from shuzhi.evidence.models import Entry, Paper
from shuzhi.evidence.verify import verify
from shuzhi.figures.layout import encode
from shuzhi.kernel.finding import Refused
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.verbs import revise_matter
from shuzhi.rhythm.expectations import owed
from shuzhi.rhythm.minutes import PAPER, minutes
from shuzhi.rhythm.models import DayReport, Meeting, PlanItem
from shuzhi.rhythm.proposals import day_lines, proposals
from shuzhi.rhythm.queries import (
    exceptions,
    kept,
    may_see_whereabouts,
    put_off_often,
    roll,
)
from shuzhi.rhythm.relation import relations
from shuzhi.rhythm.verbs import (
    NewItem,
    Strike,
    confirm_plan,
    decide,
    hold_meeting,
    keep_minutes,
    report_day,
    report_unchanged,
    settle,
    this_week,
)
from tests.cast import Cast
from tests.desk.office import complaint, errand, underway

WEEK, MONDAY, FRIDAY = "2026-W02", date(2026, 1, 5), date(2026, 1, 9)
NEXT = date(2026, 1, 12)


def ids(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.id for finding in refused.value.findings]


def promise(cast: Cast, title: str = "村路通车", week: str = WEEK, **more: Any) -> PlanItem:
    """田小满 promises something for a week."""
    post = cast.post("town_filler")
    due = more.pop("due", FRIDAY)
    return confirm_plan(post, week, by=post, day=MONDAY, taken=[NewItem(title, due, **more)])[0]


def meeting(cast: Cast, day: date = NEXT) -> Meeting:
    """顾明远 takes the chair, 骆青山 records."""
    return hold_meeting(cast.county, day, chair=cast.post("head"), by=cast.post("supervisor"))


def verdict(cast: Cast, item: PlanItem, word: str, day: date = NEXT, **more: Any) -> PlanItem:
    settle(item, meeting(cast, day), word, by=cast.post("supervisor"), **more)
    return PlanItem.objects.get(ref=item.ref)


# --- the plan -------------------------------------------------------------------------------------------------------


def test_a_plan_is_proposed_from_the_ledgers_each_thing_once(cast: Cast) -> None:
    late = errand(cast, "修通村路")
    offered = proposals(cast.post("town_filler"), WEEK, MONDAY)
    mine = [one for one in offered if one.about == late.ref]
    assert [(one.origin, one.title) for one in mine] == [("到期", "修通村路：办理期限")]
    red = proposals(cast.post("town_filler"), "2026-W06", date(2026, 2, 2))
    assert [one.origin for one in red if one.about == late.ref] == ["红灯"]


def test_what_is_confirmed_or_struck_is_not_proposed_again(cast: Cast) -> None:
    first, second = errand(cast, "修通村路"), errand(cast, "修桥")
    post = cast.post("town_filler")
    took = NewItem("修通村路", FRIDAY, result="通车", origin="到期", about=first.ref)
    confirm_plan(post, WEEK, by=post, day=MONDAY, taken=[took], struck=[Strike(second.ref, "修桥", "等设计")])
    left = {one.about for one in proposals(post, WEEK, MONDAY)}
    assert not left & {first.ref, second.ref}
    assert PlanItem.objects.get().week == WEEK


@pytest.mark.parametrize(
    ("item", "week", "wrong"),
    [
        (NewItem(" ", FRIDAY), WEEK, ["rhythm.title"]),
        (NewItem("甲", date(2025, 12, 1)), WEEK, ["rhythm.due"]),
        (NewItem("甲", FRIDAY, origin="心血来潮"), WEEK, ["rhythm.origin"]),
        (NewItem("甲", FRIDAY), "2025-W40", ["rhythm.week-over"]),
    ],
)
def test_what_cannot_be_promised_is_refused(cast: Cast, item: NewItem, week: str, wrong: list[str]) -> None:
    post = cast.post("town_filler")
    with pytest.raises(Refused) as refused:
        confirm_plan(post, week, by=post, day=MONDAY, taken=[item])
    assert ids(refused) == wrong
    assert not PlanItem.objects.exists()


def test_one_thing_stands_in_a_week_once(cast: Cast) -> None:
    made = errand(cast)
    promise(cast, about=made.ref)
    with pytest.raises(Refused) as refused:
        promise(cast, about=made.ref)
    assert ids(refused) == ["rhythm.twice"]


def test_nobody_promises_for_another_unit(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        confirm_plan(
            cast.post("town_filler"),
            WEEK,
            by=cast.post("hazard_filler"),
            day=MONDAY,
            taken=[NewItem("甲", FRIDAY)],
        )
    assert ids(refused) == ["right.absent"]


@pytest.mark.parametrize(
    ("day", "week"),
    [(date(2026, 1, 9), "2026-W02"), (date(2026, 1, 10), "2026-W03"), (date(2026, 1, 11), "2026-W03")],
)
def test_from_saturday_on_a_plan_is_for_the_next_week(day: date, week: str) -> None:
    assert this_week(day) == week


# --- the day --------------------------------------------------------------------------------------------------------


def test_a_day_is_told_from_what_was_done_and_what_was_not(cast: Cast) -> None:
    made = underway(cast, errand(cast, "修通村路"))
    lines = day_lines(cast.post("town_filler"), date(2025, 12, 23))
    assert [(line.done, line.about, line.text) for line in lines] == [(True, made.ref, "修通村路：转入承办")]


def test_a_promise_due_and_open_is_a_line_not_done(cast: Cast) -> None:
    item = promise(cast)
    lines = day_lines(cast.post("town_filler"), FRIDAY)
    assert [(line.done, line.about) for line in lines] == [(False, item.ref)]


def test_an_empty_day_may_be_and_the_same_twice_is_once(cast: Cast) -> None:
    post = cast.post("town_filler")
    assert report_day(post, MONDAY, by=post) is not None
    assert report_day(post, MONDAY, by=post) is None
    again = report_day(post, MONDAY, by=post, lines=[{"done": True, "about": "", "text": "接访"}])
    assert again is not None
    assert again.no == 2
    with pytest.raises(Refused) as refused:
        report_day(post, MONDAY, by=post, lines=[{"text": " "}])
    assert ids(refused) == ["rhythm.line"]


def test_where_somebody_was_is_for_them_and_their_leaders_and_enters_neither_journal_nor_closing(
    cast: Cast,
) -> None:
    post = cast.post("town_filler")
    report_day(post, MONDAY, by=post, whereabouts="赴省城就医")
    seen = {key for key in cast.users if may_see_whereabouts(cast.user(key), post, MONDAY)}
    assert seen == {"town_filler", "town_head", "head"}
    assert "就医" not in "".join(Entry.objects.values_list("body", flat=True))
    assert all("whereabouts" not in [c.name for c in r.columns] for r in relations(catalogue()))
    assert DayReport.objects.get().whereabouts == "赴省城就医"


def test_what_is_restricted_leaves_no_words_in_a_day(cast: Cast) -> None:
    complaint(cast)
    assert day_lines(cast.post("discipline"), date(2025, 12, 1)) == []


def test_what_is_restricted_is_proposed_for_no_plan(cast: Cast) -> None:
    made = complaint(cast)
    offered = proposals(cast.post("discipline"), "2026-W06", date(2026, 2, 2))
    assert made.ref not in [one.about for one in offered]


def test_unchanged_is_one_act_for_all(cast: Cast) -> None:
    post = cast.post("town_filler")
    made = [errand(cast, title) for title in ("甲", "乙", "丙")]
    links = Entry.objects.count()
    assert report_unchanged([(one, post) for one in made], day=MONDAY, by=post) == 3
    assert Entry.objects.count() == links + 1
    assert [step.note for step in Movement.objects.filter(date=MONDAY)] == ["无变化"] * 3
    assert [line.text for line in day_lines(post, MONDAY)] == ["3件在办事项报告无变化"]


# --- the meeting ----------------------------------------------------------------------------------------------------


def test_a_meeting_calls_last_weeks_promises_and_not_next_weeks(cast: Cast) -> None:
    old, new = promise(cast), promise(cast, "下周的", week="2026-W03", due=date(2026, 1, 16))
    assert roll(meeting(cast)) == [old]
    assert new in roll(meeting(cast, date(2026, 1, 19)))


@pytest.mark.parametrize(
    ("word", "more", "wrong"),
    [
        ("好", {}, ["rhythm.verdict"]),
        ("部分", {}, ["rhythm.reason"]),
        ("取消", {"reason": " "}, ["rhythm.reason"]),
        ("顺延", {}, ["rhythm.reason", "rhythm.moved"]),
        ("顺延", {"reason": "雨", "moved": NEXT}, ["rhythm.moved"]),
    ],
)
def test_a_verdict_says_why(cast: Cast, word: str, more: dict[str, Any], wrong: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        verdict(cast, promise(cast), word, **more)
    assert ids(refused) == wrong


def test_nobody_judges_their_own_promise(cast: Cast) -> None:
    post = cast.post("both")
    item = confirm_plan(post, WEEK, by=post, day=MONDAY, taken=[NewItem("甲", FRIDAY)])[0]
    with pytest.raises(Refused) as refused:
        settle(item, meeting(cast), "完成", by=post)
    assert ids(refused) == ["rhythm.own"]
    settle(item, meeting(cast), "完成", by=cast.post("head"))


def test_only_who_verifies_or_decides_records(cast: Cast) -> None:
    item = promise(cast)
    with pytest.raises(Refused) as refused:
        settle(item, meeting(cast), "完成", by=cast.post("petition_filler"))
    assert ids(refused) == ["right.absent"]


def test_what_is_put_off_comes_back_with_its_count_and_is_not_kept(cast: Cast) -> None:
    post = cast.post("town_filler")
    first = verdict(cast, promise(cast), "顺延", reason="连雨", moved=date(2026, 1, 16))
    assert first.times == 1
    offered = [one for one in proposals(post, "2026-W03", NEXT) if one.origin == "上次承诺"]
    assert [(one.before, one.due) for one in offered] == [(first, date(2026, 1, 16))]
    again = promise(cast, week="2026-W03", due=date(2026, 1, 16), origin="上次承诺", before=first)
    last = verdict(cast, again, "顺延", date(2026, 1, 19), reason="还在下", moved=date(2026, 1, 23))
    assert last.times == 2
    assert put_off_often(cast.user("head"), NEXT, MONDAY) == [last]
    done = promise(cast, "验收", week="2026-W03", due=date(2026, 1, 16))
    verdict(cast, done, "完成", date(2026, 1, 19))
    gone = promise(cast, "庆典", week="2026-W03", due=date(2026, 1, 16))
    verdict(cast, gone, "取消", date(2026, 1, 19), reason="从简")
    told = kept(cast.user("head"), NEXT, MONDAY, date(2026, 1, 31), by_unit=True)
    assert [(one.who, one.planned, one.rate, one.percent) for one in told] == [
        ("清河镇", 4, Fraction(1, 3), "33.3%")
    ]


def test_a_verdict_is_set_right_by_another_of_the_same_meeting_and_not_by_an_earlier_one(cast: Cast) -> None:
    item = verdict(cast, promise(cast), "未完成", reason="没开工")
    item = verdict(cast, item, "完成")
    assert (item.verdict, item.reason, item.settlements.count()) == ("完成", "", 2)
    earlier = hold_meeting(cast.county, FRIDAY, chair=cast.post("head"), by=cast.post("supervisor"))
    with pytest.raises(Refused) as refused:
        settle(item, earlier, "取消", by=cast.post("supervisor"), reason="x")
    assert ids(refused) == ["rhythm.settled"]


def test_what_is_decided_is_a_matter_in_the_same_act(cast: Cast) -> None:
    links = Entry.objects.count()
    held = meeting(cast)
    made = decide(
        held,
        "月底前修通柳溪村路",
        unit=cast.town,
        due=date(2026, 1, 30),
        by=cast.post("supervisor"),
        fields={"origin": "常务会议定事项", "supervision_kind": "日常督办"},
    )
    assert Entry.objects.count() == links + 2
    matter = Matter.objects.get(ref=made.matter_id)
    assert (matter.title, matter.unit, matter.due) == (
        "月底前修通柳溪村路",
        cast.town,
        date(2026, 1, 30),
    )
    assert matter.fields["content"] == "月底前修通柳溪村路"
    offered = proposals(cast.post("town_filler"), "2026-W03", NEXT)
    assert [one.origin for one in offered if one.about == matter.ref] == ["议定"]


def test_no_change_said_by_the_unit_is_feedback_and_a_reminder_is_not(cast: Cast) -> None:
    fields = {"origin": "常务会议定事项", "supervision_kind": "日常督办", "feedback_cycle": "周"}
    by = cast.post("supervisor")
    made = decide(
        meeting(cast), "修通村路", unit=cast.town, due=date(2026, 3, 30), by=by, fields=fields
    ).matter
    late = date(2026, 1, 23)
    assert "修通村路：反馈期限" in [row.label for row in owed(late, units=["990101"])]
    revise_matter(made, day=late, by=by, fields={"reminders": "1"})
    assert "修通村路：反馈期限" in [row.label for row in owed(late, units=["990101"])]
    post = cast.post("town_filler")
    report_unchanged([(Matter.objects.get(ref=made.ref), post)], day=late, by=post)
    assert "修通村路：反馈期限" not in [row.label for row in owed(late, units=["990101"])]


def test_a_decision_without_what_its_kind_needs_is_refused_whole(cast: Cast) -> None:
    held = meeting(cast)
    with pytest.raises(Refused) as refused:
        decide(held, "修路", unit=cast.town, due=date(2026, 1, 30), by=cast.post("supervisor"))
    assert set(ids(refused)) == {"field.required"}
    assert not Matter.objects.exists()


def test_the_minutes_tell_promises_first_then_exceptions_then_decisions(cast: Cast) -> None:
    verdict(cast, promise(cast), "顺延", reason="连雨", moved=date(2026, 1, 16))
    held = meeting(cast)
    data = minutes(held, exceptions(cast.user("head"), held))
    texts = [paragraph.text for paragraph in Document(BytesIO(data)).paragraphs]
    said = "\n".join(texts)
    heads = [said.index(word) for word in ("一、承诺交账情况", "二、例外事项", "三、议定事项")]
    assert heads == sorted(heads)
    assert "村路通车" in said
    assert "顺延，连雨，顺延至2026年1月16日" in said
    assert minutes(held, exceptions(cast.user("head"), held)) == data
    keep_minutes(held, data, paper=PAPER, by=cast.post("supervisor"))
    assert Paper.objects.get(owner=held.ref).kind == PAPER


def test_a_closing_holds_promises_with_their_verdicts_and_the_chain_verifies(cast: Cast) -> None:
    verdict(cast, promise(cast), "完成")
    report_day(cast.post("town_filler"), MONDAY, by=cast.post("town_filler"), whereabouts="在岗")
    encoded = {relation.name: encode(relation) for relation in relations(catalogue())}
    assert encoded
    assert list(verify()) == []
