"""核对: everything in the numbers that does not hold, the newest months first, with the rule, the numbers and their cells."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from shuzhi.books.queries import newest, open_book
from shuzhi.desk.asked import reading_units, year_of
from shuzhi.desk.seat import Seat, seated
from shuzhi.evidence import instance
from shuzhi.figures.judging.verified import Totals
from shuzhi.figures.judging.verifying import Fault
from shuzhi.indicators.verified import review
from shuzhi.kernel.catalogue.behind import ledgers_of
from shuzhi.kernel.finding import Severity
from shuzhi.subjects.rights import visible_units
from shuzhi.units.models import Unit

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.ADVICE: "grey"}


@dataclass(frozen=True, slots=True)
class Line:
    """One fault on the screen: its light, the numbers each with the page of its indicator, and the way to its cell."""

    fault: Fault
    colour: str
    numbers: tuple[tuple[str, str, str], ...]


@require_GET
@seated
def checks(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """What does not hold for the county and the seat's units in a year; ``unit`` and ``force`` narrow it."""
    roots = list(Unit.objects.filter(parent=None))
    units = reading_units(seat)
    unit = next((item for item in units if item.code == request.GET.get("unit")), None)
    year, force = year_of(request, seat), request.GET.get("force", "")
    row = newest()
    totals = Totals(open_book(row)) if row is not None else None
    shown = [unit] if unit is not None else units
    whole = next((item.code for item in roots if item in shown), "")
    found = [
        item
        for item in review(shown, year, totals=totals, whole=whole)
        if _may_see(item, seat) and force in ("", str(item.severity))
    ]
    months: dict[int, list[Line]] = {}
    for fault in found:
        months.setdefault(fault.month, []).append(_line(fault))
    context = {
        "months": list(months.items()),
        "count": len(found),
        "rules": sorted(instance.catalogue().checks.values(), key=lambda rule: rule.code),
        "unit": unit,
        "units": units,
        "year": year,
        "years": range(seat.day.year, seat.day.year - 3, -1),
        "force": force,
        "forces": [str(item) for item in (Severity.ERROR, Severity.WARNING)],
        "closed": row.as_of if row is not None else None,
    }
    return render(request, "desk/checks.html", context)


def _may_see(fault: Fault, seat: Seat) -> bool:
    """Whether the seat may look into every ledger whose totals stand behind a fault."""
    catalogue = instance.catalogue()
    formula = fault.indicator.expression if fault.indicator is not None else fault.rule.holds
    if formula is None:
        return True
    root = Unit.objects.filter(parent=None).first()
    for code in ledgers_of(formula, catalogue):
        units = visible_units(seat.user, catalogue.kinds[code], seat.day)
        if units is not None and (root is None or root.code not in units):
            return False
    return True


def _line(fault: Fault) -> Line:
    query = f"?unit={fault.unit}&year={fault.year}"
    numbers = tuple(
        (
            item.label,
            item.text,
            reverse("desk:indicator", args=[item.indicator]) + query if item.indicator else "",
        )
        for item in fault.numbers
    )
    return Line(fault, COLOURS[fault.severity], numbers)
