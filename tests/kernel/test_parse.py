"""The language is read as its grammar says, and what it cannot read it refuses with column and hint."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given

from shuzhi.kernel.expr.nodes import (
    MISSING,
    Aggregate,
    Amount,
    Binary,
    Call,
    If,
    IsMissing,
    ListOf,
    Literal,
    Name,
    Node,
    Unary,
    walk,
)
from shuzhi.kernel.expr.parse import ExpressionError, parse
from shuzhi.kernel.expr.spell import speak, spell
from tests.kernel.formulas import nodes


def name(text: str) -> Name:
    return Name(tuple(text.split(".")))


def number(value: int | Fraction) -> Literal:
    return Literal(Amount(Fraction(value)))


READ: list[tuple[str, Node]] = [
    ("12", number(12)),
    ("3.5", number(Fraction(7, 2))),
    ("20%", number(Fraction(1, 5))),
    ("0.1个百分点", number(Fraction(1, 1000))),
    ("5万元", Literal(Amount(Fraction(50000), "金额"))),
    ("1.2亿元", Literal(Amount(Fraction(120_000_000), "金额"))),
    ("3件次", Literal(Amount(Fraction(3), "件次"))),
    ("'县级'", Literal("县级")),
    ('"it\'s"', Literal("it's")),
    ("2025-03-01", Literal(date(2025, 3, 1))),
    ("true", Literal(True)),
    ("missing", Literal(MISSING)),
    ("税收.占比", name("税收.占比")),
    ("1 - 2 - 3", Binary("-", Binary("-", number(1), number(2)), number(3))),
    ("1 + 2 * 3", Binary("+", number(1), Binary("*", number(2), number(3)))),
    ("-a * b", Binary("*", Unary("-", name("a")), name("b"))),
    ("not a = b", Unary("not", Binary("=", name("a"), name("b")))),
    ("a or b and c", Binary("or", name("a"), Binary("and", name("b"), name("c")))),
    ("a is not missing", IsMissing(name("a"), negated=True)),
    ("a not in [1, 2]", Binary("not in", name("a"), ListOf((number(1), number(2))))),
    ("if a then 1 else 2", If(name("a"), number(1), number(2))),
    ("late('x')", Call("late", (Literal("x"),))),
    ("f()", Call("f", ())),
    ("count roof", Aggregate("count", None, "roof")),
    (
        "count roof where closed in year in lastyear per unit",
        Aggregate(
            "count", None, "roof", Binary("in", name("closed"), name("year")), name("lastyear"), "unit"
        ),
    ),
    (
        "sum a - b of fund.payment in year(2024)",
        Aggregate(
            "sum",
            Binary("-", name("a"), name("b")),
            "fund.payment",
            None,
            Call("year", (number(2024),)),
        ),
    ),
    (
        "count roof in year / count roof",
        Binary("/", Aggregate("count", None, "roof", None, name("year")), Aggregate("count", None, "roof")),
    ),
]


@pytest.mark.parametrize(("text", "node"), READ)
def test_a_formula_is_read_as_the_grammar_says(text: str, node: Node) -> None:
    assert parse(text) == node


REFUSED = [
    ("", 1, "公式是空的"),
    ("a +", 4, "应为一个值"),
    ("a = b = c", 7, "多出了"),
    ("a b", 3, "多出了"),
    ("5万", 2, "不是计量单位"),
    ("5斤", 2, "不是计量单位"),
    ("2025-02-30", 1, "不是真实的日期"),
    ("'县级", 1, "引号没有成对"),
    ("a ＝ b", 3, "全角符号"),
    ("a，b", 2, "全角符号"),
    ("a $ b", 3, "不认识的符号"),
    ("(a", 3, "应为“)”"),
    ("[1, 2", 6, "应为“]”"),
    ("a is 3", 6, "应为“missing”"),
    ("if a then b", 12, "应为“else”"),
    ("sum amount roof", 12, "应为“of”"),
    ("count of", 7, "应为台账的代码"),
    ("count roof per in", 16, "应为分组的列"),
    ("a.in", 3, "应为名称"),
    ("then", 1, "应为一个值"),
    ("(" * 40 + "a" + ")" * 40, 31, "套得太深"),
    ("-" * 40 + "a", 40, "套得太深"),
    ("not " * 40 + "a", 157, "套得太深"),
]


@pytest.mark.parametrize(("text", "column", "says"), REFUSED)
def test_what_cannot_be_read_is_refused_at_its_column(text: str, column: int, says: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.column == column
    assert says in caught.value.message


@pytest.mark.parametrize("text", ["1 + " * 400 + "1", "'" + "长" * 5000 + "'"])
def test_a_formula_too_long_for_a_reader_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="公式太长"):
        parse(text)


def test_the_full_width_sign_is_told_with_the_half_width_one() -> None:
    with pytest.raises(ExpressionError, match="请改用半角的 <="):
        parse("a ≤ b")


@given(nodes)
def test_spelling_and_reading_again_gives_the_same_formula(node: Node) -> None:
    assert parse(spell(node)) == node


@given(nodes)
def test_every_formula_can_be_said_in_chinese(node: Node) -> None:
    assert speak(node, {})


@given(nodes)
def test_walking_meets_every_name_that_is_spelled(node: Node) -> None:
    for part in walk(node):
        if isinstance(part, Name):
            assert part.text in spell(node)


SPOKEN = [
    ("rev_tax / rev_general", "税收收入 ÷ 一般公共预算收入"),
    ("(count roof where closed in year) / (count roof in year)", "〔屋顶〕中办结日期在本年之内的数量 ÷ 本年〔屋顶〕数量"),
    ("sum cost of roof where grade = '大' in year(2024)", "2024年〔屋顶〕中等级 ＝ “大”的费用合计"),
    ("distinct owner of roof per unit", "〔屋顶〕owner（不重复）个数，按单位分列"),
    ("growth(rev_tax)", "税收收入比上年同期增长"),
    ("a * (b + 1)", "a × （b ＋ 1）"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), SPOKEN)
def test_a_card_says_the_formula_in_the_words_of_the_office(text: str, said: str) -> None:
    labels = {
        "rev_tax": "税收收入",
        "rev_general": "一般公共预算收入",
        "roof": "屋顶",
        "roof:closed": "办结日期",
        "roof:cost": "费用",
        "roof:grade": "等级",
        "roof:unit": "单位",
    }
    assert speak(parse(text), labels) == said


def test_an_amount_is_spelled_in_its_largest_whole_unit() -> None:
    assert spell(Literal(Amount(Fraction(50_000), "金额"))) == "5万元"
    assert spell(Literal(Amount(Fraction(1, 3)))) == "1 / 3"
