"""What a seat reports: the units its departments serve, and the indicators usually reported for a unit."""

from collections.abc import Sequence
from datetime import date

from shuzhi.desk.seat import Seat
from shuzhi.evidence import instance
from shuzhi.indicators.models import Observation
from shuzhi.indicators.rights import owns
from shuzhi.units.models import Unit


def served(seat: Seat) -> list[Unit]:
    """The units above the seat's departments for which the catalogue names them as owners of an indicator."""
    indicators = instance.catalogue().indicators.values()
    departments = [post.unit for post in seat.posts if post.unit.level == "department"]
    return [
        unit.parent
        for unit in departments
        if unit.parent is not None and any(owns(unit, item) for item in indicators)
    ]


def usually_reported(units: Sequence[Unit], day: date) -> set[tuple[str, str]]:
    """(unit, indicator) of whatever was reported for last year or this."""
    rows = Observation.objects.filter(unit__in=units, role="actual", year__gte=day.year - 1)
    return set(rows.order_by().values_list("unit_id", "indicator").distinct())
