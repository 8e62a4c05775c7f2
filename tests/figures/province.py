"""A small province whose counties keep books of their own: several closings that hold the same units."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from shuzhi.figures.closing import Cell, Closing
from tests.figures.county import Close, danger

PROVINCE, CITY = ("99", "北原省"), ("9901", "明州市")
Row = tuple[Cell, ...]


def unit(code: str, name: str, level: str, parent: str | None, first: int, last: int, **more: Cell) -> Row:
    """One row of the relation of units."""
    return (code, name, level, parent, more.get("since"), more.get("until"), first, last)


def province_units(counties: Sequence[str], *, merged: Mapping[str, str] | None = None) -> list[Row]:
    """The province's own tree: one city, its counties; ``merged`` counties lie under the ones they went into."""
    merged = merged or {}
    rows = [unit(*PROVINCE, "province", None, 1, 2 + len(counties))]
    rows.append(unit(*CITY, "city", PROVINCE[0], 2, 2 + len(counties)))
    number = 3
    for code in [each for each in counties if each not in merged]:
        inside = [each for each in counties if merged.get(each) == code]
        rows.append(unit(code, f"{code}县", "county", CITY[0], number, number + len(inside)))
        for place, each in enumerate(inside, number + 1):
            rows.append(unit(each, f"{each}县", "county", code, place, place, until=date(2025, 6, 30)))
        number += 1 + len(inside)
    return rows


def county_units(code: str, towns: Iterable[str]) -> list[Row]:
    """A county's own tree."""
    below = list(towns)
    rows = [unit(code, f"{code}县", "county", None, 1, 1 + len(below))]
    return rows + [
        unit(town, f"{town}镇", "township", code, number, number) for number, town in enumerate(below, 2)
    ]


def dangers(code: str, count: int, year: int = 2025) -> list[Row]:
    """Some dangers of a unit."""
    return [danger(number, date(year, 3, 1), unit=code, cost=10**6 * number) for number in range(count)]


def books(close: Close, code: str, name: str, **relations: Sequence[Row]) -> Closing:
    """The closing of a unit with these relations and no others."""
    empty: dict[str, Sequence[Row] | None] = dict.fromkeys(
        ("meeting.rows", "relief.budget", "relief.payment")
    )
    given = {"unit": [], "danger": [], "observation": [], **relations}
    return close({**empty, **given}, unit=(code, name))
