"""What comes back: the same workbook marked, and lists as workbooks that can be imported again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from shuzhi.intake.columns import Form
from shuzhi.intake.export import export
from shuzhi.intake.marked import HEADINGS, marked_copy
from shuzhi.intake.sheets import PROBLEMS, read_workbook
from shuzhi.intake.xlsx import read_xlsx
from shuzhi.kernel.finding import Finding, Severity

Pen = Callable[..., bytes]


@dataclass(frozen=True)
class Shown:
    code: str
    label: str
    type: str
    unit: str = ""


FOUND = [
    Finding("x.y", "只有年月", "请写到日", "果园!B2", Severity.WARNING),
    Finding("x.z", "不是数", "请只填数字", "果园!A1"),
    Finding("x.w", "认不出", "", "另一张表"),
]


def test_the_marked_copy_says_what_is_wrong_and_keeps_everything_else(pen: Pen) -> None:
    data = pen([["甲", "乙", "丙"], [1, "=A2*2", 3]], name="果园", merge=("A1:C1",))
    book = load_workbook(BytesIO(marked_copy(data, FOUND)))
    assert book.sheetnames == [PROBLEMS, "果园"]
    sheet = book["果园"]
    assert sheet["B2"].value == "=A2*2"
    assert sheet["B2"].fill.start_color.rgb == "00FFEB9C"
    assert "请写到日" in sheet["B2"].comment.text
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:C1"]
    listed = [[cell.value for cell in row] for row in book[PROBLEMS].iter_rows()]
    assert listed[0] == list(HEADINGS)
    assert [row[1] for row in listed[1:]] == ["错误", "错误", "警告"]
    assert listed[1][3] == "A1"


def test_marks_of_an_earlier_copy_are_taken_off(pen: Pen) -> None:
    first = marked_copy(pen([["甲"], [1]], name="果园"), FOUND)
    book = load_workbook(BytesIO(marked_copy(first, [])))
    assert book["果园"]["A1"].comment is None
    assert book["果园"]["A1"].fill.fill_type is None
    assert book.sheetnames.count(PROBLEMS) == 1


def test_the_list_of_problems_is_never_read_as_a_ledger(pen: Pen, known: Mapping[str, Form]) -> None:
    marked = marked_copy(pen([["编号", "名称"]], name="果园改造"), FOUND)
    assert [sheet.name for sheet in read_workbook(marked, known).sheets] == ["果园改造"]


def test_an_export_is_exact_and_safe() -> None:
    columns = [
        Shown("t", "名称", "text"),
        Shown("m", "总投资", "quantity", "万元"),
        Shown("d", "开工日期", "date"),
    ]
    rows: list[list[object]] = [
        ["=cmd|' /C calc'!A0", 12_345_678_901, "2025-03-01"],
        ["@SUM(A1)", None, date(2025, 3, 2)],
    ]
    data = export("果园改造", columns, rows)
    grid = read_xlsx(data)[0]
    assert grid.name == "果园改造"
    assert grid.cells[1, 2].text == "总投资（万元）"
    assert grid.cells[2, 1].text == "=cmd|' /C calc'!A0"
    assert grid.cells[2, 2].text == "12345.678901"
    assert (3, 2) not in grid.cells
    assert grid.cells[3, 3].day == date(2025, 3, 2)
    book = load_workbook(BytesIO(data))
    assert book.worksheets[0]["A2"].data_type == "s"
    assert export("果园改造", columns, rows) == data


def test_the_export_file_is_an_import_file(known: Mapping[str, Form]) -> None:
    columns = [Shown(item.code, item.label, item.type, item.unit) for item in known["orchard"].columns]
    row: list[object] = [None] * len(columns)
    row[0], row[1] = "G-1", "东坡"
    book = read_workbook(export("果园改造", columns, [row]), known)
    assert [sheet.form.code for sheet in book.sheets] == ["orchard"]
    assert [item for sheet in book.sheets for item in sheet.findings] == []
    assert book.sheets[0].rows[0].text("title") == "东坡"
