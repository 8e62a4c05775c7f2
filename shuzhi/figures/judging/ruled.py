"""What a rule reads: the numbers of one unit and period, together or of one indicator by itself.

The live accounts (with what is being typed laid over them) and a closing give their observations as
:data:`~shuzhi.figures.observed.Sheet`; totals of ledgers come from closings alone and are missing elsewhere. Every period
is read exactly: what was not reported for it is missing.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Protocol

from shuzhi.figures.observed import Seen, Sheet
from shuzhi.figures.reader import RESTATED
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.catalogue.items import parameter_on
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
    Value,
)
from shuzhi.kernel.expr.rows import Env, evaluate, period, whole_year
from shuzhi.kernel.expr.spell import spell
from shuzhi.kernel.measure import UNITS, unit

DUE = {"month": tuple(range(1, 13)), "quarter": (3, 6, 9, 12), "half": (6, 12), "year": (12,)}
_ONE = Amount(Fraction(1))
_MOST_DIGITS = 30


class Held(Protocol):
    """What the rules ask of the numbers they are read against."""

    catalogue: Catalogue

    def sheet(self, indicator: str, unit: str) -> Sheet:
        """The newest vintages of an indicator of a unit, by role, year and month."""
        ...

    def areas(self, unit: str, day: date) -> tuple[str, ...]:
        """The units right below one whose values make up its own."""
        ...

    def total(self, expression: str, unit: str, year: int, month: int) -> Value:
        """A figure of a ledger or a total over one; MISSING where there is no closing."""
        ...

    def published(self, seen: Seen) -> bool:
        """Whether the publication of this very vintage is on record."""
        ...

    def unit_name(self, unit: str) -> str:
        """What a unit is called."""
        ...


# --- the numbers of one unit and period --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Numbers:
    """The Env of a rule over several indicators: one unit, one period."""

    held: Held
    unit: str
    year: int
    month: int
    role: str = "actual"

    def name(self, node: Name) -> Value:
        """An indicator, one of its rates, a figure of a ledger, or a day."""
        catalogue, word = self.held.catalogue, node.parts[0]
        if len(node.parts) == 1:
            if word in SPANS:
                return period(word, self.day)
            if word == "today":
                return self.day
            if word in catalogue.indicators:
                return self.indicator(catalogue.indicators[word])
        elif word in catalogue.kinds:
            return self._total(node.text)
        elif word in catalogue.indicators:
            return self.call(Call(node.parts[1], (Name((word,), node.at),), node.at))
        raise ExpressionError(f"没有“{node.text}”这个词", node.at)

    def call(self, node: Call) -> Value:
        """Functions that look elsewhere."""
        if node.function in SPANS and node.function != "lastyear":
            return whole_year(node, self)
        if node.function == "param":
            return self._parameter(node)
        argument = node.arguments[0]
        if node.function == "lastyear":
            return evaluate(argument, replace(self, year=self.year - 1))
        if node.function in ("target", "forecast"):
            return evaluate(argument, replace(self, role=node.function))
        if node.function == "completion":
            return quotient(
                evaluate(argument, self), evaluate(argument, replace(self, role="target")), node.at
            )
        if node.function == "growth":
            return self._growth(argument, node.at)
        raise ExpressionError(f"核对规则不能用“{node.function}”这个函数", node.at)

    def aggregate(self, node: Aggregate) -> Value:
        """A total over a ledger."""
        return self._total(spell(node))

    def rows(self, source: str) -> Iterable[Env]:
        """Ledgers are read by totals, never row by row."""
        raise ExpressionError(f"“{source}”不能逐条读", 0)

    def placed(self) -> Value:
        """Numbers have no date of their own."""
        return MISSING

    def family(self, node: Aggregate) -> str:
        """Totals bring their own."""
        return ""

    @property
    def day(self) -> date:
        """The last day of the period."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def indicator(self, indicator: Indicator) -> Value:
        """An indicator's value of this very period."""
        if indicator.expression is not None and self.role == "actual":
            return evaluate(indicator.expression.node, self)
        return amount_in(self.seen(indicator), indicator)

    def seen(self, indicator: Indicator) -> Seen | None:
        """The observation of this very period."""
        return self.held.sheet(indicator.code, self.unit).get((self.role, self.year, self.month))

    def _total(self, expression: str) -> Value:
        if self.role != "actual":
            return MISSING
        return self.held.total(expression, self.unit, self.year, self.month)

    def _parameter(self, node: Call) -> Value:
        word = node.arguments[0]
        code = word.value if isinstance(word, Literal) and isinstance(word.value, str) else ""
        parameter = self.held.catalogue.parameters.get(code)
        return MISSING if parameter is None else parameter_on(parameter, self.day)

    def _growth(self, node: Node, at: int) -> Value:
        indicators = self.held.catalogue.indicators
        indicator = indicators.get(node.text) if isinstance(node, Name) else None
        before = replace(self, year=self.year - 1)
        if indicator is not None and indicator.growth_by in indicators:
            return self.indicator(indicators[indicator.growth_by])
        if indicator is not None and indicator.growth in RESTATED:
            return MISSING
        if indicator is not None and indicator.growth == "pp":
            return calculate("-", evaluate(node, self), evaluate(node, before), at)
        return calculate("-", quotient(evaluate(node, self), evaluate(node, before), at), _ONE, at)


def amount_in(seen: Seen | None, indicator: Indicator) -> Value:
    """An observation's value; MISSING when there is none."""
    if seen is None or seen.value is None:
        return MISSING
    family = UNITS[indicator.unit].family
    return Amount(Fraction(seen.value) / 10**family.scale, family.name)


