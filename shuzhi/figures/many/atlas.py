"""Many closings as one country: which of them holds a unit, and which continues what another holds as a unit only.

A province's books hold its counties as units, and a county may keep books of its own. The nearest closing tells of a
unit first: the one whose own unit lies the fewest steps above it (its own, when it has one). Rows of ledgers of
different closings are different rows, so those of all closings at or below a unit count.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property

from shuzhi.figures.closing import Closing
from shuzhi.figures.kept import Kept
from shuzhi.figures.many.census import all_codes, codes, shared_units
from shuzhi.figures.many.circles import circle, circular, turned
from shuzhi.figures.many.damaged import sound
from shuzhi.figures.tree import PLACES, SUCCESSIONS, Changes, Tree, tree_of
from shuzhi.kernel.finding import Finding, Refused


class Atlas:
    """The closings of one computation, in order of their units' codes. Raises Refused when two are of one unit, and, as
    soon as anything is asked of several, when closings list each other's units below their own.
    """

    def __init__(self, closings: Iterable[Closing], kept: Kept | None = None) -> None:
        self._kept = kept
        self.closings = tuple(sorted(closings, key=lambda closing: closing.unit_code))
        self.roots: dict[str, Closing] = {}
        for closing in self.closings:
            other = self.roots.setdefault(closing.unit_code, closing)
            if other is not closing:
                raise Refused(_overlap(closing, other))
        self._holding: dict[tuple[str, date | None], tuple[Closing, ...]] = {}
        self._reach: dict[tuple[str, date | None], tuple[Closing, ...]] = {}
        self._sealed: dict[str, bool] = {}
        self._inner: dict[tuple[str, date | None], tuple[str, ...]] = {}
        self._way: dict[tuple[str, date | None], Closing] = {}

    # --- trees -----------------------------------------------------------------------------------------------------

    def tree(self, closing: Closing, then: date | None = None) -> Tree:
        """The tree of one closing; raises Damaged when its file is."""
        return sound(closing, lambda: tree_of(closing, then))

    def inner(self, closing: Closing, then: date | None = None) -> tuple[str, ...]:
        """The units a closing holds below its own that have closings of their own, in order of their codes."""
        key = (closing.id, then)
        if key not in self._inner:
            self._inner[key] = tuple(sorted(self._below_own(closing, self._shared_roots, then)))
        return self._inner[key]

    def _listed(self, closing: Closing, roots: frozenset[str]) -> frozenset[str]:
        """Which of some closings' own units another one lists, wherever it does."""
        return (self._twice.get(closing.id, frozenset()) & roots) - {closing.unit_code}

    def _below_own(self, closing: Closing, roots: frozenset[str], then: date | None = None) -> frozenset[str]:
        """Those that it lists below its own unit."""
        found = self._listed(closing, roots)
        if not found:
            return found
        tree = self.tree(closing, then)
        return found & tree.below(closing.unit_code) if closing.unit_code in tree.members else frozenset()

    @cached_property
    def _codes(self) -> dict[str, frozenset[str]]:
        """The codes each closing holds; looked at only for units that stand in one closing and have none of their own."""
        return all_codes(self.closings, self._kept)

    @cached_property
    def _twice(self) -> dict[str, frozenset[str]]:
        """The codes of a closing that another one holds, too."""
        return shared_units(self.closings, self._kept)

    @cached_property
    def tops(self) -> tuple[Closing, ...]:
        """The closings whose unit no other closing holds below its own: what "the whole" adds up."""
        if len(self.closings) == 1:
            return self.closings
        if not self._shared_roots:
            return self.closings
        held = {code for closing in self.closings for code in self.inner(closing)}
        return tuple(closing for closing in self.closings if closing.unit_code not in held)

    # --- units -----------------------------------------------------------------------------------------------------

    def holding(self, unit: str, then: date | None = None) -> tuple[Closing, ...]:
        """The closings in whose tree a unit stands (or stood on the day ``then``), the nearest first."""
        key = (unit, then)
        if key not in self._holding:
            near: list[tuple[int, str, Closing]] = []
            for closing in self._candidates(unit):
                if closing.unit_code == unit and (then is None or self._stood(closing, then)):
                    near.append((0, unit, closing))
                elif unit in self._codes[closing.id] and unit in self.tree(closing, then).members:
                    depth = self.tree(closing, then).depth(unit, closing.unit_code)
                    near.append((depth, closing.unit_code, closing))
            self._holding[key] = tuple(closing for *_, closing in sorted(near, key=lambda each: each[:2]))
        return self._holding[key]

    def _stood(self, closing: Closing, then: date) -> bool:
        """Whether a closing's own unit stood on a day, for all its tree says."""
        unit = closing.unit_code
        return unit not in codes(closing) or unit in self.tree(closing, then).members

    def _candidates(self, unit: str) -> Sequence[Closing]:
        """The closings that may hold a unit; of the many units that stand in one closing only, the one without a search."""
        if unit in self._sharing:
            return self._sharing[unit]
        return (self.roots[unit],) if unit in self.roots else self.closings

    @cached_property
    def _shared_roots(self) -> frozenset[str]:
        return frozenset(self._sharing.keys() & self.roots.keys())

    @cached_property
    def _sharing(self) -> dict[str, list[Closing]]:
        """The closings of each unit that stands in more than one."""
        found: dict[str, list[Closing]] = {}
        for closing in self.closings:
            for code in self._twice.get(closing.id, ()):
                found.setdefault(code, []).append(closing)
        self._refuse_circles(frozenset(found.keys() & self.roots.keys()))
        return found

    def _refuse_circles(self, shared: frozenset[str]) -> None:
        """Whoever lies below whom, no closing's unit may lie below itself; trees are looked at only where codes let it."""
        if not shared:
            return
        if circle({closing.unit_code: self._listed(closing, shared) for closing in self.closings}):
            found = circle({closing.unit_code: self._below_own(closing, shared) for closing in self.closings})
            if found:
                closings = [self.roots[code] for code in found]
                raise Refused(circular([closing.unit_name for closing in closings], closings[0].place))

    @contextmanager
    def descending(self, unit: str, then: date | None, teller: Closing) -> Iterator[None]:
        """While what lies right below a unit, as a closing tells, is looked at; raises Refused when that is looked at
        already: closings that list no other's own unit may still list the same units below each other.
        """
        step = (unit, then)
        if step in self._way:
            steps = list(self._way)
            around = steps[steps.index(step) :]
            tellers = [self._way[each].unit_name for each in around]
            raise Refused(turned([self.name(code, then) for code, _ in around], tellers, teller.place))
        self._way[step] = teller
        try:
            yield
        finally:
            del self._way[step]

    def sealed(self, closing: Closing) -> bool:
        """Whether no other closing tells of a unit below a closing's own, so that it may be added up by itself."""
        if closing.id not in self._sealed:
            below = self._twice.get(closing.id, frozenset()) - {closing.unit_code}
            self._sealed[closing.id] = len(self.closings) > 1 and not below
        return self._sealed[closing.id]

    def apart(self, closing: Closing, then: date | None = None) -> bool:
        """Whether a closing is sealed and nobody else tells of its own unit either."""
        return self.sealed(closing) and self.holding(closing.unit_code, then) == (closing,)

    def reach(self, unit: str, then: date | None = None) -> tuple[Closing, ...]:
        """The closings with rows of a unit and all below it, in order of their units' codes; all of them for the whole.

        Those of closings whose own unit lies below it belong to it whole (see :meth:`whole`).
        """
        if not unit:
            return self.closings
        key = (unit, then)
        if key not in self._reach:
            found = {closing.id: closing for closing in self.holding(unit, then)}
            waiting = list(found.values())
            while waiting:
                closing = waiting.pop()
                for code in self._continued(closing, unit if closing.unit_code != unit else "", then):
                    inner = self.roots[code]
                    if inner.id not in found:
                        found[inner.id] = inner
                        waiting.append(inner)
            self._reach[key] = tuple(sorted(found.values(), key=lambda closing: closing.unit_code))
        return self._reach[key]

    def _continued(self, closing: Closing, unit: str, then: date | None) -> Iterable[str]:
        inner = self.inner(closing, then)
        members = self.tree(closing, then).members if inner else {}
        if not unit or unit not in members:
            return inner
        below = self.tree(closing, then).below(unit)
        return [code for code in inner if code in below]

    def whole(self, closing: Closing, unit: str, then: date | None = None) -> bool:
        """Whether all rows of a closing in reach of a unit are that unit's: its own unit is it, or lies below it."""
        return not unit or closing.unit_code == unit or closing not in self.holding(unit, then)

    def name(self, unit: str, then: date | None = None) -> str:
        """The name of a unit (on the day ``then``), or of all closings together."""
        if unit:
            for closing in self.holding(unit, then):
                member = self.tree(closing, then).members.get(unit)
                return member.name if member else closing.unit_name
            return unit
        names = [closing.unit_name for closing in self.tops]
        told = f"{'、'.join(names[:3])}{'等' * (len(names) > 3)}{len(names)}个单位"
        return names[0] if len(names) == 1 else told

    @cached_property
    def redrawn(self) -> frozenset[str]:
        """The ids of the closings that tell of boundaries as they were before."""
        return frozenset(
            closing.id
            for closing in self.closings
            if PLACES in closing.tables or SUCCESSIONS in closing.tables
        )

    def changes(self, unit: str, day: date) -> Changes | None:
        """What a unit holds now otherwise than on a day, as all closings that hold it tell; None when nothing has changed
        for any of them since. Of where another unit lay, the nearest closing that holds it tells.
        """
        found: Changes | None = None
        known: list[Tree] = []
        for closing in self.holding(unit):
            if closing.id not in self.redrawn:
                continue
            tree = self.tree(closing)
            told = tree.changes(unit, day)
            if told is not None:
                came, left = (
                    tuple(move for move in moves if not any(move.unit in each.members for each in known))
                    for moves in (told.came, told.left)
                )
                first = found or Changes(stood=told.stood)
                split = (*first.split, *(each for each in told.split if each not in first.split))
                found = Changes((*first.came, *came), (*first.left, *left), split, first.stood)
            known.append(tree)
        return found

    def siblings(self, unit: str, day: date) -> tuple[str, ...]:
        """The units of a unit's level under the same parent that stood on a day, itself among them; units that no other
        closing holds are each other's.
        """
        above = [closing for closing in self.holding(unit) if closing.unit_code != unit] if unit else []
        for closing in above:
            members = self.tree(closing).members
            own = members[unit]
            return tuple(
                code
                for code, item in members.items()
                if (item.parent, item.level) == (own.parent, own.level) and item.stood(day)
            )
        tops = tuple(closing.unit_code for closing in self.tops)
        return tops if unit in tops else ()


def _overlap(closing: Closing, other: Closing) -> Finding:
    """Two closings of one unit hold the same rows twice."""
    days = f"都截至{closing.as_of}" if other.as_of == closing.as_of else f"截至{other.as_of}和{closing.as_of}"
    said = f"{closing.unit_name}有两份结账（{days}），合并会重复计数"
    return Finding("figures.closings-overlap", said, "每个单位只用一份结账", closing.place)
