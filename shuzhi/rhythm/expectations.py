"""What is owed, computed from definitions: who owes what, since when, and how much of it has come.

Indicators say how often and within how many days after a period their values are owed; kinds say what units of a level
owe regularly; the clocks of open matters say what is due. Nobody types an expectation, and nothing here is kept.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Q

from shuzhi.evidence import instance
from shuzhi.indicators.checks import MONTHS
from shuzhi.indicators.models import Observation
from shuzhi.indicators.rights import owns
from shuzhi.kernel.catalogue.definitions import Expect, Indicator, Kind
from shuzhi.kernel.catalogue.items import Item, ItemEnv, parameter_on
from shuzhi.kernel.expr.nodes import Amount
from shuzhi.kernel.expr.rows import evaluate
from shuzhi.matters.models import Matter
from shuzhi.matters.reading import Reading, clocks_of, read_all
from shuzhi.rhythm.periods import BACK, Stretch, lately
from shuzhi.rhythm.placed import Placed, placed
from shuzhi.subjects.rights import Sight, named
from shuzhi.units.models import Unit, User

#: A limit of a matter already closed (publishing its result) is asked for so many days.
CLOSED_DAYS = 120
INDICATOR, EXPECT, CLOCK = "indicator", "kind", "clock"


@dataclass(frozen=True, slots=True)
class Owed:
    """Something a unit owes by a day.

    ``source`` is indicator, kind or clock; ``code`` the indicator's code, ``kind.expect`` or ``kind.clock``; ``of`` the unit
    whose value or matter it is; ``late`` the days since ``due`` (negative: still to come); ``need`` and ``had`` how many
    items are owed and have come; ``ref`` the matter, if it is one; ``new`` that it was never reported before; ``kind`` the
    kind it belongs to, None for indicators.
    """

    source: str
    code: str
    label: str
    unit: Unit
    of: Unit
    period: str
    due: date
    late: int
    asked_by: str
    need: int = 1
    had: int = 0
    ref: str = ""
    new: bool = False
    kind: Kind | None = None

    @property
    def about(self) -> str:
        """What a plan item about this points at: the matter, or the definition and its period."""
        return self.ref or f"{self.source}/{self.code}/{self.period}"[:80]

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "source": self.source,
            "code": self.code,
            "label": self.label,
            "unit": self.unit.code,
            "of": self.of.code,
            "period": self.period,
            "due": self.due.isoformat(),
            "late": self.late,
            "asked_by": self.asked_by,
            "need": self.need,
            "had": self.had,
            "ref": self.ref,
            "new": self.new,
        }


def owed(
    day: date, *, user: User | None = None, units: Collection[str] | None = None, ahead: int = 0
) -> list[Owed]:
    """What is owed on a day and not yet there, the longest overdue first.

    ``user`` is who asks: guarded kinds are told only to those who may see them, and to nobody without a user. ``units``
    keeps what these units owe; ``ahead`` adds what falls due within so many days.
    """
    wanted = None if units is None else frozenset(units)
    return told_to(everything(day, units=wanted, ahead=ahead), Sight(user, day) if user else None)


def told_to(found: Iterable[Owed], sight: Sight | None) -> list[Owed]:
    """Of what is owed, what a person may be told: of each kind what the person may see; without a person nothing guarded."""
    units: dict[str, Collection[str] | None] = {}
    kept = []
    for row in found:
        if row.kind is None:
            kept.append(row)
            continue
        if row.kind.code not in units:
            hidden = frozenset[str]() if row.kind.guarded else None
            units[row.kind.code] = sight.units(row.kind) if sight else hidden
        seen = units[row.kind.code]
        if seen is None or row.of.code in seen:
            kept.append(row)
    return kept


def everything(day: date, *, units: frozenset[str] | None = None, ahead: int = 0) -> list[Owed]:
    """All that is owed, the guarded too: to be told to nobody but through :func:`told_to`."""
    asked = _Asked(day, day + timedelta(ahead), units)
    found = [*asked.indicators(), *asked.kinds(), *asked.clocks()]
    return sorted(found, key=lambda item: (item.due, item.unit.order, item.unit.code, item.code, item.about))


@dataclass(frozen=True)
class _Asked:
    """One asking of what is owed; what several parts need is read once."""

    day: date
    until: date
    wanted: frozenset[str] | None

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """The units there are on the day."""
        rows = Unit.objects.filter(since__lte=self.day).exclude(until__lt=self.day)
        return {unit.code: unit for unit in rows.order_by("order", "code")}

    @cached_property
    def departments(self) -> Mapping[str, list[Unit]]:
        """The departments of each unit."""
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            if unit.level == "department" and unit.parent_id is not None:
                found[unit.parent_id].append(unit)
        return found

    def asks(self, unit: Unit) -> bool:
        """Whether it is asked what this unit owes."""
        return self.wanted is None or unit.code in self.wanted

    # --- indicators -------------------------------------------------------------------------------------------------

    def indicators(self) -> Iterator[Owed]:
        """Values not reported for a period that is over: of every unit that reports them, and of the county by their owner."""
        catalogue = instance.catalogue()
        usual = self._usual()
        there = self._reported()
        top = next((unit for unit in self.units.values() if unit.parent_id is None), None)
        for code, indicator in sorted(catalogue.indicators.items()):
            if indicator.expression is not None:
                continue
            whose = [self.units[unit] for unit in sorted(usual.get(code, ())) if unit in self.units]
            owner = self._owner(indicator, top) if top else None
            if top is not None and owner is not None and top not in whose:
                whose.append(top)
            for unit in whose:
                ower = self._owner(indicator, unit) or unit
                if self.asks(ower):
                    new = unit.code not in usual.get(code, ())
                    yield from self._values(indicator, unit, ower, there, new=new)

    def _values(
        self,
        indicator: Indicator,
        unit: Unit,
        ower: Unit,
        there: Collection[tuple[str, str, int, int]],
        *,
        new: bool,
    ) -> Iterator[Owed]:
        stretches = [
            item
            for item in lately(indicator.frequency, self.day)
            if item.end.month in MONTHS[indicator.frequency]
            and item.end.month not in indicator.unpublished
            and (indicator.valid_until is None or item.end <= indicator.valid_until)
        ]
        open_ = [
            (item, due)
            for item in stretches
            if (due := self._due(item.end, indicator.within or self._usual_days())) <= self.until
            and (indicator.code, unit.code, item.end.year, item.end.month) not in there
        ]
        asked_by = f"{indicator.owner}（{named((indicator.duty,))}）"
        for item, due in open_[-1:] if new else open_:
            yield Owed(
                source=INDICATOR,
                code=indicator.code,
                label=indicator.label,
                unit=ower,
                of=unit,
                period=item.name,
                due=due,
                late=(self.day - due).days,
                asked_by=asked_by,
                new=new,
            )

    def _usual(self) -> Mapping[str, set[str]]:
        """For each indicator the units for which it was reported last year or this."""
        rows = Observation.objects.filter(role="actual", year__gte=self.day.year - 1)
        found: dict[str, set[str]] = defaultdict(set)
        for code, unit in rows.order_by().values_list("indicator", "unit_id").distinct():
            found[code].add(unit)
        return found

    def _reported(self) -> set[tuple[str, str, int, int]]:
        """Indicator, unit, year and month of what has been reported; saying why there is none is a report too."""
        rows = Observation.objects.filter(role="actual", year__gte=self.day.year - 2)
        return set(rows.order_by().values_list("indicator", "unit_id", "year", "month").distinct())

    def _owner(self, indicator: Indicator, unit: Unit) -> Unit | None:
        """The department that reports the indicator for a unit, or None when the unit does so itself."""
        return next((item for item in self.departments.get(unit.code, ()) if owns(item, indicator)), None)

    def _usual_days(self) -> int:
        """Days after a period within which a value is owed where its indicator says none."""
        value = parameter_on(instance.catalogue().parameters["report_within_days"], self.day)
        return int(value.value) if isinstance(value, Amount) else 0

    def _due(self, end: date, within: int) -> date:
        return instance.calendar().clock(end, within, "calendar").due

    # --- what units owe regularly -----------------------------------------------------------------------------------

    def kinds(self) -> Iterator[Owed]:
        """Items fewer than a kind expects of each unit of a level in a period."""
        kinds = instance.catalogue().kinds
        asked = [(kinds[code], expect) for code in sorted(kinds) for expect in kinds[code].expects]
        spans: dict[str, tuple[date, date]] = {}
        for kind, expect in asked:
            over = self._over(expect)
            if over and self._level(expect):
                first, last = spans.get(kind.code, (date.max, date.min))
                spans[kind.code] = (min(first, over[0][0].start), max(last, over[-1][0].end))
        items = placed(spans, self.day)
        for kind, expect in asked:
            yield from self._expected(kind, expect, items.get(kind.code, ()))

    def _over(self, expect: Expect) -> list[tuple[Stretch, date]]:
        """The periods that are owed for by now, each with the day it was owed."""
        return [
            (item, due)
            for item in lately(expect.every, self.day)
            if (due := self._due(item.end, expect.within)) <= self.until
        ]

    def _level(self, expect: Expect) -> list[Unit]:
        return [unit for unit in self.units.values() if unit.level == expect.of and self.asks(unit)]

    def _expected(self, kind: Kind, expect: Expect, items: Iterable[Placed]) -> Iterator[Owed]:
        stretches, level = self._over(expect), self._level(expect)
        if not stretches or not level:
            return
        counts = self._counted(expect, items, [item for item, _ in stretches])
        for item, due in stretches:
            need = self._need(kind, expect, item.end)
            for unit in level:
                had = counts[unit.code, item.start]
                if had < need and unit.since <= item.start:
                    yield Owed(
                        source=EXPECT,
                        code=f"{kind.code}.{expect.code}",
                        label=expect.label,
                        unit=unit,
                        of=unit,
                        period=item.name,
                        due=due,
                        late=(self.day - due).days,
                        asked_by=kind.roles.get("leads", kind.label),
                        need=need,
                        had=had,
                        kind=kind,
                    )

    def _need(self, kind: Kind, expect: Expect, day: date) -> int:
        """How many are owed; the parameters are those of the period's last day."""
        if expect.at_least is None:
            return 1
        env = ItemEnv(Item(kind), instance.catalogue(), instance.calendar(), day)
        value = evaluate(expect.at_least.node, env)
        return int(value.value) if isinstance(value, Amount) else 1

    def _counted(
        self, expect: Expect, items: Iterable[Placed], stretches: list[Stretch]
    ) -> Counter[tuple[str, date]]:
        """How many items each unit of the level has in each period; what lies under a unit counts for it."""
        found: Counter[tuple[str, date]] = Counter()
        for unit, on, env in items:
            if not stretches[0].start <= on <= stretches[-1].end:
                continue
            answers_for = self._above(unit, expect.of)
            if answers_for is None or (
                expect.where is not None and evaluate(expect.where.node, env) is not True
            ):
                continue
            for item in stretches:
                if item.start <= on <= item.end:
                    found[answers_for, item.start] += 1
        return found

    def _above(self, code: str, level: str) -> str | None:
        """The nearest unit of a level, from the unit itself upwards."""
        here = self.units.get(code)
        while here is not None and here.level != level:
            here = self.units.get(here.parent_id or "")
        return here.code if here else None

    # --- clocks -----------------------------------------------------------------------------------------------------

    def clocks(self) -> Iterator[Owed]:
        """Limits of matters that run out: those in law, those agreed, and the days on which feedback is due."""
        kinds = instance.catalogue().of_shape("matter")
        told = [kind.code for kind in kinds if kind.disclosure]
        lately_closed = Q(closed__gte=self.day - timedelta(CLOSED_DAYS), kind__in=told)
        rows = Matter.objects.filter(Q(closed=None) | lately_closed, kind__in=[kind.code for kind in kinds])
        if self.wanted is not None:
            rows = rows.filter(unit__in=self.wanted)
        for reading in read_all(rows.select_related("unit"), self.day):
            yield from self._limits(reading)

    def _limits(self, reading: Reading) -> Iterator[Owed]:
        kind, state = reading.kind, reading.state
        running = [
            (clock.clock.code, clock.clock.label, clock.sum.due, clock.clock.basis)
            for clock in clocks_of(reading)
            if clock.sum and clock.stopped is None and not (clock.clock.at_least or clock.clock.right)
        ]
        own = state.due if state.closed is None else None
        dues = [(f"{kind.code}.{code}", label, due, basis.law) for code, label, due, basis in running]
        if own is not None and own not in {due for _, _, due, _ in dues}:
            dues.append((f"{kind.code}.due", "完成时限", own, kind.basis[0].law))
        for code, label, due, law in dues:
            if due <= self.until:
                yield Owed(
                    source=CLOCK,
                    code=code,
                    label=f"{state.title}：{label}",
                    unit=reading.matter.unit,
                    of=reading.matter.unit,
                    period="",
                    due=due,
                    late=(self.day - due).days,
                    asked_by=law,
                    ref=reading.matter.ref,
                    kind=kind,
                )


def periods_a_year(every: str) -> int:
    """How many periods of a length a year has."""
    return {"week": 52, "month": 12, "quarter": 4, "half": 2, "year": 1}[every]


assert set(BACK) >= set(MONTHS)
