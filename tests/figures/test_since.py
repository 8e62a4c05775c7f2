"""Why a figure is another one over later books: each reason told with its refs, and nothing told where nothing moved."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Cell, Closing, Relation, write_closing
from shuzhi.figures.compute import worked
from shuzhi.figures.signed.sides import Books, Change, Sides
from shuzhi.figures.signed.since import changes, stands
from shuzhi.kernel.catalogue.load import load_texts
from tests.figures.county import BOOKS, COLUMNS, DANGERS, LINES, OBSERVATIONS, UNITS, YI, danger, seen, texts

Rows = Sequence[Sequence[Cell]]


def closed(
    folder: Path,
    told: Mapping[str, str] | None = None,
    as_of: date = date(2025, 12, 31),
    more: Mapping[str, Rows] | None = None,
    **books: Rows,
) -> Closing:
    """The small county, with some relations of other rows and perhaps other definitions."""
    return write_closing(
        folder,
        unit_code="990100",
        unit_name="明澜县",
        as_of=as_of,
        catalogue=load_texts(dict(told or texts())).catalogue,
        relations=[
            Relation(name, COLUMNS[name], rows) for name, rows in {**BOOKS, **(more or {}), **books}.items()
        ],
    )


def why(ask: Ask, before: Closing, after: Closing, *, bare: frozenset[str] = frozenset()) -> list[Change]:
    """The reasons."""
    one, two = worked([ask], [before])[0], worked([ask], [after])[0]
    return changes(one, two, Sides(Books(before, bare=bare), Books(after, bare=bare)))


def said(ask: Ask, before: Closing, after: Closing) -> list[str]:
    """The reasons in words."""
    return [change.said for change in why(ask, before, after)]


def test_where_nothing_moved_nothing_is_told(tmp_path: Path) -> None:
    before, after = closed(tmp_path), closed(tmp_path, danger=[*DANGERS, danger(9, date(2023, 1, 1))])
    ask = Ask("count danger in year")  # the new one is of another year
    one, two = worked([ask], [before])[0], worked([ask], [after])[0]
    assert stands(one, two, Sides(Books(before), Books(after)))
    assert said(ask, before, after) == []


def test_every_vintage_since_is_told_in_order(tmp_path: Path) -> None:
    later = [
        seen("revenue", 2025, 11, 116 * YI // 10, vintage=3, status="初步核算", reason="漏报补记"),
        seen("revenue", 2025, 11, 114 * YI // 10, vintage=4, status="决算", reason="决算批复"),
    ]
    before, after = closed(tmp_path), closed(tmp_path, observation=[*OBSERVATIONS, *later])
    assert said(Ask("revenue", month=11), before, after) == [
        "明澜县2025年11月一般公共预算收入第3版：11.5亿元（初步核算） → 11.6亿元（初步核算），理由：漏报补记",
        "明澜县2025年11月一般公共预算收入第4版：11.6亿元（初步核算） → 11.4亿元（决算），理由：决算批复",
    ]
    refs = [change.refs for change in why(Ask("revenue", month=11), before, after)]
    assert refs == [(f"observation/revenue/990100/2025-11/actual/{vintage}",) for vintage in (3, 4)]


def test_a_rate_tells_which_of_its_parts_moved(tmp_path: Path) -> None:
    later = [*OBSERVATIONS, seen("revenue", 2025, 12, 13 * YI, role="target", status="", vintage=2)]
    before, after = closed(tmp_path), closed(tmp_path, observation=later)
    assert said(Ask("revenue.completion"), before, after) == [
        "明澜县2025年一般公共预算收入第2版：12.5亿元（目标） → 13亿元（目标）"
    ]


def test_a_value_withdrawn_is_told_as_missing(tmp_path: Path) -> None:
    later = [*OBSERVATIONS, seen("revenue", 2025, 11, None, vintage=3, reason="数据有误，暂撤")]
    before, after = closed(tmp_path), closed(tmp_path, observation=later)
    assert said(Ask("revenue", month=11), before, after)[0].endswith("→ 缺，理由：数据有误，暂撤")


def test_rows_added_withdrawn_and_corrected_are_told_apart(tmp_path: Path) -> None:
    rows = [
        *(row for row in DANGERS if row[0] != "matter/2025-0003"),
        danger(6, date(2025, 11, 1), level="镇级", cost=5_000_000),
    ]
    rows[0] = danger(1, date(2025, 2, 1), level="县级", cost=40_000_000, seen=True)
    before, after = closed(tmp_path), closed(tmp_path, danger=rows)
    assert said(Ask("sum cost of danger in year"), before, after) == [
        "隐患新登记1条（matter/2025-0006）",
        "隐患已撤销1条（matter/2025-0003）",
        "隐患更正1条（matter/2025-0001：整改费用 30万元 → 40万元）",
    ]


def test_lines_of_a_record_are_told_by_their_record(tmp_path: Path) -> None:
    rows = [*LINES[1:], ("record/2025-0002", 3, "DJ-2", "二季度", "990100", date(2025, 6, 1), "丁厂", 1)]
    before, after = closed(tmp_path), closed(tmp_path, more={"meeting.rows": rows})
    reasons = why(Ask("sum loan of meeting.rows"), before, after)
    assert [(change.what, change.refs) for change in reasons] == [
        ("record", ("record/2025-0002",)),
        ("record", ("record/2025-0001",)),
    ]


def test_of_a_ledger_that_may_not_be_shown_only_totals_are_told(tmp_path: Path) -> None:
    before, after = closed(tmp_path), closed(tmp_path, danger=DANGERS[1:])
    ask, bare = Ask("count danger in year"), frozenset({"danger"})
    assert [change.said for change in why(ask, before, after, bare=bare)] == [
        "隐患（不列明细）：当时3条，现在2条"
    ]
    told = texts()
    told["kinds/danger.toml"] = told["kinds/danger.toml"].replace(
        'shape = "', 'visibility = "restricted"\nshape = "', 1
    )
    guarded = closed(tmp_path, told, danger=DANGERS[1:])
    assert all(not change.refs for change in why(ask, before, guarded))


def test_both_formulas_are_told_when_a_definition_changed(tmp_path: Path) -> None:
    told = texts()
    told["kinds/danger.toml"] = told["kinds/danger.toml"].replace(
        '"count danger in year"', "\"count danger where level != '镇级' in year\""
    )
    reasons = said(Ask("danger.listed"), closed(tmp_path), closed(tmp_path, told))
    assert reasons[0].startswith("“隐患数”的口径改了：当时“")
    assert "镇级" in reasons[0].partition("现在")[2]


@pytest.mark.parametrize(
    ("was", "is_", "expected"),
    [
        ('rollup = "wmean:residents"', 'rollup = "sum"', "“人均可支配收入”的合计方式改了：当时wmean:residents，现在sum"),
        ('values = [{ from = 2024-01-01, value = "50" }', 'values = [{ from = 2024-01-01, value = "60" }', "参数“大额整改费用”改了"),
    ],
)  # fmt: skip
def test_conventions_and_parameters_are_told(tmp_path: Path, was: str, is_: str, expected: str) -> None:
    told = {path: text.replace(was, is_) for path, text in texts().items()}
    ask = Ask("income") if "rollup" in was else Ask("count danger where cost > param('dear')")
    reasons = said(ask, closed(tmp_path), closed(tmp_path, told))
    assert any(reason.startswith(expected) for reason in reasons)


def test_a_figure_the_definitions_no_longer_have_is_told(tmp_path: Path) -> None:
    told = texts()
    told["kinds/danger.toml"] = told["kinds/danger.toml"].replace('code = "listed"', 'code = "counted"')
    reasons = why(Ask("danger.listed"), closed(tmp_path), closed(tmp_path, told))
    assert reasons[0].what == "definition"
    assert reasons[0].said.startswith("现在的目录算不了这个数")


def test_books_closed_on_a_later_day_say_so(tmp_path: Path) -> None:
    early = closed(tmp_path, as_of=date(2025, 3, 1))
    assert said(Ask("count danger in year", year=2025), early, closed(tmp_path))[0] == (
        "当时账只结到2025-03-01，现在算到2025-12-31"
    )


MERGED = (
    *UNITS[:3],
    ("990102", "白渡镇", "township", "990101", None, date(2025, 9, 30), 4, 4),
    *UNITS[4:],
)
STEP = ("990102", "990101", date(2025, 9, 30), True, "民政批〔2025〕3号")


def test_a_merger_of_units_is_told_with_its_document(tmp_path: Path) -> None:
    units = [(*row[:7], 4) if row[0] == "990101" else row for row in MERGED]
    before = closed(tmp_path)
    after = closed(tmp_path, unit=units, succession=[STEP], unit_place=[])
    reasons = why(Ask("count danger", unit="990101"), before, after)
    units_told = [change for change in reasons if change.what == "unit"]
    assert units_told[0].said == (
        "区划变了：2025-09-30白渡镇并入青石镇（民政批〔2025〕3号），历史按现在的区划追溯"
    )
    assert units_told[0].refs == ("990102", "990101")


def test_a_unit_that_is_gone_is_told(tmp_path: Path) -> None:
    after = closed(tmp_path, unit=[row for row in UNITS if row[0] != "990102"])
    reasons = why(Ask("count danger", unit="990102"), closed(tmp_path), after)
    assert ("unit", "单位“白渡镇”已经没有了") in [(change.what, change.said) for change in reasons]
