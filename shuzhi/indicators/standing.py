"""How targets stand at this moment: plans, what was reached and lights read from the live cube, the rest from a closing.

What is worked out from ledgers no cube of indicators can answer; it comes from the books as they were last closed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from shuzhi.evidence import instance
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.judging.progress import Basis, Key, Mark, Progress, asked, judged, last_month
from shuzhi.indicators.live import LIVE
from shuzhi.indicators.models import LightMark
from shuzhi.units.models import Unit


class Reached(NamedTuple):
    """What was reached in a period, in the indicator's unit, and its status word."""

    value: Fraction | None
    status: str


_NOTHING = Reached(None, "")


@dataclass(frozen=True, slots=True)
class Standing:
    """The targets of some units. ``closed`` are those (indicator and unit) that rest on ledgers or on years the live cube does
    not hold, told as of ``closing``; without a closing they have no figure.
    """

    lines: tuple[Progress, ...]
    closed: frozenset[Key]
    closing: Closing | None = None


def standing(
    year: int,
    units: Sequence[Unit],
    *,
    codes: Iterable[str] = (),
    closing: Callable[[], Closing | None] = lambda: None,
) -> Standing:
    """The targets of a year for some units as the accounts stand now; of some indicators when they are named.

    ``closing`` gives the closing for what rests on ledgers, asked for only where there is such a target.
    """
    catalogue, day = instance.catalogue(), instance.today()
    plans = LIVE.plans(year, {unit.code for unit in units}, frozenset(codes))
    wanted = sorted(key for key in plans if key[0] in catalogue.indicators)
    until = last_month(day, year)
    asks = asked(catalogue, wanted, year, until)
    figures, left = LIVE.figures(asks.values())
    reached = {
        place: _NOTHING if figure is None else Reached(figure.value, figure.status)
        for place, figure in zip(asks, figures, strict=True)
    }
    others = [place for number, place in enumerate(asks) if number in left]
    books = closing() if others else None
    if books is not None:
        reached |= _closed([asks[place] for place in others], others, books)
    basis = Basis(catalogue, day, plans, reached, _marks(year, units, day), {u.code: u.name for u in units})
    lines = tuple(judged(basis, wanted, year, until))
    elsewhere = {(code, unit) for code, unit, _, _ in others}
    closed = frozenset(elsewhere & {(line.indicator.code, line.unit) for line in lines})
    return Standing(lines, closed, books)


def _closed(
    asks: Sequence[Ask], places: Sequence[tuple[str, str, int, int]], closing: Closing
) -> dict[tuple[str, str, int, int], Reached]:
    figures = compute(asks, [closing], cache=closing.cache)
    return {
        place: Reached(figure.value, figure.status) for place, figure in zip(places, figures, strict=True)
    }


def _marks(year: int, units: Sequence[Unit], day: date) -> Mapping[Key, Mark]:
    """The newest light set by hand for each target that holds today."""
    rows = LightMark.objects.filter(year=year, unit__in=units, since__lte=day, until__gte=day)
    return {
        (row.indicator, row.unit_id): Mark(row.colour, row.reason, row.since, row.until, row.by_id or "")
        for row in rows.order_by("no")
    }
