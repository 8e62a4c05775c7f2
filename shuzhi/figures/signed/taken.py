"""What of a closing may leave the house with an archive: a file as it lies, an extract of rows, or bare totals.

Units go as they lie, for their names and borders are public. Of a ledger go only the columns that the figures read: for
an audit every row, for the public the rows that were counted, where both kind and columns are open to it. What is seen
only by those who need to know, and what is somebody's own, never goes: of these the totals go, without a name.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

import pyarrow.parquet as pq

from shuzhi.figures import duck
from shuzhi.figures import rows as row_reader
from shuzhi.figures.closing import Cell, Closing, Column
from shuzhi.figures.compute import Worked
from shuzhi.figures.leaves import Cut
from shuzhi.figures.observed import OBSERVATION, Seen
from shuzhi.figures.partial import Partial
from shuzhi.figures.tree import BOUNDARIES, tree_of
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.kernel.catalogue.scopes import fields_of
from shuzhi.kernel.chain import canonical

#: Columns of every shape that name nobody: places, days, stages, amounts, and the refs of other items.
PLAIN: Final = frozenset(
    [
        *("ref", "record", "no", "unit", "subject", "matter", "parent", "budget", "allocation"),
        *("date", "opened", "due", "closed", "since", "until", "settled", "moved", "year", "week"),
        *("stage", "amount", "verdict", "times", "origin"),
    ]
)
_DUE: Final = "due_"

Row = tuple[Cell, ...]
KeptBack = Callable[[Collection[str]], Collection[str]]
"""Of these refs, those whose own rule keeps the item from the public."""


class Audience(StrEnum):
    """Whom an archive is for: anybody, or those who may see what is not restricted (the auditor, the archives)."""

    PUBLIC = "public"
    AUDIT = "audit"

    @property
    def said(self) -> str:
        """The word on the screen."""
        return "公开" if self is Audience.PUBLIC else "审计"


@dataclass(frozen=True, slots=True)
class Extract:
    """Some columns of some rows of a relation, as JSON lines: the same bytes wherever and whenever they are made."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def data(self) -> bytes:
        """One row a line, in the order of the lines."""
        return b"".join(line + b"\n" for line in sorted(canonical(list(row)) for row in self.rows))


def extract_of(columns: Sequence[Column], data: bytes) -> Extract:
    """An extract read back; raises ValueError or TypeError where a line does not fit the columns."""
    rows = [json.loads(line) for line in data.splitlines()]
    if any(not isinstance(row, list) or len(row) != len(columns) for row in rows):
        raise ValueError("摘录的一行与栏目不符")
    cells = [tuple(_cell(cell, column) for cell, column in zip(row, columns, strict=True)) for row in rows]
    return Extract(tuple(columns), tuple(cells))


def _cell(value: object, column: Column) -> Cell:
    if column.type == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"{column.name}: {value!r}")


