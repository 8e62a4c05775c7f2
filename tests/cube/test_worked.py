"""Formulas in bulk: the same bits in every kernel, and the millionths of what a dashboard says."""

import random
from collections.abc import Sequence
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.cube.asking.dashboard import Dashboard
from shuzhi.cube.asking.formulas import BEYOND, MOST_WHOLE, NONE, Pair, millionths
from shuzhi.cube.block import Block
from shuzhi.cube.cube import Cube
from shuzhi.cube.worked import FLOW, LARGE, LEVEL, Way, Worked, pairs_of, ways_of, work_out
from shuzhi.kernel.catalogue.definitions import Catalogue
from tests.cube.small import ADDING, trees
from tests.cube.test_correct import YEARS, Said, built

PLANES = ("growth", "running_growth", "completion", "ratios", "running_ratios")
near = st.integers(-MOST_WHOLE + 1, MOST_WHOLE - 1) | st.integers(-(10**9), 10**9) | st.integers(-9, 9)


def parts(above: Sequence[int], below: Sequence[int]) -> list[int]:
    """Quotients as NumPy works them out."""
    np = pytest.importorskip("numpy")
    from shuzhi.cube import worked_vector

    found: list[int] = worked_vector.parts(np.array(above, np.int64), np.array(below, np.int64)).tolist()
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(near, near), min_size=1, max_size=20))
def test_quotients_are_put_right_to_the_last_millionth(pairs: list[tuple[int, int]]) -> None:
    above, below = zip(*pairs, strict=True)
    assert parts(above, below) == [millionths(*pair) for pair in pairs]


@pytest.mark.parametrize(
    ("above", "below"), [(1, 2_000_000), (-1, 2_000_000), (3, 2_000_000), (-3, 2_000_000), (2**50, 10**6)]
)
def test_halves_go_away_from_zero(above: int, below: int) -> None:
    assert parts([above], [below]) == [millionths(above, below)]


@st.composite
def books(draw: st.DrawFn, units: Sequence[Sequence[object]]) -> Said:
    """All months of nearly all units, small numbers and some enormous ones."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    gap, huge = chance.choice((0, 1, 5)), chance.choice((0, 0, 2))
    said: Said = {}
    for unit in units:
        if chance.random() < 0.1:
            continue
        for code in ADDING:
            for year in YEARS:
                for month in range(1, 13):
                    if chance.randrange(100) >= gap:
                        large = chance.randrange(100) < huge
                        value = chance.choice((LARGE, -LARGE + 1)) if large else chance.randrange(-3, 10**6)
                        said[code, str(unit[0]), year, month, "actual"] = value
                if chance.random() < 0.9:
                    said[code, str(unit[0]), year, 12, "target"] = chance.randrange(-1, 10**6)
    return said


def of(worked: Worked) -> list[list[int]]:
    return [list(getattr(worked, name)) for name in PLANES]


WAYS = st.builds(Way, st.sampled_from((LEVEL, FLOW, 1, 3, 6, 12)), st.integers(0, 2), st.booleans())


@settings(max_examples=25, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", ["numpy", "numba"])
def test_every_kernel_gives_the_bits_of_the_law(name: str, data: st.DataObject, catalogue: Catalogue) -> None:
    pytest.importorskip(name)
    units = data.draw(trees(5))
    block = built(units, data.draw(books(units)), catalogue)
    lines = len(block.frame.lines)
    ways = data.draw(st.lists(WAYS, min_size=lines, max_size=lines))
    line = st.integers(0, lines - 1)
    pairs = data.draw(st.lists(st.tuples(line, line), max_size=3))
    law = work_out(block, ways, pairs, kernel_name="plain")
    assert of(work_out(block, ways, pairs, kernel_name=name)) == of(law)


def rounded(value: Pair | None) -> int:
    return NONE if value is None else millionths(*value)


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_in_bulk_they_are_the_millionths_of_a_dashboard(data: st.DataObject, catalogue: Catalogue) -> None:
    units = data.draw(trees(5))
    block = built(units, data.draw(books(units)), catalogue)
    ways = ways_of(catalogue, block)
    worked = work_out(block, ways, pairs_of(catalogue, block), kernel_name="plain")
    month = data.draw(st.integers(1, 12))
    shown = [
        line.code
        for line in block.frame.lines
        if line.weight < 0 and not line.formula and (month == 12 or not line.annual)
    ]
    for place, row in enumerate(block.axis.heads):
        dashboard = Dashboard(Cube(block), catalogue, shown, block.axis.codes[row], 2025, month)
        for line in dashboard():
            if line.indicator not in dashboard.left:
                at = place * len(ways) + block.frame.places[line.indicator]
                found = worked.growth[at * 12 + month - 1], worked.running_growth[at * 12 + month - 1]
                done = worked.completion[at * 24 + 11 + month]
                said = [rounded(each) for each in (line.growth, line.cumulative_growth, line.completion)]
                assert [*found, done] == said or BEYOND in (*found, done)


def test_nothing_was_said_of_targets(catalogue: Catalogue) -> None:
    units = [("1", "甲县", "county", None, None, None, 1, 2), ("10", "镇", "township", "1", None, None, 2, 2)]
    block: Block = built(units, {("harvest", "10", 2025, 3, "actual"): 5}, catalogue)
    for name in ("plain", *(name for name in ("numpy", "numba") if find_spec(name))):
        assert set(work_out(block, ways_of(catalogue, block), (), kernel_name=name).completion) == {NONE}
