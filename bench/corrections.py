"""Corrections of a live cube: one by one, in batches of 1,000 and 100,000, and whether it then equals one rolled up anew.

Run by hand: ``python bench/corrections.py --tree DIST --data DIR --scope city [--rounds 5]``. A correction moves the village's
own cell, all sums and counts above it and the months after it; formulas are worked out when they are read, so nothing is
left to do. Batches are timed in turn with a full roll-up in one process. At the end every cell is compared with a
roll-up of the corrected observations.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence

import numpy as np
from closings import indicator_code
from ours import Resident
from pairs import Book, Way, alternately, latencies, show, told, versions
from tree import SCOPES, YEARS, Tree, options, read_tree

from shuzhi.cube.correct import Correction, Live


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


def endless(batches: Sequence[list[Correction]]) -> Iterator[list[Correction]]:
    """The batches over and over: values differ from one to the next, so each moves something."""
    while True:
        yield from batches


def measure(resident: Resident, live: Live, given: argparse.Namespace, book: Book) -> None:
    """Time single corrections and batches."""
    tree = resident.tree
    singles = corrections(tree, 4000, 1)
    middle, late = latencies(lambda number: live.apply(singles[number % len(singles)]), 3000)
    print(f"one by one: median {told(middle)}, 99th percentile {told(late)}")
    book.keep(what="correction", way="single", seconds=middle, late=late)
    thousand = endless([corrections(tree, 1000, 10 + number) for number in range(4)])
    hundred = endless([corrections(tree, 100_000, 20 + number) for number in range(2)])
    ways: dict[str, Way] = {
        "full roll-up": lambda: resident.roll(given.kernel),
        "1,000": lambda: live.apply_all(next(thousand)),
        "100,000": lambda: live.apply_all(next(hundred)),
    }
    timed = alternately(ways, rounds=given.rounds, floor="full roll-up")
    show(timed)
    for name, many in (("1,000", 1000), ("100,000", 100_000)):
        one = timed[name]
        print(f"in a batch of {name}: {told(one.median / many)} each, {one.ratio:.2f} × a full roll-up")
        book.keep(
            what="correction", way=name, seconds=one.median / many, ratio=one.ratio, floor="full roll-up"
        )


def equal(resident: Resident, given: argparse.Namespace) -> bool:
    """Whether the corrected cells are, bit for bit, those of a roll-up of the corrected observations."""
    kept = [cells.copy() for cells in resident.cells()]
    resident.roll(given.kernel)
    return all(np.array_equal(one, two) for one, two in zip(kept, resident.cells(), strict=True))


def main() -> None:
    """Measure the scale asked for."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="batches timed")
    parser.add_argument("--kernel", default="", help="numba, numpy or plain for the full roll-up")
    given = parser.parse_args()
    print(versions("numpy", "numba"))
    book = Book(given.book, {"bench": "corrections", "scope": given.scope})
    resident = Resident.of(read_tree(given.tree, SCOPES[given.scope]))
    resident.roll(given.kernel)
    started = time.perf_counter()
    live = Live(resident.block())
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
