"""What the observations of a closing come to, added up column by column.

The law is :mod:`shuzhi.figures.gather`; here is what it comes to where nothing but areas below areas is to be added up,
which is nearly always: an area's own word, or else what the areas right below it come to, up to the closing's own unit.
Whatever is not plainly so is left to the law, which tells the same of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Final

from shuzhi.figures.ask import MOST_REFS
from shuzhi.figures.closing import Closing
from shuzhi.figures.context import Context
from shuzhi.figures.gather import added, adds_up, silence
from shuzhi.figures.many.columns import Cell, Columns
from shuzhi.figures.many.outcome import NAMED, Outcome, Tally, Tell, Told
from shuzhi.figures.observed import Measured, Seen
from shuzhi.figures.tree import Tree
from shuzhi.kernel.catalogue.definitions import STATUSES

_DECEMBER: Final = 12


class Lay:
    """The areas below a unit that stood on a day, in preorder, the unit itself first; ``above`` says below which each lies,
    ``below`` how many lie right below it, ``units`` which numbers they have among those that are told of (-1: none).
    """

    def __init__(self, tree: Tree, top: str, day: date, numbers: Mapping[str, int]) -> None:
        self.codes, self.names = [top], [""]
        self.above, self.below = [-1], [0]
        waiting = [(0, area) for area in reversed(tree.areas(top, day))]
        while waiting and len(self.codes) <= len(tree.members):
            above, area = waiting.pop()
            own = len(self.codes)
            self.codes.append(area.code)
            self.names.append(area.name)
            self.above.append(above)
            self.below.append(0)
            self.below[above] += 1
            waiting += [(own, each) for each in reversed(tree.areas(area.code, day))]
        self.units = [numbers.get(code, -1) for code in self.codes]

    @cached_property
    def plain(self) -> bool:
        """Whether the order of the codes is that of the names of their observations, and each stands once."""
        return len(set(self.codes)) == len(self.codes) and not any("/" in code for code in self.codes)

    @cached_property
    def by_ref(self) -> list[int]:
        """The areas in the order of the names of their observations."""
        return sorted(range(len(self.codes)), key=lambda place: f"{self.codes[place]}/")


@dataclass(frozen=True, slots=True)
class _Picks:
    """The observations of an indicator that count in a context: ``own`` of that very period, and in ``rows`` those with the
    forecast of the year where there is none.
    """

    indicator: str
    own: Cell
    rows: Cell
    role: str
    year: int
    month: int

    def played(self, unit: int) -> tuple[str, int]:
        """The role and the month in which a unit's observation was made."""
        return (self.role, self.month) if unit in self.own else ("forecast", _DECEMBER)


def tallied(tell: Tell, closing: Closing, columns: Columns, drawn: Callable[[], Lay | None]) -> Tally | None:
    """What a closing comes to; None where the law has to be asked. ``drawn`` gives the areas of its unit, None when they
    are not simply those of the day.
    """
    picks = _picks(tell.indicator, tell.context, closing, columns)
    if picks is None or columns.units.get(closing.unit_code, -1) in picks.rows:
        return None
    lay = drawn()
    if lay is None or not lay.plain:
        return None
    if not adds_up(tell.indicator):
        return _silent(tell, closing)
    weights = _picks(tell.weights[0], tell.context, closing, columns) if tell.weights else None
    if (weights is None) != (tell.indicator.rollup == "sum"):
        return None
    sums = _Sums(lay, picks, weights, columns)
    if not sums.added_up():
        return None
    if sums.silent[0] == lay.below[0]:
        return _silent(tell, closing)
    whole = not sums.lacking[0]
    tally = Tally(
        lay.below[0],
        sums.silent[0],
        sums.lacking[0],
        tuple(lay.names[place] for place in sums.lacked()),
        Fraction(sums.tops[0]),
        Fraction(sums.bottoms[0]),
        _told(picks, sums.counted, lay, columns) if whole else (),
        _told(weights, sums.counted, lay, columns) if whole and weights is not None else (),
    )
    return Tally.of(closing.unit_name, added(tell.indicator, tell.context, [tally])).short()


def _silent(tell: Tell, closing: Closing) -> Tally:
    said = Outcome(reason=silence(tell.indicator, tell.context, ""), silent=True)
    return Tally.of(closing.unit_name, said)


def _picks(indicator: Measured, context: Context, closing: Closing, columns: Columns) -> _Picks | None:
    """What counts of an indicator in a context; None of the latest, for which all periods are looked through."""
    year = context.year

    def cell(role: str, month: int) -> Cell:
        return columns.cell(closing, indicator.code, role, year, month)

    if context.role in ("target", "forecast"):
        own = cell(context.role, _DECEMBER)
        return _Picks(indicator.code, own, own, context.role, year, _DECEMBER)
    if context.role != "actual":
        return None
    month = _DECEMBER if indicator.frequency == "year" else context.month
    own = cell("actual", month)
    then = cell("forecast", month) if month == _DECEMBER else None
    return _Picks(indicator.code, own, {**then, **own} if then else own, "actual", year, month)


