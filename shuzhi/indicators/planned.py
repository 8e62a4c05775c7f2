"""All that can be asked live of targets: what stands for a unit, what was handed down below it, and what is unexplained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shuzhi.figures.judging.plan import unexplained
from shuzhi.indicators.live import LIVE
from shuzhi.indicators.models import Adjusted, Adjustment, LightMark, Observation
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.units.models import Unit

YEAR: Final = 12
"""The month at which the year's target stands."""


@dataclass(frozen=True, slots=True)
class Handed:
    """One indicator's target handed down to the units below: the whole, the parts by unit code, and the gap.

    ``gap`` is None where parts do not add up to a whole (a rate) or the whole has no target.
    """

    indicator: Indicator
    whole: int | None
    parts: dict[str, int]
    gap: int | None


def target_of(indicator: Indicator, unit: Unit, year: int, month: int = 12) -> int | None:
    """The target that stands, a whole number of the family; None when there is none."""
    row = (
        Observation.objects.filter(indicator=indicator.code, unit=unit, year=year, month=month, role="target")
        .order_by("-vintage")
        .first()
    )
    return row.value if row is not None else None


def actuals(indicator: Indicator, unit: Unit, year: int) -> dict[int, int]:
    """What was reported of a year by month, newest vintages that have a value."""
    rows = Observation.objects.filter(indicator=indicator.code, unit=unit, year=year, role="actual")
    newest = {row.month: row.value for row in rows.order_by("vintage")}
    return {month: value for month, value in sorted(newest.items()) if value is not None}


def adds_up(indicator: Indicator) -> bool:
    """Whether targets of the units below make up the whole: amounts and counts do, rates and averages do not."""
    return indicator.temporal != "rate" and not indicator.rollup.startswith("wmean:")


def targeted(catalogue: Catalogue, year: int, units: Sequence[Unit]) -> list[Indicator]:
    """The indicators for which one of the units has a target of the year, in the order of their owners."""
    plans = LIVE.plans(year, {unit.code for unit in units})
    codes = {code for (code, _), plan in plans.items() if YEAR in plan}
    found = [catalogue.indicators[code] for code in codes if code in catalogue.indicators]
    return sorted(found, key=lambda item: (item.owner, item.code))


def handed_down(
    indicators: Iterable[Indicator], whole: Unit, parts: Sequence[Unit], year: int
) -> list[Handed]:
    """The cascade of the year's targets: each indicator's whole, its parts and what they leave unexplained."""
    plans = LIVE.plans(year, {unit.code for unit in (whole, *parts)})
    held = {key: plan[YEAR] for key, plan in plans.items() if YEAR in plan}
    return [_handed(item, whole, parts, held) for item in indicators]


def _handed(
    indicator: Indicator, whole: Unit, parts: Sequence[Unit], held: dict[tuple[str, str], int]
) -> Handed:
    own = held.get((indicator.code, whole.code))
    below = {
        part.code: held[indicator.code, part.code] for part in parts if (indicator.code, part.code) in held
    }
    gap = unexplained(own, below.values()) if own is not None and below and adds_up(indicator) else None
    return Handed(indicator, own, below, gap)


def decisions(year: int, unit: Unit) -> list[Adjustment]:
    """The decisions that changed a unit's targets of a year, newest first."""
    deciding = LIVE.deciding(unit.code)
    links = Adjusted.objects.filter(adjustment__year=year).order_by()
    known = links.values_list("adjustment_id", "observation_id")
    wanted = {ref for ref, number in known if number in deciding}
    rows = Adjustment.objects.filter(ref__in=wanted) if wanted else Adjustment.objects.none()
    return list(rows.select_related("by__unit").order_by("-ref"))


def marks(indicator: Indicator, unit: Unit, year: int, day: date) -> list[LightMark]:
    """The lights set by hand that hold on a day, newest first."""
    rows = LightMark.objects.filter(
        indicator=indicator.code, unit=unit, year=year, since__lte=day, until__gte=day
    )
    return list(rows.select_related("by__unit").order_by("-no"))
