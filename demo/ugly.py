"""Workbooks as offices draw them by hand: merged headings, sections, subtotals, dates in three spellings, notes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

import xlsxwriter

from demo.pen import YEARS, Parcel
from demo.series import Series, treasury
from shuzhi.intake.template import FIXED

_SECTIONS = (
    ("一、收入", ("rev_", "tax_", "fund_")),
    ("二、支出", ("exp_", "new_", "poverty_")),
    ("三、债务", ("debt_",)),
)
_RAID_HEADS = ("检查点位（家）", "发现问题（个）", "整改到位（个）", "立案（件）", "罚款（万元）")


class _Page:
    """One sheet drawn by hand."""

    def __init__(self, name: str) -> None:
        self._buffer = BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self._book.set_properties({"created": FIXED})
        self.sheet = self._book.add_worksheet(name)
        self.head = self._book.add_format(
            {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
        )
        self.cell = self._book.add_format({"border": 1})
        self.title = self._book.add_format({"bold": True, "font_size": 18, "align": "center"})
        self.day = self._book.add_format({"border": 1, "num_format": 'yyyy"年"m"月"d"日"'})

    def merge(self, top: int, left: int, bottom: int, right: int, text: str, *, title: bool = False) -> None:
        """A merged range with a text; a single cell is just written."""
        look = self.title if title else self.head
        if (top, left) == (bottom, right):
            self.sheet.write_string(top, left, text, look)
        else:
            self.sheet.merge_range(top, left, bottom, right, text, look)
        if title:
            self.sheet.set_row(top, 32)

    def put(self, row: int, column: int, value: object) -> None:
        """One value, drawn as what it is."""
        if isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.day)
        elif isinstance(value, int | Decimal):
            self.sheet.write_number(row, column, value, self.cell)
        elif value:
            self.sheet.write_string(row, column, str(value), self.cell)

    def bytes(self) -> bytes:
        """The finished workbook."""
        self._book.close()
        return self._buffer.getvalue()


def finance(series: Series) -> bytes:
    """The finance bureau's months of two years side by side, under two rows of merged headings."""
    page = _Page("财政收支")
    last = 2 + 12 * len(YEARS)
    page.merge(0, 0, 0, last + 1, "明澜县财政收支情况月报表", title=True)
    page.sheet.set_column(1, 1, 34)
    page.put(1, 0, "填报单位：明澜县财政局")
    page.put(1, last, "单位：亿元")
    for column, text in enumerate(("序号", "指标名称", "计量单位")):
        page.merge(2, column, 3, column, text)
    for place, year in enumerate(YEARS):
        left = 3 + 12 * place
        page.merge(2, left, 2, left + 11, f"{year}年（累计）")
        for month in range(1, 13):
            page.put(3, left + month - 1, f"{month}月" if month == 1 else f"1-{month}月")
    page.merge(2, last + 1, 3, last + 1, "备注")
    row = _finance_rows(page, series, last)
    page.put(row, 0, "注：1.本表为累计数；2.债务数年底一次报送。")
    page.put(row + 1, 0, "填表人：预算股　　审核人：局领导　　填表日期：2026年1月4日")
    return page.bytes()


def _finance_rows(page: _Page, series: Series, last: int) -> int:
    row, number = 4, 0
    for title, starts in _SECTIONS:
        page.merge(row, 0, row, last + 1, title)
        row += 1
        for code in treasury(series):
            if not code.startswith(starts):
                continue
            number += 1
            indicator = series.indicators[code]
            page.put(row, 0, number)
            page.put(row, 1, indicator.label)
            page.put(row, 2, indicator.unit)
            for place, year in enumerate(YEARS):
                for month, value in series.reported(code, year).items():
                    page.put(row, 2 + 12 * place + month, value)
            row += 1
    return row


