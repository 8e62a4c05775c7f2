"""The roll of a closing's units, in the order of their codes: which stood when, what they are called, who is below whom.

Read column by column and kept as Arrow columns, so that a nation's 665,277 units are open in about a second.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuzhi.figures.closing import Closing
from shuzhi.figures.tree import UNITS
from shuzhi.kernel.finding import Finding, Refused

COUNTY: Final = "county"
#: Up to so many units the fast reader knows them by name as well; beyond, files name them by code.
NAMED: Final = 20_000
_ALWAYS: Final = (0, 1 << 20)
_COLUMNS: Final = ("code", "name", "level", "parent", "since", "until", "first", "last")


@dataclass(frozen=True)
class Roll:
    """The units; a unit that was reported on and is gone from the tree has its place, but is not ``known``."""

    table: pa.Table

    @classmethod
    def of(cls, closing: Closing, reported: Iterable[str]) -> "Roll":
        """The units of a closing, and those reported on; raises Refused when there are none, or two of one code."""
        place = closing.path.name
        if UNITS not in closing.tables:
            raise Refused(Finding("ingest.no-units", "这次结账里没有单位", "先导入单位，再结账", place))
        table = pq.read_table(closing.file(UNITS), columns=list(_COLUMNS))
        table = table.append_column("known", pa.repeat(True, table.num_rows))
        codes = table["code"].combine_chunks()
        if pc.count_distinct(codes).as_py() < len(codes):
            raise Refused(
                Finding("ingest.unit-twice", "有的单位代码重了，说不清是哪个单位", "请核对单位", place)
            )
        told = pa.array(sorted(reported), pa.string())
        gone = told.filter(pc.invert(pc.is_in(told, value_set=codes)))
        if len(gone):
            more = pa.table({"code": gone, "known": pa.repeat(False, len(gone))})
            table = pa.concat_tables([table, more], promote_options="default")
        return cls(table.sort_by("code").combine_chunks())

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def column(self, name: str) -> pa.Array:
        """One of the relation's columns."""
        return self.table[name].combine_chunks()

    @cached_property
    def codes(self) -> list[str]:
        """The codes."""
        return list(self.column("code").to_pylist())

    @cached_property
    def names(self) -> list[str]:
        """The names, empty for those that are gone."""
        return list(pc.fill_null(self.column("name"), "").to_pylist())

    @cached_property
    def words(self) -> dict[str, int]:
        """What a unit may be called: its code, or its name where only one is called so."""
        counted: dict[str, int] = {}
        for rank, name in enumerate(self.names):
            counted[name] = -1 if name in counted or not name else rank
        words = {name: rank for name, rank in counted.items() if rank >= 0}
        known = self.column("known").to_pylist()
        words.update((code, rank) for rank, code in enumerate(self.codes) if known[rank])
        return words

    @cached_property
    def since(self) -> pa.Array:
        """The first month (year × 12 + month − 1) in which each unit stood."""
        return _months(self.column("since"), _ALWAYS[0])

    @cached_property
    def until(self) -> pa.Array:
        """The last month in which each unit stood."""
        return _months(self.column("until"), _ALWAYS[1])

    @cached_property
    def county(self) -> bytes:
        """Whether each is of the level of which usual values are known."""
        return flags(pc.fill_null(pc.equal(self.column("level"), COUNTY), False))

    def find(self, code: str) -> dict[str, Any] | None:
        """The unit of a code, as a row of the relation; None when there is none."""
        at = pc.index(self.column("code"), code).as_py()
        return None if at < 0 else dict(self.table.slice(at, 1).to_pylist()[0])


def flags(array: pa.Array) -> bytes:
    """Truths as a byte each."""
    whole = array.cast(pa.int8())
    return bytes(memoryview(whole.buffers()[1]).cast("b")[whole.offset : whole.offset + len(whole)])


def _months(days: pa.Array, otherwise: int) -> pa.Array:
    year, month = pc.year(days), pc.month(days)
    whole = pc.add(pc.multiply(year, pa.scalar(12, pa.int64())), pc.subtract(month, pa.scalar(1, pa.int64())))
    return pc.fill_null(whole, pa.scalar(otherwise, pa.int64()))
