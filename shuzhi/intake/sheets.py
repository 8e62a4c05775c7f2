"""Reading the sheets of a workbook into rows: totals checked and left out, notes and titles passed over."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from shuzhi.intake.columns import Form
from shuzhi.intake.heads import Head, Mapped, headings, normal, recognise
from shuzhi.intake.values import Unreadable, half_width, quantity, rescaled
from shuzhi.intake.xlsx import Cell, Grid, plain, read_xlsx
from shuzhi.kernel.finding import Finding, Severity
from shuzhi.kernel.measure import RATIO, UNITS

META = "_meta"
META_MARK = "shuzhi-template/1"
COVER = "填表说明"
LISTS = "_lists"
PROBLEMS = "问题清单"
_OWN_SHEETS = (META, COVER, LISTS, PROBLEMS)
_TOTAL = re.compile(r"(?:其中:)?(?:全[县市区]|本页|本表|年度|全年)?(合计|小计|总计|共计)(?:[(\d].*)?")
_NOTE = re.compile(
    r"(?:附?注\d*|备注|说明|填表说明|口径|填[表报](?:人|单位|日期|时间)|制表人?|审核人?|复核人?|单位?负责人|联系(?:人|电话)|数据来源|来源)[::.]"
)
_LETTERED = ("甲", "乙", "丙", "丁")  # how statistical tables letter the columns that hold no number
_SECTION = re.compile(r"[(]?[一二三四五六七八九十]+[)、.,].*")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data: its cells by column code, and where each stands."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]
    places: Mapping[str, str]

    def place(self, code: str = "") -> str:
        """Where a column's cell is; the row's first cell when the sheet has no such column."""
        return self.places.get(code) or next(iter(self.places.values()), f"{self.sheet}!A{self.number}")

    def text(self, code: str) -> str:
        """What the cell of a column says, empty when there is none."""
        cell = self.cells.get(code)
        return cell.text if cell is not None else ""


@dataclass(slots=True)
class Sheet:
    """One sheet taken as a form: its heading, its rows, and what was found on the way."""

    name: str
    form: Form
    head: Head
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    passed_over: int = 0
    title: str = ""

    def unit_of(self, code: str) -> str:
        """The unit the sheet gives a column, in its heading or above the table; empty for the form's own."""
        mapped = next((item for item in self.head.mapped if item.column.code == code), None)
        return given_unit(self.head, mapped) if mapped is not None else ""


@dataclass(slots=True)
class Workbook:
    """A workbook as read: the sheets that could be told, and findings about the others."""

    sheets: list[Sheet]
    findings: list[Finding]


def read_workbook(data: bytes, known: Mapping[str, Form]) -> Workbook:
    """Read every sheet that holds a form; raises Refused when the bytes are no workbook at all."""
    grids = read_xlsx(data)
    named = _named(grids)
    book = Workbook([], [])
    for grid in grids:
        if grid.name in _OWN_SHEETS or not grid.cells:
            continue
        if grid.hidden:
            book.findings.append(
                _advice(
                    "intake.hidden", f"工作表“{grid.name}”是隐藏的，没有读", "要导入请先取消隐藏", grid.name
                )
            )
            continue
        grid.spread()
        head = recognise(grid, known, named.get(grid.name, ""))
        if head is None:
            book.findings.append(_unknown_sheet(grid, known))
            continue
        book.sheets.append(_Taking(grid, head).sheet())
    return book


def _named(grids: list[Grid]) -> dict[str, str]:
    """The form of each sheet as the hidden sheet of a template names it."""
    meta = next((grid for grid in grids if grid.name == META), None)
    if meta is None or meta.cells.get((1, 1), Cell("")).text != META_MARK:
        return {}
    return {
        meta.cells[row, 1].text: meta.cells[row, 2].text
        for row in range(2, meta.last_row + 1)
        if (row, 1) in meta.cells and (row, 2) in meta.cells
    }


def _advice(code: str, message: str, hint: str, place: str) -> Finding:
    return Finding(code, message, hint, place, Severity.ADVICE)


def _unknown_sheet(grid: Grid, known: Mapping[str, Form]) -> Finding:
    titles = "、".join(form.title for form in known.values())
    return Finding(
        "intake.unknown-sheet",
        f"认不出工作表“{grid.name}”是哪一种台账",
        f"请把工作表改名为其中之一，或用下载的模板填：{titles}",
        grid.place(1, 1),
    )


