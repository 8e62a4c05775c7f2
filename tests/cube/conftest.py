"""Small closings for the tests of the cube: drawn by Hypothesis, closed for real."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from shuzhi.figures.closing import Cell, Closing, Relation, write_closing
from shuzhi.figures.observed import OBSERVATION_COLUMNS as OBSERVATION
from shuzhi.figures.tree import UNIT_COLUMNS as UNIT
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.load import load_texts
from tests.figures.county import texts

MORE = """
[[indicator]]
code = "{code}"
label = "{label}"
unit = "{unit}"
decimals = 1
frequency = "{frequency}"
owner = "统计局"
duty = "statistics"
temporal = "{temporal}"
rollup = "{rollup}"
growth = "none"
direction = "up"
basis = [{{ law = "本地办法", local = true }}]
"""
INDICATORS = (
    ("harvest", "粮食产量", "吨", "month", "level", "sum"),
    ("farms", "农户", "户", "year", "level", "sum"),
    ("price", "均价", "元", "month", "level", "wmean:harvest"),
    ("index", "指数", "%", "month", "rate", "none"),
    ("wage", "月工资", "元", "month", "level", "wmean:residents"),
)

CloseSmall = Callable[[Sequence[Sequence[Cell]], Sequence[Sequence[Cell]]], Closing]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The small county's definitions and four indicators for adding up."""
    names = ("code", "label", "unit", "frequency", "temporal", "rollup")
    found = texts()
    place = next(name for name, text in found.items() if "[[indicator]]" in text)
    found[place] += "".join(MORE.format(**dict(zip(names, item, strict=True))) for item in INDICATORS)
    loaded = load_texts(found)
    assert not loaded.errors, "\n".join(map(str, loaded.errors))
    return loaded.catalogue


@pytest.fixture(scope="session")
def close_small(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> CloseSmall:
    """Closes units and observations as they are given."""
    folder: Path = tmp_path_factory.mktemp("small")

    def closed(units: Sequence[Sequence[Cell]], observations: Sequence[Sequence[Cell]]) -> Closing:
        return write_closing(
            folder,
            unit_code="1",
            unit_name="甲县",
            as_of=date(2025, 11, 20),
            catalogue=catalogue,
            relations=[Relation("unit", UNIT, units), Relation("observation", OBSERVATION, observations)],
        )

    return closed
