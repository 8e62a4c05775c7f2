"""The row reader: evaluates a formula in Python, exactly, on one item or on rows in memory.

The reader knows the operators and the pure functions; everything else it asks of an :class:`Env`. Other readers reuse
it by giving an Env of their own: the figure reader answers :meth:`Env.aggregate` and :meth:`Env.name` with leaf values
it has fetched from a closing, and :meth:`Env.call` by evaluating the argument in a context one year back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol

from shuzhi.kernel.expr import arithmetic as sums
from shuzhi.kernel.expr.functions import FUNCTIONS
from shuzhi.kernel.expr.lexer import ExpressionError
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
    Missing,
    Name,
    Node,
    Span,
    Unary,
    Value,
)


class Env(Protocol):
    """What a formula is read against. Answers are values or MISSING; an unknown name raises ExpressionError."""

    def name(self, node: Name) -> Value:
        """The value of a word: a column, a field, an indicator, a figure (``a.b``), ``today``, or a Span (``year``)."""
        ...

    def call(self, node: Call) -> Value:
        """A function that is not pure: workdays, param, due, late, growth, lastyear, target, and ``year(2024)``.

        Arguments come unevaluated; use :func:`evaluate` with whatever Env they are to be read in.
        """
        ...

    def aggregate(self, node: Aggregate) -> Value:
        """sum, count, distinct, min or max over a source; an Env with rows in memory returns ``fold(node, self).value``."""
        ...

    def rows(self, source: str) -> Iterable["Env"]:
        """The rows of a source, each an Env that knows its own columns first and this Env's words behind them."""
        ...

    def placed(self) -> Value:
        """The row's own date, by which ``in PERIOD`` of an aggregate places it; MISSING when it has none."""
        ...

    def family(self, node: Aggregate) -> str:
        """The family of an aggregate's column, for the sum of no rows."""
        ...


@dataclass(frozen=True, slots=True)
class Folded:
    """An aggregate's value, how many rows it is made of, and how many of them lacked the column."""

    value: Value
    rows: int
    missing: int = 0


def evaluate(node: Node, env: Env) -> Value:
    """The value of a checked formula; raises ExpressionError only for what checking would have refused."""
    match node:
        case Literal(value):
            return value
        case Name():
            return env.name(node)
        case Unary(sign, operand):
            value = evaluate(operand, env)
            return sums.negation(value) if sign == "not" else _negative(value, node.at)
        case Binary():
            return _binary(node, env)
        case IsMissing(operand, negated):
            return isinstance(evaluate(operand, env), Missing) != negated
        case If(test, then, other):
            answer = evaluate(test, env)
            return (
                MISSING if isinstance(answer, Missing) else evaluate(then if answer is True else other, env)
            )
        case ListOf(items):
            return tuple(evaluate(item, env) for item in items)
        case Call():
            return _call(node, env)
        case Aggregate():
            return env.aggregate(node)


def _negative(value: Value, at: int) -> Value:
    if isinstance(value, Missing):
        return MISSING
    if not isinstance(value, Amount):
        raise ExpressionError("负号后面应为数量", at)
    return Amount(-value.value, value.family)


def _binary(node: Binary, env: Env) -> Value:
    left = evaluate(node.left, env)
    if (node.sign == "and" and left is False) or (node.sign == "or" and left is True):
        return left
    return combine(node.sign, left, evaluate(node.right, env), node.at)


def combine(sign: str, left: Value, right: Value, at: int = 0) -> Value:
    """The value of ``left sign right`` for every sign of two operands."""
    if sign == "and":
        return sums.all_of((left, right))
    if sign == "or":
        return sums.any_of((left, right))
    if sign == "in":
        return sums.within(left, right, at)
    if sign == "not in":
        return sums.negation(sums.within(left, right, at))
    if sign in ("+", "-", "*", "/"):
        return sums.calculate(sign, left, right, at)
    return sums.compare(sign, left, right, at)


_PURE = frozenset({"days", "least", "greatest", "gap", "coalesce", "year_of", "share", "coverage"})


def _call(node: Call, env: Env) -> Value:
    if node.function not in _PURE:
        return env.call(node)
    if node.function == "coalesce":
        values = (evaluate(item, env) for item in node.arguments)
        return next((value for value in values if not isinstance(value, Missing)), MISSING)
    return pure(node.function, tuple(evaluate(item, env) for item in node.arguments), node.at)


