"""Compiled formulas: functions of the values of a plan's cells, exact, put together by the rules of the language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from shuzhi.cube.asking.formulas import Pair, difference, order, pair, quotient
from shuzhi.cube.frame import BEYOND
from shuzhi.kernel.expr.arithmetic import joined
from shuzhi.kernel.expr.nodes import Amount, Missing, Value
from shuzhi.kernel.measure import RATIO

Values = Sequence[int | None]
"""What the cells of a plan hold, in the plan's order; None where a cell is not whole."""


class Uncompiled(Exception):
    """The cube cannot answer this; the message says in Chinese why."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A number that is ``read`` whole and counts 1 ÷ ``scale`` of the family's base unit; ``at`` is its place in the plan
    when it is nothing but a cell, with ``less`` the place of another when that one is taken away from it.
    """

    read: Callable[[Values], int | None]
    scale: int
    family: str
    at: int = -1
    less: int = -1

    @property
    def cell(self) -> bool:
        """Whether it is nothing but a cell."""
        return self.at >= 0 > self.less


@dataclass(frozen=True, slots=True)
class Exact:
    """A number read as a pair, in the family's base unit."""

    read: Callable[[Values], Pair | None]
    family: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Yes, no, or None where it cannot be told."""

    read: Callable[[Values], bool | None]


@dataclass(frozen=True, slots=True)
class Nothing:
    """What is missing whatever the cells hold."""


Code = Whole | Exact | Truth | Nothing
NOTHING: Final = Nothing()


def nothing(_values: Values) -> None:
    """The reading of what is missing."""


def exact(code: Code) -> Exact:
    """Any number as pairs."""
    if isinstance(code, Exact):
        return code
    if isinstance(code, Nothing):
        return Exact(nothing, "")
    if isinstance(code, Truth):
        raise Uncompiled("是非不能当数量计算")
    read, scale, at, less = code.read, code.scale, code.at, code.less

    def cell(values: Values) -> Pair | None:
        number = values[at]
        return None if number is None else (number, scale)

    def between(values: Values) -> Pair | None:
        number, other = values[at], values[less]
        return None if number is None or other is None else (number - other, scale)

    def any_(values: Values) -> Pair | None:
        number = read(values)
        return None if number is None else (number, scale)

    return Exact(cell if code.cell else between if at >= 0 else any_, code.family)


def leaf(at: int, scale: int, family: str) -> Whole:
    """The code that reads the cell at a place of the plan."""
    return Whole(itemgetter(at), scale, family, at)


def constant(value: Value) -> Code:
    """The code of a value that is written in the formula."""
    if isinstance(value, Missing):
        return NOTHING
    if isinstance(value, bool):
        return Truth(lambda _: value)
    if isinstance(value, Amount):
        fixed = value.value.numerator, value.value.denominator
        return Exact(lambda _: fixed, value.family)
    raise Uncompiled("文字、日期不在指标数里")


# --- operators ----------------------------------------------------------------------------------------------------------


def family_of(sign: str, one: Code, two: Code) -> str:
    """The family of a result, by the rules of :mod:`shuzhi.kernel.expr.arithmetic`."""
    if not (isinstance(one, Whole | Exact) and isinstance(two, Whole | Exact)):
        raise Uncompiled(f"“{sign}”两边不是数量")
    together = joined(one.family, two.family)
    if sign == "*":
        if RATIO.name not in (one.family, two.family):
            raise Uncompiled("“*”两边不能都带单位")
        return one.family if two.family == RATIO.name else two.family
    if sign == "/":
        if together is None and two.family != RATIO.name:
            raise Uncompiled("“/”两边单位不同")
        return one.family if two.family == RATIO.name else RATIO.name
    if together is None:
        raise Uncompiled(f"“{sign}”两边单位不同")
    return together


def _times(one: Pair | None, two: Pair | None) -> Pair | None:
    return None if one is None or two is None else (one[0] * two[0], one[1] * two[1])


def _plus(one: Pair | None, two: Pair | None) -> Pair | None:
    if one is None or two is None:
        return None
    if one[1] == two[1]:
        return one[0] + two[0], one[1]
    return one[0] * two[1] + two[0] * one[1], one[1] * two[1]


_PAIRED: Final = {"+": _plus, "-": difference, "*": _times, "/": quotient}
Joined = Callable[[Values], Pair | None]
"""A figure read off the cells."""


def of_pairs(work: Callable[[Pair | None, Pair | None], Pair | None], one: Code, two: Code) -> Joined:
    """A rule for two pairs, read off two numbers."""
    left_of, right_of = exact(one).read, exact(two).read
    return lambda values: work(left_of(values), right_of(values))


def calculated(sign: str, one: Code, two: Code) -> Code:
    """``+ - * /`` on two numbers; missing with anything is missing."""
    if isinstance(one, Nothing) or isinstance(two, Nothing):
        return NOTHING
    family = family_of(sign, one, two)
    if isinstance(one, Whole) and isinstance(two, Whole) and one.scale == two.scale and sign != "*":
        return _alike(sign, one, two, family)
    return Exact(of_pairs(_PAIRED[sign], one, two), family)


def _alike(sign: str, one: Whole, two: Whole, family: str) -> Code:
    """The same for whole numbers of one scale, which need no common denominator."""
    left_of, right_of, at, less = one.read, two.read, one.at, two.at

    def added(values: Values) -> int | None:
        left, right = left_of(values), right_of(values)
        return None if left is None or right is None else left + right

    def taken(values: Values) -> int | None:
        left, right = left_of(values), right_of(values)
        return None if left is None or right is None else left - right

    def between(values: Values) -> int | None:
        left, right = values[at], values[less]
        return None if left is None or right is None else left - right

    def divided(values: Values) -> Pair | None:
        left, right = left_of(values), right_of(values)
        if left is None or not right:
            return None
        return (left, right) if right > 0 else (-left, -right)

    if sign == "/":
        return Exact(divided, family)
    if sign == "-" and one.cell and two.cell:
        return Whole(between, one.scale, family, at, less)
    return Whole(added if sign == "+" else taken, one.scale, family)


def compared(sign: str, one: Code, two: Code) -> Truth:
    """``= != < <= > >=``; missing with anything cannot be told."""
    if isinstance(one, Nothing) or isinstance(two, Nothing):
        return Truth(nothing)
    if isinstance(one, Truth) or isinstance(two, Truth):
        raise Uncompiled("是非的比较不在指标数里")
    family_of(sign, one, two)
    left_of, right_of = exact(one).read, exact(two).read
    wanted = {"=": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}[sign]

    def asked(values: Values) -> bool | None:
        left, right = left_of(values), right_of(values)
        return None if left is None or right is None else order(left, right) in wanted

    return Truth(asked)


def _truth(code: Code) -> Callable[[Values], bool | None]:
    if isinstance(code, Nothing):
        return nothing
    if not isinstance(code, Truth):
        raise Uncompiled("这里应为是非")
    return code.read


def denied(code: Code) -> Truth:
    """``not``: what cannot be told stays so."""
    read = _truth(code)

    def asked(values: Values) -> bool | None:
        answer = read(values)
        return None if answer is None else not answer

    return Truth(asked)


def decided(codes: Sequence[Code], winner: bool) -> Truth:
    """``and`` (false wins) or ``or`` (true wins); neither sure of its winner nor whole is missing."""
    reads = [_truth(code) for code in codes]

    def asked(values: Values) -> bool | None:
        answers = [read(values) for read in reads]
        if winner in answers:
            return winner
        return None if None in answers else not winner

    return Truth(asked)


# --- functions of several values ----------------------------------------------------------------------------------------


def _alternatives(codes: Sequence[Code]) -> tuple[list[Joined], str]:
    """Values of which one will be taken: they must be of one family, or the answer's unit would hang on the cells."""
    families = {code.family for code in codes if isinstance(code, Whole | Exact)}
    if len(families) > 1:
        raise Uncompiled("几个值的单位不同")
    return [exact(code).read for code in codes], next(iter(families), "")


