"""年底预计: what each method expects of every indicator, accepted by the post whose figure it is; and the later true-up."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuzhi.desk.asked import reading_units, unit_of, year_of
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.show import tidy
from shuzhi.desk.views.changes import tell
from shuzhi.evidence import instance
from shuzhi.figures.judging.estimating import METHODS, Estimate
from shuzhi.indicators.estimates import accept, expected, off, trued_up
from shuzhi.indicators.reported import Reported
from shuzhi.indicators.rights import reporting_post
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.finding import Refused
from shuzhi.kernel.measure import UNITS, amount, say
from shuzhi.units.models import Unit


@dataclass(frozen=True, slots=True)
class Way:
    """One method's estimate as text."""

    method: str
    name: str
    value: str
    interval: str
    error: str
    chosen: bool


def way_of(item: Indicator, found: Estimate) -> Way:
    """An estimate as the page shows it, rounded to the indicator's decimals."""
    interval = (
        ""
        if found.low is None or found.high is None
        else "至".join(say(value, item.decimals, grouped=True) for value in (found.low, found.high))
    )
    each = "、".join(f"{year}年{'+' if error > 0 else ''}{off(item, error)}" for year, error in found.errors)
    return Way(
        found.method,
        METHODS[found.method],
        say(found.value, item.decimals, grouped=True),
        interval,
        each or "没有往年数可检验",
        found.chosen,
    )


@require_http_methods(["GET", "POST"])
@seated
def estimates(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Every indicator of a unit whose year's end is not known yet, with what each method expects; POST accepts one."""
    units = reading_units(seat)
    unit = unit_of(request, units)
    year = year_of(request, seat)
    if request.method == "POST":
        _accept(request, seat, unit, year)
        return redirect(f"{reverse('desk:estimates')}?unit={unit.code}&year={year}")
    rows = []
    for item, found, seen in expected(unit, year):
        able = reporting_post(seat.user, item, unit, role="forecast", day=seat.day) is not None
        rows.append((item, [way_of(item, one) for one in found], _said(item, seen), able))
    context = {
        "rows": rows,
        "unit": unit,
        "units": units,
        "year": year,
        "years": range(seat.day.year, seat.day.year - 3, -1),
    }
    return render(request, "desk/estimates.html", context)


def _said(item: Indicator, seen: Reported | None) -> tuple[str, str]:
    """The forecast that stands, and how it was come by."""
    if seen is None or seen.value is None:
        return "", ""
    return tidy(say(amount(seen.value, UNITS[item.unit]), 8, grouped=True)), seen.reason


def _accept(request: HttpRequest, seat: Seat, unit: Unit, year: int) -> None:
    item = instance.catalogue().indicators.get(request.POST.get("indicator", ""))
    if item is None:
        raise Http404
    post = reporting_post(seat.user, item, unit, role="forecast", day=seat.day) or seat.posts[0]
    try:
        done = accept(item, unit, year, request.POST.get("method", ""), by=post)
    except Refused as refused:
        tell(request, refused)
    else:
        said = "已采用，登记为预计数。" if done.new else "与已登记的预计数相同。"
        messages.success(request, f"{item.label}：{said}")


@require_GET
@seated
def trued(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """预计与实绩对照: every forecast of a year beside what became of it."""
    units = reading_units(seat)
    unit = unit_of(request, units)
    year = year_of(request, seat, back=1)
    rows = [
        (
            row,
            tidy(say(row.forecast, 8, grouped=True)),
            "" if row.final is None else tidy(say(row.final, 8, grouped=True)),
            "" if row.off is None else f"{'+' if row.off > 0 else ''}{off(row.indicator, row.off)}",
        )
        for row in trued_up(instance.catalogue(), year, unit)
    ]
    context = {
        "rows": rows,
        "unit": unit,
        "units": units,
        "year": year,
        "years": range(seat.day.year, seat.day.year - 4, -1),
    }
    return render(request, "desk/trued.html", context)
