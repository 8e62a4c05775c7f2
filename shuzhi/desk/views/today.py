"""今日: what waits for me, what turns red this week, what I still have to report."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shuzhi.desk.seat import Seat, seated
from shuzhi.evidence import instance
from shuzhi.indicators.queries import entered_by, unreported
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.matters.queries import turning_red, waiting_for

SHOWN = 30


@require_GET
@seated
def today(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The first page of the day."""
    waiting = waiting_for(seat.user, seat.day)
    context = {
        "seat": seat,
        "waiting": waiting[:SHOWN],
        "waiting_more": max(0, len(waiting) - SHOWN),
        "turning": turning_red(seat.user, seat.day),
        "owed": owed(seat),
    }
    return render(request, "desk/today.html", context)


def owed(seat: Seat) -> Sequence[tuple[int, int, list[Indicator]]]:
    """What the seat's posts have not reported for the months that are over: (year, month, indicators), newest first."""
    mine = entered_by(seat.user, instance.catalogue(), seat.day)
    if not mine:
        return ()
    months = [(seat.day.year, month) for month in range(seat.day.month, 0, -1)][:3]
    found = [(year, month, unreported(mine, seat.posts[0].unit, year, month)) for year, month in months]
    return [item for item in found if item[2]]
