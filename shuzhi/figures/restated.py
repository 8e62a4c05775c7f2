"""A unit's past by today's boundaries: what it was told to be, with what it took in since, without what it gave away.

Every unit is told as it stood at the time; what lies in the unit asked about now and lay elsewhere then is put to it,
what lay in it then and lies elsewhere now is taken away. A sum above both is therefore the same as ever.
"""

from dataclasses import replace

from shuzhi.figures.context import Context
from shuzhi.figures.gather import Sheets, added, adds_up, own_word, owned, silence, told
from shuzhi.figures.many.outcome import Outcome, Tally
from shuzhi.figures.observed import Measured
from shuzhi.figures.tree import Changes, Move

Part = tuple[str, Outcome, bool]
"""A unit's name, what it comes to, and whether that is taken away."""


def restated(
    sheets: Sheets, unit: str, indicator: Measured, context: Context, changes: Changes, *, weighed: bool
) -> Outcome:
    """The value of a unit as it stands now, on a day before its ``changes``; see :func:`shuzhi.figures.gather.gather`."""
    then = replace(context, then=True, restated=True)
    if not changes.stood:
        heard = own_word(sheets, unit, indicator, context)
        if heard is None:
            return Outcome(pending=True)
        if heard[0] is not None:  # whoever speaks of a time before a unit was founded means the unit as it is
            return owned(sheets, heard[0], indicator, context, heard[1], weighed=weighed)
    if not changes.redrawn:
        at = then if changes.stood else context
        return told(sheets, unit, indicator, at, weighed=weighed)
    name, drawn = sheets.atlas.name(unit), _drawn(sheets, changes, context)
    if changes.split:
        return Outcome(reason=_undivided(name, indicator, changes))
    if not adds_up(indicator):
        said = f"{name}{drawn}，{indicator.label}不能由各单位的数加减得出，此前的不能追溯；可按当时区划计算"
        return Outcome(reason=said)
    parts = _Parts(sheets, indicator, then, changes).all(unit)
    if any(outcome.pending for _, outcome, _ in parts):
        return Outcome(pending=True)
    if all(outcome.silent for _, outcome, _ in parts):
        return Outcome(reason=f"{name}{drawn}，{silence(indicator, context, '')}", silent=True)
    found = added(indicator, context, [_tally(*part) for part in parts])
    if found.number is None:
        return replace(found, reason=f"{name}{drawn}，{found.reason}")
    return replace(found, drawn=(drawn,))


class _Parts:
    """What a unit's value is put together from, each as told on the day."""

    def __init__(self, sheets: Sheets, indicator: Measured, then: Context, changes: Changes) -> None:
        self.sheets, self.indicator, self.then = sheets, indicator, then
        self.changes = changes
        self.outside = {move.unit for move in changes.left}

    def all(self, unit: str) -> list[Part]:
        """The unit itself, when it stood, and what came to it, each without what left it."""
        units = [unit] * self.changes.stood + [move.unit for move in self.changes.came]
        return [part for each in units for part in self._kept(each)]

    def _kept(self, unit: str) -> list[Part]:
        """A unit without what left it: its own word and what is taken from it, else the areas below that stayed."""
        inside = [code for code in self.outside if code != unit and self._held(code, unit)]
        gone = [
            code for code in inside if not any(each != code and self._held(code, each) for each in inside)
        ]
        name = self.sheets.atlas.name(unit, self.then.day)
        if not gone:
            return [(name, self._told(unit), False)]
        heard = own_word(self.sheets, unit, self.indicator, self.then)
        if heard is None:
            return [(name, Outcome(pending=True), False)]
        if heard[0] is not None:
            own = owned(self.sheets, heard[0], self.indicator, self.then, heard[1], weighed=True)
            away = [(self.sheets.atlas.name(code, self.then.day), self._told(code), True) for code in gone]
            return [(name, own, False), *away]
        below = self._stayed(unit)
        return below or [(name, Outcome(reason=silence(self.indicator, self.then, name), silent=True), False)]

    def _stayed(self, unit: str) -> list[Part]:
        """The areas right below a unit that did not leave it, as the nearest closing that has any draws them."""
        atlas, day = self.sheets.atlas, self.then.day
        looked = (
            (closing, atlas.tree(closing, day).areas(unit, self.then.cutoff))
            for closing in atlas.holding(unit, day)
        )
        teller, areas = next((found for found in looked if found[1]), (None, ()))
        if teller is None:
            return []
        stayed = [area for area in areas if area.code not in self.outside]
        with atlas.descending(unit, day, teller):
            return [part for area in stayed for part in self._kept(area.code)]

    def _told(self, unit: str) -> Outcome:
        return told(self.sheets, unit, self.indicator, self.then, weighed=True)

    def _held(self, code: str, unit: str) -> bool:
        """Whether a unit lay below another one on the day."""
        atlas, day = self.sheets.atlas, self.then.day
        trees = [atlas.tree(closing, day) for closing in atlas.holding(unit, day)]
        return any(code in tree.members and tree.within(code, unit) for tree in trees)


def _tally(name: str, outcome: Outcome, away: bool) -> Tally:
    tally = Tally.of(name, outcome)
    return replace(tally, top=-tally.top, bottom=-tally.bottom) if away else tally


def _undivided(name: str, indicator: Measured, changes: Changes) -> str:
    whence, day = changes.split[0]
    return f"{name}{day}由{whence}分设，此前的{indicator.label}没有分开，不能追溯"


def _drawn(sheets: Sheets, changes: Changes, context: Context) -> str:
    """What was put together, in words: 含2025年7月1日并入的乙县，不含2025年7月1日划出的东镇."""
    came = _named(sheets, changes.came, "划入", context)
    left = _named(sheets, changes.left, "划出", context)
    return "，".join(said for said in (came and f"含{came}", left and f"不含{left}") if said)


def _named(sheets: Sheets, moves: tuple[Move, ...], verb: str, context: Context) -> str:
    return "、".join(
        f"{move.day.year}年{move.day.month}月{move.day.day}日{'并入' if move.merged and verb == '划入' else verb}的"
        f"{sheets.atlas.name(move.unit, context.cutoff)}"
        for move in moves
    )
