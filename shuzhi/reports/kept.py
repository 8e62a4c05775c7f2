"""Whether a ledger was kept at all in the time a figure speaks of: nothing written is not nothing done."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuzhi.figures.ask import Figure, Leaf
from shuzhi.figures.closing import Closing

# The day by which an item of a shape is placed in time, in the order they are looked for.
DAYS = ("date", "opened", "since")


def never_kept(figure: Figure, closing: Closing) -> str:
    """Why a total is no answer, in Chinese: every ledger it comes from is empty, or begins after the year asked for."""
    year = figure.ask.year or closing.as_of.year
    told = [_told(leaf, closing, year, figure.ask.month) for leaf in figure.trace.leaves]
    return told[0] if told and all(told) else ""


def _told(leaf: Leaf, closing: Closing, year: int, month: int) -> str:
    held = closing.tables.get(leaf.relation)
    if held is None or leaf.relation == "observation":
        return ""
    if not held.rows:
        return "这本台账还没有登记过，不能当作0"
    first = _first_day(leaf.relation_digest, closing.file(leaf.relation))
    if first is None or (first.year, first.month) <= (year, month):
        return ""
    since = f"{first.year}年" if first.year > year else f"{first.year}年{first.month}月"
    then = f"{year}年" if first.year > year else f"到{month}月末"
    return f"这本台账从{since}才开始登记，{then}没有记录，不能当作0"


@lru_cache(maxsize=256)
def _first_day(digest: str, file: Path) -> date | None:
    """The first day of a relation's rows; None when they carry no day. The digest is the key: the file never changes."""
    names = pq.read_schema(file).names
    column = next((name for name in DAYS if name in names), None)
    if column is None:
        return None
    found = pc.min(pq.read_table(file, columns=[column])[column]).as_py()
    return found if isinstance(found, date) else None
