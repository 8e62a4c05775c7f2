"""One computation: the closings it reads, the leaves wanted and read so far, and how closings add up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Final

from shuzhi.figures import observed
from shuzhi.figures.ask import Leaf
from shuzhi.figures.closing import Closing
from shuzhi.figures.context import Context
from shuzhi.figures.gather import added, gather
from shuzhi.figures.kept import Kept, SheetKey
from shuzhi.figures.kinds import Cuts, Tells
from shuzhi.figures.leaves import Cut, Look
from shuzhi.figures.many.answers import Answers
from shuzhi.figures.many.atlas import Atlas
from shuzhi.figures.many.damaged import Damaged
from shuzhi.figures.many.outcome import Outcome, Tally, Tell, summed, together
from shuzhi.figures.many.reading import Read, Reader, Wanted, groups, read_group
from shuzhi.figures.notes import Notes, exactly
from shuzhi.figures.observed import SHEETS, Measured, Seen, Sheet
from shuzhi.figures.partial import Partial, value_of
from shuzhi.figures.words import words_of
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.expr.nodes import MISSING, Amount, Value
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import UNITS, amount

# More sheets than these are read in one scan sooner than looked up one by one.
_FEW: Final = 2_000


class Session:
    """Reads what figures need, all leaves over a relation in one scan, and remembers what it has read."""

    def __init__(
        self,
        closings: Sequence[Closing],
        catalogue: Catalogue,
        kept: Kept | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.atlas = Atlas(closings, kept)
        self.catalogue = catalogue
        self.words = words_of(catalogue)
        self.scope, self.labels = self.words.scope, self.words.labels
        self._kept = kept
        self._reader = reader or self._read_here
        self._by_id = {closing.id: closing for closing in self.atlas.closings}
        self._cuts: Answers[Cut, Partial] = Answers(Cuts(self.atlas, kept))
        self._tells: Answers[Tell, Tally] = Answers(Tells(kept))
        self._alone: dict[str, tuple[Closing]] = {}
        self._names: dict[tuple[str, date | None], str] = {}
        self._sheets: dict[tuple[str, Look], Sheet] = {}
        self._wanted_looks: dict[tuple[str, Look], None] = {}
        self._digests: dict[tuple[str, int], str] = {}
        self._provenance: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._measured: dict[str, Measured] = {}
        self._stretches: dict[date | None, list[tuple[Closing, ...]]] = {}

    @property
    def closings(self) -> tuple[Closing, ...]:
        """The closings, in order of their units' codes."""
        return self.atlas.closings

    @cached_property
    def as_of(self) -> date:
        """The last day any of the closings knows of."""
        return max(closing.as_of for closing in self.closings)

    def standing(self, unit: str, then: date | None = None) -> tuple[Closing, ...]:
        """The closings with rows of a unit as it stands (or stood on the day ``then``); all of them for the whole."""
        return self.atlas.reach(unit, then)

    def provenance(self, unit: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The digests of the definitions and the ids of the closings with rows of a unit, each in order."""
        if unit not in self._provenance:
            standing = self.standing(unit)
            catalogues = sorted({closing.catalogue_digest for closing in standing})
            self._provenance[unit] = tuple(catalogues), tuple(sorted(closing.id for closing in standing))
        return self._provenance[unit]

    def unit_name(self, unit: str, then: date | None = None) -> str:
        """The name of a unit (on the day ``then``), or of all closings together."""
        if (unit, then) not in self._names:
            self._names[unit, then] = self.atlas.name(unit, then)
        return self._names[unit, then]

    def siblings(self, unit: str, day: date) -> tuple[str, ...]:
        """See :meth:`shuzhi.figures.many.atlas.Atlas.siblings`."""
        return self.atlas.siblings(unit, day)

    def indicator(self, code: str) -> Measured:
        """The definition of an indicator."""
        if code not in self._measured:
            self._measured[code] = Measured.of(self.catalogue.indicators[code])
        return self._measured[code]

    # --- totals ----------------------------------------------------------------------------------------------------

    def total(self, cut: Cut, notes: Notes) -> Value:
        """The merged value of a cut; MISSING, with ``notes.pending`` raised, when it has yet to be read."""
        standing = self.standing(cut.unit, cut.then)
        split = self._split(cut)
        if split:
            notes.reason(split)
            return MISSING
        partial = self._cuts.answer(cut, standing)
        if partial is None:
            notes.pending += 1
            return MISSING
        value = value_of(cut, partial)
        notes.cuts[cut] = None
        notes.leaves[self._leaf(cut, partial, value, standing)] = None
        if value is MISSING:
            notes.reason(self._why(cut, partial, standing))
        return value

    def _split(self, cut: Cut) -> str:
        """Why the rows of a unit that was split off cannot be told from before that day; empty when they can."""
        if not cut.unit or cut.span is None or cut.then is not None:
            return ""
        for closing in self.atlas.holding(cut.unit):
            tree = self.atlas.tree(closing)
            if cut.unit in tree.split and cut.span.start < tree.split[cut.unit][1]:
                name, day = tree.split[cut.unit]
                return f"{tree.members[cut.unit].name}{day}由{name}分设，此前的账没有分开，不能追溯；可按当时区划问{name}"
        return ""

    def _leaf(self, cut: Cut, partial: Partial, value: Value, standing: tuple[Closing, ...]) -> Leaf:
        return Leaf(
            cut.text,
            cut.source,
            self._digest(cut.source, standing),
            partial.rows,
            partial.missing,
            spoken(value),
            refs=partial.refs,
        )

    def _digest(self, relation: str, standing: tuple[Closing, ...]) -> str:
        """The digest of a relation in one closing; of several, the digest of theirs."""
        key = (relation, id(standing))
        if key not in self._digests:
            digests = [closing.tables[relation].digest for closing in standing if relation in closing.tables]
            self._digests[key] = digests[0] if len(digests) == 1 else digest(canonical(digests))
        return self._digests[key]

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
        if observed.OBSERVATION not in closing.tables:
            return {}
        place = (closing.id, look)
        found = self._sheets.get(place)
        if found is None:
            found = SHEETS.get((look, closing.tables[observed.OBSERVATION].digest))
        if found is None:
            self._wanted_looks[place] = None
        else:
            self._sheets[place] = found
        return found

    def tally(self, closing: Closing, indicator: Measured, context: Context) -> Tally | None:
        """What a closing that stands by itself comes to, or None when it has yet to be read."""
        alone = self._alone.setdefault(closing.id, (closing,))
        return self._tells.answer(self._tell(indicator, context), alone)

    def _tell(self, indicator: Measured, context: Context) -> Tell:
        weights: list[Measured] = []
        code = indicator.rollup.partition(":")[2]
        while code and all(code != each.code for each in weights):
            weights.append(self.indicator(code))
            code = weights[-1].rollup.partition(":")[2]
        return Tell(indicator, replace(context, unit=""), tuple(weights))

    def observed(self, indicator: Indicator, context: Context, notes: Notes) -> Value:
        """The value of an indicator as observed; MISSING, with ``notes.pending`` raised, when it has yet to be read."""
        measured, tops = self.indicator(indicator.code), self.atlas.tops
        if context.unit or len(tops) == 1:
            outcome = gather(self, context.unit or tops[0].unit_code, measured, context)
        else:
            outcome = self._all(tops, measured, context)
        if outcome.pending:
            notes.pending += 1
            return MISSING
        unit = UNITS[indicator.unit]
        value: Value = MISSING
        if outcome.number is not None:
            value = Amount(outcome.number / 10**unit.family.scale, unit.family.name)
        else:
            notes.reason(outcome.reason)
        notes.warnings.update(dict.fromkeys(outcome.clashes))
        # A mean whose weights come to nothing rests on no observation.
        if outcome.said and (outcome.number is not None or outcome.top is None):
            self._note(measured, context, outcome, notes)
        return value

    def _all(self, tops: tuple[Closing, ...], indicator: Measured, context: Context) -> Outcome:
        """The whole of several closings: those that stand by themselves run by run, the others unit by unit."""
        tallies: list[Tally | None] = []
        for run in self._tops(tops, context.day):
            if self.atlas.apart(run[0], context.day):
                tallies.append(self._tells.answer(self._tell(indicator, context), run))
                continue
            for closing in run:
                outcome = gather(self, closing.unit_code, indicator, context, weighed=True)
                tallies.append(None if outcome.pending else Tally.of(closing.unit_name, outcome))
        known = [tally for tally in tallies if tally is not None]
        if len(known) < len(tallies):
            return Outcome(pending=True)
        return added(indicator, context, [together(known)])

    def _tops(self, tops: tuple[Closing, ...], then: date | None) -> list[tuple[Closing, ...]]:
        """The tops in their order, in stretches of those that stand by themselves and those that do not."""
        if then not in self._stretches:
            found = groupby(tops, key=lambda closing: self.atlas.apart(closing, then))
            self._stretches[then] = [tuple(group) for _, group in found]
        return self._stretches[then]

    def _note(self, indicator: Measured, context: Context, outcome: Outcome, notes: Notes) -> None:
        basis = summed((*outcome.said, *outcome.heavy))
        if basis is None:
            return
        for said in (*outcome.said, *outcome.heavy):
            if isinstance(said, Seen):
                notes.seen[said] = None
        notes.statuses.update(dict.fromkeys(basis.statuses))
        first = basis.first
        word = {"actual": "实绩", "target": "目标", "forecast": "预计"}[first.role]
        when = (
            f"{first.year}年"
            if first.role != "actual" or indicator.frequency == "year"
            else f"{first.year}年{first.month}月"
        )
        total = "" if outcome.number is None else exactly(amount(1, UNITS[indicator.unit]) * outcome.number)
        leaf = Leaf(
            f"{indicator.label} {self.unit_name(context.unit)} {when} {word}{''.join(f'（{said}）' for said in outcome.drawn)}",
            observed.OBSERVATION,
            self._digest(observed.OBSERVATION, self.standing(context.unit, context.day)),
            basis.rows,
            basis.missing,
            f"{total}{indicator.unit}" if total else "缺",
            observed.weakest(basis.statuses),
            basis.refs,
            outcome.drawn,
        )
        notes.leaves[leaf] = None

    # --- reading ---------------------------------------------------------------------------------------------------

    def read(self) -> bool:
        """Read all that is wanted, each closing once; False when nothing was.

        Raises Damaged when closings are, after all the others have been read.
        """
        cuts, tells = self._cuts.needed(), self._tells.needed()
        asked = bool(self._cuts.open or self._tells.open or self._wanted_looks)
        looks = self._looks()
        concerned = cuts.keys() | looks.keys() | tells.keys()
        closings = [closing for closing in self.closings if closing.id in concerned] if concerned else []
        wanted = [
            Wanted(
                closing.place,
                closing.id,
                tuple(cuts.get(closing.id, ())),
                tuple(looks.get(closing.id, ())),
                tuple(tells.get(closing.id, ())),
            )
            for closing in closings
        ]
        self._take(closings, self._reader(wanted) if wanted else ())
        return asked

    def _looks(self) -> dict[str, list[Look]]:
        """The looks wanted of each closing that are not kept."""
        looks: dict[str, list[Look]] = {}
        for identity, look in self._wanted_looks:
            looks.setdefault(identity, []).append(look)
        self._wanted_looks = {}
        rest = {identity: self._not_kept(self._by_id[identity], wanted) for identity, wanted in looks.items()}
        return {identity: wanted for identity, wanted in rest.items() if wanted}

    def _not_kept(self, closing: Closing, looks: list[Look]) -> list[Look]:
        if self._kept is None or len(looks) > _FEW:
            return looks
        kept = self._kept.sheets([_sheet_key(look, closing) for look in looks])
        self._lay(closing, {look: sheet for (look, _, _), sheet in kept.items()})
        return [look for look in looks if (closing.id, look) not in self._sheets]

    def _take(self, closings: Sequence[Closing], answers: Iterable[Read | Finding | Refused]) -> None:
        damaged: dict[str, tuple[Finding, ...]] = {}
        try:
            for closing, found in zip(closings, answers, strict=True):
                if isinstance(found, Read):
                    self._cuts.take(closing, found.partials)
                    self._tells.take(closing, found.tallies)
                    self._lay(closing, found.sheets)
                    self._keep_sheets(closing, found.sheets)
                else:
                    damaged[closing.id] = (found,) if isinstance(found, Finding) else found.findings
        finally:
            if self._kept is not None:
                self._kept.flush()
        if damaged:
            raise Damaged([finding for findings in damaged.values() for finding in findings], list(damaged))

    def _lay(self, closing: Closing, sheets: Mapping[Look, Sheet]) -> None:
        for look, sheet in sheets.items():
            self._sheets[closing.id, look] = sheet
            SHEETS.put((look, closing.tables[observed.OBSERVATION].digest), sheet)

    def _keep_sheets(self, closing: Closing, sheets: Mapping[Look, Sheet]) -> None:
        if self._kept is not None and len(sheets) <= _FEW:
            self._kept.keep_sheets([(_sheet_key(look, closing), sheet) for look, sheet in sheets.items()])

    def _read_here(self, wanted: Sequence[Wanted]) -> Iterator[Read | Finding | Refused]:
        """Read in this process, from the closings as they were opened."""
        for group in groups(wanted):
            yield from read_group(group, [self._by_id[each.identity] for each in group])


def _sheet_key(look: Look, closing: Closing) -> SheetKey:
    return look, "sheet", closing.tables[observed.OBSERVATION].digest


def local(cut: Cut, closing: Closing) -> Cut:
    """The cut as one closing sees it: its own unit is the whole of it."""
    return replace(cut, unit="", then=None) if cut.unit == closing.unit_code else cut


def spoken(value: Value) -> str:
    """A value in a trace: exact, in the base unit of its family."""
    if isinstance(value, Amount):
        base = next((unit.family.base for unit in UNITS.values() if unit.family.name == value.family), "")
        return f"{exactly(value.value)}{'' if base == '1' else base}"
    if isinstance(value, tuple):
        return "；".join(f"{part[0]} {spoken(part[1])}" for part in value if isinstance(part, tuple))
    return "缺" if value is MISSING else str(value)
