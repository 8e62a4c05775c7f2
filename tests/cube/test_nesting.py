"""Closings over closings over closings: every cell is what the engine says, however the country is nested."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shuzhi.cube.cube import Cube, Recipe
from shuzhi.figures.closing import Closing
from shuzhi.kernel.catalogue.definitions import Catalogue
from tests.cube.nests import Books, countries
from tests.cube.test_crown import alike, cells, closed

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def closings_of(folder: Path, catalogue: Catalogue, books: Books) -> dict[str, Closing]:
    return {
        code: closed(folder, catalogue, code, [list(unit) for unit in units], [list(row) for row in rows])
        for code, (units, rows) in books.items()
    }


@settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(data=st.data())
@pytest.mark.parametrize("name", ["plain", "numpy", "numba"])
def test_any_nesting_says_what_the_engine_says(
    name: str, data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if name != "plain":
        pytest.importorskip(name)
    folder = tmp_path_factory.mktemp("nest")
    closings = list(closings_of(folder, catalogue, data.draw(countries())).values())
    cube = Cube.of(data.draw(st.permutations(closings)), Recipe(catalogue, kernel=name))
    alike(cube, closings)
    other = Cube.of(closings, Recipe(catalogue, kernel="plain", folder=folder / "kept"))
    assert cells(other) == cells(cube)
