"""Templates generated from the definitions: drop-downs, checked numbers and dates, 口径 under every heading."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO

import xlsxwriter

from shuzhi.intake.columns import MONTHS_FORM, TARGETS_FORM, VALUES_FORM, Column, Form
from shuzhi.intake.sheets import COVER, LISTS, META, META_MARK

PREPARED_ROWS = 1000
SHORT_LIST = 120
NOTE_CHARACTERS = 60  # of a note on one line of the cover
FIXED = datetime(2000, 1, 1, tzinfo=UTC)  # a file's date is no part of its content
_WIDTHS = {
    "long": 40,
    "date": 13,
    "moment": 18,
    "whole": 9,
    "quantity": 15,
    "bool": 7,
    "papers": 32,
    "unit": 18,
    "month": 8,
}
_TYPE_WORDS = {
    "text": "文字",
    "long": "文字（可较长）",
    "whole": "整数",
    "quantity": "数",
    "date": "日期，如 2025-03-01",
    "moment": "日期和时刻，如 2025-03-01 14:30",
    "bool": "是 或 否",
    "choice": "从下拉中选",
    "unit": "单位名称或代码",
    "post": "职务代码，或“单位＋职务名称”",
    "subject": "名称或编码",
    "matter": "事项编号",
    "record": "记录编号",
    "papers": "类别:文件名",
    "month": "1 至 12",
}
_RULES = (
    "一行填一条。不要改动列名和“_meta”工作表；列可以调换次序，也可以加自己的列（不读入）。",
    "红色列名是必填。没有的数留空，不要填0：没有数和零是两回事。",
    "金额只填数字，按列名括号中的计量单位；日期写成 2025-03-01，也认 2025.3.1 和 2025年3月1日。",
    "合计、小计行可以保留，系统核对后不读入；以“注：”“填表人：”开头的行不读入。",
    "佐证材料写“类别:文件名”，文件与工作簿一起打成压缩包，放在“材料”文件夹里。",
    "导入前先试读，所有问题会一次列出，并在工作簿里标明单元格；有错就一行也不导入。",
    "同一份工作簿导入两次，第二次不会有任何变化。",
)


@dataclass(frozen=True, slots=True)
class Lists:
    """What the drop-downs offer beside the choices of the definitions: names of units, indicators, posts."""

    units: Sequence[str] = ()
    posts: Sequence[str] = ()
    indicators: Sequence[str] = ()
    papers: Sequence[str] = ()
    rows: Mapping[str, Sequence[Sequence[object]]] = field(default_factory=dict)


class _Looks:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        edge = {"border": 1, "border_color": "#B8C0CC", "valign": "vcenter"}
        head = {**edge, "bold": True, "bg_color": "#E8EEF6", "align": "center", "text_wrap": True}
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.head = book.add_format(head)
        self.needed = book.add_format({**head, "font_color": "#B00020"})
        self.note = book.add_format(
            {**edge, "font_color": "#5F6B7A", "font_size": 9, "text_wrap": True, "valign": "top"}
        )
        self.text = book.add_format({**edge, "num_format": "@"})
        self.long = book.add_format({**edge, "num_format": "@", "text_wrap": True})
        self.day = book.add_format({**edge, "num_format": "yyyy-mm-dd"})
        self.number = book.add_format({**edge, "num_format": "General"})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        self.strong = book.add_format({"bold": True, "font_size": 12})

    def of(self, column: Column) -> object:
        """The format of a column's cells."""
        by_type = {"date": self.day, "quantity": self.number, "whole": self.number, "long": self.long}
        return by_type.get(column.type, self.text)


def template(wanted: Sequence[Form], lists: Lists | None = None) -> bytes:
    """A workbook to fill in: a cover, one sheet for each form, and hidden sheets the importer reads.

    The same forms and lists give the same bytes: no clock is written into the file.
    """
    lists = lists or Lists()
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": COVER, "created": FIXED})
    looks = _Looks(book)
    _cover(book, looks, wanted, lists.papers)
    offered = _Offered(book, lists)
    for form in wanted:
        _sheet(book, looks, form, offered, lists)
    meta = book.add_worksheet(META)
    meta.write_string(0, 0, META_MARK)
    for row, form in enumerate(wanted, start=1):
        meta.write_string(row, 0, tab(form))
        meta.write_string(row, 1, form.code)
    meta.hide()
    offered.finish()
    book.close()
    return buffer.getvalue()


def tab(form: Form) -> str:
    """The form's name as Excel accepts it on a tab: at most 31 characters, none of []:*?/\\."""
    return "".join("·" if mark in "[]:*?/\\" else mark for mark in form.title)[:31]


class _Offered:
    """The hidden sheet that holds the longer drop-downs, one column each."""

    def __init__(self, book: xlsxwriter.Workbook, lists: Lists) -> None:
        self.book = book
        self.lists = lists
        self.columns: dict[tuple[str, ...], int] = {}

    def source(self, column: Column) -> object | None:
        """What a validation offers for the column: a short list in place, a range for a long one, or None."""
        choices = self._choices(column)
        if not choices:
            return None
        if len(",".join(choices)) <= SHORT_LIST and not any("," in item for item in choices):
            return list(choices)
        at = self.columns.setdefault(choices, len(self.columns))
        letter = chr(ord("A") + at)
        return f"={LISTS}!${letter}$1:${letter}${len(choices)}"

    def _choices(self, column: Column) -> tuple[str, ...]:
        if column.type == "bool":
            return ("是", "否")
        if column.type == "month":
            return tuple(str(number) for number in range(1, 13))
        named = {"unit": self.lists.units, "post": self.lists.posts}.get(column.type)
        if named is not None:
            return tuple(named)
        if column.code == "indicator":
            return tuple(self.lists.indicators)
        return column.choices

    def finish(self) -> None:
        """Write the hidden sheet, once all columns have asked."""
        sheet = self.book.add_worksheet(LISTS)
        for choices, at in self.columns.items():
            for row, choice in enumerate(choices):
                sheet.write_string(row, at, choice)
        sheet.hide()


