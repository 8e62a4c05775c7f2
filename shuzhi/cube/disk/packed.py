"""Unpacking pages of Parquet, compiled: headers, runs of small numbers, positions in dictionaries."""

from typing import Any, Final

import numpy as np

from shuzhi.cube.fast import brief, compiled

DATA, DICTIONARY = 0, 2
"""Kinds of pages."""
_PACKED: Final = (2, 8)
"""Encodings of positions in a dictionary."""
_FIRST, _SECOND, _THIRD, _SEVEN = (np.uint64(number) for number in (1, 2, 3, 7))
_EIGHTH: Final = np.uint64(3)
_SEED, _PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)
_FEED: Final = np.uint8(10)


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
    and where the body is; returns how many, -1 when they are of no such kind, -2 when there is no room for all.
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
    return pages if at == end else -2 if at < end else -1


@brief
def listed(data: Any, spans: Any, found: Any, columns: Any, cuts: Any) -> int:  # pragma: no cover
    """The headers of the pages of all row groups, whose columns lie from where to where ``spans`` say; the column of each,
    and where each group's pages begin. Returns how many; -1 when a column is not a dictionary and then positions in it, -2
    when there is no room for all.
    """
    pages = 0
    for group in range(len(spans)):
        cuts[group] = pages
        for column in range(spans.shape[1]):
            first, last = spans[group, column]
            many = headers(data, first, last, found[pages:])
            if many <= 0 or found[pages, 0] != DICTIONARY:
                return -2 if many == -2 or pages == len(found) else -1
            for page in range(pages + 1, pages + many):
                if found[page, 0] != DATA or (found[page, 4] != _PACKED[0] and found[page, 4] != _PACKED[1]):
                    return -1
            columns[pages : pages + many] = column
            pages += many
    cuts[len(spans)] = pages
    return pages


@compiled
def gathered(data: Any, pages: Any, found: Any) -> None:  # pragma: no cover
    """The packed bodies of some pages one after another."""
    into = np.uint64(0)
    for page in range(len(pages)):
        first, packed = np.uint64(pages[page, 5]), np.uint64(pages[page, 2])
        for byte in range(packed):
            found[into + byte] = data[first + byte]
        into += packed


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
def _hash(data: Any, at: Any, end: Any) -> Any:  # pragma: no cover
    """A number made of some bytes."""
    found = _SEED
    for one in range(np.uint64(at), np.uint64(end)):
        found = (found ^ np.uint64(data[one])) * _PRIME
    return found ^ (found >> np.uint64(29))


@brief
def indexed(names: Any, cuts: Any, table: Any) -> None:  # pragma: no cover
    """Where words joined by line feeds begin (``cuts``, each to the next less one), and ``table``, empty (-1) and larger
    than they are many by far, filled with them: of two that are alike with the first.
    """
    many, at = len(cuts) - 1, 0
    cuts[0] = 0
    for word in range(many):
        while at < len(names) and names[at] != _FEED:
            at += 1
        at += 1
        cuts[word + 1] = at
        _entered(names, cuts[word], at - 1, names, cuts, table, word)


@compiled
def _entered(
    data: Any, at: Any, end: Any, names: Any, cuts: Any, table: Any, word: Any
) -> Any:  # pragma: no cover
    """The place of a word in a table, -1 when it is not there; there it is entered as ``word`` unless that is -1."""
    mask = np.uint64(len(table) - 1)
    place = _hash(data, at, end) & mask
    while table[place] >= 0:
        known = table[place]
        first, size = cuts[known], cuts[known + 1] - cuts[known] - 1
        same = size == end - at
        for i in range(size if same else 0):
            if names[first + i] != data[at + i]:
                same = False
                break
        if same:
            return known
        place = (place + _FIRST) & mask
    if word >= 0:
        table[place] = word
    return -1


@brief
def looked_up(data: Any, names: Any, cuts: Any, table: Any, found: Any) -> Any:  # pragma: no cover
    """The places of the texts of a dictionary, each a length and its bytes, in a table (see :func:`indexed`), -1 where it is
    not there; returns 0, or -1 when the texts run over the end.
    """
    at = 0
    for word in range(len(found)):
        if at + 4 > len(data):
            return -1
        size: Any = np.int64(0)
        for i in range(4):
            size |= np.int64(data[at + i]) << (8 * i)
        at += 4
        if at + size > len(data):
            return -1
        found[word] = _entered(data, at, at + size, names, cuts, table, -1)
        at += size
    return 0


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
