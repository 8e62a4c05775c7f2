"""Targets: handed down once, spread over the year, changed only by a decision, lit by hand only for a time and a reason."""

from datetime import date
from typing import Any

import pytest

from shuzhi.evidence.instance import catalogue
from shuzhi.evidence.models import Paper
from shuzhi.evidence.verify import verify
from shuzhi.indicators.models import Adjusted, Adjustment, LightMark, Observation
from shuzhi.indicators.planned import actuals, adds_up, handed_down, marks, target_of, targeted
from shuzhi.indicators.relation import relations
from shuzhi.indicators.targets import (
    Change,
    Decision,
    Proof,
    break_down,
    change_targets,
    hand_down,
    mark_light,
)
from shuzhi.indicators.verbs import observe
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.finding import Refused
from tests.cast import Cast

DAY = date(2025, 8, 29)
PROOF = Proof("正式文件", "关于调整预期目标的决定", b"decided")
DECISION = Decision("陵发〔2025〕8号", "关于调整预期目标的决定", DAY, "常委会批准", PROOF)


def one(**wanted: object) -> Indicator:
    """The first reported indicator of the catalogue that is as wanted."""
    return next(
        item
        for _, item in sorted(catalogue().indicators.items())
        if item.expression is None and all(getattr(item, name) == value for name, value in wanted.items())
    )


def summed() -> Indicator:
    """A monthly amount that adds up over units and follows a profile."""
    return one(temporal="cum", frequency="month", rollup="sum", duty="fill", profile="P_LIN", decimals=0)


def set_target(cast: Cast, item: Indicator, value: str, **more: Any) -> list[Observation]:
    """顾明远 hands the year's target down."""
    options: dict[str, Any] = {"year": 2025, "by": cast.post("head"), "unit": cast.county, **more}
    return hand_down(item, options["unit"], options["year"], {12: value}, by=options["by"])


def refusal(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.id for finding in refused.value.findings]


def test_a_target_is_spread_along_its_profile_and_never_twice(cast: Cast) -> None:
    item = summed()
    set_target(cast, item, "1200")
    made = break_down(item, cast.county, 2025, "profile", by=cast.post("head"))
    assert [row.month for row in made] == list(range(1, 12))
    assert target_of(item, cast.county, 2025, 6) == target_of(item, cast.county, 2025) // 2  # type: ignore[operator]
    assert break_down(item, cast.county, 2025, "even", by=cast.post("head")) == []


def test_a_target_is_spread_along_last_years_own_curve(cast: Cast) -> None:
    item = summed()
    for month, value in ((3, "100"), (6, "400"), (12, "1000")):
        observe(item, cast.county, year=2024, month=month, value=value, by=None)
    set_target(cast, item, "2000")
    break_down(item, cast.county, 2025, "lastyear", by=cast.post("head"))
    year = target_of(item, cast.county, 2025)
    assert year is not None
    assert [target_of(item, cast.county, 2025, month) for month in (3, 6, 9)] == [
        year // 10,
        year * 4 // 10,
        None,
    ]


@pytest.mark.parametrize(("how", "found"), [("lastyear", "target.no-curve"), ("guess", "target.no-curve")])
def test_without_a_curve_nothing_is_spread(cast: Cast, how: str, found: str) -> None:
    set_target(cast, summed(), "1200")
    with pytest.raises(Refused) as refused:
        break_down(summed(), cast.county, 2025, how, by=cast.post("head"))
    assert refusal(refused) == [found]


