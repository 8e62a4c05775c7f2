"""What is asked of a cube: all the figures of a draft at once, found once and read in microseconds; a dashboard of a unit.

Values are exact pairs in the base unit of their family; saying them (:meth:`Answers.said`) is apart. A figure that is
missing, or cannot be read from a cube, is for :func:`shuzhi.figures.compute.compute`, which says why.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shuzhi.cube.asking.cells import Plan
from shuzhi.cube.asking.codes import Code, Exact, Nothing, Truth, Uncompiled, Values, Whole, exact, nothing
from shuzhi.cube.asking.compiled import Compiler
from shuzhi.cube.asking.formulas import Pair, said
from shuzhi.cube.asking.statuses import Statuses, Watched, rests_on_all
from shuzhi.cube.cube import Cube
from shuzhi.cube.exact import Spot
from shuzhi.figures.ask import Ask, Figure, Trace
from shuzhi.figures.context import Context
from shuzhi.figures.printing import settled, worded
from shuzhi.figures.words import Formula, Words, words_of
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import Amount
from shuzhi.kernel.measure import Unit

Found = Pair | bool | None
_OLDEST, _NEWEST = 1900, 2200


@dataclass(frozen=True, slots=True)
class Reading:
    """One ask as it is read: its code, and the unit and decimals it is said in (None: yes or no, or never there)."""

    read: Callable[[Values], Found]
    unit: Unit | None
    decimals: int


class Answers:
    """The answers of a cube to some asks. ``left`` are the asks that cannot be read from it, by number, and why not.

    With the ``statuses`` of the cube's only block figures are told whole (:meth:`figures`); what then hangs on which of
    several numbers was taken is left, too.
    """

    def __init__(
        self, cube: Cube, asks: Sequence[Ask], catalogue: Catalogue, statuses: Statuses | None = None
    ) -> None:
        self.asks = tuple(asks)
        self.left: dict[int, str] = {}
        self.plan = Plan(cube, catalogue)
        self._statuses = statuses
        self._watched = None if statuses is None else Watched(self.plan, statuses.block)
        self._spots: dict[int, tuple[tuple[int, Spot], ...]] = {}
        self._traces = [Trace(ask.expression, "", "", (), (), ()) for ask in self.asks] if statuses else []
        words, as_of = words_of(catalogue), self.plan.as_of
        for number, ask in enumerate(self.asks):
            try:
                self._reading(number, ask, words, as_of)
            except Uncompiled as why:
                self.left[number] = str(why)
        self.plan.settle()
        unread = Reading(nothing, None, 0)
        self.readings = tuple(
            unread if number in self.left else self._reading(number, ask, words, as_of)
            for number, ask in enumerate(self.asks)
        )
        self._reads = [reading.read for reading in self.readings]

    def __call__(self) -> list[Found]:
        """The values as the cube has them now, in the order of the asks; None where missing or left."""
        values = self.plan.values()
        return [read(values) for read in self._reads]

    def value(self, number: int, found: Found) -> Fraction | None:
        """A value in the unit its figure is said in."""
        unit = self.readings[number].unit
        if unit is None or not isinstance(found, tuple):
            return None
        power = unit.power
        return (
            Fraction(found[0], found[1] * 10**power)
            if power >= 0
            else Fraction(found[0] * 10**-power, found[1])
        )

    def said(self, found: Sequence[Found]) -> list[str]:
        """The digits of each figure, rounded half up, 是 or 否, and "" where there is none."""
        return [
            said(value, reading.decimals, reading.unit.power)
            if isinstance(value, tuple) and reading.unit is not None
            else worded(value)
            if isinstance(value, bool)
            else ""
            for value, reading in zip(found, self.readings, strict=True)
        ]

    def figures(self) -> list[Figure | None]:
        """The figures as the cube has them now, without their traces; None where missing or left."""
        found = self()
        return [
            self._figure(number, value, text)
            for number, (value, text) in enumerate(zip(found, self.said(found), strict=True))
        ]

    def _figure(self, number: int, found: Found, text: str) -> Figure | None:
        if found is None or self._statuses is None:
            return None
        ask, unit, value = self.asks[number], self.readings[number].unit, self.value(number, found)
        status = self._statuses.weakest(self._spots[number])
        name = unit.name if unit is not None else ""
        return Figure(ask, value, name, text, status, "", self._traces[number])

    def _reading(self, number: int, ask: Ask, words: Words, as_of: date) -> Reading:
        formula, context = _formula(ask, words), _context(ask, as_of)
        self.plan.row(context)
        if self._watched is None:
            return _shown(Compiler(self.plan, context).code(formula.node), formula, ask)
        if not rests_on_all(formula.node, self.plan.catalogue.indicators):
            raise Uncompiled("这个数的状态要看用了哪几个数，要另外计算")
        self._watched.begin()
        reading = _shown(Compiler(self._watched, context).code(formula.node), formula, ask)
        self._spots[number] = tuple(self._watched.spots)
        return reading


def _formula(ask: Ask, words: Words) -> Formula:
    try:
        return words.formula(ask.expression)
    except ExpressionError as error:
        raise Uncompiled(f"公式有误：{error.message}") from None


def _context(ask: Ask, as_of: date) -> Context:
    year = ask.year or as_of.year
    if not (_OLDEST <= year <= _NEWEST and 1 <= ask.month <= 12):
        raise Uncompiled(f"没有{year}年{ask.month}月这个时段")
    return Context.of(ask.unit, year, ask.month, as_of, then=ask.then)


def _shown(code: Code, formula: Formula, ask: Ask) -> Reading:
    """The reading of a code, in the unit and decimals the engine would say it in."""
    if isinstance(code, Truth):
        return Reading(code.read, None, 0)
    if isinstance(code, Nothing):
        return Reading(nothing, None, 0)
    found: Exact | Whole = code
    try:
        unit, decimals = settled(formula.style, Amount(Fraction(0), found.family), ask.shown_in, ask.decimals)
    except ValueError as error:
        raise Uncompiled(str(error)) from None
    return Reading(exact(found).read, unit, decimals)
