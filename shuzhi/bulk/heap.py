"""Records in any number, given back in order of their periods in bounded memory: sorted runs on disk, merged by ranges.

A table of records has the columns ``key`` (the period), ``value``, ``note`` (its remark) and ``line``.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.bulk.books import ROLE_AT
from shuzhi.bulk.judge import Record

SCHEMA: Final = pa.schema(
    [("key", pa.int64()), ("value", pa.int64()), ("note", pa.int32()), ("line", pa.int64())]
)
#: So many records are sorted at once, and kept in memory while there are no more: 28 bytes each, three times over.
RUN: Final = 12_000_000
#: So many records of each run make a block of the merged whole.
BLOCK: Final = 1 << 19
_LAST: Final = (1 << 63) - 1
_PERIOD: Final = 1 << ROLE_AT


def table_of(records: Sequence[Record]) -> pa.Table:
    """Records as a table."""
    columns = list(zip(*records, strict=True)) or [()] * len(SCHEMA)
    return pa.table(
        [pa.array(column, kind.type) for column, kind in zip(columns, SCHEMA, strict=True)], SCHEMA
    )


def arranged(table: pa.Table) -> pa.Table:
    """The records in the order of their periods, those of one period by line."""
    table = table.combine_chunks()
    return table.take(pc.sort_indices(table, [("key", "ascending"), ("line", "ascending")]))


class Heap:
    """Collects records; ``arrange`` sorts a table of them. Runs are written into ``folder``, which is the caller's."""

    def __init__(
        self,
        folder: Path,
        arrange: Callable[[pa.Table], pa.Table] = arranged,
        *,
        run: int = RUN,
        block: int = BLOCK,
    ) -> None:
        self._folder, self._arrange, self._run, self._block = folder, arrange, run, block
        self._parts: list[pa.Table] = []
        self._held = 0
        self._runs: list[pa.Table] = []
        self.rows = 0

    def add(self, table: pa.Table) -> None:
        """Add records in any order."""
        if not table.num_rows:
            return
        self._parts.append(table)
        self._held += table.num_rows
        self.rows += table.num_rows
        if self._held >= self._run:
            self._runs.append(self._written(self._gathered()))

    def _gathered(self) -> pa.Table:
        table = pa.concat_tables(self._parts)
        self._parts.clear()
        self._held = 0
        return self._arrange(table)

    def _written(self, table: pa.Table) -> pa.Table:
        """The run as a file that is mapped into memory: its pages are the system's to drop."""
        path = self._folder / f"{len(self._runs):04d}.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as writer:
            writer.write_table(table.combine_chunks())
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all()

    def blocks(self) -> Iterator[pa.Table]:
        """All records in order, a block at a time; the records of one period come in one block."""
        if self._parts:
            self._runs.append(self._gathered())
        runs = [table for run in self._runs for table in _single(run)]
        keys = [_whole(run) for run in runs]
        at = [0] * len(runs)
        while any(place < len(own) for place, own in zip(at, keys, strict=True)):
            limit = self._limit(keys, at)
            to = [bisect_left(own, limit, place) for own, place in zip(keys, at, strict=True)]
            parts = [
                run.slice(place, end - place)
                for run, place, end in zip(runs, at, to, strict=True)
                if end > place
            ]
            at = to
            yield parts[0] if len(parts) == 1 else self._arrange(pa.concat_tables(parts))

    def _limit(self, keys: Sequence[memoryview], at: Sequence[int]) -> int:
        """The period before which the next block ends."""
        ahead = [
            own[place + self._block] if place + self._block < len(own) else _LAST
            for own, place in zip(keys, at, strict=True)
        ]
        limit = min(ahead) // _PERIOD * _PERIOD if min(ahead) < _LAST else _LAST
        first = min(own[place] for own, place in zip(keys, at, strict=True) if place < len(own))
        return limit if first < limit else limit + _PERIOD


def _single(run: pa.Table) -> list[pa.Table]:
    """A run as tables of one chunk each (arrays beyond 2 GiB are cut by Arrow)."""
    return [pa.Table.from_batches([batch]) for batch in run.to_batches()]


def _whole(run: pa.Table) -> memoryview:
    """The keys of a run, read where they lie."""
    array = run["key"].chunk(0)
    view = memoryview(array.buffers()[1]).cast("b").cast("q")
    return view[array.offset : array.offset + len(array)]
