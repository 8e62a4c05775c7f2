"""今日: what waits for me, what turns red this week, what my unit has in hand, what it still has to report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shuzhi.desk.reporting import served, usually_reported
from shuzhi.desk.seat import Seat, seated
from shuzhi.evidence import instance
from shuzhi.indicators.queries import entered_by, unreported
from shuzhi.indicators.rights import reports
from shuzhi.kernel.catalogue.definitions import Indicator, Kind
from shuzhi.matters.models import Matter
from shuzhi.matters.queries import seen_by, turning_red, waiting_for
from shuzhi.matters.reading import Light, read_all
from shuzhi.units.models import Unit

SHOWN = 30
MONTHS_BACK = 3


@dataclass(frozen=True, slots=True)
class InHand:
    """An open matter of my own unit, and when something was last reported on it."""

    matter: Matter
    kind: Kind
    light: Light
    last: date


@dataclass(frozen=True, slots=True)
class Owed:
    """The indicators a unit usually reports and has not reported for a month that is over."""

    unit: Unit
    year: int
    month: int
    indicators: list[Indicator]


@require_GET
@seated
def today(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The first page of the day."""
    waiting = waiting_for(seat.user, seat.day)
    ripe = [item for item in waiting if item.ripe]
    unripe = [item for item in waiting if not item.ripe]
    held = sorted(in_hand(seat), key=lambda item: (item.last, item.matter.ref))
    context = {
        "seat": seat,
        "ripe": ripe[:SHOWN],
        "ripe_all": len(ripe),
        "unripe": unripe[:SHOWN],
        "unripe_all": len(unripe),
        "held": held[:SHOWN],
        "held_all": len(held),
        "turning": turning_red(seat.user, seat.day),
        "owed": owed(seat),
    }
    return render(request, "desk/today.html", context)


def in_hand(seat: Seat) -> Iterator[InHand]:
    """The open matters of the units this seat's own posts fill in for."""
    own = {post.unit_id for post in seat.posts}
    for kind in instance.catalogue().of_shape("matter"):
        units = own & seat.fills(kind)
        if not units:
            continue
        rows = seen_by(seat.user, kind, seat.day).filter(closed=None, unit__in=units)
        for reading in read_all(rows, seat.day):
            yield InHand(reading.matter, kind, reading.light, reading.last.date)


def owed(seat: Seat) -> list[Owed]:
    """What the seat's own units have not reported, newest month first; only indicators they have reported before."""
    mine = entered_by(seat.user, instance.catalogue(), seat.day)
    if not mine:
        return []
    units = list({unit.code: unit for unit in [*served(seat), *(post.unit for post in seat.posts)]}.values())
    usual = usually_reported(units, seat.day)
    found = []
    for year, month in months_over(seat.day):
        for unit in units:
            wanted = [
                item
                for item in mine
                if (unit.code, item.code) in usual and any(reports(post, item, unit) for post in seat.posts)
            ]
            lacking = unreported(wanted, unit, year, month) if wanted else []
            if lacking:
                found.append(Owed(unit, year, month, lacking))
    return found


def months_over(day: date) -> list[tuple[int, int]]:
    """The last months that are over on a day, newest first; a month ends with its last day."""
    ended = day.year * 12 + day.month - 1
    if date.fromordinal(day.toordinal() + 1).month == day.month:
        ended -= 1
    return [(number // 12, number % 12 + 1) for number in range(ended, ended - MONTHS_BACK, -1)]