def pure(function: str, values: tuple[Value, ...], at: int = 0) -> Value:
    """A function whose answer depends on nothing but its arguments; one missing argument makes it missing."""
    if function not in FUNCTIONS:
        raise ExpressionError(f"没有“{function}”这个函数", at)
    if any(isinstance(value, Missing) for value in values):
        return MISSING
    if function == "days":
        return sums.calculate("-", values[1], values[0], at)
    if function == "gap":
        return extreme(
            [sums.calculate("-", one, two, at) for one, two in (values, values[::-1])], least=False, at=at
        )
    if function in ("share", "coverage"):
        return sums.quotient(values[0], values[1], at)
    if function == "year_of" and isinstance(values[0], date):
        return Amount(Fraction(values[0].year))
    if function in ("least", "greatest"):
        return extreme(values, least=function == "least", at=at)
    raise ExpressionError(f"函数“{function}”不能这样用", at)


def extreme(values: Iterable[Value], *, least: bool, at: int = 0) -> Value:
    """The smallest or largest of values of one sort, or MISSING when there are none."""
    best: Value = MISSING
    for value in values:
        if isinstance(best, Missing) or (sums.order(value, best, at=at) < 0) == least:
            best = value
    return best


def fold(node: Aggregate, env: Env) -> Folded:
    """An aggregate over ``env.rows(source)``: only rows whose condition is true count.

    ``count`` and ``distinct`` of nothing are 0, ``sum`` of no rows is 0 of its family, ``min`` and ``max`` of nothing
    are missing. Rows that lack the column are skipped and counted; when every row lacks it the sum is missing too.
    With ``per`` the value is a tuple of (key, value) pairs in the order of the keys.
    """
    rows = list(_kept(node, env))
    if not node.per:
        return _total(node, rows, env)
    groups: dict[str, list[Env]] = {}
    key = Name((node.per,), node.at)
    for row in rows:
        value = row.name(key)
        if isinstance(value, str):
            groups.setdefault(value, []).append(row)
    parts = {name: _total(node, groups[name], env) for name in sorted(groups)}
    split: tuple[Value, ...] = tuple((name, part.value) for name, part in parts.items())
    return Folded(
        split, sum(part.rows for part in parts.values()), sum(part.missing for part in parts.values())
    )


def _kept(node: Aggregate, env: Env) -> Iterable[Env]:
    period = None if node.period is None else evaluate(node.period, env)
    for row in env.rows(node.source):
        if period is not None and sums.within(row.placed(), period, node.at) is not True:
            continue
        if node.where is None or evaluate(node.where, row) is True:
            yield row


def _total(node: Aggregate, rows: list[Env], env: Env) -> Folded:
    if node.column is None:
        return Folded(Amount(Fraction(len(rows)), sums.COUNTED), len(rows))
    column = node.column
    found = [value for value in (evaluate(column, row) for row in rows) if not isinstance(value, Missing)]
    absent = len(rows) - len(found)
    if node.how == "distinct":
        return Folded(Amount(Fraction(len(set(found))), sums.COUNTED), len(rows), absent)
    if node.how in ("min", "max"):
        return Folded(extreme(found, least=node.how == "min", at=node.at), len(rows), absent)
    if rows and not found:
        return Folded(MISSING, len(rows), absent)
    total: Value = Amount(Fraction(0), env.family(node))
    for value in found:
        total = sums.calculate("+", total, value, node.at)
    return Folded(total, len(rows), absent)


def period(word: str, until: date) -> Span:
    """The stretch a bare period word means in a context that ends on ``until``; raises KeyError for other words."""
    quarter = date(until.year, (until.month - 1) // 3 * 3 + 1, 1)
    starts = {"year": date(until.year, 1, 1), "quarter": quarter, "month": until.replace(day=1)}
    if word == "lastyear":
        return Span(date(until.year - 1, 1, 1), year_before(until))
    return Span(starts[word], until)


def year_before(day: date) -> date:
    """The same day a year earlier; the last day of February stays the last day, so that whole months meet whole months."""
    if day.month == 2 and (day + timedelta(1)).month == 3:
        return date(day.year - 1, 3, 1) - timedelta(1)
    return day.replace(year=day.year - 1)


def whole_year(node: Call, env: Env) -> Value:
    """``year(2024)``: the whole of a year."""
    year = evaluate(node.arguments[0], env)
    if isinstance(year, Missing):
        return MISSING
    if not isinstance(year, Amount) or year.value.denominator != 1 or not 1 <= year.value <= 9999:
        raise ExpressionError("这里应为年份", node.at, "写 year(2024)")
    return Span(date(int(year.value), 1, 1), date(int(year.value), 12, 31))
