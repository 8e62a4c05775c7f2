"""The two sides of a comparison: books as they are at hand, what stands behind a figure there, and a reason in words."""

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import pyarrow.parquet as pq

from shuzhi.figures import rows as row_reader
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import Worked
from shuzhi.figures.observed import OBSERVATION, Seen
from shuzhi.figures.tree import BOUNDARIES, tree_of
from shuzhi.kernel.catalogue.definitions import Catalogue


@dataclass(frozen=True, slots=True)
class Change:
    """One reason, in Chinese: ``what`` is definition, parameter, day, vintage, record, ledger or unit."""

    what: str
    said: str
    refs: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The reason for ``--json``."""
        return {"what": self.what, "said": self.said, "refs": list(self.refs)}


Item = tuple[object, ...]
"""What names a row for ever: its ref, and its number where it is a line."""
Period = tuple[str, int, int, str]
"""Of which unit, year, month and role an observation is."""


def _period(seen: Seen) -> Period:
    return seen.unit, seen.year, seen.month, seen.role


def _item(row: row_reader.Row) -> Item:
    first = next(iter(row.cells.values()))
    return (first, row.cells["no"]) if "record" in row.cells and "no" in row.cells else (first,)


@dataclass
class Books:
    """One side: a closing, and of which relations not every row is at hand. Relations are read once for all figures.

    ``partial`` are relations of which only counted rows are there, ``bare`` those of which rows may not be told at all.
    """

    closing: Closing
    partial: Collection[str] = ()
    bare: Collection[str] = ()
    _rows: dict[str, dict[Item, row_reader.Row]] = field(default_factory=dict)
    _told: dict[str, dict[Period, list[Seen]]] = field(default_factory=dict)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The definitions of these books."""
        return self.closing.catalogue

    def rows(self, source: str) -> dict[Item, row_reader.Row]:
        """All rows of a relation that are at hand, by what names them."""
        if source not in self._rows:
            there = source in self.closing.tables
            rows = row_reader.rows_of(self.closing, source) if there else ()
            self._rows[source] = {_item(row): row for row in rows}
        return self._rows[source]

    def vintages(self, seen: Seen) -> list[Seen]:
        """All vintages of one observation that these books hold, oldest first; an indicator is read once."""
        if seen.indicator not in self._told:
            chosen = [("indicator", "=", seen.indicator)]
            names = [each.name for each in fields(Seen)]
            rows = pq.read_table(self.closing.file(OBSERVATION), columns=names, filters=chosen).to_pylist()
            own: dict[Period, list[Seen]] = {}
            for row in rows:
                item = Seen(**{**row, "status": row["status"] or "", "reason": row["reason"] or ""})
                own.setdefault(_period(item), []).append(item)
            self._told[seen.indicator] = {
                key: sorted(items, key=lambda item: item.vintage) for key, items in own.items()
            }
        return self._told[seen.indicator].get(_period(seen), [])

    def guards(self, source: str) -> bool:
        """Whether rows of a relation may not be told."""
        head = source.partition(".")[0]
        kind = self.catalogue.kinds.get(head)
        return not {source, head}.isdisjoint(self.bare) or (kind is not None and kind.guarded)

    def unit_name(self, code: str) -> str:
        """The name of a unit in these books."""
        member = tree_of(self.closing).members.get(code)
        return member.name if member else code

    def table(self, relation: str) -> list[dict[str, Any]]:
        """A small relation whole."""
        there = relation in self.closing.tables
        return pq.read_table(self.closing.file(relation)).to_pylist() if there else []


def essence(work: Worked) -> tuple[object, ...]:
    """A figure's exact value and every total it was worked out from; words are left out."""
    leaves = tuple((leaf.relation, leaf.rows, leaf.missing, leaf.total) for leaf in work.figure.trace.leaves)
    return work.figure.value, work.figure.reason, leaves


@dataclass
class Sides:
    """Books of then and of now; which rows differ between them is found once for all figures."""

    before: Books
    after: Books
    _touched: dict[str, frozenset[Item]] = field(default_factory=dict)

    def guard(self, source: str) -> bool:
        """Whether rows of a relation may not be told, on either side."""
        return self.before.guards(source) or self.after.guards(source)

    @cached_property
    def redrawn(self) -> bool:
        """Whether units, their places or their names are other ones."""
        one, two = (
            {name: books.closing.tables[name].digest for name in BOUNDARIES if name in books.closing.tables}
            for books in (self.before, self.after)
        )
        return one != two

    def touched(self, source: str) -> frozenset[Item]:
        """The rows of a relation that are there on one side only, or otherwise in a column both have."""
        if source not in self._touched:
            old, new = self.before.rows(source), self.after.rows(source)
            shared = [name for name in _names(self.before, source) if name in _names(self.after, source)]
            stayed = {
                item
                for item in old.keys() & new.keys()
                if all(old[item].cells[name] == new[item].cells[name] for name in shared)
            }
            self._touched[source] = frozenset({*old, *new} - stayed)
        return self._touched[source]


def _names(books: Books, source: str) -> list[str]:
    table = books.closing.tables.get(source)
    return [column.name for column in table.columns] if table else []
