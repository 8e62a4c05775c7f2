"""One county closes again under a cube of all: its block is made anew and the difference goes up; all else stays.

Run by hand: ``python bench/replace.py --tree DIST --data DIR --scope nation [--rounds 9] [--nested]``. The cube is made once from all
closings (that is the full run), then counties close again one after another, every value corrected. At the end the
crown is compared, cell by cell, with that of a cube made anew from the closings as they now are.
"""

import argparse
import shutil
import statistics
import time
from pathlib import Path

from closings import catalogue, closings_of, freeze
from pairs import Book, told, versions
from tree import COUNTY, SCOPES, Tree, options, read_tree

from shuzhi.cube.cube import Cube
from shuzhi.cube.frame import ROLES
from shuzhi.figures.closing import Closing, open_closing


def again(tree: Tree, folder: Path, number: int, more: int) -> Closing:
    """The next closing of a county, all its values larger."""
    root = int(tree.counties[number])
    return freeze(folder, tree, root, tree.within(root), catalogue(tree.scope.indicators), more)


def alike(one: Cube, two: Cube) -> bool:
    """Whether two crowns hold the same bits."""
    for role in ROLES:
        mine, theirs = one.block.planes[role], two.block.planes[role]
        if bytes(mine.sums) != bytes(theirs.sums) or bytes(mine.counts) != bytes(theirs.counts):
            return False
        if (mine.cumulative and bytes(mine.cumulative)) != (theirs.cumulative and bytes(theirs.cumulative)):
            return False
    return True


def measure(tree: Tree, given: argparse.Namespace, book: Book) -> None:
    """Make the cube, replace counties, compare."""
    scope = tree.scope
    closings = [open_closing(path) for path in closings_of(given.data, scope)]
    above = "nested" if given.nested else "upper"
    upper = closings_of(given.data, scope, above) if scope.level < COUNTY else []
    folder = given.data / scope.name / "again"
    start = time.perf_counter()
    cube = Cube.of([*closings, *map(open_closing, upper)])
    full = time.perf_counter() - start
    spent = []
    for number in range(given.rounds):
        place = number * 37 % len(closings)
        closing = again(tree, folder, place, 100 + number)
        start = time.perf_counter()
        cube.replace(closing)
        spent.append(time.perf_counter() - start)
        closings[place] = closing
    middle = statistics.median(spent)
    print(f"full run {told(full)}; one county closed again {told(middle)}: 1/{full / middle:,.0f}")
    book.keep(
        what="one county of the cube closed again",
        way=f"replace, {above}",
        seconds=middle,
        full=full,
        ratio=middle / full,
    )
    if not given.unchecked:
        same = alike(cube, Cube.of([*closings, *map(open_closing, upper)]))
        print(f"equal to a cube made anew: {same}")
        book.keep(what="replaced equals anew", way="crown", equal=same)
        assert same
    shutil.rmtree(folder)


def main() -> None:
    """Measure the scale asked for."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="counties that close again")
    parser.add_argument(
        "--nested", action="store_true", help="every unit above the counties keeps books, too"
    )
    parser.add_argument("--unchecked", action="store_true", help="without the cube made anew")
    given = parser.parse_args()
    print(versions("numpy", "numba", "pyarrow"))
    tree = read_tree(given.tree, SCOPES[given.scope])
    measure(tree, given, Book(given.book, {"bench": "replace", "scope": given.scope}))


if __name__ == "__main__":
    main()
