"""指标月报: what the indicators of a unit came to in a month, read from the live cube: the month, since January, growth, target."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shuzhi.cube.asking.dashboard import Line
from shuzhi.cube.asking.formulas import Pair
from shuzhi.desk.asked import reading_units, unit_of, year_of
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.indicators import amount_of, month_of
from shuzhi.evidence import instance
from shuzhi.indicators.live import LIVE
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.measure import say
from shuzhi.units.models import Unit

SHOWN = (("", "有数的"), ("target", "有年度目标的"), ("short", "没有报齐的"))


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of the month as the office reads it, every number as text; "" where there is none.

    ``own`` says that the unit itself reported it, in the words of its status; otherwise it is added up from below, of
    which ``reported`` out of ``expected`` have reported.
    """

    indicator: Indicator
    value: str
    cumulative: str
    growth: str
    cumulative_growth: str
    completion: str
    reported: int
    expected: int
    place: int | None
    own: str

    @property
    def short(self) -> bool:
        """Whether some have reported and some have not."""
        return 0 < self.reported < self.expected

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.value or self.cumulative or self.own or self.short)


@require_GET
@seated
def monthly(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The indicators of a unit in a month; ``q`` looks in name and owner, ``show`` keeps some."""
    units = reading_units(seat)
    unit = unit_of(request, units)
    year = year_of(request, seat)
    month = month_of(request.GET.get("month", ""), year)
    search, show = request.GET.get("q", "").strip(), request.GET.get("show", "")
    known = sorted(instance.catalogue().indicators.values(), key=lambda item: (item.owner, item.code))
    wanted = [item for item in known if search in item.label or search in item.owner]
    rows = [row for row in rows_of(wanted, unit, year, month) if not row.empty]
    context = {
        "rows": [row for row in rows if _kept(row, show)],
        "ranked": unit.parent_id is not None,
        "unit": unit,
        "units": units,
        "year": year,
        "years": range(seat.day.year, seat.day.year - 3, -1),
        "month": month,
        "months": range(1, 13),
        "search": search,
        "show": show,
        "shown": SHOWN,
        "short": sum(row.short for row in rows),
    }
    return render(request, "desk/monthly.html", context)


def _kept(row: Row, show: str) -> bool:
    return {"target": bool(row.completion), "short": row.short}.get(show, True)


def rows_of(wanted: Sequence[Indicator], unit: Unit, year: int, month: int) -> Iterator[Row]:
    """What some indicators came to."""
    said = LIVE.told(unit.code, year, month)
    lines = LIVE.lines([item.code for item in wanted], unit.code, year, month)
    for item, line in zip(wanted, lines, strict=True):
        yield _row(item, line, said)


def _row(item: Indicator, line: Line, said: Mapping[str, str]) -> Row:
    points = item.growth == "pp"
    return Row(
        indicator=item,
        value=_amount(line.value, item),
        cumulative=_amount(line.cumulative, item),
        growth=_rate(line.growth, points=points),
        cumulative_growth=_rate(line.cumulative_growth, points=points),
        completion="" if line.completion is None else f"{say(Fraction(*line.completion) * 100, 1)}%",
        reported=line.reported,
        expected=line.expected,
        place=line.place,
        own=said.get(item.code, ""),
    )


def _amount(pair: Pair | None, item: Indicator) -> str:
    if pair is None:
        return ""
    return amount_of(Fraction(*pair), item)


def _rate(pair: Pair | None, *, points: bool) -> str:
    """A growth in per cent, with its sign; the change of a share in percentage points."""
    if pair is None:
        return ""
    text = say(Fraction(*pair) * 100, 1)
    sign = "+" if pair[0] > 0 and text.strip("0.") else ""
    return f"{sign}{text}{'个百分点' if points else '%'}"
