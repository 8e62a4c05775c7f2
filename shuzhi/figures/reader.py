"""The figure reader: works a formula out in a context, asking a session for the leaves it needs from the books.

It is the kernel's row reader with another Env: words are indicators and figures of kinds, aggregates are leaves, and
growth, completion, last year and the like read their argument in another context.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final, Protocol

from shuzhi.figures.context import Context
from shuzhi.figures.leaves import Cut, bound, words_in
from shuzhi.figures.notes import Notes
from shuzhi.figures.words import KeptScope
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.catalogue.items import parameter_on
from shuzhi.kernel.catalogue.scopes import PLACED, RowScope, shape_of
from shuzhi.kernel.expr.arithmetic import calculate, quotient
from shuzhi.kernel.expr.functions import SPANS
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import (
    MISSING,
    Aggregate,
    Amount,
    Call,
    Literal,
    Missing,
    Name,
    Node,
    Span,
    Value,
)
from shuzhi.kernel.expr.rows import Env, evaluate, period, whole_year
from shuzhi.kernel.expr.spell import speak
from shuzhi.kernel.expr.types import PLACE, typed

# Growth by these conventions restates the base (constant prices, same scope): two levels do not give it.
RESTATED: Final = {"real": "不变价", "comparable": "可比口径", "same_basis": "同口径"}
_ONE: Final = Amount(Fraction(1))
_ROLES: Final = ("target", "forecast", "latest")


class Books(Protocol):
    """What the reader asks of the closings."""

    catalogue: Catalogue
    scope: KeptScope
    labels: dict[str, str]

    def total(self, cut: Cut, notes: Notes) -> Value:
        """The merged value of a cut; MISSING, with ``notes.pending`` raised, when it has yet to be read."""
        ...

    def observed(self, indicator: Indicator, context: Context, notes: Notes) -> Value:
        """The value of an indicator as observed in a context; likewise."""
        ...

    def siblings(self, unit: str, day: date) -> tuple[str, ...]:
        """The units of a unit's level under the same parent that stood on a day, itself among them."""
        ...


