"""A file of observations straight from its Parquet pages into own planes: for files as closings have them, by numba.

All columns are dictionaries there, so a page holds but small numbers, and rows are sorted, so they come in runs. The pages
of a row group are unpacked in one call and their rows put in their places in another. What is not of this kind raises
:class:`Unread`; then pyarrow reads the file (:mod:`shuzhi.cube.stream`), which puts the same words in the same places.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shuzhi.cube.axis import Axis
from shuzhi.cube.build import Own
from shuzhi.cube.fast import brief, compiled
from shuzhi.cube.frame import MONTHS, ROLES, SILENT, UNSAID, Frame
from shuzhi.cube.packed import DICTIONARY, below, indexed, listed, looked_up, positions

_COLUMNS: Final = ("indicator", "unit", "role", "year", "month", "value")
_SILENT: Final = np.int64(SILENT)
_UNSAID: Final = np.int64(UNSAID)
_CODECS: Final = ("ZSTD", "SNAPPY", "GZIP")
_PAGES: Final = 8
"""Pages of a column there is room for at first."""
DEPTHS: Final = 6
PLANES: Final = len(ROLES) * DEPTHS
"""Planes the compiled code can choose from: role × :data:`DEPTHS` + depth."""
_KINDS: Final = (*["BYTE_ARRAY"] * 3, *["INT64"] * 3)
_OUTSIDE: Final = np.int64(-(1 << 32))
_BODY: Final = 4 << 20
"""Bytes unpacked at a time, about."""
_NONE: Final = np.zeros(0, np.int64)
_NO_BYTES: Final = np.zeros(0, np.uint8)

Whole = NDArray[np.int64]
Small = NDArray[np.int32]


class Unread(Exception):
    """Pages of another kind: pyarrow is to read them."""


@dataclass(frozen=True)
class Texts:
    """The texts of a dictionary as they lie in its page, each a length and its bytes."""

    page: NDArray[np.uint8]
    many: int

    def words(self) -> list[str]:
        """The texts; raises Unread when they run over the page."""
        raw, at, found = self.page.tobytes(), 0, []
        for _ in range(self.many):
            size = int.from_bytes(raw[at : at + 4], "little")
            if at + 4 + size > len(raw):
                raise Unread("text")
            found.append(raw[at + 4 : at + 4 + size].decode())
            at += 4 + size
        return found


@dataclass(frozen=True)
class Group:
    """A row group: its dictionaries, and each row's position in them by column (-1 where there is nothing)."""

    words: Mapping[str, Texts | Whole]
    at: NDArray[np.int32]
    rows: int


