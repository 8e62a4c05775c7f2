"""Lists of a kind: columns derived from its definition, filters and order from what was asked, always a queryset.

Only columns of the list can be filtered and sorted by, so nothing typed into an address reaches the database as a name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.fields.json import KT

from shuzhi.kernel.catalogue.definitions import Field

Row = TypeVar("Row", bound=Model)
Shown_co = TypeVar("Shown_co", bound=Model, covariant=True)

# How the sign after a column's name in a filter (``opened__from``) reads in the ORM.
SIGNS = {"": "", "from": "gte", "to": "lte", "has": "icontains"}
_ASKED = re.compile(r"([a-z][a-z0-9_]*?)(?:__(from|to|has))?")


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: where its value lies (``lookup``), how it is called, and how it is shown.

    ``type`` is a field type, or ``ref``, ``stage``, ``light``, ``money`` (fen); ``unit`` the unit it is shown in.
    """

    code: str
    label: str
    type: str
    lookup: str
    unit: str = ""
    choices: tuple[str, ...] = ()

    def value(self, row: Model) -> object:
        """The value of this column in a row, as it is kept."""
        if self.lookup.startswith("fields__"):
            return getattr(row, "fields").get(self.code)  # noqa: B009 - rows of five models share the column
        here: object = row
        for part in self.lookup.split("__"):
            here = getattr(here, part, None)
        return here


@dataclass(frozen=True, slots=True)
class Listing(Generic[Shown_co]):
    """A list ready for paging: its rows as a queryset, its columns, and what was asked but not understood."""

    rows: QuerySet[Shown_co]
    columns: tuple[ListColumn, ...]
    ignored: tuple[str, ...] = ()


def columns_of(own: Sequence[ListColumn], fields: Sequence[Field]) -> tuple[ListColumn, ...]:
    """The shape's own columns, then the kind's fields."""
    return (
        *own,
        *(
            ListColumn(
                field.code, field.label, field.type, f"fields__{field.code}", field.unit, field.choices
            )
            for field in fields
        ),
    )


def listing(
    rows: QuerySet[Row],
    columns: Sequence[ListColumn],
    *,
    filters: Mapping[str, object] | None = None,
    sort: str = "",
    search: str = "",
    searched: Sequence[str] = (),
) -> Listing[Row]:
    """Narrow and order rows.

    ``filters`` maps ``column`` (equal; a list: one of), ``column__from``, ``column__to`` or ``column__has`` to values as
    kept; ``sort`` is a column's code, with ``-`` in front for descending; ``search`` is looked for in the lookups
    ``searched``. Missing values come last. The order always ends with the key, so that pages never overlap.
    """
    known = {column.code: column for column in columns}
    ignored = []
    for asked, value in (filters or {}).items():
        match = _ASKED.fullmatch(asked)
        column = known.get(match[1]) if match else None
        if match is None or column is None or value in (None, ""):
            ignored += [asked] if column is None else []
            continue
        sign = "in" if isinstance(value, list | tuple | set | frozenset) else SIGNS[match[2] or ""]
        rows = rows.filter(**{f"{column.lookup}__{sign}" if sign else column.lookup: value})
    if search.strip() and searched:
        rows = rows.filter(
            reduce(or_, (Q(**{f"{lookup}__icontains": search.strip()}) for lookup in searched))
        )
    return Listing(
        _ordered(rows, known.get(sort.lstrip("-")), descending=sort.startswith("-")),
        tuple(columns),
        tuple(ignored),
    )


def _ordered(rows: QuerySet[Row], column: ListColumn | None, *, descending: bool) -> QuerySet[Row]:
    if column is None:
        return rows.order_by("pk")
    in_json = column.lookup.startswith("fields__")
    # Text is ordered as text, numbers as numbers: PostgreSQL orders JSON by rules of its own.
    key = KT(column.lookup) if in_json and column.type not in ("whole", "quantity") else F(column.lookup)
    return rows.order_by(key.desc(nulls_last=True) if descending else key.asc(nulls_last=True), "pk")
