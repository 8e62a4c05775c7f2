"""Unpacking pages of Parquet, compiled: headers, runs of small numbers, positions in dictionaries."""

from typing import Any, Final

import numpy as np

from shuzhi.cube.fast import compiled

DATA, DICTIONARY = 0, 2
"""Kinds of pages."""
_FIRST, _SECOND, _THIRD, _SEVEN = (np.uint64(number) for number in (1, 2, 3, 7))
_EIGHTH: Final = np.uint64(3)


@compiled
def _varint(data: Any, at: Any) -> Any:  # pragma: no cover
    """A number of seven bits a byte, and where it ends."""
    found, shift = np.uint64(0), np.uint64(0)
    while True:
        byte = data[at]
        at += 1
        found |= np.uint64(byte & 127) << shift
        if byte < 128:
            return found, at
        shift += np.uint64(7)


@compiled
def headers(data: Any, at: Any, end: Any, found: Any) -> int:  # pragma: no cover
    """The headers (Thrift's compact protocol) of the pages from ``at`` to ``end``: kind, size, packed size, values, encoding,
    and where the body is; returns how many, -1 when they are of no such kind.
    """
    pages = 0
    fields, outer = np.zeros(8, np.int64), np.zeros(8, np.int64)
    while at < end and pages < len(found):
        page = found[pages]
        page[:] = -1
        fields[:] = 0
        deep = 0
        while deep >= 0:
            head = data[at]
            at += 1
            if head == 0:
                deep -= 1
                continue
            step, kind = head >> 4, head & 15
            if step == 0 or kind in (7, 9, 10, 11) or (kind == 12 and deep == 7):
                return -1
            fields[deep] += step
            field = fields[deep]
            if kind == 3:
                at += 1
            elif 4 <= kind <= 6:
                word, at = _varint(data, at)
                value = np.int64(word >> np.uint64(1)) ^ -np.int64(word & np.uint64(1))
                if deep == 0 and field <= 3:
                    page[field - 1] = value
                elif deep == 1 and outer[0] in (5, 7) and field <= 2:
                    page[2 + field] = value
            elif kind == 8:
                word, at = _varint(data, at)
                at += np.int64(word)
            elif kind == 12:
                outer[deep] = field
                deep += 1
                fields[deep] = 0
        page[5] = at
        at += page[2]
        pages += 1
    return pages if at == end else -1


@compiled
def _hybrid(data: Any, at: Any, end: Any, width: Any, out: Any, many: Any) -> Any:  # pragma: no cover
    """Runs of repeated and of packed numbers of ``width`` bits; returns how many were found."""
    found: Any = 0
    mask, size = np.uint32((1 << width) - 1), (width + 7) // 8
    while found < many and at < end:
        head, at = _varint(data, at)
        count = np.int64(head >> np.uint64(1))
        if count <= 0 or count > many + 7 or at + (count * width if head & np.uint64(1) else size) > end:
            return -1
        if head & np.uint64(1):
            here = min(count * 8, many - found)
            swift = max(0, min(here, (len(data) - at - 4) * 8 // width))
            into, start, step = out[found : found + swift], np.uint64(at), np.uint64(width)
            for i in range(np.uint64(swift)):  # numbers without sign: no index is taken from behind
                bit = i * step
                byte = start + (bit >> _EIGHTH)
                word = (
                    np.uint32(data[byte])
                    | np.uint32(data[byte + _FIRST]) << np.uint32(8)
                    | np.uint32(data[byte + _SECOND]) << np.uint32(16)
                    | np.uint32(data[byte + _THIRD]) << np.uint32(24)
                )
                into[i] = np.int32((word >> np.uint32(bit & _SEVEN)) & mask)
            for late in range(swift, here):  # at the very end of the memory
                first, rest = at + (late * width >> 3), np.uint32(0)
                for back in range(min(((late * width & 7) + width + 7) >> 3, len(data) - first)):
                    rest |= np.uint32(data[first + back]) << np.uint32(8 * back)
                out[found + late] = np.int32((rest >> np.uint32(late * width & 7)) & mask)
            at += count * width
            found += here
        else:
            value = np.int32(0)
            for i in range(size):
                value |= np.int32(data[at + i]) << np.int32(8 * i)
            at += size
            stop = min(found + count, many)
            out[found:stop] = value
            found = stop
    return found


@compiled
def _page(
    data: Any, at: Any, end: Any, many: Any, missing: Any, out: Any, levels: Any
) -> bool:  # pragma: no cover
    """The positions of a data page, -1 for what is missing; whether they could be read."""
    size = 0
    for i in range(4):
        size |= int(data[at + i]) << (8 * i)
    first = at + 4 + size
    if size < 0 or first >= end or data[first] > 24:
        return False
    width, there = int(data[first]), many
    if missing:
        if _hybrid(data, at + 4, first, 1, levels, many) != many:
            return False
        there = 0
        for i in range(many):
            there += levels[i]
    if width == 0:
        out[:there] = 0
    elif _hybrid(data, first + 1, end, width, out, there) != there:
        return False
    if there < many:
        behind = there
        for i in range(many - 1, -1, -1):
            if levels[i]:
                behind -= 1
                out[i] = out[behind]
            else:
                out[i] = -1
    return True


@compiled
def texts(data: Any, many: Any, out: Any) -> Any:  # pragma: no cover
    """The texts of a dictionary, each a length and its bytes, into rows of ``out`` filled up with zeros, as far as it is
    wide; returns the longest length, -1 when they run over the end or one ends in a zero.
    """
    at: Any = 0
    longest: Any = 0
    for word in range(many):
        if at + 4 > len(data):
            return -1
        size = np.int64(0)
        for i in range(4):
            size |= np.int64(data[at + i]) << (8 * i)
        at += 4
        if at + size > len(data) or (size and data[at + size - 1] == 0):
            return -1
        for i in range(min(size, out.shape[1])):
            out[word, i] = data[at + i]
        longest = max(longest, size)
        at += size
    return longest


@compiled
def positions(
    data: Any, pages: Any, columns: Any, missing: Any, starts: Any, rows: Any, out: Any, levels: Any
) -> int:  # pragma: no cover
    """The positions of all columns of a row group; 0, or -1 when they cannot be read or point outside a dictionary."""
    filled, words = np.zeros(len(out), np.int64), np.zeros(len(out), np.int64)
    for page in range(len(pages)):
        column, many = columns[page], pages[page, 3]
        if pages[page, 0] == DICTIONARY:
            words[column] = many
            continue
        first = filled[column]
        if many < 0 or first + many > rows:
            return -1
        into = out[column, first : first + many]
        if not _page(data, starts[page], starts[page + 1], many, missing[column], into, levels):
            return -1
        filled[column] += many
    for column in range(len(out)):
        most = np.int32(-1)
        for row in range(rows):
            most = max(most, out[column, row])
        if filled[column] != rows or most >= words[column]:
            return -1
    return 0
