"""The things of the ledgers by their names: who may be named in a report, and by what one is larger than another."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pyarrow.parquet as pq

from shuzhi.figures.closing import Closing
from shuzhi.kernel.catalogue.definitions import Catalogue, Field, Kind
from shuzhi.kernel.measure import MONEY, UNITS
from shuzhi.reports.screening import screened


@dataclass(frozen=True, slots=True)
class Thing:
    """One item of a ledger: its ref and name, its size by the kind's own measure, what else is written of it, its units, its days."""

    ref: str
    title: str
    size: int | None
    words: tuple[str, ...]
    units: tuple[str, ...]
    days: tuple[tuple[str, date], ...] = ()


def may_be_named(kind: Kind) -> bool:
    """Whether items of a kind may be named to whoever writes a report: open to the office, and not called after people."""
    return not kind.guarded and not any(field.personal for field in kind.fields if field.personal == "name")


def measured_by(kind: Kind) -> Field | None:
    """The quantity by which an item of a kind is the larger: the one it names, or its first amount of money."""
    return kind.field(kind.largest) or next(
        (
            f
            for f in kind.fields
            if f.type == "quantity" and f.unit in UNITS and UNITS[f.unit].family == MONEY
        ),
        None,
    )


def things(kind: Kind, closing: Closing) -> tuple[Thing, ...]:
    """All items of a kind that have a name, the largest first; none where nobody may be told of them."""
    held = closing.tables.get(kind.code)
    if held is None or not held.rows or not may_be_named(kind):
        return ()
    size = measured_by(kind)
    said = tuple(f.code for f in kind.fields if f.type in ("text", "long", "choice") and not f.personal)
    units = ("unit", *(f.code for f in kind.fields if f.type == "unit"))
    days = ("opened", "closed", "date", *(f.code for f in kind.fields if f.type == "date"))
    return _things(held.digest, closing.file(kind.code), size.code if size else "", said, units, days)


@lru_cache(maxsize=128)
def _things(
    digest: str, file: Path, size: str, said: Sequence[str], units: Sequence[str], days: Sequence[str]
) -> tuple[Thing, ...]:
    """The rows of a relation as things. The digest is the key: the file never changes."""
    names = pq.read_schema(file).names
    title = next((name for name in ("title", "name") if name in names), "")
    if not title or "ref" not in names:
        return ()
    kept = dict.fromkeys(n for n in ("ref", title, size, *said, *units, *days) if n in names)
    rows = pq.read_table(file, columns=list(kept)).to_pylist()
    made = [
        Thing(
            row["ref"],
            row[title],
            row.get(size),
            tuple(str(row[name]) for name in (title, *said) if row.get(name)),
            tuple(dict.fromkeys(str(row[name]) for name in units if row.get(name))),
            tuple((name, row[name]) for name in days if row.get(name)),
        )
        for row in rows
        if row[title] and screened(row[title]) == row[title]
    ]
    return tuple(sorted(made, key=lambda thing: (-(thing.size or 0), thing.ref)))


def among(refs: Collection[str], kind: Kind, closing: Closing) -> list[Thing]:
    """The items of a kind with these refs, the largest first."""
    wanted = set(refs)
    return [thing for thing in things(kind, closing) if thing.ref in wanted]


def everywhere(catalogue: Catalogue, closing: Closing) -> Iterator[tuple[Kind, Thing]]:
    """Every item that may be named, ledger by ledger in the order of their codes."""
    for code in sorted(catalogue.kinds):
        for thing in things(catalogue.kinds[code], closing):
            yield catalogue.kinds[code], thing
