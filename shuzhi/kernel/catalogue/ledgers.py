"""Whole accounts in memory: figures of kinds computed on Python rows, for cases and as the measure of other readers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from shuzhi.kernel.calendar import WorkCalendar
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.items import Item, ItemEnv, lines_of, parameter_on
from shuzhi.kernel.catalogue.scopes import FigureScope
from shuzhi.kernel.expr.functions import SPANS
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import MISSING, Aggregate, Amount, Call, Literal, Name, Value
from shuzhi.kernel.expr.rows import Env, combine, evaluate, fold, period, whole_year, year_before
from shuzhi.kernel.expr.types import typed


@dataclass(frozen=True)
class LedgerEnv:
    """The items of each kind, read as of a cut-off day. It holds no observations: every indicator is missing."""

    items: Mapping[str, Sequence[Item]]
    catalogue: Catalogue
    calendar: WorkCalendar
    today: date

    def name(self, node: Name) -> Value:
        """A period, the cut-off day, a figure of a kind, or an indicator (missing)."""
        if node.text == "today":
            return self.today
        if node.text in SPANS:
            return period(node.text, self.today)
        kind = self.catalogue.kinds.get(node.parts[0])
        figure = kind.figure(node.parts[1]) if kind and len(node.parts) == 2 else None
        if figure is not None:
            return evaluate(figure.expression.node, self)
        if node.parts[0] in self.catalogue.indicators:
            return MISSING
        raise ExpressionError(f"没有“{node.text}”这个词", node.at)

    def call(self, node: Call) -> Value:
        """Growth and the same period last year of what can be counted; targets, forecasts and ranks are missing."""
        argument = node.arguments[0]
        if node.function == "year":
            return whole_year(node, self)
        if node.function == "param" and isinstance(argument, Literal):
            return parameter_on(self.catalogue.parameters[str(argument.value)], self.today)
        if node.function == "latest":
            return evaluate(argument, self)
        if node.function in ("lastyear", "growth"):
            before = evaluate(argument, replace(self, today=year_before(self.today)))
            if node.function == "lastyear":
                return before
            ratio = combine("/", evaluate(argument, self), before, node.at)
            return combine("-", ratio, Amount(Fraction(1)), node.at)
        if node.function in ("target", "forecast", "completion", "rank"):
            return MISSING
        raise ExpressionError(f"这里不能用“{node.function}”", node.at)

    def aggregate(self, node: Aggregate) -> Value:
        """Over all items of the source."""
        return fold(node, self).value

    def rows(self, source: str) -> Iterable[Env]:
        """The items of a kind or part, or the lines of all its records."""
        code, _, part = source.partition(".")
        for item in self.items.get(code, ()):
            env = ItemEnv(item, self.catalogue, self.calendar, self.today)
            if item.kind.line(part):
                yield from lines_of(env, part)
            elif item.part == part:
                yield env

    def placed(self) -> Value:
        """Accounts have no date of their own."""
        return MISSING

    def family(self, node: Aggregate) -> str:
        """The family of a column of a source."""
        inner = FigureScope(self.catalogue).source(node.source)
        return "" if inner is None or node.column is None else typed(node.column, inner).family
