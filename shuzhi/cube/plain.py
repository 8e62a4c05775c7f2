"""The kernel in plain Python: the cube's law (:mod:`shuzhi.cube.law`), cell after cell. The others give the same bits, faster."""

from array import array
from collections.abc import Sequence

from shuzhi.cube.axis import Axis
from shuzhi.cube.frame import MONTHS, UNSAID, Frame
from shuzhi.cube.law import Position, add_up, weigh, whole
from shuzhi.cube.planes import Planes

name = "plain"


def roll(axis: Axis, frame: Frame, planes: Planes, only: Sequence[int] | None = None) -> None:
    """Work out sums, counts, cumulative sums and weights of all interior rows, from the deepest up; or, the rest being
    right, of ``only`` some.
    """
    slots = frame.slots(planes.role)
    places = sorted(range(axis.interiors) if only is None else only, reverse=True)
    for place in places:
        row = axis.heads[place]
        for line, said in enumerate(frame.lines):
            if said.weight < 0:
                for slot in range(slots):
                    add_up(Position(axis, frame, planes, place, row, line, slot), axis.areas(row))
    for nth in range(len(frame.means)):
        roll_mean(axis, frame, planes, nth, places)
    accumulate(frame, planes, places)


def borrow(actual: memoryview, forecast: memoryview, lent: memoryview) -> None:
    """Where nobody has said a December's actual, the year's forecast stands for it; ``lent`` (bytes, ``[row][line][year]``)
    marks where.
    """
    for place in range(len(forecast)):
        december = place * MONTHS + MONTHS - 1
        if actual[december] == UNSAID and forecast[place] != UNSAID:
            actual[december] = forecast[place]
            lent[place] = 1


def roll_mean(axis: Axis, frame: Frame, planes: Planes, nth: int, places: Sequence[int]) -> None:
    """Work out one weighted mean of some interior rows, deepest first, once its weights have been added up."""
    line = frame.means[nth]
    for place in places:
        row = axis.heads[place]
        for slot in range(frame.slots(planes.role)):
            weigh(Position(axis, frame, planes, place, row, line, slot), axis.areas(row), nth)


def accumulate(frame: Frame, planes: Planes, places: Sequence[int]) -> None:
    """The running sum within each year of some interior rows, ``BEYOND`` from the month on in which it leaves 64 bits; a
    weighted mean has none.
    """
    cumulative = planes.cumulative
    if cumulative is None:
        return
    slots, running = frame.months, array("q", [0]) * MONTHS
    for place in places:
        for line, said in enumerate(frame.lines):
            start = (place * len(frame.lines) + line) * slots
            for january in range(start, start + slots, MONTHS):
                total = 0
                for month in range(MONTHS):
                    total = 0 if said.weight >= 0 else whole([total, planes.sums[january + month]])
                    running[month] = total
                cumulative[january : january + MONTHS] = memoryview(running)
