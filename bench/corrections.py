"""Corrections of a live cube: one by one, in batches of 1,000 and 100,000, and whether it then equals one rolled up anew.

Run by hand: ``python bench/corrections.py --tree DIST --data DIR --scope city [--rounds 5] [--rebuilds 1]``. A correction moves
the village's own cell, all sums and counts above it and the months after it; formulas are worked out when they are read, so
nothing is left to do. Batches come as a list of corrections and as columns, and every run of one moves (all but a few of) its
cells. They are timed in turn with two yardsticks: a full roll-up of planes in memory that hold the corrected words already, and,
``--rebuilds`` times at the end, what it costs to make the cube again from the closings. At the end every cell is compared
with a roll-up of the corrected observations.
"""

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from itertools import cycle

import numpy as np
from closings import closings_of, indicator_code
from ours import Resident
from pairs import Book, Way, alternately, latencies, show, told, versions
from tree import SCOPES, YEARS, Tree, options, read_tree

from shuzhi.cube.correcting.correct import Batch, Correction, Live
from shuzhi.cube.cube import Cube
from shuzhi.figures.closing import open_closing

BATCHES = (1000, 100_000)


def corrections(tree: Tree, many: int, seed: int) -> list[Correction]:
    """Random corrections of villages: every twentieth takes a value back as missing."""
    chance = random.Random(seed)
    villages = tree.leaves
    return [
        Correction(
            indicator_code(chance.randrange(tree.scope.indicators)),
            tree.codes[villages[chance.randrange(len(villages))]],
            YEARS[chance.randrange(len(YEARS))],
            chance.randrange(1, 13),
            None if number % 20 == 19 else chance.randrange(10**7),
        )
        for number in range(many)
    ]


def again(news: Sequence[Correction]) -> list[Correction]:
    """Other corrections of the very same cells: told in turn with the first, each moves every cell."""
    return [
        each._replace(value=7 if each.value is None else None if number % 20 == 18 else each.value + 1)
        for number, each in enumerate(news)
    ]


def columns(news: Sequence[Correction]) -> Batch:
    """The same corrections in columns, codes numbered as a dictionary-encoded column has them."""
    units, indicators = (
        {code: at for at, code in enumerate(sorted({each[side] for each in news}))} for side in (1, 0)
    )
    numbers = [
        np.array(column, np.int64)
        for column in zip(
            *(
                (indicators[each.indicator], units[each.unit], each.year, each.month, each.word)
                for each in news
            ),
            strict=True,
        )
    ]
    return Batch(list(indicators), list(units), *numbers)


def measure(resident: Resident, live: Live, given: argparse.Namespace, book: Book) -> None:
    """Time single corrections and batches."""
    tree = resident.tree
    singles = corrections(tree, 4000, 1)
    middle, late = latencies(lambda number: live.apply(singles[number % len(singles)]), 3000)
    print(f"one by one: median {told(middle)}, 99th percentile {told(late)}")
    book.keep(what="correction", way="single", seconds=middle, late=late)
    ways: dict[str, Way] = {"full roll-up": lambda: resident.roll(given.kernel)}
    sizes: dict[str, int] = {}
    for many in BATCHES:
        first = corrections(tree, many, 10 + many)
        pair = first, again(first)
        lists, batches = cycle(pair), cycle([columns(each) for each in pair])
        ways[f"{many:,}"] = lambda lists=lists: live.apply_all(next(lists))
        ways[f"{many:,} in columns"] = lambda batches=batches: live.apply_all(next(batches))
        sizes |= {f"{many:,}": many, f"{many:,} in columns": many}
    timed = alternately(ways, rounds=given.rounds, floor="full roll-up")
    show(timed)
    anew = [rebuilt(given) for _ in range(given.rebuilds)]
    for name, many in sizes.items():
        one = timed[name]
        print(
            f"a batch of {name}: {told(one.median / many)} each, {one.ratio:.2f} × a full roll-up in memory"
        )
        if anew:
            print(
                f"    {one.median / statistics.median(anew):.4f} × the cube anew from its closings, {told(statistics.median(anew))}"
            )
        kept = {"seconds": one.median / many, "ratio": one.ratio, "floor": "full roll-up"}
        book.keep(what="correction", way=name, **kept, anew=statistics.median(anew) if anew else None)


def rebuilt(given: argparse.Namespace) -> float:
    """The seconds it takes to make the cube from the closings of all counties."""
    paths = closings_of(given.data, SCOPES[given.scope])
    Cube.of([open_closing(paths[0])])  # everything compiled and drawn in
    started = time.perf_counter()
    Cube.of([open_closing(path) for path in paths])
    return time.perf_counter() - started


def equal(resident: Resident, given: argparse.Namespace) -> bool:
    """Whether the corrected cells are, bit for bit, those of a roll-up of the corrected observations."""
    kept = [cells.copy() for cells in resident.cells()]
    resident.roll(given.kernel)
    return all(np.array_equal(one, two) for one, two in zip(kept, resident.cells(), strict=True))


def main() -> None:
    """Measure the scale asked for."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="batches timed")
    parser.add_argument(
        "--rebuilds", type=int, default=1, help="how often the cube is made anew from closings"
    )
    parser.add_argument("--kernel", default="", help="numba, numpy or plain")
    given = parser.parse_args()
    print(versions("numpy", "numba"))
    book = Book(given.book, {"bench": "corrections", "scope": given.scope})
    resident = Resident.of(read_tree(given.tree, SCOPES[given.scope]))
    resident.roll(given.kernel)
    started = time.perf_counter()
    live = Live(resident.block(), kernel_name=given.kernel)
    print(f"{given.scope}: live after {told(time.perf_counter() - started)}")
    measure(resident, live, given, book)
    for number, many in enumerate((1, 1000, 100_000, 1)):
        live.apply_all(corrections(resident.tree, many, 90 + number))
    same = equal(resident, given)
    print(f"equal to a roll-up of the corrected observations in every cell: {same}")
    book.keep(what="corrected equals rebuilt", way="all", equal=same)
    assert same


if __name__ == "__main__":
    main()
