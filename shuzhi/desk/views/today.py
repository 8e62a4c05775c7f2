"""今日: what waits for me, what turns red this week, what my unit has in hand, what it still has to report."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shuzhi.desk.seat import Seat, seated
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.matters.models import Matter
from shuzhi.matters.queries import open_readings, turning_red, waiting_for
from shuzhi.matters.reading import Light, Reading
from shuzhi.rhythm.expectations import CLOCK, EXPECT, Owed, owed
from shuzhi.rhythm.models import PlanItem
from shuzhi.units.models import Unit

SHOWN = 30


@dataclass(frozen=True, slots=True)
class InHand:
    """An open matter of my own unit, and when something was last reported on it."""

    matter: Matter
    kind: Kind
    light: Light
    last: date


@dataclass(frozen=True, slots=True)
class Owing:
    """What is owed for a unit and a period: values to be typed into the grid, or items of one kind."""

    unit: Unit
    period: str
    rows: list[Owed]
    kind: str

    @property
    def late(self) -> int:
        """The most days anything of it is late."""
        return max(row.late for row in self.rows)

    @property
    def year(self) -> str:
        """The year the grid opens on."""
        return self.period[:4]

    @property
    def lacking(self) -> int:
        """How many values or items are still to come."""
        return sum(row.need - row.had for row in self.rows)


@require_GET
@seated
def today(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The first page of the day."""
    readings = open_readings(seat.sight)
    waiting = waiting_for(seat.sight, readings)
    ripe = [item for item in waiting if item.ripe]
    unripe = [item for item in waiting if not item.ripe]
    held = sorted(in_hand(seat, readings), key=lambda item: (item.last, item.matter.ref))
    context = {
        "seat": seat,
        "ripe": ripe[:SHOWN],
        "ripe_all": len(ripe),
        "unripe": unripe[:SHOWN],
        "unripe_all": len(unripe),
        "held": held[:SHOWN],
        "held_all": len(held),
        "turning": turning_red(readings),
        "owed": owing(seat),
        "fresh": [item for item in held if item.last < seat.day],
        "promises": PlanItem.objects.filter(post__in=seat.posts, verdict="", date__lte=seat.day).order_by(
            "due"
        ),
    }
    return render(request, "desk/today.html", context)


def in_hand(seat: Seat, readings: Iterable[Reading]) -> Iterator[InHand]:
    """Of these open matters those of the units this seat's own posts fill in for."""
    own = {post.unit_id for post in seat.posts}
    mine: dict[str, set[str]] = {}
    for reading in readings:
        kind = reading.kind
        if kind.code not in mine:
            mine[kind.code] = own & seat.fills(kind)
        if reading.matter.unit_id in mine[kind.code]:
            yield InHand(reading.matter, kind, reading.light, reading.last.date)


def owing(seat: Seat) -> list[Owing]:
    """What the seat's own units owe and has not come, values of one period together; what was never reported is not told here."""
    units = {post.unit_id for post in seat.posts}
    found = owed(seat.day, user=seat.user, units=units)
    groups: dict[tuple[str, str, str], list[Owed]] = {}
    for row in found:
        if row.source != CLOCK and not row.new:
            code = row.code.partition(".")[0] if row.source == EXPECT else ""
            groups.setdefault((row.of.code, row.period, code), []).append(row)
    return [Owing(rows[0].of, period, rows, code) for (_, period, code), rows in groups.items()]
