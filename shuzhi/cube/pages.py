"""A file of observations straight from its Parquet pages into own planes: for files as closings have them, by numba.

All columns are dictionaries there, so a page holds but small numbers, and rows are sorted, so they come in runs. The pages
of a row group are unpacked in one call and their rows put in their places in another. What is not of this kind raises
:class:`Unread`; then pyarrow reads the file (:mod:`shuzhi.cube.stream`), which puts the same words in the same places.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shuzhi.cube.axis import Axis
from shuzhi.cube.build import Own
from shuzhi.cube.fast import compiled
from shuzhi.cube.frame import MONTHS, ROLES, SILENT, UNSAID, Frame
from shuzhi.cube.packed import DATA, DICTIONARY, below, headers, indexed, looked_up, positions

_COLUMNS: Final = ("indicator", "unit", "role", "year", "month", "value")
_SILENT: Final = np.int64(SILENT)
_UNSAID: Final = np.int64(UNSAID)
_PACKED: Final = (2, 8)
"""Encodings of positions in a dictionary."""
_MOST_PAGES: Final = 4096
DEPTHS: Final = 6
PLANES: Final = len(ROLES) * DEPTHS
"""Planes the compiled code can choose from: role × :data:`DEPTHS` + depth."""
_OUTSIDE: Final = -(1 << 32)
_NONE: Final = np.zeros(0, np.int64)

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
        self._metadata = metadata
        names = {metadata.schema.column(place).name: place for place in range(metadata.num_columns)}
        if not names.keys() >= set(_COLUMNS):
            raise Unread("columns")
        self._places = [names[name] for name in _COLUMNS]
        self._headers = np.zeros((_MOST_PAGES, 6), np.int64)
        most = max((metadata.row_group(group).num_rows for group in range(self.groups)), default=0)
        self._at = np.empty(len(_COLUMNS) * most, np.int32)
        self._levels = np.empty(most, np.int32)
        self._codecs: dict[str, Any] = {}
        self.indicators = self.words("indicator")

    @property
    def groups(self) -> int:
        """How many row groups there are."""
        return int(self._metadata.num_row_groups)

    def group(self, number: int) -> Group:
        """A row group; its positions lie in memory that the next one uses again."""
        group = self._metadata.row_group(number)
        rows = group.num_rows
        pages, columns, missing, kinds, codec = self._listed(group)
        body = self._unpacked(pages, codec)
        starts = np.concatenate(([0], np.cumsum(pages[:, 1])))
        data = np.frombuffer(body, np.uint8)
        words: dict[str, Texts | Whole] = {}
        for page in np.flatnonzero(pages[:, 0] == DICTIONARY).tolist():
            column = int(columns[page])
            piece = data[int(starts[page]) : int(starts[page + 1])]
            words[_COLUMNS[column]] = _words(piece, int(pages[page, 3]), kinds[column])
        if len(words) != len(_COLUMNS):
            raise Unread("dictionaries")
        at = self._at[: len(_COLUMNS) * rows].reshape(len(_COLUMNS), rows)
        found = positions(data, pages, columns, missing, starts, rows, at, self._levels)
        if found < 0:
            raise Unread("positions")
        return Group(words, at, rows)

    def words(self, name: str) -> set[str]:
        """All words of a column, from its dictionaries alone."""
        place = self._places[_COLUMNS.index(name)]
        chunks = [self._metadata.row_group(number).column(place) for number in range(self.groups)]
        listed = [self._chunk(chunk) for chunk in chunks]
        if {chunk.physical_type for chunk in chunks} > {"BYTE_ARRAY"} or len(
            {codec for _, codec in listed}
        ) > 1:
            raise Unread("text")
        found: set[str] = set()
        if not listed:
            return found
        pages = np.concatenate([pages[:1] for pages, _ in listed])
        if (pages[:, 0] != DICTIONARY).any():
            raise Unread("dictionaries")
        body, at = np.frombuffer(self._unpacked(pages, listed[0][1]), np.uint8), 0
        for size, many in pages[:, [1, 3]].tolist():
            found.update(Texts(body[at : at + size], many).words())
            at += size
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
            tables = (*_slots(group, frame), group.words["value"])
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

    def _chunk(self, chunk: Any) -> tuple[Whole, str]:
        if not chunk.has_dictionary_page or chunk.compression not in ("ZSTD", "SNAPPY", "GZIP"):
            raise Unread("compression")
        start = chunk.dictionary_page_offset
        found = headers(self._bytes, start, start + chunk.total_compressed_size, self._headers)
        if found <= 0:
            raise Unread("headers")
        return self._headers[:found].copy(), chunk.compression

    def _listed(self, group: Any) -> tuple[Whole, Whole, NDArray[np.bool_], list[str], str]:
        """The pages of the columns, the column of each, which columns lack values, and the compression."""
        listed: list[Whole] = []
        missing, kinds, codecs = np.zeros(len(_COLUMNS), np.bool_), [], set()
        for number, place in enumerate(self._places):
            chunk = group.column(place)
            pages, codec = self._chunk(chunk)
            statistics = chunk.statistics
            missing[number] = statistics is None or statistics.null_count != 0
            if missing[number] and _COLUMNS[number] != "value":
                raise Unread("missing")
            listed.append(pages)
            kinds.append(chunk.physical_type)
            codecs.add(codec)
        if len(codecs) != 1:
            raise Unread("compression")
        columns = np.repeat(np.arange(len(listed)), [len(pages) for pages in listed])
        pages = np.concatenate(listed)
        data = pages[:, 0] == DATA
        encoding = pages[data, 4]
        packed = (encoding == _PACKED[0]) | (encoding == _PACKED[1])
        if not (data | (pages[:, 0] == DICTIONARY)).all() or not packed.all():
            raise Unread("encoding")
        return pages, columns, missing, kinds, codecs.pop()

    def _unpacked(self, pages: Whole, codec: str) -> memoryview:
        """The bodies of some pages, one after another; frames of zstd may be unpacked together."""
        if codec not in self._codecs:
            self._codecs[codec] = pa.Codec(codec.lower())
        unpack = self._codecs[codec].decompress
        pieces = [self._raw[at : at + packed] for packed, at in pages[:, [2, 5]].tolist()]
        if codec == "ZSTD":
            return memoryview(unpack(b"".join(pieces), int(pages[:, 1].sum())))
        return memoryview(
            b"".join(
                unpack(piece, size, asbytes=True)
                for piece, size in zip(pieces, pages[:, 1].tolist(), strict=True)
            )
        )


def _words(page: NDArray[np.uint8], many: int, kind: str) -> Texts | Whole:
    """A dictionary as its page holds it."""
    if kind == "BYTE_ARRAY":
        return Texts(page, many)
    if kind != "INT64" or len(page) != 8 * many:
        raise Unread(kind)
    return page.view(np.int64)


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


def _slots(group: Group, frame: Frame) -> tuple[Whole, Whole]:
    """What each year and each month of a group add to a slot, of months (first) and of years; far below nothing where a
    row of that year or month has none.
    """
    years, months = group.words["year"], group.words["month"]
    if isinstance(years, Texts) or isinstance(months, Texts):
        raise Unread("text")
    back = years - frame.years[0]
    inside = (years >= frame.years[0]) & (years <= frame.years[-1])
    lasting = np.where(months == MONTHS, 0, _OUTSIDE)
    within = np.where((months >= 1) & (months <= MONTHS), months - 1, _OUTSIDE)
    return (
        np.stack([np.where(inside, back * MONTHS, _OUTSIDE), np.where(inside, back, _OUTSIDE)]),
        np.stack([within, lasting]),
    )


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