class _Sums:
    """Running sums of every area, filled from below; ``counted`` are the areas whose own word counts, in preorder."""

    def __init__(self, lay: Lay, picks: _Picks, weights: _Picks | None, columns: Columns) -> None:
        self._lay, self._weights, self._values = lay, weights, columns.values
        self._rows = list(map(picks.rows.get, lay.units))
        size = len(self._rows)
        self.tops, self.bottoms = [0] * size, [0] * size
        self.silent, self.lacking = [0] * size, [0] * size
        self._lacks: list[int] = []

    def added_up(self) -> bool:
        """Add all areas up; False where a weight has to be added up from below, which is left to the law."""
        above, below = self._lay.above, self._lay.below
        tops, bottoms, silent, lacking = self.tops, self.bottoms, self.silent, self.lacking
        rows, values, weighed = self._rows, self._values, self._weights is not None
        for place in range(len(rows) - 1, 0, -1):
            over, row = above[place], rows[place]
            if row is not None:
                value, weight = values[row], self._weight(place) if weighed else 1
                if weight is None and self._unsaid(place):
                    return False
                if value is not None and weight is not None:
                    tops[over] += value * weight
                    bottoms[over] += weight
                    continue
            elif silent[place] == below[place]:  # an area without any below it is silent, too
                silent[over] += 1
            elif not lacking[place]:
                tops[over] += tops[place]
                bottoms[over] += bottoms[place]
                continue
            lacking[over] += 1
            if not over:
                self._lacks.append(place)
        return True

    def _weight(self, place: int) -> int | None:
        if self._weights is None:
            return 1
        row = self._weights.rows.get(self._lay.units[place])
        return None if row is None else self._values[row]

    def _unsaid(self, place: int) -> bool:
        """Whether nobody has said an area's weight, and areas below it may have."""
        weights = self._weights
        said = weights is not None and self._lay.units[place] in weights.rows
        return not said and self._lay.below[place] > 0

    def lacked(self) -> list[int]:
        """The first of the areas right below the top that bring nothing, in order."""
        return self._lacks[: -NAMED - 1 : -1]

    @cached_property
    def counted(self) -> list[int]:
        """The areas whose own word counts: those that said something, and nobody above them did."""
        above, covered = self._lay.above, [row is not None for row in self._rows]
        found = []
        for place in range(1, len(covered)):
            if covered[above[place]]:
                covered[place] = True
            elif covered[place]:
                found.append(place)
        return found


def _told(picks: _Picks, counted: Sequence[int], lay: Lay, columns: Columns) -> tuple[Told, ...]:
    """The observations that count, summed up."""
    units = lay.units
    rows = {place: row for place in counted if (row := picks.rows.get(units[place])) is not None}
    if not rows:
        return ()
    chosen = lay.by_ref if len(rows) > MOST_REFS else sorted(rows, key=lambda place: f"{lay.codes[place]}/")
    refs: list[str] = []
    tails: dict[tuple[str, int, int], str] = {}
    for place in chosen:
        row = rows.get(place)
        if row is None:
            continue
        role, month = picks.played(units[place])
        tail = tails.get(key := (role, month, columns.vintages[row]))
        if tail is None:
            tail = tails[key] = f"/{picks.year:04d}-{month:02d}/{role}/{columns.vintages[row]}"
        refs.append(f"observation/{picks.indicator}/{lay.codes[place]}{tail}")
        if len(refs) == MOST_REFS:
            break
    first = next(iter(rows))
    missing = sum(columns.values[row] is None for row in rows.values())
    statuses = _statuses(picks, rows, lay, columns)
    return (Told(len(rows), missing, statuses, _seen(picks, first, rows[first], lay, columns), tuple(refs)),)


def _statuses(picks: _Picks, rows: Mapping[int, int], lay: Lay, columns: Columns) -> frozenset[str]:
    """The status words; targets have none, and a forecast always is 预计."""
    if picks.role == "target":
        return frozenset()
    if picks.role == "forecast":
        return frozenset((STATUSES[0],))
    alike = picks.rows is picks.own
    own = [row for place, row in rows.items() if alike or lay.units[place] in picks.own]
    said = {columns.statuses[row] for row in own}
    words = {"" if status is None else columns.words[status] for status in said}
    return frozenset(words if len(own) == len(rows) else words | {STATUSES[0]})


def _seen(picks: _Picks, place: int, row: int, lay: Lay, columns: Columns) -> Seen:
    role, month = picks.played(lay.units[place])
    seen = columns.seen(row, picks.indicator, lay.codes[place], role, picks.year, month)
    if role != "forecast":
        return seen
    return Seen(
        seen.indicator,
        seen.unit,
        seen.year,
        seen.month,
        role,
        seen.vintage,
        STATUSES[0],
        seen.value,
        seen.reason,
    )
