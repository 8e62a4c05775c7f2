"""Figures of nested closings, whoever works them out: the engine in any way it reads, the cube by any kernel."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shuzhi.cube.cube import Cube, Recipe
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.many.engines import local
from shuzhi.figures.many.reading import by_engine
from shuzhi.figures.many.spark import Spark
from shuzhi.kernel.catalogue.definitions import Catalogue
from tests.cube.nests import countries
from tests.cube.test_nesting import closings_of, made
from tests.cube.test_reads import asks_of, dense, equal_to_the_engine
from tests.figures.counties import definitions, forget
from tests.figures.nation import FIRST, NATION, PROVINCE, SECOND, code, nation

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
OWN = ("revenue", "revenue_tax", "residents", "income", "investment", "output", "tax_share")
FORMS = ("{}", "growth({})", "completion({})", "target({})", "lastyear({})", "rank({})")


@settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(data=st.data())
def test_every_figure_of_a_nest_that_compiles_is_the_engines(
    data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("nest")
    closings = list(closings_of(folder, catalogue, data.draw(countries(said=dense))).values())
    cube = made(closings, Recipe(catalogue, kernel="plain"))
    asks = data.draw(st.lists(asks_of(["", *cube.block.axis.codes]), min_size=6, max_size=14))
    equal_to_the_engine(cube, closings, asks, catalogue)


def asks() -> list[Ask]:
    """Every figure of every unit of the small nation."""
    units = ["", NATION, PROVINCE, FIRST, SECOND, *map(code, range(1, 7)), "990301", "990102", "990601001"]
    return [
        Ask(form.format(own), unit, 2025, month)
        for form in FORMS
        for own in OWN
        for unit in units
        for month in (11, 12)
    ]


def told(figures: Sequence[Figure]) -> list[object]:
    """What figures say, to the last trace and warning."""
    return [figure.as_json() for figure in figures]


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> list[Closing]:
    return list(nation(tmp_path_factory.mktemp("nation")).values())


@pytest.mark.parametrize("name", ["plain", "numpy", "numba"])
def test_a_nation_of_four_levels_is_the_same_by_every_kernel(name: str, country: list[Closing]) -> None:
    if name != "plain":
        pytest.importorskip(name)
    cube = Cube.of(country, Recipe(definitions(), kernel=name))
    answers = equal_to_the_engine(cube, country, asks(), definitions())
    values = [answers.value(number, found) for number, found in enumerate(answers())]
    assert sum(value is not None for value in values) > 200
    assert all(said.startswith("公式有误") for said in answers.left.values())


def test_the_engine_says_the_same_however_it_reads_a_nest(country: list[Closing], tmp_path: Path) -> None:
    first = told(compute(asks(), country))
    forget()
    assert told(compute(asks(), country, cache=tmp_path)) == first
    forget()
    assert told(compute(asks(), list(reversed(country)), cache=tmp_path)) == first
    forget()
    engine = local(len(country), 2)
    try:
        assert told(compute(asks(), country, reader=by_engine(engine, 3))) == first
    finally:
        engine.close()


@pytest.mark.spark
def test_a_cluster_says_the_same_of_a_nest(country: list[Closing], spark: Spark) -> None:
    first = told(compute(asks(), country))
    forget()
    assert told(compute(asks(), country, reader=by_engine(spark, 3))) == first
