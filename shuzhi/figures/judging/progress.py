"""How every target stands in a closing: plan by its own curve, what was reached, the gap in points, the light and its history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Protocol

import pyarrow.parquet as pq

from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.judging.plan import (
    Lit,
    Rules,
    Step,
    by_share,
    completion,
    even_shares,
    in_points,
    lights,
)
from shuzhi.figures.leaves import Look
from shuzhi.figures.observed import OBSERVATION, Sheet, sheets
from shuzhi.figures.tree import tree_of
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.catalogue.items import parameter_on
from shuzhi.kernel.expr.nodes import Amount
from shuzhi.kernel.measure import UNITS, amount, whole

DUE: Final[Mapping[str, Sequence[int]]] = {
    "month": range(1, 13),
    "quarter": (3, 6, 9, 12),
    "half": (6, 12),
    "year": (12,),
}
MARKS: Final = "light_mark"
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A light set by hand that holds on the day of the closing."""

    colour: str
    reason: str
    since: date
    until: date
    by: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How one target stands at the end of a month.

    Values are in the indicator's unit. ``month`` is the newest period with a value up to the month asked (0: none);
    ``share`` the part of the year that the plan has by then (序时进度), of one, None for rates; ``own_curve`` says that the
    plan was handed down month by month, not taken from the profile.
    """

    indicator: Indicator
    unit: str
    unit_name: str
    year: int
    month: int
    target: Fraction
    plan: Fraction | None
    actual: Fraction | None
    status: str
    completion: Fraction | None
    share: Fraction | None
    lit: Lit
    history: tuple[Lit, ...]
    steps: tuple[Step, ...]
    own_curve: bool
    mark: Mark | None = None


def rules_of(catalogue: Catalogue, indicator: Indicator, day: date) -> Rules:
    """The thresholds of the tenant on a day; growth rates have thresholds of their own."""

    def number(code: str, points: Fraction) -> Fraction:
        parameter = catalogue.parameters.get(code)
        value = parameter_on(parameter, day) if parameter is not None else None
        return (
            value.value * (100 if parameter and parameter.unit else 1)
            if isinstance(value, Amount)
            else points
        )

    kind = "growth_" if indicator.measures == "growth" else ""
    usual = Rules()
    return Rules(
        yellow=number(f"light_{kind}yellow_gap", usual.yellow),
        red=number(f"light_{kind}red_gap", usual.red),
        edge=number("light_edge_yellow", Fraction(0)) > 0,
        months=int(number("light_yellow_months", Fraction(usual.months))),
        quarter_red=number("light_quarter_red", Fraction(0)) > 0,
    )


class Reached(Protocol):
    """What was reached in a period, in the indicator's unit (None: no figure), and its status word."""

    @property
    def value(self) -> Fraction | None:
        """The figure."""
        ...

    @property
    def status(self) -> str:
        """The weakest status word it rests on."""
        ...


Place = tuple[str, str, int, int]
"""Indicator, unit, year and month."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What targets are judged by, out of a closing or the live accounts: definitions and day; what was handed down for the
    months of the year by target (December's is the year's); what was reached; lights set by hand; the units' names.
    """

    catalogue: Catalogue
    day: date
    plans: Mapping[Key, Mapping[int, int]]
    reached: Mapping[Place, Reached]
    marks: Mapping[Key, Mark]
    names: Mapping[str, str]


def progress(
    closing: Closing,
    year: int,
    month: int = 0,
    *,
    units: Iterable[str] = (),
    codes: Iterable[str] = (),
) -> list[Progress]:
    """Every target of a year that a closing holds, for some units or indicators when they are named.

    ``month`` 0 is the month of the closing's day (December for a year that is over). Raises Refused when a file is damaged.
    """
    until = month or last_month(closing.as_of, year)
    catalogue = closing.catalogue
    wanted = [
        key
        for key in _targeted(closing, year)
        if key[0] in catalogue.indicators
        and (not (only := frozenset(units)) or key[1] in only)
        and (not (chosen := frozenset(codes)) or key[0] in chosen)
    ]
    held = sheets([Look(*key) for key in wanted], closing)
    asks = asked(catalogue, wanted, year, until)
    reached = dict(zip(asks, compute(list(asks.values()), [closing]), strict=True))
    plans = {key: _handed_down(held[Look(*key)], year) for key in wanted}
    names = {code: member.name for code, member in tree_of(closing).members.items()}
    basis = Basis(catalogue, closing.as_of, plans, reached, _marks(closing, year), names)
    return judged(basis, wanted, year, until)


def last_month(day: date, year: int) -> int:
    """The last month of a year that counts on a day."""
    return day.month if day.year == year else 12


def judged(basis: Basis, wanted: Iterable[Key], year: int, until: int) -> list[Progress]:
    """How targets of a year stand at the end of a month; what has no target of the year is passed over."""
    found = (_progress(basis, key, year, until) for key in wanted)
    return [made for made in found if made is not None]


