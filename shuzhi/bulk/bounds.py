"""The bounds of a value as the catalogue sets them: the rules read for one value by itself, and what is usual.

Most such rules are an interval (a share lies between 0 and 100%), which is worked out once; a value inside it needs no
further look. Every other rule is evaluated for each value (:func:`faults`), so the interval is never more than a shortcut.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from shuzhi.figures.judging.ruled import Numbers, Own
from shuzhi.figures.judging.verifying import own_faults
from shuzhi.figures.observed import Seen, Sheet
from shuzhi.kernel.catalogue.behind import reads
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.catalogue.grounds import words_of
from shuzhi.kernel.catalogue.rulebook import Rule
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import MISSING, Amount, Binary, Call, If, Name, Node, Value, walk
from shuzhi.kernel.expr.rows import evaluate
from shuzhi.kernel.finding import Finding
from shuzhi.kernel.measure import UNITS

#: Words a rule may use and still be about one value by itself.
_SETTLED: Final = frozenset({"low", "high", "measures", "temporal", "convention", "duty", "computed"})
_ALONE: Final = _SETTLED | {"value", "reason", "status", "digits"}
MOST: Final = (1 << 63) - 2
UNIT_SLIP: Final = 100
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
Interval = tuple[int, int]
_EVERY: Final[Interval] = (-MOST, MOST)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Values in ``fit`` break no rule, whatever is said beside them; those in ``usual`` are of a usual size for a county.

    Both are whole numbers at the scale of the indicator's family; an empty ``fit`` says that each value must be looked at.
    """

    rules: tuple[Rule, ...] = ()
    fit: Interval = _EVERY
    usual: Interval = _EVERY


def bounds_of(indicator: Indicator, catalogue: Catalogue) -> Bounds:
    """The bounds of an indicator."""
    rules = tuple(
        rule
        for rule in catalogue.checks.values()
        if reads(rule, indicator) and "entry" in rule.at and {*words_of(rule.holds)} <= _ALONE
    )
    held = _Alone(catalogue)
    env = Own(Numbers(held, "", 2000, 12), indicator, typing=True)
    fit = _EVERY
    for rule in rules:
        found = _interval(rule.holds.node, env) if rule.refuses is None else None
        fit = (1, 0) if found is None else (max(fit[0], found[0]), min(fit[1], found[1]))
        if found is None:
            break
    return Bounds(rules, fit, _usual(indicator))


def _usual(indicator: Indicator) -> Interval:
    """Positive values outside were most likely typed in another unit."""
    if indicator.measures in ("growth", "share") or len(indicator.typical) != 3:
        return _EVERY
    step = UNITS[indicator.unit].step
    low, _, high = (Fraction(text) * step for text in indicator.typical)
    if high <= 0:
        return _EVERY
    return -(-low // UNIT_SLIP), min(int(high * UNIT_SLIP // 1), MOST)


def _interval(node: Node, env: Own) -> Interval | None:
    """The whole numbers for which a formula holds, where that is an interval and depends on the value alone."""
    names = {part.text for part in walk(node) if isinstance(part, Name)}
    if names <= _SETTLED:
        return _EVERY if _settled(node, env) is not False else None
    if isinstance(node, If) and {part.text for part in walk(node.test) if isinstance(part, Name)} <= _SETTLED:
        said = _settled(node.test, env)
        return None if said is MISSING else _interval(node.then if said is True else node.other, env)
    if not isinstance(node, Binary):
        return None
    if node.sign == "and":
        left, right = _interval(node.left, env), _interval(node.right, env)
        return None if left is None or right is None else (max(left[0], right[0]), min(left[1], right[1]))
    for here, there, sign in (
        (node.left, node.right, node.sign),
        (node.right, node.left, _MIRRORED.get(node.sign, "")),
    ):
        if isinstance(here, Name) and here.text == "value" and sign in _MIRRORED:
            return _compared(sign, there, env)
    return None


def _compared(sign: str, node: Node, env: Own) -> Interval | None:
    """The values that stand so to what a formula without values gives."""
    if not {part.text for part in walk(node) if isinstance(part, Name)} <= _SETTLED:
        return None
    limit = _settled(node, env)
    if limit is MISSING:
        return _EVERY
    if not isinstance(limit, Amount):
        return None
    exact = limit.value * 10 ** UNITS[env.indicator.unit].family.scale
    floor, ceiling = int(exact // 1), -int(-exact // 1)
    low = {">": floor + 1, ">=": ceiling, "=": ceiling}.get(sign, -MOST)
    high = {"<": ceiling - 1, "<=": floor, "=": floor}.get(sign, MOST)
    return max(low, -MOST), min(high, MOST)


def _settled(node: Node, env: Own) -> Value:
    """A formula without values; parameters change with the day and are left to the full look."""
    if any(isinstance(part, Call) for part in walk(node)):
        return ""
    try:
        return evaluate(node, env)
    except ExpressionError:
        return ""


class _Alone:
    """The numbers of one value by itself."""

    def __init__(self, catalogue: Catalogue, seen: Seen | None = None, name: str = "") -> None:
        self.catalogue = catalogue
        self._sheet: Mapping[tuple[str, int, int], Seen] = (
            {} if seen is None else {("actual", seen.year, seen.month): seen}
        )
        self._code, self._name = "" if seen is None else seen.indicator, name

    def sheet(self, indicator: str, unit: str) -> Sheet:
        """The value itself; nothing else is known."""
        return self._sheet if indicator == self._code else {}

    def areas(self, unit: str, day: date) -> tuple[str, ...]:
        """None."""
        return ()

    def total(self, expression: str, unit: str, year: int, month: int) -> Value:
        """Ledgers are not asked."""
        return MISSING

    def published(self, seen: Seen) -> bool:
        """Nothing is asked of publication while numbers come in."""
        return False

    def unit_name(self, unit: str) -> str:
        """What the unit is called."""
        return self._name


def faults(bounds: Bounds, catalogue: Catalogue, seen: Seen, name: str) -> Iterator[Finding]:
    """What the rules say of one value by itself; a target or forecast is held to its range and explains nothing."""
    why = seen.reason if seen.role == "actual" else seen.role
    laid = Seen(seen.indicator, seen.unit, seen.year, seen.month, "actual", 0, seen.status, seen.value, why)
    codes = {rule.code for rule in bounds.rules}
    indicator = catalogue.indicators[seen.indicator]
    for fault in own_faults(
        _Alone(catalogue, laid, name), indicator, seen.unit, seen.year, seen.month, "entry"
    ):
        if fault.rule.code in codes:
            yield fault.finding()
