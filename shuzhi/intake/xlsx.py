"""Reading a workbook exactly: the decimal text of each cell, its dates, its merged ranges, formulas with no value.

A spreadsheet keeps numbers as binary floats and writes up to 17 digits of them (``7.0000000000000007E-2`` for a typed
0.07). What the clerk typed and saw is the same number at 15 significant digits, the precision ECMA-376 programs show;
that is what is read here, through :class:`decimal.Decimal` from the text in the file, never through a float. Cells are
read from the XML of ECMA-376 Part 1 §18.3 (transitional or strict), because general readers turn numbers into floats,
hide formulas that were never calculated, and refuse workbooks over a broken style.
"""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from io import BytesIO
from xml.etree import ElementTree as ET

from shuzhi.kernel.finding import Finding, Refused

MOST_BYTES = 400 * 1024 * 1024
SHOWN_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
_OLE = b"\xd0\xcf\x11\xe0"
_BUILT_IN_DATES = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_PERCENTS = frozenset((9, 10))
# What reading a damaged archive raises: cut short, bits turned, encrypted, packed in ways no workbook is.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, ET.ParseError, LookupError, ValueError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip
_WIDEST = (
    40  # powers of ten no figure of a county needs; beyond them a number is noise, or an attack on memory
)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the clerk sees it: ``text`` is what it says, ``number`` or ``day`` what it holds beneath, ``time`` the
    hour and minute (14:30) of a day that has them.

    ``wrong`` is set for an Excel error value (``#REF!``) or a formula whose result was never calculated.
    """

    text: str
    number: Decimal | None = None
    day: date | None = None
    wrong: str = ""
    time: str = ""


@dataclass(slots=True)
class Grid:
    """One sheet: its cells by (row, column), both counted from 1, and its merged ranges (top, left, bottom, right)."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False

    @property
    def last_row(self) -> int:
        """The last row that holds anything, 0 for an empty sheet."""
        return max((row for row, _ in self.cells), default=0)

    @property
    def last_column(self) -> int:
        """The last column that holds anything, 0 for an empty sheet."""
        return max((column for _, column in self.cells), default=0)

    def spread(self) -> None:
        """Give every cell of a merged range the content of its first cell, as a reader of the page takes it."""
        for top, left, bottom, right in self.merges:
            first = self.cells.get((top, left))
            if first is None:
                continue
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    self.cells.setdefault((row, column), first)

    def crown(self, rows: int) -> "Grid":
        """The sheet's first rows that hold anything: where its heading is looked for."""
        kept = set(sorted({row for row, _ in self.cells})[:rows])
        cells = {at: cell for at, cell in self.cells.items() if at[0] in kept}
        last = max(kept, default=0)
        return Grid(self.name, cells, [area for area in self.merges if area[0] <= last], self.hidden)

    def place(self, row: int, column: int) -> str:
        """Where a cell is, as findings name it: ``项目!B7``."""
        return f"{self.name}!{letters(column)}{row}"


def letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def position(reference: str) -> tuple[int, int]:
    """(row, column) of a reference such as ``B7``; raises ValueError when it is none."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"“{reference}”不是单元格")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def read_xlsx(data: bytes) -> list[Grid]:
    """All sheets of a workbook, hidden ones too; raises Refused when the bytes are no readable .xlsx workbook."""
    if data.startswith(_OLE):
        raise _refuse(
            "这是旧版 .xls/.et 工作簿，或是加了打开密码的工作簿",
            "请在 WPS 或 Excel 中另存为不加密的 .xlsx 再导入",
        )
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_BYTES:
                raise _refuse("工作簿解开后超过400MB", "请拆成几个工作簿分别导入")
            return _Reader(archive).grids()
    except _BROKEN as error:
        raise _refuse(
            f"文件不是完整的 .xlsx 工作簿（{error}）", "请在 WPS 或 Excel 中打开后另存为 .xlsx 再导入"
        ) from error


def _refuse(message: str, hint: str) -> Refused:
    return Refused(Finding("intake.unreadable", message, hint))


def _bare(tag: str) -> str:
    """The element's name without its namespace, so that transitional and strict files read alike."""
    return tag.rpartition("}")[2]


def _whole_text(element: ET.Element) -> str:
    """All runs of a rich text joined, without the phonetic guide (rPh) that some input methods leave."""
    parts: list[str] = []
    for child in element:
        name = _bare(child.tag)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(item.text or "" for item in child if _bare(item.tag) == "t")
    return "".join(parts)


def _says_date(code: str) -> bool:
    """Whether a number format shows a date: y, d or 年/日 outside quotes, brackets and escapes."""
    if code.lower() == "general":
        return False
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", code).lower()
    return bool(re.search(r"y|d|e+年|年", plain)) and "#" not in plain and "0.0" not in plain


class _Reader:
    """The parts of one workbook archive that concern cells."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        self.book = self._target("_rels/.rels", "officeDocument") or "xl/workbook.xml"
        self.folder = self.book.rpartition("/")[0]
        self.strings = self._strings()
        self.dates, self.percents = self._formats()
        self.epoch = date(1899, 12, 30)

    def _xml(self, name: str) -> ET.Element:
        self._refuse_entities(name)
        return ET.fromstring(self.archive.read(name))  # noqa: S314 - parts that declare entities are refused above

    def _refuse_entities(self, name: str) -> None:
        """OPC forbids document type declarations (ECMA-376 Part 2 §8.1.4); a part with one is an attack, not a ledger."""
        with self.archive.open(name) as part:
            if b"<!DOCTYPE" in part.read(4096):
                raise _refuse("工作簿里有外部实体定义，不予读取", "请在 WPS 或 Excel 中另存为 .xlsx 再导入")

    def _relations(self, name: str) -> Iterator[tuple[str, str, str]]:
        """(id, type, target path) of a relationships part, empty when the part is missing."""
        if name not in self.names:
            return
        base = name.replace("_rels/", "").rpartition("/")[0]
        for item in self._xml(name):
            target = item.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"{base}/{target}".lstrip("/")
            yield item.get("Id", ""), item.get("Type", "").rpartition("/")[2], path

    def _target(self, name: str, kind: str) -> str:
        return next((target for _, found, target in self._relations(name) if found == kind), "")

    def _part(self, kind: str, fallback: str) -> str:
        rels = f"{self.folder}/_rels/{self.book.rpartition('/')[2]}.rels"
        found = self._target(rels, kind) or f"{self.folder}/{fallback}"
        return found if found in self.names else ""

    def _strings(self) -> list[str]:
        name = self._part("sharedStrings", "sharedStrings.xml")
        return [_whole_text(item) for item in self._xml(name)] if name else []

    def _formats(self) -> tuple[set[int], set[int]]:
        """The indices of cell formats that show dates, and of those that show percentages."""
        name = self._part("styles", "styles.xml")
        if not name:
            return set(), set()
        dates, percents = set(_BUILT_IN_DATES), set(_PERCENTS)
        shown: list[int] = []
        for part in self._xml(name):
            if _bare(part.tag) == "numFmts":
                for item in part:
                    code = item.get("formatCode", "")
                    number = int(item.get("numFmtId", "0"))
                    (dates.add if _says_date(code) else dates.discard)(number)
                    (percents.add if code.rstrip().endswith("%") else percents.discard)(number)
            elif _bare(part.tag) == "cellXfs":
                shown = [int(item.get("numFmtId", "0")) for item in part]
        return (
            {index for index, number in enumerate(shown) if number in dates},
            {index for index, number in enumerate(shown) if number in percents},
        )

    def grids(self) -> list[Grid]:
        """Every worksheet in the order of the tabs."""
        rels = f"{self.folder}/_rels/{self.book.rpartition('/')[2]}.rels"
        targets = {key: (kind, path) for key, kind, path in self._relations(rels)}
        found = []
        for part in self._xml(self.book):
            if _bare(part.tag) == "workbookPr" and part.get("date1904") in ("1", "true"):
                self.epoch = date(1904, 1, 1)
            if _bare(part.tag) != "sheets":
                continue
            for item in part:
                key = next((value for name, value in item.attrib.items() if _bare(name) == "id"), "")
                kind, path = targets.get(key, ("", ""))
                if kind == "worksheet" and path in self.names:
                    grid = Grid(item.get("name", ""), hidden=item.get("state", "visible") != "visible")
                    self._fill(grid, path)
                    found.append(grid)
        return found

    def _fill(self, grid: Grid, path: str) -> None:
        """Read one sheet, freeing each row once read, so that a long ledger stays in bounded memory."""
        row_number = 0
        self._refuse_entities(path)
        with self.archive.open(path) as part:
            for _, element in ET.iterparse(part):  # noqa: S314 - parts that declare entities are refused above
                name = _bare(element.tag)
                if name == "row":
                    row_number = int(element.get("r", row_number + 1))
                    self._row(grid, row_number, element)
                    element.clear()
                elif name == "mergeCell":
                    first, _, last = element.get("ref", "").partition(":")
                    if last:
                        grid.merges.append((*position(first), *position(last)))

    def _row(self, grid: Grid, row: int, element: ET.Element) -> None:
        """The cells of one row; a cell that does not say where it stands follows the one before."""
        column = 0
        for child in element:
            reference = child.get("r")
            column = position(reference)[1] if reference else column + 1
            cell = self._cell(child)
            if cell is not None:
                grid.cells[row, column] = cell

    def _cell(self, element: ET.Element) -> Cell | None:
        """The cell of a ``c`` element, or None when it is empty."""
        kind = element.get("t", "n")
        raw, formula, inline = "", False, ""
        for child in element:
            name = _bare(child.tag)
            if name == "v":
                raw = child.text or ""
            elif name == "f":
                formula = True
            elif name == "is":
                inline = _whole_text(child)
        if kind == "s":
            return _text(self.strings[int(raw)]) if raw else None
        if kind == "inlineStr":
            return _text(inline)
        if kind == "str":
            return _text(raw)
        if kind == "b":
            return Cell("是" if raw == "1" else "否")
        if kind == "e":
            return Cell(raw, wrong=f"单元格是 Excel 的错误值 {raw}")
        if not raw:
            return Cell("", wrong="公式还没有算出结果") if formula else None
        return self._number(raw, int(element.get("s", "0")), kind)

    def _number(self, raw: str, style: int, kind: str) -> Cell:
        if kind == "d":
            return Cell(raw[:10], day=date.fromisoformat(raw[:10]), time=raw[11:16])
        try:
            number = SHOWN_DIGITS.create_decimal(raw)
        except InvalidOperation:
            return Cell(raw)
        if not number.is_finite() or abs(number.adjusted()) > _WIDEST:
            return Cell(raw)
        if style in self.dates:
            try:
                day = self.epoch + timedelta(days=int(number))
            except OverflowError:
                return Cell(raw, wrong="日期超出范围")
            minutes = round((number - int(number)) * 24 * 60)
            time = f"{minutes // 60:02d}:{minutes % 60:02d}" if 0 < minutes < 24 * 60 else ""
            return Cell(day.isoformat(), day=day, time=time)
        if style in self.percents:
            return Cell(plain(number * 100) + "%", number=number)
        return Cell(plain(number), number=number)


def plain(number: Decimal) -> str:
    """The number in plain digits, with neither exponent nor idle zeros."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _text(text: str) -> Cell | None:
    """A text cell; spaces of any kind around it, and the escapes of control characters, are not content."""
    shown = re.sub(r"_x000D_|[\r\u200b\ufeff]", "", text).strip(" \t\n\u3000\xa0")
    return Cell(shown) if shown else None
