"""A formula of the language compiled once into a function of the cells it reads, equal to the figure reader.

It mirrors :class:`shuzhi.figures.reader.Reader` node by node. What the cube cannot answer (accounts, dates, texts) raises
:class:`~shuzhi.cube.asking.codes.Uncompiled`, and is left to :func:`shuzhi.figures.compute.compute`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from shuzhi.cube.asking.codes import (
    NOTHING,
    Code,
    Nothing,
    Uncompiled,
    apart,
    calculated,
    chosen,
    compared,
    constant,
    decided,
    denied,
    extreme,
    first,
    is_missing,
    negative,
)
from shuzhi.cube.asking.standing import grown, placed
from shuzhi.figures.context import Context
from shuzhi.figures.leaves import words_in
from shuzhi.figures.reader import RESTATED
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.catalogue.items import parameter_on
from shuzhi.kernel.expr.nodes import Binary, Call, If, IsMissing, ListOf, Literal, Name, Node, Unary


class Cells(Protocol):
    """Where the compiler finds cells."""

    catalogue: Catalogue

    def observed(self, indicator: Indicator, context: Context) -> Code:
        """The code that reads an indicator as observed; raises Uncompiled where the cube does not hold it."""
        ...

    def siblings(self, context: Context) -> Sequence[str]:
        """The units of the context's unit's level under the same parent that stood then, itself among them."""
        ...


class Compiler:
    """Compiles formulas in one context; the same cells serve all contexts."""

    def __init__(self, cells: Cells, context: Context) -> None:
        self.cells = cells
        self.context = context

    def at(self, context: Context) -> "Compiler":
        """The same cells, read in another context."""
        return Compiler(self.cells, context)

    def code(self, node: Node) -> Code:
        """The code of a checked formula; raises Uncompiled where the cube cannot answer it."""
        match node:
            case Literal(value):
                return constant(value)
            case Name():
                return self._name(node)
            case Unary("not", operand):
                return denied(self.code(operand))
            case Unary(_, operand):
                return negative(self.code(operand))
            case Binary():
                return self._binary(node)
            case IsMissing(operand, negated):
                return is_missing(self.code(operand), negated)
            case If(test, then, other):
                return chosen(self.code(test), (self.code(then), self.code(other)))
            case Call():
                return self._call(node)
        raise Uncompiled("台账的统计不在指标数里")

    def _binary(self, node: Binary) -> Code:
        sign = node.sign
        one = self.code(node.left)
        if sign in ("in", "not in"):
            if not isinstance(node.right, ListOf):
                raise Uncompiled("时段不在指标数里")
            equal = [compared("=", one, self.code(item)) for item in node.right.items]
            found = NOTHING if isinstance(one, Nothing) else decided(equal, winner=True)
            return found if sign == "in" else denied(found)
        two = self.code(node.right)
        if sign in ("and", "or"):
            return decided((one, two), winner=sign == "or")
        return calculated(sign, one, two) if sign in ("+", "-", "*", "/") else compared(sign, one, two)

    def _name(self, node: Name) -> Code:
        indicator = self.cells.catalogue.indicators.get(node.parts[0])
        if indicator is None:
            raise Uncompiled(f"“{node.text}”不是指标")
        if len(node.parts) == 1:
            return self.indicator(indicator)
        return self._call(Call(node.parts[1], (Name((indicator.code,), node.at),), node.at))

    def _call(self, node: Call) -> Code:
        arguments, context = node.arguments, self.context
        match node.function:
            case "lastyear":
                return self.at(context.back()).code(arguments[0])
            case "target" | "forecast":
                return self.at(context.playing(node.function)).code(arguments[0])
            case "completion":
                return calculated(
                    "/", self.code(arguments[0]), self.at(context.playing("target")).code(arguments[0])
                )
            case "growth":
                return self._growth(arguments[0])
            case "rank":
                return self._rank(arguments[0])
            case "param":
                return self._parameter(arguments[0])
            case "share" | "coverage":
                return calculated("/", self.code(arguments[0]), self.code(arguments[1]))
            case "gap":
                return apart(self.code(arguments[0]), self.code(arguments[1]))
            case "coalesce":
                return first([self.code(item) for item in arguments])
            case "least" | "greatest":
                return extreme([self.code(item) for item in arguments], node.function == "least")
        raise Uncompiled(f"“{node.function}”要另外计算")

    def indicator(self, indicator: Indicator) -> Code:
        """An indicator: by its formula when it has one (a target may be set for it all the same), else as observed."""
        if indicator.expression is None or self.context.role in ("target", "forecast"):
            return self.cells.observed(indicator, self.context)
        return self.code(indicator.expression.node)

    def _parameter(self, word: Node) -> Code:
        code = word.value if isinstance(word, Literal) and isinstance(word.value, str) else ""
        parameter = self.cells.catalogue.parameters.get(code)
        if parameter is None:
            raise Uncompiled(f"没有参数“{code}”")
        return constant(parameter_on(parameter, self.context.cutoff))

    def _growth(self, node: Node) -> Code:
        """Growth over a year before, by the indicator's own convention (see the figure reader)."""
        indicators, before = self.cells.catalogue.indicators, self.at(self.context.back())
        if isinstance(node, Name) and node.text in indicators:
            indicator = indicators[node.text]
            if indicator.growth_by in indicators:
                return self.indicator(indicators[indicator.growth_by])
            if indicator.growth == "pp":
                return calculated("-", self.code(node), before.code(node))
        if any(word in indicators and indicators[word].growth in RESTATED for word in words_in(node)):
            return NOTHING
        return grown(self.code(node), before.code(node))

    def _rank(self, node: Node) -> Code:
        """The place among siblings: every one of them is read."""
        unit, siblings = self.context.unit, self.cells.siblings(self.context)
        if len(siblings) < 2 or unit not in siblings:
            return NOTHING
        codes = [self.at(replace(self.context, unit=code)).code(node) for code in siblings]
        indicators, own = self.cells.catalogue.indicators, siblings.index(unit)
        named = indicators.get(node.text) if isinstance(node, Name) else None
        return placed(codes, own, lower=named is not None and named.direction == "down")
