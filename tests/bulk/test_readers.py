"""However a file is read, its records and its slips are the same: plainly, by the compiled loops, from Parquet or Excel."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.bulk.books import STATUS_BITS, Books, books_of, pack
from shuzhi.bulk.heap import SCHEMA, Heap, arranged, table_of
from shuzhi.bulk.ingest import examine
from shuzhi.bulk.readers import KERNEL, PlainText, Reader, reader_of
from shuzhi.bulk.slips import Enough, Slip, Slips
from shuzhi.bulk.text import open_text
from shuzhi.figures.closing import Closing
from shuzhi.kernel.finding import Refused

HEAD = ["指标", "单位", "年份", "月份", "数值", "类型", "状态", "说明"]
Told = tuple[list[tuple[int | str, ...]], list[Slip]]


@pytest.fixture(scope="session")
def books(empty: Closing) -> Books:
    return books_of(empty)


@pytest.fixture(scope="session")
def town(empty: Closing) -> Books:
    return books_of(empty, "zhen")


def read(reader: Reader, enough: int = 100_000) -> Told:
    """The records with their remarks, and the slips."""
    tables: list[pa.Table] = []
    slips = Slips(enough)
    try:
        reader.read(tables.append, slips, lambda *_: None)
    except Enough:
        return [], slips.ordered()
    rows = pa.concat_tables(tables or [SCHEMA.empty_table()]).to_pylist()
    records = [
        (row["key"], row["value"], reader.remarks[row["note"] >> 1], row["note"] & 1, row["line"])
        for row in rows
    ]
    return sorted(records), slips.ordered()


def plain(path: Path, books: Books, enough: int = 100_000) -> Told:
    with open_text(path) as text:
        return read(PlainText(text, books), enough)


def fast(path: Path, books: Books, part: int, enough: int = 100_000) -> Told:
    from shuzhi.bulk.fast import FastText

    with open_text(path) as text:
        return read(FastText(text, books, part=part), enough)


def one_of(good: Iterable[str], bad: Iterable[str]) -> st.SearchStrategy[str]:
    """Mostly what is right."""
    return st.one_of(st.sampled_from([*good]), st.sampled_from([*good]), st.sampled_from([*good, *bad]))


LINES = st.tuples(
    one_of(
        ["revenue", "people", "share", "output", "财政收入", "GDP", "retail"],
        ["place", "double", "", "revenu", " revenue", "revenue ", '"revenue"', "收入\u3000", "ｒ"],
    ),
    one_of(
        ["990100", "990100001000", "990100001001", "青溪镇"],
        ["990100001002", "990100002000", "上河村", "", "99010", "9901000", "990100\u3000", '"990100"', '"9901'],
    ),
    one_of(["2025", "2024"], ["2026", "1899", "2201", "25", "２０２５", "2025年", "20250", "", "x", "2025.0"]),
    one_of(["12", "6", "3", "03"], ["1", "5", "0", "13", "12月", "１２", "", "-1", "3.0", "012"]),
    st.one_of(
        st.decimals(-200, 10**7, places=2).map(str),
        st.decimals(0, 100, places=4).map(str),
        st.integers(-(10**20), 10**20).map(str),
        st.sampled_from(
            [
                "", "+3", "1.", ".5", "1.50", "12.000000000000", "0.0000000001", "1,234", '"1,234.5"', "１２．５", "1e3", "n/a", "-",
                "9223372036854775807", "-0", "00012", "1 2", " 7 ", "12元", "--3", "90.5", "100", "1.2.3", "922337203.68547758",
            ]
        ),
    ),
    one_of(["", "实际", "目标", "预计", "actual"], ["草稿", " 目标", "Target", '""']),
    one_of(["", "快报", "决算", "预计"], ["草稿", "快 报", "决算 "]),
    one_of([""], ["补报", '"甲,乙"', '"甲""乙"', '"不完', "长" * 301, "\u3000"]),
).map(list)  # fmt: skip


@given(
    st.lists(LINES, max_size=12),
    st.tuples(
        st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
        st.sampled_from(["\n", "\r\n"]),
        st.sampled_from([",", "\t"]),
        st.booleans(),
    ),
    st.tuples(st.integers(1, 400), st.integers(1, 6)),
    st.binary(max_size=3),
)
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_compiled_reader_says_what_the_plain_one_says(
    tmp_path: Path,
    books: Books,
    town: Books,
    lines: list[list[str]],
    form: tuple[str, str, str, bool],
    cut: tuple[int, int],
    noise: bytes,
) -> None:
    pytest.importorskip("numba")
    (encoding, end, separator, closed), (part, enough) = form, cut
    text = end.join(separator.join(line) for line in [HEAD, *lines]) + (end if closed else "")
    data = text.encode(encoding)
    path = tmp_path / "数据.csv"
    for tail in (b"", noise):
        path.write_bytes(data + tail)
        if not lines and tail:
            continue  # bytes behind the heading may be a heading that cannot be read
        for known in (books, town):
            assert fast(path, known, part) == plain(path, known)
            assert fast(path, known, part, enough) == plain(path, known, enough)


@given(
    st.permutations(range(4)),
    st.lists(LINES.map(lambda line: [*line[:5], "不读"]), max_size=8),
    st.integers(30, 300),
)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_columns_may_stand_in_any_order_beside_others(
    tmp_path: Path, books: Books, order: list[int], lines: list[list[str]], part: int
) -> None:
    pytest.importorskip("numba")
    places = [*order, 5, 4]
    heading = [*HEAD[:5], "备查"]
    path = tmp_path / "数据.csv"
    path.write_text(
        "\n".join(",".join(line[at] for at in places) for line in [heading, *lines]), encoding="utf-8"
    )
    assert fast(path, books, part) == plain(path, books)


# --- Parquet and Excel ------------------------------------------------------------------------------------------------


def shorn(told: Told) -> Told:
    """Without line numbers, which count rows in one file and lines in another."""
    records, slips = told
    return (
        sorted(record[:4] for record in records),
        sorted(Slip(0, slip.column, slip.id, slip.message, slip.hint, slip.severity) for slip in slips),
    )


def bare(lines: list[list[str]]) -> list[list[str]]:
    """Cells as a table holds them: no quotes, no bytes."""
    return [[cell.strip('"').replace('""', '"') for cell in line] for line in lines]


def quoted(path: Path, lines: list[list[str]]) -> Path:
    text = "\n".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in [HEAD, *lines]
    )
    path.write_text(text + "\n", encoding="utf-8")
    return path


@given(st.lists(LINES, max_size=12))
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parquet_says_what_the_same_lines_say(
    tmp_path: Path, books: Books, town: Books, lines: list[list[str]]
) -> None:
    cells = bare(lines)
    path = tmp_path / "数据.parquet"
    columns = {name: pa.array([row[at] for row in cells], pa.string()) for at, name in enumerate(HEAD)}
    pq.write_table(pa.table(columns), path)
    for known in (books, town):
        with reader_of(path, known) as reader:
            assert shorn(read(reader)) == shorn(plain(quoted(tmp_path / "数据.csv", cells), known))


@given(st.lists(LINES, max_size=6))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_sheet_says_what_the_same_lines_say(tmp_path: Path, books: Books, lines: list[list[str]]) -> None:
    cells = [[cell.strip() for cell in line] for line in bare(lines)]
    book = openpyxl.Workbook()
    for row in [HEAD, *cells]:
        book.worksheets[0].append(row)
    book.save(tmp_path / "数据.xlsx")
    with reader_of(tmp_path / "数据.xlsx", books) as reader:
        assert read(reader) == plain(quoted(tmp_path / "数据.csv", cells), books)


def test_numbers_of_every_type_are_read_exactly(tmp_path: Path, books: Books) -> None:
    typed = {
        "whole": pa.array([5, None, -7], pa.int32()),
        "decimal": pa.array([Decimal("5.00"), None, Decimal("-7.00")], pa.decimal128(10, 2)),
        "floating": pa.array([5.0, float("nan"), -7.0], pa.float64()),
        "text": pa.array(["5", "", "-7"]),
    }
    said = {
        "indicator": pa.array(["revenue"] * 3).dictionary_encode(),
        "unit": ["990100"] * 3,
        "year": pa.array([2025] * 3, pa.int16()),
        "month": pa.array([1, 2, 3], pa.int8()),
        "reason": [None, "未出", None],
    }
    found = set()
    for name, values in typed.items():
        pq.write_table(pa.table({**said, "value": values}), tmp_path / f"{name}.parquet")
        with reader_of(tmp_path / f"{name}.parquet", books) as reader:
            records, slips = read(reader)
        assert slips == []
        found.add(tuple(record[1] for record in records))
    assert found == {(50_000_000_000, 0, -70_000_000_000)}


def test_a_wide_parquet_file_is_read_month_by_month(tmp_path: Path, books: Books) -> None:
    table = pa.table(
        {
            "indicator": ["revenue", "share", "revenue"],
            "unit": ["990100"] * 2 + ["990199"],
            "year": [2025] * 3,
            "m01": [1.5, None, 3],
            "m02": [0.1, 101, 3],
        }
    )
    pq.write_table(table, tmp_path / "数据.parquet")
    with reader_of(tmp_path / "数据.parquet", books) as reader:
        records, slips = read(reader)
    assert [record[1] for record in records] == [15_000_000_000, 1_000_000_000]
    assert sorted((slip.line, slip.column, slip.id) for slip in slips) == [
        (2, "m02", "indicator.R01"),
        (2, "m02", "indicator.R02"),
        (3, "unit", "ingest.unit"),
    ]


@pytest.mark.parametrize("name", ["数据.xls", "数据.parquet", "数据.xlsx"])
def test_what_is_no_file_of_that_kind_is_refused(tmp_path: Path, empty: Closing, name: str) -> None:
    (tmp_path / name).write_bytes("不是".encode())
    with pytest.raises(Refused):
        examine(tmp_path / name, empty, by="system", beside=tmp_path)


def test_a_workbook_of_two_sheets_is_refused(tmp_path: Path, empty: Closing) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(HEAD)
    book.create_sheet().append(HEAD)
    book.save(tmp_path / "数据.xlsx")
    with pytest.raises(Refused, match="2张表"):
        examine(tmp_path / "数据.xlsx", empty, by="system", beside=tmp_path)


# --- order ------------------------------------------------------------------------------------------------------------

RECORDS = st.lists(
    st.tuples(
        st.integers(0, 6).map(lambda indicator: indicator << 42),
        st.integers(0, 40),
        st.integers(-(2**62), 2**62),
        st.integers(0, 9),
    ),
    max_size=80,
).map(lambda rows: [(key + low, value, note, at) for at, (key, low, value, note) in enumerate(rows)])


@given(RECORDS, st.integers(1, 30), st.integers(1, 10), st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_records_come_back_in_order_however_few_are_held(
    tmp_path: Path, rows: list[tuple[int, int, int, int]], run: int, block: int, compiled: bool
) -> None:
    arrange = arranged
    if compiled:
        pytest.importorskip("numba")
        from shuzhi.bulk import fast as compiled_way

        def arrange(table: pa.Table) -> pa.Table:
            return compiled_way.arranged(table, 7)

    heap = Heap(tmp_path, arrange, run=run, block=block)
    for start in range(0, len(rows), 3):
        heap.add(table_of(rows[start : start + 3]))
    blocks = list(heap.blocks())
    found = [tuple(row.values()) for table in blocks for row in table.to_pylist()]
    assert sorted(found) == sorted(rows)
    assert [row[0] for row in found] == sorted(row[0] for row in rows)
    periods = [{key >> 3 for key in table["key"].to_pylist()} for table in blocks]
    assert sum(map(len, periods)) == len(set().union(*periods))


@given(RECORDS, RECORDS, st.integers(1, 9), st.sampled_from([1 << 20, 16]))
@settings(deadline=None)
def test_marks_see_whatever_period_is_named_twice(
    books: Books,
    rows: list[tuple[int, int, int, int]],
    olds: list[tuple[int, int, int, int]],
    at: int,
    most: int,
) -> None:
    pytest.importorskip("numba")
    from shuzhi.bulk.fast import Marks

    def laid(records: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
        """The same numbers as periods of the county."""
        found = []
        for key, value, note, line in records:
            low = key & 63
            period = pack(key >> 42, low % 8, 2024 + low % 2, 1 + low % 12, low % 3, value % 3)
            found.append((period, value, note, line))
        return found

    def periods(records: list[tuple[int, int, int, int]]) -> list[int]:
        return [record[0] >> STATUS_BITS for record in records]

    new, old = laid(rows), laid(olds)
    marks = Marks(books, most)
    for start in range(0, len(new), at):
        marks.add(table_of(new[start : start + at]))
    if most > 16:
        assert marks.sound == (len(set(periods(new))) == len(new))
    elif marks.sound:
        assert len(set(periods(new))) == len(new)
    if marks.sound:
        assert marks.meets(table_of(old)) == bool(set(periods(new)) & set(periods(old)))


def test_small_files_do_without_the_compiled_reader(
    tmp_path: Path, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KERNEL, raising=False)
    (tmp_path / "a.csv").write_text("指标,单位,年份,月份,数值\n", encoding="utf-8")
    with reader_of(tmp_path / "a.csv", books) as reader:
        assert type(reader) is PlainText