class Reader:
    """The Env of one figure in one context."""

    def __init__(self, books: Books, context: Context, notes: Notes) -> None:
        self.books = books
        self.context = context
        self.notes = notes

    def at(self, context: Context) -> "Reader":
        """The same figure, read in another context."""
        return Reader(self.books, context, self.notes)

    # --- the kernel's Env ------------------------------------------------------------------------------------------

    def name(self, node: Name) -> Value:
        """A period, ``today`` (the last day that counts), an indicator, one of its rates, or a figure of a kind."""
        word = node.parts[0]
        if len(node.parts) == 1:
            if word in SPANS:
                return period(word, self.context.cutoff)
            if word == "today":
                return self.context.cutoff
            if word in self.books.catalogue.indicators:
                return self.indicator(self.books.catalogue.indicators[word])
        elif len(node.parts) == 2:
            kind = self.books.catalogue.kinds.get(word)
            figure = (
                next((item for item in kind.figures if item.code == node.parts[1]), None) if kind else None
            )
            if figure is not None:
                return self._defined(node.text, figure.expression.node)
            if word in self.books.catalogue.indicators:
                self._explain(node, self.books.catalogue.indicators[word])
                return self.call(Call(node.parts[1], (Name((word,), node.at),), node.at))
        raise ExpressionError(f"没有“{node.text}”这个词", node.at)

    def call(self, node: Call) -> Value:
        """Functions that look elsewhere: another year, the targets, the parameters."""
        if node.function == "lastyear":
            return evaluate(node.arguments[0], self.at(self.context.back()))
        if node.function in SPANS:
            return whole_year(node, self)
        if node.function == "param":
            return self._parameter(node)
        if node.function in _ROLES:
            return evaluate(node.arguments[0], self.at(self.context.playing(node.function)))
        if node.function == "completion":
            target = evaluate(node.arguments[0], self.at(self.context.playing("target")))
            return quotient(evaluate(node.arguments[0], self), target, node.at)
        if node.function == "growth":
            return self._growth(node.arguments[0], node.at)
        if node.function == "rank":
            return self._rank(node.arguments[0])
        raise ExpressionError(f"这里不能用“{node.function}”这个函数", node.at)

    def aggregate(self, node: Aggregate) -> Value:
        """A leaf: the rows that fit, put together over all closings."""
        scope = self.books.scope.source(node.source)
        if scope is None:
            raise ExpressionError(f"没有“{node.source}”这本台账", node.at)
        if self.context.role in ("target", "forecast"):
            word = "目标" if self.context.role == "target" else "预计"
            self.notes.reason(
                f"台账“{self.books.labels.get(node.source, node.source)}”只有实绩，没有{word}值"
            )
            return MISSING
        if not self.context.begun:
            self.notes.reason(f"账结到{_day(self.context)}，{self.context.year}年还没有台账记录")
            return MISSING
        cut = self._cut(node, scope)
        return MISSING if cut is None else self.books.total(cut, self.notes)

    def rows(self, source: str) -> Iterable[Env]:
        """Whole accounts are read by leaves, never row by row."""
        raise ExpressionError(f"“{source}”不能逐条读", 0)

    def placed(self) -> Value:
        """Whole accounts have no date of their own."""
        return MISSING

    def family(self, node: Aggregate) -> str:
        """The family of an aggregate's column."""
        scope = self.books.scope.source(node.source)
        return typed(node.column, scope).family if node.column is not None and scope is not None else ""

    # --- words -----------------------------------------------------------------------------------------------------

    def indicator(self, indicator: Indicator) -> Value:
        """An indicator: by its formula when it has one, else as observed. A target may be set for a formula, too."""
        if indicator.expression is None:
            return self.books.observed(indicator, self.context, self.notes)
        if self.context.role in ("target", "forecast"):
            return self.books.observed(indicator, self.context, self.notes)
        return self._defined(indicator.code, indicator.expression.node)

    def _defined(self, word: str, node: Node) -> Value:
        self.notes.definitions[word] = speak(node, self.books.labels)
        return evaluate(node, self)

    def _explain(self, node: Name, indicator: Indicator) -> None:
        """How a rate of an indicator is come by, for the card."""
        label, official = indicator.label, self.books.catalogue.indicators.get(indicator.growth_by)
        if node.parts[1] == "completion":
            self.notes.definitions[node.text] = f"{label} ÷ {label}的目标"
        elif node.parts[1] == "growth" and official is not None:
            self.notes.definitions[node.text] = f"{official.label}（{official.owner}公布，不由总量推算）"
        elif node.parts[1] == "growth" and indicator.growth not in RESTATED:
            form = "{0} － 上年同期的{0}" if indicator.growth == "pp" else "{0} ÷ 上年同期的{0} － 1"
            self.notes.definitions[node.text] = form.format(label)

    def _parameter(self, node: Call) -> Value:
        word = node.arguments[0]
        code = word.value if isinstance(word, Literal) and isinstance(word.value, str) else ""
        parameter = self.books.catalogue.parameters.get(code)
        if parameter is None:
            raise ExpressionError(f"没有参数“{code}”", node.at)
        value = parameter_on(parameter, self.context.cutoff)
        if value is MISSING:
            self.notes.reason(f"参数“{parameter.label}”在{_day(self.context)}还没有值")
        return value

    def _growth(self, node: Node, at: int) -> Value:
        """Growth over a year before: an official rate where there is one, never worked out from restated levels."""
        indicators = self.books.catalogue.indicators
        if isinstance(node, Name) and node.text in indicators:
            indicator = indicators[node.text]
            if indicator.growth_by in indicators:
                value = self.indicator(indicators[indicator.growth_by])
                if isinstance(value, Missing):
                    self.notes.reason(f"{indicator.label}的增速以公布数为准，不由总量推算")
                return value
            if indicator.growth == "pp":
                return calculate("-", evaluate(node, self), evaluate(node, self.at(self.context.back())), at)
        for word in words_in(node):
            if word in indicators and indicators[word].growth in RESTATED:
                convention = RESTATED[indicators[word].growth]
                said = f"{indicators[word].label}的增速按{convention}计算，不能由总量推算，须填报公布的增速"
                self.notes.reason(said)
                return MISSING
        ratio = quotient(evaluate(node, self), evaluate(node, self.at(self.context.back())), at)
        return calculate("-", ratio, _ONE, at)

    def _rank(self, node: Node) -> Value:
        """The place of the unit among the units of its level under one parent; a rank without everybody is none."""
        unit, before = self.context.unit, self.notes.pending
        siblings = self.books.siblings(unit, self.context.cutoff)
        if len(siblings) < 2 or unit not in siblings:  # alone, or no longer there on that day
            self.notes.reason("没有同级的单位，排不出名次")
            return MISSING
        values = {code: evaluate(node, self.at(replace(self.context, unit=code))) for code in siblings}
        if self.notes.pending > before:
            return MISSING
        known = {code: value.value for code, value in values.items() if isinstance(value, Amount)}
        if len(known) < len(values):
            self.notes.reason(f"{len(values) - len(known)}个同级单位没有数，排不出名次")
            return MISSING
        indicators = self.books.catalogue.indicators
        named = indicators.get(node.text) if isinstance(node, Name) else None
        lower = named is not None and named.direction == "down"
        own = known[unit]
        ahead = sum(value < own if lower else value > own for value in known.values())
        return Amount(Fraction(ahead + 1), PLACE)

    # --- leaves ----------------------------------------------------------------------------------------------------

    def _cut(self, node: Aggregate, scope: RowScope) -> Cut | None:
        """The leaf of an aggregate; None when a value its condition needs has yet to be read."""
        before = self.notes.pending
        columns = frozenset(scope.names()) - {"today", *SPANS}
        span = None if node.period is None else evaluate(node.period, self)
        if isinstance(span, Missing):
            return None
        if span is not None and not isinstance(span, Span):
            raise ExpressionError("统计的时段应为时段", node.at)

        def closed(part: Node | None) -> Node | None:
            return None if part is None else bound(part, columns, lambda inner: evaluate(inner, self))

        cut = Cut(
            node.how,
            closed(node.column),
            node.source,
            closed(node.where),
            span,
            PLACED[shape_of(scope.kind, scope.part)] if span is not None else "",
            self.context.unit,
            node.per,
            "" if node.column is None else typed(node.column, scope).family,
            self.context.day if self.context.unit else None,
        )
        return cut if self.notes.pending == before else None


def _day(context: Context) -> str:
    return f"{context.cutoff.year}年{context.cutoff.month}月{context.cutoff.day}日"
