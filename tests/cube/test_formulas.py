"""Figures on top of sums are exact, and agree with the engine's own arithmetic and printing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.cube.asking import formulas
from shuzhi.cube.asking.formulas import BEYOND, MOST_MILLIONTHS, MOST_WHOLE, NONE, Pair
from shuzhi.figures.judging import formulas as scoring
from shuzhi.figures.judging import plan
from shuzhi.kernel.expr.arithmetic import calculate, quotient
from shuzhi.kernel.expr.nodes import MISSING, Amount, Value
from shuzhi.kernel.measure import half_up, say

whole = st.integers(-(10**16), 10**16) | st.integers(-5, 5)
positive = st.integers(1, 10**9) | st.integers(1, 5)
pairs = st.tuples(whole, positive)
maybe = st.none() | pairs


def as_value(value: Pair | None) -> Value:
    return MISSING if value is None else Amount(Fraction(*value))


@given(maybe, maybe)
def test_growth_and_shares_are_those_of_the_language(now: Pair | None, before: Pair | None) -> None:
    ratio = quotient(as_value(now), as_value(before))
    assert as_value(formulas.quotient(now, before)) == ratio
    assert as_value(formulas.growth(now, before)) == calculate("-", ratio, Amount(Fraction(1)))
    assert as_value(formulas.difference(now, before)) == calculate("-", as_value(now), as_value(before))


@given(st.sampled_from(["up", "down", "range"]), pairs, pairs)
def test_completion_is_that_of_the_targets(direction: str, actual: Pair, target: Pair) -> None:
    expected = plan.completion(direction, Fraction(*actual), Fraction(*target))
    assert formulas.fraction(formulas.completion(direction, actual, target)) == expected


@pytest.mark.parametrize("direction", ["up", "down"])
def test_nothing_is_completed_where_one_side_is_missing(direction: str) -> None:
    assert formulas.completion(direction, None, (1, 1)) is None
    assert formulas.completion(direction, (1, 1), None) is None


@given(st.lists(pairs, min_size=2, max_size=12), st.booleans())
def test_places_are_shared_by_equals_and_alike_one_by_one_and_together(
    everybody: list[Pair], lower: bool
) -> None:
    values = {str(at): Fraction(*value) for at, value in enumerate(everybody)}
    expected = list(scoring.ranks(values, better="down" if lower else "up").values())
    assert formulas.places(everybody, lower=lower) == expected
    assert [formulas.place(own, everybody, lower=lower) for own in everybody] == expected


def test_a_place_without_everybody_is_none_and_a_list_of_places_leaves_out_who_is_missing() -> None:
    everybody: list[Pair | None] = [(3, 1), None, (4, 1)]
    assert formulas.place((3, 1), everybody) is None
    assert formulas.place((3, 1), [(3, 1)]) is None
    assert formulas.places(everybody) == [2, None, 1]


@given(pairs, st.integers(0, 6), st.integers(-3, 8))
def test_a_figure_is_said_as_the_engine_says_it(value: Pair, decimals: int, power: int) -> None:
    assert formulas.said(value, decimals, power) == say(Fraction(*value) / Fraction(10) ** power, decimals)


@given(
    st.integers(-MOST_WHOLE - 1, MOST_WHOLE + 1) | whole, st.integers(-MOST_WHOLE - 1, MOST_WHOLE + 1) | whole
)
def test_millionths_are_rounded_half_up_within_their_bounds(numerator: int, denominator: int) -> None:
    found = formulas.millionths(numerator, denominator)
    if denominator == 0:
        assert found == NONE
    elif found == BEYOND:
        far = abs(half_up(Fraction(numerator, denominator), 6) * 10**6) > MOST_MILLIONTHS
        assert far or max(abs(numerator), abs(denominator)) >= MOST_WHOLE
    else:
        assert found == half_up(Fraction(numerator, denominator), 6) * 10**6