class Pages:
    """A Parquet file as pages. ``buffer`` is the whole file; raises Unread when it is not of our kind."""

    def __init__(self, buffer: Any, metadata: Any) -> None:
        self._raw = memoryview(buffer)
        self._bytes = np.frombuffer(buffer, np.uint8)
        names = {metadata.schema.column(place).name: place for place in range(metadata.num_columns)}
        if not names.keys() >= set(_COLUMNS):
            raise Unread("columns")
        chunks = [
            [group.column(names[name]) for name in _COLUMNS]
            for group in map(metadata.row_group, range(metadata.num_row_groups))
        ]
        self._rows = [metadata.row_group(number).num_rows for number in range(len(chunks))]
        self._kinds = tuple(metadata.schema.column(names[name]).physical_type for name in _COLUMNS)
        if self._kinds != _KINDS:
            raise Unread("kinds")
        self._missing = np.array([_missing(group) for group in chunks], np.bool_).reshape(-1, len(_COLUMNS))
        codecs = {chunk.compression for group in chunks for chunk in group}
        if len(codecs) > 1 or not codecs <= set(_CODECS):
            raise Unread("compression")
        self._codec = codecs.pop() if codecs else _CODECS[0]
        self._pages, self._columns, self._cuts = self._listed(chunks)
        most = max(self._rows, default=0)
        self._held: tuple[int, int, NDArray[np.uint8], Whole] = (0, 0, _NO_BYTES, _NONE)
        self._at = np.empty(len(_COLUMNS) * most, np.int32)
        self._levels = np.empty(most, np.int32)
        self.indicators = self.words("indicator")

    @property
    def groups(self) -> int:
        """How many row groups there are."""
        return len(self._rows)

    def group(self, number: int) -> Group:
        """A row group; its positions lie in memory that the next one uses again."""
        rows, (first, stop) = self._rows[number], self._cuts[number : number + 2].tolist()
        pages, columns = self._pages[first:stop], self._columns[first:stop]
        data, starts = self._body(number)
        words: dict[str, Texts | Whole] = {}
        for page in np.flatnonzero(pages[:, 0] == DICTIONARY).tolist():
            column = int(columns[page])
            piece = data[int(starts[page]) : int(starts[page + 1])]
            words[_COLUMNS[column]] = _words(piece, int(pages[page, 3]), self._kinds[column])
        at = self._at[: len(_COLUMNS) * rows].reshape(len(_COLUMNS), rows)
        found = positions(data, pages, columns, self._missing[number], starts, rows, at, self._levels)
        if found < 0:
            raise Unread("positions")
        return Group(words, at, rows)

    def words(self, name: str) -> set[str]:
        """All words of a column, from its dictionaries alone."""
        column, found = _COLUMNS.index(name), set()
        chosen = np.flatnonzero((self._columns == column) & (self._pages[:, 0] == DICTIONARY))
        if self._pages[:, 1].sum() <= _BODY:
            if len(chosen):
                self._body(0)
            data, starts = self._held[2], self._held[3][chosen]
        else:
            data = self._unpacked(self._pages[chosen])
            starts = _starts(self._pages[chosen])
        for at, (size, many) in zip(starts.tolist(), self._pages[chosen][:, [1, 3]].tolist(), strict=False):
            words = _words(data[at : at + size], many, self._kinds[column])
            if not isinstance(words, Texts):
                raise Unread("text")
            found.update(words.words())
        return found

    def poured(self, axis: Axis, frame: Frame, own: Mapping[str, Own]) -> bool:
        """Put all rows in their places; False when some page is of another kind: then all rows are to be put again,
        which changes nothing where they stand already. ``reach`` is set at the end.
        """
        if axis.depths > DEPTHS:
            return False
        reach = np.zeros(PLANES, np.int64)
        planes: list[Whole] = [_NONE] * PLANES
        shape = (len(frame.lines), len(frame.years))
        units, roles = Index(axis.names, axis.rows), Index("\n".join(ROLES).encode(), len(ROLES))
        lines = Index("\n".join(line.code for line in frame.lines).encode(), len(frame.lines))
        depths = np.array(axis.starts, np.int64)
        for number in range(self.groups):
            try:
                group = self.group(number)
            except Unread:
                return False
            places = (
                lines.places(group.words["indicator"]),
                below(units.places(group.words["unit"]), depths),
                roles.places(group.words["role"]),
            )
            periods = group.words["year"], group.words["month"]
            tables = (*_slots(*periods, frame.years[0], len(frame.years)), group.words["value"])
            row = 0
            while row < group.rows:
                row, needed = _pour(group.at, row, tuple(planes), places, tables, shape, reach)
                if needed >= 0:
                    role, depth = divmod(int(needed), DEPTHS)
                    planes[needed] = np.frombuffer(own[ROLES[role]].plane(depth), np.int64)
        for number, most in enumerate(reach.tolist()):
            role, depth = divmod(number, DEPTHS)
            if depth < axis.depths:
                own[ROLES[role]].reach[depth] = max(own[ROLES[role]].reach[depth], most)
        return True

    # --- pages --------------------------------------------------------------------------------------------------------

    def _listed(self, chunks: list[list[Any]]) -> tuple[Whole, Whole, Whole]:
        """The headers of all pages, the column of each, and where those of each row group begin."""
        begun = [
            (chunk.dictionary_page_offset, chunk.total_compressed_size) for group in chunks for chunk in group
        ]
        if any(first is None for first, _ in begun):
            raise Unread("dictionaries")
        spans = np.array(begun, np.int64).reshape(-1, len(_COLUMNS), 2)
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

    def _body(self, number: int) -> tuple[NDArray[np.uint8], Whole]:
        """The bodies of a row group's pages, unpacked together with those of the next ones as long as these are few, and
        where each begins; a last one where they end.
        """
        if not self._held[0] <= number < self._held[1]:
            ends = np.cumsum(self._pages[self._cuts[number] :, 1])[
                self._cuts[number + 1 :] - self._cuts[number] - 1
            ]
            stop = number + max(1, int(np.searchsorted(ends, _BODY, "right")))
            pages = self._pages[self._cuts[number] : self._cuts[stop]]
            self._held = (number, stop, self._unpacked(pages), _starts(pages))
        first, _, data, starts = self._held
        begin, stop = (self._cuts[number : number + 2] - self._cuts[first]).tolist()
        return data, starts[begin : stop + 1]

    def _unpacked(self, pages: Whole) -> NDArray[np.uint8]:
        """The bodies of some pages, one after another; frames of zstd may be unpacked together."""
        pieces = [self._raw[at : at + packed] for packed, at in pages[:, [2, 5]].tolist()]
        unpack = _codec(self._codec).decompress
        if self._codec == "ZSTD":
            return np.frombuffer(unpack(b"".join(pieces), int(pages[:, 1].sum())), np.uint8)
        sizes = pages[:, 1].tolist()
        found = (unpack(piece, size, asbytes=True) for piece, size in zip(pieces, sizes, strict=True))
        return np.frombuffer(b"".join(found), np.uint8)


