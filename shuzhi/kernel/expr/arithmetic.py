"""What the operators do to values: exact, and honest about what is missing (three-valued logic after Kleene)."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import MISSING, Amount, Missing, Span, Value
from shuzhi.kernel.measure import RATIO, UNITS

COUNTED = "个"
DAYS = "时间"
MONEY = "金额"
# Families that count whole things: a bare number and a count of rows (个) are understood in any of them.
COUNTING = frozenset(
    unit.family.name for unit in UNITS.values() if unit.family.scale == 0 and unit.family.name != "电量"
)


def joined(left: str, right: str) -> str | None:
    """The family two amounts can be added or compared in, or None: 个 meets 户, a bare number meets either."""
    if left == right:
        return left
    pair = {left, right}
    for generic in (RATIO.name, COUNTED):
        other = next(iter(pair - {generic}))
        if generic in pair and other in COUNTING and not (generic == COUNTED and other == DAYS):
            return other
    return None


def clash(sign: str, left: Value, right: Value, at: int) -> ExpressionError:
    """The error for operands an operator cannot take; types are checked before, so this is a slip in the code."""
    return ExpressionError(f"“{sign}”两边不能一起计算：{_what(left)}、{_what(right)}", at)


def _what(value: Value) -> str:
    if isinstance(value, Amount):
        return value.family
    words = {bool: "是非", str: "文字", date: "日期", Span: "时段", tuple: "列表"}
    return words.get(type(value), "缺")


def _moved(day: date, days: Amount, direction: int, at: int) -> date:
    if days.value.denominator != 1:
        raise ExpressionError("日期只能加减整天", at)
    try:
        return day + timedelta(direction * days.value.numerator)
    except OverflowError:
        raise ExpressionError("日期超出了公元纪年", at) from None


def _plus_minus(sign: str, left: Value, right: Value, at: int) -> Value:
    direction = 1 if sign == "+" else -1
    if isinstance(left, Amount) and isinstance(right, Amount):
        family = joined(left.family, right.family)
        if family is not None:
            return Amount(left.value + direction * right.value, family)
    elif isinstance(left, date) and isinstance(right, date) and sign == "-":
        return Amount(Fraction((left - right).days), DAYS)
    elif isinstance(left, date) and isinstance(right, Amount) and joined(right.family, DAYS) == DAYS:
        return _moved(left, right, direction, at)
    elif isinstance(left, Amount) and isinstance(right, date) and sign == "+":
        return _plus_minus("+", right, left, at)
    raise clash(sign, left, right, at)


def _product(left: Value, right: Value, at: int) -> Value:
    if isinstance(left, Amount) and isinstance(right, Amount):
        if right.family == RATIO.name:
            return Amount(left.value * right.value, left.family)
        if left.family == RATIO.name:
            return Amount(left.value * right.value, right.family)
    raise clash("*", left, right, at)


def quotient(left: Value, right: Value, at: int = 0) -> Value:
    """``left / right``; missing when the divisor is zero."""
    if isinstance(left, Missing) or isinstance(right, Missing):
        return MISSING
    if not (isinstance(left, Amount) and isinstance(right, Amount)):
        raise clash("/", left, right, at)
    if joined(left.family, right.family) is None and right.family != RATIO.name:
        raise clash("/", left, right, at)
    if right.value == 0:
        return MISSING
    family = left.family if right.family == RATIO.name else RATIO.name
    return Amount(left.value / right.value, family)


def calculate(sign: str, left: Value, right: Value, at: int = 0) -> Value:
    """``+ - * /`` on two values; missing with anything is missing."""
    if isinstance(left, Missing) or isinstance(right, Missing):
        return MISSING
    if sign == "*":
        return _product(left, right, at)
    if sign == "/":
        return quotient(left, right, at)
    return _plus_minus(sign, left, right, at)


def order(left: Value, right: Value, sign: str = "<", at: int = 0) -> int:
    """-1, 0 or 1 as ``left`` is below, equal to or above ``right``; both must be there and of one sort."""
    if isinstance(left, Amount) and isinstance(right, Amount):
        if joined(left.family, right.family) is None:
            raise clash(sign, left, right, at)
        return (left.value > right.value) - (left.value < right.value)
    if isinstance(left, bool) and isinstance(right, bool):
        return left - right
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, date) and isinstance(right, date):
        return (left > right) - (left < right)
    raise clash(sign, left, right, at)


def compare(sign: str, left: Value, right: Value, at: int = 0) -> Value:
    """``= != < <= > >=``; missing with anything is missing."""
    if isinstance(left, Missing) or isinstance(right, Missing):
        return MISSING
    place = order(left, right, sign, at)
    answers = {
        "=": place == 0,
        "!=": place != 0,
        "<": place < 0,
        "<=": place <= 0,
        ">": place > 0,
        ">=": place >= 0,
    }
    return answers[sign]


def within(left: Value, right: Value, at: int = 0) -> Value:
    """``left in right`` for a day in a span or a value in a list."""
    if isinstance(left, Missing) or isinstance(right, Missing):
        return MISSING
    if isinstance(right, Span) and isinstance(left, date):
        return right.start <= left <= right.end
    if isinstance(right, tuple):
        return any_of([compare("=", left, item, at) for item in right])
    raise clash("in", left, right, at)


def negation(value: Value) -> Value:
    """``not value``: missing stays missing."""
    return MISSING if isinstance(value, Missing) else value is not True


def all_of(values: Sequence[Value]) -> Value:
    """``and``: false wins over missing, missing over true."""
    if any(value is False for value in values):
        return False
    return MISSING if any(isinstance(value, Missing) for value in values) else True


def any_of(values: Sequence[Value]) -> Value:
    """``or``: true wins over missing, missing over false."""
    if any(value is True for value in values):
        return True
    return MISSING if any(isinstance(value, Missing) for value in values) else False