@dataclass(frozen=True, slots=True)
class Taken:
    """What goes with an archive: relations as they lie, extracts by relation, totals by the text of their cut."""

    whole: tuple[str, ...]
    extracts: dict[str, Extract]
    totals: dict[str, tuple[str, Partial]]


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may see what: the audience, the definitions of then and of now, and what items keep back themselves."""

    audience: Audience
    catalogues: tuple[Catalogue, ...]
    kept_back: KeptBack

    def open(self, cut: Cut, columns: Collection[str]) -> bool:
        """Whether rows of a cut may go with these columns, by the definitions of then as well as of now."""
        head, _, part = cut.source.partition(".")
        kinds = [catalogue.kinds.get(head) for catalogue in self.catalogues]
        return all(kind is None or self._open(kind, part, columns) for kind in kinds) and any(kinds)

    def _open(self, kind: Kind, part: str, columns: Collection[str]) -> bool:
        public = self.audience is Audience.PUBLIC
        if kind.guarded or (public and (kind.visibility != "public" or part == "payment")):
            return False
        fields = {field.code: field for field in fields_of(kind, part)}
        for name in columns:
            field = fields.get(name)
            if field is None:
                if name not in PLAIN and not name.startswith(_DUE):
                    return False
            elif field.personal or field.type == "long" or (public and not field.public):
                return False
        return True


def take(works: Sequence[Worked], closing: Closing, rules: Rules) -> Taken:
    """What goes with an archive of these figures. Raises Refused when a file of the closing is damaged."""
    whole = tuple(name for name in BOUNDARIES if name in closing.tables)
    extracts: dict[str, Extract] = {}
    if OBSERVATION in closing.tables:
        seen = [item for work in works for item in work.seen]
        extracts[OBSERVATION] = _observations(closing, seen, rules.audience)
    cuts = dict.fromkeys(local(cut, closing) for work in works for cut in work.cuts)
    bare: list[Cut] = []
    for source in dict.fromkeys(cut.source for cut in cuts):
        own = [cut for cut in cuts if cut.source == source]
        taken, withheld = _rows(source, own, closing, rules)
        bare += withheld
        if taken is not None:
            extracts[source] = taken
    found = duck.partials(bare, closing)
    totals = {cut.text: (cut.source, bare_total(partial)) for cut, partial in found.items()}
    return Taken(whole, extracts, totals)


def local(cut: Cut, closing: Closing) -> Cut:
    """The cut as one closing sees it: its own unit is the whole of it."""
    return replace(cut, unit="", then=None) if cut.unit == closing.unit_code else cut


def bare_total(partial: Partial) -> Partial:
    """A total without a name: no refs, and for distinct values no more than how many there are."""
    return replace(
        partial,
        refs=(),
        members=frozenset(f"#{number}" for number in range(len(partial.members))),
        groups={key: bare_total(part) for key, part in partial.groups.items()},
    )


def _observations(closing: Closing, seen: Iterable[Seen], audience: Audience) -> Extract:
    """The observations behind the figures: for the public those that were read, without the reasons given for them; for an
    audit every vintage of their indicators.
    """
    columns = closing.tables[OBSERVATION].columns
    names = [column.name for column in columns]
    wanted = {item.indicator for item in seen}
    read = {(item.indicator, item.unit, item.year, item.month, item.role, item.vintage) for item in seen}
    keys = ("indicator", "unit", "year", "month", "role", "vintage")
    chosen = [("indicator", "in", sorted(wanted))]
    rows = pq.read_table(closing.file(OBSERVATION), filters=chosen).to_pylist() if wanted else []
    if audience is Audience.PUBLIC:
        rows = [{**row, "reason": ""} for row in rows if tuple(row[key] for key in keys) in read]
    return Extract(columns, tuple(tuple(row[name] for name in names) for row in rows))


def _rows(
    source: str, cuts: Sequence[Cut], closing: Closing, rules: Rules
) -> tuple[Extract | None, list[Cut]]:
    """The extract of a relation for these cuts, and those of them of which only totals may go."""
    described = closing.tables.get(source)
    if described is None:
        return None, []
    names = [column.name for column in described.columns]
    always = {names[0], "no", "unit"} & set(names)
    going = [cut for cut in cuts if rules.open(cut, cut.names | always)]
    staying = [cut for cut in cuts if cut not in going]
    if not going:
        return None, staying
    rows = list(row_reader.rows_of(closing, source))
    if rules.audience is Audience.PUBLIC:
        fitting = {cut: list(_fitting(cut, rows, closing)) for cut in going}
        refs = {str(row.cells[names[0]]) for own in fitting.values() for row in own}
        back = set(rules.kept_back(refs))
        staying += [
            cut for cut, own in fitting.items() if any(str(row.cells[names[0]]) in back for row in own)
        ]
        going = [cut for cut in going if cut not in staying]
        chosen = {id(row) for cut in going for row in fitting[cut]}
        rows = [row for row in rows if id(row) in chosen]
    if not going:
        return None, staying
    needed = always.union(*(cut.names for cut in going))
    columns = tuple(column for column in described.columns if column.name in needed)
    cells = tuple(tuple(row.cells[column.name] for column in columns) for row in rows)
    return Extract(columns, cells), staying


def _fitting(cut: Cut, rows: Iterable[row_reader.Row], closing: Closing) -> Iterable[row_reader.Row]:
    units = tree_of(closing, cut.then).below(cut.unit) if cut.unit else None
    return row_reader.kept(cut, rows, units)