def raids(parcel: Parcel) -> bytes:
    """Enforcement campaigns of two years: the unit merged over its rows, subtotals by year, a total, notes."""
    page = _Page("专项执法")
    page.merge(0, 0, 0, 11, "明澜县2024—2025年专项执法行动台账", title=True)
    for column, text in enumerate(("序号", "编号", "名称", "填报单位", "日期", "执法领域", "行动名称")):
        page.merge(1, column, 2, column, text)
    for column, width in enumerate((6, 14, 30, 16, 18, 12, 20, 16, 16, 16, 12, 14)):
        page.sheet.set_column(column, column, width)
    page.merge(1, 7, 1, 9, "检查情况")
    page.merge(1, 10, 1, 11, "处罚情况")
    for column, text in enumerate(_RAID_HEADS, start=7):
        page.put(2, column, text)
    row, all_rows = 3, []
    for year in YEARS:
        rows = [_raid(parcel, year, number) for number in range(1, 25)]
        rows.sort(key=lambda item: str(item[2]))
        row = _raid_rows(page, row, rows)
        _total(page, row, f"小 计（{year}年）", rows)
        all_rows += rows
        row += 1
    _total(page, row, "合 计", all_rows)
    page.put(row + 1, 0, "注：罚款按实际入库数填写。")
    page.put(row + 2, 0, "制表人：某某某")
    return page.bytes()


def _raid_rows(page: _Page, row: int, rows: Sequence[Sequence[object]]) -> int:
    """Rows sorted by unit; one merged cell names the unit for all its rows."""
    first = row
    for place, values in enumerate(rows):
        page.put(row, 0, place + 1)
        for column, value in enumerate(values, start=1):
            if column != 3:
                page.put(row, column, value)
        if place + 1 == len(rows) or rows[place + 1][2] != values[2]:
            page.merge(first, 3, row, 3, str(values[2]))
            first = row + 1
        row += 1
    return row


def _raid(parcel: Parcel, year: int, number: int) -> list[object]:
    chance = parcel.chance(f"raids/{year}/{number}")
    area = "生态环境" if number % 2 else chance.of(("安全生产", "市场监管", "交通运输"))
    unit = {
        "生态环境": "生态环境分局",
        "安全生产": "应急管理局",
        "市场监管": "市场监管局",
        "交通运输": "交通局",
    }[area]
    day = date(year, 1 + (number - 1) // 2, chance.whole(4, 26))
    written: object = (day, f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日")[
        number % 3
    ]
    found = chance.whole(8, 60)
    checked = [chance.whole(20, 90), found, found - chance.whole(0, 3), chance.whole(0, 6)]
    title = f"{area}专项执法行动（{year}-{number}）"
    return [
        f"ZF{year}-Z{number:02d}",
        title,
        unit,
        written,
        area,
        f"{area}专项行动",
        *checked,
        chance.money(0, 40, "0.5"),
    ]


def _total(page: _Page, row: int, label: str, rows: Sequence[Sequence[object]]) -> None:
    page.put(row, 1, label)
    for column in range(7, 12):
        page.put(row, column, sum((Decimal(str(values[column - 1])) for values in rows), Decimal(0)))


def accounts(parcel: Parcel, series: Series) -> None:
    """The final accounts of the first year: the same values, now 决算, each a new vintage."""
    rows = [
        {
            "indicator": series.indicators[code].label, "year": YEARS[0], "month": 12, "status": "决算",
            "value": series.made[code, YEARS[0]][12], "reason": "县人大常委会批准的决算",
        }
        for code in treasury(series)
        if code.startswith(("rev_", "exp_")) and series.indicators[code].temporal == "cum"
    ]  # fmt: skip
    parcel.write("07-财政决算（2024年）.xlsx", {"指标数据": rows})


def write(parcel: Parcel, series: Series) -> None:
    """Both hand-drawn workbooks, and the final accounts after them."""
    parcel.books["04-财政收支月报.xlsx"] = finance(series)
    accounts(parcel, series)
    parcel.books["35-专项执法.xlsx"] = raids(parcel)
