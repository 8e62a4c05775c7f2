"""Filled figures in every writing, with exact values, units, bounds; and numbers that measure nothing."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.prose.model import Span
from shuzhi.prose.signs.numbers import numbers
from shuzhi.prose.signs.numerals import chinese
from tests.prose.rows import rows

F = Fraction


def _expected(said: str) -> tuple[str, Fraction, Fraction | None, str | None, str | None]:
    numeral, _, rest = said.partition("=")
    value, unit, bound = [*rest.split(" "), "", ""][:3]
    low, _, high = value.partition("~")
    return numeral, F(low), F(high) if high else None, unit or None, bound or None


@pytest.mark.parametrize(("text", "expected"), rows("figures"))
@pytest.mark.parametrize("stop", ["", "。"])
def test_figures_are_found_in_every_writing_and_only_where_something_is_measured(
    text: str, expected: tuple[str, ...], stop: str
) -> None:
    text += stop
    found = [(n.span.of(text), n.value, n.value_max, n.unit, n.bound) for n in numbers(text)]
    assert found == [_expected(said) for said in expected]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("差异系数分别为0.52和0.41，均低于规定的0.65和0.55。", ["0.52", "0.41", "0.65", "0.55"]),
        ("入学率分别提高2.3个、0.4个和1.1个百分点。", ["2.3", "0.4", "1.1"]),
        ("入学率分别提高2.3、0.4和1.1个百分点。", ["2.3", "0.4", "1.1"]),
        ("撰写心得体会四篇，举办讲座三场。", ["四", "三"]),
        ("建成示范村一个，未发生事故一起。", ["一"]),
        ("落实十五条硬措施。", []),
        ("12至17岁学生接种率达98%。", ["98"]),
        ("干部平均年龄42岁。", ["42"]),
        ("资金3千2百万元到位。", ["3千2百"]),
    ],
)
def test_neighbours_decide_what_a_number_is(text: str, found: list[str]) -> None:
    assert [n.span.of(text) for n in numbers(text)] == found


TABLE = """科目\t2023年\t2024年\t增长
教育\t48.60\t51.03\t5.0%
节能\t8.00\t7.44\t-7.0%
"""
LINED = """重点项目进展（单位：万元）
| 序号 | 项目 | 总投资 | 完成率 |
|----|----|----|----|
| 1 | 北环路 | 12,000 | 71.7 |
| 2 | 水厂 | 8600 | 90 |
"""


def test_cells_of_a_table_are_figures_in_the_unit_of_their_head() -> None:
    assert [(str(n.value), n.unit) for n in numbers(TABLE)][-3:] == [
        ("8", None),
        ("186/25", None),
        ("-7", "%"),
    ]
    assert [(n.span.of(LINED), n.unit) for n in numbers(LINED)] == [
        ("12,000", "万元"),
        ("71.7", "%"),
        ("8600", "万元"),
        ("90", "%"),
    ]


@given(st.integers(0, 40))
def test_lines_put_in_front_move_figures_and_change_nothing_else(count: int) -> None:
    text = "全年接待游客1.2万余人次，增长8.5%，占比超过三成；新建学校两所，总投资1亿3000万元。"
    before = "现将有关情况汇报。\n" * count
    moved = [(n.span.start - len(before), n.value, n.unit) for n in numbers(before + text)]
    assert moved == [(n.span.start, n.value, n.unit) for n in numbers(text)]


def test_nothing_is_found_in_what_is_skipped() -> None:
    text = "共12户，修路3.5公里。"
    assert [n.span.of(text) for n in numbers(text, (Span(0, 4),))] == ["3.5"]


@pytest.mark.parametrize(
    ("text", "numeral", "value", "unit", "bound"),
    [
        ("产值12.5亿元", "12.5", F(25, 2), "亿元", None),
        ("产值１２．５亿元", "１２．５", F(25, 2), "亿元", None),
        ("惠及1,234户", "1,234", F(1234), "户", None),
        ("占百分之三十", "百分之三十", F(30), "%", None),
        ("占百分之六点五", "百分之六点五", F(13, 2), "%", None),
        ("三分之二的村", "三分之二", F(200, 3), "%", None),
        ("超过八成的农户", "八成", F(80), "%", "gt"),
        ("七成半的农户", "七成半", F(75), "%", None),
        ("产量翻一番", "翻一番", F(100), "%", None),
        ("产量翻了两番", "翻了两番", F(300), "%", None),
        ("建房一百二十户", "一百二十", F(120), "户", None),
        ("约1.2万余人", "1.2", F(6, 5), "万人", "gt"),
        ("近300人", "300", F(300), "人", "lt"),
        ("不低于5%", "5", F(5), "%", "ge"),
        ("90%以上", "90", F(90), "%", "ge"),
        ("控制在3%以内", "3", F(3), "%", "le"),
        ("提高1.5个百分点", "1.5", F(3, 2), "个百分点", None),
        ("死亡率2.1‰", "2.1", F(21, 10), "‰", None),
        ("发病率12.5/10万", "12.5", F(25, 2), "/10万", None),
        ("实现零事故", "零", F(0), "起", None),
        ("增长-3.2%", "-3.2", F(-16, 5), "%", None),
        ("是去年的三倍", "三", F(3), "倍", None),
        ("位列全市第3位", "3", F(3), "位", None),
    ],
)
def test_a_figure_is_read_exactly(
    text: str, numeral: str, value: Fraction, unit: str, bound: str | None
) -> None:
    (found,) = numbers(text)
    assert (found.span.of(text), found.value, found.unit, found.bound) == (numeral, value, unit, bound)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("增长6%—8%", F(6), F(8)),
        ("补助1.4万～2.1万元", F(7, 5), F(21, 10)),
        ("流转三四百亩", F(300), F(400)),
        ("需20-30天", F(20), F(30)),
    ],
)
def test_a_range_has_both_ends(text: str, low: Fraction, high: Fraction) -> None:
    (found,) = numbers(text)
    assert (found.value, found.value_max) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "2023年6月底前",
        "二〇二四年三月",
        "第十八届代表大会第三次会议",
        "县政发〔2024〕15号",
        "亿元以上项目",
        "500万元以上项目",
        "60岁以上老人",
        "六项机制",
        "三大体系",
        "“三公”经费",
        "“两个维护”",
        "“十四五”规划",
        "国家5A级景区",
        "7×24小时服务",
        "24小时值班",
        "12345热线",
        "建设5G基站",
        "零距离服务",
        "一批项目",
        "第一时间",
        "三次产业",
        "（1）（2）",
        "每10万人",
        "电话07715551234",
    ],
)
def test_a_number_that_measures_nothing_is_no_figure(text: str) -> None:
    assert numbers(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一百零五", 105),
        ("两千三", 2300),
        ("十二", 12),
        ("三万五千", 35000),
        ("一亿二千万", 120000000),
        ("二〇二四", 2024),
    ],
)
def test_chinese_numerals_are_read(text: str, value: int) -> None:
    assert chinese(text) == value


def _written(number: int) -> str:
    digits, out, zero = "零一二三四五六七八九", "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            out += ("零" if zero else "") + digits[digit] + unit
            zero = False
        elif out:
            zero = True
    return out


@given(st.integers(1, 9999))
def test_a_written_number_reads_back(number: int) -> None:
    assert chinese(_written(number)) == number


@given(st.decimals(min_value=0, max_value=10**6, places=2))
def test_a_printed_figure_keeps_its_value(value: object) -> None:
    (found,) = numbers(f"共计{value}万元。")
    assert found.value == Fraction(str(value))


@given(
    st.text(
        alphabet="0123456789.,，%‰一二三十百千万亿点分之成番倍个户人公里元年月日第（）:：—-至到 \n",
        max_size=60,
    )
)
def test_figures_are_disjoint_and_inside_the_text(text: str) -> None:
    found = numbers(text)
    assert all(0 <= n.span.start < n.span.end <= n.full.end <= len(text) for n in found)
    assert all(a.full.end <= b.full.start for a, b in pairwise(found))
