"""What a closing that stands by itself tells of an indicator: a pure function of what is asked and of its own files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from shuzhi.figures.closing import Closing
from shuzhi.figures.context import Context
from shuzhi.figures.gather import gather
from shuzhi.figures.leaves import Look
from shuzhi.figures.many.atlas import Atlas
from shuzhi.figures.many.columns import Columns, columns_of
from shuzhi.figures.many.outcome import Tally, Tell
from shuzhi.figures.many.tallying import Lay, tallied
from shuzhi.figures.memory import Memory
from shuzhi.figures.observed import OBSERVATION, Measured, Periods, Sheet

TELLINGS: Final[Memory[tuple[Tell, str, str], Tally]] = Memory()
# Closings of so many observations together are read in one scan.
_AT_ONCE: Final = 1 << 20


class _Alone:
    """The observations of one closing, and how its unit is drawn."""

    def __init__(self, closing: Closing, columns: Columns) -> None:
        self.closing, self.columns, self.atlas = closing, columns, Atlas([closing])
        self.definitions: dict[str, Measured] = {}
        self._lays: dict[tuple[date | None, date], Lay] = {}

    def indicator(self, code: str) -> Measured:
        """See :class:`shuzhi.figures.gather.Sheets`."""
        return self.definitions[code]

    def sheet(self, closing: Closing, look: Look) -> Sheet | None:
        """See :class:`shuzhi.figures.gather.Sheets`."""
        return self.columns.sheet(closing, look)

    def tally(self, closing: Closing, indicator: Measured, context: Context) -> Tally | None:
        """Nothing below a closing that stands by itself is another closing."""
        raise AssertionError("one closing is not added up by parts")

    def lay(self, context: Context) -> Lay | None:
        """The areas of the closing's unit in a context; None where boundaries have changed since."""
        if self.atlas.redrawn and not context.then and context.cutoff < self.atlas.tree(self.closing).settled:
            return None
        key = (context.day, context.cutoff)
        if key not in self._lays:
            tree = self.atlas.tree(self.closing, context.day)
            self._lays[key] = Lay(tree, self.closing.unit_code, context.cutoff, self.columns.units)
        return self._lays[key]

    def told(self, tell: Tell) -> Tally:
        """What the closing comes to."""
        quick = tallied(tell, self.closing, self.columns, partial(self.lay, tell.context))
        return self.by_law(tell) if quick is None else quick

    def by_law(self, tell: Tell) -> Tally:
        """The same, area by area."""
        self.definitions = {each.code: each for each in tell.weights}
        outcome = gather(self, self.closing.unit_code, tell.indicator, tell.context, weighed=True)
        return Tally.of(self.closing.unit_name, outcome).short()


def told(tells: Iterable[Tell], closing: Closing, *, by_law: bool = False) -> dict[Tell, Tally]:
    """What a closing comes to, all its levels added up, for each of the tells; ``by_law`` area by area, and nothing at once.

    Raises Refused when it is damaged.
    """
    return told_of_many({closing.id: list(tells)}, [closing], by_law=by_law)[closing.id]


def told_of_many(
    tells: Mapping[str, Sequence[Tell]], closings: Sequence[Closing], *, by_law: bool = False
) -> dict[str, dict[Tell, Tally]]:
    """What each of some closings comes to for its tells, by their ids; many small ones are read in one scan."""
    found: dict[str, dict[Tell, Tally]] = {closing.id: {} for closing in closings}
    # The latest is looked for in all periods, anything else in a few.
    for latest in (False, True):
        asked = {
            closing.id: [tell for tell in tells[closing.id] if (tell.context.role == "latest") is latest]
            for closing in closings
        }
        for group in _groups([closing for closing in closings if asked[closing.id]]):
            several = [tell for closing in group for tell in asked[closing.id]]
            codes = {each.code for tell in several for each in (tell.indicator, *tell.weights)}
            periods = None if latest else _periods([tell.context for tell in several])
            columns = columns_of(group, sorted(codes), periods)
            for closing in group:
                books = _Alone(closing, columns)
                ask = books.by_law if by_law else books.told
                found[closing.id] |= {tell: ask(tell) for tell in asked[closing.id]}
    return found


def _groups(closings: Sequence[Closing]) -> Iterator[list[Closing]]:
    """The closings in their order, in groups of not too many observations."""
    group: list[Closing] = []
    held = 0
    for closing in closings:
        table = closing.tables.get(OBSERVATION)
        rows = table.rows if table is not None else 0
        if group and held + rows > _AT_ONCE:
            yield group
            group, held = [], 0
        group.append(closing)
        held += rows
    if group:
        yield group


def _periods(contexts: Sequence[Context]) -> Periods:
    """The years and months these contexts look at; a year's figures stand at December."""
    return frozenset(each.year for each in contexts), frozenset({12, *(each.month for each in contexts)})
