"""The row reader: exact, three-valued, and lawful."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.kernel.catalogue.items import Item, ItemEnv
from shuzhi.kernel.catalogue.ledgers import LedgerEnv
from shuzhi.kernel.catalogue.load import calendar_of
from shuzhi.kernel.expr.arithmetic import COUNTED
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import (
    MISSING,
    Aggregate,
    Amount,
    Binary,
    Call,
    IsMissing,
    ListOf,
    Literal,
    Name,
    Span,
    Unary,
    Value,
)
from shuzhi.kernel.expr.parse import parse
from shuzhi.kernel.expr.rows import evaluate, fold, period, year_before
from tests.kernel.formulas import kleene, maybe
from tests.kernel.shelf import shelf

CATALOGUE = shelf().catalogue
CALENDAR = calendar_of(CATALOGUE)
ROOF = CATALOGUE.kinds["leaky_roof"]
TODAY = date(2025, 6, 30)
NOTHING = LedgerEnv({}, CATALOGUE, CALENDAR, TODAY)
ARITHMETIC = st.sampled_from(["+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">="])


def value(text: str, *items: Item) -> Value:
    return evaluate(parse(text), LedgerEnv({"leaky_roof": items}, CATALOGUE, CALENDAR, TODAY))


def roof(
    cost: int | None = None, opened: date = date(2025, 1, 5), unit: str = "990101", **fields: object
) -> Item:
    kept = {"cost": cost} if cost is not None else {}
    return Item(ROOF, {"opened": opened, "unit": unit}, {**kept, **fields})


def asked(sign: str, left: Value, right: Value) -> Value:
    return evaluate(Binary(sign, Literal(left), Literal(right)), NOTHING)


@given(kleene, kleene)
def test_and_or_not_follow_kleene(one: Value, two: Value) -> None:
    order = {False: 0, MISSING: 1, True: 2}
    assert asked("and", one, two) is min(one, two, key=lambda answer: order[answer])
    assert asked("or", one, two) is max(one, two, key=lambda answer: order[answer])
    denied = evaluate(Unary("not", Binary("and", Literal(one), Literal(two))), NOTHING)
    spread = Binary("or", Unary("not", Literal(one)), Unary("not", Literal(two)))
    assert denied == evaluate(spread, NOTHING)


@given(ARITHMETIC, maybe)
def test_what_is_reckoned_with_the_missing_is_missing(sign: str, other: Value) -> None:
    assert asked(sign, other, MISSING) == MISSING
    assert asked(sign, MISSING, other) == MISSING


@given(maybe, maybe)
def test_missing_is_never_equal_and_only_is_missing_answers(one: Value, two: Value) -> None:
    assert evaluate(IsMissing(Literal(one)), NOTHING) is (one == MISSING)
    if MISSING not in (one, two):
        assert asked("=", one, two) is (one == two)


@given(maybe, maybe, maybe)
def test_addition_and_multiplication_keep_the_laws_of_arithmetic(
    one: Value, two: Value, three: Value
) -> None:
    assert asked("+", one, two) == asked("+", two, one)
    assert asked("+", asked("+", one, two), three) == asked("+", one, asked("+", two, three))
    assert asked("*", one, asked("+", two, three)) == asked("+", asked("*", one, two), asked("*", one, three))


@given(maybe, maybe)
def test_dividing_undoes_multiplying_and_zero_divides_nothing(one: Value, two: Value) -> None:
    quotient = asked("/", one, two)
    if MISSING in (one, two) or two == Amount(Fraction(0)):
        assert quotient == MISSING
    else:
        assert asked("*", quotient, two) == one


costs = st.lists(st.none() | st.integers(0, 10**12), max_size=12)


@given(costs, st.integers(0, 12))
def test_the_sum_of_parts_is_the_sum_of_the_whole(amounts: list[int | None], cut: int) -> None:
    roofs = [roof(cost, unit="990101" if number < cut else "990102") for number, cost in enumerate(amounts)]
    here, there = (
        value(f"sum cost of leaky_roof where unit = '{unit}'", *roofs) for unit in ("990101", "990102")
    )
    known = [cost for cost in amounts if cost is not None]
    parts = [part.value for part in (here, there) if isinstance(part, Amount)]
    total = value("sum cost of leaky_roof", *roofs)
    if amounts and not known:
        assert total == MISSING
    else:
        assert total == Amount(Fraction(sum(known), 100), "金额")
        assert sum(parts) == Fraction(sum(known), 100)


@given(costs)
def test_rows_without_the_column_are_counted_and_skipped(amounts: list[int | None]) -> None:
    roofs = [roof(cost) for cost in amounts]
    node = parse("sum cost of leaky_roof")
    assert isinstance(node, Aggregate)
    folded = fold(node, LedgerEnv({"leaky_roof": roofs}, CATALOGUE, CALENDAR, TODAY))
    assert (folded.rows, folded.missing) == (len(amounts), amounts.count(None))


@given(st.lists(st.sampled_from(["990101", "990102", "990103"])))
def test_counts_split_by_unit_add_up_to_the_count(units: list[str]) -> None:
    roofs = [roof(unit=unit) for unit in units]
    split = value("count leaky_roof per unit", *roofs)
    assert split == tuple((unit, Amount(Fraction(units.count(unit)), COUNTED)) for unit in sorted(set(units)))
    assert value("distinct unit of leaky_roof", *roofs) == Amount(Fraction(len(set(units))), COUNTED)


READ: list[tuple[str, Value]] = [
    ("count leaky_roof", Amount(Fraction(0), COUNTED)),
    ("sum cost of leaky_roof", Amount(Fraction(0), "金额")),
    ("distinct unit of leaky_roof", Amount(Fraction(0), COUNTED)),
    ("max cost of leaky_roof", MISSING),
    ("min opened of leaky_roof", MISSING),
    ("leaky_roof.fixed_rate", MISSING),
    ("rain", MISSING),
    ("growth(count leaky_roof)", MISSING),
    ("lastyear(count leaky_roof)", Amount(Fraction(0), COUNTED)),
    ("target(rain)", MISSING),
    ("today", TODAY),
    ("year", Span(date(2025, 1, 1), TODAY)),
    ("lastyear", Span(date(2024, 1, 1), date(2024, 6, 30))),
    ("quarter", Span(date(2025, 4, 1), TODAY)),
    ("month", Span(date(2025, 6, 1), TODAY)),
    ("year(2024)", Span(date(2024, 1, 1), date(2024, 12, 31))),
    ("year(missing)", MISSING),
    ("param('tell_days')", Amount(Fraction(3), "时间")),
    ("if missing then 1 else 2", MISSING),
    ("if true then 1 else 2", Amount(Fraction(1))),
    ("coalesce(missing, 3, 4)", Amount(Fraction(3))),
    ("coalesce(missing, missing)", MISSING),
    ("least(3, 1, 2)", Amount(Fraction(1))),
    ("greatest(2025-01-01, 2025-02-01)", date(2025, 2, 1)),
    ("least(3, missing)", MISSING),
    ("days(2025-01-01, 2025-03-01)", Amount(Fraction(59), "时间")),
    ("year_of(2025-03-01)", Amount(Fraction(2025))),
    ("2025-03-01 + 30天", date(2025, 3, 31)),
    ("30 + 2025-03-01", date(2025, 3, 31)),
    ("2025-03-31 - 30天", date(2025, 3, 1)),
    ("2025-03-31 - 2025-03-01", Amount(Fraction(30), "时间")),
    ("-5万元", Amount(Fraction(-50000), "金额")),
    ("-missing", MISSING),
    ("1亿元 / 5000万元", Amount(Fraction(2))),
    ("3件 = 3", True),
    ("'a' = 'b' or true", True),
    ("true = false", False),
    ("2025-03-01 in year", True),
    ("2024-03-01 in year", False),
    ("missing in year", MISSING),
    ("3 in [1, 2, 3]", True),
    ("3 in [1, missing]", MISSING),
    ("3 not in [1, missing]", MISSING),
    ("3 not in [1, 2]", True),
    ("share(1万元, 2万元)", Amount(Fraction(1, 2))),
    ("coverage(3, 2)", Amount(Fraction(3, 2))),
    ("gap(1万元, 3万元)", Amount(Fraction(20000), "金额")),
    ("gap(3, 1)", Amount(Fraction(2))),
    ("gap(3, missing)", MISSING),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_a_formula_without_rows_has_its_value(text: str, expected: Value) -> None:
    assert value(text) == expected


def test_growth_compares_the_same_stretch_of_both_years() -> None:
    roofs = [roof(opened=date(2024, 3, 1)), roof(opened=date(2024, 9, 1)), roof(), roof(), roof()]
    assert value("growth(count leaky_roof in year)", *roofs) == Amount(Fraction(2))
    assert value("leaky_roof.listed", *roofs) == Amount(Fraction(3), COUNTED)


def test_only_what_is_true_is_counted_and_missing_is_not() -> None:
    roofs = [roof(grade="大"), roof(grade="小"), roof()]
    assert value("count leaky_roof where grade = '大'", *roofs) == Amount(Fraction(1), COUNTED)
    assert value("count leaky_roof where grade != '大'", *roofs) == Amount(Fraction(1), COUNTED)


def test_an_item_without_the_date_belongs_to_no_period() -> None:
    assert value("count leaky_roof in year", Item(ROOF)) == Amount(Fraction(0), COUNTED)


@pytest.mark.parametrize(
    ("day", "before"), [(date(2024, 2, 29), date(2023, 2, 28)), (TODAY, date(2024, 6, 30))]
)
def test_the_day_a_year_before_exists(day: date, before: date) -> None:
    assert year_before(day) == before
    assert period("lastyear", day) == Span(date(before.year, 1, 1), before)


SLIPS = [
    Binary("+", Literal(Amount(Fraction(1), "金额")), Literal(Amount(Fraction(1), "亩"))),
    Binary("*", Literal(Amount(Fraction(1), "金额")), Literal(Amount(Fraction(1), "金额"))),
    Binary("/", Literal("a"), Literal("b")),
    Binary("<", Literal("a"), Literal(date(2025, 1, 1))),
    Binary("in", Literal("a"), Literal(Span(TODAY, TODAY))),
    Binary("+", Literal(date(2025, 1, 1)), Literal(Amount(Fraction(1, 2), "时间"))),
    Binary("+", Literal(date(9999, 12, 31)), Literal(Amount(Fraction(1), "时间"))),
    Unary("-", Literal("a")),
    Call("days", (Literal("a"), Literal("b"))),
    Call("nothing", (Literal("a"),)),
    Call("year_of", (Literal("a"),)),
    Call("year", (Literal("a"),)),
    Name(("nothing",)),
    ListOf((Name(("nothing", "at", "all")),)),
]


@pytest.mark.parametrize("node", SLIPS)
def test_what_checking_should_have_refused_is_an_error_not_a_value(
    node: Binary | Unary | Call | Name,
) -> None:
    with pytest.raises(ExpressionError):
        evaluate(node, NOTHING)


def test_an_item_answers_only_what_an_item_can() -> None:
    env = ItemEnv(roof(cost=150), CATALOGUE, CALENDAR, TODAY)
    assert evaluate(parse("cost"), env) == Amount(Fraction(3, 2), "金额")
    for text in ("coast", "growth(cost)", "late(cost)"):
        with pytest.raises(ExpressionError):
            evaluate(parse(text), env)
