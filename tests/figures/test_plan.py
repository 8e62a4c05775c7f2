"""A target over the year: its course, the gap in points, the light, and what is remembered of it."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.figures.judging.plan import (
    Rules,
    Step,
    by_share,
    colour_of,
    completion,
    even_shares,
    falls,
    gap_of,
    lights,
    own_shares,
    unexplained,
)
from shuzhi.kernel.catalogue.load import national

PROFILES = national().profiles
# One of each sort of the national catalogue: what accumulates, what should stay low, a growth rate, a level.
CUM = next(
    i for i in national().indicators.values() if (i.temporal, i.direction, i.unit) == ("cum", "up", "亿元")
)
LOW = next(i for i in national().indicators.values() if (i.temporal, i.direction) == ("cum", "down"))
RATE = next(i for i in national().indicators.values() if (i.measures, i.temporal) == ("growth", "rate"))
LEVEL = next(
    i for i in national().indicators.values() if (i.temporal, i.direction, i.unit) == ("level", "up", "户")
)
whole_numbers = st.integers(0, 10**13)
parts = st.fractions(min_value=0, max_value=2, max_denominator=1000)


@pytest.mark.parametrize(
    ("direction", "actual", "target", "expected"),
    [
        ("up", 90, 100, Fraction(9, 10)),
        ("up", 120, 100, Fraction(6, 5)),
        ("up", 5, 0, None),
        ("up", 5, -1, None),
        ("down", 80, 100, Fraction(6, 5)),
        ("down", 150, 100, Fraction(1, 2)),
        ("down", 250, 100, Fraction(0)),
        ("down", 0, 0, Fraction(1)),
        ("down", 1, 0, Fraction(0)),
    ],
)
def test_completion(direction: str, actual: int, target: int, expected: Fraction | None) -> None:
    assert completion(direction, Fraction(actual), Fraction(target)) == expected


@given(
    parts, st.fractions(min_value="1/1000", max_value=1000), st.fractions(min_value="1/1000", max_value=1000)
)
def test_completion_does_not_depend_on_the_unit(part: Fraction, target: Fraction, unit: Fraction) -> None:
    for direction in ("up", "down"):
        here = completion(direction, part * target, target)
        assert here == completion(direction, part * target * unit, target * unit)


@pytest.mark.parametrize(
    ("indicator", "plan", "actual", "target", "gap"),
    [
        (CUM, 40, 35, 100, Fraction(-5)),  # 完成 35%，序时 40%
        (CUM, 40, 50, 100, Fraction(10)),
        (LOW, 10, 8, 20, Fraction(20)),  # 2 − 8/10 = 120%
        (LOW, 10, 12, 20, Fraction(-20)),
        (LOW, 0, 0, 0, Fraction(0)),
        (LOW, 0, 1, 0, Fraction(-100)),
    ],
)
def test_the_gap_is_told_in_points_against_the_own_curve(
    indicator: object, plan: int, actual: int, target: int, gap: Fraction
) -> None:
    step = Step(6, Fraction(plan), Fraction(actual))
    assert gap_of(indicator, step, Fraction(target)) == gap  # type: ignore[arg-type]


def test_growth_targets_are_apart_by_points_not_by_a_ratio() -> None:
    step = Step(9, Fraction(55, 1000), Fraction(48, 1000))
    assert gap_of(RATE, step, Fraction(55, 1000)) == Fraction(-7, 10)


@pytest.mark.parametrize(
    ("gap", "edge", "colour"),
    [
        (None, False, "grey"),
        (0, False, "green"),
        (-10, False, "green"),
        (-10, True, "yellow"),
        (Fraction(-101, 10), False, "yellow"),
        (-30, False, "yellow"),
        (Fraction(-301, 10), False, "red"),
        (5, True, "green"),
    ],
)
def test_the_edges_of_the_lights(gap: int | Fraction | None, edge: bool, colour: str) -> None:
    rules = Rules(edge=edge)
    assert colour_of(None if gap is None else Fraction(gap), rules) == colour


def course(*gaps: int | None) -> list[Step]:
    """A year of a target of 100 whose actuals are so far from the plan."""
    plan = [Fraction(month * 100, 12) for month in range(1, 13)]
    return [
        Step(month, plan[month - 1], None if gap is None else plan[month - 1] + gap)
        for month, gap in enumerate(gaps, 1)
    ]


USUAL = Rules()


def colours(*gaps: int | None, rules: Rules = USUAL) -> str:
    """The lights of a course as letters."""
    return "".join(lit.colour[0] for lit in lights(CUM, course(*gaps), Fraction(100), rules))


def test_two_yellow_periods_in_a_row_are_red_and_a_gap_in_reporting_neither_ends_nor_adds() -> None:
    assert colours(-15, -15, 0) == "yrg"
    assert colours(-15, 0, -15) == "ygy"
    assert colours(-15, None, -15) == "ygr"
    assert colours(-40, -15, 0) == "rrg"
    assert colours(-15, -15, -15, rules=replace(Rules(), months=0)) == "yyy"
    assert colours(-15, -15, -15, rules=replace(Rules(), months=3)) == "yyr"


def test_a_recovery_is_remembered_until_it_is_lost() -> None:
    lit = lights(CUM, course(0, -15, 0, 0, -40, 0), Fraction(100), Rules())
    assert [item.recovered for item in lit] == [
        "",
        "",
        "2月亮黄灯，3月恢复",
        "2月亮黄灯，3月恢复",
        "",
        "5月亮红灯，6月恢复",
    ]


def test_a_quarter_short_of_the_plan_is_red_where_the_tenant_says_so() -> None:
    rules = Rules(yellow=Fraction(0), red=Fraction(1000), months=0, quarter_red=True)
    assert colours(-1, -1, -1, 0, rules=rules) == "yyrg"


def test_a_year_that_ended_short_is_not_green() -> None:
    steps = [Step(12, Fraction(100), Fraction(99))]
    (lit,) = lights(CUM, steps, Fraction(100), Rules())
    assert (lit.colour, "年度目标未完成" in lit.why) == ("yellow", True)


@given(st.lists(st.integers(-60, 20), min_size=1, max_size=11), st.integers(0, 30))
def test_doing_better_never_gives_a_worse_light(gaps: list[int], more: int) -> None:
    order = "gyr"
    for month in range(len(gaps)):
        better = [gap + more if at == month else gap for at, gap in enumerate(gaps)]
        for before, after in zip(colours(*gaps), colours(*better), strict=True):
            assert order.index(after) <= order.index(before)


@given(whole_numbers, st.sampled_from(sorted(PROFILES)))
def test_a_plan_by_a_profile_rises_to_the_target(target: int, code: str) -> None:
    plan = by_share(CUM, target, PROFILES[code].shares(), range(1, 13))
    assert plan[12] == target
    assert falls(plan) == []
    assert set(plan) == set(PROFILES[code].shares())


def test_a_rate_is_the_same_all_year_and_a_level_starts_where_last_year_ended() -> None:
    assert by_share(RATE, 55_000, {}, (3, 6, 9, 12)) == {3: 55_000, 6: 55_000, 9: 55_000, 12: 55_000}
    assert by_share(LEVEL, 100, even_shares(), (3, 6, 12), start=88) == {3: 91, 6: 94, 12: 100}


def test_last_years_own_curve() -> None:
    assert own_shares({3: Fraction(2), 6: Fraction(5), 12: Fraction(10)}) == {
        3: Fraction(1, 5),
        6: Fraction(1, 2),
        12: Fraction(1),
    }
    assert own_shares({3: Fraction(2)}) == {}


@given(st.lists(whole_numbers, max_size=20), whole_numbers)
def test_what_is_unexplained_and_the_parts_make_the_whole(some: list[int], target: int) -> None:
    assert unexplained(target, some) + sum(some) == target
