"""The full roll-up with all formulas of all interior units on top, against the floor of memory.

Run by hand: ``python bench/formulas.py --tree DIST --data DIR --scope city [--kernels numba,numpy] [--rounds 7]``. Formulas
are growth (of the month and since January), completion against the target, and the ratios of a fifth of the indicators
to another fifth (month and since January), as whole millionths. Everybody has reported here, so all are worked out. The
kernels' results are compared bit for bit; DuckDB's formulas (in doubles) are timed by ``rollup.py --ways 'duckdb formulas'``.
"""

import numpy as np
from floors import Memory
from ours import Resident
from pairs import MIB, Book, Way, alternately, show, versions
from tree import SCOPES, options, read_tree
from values import is_rate

from shuzhi.cube.worked import FLOW, LEVEL, Worked, empty, work_out
from shuzhi.cube.worked import Way as Meant

PARTS = ("growth", "running_growth", "completion", "ratios", "running_ratios")


def same(one: Worked, two: Worked) -> bool:
    """Whether two results agree bit for bit."""
    return all(
        np.array_equal(
            np.frombuffer(getattr(one, part), np.int64), np.frombuffer(getattr(two, part), np.int64)
        )
        for part in PARTS
    )


def main() -> None:
    """Measure the scale asked for."""
    parser = options(__doc__)
    parser.add_argument("--kernels", default="numba,numpy", help="kernels to be timed")
    parser.add_argument("--rounds", type=int, default=7, help="rounds timed")
    given = parser.parse_args()
    print(versions("numpy", "numba"))
    book = Book(given.book, {"bench": "formulas", "scope": given.scope})
    tree = read_tree(given.tree, SCOPES[given.scope])
    resident = Resident.of(tree, complete=True)
    memory, block = Memory([resident.dense]), resident.block(targets=True)
    fifth = tree.scope.indicators // 5
    pairs = [(number, fifth + number) for number in range(fifth)]
    meant = [Meant(LEVEL if is_rate(line, fifth * 5) else FLOW) for line in range(tree.scope.indicators)]
    names = given.kernels.split(",")
    into = {name: empty(block, pairs) for name in names}

    def both(name: str) -> Way:
        def run() -> None:
            resident.roll(name)
            work_out(block, meant, pairs, into=into[name], kernel_name=name)

        return run

    ways: dict[str, Way] = {"M": memory.run}
    for name in names:
        ways[f"{name} roll-up"] = lambda name=name: resident.roll(name)
        ways[f"{name} with formulas"] = both(name)
    timed = alternately(ways, rounds=given.rounds, floor="M")
    show(timed)
    book.timed("with formulas", timed, "M")
    size = sum(getattr(into[names[0]], part).nbytes for part in PARTS)
    there = sum(
        int((np.frombuffer(getattr(into[names[0]], part), np.int64) > -(2**62)).sum()) for part in PARTS
    )
    print(f"{size / MIB:,.0f} MiB of formulas, {there * 8 / size:.0%} of them there")
    equal = all(same(into[names[0]], into[name]) for name in names)
    print(f"equal in every bit: {equal}")
    memory.close()
    assert equal


if __name__ == "__main__":
    main()
