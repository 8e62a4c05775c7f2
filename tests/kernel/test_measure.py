"""Quantities are exact, and rounded half up only where they are printed."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.kernel.measure import UNITS, Unit, amount, convert, half_up, say, smallest, unit, whole

units: st.SearchStrategy[Unit] = st.sampled_from(sorted(UNITS)).map(unit)


@given(st.integers(-(10**15), 10**15), units)
def test_a_whole_number_shown_in_any_unit_comes_back_whole(number: int, shown_in: Unit) -> None:
    assert whole(amount(number, shown_in), shown_in) == number


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(0, 4))
def test_rounding_is_half_up_as_the_decimal_module_knows_it(number: Decimal, decimals: int) -> None:
    expected = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    rounded = half_up(Fraction(number), decimals)
    assert rounded == Fraction(expected)
    assert Decimal(say(Fraction(number), decimals)) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Fraction(12345678), 0, "12345678"),
        (Fraction(7, 2), 0, "4"),
        (Fraction(1005, 1000), 2, "1.01"),
    ],
)
def test_a_number_is_printed_as_the_bulletins_do(value: Fraction, decimals: int, text: str) -> None:
    assert say(value, decimals) == text


def test_thousands_are_separated_on_screens_only_when_asked() -> None:
    assert say(Fraction(1234567), 2, grouped=True) == "1,234,567.00"


@given(st.fractions(), units, units)
def test_converting_there_and_back_changes_nothing(value: Fraction, given_in: Unit, wanted: Unit) -> None:
    if given_in.family == wanted.family:
        assert convert(convert(value, given_in, wanted), wanted, given_in) == value
    else:
        with pytest.raises(ValueError, match="不能换算"):
            convert(value, given_in, wanted)


@pytest.mark.parametrize("text", ["", "1e", "一", "NaN", "Infinity", "1,2"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是数"):
        whole(text, unit("元"))


def test_an_amount_finer_than_the_accounts_is_refused_and_told_the_finest() -> None:
    with pytest.raises(ValueError, match=r"账上最小到 0\.000001万元"):
        whole("0.0000001", unit("万元"))
    assert smallest(unit("元")) == "0.01元"


def test_an_unknown_unit_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match="可用：元 万元"):
        unit("斤")
