"""The rules of ``checks.toml`` over a closing: everything that does not hold, for the units and months that reported."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from sqlglot import exp

from shuzhi.figures import duck
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.judging.ruled import DUE, Held
from shuzhi.figures.judging.verifying import Fault, joint_faults, own_faults
from shuzhi.figures.leaves import Look
from shuzhi.figures.observed import OBSERVATION, Seen, Sheet, sheets
from shuzhi.figures.tree import tree_of
from shuzhi.figures.words import words_of
from shuzhi.kernel.catalogue.behind import across, behind
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.catalogue.rulebook import Rule
from shuzhi.kernel.expr.nodes import MISSING, Amount, Value
from shuzhi.kernel.measure import UNITS

RELEASES: Final = "release"
Told = tuple[str, str, int, int]
"""An indicator's code, a unit's, a year and a month for which an actual value is there."""


class Totals:
    """Figures of ledgers from a closing: what is asked for is noted, then computed together, then known."""

    def __init__(self, closing: Closing | None) -> None:
        self._closing = closing
        self._known: dict[tuple[str, str, int, int], Value] = {}
        self._wanted: dict[tuple[str, str, int, int], None] = {}

    def total(self, expression: str, unit: str, year: int, month: int) -> Value:
        """A figure; MISSING as long as it has not been computed, and without a closing."""
        key = (expression, unit, year, month)
        if key not in self._known and self._closing is not None:
            self._wanted[key] = None
        return self._known.get(key, MISSING)

    def read(self) -> bool:
        """Compute what was asked for; False when nothing was."""
        if not self._wanted or self._closing is None:
            return False
        keys, self._wanted = list(self._wanted), {}
        asks = [Ask(expression, unit=unit, year=year, month=month) for expression, unit, year, month in keys]
        for key, figure in zip(keys, compute(asks, [self._closing]), strict=True):
            self._known[key] = _value(figure, self._closing.catalogue)
        return True


def _value(figure: Figure, catalogue: Catalogue) -> Value:
    if figure.value is None:
        return MISSING
    family = words_of(catalogue).formula(figure.ask.expression).type.family
    shown = UNITS.get(figure.unit)
    return Amount(figure.value * Fraction(10) ** (shown.power if shown else 0), family)


class ClosedNumbers:
    """The numbers of one closing."""

    def __init__(self, closing: Closing) -> None:
        self.closing = closing
        self.catalogue = closing.catalogue
        self.totals = Totals(closing)
        self._sheets: dict[tuple[str, str], Sheet] = {}
        self._released: set[str] | None = None

    def sheet(self, indicator: str, unit: str) -> Sheet:
        """The observations of an indicator of a unit."""
        key = (indicator, unit)
        if key not in self._sheets:
            looks = [Look(code, unit) for code in self.catalogue.indicators]
            for look, found in sheets(looks, self.closing).items():
                self._sheets[look.indicator, look.unit] = found
        return self._sheets.get(key, {})

    def areas(self, unit: str, day: date) -> tuple[str, ...]:
        """The areas right below a unit that stood on a day."""
        tree = tree_of(self.closing)
        return tuple(item.code for item in tree.areas(unit, day)) if unit in tree.members else ()

    def total(self, expression: str, unit: str, year: int, month: int) -> Value:
        """A figure of a ledger."""
        return self.totals.total(expression, unit, year, month)

    def published(self, seen: Seen) -> bool:
        """Whether the publication of this vintage is on record in the closing."""
        if self._released is None:
            self._released = set()
            if RELEASES in self.closing.tables:
                column = exp.column("observation", table="t", quoted=True)
                query = exp.select(column).from_(duck.table(self.closing, RELEASES, "t"))
                self._released = {str(row[0]) for row in duck.answer(query)}
        return seen.ref in self._released

    def unit_name(self, unit: str) -> str:
        """What a unit is called."""
        member = tree_of(self.closing).members.get(unit)
        return member.name if member is not None else unit


def verify(
    closing: Closing, year: int, month: int = 0, unit: str = "", *, place: str = "closing"
) -> list[Fault]:
    """Everything in a closing that does not hold for a year (a month, a unit), the newest month first.

    ``unit`` "" takes every unit that reported. Raises Refused when the closing is damaged.
    """
    numbers = ClosedNumbers(closing)
    told = [
        item
        for item in reported(closing, year)
        if (not month or item[3] == month) and (not unit or item[1] == unit)
    ]
    whole = closing.unit_code
    if not unit or unit == whole:
        last = closing.as_of.month if closing.as_of.year == year else 12
        ends = [item for item in (3, 6, 9, 12) if item <= last and month in (0, item)]
        told += [("", whole, year, end) for end in ends]
    return faults(numbers, told, place, numbers.totals)


def reported(closing: Closing, year: int) -> list[Told]:
    """What actual values of a year a closing holds."""
    if OBSERVATION not in closing.tables:
        return []
    columns = [exp.column(name, table="t", quoted=True) for name in ("indicator", "unit", "year", "month")]
    query = exp.select(*columns).distinct().from_(duck.table(closing, OBSERVATION, "t"))
    query = query.where(exp.column("role", table="t", quoted=True).eq("actual"))
    query = query.where(exp.column("year", table="t", quoted=True).eq(year))
    return sorted((row[0], row[1], row[2], row[3]) for row in duck.answer(query))


def faults(held: Held, told: Sequence[Told], place: str, totals: Totals) -> list[Fault]:
    """What the rules find in the periods told; those over ledgers are asked at the periods told of no indicator.

    Read twice where ledgers are asked: the first reading notes what must be computed.
    """
    found = list(_faults(held, told, place))
    while totals.read():
        found = list(_faults(held, told, place))
    return sorted(found, key=_order)


def _order(item: Fault) -> tuple[object, ...]:
    return (
        -item.year,
        -item.month,
        item.unit,
        list(type(item.severity)).index(item.severity),
        item.rule.code,
    )


def _faults(held: Held, told: Sequence[Told], place: str) -> Iterator[Fault]:
    catalogue = held.catalogue
    joint = across(catalogue)
    derived = _derived(catalogue)
    ask: dict[Told, None] = {}
    rules: dict[tuple[str, str, int, int], Rule] = {}
    for code, unit, year, month in told:
        own = catalogue.indicators.get(code)
        if own is not None and own.expression is None:
            ask[code, unit, year, month] = None
        for other in derived.get(code, ()):
            if month in DUE[other.frequency]:
                ask[other.code, unit, year, month] = None
        for rule in joint.get(code, ()) if code else _of_ledgers(catalogue):
            if place in rule.at:
                rules[rule.code, unit, year, month] = rule
    for code, unit, year, month in ask:
        yield from own_faults(held, catalogue.indicators[code], unit, year, month, place)
    for (_, unit, year, month), rule in rules.items():
        yield from joint_faults(held, rule, unit, year, month)


def _derived(catalogue: Catalogue) -> dict[str, tuple[Indicator, ...]]:
    """The computed indicators by each indicator behind them; under "" those that ledgers alone give."""
    found: dict[str, list[Indicator]] = {}
    for indicator in catalogue.indicators.values():
        if indicator.expression is not None:
            for code in sorted(behind(indicator.expression, catalogue)) or [""]:
                found.setdefault(code, []).append(indicator)
    return {code: tuple(items) for code, items in found.items()}


def _of_ledgers(catalogue: Catalogue) -> list[Rule]:
    """The rules over several numbers all of which ledgers give."""
    return [
        rule
        for rule in catalogue.checks.values()
        if not rule.each
        and all(catalogue.indicators[code].expression is not None for code in behind(rule.holds, catalogue))
    ]
