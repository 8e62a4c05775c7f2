"""Whether a ledger was kept at all in the time a figure speaks of: nothing written is not nothing done."""

from datetime import date

from shuzhi.figures.ask import Figure, Leaf
from shuzhi.figures.closing import Closing, Table
from shuzhi.reports.held import held_of, table

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
    said = held_of(closing).once(f"first day of {leaf.relation}", lambda: _first_day(held, closing))
    first = date.fromisoformat(said) if said else None
    if first is None or (first.year, first.month) <= (year, month):
        return ""
    since = f"{first.year}年" if first.year > year else f"{first.year}年{first.month}月"
    then = f"{year}年" if first.year > year else f"到{month}月末"
    return f"这本台账从{since}才开始登记，{then}没有记录，不能当作0"


def _first_day(held: Table, closing: Closing) -> str:
    """The first day of a relation's rows, in ISO; "" when they carry no day."""
    column = next((name for name in DAYS if held.column(name) is not None), None)
    if column is None:
        return ""
    days = table(held.digest, closing.file(held.name), (column,))[column].to_pylist()
    return min((day.isoformat() for day in days if isinstance(day, date)), default="")
