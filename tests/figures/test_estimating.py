"""Year-end estimates: what each method expects, how it is tried on earlier years, which one is chosen."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.figures.judging.estimating import METHODS, expect, missed, propose

F = Fraction
LAST = {3: F(20), 6: F(50), 9: F(80), 12: F(100)}
NOW = {3: F(22), 6: F(54), 9: F(84)}
SHARES = {3: F(1, 4), 6: F(1, 2), 9: F(3, 4), 12: F(1)}
positive = st.fractions(min_value=F(1, 100), max_value=10**6, max_denominator=1000)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("share", F(105)),
        ("profile", F(112)),
        ("average", F(217, 2)),
        ("moving", F(100) * (F(22, 20) + F(54, 50) + F(84, 80)) / 3),
    ],
)
def test_each_method(method: str, expected: Fraction) -> None:
    assert expect(method, NOW, LAST, SHARES) == expected


@pytest.mark.parametrize(
    ("method", "expected"), [("share", F(6)), ("profile", None), ("average", None), ("moving", F(17, 3))]
)
def test_rates_move_by_points_and_have_no_profile(method: str, expected: Fraction | None) -> None:
    before = {3: F(4), 6: F(5), 9: F(4), 12: F(5)}
    assert expect(method, {3: F(5), 6: F(5), 9: F(5)}, before, SHARES, rate=True) == expected


def test_what_is_lacking_gives_no_estimate_rather_than_a_wrong_one() -> None:
    assert expect("share", NOW, {}, SHARES) is None
    assert expect("share", NOW, {9: F(0), 12: F(5)}, SHARES) is None
    assert expect("moving", NOW, {3: F(1), 12: F(5)}, SHARES) is None
    assert expect("moving", NOW, {6: F(0), 9: F(1), 12: F(5)}, SHARES) is None
    assert expect("profile", NOW, LAST, {}) is None
    assert expect("share", {}, LAST, SHARES) is None
    assert propose({}, 2025, SHARES) == []


def test_a_method_is_tried_from_the_same_month_of_earlier_years() -> None:
    years = {2023: {9: F(70), 12: F(100)}, 2024: {9: F(80), 12: F(100)}, 2025: {9: F(84)}}
    found = {item.method: item for item in propose(years, 2025, SHARES)}
    # In 2024 the share of 2023 (70 %) would have expected 80 / 0.7, and was off by one seventh.
    assert found["share"].errors == ((2024, F(1, 7)),)
    assert found["profile"].errors == ((2023, F(70, 75) - 1), (2024, F(80, 75) - 1))
    assert found["profile"].mean_error == F(1, 15)
    assert found["profile"].low == F(112) * F(14, 15)
    assert found["profile"].high == F(112) * F(16, 15)


def test_the_method_that_erred_least_is_chosen_unless_the_county_settled_on_one() -> None:
    years = {2023: {9: F(75), 12: F(100)}, 2024: {9: F(80), 12: F(100)}, 2025: {9: F(84)}}
    chosen = [item.method for item in propose(years, 2025, SHARES) if item.chosen]
    assert chosen == ["profile"]
    assert [i.method for i in propose(years, 2025, SHARES, preferred="moving") if i.chosen] == ["moving"]
    untried = propose({2024: LAST, 2025: NOW}, 2025, {})
    assert [(item.method, item.chosen) for item in untried] == [("share", True), ("moving", False)]
    assert untried[0].low is None


@given(positive, positive, positive)
def test_estimates_do_not_depend_on_the_unit(now: Fraction, last: Fraction, unit: Fraction) -> None:
    for method in METHODS:
        here = expect(method, {9: now}, {9: last, 12: last * 2}, SHARES)
        there = expect(method, {9: now * unit}, {9: last * unit, 12: last * 2 * unit}, SHARES)
        assert here is not None
        assert there == here * unit


@given(st.lists(positive, min_size=4, max_size=4), positive)
def test_a_year_that_repeats_the_last_is_foretold_exactly(steps: list[Fraction], factor: Fraction) -> None:
    last = {month: sum(steps[: at + 1], F(0)) for at, month in enumerate((3, 6, 9, 12))}
    now = {month: value * factor for month, value in last.items() if month < 12}
    for method in ("share", "moving"):
        assert expect(method, now, last, {}) == last[12] * factor


@given(positive, positive)
def test_the_interval_holds_the_value(now: Fraction, last: Fraction) -> None:
    years = {2023: {9: last, 12: last + 1}, 2024: {9: now, 12: now + 2}, 2025: {9: now + last}}
    for item in propose(years, 2025, SHARES):
        if item.low is not None and item.high is not None:
            assert item.low <= item.value <= item.high


def test_nothing_can_be_off_against_nothing() -> None:
    assert missed(F(5), F(0), rate=False) is None
    assert missed(F(5), F(4), rate=True) == 1
