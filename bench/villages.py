"""Figures by expression that add up what villages observed: column by column, and area by area as the law is written.

Run by hand: ``python bench/villages.py --data DIR --scope city [--indicators 50] [--rounds 3]``, over the closings that
``closings.py`` wrote. Both ways read every county's file and must tell the same.
"""

import argparse
import statistics
import time
from dataclasses import replace
from pathlib import Path

from pairs import Book, told, versions

from shuzhi.figures.context import Context
from shuzhi.figures.many.outcome import Tally, Tell
from shuzhi.figures.many.places import found
from shuzhi.figures.many.telling import told_of_many
from shuzhi.figures.observed import Measured


def measure(given: argparse.Namespace, book: Book) -> None:
    """Time both ways in turn and compare what they found."""
    closings, _ = found([given.data / given.scope / "counties"])
    closings = closings[: given.counties]
    observed = [each for each in closings[0].catalogue.indicators.values() if each.expression is None]
    context = replace(Context.of("", 2025, 12, closings[0].as_of), role="actual")
    tells = [Tell(Measured.of(each), context) for each in observed if each.rollup == "sum"][
        : given.indicators
    ]
    asked = {closing.id: tells for closing in closings}

    def spent(*, by_law: bool) -> tuple[float, dict[str, dict[Tell, Tally]]]:
        start = time.process_time()
        answers = told_of_many(asked, closings, by_law=by_law)
        return time.process_time() - start, answers

    quick, law = [], []
    for _ in range(given.rounds):
        seconds, own = spent(by_law=False)
        quick.append(seconds)
        seconds, other = spent(by_law=True)
        law.append(seconds)
        assert own == other
    ratio = statistics.median(one / two for one, two in zip(quick, law, strict=True))
    print(f"{len(closings)} closings, {len(tells)} indicators; processor time")
    print(f"column by column: {told(statistics.median(quick))}; area by area: {told(statistics.median(law))}")
    print(f"1/{1 / ratio:.1f}; told the same: True")
    book.keep(what="villages by expression", way="columns", seconds=statistics.median(quick), ratio=ratio)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of closings.py")
    parser.add_argument("--scope", default="city", help="county, city, province or nation")
    parser.add_argument("--counties", type=int, default=90, help="closings at most")
    parser.add_argument("--indicators", type=int, default=50, help="indicators asked for")
    parser.add_argument("--rounds", type=int, default=3, help="rounds timed")
    parser.add_argument("--book", type=Path, help="file of results, a line of JSON each, appended to")
    given = parser.parse_args()
    print(versions("duckdb", "pyarrow"))
    measure(given, Book(given.book, {"bench": "villages", "scope": given.scope}))


if __name__ == "__main__":
    main()
