"""What reading costs once expressions are compiled: a dashboard of 30 indicators, the 200 figures of a draft.

Run by hand: ``python bench/reads.py --tree DIST --data DIR --scope city``. Everybody has reported here, for only what is
complete has a value, growth and rank. Latencies are medians of single calls in one process; the values read are compared
with what :func:`shuzhi.figures.compute.compute` would say only in tests: here every figure is checked to be there.
"""

import argparse
import random
import time

from closings import catalogue, indicator_code
from ours import Resident
from pairs import Book, latencies, told, versions
from tree import COUNTY, SCOPES, YEARS, Tree, options, read_tree

from shuzhi.cube.asking.dashboard import Dashboard
from shuzhi.cube.asking.reads import Answers
from shuzhi.cube.cube import Cube
from shuzhi.figures.ask import Ask


def draft(tree: Tree, figures: int, seed: int) -> list[Ask]:
    """The figures of a draft: values, growths, shares, differences and ranks of a few units and many indicators."""
    chance = random.Random(seed)
    inner = [number for number in range(len(tree)) if COUNTY <= tree.level[number] <= COUNTY + 1]
    units = [tree.codes[number] for number in chance.sample(inner, min(12, len(inner)))]
    names = [indicator_code(number) for number in range(tree.scope.indicators)]
    asked = []
    for number in range(figures):
        kind = chance.randrange(3)  # of one kind, so that a ratio has a meaning
        one, two = chance.sample(
            [name for place, name in enumerate(names[: -len(names) // 5]) if place % 3 == kind], 2
        )
        said = (one, f"growth({one})", one, f"{one} / {two}" if number % 8 == 3 else f"growth({two})")
        expression = f"rank({one})" if number % 20 == 19 else said[number % 4]
        asked.append(Ask(expression, chance.choice(units), YEARS[-1], chance.randrange(1, 13)))
    return asked


def of_draft(cube: Cube, tree: Tree, given: argparse.Namespace, book: Book) -> None:
    """The figures of a draft: compiling, reading, saying."""
    definitions = catalogue(tree.scope.indicators)
    asked = draft(tree, given.figures, 1)
    start = time.perf_counter()
    answers = Answers(cube, asked, definitions)
    compiled = time.perf_counter() - start
    found = answers()
    there = sum(value is not None for value in found)
    middle, late = latencies(lambda _: answers(), 2000)
    worded, _ = latencies(lambda _: answers.said(found), 500)
    print(
        f"{len(asked)} figures ({there} there, {len(answers.left)} left {sorted(set(answers.left.values()))}): compiled once in {told(compiled)},"
        f" read in {told(middle)} (99th percentile {told(late)}), said in {told(worded)}"
    )
    book.keep(
        what="figures of a draft", way="read", seconds=middle, late=late, figures=len(asked), there=there
    )
    book.keep(what="figures of a draft", way="compiled", seconds=compiled)
    book.keep(what="figures of a draft", way="said", seconds=worded)


def of_dashboard(cube: Cube, tree: Tree, given: argparse.Namespace, book: Book) -> None:
    """A dashboard of many indicators of a unit with everything on it, and the first reading of another unit's."""
    definitions = catalogue(tree.scope.indicators, temporal="cum")
    codes = [indicator_code(number) for number in range(given.indicators)]
    chance = random.Random(2)
    inner = [number for number in range(len(tree)) if tree.scope.level < tree.level[number] <= COUNTY + 1]
    units = [tree.codes[number] for number in chance.sample(inner, min(20, len(inner)))]
    start = time.perf_counter()
    boards = [Dashboard(cube, definitions, codes, unit, YEARS[-1], 9) for unit in units]
    compiled = (time.perf_counter() - start) / len(units)
    lines = [line for board in boards for line in board()]
    there = sum(line.value is not None and line.growth is not None for line in lines) / len(lines)
    placed = sum(line.place is not None for line in lines) / len(lines)
    goals = sum(line.completion is not None for line in lines) / len(lines)
    middle, late = latencies(lambda number: boards[number % len(boards)](), 3000)
    print(
        f"dashboard of {len(codes)} ({there:.0%} with growth, {goals:.0%} with completion, {placed:.0%} with a rank):"
        f" compiled once in {told(compiled)}, read in {told(middle)} (99th percentile {told(late)})"
    )
    book.keep(what="dashboard", way="read", seconds=middle, late=late, indicators=len(codes), placed=placed)
    book.keep(what="dashboard", way="compiled", seconds=compiled)


def main() -> None:
    """Measure the scale asked for."""
    parser = options(__doc__)
    parser.add_argument("--figures", type=int, default=200, help="figures of the draft")
    parser.add_argument("--indicators", type=int, default=30, help="indicators of the dashboard")
    parser.add_argument("--kernel", default="", help="numba, numpy or plain")
    given = parser.parse_args()
    print(versions("numpy", "numba"))
    book = Book(given.book, {"bench": "reads", "scope": given.scope})
    tree = read_tree(given.tree, SCOPES[given.scope])
    resident = Resident.of(tree, complete=True)
    resident.roll(given.kernel)
    cube = Cube(resident.block(targets=True))
    of_draft(cube, tree, given, book)
    of_dashboard(cube, tree, given, book)


if __name__ == "__main__":
    main()
