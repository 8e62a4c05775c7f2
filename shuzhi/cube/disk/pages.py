"""A Parquet file as pages: for files as closings have them, by numba.

All columns are dictionaries there, so a page holds but small numbers. The pages of some row groups are unpacked in one
call. What is not of this kind raises :class:`Unread`; then pyarrow is to read the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import local
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shuzhi.cube.disk.packed import DICTIONARY, gathered, listed

TEXT, WHOLE, DAY = "BYTE_ARRAY", "INT64", "INT32"
"""Kinds of columns."""
_CODECS: Final = ("ZSTD", "SNAPPY", "GZIP")
_PAGES: Final = 8
"""Pages of a column there is room for at first."""
_BODY: Final = 4 << 20
"""Bytes unpacked at a time, about."""
_STAYS: Final = 8 << 20

Whole = NDArray[np.int64]


class Unread(Exception):
    """Pages of another kind: pyarrow is to read them."""


@dataclass(frozen=True)
class Body:
    """The bodies of the pages of some row groups one after another: the groups, their pages' headers and columns, where each
    page begins and the last one ends, and how many pages of the file lie before each group and before what follows.
    """

    groups: range
    data: NDArray[np.uint8]
    pages: Whole
    columns: Whole
    starts: Whole
    cuts: Whole


class Pages:
    """A Parquet file as pages. ``buffer`` is the whole file, ``kinds`` are its columns by name (in this order they are read),
    ``lacking`` those that may lack values. Raises Unread when it is not of our kind.
    """

    def __init__(self, buffer: Any, metadata: Any, kinds: Mapping[str, str], lacking: frozenset[str]) -> None:
        self._raw = memoryview(buffer)
        self._bytes = np.frombuffer(buffer, np.uint8)
        names = {metadata.schema.column(place).name: place for place in range(metadata.num_columns)}
        if not names.keys() >= kinds.keys():
            raise Unread("columns")
        chunks = [
            [group.column(names[name]) for name in kinds]
            for group in map(metadata.row_group, range(metadata.num_row_groups))
        ]
        self.rows = [metadata.row_group(number).num_rows for number in range(len(chunks))]
        if any(metadata.schema.column(names[name]).physical_type != kind for name, kind in kinds.items()):
            raise Unread("kinds")
        self.names = list(kinds)
        missing = [_missing(group, self.names, lacking) for group in chunks]
        self.missing = np.array(missing, np.bool_).reshape(-1, len(kinds))
        codecs = {chunk.compression for group in chunks for chunk in group}
        if len(codecs) > 1 or not codecs <= set(_CODECS):
            raise Unread("compression")
        self._codec = codecs.pop() if codecs else _CODECS[0]
        self._pages, self._columns, self._cuts = self._listed(chunks)
        self._first: Body | None = None

    def words(self, name: str) -> set[str]:
        """All words of a column of texts, from its dictionaries alone."""
        found: set[str] = set()
        column = self.names.index(name)
        chosen = np.flatnonzero((self._columns == column) & (self._pages[:, 0] == DICTIONARY))
        if self._pages[:, 1].sum() <= _BODY and len(chosen):
            self._first = next(self.bodies())
            data, starts = self._first.data, self._first.starts[chosen]
        else:
            data = self._unpacked(self._pages[chosen])
            starts = _starts(self._pages[chosen])
        for at, (size, many) in zip(starts.tolist(), self._pages[chosen][:, [1, 3]].tolist(), strict=False):
            found.update(texts(data[at : at + size].tobytes(), many))
        return found

    def _listed(self, chunks: list[list[Any]]) -> tuple[Whole, Whole, Whole]:
        """The headers of all pages, the column of each, and where those of each row group begin."""
        begun = [
            (chunk.dictionary_page_offset, chunk.total_compressed_size) for group in chunks for chunk in group
        ]
        if any(first is None for first, _ in begun):
            raise Unread("dictionaries")
        spans = np.array(begun, np.int64).reshape(-1, len(self.names), 2)
        spans[:, :, 1] += spans[:, :, 0]
        cuts, room = np.zeros(len(chunks) + 1, np.int64), _PAGES * len(begun)
        while True:
            pages, columns = np.zeros((room, 6), np.int64), np.zeros(room, np.int64)
            many = listed(self._bytes, spans, pages, columns, cuts)
            if many >= 0:
                return pages[:many], columns[:many], cuts
            if many == -1:
                raise Unread("pages")
            room *= 4

    def bodies(self) -> Iterator[Body]:
        """The bodies of all pages, unpacked for some row groups at a time."""
        number = 0
        while number < len(self.rows):
            if number == 0 and self._first is not None:
                number = self._first.groups.stop
                yield self._first
                continue
            first = int(self._cuts[number])
            ends = np.cumsum(self._pages[first:, 1])[self._cuts[number + 1 :] - first - 1]
            stop = number + max(1, int(np.searchsorted(ends, _BODY, "right")))
            last = int(self._cuts[stop])
            pages, columns = self._pages[first:last], self._columns[first:last]
            cuts = self._cuts[number : stop + 1]
            yield Body(range(number, stop), self._unpacked(pages), pages, columns, _starts(pages), cuts)
            number = stop

    def _unpacked(self, pages: Whole) -> NDArray[np.uint8]:
        """The bodies of some pages, one after another; frames of zstd may be unpacked together."""
        unpack = _codec(self._codec).decompress
        if self._codec == "ZSTD":
            packed = room("packed", int(pages[:, 2].sum()), np.uint8)
            gathered(self._bytes, pages, packed)
            return np.frombuffer(unpack(packed, int(pages[:, 1].sum())), np.uint8)
        found = (
            unpack(self._raw[at : at + packed], size, asbytes=True)
            for size, packed, at in pages[:, [1, 2, 5]].tolist()
        )
        return np.frombuffer(b"".join(found), np.uint8)


def _starts(pages: Whole) -> Whole:
    """Where the bodies of some pages begin that lie one after another, and where they end."""
    starts = np.zeros(len(pages) + 1, np.int64)
    np.cumsum(pages[:, 1], out=starts[1:])
    return starts


_held: Final = local()


def room(name: str, many: int, kind: Any) -> NDArray[Any]:
    """Room for so many numbers that this thread uses again; unless it is very large it stays, so that not every file has
    the system find fresh memory.
    """
    found: NDArray[Any] | None = getattr(_held, name, None)
    if found is None or len(found) < many:
        found = np.empty(many, kind)
        if found.nbytes <= _STAYS:
            setattr(_held, name, found)
    return found[:many]


@lru_cache(maxsize=4)
def _codec(name: str) -> Any:
    return pa.Codec(name.lower())


def _missing(chunks: list[Any], names: list[str], lacking: frozenset[str]) -> list[bool]:
    """Which columns of a row group may lack values."""
    told = [chunk.statistics for chunk in chunks]
    found = [each is None or each.null_count != 0 for each in told]
    if any(each and name not in lacking for each, name in zip(found, names, strict=True)):
        raise Unread("missing")
    return found


def texts(page: bytes, many: int) -> Iterator[str]:
    """The texts of a dictionary, each a length and its bytes; raises Unread when they run over the page."""
    at = 0
    for _ in range(many):
        size = int.from_bytes(page[at : at + 4], "little")
        if at + 4 + size > len(page):
            raise Unread("text")
        yield page[at + 4 : at + 4 + size].decode()
        at += 4 + size
