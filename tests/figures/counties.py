"""Several small counties, alike in shape and different in codes, refs and numbers: what roll-ups are asked of."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from shuzhi.figures.closing import Cell, Closing, Column, Relation, write_closing
from shuzhi.figures.many.census import SHARED
from shuzhi.figures.many.telling import TELLINGS
from shuzhi.figures.observed import SHEETS
from shuzhi.figures.partial import PARTIALS
from shuzhi.figures.tree import CODES, TREES
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.load import load_texts
from tests.figures.county import BOOKS, COLUMNS, seen, texts

_TIMES: Final = ("cost", "loan", "amount", "value")
_NAMED: Final = ("ref", "record", "allocation")


@cache
def definitions() -> Catalogue:
    """The small county's catalogue."""
    return load_texts(texts()).catalogue


def county(
    folder: Path,
    number: int,
    *,
    as_of: date = date(2025, 12, 31),
    books: Mapping[str, Sequence[Sequence[Cell]]] | None = None,
) -> Closing:
    """The closing of county ``number`` (1 to 99), its amounts so many times those of the first."""
    rows = {**BOOKS, **(books or {})}
    relations = [
        Relation(name, COLUMNS[name], [_row(COLUMNS[name], row, number) for row in found])
        for name, found in rows.items()
    ]
    return write_closing(
        folder,
        unit_code=_code("990100", number),
        unit_name=f"第{number}县",
        as_of=as_of,
        catalogue=definitions(),
        relations=relations,
    )


def counties(folder: Path, many: int) -> list[Closing]:
    """Counties 1 to ``many`` in one folder."""
    return [county(folder, number) for number in range(1, many + 1)]


def province(folder: Path, many: int, *, revenue: int = 0) -> Closing:
    """The books of the unit above counties 1 to ``many``, which holds them and their departments as units; it may say a
    revenue of the last county itself.
    """
    units: list[tuple[Cell, ...]] = [("990000", "某省", "province", None, None, None, 1, 2 * many + 1)]
    for number in range(1, many + 1):
        code, first = _code("990100", number), 2 * number
        units.append((code, f"第{number}县", "county", "990000", None, None, first, first + 1))
        units.append((f"{code[:4]}91", "某局", "department", code, None, None, first + 1, first + 1))
    said = [seen("revenue", 2025, 10, revenue, unit=_code("990100", many))] if revenue else []
    return write_closing(
        folder,
        unit_code="990000",
        unit_name="某省",
        as_of=date(2025, 12, 31),
        catalogue=definitions(),
        relations=[
            Relation("unit", COLUMNS["unit"], units),
            Relation("observation", COLUMNS["observation"], said),
        ],
    )


def _code(code: str, number: int) -> str:
    return f"99{number:02d}{code[4:]}"


def _row(columns: Sequence[Column], row: Sequence[Cell], number: int) -> list[Cell]:
    return [_cell(column.name, cell, number) for column, cell in zip(columns, row, strict=True)]


def _cell(name: str, cell: Cell, number: int) -> Cell:
    if isinstance(cell, str) and cell.startswith("9901"):
        return _code(cell, number)
    if isinstance(cell, str) and name in _NAMED:
        return f"{cell}-{number:02d}"
    if isinstance(cell, int) and not isinstance(cell, bool) and name in _TIMES:
        return cell * number
    return cell


def forget() -> None:
    """Nothing that was read is remembered by this process."""
    for memory in (PARTIALS, SHEETS, TELLINGS, SHARED, TREES, CODES):
        memory.clear()
