"""The fast reader of text files: compiled loops over parts of the file, two at a time; what they leave is read plainly.

Its records and slips are those of :class:`~shuzhi.bulk.readers.PlainText`, because every line that is not right in every
respect goes to the same :class:`~shuzhi.bulk.judge.Judge`, in the file's order.
"""

import itertools
import os
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from string import ascii_letters, digits
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shuzhi.bulk import kernels, sorting
from shuzhi.bulk.books import FIRST_YEAR, LAST_YEAR, ROLE_RANK, STATUS_RANK, Books
from shuzhi.bulk.heap import SCHEMA
from shuzhi.bulk.layouts import ROLE_WORDS, Layout
from shuzhi.bulk.readers import Add, Gathered, Marking, PlainText, Progress
from shuzhi.bulk.roll import NAMED
from shuzhi.bulk.slips import Slips
from shuzhi.bulk.text import Text, stripped
from shuzhi.kernel.catalogue.definitions import STATUSES

#: A part is so many bytes, cut at the end of a line.
PART: Final = 1 << 24
#: Marks take no more than so many bytes, and are of no more years and roles together than this.
MARKS: Final = 1 << 30
YEARS_MARKED: Final = 32
_KINDS: Final = ("", "indicator", "unit", "year", "month", "value", "role", "status", "reason")
_PLAIN: Final = np.isin(
    np.arange(256), np.frombuffer(f"{ascii_letters}{digits}._-".encode(), np.uint8)
).astype(np.int8)
THREADS: Final = min(os.cpu_count() or 1, 8)


@dataclass(frozen=True, slots=True)
class Part:
    """What was read of a part: its records, how many lines it has, and which of them were left."""

    taken: kernels.Taken
    many: int
    left: int
    lines: int

    def table(self, first: int) -> pa.Table:
        """The records; ``first`` is the number of the part's first line."""
        line = self.taken.line[: self.many]
        line += first
        notes = pa.array(np.zeros(self.many, np.int32))
        return pa.table([self.taken.key[: self.many], self.taken.value[: self.many], notes, line], SCHEMA)

    def rest(self, first: int) -> Iterator[tuple[int, int, int]]:
        """The lines left: number, start and end."""
        for line, start, end in self.taken.left[: 3 * self.left].reshape(-1, 3).tolist():
            yield first + line, start, end


class FastText(PlainText):
    """Reads a text file in parts."""

    def __init__(self, text: Text, books: Books, *, part: int = PART) -> None:
        super().__init__(text, books)
        self._part = part
        encoding = "utf-8" if text.encoding == "ascii" else text.encoding
        if encoding not in books.tables:
            books.tables[encoding] = words_of(books, encoding)
        self._words: kernels.Words = books.tables[encoding]
        self._plan = plan_of(books, text.layout, text.separator)

    def arrange(self, table: pa.Table) -> pa.Table:
        """A table of records in order."""
        return arranged(table, len(self._plan.months))

    def marks(self) -> Marking | None:
        """Marks for the periods of this file."""
        return marks_of(self.judge.books)

    def read(self, add: Add, slips: Slips, progress: Progress) -> None:
        """Read every line; parts are read ahead, and taken in their order."""
        gathered = Gathered(self.judge, add, slips)
        size, at = len(self.text.data), self.text.first
        edges = self._edges()
        waiting: deque[tuple[int, int, Future[Part]]] = deque()
        data = np.frombuffer(self.text.data, np.uint8)
        try:
            with ThreadPoolExecutor(THREADS) as pool:
                for start, end in edges:
                    waiting.append((start, end, pool.submit(self._one, data, start, end)))
                    if len(waiting) > THREADS:
                        at = self._take(waiting.popleft(), at, gathered, progress)
                while waiting:
                    at = self._take(waiting.popleft(), at, gathered, progress)
        finally:
            waiting.clear()
            del data  # the file cannot be let go of while it is looked at
        gathered.flush()
        progress("读", size, size)

    def _edges(self) -> Iterator[tuple[int, int]]:
        """Where parts begin and end."""
        data, start = self.text.data, self.text.body
        while start < len(data):
            end = data.find(b"\n", min(start + self._part, len(data)))
            end = len(data) if end < 0 else end + 1
            yield start, end
            start = end

    def _one(self, data: kernels.Bytes, start: int, end: int) -> Part:
        lines = int(kernels.counted(data, start, end))
        taken = kernels.Taken(*(room(size, np.int64) for size in (lines, lines, lines, 3 * lines)))
        many, left = kernels.parsed(data, start, end, self._words, self._plan, taken)
        return Part(taken, int(many), int(left), lines)

    def _take(
        self, waiting: tuple[int, int, Future[Part]], first: int, gathered: Gathered, progress: Progress
    ) -> int:
        """Take a part that has been read; returns the number of the line after it."""
        begin, end, future = waiting
        part = future.result()
        gathered.add(part.table(first))
        for at, start, stop in part.rest(first):
            gathered.line(at, self.text.cells(at, stripped(self.text.data[start:stop])))
        self.text.done(begin, end)
        progress("读", end, len(self.text.data))
        return first + part.lines


