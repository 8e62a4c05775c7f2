"""A relation written as it comes is, byte for byte, the relation written whole; a closing takes it as a file."""

import io
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.figures.bulk_layout import Batch, OrderedWriter, Ready, write_ordered
from shuzhi.figures.closing import open_closing, verify_closing, write_closing
from shuzhi.figures.layout import ARROW, Cell, Column, Relation, encode, file_of
from shuzhi.kernel.catalogue.definitions import Catalogue

COLUMNS = (Column("unit", "text"), Column("year", "whole"), Column("value", "whole"), Column("day", "date"))


def ordered(rows: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    return sorted(rows, key=lambda row: tuple((True, "") if cell is None else (False, cell) for cell in row))


def batches(rows: list[tuple[Cell, ...]], sizes: list[int], *, coded: bool) -> list[Batch]:
    names = [column.name for column in COLUMNS]
    made: list[Batch] = []
    start = 0
    while start < len(rows):
        size = sizes[len(made) % len(sizes)]
        part = rows[start : start + size]
        arrays = [
            pa.array([row[at] for row in part], ARROW[column.type]) for at, column in enumerate(COLUMNS)
        ]
        if coded:
            arrays[0] = arrays[0].dictionary_encode()
        made.append(pa.table(arrays, names=names))
        start += size
    return made


def streamed(rows: list[tuple[Cell, ...]], sizes: list[int], *, coded: bool = False) -> bytes:
    sink = io.BytesIO()
    with OrderedWriter(sink, "observation", COLUMNS) as writer:
        for batch in batches(rows, sizes, coded=coded):
            writer.write(batch)
    assert writer.rows == len(rows)
    return sink.getvalue()


cells = st.tuples(
    st.one_of(st.none(), st.text(max_size=3)),
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    st.one_of(st.none(), st.integers(-5, 5)),
    st.one_of(st.none(), st.dates()),
)


@given(st.lists(cells, max_size=60), st.lists(st.integers(1, 20), min_size=1, max_size=4), st.booleans())
@settings(deadline=None)
def test_whatever_the_batches_the_bytes_are_those_of_encode(
    rows: list[tuple[Cell, ...]], sizes: list[int], coded: bool
) -> None:
    assert streamed(ordered(rows), sizes, coded=coded) == encode(Relation("observation", COLUMNS, rows))[0]


@pytest.mark.parametrize("count", [65_535, 65_536, 65_537, 200_000])
@pytest.mark.parametrize("size", [1_000, 65_536, 70_001])
def test_row_groups_are_cut_where_encode_cuts_them(count: int, size: int) -> None:
    rows: list[tuple[Cell, ...]] = [
        (f"{n // 300:06d}", n, None if n % 7 == 0 else n * 37 % 1009, date(2025, 1, 1 + n % 28))
        for n in range(count)
    ]
    assert streamed(rows, [size]) == encode(Relation("observation", COLUMNS, rows))[0]


def test_a_batch_of_other_columns_is_refused() -> None:
    with (
        OrderedWriter(io.BytesIO(), "observation", COLUMNS) as writer,
        pytest.raises(ValueError, match="columns"),
    ):
        writer.write(pa.table({"unit": ["a"]}))


def test_a_closing_takes_a_file_that_lies_ready(tmp_path: Path, catalogue: Catalogue) -> None:
    rows: list[tuple[Cell, ...]] = [("a", 2025, 1, None), ("b", 2025, None, None)]
    ready = write_ordered(tmp_path / "draft", "observation", COLUMNS, batches(rows, [1], coded=False))

    def written(folder: str, relation: Relation | Ready) -> str:
        closing = write_closing(
            tmp_path / folder,
            unit_code="990100",
            unit_name="梅岭县",
            as_of=date(2025, 12, 31),
            catalogue=catalogue,
            relations=[relation],
        )
        assert verify_closing(closing.path) == []
        return closing.id

    whole = written("one", Relation("observation", COLUMNS, rows))
    assert written("two", ready) == whole
    first = open_closing(next(item for item in (tmp_path / "one").iterdir() if item.name != "store"))
    table = first.tables["observation"]
    again = Ready("observation", COLUMNS, first.path / file_of("observation"), table.rows, table.digest)
    assert written("three", again) == whole
