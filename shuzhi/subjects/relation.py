"""What a closing holds of subjects; and how the fields of any kind become typed columns."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from shuzhi.figures.closing import Cell, Column, Relation
from shuzhi.kernel.catalogue.definitions import Catalogue, Field, Kind
from shuzhi.subjects.models import Subject

TYPES = {"whole": "whole", "quantity": "whole", "date": "date", "bool": "bool"}
COLUMNS = (
    Column("ref", "text"),
    Column("code", "text"),
    Column("name", "text"),
    Column("unit", "text"),
    Column("since", "date"),
    Column("until", "date"),
)


def field_columns(fields: Sequence[Field]) -> tuple[Column, ...]:
    """The columns of a kind's fields, in its order; amounts are whole numbers at the scale of the field's unit."""
    return tuple(
        Column(
            field.code,
            TYPES.get(field.type, "text"),
            field.unit if field.type in ("whole", "quantity") else "",
        )
        for field in fields
    )


def field_cells(fields: Sequence[Field], values: Mapping[str, object]) -> tuple[Cell, ...]:
    """The kept values as cells of those columns; what was not filled is None."""
    return tuple(_cell(field, values.get(field.code)) for field in fields)


def _cell(field: Field, value: object) -> Cell:
    if value is None:
        return None
    if field.type == "date":
        return date.fromisoformat(str(value))
    if isinstance(value, bool | int | str):
        return value
    raise TypeError(f"{field.code}: {value!r} is not kept so")


def relations(catalogue: Catalogue) -> Iterator[Relation]:
    """One relation for each kind of subject."""
    for kind in catalogue.of_shape("subject"):
        yield Relation(kind.code, COLUMNS + field_columns(kind.fields), _rows(kind))


def _rows(kind: Kind) -> Iterator[tuple[Cell, ...]]:
    for row in Subject.objects.filter(kind=kind.code).iterator(chunk_size=2000):
        yield (
            row.ref,
            row.code,
            row.name,
            row.unit_id,
            row.since,
            row.until,
            *field_cells(kind.fields, row.fields),
        )