def room(count: int, kind: npt.DTypeLike) -> Any:
    """An array to be written, from Arrow's memory: it is kept from one use to the next, where NumPy's is asked of the
    system each time, at ten times the price of filling it.
    """
    size = count * np.dtype(kind).itemsize
    return np.frombuffer(pa.allocate_buffer(max(size, 8)), kind)[:count]


def words_of(books: Books, encoding: str) -> kernels.Words:
    """Every word a cell may say, in the encoding of the file; a nation's units by their codes alone."""
    roles = {word: ROLE_RANK[role] for word, role in ROLE_WORDS.items()}
    statuses = {status: STATUS_RANK[status] for status in STATUSES}
    parts = [
        _encoded(kernels.INDICATOR, books.indicator_words, encoding),
        _encoded(kernels.ROLE, roles, encoding),
        _encoded(kernels.STATUS, statuses, encoding),
    ]
    roll = books.roll
    codes = _codes(roll.column("code"), roll.column("known")) if len(roll) > NAMED else None
    parts.append(codes or _encoded(kernels.UNIT, roll.words, encoding))
    pools, kinds, sizes, ranks = (np.concatenate([part[at] for part in parts]) for at in range(4))
    starts = np.zeros(len(sizes), np.int64)
    np.cumsum(sizes[:-1], out=starts[1:])
    room = 1 << (2 * len(sizes)).bit_length()
    words = kernels.Words(np.full(room, -1, np.int32), pools, kinds, starts, sizes, ranks)
    kernels.filled(words.table, words.pool, words.kind, words.start, words.size)
    return words


Encoded = tuple[kernels.Bytes, kernels.Small, kernels.Ints, kernels.Ints]


def _encoded(kind: int, words: Mapping[str, int], encoding: str) -> Encoded:
    """Words as they stand in a file; what is stripped or quoted there is left to the plain reader."""
    told = [
        (word.encode(encoding), rank)
        for word, rank in words.items()
        if word == word.strip() and not set('",\t\r\n') & set(word)
    ]
    return (
        np.frombuffer(b"".join(word for word, _ in told), np.uint8),
        np.full(len(told), kind, np.int8),
        np.array([len(word) for word, _ in told], np.int32),
        np.array([rank for _, rank in told], np.int32),
    )


def _codes(codes: pa.Array, known: pa.Array) -> Encoded | None:
    """The codes of units, taken from where Arrow keeps them; those of units that are gone say nothing.

    None when they are not of letters and digits alone, and so the same in every encoding.
    """
    ranks = np.flatnonzero(known.to_numpy(zero_copy_only=False)).astype(np.int32)
    held = codes.filter(known)
    _, edges, data = held.buffers()
    offsets = np.frombuffer(edges, np.int32)[held.offset : held.offset + len(held) + 1]
    pool = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
    sizes = np.diff(offsets).astype(np.int32)
    if not kernels.within(pool, _PLAIN) or (len(sizes) and sizes.min() == 0):
        return None
    return pool, np.full(len(held), kernels.UNIT, np.int8), sizes, ranks


