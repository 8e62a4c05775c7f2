"""Pages unpacked by hand say what pyarrow reads from the same file."""

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba")

from shuzhi.cube.build import block_of
from shuzhi.cube.disk.observing import COLUMNS, paged
from shuzhi.cube.disk.packed import DICTIONARY, positions
from shuzhi.cube.disk.pages import Unread, texts
from shuzhi.cube.frame import ROLES
from tests.cube.conftest import CloseSmall
from tests.cube.small import observations, trees

TEXTS = ("indicator", "unit", "role")
WHOLES = ("year", "month", "value")


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Observations in long or short runs, of few or many different values; some values are missing."""
    runs = draw(st.lists(st.integers(1, 70), min_size=1, max_size=30))
    widest = draw(st.sampled_from([1, 2, 5, 300, 70_000]))
    columns: dict[str, list[Any]] = {name: [] for name in (*TEXTS, *WHOLES)}
    for run in runs:
        same = {name: f"{name}{draw(st.integers(0, 4))}" * draw(st.sampled_from([1, 1, 4])) for name in TEXTS}
        for name in TEXTS:
            columns[name] += [same[name]] * run
        seed = draw(st.integers(0, 10**9))
        for name in WHOLES:
            spread = 1 if draw(st.booleans()) else widest
            columns[name] += [(seed + 7919 * number * number) % spread for number in range(run)]
        if draw(st.booleans()):
            columns["value"][-run // 2 :] = [None] * len(columns["value"][-run // 2 :])
    kinds = {**dict.fromkeys(TEXTS, pa.string()), **dict.fromkeys(WHOLES, pa.int64())}
    return pa.table({name: pa.array(cells, kinds[name]) for name, cells in columns.items()})


def written(table: pa.Table, **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **{"compression": "zstd", **options})
    return sink.getvalue()


def read(data: bytes) -> list[dict[str, list[object]]]:
    """The columns of each row group as pages say them."""
    pages, _ = paged(pa.py_buffer(data), pq.ParquetFile(io.BytesIO(data)).metadata) or (None, set())
    if pages is None:
        raise Unread("kind")
    found = []
    for body in pages.bodies():
        cuts = (body.cuts - body.cuts[0]).tolist()
        for number, (first, stop) in zip(body.groups, pairwise(cuts), strict=True):
            own = body.pages[first:stop], body.columns[first:stop]
            starts, rows = body.starts[first : stop + 1], pages.rows[number]
            at = np.empty((len(COLUMNS), rows), np.int32)
            levels = np.empty(rows, np.int32)
            if positions(body.data, *own, pages.missing[number], starts, rows, at, levels) < 0:
                raise Unread("positions")
            found.append(dict(zip(COLUMNS, map(list, columns(body.data, own, starts, at)), strict=True)))
    return found


def columns(data: Any, own: tuple[Any, Any], starts: Any, at: Any) -> Iterator[Iterator[object]]:
    """The cells of each column of a row group."""
    for place, name in enumerate(COLUMNS):
        page = next(
            page for page, column in enumerate(own[1]) if column == place and own[0][page, 0] == DICTIONARY
        )
        body, many = data[starts[page] : starts[page + 1]].tobytes(), int(own[0][page, 3])
        known = list(texts(body, many)) if name in TEXTS else np.frombuffer(body, np.int64).tolist()
        yield ([*known, None][position] for position in at[place].tolist())


@settings(max_examples=60, deadline=None)
@given(
    table=tables(),
    codec=st.sampled_from(["zstd", "snappy", "gzip"]),
    rows=st.sampled_from([7, 100, 10_000]),
    page=st.sampled_from([1, 64, 1 << 20]),
)
def test_pages_say_what_pyarrow_reads(table: pa.Table, codec: str, rows: int, page: int) -> None:
    data = written(table, compression=codec, row_group_size=rows, data_page_size=page, write_batch_size=8)
    for number, columns in enumerate(read(data)):
        part = table.slice(number * rows, rows)
        for name, cells in columns.items():
            assert cells == part.column(name).to_pylist(), name


@pytest.mark.parametrize(
    "options",
    [
        {"use_dictionary": False},
        {"dictionary_pagesize_limit": 64, "write_batch_size": 100},
        {"compression": "none"},
        {"data_page_version": "2.0"},
    ],
)
def test_pages_of_another_kind_are_left_to_pyarrow(options: dict[str, Any]) -> None:
    columns: dict[str, list[Any]] = {name: [f"{name}{row % 3}" for row in range(900)] for name in TEXTS}
    columns |= {name: [row * 11 for row in range(900)] for name in WHOLES}
    with pytest.raises(Unread):
        read(written(pa.table(columns), **options))


def test_a_file_without_a_column_is_left_to_pyarrow() -> None:
    with pytest.raises(Unread):
        read(written(pa.table({"indicator": ["a"], "value": [1]})))


def test_a_missing_unit_is_left_to_pyarrow() -> None:
    columns: dict[str, list[Any]] = {name: [name, name] for name in TEXTS} | {name: [1, 2] for name in WHOLES}
    columns["unit"] = ["a", None]
    with pytest.raises(Unread):
        read(written(pa.table(columns)))


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_block_from_pages_is_the_block_from_columns(data: st.DataObject, close_small: CloseSmall) -> None:
    units = data.draw(trees())
    rows = {row[:5]: (*row[:6], 1, *row[7:]) for row in data.draw(observations(units))}  # of one vintage
    closing = close_small(units, list(rows.values()))
    ours, theirs = (block_of(closing, kernel_name=name) for name in ("numba", "numpy"))
    assert ours.frame == theirs.frame
    for role in ROLES:
        one, two = ours.planes[role], theirs.planes[role]
        assert one.reach == two.reach
        assert [each and bytes(each) for each in one.own] == [each and bytes(each) for each in two.own]
        assert bytes(one.sums) == bytes(two.sums)
        assert bytes(one.counts) == bytes(two.counts)


def test_years_told_as_text_are_left_to_pyarrow() -> None:
    columns: dict[str, list[Any]] = {name: [name] for name in (*TEXTS, "year")} | {"month": [1], "value": [2]}
    with pytest.raises(Unread):
        read(written(pa.table(columns)))
