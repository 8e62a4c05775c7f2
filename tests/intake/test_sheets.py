"""Workbooks as offices keep them are read as a person reads them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest

from shuzhi.intake.columns import Form
from shuzhi.intake.sheets import Sheet, amount_text, read_workbook
from shuzhi.intake.template import Lists, template
from shuzhi.intake.values import Unreadable, day_of, half_width, quantity
from shuzhi.intake.xlsx import Cell, read_xlsx
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.kernel.measure import unit

Pen = Callable[..., bytes]


def only(data: bytes, known: Mapping[str, Form]) -> Sheet:
    book = read_workbook(data, known)
    assert [str(item) for item in book.findings] == []
    return book.sheets[0]


def ids(findings: list[Finding]) -> list[str]:
    return [item.id for item in findings]


def test_an_ugly_ledger_is_read_whole(ugly: bytes, known: Mapping[str, Form]) -> None:
    sheet = only(ugly, known)
    assert sheet.form.code == "orchard"
    assert [row.text("number") for row in sheet.rows] == ["G-1", "G-2", "G-3"]
    assert [row.text("unit") for row in sheet.rows] == ["甲镇", "甲镇", "乙镇"]
    assert [day_of(row.cells["opened"]) for row in sheet.rows] == [
        date(2024, 3, 1),
        date(2024, 3, 5),
        date(2024, 4, 1),
    ]
    assert sheet.rows[0].place("total") == "Sheet1!F6"


def test_a_unit_above_the_table_is_converted_and_one_in_the_heading_wins(
    ugly: bytes, known: Mapping[str, Form]
) -> None:
    sheet = only(ugly, known)
    assert amount_text(sheet, "total", sheet.rows[0].cells["total"]) == "1000"
    assert amount_text(sheet, "done", sheet.rows[0].cells["done"]) == "1234.5"
    assert amount_text(sheet, "done", sheet.rows[1].cells["done"]) == "86"


def test_a_total_that_does_not_add_up_is_told_and_never_loaded(
    ugly: bytes, known: Mapping[str, Form]
) -> None:
    totals = [item for item in only(ugly, known).findings if item.id == "intake.total"]
    assert [item.place for item in totals] == ["Sheet1!F10"]
    assert "1.5" in totals[0].message
    assert "1.55" in totals[0].message


def test_every_template_is_read_back_as_its_own_form(known: Mapping[str, Form]) -> None:
    row = ["G-9", "=HYPERLINK(1)", "甲镇", None, date(2025, 1, 2)]
    book = read_workbook(
        template(list(known.values()), Lists(units=["甲镇"], rows={"orchard": [row]})), known
    )
    assert [sheet.form.code for sheet in book.sheets] == list(known)
    assert {sheet.form.code: len(sheet.rows) for sheet in book.sheets if sheet.rows} == {"orchard": 1}
    taken = next(sheet for sheet in book.sheets if sheet.rows)
    assert taken.rows[0].text("title") == "=HYPERLINK(1)"
    assert day_of(taken.rows[0].cells["opened"]) == date(2025, 1, 2)
    assert [item for sheet in book.sheets for item in sheet.findings] == []


def test_a_template_without_its_hidden_sheet_is_told_by_its_tab(pen: Pen, known: Mapping[str, Form]) -> None:
    heads = [column.heading for column in known["fair.deals"].columns]
    sheet = only(pen([heads, ["F-1", 1, None, 30]], name="成交明细"), known)
    assert sheet.form.code == "fair.deals"


def test_the_same_definitions_give_the_same_template(known: Mapping[str, Form]) -> None:
    wanted = list(known.values())
    assert template(wanted) == template(wanted)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (0.1, "0.1"),
        (0.07, "0.07"),
        (1234567.89, "1234567.89"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (12, "12"),
    ],
)
def test_a_number_is_what_the_clerk_typed_not_its_binary_expansion(
    pen: Pen, typed: float, expected: str
) -> None:
    cell = read_xlsx(pen([[typed]]))[0].cells[1, 1]
    assert cell.text == expected
    assert cell.number == Decimal(expected)


def test_a_percent_cell_says_what_the_screen_says(pen: Pen) -> None:
    cell = read_xlsx(pen([[0.975]], formats={"A1": "0.0%"}))[0].cells[1, 1]
    assert cell.text == "97.5%"
    assert quantity(cell, unit("%")) == "97.5"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025.3.1", date(2025, 3, 1)),
        ("2025年3月1日", date(2025, 3, 1)),
        ("２０２５－０３－０１", date(2025, 3, 1)),
        ("20250301", date(2025, 3, 1)),
        ("2025/3/1 00:00:00", date(2025, 3, 1)),
        ("45717", date(2025, 3, 1)),
    ],
)
def test_dates_are_read_in_the_ways_offices_write_them(text: str, expected: date) -> None:
    number = Decimal(text) if text.isascii() and text.isdigit() else None
    assert day_of(Cell(text, number)) == expected


@pytest.mark.parametrize("text", ["2025年2月30日", "2025年3月", "三月", "13"])
def test_what_is_no_day_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(Unreadable):
        day_of(Cell(text))


@pytest.mark.parametrize(
    ("text", "right"),
    [("12.5亿元", "应填 125000"), ("3000元", "应填 0.3"), ("1.2亿", "应填 12000")],
)
def test_another_unit_in_a_cell_is_told_with_the_right_number(text: str, right: str) -> None:
    with pytest.raises(Unreadable) as told:
        quantity(Cell(text), unit("万元"))
    assert told.value.hint == right


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,234.5", "1234.5"), ("１２万元", "12"), ("-3.20", "-3.2"), ("12万", "12"), ("0.50", "0.5")],
)
def test_commas_full_width_digits_and_the_column_s_own_unit_are_accepted(text: str, expected: str) -> None:
    assert quantity(Cell(text), unit("万元")) == expected


@pytest.mark.parametrize("text", ["约12", "12-15", "1,23", "不适用", "12户"])
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        quantity(Cell(text), unit("万元"))


def test_names_are_never_normalised_only_digits_are() -> None:
    assert half_width("Ａ喆㎡１２．５％") == "Ａ喆㎡12.5%"


def test_a_similar_heading_is_taken_and_reported(pen: Pen, known: Mapping[str, Form]) -> None:
    heads = ["编号", "名称", "责任单位", "立项日期", "计划的总投资（万元）", "级别"]
    sheet = only(pen([heads, ["G-1", "东坡", "甲镇", "2024-01-01", 5, "县级"]], name="果园改造"), known)
    guessed = [item for item in sheet.findings if item.id == "intake.guessed-column"]
    assert [(item.place, item.severity) for item in guessed] == [("果园改造!E1", Severity.WARNING)]
    assert sheet.rows[0].text("total") == "5"


def test_an_unknown_sheet_is_told_with_what_there_is(pen: Pen, known: Mapping[str, Form]) -> None:
    book = read_workbook(pen([["天气", "风力"], ["晴", 3]]), known)
    assert ids(book.findings) == ["intake.unknown-sheet"]
    assert "果园改造" in book.findings[0].hint


def test_a_formula_never_calculated_is_told_by_its_cell(pen: Pen, known: Mapping[str, Form]) -> None:
    heads = ["编号", "名称", "责任单位", "立项日期", "计划总投资（万元）"]
    sheet = only(pen([heads, ["G-1", "东坡", "甲镇", "2024-01-01", "=1+1"]], name="果园改造"), known)
    assert [(item.id, item.place) for item in sheet.findings] == [("intake.broken-cell", "果园改造!E2")]


def test_a_number_shared_by_merged_rows_is_not_guessed_apart(pen: Pen, known: Mapping[str, Form]) -> None:
    heads = ["编号", "名称", "责任单位", "立项日期", "计划总投资（万元）"]
    rows = [heads, ["G-1", "东坡", "甲镇", "2024-01-01", 5], ["G-2", "西坡", "甲镇", "2024-01-01", None]]
    sheet = only(pen(rows, name="果园改造", merge=("E2:E3",)), known)
    assert [(item.id, item.place) for item in sheet.findings] == [("intake.shared-number", "果园改造!E2")]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0old", "编号,名称".encode()])
def test_what_is_no_workbook_is_refused_kindly(data: bytes) -> None:
    with pytest.raises(Refused) as told:
        read_xlsx(data)
    assert ids(list(told.value.findings)) == ["intake.unreadable"]
    assert ".xlsx" in told.value.findings[0].hint


def test_two_heading_rows_without_merged_cells_are_read_as_one(pen: Pen, known: Mapping[str, Form]) -> None:
    rows = [
        ["编号", "名称", "责任单位", "立项日期", "投资（万元）", None],
        [None, None, None, None, "计划总投资", "年度完成投资"],
        ["G-1", "东坡", "甲镇", "2024-01-01", 5, 3],
    ]
    sheet = only(pen(rows, name="果园改造"), known)
    assert (sheet.head.top, sheet.head.bottom) == (1, 2)
    assert [(row.text("total"), row.text("done")) for row in sheet.rows] == [("5", "3")]


def test_a_row_of_words_below_the_heading_is_data(pen: Pen, known: Mapping[str, Form]) -> None:
    rows = [["编号", "名称", "责任单位", "立项日期", "级别"], ["G-1", "东坡", "甲镇", "2024年1月1日", "县级"]]
    assert len(only(pen(rows, name="果园改造"), known).rows) == 1
