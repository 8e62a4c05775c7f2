"""Many corrections as rows, cells and words, with NumPy: codes looked up, periods checked, year ends settled, all at once."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, repeat
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shuzhi.cube.axis import Axis
from shuzhi.cube.block import Block
from shuzhi.cube.build import lent
from shuzhi.cube.correcting.news import ACTUAL, FORECAST, Batch, Correction, News, unplaced
from shuzhi.cube.frame import MONTHS, ROLES, SILENT, UNSAID, Frame

Whole = NDArray[np.int64]
Placed = dict[str, "Words"]
"""Corrections that have all found their cells, by role."""
_ROLE: Final = {role: number for number, role in enumerate(ROLES)}
_NONE: Final = np.zeros(0, np.int64)
_CHUNK: Final = 4096
"""Corrections taken apart at a time, so that they lie in the cache."""


class Words(NamedTuple):
    """Words for cells of one role: rows, places in a row's cells, and what is said there; later ones count."""

    rows: Whole
    cells: Whole
    said: Whole

    def of(self, wanted: NDArray[Any]) -> "Words":
        """Some of them."""
        return Words(self.rows[wanted], self.cells[wanted], self.said[wanted])

    def after(self, others: "Words") -> "Words":
        """Others, then these."""
        if not len(others.rows):
            return self
        return Words(*(np.concatenate(pair) for pair in zip(others, self, strict=True)))


class _Columns(NamedTuple):
    """Rows and lines (-1: there is none), years, months from 1, places in ``ROLES`` (-1: none; empty: all are actuals), words."""

    row: Whole
    line: Whole
    year: Whole
    month: Whole
    role: Whole
    word: Whole


def placed(axis: Axis, frame: Frame, news: News) -> Placed:
    """The cells corrections are of, by role; raises Unplaced or Refused when one of them cannot be applied."""
    given = news if isinstance(news, Batch | list) else list(news)
    if not len(given):
        return {}
    found = _of_batch(axis, frame, given) if isinstance(given, Batch) else _of_many(axis, frame, given)
    if not found.role.any():
        found = found._replace(role=_NONE)
    wrong = _wrong(frame, found)
    if len(wrong):
        raise unplaced(given[int(wrong[0])])
    row, line, year, month, role, word = found
    back = year - frame.years[0]
    by_month, by_year = line * frame.months + back * MONTHS + month - 1, line * len(frame.years) + back
    if not len(role):
        return {ACTUAL: Words(row, by_month, word)}
    told = {}
    for name, number in _ROLE.items():
        at = np.flatnonzero(role == number)
        cells = by_month if name == ACTUAL else by_year
        told[name] = Words(row[at], cells[at], word[at])
    return told


def _wrong(frame: Frame, found: _Columns) -> Whole:
    """Which corrections are of no cell. Bounds are looked at first, for mostly there are none."""
    row, line, year, month, role, _ = found
    if not frame.years:
        return np.arange(len(row))
    first, last = frame.years[0], frame.years[-1]
    whole = row.min() >= 0 and line.min() >= 0 and first <= year.min() and year.max() <= last
    if whole and not len(role) and month.min() >= 1 and month.max() <= MONTHS:
        return np.zeros(0, np.int64)
    right = (row >= 0) & (line >= 0) & (year >= first) & (year <= last) & (month >= 1) & (month <= MONTHS)
    if len(role):
        right &= (role == 0) | ((role > 0) & (month == MONTHS))
    return np.flatnonzero(~right)


# --- columns --------------------------------------------------------------------------------------------------------


def _array(numbers: Any) -> Whole:
    return np.asarray(numbers, np.int64)


def _of_batch(axis: Axis, frame: Frame, batch: Batch) -> _Columns:
    """The columns of a batch: every code is looked up once."""
    rows = axis.rows_of(batch.units)
    if batch.levels:
        rows = [axis.find(code, level) for code, level in zip(batch.units, batch.levels, strict=True)]
    role = _NONE
    if batch.role is not None or batch.roles[0] != ACTUAL:
        which = np.zeros(len(batch), np.int64) if batch.role is None else _array(batch.role)
        role = _array([_ROLE.get(name, -1) for name in batch.roles])[which]
    return _Columns(
        _array(rows)[_array(batch.unit)],
        _array([frame.places.get(code, -1) for code in batch.indicators])[_array(batch.indicator)],
        _array(batch.year),
        _array(batch.month),
        role,
        np.array(batch.word, np.int64),
    )


def _of_many(axis: Axis, frame: Frame, news: Sequence[Correction]) -> _Columns:
    """The columns of corrections given one by one."""
    chunks = [_of_few(axis, frame, few) for few in _chunks(news)]
    if len(chunks) == 1:
        return chunks[0]
    return _Columns(*(np.concatenate(columns) for columns in zip(*chunks, strict=True)))


