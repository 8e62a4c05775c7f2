"""One computation: the closings it reads, the leaves wanted and read so far, and how closings add up."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from shuzhi.figures import observed
from shuzhi.figures.ask import MOST_REFS, Leaf
from shuzhi.figures.closing import Closing
from shuzhi.figures.context import Context
from shuzhi.figures.gather import Outcome, added, gather, weight
from shuzhi.figures.leaves import Cut, Look
from shuzhi.figures.notes import Notes, exactly
from shuzhi.figures.observed import SHEETS, Sheet
from shuzhi.figures.partial import PARTIALS, Key, Partial, Shelf, merged, value_of
from shuzhi.figures.reading import Read, Reader, Wanted, attempt
from shuzhi.figures.tree import BOUNDARIES, tree_of
from shuzhi.figures.words import words_of
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.expr.nodes import MISSING, Amount, Value
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import UNITS, amount


class Session:
    """Reads what figures need, all leaves over a relation in one scan, and remembers what it has read."""

    def __init__(
        self,
        closings: Sequence[Closing],
        catalogue: Catalogue,
        shelf: Shelf | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.closings = tuple(closings)
        self._reader = reader or self._read_here
        self.catalogue = catalogue
        self.words = words_of(catalogue)
        self.scope, self.labels = self.words.scope, self.words.labels
        self._shelf = shelf
        self._partials: dict[tuple[str, Cut], Partial] = {}
        self._sheets: dict[tuple[str, Look], Sheet] = {}
        self._wanted_cuts: dict[tuple[str, Cut], Closing] = {}
        self._wanted_looks: dict[tuple[str, Look], Closing] = {}

    @property
    def as_of(self) -> date:
        """The last day any of the closings knows of."""
        return max(closing.as_of for closing in self.closings)

    def standing(self, unit: str, then: date | None = None) -> tuple[Closing, ...]:
        """The closings in which a unit stands (or stood on the day ``then``); all of them for the whole."""
        return tuple(
            closing for closing in self.closings if not unit or unit in tree_of(closing, then).members
        )

    def unit_name(self, unit: str, then: date | None = None) -> str:
        """The name of a unit (on the day ``then``), or of all closings together."""
        if unit:
            named = (tree_of(closing, then).members[unit].name for closing in self.standing(unit, then))
            return next(named, unit)
        names = [closing.unit_name for closing in self.closings]
        return (
            names[0]
            if len(names) == 1
            else f"{'、'.join(names[:3])}{'等' * (len(names) > 3)}{len(names)}个单位"
        )

    def siblings(self, unit: str, day: date) -> tuple[str, ...]:
        """The units of a unit's level under the same parent that stood on a day, itself among them; of several closings,
        the units they are of are each other's siblings.
        """
        roots = tuple(closing.unit_code for closing in self.closings)
        if unit in roots:
            return roots
        for closing in self.standing(unit) if unit else ():
            members = tree_of(closing).members
            own = members[unit]
            return tuple(
                code
                for code, item in members.items()
                if (item.parent, item.level) == (own.parent, own.level) and item.stood(day)
            )
        return ()

    # --- totals ----------------------------------------------------------------------------------------------------

    def total(self, cut: Cut, notes: Notes) -> Value:
        """The merged value of a cut; MISSING, with ``notes.pending`` raised, when it has yet to be read."""
        standing = self.standing(cut.unit, cut.then)
        split = self._split(cut, standing)
        if split:
            notes.reason(split)
            return MISSING
        parts = [self._partial(closing, local(cut, closing)) for closing in standing]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            notes.pending += 1
            return MISSING
        partial = merged(cut, known)
        value = value_of(cut, partial)
        notes.cuts[cut] = None
        notes.leaves[self._leaf(cut, partial, value, standing)] = None
        if value is MISSING:
            notes.reason(self._why(cut, partial, standing))
        return value

    def _split(self, cut: Cut, standing: tuple[Closing, ...]) -> str:
        """Why the rows of a unit that was split off cannot be told from before that day; empty when they can."""
        if not cut.unit or cut.span is None or cut.then is not None:
            return ""
        for closing in standing:
            tree = tree_of(closing)
            if cut.unit in tree.split and cut.span.start < tree.split[cut.unit][1]:
                name, day = tree.split[cut.unit]
                return f"{tree.members[cut.unit].name}{day}由{name}分设，此前的账没有分开，不能追溯；可按当时区划问{name}"
        return ""

    def _partial(self, closing: Closing, cut: Cut) -> Partial | None:
        place = (closing.id, cut)
        found = self._partials.get(place) or PARTIALS.get(_key(cut, closing))
        if found is None and self._shelf is not None:
            found = self._shelf.get(_key(cut, closing))
        if found is None:
            self._wanted_cuts[place] = closing
        else:
            self._partials[place] = found
        return found

    def _leaf(self, cut: Cut, partial: Partial, value: Value, standing: tuple[Closing, ...]) -> Leaf:
        digests = [closing.tables[cut.source].digest for closing in standing if cut.source in closing.tables]
        return Leaf(
            cut.text,
            cut.source,
            digests[0] if len(digests) == 1 else digest(canonical(digests)),
            partial.rows,
            partial.missing,
            spoken(value),
            refs=partial.refs,
        )

    def _why(self, cut: Cut, partial: Partial, standing: tuple[Closing, ...]) -> str:
        label = self.labels.get(cut.source, cut.source)
        if not partial.there:
            without = [closing.unit_name for closing in standing if cut.source not in closing.tables]
            return f"{'、'.join(without[:5]) or '所用'}的结账里没有“{label}”台账（或缺少所需的栏目）"
        if cut.how in ("min", "max") and not partial.rows:
            return f"没有符合条件的{label}"
        return f"符合条件的{partial.rows}条{label}都没有填这一栏"

    # --- observations ----------------------------------------------------------------------------------------------

    def sheet(self, closing: Closing, look: Look) -> Sheet | None:
        """The observations of an indicator of a unit, or None when they have yet to be read."""
        place = (closing.id, look)
        found = self._sheets.get(place)
        if found is None and observed.OBSERVATION in closing.tables:
            found = SHEETS.get((look, closing.tables[observed.OBSERVATION].digest))
        if found is None:
            self._wanted_looks[place] = closing
        else:
            self._sheets[place] = found
        return found

    def observed(self, indicator: Indicator, context: Context, notes: Notes) -> Value:
        """The value of an indicator as observed; MISSING, with ``notes.pending`` raised, when it has yet to be read."""
        standing = self.standing(context.unit, context.day)
        places = [(closing, context.unit or closing.unit_code) for closing in standing]
        outcomes = [gather(self, closing, unit, indicator, context) for closing, unit in places]
        if len(outcomes) == 1:
            outcome = outcomes[0]
        else:
            weights = [weight(self, closing, unit, indicator, context) for closing, unit in places]
            named = [(closing.unit_name, each) for closing, each in zip(standing, outcomes, strict=True)]
            outcome = added(indicator, context, named, weights)
        if outcome.pending:
            notes.pending += 1
            return MISSING
        unit = UNITS[indicator.unit]
        value: Value = MISSING
        if outcome.number is not None:
            value = Amount(outcome.number / 10**unit.family.scale, unit.family.name)
        else:
            notes.reason(outcome.reason)
        if outcome.seen:
            self._note(indicator, context, outcome, notes, standing)
        return value

    def _note(
        self,
        indicator: Indicator,
        context: Context,
        outcome: Outcome,
        notes: Notes,
        standing: tuple[Closing, ...],
    ) -> None:
        notes.seen.update(dict.fromkeys(outcome.seen))
        statuses = [seen.status for seen in outcome.seen if seen.role != "target"]
        notes.statuses.update(dict.fromkeys(statuses))
        first = outcome.seen[0]
        word = {"actual": "实绩", "target": "目标", "forecast": "预计"}[first.role]
        when = (
            f"{first.year}年"
            if first.role != "actual" or indicator.frequency == "year"
            else f"{first.year}年{first.month}月"
        )
        digests = [closing.tables[observed.OBSERVATION].digest for closing in standing]
        total = "" if outcome.number is None else exactly(amount(1, UNITS[indicator.unit]) * outcome.number)
        leaf = Leaf(
            f"{indicator.label} {self.unit_name(context.unit)} {when} {word}",
            observed.OBSERVATION,
            digests[0] if len(digests) == 1 else digest(canonical(digests)),
            len(outcome.seen),
            sum(seen.value is None for seen in outcome.seen),
            f"{total}{indicator.unit}" if total else "缺",
            observed.weakest(statuses),
            tuple(sorted({seen.ref for seen in outcome.seen})[:MOST_REFS]),
        )
        notes.leaves[leaf] = None

    # --- reading ---------------------------------------------------------------------------------------------------

    def read(self) -> bool:
        """Read all that is wanted, one scan for each relation; False when nothing was. Raises Refused on damage."""
        cuts, looks = self._wanted_cuts, self._wanted_looks
        self._wanted_cuts, self._wanted_looks = {}, {}
        closings = list({closing.id: closing for closing in (*cuts.values(), *looks.values())}.values())
        wanted = [
            Wanted(
                closing.place,
                closing.id,
                tuple(cut for identity, cut in cuts if identity == closing.id),
                tuple(look for identity, look in looks if identity == closing.id),
            )
            for closing in closings
        ]
        damaged: list[Finding] = []
        for closing, found in zip(closings, self._reader(wanted) if wanted else (), strict=True):
            if isinstance(found, Finding):
                damaged.append(found)
                continue
            for cut, partial in found.partials.items():
                self._keep(closing, cut, partial)
            for look, sheet in found.sheets.items():
                self._sheets[closing.id, look] = sheet
                if observed.OBSERVATION in closing.tables:
                    SHEETS.put((look, closing.tables[observed.OBSERVATION].digest), sheet)
        if damaged:
            raise Refused(damaged)
        return bool(wanted)

    def _read_here(self, wanted: Sequence[Wanted]) -> Iterator[Read | Finding]:
        """Read in this process, from the closings as they were opened."""
        opened = {closing.id: closing for closing in self.closings}
        for each in wanted:
            yield attempt(each, opened[each.identity])

    def _keep(self, closing: Closing, cut: Cut, partial: Partial) -> None:
        self._partials[closing.id, cut] = partial
        if partial.there:
            PARTIALS.put(_key(cut, closing), partial)
            if self._shelf is not None:
                self._shelf.put(_key(cut, closing), partial)


def local(cut: Cut, closing: Closing) -> Cut:
    """The cut as one closing sees it: its own unit is the whole of it."""
    return replace(cut, unit="", then=None) if cut.unit == closing.unit_code else cut


def _key(cut: Cut, closing: Closing) -> Key:
    table = closing.tables.get(cut.source)
    drawn = [closing.tables[name].digest for name in BOUNDARIES if name in closing.tables] if cut.unit else []
    return cut, table.digest if table else "", " ".join(drawn)


def spoken(value: Value) -> str:
    """A value in a trace: exact, in the base unit of its family."""
    if isinstance(value, Amount):
        base = next((unit.family.base for unit in UNITS.values() if unit.family.name == value.family), "")
        return f"{exactly(value.value)}{'' if base == '1' else base}"
    if isinstance(value, tuple):
        return "；".join(f"{part[0]} {spoken(part[1])}" for part in value if isinstance(part, tuple))
    return "缺" if value is MISSING else str(value)
