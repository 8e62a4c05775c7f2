"""The cube of a closing says what the engine says, cell by cell."""

from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shuzhi.cube.block import Block
from shuzhi.cube.build import block_of
from shuzhi.cube.cube import Cube
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Cell, Closing, Column, Relation, write_closing
from shuzhi.figures.compute import compute
from shuzhi.figures.observed import OBSERVATION_COLUMNS as OBSERVATION
from shuzhi.figures.tree import UNIT_COLUMNS as UNIT
from shuzhi.figures.tree import tree_of
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.measure import UNITS
from tests.cube.conftest import CloseSmall
from tests.cube.small import ADDING, observations, trees

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
SPEECH = {"actual": "{}", "target": "target({})", "forecast": "forecast({})"}


def equal_to_the_engine(closing: Closing, block: Block, indicators: tuple[str, ...]) -> None:
    """Compare every unit, a few months, all roles."""
    cube = Cube(block)
    units = ["", *tree_of(closing).members]
    keys = [
        (code, unit, year, month, role)
        for code, unit, year, month, role in product(
            indicators, units, (2023, 2024, 2025), (1, 3, 11, 12), SPEECH
        )
    ]
    asks = [Ask(SPEECH[role].format(code), unit, year, month) for code, unit, year, month, role in keys]
    for key, figure in zip(keys, compute(asks, [closing]), strict=True):
        code, unit, year, month, role = key
        found = cube.cell(code, unit, year, month, role)
        value = None if found.value is None else found.value / UNITS[figure.unit].step
        assert value == figure.value, (key, found, figure.reason, value)


@settings(
    max_examples=12,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
@pytest.mark.parametrize("name", ["plain", "numpy", "numba"])
def test_every_cell_is_what_the_engine_says(name: str, data: st.DataObject, close_small: CloseSmall) -> None:
    if name != "plain":
        pytest.importorskip(name)
    units = data.draw(trees())
    closing = close_small(units, data.draw(observations(units)))
    equal_to_the_engine(closing, block_of(closing, kernel_name=name), ADDING)


PLACE = (Column("unit", "text"), Column("parent", "text"), Column("since", "date"), Column("until", "date"))
STEP = (
    Column("unit", "text"),
    Column("into", "text"),
    Column("day", "date"),
    Column("whole", "bool"),
    Column("document", "text"),
)
NEW_YEAR, MAY = date(2024, 1, 1), date(2025, 5, 1)
REDRAWN: list[list[Cell]] = [
    # 丙村 moved from 乙镇 to 丁镇, and 戊镇 was merged into 丁镇, in May 2025.
    ["1", "甲县", "county", None, NEW_YEAR, None, 1, 7],
    ["12", "乙镇", "township", "1", NEW_YEAR, None, 2, 3],
    ["121", "己村", "village", "12", NEW_YEAR, None, 3, 3],
    ["13", "丁镇", "township", "1", NEW_YEAR, None, 4, 7],
    ["131", "丙村", "village", "13", NEW_YEAR, None, 5, 5],
    ["14", "戊镇", "township", "13", NEW_YEAR, date(2025, 4, 30), 6, 7],
    ["141", "庚村", "village", "14", NEW_YEAR, None, 7, 7],
]


@settings(max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(data=st.data())
@pytest.mark.parametrize("name", ["plain", "numba"])
def test_boundaries_of_then_are_those_of_the_engine(
    name: str, data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if name != "plain":
        pytest.importorskip(name)
    places: list[list[Cell]] = [["131", "12", NEW_YEAR, date(2025, 4, 30)], ["131", "13", MAY, date.max]]
    places += [["14", "1", NEW_YEAR, date(2025, 4, 30)], ["14", "13", MAY, date.max]]
    rows = data.draw(observations(REDRAWN))
    closing = write_closing(
        tmp_path_factory.mktemp("redrawn"),
        unit_code="1",
        unit_name="甲县",
        as_of=date(2025, 11, 20),
        catalogue=catalogue,
        relations=[
            Relation("unit", UNIT, REDRAWN),
            Relation("unit_place", PLACE, places),
            Relation("succession", STEP, [["14", "13", MAY, True, ""]]),
            Relation("observation", OBSERVATION, rows),
        ],
    )
    equal_to_the_engine(closing, block_of(closing, kernel_name=name), ADDING)
    for month, day in ((3, date(2025, 3, 31)), (12, date(2025, 11, 20))):
        cube = Cube(block_of(closing, kernel_name=name, then=day))
        asks = [
            Ask(SPEECH[role].format(code), unit, 2025, month, then=True)
            for code, unit, role in product(ADDING, tree_of(closing).members, SPEECH)
        ]
        keys = product(ADDING, tree_of(closing).members, SPEECH)
        for (code, unit, role), figure in zip(keys, compute(asks, [closing]), strict=True):
            found = cube.cell(code, unit, 2025, month, role)
            value = None if found.value is None else found.value / UNITS[figure.unit].step
            assert value == figure.value, (code, unit, role, month, found, figure.reason)
