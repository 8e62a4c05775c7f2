"""What a unit itself reported in a year, period by period, as it stands: the newest vintages, whose history stays in rows."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from shuzhi.cube.asking.statuses import Statuses
from shuzhi.cube.exact import Spot
from shuzhi.cube.frame import MONTHS, SILENT, UNSAID, Frame
from shuzhi.indicators.models import Observation
from shuzhi.kernel.catalogue.definitions import STATUSES


@dataclass(frozen=True, slots=True)
class Reported:
    """What holds for a period: a whole number of the family (None: there is none, as was said) and the status word.

    Of a forecast also how it was come by.
    """

    value: int | None
    status: str
    reason: str = ""


Key = tuple[str, int, str]
"""Indicator, month and role; the year's forecast stands at December."""
Reports = dict[Key, Reported]


def in_cube(statuses: Statuses, unit: str, year: int, indicators: Collection[str] = ()) -> Reports:
    """What a unit said of itself in a year the cube holds, targets apart; of some indicators when they are named."""
    block, frame = statuses.block, statuses.block.frame
    row = block.axis.find(unit)
    if row < 0:
        return {}
    back, found = year - frame.years[0], Reports()
    for line in _lines(frame, indicators):
        code, first = frame.lines[line].code, back * MONTHS
        for slot, word in enumerate(block.months(row, line, back), first):
            if word != UNSAID:
                status = statuses.own(row, Spot("actual", line, slot, slot))
                found[code, slot - first + 1, "actual"] = Reported(None if word == SILENT else word, status)
        expected = block.own("forecast", row, line, back)
        if expected != UNSAID:
            found[code, MONTHS, "forecast"] = Reported(None if expected == SILENT else expected, STATUSES[0])
    return found


def _lines(frame: Frame, indicators: Collection[str]) -> Collection[int]:
    if not indicators:
        return range(len(frame.lines))
    return [frame.places[code] for code in indicators if code in frame.places]


def in_rows(unit: str, held: Collection[int]) -> dict[int, Reports]:
    """What a unit said of itself in all years but those ``held``, by year, targets apart."""
    rows = Observation.objects.filter(~Q(year__in=held), ~Q(role="target"), unit=unit).order_by("pk")
    found: dict[int, Reports] = {}
    for row in rows:
        if row.role == "actual" or row.month == MONTHS:
            forecast = row.role == "forecast"
            word, way = (STATUSES[0], row.reason) if forecast else (row.status, "")
            found.setdefault(row.year, {})[row.indicator, row.month, row.role] = Reported(
                row.value, word, way
            )
    return found
