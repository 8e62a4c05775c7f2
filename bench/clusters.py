"""Our engine on Spark against Spark SQL, on the same cores, over the same closings.

Run by hand: ``python bench/clusters.py --tree DIST --data DIR --scope city [--rounds 2]``. Both run in one local[2]
session, in turn. Ours is the whole of ``shuzhi rollup --engine spark``: every file checked against its digest, every block
written and hashed, crown, figures and manifest. Spark SQL works out sums and counts level by level: from the closings'
own files, from long rows of small numbers, and with a column a month. Our manifest is compared with that of
the engine of this machine; Spark SQL's cells with those of the resident roll-up.
"""

import argparse
import shutil
from contextlib import ExitStack
from pathlib import Path

from closings import closings_of
from ours import Resident
from pairs import Book, alternately, show, versions
from sparks import Spark, session
from tree import COUNTY, SCOPES, Tree, options, read_tree

from shuzhi.cube.rolling import Wish, roll_up
from shuzhi.figures.closing import Closing, open_closing
from shuzhi.figures.many.engines import Engine, Processes
from shuzhi.figures.many.spark import Spark as OurSpark

WISH = Wish(("bench000", "growth(bench001)", "bench000 / bench003"))


def rolled(closings: list[Closing], folder: Path, engine: Engine) -> str:
    """A roll-up with nothing there from before; the id of its manifest."""
    shutil.rmtree(folder, ignore_errors=True)
    return roll_up(closings, folder, WISH, engine).rolled.id


def measure(tree: Tree, given: argparse.Namespace, book: Book, stack: ExitStack) -> None:
    """Time all ways in turn, compare what they found."""
    scope, folder = tree.scope, given.data / given.scope
    paths = closings_of(given.data, scope)
    closings = [open_closing(path) for path in paths]
    if scope.level < COUNTY:
        closings += [open_closing(path) for path in closings_of(given.data, scope, "upper")]
    spark = session(folder, given.memory)
    sql = Spark(spark, tree, folder / "peers", folder / "out")
    stack.callback(sql.close)
    ours, local = OurSpark(spark.sparkContext.master), Processes(2)
    stack.callback(local.close)
    ids: dict[str, str] = {}

    def roll(name: str, engine: Engine) -> None:
        ids[name] = rolled(closings, folder / f"rolled-{name}", engine)

    ways = {
        "ours on spark": lambda: roll("spark", ours),
        "ours in processes": lambda: roll("local", local),
        "spark closings": lambda: sql.closings(paths),
        "spark long": sql.long,
        "spark wide": sql.wide,
    }
    chosen = {name: ways[name] for name in given.ways.split(",")}
    timed = alternately(chosen, rounds=given.rounds, warm=given.warm, floor="ours on spark")
    show(timed)
    book.timed("on spark", timed, "ours on spark", memory=given.memory)
    resident = Resident.of(tree)
    resident.roll("")
    wanted = resident.check()
    for name, check in (("spark long", sql.long_check), ("spark wide", sql.wide_check)):
        if name in chosen:
            chosen[name]()
            assert check() == wanted, name
    print(f"Spark SQL equal in every cell; manifests: {ids}")
    assert len(set(ids.values())) == 1


def main() -> None:
    """Measure the scale asked for."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=2, help="rounds timed")
    parser.add_argument("--warm", type=int, default=1, help="runs of each before")
    parser.add_argument("--memory", default="3g", help="memory of Spark's process")
    parser.add_argument(
        "--ways", default="ours on spark,ours in processes,spark closings,spark long,spark wide", help="ways"
    )
    given = parser.parse_args()
    print(versions("pyspark", "pyarrow", "numba"))
    with ExitStack() as stack:
        tree = read_tree(given.tree, SCOPES[given.scope])
        measure(tree, given, Book(given.book, {"bench": "clusters", "scope": given.scope}), stack)
    for part in ("rolled-spark", "rolled-local"):
        shutil.rmtree(given.data / given.scope / part, ignore_errors=True)


if __name__ == "__main__":
    main()
