"""A dashboard: for some indicators of one unit in one month what was reached, how it grew, and where it stands.

By what an indicator measures (``temporal``): what is reported as accumulated since January is ``cumulative``, and the
``value`` of the period itself is the difference from the period before, missing if either is; a level or a rate is its own
``value`` and does not accumulate. Growth is over the same period of the year before by the indicator's own convention;
where that is restated or official, it is never worked out from levels.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from shuzhi.cube.asking.cells import Plan
from shuzhi.cube.asking.codes import (
    NOTHING,
    Code,
    Exact,
    Nothing,
    Uncompiled,
    Values,
    Whole,
    calculated,
    exact,
    nothing,
)
from shuzhi.cube.asking.compiled import Compiler
from shuzhi.cube.asking.formulas import Pair, completion
from shuzhi.cube.asking.standing import grown
from shuzhi.cube.cube import Cube
from shuzhi.cube.frame import MONTHS
from shuzhi.figures.context import Context
from shuzhi.figures.reader import RESTATED
from shuzhi.figures.words import words_of
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.expr.nodes import Binary, Call, Name, Node
from shuzhi.kernel.expr.types import Scope
from shuzhi.kernel.measure import RATIO

ACCUMULATED: Final = "cum"
_STEPS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class Line(NamedTuple):
    """One indicator of a dashboard; pairs are in the base unit of its family, growth and completion parts of one.

    ``reported`` of ``expected`` have reported (0 of 0 for what is worked out from others); without all of them there is no
    figure. ``alike`` says that as many were expected a year before. ``place`` is the place among siblings, all of whom
    have a figure then.
    """

    indicator: str
    value: Pair | None
    cumulative: Pair | None
    growth: Pair | None
    cumulative_growth: Pair | None
    completion: Pair | None
    reported: int
    expected: int
    alike: bool
    place: int | None


_Read = Callable[[Values], Pair | None]
_FIGURES: Final = 5
_LINE: Final = partial(tuple.__new__, Line)  # as ``Line._make`` does, without a call of Python for each


class _Codes(NamedTuple):
    """What is read of an indicator: five figures, its place, how many have reported; and what is known beforehand."""

    indicator: str
    figures: tuple[_Read, ...]
    place: _Read
    heard: Callable[[Values], int | None]
    expected: int
    alike: bool


class Dashboard:
    """Some indicators of one unit in one month; made once, then read as often as one likes by calling it.

    ``left`` says of which indicators not everything could be read from the cube, and why: what is missing there is to be
    asked of the engine.
    """

    def __init__(
        self, cube: Cube, catalogue: Catalogue, indicators: Sequence[str], unit: str, year: int, month: int
    ) -> None:
        self.indicators = tuple(indicators)
        self.plan = Plan(cube, catalogue)
        self.left: dict[str, str] = {}
        self.context = Context.of(unit, year, month, self.plan.as_of)
        self.plan.row(self.context)
        self._scope = words_of(catalogue).scope
        known = [catalogue.indicators[code] for code in self.indicators]
        for indicator in known:
            self._codes(indicator)
        self.plan.settle()
        lines = [self._codes(indicator) for indicator in known]
        self._figures = [[line.figures[number] for line in lines] for number in range(_FIGURES)]
        self._heard, self._places = [line.heard for line in lines], [line.place for line in lines]
        self._expected, self._alike = [line.expected for line in lines], [line.alike for line in lines]

    def __call__(self) -> list[Line]:
        """The lines as the cube has them now: read column by column."""
        values = self.plan.values()
        places = [read(values) for read in self._places]
        columns = zip(
            self.indicators,
            *[[read(values) for read in column] for column in self._figures],
            [read(values) or 0 for read in self._heard],
            self._expected,
            self._alike,
            [place and place[0] for place in places],
            strict=True,
        )
        return list(map(_LINE, columns))

    # --- compiling ------------------------------------------------------------------------------------------------------

    def _codes(self, indicator: Indicator) -> _Codes:
        told, accumulates = Name((indicator.code,)), indicator.temporal == ACCUMULATED
        self._asked = indicator.code
        now = self._code(told)
        goal = self._code(Call("target", (told,)))
        growth = self._code(_growth(indicator, self._scope))
        own = self._period(indicator, self.context.year) if accumulates else now
        codes = (
            own,
            now if accumulates else NOTHING,
            self._period_growth(indicator, own) if accumulates else growth,
            growth if accumulates else NOTHING,
            _completed(indicator.direction, now, goal),
        )
        figures = tuple(exact(code).read for code in codes)
        place = exact(self._code(Call("rank", (told,)))).read
        if indicator.expression is not None:
            return _Codes(indicator.code, figures, place, nothing, 0, alike=True)
        heard, expected, before = self.plan.heard(indicator, self.context)
        return _Codes(indicator.code, figures, place, heard, expected, expected == before)

    def _code(self, node: Node | None, context: Context | None = None) -> Code:
        """The code of a formula; nothing where the cube cannot answer it."""
        if node is None:
            return NOTHING
        try:
            return Compiler(self.plan, context or self.context).code(node)
        except Uncompiled as why:
            self.left[self._asked] = str(why)
            return NOTHING

    def _period(self, indicator: Indicator, year: int) -> Code:
        """What the period itself added to what accumulates since January."""
        step, month, told = _STEPS[indicator.frequency], self.context.month, Name((indicator.code,))
        if month % step and step < MONTHS:
            return NOTHING
        now, before = (
            self._code(told, Context.of(self.context.unit, year, each, self.plan.as_of))
            for each in (month, max(month - step, 1))
        )
        if month <= step or step == MONTHS:
            return now
        return calculated("-", now, before)

    def _period_growth(self, indicator: Indicator, own: Code) -> Code:
        if indicator.growth_by or indicator.growth in (*RESTATED, "none"):
            return NOTHING
        before = self._period(indicator, self.context.year - 1)
        return calculated("-", own, before) if indicator.growth == "pp" else grown(own, before)


def _growth(indicator: Indicator, scope: Scope) -> Node | None:
    """How the language asks for growth over the year before: official or worked out, in points for shares; or not at all."""
    told = Name((indicator.code,))
    if indicator.growth == "pp":
        return Binary("-", told, Call("lastyear", (told,)))
    return Name((indicator.code, "growth")) if scope.name((indicator.code, "growth")) else None


def _completed(direction: str, actual: Code, target: Code) -> Code:
    """How much of the year's target is reached, as targets are measured (what should be low: 2 − actual ÷ target)."""
    if isinstance(actual, Nothing) or isinstance(target, Nothing):
        return NOTHING
    cells = [code.at for code in (actual, target) if isinstance(code, Whole) and code.cell]
    if direction != "down" and len(cells) == 2:  # two cells of one indicator are of one scale
        return Exact(_reached(*cells), RATIO.name)
    first, second = exact(actual).read, exact(target).read
    return Exact(lambda values: completion(direction, first(values), second(values)), RATIO.name)


def _reached(actual: int, target: int) -> _Read:
    """The same for two cells of one scale."""

    def reached(values: Values) -> Pair | None:
        now, goal = values[actual], values[target]
        return None if now is None or goal is None or goal <= 0 else (now, goal)

    return reached
