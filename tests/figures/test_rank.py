"""The place of a unit among its siblings: shared by equals, none where somebody has not reported."""

from fractions import Fraction

import pytest

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Cell
from shuzhi.figures.compute import compute, refusal
from tests.figures.county import Close


def revenue(unit: str, year: int, value: int) -> tuple[Cell, ...]:
    return ("revenue", unit, year, 12, "actual", "快报", 1, value * 10**8, "")


def asked(close: Close, expression: str, unit: str, *rows: tuple[Cell, ...]) -> Figure:
    """The figure over the small county with these observations; its townships are 青石镇 and 白渡镇."""
    return compute([Ask(expression, unit, 2025)], [close({"observation": rows})])[0]


@pytest.mark.parametrize(
    ("one", "two", "places"), [(5, 3, ("1", "2")), (3, 5, ("2", "1")), (4, 4, ("1", "1"))]
)
def test_the_larger_comes_first_and_equals_share_a_place(
    close: Close, one: int, two: int, places: tuple[str, str]
) -> None:
    rows = (revenue("990101", 2025, one), revenue("990102", 2025, two))
    found = [asked(close, "rank(revenue)", unit, *rows) for unit in ("990101", "990102")]
    assert tuple(figure.text for figure in found) == places
    assert {figure.unit for figure in found} == {"位"}


def test_a_rank_of_growth(close: Close) -> None:
    rows = tuple(
        revenue(unit, year, value)
        for unit, year, value in (
            ("990101", 2024, 4), ("990101", 2025, 5), ("990102", 2024, 10), ("990102", 2025, 11)
        )
    )  # fmt: skip
    assert asked(close, "rank(growth(revenue))", "990102", *rows).value == Fraction(2)


def test_without_everybody_there_is_no_rank(close: Close) -> None:
    figure = asked(close, "rank(revenue)", "990101", revenue("990101", 2025, 5))
    assert figure.missing
    assert "1个同级单位没有数" in figure.reason


def test_what_stands_alone_has_no_rank(close: Close) -> None:
    figure = asked(close, "rank(revenue)", "990100", revenue("990100", 2025, 5))
    assert figure.missing
    assert "没有同级的单位" in figure.reason


def test_counties_of_several_closings_are_each_others_siblings(close: Close) -> None:
    closings = [
        close(
            {
                "observation": [revenue(code, 2025, value)],
                "unit": [(code, name, "county", None, None, None, 1, 1)],
            },
            unit=(code, name),
        )
        for code, name, value in (("990100", "明澜县", 5), ("990200", "双溪县", 7))
    ]
    assert compute([Ask("rank(revenue)", "990100", 2025)], closings)[0].text == "2"


def test_a_rank_is_no_share_of_anything(close: Close) -> None:
    assert refusal(Ask("rank(revenue) + revenue", "", 2025), [close()]) is not None
