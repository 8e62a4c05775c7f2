"""One county of 3,000 closes again: how much of the whole country's figures has to be worked out once more.

Run by hand: ``python bench/reclose.py --data DIR [--counties 3000] [--rows 200] [--rounds 3]``. Closings of the national
catalogue's largest ledger are written under ``DIR/reclose`` (kept for the next time). Timed in turn, in one process: all
figures over all closings with nothing remembered; the same after one county has closed again, with what this process
remembers; and with what a folder of partials holds, nothing else remembered. Figures are compared with those worked out
anew, value and trace.
"""

import argparse
import json
import random
import shutil
import statistics
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from figures import row
from pairs import Book, told, versions

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.cases import columns_of
from shuzhi.figures.closing import STORE, Closing, open_closing, write_closing
from shuzhi.figures.compute import compute
from shuzhi.figures.layout import Relation
from shuzhi.figures.many.census import SHARED
from shuzhi.figures.observed import SHEETS
from shuzhi.figures.partial import PARTIALS
from shuzhi.figures.tree import CODES, TREES
from shuzhi.figures.tree import UNIT_COLUMNS as UNIT
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.kernel.catalogue.load import national


def largest(catalogue: Catalogue) -> Kind:
    """The ledger with most amounts."""
    return max(catalogue.of_shape("matter"), key=lambda kind: sum(bool(field.unit) for field in kind.fields))


def close(folder: Path, number: int, rows: int, seed: int) -> Closing:
    """The closing of one county: its ledger's rows drawn from a seed."""
    catalogue = national()
    kind = largest(catalogue)
    columns, stages = columns_of(kind.code, catalogue), [stage.name for stage in kind.stages]
    chance, code = random.Random(seed), f"{number:06d}"
    at = [column.name for column in columns].index("unit")
    drawn = (list(row(columns, item, stages, chance)) for item in range(rows))
    ledger = [(*cells[:at], code, *cells[at + 1 :]) for cells in drawn]
    named = [(f"matter/{code}-{item:06d}", *cells[1:]) for item, cells in enumerate(ledger)]
    return write_closing(
        folder,
        unit_code=code,
        unit_name=f"第{number}县",
        as_of=date(2025, 12, 31),
        catalogue=catalogue,
        relations=[
            Relation(kind.code, columns, named),
            Relation("unit", UNIT, [(code, f"第{number}县", "county", None, date(1949, 10, 1), None, 1, 1)]),
        ],
    )


def closings(folder: Path, counties: int, rows: int) -> list[Closing]:
    """All closings, written when they are not there yet."""
    listed = folder / f"{counties}-{rows}.txt"
    if not listed.exists():
        shutil.rmtree(folder, ignore_errors=True)
        made = [close(folder, number, rows, number).path.name for number in range(1, counties + 1)]
        shutil.rmtree(folder / STORE)
        listed.write_text("\n".join(made), "ascii")
    return [open_closing(folder / name) for name in listed.read_text("ascii").split()]


def asks() -> list[Ask]:
    """What a country asks of a ledger: counts, sums, distinct, first and last, shares of them."""
    kind = largest(national())
    money = [field.code for field in kind.fields if field.unit in ("元", "万元", "亿元")][:3]
    stages = [stage.name for stage in kind.stages][:3]
    said = [f"sum {code} of {kind.code} where stage = '{stage}'" for code in money for stage in stages]
    said += [f"count {kind.code} where stage = '{stage}' in year" for stage in stages]
    said += [f"({said[0]}) / (sum {money[0]} of {kind.code})", f"distinct stage of {kind.code}"]
    said += [f"max {money[0]} of {kind.code}", f"min opened of {kind.code}"]
    return [Ask(expression) for expression in said]


def forget() -> None:
    """Drop what this process remembers of closings."""
    for memory in (PARTIALS, SHEETS, SHARED, TREES, CODES):
        memory.clear()


Spent = tuple[float, float]
"""Seconds by the clock, and of processors."""


def spent(asked: Sequence[Ask], over: Sequence[Closing], cache: Path | None) -> tuple[Spent, list[Figure]]:
    """What one computation took, and its figures."""
    start, busy = time.perf_counter(), time.process_time()
    found = compute(asked, over, cache=cache)
    return (time.perf_counter() - start, time.process_time() - busy), found


def measure(given: argparse.Namespace, book: Book) -> None:
    """Time the three ways in turn and compare what they found."""
    folder = given.data / "reclose"
    every, asked = closings(folder, given.counties, given.rows), asks()
    print(f"{len(every)} closings of {given.rows} rows, {len(asked)} figures")
    full: list[Spent] = []
    memory: list[Spent] = []
    shelf: list[Spent] = []
    for number in range(given.rounds):
        place = random.Random(number).randrange(len(every))
        again = close(folder / "again", place + 1, given.rows, 10**6 + number)
        after = [*every[:place], again, *every[place + 1 :]]
        cache = folder / "cache"
        forget()
        spent(asked, every, cache)  # what was there before the county closed again
        seconds, remembered = spent(asked, after, None)
        memory.append(seconds)
        forget()
        seconds, shelved = spent(asked, after, cache)
        shelf.append(seconds)
        forget()
        seconds, anew = spent(asked, after, None)
        full.append(seconds)
        said = [json.dumps(figure.as_json(), sort_keys=True, default=str) for figure in anew]
        for others in (remembered, shelved):
            assert [json.dumps(each.as_json(), sort_keys=True, default=str) for each in others] == said
        shutil.rmtree(cache)
    for name, taken in (("remembered", memory), ("from the folder", shelf)):
        for place, kind in enumerate(("by the clock", "of processors")):
            own, whole = [each[place] for each in taken], [each[place] for each in full]
            ratio = statistics.median(one / other for one, other in zip(own, whole, strict=True))
            seconds = statistics.median(own)
            print(f"{name}, {kind}: {told(seconds)}, 1/{1 / ratio:.0f} of {told(statistics.median(whole))}")
            book.keep(what=f"one county closed again, {kind}", way=name, seconds=seconds, ratio=ratio)
    print("equal to figures worked out anew, value and trace: True")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder for what is made, large")
    parser.add_argument("--counties", type=int, default=3000, help="closings")
    parser.add_argument("--rows", type=int, default=200, help="rows of each ledger")
    parser.add_argument("--rounds", type=int, default=3, help="rounds timed")
    parser.add_argument("--book", type=Path, help="file of results, a line of JSON each, appended to")
    given = parser.parse_args()
    print(versions("duckdb", "pyarrow"))
    measure(given, Book(given.book, {"bench": "reclose", "counties": given.counties}))


if __name__ == "__main__":
    main()
