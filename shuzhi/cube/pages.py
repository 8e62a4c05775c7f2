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
from shuzhi.cube.packed import DATA, DICTIONARY, headers, positions, texts

_COLUMNS: Final = ("indicator", "unit", "role", "year", "month", "value")
_TEXTS: Final = ("indicator", "unit", "role")
_SILENT: Final = np.int64(SILENT)
_UNSAID: Final = np.int64(UNSAID)
_PACKED: Final = (2, 8)
"""Encodings of positions in a dictionary."""
_MOST_PAGES: Final = 4096
DEPTHS: Final = 6
PLANES: Final = len(ROLES) * DEPTHS
"""Planes the compiled code can choose from: role × :data:`DEPTHS` + depth."""
_ROLES: Final = {role.encode(): number for number, role in enumerate(ROLES)}
_WIDE: Final = 16
"""Bytes most codes fit into."""
_NONE: Final = np.zeros(0, np.int64)

Whole = NDArray[np.int64]
Small = NDArray[np.int32]


class Unread(Exception):
    """Pages of another kind: pyarrow is to read them."""


@dataclass(frozen=True)
class Group:
    """A row group: the words of its dictionaries, and each row's position in them by column (-1 where there is nothing)."""

    words: Mapping[str, list[bytes] | Whole]
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
        self._known: dict[bytes, list[bytes]] = {}
        most = max((metadata.row_group(group).num_rows for group in range(self.groups)), default=0)
        self._at = np.empty((len(_COLUMNS), most), np.int32)
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
        words: dict[str, list[bytes] | Whole] = {}
        for page in np.flatnonzero(pages[:, 0] == DICTIONARY).tolist():
            column = int(columns[page])
            piece = body[int(starts[page]) : int(starts[page + 1])]
            words[_COLUMNS[column]] = self._words(piece, int(pages[page, 3]), kinds[column])
        if len(words) != len(_COLUMNS):
            raise Unread("dictionaries")
        found = positions(
            np.frombuffer(body, np.uint8), pages, columns, missing, starts, rows, self._at, self._levels
        )
        if found < 0:
            raise Unread("positions")
        return Group(words, self._at[:, :rows], rows)

    def words(self, name: str) -> set[str]:
        """All words of a column, from its dictionaries alone."""
        place = self._places[_COLUMNS.index(name)]
        found: set[str] = set()
        for number in range(self.groups):
            chunk = self._metadata.row_group(number).column(place)
            pages, codec = self._chunk(chunk)
            if pages[0, 0] != DICTIONARY:
                raise Unread("dictionaries")
            words = self._words(self._unpacked(pages[:1], codec), int(pages[0, 3]), chunk.physical_type)
            if not isinstance(words, list):
                raise Unread("text")
            found.update(word.decode() for word in words)
        return found

    def poured(self, axis: Axis, frame: Frame, own: Mapping[str, Own]) -> bool:
        """Put all rows in their places; False when some page is of another kind: then all rows are to be put again,
        which changes nothing where they stand already. ``reach`` is set at the end.
        """
        if axis.depths > DEPTHS:
            return False
        reach = np.zeros(PLANES, np.int64)
        planes: list[Whole] = [_NONE] * PLANES
        shape = (len(frame.lines), len(frame.years), frame.years[0])
        rows = _rows(axis)
        lines = {code.encode(): line for code, line in frame.places.items()}
        for number in range(self.groups):
            try:
                group = self.group(number)
            except Unread:
                return False
            places = (
                _each(group.words["indicator"], lines),
                _each(group.words["unit"], rows),
                _each(group.words["role"], _ROLES),
            )
            tables = tuple(np.asarray(group.words[name]) for name in ("year", "month", "value"))
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

    def _words(self, page: memoryview, many: int, kind: str) -> list[bytes] | Whole:
        if kind == "INT64":
            return np.frombuffer(page, np.int64, many)
        if kind != "BYTE_ARRAY":
            raise Unread(kind)
        raw = bytes(page)
        if raw not in self._known:
            self._known[raw] = _texts(raw, many)
        return self._known[raw]


def _texts(raw: bytes, many: int) -> list[bytes]:
    """The texts of a dictionary as bytes."""
    data, width = np.frombuffer(raw, np.uint8), _WIDE
    while True:
        found = np.zeros((many, width), np.uint8)
        longest = int(texts(data, many, found))
        if longest < 0:
            raise Unread("text")
        if longest <= width:
            words: list[bytes] = found.view(f"S{width}").reshape(-1).tolist()
            return words
        width = longest


def _rows(axis: Axis) -> dict[bytes, int]:
    """For each code its depth × 2 ** 32 + its row in the planes of that depth; of two of one code the upper."""
    found: dict[bytes, int] = {}
    codes = axis.names.split(b"\n")
    for depth in range(axis.depths):
        first = axis.starts[depth]
        for row in range(first, axis.starts[depth + 1]):
            found.setdefault(codes[row], (depth << 32) + row - first)
    return found


def _each(words: object, places: Mapping[bytes, int]) -> Whole:
    """The place of each word, -1 where it has none."""
    if not isinstance(words, list):
        raise TypeError("text")
    return np.array([places.get(word, -1) for word in words], np.int64)


@compiled
def _pour(
    at: Any, begin: int, planes: Any, places: Any, tables: Any, shape: Any, reach: Any
) -> Any:  # pragma: no cover
    """Put rows from ``begin`` on in their places, run after run of one indicator, unit and role; the first row of a cell stays.

    ``planes`` are the own planes by role and depth, without cells where there is none yet; ``places`` give for each
    indicator its line, for each unit its depth and row, for each role its number, -1 for those not wanted; ``tables`` are the
    years, months and values; ``shape`` is lines, years and the first year; ``reach`` grows to the largest value without sign
    of each plane. Returns the row that could not be put and the plane it needs; the number of rows and -1 at the end.
    """
    many, span, first = shape
    lines, units, roles = places
    years, months, values = tables
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
        plane = planes[chosen]
        monthly = roles[r] == 0
        slots = span * MONTHS if monthly else span
        base = ((units[u] & 0xFFFFFFFF) * many + lines[i]) * slots
        most = reach[chosen]
        for one in range(np.uint64(row), np.uint64(stop)):
            back, late = years[np.uint32(year[one])] - first, months[np.uint32(month[one])]
            if back < 0 or back >= span or late < 1 or late > MONTHS or (late != MONTHS and not monthly):
                continue
            if not len(plane):
                return row, chosen
            spot = np.uint64(base + (back * MONTHS + late - 1 if monthly else back))
            word = values[np.uint32(value[one])] if value[one] >= 0 else _SILENT
            if plane[spot] == _UNSAID:
                plane[spot] = word
            if word > _SILENT:
                most = max(most, abs(word))
        reach[chosen] = most
        row = stop
    return rows, -1
