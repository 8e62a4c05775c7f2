"""Reads of a font file what a printer must know: the names it goes by and the characters it holds."""

import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FAMILY_NAMES = {1, 4, 6, 16}
_TABLE_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FontFace:
    """One face of a font file: every name it has (in lower case) and its characters as sorted ranges (first, last)."""

    names: frozenset[str]
    ranges: tuple[tuple[int, int], ...]

    def has(self, char: str) -> bool:
        """True where the face has a glyph for the character."""
        at = bisect_right(self.ranges, (ord(char), 0x110000)) - 1
        return at >= 0 and ord(char) <= self.ranges[at][1]


def read_face(path: Path, index: int) -> FontFace | None:
    """The face number `index` of a TTF, OTF or TTC file; None where the file cannot be understood.

    Source of the layout: OpenType specification, tables `name` and `cmap` (formats 4 and 12).
    """
    stat = path.stat()
    return _read(path, index, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, index: int, _changed: int, _size: int) -> FontFace | None:
    try:
        tables = _tables(path, index)
        return FontFace(_names(tables["name"]), _ranges(tables["cmap"]))
    except (struct.error, KeyError, IndexError, ValueError, OSError):
        return None


def _tables(path: Path, index: int) -> dict[str, bytes]:
    """The tables `name` and `cmap`, read without loading the glyphs."""
    with path.open("rb") as file:
        start = 0
        if file.read(4) == b"ttcf":
            file.seek(12 + 4 * index)
            (start,) = struct.unpack(">I", file.read(4))
        file.seek(start + 4)
        (count,) = struct.unpack(">H", file.read(2))
        file.seek(start + 12)
        found: dict[str, bytes] = {}
        for tag, _, offset, length in struct.iter_unpack(">4sIII", file.read(16 * count)):
            name = tag.decode("latin-1")
            if name in ("name", "cmap") and length <= _TABLE_LIMIT:
                here = file.tell()
                file.seek(offset)
                found[name] = file.read(length)
                file.seek(here)
        return found


def _names(table: bytes) -> frozenset[str]:
    _, count, storage = struct.unpack_from(">HHH", table)
    names = set()
    for entry in range(count):
        platform, encoding, _, name, length, offset = struct.unpack_from(">6H", table, 6 + 12 * entry)
        if name in _FAMILY_NAMES:
            raw = table[storage + offset : storage + offset + length]
            names.add(raw.decode(_charset(platform, encoding), "replace").strip("\0 ").lower())
    return frozenset(names - {""})


def _charset(platform: int, encoding: int) -> str:
    """How a name is written: old Chinese fonts still carry GBK names for the Mac and for Windows PRC."""
    if platform == 1:
        return "gbk" if encoding == 25 else "mac_roman"
    if platform == 3 and encoding == 3:
        return "gbk"
    return "utf-16-be"


def _ranges(table: bytes) -> tuple[tuple[int, int], ...]:
    (count,) = struct.unpack_from(">H", table, 2)
    best: dict[int, int] = {}
    for entry in range(count):
        platform, _, offset = struct.unpack_from(">HHI", table, 4 + 8 * entry)
        (layout,) = struct.unpack_from(">H", table, offset)
        if platform in (0, 3) and layout in (4, 12):
            best[layout] = offset
    if 12 in best:
        return _long_ranges(table, best[12])
    return _short_ranges(table, best[4])


def _long_ranges(table: bytes, offset: int) -> tuple[tuple[int, int], ...]:
    (groups,) = struct.unpack_from(">I", table, offset + 12)
    found = []
    for first, last, glyph in struct.iter_unpack(">III", table[offset + 16 : offset + 16 + 12 * groups]):
        if glyph or last > first:
            found.append((first if glyph else first + 1, last))
    return tuple(sorted(found))


def _short_ranges(table: bytes, offset: int) -> tuple[tuple[int, int], ...]:
    """Segments of format 4; characters a segment maps to glyph 0 are left out."""
    (length,) = struct.unpack_from(">H", table, offset + 2)
    segments = struct.unpack_from(">H", table, offset + 6)[0] // 2
    words = struct.unpack_from(f">{length // 2}H", table, offset)
    ends, starts = words[7 : 7 + segments], words[8 + segments : 8 + 2 * segments]
    deltas, offsets = words[8 + 2 * segments : 8 + 3 * segments], words[8 + 3 * segments : 8 + 4 * segments]
    codes = []
    for at in range(segments):
        for code in range(starts[at], min(ends[at], 0xFFFE) + 1):
            glyph = code + deltas[at]
            if offsets[at]:
                place = 8 + 3 * segments + at + offsets[at] // 2 + code - starts[at]
                glyph = words[place] + deltas[at] if place < len(words) and words[place] else 0
            if glyph & 0xFFFF:
                codes.append(code)
    return _joined(sorted(codes))


def _joined(codes: list[int]) -> tuple[tuple[int, int], ...]:
    ranges: list[tuple[int, int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return tuple(ranges)
