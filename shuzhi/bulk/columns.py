"""A Parquet file of observations: checked a batch at a time, column by column; rows not right in every respect are judged singly.

Values may be text, whole numbers, decimals or floating-point numbers; the last are read as their shortest decimal digits,
which is what a person would have written. Rows are numbered from 1.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuzhi.bulk.books import (
    FIRST_YEAR,
    INDICATOR_AT,
    LAST_YEAR,
    MONTH_AT,
    ROLE_AT,
    ROLE_RANK,
    STATUS_RANK,
    UNIT_AT,
    YEAR_AT,
    Books,
)
from shuzhi.bulk.heap import SCHEMA
from shuzhi.bulk.layouts import (
    INDICATOR,
    MONTH,
    REASON,
    ROLE,
    ROLE_WORDS,
    STATUS,
    UNIT,
    VALUE,
    YEAR,
    Slot,
    layout_of,
)
from shuzhi.bulk.readers import Add, Gathered, Judged, Marking, Progress, arranger, compiled
from shuzhi.bulk.rights import BELOW, SERVED
from shuzhi.bulk.slips import Slips
from shuzhi.kernel.catalogue.definitions import STATUSES
from shuzhi.kernel.finding import Finding, Refused

_BATCH: Final = 1 << 18
_EXACT: Final = pa.decimal128(38, 10)
_NUMBER: Final = r"^[+-]?[0-9]{1,18}(\.[0-9]{1,10})?$"
_MOST: Final = 10**18


def _long(value: int) -> pa.Scalar:
    return pa.scalar(value, pa.int64())


class Columns(Judged):
    """Reads a Parquet file."""

    def __init__(self, file: pq.ParquetFile, name: str, books: Books) -> None:
        super().__init__(layout_of(file.schema_arrow.names, name), books)
        self._file, self._books = file, books
        self.arrange = arranger(books)
        self._table = _Table(books)

    def marks(self) -> Marking | None:
        """Marks for the periods of this file, where the compiled loops are."""
        if not compiled():
            return None
        from shuzhi.bulk.fast import marks_of

        return marks_of(self._books)

    def read(self, add: Add, slips: Slips, progress: Progress) -> None:
        """Read every row; raises Enough when there are too many errors to go on."""
        gathered = Gathered(self.judge, add, slips)
        done, whole = 0, self._file.metadata.num_rows
        for batch in self._file.iter_batches(_BATCH):
            self._batch(batch, done + 1, gathered)
            done += batch.num_rows
            progress("读", done, whole)
        gathered.flush()

    def _batch(self, batch: pa.RecordBatch, first: int, gathered: Gathered) -> None:
        columns = {code: batch.column(at) for at, code in enumerate(self.layout.codes) if code}
        lines = pa.array(range(first, first + batch.num_rows), pa.int64())
        said, sound = self._table.line(columns, batch.num_rows)
        slots = self.layout.slots or ((self.layout.at(VALUE), None),)
        found = [self._table.value(said, batch.column(at), slot) for at, slot in slots]
        for _, right, blank in found:
            sound = pc.and_(sound, pc.or_(right, blank))
        for key, right, _ in found:
            taken = pc.and_(sound, right)
            whole = pa.table([key[0], key[1], pa.repeat(pa.scalar(0, pa.int32()), len(lines)), lines], SCHEMA)
            gathered.add(whole.filter(taken))
        for row in pc.indices_nonzero(pc.invert(sound)).to_pylist():
            cells = [_text(column[row].as_py()) for column in batch.columns]
            if any(cells):
                gathered.line(first + row, cells)


Said = dict[str, pa.Array]


class _Table:
    """What rows are checked against, as arrays by indicator and by unit."""

    def __init__(self, books: Books) -> None:
        measures, reach = books.measures, books.reach
        self._running = _long(books.running)
        self._words: dict[str, Mapping[str, int]] = {
            INDICATOR: books.indicator_words,
            UNIT: books.roll.words,
            ROLE: {word: ROLE_RANK[role] for word, role in ROLE_WORDS.items()},
            STATUS: {"": STATUS_RANK[STATUSES[1]], **{word: STATUS_RANK[word] for word in STATUSES}},
        }
        longs = {
            "months": [measure.months for measure in measures],
            "last_year": [measure.last_year for measure in measures],
            "places": [measure.places for measure in measures],
            "low": [measure.bounds.fit[0] for measure in measures],
            "high": [measure.bounds.fit[1] for measure in measures],
            "usual_low": [measure.bounds.usual[0] for measure in measures],
            "usual_high": [measure.bounds.usual[1] for measure in measures],
        }
        flags = {
            "computed": [measure.computed for measure in measures],
            "actual": [bool(flag) for flag in reach.actual],
            "planned": [bool(flag) for flag in reach.planned],
            "owned": [bool(flag) for flag in reach.owned],
        }
        self._by_indicator = {name: pa.array(values, pa.int64()) for name, values in longs.items()}
        self._by_indicator |= {name: pa.array(values, pa.bool_()) for name, values in flags.items()}
        self._by_unit = {
            "since": books.roll.since,
            "until": books.roll.until,
            "over": pa.array(list(reach.over), pa.int64()),
            "county": pa.array([bool(flag) for flag in books.roll.county]),
        }

    def line(self, columns: Mapping[str, pa.Array], rows: int) -> tuple[Said, pa.Array]:
        """What every row says apart from its values, and which rows are right so far."""
        said = {code: self._ranks(code, columns.get(code), rows) for code in self._words}
        year = columns.get(YEAR)
        said[YEAR] = pa.repeat(_long(0), rows) if year is None else _wholes(year)
        if MONTH in columns:
            said[MONTH] = _wholes(columns[MONTH])
        sound = pa.repeat(True, rows)
        for code in self._words:
            sound = pc.and_(sound, said[code].is_valid())
        if year is not None:
            sound = pc.and_(sound, pc.fill_null(_within(said[YEAR], FIRST_YEAR, LAST_YEAR), False))
        reason = columns.get(REASON)
        if reason is not None:
            empty = pc.equal(pc.utf8_length(pc.fill_null(reason.cast(pa.string()), "")), 0)
            sound = pc.and_(sound, empty)
        said |= {name: array.take(said[INDICATOR]) for name, array in self._by_indicator.items()}
        said |= {name: array.take(said[UNIT]) for name, array in self._by_unit.items()}
        return said, sound

    def _ranks(self, code: str, column: pa.Array | None, rows: int) -> pa.Array:
        """The rank of what each row says in a column, null where it is no word of it."""
        if column is None:
            return pa.repeat(_long(self._words[code][""]), rows)
        texts = (
            column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()
        )
        words = self._words[code]
        ranks = pa.array([words.get(_text(word)) for word in texts.dictionary.to_pylist()], pa.int64())
        found = ranks.take(texts.indices)
        return found if "" not in words else pc.if_else(column.is_valid(), found, _long(words[""]))

    def value(
        self, said: Said, column: pa.Array, slot: Slot | None
    ) -> tuple[tuple[pa.Array, pa.Array], pa.Array, pa.Array]:
        """The periods and values of a column; which of them are right; which cells of a wide file say nothing."""
        rows = len(column)
        year = pa.repeat(_long(slot.year), rows) if slot is not None and slot.year else said[YEAR]
        month = said[MONTH] if slot is None else pa.repeat(_long(slot.month), rows)
        value = _scaled(column, said["places"])
        right = pc.fill_null(pc.and_(value.is_valid(), self._right(said, year, month, value)), False)
        blank = column.is_null() if slot is not None else pa.repeat(False, rows)
        actual, target = _long(ROLE_RANK["actual"]), _long(ROLE_RANK["target"])
        planned = pc.if_else(
            pc.equal(said[ROLE], target), _long(STATUS_RANK[""]), _long(STATUS_RANK[STATUSES[0]])
        )
        key = pc.if_else(pc.equal(said[ROLE], actual), said[STATUS], planned)
        parts = (
            (said[INDICATOR], INDICATOR_AT),
            (said[UNIT], UNIT_AT),
            (pc.subtract(year, _long(FIRST_YEAR)), YEAR_AT),
            (month, MONTH_AT),
            (said[ROLE], ROLE_AT),
        )
        for part, at in parts:
            key = pc.add(key, pc.shift_left(pc.if_else(right, part, _long(0)), _long(at)))
        return (key, value), right, blank

    def _right(self, said: Said, year: pa.Array, month: pa.Array, value: pa.Array) -> pa.Array:
        """Whether every check passes."""
        actual = pc.equal(said[ROLE], _long(ROLE_RANK["actual"]))
        inside = pc.and_(_within(month, 1, 12), _within(year, FIRST_YEAR, LAST_YEAR))
        bit = pc.shift_right(said["months"], pc.if_else(inside, month, _long(0)))
        when = pc.add(pc.multiply(year, _long(12)), pc.subtract(month, _long(1)))
        served = pc.and_(pc.equal(said["over"], _long(SERVED)), said["owned"])
        odd = pc.and_(
            pc.greater(value, _long(0)),
            pc.or_(pc.less(value, said["usual_low"]), pc.greater(value, said["usual_high"])),
        )
        checks = (
            inside,
            pc.equal(pc.bit_wise_and(bit, _long(1)), _long(1)),
            pc.less_equal(year, said["last_year"]),
            pc.invert(pc.and_(actual, said["computed"])),
            pc.or_(pc.invert(actual), pc.less_equal(when, self._running)),
            pc.and_(pc.greater_equal(when, said["since"]), pc.less_equal(when, said["until"])),
            pc.if_else(actual, said["actual"], said["planned"]),
            pc.or_(pc.equal(said["over"], _long(BELOW)), served),
            pc.and_(pc.greater_equal(value, said["low"]), pc.less_equal(value, said["high"])),
            pc.invert(pc.and_(odd, said["county"])),
        )
        right = checks[0]
        for check in checks[1:]:
            right = pc.and_(right, check)
        return right


def _within(values: pa.Array, least: int, most: int) -> pa.Array:
    return pc.and_(pc.greater_equal(values, _long(least)), pc.less_equal(values, _long(most)))


def _wholes(column: pa.Array) -> pa.Array:
    """Years or months as whole numbers, null where they are written in another way."""
    if pa.types.is_integer(column.type):
        return column.cast(pa.int64())
    texts = column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()
    words = [_text(word) for word in texts.dictionary.to_pylist()]
    numbers = [int(word) if word.isascii() and word.isdigit() and len(word) < 9 else None for word in words]
    return pa.array(numbers, pa.int64()).take(texts.indices)


def _scaled(column: pa.Array, places: pa.Array) -> pa.Array:
    """Values as whole numbers at so many places each, null where they are not exactly that."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not (pa.types.is_integer(column.type) or pa.types.is_decimal(column.type)):
        texts = column.cast(pa.string())
        column = pc.if_else(pc.match_substring_regex(texts, _NUMBER), texts, None)
    try:
        exact = column.cast(_EXACT)
    except pa.ArrowInvalid:  # digits beyond any scale: every row is judged by itself
        return pa.nulls(len(column), pa.int64())
    found = pa.nulls(len(column), pa.int64())
    for count in pc.unique(places).drop_null().to_pylist():
        cut = pc.cast(exact, pa.decimal128(38, count), safe=False)
        whole = pc.equal(pc.cast(cut, _EXACT), exact)
        plain = pa.Array.from_buffers(pa.decimal128(38, 0), len(cut), cut.buffers(), offset=cut.offset)
        small = pc.less(pc.abs(plain), pa.scalar(Decimal(_MOST), pa.decimal128(38, 0)))
        mine = pc.and_(pc.and_(whole, small), pc.equal(places, _long(count)))
        found = pc.if_else(mine, pc.if_else(mine, plain, None).cast(pa.int64()), found)
    return found


def _text(cell: Any) -> str:
    """A cell as a person would have written it."""
    if cell is None or cell != cell:  # noqa: PLR0124 - what is not equal to itself is no number: nothing is said
        return ""
    if isinstance(cell, float | Decimal):
        return format(Decimal(repr(cell)) if isinstance(cell, float) else cell, "f")
    return str(cell)


@contextmanager
def open_columns(path: Path, books: Books) -> Iterator[Columns]:
    """Open a Parquet file; raises Refused when it is none, or has not the columns of observations."""
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid:
        hint = "请重新导出，或改用 CSV"
        raise Refused(Finding("ingest.parquet", "不是 Parquet 文件，或文件不完整", hint, path.name)) from None
    with file:
        yield Columns(file, path.name, books)
