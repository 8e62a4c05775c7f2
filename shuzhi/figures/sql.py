"""Conditions and columns of the language as SQL trees, exact: whole numbers of 128 bits with a scale kept outside.

A number is ``top / bottom * scale``: ``top`` and ``bottom`` are whole-number expressions of SQL, ``scale`` a fraction known
beforehand. So fen are compared with fen, quotients by multiplying crosswise, and nothing is ever rounded. What cannot
be said so raises :class:`Beyond`, and the row reader takes over. SQL's own three-valued logic is the language's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import gcd, lcm
from typing import Final

from sqlglot import exp

from shuzhi.figures.layout import Column
from shuzhi.kernel.expr.nodes import (
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

_LARGEST: Final = 10**37
_COMPARE: Final[dict[str, type[exp.Binary]]] = {
    "=": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_FLIP: Final = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Beyond(Exception):
    """This formula has no exact form in SQL."""


@dataclass(frozen=True, slots=True)
class Number:
    """``top / bottom * scale``; ``bottom`` None is one, ``scale`` is above zero, so order among tops is order of values."""

    top: exp.Expression
    scale: Fraction
    bottom: exp.Expression | None = None


@dataclass(frozen=True, slots=True)
class Plain:
    """A text, day, truth or nothing (``sort``: text, date, bool, null)."""

    sort: str
    sql: exp.Expression


Said = Number | Plain
NOTHING: Final = Plain("null", exp.Null())


def day(value: date) -> exp.Expression:
    """A day as SQL."""
    parts = [exp.Literal.number(part) for part in (value.year, value.month, value.day)]
    return exp.Anonymous(this="make_date", expressions=parts)


def whole(value: int) -> exp.Expression:
    """A whole number as SQL; raises Beyond when 128 bits may not hold it."""
    if abs(value) >= _LARGEST:
        raise Beyond(str(value))
    return exp.Literal.number(value)


def column(name: str) -> exp.Column:
    """A column of the relation that is scanned."""
    return exp.column(name, table="t", quoted=True)


class Translator:
    """Says formulas over the columns of one relation."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self.columns = columns

    def truth(self, node: Node) -> exp.Expression:
        """A condition as SQL."""
        return self._bool(self.said(node))

    def said(self, node: Node) -> Said:
        """A formula as SQL; raises Beyond."""
        match node:
            case Literal(value):
                return _literal(value)
            case Name(parts):
                return self._name(parts[0])
            case Unary(sign, operand):
                return self._unary(sign, operand)
            case Binary():
                return self._binary(node)
            case IsMissing(operand, negated):
                return self._is_missing(operand, negated)
            case If(test, then, other):
                return self._choice(self.truth(test), self.said(then), self.said(other))
            case Call():
                return self._call(node)
        raise Beyond(type(node).__name__)

    def _name(self, name: str) -> Said:
        described = self.columns[name]
        if described.type == "whole":
            return Number(column(name), Fraction(1, 10**described.scale))
        return Plain(described.type, column(name))

    def _bool(self, said: Said) -> exp.Expression:
        if isinstance(said, Number) or said.sort not in ("bool", "null"):
            raise Beyond("not a condition")
        return said.sql

    def _unary(self, sign: str, operand: Node) -> Said:
        if sign == "not":
            return Plain("bool", exp.Not(this=exp.Paren(this=self.truth(operand))))
        said = self.said(operand)
        if isinstance(said, Number):
            return Number(exp.Paren(this=exp.Neg(this=_paren(said.top))), said.scale, said.bottom)
        return NOTHING

    def _is_missing(self, operand: Node, negated: bool) -> Said:
        said = self.said(operand)
        sql: exp.Expression = exp.Paren(this=_value(said))
        test: exp.Expression = exp.Is(this=sql, expression=exp.Null())
        return Plain("bool", exp.Not(this=exp.Paren(this=test)) if negated else test)

    def _binary(self, node: Binary) -> Said:
        if node.sign in ("and", "or"):
            joint = exp.And if node.sign == "and" else exp.Or
            left, right = exp.Paren(this=self.truth(node.left)), exp.Paren(this=self.truth(node.right))
            return Plain("bool", exp.Paren(this=joint(this=left, expression=right)))
        if node.sign in ("in", "not in"):
            test = self._within(self.said(node.left), node.right)
            return Plain("bool", exp.Not(this=exp.Paren(this=test)) if node.sign == "not in" else test)
        left_said, right_said = self.said(node.left), self.said(node.right)
        if NOTHING in (left_said, right_said):
            return NOTHING
        if node.sign in _COMPARE:
            return Plain("bool", _compared(node.sign, left_said, right_said))
        return _calculated(node.sign, left_said, right_said)

    def _within(self, left: Said, right: Node) -> exp.Expression:
        if isinstance(right, Literal) and isinstance(right.value, Span):
            if not isinstance(left, Plain):
                raise Beyond("a number in a span")
            if left == NOTHING:
                return exp.Null()
            return exp.Paren(this=inside(left.sql, right.value))
        if isinstance(right, Literal) and isinstance(right.value, tuple):
            items: tuple[Node, ...] = tuple(Literal(value) for value in right.value)
        elif isinstance(right, ListOf):
            items = right.items
        else:
            raise Beyond("in")
        tests: list[exp.Expression] = []
        for item in items:
            said = self.said(item)
            tests.append(
                exp.Null() if NOTHING in (left, said) else exp.Paren(this=_compared("=", left, said))
            )
        return exp.Paren(this=exp.or_(exp.false(), *tests, copy=False))

    def _choice(self, test: exp.Expression, then: Said, other: Said) -> Said:
        (first, second), scale, sort = _alike((then, other))
        unknown: exp.Expression = exp.Is(this=exp.Paren(this=test.copy()), expression=exp.Null())
        sql = exp.Case(
            ifs=[exp.If(this=unknown, true=exp.Null()), exp.If(this=test, true=first)], default=second
        )
        return Number(sql, scale) if scale is not None else Plain(sort, sql)

    def _call(self, node: Call) -> Said:
        said = [self.said(item) for item in node.arguments]
        if node.function == "coalesce":
            values, scale, sort = _alike(said)
            sql: exp.Expression = exp.Coalesce(this=values[0], expressions=values[1:])
            return Number(sql, scale) if scale is not None else Plain(sort, sql)
        if NOTHING in said:
            return NOTHING
        if node.function == "days":
            return _calculated("-", said[1], said[0])
        if node.function in ("share", "coverage"):
            return _calculated("/", said[0], said[1])
        if node.function == "year_of" and isinstance(said[0], Plain):
            year = exp.Extract(this=exp.Var(this="YEAR"), expression=said[0].sql)
            return Number(year, Fraction(1))
        if node.function in ("least", "greatest"):
            return _extreme(node.function, said)
        if node.function == "gap":
            return _upright(_calculated("-", said[0], said[1]))
        raise Beyond(node.function)


