"""The axis of a closing: from the columns of its units as they stand, or as they stood on an earlier day."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from shuzhi.cube.axis import EPOCH, EVER, Axis, Units, lay
from shuzhi.cube.checked import checked
from shuzhi.cube.kernels import Kernel
from shuzhi.cube.redrawn import Redrawn
from shuzhi.figures.closing import Closing
from shuzhi.figures.tree import DEPARTMENT, PLACES, SUCCESSIONS, UNITS, Member, Tree, tree_of
from shuzhi.kernel.finding import Finding, Refused

_COLUMNS = ["code", "level", "since", "until", "first", "last"]


def last_days(years: Sequence[int], as_of: date) -> list[int]:
    """The last day that counts of each month of the years: its end, but never after the books were closed."""
    closed = as_of.toordinal()
    return [min(end, closed) for year in years for end in _ends(year)]


@lru_cache(maxsize=256)
def _ends(year: int) -> list[int]:
    return [date(year, month, monthrange(year, month)[1]).toordinal() for month in range(1, 13)]


def axis_of(closing: Closing, years: Sequence[int], kernel: Kernel, then: date | None = None) -> Axis:
    """The units of a closing as they stand (or stood on the day ``then``), over the months of some years.

    Raises Refused when the file is damaged or its preorder numbers do not nest.
    """
    days = last_days(years, closing.as_of)
    if then is not None or UNITS not in closing.tables:
        return lay(_members(list(tree_of(closing, then).members.values())), days)
    if kernel.name != "plain":
        found = _spread(closing, days, kernel)
    else:
        nested = _nested(_table(closing))
        found = None if nested is None else lay(nested, days)
    if found is None:
        raise Refused(_crossed(closing))
    told = _redrawn(closing, found, days)
    return found if told is None else replace(found, redrawn=told)


def _redrawn(closing: Closing, axis: Axis, days: Sequence[int]) -> Redrawn | None:
    """What a closing tells of earlier boundaries, by rows of its axis; None where it tells of none."""
    if PLACES not in closing.tables and SUCCESSIONS not in closing.tables:
        return None
    return redrawn_from(tree_of(closing), axis, days)


def redrawn_from(tree: Tree, axis: Axis, days: Sequence[int]) -> Redrawn | None:
    """What a tree of units tells of earlier boundaries, by rows of an axis; None where it tells of none."""
    rows = {code: axis.find(code, member.level) for code, member in tree.members.items()}
    moves = [
        (
            rows[move.unit],
            rows.get(move.parent, -1),
            *_stood(own, move.since.toordinal(), move.until.toordinal()),
        )
        for move in tree.moves
        if (own := tree.members[move.unit]).level != DEPARTMENT
    ]
    splits = [
        (rows[into], *_stood(tree.members[unit], 0, day.toordinal() - 1))
        for unit, into, day in tree.splits
        if unit in rows and into in rows
    ]
    ended = frozenset(rows[code] for code, member in tree.members.items() if member.until is not None)
    return Redrawn(tuple(moves), tuple(splits), ended, tuple(days)) if moves or splits else None


def _stood(member: Member, first: int, last: int) -> tuple[int, int]:
    """Of the days from first to last those on which a unit existed."""
    since = member.since.toordinal() if member.since else 0
    until = member.until.toordinal() if member.until else EVER
    return max(since, first), min(until, last)


def units_of(closing: Closing, then: date | None = None) -> Units:
    """The units of a closing in preorder, as they stand or as they stood on the day ``then``; raises Refused on damage."""
    if then is not None or UNITS not in closing.tables:
        return _members(list(tree_of(closing, then).members.values()))
    found = _nested(_table(closing))
    if found is None:
        raise Refused(_crossed(closing))
    return found


def _spread(closing: Closing, days: Sequence[int], kernel: Kernel) -> Axis | None:
    """The axis by NumPy, None when units cross; by numba straight from the file's pages where they are as closings have them."""
    from shuzhi.cube.spread import columns_of, spread

    if kernel.name == "numba":
        from shuzhi.cube.disk.laying import laid
        from shuzhi.cube.disk.leafing import leafed

        columns = leafed(checked(closing, UNITS))
        if columns is not None:
            return laid(columns, days) or spread(columns, days)
    return spread(columns_of(_table(closing)), days)


def _table(closing: Closing) -> pa.Table:
    with pq.ParquetFile(pa.BufferReader(checked(closing, UNITS))) as file:
        return file.read(columns=_COLUMNS, use_threads=False)


def _crossed(closing: Closing) -> Finding:
    hint = "请用原系统重新结账，或从备份恢复该结账文件夹"
    return Finding("cube.units", "结账里单位的排列被改动过，看不出谁在谁之下", hint, str(closing.path))


def days_of(column: Any, missing: int) -> Any:
    """A column of days as ordinals in an arrow array of 64 bits; what is missing as ``missing``."""
    days = column.combine_chunks().cast(pa.int32()).cast(pa.int64())
    return pa.compute.fill_null(pa.compute.add(days, EPOCH), missing)


def _nested(table: Any) -> Units | None:
    """Units from their preorder numbers: the parent is the nearest whose interval holds one; None when they cross."""
    columns = [table.column(name).to_pylist() for name in ("code", "level", "first", "last")]
    days = [days_of(table.column("since"), 0).to_pylist(), days_of(table.column("until"), EVER).to_pylist()]
    ordered = sorted(zip(*columns, *days, strict=True), key=lambda unit: (unit[2], -unit[3]))
    parents: list[int] = []
    open_: list[tuple[int, int]] = []
    for place, (_, _, first, last, _, _) in enumerate(ordered):
        while open_ and open_[-1][1] < first:
            open_.pop()
        if last < first or (open_ and last > open_[-1][1]):
            return None
        parents.append(open_[-1][0] if open_ else -1)
        open_.append((place, last))
    codes, levels, _, _, since, until = zip(*ordered, strict=True) if ordered else ([], [], [], [], [], [])
    return Units(codes, [level or "" for level in levels], parents, since, until)


def _members(members: list[Member]) -> Units:
    place = {member.code: number for number, member in enumerate(members)}
    return Units(
        [member.code for member in members],
        [member.level for member in members],
        [place.get(member.parent, -1) for member in members],
        [member.since.toordinal() if member.since else 0 for member in members],
        [member.until.toordinal() if member.until else EVER for member in members],
    )
