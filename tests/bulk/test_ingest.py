"""A file of observations goes into a closing whole, or every line that keeps it out is told."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from shuzhi.bulk.ingest import Ingested, examine, ingest
from shuzhi.bulk.readers import KERNEL
from shuzhi.figures.closing import Cell, Closing, Relation, open_closing, verify_closing, write_closing
from shuzhi.figures.layout import encode
from shuzhi.figures.observed import OBSERVATION_COLUMNS as OBSERVATION
from shuzhi.figures.tree import UNIT_COLUMNS as UNIT
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.chain import digest
from shuzhi.kernel.finding import Refused
from tests.bulk.conftest import Close
from tests.bulk.county import UNITS

Put = Callable[..., Path]
HEAD = "指标,单位,年份,月份,数值,类型,状态,说明\n"
DAY = date(2026, 1, 5)


@pytest.fixture(params=["plain", "numba"], autouse=True)
def _kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test holds whichever reader reads."""
    if request.param == "numba":
        pytest.importorskip("numba")
    monkeypatch.setenv(KERNEL, request.param)


def brought(closing: Closing, path: Path, by: str = "system") -> Ingested:
    return ingest(path, closing, by=by, day=DAY, out=path.parent / "out")


def told(done: Ingested) -> list[tuple[int, str, str]]:
    return [(slip.line, slip.column, slip.id) for slip in done.slips.ordered()]


def rows_of(done: Ingested) -> list[tuple[Cell, ...]]:
    assert done.closing is not None, told(done)
    assert verify_closing(done.closing.path) == []
    table = done.closing.tables["observation"]
    rows = [tuple(row.values()) for row in pq.read_table(done.closing.file("observation")).to_pylist()]
    assert table.digest == digest(encode(Relation("observation", OBSERVATION, rows))[0])
    assert table.rows == len(rows)
    return rows


