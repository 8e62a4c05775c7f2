"""A list as a workbook: the columns and rows on the screen, neither more nor less, and fit to be imported again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Protocol

import xlsxwriter

from shuzhi.intake.template import FIXED, put
from shuzhi.kernel.measure import UNITS, amount

MOST_SHEET_ROWS = 1_048_575
_MONEY_SHOWN = "万元"


class Shown(Protocol):
    """A column as a list declares it: ``type`` is a field type, or ref, stage, light, money (fen)."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def label(self) -> str:
        """Its heading."""

    @property
    def type(self) -> str:
        """What its values are."""

    @property
    def unit(self) -> str:
        """The unit its quantities are shown in."""


def export(
    title: str,
    columns: Sequence[Shown],
    rows: Iterable[Sequence[object]],
    names: Mapping[str, str] | None = None,
) -> bytes:
    """The rows as a workbook of one sheet whose tab is ``title``.

    Values are as kept: quantities whole at their family's scale, dates as dates or ISO text; ``names`` gives what is
    shown for a key (the name of a unit for its code). Text stays text: a name such as ``=cmd`` never becomes a formula.
    Rows are written as they come, so a long list needs little memory; the same list gives the same bytes.
    Raises ValueError when there are more rows than a sheet holds.
    """
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": FIXED})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF6", "border": 1, "border_color": "#B8C0CC"})
    looks = {
        "text": book.add_format({"num_format": "@", "quote_prefix": True}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "number": book.add_format({"num_format": "General"}),
    }
    sheet = book.add_worksheet("".join("·" if mark in "[]:*?/\\'" else mark for mark in title)[:31])
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        heading = _heading(column)
        sheet.set_column(at, at, max(12, 2 * len(heading) + 2))
        sheet.write_string(0, at, heading, head)
    for number, row in enumerate(rows, start=1):
        if number > MOST_SHEET_ROWS:
            raise ValueError(f"一张工作表最多 {MOST_SHEET_ROWS} 行，请先筛选再导出")
        for at, (column, value) in enumerate(zip(columns, row, strict=True)):
            shown = told(column, value, names or {})
            kind = "date" if isinstance(shown, date) else "number" if isinstance(shown, Decimal) else "text"
            put(sheet, number, at, shown, looks[kind])
    book.close()
    return buffer.getvalue()


def _unit_of(column: Shown) -> str:
    return (column.unit or _MONEY_SHOWN) if column.type == "money" else column.unit


def _heading(column: Shown) -> str:
    """The heading an importer knows again: label and unit."""
    given = _unit_of(column)
    return (
        f"{column.label}（{given}）"
        if given and column.type in ("quantity", "whole", "money")
        else column.label
    )


def told(column: Shown, value: object, names: Mapping[str, str]) -> object:
    """A kept value as a cell says it: a date, an exact number, or text; None for missing, which is not zero."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.type == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(value, date):
        return value
    if isinstance(value, int):
        return _number(column, value)
    text = str(value)
    return names.get(text, text)


def _number(column: Shown, value: int) -> Decimal:
    measured = UNITS.get(_unit_of(column))
    if column.type not in ("quantity", "whole", "money") or measured is None:
        return Decimal(value)
    exact = amount(value, measured)
    return Decimal(exact.numerator) / Decimal(exact.denominator)
