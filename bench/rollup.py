"""The full roll-up with everything resident: ours against the floor of memory and against other engines.

Run by hand: ``python bench/rollup.py --tree DIST --data DIR --scope city [--ways NAMES] [--rounds 7] [--book FILE]`` after
``closings.py --peers`` of that scale. All ways run in turn in one process; printed are medians of pair ratios to floor
M, and how often slower than our numba kernel each is. Every engine's cells are compared with ours by one checksum.
Ours works out sums, counts and cumulative sums; the others sums and counts only, which is less work.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from checks import Check
from closings import closings_of
from duck import Duck
from floors import Memory, Scan
from frames import Pandas, Polars
from ours import Resident
from pairs import MIB, Book, Timed, alternately, show, versions
from tree import SCOPES, YEARS, Scope, Tree, options, read_tree

OURS = ("numba", "numpy", "plain")
PEERS = ("duckdb long", "duckdb wide", "duckdb formulas", "polars long", "polars wide", "pandas", "postgres")
PEERS += ("dhis2", "spark long", "spark wide")


@dataclass
class Way:
    """Something to be timed, and what it must have found."""

    run: Callable[[], object]
    check: Callable[[], Check] | None = None
    again: bool = False
    """Whether it must run again before it is checked, because another way uses the same memory."""


def ours(resident: Resident, name: str) -> Way:
    """Our kernel of that name."""
    return Way(lambda: resident.roll(name), resident.check, again=True)


def peers(tree: Tree, folder: Path, wanted: list[str], stack: ExitStack, *, resident: bool) -> dict[str, Way]:
    """The other engines asked for, with their facts loaded (or, not ``resident``, to be read from their files)."""
    found: dict[str, Way] = {}
    if any(name.startswith("duckdb") for name in wanted):
        duck = Duck(tree, folder, resident=resident)
        stack.callback(duck.close)
        found["duckdb long"] = Way(duck.long, duck.long_check)
        found["duckdb wide"] = Way(duck.wide, duck.wide_check)
        found["duckdb formulas"] = Way(duck.formulas)
    if any(name.startswith("polars") for name in wanted):
        long, wide = (Polars(tree, folder, resident=resident) for _ in range(2))
        found["polars long"] = Way(long.long, long.long_check)
        found["polars wide"] = Way(wide.wide, wide.wide_check)
    if "pandas" in wanted:
        pandas = Pandas(tree, folder)
        found["pandas"] = Way(pandas.long, pandas.long_check)
    if "postgres" in wanted or "dhis2" in wanted:
        found |= postgres(tree, folder, stack, dhis2="dhis2" in wanted)
    if any(name.startswith("spark") for name in wanted):
        found |= spark(tree, folder, stack)
    return {name: found[name] for name in wanted}


def postgres(tree: Tree, folder: Path, stack: ExitStack, *, dhis2: bool) -> dict[str, Way]:
    """PostgreSQL, started for the purpose; with ``dhis2`` its analytics tables are built as well, and the time told."""
    from postgres import Postgres, server

    database = Postgres(stack.enter_context(server(folder)), tree, folder)
    stack.callback(database.close)
    database.load()
    found = {"postgres": Way(database.long, database.long_check)}
    if dhis2:
        database.dhis2_resources()
        start = time.perf_counter()
        database.dhis2_build()
        spent = time.perf_counter() - start
        size = sum(database.size(f"analytics_{year}") for year in YEARS)
        print(f"analytics tables of the DHIS2 design built in {spent:.1f} s, {size / 1e6:,.0f} MB")
        found["dhis2"] = Way(database.dhis2_rollup)
    return found


def spark(tree: Tree, folder: Path, stack: ExitStack) -> dict[str, Way]:
    """Spark SQL, started for the purpose."""
    from sparks import Spark, session

    running = session(folder)
    long, wide = (Spark(running, tree, folder, folder / name) for name in ("long-out", "wide-out"))
    stack.callback(long.close)
    stack.callback(wide.close)
    return {"spark long": Way(long.long, long.long_check), "spark wide": Way(wide.wide, wide.wide_check)}


def measure(ways: Mapping[str, Way], floor: Callable[[], object], rounds: int, warm: int) -> dict[str, Timed]:
    """Time the floor and the ways in turn, and compare what they found; raises AssertionError when they differ."""
    timed = alternately(
        {"M": floor, **{name: way.run for name, way in ways.items()}}, rounds=rounds, floor="M", warm=warm
    )
    checks: dict[str, Check] = {}
    for name, way in ways.items():
        if way.check is not None:
            if way.again:
                way.run()
            checks[name] = way.check()
    assert len(set(checks.values())) == 1, checks
    print(f"equal in every cell: {', '.join(checks)}")
    return timed


def run(scope: Scope, given: argparse.Namespace) -> None:
    """Measure one scale."""
    tree = read_tree(given.tree, scope)
    book = Book(given.book, {"bench": "rollup", "scope": scope.name})
    wanted = given.ways.split(",")
    resident = Resident.of(tree)
    memory = Memory([resident.dense])
    print(
        f"{scope.name}: {resident.dense.size:,} cells, {resident.dense.nbytes / MIB:,.0f} MiB;"
        f" results {resident.size / MIB:,.0f} MiB"
    )
    with ExitStack() as stack:
        ways = {name: ours(resident, name) for name in OURS if name in wanted}
        others = [name for name in PEERS if name in wanted]
        ways |= peers(tree, given.data / scope.name / "peers", others, stack, resident=not given.files)
        timed = measure(ways, memory.run, given.rounds, given.warm)
        show(timed)
        book.timed("full roll-up", timed, "M", cells=resident.dense.size, equal=True)
        compared(timed, book)
    scan = Scan([path / "observation.parquet" for path in closings_of(given.data, scope)])
    floors = alternately({"M": memory.run, "Pq": scan.run}, rounds=3)
    book.note(
        what="floors",
        M=floors["M"].median,
        Pq=floors["Pq"].median,
        gbs=memory.size / 1e9 / floors["M"].median,
    )


def compared(timed: Mapping[str, Timed], book: Book) -> None:
    """How many times slower than our fastest each way is: medians of pair ratios of the same rounds."""
    best = next((timed[name] for name in OURS if name in timed), None)
    if best is None:
        return
    for name, other in timed.items():
        ratios = sorted(theirs / mine for theirs, mine in zip(other.seconds, best.seconds, strict=True))
        middle = ratios[len(ratios) // 2]
        print(f"{name}: {middle:,.1f} × {best.name}")
        book.keep(what="slower than ours", way=name, ratio=middle, floor=best.name)


def main() -> None:
    """Measure the scale asked for."""
    parser = options(__doc__)
    parser.add_argument("--ways", default="numba,numpy,duckdb long,duckdb wide,polars long,polars wide")
    parser.add_argument("--rounds", type=int, default=7, help="rounds timed")
    parser.add_argument("--warm", type=int, default=1, help="runs of each before")
    parser.add_argument("--files", action="store_true", help="peers read their files in every run")
    given = parser.parse_args()
    print(versions("numpy", "numba", "duckdb", "polars", "pandas", "pyarrow", "pyspark", "psycopg"))
    run(SCOPES[given.scope], given)


if __name__ == "__main__":
    main()
