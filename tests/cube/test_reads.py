"""What is read from a cube is what the engine computes from the closing."""

import random
from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.cube.asking.reads import Answers
from shuzhi.cube.build import Row, block_of
from shuzhi.cube.cube import Cube, Recipe
from shuzhi.cube.frame import ROLES
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Cell, Closing
from shuzhi.figures.compute import compute
from shuzhi.kernel.catalogue.definitions import Catalogue
from tests.cube.conftest import CloseSmall
from tests.cube.small import ADDING, Unit, observations, trees
from tests.cube.test_crown import above, closed, renamed

Texts = st.SearchStrategy[str]


def filled(form: str, *parts: Texts) -> Texts:
    return st.tuples(*parts).map(lambda texts: form.format(*texts))


MONEY = st.sampled_from(["revenue", "revenue_tax", "price", "income", "revenue.target", "0.3亿元", "missing"])
RATIOS = st.sampled_from(["tax_share", "index", "index.target", "20%", "3"])
COUNTS = st.sampled_from(["farms", "farms.forecast", "2户"])


def money_of(money: Texts, ratio: Texts, truth: Texts) -> Texts:
    return st.one_of(
        filled("({} + {})", money, money),
        filled("({} - {})", money, money),
        filled("({} * {})", money, ratio),
        filled("({} / {})", money, ratio),
        filled("-{}", money),
        filled("{}({})", st.sampled_from(["lastyear", "target", "forecast"]), money),
        filled("{}({}, {})", st.sampled_from(["least", "greatest", "gap", "coalesce"]), money, money),
        filled("(if {} then {} else {})", truth, money, money),
    )


def ratio_of(money: Texts, ratio: Texts, counts: Texts) -> Texts:
    return st.one_of(
        filled("({} / {})", money, money),
        filled("share({}, {})", money, money),
        filled("coverage({}, {})", counts, counts),
        filled("{}({})", st.sampled_from(["growth", "completion"]), money | counts),
        filled("({} - lastyear({}))", ratio, ratio),
        st.sampled_from(["revenue.growth", "revenue.completion", "growth(harvest)", "output.growth"]),
    )


def truth_of(money: Texts, ratio: Texts) -> Texts:
    return st.one_of(
        filled("({} {} {})", money, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), money),
        filled("({} > {})", ratio, ratio),
        filled("({} is missing)", money),
        filled("({} is not missing)", ratio),
        filled("({} in [{}, {}])", money, money, money),
    )


def deeper(parts: tuple[Texts, Texts, Texts]) -> tuple[Texts, Texts, Texts]:
    money, ratio, truth = parts
    return (
        money | money_of(money, ratio, truth),
        ratio | ratio_of(money, ratio, COUNTS),
        truth
        | truth_of(money, ratio)
        | filled("({} {} {})", truth, st.sampled_from(["and", "or"]), truth)
        | filled("not {}", truth),
    )


FORMULAS = deeper(deeper((MONEY, RATIOS, truth_of(MONEY, RATIOS))))
EXPRESSIONS = st.one_of(
    *FORMULAS,
    COUNTS,
    filled("rank({})", FORMULAS[0] | FORMULAS[1] | st.sampled_from(["harvest", "farms"])),
    filled("growth({})", st.sampled_from(["revenue", "income", "residents", "harvest", "output"])),
    filled("completion({})", st.sampled_from(["revenue", "income", "farms", "index"])),
    st.sampled_from(
        ["count danger in year", "latest(revenue)", "nothing", "param('dear')", "revenue > param('dear')"]
    ),
)


def asks_of(codes: Sequence[str]) -> st.SearchStrategy[Ask]:
    return st.builds(
        Ask,
        EXPRESSIONS,
        st.sampled_from(["", "", *codes]),
        st.sampled_from([2025, 2025, 2025, 2024, 0]),
        st.sampled_from([12, 12, 12, 3, 11, 1]),
        st.sampled_from(["", "", "亿元", "万元", "%"]),
        st.sampled_from([None, None, 0, 3]),
    )


def equal_to_the_engine(
    cube: Cube, closings: Sequence[Closing], asks: Sequence[Ask], catalogue: Catalogue
) -> Answers:
    answers = Answers(cube, asks, catalogue)
    found = answers()
    texts = answers.said(found)
    for number, figure in enumerate(compute(asks, closings)):
        if number in answers.left:
            continue
        assert answers.value(number, found[number]) == figure.value, (figure.ask, figure.reason)
        assert texts[number] == figure.text, figure.ask
        unit = answers.readings[number].unit
        assert figure.value is None or (unit is not None and unit.name == figure.unit)
    return answers