def first(codes: Sequence[Code]) -> Code:
    """``coalesce``: the first that is not missing."""
    reads, family = _alternatives(codes)

    def taken(values: Values) -> Pair | None:
        return next((found for read in reads if (found := read(values)) is not None), None)

    return Exact(taken, family) if family else NOTHING


def extreme(codes: Sequence[Code], least: bool) -> Code:
    """``least`` and ``greatest``: one missing makes it missing."""
    reads, family = _alternatives(codes)

    def taken(values: Values) -> Pair | None:
        best: Pair | None = None
        for read in reads:
            found = read(values)
            if found is None:
                return None
            if best is None or order(found, best) == (-1 if least else 1):
                best = found
        return best

    return Exact(taken, family) if family else NOTHING


def apart(one: Code, two: Code) -> Code:
    """``gap``: how far apart, never below zero."""
    if isinstance(one, Nothing) or isinstance(two, Nothing):
        return NOTHING
    read = exact(calculated("-", one, two)).read

    def taken(values: Values) -> Pair | None:
        found = read(values)
        return None if found is None else (abs(found[0]), found[1])

    return Exact(taken, family_of("-", one, two))


def chosen(test: Code, codes: Sequence[Code]) -> Code:
    """``if``: missing where the test cannot be told."""
    asked = _truth(test)
    if all(isinstance(code, Truth | Nothing) for code in codes):
        yes, no = (_truth(code) for code in codes)

        def answered(values: Values) -> bool | None:
            answer = asked(values)
            return None if answer is None else yes(values) if answer else no(values)

        return Truth(answered) if any(isinstance(code, Truth) for code in codes) else NOTHING
    (then, other), family = _alternatives(codes)

    def taken(values: Values) -> Pair | None:
        answer = asked(values)
        return None if answer is None else then(values) if answer else other(values)

    return Exact(taken, family)


def negative(code: Code) -> Code:
    """``-x``."""
    if isinstance(code, Nothing):
        return NOTHING
    read, family = exact(code).read, exact(code).family

    def turned(values: Values) -> Pair | None:
        found = read(values)
        return None if found is None else (-found[0], found[1])

    return Exact(turned, family)


def is_missing(code: Code, negated: bool) -> Truth:
    """``x is missing``, ``x is not missing``."""
    if isinstance(code, Nothing):
        return Truth(lambda _: not negated)
    read = code.read
    return Truth(lambda values: (read(values) is None) != negated)


def averaged(value: Whole, weight: Whole, exactly: Exact) -> Exact:
    """A weighted mean: Σ value × weight over Σ weight, or ``exactly`` where one of them is no whole number of 64 bits; none
    where the weights add up to nothing.
    """
    above, below, scale, other = value.read, weight.read, value.scale, exactly.read

    def both(values: Values) -> Pair | None:
        over, under = above(values), below(values)
        if over is None or under is None:
            return None
        return other(values) if BEYOND in (over, under) else pair(over, under * scale)

    return Exact(both, value.family)
