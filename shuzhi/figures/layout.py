"""How a closing lies on disk: its words, columns and relations, and the bytes of a relation.

A closing is a folder: ``manifest.json`` (canonical JSON), ``catalogue.json`` (canonical ``{path: text}``) and one
Parquet file for each relation. The same rows give the same bytes whatever order they come in, because rows are sorted
and the writer's options are fixed; so a relation is known by the digest of its file.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from shuzhi.kernel.measure import UNITS

FORMAT: Final = "shuzhi-closing/1"
MANIFEST: Final = "manifest.json"
CATALOGUE: Final = "catalogue.json"
COLUMN_TYPES: Final = ("text", "whole", "date", "bool")
RELATION_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
COLUMN_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")

Cell = str | int | date | bool | None
Row = tuple[Cell, ...]

ARROW: Final = {"text": pa.string(), "whole": pa.int64(), "date": pa.date32(), "bool": pa.bool_()}
# How every relation is written: a byte changed here is another digest for the same rows.
GROUP: Final = 1 << 16
WRITING: Final[dict[str, Any]] = {
    "version": "2.6",
    "data_page_version": "1.0",
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": True,
    "write_statistics": True,
    "data_page_size": 1 << 20,
    "store_schema": False,
}
_PYTHON: Final[dict[str, type]] = {"text": str, "whole": int, "date": date, "bool": bool}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a relation; ``whole`` columns count whole numbers at the scale of ``unit``'s family (money: fen)."""

    name: str
    type: str
    unit: str = ""

    def as_json(self) -> dict[str, str]:
        """The column as the manifest writes it."""
        return {"name": self.name, "type": self.type, "unit": self.unit}

    @property
    def scale(self) -> int:
        """How many decimals of its base unit a whole column holds (money: 2, that is fen)."""
        return UNITS[self.unit].family.scale if self.unit else 0


@dataclass(frozen=True, slots=True)
class Relation:
    """A table to be closed: rows may come in any order and are read once; None is what is missing."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Cell]]


def file_of(relation: str) -> str:
    """The name of a relation's file inside the closing."""
    return f"{relation}.parquet"


def check_columns(name: str, columns: Sequence[Column]) -> None:
    """Raise ValueError where a relation cannot be called so or have these columns."""
    if not RELATION_NAME.fullmatch(name):
        raise ValueError(f"not a relation name: {name!r}")
    names = [column.name for column in columns]
    if not names or len(set(names)) != len(names):
        raise ValueError(f"{name}: columns are empty or named twice: {names}")
    for column in columns:
        if not COLUMN_NAME.fullmatch(column.name) or column.type not in COLUMN_TYPES:
            raise ValueError(f"{name}.{column.name}: unknown type {column.type!r} or bad name")


def _order(row: Row) -> tuple[tuple[bool, Cell], ...]:
    """Sort key: column after column, missing last; texts by code point, which is also their order in UTF-8."""
    return tuple((True, "") if cell is None else (False, cell) for cell in row)


def _cells(relation: Relation, column: Column, values: tuple[Cell, ...]) -> pa.Array:
    wanted = _PYTHON[column.type]
    for value in values:
        if value is not None and type(value) is not wanted:
            raise TypeError(f"{relation.name}.{column.name}: {value!r} is not {column.type}")
    return pa.array(values, type=ARROW[column.type])


def encode(relation: Relation) -> tuple[bytes, int]:
    """The Parquet bytes of a relation and its number of rows.

    Raises ValueError or TypeError on a cell that its column cannot hold (a whole number beyond 64 bits included):
    what goes into a closing has been cleaned on entry, so this is a fault of the program, not of the data.
    """
    check_columns(relation.name, relation.columns)
    rows = sorted((tuple(row) for row in relation.rows), key=_order)
    if not rows:
        return encode_empty(tuple(relation.columns)), 0
    width = len(relation.columns)
    if any(len(row) != width for row in rows):
        raise ValueError(f"{relation.name}: a row does not have {width} cells")
    cells = list(zip(*rows, strict=True))
    arrays = [
        _cells(relation, column, values) for column, values in zip(relation.columns, cells, strict=True)
    ]
    table = pa.Table.from_arrays(arrays, names=[column.name for column in relation.columns])
    return _parquet(table), len(rows)


@lru_cache(maxsize=1024)
def encode_empty(columns: tuple[Column, ...]) -> bytes:
    """The bytes of a relation without rows: most ledgers of a small county, and always the same bytes."""
    fields = [(column.name, ARROW[column.type]) for column in columns]
    return _parquet(pa.schema(fields).empty_table())


def _parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, row_group_size=GROUP, **WRITING)
    return sink.getvalue()


def columns_in(path: str) -> tuple[tuple[str, str], ...]:
    """The (name, type) of each column a Parquet file really has; raises OSError or ValueError when it is none."""
    types = {str(arrow): name for name, arrow in ARROW.items()}
    schema = pq.read_schema(path)
    return tuple((field.name, types.get(str(field.type), str(field.type))) for field in schema)