def _upright(said: Said) -> Said:
    """A number without its sign."""
    if not isinstance(said, Number):
        raise Beyond("gap")
    bottom = None if said.bottom is None else exp.Abs(this=said.bottom)
    return Number(exp.Abs(this=said.top), said.scale, bottom)


def inside(sql: exp.Expression, span: Span) -> exp.Expression:
    """A day within a span, both ends included."""
    after = exp.GTE(this=sql.copy(), expression=day(span.start))
    return exp.And(this=after, expression=exp.LTE(this=sql, expression=day(span.end)))


def year_inside(sql: exp.Expression, span: Span) -> exp.Expression:
    """A year whose 1 January lies within a span."""
    first = span.start.year + (span.start != date(span.start.year, 1, 1))
    after = exp.GTE(this=sql.copy(), expression=exp.Literal.number(first))
    return exp.And(this=after, expression=exp.LTE(this=sql, expression=exp.Literal.number(span.end.year)))


def _literal(value: Value) -> Said:
    if isinstance(value, Missing):
        return NOTHING
    if isinstance(value, bool):
        return Plain("bool", exp.true() if value else exp.false())
    if isinstance(value, Amount):
        return Number(whole(value.value.numerator), Fraction(1, value.value.denominator))
    if isinstance(value, str):
        return Plain("text", exp.Literal.string(value))
    if isinstance(value, date):
        return Plain("date", day(value))
    raise Beyond(type(value).__name__)


def _value(said: Said) -> exp.Expression:
    """Something that is NULL just when the value is missing."""
    if isinstance(said, Plain):
        return said.sql
    return said.top if said.bottom is None else exp.Add(this=_paren(said.top), expression=_paren(said.bottom))


def _paren(sql: exp.Expression) -> exp.Expression:
    return exp.Paren(this=sql.copy())


def _times(*parts: exp.Expression | int | None) -> exp.Expression:
    """The product of what is there; factors of one are left out."""
    product: exp.Expression | None = None
    for part in parts:
        if part is None or part == 1:
            continue
        factor = whole(part) if isinstance(part, int) else _paren(part)
        product = factor if product is None else exp.Mul(this=product, expression=factor)
    return product if product is not None else whole(1)


def _common(one: Fraction, two: Fraction) -> tuple[Fraction, int, int]:
    """The largest fraction both are whole multiples of, and the multiples."""
    scale = Fraction(gcd(one.numerator, two.numerator), lcm(one.denominator, two.denominator))
    return scale, int(one / scale), int(two / scale)


