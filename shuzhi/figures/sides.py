"""The two sides of a comparison: books as they are at hand, what stands behind a figure there, and a reason in words."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow.parquet as pq

from shuzhi.figures import rows as row_reader
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import Worked
from shuzhi.figures.tree import tree_of
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


@dataclass
class Books:
    """One side: a closing, and of which relations not every row is at hand. Relations are read once for all figures.

    ``partial`` are relations of which only counted rows are there, ``bare`` those of which rows may not be told at all.
    """

    closing: Closing
    partial: Collection[str] = ()
    bare: Collection[str] = ()
    _rows: dict[str, list[row_reader.Row]] = field(default_factory=dict)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The definitions of these books."""
        return self.closing.catalogue

    def rows(self, source: str) -> list[row_reader.Row]:
        """All rows of a relation that are at hand."""
        if source not in self._rows:
            there = source in self.closing.tables
            self._rows[source] = list(row_reader.rows_of(self.closing, source)) if there else []
        return self._rows[source]

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
