"""What filling in costs each unit: fields times how often, told from what was really filled in, and what was filled for it.

Counted over the twelve months before a day. A cell is one value a person could have had to type; it is pre-filled when the
accounts brought it along (a matter reported on shows all it holds, and only what changed is typed; a plan item proposed
from the ledgers; a figure computed and not asked). Minutes are an estimate: typed cells times one stated parameter.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from shuzhi.evidence import instance
from shuzhi.indicators.checks import MONTHS
from shuzhi.indicators.models import Observation
from shuzhi.indicators.rights import owns
from shuzhi.kernel.catalogue.definitions import Indicator, Kind
from shuzhi.kernel.catalogue.items import parameter_on
from shuzhi.kernel.expr.nodes import Amount
from shuzhi.kernel.measure import say
from shuzhi.matters.models import Movement
from shuzhi.records.models import Line, Record
from shuzhi.rhythm.models import PlanItem
from shuzhi.subjects.models import Subject
from shuzhi.units.models import Unit

#: Title, unit and day of an item are typed besides the kind's own fields.
OWN_CELLS = 3
#: What a plan item holds: title, promised result, due day, what it is about.
PLAN_CELLS = 4


@dataclass(slots=True)
class Asked:
    """One ledger or group of figures a unit fills in: how often, how many cells, how many of them were there already."""

    label: str
    asked_by: str
    times: int = 0
    cells: int = 0
    prefilled: int = 0

    @property
    def typed(self) -> int:
        """The cells a person typed."""
        return self.cells - self.prefilled

    def add(self, cells: int, prefilled: int = 0) -> None:
        """Count one filling."""
        self.times += 1
        self.cells += cells
        self.prefilled += prefilled


@dataclass(frozen=True, slots=True)
class Burden:
    """What one unit fills in in a year."""

    unit: Unit
    rows: tuple[Asked, ...]
    minutes_a_cell: Fraction = field(default=Fraction(1))

    @property
    def cells(self) -> int:
        """All cells of the year."""
        return sum(row.cells for row in self.rows)

    @property
    def typed(self) -> int:
        """The cells typed in the year."""
        return sum(row.typed for row in self.rows)

    @property
    def typed_a_month(self) -> str:
        """Typed cells of a month, on average, half up."""
        return say(Fraction(self.typed, 12), 0)

    @property
    def minutes_a_month(self) -> Fraction:
        """Minutes of a month, an estimate."""
        return Fraction(self.typed, 12) * self.minutes_a_cell

    @property
    def hours_told(self) -> str:
        """The estimate as printed: ``3.5小时``."""
        return f"{say(self.minutes_a_month / 60, 1)}小时"

    @property
    def share(self) -> Fraction | None:
        """The share of cells that were there already; missing where there is nothing to fill in."""
        return Fraction(self.cells - self.typed, self.cells) if self.cells else None

    @property
    def share_told(self) -> str:
        """The share as printed."""
        return "—" if self.share is None else f"{say(self.share * 100, 0)}%"

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "unit": self.unit.code,
            "name": self.unit.name,
            "cells": self.cells,
            "typed": self.typed,
            "minutes_a_month": say(self.minutes_a_month, 1),
            "prefilled_share": self.share_told,
            "rows": [
                {
                    "label": row.label,
                    "asked_by": row.asked_by,
                    "times": row.times,
                    "cells": row.cells,
                    "prefilled": row.prefilled,
                }
                for row in self.rows
            ],
        }


def burden(day: date) -> list[Burden]:
    """What every unit filled in in the twelve months up to a day, the heaviest first; units without any are left out."""
    books = _Books(day - timedelta(365), day)
    books.read()
    units = {unit.code: unit for unit in Unit.objects.all()}
    per_cell = _minutes(day)
    found = [
        Burden(units[code], tuple(sorted(rows.values(), key=lambda row: (-row.typed, row.label))), per_cell)
        for code, rows in books.asked.items()
    ]
    return sorted(found, key=lambda one: (-one.typed, one.unit.order, one.unit.code))


def _minutes(day: date) -> Fraction:
    value = parameter_on(instance.catalogue().parameters["burden_minutes"], day)
    return value.value if isinstance(value, Amount) else Fraction(0)


class _Books:
    """The accounts of a year, counted cell by cell. Guarded kinds are left out: how many there are is not told either."""

    def __init__(self, since: date, until: date) -> None:
        self.since, self.until = since, until
        self.asked: dict[str, dict[str, Asked]] = defaultdict(dict)
        kinds = instance.catalogue().kinds
        self.kinds = {code: kind for code, kind in kinds.items() if not kind.guarded}

    def read(self) -> None:
        """Count everything."""
        self._observations()
        self._matters()
        self._records()
        self._subjects()
        self._plans()

    def _row(self, unit: str, kind: Kind) -> Asked:
        return self.asked[unit].setdefault(kind.label, Asked(kind.label, kind.roles.get("leads", "目录")))

    def _observations(self) -> None:
        """Values by who reports them, grouped by who asks; computed indicators are values nobody has to type."""
        catalogue = instance.catalogue()
        first = self.since.year * 12 + self.since.month
        last = self.until.year * 12 + self.until.month - 1
        departments = _departments()
        rows = Observation.objects.filter(role="actual", year__gte=self.since.year)
        counts: Counter[tuple[str, str]] = Counter()
        for code, unit, year, month in rows.values_list("indicator", "unit_id", "year", "month"):
            if first <= year * 12 + month - 1 <= last:
                counts[code, unit] += 1
        for (code, unit), count in counts.items():
            indicator = catalogue.indicators.get(code)
            if indicator is None:
                continue
            who = _filler(indicator, unit, departments)
            asked = self.asked[who].setdefault(
                f"指标（{indicator.owner}）", Asked(f"指标（{indicator.owner}）", indicator.owner)
            )
            asked.times += count
            asked.cells += count
        for indicator in catalogue.indicators.values():
            if indicator.expression is None:
                continue
            label = f"指标（{indicator.owner}）"
            for rows_ in self.asked.values():
                if label in rows_:
                    months = len(MONTHS[indicator.frequency])
                    rows_[label].cells += months
                    rows_[label].prefilled += months

    def _matters(self) -> None:
        """Movements: an opening shows every field empty, a later step shows all that is kept."""
        known = self.kinds
        rows = Movement.objects.filter(date__gt=self.since, date__lte=self.until)
        for kind_code, unit, act, changes in rows.values_list(
            "matter__kind", "matter__unit_id", "act", "changes"
        ):
            kind = known.get(kind_code)
            if kind is None:
                continue
            fields = changes.get("fields")
            typed = len(fields) if isinstance(fields, dict) else 0
            if act == "open":
                self._row(unit, kind).add(typed + OWN_CELLS)
            else:
                shown = max(len(kind.fields), typed)
                self._row(unit, kind).add(shown, shown - typed)

    def _records(self) -> None:
        known = self.kinds
        rows = Record.objects.filter(date__gt=self.since, date__lte=self.until)
        lines: Counter[str] = Counter()
        for record, fields in Line.objects.filter(record__in=rows, struck=None).values_list(
            "record_id", "fields"
        ):
            lines[record] += len(fields)
        for ref, kind_code, unit, fields in rows.values_list("ref", "kind", "unit_id", "fields"):
            if kind_code in known:
                self._row(unit, known[kind_code]).add(len(fields) + OWN_CELLS + lines[ref])

    def _subjects(self) -> None:
        known = self.kinds
        rows = Subject.objects.filter(since__gt=self.since, since__lte=self.until)
        for kind_code, unit, fields in rows.values_list("kind", "unit_id", "fields"):
            if kind_code in known:
                self._row(unit, known[kind_code]).add(len(fields) + OWN_CELLS)

    def _plans(self) -> None:
        """Items proposed from the accounts were there already; what was added by hand was typed."""
        known = self.kinds
        rows = PlanItem.objects.filter(date__gt=self.since, date__lte=self.until)
        for kind_code, unit, origin, result in rows.values_list("kind", "unit_id", "origin", "result"):
            if kind_code in known:
                typed = PLAN_CELLS if origin == "自提" else 1 if result else 0
                self._row(unit, known[kind_code]).add(PLAN_CELLS, PLAN_CELLS - typed)


def _departments() -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.filter(level="department"):
        found[unit.parent_id or ""].append(unit)
    return found


def _filler(indicator: Indicator, unit: str, departments: dict[str, list[Unit]]) -> str:
    """The department that reports the indicator for a unit, or the unit itself."""
    return next((item.code for item in departments.get(unit, ()) if owns(item, indicator)), unit)