def _chunks(news: Iterable[Correction]) -> Iterator[list[Correction]]:
    source = iter(news)
    while few := list(islice(source, _CHUNK)):
        yield few


def _of_few(axis: Axis, frame: Frame, news: Sequence[Correction]) -> _Columns:
    indicators, units, years, months, values, roles, withdrawn, levels = zip(*news, strict=True)
    rows = axis.rows_of(units)
    if any(levels):
        rows = [axis.find(code, level) for code, level in zip(units, levels, strict=True)]
    said = [SILENT if value is None else value for value in values] if None in values else values
    try:
        words = np.array(said, np.int64)
    except OverflowError:
        words = _array([each.word for each in news])  # refuses the one that is too large
    for at in np.flatnonzero(words <= SILENT).tolist():
        words[at] = news[at].word  # a value may not pass for what is no value
    if any(withdrawn):
        words[np.array(withdrawn, np.bool_)] = UNSAID
    role = np.zeros(len(news), np.int64)
    if roles.count(ACTUAL) < len(roles):
        role[:] = [_ROLE.get(each, -1) for each in roles]
    lines = list(map(frame.places.get, indicators, repeat(-1)))
    return _Columns(_array(rows), _array(lines), _array(years), _array(months), role, words)


# --- year ends ------------------------------------------------------------------------------------------------------


def year_ends(block: Block, borrowed: list[memoryview | None], told: Placed) -> Words:
    """The actuals to be told once every December holds its own, where somebody told it, else the year's forecast; where it is
    only that, ``borrowed`` is marked.
    """
    nothing = Words(_NONE, _NONE, _NONE)
    actual, forecast = told.get(ACTUAL, nothing), told.get(FORECAST, nothing)
    if not len(forecast.rows) and block.planes[FORECAST].silent():
        return actual
    width = block.frame.width(FORECAST)
    late = actual.cells % MONTHS == MONTHS - 1
    december = actual.of(late)
    keys = december.rows * width + december.cells // MONTHS
    expected = forecast.rows * width + forecast.cells
    both = np.unique(np.concatenate([keys, expected]))
    rows, years = np.divmod(both, width)
    ends = years * MONTHS + MONTHS - 1
    own, hoped = _own(block, ACTUAL, rows, ends), _own(block, FORECAST, rows, years)
    own[_marks(block, borrowed, rows, years) != 0] = UNSAID
    own[np.searchsorted(both, keys)] = december.said
    hoped[np.searchsorted(both, expected)] = forecast.said
    borrows = (own == UNSAID) & (hoped != UNSAID)
    _mark(block, borrowed, rows, years, borrows)
    return actual.of(~late).after(Words(rows, ends, np.where(borrows, hoped, own)))


def _depths(axis: Axis, rows: Whole) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """The depths at which some rows lie, with those that do."""
    for depth in range(axis.depths):
        here = (rows >= axis.starts[depth]) & (rows < axis.starts[depth + 1])
        if here.any():
            yield depth, here


def _own(block: Block, role: str, rows: Whole, cells: Whole) -> Whole:
    """What some units said of themselves."""
    said, width = np.full(len(rows), UNSAID, np.int64), block.frame.width(role)
    for depth, here in _depths(block.axis, rows):
        plane = block.planes[role].own[depth]
        if plane is not None:
            said[here] = np.frombuffer(plane, np.int64)[
                (rows[here] - block.axis.starts[depth]) * width + cells[here]
            ]
    return said


def _marks(
    block: Block, borrowed: Sequence[memoryview | None], rows: Whole, cells: Whole
) -> NDArray[np.uint8]:
    """Whether only the year's forecast stands at some Decembers."""
    marks, width = np.zeros(len(rows), np.uint8), block.frame.width(FORECAST)
    for depth, here in _depths(block.axis, rows):
        plane = borrowed[depth]
        if plane is not None:
            marks[here] = np.frombuffer(plane, np.uint8)[
                (rows[here] - block.axis.starts[depth]) * width + cells[here]
            ]
    return marks


def _mark(
    block: Block, borrowed: list[memoryview | None], rows: Whole, cells: Whole, borrows: NDArray[np.bool_]
) -> None:
    """Mark the Decembers at which only the year's forecast stands."""
    width = block.frame.width(FORECAST)
    for depth, here in _depths(block.axis, rows):
        if borrowed[depth] is not None or borrows[here].any():
            plane = np.frombuffer(lent(borrowed, block.axis, block.frame, depth), np.uint8)
            plane[(rows[here] - block.axis.starts[depth]) * width + cells[here]] = borrows[here]