def plan_of(books: Books, layout: Layout, separator: str) -> kernels.Plan:
    """What lines are checked against, as arrays."""
    measures, reach = books.measures, books.reach

    def small(values: bytes) -> kernels.Small:
        return np.frombuffer(values, np.int8)

    fits = np.array([measure.bounds.fit for measure in measures], np.int64).reshape(-1, 2)
    usual = np.array([measure.bounds.usual for measure in measures], np.int64).reshape(-1, 2)
    least, most = (FIRST_YEAR - 1) * 12, (LAST_YEAR + 1) * 12
    since, until = (np.clip(np.asarray(side), least, most).astype(np.int32) for side in books.stood)
    return kernels.Plan(
        np.array([_KINDS.index(code) for code in layout.codes], np.int8),
        ord(separator),
        books.running,
        np.array([measure.months for measure in measures], np.int32),
        np.array([measure.last_year for measure in measures], np.int32),
        np.array([measure.computed for measure in measures], np.int8),
        np.array([measure.places for measure in measures], np.int32),
        np.ascontiguousarray(fits[:, 0]),
        np.ascontiguousarray(fits[:, 1]),
        np.ascontiguousarray(usual[:, 0]),
        np.ascontiguousarray(usual[:, 1]),
        small(reach.actual),
        small(reach.planned),
        small(reach.owned),
        since,
        until,
        small(reach.over),
        small(books.roll.county),
    )


class Marks:
    """The periods a file names, a bit each: whether all differ is seen without putting them into order."""

    def __init__(self, books: Books, most: int = MARKS) -> None:
        indicators, units = len(books.codes), len(books.roll)
        wide = -(-12 * indicators // 64)
        self._seen = sorting.Marked(
            np.zeros(
                min(most // 8, wide * units * YEARS_MARKED), np.uint64
            ),  # the system gives pages as they fill
            np.zeros(units * YEARS_MARKED, np.int32),
            np.full(sorting.STRETCHES, -1, np.int64),
            np.zeros(2, np.int64),
            (indicators, units),
        )
        self.sound = True

    def add(self, table: pa.Table) -> None:
        """Mark the periods of records; ``sound`` ends when one is marked already, or there are too many to be marked."""
        for key in table["key"].chunks:
            self.sound = self.sound and bool(sorting.marked(key.to_numpy(), self._seen))

    def meets(self, table: pa.Table) -> bool:
        """Whether one of the periods of these rows is marked, or is none that could be."""
        return any(sorting.met(key.to_numpy(), self._seen) for key in table["key"].chunks)


def marks_of(books: Books) -> Marks | None:
    """Marks for the periods of a closing; None where the machine promises no more memory than it has and that is little."""
    try:
        return Marks(books)
    except MemoryError:
        return None


def arranged(table: pa.Table, indicators: int) -> pa.Table:
    """The records in the order of their periods: spread by indicator, then sorted where they are not in order yet."""
    parts = [[column.to_numpy() for column in batch.columns] for batch in table.to_batches()]
    counts = np.zeros((len(parts), indicators), np.int64)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda at: sorting.tallied(parts[at][0], counts[at]), range(len(parts))))
        whole = counts.sum(axis=0)
        edges = np.zeros(indicators + 1, np.int64)
        np.cumsum(whole, out=edges[1:])
        starts = edges[:-1] + np.cumsum(counts, axis=0) - counts
        out = tuple(room(table.num_rows, kind.type.to_pandas_dtype()) for kind in SCHEMA)
        list(pool.map(lambda at: sorting.spread(*parts[at], starts[at], out), range(len(parts))))
        cuts = _shares(edges, THREADS * 4)
        list(pool.map(lambda cut: sorting.ordered(*out, edges[cut[0] : cut[1] + 1]), cuts))
    return pa.table([pa.array(column) for column in out], SCHEMA)


def _shares(edges: kernels.Longs, shares: int) -> list[tuple[int, int]]:
    """The buckets in so many stretches of about the same number of records."""
    wanted = np.linspace(0, int(edges[-1]), shares + 1)
    cuts = [int(cut) for cut in np.unique(np.searchsorted(edges, wanted))]
    cuts[0], cuts[-1] = 0, len(edges) - 1
    return [(start, end) for start, end in itertools.pairwise(cuts) if end > start]
