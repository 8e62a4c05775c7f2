"""What the rules of a kind say of one item: its clocks, its light, its gates, its disclosure, its rules of entry."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.kernel.catalogue.items import Item, ItemEnv, clock_sum, lines_of, parameter_on, value_of
from shuzhi.kernel.catalogue.load import calendar_of
from shuzhi.kernel.catalogue.rules import (
    check_item,
    due_to_publish,
    is_closed,
    light,
    must_disclose,
    refusals,
)
from shuzhi.kernel.expr.nodes import MISSING, Amount, Value
from shuzhi.kernel.expr.parse import parse
from shuzhi.kernel.expr.rows import evaluate
from shuzhi.kernel.expr.types import DATE, TEXT, amount_of
from shuzhi.kernel.finding import Severity
from tests.kernel.shelf import ROOF, shelf

CATALOGUE = shelf().catalogue
CALENDAR = calendar_of(CATALOGUE)
OPENED = date(2025, 3, 1)  # fifteen days on is Sunday the 16th; the 17th and 18th are holidays here
DUE = date(2025, 3, 19)


def env(today: date = date(2025, 3, 10), **columns: object) -> ItemEnv:
    fields: dict[str, object] = {
        code: columns.pop(code) for code in ("cost", "grade", "fixed", "extra") if code in columns
    }
    papers = columns.pop("papers", {})
    trail = columns.pop("trail", ())
    assert isinstance(papers, dict)
    assert isinstance(trail, tuple)
    item = Item(
        CATALOGUE.kinds["leaky_roof"],
        {"opened": OPENED, "stage": "登记", **columns},
        fields,
        papers=papers,
        trail=trail,
    )
    return ItemEnv(item, CATALOGUE, CALENDAR, today)


def test_a_clock_shows_how_it_was_summed() -> None:
    total = clock_sum(env(extra=2), "repair")
    assert total is not None
    assert total.due == DUE
    assert total.steps == (
        "2025年3月1日起算，当日不计",
        "满15天，到2025年3月16日",
        "延长2天，到2025年3月18日",
        "最后一日2025年3月18日是屋顶节放假，顺延到2025年3月19日",
    )


def test_an_absurd_extension_ends_somewhere_and_breaks_nothing() -> None:
    due = env(extra=10**9).due("repair")
    assert isinstance(due, date)
    assert due.year == 2125


def test_a_clock_that_has_not_started_has_no_due_day() -> None:
    waiting = env(opened=None)
    assert clock_sum(waiting, "repair") is None
    assert [waiting.due("repair"), waiting.late("repair"), waiting.left("repair")] == [MISSING] * 3
    with pytest.raises(KeyError):
        clock_sum(waiting, "repare")


LATE = [
    (date(2025, 3, 19), None, False, Amount(Fraction(0), "时间")),
    (date(2025, 3, 20), None, True, Amount(Fraction(-1), "时间")),
    (date(2025, 12, 31), date(2025, 3, 19), False, MISSING),
    (date(2025, 12, 31), date(2025, 3, 20), True, MISSING),
]


@pytest.mark.parametrize(("today", "closed", "late", "left"), LATE)
def test_what_is_closed_is_judged_by_its_closing_day(
    today: date, closed: date | None, late: bool, left: Value
) -> None:
    item = env(today, closed=closed)
    assert item.late("repair") is late
    assert item.left("repair") == left


@given(st.dates(date(2025, 3, 1), date(2025, 6, 30)), st.integers(0, 60))
def test_an_extension_never_makes_an_item_late(today: date, extra: int) -> None:
    assert not (env(today).late("repair") is False and env(today, extra=extra).late("repair") is True)


LIGHTS = [
    (env(date(2025, 3, 10)), ("green", "正常")),
    (env(date(2025, 3, 15)), ("yellow", "快到期了")),
    (env(date(2025, 4, 1), closed=date(2025, 3, 18), stage="修好"), ("green", "已办结")),
    (env(date(2025, 4, 1), closed=date(2025, 3, 20), stage="修好"), ("yellow", "超过修缮期限后办结")),
]


@pytest.mark.parametrize(("item", "shown"), LIGHTS)
def test_a_light_remembers(item: ItemEnv, shown: tuple[str, str]) -> None:
    assert light(item) == shown


def test_what_is_late_is_red_even_when_the_kind_forgot_to_say_so() -> None:
    bare = ROOF.replace("left('repair') <= 5", "false")
    catalogue = shelf(kinds__leaky_roof=bare).catalogue
    item = env(date(2025, 4, 1))
    forgetful = ItemEnv(
        Item(catalogue.kinds["leaky_roof"], item.item.columns), catalogue, CALENDAR, item.today
    )
    assert light(forgetful) == ("red", "超过修缮期限")


def test_a_stage_is_refused_with_everything_that_is_missing() -> None:
    stage = CATALOGUE.kinds["leaky_roof"].stage("修好")
    assert stage is not None
    assert [finding.id for finding in refusals(env(), stage)] == [
        "matter.gate",
        "matter.paper",
        "matter.closing",
    ]
    ready = env(fixed="2025-03-05", papers={"验收单": 1})
    assert refusals(ready, stage) == []
    early = env(fixed="2025-02-05", papers={"验收单": 1})
    assert [finding.hint for finding in refusals(early, stage)] == ["修好日期不得早于登记日期"]


def test_a_stage_is_reached_by_standing_behind_it_or_having_been_there() -> None:
    assert env(stage="施工").reached("登记")
    assert not env(stage="施工").reached("修好")
    assert not env(stage="中止").reached("施工")
    assert env(stage="中止", trail=("登记", "施工")).reached("施工")
    assert env(stage="施工", trail=("登记", "中止")).reached("中止")
    assert not env(stage="修好").reached("中止")


def test_disclosure_holds_when_its_condition_does() -> None:
    assert must_disclose(env(stage="修好"))
    assert not must_disclose(env(stage="施工"))
    assert due_to_publish(env(stage="修好")) is None
    assert is_closed(env(stage="修好"))
    assert not is_closed(env(stage="中止"))


def test_rules_of_entry_find_what_is_wrong_in_items_and_lines() -> None:
    assert [finding.message for finding in check_item(env(fixed="2025-02-01"), "表1")] == [
        "修好日期早于登记日期"
    ]
    talk = CATALOGUE.kinds["roof_talk"]
    pledges = [{"pledged": 300, "paid_in": 200}, {"pledged": 300, "paid_in": 400}, {"pledged": 300}]
    item = ItemEnv(
        Item(talk, {"date": "2025-03-01"}, lines={"pledges": pledges}), CATALOGUE, CALENDAR, OPENED
    )
    found = check_item(item)
    assert [(finding.place, finding.severity) for finding in found] == [("捐款第2行", Severity.WARNING)]
    assert evaluate(parse("sum paid_in of pledges"), item) == Amount(Fraction(6), "金额")
    assert evaluate(parse("count roof_talk.pledges in year"), item) == Amount(Fraction(3), "个")
    first = lines_of(item, "pledges")[0]
    assert evaluate(parse("no = 1 and date = 2025-03-01"), first) is True


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2019, 12, 31), MISSING),
        (date(2020, 1, 1), Amount(Fraction(7), "时间")),
        (date(2025, 1, 1), Amount(Fraction(3), "时间")),
    ],
)
def test_a_parameter_has_the_value_of_its_day(day: date, value: Value) -> None:
    assert parameter_on(CATALOGUE.parameters["tell_days"], day) == value


def test_working_days_and_papers_are_counted() -> None:
    item = env(date(2025, 3, 24), papers={"合同": 2})
    # Monday the 3rd to Monday the 24th: two holidays less, one Saturday more
    assert evaluate(parse("workdays(opened, today)"), item) == Amount(Fraction(15), "时间")
    assert evaluate(parse("workdays(fixed, today)"), item) == MISSING
    assert evaluate(parse("papers('合同')"), item) == Amount(Fraction(2), "件")
    assert evaluate(parse("papers('验收单')"), item) == Amount(Fraction(0), "件")
    assert evaluate(parse("due('tell') = 2025-03-05"), item) is True


def test_stored_values_are_read_by_the_type_of_their_field() -> None:
    assert value_of(amount_of("金额"), 150) == Amount(Fraction(3, 2), "金额")
    assert value_of(amount_of("比率"), 500_000) == Amount(Fraction(1, 2))
    assert value_of(DATE, "2025-03-01") == value_of(DATE, OPENED) == OPENED
    assert value_of(TEXT, "") == value_of(TEXT, None) == MISSING
    with pytest.raises(TypeError):
        value_of(amount_of("金额"), 1.5)
