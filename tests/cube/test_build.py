"""The cube of a closing says what the engine says, cell by cell."""

from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shuzhi.cube.block import Block
from shuzhi.cube.build import block_of
from shuzhi.cube.cube import Cube
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.tree import tree_of
from shuzhi.kernel.measure import UNITS
from tests.cube.conftest import CloseSmall
from tests.cube.small import ADDING, observations, trees

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
    max_examples=25,
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