def test_nothing_is_spread_without_a_target_of_the_year(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        break_down(summed(), cast.county, 2025, "profile", by=cast.post("head"))
    assert refusal(refused) == ["target.none"]


def test_a_plan_by_hand_must_not_fall(cast: Cast) -> None:
    item = summed()
    with pytest.raises(Refused) as refused:
        hand_down(item, cast.county, 2025, {6: "700", 9: "600", 12: "1200"}, by=cast.post("head"))
    assert refusal(refused) == ["target.falls"]
    assert not Observation.objects.exists()


def test_a_target_that_stands_is_not_typed_over(cast: Cast) -> None:
    set_target(cast, summed(), "1200")
    with pytest.raises(Refused, match="不能直接改") as refused:
        set_target(cast, summed(), "1100")
    assert refusal(refused) == ["indicator.target-fixed"]
    assert set_target(cast, summed(), "1200") == []


def test_a_decision_changes_a_target_and_keeps_the_old(cast: Cast) -> None:
    item = summed()
    set_target(cast, item, "1200")
    before = target_of(item, cast.county, 2025)
    made = change_targets(2025, [Change(item, cast.county, 12, "1100")], DECISION, by=cast.post("head"))
    rows = Observation.objects.filter(role="target", month=12).order_by("vintage")
    assert [row.value for row in rows] == [before, target_of(item, cast.county, 2025)]
    assert rows[1].adjusted.adjustment == made
    assert made.ref == "adjustment/2025-0001"
    assert Paper.objects.get(owner=made.ref).title == "关于调整预期目标的决定"
    assert set_target(cast, item, "1200") == []  # the old workbook loaded again changes nothing
    assert list(verify()) == []


def test_targets_changed_by_one_document_are_one_decision(cast: Cast) -> None:
    item = summed()
    for unit in (cast.county, cast.town):
        set_target(cast, item, "1200", unit=unit)
        change_targets(2025, [Change(item, unit, 12, "1100")], DECISION, by=cast.post("head"))
    assert Adjustment.objects.count() == 1
    assert Adjusted.objects.count() == 2
    assert Paper.objects.count() == 1


@pytest.mark.parametrize(
    ("decision", "found"),
    [
        (Decision("", "某决定", DAY, "常委会批准", PROOF), ["target.no-decision"]),
        (Decision("陵发1号", " ", DAY, "常委会批准", PROOF), ["target.no-decision"]),
        (Decision("陵发1号", "某决定", None, "常委会批准", PROOF), ["target.no-decision"]),
        (Decision("陵发1号", "某决定", DAY, "", PROOF), ["target.no-decision"]),
        (Decision("陵发1号", "某决定", DAY, "常委会批准", None), ["target.no-paper"]),
        (Decision("陵发1号", "某决定", DAY, "批准", Proof("正式文件", "空", b"")), ["target.no-paper"]),
        (Decision("陵发1号", "某决定", DAY, "批准", Proof("便条", "便条", b"x")), ["paper.kind"]),
    ],
)
def test_without_document_or_paper_nothing_changes(cast: Cast, decision: Decision, found: list[str]) -> None:
    set_target(cast, summed(), "1200")
    with pytest.raises(Refused) as refused:
        change_targets(2025, [Change(summed(), cast.county, 12, "1100")], decision, by=cast.post("head"))
    assert refusal(refused) == found
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(
    ("value", "by", "found"),
    [
        ("1200", "head", ["target.same"]),
        ("", "head", ["indicator.empty"]),
        ("许多", "head", ["indicator.number"]),
        ("1100", "town_head", ["indicator.right"]),
    ],
)
def test_a_change_must_be_one_and_come_from_whom_it_may(
    cast: Cast, value: str, by: str, found: list[str]
) -> None:
    set_target(cast, summed(), "1200")
    with pytest.raises(Refused) as refused:
        change_targets(2025, [Change(summed(), cast.county, 12, value)], DECISION, by=cast.post(by))
    assert refusal(refused) == found


def test_nothing_to_change_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        change_targets(2025, [], DECISION, by=None)
    assert refusal(refused) == ["target.no-change"]
    with pytest.raises(Refused) as refused:
        change_targets(2025, [Change(summed(), cast.county, 12, "1")], DECISION, by=None)
    assert refusal(refused) == ["target.none"]


def test_the_cascade_tells_what_is_not_handed_down(cast: Cast) -> None:
    item, towns = summed(), [cast.unit("990101"), cast.unit("990102")]
    set_target(cast, item, "1200")
    (row,) = handed_down([item], cast.county, towns, 2025)
    assert (row.parts, row.gap) == ({}, None)
    for town, value in zip(towns, ("700", "450"), strict=True):
        set_target(cast, item, value, unit=town)
    (row,) = handed_down([item], cast.county, towns, 2025)
    assert row.whole is not None
    assert row.gap == row.whole - sum(row.parts.values()) > 0
    assert targeted(catalogue(), 2025, [cast.county]) == [item]


def test_rates_and_averages_do_not_add_up(cast: Cast) -> None:
    rate = one(measures="growth", temporal="rate")
    assert not adds_up(rate)
    set_target(cast, rate, "5")
    set_target(cast, rate, "6", unit=cast.town)
    (row,) = handed_down([rate], cast.county, [cast.town], 2025)
    assert row.gap is None


def test_a_light_is_set_by_hand_for_a_time_and_a_reason(cast: Cast) -> None:
    item, until = summed(), date(2025, 9, 30)
    going: dict[str, Any] = {"colour": "yellow", "reason": "项目已复工", "since": DAY, "until": until}
    mark_light(item, cast.county, 2025, by=cast.post("supervisor"), **going)
    assert [row.colour for row in marks(item, cast.county, 2025, until)] == ["yellow"]
    assert marks(item, cast.county, 2025, date(2025, 10, 1)) == []
    for wrong, found in (
        ({"reason": " "}, "target.mark-reason"),
        ({"until": None}, "target.mark-until"),
        ({"until": date(2025, 8, 1)}, "target.mark-until"),
        ({"colour": "blue"}, "target.mark-colour"),
    ):
        with pytest.raises(Refused) as refused:
            mark_light(item, cast.county, 2025, by=cast.post("supervisor"), **{**going, **wrong})
        assert refusal(refused) == [found]
    with pytest.raises(Refused) as refused:
        mark_light(item, cast.county, 2025, by=cast.post("town_filler"), **going)
    assert refusal(refused) == ["target.mark-right"]
    assert LightMark.objects.count() == 1


def test_a_closing_holds_decisions_and_marks(cast: Cast) -> None:
    item = summed()
    set_target(cast, item, "1200")
    change_targets(2025, [Change(item, cast.county, 12, "1100")], DECISION, by=None)
    mark_light(
        item, cast.county, 2025, colour="red", reason="停工", since=DAY, until=DAY, by=cast.post("head")
    )
    held = {relation.name: list(relation.rows) for relation in relations(catalogue())}
    assert held["adjustment"][0][:3] == ("adjustment/2025-0001", 2025, "陵发〔2025〕8号")
    assert held["adjusted"] == [("adjustment/2025-0001", f"observation/{item.code}/990100/2025-12/target/2")]
    assert held["light_mark"][0][4] == "red"


def test_what_was_reached_is_the_newest_vintage(cast: Cast) -> None:
    item = summed()
    for value in ("5", "6"):
        observe(item, cast.county, year=2025, month=1, value=value, by=None, reason="更正")
    assert list(actuals(item, cast.county, 2025)) == [1]
