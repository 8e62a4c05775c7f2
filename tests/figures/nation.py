"""A small nation of four levels that all keep books: counties, cities over them, a province, and the nation.

Counties 1 and 2 lie in the first city and keep books of their own; county 3 lies there, too, and keeps none: the city's
books hold its towns and what they reported. Counties 4 and 5 lie in the second city, which keeps no books: the province
tells of it. County 6 lies in no city, right below the province.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from shuzhi.figures.closing import Cell, Closing, Relation, write_closing
from tests.figures.counties import county, definitions
from tests.figures.county import COLUMNS, YI, seen

Row = tuple[Cell, ...]
NATION, PROVINCE, FIRST, SECOND = "000000", "990000", "998100", "998200"
KEEPING: Final = (1, 2, 4, 5, 6)
"""The counties with books of their own."""


def code(number: int) -> str:
    """The code of a county."""
    return f"99{number:02d}00"


def nation(folder: Path) -> dict[str, Closing]:
    """The closings of all that keep books, by the codes of their units."""
    found = [county(folder, number) for number in KEEPING]
    found += [
        closed(folder, FIRST, "明州市", _first_city(), _said_by_city()),
        closed(folder, PROVINCE, "北原省", _province(), _said_by_province()),
        closed(folder, NATION, "全国", _country(), _targets([(PROVINCE, 60), (FIRST, 41), (code(1), 30)])),
    ]
    return {each.unit_code: each for each in found}


def closed(folder: Path, own: str, name: str, units: Sequence[Row], said: Sequence[Row] = ()) -> Closing:
    """The closing of a unit with these units and observations."""
    relations = [
        Relation("unit", COLUMNS["unit"], units),
        Relation("observation", COLUMNS["observation"], said),
    ]
    return write_closing(
        folder,
        unit_code=own,
        unit_name=name,
        as_of=date(2025, 12, 31),
        catalogue=definitions(),
        relations=relations,
    )


def tree(*units: tuple[str, str, str, str | None]) -> list[Row]:
    """Rows of the relation of units out of code, name, level and the unit above, in preorder."""
    last = [number for number, _ in enumerate(units, 1)]
    place = {unit[0]: number for number, unit in enumerate(units)}
    for number in reversed(range(len(units))):
        above = units[number][3]
        if above is not None:
            last[place[above]] = max(last[place[above]], last[number])
    return [(*unit, None, None, number + 1, last[number]) for number, unit in enumerate(units)]


def _county(number: int, above: str) -> tuple[str, str, str, str | None]:
    return code(number), f"第{number}县", "county", above


def _first_city() -> list[Row]:
    third = code(3)
    return tree(
        (FIRST, "明州市", "city", None),
        *(_county(number, FIRST) for number in (1, 2, 3)),
        ("990301", "东桥镇", "township", third),
        ("990302", "西渡镇", "township", third),
    )


def _province() -> list[Row]:
    return tree(
        (PROVINCE, "北原省", "province", None),
        (FIRST, "明州市", "city", PROVINCE),
        *(_county(number, FIRST) for number in (1, 2, 3)),
        (SECOND, "临江市", "city", PROVINCE),
        *(_county(number, SECOND) for number in (4, 5)),
        _county(6, PROVINCE),
    )


def _country() -> list[Row]:
    return tree(
        (NATION, "全国", "nation", None),
        (PROVINCE, "北原省", "province", NATION),
        (FIRST, "明州市", "city", PROVINCE),
        _county(1, FIRST),
        (SECOND, "临江市", "city", PROVINCE),
    )


def _targets(said: Sequence[tuple[str, int]]) -> list[Row]:
    return [
        seen("revenue", 2025, 12, value * YI, unit=unit, role="target", status="") for unit, value in said
    ]


def _said_by_city() -> list[Row]:
    """Targets, the revenue of the county without books, what its towns reported, and a word that differs from county 2's."""
    return [
        *_targets([(FIRST, 40), (code(3), 5)]),
        seen("revenue", 2025, 11, 9 * YI, unit=code(3)),
        seen("revenue", 2024, 11, 8 * YI, unit=code(3)),
        seen("revenue", 2025, 11, 999 * YI, unit=code(2)),
        *(seen("residents", 2025, 12, 10_000 + place, unit=f"99030{place}") for place in (1, 2)),
        *(seen("income", 2025, 12, 1_000_000 * place, unit=f"99030{place}") for place in (1, 2)),
        seen("investment", 2025, 12, 77 * YI, unit=FIRST),
    ]


def _said_by_province() -> list[Row]:
    """Targets the cities never wrote down, and what county 5 said nothing of."""
    return [
        *_targets([(PROVINCE, 55), (SECOND, 99), (FIRST, 44)]),
        seen("revenue", 2025, 10, 3 * YI, unit=code(5)),
        seen("output", 2025, 12, 900 * YI, unit=SECOND),
    ]