def _starts(pages: Whole) -> Whole:
    """Where the bodies of some pages begin that lie one after another, and where they end."""
    starts = np.zeros(len(pages) + 1, np.int64)
    np.cumsum(pages[:, 1], out=starts[1:])
    return starts


@lru_cache(maxsize=4)
def _codec(name: str) -> Any:
    return pa.Codec(name.lower())


def _missing(chunks: list[Any]) -> list[bool]:
    """Which columns of a row group may lack values."""
    told = [chunk.statistics for chunk in chunks]
    found = [each is None or each.null_count != 0 for each in told]
    if any(each and name != "value" for each, name in zip(found, _COLUMNS, strict=True)):
        raise Unread("missing")
    return found


def _words(page: NDArray[np.uint8], many: int, kind: str) -> Texts | Whole:
    """A dictionary as its page holds it."""
    if kind == "BYTE_ARRAY":
        return Texts(page, many)
    if kind != "INT64" or len(page) != 8 * many:
        raise Unread(kind)
    return np.frombuffer(page, np.int64)


class Index:
    """Some words, joined by line feeds, by which others are found; of two that are alike the first is meant."""

    def __init__(self, names: bytes, many: int) -> None:
        self._names = np.frombuffer(names, np.uint8)
        self._cuts = np.empty(many + 1, np.int64)
        self._table = np.full(1 << max(2, (2 * many).bit_length()), -1, np.int64)
        indexed(self._names, self._cuts, self._table)

    def places(self, words: Texts | Whole) -> Whole:
        """The place of each word, -1 where it has none."""
        if not isinstance(words, Texts):
            raise Unread("text")
        found = np.empty(words.many, np.int64)
        if looked_up(words.page, self._names, self._cuts, self._table, found) < 0:
            raise Unread("text")
        return found


@brief
def _slots(years: Any, months: Any, first: Any, span: Any) -> Any:  # pragma: no cover
    """What each year and each month add to a slot, of months (first) and of years; far below nothing where a row of that
    year or month has none.
    """
    backs, lates = np.full((2, len(years)), _OUTSIDE), np.full((2, len(months)), _OUTSIDE)
    for place in range(len(years)):
        if first <= years[place] < first + span:
            backs[0, place], backs[1, place] = (years[place] - first) * MONTHS, years[place] - first
    for place in range(len(months)):
        if 1 <= months[place] <= MONTHS:
            lates[0, place] = months[place] - 1
        if months[place] == MONTHS:
            lates[1, place] = 0
    return backs, lates


@compiled
def _pour(
    at: Any, begin: int, planes: Any, places: Any, tables: Any, shape: Any, reach: Any
) -> Any:  # pragma: no cover
    """Put rows from ``begin`` on in their places, run after run of one indicator, unit and role; the first row of a cell stays.

    ``planes`` are the own planes by role and depth, without cells where there is none yet; ``places`` give for each
    indicator its line, for each unit its depth and row, for each role its number, -1 for those not wanted; ``tables`` are
    what years and months add to a slot, and the values; ``shape`` is lines and years; ``reach`` grows to the largest value
    without sign of each plane. Returns the row that could not be put and the plane it needs; the number of rows and -1 at
    the end.
    """
    many, span = shape
    lines, units, roles = places
    values = tables[2]
    indicator, unit, role, year, month, value = at
    rows, row = len(value), begin
    while row < rows:
        i, u, r = indicator[row], unit[row], role[row]
        stop = row + 1
        while stop < rows and unit[stop] == u and indicator[stop] == i and role[stop] == r:
            stop += 1
        if lines[i] < 0 or units[u] < 0 or roles[r] < 0:
            row = stop
            continue
        chosen = roles[r] * DEPTHS + (units[u] >> 32)
        yearly = min(roles[r], 1)
        slots = span if yearly else span * MONTHS
        base = ((units[u] & 0xFFFFFFFF) * many + lines[i]) * slots
        plane = planes[chosen][base : base + slots]
        backs, lates = tables[0][yearly], tables[1][yearly]
        high, low = np.int64(0), np.int64(0)
        for one in range(np.uint64(row), np.uint64(stop)):
            slot = backs[np.uint32(year[one])] + lates[np.uint32(month[one])]
            if slot < 0:
                continue
            if not len(plane):
                return row, chosen
            word = values[np.uint32(value[one])] if value[one] >= 0 else _SILENT
            spot = np.uint64(slot)
            if plane[spot] == _UNSAID:
                plane[spot] = word
            if word > _SILENT:
                high, low = max(high, word), min(low, word)
        reach[chosen] = max(reach[chosen], high, -low)
        row = stop
    return rows, -1
