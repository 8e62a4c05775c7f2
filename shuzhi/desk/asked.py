"""Of which unit and which year a page is: what its address asks for, among what the seat may read."""

import re
from collections.abc import Sequence

from django.http import HttpRequest

from shuzhi.desk.reporting import served
from shuzhi.desk.seat import Seat
from shuzhi.units.models import Unit


def units_of(seat: Seat) -> list[Unit]:
    """The unit a department of the seat's reports for, then the units of its posts, then the townships below them."""
    own = [post.unit for post in seat.posts]
    lower = Unit.objects.filter(code__in=seat.domain, level="township").order_by("order", "code")
    return list(dict.fromkeys([*served(seat), *own, *lower]))


def reading_units(seat: Seat) -> list[Unit]:
    """The county first, whose indicators every post may look up, then the units of the seat."""
    roots = list(Unit.objects.filter(parent=None))
    return list(dict.fromkeys([*roots, *units_of(seat)]))


def unit_of(request: HttpRequest, units: Sequence[Unit]) -> Unit:
    """The one of these units that an address asks for; the first when it is none of them."""
    return next((unit for unit in units if unit.code == request.GET.get("unit")), units[0])


def year_of(request: HttpRequest, seat: Seat, *, back: int = 0) -> int:
    """The year an address asks for; this one, or so many years ``back``, when it is none."""
    asked = request.GET.get("year", "")
    return int(asked) if re.fullmatch(r"20\d\d", asked) else seat.day.year - back
