"""An Excel file of observations, row by row in bounded memory: one sheet, its first row the names of the columns."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from shuzhi.bulk.books import Books
from shuzhi.bulk.layouts import layout_of
from shuzhi.bulk.readers import Add, Gathered, Judged, Progress, arranger
from shuzhi.bulk.slips import Slips
from shuzhi.kernel.finding import Finding, Refused

_TOLD: Final = 10_000


class Sheet(Judged):
    """Reads one sheet."""

    def __init__(self, rows: Iterator[tuple[Any, ...]], many: int, name: str, books: Books) -> None:
        self._rows, self._many, self._first = rows, many, 1
        headings: list[str] = []
        for self._first, row in enumerate(rows, 1):
            headings = [_text(cell) for cell in row]
            if any(headings):
                break
        while headings and not headings[-1]:
            headings.pop()
        super().__init__(layout_of(headings, name), books)
        self.arrange = arranger(books)

    def read(self, add: Add, slips: Slips, progress: Progress) -> None:
        """Read every row; raises Enough when there are too many errors to go on."""
        gathered = Gathered(self.judge, add, slips)
        wide = len(self.layout.headings)
        for at, row in enumerate(self._rows, self._first + 1):
            cells = [_text(cell) for cell in row[:wide]]
            if any(cells):
                gathered.line(at, cells + [""] * (wide - len(cells)))
            if at % _TOLD == 0:
                progress("读", at, max(self._many, at))
        gathered.flush()
        progress("读", 1, 1)


def _text(cell: Any) -> str:
    """A cell as a person would have written it; what a sheet keeps as a floating-point number by its shortest digits."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return format(Decimal(repr(cell)), "f").removesuffix(".0")
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return str(cell).strip()


@contextmanager
def open_sheet(path: Path, books: Books) -> Iterator[Sheet]:
    """Open a workbook of one sheet; raises Refused when it is none or has several that say something."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError):
        hint = "请用 Excel 或 WPS 另存为 .xlsx"
        raise Refused(Finding("ingest.sheet", "不是 Excel 文件，或文件不完整", hint, path.name)) from None
    try:
        full = [
            sheet for sheet in book.worksheets if any(any(row) for row in sheet.iter_rows(values_only=True))
        ]
        if len(full) > 1:
            hint = "一张表存为一个文件，分别导入"
            raise Refused(Finding("ingest.sheets", f"工作簿里有{len(full)}张表", hint, path.name))
        sheet = (full or book.worksheets)[0]
        yield Sheet(sheet.iter_rows(values_only=True), sheet.max_row or 0, path.name, books)
    finally:
        book.close()
