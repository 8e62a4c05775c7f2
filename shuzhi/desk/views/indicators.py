"""指标台账: every indicator with its newest value, status and target; one indicator with its months and vintages.

What stands is read from the live cube; only how it came about (vintages, who said so, why) is looked up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from shuzhi.desk.asked import reading_units, unit_of, year_of
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.show import tidy
from shuzhi.evidence import instance
from shuzhi.figures.labels import labels_of
from shuzhi.indicators.checks import MONTHS
from shuzhi.indicators.live import LACKING, LIVE
from shuzhi.indicators.models import Observation
from shuzhi.indicators.releases import waits
from shuzhi.indicators.reported import Reported, Reports
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.expr.spell import speak
from shuzhi.kernel.measure import UNITS, amount, say
from shuzhi.matters.models import Matter
from shuzhi.units.models import Unit

ROLES = {"actual": "实绩", "target": "目标", "forecast": "预计"}
FREQUENCIES = {"month": "月报", "quarter": "季报", "half": "半年报", "year": "年报"}


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in the list: the newest value of the year with its month and status, last year's, the target."""

    indicator: Indicator
    value: str
    month: int
    status: str
    last_year: str
    target: str
    forecast: str
    formula: str


@dataclass(frozen=True, slots=True)
class Period:
    """One month of an indicator: the value that stands with its status, what was said with it, the same month last year."""

    month: int
    value: str
    status: str
    reason: str
    last_year: str


@require_GET
@seated
def indicators(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Every indicator for a unit and a year; ``q`` looks in name and owner, ``owed`` keeps those without a value."""
    units = reading_units(seat)
    unit = unit_of(request, units)
    year = year_of(request, seat)
    search, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    catalogue = instance.catalogue()
    wanted = [item for item in catalogue.indicators.values() if search in item.label or search in item.owner]
    lines = lines_of(sorted(wanted, key=_by_owner), unit, year)
    if state:
        lines = [line for line in lines if not line.formula and bool(line.value) == (state == "told")]
    context = {
        "lines": lines,
        "unit": unit,
        "units": units,
        "year": year,
        "years": range(seat.day.year, seat.day.year - 3, -1),
        "search": search,
        "state": state,
    }
    return render(request, "desk/indicators.html", context)


def _by_owner(indicator: Indicator) -> tuple[str, str]:
    return indicator.owner, indicator.code


def lines_of(wanted: Sequence[Indicator], unit: Unit, year: int) -> list[Line]:
    """The lines of some indicators, read from the live cube."""
    labels = labels_of(instance.catalogue())
    now, before = (LIVE.reported(unit.code, each) for each in (year, year - 1))
    return [_line(item, now, before, labels) for item in wanted]


def _line(item: Indicator, now: Reports, before: Reports, labels: Mapping[str, str]) -> Line:
    code = item.code
    month = next((each for each in range(12, 0, -1) if (code, each, "actual") in now), 0)
    newest = now.get((code, month, "actual"))
    return Line(
        item,
        told(newest, item),
        month,
        newest.status if newest else "",
        told(before.get((code, month, "actual")), item),
        told(now.get((code, 12, "target")), item),
        told(now.get((code, 12, "forecast")), item),
        speak(item.expression.node, labels) if item.expression else "",
    )


def told(seen: Observation | Reported | None, item: Indicator) -> str:
    """A reported value in the indicator's unit; 缺 when it was reported as lacking, empty when nothing was."""
    if seen is None:
        return ""
    return LACKING if seen.value is None else tidy(say(amount(seen.value, UNITS[item.unit]), 8, grouped=True))


@require_GET
@seated
def indicator(request: HttpRequest, seat: Seat, code: str) -> HttpResponseBase:
    """One indicator: what counts, its months of two years, and every vintage that was reported."""
    catalogue = instance.catalogue()
    item = catalogue.indicators.get(code)
    if item is None:
        raise Http404
    units = reading_units(seat)
    unit = unit_of(request, units)
    year = year_of(request, seat)
    rows = list(
        Observation.objects.filter(indicator=code, unit=unit, year=year)
        .select_related("by__unit", "release")
        .order_by("month", "role", "vintage")
    )
    month = month_of(request.GET.get("month", ""), year)
    context = {
        "item": item,
        "unit": unit,
        "units": units,
        "year": year,
        "periods": periods_of(
            item, unit, year, {row.month: row.reason for row in rows if row.role == "actual"}
        ),
        "vintages": [(row, ROLES[row.role], told(row, item)) for row in rows],
        "formula": speak(item.expression.node, labels_of(catalogue)) if item.expression else "",
        "frequency": FREQUENCIES[item.frequency],
        "duty": catalogue.duties[item.duty].label,
        "gated": waits(item),
        "month": month,
        "below": _below(seat, item, unit, year, month),
        **_requests(seat, item),
    }
    return render(request, "desk/indicator.html", context)


def _requests(seat: Seat, item: Indicator) -> dict[str, object]:
    """The requests to change a figure of the indicator, and the way to register one, for those who may see the ledger
    that receives requests; to anybody else it is as if there were none.
    """
    kind = next((one for one in instance.catalogue().kinds.values() if one.receives == "request"), None)
    field = kind.taking("indicator") if kind is not None else None
    if kind is None or field is None or not seat.may_open(kind):
        return {}
    rows, units = Matter.objects.filter(kind=kind.code).order_by("-opened"), seat.sight.units(kind)
    seen = rows if units is None else rows.filter(unit__in=units)
    named = [
        (row.ref.partition("/")[2], row)
        for row in seen
        if row.fields.get(field.code) in (item.code, item.label, *item.words)
    ]
    address = f"{reverse('desk:new', args=[kind.code])}?{urlencode({field.code: item.code})}"
    return {"requests": named, "request_kind": kind, "ask": address if seat.opens(kind) else ""}


def month_of(text: str, year: int) -> int:
    """The month asked for; else the last one somebody reported in that year, December where nobody has."""
    if text.isdigit() and 1 <= int(text) <= 12:
        return int(text)
    return LIVE.last_month(year) or 12


def _below(
    seat: Seat, item: Indicator, unit: Unit, year: int, month: int
) -> list[tuple[Unit, str, int, int]]:
    """What the areas right below a unit come to, those the seat may see: the value, how many have reported, of how many."""
    cells = [found for found in LIVE.below(item.code, unit.code, year, month) if seat.sees(found[0])]
    named = Unit.objects.in_bulk([code for code, _ in cells])
    power = 10 ** UNITS[item.unit].family.scale
    return [
        (
            named[code],
            "" if cell.value is None else amount_of(cell.value / power, item),
            cell.count,
            cell.expected,
        )
        for code, cell in cells
    ]


def amount_of(value: Fraction, item: Indicator) -> str:
    """An amount in the base unit of its family, in the indicator's own unit and decimals."""
    return say(value / Fraction(10) ** UNITS[item.unit].power, item.decimals, grouped=True)


def periods_of(item: Indicator, unit: Unit, year: int, reasons: Mapping[int, str]) -> list[Period]:
    """The months of a year that are due or were reported, read from the live cube; ``reasons`` are what was said with them."""
    now, before = (LIVE.reported(unit.code, each, [item.code]) for each in (year, year - 1))
    found = []
    for month in range(1, 13):
        key = (item.code, month, "actual")
        seen, earlier = now.get(key), before.get(key)
        if month in MONTHS[item.frequency] or seen or earlier:
            status, reason = (seen.status, reasons.get(month, "")) if seen else ("", "")
            found.append(Period(month, told(seen, item), status, reason, told(earlier, item)))
    return found