def _compared(sign: str, left: Said, right: Said) -> exp.Expression:
    if isinstance(left, Number) and isinstance(right, Number):
        _, one, two = _common(left.scale, right.scale)
        first = _times(left.top, right.bottom, one)
        second = _times(right.top, left.bottom, two)
        upright = _COMPARE[sign](this=exp.Paren(this=first), expression=exp.Paren(this=second))
        bottoms = [part for part in (left.bottom, right.bottom) if part is not None]
        if not bottoms:
            return upright
        turned = _COMPARE[_FLIP[sign]](this=_paren(first), expression=_paren(second))
        positive: exp.Expression = exp.GT(this=_sign(bottoms), expression=exp.Literal.number(0))
        negative: exp.Expression = exp.LT(this=_sign(bottoms), expression=exp.Literal.number(0))
        return exp.Case(ifs=[exp.If(this=positive, true=upright), exp.If(this=negative, true=turned)])
    if isinstance(left, Number) or isinstance(right, Number) or left.sort != right.sort:
        raise Beyond("compared")
    return _COMPARE[sign](this=left.sql.copy(), expression=right.sql.copy())


def _sign(parts: list[exp.Expression]) -> exp.Expression:
    signs = [exp.Sign(this=part.copy()) for part in parts]
    return signs[0] if len(signs) == 1 else exp.Mul(this=signs[0], expression=signs[1])


def _calculated(sign: str, left: Said, right: Said) -> Said:
    if isinstance(left, Plain) or isinstance(right, Plain):
        return _dated(sign, left, right)
    if sign == "*":
        bottom = _times(left.bottom, right.bottom) if left.bottom or right.bottom else None
        return Number(_times(left.top, right.top), left.scale * right.scale, bottom)
    if sign == "/":
        divisor = exp.Nullif(this=_times(right.top, left.bottom), expression=whole(0))
        return Number(_times(left.top, right.bottom), left.scale / right.scale, divisor)
    scale, one, two = _common(left.scale, right.scale)
    bottom = _times(left.bottom, right.bottom) if left.bottom or right.bottom else None
    first, second = _times(left.top, right.bottom, one), _times(right.top, left.bottom, two)
    joint = exp.Add if sign == "+" else exp.Sub
    return Number(joint(this=exp.Paren(this=first), expression=exp.Paren(this=second)), scale, bottom)


def _dated(sign: str, left: Said, right: Said) -> Said:
    """Days: the difference of two, or one moved by whole days."""
    if isinstance(left, Plain) and isinstance(right, Plain):
        if sign != "-" or (left.sort, right.sort) != ("date", "date"):
            raise Beyond("dates")
        difference = exp.Sub(this=_paren(left.sql), expression=_paren(right.sql))
        return Number(exp.Paren(this=difference), Fraction(1))
    if isinstance(left, Number):
        left, right = right, left
    if not (isinstance(left, Plain) and isinstance(right, Number)) or left.sort != "date":
        raise Beyond("dates")
    if right.bottom is not None or right.scale.denominator != 1:
        raise Beyond("parts of days")
    step = exp.Cast(this=_times(right.top, int(right.scale)), to=exp.DataType(this=exp.DataType.Type.INT))
    joint = exp.Add if sign == "+" else exp.Sub
    return Plain("date", joint(this=_paren(left.sql), expression=step))


def _alike(parts: Sequence[Said]) -> tuple[list[exp.Expression], Fraction | None, str]:
    """The parts on one scale, that scale (None when they are no numbers), and their sort."""
    numbers = [part for part in parts if isinstance(part, Number)]
    sorts = {part.sort for part in parts if isinstance(part, Plain)} - {"null"}
    if not numbers:
        if len(sorts) > 1:
            raise Beyond("unlike")
        return [_value(part).copy() for part in parts], None, next(iter(sorts), "null")
    if sorts or any(number.bottom is not None for number in numbers):
        raise Beyond("unlike or quotients")
    scale = numbers[0].scale
    for number in numbers[1:]:
        scale, _, _ = _common(scale, number.scale)
    sqls = [
        _times(part.top, int(part.scale / scale)) if isinstance(part, Number) else exp.Null()
        for part in parts
    ]
    return sqls, scale, "number"


def _extreme(function: str, parts: list[Said]) -> Said:
    values, scale, sort = _alike(parts)
    joint = exp.Least if function == "least" else exp.Greatest
    unknown = exp.or_(*(exp.Is(this=_paren(value), expression=exp.Null()) for value in values))
    found = joint(
        this=values[0].copy(), expressions=[value.copy() for value in values[1:]], ignore_nulls=True
    )
    sql = exp.Case(ifs=[exp.If(this=unknown, true=exp.Null())], default=found)
    return Number(sql, scale) if scale is not None else Plain(sort, sql)
