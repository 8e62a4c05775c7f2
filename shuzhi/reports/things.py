"""The things of the ledgers by their names: who may be named in a report, and by what one is larger than another."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from typing import Any, Final, NamedTuple

from shuzhi.figures.closing import Closing, Table
from shuzhi.figures.memory import Memory
from shuzhi.kernel.catalogue.definitions import Catalogue, Field, Kind
from shuzhi.kernel.measure import MONEY, UNITS
from shuzhi.reports.held import held_of, table
from shuzhi.reports.screening import screened

_SHORT: Final = 5_000
_NAMED: Final = 3
"""Of a row, the first are ref, name and size."""


class Written:
    """What else is written of the items of a ledger, item by item: texts, units, days. Most items are asked for no more than
    their names, so it is not read before.
    """

    def __init__(self, work: Callable[[], Sequence[Sequence[Any]]]) -> None:
        self._work = work

    @cached_property
    def rows(self) -> Sequence[Sequence[Any]]:
        """Texts, units, and days with the columns they stand in, of each item."""
        return self._work()


class Thing(NamedTuple):
    """One item of a ledger: its ref and name, its size by the kind's own measure, and where more is written of it."""

    ref: str
    title: str
    size: int | None
    place: int
    written: Written

    @property
    def words(self) -> Sequence[str]:
        """All that is written of it, its name first."""
        words: Sequence[str] = self.written.rows[self.place][0]
        return words

    @property
    def units(self) -> Sequence[str]:
        """The units it belongs to."""
        units: Sequence[str] = self.written.rows[self.place][1]
        return units

    def day(self, column: str) -> date | None:
        """The day in a column, None where there is none."""
        dated: Sequence[Sequence[str]] = self.written.rows[self.place][2]
        return next((date.fromisoformat(day) for name, day in dated if name == column), None)


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
    shown = _Shown(
        size.code if size else "",
        tuple(f.code for f in kind.fields if f.type in ("text", "long", "choice") and not f.personal),
        ("unit", *(f.code for f in kind.fields if f.type == "unit")),
        ("opened", "closed", "date", *(f.code for f in kind.fields if f.type == "date")),
    )
    found = _THINGS.get((held.digest, shown))
    if found is None:
        found = _made(held, shown, closing)
        _THINGS.put((held.digest, shown), found)
    return found


class _Shown(NamedTuple):
    """The columns of a relation that are told of its items."""

    size: str
    said: tuple[str, ...]
    units: tuple[str, ...]
    days: tuple[str, ...]


_THINGS: Final[Memory[tuple[str, _Shown], tuple[Thing, ...]]] = Memory(512)


def _made(held: Table, shown: _Shown, closing: Closing) -> tuple[Thing, ...]:
    """The rows of a relation as things; those of a short ledger are kept with the closing, names apart from the rest."""
    if held.rows > _SHORT:
        rows = _rows(held, shown, closing)
        return _things(_names(rows), Written(partial(_rest, rows)))
    kept, key = held_of(closing), f"{held.digest} {shown}"

    def both() -> list[list[Any]]:
        rows = _rows(held, shown, closing)
        kept.once(f"written {key}", partial(_rest, rows))
        return _names(rows)

    names = kept.once(f"things {key}", both)
    written = Written(lambda: kept.once(f"written {key}", lambda: _rest(_rows(held, shown, closing))))
    return _things(names, written)


def _things(names: list[list[Any]], written: Written) -> tuple[Thing, ...]:
    return tuple([Thing(ref, title, size, place, written) for place, (ref, title, size) in enumerate(names)])


def _names(rows: list[list[Any]]) -> list[list[Any]]:
    return [row[:_NAMED] for row in rows]


def _rest(rows: list[list[Any]]) -> list[list[Any]]:
    return [row[_NAMED:] for row in rows]


def _rows(held: Table, shown: _Shown, closing: Closing) -> list[list[Any]]:
    """Every item that has a name, the largest first, as plain data."""
    names = {column.name for column in held.columns}
    title = next((name for name in ("title", "name") if name in names), "")
    if not title or "ref" not in names:
        return []
    wanted = dict.fromkeys(("ref", title, shown.size, *shown.said, *shown.units, *shown.days))
    rows = table(held.digest, closing.file(held.name), tuple(n for n in wanted if n in names)).to_pylist()
    made = [
        [
            row["ref"],
            row[title],
            row.get(shown.size),
            [str(row[name]) for name in (title, *shown.said) if row.get(name)],
            list(dict.fromkeys(str(row[name]) for name in shown.units if row.get(name))),
            [[name, row[name].isoformat()] for name in shown.days if row.get(name)],
        ]
        for row in rows
        if row[title] and screened(row[title]) == row[title]
    ]
    return sorted(made, key=lambda item: (-(item[2] or 0), item[0]))


def among(refs: Collection[str], kind: Kind, closing: Closing) -> list[Thing]:
    """The items of a kind with these refs, the largest first."""
    wanted = set(refs)
    return [thing for thing in things(kind, closing) if thing.ref in wanted]


def everywhere(catalogue: Catalogue, closing: Closing) -> Iterator[tuple[Kind, Thing]]:
    """Every item that may be named, ledger by ledger in the order of their codes."""
    for code in sorted(catalogue.kinds):
        for thing in things(catalogue.kinds[code], closing):
            yield catalogue.kinds[code], thing
