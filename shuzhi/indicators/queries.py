"""All that can be asked live of indicators: the newest vintages, the entry grid, what is still to be reported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from shuzhi.indicators.checks import MONTHS
from shuzhi.indicators.models import Observation
from shuzhi.indicators.rights import reports
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.units.models import Post, Unit, User
from shuzhi.units.queries import posts_of

Key = tuple[str, str, int, int, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid: the value that holds, the same month last year, the target, and whether it may be typed."""

    month: int
    newest: Observation | None
    last_year: Observation | None
    target: Observation | None
    due: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One indicator of one unit over the months of a year."""

    indicator: Indicator
    unit: Unit
    cells: tuple[Cell, ...]
    target: Observation | None
    may_enter: bool


def newest_only(rows: QuerySet[Observation]) -> QuerySet[Observation]:
    """Only the last vintage of each period."""
    last = Observation.objects.filter(
        indicator=OuterRef("indicator"),
        unit=OuterRef("unit"),
        year=OuterRef("year"),
        month=OuterRef("month"),
        role=OuterRef("role"),
    ).order_by("-vintage")
    return rows.filter(vintage=Subquery(last.values("vintage")[:1]))


def newest(
    indicator: Indicator, unit: Unit, *, year: int, month: int, role: str = "actual"
) -> Observation | None:
    """The vintage that holds for a period, or None when nothing was reported."""
    return vintages(indicator, unit, year=year, month=month, role=role).last()


def vintages(
    indicator: Indicator, unit: Unit, *, year: int, month: int, role: str = "actual"
) -> QuerySet[Observation]:
    """Every vintage of a period, oldest first."""
    return Observation.objects.filter(
        indicator=indicator.code, unit=unit, year=year, month=month, role=role
    ).order_by("vintage")


def grid(
    indicators: Sequence[Indicator], units: Sequence[Unit], year: int, *, by: Iterable[Post] = ()
) -> list[GridRow]:
    """Indicators × units × the months of a year, with last year's value, the target and what ``by`` may enter.

    ``target`` of a row is the year's (December's); a cell's is that month's own where one was set.
    """
    codes = [indicator.code for indicator in indicators]
    rows = newest_only(
        Observation.objects.filter(indicator__in=codes, unit__in=units, year__in=(year - 1, year))
    )
    held: dict[Key, Observation] = {(r.indicator, r.unit_id, r.year, r.month, r.role): r for r in rows}
    posts = list(by)
    return [_row(indicator, unit, year, held, posts) for indicator in indicators for unit in units]


def _row(
    indicator: Indicator,
    unit: Unit,
    year: int,
    held: dict[Key, Observation],
    posts: list[Post],
) -> GridRow:
    def at(year: int, month: int, role: str) -> Observation | None:
        return held.get((indicator.code, unit.code, year, month, role))

    cells = tuple(
        Cell(
            month=month,
            newest=at(year, month, "actual"),
            last_year=at(year - 1, month, "actual"),
            target=at(year, month, "target"),
            due=month in MONTHS[indicator.frequency],
        )
        for month in range(1, 13)
    )
    able = indicator.expression is None and any(reports(post, indicator, unit) for post in posts)
    return GridRow(indicator, unit, cells, at(year, 12, "target"), able)


def entered_by(user: User, catalogue: Catalogue, day: date) -> list[Indicator]:
    """The indicators that a person's posts report, in the order of their codes; computed ones are left out."""
    duties = {duty for post in posts_of(user, day) for duty in post.duties}
    return [
        indicator
        for _, indicator in sorted(catalogue.indicators.items())
        if indicator.expression is None and indicator.duty in duties
    ]
