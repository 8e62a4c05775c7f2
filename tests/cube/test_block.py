"""A block as a file: read as it was written, found again, and refused when a byte of it changed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shuzhi.cube import kept
from shuzhi.cube.block import Block
from shuzhi.cube.build import block_of
from shuzhi.cube.frame import ROLES
from shuzhi.kernel.finding import Refused
from tests.cube.conftest import CloseSmall
from tests.cube.small import observations, trees


def same(one: Block, other: Block) -> bool:
    """Whether two blocks are equal in every cell."""
    for role in ROLES:
        left, right = one.planes[role], other.planes[role]
        planes = [(left.sums, right.sums), (left.counts, right.counts), (left.weights, right.weights)]
        planes += [(left.cumulative or left.sums, right.cumulative or right.sums)]
        if any(a.tolist() != b.tolist() for a, b in planes) or left.reach != right.reach:
            return False
        if [plane and plane.tolist() for plane in left.own] != [
            plane and plane.tolist() for plane in right.own
        ]:
            return False
    lent = [[plane and plane.tolist() for plane in block.borrowed] for block in (one, other)]
    columns = [[getattr(block.axis, name).tolist() for name in kept._COLUMNS] for block in (one, other)]
    return (
        lent[0] == lent[1]
        and columns[0] == columns[1]
        and (one.source, one.frame, one.axis.names) == (other.source, other.frame, other.axis.names)
    )


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_block_is_read_as_it_was_written(
    data: st.DataObject, close_small: CloseSmall, tmp_path: Path
) -> None:
    units = data.draw(trees())
    block = block_of(close_small(units, data.draw(observations(units))))
    kept.put(block, tmp_path / "a.cube", "key")
    assert same(block, kept.get(tmp_path / "a.cube", "key"))
    written = (tmp_path / "a.cube").read_bytes()
    kept.put(kept.get(tmp_path / "a.cube"), tmp_path / "b.cube", "key")
    assert (tmp_path / "b.cube").read_bytes() == written


@pytest.fixture
def file(close_small: CloseSmall, tmp_path: Path) -> Path:
    """The file of a small block."""
    units = [
        ("1", "甲县", "county", None, None, None, 1, 2),
        ("11", "乙镇", "township", "1", None, None, 2, 2),
    ]
    rows = [("harvest", "11", 2025, 3, "actual", "快报", 1, 7, "")]
    kept.put(block_of(close_small(units, rows)), tmp_path / "a.cube", "key")
    return tmp_path / "a.cube"


@pytest.mark.parametrize("at", [3, 12, 40, 200, -80])
def test_a_changed_byte_is_refused_in_words(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)
    with pytest.raises(Refused) as refused:
        kept.get(file)
    assert "不能用" in refused.value.findings[0].message
    assert kept.verify(file)


@pytest.mark.parametrize("left", [0, 20, 300, -1])
def test_a_torn_file_is_refused(file: Path, left: int) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:left] if left >= 0 else data[: len(data) - 200])
    with pytest.raises(Refused):
        kept.get(file)


def test_a_block_of_another_origin_is_refused(file: Path) -> None:
    with pytest.raises(Refused):
        kept.get(file, "another")
    assert kept.verify(file) == []
    assert kept.verify(file.with_name("none.cube"))


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
@pytest.mark.parametrize("name", ["numpy", "numba"])
def test_a_streamed_block_is_the_block_of_the_rows(
    name: str, data: st.DataObject, close_small: CloseSmall
) -> None:
    pytest.importorskip(name)
    units = data.draw(trees())
    closing = close_small(units, data.draw(observations(units)))
    years = data.draw(st.sampled_from([(), (2025,), (2024, 2025, 2026)]))
    law = block_of(closing, years=years, kernel_name="plain")
    assert same(law, block_of(closing, years=years, kernel_name=name))