@st.composite
def dense(draw: st.DrawFn, units: Sequence[Unit]) -> list[Row]:
    """Books in which nearly everybody has said nearly everything."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    gaps = chance.choice((0, 0, 1, 10))
    rows: list[Row] = []
    codes = [str(unit[0]) for unit in units]
    inside = {str(unit[3]) for unit in units}
    for code in codes:
        told = chance.random() < (0.1 if code in inside else 1)
        for indicator, year, role in product((*ADDING, "index", "revenue_tax"), (2024, 2025), ROLES):
            annual = indicator in ("farms", "residents", "income")
            for month in (12,) if annual or role != "actual" else (1, 3, 11, 12):
                if told and chance.randrange(100) >= gaps:
                    value = chance.randrange(-3, 12) if chance.random() < 0.3 else chance.randrange(10**9)
                    rows.append((indicator, code, year, month, role, "快报", 1, value, ""))
    return rows


SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)


@settings(max_examples=120, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
@pytest.mark.parametrize("kernel", ["plain"])
def test_every_figure_that_compiles_is_the_engines(
    kernel: str, data: st.DataObject, close_small: CloseSmall, catalogue: Catalogue
) -> None:
    units = data.draw(trees())
    closing = close_small(units, data.draw(observations(units) | dense(units) | dense(units)))
    asks = data.draw(st.lists(asks_of([str(unit[0]) for unit in units]), min_size=4, max_size=12))
    equal_to_the_engine(Cube(block_of(closing, kernel_name=kernel)), [closing], asks, catalogue)


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_so_are_those_of_many_closings(
    data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, closings, codes = tmp_path_factory.mktemp("many"), [], [""]
    marks = data.draw(st.sampled_from([["a", "b"], ["a", "b", "c"]]))
    for mark in marks:
        units = data.draw(trees(5))
        rows: list[list[Cell]] = [list(row) for row in data.draw(dense(units))]
        named, told = renamed([list(unit) for unit in units], rows, mark)
        codes += [str(unit[0]) for unit in named]
        closings.append(closed(folder, catalogue, f"{mark}1", named, told))
    if data.draw(st.booleans()):
        closings.append(closed(folder, catalogue, "9", *above(data, marks)))
        codes.append("9")
    asks = data.draw(st.lists(asks_of(codes), min_size=4, max_size=12))
    cube = Cube.of(closings, Recipe(catalogue, kernel="plain"))
    equal_to_the_engine(cube, closings, asks, catalogue)


def test_what_the_cube_cannot_answer_is_left_and_says_why(
    close_small: CloseSmall, catalogue: Catalogue
) -> None:
    units = [("1", "甲县", "county", None, None, None, 1, 1)]
    closing = close_small(units, [("harvest", "1", 2025, 3, "actual", "快报", 1, 5, "")])
    said = ["harvest", "latest(harvest)", "count danger in year", "harvest +", "harvest"]
    asks = [Ask(each, "1", 2025, 3) for each in said[:4]] + [Ask(said[4], "7", 2025, 3)]
    answers = Answers(Cube(block_of(closing, kernel_name="plain")), asks, catalogue)
    assert sorted(answers.left) == [1, 2, 3, 4]
    assert answers.left[4] == "数据立方里没有单位“7”"
    assert answers.said(answers()) == ["0.1", "", "", "", ""]


def test_a_monthly_mean_of_annual_weights_is_left_to_the_engine(
    close_small: CloseSmall, catalogue: Catalogue
) -> None:
    units = [("1", "甲县", "county", None, None, None, 1, 2), ("10", "镇", "township", "1", None, None, 2, 2)]
    said = [("wage", "10", 2025, 3, 100), ("residents", "10", 2025, 12, 7)]
    rows = [(*each[:4], "actual", "快报", 1, each[4], "") for each in said]
    closing, ask = close_small(units, rows), Ask("wage", "1", 2025, 3)
    assert compute([ask], [closing])[0].text == "1.0"
    assert Answers(Cube(block_of(closing, kernel_name="plain")), [ask], catalogue).left