def given_unit(head: Head, mapped: Mapped) -> str:
    """The unit a heading gives a column; a unit above the table counts for columns of its family."""
    if mapped.unit:
        return mapped.unit
    own = UNITS.get(mapped.column.unit)
    above = UNITS.get(head.unit)
    return above.name if own is not None and above is not None and own.family == above.family else ""


class _Taking:
    """The walk down one sheet."""

    def __init__(self, grid: Grid, head: Head) -> None:
        self.grid = grid
        self.head = head
        above = [cell.text for (row, _), cell in sorted(grid.cells.items()) if row < head.top]
        self.out = Sheet(grid.name, head.form, head, title=" ".join(dict.fromkeys((grid.name, *above))))
        self.titles = {normal("".join(parts)) for parts in headings(grid, head.top, head.bottom).values()}
        self.notes = {item.note for item in head.form.columns if item.note}
        self.mapped = {item.at for item in head.mapped}
        self.by_row: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in grid.cells.items():
            self.by_row.setdefault(row, {})[column] = cell
        self.shared = {
            (row, column): (top, left, bottom)
            for top, left, bottom, right in grid.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        self.summed = {item.column.code: item for item in self._summed()}
        self.sums: dict[str, Decimal] = {}
        self.part_sums: dict[str, Decimal] = {}

    def sheet(self) -> Sheet:
        """Take every row below the heading."""
        self._tell_heading()
        for number in sorted(row for row in self.by_row if row > self.head.bottom):
            cells = {at: cell for at, cell in self.by_row[number].items() if cell.text or cell.wrong}
            first = half_width(min(cells.items())[1].text).replace(" ", "") if cells else ""
            if not cells:
                continue
            total = next((match for cell in list(cells.values())[:4] if (match := self._total(cell))), "")
            if total:
                self._check_total(number, total)
            elif self._no_data(cells, first):
                self.out.passed_over += 1
            else:
                self._take(number, cells)
        return self.out

    @staticmethod
    def _total(cell: Cell) -> str:
        match = _TOTAL.fullmatch(half_width(cell.text).replace(" ", ""))
        return match[1] if match is not None else ""

    def _tell_heading(self) -> None:
        """Findings about the heading: guesses, strangers, missing columns, units other than the form's."""
        found = self.out.findings
        for item in self.head.mapped:
            place = self.grid.place(self.head.bottom, item.at)
            if item.guessed:
                message = f"列“{item.heading}”按“{item.column.label}”读入"
                found.append(
                    Finding(
                        "intake.guessed-column",
                        message,
                        f"若不是，请把列名改为准确的名称；若是，改为“{item.column.label}”就不再提示",
                        place,
                        Severity.WARNING,
                    )
                )
            given = given_unit(self.head, item)
            if given and item.column.unit and given != item.column.unit:
                if UNITS[given].family != UNITS[item.column.unit].family:
                    found.append(
                        Finding(
                            "intake.column-unit",
                            f"列“{item.heading}”的计量单位是{given}，应为{item.column.unit}，两者不能换算",
                            "请核对列名",
                            place,
                        )
                    )
                else:
                    found.append(
                        _advice(
                            "intake.column-unit",
                            f"列“{item.heading}”的计量单位是{given}，已换算为{item.column.unit}",
                            "",
                            place,
                        )
                    )
        for at, text in self.head.unknown:
            found.append(
                _advice(
                    "intake.unknown-column",
                    f"列“{text}”没有对应的登记项，没有读入",
                    "要读入请改用模板中的列名",
                    self.grid.place(self.head.bottom, at),
                )
            )
        here = {item.column.code for item in self.head.mapped}
        for column in self.head.form.columns:
            if column.required and column.code not in here and not self._may_lack(column.code):
                found.append(
                    Finding(
                        "intake.missing-column",
                        f"缺少必填的列“{column.heading}”",
                        "请补上这一列",
                        self.grid.place(self.head.bottom, 1),
                    )
                )

    def _may_lack(self, code: str) -> bool:
        """A ledger kept without numbers is told apart by name and day (see the plan); a report names its year above."""
        return code == "year" or (code == "number" and self.head.form.kind is not None)

    def _no_data(self, cells: dict[int, Cell], first: str) -> bool:
        """Whether a row is no data: a note, a section title, a repeated heading, column numbers, the notes below it."""
        texts = {cell.text for cell in cells.values()}
        if _NOTE.match(first) or (len(texts) == 1 and _SECTION.fullmatch(first)):
            return True
        if not any(at in self.mapped for at in cells) or texts <= self.notes:
            return True
        if normal(first) not in self.titles and not first.isdigit() and first not in _LETTERED:
            return False
        plain_texts = [normal(cell.text) for cell in cells.values()]
        if len(plain_texts) > 1 and all(text in self.titles for text in plain_texts):
            return True
        numbers = [text for text in plain_texts if text not in _LETTERED]
        return len(numbers) > 2 and numbers == [str(start) for start in range(1, len(numbers) + 1)]

    def _take(self, number: int, cells: dict[int, Cell]) -> None:
        taken: dict[str, Cell] = {}
        places: dict[str, str] = {}
        for item in self.head.mapped:
            code, place = item.column.code, self.grid.place(number, item.at)
            places[code] = place
            cell = cells.get(item.at)
            top, left, bottom = self.shared.get((number, item.at), (number, item.at, number))
            if cell is None or left != item.at:
                continue
            if cell.wrong:
                hint = "请在 WPS 或 Excel 中打开，改正公式后保存再导入"
                self.out.findings.append(Finding("intake.broken-cell", cell.wrong, hint, place))
                continue
            if bottom > top and item.column.type == "quantity":
                if number == top:
                    message = f"第{top}至{bottom}行合并共用“{cell.text}”，分不清各行各是多少"
                    self.out.findings.append(
                        Finding("intake.shared-number", message, "请取消合并，每行各填各的数", place)
                    )
                continue
            taken[code] = cell
            self._add(item, cell)
        if taken:
            self.out.rows.append(Row(self.grid.name, number, taken, places))

    def _summed(self) -> Iterator[Mapped]:
        """Columns whose totals mean something: amounts and counts, never rates."""
        for item in self.head.mapped:
            measured = UNITS.get(item.column.unit)
            if (
                item.column.type in ("quantity", "whole")
                and measured is not None
                and measured.family != RATIO
            ):
                yield item

    def _number(self, item: Mapped, cell: Cell) -> Decimal | None:
        given = given_unit(self.head, item) or item.column.unit
        try:
            return Decimal(quantity(cell, UNITS[given]))
        except Unreadable:
            return None

    def _add(self, item: Mapped, cell: Cell) -> None:
        if item.column.code in self.summed:
            number = self._number(item, cell)
            if number is not None:
                code = item.column.code
                self.sums[code] = self.sums.get(code, Decimal(0)) + number
                self.part_sums[code] = self.part_sums.get(code, Decimal(0)) + number

    def _check_total(self, number: int, word: str) -> None:
        """Compare a totals row with the rows above it; a total is never loaded."""
        sums = self.part_sums if word == "小计" else self.sums
        for item in self.summed.values():
            cell = self.by_row[number].get(item.at)
            stated = self._number(item, cell) if cell is not None and cell.text else None
            if stated is None:
                continue
            right = sums.get(item.column.code, Decimal(0))
            if right != stated and right.quantize(stated, ROUND_HALF_UP) != stated:
                message = f"{word}“{item.column.label}”写的是 {plain(stated)}，各行相加是 {plain(right)}"
                hint = "请核对是漏了行还是合计没有更新；合计行不导入"
                self.out.findings.append(
                    Finding("intake.total", message, hint, self.grid.place(number, item.at), Severity.WARNING)
                )
        self.out.passed_over += 1
        if word == "小计":
            self.part_sums = {}


def amount_text(sheet: Sheet, code: str, cell: Cell) -> str:
    """A quantity cell of a sheet as exact text in the form's unit; raises Unreadable."""
    column = sheet.form.column(code)
    assert column is not None, code
    given = sheet.unit_of(code) or column.unit
    text = quantity(cell, UNITS[given])
    return rescaled(text, UNITS[given], UNITS[column.unit]) if given != column.unit else text