# --- one indicator by itself -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Own:
    """The Env of a rule read for one indicator: value, previous, last year …; ``typing`` while the value is entered."""

    numbers: Numbers
    indicator: Indicator
    typing: bool = False

    def name(self, node: Name) -> Value:
        """One of the words of :data:`~shuzhi.kernel.catalogue.rulebook.OWN`."""
        word = node.text
        texts = {
            "measures": self.indicator.measures,
            "temporal": self.indicator.temporal,
            "convention": self.indicator.growth,
            "duty": self.indicator.duty,
        }
        return texts[word] if word in texts else self._value(word)

    def _value(self, word: str) -> Value:
        numbers, seen = self.numbers, self.numbers.seen(self.indicator)
        if word == "value":
            return numbers.indicator(self.indicator)
        if word == "previous":
            return self._at(self._neighbour(-1))
        if word == "following":
            return self._at(self._neighbour(1)) if self.typing else MISSING
        if word == "last_year":
            return replace(numbers, year=numbers.year - 1).indicator(self.indicator)
        if word == "parts":
            return self._parts()
        if word == "rate":
            official = numbers.held.catalogue.indicators.get(self.indicator.growth_by)
            return MISSING if official is None else numbers.indicator(official)
        if word in ("step", "earlier_step"):
            return self._step(back=word == "earlier_step")
        if word in ("reason", "status"):
            text = "" if seen is None else getattr(seen, word)
            return text or MISSING
        if word == "computed":
            return self.indicator.expression is not None
        if word == "published":
            return seen is not None and numbers.held.published(seen)
        return self._settled(word)

    def _settled(self, word: str) -> Value:
        """Words that need no other observation: digits, the usual range, the target."""
        if word == "digits":
            value = self.numbers.indicator(self.indicator)
            return Amount(Fraction(_digits(value))) if isinstance(value, Amount) else MISSING
        if word in ("low", "high"):
            texts = self.indicator.typical
            found = unit(self.indicator.unit)
            text = texts[0 if word == "low" else 2] if len(texts) == 3 else ""
            return (
                Amount(Fraction(text) * Fraction(10) ** found.power, found.family.name) if text else MISSING
            )
        if word == "target":
            own = replace(self.numbers, role="target")
            value = own.indicator(self.indicator)
            return value if value is not MISSING else replace(own, month=12).indicator(self.indicator)
        raise ExpressionError(f"没有“{word}”这个词", 0)

    def _neighbour(self, step: int, month: int = 0) -> tuple[int, int] | None:
        """The year and month of the nearest earlier or later value; what accumulates stays within its year."""
        numbers = self.numbers
        here = (numbers.year, month or numbers.month)
        if self.indicator.expression is not None:
            due = [item for item in DUE[self.indicator.frequency] if (item - here[1]) * step > 0]
            return (numbers.year, due[-1 if step < 0 else 0]) if due else None
        held = [
            (seen.year, seen.month)
            for seen in numbers.held.sheet(self.indicator.code, numbers.unit).values()
            if seen.role == "actual" and seen.value is not None
        ]
        near = [
            item
            for item in held
            if (item < here if step < 0 else item > here)
            and (item[0] == numbers.year or self.indicator.temporal == "level")
        ]
        return (max(near) if step < 0 else min(near)) if near else None

    def when(self, word: str) -> str:
        """Which period ``previous`` or ``following`` is."""
        year, month = self._neighbour(-1 if word == "previous" else 1) or (0, 0)
        return f"{month}月" if year == self.numbers.year else f"{year}年{month}月"

    def _at(self, place: tuple[int, int] | None) -> Value:
        if place is None:
            return MISSING
        return replace(self.numbers, year=place[0], month=place[1]).indicator(self.indicator)

    def _step(self, *, back: bool) -> Value:
        """How much came on top since the period before; ``back`` the same for the period before that."""
        one = self._neighbour(-1)
        if back:
            if one is None:
                return MISSING
            return replace(self, numbers=replace(self.numbers, month=one[1]))._step(back=False)
        value = self.numbers.indicator(self.indicator)
        first = DUE[self.indicator.frequency][0]
        if one is None:
            return value if self.numbers.month == first else MISSING
        return calculate("-", value, self._at(one), 0)

    def _parts(self) -> Value:
        numbers = self.numbers
        total: Value = MISSING
        for code in numbers.held.areas(numbers.unit, numbers.day):
            value = replace(numbers, unit=code).indicator(self.indicator)
            if isinstance(value, Missing):
                return MISSING
            total = value if isinstance(total, Missing) else calculate("+", total, value, 0)
        return total

    def call(self, node: Call) -> Value:
        """Only parameters are looked up."""
        if node.function == "param":
            return self.numbers.call(node)
        raise ExpressionError(f"逐个指标的核对规则不能用“{node.function}”这个函数", node.at)

    def aggregate(self, node: Aggregate) -> Value:
        """A rule of one indicator reads no ledger."""
        raise ExpressionError("逐个指标的核对规则不能读台账", node.at)

    def rows(self, source: str) -> Iterable[Env]:
        """Nor its rows."""
        raise ExpressionError("逐个指标的核对规则不能读台账", 0)

    def placed(self) -> Value:
        """A number has no date of its own."""
        return MISSING

    def family(self, node: Aggregate) -> str:
        """There are no totals."""
        return ""


def _digits(value: Amount) -> int:
    """The significant digits of a number; one without end has as many as one likes."""
    exact = abs(value.value)
    places = next((n for n in range(_MOST_DIGITS) if (exact * 10**n).denominator == 1), None)
    return _MOST_DIGITS if places is None else len(str(exact * 10**places).rstrip("0")) or 1
