"""From closings on disk to a cube: time against floor Pq over the same files, memory beside the result.

Run by hand: ``python bench/disk.py --tree DIST --data DIR --scope province [--ways cube,files] [--rounds 3]``.
``cube``: every closing opened, its observations checked against their digest, read and rolled up, and the levels above
the counties on top: sums, counts and running sums of every unit with areas below it are kept in memory, what villages said
is left in the closings, and what reading it again costs is printed at the end. ``files``: the command ``shuzhi rollup`` in two processes, each block written as
its file (hashed) for the next time. ``again``: the same once more, when nothing changed. Peers read the same facts from
their own layouts, which are smaller than closings; ``duckdb closings`` reads the closings' own files.
"""

import argparse
import shutil
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from checks import Check, of_planes, together
from closings import closings_of
from duck import Duck
from floors import Scan
from frames import Polars
from ours import Resident
from pairs import MIB, Book, Way, alternately, peak, show, told, versions
from tree import COUNTY, SCOPES, Tree, options, read_tree

from shuzhi.cube.block import Block
from shuzhi.cube.cube import Cube
from shuzhi.cube.disk.left import Left
from shuzhi.cube.rolling import Wish, roll_up
from shuzhi.figures.closing import Closing, open_closing
from shuzhi.figures.many.engines import Processes

PROCESSES = 2


def built(paths: Sequence[Path]) -> Cube:
    """The cube of all closings, in memory."""
    return Cube.of([open_closing(path) for path in paths])


def size_of(blocks: Sequence[Block]) -> int:
    """The bytes of all planes of some blocks that are in memory."""
    found = 0
    for block in blocks:
        for planes in block.planes.values():
            said = planes.own.here if isinstance(planes.own, Left) else planes.own
            own = [each for each in said if each is not None]
            running = [] if planes.cumulative is None else [planes.cumulative]
            found += sum(each.nbytes for each in (*own, planes.sums, planes.counts, *running))
    return found


def blocks_of(cube: Cube) -> list[Block]:
    """The crown of a cube, where there is one, and its blocks."""
    return [cube.block, *(cube.blocks.get(code) for code in cube.roots)]


def check_of(tree: Tree, cube: Cube) -> Check:
    """The checksum of the actuals of all interior units; those of a crown that are roots of blocks count once."""
    place, parts = {code: number for number, code in enumerate(tree.codes)}, []
    for block in blocks_of(cube):
        axis, planes = block.axis, block.planes["actual"]
        shape = (axis.interiors, len(block.frame.lines), block.frame.months)
        units = np.array([place[axis.codes[row]] for row in axis.heads], np.int64)
        sums = np.frombuffer(planes.sums, np.int64).reshape(shape)
        counts = np.frombuffer(planes.counts, np.int32).reshape(shape)
        own = (tree.level[units] < COUNTY) == (block is cube.block) if cube.roots else units >= 0
        parts.append(of_planes(units[own], sums[own], counts[own]))
    return together(*parts)


def expected(tree: Tree) -> Check:
    """The same checksum by the resident roll-up, which other engines have checked."""
    resident = Resident.of(tree)
    resident.roll("")
    return resident.check()


def files(closings: Sequence[Closing], folder: Path) -> object:
    """The whole command: every file checked, blocks and figures written, manifest made."""
    engine = Processes(PROCESSES)
    try:
        return roll_up(closings, folder, Wish(("bench000",)), engine)
    finally:
        engine.close()


def fresh(closings: Sequence[Closing], folder: Path) -> object:
    """The whole command, nothing there from before."""
    shutil.rmtree(folder, ignore_errors=True)
    return files(closings, folder)


def ways_of(given: argparse.Namespace, tree: Tree, paths: Sequence[Path], stack: ExitStack) -> dict[str, Way]:
    """The ways asked for."""
    folder, names = given.data / given.scope / "rolled", given.ways.split(",")
    closings = [open_closing(path) for path in paths]
    known: dict[str, Way] = {
        "cube": lambda: built(paths),
        "files": lambda: fresh(closings, folder),
        "again": lambda: files(closings, folder),
    }
    if set(names) - set(known):
        known |= peers_of(tree, paths, given.data / given.scope / "peers", stack)
    return {name: known[name] for name in names}


def peers_of(tree: Tree, paths: Sequence[Path], folder: Path, stack: ExitStack) -> dict[str, Way]:
    """The other engines, which need files of their own (``closings.py --peers``)."""
    duck, polars = Duck(tree, folder, resident=False), Polars(tree, folder, resident=False)
    stack.callback(duck.close)
    return {
        "duckdb long": duck.long,
        "duckdb wide": duck.wide,
        "duckdb closings": lambda: duck.closings(paths),
        "polars long": polars.long,
        "polars wide": polars.wide,
    }


def memory(tree: Tree, paths: Sequence[Path], book: Book) -> None:
    """What building takes beside its result, and whether the result is right."""
    with peak() as found:
        cube = built(paths)
    size = size_of(blocks_of(cube))
    beside = found.above - size
    print(f"result {size / MIB:,.0f} MiB, {beside / MIB:,.0f} MiB beside it at most")
    same = check_of(tree, cube) == expected(tree)
    print(f"equal to the resident roll-up in every cell: {same}")
    book.keep(what="from closings on disk", way="memory", size=size, beside=beside, equal=same)
    assert same
    spent = again(cube)
    print(f"a county's villages read again: {told(statistics.median(spent))} (median of {len(spent)})")
    book.keep(what="from closings on disk", way="villages again", seconds=statistics.median(spent))


def again(cube: Cube, most: int = 50) -> list[float]:
    """The seconds it takes to read what the villages of some counties said, one county after another."""
    spent = []
    for code in sorted(cube.roots)[:: max(1, len(cube.roots) // most)]:
        block = cube.blocks.get(code)
        begun = time.perf_counter()
        for planes in block.planes.values():
            list(planes.own)
        spent.append(time.perf_counter() - begun)
    return spent or [0.0]


def main() -> None:
    """Measure the scale asked for."""
    parser = options(__doc__)
    parser.add_argument("--ways", default="cube", help="cube, files, again, and peers from their files")
    parser.add_argument("--rounds", type=int, default=3, help="rounds timed")
    parser.add_argument("--warm", type=int, default=1, help="runs of each before")
    given = parser.parse_args()
    print(versions("numpy", "numba", "duckdb", "pyarrow", "polars"))
    scope = SCOPES[given.scope]
    book = Book(given.book, {"bench": "disk", "scope": scope.name})
    tree, paths = read_tree(given.tree, scope), closings_of(given.data, scope)
    if scope.level < COUNTY:
        paths += closings_of(given.data, scope, "upper")
    scan = Scan([path / "observation.parquet" for path in paths])
    with ExitStack() as stack:
        stack.callback(scan.close)
        ways = ways_of(given, tree, paths, stack)
        timed = alternately({"Pq": scan.run, **ways}, rounds=given.rounds, warm=given.warm, floor="Pq")
        show(timed)
        book.timed("from closings on disk", timed, "Pq")
    for name, one in timed.items():
        print(f"{name}: {told(one.median / len(paths))} a closing")
    memory(tree, paths, book)
    shutil.rmtree(given.data / given.scope / "rolled", ignore_errors=True)


if __name__ == "__main__":
    main()