def _cover(book: xlsxwriter.Workbook, looks: _Looks, wanted: Iterable[Form], papers: Sequence[str]) -> None:
    sheet = book.add_worksheet(COVER)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 2, 26)
    sheet.set_column(3, 3, 12)
    sheet.set_column(4, 4, 70)
    sheet.merge_range(0, 0, 0, 4, "填表说明", looks.title)
    sheet.set_row(0, 30)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    row = 1
    for number, rule in enumerate(_RULES, start=1):
        sheet.write_number(row, 0, number)
        sheet.merge_range(row, 1, row, 4, rule, looks.plain)
        row += 1
    if papers:
        sheet.merge_range(row, 1, row, 4, f"材料类别可填：{'、'.join(papers)}", looks.plain)
        sheet.set_row(row, 16 * (1 + sum(len(item) + 1 for item in papers) // NOTE_CHARACTERS))
        row += 1
    for form in wanted:
        row += 1
        sheet.write_string(row, 1, form.title, looks.strong)
        row += 1
        if form.note:
            sheet.merge_range(row, 1, row, 4, form.note, looks.plain)
            sheet.set_row(row, 16 * (1 + len(form.note) // NOTE_CHARACTERS))
            row += 1
        for at, text in enumerate(("列名", "填什么", "计量单位", "口径"), start=1):
            sheet.write_string(row, at, text, looks.head)
        for column in form.columns:
            row += 1
            sheet.write_string(row, 1, column.label, looks.needed if column.required else looks.head)
            sheet.write_string(row, 2, _TYPE_WORDS[column.type], looks.note)
            sheet.write_string(row, 3, column.unit, looks.note)
            sheet.write_string(row, 4, column.note or "、".join(column.choices), looks.note)
        row += 1


def _sheet(book: xlsxwriter.Workbook, looks: _Looks, form: Form, offered: _Offered, lists: Lists) -> None:
    sheet = book.add_worksheet(tab(form))
    last = len(form.columns) - 1
    sheet.merge_range(0, 0, 0, last, form.title, looks.title)
    for at, column in enumerate(form.columns):
        sheet.set_column(at, at, _WIDTHS.get(column.type, max(14, 2 * len(column.heading) + 2)))
        sheet.write_string(1, at, column.heading, looks.needed if column.required else looks.head)
        sheet.write_string(2, at, column.note, looks.note)
        rule = _rule(column, offered)
        if rule is not None:
            sheet.data_validation(3, at, PREPARED_ROWS + 2, at, rule)
    rows = lists.rows.get(form.code, ())
    for number in range(max(len(rows), 30)):
        filled = rows[number] if number < len(rows) else ()
        for at, column in enumerate(form.columns):
            value = filled[at] if at < len(filled) else None
            put(sheet, 3 + number, at, value, looks.of(column))
    sheet.set_row(0, 30)
    sheet.set_row(1, 34)
    sheet.set_row(2, 40)
    sheet.freeze_panes(3, 2 if form.code not in (VALUES_FORM, MONTHS_FORM, TARGETS_FORM) else 1)
    sheet.autofilter(1, 0, PREPARED_ROWS + 2, last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)


def put(sheet: "xlsxwriter.worksheet.Worksheet", row: int, at: int, value: object, look: object) -> None:
    """Write one value so that it stays what it is: text never becomes a formula or a link, numbers stay exact."""
    if value is None or value == "":
        sheet.write_blank(row, at, None, look)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, look)
    elif isinstance(value, bool):
        sheet.write_string(row, at, "是" if value else "否", look)
    elif isinstance(value, str):
        sheet.write_string(row, at, value, look)
    else:
        sheet.write_number(row, at, value, look)


def _rule(column: Column, offered: _Offered) -> dict[str, object] | None:
    """The validation of a column as Excel applies it while typing."""
    told: dict[str, object] = {
        "input_title": column.label[:32],
        "input_message": (column.note or _TYPE_WORDS[column.type])[:255],
        "error_title": f"{column.label}填得不对"[:32],
        "ignore_blank": True,
    }
    source = offered.source(column)
    if source is not None:
        strict = column.type in ("choice", "bool", "month")
        how = "stop" if strict else "warning"
        return {
            **told,
            "validate": "list",
            "source": source,
            "error_type": how,
            "error_message": "请从下拉列表中选",
        }
    if column.type == "date":
        span = {"criteria": "between", "minimum": date(1949, 10, 1), "maximum": date(2100, 12, 31)}
        return {
            **told,
            "validate": "date",
            **span,
            "error_type": "warning",
            "error_message": "请写成 2025-03-01",
        }
    if column.type == "whole":
        span = {"criteria": "between", "minimum": -(10**9), "maximum": 10**9}
        return {**told, "validate": "integer", **span, "error_message": "请填整数"}
    if column.type == "quantity":
        span = {"criteria": "between", "minimum": -(10**12), "maximum": 10**12}
        unit = f"，计量单位是{column.unit}" if column.unit else ""
        return {**told, "validate": "decimal", **span, "error_message": f"请只填数字{unit}"}
    return None
