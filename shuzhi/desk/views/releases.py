"""发布数字: what was reported and not published yet, old and new beside each other; a second person records the publication."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuzhi.desk.asked import reading_units, unit_of, year_of
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.indicators import told
from shuzhi.evidence import instance
from shuzhi.indicators.models import Observation
from shuzhi.indicators.releases import before, may_release, publish, waiting
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.finding import Refused
from shuzhi.reports.models import Binding
from shuzhi.units.models import Post, Unit


@dataclass(frozen=True, slots=True)
class Line:
    """A value that waits: what was published before, what is new, why, and the reports that quote it."""

    row: Observation
    indicator: Indicator
    old: str
    new: str
    reports: tuple[str, ...]
    may: bool


@require_http_methods(["GET", "POST"])
@seated
def releases(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The values that wait for a unit and a year; ticked ones are published together."""
    units = reading_units(seat)
    unit = unit_of(request, units)
    year = year_of(request, seat)
    rows = waiting([unit], year)
    if request.method == "POST":
        try:
            _publish(request, rows, seat)
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, str(finding))
        else:
            return redirect(f"{reverse('desk:releases')}?unit={unit.code}&year={year}")
    quoted = _quoted(unit, year)
    lines = [_line(row, seat, quoted) for row in rows]
    context = {
        "lines": lines,
        "able": any(line.may for line in lines),
        "unit": unit,
        "units": units,
        "year": year,
        "years": range(seat.day.year, seat.day.year - 3, -1),
        "today": seat.day,
        "typed": request.POST,
    }
    return render(request, "desk/releases.html", context)


def _publish(request: HttpRequest, rows: list[Observation], seat: Seat) -> None:
    wanted = set(request.POST.getlist("row"))
    chosen = [row for row in rows if row.identity() in wanted]
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        day = seat.day
    done = publish(
        chosen,
        day=day,
        address=request.POST.get("address", ""),
        approval=request.POST.get("approval", ""),
        by=_post(seat, chosen),
    )
    messages.success(request, f"已登记公布 {len(done)} 个数。")


def _post(seat: Seat, rows: list[Observation]) -> Post:
    """The seat's post that may release what was chosen, else its first, which is then refused by name."""
    known = instance.catalogue().indicators
    able = [post for post in seat.posts if all(may_release(post, known[r.indicator], r.unit) for r in rows)]
    return able[0] if able else seat.posts[0]


def _quoted(unit: Unit, year: int) -> dict[str, tuple[str, ...]]:
    """The reports of the unit that quote an indicator, by its code."""
    found: dict[str, list[str]] = {}
    rows = Binding.objects.filter(edition__report__unit=unit, edition__report__year=year).exclude(concept="")
    for concept, title in rows.values_list("concept", "edition__report__title").distinct():
        found.setdefault(str(concept).partition(".")[0], []).append(title)
    return {code: tuple(dict.fromkeys(titles)) for code, titles in found.items()}


def _line(row: Observation, seat: Seat, quoted: dict[str, tuple[str, ...]]) -> Line:
    indicator = instance.catalogue().indicators[row.indicator]
    able = any(may_release(post, indicator, row.unit) and post.code != row.by_id for post in seat.posts)
    return Line(
        row,
        indicator,
        told(before(row), indicator),
        told(row, indicator),
        quoted.get(row.indicator, ()),
        able,
    )
