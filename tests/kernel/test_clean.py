"""What people type becomes what the accounts keep; nothing is guessed and nothing is rounded."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.kernel.catalogue.clean import clean_fields, clean_value, clean_values, number, quantity
from shuzhi.kernel.catalogue.definitions import Field
from shuzhi.kernel.finding import Severity
from shuzhi.kernel.measure import amount, say, unit
from tests.kernel.shelf import shelf

MONEY = Field("cost", "费用", "quantity", unit="万元")
WHOLE = Field("houses", "户数", "whole", unit="户")
COUNT = Field("number", "数量", "whole")
DAY = Field("fixed", "修好日期", "date")
TRUTH = Field("urgent", "紧急", "bool")
GRADE = Field("grade", "等级", "choice", choices=("大", "小", "无"))
CLASS = Field("water", "水质", "choice", choices=("Ⅱ类", "Ⅲ类", "其他（写明）"))
TEXT = Field("place", "地点", "text")
LONG = Field("story", "经过", "long")
UNIT = Field("owner", "单位", "unit")

KEPT: list[tuple[Field, object, object]] = [
    (MONEY, "1.5", 1_500_000),
    (MONEY, "1,234.5", 1_234_500_000),
    (MONEY, "１２．５", 12_500_000),
    (MONEY, "5亿元", 50_000_000_000),
    (MONEY, "3000元", 300_000),
    (MONEY, "-3", -3_000_000),
    (MONEY, Decimal("0.000001"), 1),
    (MONEY, 7, 7_000_000),
    (WHOLE, "12", 12),
    (WHOLE, "1.2万户", 12_000),
    (COUNT, "３", 3),
    (DAY, "2025-03-01", "2025-03-01"),
    (DAY, "2025/3/1", "2025-03-01"),
    (DAY, "2025.3.1", "2025-03-01"),
    (DAY, "２０２５年３月１日", "2025-03-01"),
    (DAY, "20250301", "2025-03-01"),
    (DAY, "2025-03-01 00:00:00", "2025-03-01"),
    (DAY, date(2025, 3, 1), "2025-03-01"),
    (DAY, datetime(2025, 3, 1, 9), "2025-03-01"),  # noqa: DTZ001 - a cell of a workbook has no zone
    (TRUTH, "是", True),
    (TRUTH, "√", True),
    (TRUTH, "无", False),
    (TRUTH, False, False),
    (GRADE, "大", "大"),
    (GRADE, "无", "无"),
    (CLASS, "II类", "Ⅱ类"),
    (CLASS, "Ⅲ类", "Ⅲ类"),
    (CLASS, "其他(写明)", "其他（写明）"),
    (TEXT, " 镕喆堃祎𠀀 ", "镕喆堃祎𠀀"),
    (TEXT, "㎡", "㎡"),
    (TEXT, "无", "无"),
    (LONG, "一\n二", "一\n二"),
    (UNIT, "990101", "990101"),
    (MONEY, "", None),
    (MONEY, "  ", None),
    (MONEY, None, None),
]


@pytest.mark.parametrize(("field", "raw", "kept"), KEPT)
def test_what_is_typed_is_kept_exactly(field: Field, raw: object, kept: object) -> None:
    assert clean_value(field, raw) == kept


REFUSED = [
    (MONEY, "一百", "field.quantity", "不是数"),
    (MONEY, "1,23", "field.quantity", "不是数"),
    (MONEY, "0.0000001", "field.quantity", "小数位过多"),
    (MONEY, "3亩", "field.quantity", "不能换算"),
    (MONEY, "9" * 20, "field.quantity", "太大"),
    (WHOLE, "1.5", "field.whole", "小数位过多"),
    (COUNT, "约3", "field.whole", "不是数"),
    (DAY, "3月1日", "field.date", "不是日期"),
    (DAY, "2025-02-30", "field.date", "不是真实的日期"),
    (DAY, "0225-03-01", "field.date", "年份不对"),
    (DAY, date(9999, 1, 1), "field.date", "年份不对"),
    (TRUTH, "也许", "field.bool", "不是“是”或“否”"),
    (GRADE, "中", "field.choice", "不在可选的值里"),
]


@pytest.mark.parametrize(("field", "raw", "identity", "says"), REFUSED)
def test_what_cannot_be_kept_is_a_finding_and_left_out(
    field: Field, raw: object, identity: str, says: str
) -> None:
    values, findings = clean_values([field], {field.code: raw}, place="表1 第3行")
    assert values == {}
    assert [finding.id for finding in findings] == [identity]
    assert says in findings[0].message
    assert findings[0].place == f"表1 第3行·{field.label}"


@pytest.mark.parametrize(
    ("raw", "advised"), [("—", 0), ("/", 0), ("-", 0), ("不适用", 1), ("暂无", 1), ("无", 1)]
)
def test_a_mark_that_says_nothing_is_empty(raw: str, advised: int) -> None:
    values, findings = clean_values([MONEY], {"cost": raw})
    assert values == {"cost": None}
    assert [finding.severity for finding in findings] == [Severity.ADVICE] * advised


def test_a_field_nobody_defined_is_refused_with_a_suggestion() -> None:
    _, findings = clean_values([MONEY, DAY], {"cots": "3"})
    assert findings[0].id == "field.unknown"
    assert "cost" in findings[0].hint


def test_a_required_field_left_empty_is_found_once() -> None:
    kind = shelf().catalogue.kinds["leaky_roof"]
    values, findings = clean_fields(kind, {"cost": "1.5", "size": ""})
    assert values == {"cost": 1_500_000}
    assert [(finding.id, finding.place) for finding in findings] == [("field.required", "等级")]
    _, findings = clean_fields(kind, {"grade": "中"})
    assert [finding.id for finding in findings] == ["field.choice"]


@given(st.decimals(-(10**9), 10**9, places=6))
def test_a_number_with_thousands_separators_reads_as_without(value: Decimal) -> None:
    assert number(f"{value:,f}") == Fraction(value)


@given(st.integers(-(10**15), 10**15))
def test_an_amount_shown_and_typed_again_is_the_same(kept: int) -> None:
    shown = say(amount(kept, unit("万元")), 6)
    assert quantity(shown, unit("万元")) == kept


@pytest.mark.parametrize("raw", [1.5, True, date(2025, 1, 1)])
def test_a_float_never_gets_near_an_amount(raw: object) -> None:
    with pytest.raises(TypeError):
        quantity(raw, unit("万元"))
