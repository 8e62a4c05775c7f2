"""New records beside what a closing holds: duplicates, vintages, what may not be changed; and the relation that results.

The rules are those of entry (``shuzhi.indicators.verbs``): the same report again changes nothing, another value of a period
is its next vintage, a status never goes back, a target that stands is changed by a decision only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.bulk.books import (
    FIRST_YEAR,
    INDICATOR_AT,
    MONTH_AT,
    MONTH_BITS,
    ROLE_AT,
    ROLE_BITS,
    ROLE_NAMES,
    STATUS_BITS,
    STATUS_NAMES,
    UNIT_AT,
    UNIT_BITS,
    YEAR_AT,
    YEAR_BITS,
    Books,
)
from shuzhi.bulk.slips import Slip, Slips
from shuzhi.figures.observed import OBSERVATION_COLUMNS as COLUMNS
from shuzhi.kernel.catalogue.definitions import STATUSES
from shuzhi.kernel.measure import amount, say, unit

_NO_STATUS: Final = len(STATUS_NAMES)
Row = dict[str, Any]


@dataclass
class Settled:
    """How many records were new, and how many stood in the books already."""

    new: int = 0
    known: int = 0


def twice(block: pa.Table, books: Books, heading: str) -> Iterator[Slip]:
    """Periods that the file names more than once, told at every line but the first."""
    period = pc.shift_right(block["key"], pa.scalar(ROLE_AT, pa.int64())).combine_chunks()
    if len(period) < 2:
        return
    again = pc.equal(period[1:], period[:-1])
    if not pc.any(again).as_py():
        return
    places = pc.indices_nonzero(again).to_pylist()
    lines: dict[int, set[int]] = {}
    part = block["line"].combine_chunks()
    for place in places:
        lines.setdefault(period[place].as_py(), set()).update((part[place].as_py(), part[place + 1].as_py()))
    for key, told in sorted(lines.items(), key=lambda item: min(item[1])):
        first, *others = sorted(told) if len(told) > 1 else [*told, *told]
        for line in others:
            said = f"{place_of(books, key << ROLE_AT)}在第{first}行已有"
            yield Slip(line, heading, "ingest.twice", said, "一期只写一行，请核对后删去一行")


def place_of(books: Books, key: int) -> str:
    """A period in words."""
    measure = books.measures[key >> INDICATOR_AT]
    place = _part(key, UNIT_AT, UNIT_BITS)
    year = _part(key, YEAR_AT, YEAR_BITS) + FIRST_YEAR
    return f"{measure.indicator.label}·{books.name(place)}·{year}年{_part(key, MONTH_AT, MONTH_BITS)}月"


def _part(key: int, at: int, bits: int) -> int:
    return key >> at & ((1 << bits) - 1)


class Settler:
    """Lays new records beside old rows, both in order, and gives the rows of the new relation in order."""

    def __init__(self, books: Books, remarks: Sequence[str], slips: Slips, heading: str) -> None:
        self.books, self.slips, self.heading = books, slips, heading
        self.settled = Settled()
        self._units, self._codes = books.roll.column("code"), pa.array(books.codes, pa.string())
        self._roles, self._statuses = pa.array(ROLE_NAMES), pa.array(STATUS_NAMES)
        self._remarks = pa.array(remarks, pa.string())

    def rows(
        self, new: Iterable[pa.Table], old: Iterable[pa.Table], *, check: bool = False
    ) -> Iterator[pa.Table]:
        """The rows of the relation, in order; slips of conflicts are kept on the way (raises Enough).

        To ``check`` only is to look for the slips: rows nobody disputes are left out.
        """
        olds = iter(old)
        waiting = next(olds, None)
        for block in new:
            self.slips.add(twice(block, self.books, self.heading))
            last = block["key"][-1].as_py() >> ROLE_AT
            parts = []
            while waiting is not None:
                cut = _count_to(waiting["key"], last)
                parts.append(waiting.slice(0, cut))
                if cut < waiting.num_rows:
                    waiting = waiting.slice(cut)
                    break
                waiting = next(olds, None)
            beside = [part for part in parts if part.num_rows]
            if beside:
                yield self._together(block, pa.concat_tables(beside))
            else:
                self.settled.new += block.num_rows
                if not check:
                    yield self._fresh(block)
        while waiting is not None and not check:
            yield waiting.drop_columns(["key"])
            waiting = next(olds, None)

    def _fresh(self, block: pa.Table, vintages: pa.Array | None = None) -> pa.Table:
        """New records as rows; first vintages where none are given."""
        key = block["key"].combine_chunks()
        note = block["note"].combine_chunks()
        one = pa.scalar(1, pa.int32())
        missing = pc.equal(pc.bit_wise_and(note, one), one)
        value = block["value"].combine_chunks()
        if pc.any(missing).as_py():
            value = pc.if_else(missing, pa.scalar(None, pa.int64()), value)
        arrays = [
            pa.DictionaryArray.from_arrays(_bits(key, INDICATOR_AT, 20), self._codes),
            pa.DictionaryArray.from_arrays(_bits(key, UNIT_AT, UNIT_BITS), self._units),
            pc.add(_bits(key, YEAR_AT, YEAR_BITS).cast(pa.int64()), pa.scalar(FIRST_YEAR, pa.int64())),
            _bits(key, MONTH_AT, MONTH_BITS).cast(pa.int64()),
            pa.DictionaryArray.from_arrays(_bits(key, ROLE_AT, ROLE_BITS), self._roles),
            pa.DictionaryArray.from_arrays(_bits(key, 0, STATUS_BITS), self._statuses),
            pa.repeat(pa.scalar(1, pa.int64()), len(key)) if vintages is None else vintages,
            value,
            pa.DictionaryArray.from_arrays(pc.shift_right(note, one), self._remarks),
        ]
        plain = [
            array.dictionary_decode() if pa.types.is_dictionary(array.type) else array for array in arrays
        ]
        return pa.table(plain, names=[column.name for column in COLUMNS])

    def _together(self, block: pa.Table, old: pa.Table) -> pa.Table:
        """A block of new records and the old rows of the same stretch, as rows in order."""
        shift = pa.scalar(ROLE_AT, pa.int64())
        before = pc.shift_right(old["key"], shift).combine_chunks()
        period = pc.shift_right(block["key"], shift).combine_chunks()
        there = pc.is_in(period, value_set=before)
        fresh = block.filter(pc.invert(there))
        self.settled.new += fresh.num_rows
        tables = [old, self._fresh(fresh).append_column("key", fresh["key"])]
        clashing = block.filter(there)
        if clashing.num_rows:
            told = old.filter(pc.is_in(before, value_set=pc.unique(period.filter(there))))
            tables.append(self._next(clashing, told))
        together = pa.concat_tables([table.cast(_KEYED) for table in tables])
        order = pc.sort_indices(
            together,
            [("key", "ascending"), ("vintage", "ascending"), ("value", "ascending"), ("reason", "ascending")],
        )
        return together.take(order).drop_columns(["key"])

    def _next(self, clashing: pa.Table, old: pa.Table) -> pa.Table:
        """Records of periods that the books hold already: the next vintage of each that says something else."""
        history: dict[int, list[Row]] = {}
        for row in old.to_pylist():
            history.setdefault(row["key"] >> ROLE_AT, []).append(row)
        kept, vintages = [], []
        lines = clashing["line"].to_pylist()
        rows = self._fresh(clashing).to_pylist()
        for at, (key, row) in enumerate(zip(clashing["key"].to_pylist(), rows, strict=True)):
            past = sorted(history[key >> ROLE_AT], key=lambda item: int(item["vintage"]))
            if _told(row, past):
                self.settled.known += 1
                continue
            self.slips.add(self._against(lines[at], key, row, past[-1]))
            kept.append(at)
            vintages.append(past[-1]["vintage"] + 1)
        self.settled.new += len(kept)
        taken = clashing.take(pa.array(kept, pa.int64()))
        return self._fresh(taken, pa.array(vintages, pa.int64())).append_column("key", taken["key"])

    def _against(self, line: int, key: int, row: Row, newest: Row) -> Iterator[Slip]:
        """What keeps a record from following the newest vintage of its period."""
        place = place_of(self.books, key)
        if row["role"] == "target" and newest["value"] is not None and newest["value"] != row["value"]:
            stood = self._said(key, newest["value"])
            hint = "凭调整决定（文号、文件）在“目标”页或“目标调整”表中办理，原数留存"
            yield Slip(
                line, self.heading, "indicator.target-fixed", f"{place}的目标已定为{stood}，不能直接改", hint
            )
        said, status = newest["status"] or "", row["status"]
        if said in STATUSES and status in STATUSES and STATUSES.index(status) < STATUSES.index(said):
            message = f"{place}已有“{said}”数，不能再报“{status}”数"
            hint = f"如确需更正，请以“{said}”或更后的状态报送"
            yield Slip(line, self.heading, "indicator.status-back", message, hint)

    def _said(self, key: int, value: int) -> str:
        shown = unit(self.books.measures[key >> INDICATOR_AT].indicator.unit)
        exact = amount(value, shown)
        places = next(n for n in range(40) if (exact * 10**n).denominator == 1)
        return f"{say(exact, places)}{shown.name}"


def _told(row: Row, past: Sequence[Row]) -> bool:
    """Whether this very report stands in the books: as the newest, or before one of a later status or a decision."""
    newest, said = past[-1], (row["value"], row["status"], row["reason"])
    if (newest["value"], newest["status"] or "", newest["reason"] or "") == said:
        return True
    if row["role"] == "target" and newest["value"] is not None and row["value"] is not None:
        if newest["value"] != row["value"]:
            return any(
                (item["value"], item["reason"] or "") == (row["value"], row["reason"]) for item in past
            )
        return False
    later, now = newest["status"] or "", row["status"]
    if later not in STATUSES or now not in STATUSES or STATUSES.index(now) >= STATUSES.index(later):
        return False
    return any((item["value"], item["status"] or "", item["reason"] or "") == said for item in past)


_KEYED: Final = pa.schema(
    [
        *((column.name, pa.string() if column.type == "text" else pa.int64()) for column in COLUMNS),
        ("key", pa.int64()),
    ]
)


def _bits(key: pa.Array, at: int, bits: int) -> pa.Array:
    """A part of every key."""
    moved = pc.shift_right(key, pa.scalar(at, pa.int64()))
    return pc.bit_wise_and(moved, pa.scalar((1 << bits) - 1, pa.int64())).cast(pa.int32())


def _count_to(keys: pa.ChunkedArray, last: int) -> int:
    """How many of the sorted keys are of periods up to one."""
    limit = pa.scalar((last + 1) << ROLE_AT, pa.int64())
    return int(pc.sum(pc.less(keys, limit)).as_py() or 0)


def keyed(batches: Iterable[pa.RecordBatch], books: Books) -> Iterator[pa.Table]:
    """Old rows with their periods beside them, as they lie in a relation."""
    words: dict[str, dict[str, int]] = {}
    for batch in batches:
        words = words or _ranked(books)
        table = pa.Table.from_batches([batch]).select([column.name for column in COLUMNS])
        yield table.append_column("key", _keys(table, words)).cast(_KEYED)


def _ranked(books: Books) -> dict[str, dict[str, int]]:
    """The ranks of the words of each column."""
    return {
        name: {word: rank for rank, word in enumerate(texts)}
        for name, texts in (
            ("indicator", books.codes),
            ("unit", books.roll.codes),
            ("role", ROLE_NAMES),
            ("status", STATUS_NAMES),
        )
    }


def _keys(table: pa.Table, words: Mapping[str, Mapping[str, int]]) -> pa.Array:
    def ranks(name: str) -> pa.Array:
        column = table[name].combine_chunks()
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        mapped = [words[name].get(word, _NO_STATUS) for word in coded.dictionary.to_pylist()]
        found = pa.array(mapped, pa.int64()).take(coded.indices)
        return pc.fill_null(found, pa.scalar(_NO_STATUS, pa.int64()))

    year = pc.subtract(table["year"].combine_chunks(), pa.scalar(FIRST_YEAR, pa.int64()))
    key = ranks("status")
    for part, at in (
        (ranks("indicator"), INDICATOR_AT),
        (ranks("unit"), UNIT_AT),
        (year, YEAR_AT),
        (table["month"].combine_chunks(), MONTH_AT),
        (ranks("role"), ROLE_AT),
    ):
        key = pc.add(key, pc.shift_left(part, pa.scalar(at, pa.int64())))
    return key
