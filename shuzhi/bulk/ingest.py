"""A file of observations into a closing: every line checked, and a new closing with the rows, or findings and nothing.

``examine`` reads and checks; ``ingest`` writes as well. The new closing has the units and definitions of the old one, its
other relations unchanged, the observations of both, and a row of the relation ``ingest`` that names the file.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from shuzhi.bulk.books import Books, books_of
from shuzhi.bulk.drafts import drafts
from shuzhi.bulk.heap import Heap
from shuzhi.bulk.layouts import VALUE
from shuzhi.bulk.readers import Add, Reader, reader_of
from shuzhi.bulk.settle import Settler, keyed
from shuzhi.bulk.slips import Enough, Slips
from shuzhi.figures.bulk_layout import Ready, write_ordered
from shuzhi.figures.closing import STORE, Closing, Column, Relation, write_closing
from shuzhi.figures.layout import file_of
from shuzhi.figures.observed import OBSERVATION, OBSERVATION_COLUMNS
from shuzhi.kernel.chain import algorithm_of, digest_file

SOURCE: Final = "ingest"
SOURCE_COLUMNS: Final = (
    Column("file", "text"),
    Column("digest", "text"),
    Column("day", "date"),
    Column("by", "text"),
    Column("rows", "whole"),
)
Progress = Callable[[str, int, int], None]
"""Told of a step: its name, how much of it is done, and of how much."""


@dataclass
class Ingested:
    """What became of a file: the slips, how many records it holds, how many were new, and the closing where there is one."""

    file: str
    slips: Slips = field(default_factory=Slips)
    records: int = 0
    new: int = 0
    known: int = 0
    closing: Closing | None = None

    @property
    def fit(self) -> bool:
        """Whether nothing keeps the file out."""
        return not self.slips.errors


def _silent(_step: str, _done: int, _all: int) -> None:
    """Nobody is told."""


@dataclass(frozen=True)
class Work:
    """One run: the file, the closing it goes into, the post that brings it, and where drafts may lie."""

    file: Path
    closing: Closing
    books: Books
    reader: Reader
    folder: Path
    done: Ingested
    progress: Progress

    def read(self) -> Heap:
        """Read every line; slips are kept, records collected."""
        heap = Heap(self.folder, self.reader.arrange)
        self._read(heap.add)
        self.done.records = heap.rows
        return heap

    def _read(self, add: Add) -> None:
        try:
            self.reader.read(add, self.done.slips, self.progress)
        except Enough:
            self.progress("读", 1, 1)

    def examine(self) -> None:
        """Read and check every line, and keep no records where marks of their periods suffice.

        Where a period may be named twice or stand in the books already, the file is read a second time, records are kept
        and put into order, and what the first reading did not need to know is told.
        """
        marks = self.reader.marks()
        if marks is None:
            self.check(self.read())
            return

        def add(table: pa.Table) -> None:
            self.done.records += table.num_rows
            marks.add(table)

        self._read(add)
        if self.done.slips.stopped:
            return
        if marks.sound and not any(map(marks.meets, keyed(self._old(), self.books))):
            self.done.new = self.done.records
            return
        heap = Heap(self.folder, self.reader.arrange)
        self.reader.read(heap.add, Slips(), self.progress)
        self.check(heap)

    def rows(self, heap: Heap, *, check: bool = False) -> Iterator[pa.Table]:
        """The rows of the new relation in order, duplicates and conflicts found on the way; to ``check`` only, those
        in dispute.
        """
        settler = Settler(self.books, self.reader.remarks, self.done.slips, self.reader.heading(VALUE))
        yield from settler.rows(self._counted(heap), keyed(self._old(), self.books), check=check)
        self.done.new, self.done.known = settler.settled.new, settler.settled.known

    def check(self, heap: Heap) -> None:
        """Look for duplicates and conflicts among the lines that could be read, so that all is told at once."""
        if not self.done.slips.stopped:
            with suppress(Enough):
                for _ in self.rows(heap, check=True):
                    pass

    def _counted(self, heap: Heap) -> Iterator[pa.Table]:
        told = 0
        for block in heap.blocks():
            yield block
            told += block.num_rows
            self.progress("核对", told, heap.rows)

    def _old(self) -> Iterator[pa.RecordBatch]:
        """The observations the closing holds, a row group at a time."""
        if OBSERVATION not in self.closing.tables:
            return
        texts = [column.name for column in OBSERVATION_COLUMNS if column.type == "text"]
        with pq.ParquetFile(self.closing.file(OBSERVATION), read_dictionary=texts) as file:
            yield from file.iter_batches(1 << 16)

    def freeze(self, ready: Ready, out: Path, day: date, by: str) -> Closing:
        """Write the new closing around its observations."""
        old = self.closing
        kept = [
            Ready(name, table.columns, old.file(name), table.rows, table.digest)
            for name, table in old.tables.items()
            if name not in (OBSERVATION, SOURCE)
        ]
        said = pq.read_table(old.file(SOURCE)).to_pylist() if SOURCE in old.tables else []
        earlier = [tuple(row.values()) for row in said]
        source = digest_file(self.file, algorithm_of(old.id))
        row = (self.file.name, source, day, by, self.done.records)
        return write_closing(
            out,
            unit_code=old.unit_code,
            unit_name=old.unit_name,
            as_of=old.as_of,
            catalogue=old.catalogue,
            relations=[*kept, ready, Relation(SOURCE, SOURCE_COLUMNS, [*earlier, row])],
            algorithm=old.algorithm,
        )


@contextmanager
def _work(file: Path, closing: Closing, by: str, beside: Path, progress: Progress) -> Iterator[Work]:
    progress("打开", 0, 1)
    books = books_of(closing, by)
    with drafts(beside) as folder, reader_of(file, books) as reader:
        yield Work(file, closing, books, reader, folder, Ingested(file.name), progress)


def examine(file: Path, closing: Closing, *, by: str, beside: Path, progress: Progress = _silent) -> Ingested:
    """Check a file against a closing and write nothing; drafts lie under ``beside`` meanwhile.

    Raises Refused when the file cannot be read at all or the post is unknown.
    """
    with _work(file, closing, by, beside, progress) as work:
        work.examine()
        return work.done


def ingest(
    file: Path, closing: Closing, *, by: str, day: date, out: Path, progress: Progress = _silent
) -> Ingested:
    """Check a file and write the closing that holds its rows as well, under ``out``; with any error nothing is written.

    Nothing new in the file: no closing is written either. Raises Refused as :func:`examine`, and OSError.
    """
    with _work(file, closing, by, out / STORE, progress) as work:
        heap = work.read()
        if work.done.slips.errors:
            work.check(heap)
            return work.done
        draft = work.folder / file_of(OBSERVATION)
        try:
            ready = write_ordered(draft, OBSERVATION, OBSERVATION_COLUMNS, work.rows(heap))
        except Enough:
            return work.done
        if work.done.fit and work.done.new:
            progress("结账", 0, 1)
            work.done.closing = work.freeze(ready, out, day, by)
            progress("结账", 1, 1)
        return work.done
