"""Relations too large to be held as rows: the same bytes as :func:`~shuzhi.figures.layout.encode`, written as they come.

The writer takes Arrow data that is in order already and keeps no more than a few row groups of it in memory. A file made
here can lie in a closing beside the others (:class:`Ready`): nobody can tell which of the two wrote it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from shuzhi.figures.layout import ARROW, GROUP, WRITING, Column, check_columns, encode_empty

Batch: TypeAlias = pa.RecordBatch | pa.Table


@dataclass(frozen=True, slots=True)
class Ready:
    """A relation whose file lies ready: written by :func:`write_ordered`, or taken from another closing.

    ``digest`` is that of the file where it is known already (an opened closing's, checked); empty has it computed.
    """

    name: str
    columns: tuple[Column, ...]
    path: Path
    rows: int
    digest: str = ""


class OrderedWriter:
    """Writes a relation whose rows come in order: sorted by column after column, what is missing last.

    The order is the caller's promise and is not looked at. Text columns may come as dictionaries. Use as a context
    manager: leaving it ends the file; ``rows`` then tells how many there are.
    """

    def __init__(self, sink: IO[bytes], name: str, columns: tuple[Column, ...]) -> None:
        check_columns(name, columns)
        self.rows = 0
        self._columns, self._sink = columns, sink
        self._schema = pa.schema([(column.name, ARROW[column.type]) for column in columns])
        self._waiting: list[pa.Table] = []
        self._held = 0
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            self._finish()
        elif self._writer is not None:
            self._writer.close()

    def write(self, batch: Batch) -> None:
        """Add rows; raises ValueError when the columns are not the relation's."""
        table = batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
        if table.column_names != [column.name for column in self._columns]:
            raise ValueError(f"columns {table.column_names} are not the relation's")
        self._waiting.append(table)
        self._held += table.num_rows
        if self._held >= GROUP:
            self._flush(self._held - self._held % GROUP)

    def _flush(self, most: int) -> None:
        """Write the first ``most`` waiting rows: whole row groups, but for the last of all."""
        table = pa.concat_tables([_plain(item, self._schema) for item in self._waiting])
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._sink, self._schema, **WRITING)
        for start in range(0, most, GROUP):
            group = table.slice(start, min(GROUP, most - start)).combine_chunks()
            self._writer.write_table(group, row_group_size=GROUP)
        self.rows += most
        rest = table.slice(most)
        self._waiting, self._held = ([rest.combine_chunks()] if rest.num_rows else []), rest.num_rows

    def _finish(self) -> None:
        if self._held:
            self._flush(self._held)
        if self._writer is not None:
            self._writer.close()
        else:
            self._sink.write(encode_empty(self._columns))


def _plain(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with the relation's own types; raises ArrowInvalid when a cell does not fit."""
    return table if table.schema.equals(schema) else table.cast(schema)


def write_ordered(path: Path, name: str, columns: tuple[Column, ...], batches: Iterable[Batch]) -> Ready:
    """Write a relation's file from data in order; returns it, ready for :func:`~shuzhi.figures.closing.write_closing`.

    The bytes are those of ``encode(Relation(name, columns, rows))``. Raises OSError; the file is then whoever called's
    to remove (it is a draft: closings keep it by linking it into their store).
    """
    with path.open("wb") as sink, OrderedWriter(sink, name, columns) as writer:
        for batch in batches:
            writer.write(batch)
    return Ready(name, columns, path, writer.rows)
