"""Corrections in columns do what the same corrections do one by one."""

import random
from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.cube.correcting.correct import Batch, Correction, Live, Pace, Unplaced
from shuzhi.cube.frame import SILENT, UNSAID
from shuzhi.kernel.catalogue.definitions import Catalogue
from tests.cube.small import Unit, observations, trees
from tests.cube.test_correct import (
    COUNTY,
    MORE,
    YEARS,
    Said,
    assert_same,
    built,
    corrected,
    corrections,
    said_in,
)

KERNELS = ["plain", "numpy", "numba"]
BUSY = [HealthCheck.too_slow]
"""A busy machine draws books slowly; that says nothing of them."""


def batch_of(news: Sequence[Correction]) -> Batch:
    """The columns of some corrections."""
    units, indicators = sorted({each.unit for each in news}), sorted({each.indicator for each in news})
    roles = ["target", "actual", "forecast"]
    return Batch(
        indicators,
        units,
        [indicators.index(each.indicator) for each in news],
        [units.index(each.unit) for each in news],
        [each.year for each in news],
        [each.month for each in news],
        [each.word for each in news],
        roles,
        [roles.index(each.role) for each in news],
    )


@settings(max_examples=40, deadline=None, suppress_health_check=BUSY)
@given(data=st.data())
@pytest.mark.parametrize("anew", [0, 10**9])
@pytest.mark.parametrize("kernel", KERNELS)
def test_corrected_by_columns_is_rebuilt(
    kernel: str, anew: int, data: st.DataObject, catalogue: Catalogue
) -> None:
    if kernel != "plain":
        pytest.importorskip(kernel)
    units = data.draw(trees())
    said = said_in(data.draw(observations(units)))
    live = Live.of(built(units, said, catalogue, kernel), kernel_name=kernel, pace=Pace(1, anew))
    other = Live.of(built(units, said, catalogue))
    for _ in range(data.draw(st.integers(1, 3))):
        news = data.draw(corrections(units))
        assert live.apply_all(batch_of(news)) == other.apply_all(news)
        said = corrected(said, news)
    assert_same(live.block, built(units, said, catalogue))


def test_a_batch_gives_back_its_corrections(catalogue: Catalogue) -> None:
    news = [
        Correction("harvest", "10", 2025, 3, 7),
        Correction("price", "11", 2024, 12, None, "target"),
        Correction("harvest", "11", 2024, 1, None, withdrawn=True),
    ]
    assert list(batch_of(news)) == news


def many(units: Sequence[Unit], count: int) -> list[Correction]:
    """Many corrections of units, cells told several times among them."""
    chance = random.Random(5)
    codes = [str(unit[0]) for unit in units]
    return [
        Correction(
            chance.choice(MORE), chance.choice(codes), chance.choice(YEARS), month, chance.randrange(10**6)
        )
        for month in (chance.randrange(1, 13) for _ in range(count))
    ]


@pytest.mark.parametrize("anew", [0, 10**9])
@pytest.mark.parametrize("kernel", ["numpy", "numba"])
def test_threads_that_share_a_large_batch_leave_the_same_cells(
    kernel: str, anew: int, catalogue: Catalogue
) -> None:
    pytest.importorskip(kernel)
    below: list[Unit] = [
        (f"{over}{number:02}", "村", "village", over, None, None, 4, 4)
        for over in ("10", "11")
        for number in range(20)
    ]
    units = [COUNTY[0], COUNTY[1], *below[:20], COUNTY[2], *below[20:]]
    said: Said = {}
    live = Live.of(built(units, said, catalogue, kernel), kernel_name=kernel, pace=Pace(1, anew))
    plain = [each for each in many(units, 20_000) if each.indicator in ("harvest", "price", "farms")]
    live.apply_all(batch_of(plain))
    assert_same(live.block, built(units, corrected(said, plain), catalogue, kernel))


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_table_of_observations_is_a_batch(kernel: str, catalogue: Catalogue) -> None:
    if kernel != "plain":
        pytest.importorskip(kernel)
    table = pa.table(
        {
            "indicator": pa.array(["harvest", "harvest", "price", "harvest"]).dictionary_encode(),
            "unit": ["10", "11", "11", "11"],
            "year": pa.array([2025, 2025, 2024, 2025], pa.int32()),
            "month": pa.array([3, 3, 12, 4], pa.int16()),
            "role": ["actual", "actual", "forecast", "actual"],
            "value": [5, None, 8, 6],
            "withdrawn": [False, False, False, True],
        }
    )
    batch = Batch.of_table(pa.concat_tables([table.slice(0, 1), table.slice(1)]))
    assert list(batch.word) == [5, SILENT, 8, UNSAID]
    live = Live.of(built(COUNTY, {}, catalogue, kernel), kernel_name=kernel, pace=Pace(1, 0))
    assert live.apply_all(batch) == 4  # the forecast stands for December, too
    assert live.apply_all(Batch.of_table(table.slice(0, 0))) == 0
    assert_same(live.block, built(COUNTY, corrected({}, list(batch)), catalogue))


def test_a_code_that_is_missing_is_refused() -> None:
    table = pa.table(
        {"indicator": ["harvest"], "unit": pa.array([None], pa.string()), "year": [2025], "month": [3]}
    ).append_column("value", [[1]])
    with pytest.raises(pa.ArrowInvalid):
        Batch.of_table(table)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(
    "stray",
    [
        Correction("nothing", "10", 2025, 3, 1),
        Correction("harvest", "99", 2025, 3, 1),
        Correction("harvest", "10", 2026, 3, 1),
        Correction("harvest", "10", 2025, 13, 1),
        Correction("harvest", "10", 2025, 3, 1, "target"),
    ],
)
def test_the_row_that_has_no_place_is_named(kernel: str, stray: Correction, catalogue: Catalogue) -> None:
    if kernel != "plain":
        pytest.importorskip(kernel)
    live = Live.of(built(COUNTY, {}, catalogue, kernel), kernel_name=kernel, pace=Pace(1))
    news = [Correction("harvest", "10", 2025, 3, 1), stray]
    for told in (news, batch_of(news)):
        with pytest.raises(Unplaced, match=f"{stray.indicator} {stray.unit} {stray.year}-{stray.month}"):
            live.apply_all(told)
    assert_same(live.block, built(COUNTY, {}, catalogue))


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_level_tells_apart_units_of_one_code(kernel: str, catalogue: Catalogue) -> None:
    if kernel != "plain":
        pytest.importorskip(kernel)
    units: list[Unit] = [
        COUNTY[0],
        ("10", "东城", "city", "1", None, None, 2, 3),
        (*COUNTY[1][:3], "1", None, None, 3, 3),
    ]
    news = [
        Correction("harvest", "10", 2025, 3, 4, level="township"),
        Correction("harvest", "10", 2025, 3, 5),
    ]
    batch = Batch(
        ["harvest"], ["10", "10"], [0, 0], [0, 1], [2025] * 2, [3] * 2, [4, 5], levels=["township", ""]
    )
    for told in (news, batch):
        live = Live.of(built(units, {}, catalogue, kernel), kernel_name=kernel, pace=Pace(1, 0))
        assert live.apply_all(told) == 2
        axis, line = live.block.axis, live.block.frame.places["harvest"]
        assert [
            live.block.own("actual", axis.find("10", level), line, 14) for level in ("city", "township")
        ] == [5, 4]
