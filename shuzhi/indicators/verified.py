"""The rules of ``checks.toml`` over the live accounts: while a value is entered, after a batch of them, and at review."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from shuzhi.evidence import instance
from shuzhi.figures.judging.verified import Told, Totals, faults
from shuzhi.figures.judging.verifying import Fault, joint_faults, own_faults
from shuzhi.figures.observed import Seen, Sheet
from shuzhi.indicators.checks import Period
from shuzhi.indicators.models import Observation
from shuzhi.kernel.catalogue.behind import across
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.expr.nodes import Value
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.units.models import Unit

DEPARTMENT = "department"


class LiveNumbers:
    """The numbers of the live accounts over two years; ``totals`` answers for the ledgers, where a closing stands by.

    ``only`` are the indicators read at once; others are read when they are asked for.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        year: int,
        *,
        totals: Totals | None = None,
        only: Iterable[str] = (),
        units: Iterable[Unit] = (),
    ) -> None:
        self.catalogue = catalogue
        self._year = year
        self._totals = totals or Totals(None)
        self._only = frozenset(only)
        self._sheets: dict[tuple[str, str], dict[tuple[str, int, int], Seen]] = {}
        self._units = {unit.code: unit for unit in units}

    def sheet(self, indicator: str, unit: str) -> Sheet:
        """The newest vintages of an indicator of a unit in the year and the one before."""
        if (indicator, unit) not in self._sheets:
            wanted = self._only | {indicator}
            for code in wanted:
                self._sheets.setdefault((code, unit), {})
            self._keep(Observation.objects.filter(indicator__in=wanted, unit=unit))
        return self._sheets[indicator, unit]

    def read_all(self, units: Sequence[str]) -> None:
        """Read everything of some units in one go."""
        for unit in units:
            for code in self.catalogue.indicators:
                self._sheets.setdefault((code, unit), {})
        self._keep(Observation.objects.filter(unit__in=units))

    def _keep(self, rows: QuerySet[Observation]) -> None:
        for row in rows.filter(year__in=(self._year - 1, self._year)).order_by("vintage"):
            sheet = self._sheets.get((row.indicator, row.unit_id))
            if sheet is not None:
                sheet[row.role, row.year, row.month] = seen_of(row)

    def forget(self, indicators: Iterable[str], unit: str) -> None:
        """Read nothing of some indicators: what is laid over stands alone."""
        for code in indicators:
            self._sheets[code, unit] = {}

    def lay(self, seen: Seen) -> None:
        """Lay a value over the books that is not kept yet."""
        self.sheet(seen.indicator, seen.unit)
        self._sheets[seen.indicator, seen.unit][seen.role, seen.year, seen.month] = seen

    def areas(self, unit: str, day: date) -> tuple[str, ...]:
        """The areas right below a unit that stood on a day."""
        rows = Unit.objects.filter(parent=unit, since__lte=day).exclude(level=DEPARTMENT)
        return tuple(rows.filter(Q(until__isnull=True) | Q(until__gte=day)).values_list("code", flat=True))

    def total(self, expression: str, unit: str, year: int, month: int) -> Value:
        """A figure of a ledger, from the closing that stands by."""
        return self._totals.total(expression, unit, year, month)

    def published(self, seen: Seen) -> bool:
        """Nothing is asked of publication while numbers are entered and reviewed."""
        return False

    def unit_name(self, unit: str) -> str:
        """What a unit is called."""
        if unit not in self._units:
            self._units[unit] = Unit.objects.get(pk=unit)
        return self._units[unit].name


def seen_of(row: Observation) -> Seen:
    """An observation as the rules read it."""
    return Seen(
        row.indicator,
        row.unit_id,
        row.year,
        row.month,
        row.role,
        row.vintage,
        row.status,
        row.value,
        row.reason,
    )


def look_at(period: Period, value: int, status: str, reason: str) -> list[Finding]:
    """What the indicator's own rules say of a value before it is kept.

    A target or a forecast stands alone: it is held to its range, never to what was reported before, and explains nothing.
    """
    indicator, catalogue = period.indicator, instance.catalogue()
    if not catalogue.checks:
        return []
    actual = period.role == "actual"
    only = {indicator.code, indicator.growth_by} - {""}
    numbers = LiveNumbers(catalogue, period.year, only=only, units=[period.unit])
    unit, why = period.unit.code, reason if actual else period.role
    if not actual:
        numbers.forget(only, unit)
    numbers.lay(Seen(indicator.code, unit, period.year, period.month, "actual", 0, status, value, why))
    found = own_faults(numbers, indicator, unit, period.year, period.month, "entry")
    return [
        Finding(told.id, told.message, told.hint, period.place, told.severity)
        for told in (fault.finding() for fault in found)
    ]


Cell = tuple[str, Unit, int, int]
"""An indicator's code, a unit, a year and a month for which a value was entered."""


def agree(cells: Iterable[Cell]) -> list[tuple[Cell, Fault]]:
    """What the rules over several indicators say once a batch is entered, each beside the first cell that asked for it.

    Errors must keep the whole batch out: raise them inside the entry that holds the batch (see :func:`settle`).
    """
    catalogue = instance.catalogue()
    joint = across(catalogue)
    asked: dict[tuple[str, str, int, int], Cell] = {}
    for cell in cells:
        code, unit, year, month = cell
        for rule in joint.get(code, ()):
            if "entry" in rule.at:
                asked.setdefault((rule.code, unit.code, year, month), cell)
    books: dict[tuple[str, int], LiveNumbers] = {}
    found = []
    for (rule_code, unit_code, year, month), cell in sorted(asked.items(), key=lambda item: item[0]):
        if (unit_code, year) not in books:
            books[unit_code, year] = LiveNumbers(catalogue, year, only=joint, units=[cell[1]])
        rule = catalogue.checks[rule_code]
        faulty = joint_faults(books[unit_code, year], rule, unit_code, year, month)
        found += [(cell, fault) for fault in faulty]
    return found


def settle(cells: Iterable[Cell]) -> list[Finding]:
    """The warnings of :func:`agree`; raises Refused with its errors, which undoes the entry it is called in."""
    found = [fault.finding() for _, fault in agree(cells)]
    errors = [item for item in found if item.severity is Severity.ERROR]
    if errors:
        raise Refused(errors)
    return found


def review(
    units: Sequence[Unit], year: int, *, month: int = 0, totals: Totals | None = None, whole: str = ""
) -> list[Fault]:
    """Everything that does not hold for the units in a year as the accounts stand now, the newest month first.

    ``totals`` answers for the ledgers (of the last closing); ``whole`` is the unit those are asked for.
    """
    catalogue = instance.catalogue()
    numbers = LiveNumbers(catalogue, year, totals=totals, units=units)
    codes = [unit.code for unit in units]
    numbers.read_all(codes)
    rows = Observation.objects.filter(unit__in=codes, year=year, role="actual")
    told: list[Told] = sorted(set(rows.values_list("indicator", "unit_id", "year", "month")))
    if whole:
        last = max((item[3] for item in told), default=0)
        told += [("", whole, year, end) for end in (3, 6, 9, 12) if end <= last]
    if month:
        told = [item for item in told if item[3] == month]
    return faults(numbers, told, "review", totals or Totals(None))
