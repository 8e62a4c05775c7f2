"""What villages said is left in the closings and read again when asked for: no cell differs, damage is told."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numpy")

from shuzhi.cube.block import Block
from shuzhi.cube.build import block_of
from shuzhi.cube.cube import Cube
from shuzhi.cube.disk.left import Left
from shuzhi.cube.disk.recalled import recalled
from shuzhi.cube.frame import ROLES, UNSAID
from shuzhi.figures.closing import Cell, Closing
from shuzhi.figures.layout import file_of
from shuzhi.figures.observed import OBSERVATION
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.finding import Refused
from tests.cube.conftest import CloseSmall
from tests.cube.small import ADDING, observations, trees
from tests.cube.test_block import same
from tests.cube.test_crown import closed

VILLAGES = 300
"""So many that what they said of some indicators is a large plane."""


def county(folder: Path, catalogue: Catalogue, code: str) -> Closing:
    """A county of many villages that all report the harvest of March, and one of them all indicators."""
    villages = [f"{code}{number:03}" for number in range(VILLAGES)]
    units: list[list[Cell]] = [[code, f"{code}县", "county", None, None, None, 1, VILLAGES + 1]]
    units += [
        [village, village, "village", code, None, None, place, place]
        for place, village in enumerate(villages, 2)
    ]
    rows: list[list[Cell]] = [
        ["harvest", village, 2025, 3, "actual", "", 1, number, ""] for number, village in enumerate(villages)
    ]
    rows += [[indicator, villages[0], 2025, 12, "actual", "", 1, 7, ""] for indicator in ADDING]
    rows += [[indicator, villages[0], 2024, 12, "actual", "", 1, 6, ""] for indicator in ADDING]
    return closed(folder, catalogue, code, units, rows)


def waits(block: Block) -> bool:
    """Whether what villages said has not been read again yet."""
    own = block.planes["actual"].own
    return isinstance(own, Left) and not own.here


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_block_that_left_its_words_is_the_block_it_was(
    data: st.DataObject, close_small: CloseSmall
) -> None:
    units = data.draw(trees())
    closing = close_small(units, data.draw(observations(units)))
    law, asked = block_of(closing), []

    def again() -> Block:
        asked.append(1)
        return block_of(closing)

    found = recalled(block_of(closing), again, larger=0)
    for role in ROLES:
        assert found.planes[role].silent() == law.planes[role].silent()
    assert not asked
    assert same(law, found)
    assert len(asked) <= 1


def test_villages_are_read_again_and_nothing_above_them_needs_it(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    closings = [county(tmp_path, catalogue, code) for code in ("11", "12")]
    cube = Cube.of(closings)
    block = cube.blocks.get("11")
    assert cube.cell("harvest", "", 2025, 3).sum == 2 * sum(range(VILLAGES))
    assert block.cell(0, block.frame.places["harvest"], 2025, 3).sum == sum(range(VILLAGES))
    assert waits(block)
    assert cube.cell("harvest", "11007", 2025, 3).sum == 7
    assert not waits(block)
    assert waits(cube.blocks.get("12"))
    assert same(block, block_of(closings[0]))


def test_what_is_corrected_stays_corrected(catalogue: Catalogue, tmp_path: Path) -> None:
    cube = Cube.of([county(tmp_path, catalogue, code) for code in ("11", "12")])
    block, row = cube.place("11007")
    depth, line = block.axis.depth(row), block.frame.places["harvest"]
    plane = block.planes["actual"].own[depth]
    assert plane is not None
    at = ((row - block.axis.starts[depth]) * len(block.frame.lines) + line) * block.frame.months
    plane[at + 14] = 70
    assert cube.cell("harvest", "11007", 2025, 3).sum == 70
    assert cube.cell("harvest", "11008", 2025, 3).sum == 8
    assert block.own("actual", row, line, 0) == UNSAID


def test_a_closing_damaged_by_then_is_refused_and_its_sums_stand(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    closings = [county(tmp_path, catalogue, code) for code in ("11", "12")]
    cube = Cube.of(closings)
    path = closings[0].path / file_of(OBSERVATION)
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"x" + data[101:])
    with pytest.raises(Refused):
        cube.cell("harvest", "11007", 2025, 3)
    assert cube.cell("harvest", "11", 2025, 3).sum == sum(range(VILLAGES))
    assert cube.cell("harvest", "12007", 2025, 3).sum == 7
