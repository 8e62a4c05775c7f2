"""The same workbook back with what is wrong in it: cells coloured, remarks on them, and a sheet 问题清单."""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from shuzhi.intake.sheets import PROBLEMS
from shuzhi.intake.xlsx import position
from shuzhi.kernel.finding import Finding, Severity

AUTHOR = "述职"
COLOURS = {Severity.ERROR: "FFC7CE", Severity.WARNING: "FFEB9C", Severity.ADVICE: "DDEBF7"}
HEADINGS = ("序号", "级别", "工作表", "单元格", "问题", "怎样改")
_WIDTHS = (6, 8, 24, 10, 70, 60)
_UNTOUCHED = PatternFill(fill_type=None)


class Spot(NamedTuple):
    """Where a finding points: sheet and cell, either may be empty."""

    sheet: str
    cell: str


def spot(finding: Finding) -> Spot:
    """Sheet and cell of a finding's place (``项目!B7``)."""
    sheet, _, cell = finding.place.rpartition("!")
    try:
        position(cell)
    except ValueError:
        return Spot(finding.place, "")
    return Spot(sheet, cell)


def marked_copy(data: bytes, findings: Sequence[Finding]) -> bytes:
    """The workbook with its findings marked; values, formulas and other sheets stay as they are.

    Marks of an earlier copy are taken off first, so that a workbook corrected and sent again shows only what is still
    wrong. A workbook whose formats cannot be written again comes back as the list of findings alone.
    """
    try:
        book = load_workbook(BytesIO(data))
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        return _list_alone(findings)
    if PROBLEMS in book.sheetnames:
        del book[PROBLEMS]
    for sheet in book.worksheets:
        _unmark(sheet)
    by_cell: dict[Spot, list[Finding]] = {}
    for finding in findings:
        by_cell.setdefault(spot(finding), []).append(finding)
    for where, found in by_cell.items():
        if where.cell and where.sheet in book.sheetnames:
            sheet = book[where.sheet]
            if isinstance(sheet, Worksheet):
                _mark(sheet, where.cell, found)
    _list(book, findings)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _unmark(sheet: Worksheet) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = _UNTOUCHED


def _anchor(sheet: Worksheet, reference: str) -> Cell | None:
    """The cell that can be marked: of a merged range its first."""
    cell = sheet[reference]
    if isinstance(cell, MergedCell):
        for area in sheet.merged_cells.ranges:
            if reference in area:
                cell = sheet.cell(area.min_row, area.min_col)
                break
    return cell if isinstance(cell, Cell) else None


def _mark(sheet: Worksheet, reference: str, found: Sequence[Finding]) -> None:
    cell = _anchor(sheet, reference)
    if cell is None:
        return
    worst = min((item.severity for item in found), key=list(COLOURS).index)
    cell.fill = PatternFill("solid", start_color=COLOURS[worst], end_color=COLOURS[worst])
    lines = [
        f"【{item.severity}】{item.message}" + (f"\n→ {item.hint}" if item.hint else "") for item in found
    ]
    if cell.comment is not None and cell.comment.author != AUTHOR:
        lines.insert(0, cell.comment.text)
    remark = Comment("\n".join(lines), AUTHOR)
    remark.width, remark.height = 360, 60 + 40 * len(lines)
    cell.comment = remark


def _rows(findings: Sequence[Finding]) -> list[tuple[object, ...]]:
    """The findings as rows of the list, errors first, in the order of the workbook."""
    order = list(COLOURS)
    ranked = sorted(enumerate(findings), key=lambda item: (order.index(item[1].severity), item[0]))
    return [
        (number, str(item.severity), *spot(item), item.message, item.hint)
        for number, (_, item) in enumerate(ranked, start=1)
    ]


def _list(book: Workbook, findings: Sequence[Finding]) -> None:
    sheet = book.create_sheet(PROBLEMS, 0)
    book.active = 0
    for at, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(1, at, heading)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="E8EEF6", end_color="E8EEF6")
        sheet.column_dimensions[cell.column_letter].width = width
    for number, row in enumerate(_rows(findings), start=2):
        for at, value in enumerate(row, start=1):
            cell = sheet.cell(number, at, value)
            if isinstance(value, str):
                cell.data_type = "s"  # a sheet may be called =1+1: it stays text
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if at == 2:
                colour = COLOURS[Severity(str(value))]
                cell.fill = PatternFill("solid", start_color=colour, end_color=colour)
        name, reference = str(row[2]), str(row[3])
        if reference and name in book.sheetnames:
            quoted = name.replace("'", "''")
            sheet.cell(number, 4).hyperlink = f"#'{quoted}'!{reference}"
            sheet.cell(number, 4).font = Font(underline="single", color="0563C1")
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _list_alone(findings: Sequence[Finding]) -> bytes:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(PROBLEMS)
    for at, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, heading)
    for number, row in enumerate(_rows(findings), start=1):
        for at, value in enumerate(row):
            sheet.write_string(number, at, str(value))
    book.close()
    return buffer.getvalue()