def asked(catalogue: Catalogue, wanted: Iterable[Key], year: int, until: int) -> dict[Place, Ask]:
    """What has to be known of some targets: each period of the year, and last December where a level starts from it."""
    found: dict[Place, Ask] = {}
    for code, unit in wanted:
        item = catalogue.indicators[code]
        for month in DUE[item.frequency]:
            if month <= until:
                found[code, unit, year, month] = Ask(code, unit, year, month, item.unit)
        if item.temporal == "level":
            found[code, unit, year - 1, 12] = Ask(code, unit, year - 1, 12, item.unit)
    return found


def _handed_down(sheet: Sheet, year: int) -> dict[int, int]:
    return {
        m: s.value
        for (role, y, m), s in sheet.items()
        if role == "target" and y == year and s.value is not None
    }


def _targeted(closing: Closing, year: int) -> list[Key]:
    """Indicator and unit of every target of the year, in the order of units, then indicators."""
    if OBSERVATION not in closing.tables:
        return []
    filters = [("role", "=", "target"), ("year", "=", year), ("month", "=", 12)]
    rows = pq.read_table(
        closing.file(OBSERVATION), columns=["indicator", "unit"], filters=filters
    ).to_pylist()
    place = {code: number for number, code in enumerate(tree_of(closing).members)}
    keys = {(row["indicator"], row["unit"]) for row in rows if row["unit"] in place}
    return sorted(keys, key=lambda key: (place[key[1]], key[0]))


def _progress(basis: Basis, key: Key, year: int, until: int) -> Progress | None:
    indicator, own, reached = basis.catalogue.indicators[key[0]], basis.plans.get(key, {}), basis.reached
    if 12 not in own:
        return None
    plans = _plans(basis.catalogue, indicator, own, reached.get((*key, year - 1, 12)))
    unit = UNITS[indicator.unit]
    base = Fraction(10) ** unit.power
    steps = []
    for month in DUE[indicator.frequency]:
        if month <= until and month in plans:
            figure = reached[*key, year, month]
            value = None if figure.value is None else figure.value * base
            steps.append(Step(month, amount(plans[month], unit) * base, value, figure.status))
    target = amount(own[12], unit) * base
    lit = lights(indicator, steps, target, rules_of(basis.catalogue, indicator, basis.day))
    return _told(basis, indicator, key[1], year, target, steps, lit)


def _plans(
    catalogue: Catalogue, indicator: Indicator, own: Mapping[int, int], before: Reached | None
) -> dict[int, int]:
    """The plan of every period: as handed down; where it was not, by the profile, or month by month evenly."""
    target = own[12]
    profile = catalogue.profiles.get(indicator.profile)
    shares = profile.shares() if profile is not None else even_shares()
    start = (
        whole(before.value, UNITS[indicator.unit])
        if before is not None and before.value is not None
        else target
    )
    plans = by_share(indicator, target, shares, DUE[indicator.frequency], start=start)
    return {**plans, **own} if len(own) < 2 else dict(own)


def _told(
    basis: Basis,
    indicator: Indicator,
    unit: str,
    year: int,
    target: Fraction,
    steps: Sequence[Step],
    lit: Sequence[Lit],
) -> Progress:
    base = Fraction(10) ** UNITS[indicator.unit].power
    pairs = [(step, light) for step, light in zip(steps, lit, strict=True) if step.actual is not None]
    step, light = pairs[-1] if pairs else (None, Lit(0, None, "grey", "还没有数"))
    done = share = None
    if step is not None and step.actual is not None and not in_points(indicator):
        done = completion(indicator.direction, step.actual, target)
        share = step.plan / target if step.plan is not None and target > 0 else None
    return Progress(
        indicator=indicator,
        unit=unit,
        unit_name=basis.names[unit],
        year=year,
        month=step.month if step else 0,
        target=target / base,
        plan=None if step is None or step.plan is None else step.plan / base,
        actual=None if step is None or step.actual is None else step.actual / base,
        status=step.status if step else "",
        completion=done,
        share=share,
        lit=light,
        history=tuple(lit),
        steps=tuple(steps),
        own_curve=len(basis.plans[indicator.code, unit]) > 1,
        mark=basis.marks.get((indicator.code, unit)),
    )


def _marks(closing: Closing, year: int) -> dict[Key, Mark]:
    """The newest light set by hand for each target that holds on the closing's day."""
    if MARKS not in closing.tables:
        return {}
    found: dict[Key, tuple[int, Mark]] = {}
    for row in pq.read_table(closing.file(MARKS)).to_pylist():
        key, day = (row["indicator"], row["unit"]), closing.as_of
        if row["year"] == year and row["since"] <= day <= row["until"]:
            mark = Mark(row["colour"], row["reason"], row["since"], row["until"], row["by"] or "")
            if key not in found or found[key][0] < row["no"]:
                found[key] = (row["no"], mark)
    return {key: mark for key, (_, mark) in found.items()}
