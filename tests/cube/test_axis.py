"""The order of rows: areas side by side, departments apart, units that came and went by month."""

import io
from dataclasses import fields
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.cube.axis import EVER, Axis, Units, lay
from shuzhi.cube.boundaries import _nested, last_days
from tests.cube.small import trees

DAYS = last_days([2024, 2025], date(2025, 11, 20))


def axis(*units: tuple[str, str, str], **stood: tuple[date | None, date | None]) -> Axis:
    """An axis of (code, level, parent) in preorder; ``stood`` gives first and last days by code."""
    place = {code: number for number, (code, _, _) in enumerate(units)}
    days = [stood.get(f"u{code}", (None, None)) for code, _, _ in units]
    return lay(
        Units(
            [code for code, _, _ in units],
            [level for _, level, _ in units],
            [place.get(parent, -1) for _, _, parent in units],
            [since.toordinal() if since else 0 for since, _ in days],
            [until.toordinal() if until else EVER for _, until in days],
        ),
        DAYS,
    )


COUNTY = (
    ("1", "county", ""),
    ("11", "department", "1"),
    ("12", "township", "1"),
    ("121", "village", "12"),
    ("122", "village", "12"),
    ("13", "township", "1"),
    ("14", "township", "1"),
    ("141", "village", "14"),
)


def test_areas_with_areas_below_come_first_then_those_without_then_departments() -> None:
    found = axis(*COUNTY)
    assert found.codes == ["1", "12", "14", "13", "11", "121", "122", "141"]
    assert [found.codes[row] for row in found.areas(0)] == ["12", "14", "13"]
    assert [found.codes[row] for row in found.areas(found.find("12"))] == ["121", "122"]
    assert list(found.areas(found.find("13"))) == []


def test_a_department_adds_to_nothing() -> None:
    found = axis(*COUNTY)
    assert not found.counted(found.find("11"), 0)
    assert found.counted(found.find("12"), 0)
    assert found.due(0, 0) == 4


def test_a_unit_counts_from_the_month_it_stood_in_and_never_beyond_the_closings_day() -> None:
    found = axis(*COUNTY, u13=(date(2024, 5, 31), date(2025, 11, 30)), u122=(date(2025, 11, 21), None))
    row = found.find("13")
    assert [found.stood(row, month) for month in (3, 4, 22, 23)] == [False, True, True, True]
    assert not found.stood(found.find("122"), 23)
    assert [found.due(0, month) for month in (3, 4)] == [2, 3]
    assert found.due(found.find("12"), 23) == 1


def test_codes_that_collide_between_levels_are_told_apart_by_level() -> None:
    found = axis(("0", "nation", ""), ("9", "city", "0"), ("9", "county", "9"))
    assert found.find("9") == found.find("9", "city") != found.find("9", "county")
    assert found.find("9", "village") == -1


@pytest.mark.parametrize("code", ["12", "11", "13"])
def test_siblings_are_of_one_level_below_one_unit(code: str) -> None:
    found = axis(*COUNTY)
    beside = {found.codes[row] for row in found.siblings(found.find(code), 0)}
    assert beside == ({"11"} if code == "11" else {"12", "13", "14"})


@pytest.mark.parametrize("name", ["numpy", "numba"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_numpy_and_numba_lay_the_very_same_rows(name: str, data: st.DataObject) -> None:
    pytest.importorskip(name)
    from shuzhi.cube.spread import columns_of, spread

    rows = data.draw(trees(20))
    columns = [
        pa.array([row[place] for row in rows], kind)
        for place, kind in ((0, None), (2, None), (4, pa.date32()), (5, pa.date32()), (6, None), (7, None))
    ]
    table = pa.table(columns, names=["code", "level", "since", "until", "first", "last"])
    if name == "numpy":
        table = table.take(pa.array(data.draw(st.permutations(range(len(rows))))))
    days = data.draw(st.sampled_from([DAYS, DAYS[:1], []]))
    units = _nested(table)
    found = laid_from_pages(table, days) if name == "numba" else spread(columns_of(table), days)
    assert units is not None
    assert found is not None
    law = lay(units, days)
    for field in fields(Axis):
        one, other = getattr(law, field.name), getattr(found, field.name)
        if isinstance(one, memoryview):
            one, other = one.tolist(), other.tolist()
        assert one == other, field.name


def laid_from_pages(table: pa.Table, days: list[int]) -> Axis | None:
    """The axis of units in preorder by numba, from a file as closings have it."""
    from shuzhi.cube.disk.laying import laid
    from shuzhi.cube.disk.leafing import leafed

    sink = io.BytesIO()
    table = table.set_column(1, "level", table.column("level").cast(pa.string()))
    pq.write_table(table, sink, compression="zstd")
    columns = leafed(pa.py_buffer(sink.getvalue()))
    assert columns is not None
    return laid(columns, days)


def test_intervals_that_cross_are_no_tree() -> None:
    pytest.importorskip("numpy")
    from shuzhi.cube.spread import columns_of, spread

    none = pa.array([None, None, None], pa.date32())
    columns = [["1", "2", "3"], ["a", "a", "a"], none, none, [1, 2, 3], [2, 3, 3]]
    table = pa.table(columns, names=["code", "level", "since", "until", "first", "last"])
    assert _nested(table) is None
    assert spread(columns_of(table), DAYS) is None