GOOD = HEAD + (
    "revenue,990100,2025,3,12.34,,,\n"
    "一般公共预算收入,990100001000,2025,3,1.5,实际,决算,\n"
    '财政收入,青溪镇,2025年,4月,"1,234.5",,快报,"补报,含一季度"\n'
    "share,990100001001,2025,12,５０．２５,,,\n"
    "people,990100,2025,12,345678,目标,,\n"
    "people,990100002000,2025,12,,,,年报未出\n"
    "people,990100001001,2025,12,-3,预计,决算,\n"
    "\n"
)
KEPT: list[tuple[Cell, ...]] = [
    ("people", "990100", 2025, 12, "target", "", 1, 345678, ""),
    ("people", "990100001001", 2025, 12, "forecast", "预计", 1, -3, ""),
    ("people", "990100002000", 2025, 12, "actual", "快报", 1, None, "年报未出"),
    ("revenue", "990100", 2025, 3, "actual", "快报", 1, 123400000000, ""),
    ("revenue", "990100001000", 2025, 3, "actual", "决算", 1, 15000000000, ""),
    ("revenue", "990100001000", 2025, 4, "actual", "快报", 1, 12345000000000, "补报,含一季度"),
    ("share", "990100001001", 2025, 12, "actual", "快报", 1, 502500, ""),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_right_goes_into_the_relation(empty: Closing, put: Put, encoding: str, end: str) -> None:
    done = brought(empty, put(GOOD.replace("\n", end), encoding=encoding))
    assert rows_of(done) == KEPT
    assert (done.records, done.new, done.known) == (7, 7, 0)
    assert done.closing is not None
    source = pq.read_table(done.closing.file("ingest")).to_pylist()
    assert [(row["day"], row["by"], row["rows"]) for row in source] == [(DAY, "system", 7)]
    assert set(done.closing.tables) == {*empty.tables, "ingest"}


def test_tabs_and_names_of_the_closing_will_do(empty: Closing, put: Put) -> None:
    text = "unit\tindicator\tyear\tmonth\tvalue\n990100\trevenue\t2025\t3\t1,234.5\n"
    assert rows_of(brought(empty, put(text, "数据.txt")))[0][:4] == ("revenue", "990100", 2025, 3)


def test_a_column_a_month_is_read_month_by_month(empty: Closing, put: Put) -> None:
    text = "指标,单位,年份,1月,2月,m03\nrevenue,990100,2025,1,—,3\nshare,990100,2025,,50,\n"
    rows = rows_of(brought(empty, put(text)))
    assert [(row[0], row[3], row[7]) for row in rows] == [
        ("revenue", 1, 10000000000),
        ("revenue", 3, 30000000000),
        ("share", 2, 500000),
    ]
    text = "指标,单位,2024年12月,2025-01\nrevenue,990100,9,1\n"
    assert [row[2:4] for row in rows_of(brought(empty, put(text, "b.csv")))] == [(2024, 12), (2025, 1)]


@pytest.mark.parametrize(
    ("line", "column", "id_"),
    [
        ("revenu,990100,2025,3,1,,,", "指标", "ingest.indicator"),
        (",990100,2025,3,1,,,", "指标", "ingest.empty"),
        ("revenue,990199,2025,3,1,,,", "单位", "ingest.unit"),
        ("revenue,上河村,2025,3,1,,,", "单位", "ingest.unit"),
        ("revenue,990100,25,3,1,,,", "年份", "indicator.period"),
        ("revenue,990100,2025,13,1,,,", "月份", "indicator.period"),
        ("revenue,990100,2025,三,1,,,", "月份", "indicator.period"),
        ("output,990100,2025,4,1,,,", "月份", "indicator.frequency"),
        ("retail,990100,2025,1,1,,,", "月份", "indicator.frequency"),
        ("output,990100,2026,3,1,目标,,", "年份", "indicator.ended"),
        ("revenue,990100,2026,1,1,,,", "月份", "indicator.future"),
        ("double,990100,2025,3,1,,,", "指标", "indicator.computed"),
        ("revenue,990100001002,2025,6,1,,,", "单位", "ingest.unit-gone"),
        ("revenue,990100002000,2024,6,1,,,", "单位", "ingest.unit-gone"),
        ("revenue,990100,2025,3,一亿,,,", "数值", "indicator.number"),
        ("revenue,990100,2025,3,1亿元,,,", "数值", "indicator.number"),
        ("revenue,990100,2025,3,1e3,,,", "数值", "indicator.number"),
        ('revenue,990100,2025,3,"1,23",,,', "数值", "indicator.number"),
        ("people,990100,2025,12,1.5,,,", "数值", "ingest.places"),
        ("revenue,990100,2025,3,1.00000000001,,,", "数值", "ingest.places"),
        ("revenue,990100,2025,3,999999999999,,,", "数值", "ingest.large"),
        ("share,990100,2025,3,-0.0001,,,", "数值", "indicator.R01"),
        ("place,990100,2025,12,3,,,", "数值", "indicator.O02"),
        ("revenue,990100,2025,3,,,,", "数值", "indicator.empty"),
        ("revenue,990100,2025,3,1,草稿,,", "类型", "indicator.role"),
        ("revenue,990100,2025,3,1,,草稿,", "状态", "indicator.status"),
        ("revenue,990100,2025,3,1,,," + "长" * 301, "说明", "ingest.reason"),
        ("revenue,990100,2025,3,1", "", "ingest.columns"),
        ("revenue,990100,2025,3,1,2,,,", "", "ingest.columns"),
        ('revenue,990100,2025,3,"1,,,', "", "ingest.quote"),
    ],
)
def test_a_line_that_is_wrong_is_named_and_nothing_is_loaded(
    empty: Closing, put: Put, tmp_path: Path, line: str, column: str, id_: str
) -> None:
    done = brought(empty, put(GOOD + line + "\n"))
    assert told(done) == [(10, column, id_)]
    assert done.closing is None
    assert [item.name for item in (tmp_path / "out").iterdir()] == ["store"]


def test_all_that_is_wrong_with_a_line_is_told_together(empty: Closing, put: Put) -> None:
    done = brought(empty, put(HEAD + "nothing,nowhere,2025,15,x,,,\nrevenue,990100,2025,3,1,,,\n"))
    assert [item[1] for item in told(done)] == ["单位", "指标", "月份"]


def test_bytes_of_no_encoding_are_told(empty: Closing, put: Put) -> None:
    done = brought(empty, put(GOOD.encode() + b"revenue,\xff\xfe,2025,3,1,,,\n"))
    assert told(done)[0] == (10, "", "ingest.encoding")


def test_the_month_of_the_closing_may_be_reported_and_later_ones_be_planned(
    catalogue: Catalogue, put: Put, tmp_path: Path
) -> None:
    closing = write_closing(
        tmp_path / "may",
        unit_code="990100",
        unit_name="梅岭县",
        as_of=date(2025, 5, 10),
        catalogue=catalogue,
        relations=[Relation("unit", UNIT, UNITS)],
    )
    lines = "revenue,990100,2025,5,1,,,\nrevenue,990100,2025,6,1,目标,,\nrevenue,990100,2026,1,1,预计,,\n"
    assert told(examine(put(HEAD + lines), closing, by="system", beside=tmp_path)) == []
    late = examine(put(HEAD + lines + "revenue,990100,2025,6,1,,,\n"), closing, by="system", beside=tmp_path)
    assert told(late) == [(5, "月份", "indicator.future")]
    assert late.slips.errors[0].message == "2025年6月还没有到（本次结账截至2025-05-10），没有实际数"


def test_a_period_is_written_once(empty: Closing, put: Put) -> None:
    done = brought(
        empty, put(HEAD + "revenue,990100,2025,3,1,,快报,\n" * 2 + "财政收入,梅岭县,2025,3,2,,决算,\n")
    )
    assert told(done) == [(3, "数值", "ingest.twice"), (4, "数值", "ingest.twice")]
    assert "第2行" in done.slips.errors[0].message


@pytest.mark.parametrize(
    "lines",
    [
        "revenue,990100,2025,3,1,,快报,\n" * 2 + "财政收入,梅岭县,2025,3,2,,决算,\n",
        "revenue,990100,2025,3,1,,初步核算,\npeople,990100,2025,12,300,目标,,\nrevenue,990100,2025,5,1,,,\n",
        "revenue,990100,2025,4,1,,,\nrevenue,990100,2025,4,1,,,\nrevenue,990100,2025,13,1,,,\n",
        "revenue,990100,2025,5,1,,,\nshare,990100,2025,5,95,,,\n",
    ],
)
def test_looking_only_tells_what_loading_tells(
    empty: Closing, close: Close, put: Put, tmp_path: Path, lines: str
) -> None:
    for closing in (empty, close(OLD)):
        path = put(HEAD + lines)
        looked = examine(path, closing, by="system", beside=tmp_path)
        done = brought(closing, path)
        assert (told(looked), looked.records) == (told(done), done.records)
        if done.fit:
            assert (looked.new, looked.known) == (done.new, done.known)


def test_an_unusual_value_is_worth_a_word_and_goes_in(empty: Closing, put: Put) -> None:
    done = brought(empty, put(HEAD + "revenue,990100,2025,3,123400,,,\nshare,990100,2025,3,95,,,\n"))
    assert [item[2] for item in told(done)] == ["indicator.unusual", "indicator.R02"]
    assert len(rows_of(done)) == 2


OLD: list[tuple[Cell, ...]] = [
    ("people", "990100", 2025, 12, "target", "", 1, 100, ""),
    ("people", "990100", 2025, 12, "target", "", 2, 200, ""),
    ("revenue", "990100", 2025, 3, "actual", "快报", 1, 10, ""),
    ("revenue", "990100", 2025, 3, "actual", "决算", 2, 12, ""),
    ("revenue", "990100", 2025, 4, "actual", "快报", 1, None, "未出"),
    ("share", "990100009999", 2020, 4, "actual", "快报", 1, 7, ""),
    ("gone", "990100", 2020, 4, "actual", None, 1, 7, None),
]


def test_what_the_closing_holds_is_left_or_followed_by_the_next_vintage(close: Close, put: Put) -> None:
    lines = (
        "revenue,990100,2025,3,0.0000000010,,快报,\n"  # stood before a later status: an old file again
        "revenue,990100,2025,4,1,,,\n"  # was missing
        "people,990100,2025,12,100,目标,,\n"  # stood before a decision
        "revenue,990100001000,2025,3,1,,,\n"
    )
    done = brought(close(OLD), put(HEAD + lines))
    fresh = [row for row in rows_of(done) if row not in OLD]
    assert fresh == [
        ("revenue", "990100", 2025, 4, "actual", "快报", 2, 10000000000, ""),
        ("revenue", "990100001000", 2025, 3, "actual", "快报", 1, 10000000000, ""),
    ]
    assert (done.new, done.known) == (2, 2)


def test_what_may_not_be_changed_is_told(close: Close, put: Put) -> None:
    lines = "revenue,990100,2025,3,1,,初步核算,\npeople,990100,2025,12,300,目标,,\n"
    done = brought(close(OLD), put(HEAD + lines))
    assert told(done) == [(2, "数值", "indicator.status-back"), (3, "数值", "indicator.target-fixed")]


def test_the_same_file_again_is_no_new_closing(empty: Closing, put: Put) -> None:
    path = put(GOOD)
    first = brought(empty, path)
    assert first.closing is not None
    again = brought(open_closing(first.closing.path), path)
    assert (again.closing, again.new, again.known, told(again)) == (None, 0, 7, [])


@pytest.mark.parametrize(
    ("by", "line", "may"),
    [
        ("tongji", "people,990100001001,2025,12,5,,,", True),
        ("tongji", "revenue,990100,2025,3,5,,,", False),
        ("zhen", "people,990100001001,2025,12,5,,,", True),
        ("zhen", "people,990100002001,2025,12,5,,,", False),
        ("caizheng", "revenue,990100,2025,3,5,,,", True),
        ("caizheng", "revenue,990100001000,2025,3,5,,,", False),
        ("zhang", "people,990100,2025,12,5,目标,,", True),
        ("zhang", "people,990100,2025,12,5,,,", False),
    ],
)
def test_only_the_post_with_the_duty_brings_its_own(
    empty: Closing, put: Put, tmp_path: Path, by: str, line: str, may: bool
) -> None:
    done = examine(put(HEAD + line + "\n"), empty, by=by, beside=tmp_path)
    assert [slip.id for slip in done.slips.errors] == ([] if may else ["indicator.right"])


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("", "ingest.nothing"),
        ("指标,单位\nrevenue,990100\n", "ingest.heading"),
        ("指标,单位,1月\nrevenue,990100,1\n", "ingest.heading"),
        ("指标,指标代码,单位,年份,月份,数值\n", "ingest.heading-twice"),
    ],
)
def test_a_file_without_its_columns_is_refused(empty: Closing, put: Put, text: str, id_: str) -> None:
    with pytest.raises(Refused) as refused:
        brought(empty, put(text))
    assert {finding.id for finding in refused.value.findings} == {id_}


def test_a_post_the_closing_does_not_know_is_refused(empty: Closing, put: Put) -> None:
    with pytest.raises(Refused, match="nobody"):
        brought(empty, put(GOOD), by="nobody")
