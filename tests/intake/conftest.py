"""A small catalogue of our own and a pen for workbooks, for the tests of reading."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from shuzhi.evidence import instance
from shuzhi.intake.columns import Form
from shuzhi.intake.forms import forms
from shuzhi.intake.template import Lists, template
from shuzhi.kernel.catalogue.definitions import Catalogue, Duty, Field, Kind, LineKind
from tests.accounts import cast, home

__all__ = ["cast", "home"]

Rows = Sequence[Sequence[object]]
Pen = Callable[..., bytes]


@pytest.fixture
def small() -> Catalogue:
    """Three kinds that no national catalogue has."""
    orchard = Kind(
        "orchard",
        "果园改造",
        "matter",
        "M00",
        (),
        fields=(
            Field("total", "计划总投资", "quantity", "万元", required=True, note="含土地费用"),
            Field("done", "年度完成投资", "quantity", "万元"),
            Field("share", "完成比例", "quantity", "%"),
            Field("level", "级别", "choice", choices=("市级", "县级")),
            Field("begun", "开工日期", "date"),
        ),
    )
    fair = Kind(
        "fair",
        "果品推介会",
        "record",
        "M00",
        (),
        fields=(Field("place", "地点", "text"),),
        lines=(LineKind("deals", "成交明细", (Field("money", "成交额", "quantity", "万元"),)),),
    )
    cash = Kind("cash", "果业补助", "fund", "M00", ())
    return Catalogue(
        {"orchard": orchard, "fair": fair, "cash": cash},
        {},
        {"fill": Duty("fill", "填报")},
        {},
        {},
        {},
        "sha256:0",
    )


@pytest.fixture
def known(small: Catalogue) -> Mapping[str, Form]:
    """The forms of the small catalogue."""
    return forms(small)


@pytest.fixture
def pen() -> Pen:
    """Writes a workbook as a clerk would: rows of values, merged ranges, number formats."""

    def write(
        rows: Rows,
        *,
        name: str = "Sheet1",
        merge: Sequence[str] = (),
        formats: Mapping[str, str] | None = None,
    ) -> bytes:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = name
        for row in rows:
            sheet.append([value for value in row])  # noqa: C416 openpyxl wants a list
        for place in merge:
            sheet.merge_cells(place)
        for place, code in (formats or {}).items():
            sheet[place].number_format = code
        buffer = BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return write


@pytest.fixture
def ugly(pen: Pen) -> bytes:
    """A ledger as it arrives: title, unit line, two heading rows, sections, a total that is wrong, notes."""
    return pen(
        [
            ["明澜县果园改造台账", *[None] * 7],
            [None, None, None, None, None, None, "单位：亿元", None],
            ["序号", "编号", "项目名称", "责任单位", "立项日期", "投资情况", None, "级别"],
            [None, None, None, None, None, "计划总投资", "年度完成投资（万元）", None],
            ["一、续建项目", *[None] * 7],
            [1, "G-1", "东坡果园", "甲镇", date(2024, 3, 1), 0.1, "1,234.5", "县级"],
            [2, "G-2", "西坡果园", None, "2024.3.5", 0.2, "８６", "市级"],
            ["小计", None, None, None, None, 0.3, 1320.5, None],
            [3, "G-3", "南坡果园", "乙镇", 20240401, 1.25, None, "县级"],
            ["合 计", None, None, None, None, 1.5, 1320.5, None],
            ["注：总投资含土地费用。", *[None] * 7],
            ["填表人：某甲", None, None, "审核人：", None, None, None, None],
        ],
        merge=("A1:H1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:G3", "H3:H4", "A5:H5", "D6:D7"),
    )


@pytest.fixture
def fill() -> Callable[..., bytes]:
    """Fills in templates of the catalogue in use: form code → rows by column code."""

    def write(sheets: Mapping[str, Sequence[Mapping[str, object]]]) -> bytes:
        known = forms(instance.catalogue())
        rows = {
            code: [[row.get(column.code) for column in known[code].columns] for row in given]
            for code, given in sheets.items()
        }
        return template([known[code] for code in sheets], Lists(rows=rows))

    return write
