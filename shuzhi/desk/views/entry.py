"""填报: the indicator grid, indicators down, months across, with paste from Excel; all of a save is kept, or none of it."""

import re
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.show import tidy
from shuzhi.evidence import instance
from shuzhi.evidence.journal import enter
from shuzhi.indicators.models import Observation
from shuzhi.indicators.queries import Cell, GridRow, entered_by, grid
from shuzhi.indicators.verbs import duties_to_observe, observe
from shuzhi.kernel.catalogue.definitions import STATUSES, Indicator
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.kernel.measure import UNITS, amount, say
from shuzhi.units.models import Unit

NAME = re.compile(r"v:([a-z0-9_]+):(\d{1,2})")


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell on the screen: what stands in it, last year's value beneath, and whether it can be typed."""

    name: str
    label: str
    value: str
    last_year: str
    status: str
    due: bool
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the grid: the cells that differ, and those refused."""

    values: dict[tuple[str, int], str]
    status: str
    reason: str
    refused: set[tuple[str, int]] = field(default_factory=set)


@require_http_methods(["GET", "POST"])
@seated
def entry(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The grid of what this seat reports, for a year and a unit."""
    mine = {item.code: item for item in entered_by(seat.user, instance.catalogue(), seat.day)}
    units = _units(seat)
    unit = next((item for item in units if item.code == request.GET.get("unit")), units[0])
    year = _year(request.GET.get("year", ""), seat)
    typed = Typed({}, STATUSES[1], "")
    if request.method == "POST":
        typed = _typed(request)
        try:
            saved = _save(typed, mine, unit, year, seat)
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, str(finding))
        else:
            for finding in saved[1]:
                messages.warning(request, str(finding))
            messages.success(request, f"已保存 {saved[0]} 个数。" if saved[0] else "没有变化，未登记。")
            return redirect(f"{reverse('desk:entry')}?year={year}&unit={unit.code}")
    rows = [(row, _cells(row, typed)) for row in grid(list(mine.values()), [unit], year, by=seat.posts)]
    context = {
        "rows": [(row, cells, _shown(row.target, row.indicator)) for row, cells in rows if row.may_enter],
        "months": range(1, 13),
        "year": year,
        "years": range(seat.day.year, seat.day.year - 3, -1),
        "unit": unit,
        "units": units,
        "statuses": STATUSES[1:],
        "typed": typed,
    }
    return render(request, "desk/entry.html", context)


def _units(seat: Seat) -> list[Unit]:
    """The units of the seat's posts first, then the townships below them."""
    own = list(dict.fromkeys(post.unit for post in seat.posts))
    roots = [unit.parent for unit in own if unit.level == "department" and unit.parent is not None]
    lower = Unit.objects.filter(code__in=seat.domain, level="township").order_by("order", "code")
    found = [*roots, *own, *lower]
    return list(dict.fromkeys(found))


def _year(text: str, seat: Seat) -> int:
    return int(text) if re.fullmatch(r"20\d\d", text) else seat.day.year


def _typed(request: HttpRequest) -> Typed:
    """The cells whose text differs from what stood in them when the page was opened."""
    values = {}
    for name, text in request.POST.items():
        match = NAME.fullmatch(name)
        if match and str(text).strip() != request.POST.get(f"was:{name}", "").strip():
            values[match[1], int(match[2])] = str(text).strip()
    return Typed(values, request.POST.get("status", STATUSES[1]), request.POST.get("reason", ""))


def _save(
    typed: Typed, mine: dict[str, Indicator], unit: Unit, year: int, seat: Seat
) -> tuple[int, list[Finding]]:
    """Report every changed cell, oldest month first, in one entry; raises Refused with the findings of all cells."""
    found: list[Finding] = []
    warnings: list[Finding] = []
    saved = 0
    with enter("填报指标", by=seat.posts[0].code, note=f"{unit}{year}年"):
        for (code, month), text in sorted(typed.values.items(), key=lambda item: (item[0][0], item[0][1])):
            indicator = mine.get(code)
            if indicator is None:
                continue
            post = seat.post_for(duties_to_observe(indicator, "actual"), unit)
            status = "" if not text else typed.status
            try:
                if post is None:
                    raise Refused(
                        Finding("entry.right", f"您不负责填报{unit}的{indicator.label}", "请由责任单位填报")
                    )
                done = observe(
                    indicator,
                    unit,
                    year=year,
                    month=month,
                    value=text or None,
                    by=post,
                    status=status,
                    reason=typed.reason,
                )
            except Refused as refused:
                typed.refused.add((code, month))
                found += refused.findings
            else:
                saved += done.new
                warnings += [item for item in done.findings if item.severity is not Severity.ERROR]
        if found:
            raise Refused(found)
    return saved, warnings


def _cells(row: GridRow, typed: Typed) -> list[GridCell]:
    return [_cell(row.indicator, cell, typed) for cell in row.cells]


def _cell(indicator: Indicator, cell: Cell, typed: Typed) -> GridCell:
    key = (indicator.code, cell.month)
    kept = _shown(cell.newest, indicator)
    return GridCell(
        name=f"v:{indicator.code}:{cell.month}",
        label=f"{indicator.label} {cell.month}月",
        value=typed.values.get(key, kept),
        last_year=_shown(cell.last_year, indicator),
        status=cell.newest.status if cell.newest else "",
        due=cell.due,
        bad=key in typed.refused,
    )


def _shown(seen: Observation | None, indicator: Indicator) -> str:
    """A reported value as a person would type it; empty when missing, which is not zero."""
    if seen is None or seen.value is None:
        return ""
    return tidy(say(amount(seen.value, UNITS[indicator.unit]), 8))
