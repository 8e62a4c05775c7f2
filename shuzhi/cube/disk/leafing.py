"""The units of a closing straight from the pages of their file, by numba."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from shuzhi.cube.axis import EPOCH, EVER
from shuzhi.cube.disk.packed import DICTIONARY, positions
from shuzhi.cube.disk.pages import DAY, TEXT, WHOLE, Body, Pages, Unread, texts
from shuzhi.cube.fast import brief
from shuzhi.cube.spread import Columns

_COLUMNS: Final = {
    **dict.fromkeys(("code", "level"), TEXT),
    **dict.fromkeys(("since", "until"), DAY),
    **dict.fromkeys(("first", "last"), WHOLE),
}
_FEED: Final = np.uint8(10)
_LACKING: Final = frozenset(_COLUMNS) - {"code"}


def leafed(buffer: Any) -> Columns | None:
    """The units of a file; None when its pages are not of the kind closings have, and pyarrow is to read it."""
    try:
        with pq.ParquetFile(pa.BufferReader(buffer)) as file:
            pages = Pages(buffer, file.metadata, _COLUMNS, _LACKING)
            bodies = list(pages.bodies())
        if len(pages.rows) != 1:
            return None
        code, level, *numbers = _columns(bodies[0], pages)
        joined = _joiner(code)
    except Unread:
        return None
    since, until, first, last = (
        _numbers(found, missing) for found, missing in zip(numbers, (-EPOCH, EVER - EPOCH, 0, 0), strict=True)
    )
    words = [*texts(level[0].tobytes(), level[1]), ""]
    places = np.where(level[3] < 0, len(words) - 1, level[3]).astype(np.int64)
    return Columns(joined, words, places, since + EPOCH, until + EPOCH, first, last)


_Column = tuple[NDArray[np.uint8], int, str, NDArray[np.int32]]
"""A dictionary, how many words it has, of which kind, and each row's position in it (-1: nothing)."""


def _columns(body: Body, pages: Pages) -> list[_Column]:
    rows, kinds = pages.rows[0], list(_COLUMNS.values())
    at, levels = np.empty((len(kinds), rows), np.int32), np.empty(rows, np.int32)
    if positions(body.data, body.pages, body.columns, pages.missing[0], body.starts, rows, at, levels) < 0:
        raise Unread("positions")
    found: list[_Column] = []
    for page in np.flatnonzero(body.pages[:, 0] == DICTIONARY).tolist():
        column = int(body.columns[page])
        data = body.data[body.starts[page] : body.starts[page + 1]]
        found.append((data, int(body.pages[page, 3]), kinds[column], at[column]))
    return found


def _joiner(column: _Column) -> Callable[[NDArray[np.int64]], bytes]:
    """What joins the texts of some rows by line feeds."""
    page, many, _, at = column
    begins, ends = _cut(page, many)
    if len(ends) < many:
        raise Unread("text")

    def joined(order: NDArray[np.int64]) -> bytes:
        found: bytes = _joined(page, begins, ends, at[order]).tobytes()
        return found

    return joined


@brief
def _cut(page: Any, many: Any) -> Any:  # pragma: no cover
    """Where the texts of a dictionary begin and end; nothing when they run over the page."""
    begins, ends = np.zeros(many, np.int64), np.zeros(many, np.int64)
    at: Any = 0
    for word in range(many):
        if at + 4 > len(page):
            return begins, ends[:0]
        size = np.int64(0)
        for i in range(4):
            size |= np.int64(page[at + i]) << (8 * i)
        begins[word], ends[word] = at + 4, at + 4 + size
        at += 4 + size
        if at > len(page):
            return begins, ends[:0]
    return begins, ends


@brief
def _joined(page: Any, begins: Any, ends: Any, at: Any) -> Any:  # pragma: no cover
    """Some texts, a line feed between them."""
    size = max(0, len(at) - 1)
    for place in at:
        size += ends[place] - begins[place]
    found, into = np.full(size, _FEED), 0
    for place in at:
        for byte in range(begins[place], ends[place]):
            found[into] = page[byte]
            into += 1
        into += 1
    return found


def _numbers(column: _Column, missing: int) -> NDArray[np.int64]:
    """The number of each row, ``missing`` where there is none."""
    data, many, kind, at = column
    width = 8 if kind == WHOLE else 4
    if len(data) != width * many:
        raise Unread("numbers")
    said = np.frombuffer(data, np.int64 if kind == WHOLE else np.int32)
    return np.append(said.astype(np.int64), missing)[at]
