"""What a draft's figures cost: 100 figures computed together, one by one, and the floor (one plain scan of the same file).

Run by hand: ``python bench/figures.py [--rows 20000] [--rounds 5]``. The ways are timed alternately in one process and
printed as medians of pair ratios to the floor, because the machine's own speed drifts. Values are synthetic, from a seed.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import duckdb
from sqlglot import exp

from shuzhi.figures.cases import columns_of
from shuzhi.figures.closing import Cell, Closing, Relation, write_closing
from shuzhi.figures.compute import Ask, compute
from shuzhi.figures.layout import Column
from shuzhi.figures.observed import SHEETS
from shuzhi.figures.partial import PARTIALS
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.kernel.catalogue.load import national


def main() -> None:
    """Time the three ways and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the relation")
    parser.add_argument("--figures", type=int, default=100, help="figures asked for")
    parser.add_argument("--rounds", type=int, default=5, help="pairs timed")
    given = parser.parse_args()
    catalogue = national()
    kind = max(catalogue.of_shape("matter"), key=lambda kind: sum(bool(field.unit) for field in kind.fields))
    with tempfile.TemporaryDirectory() as folder:
        closing = close(Path(folder), catalogue, kind, given.rows)
        asks = list(asked(kind, given.figures))
        path = str(closing.file(kind.code))
        ways: dict[str, Callable[[], object]] = {
            "floor": lambda: floor(path, kind),
            "together, cold": lambda: cold(lambda: compute(asks, [closing])),
            "one by one, cold": lambda: [cold(partial(compute, [ask], [closing])) for ask in asks],
            "together, warm": lambda: compute(asks, [closing]),
        }
        print(f"{kind.code}: {given.rows} rows, {len(asks)} figures, {Path(path).stat().st_size} bytes")
        report(ways, given.rounds)


def report(ways: dict[str, Callable[[], object]], rounds: int) -> None:
    """Time the ways in turn; print the median of each and of its ratio to the floor of the same round."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(rounds):
        for name, way in ways.items():
            if name.endswith("warm"):
                way()  # the cold ways have forgotten everything
            start = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - start)
    for name, own in times.items():
        ratios = [mine / least for mine, least in zip(own, times["floor"], strict=True)]
        print(
            f"{name:>18}: {statistics.median(own) * 1000:9.2f} ms  {statistics.median(ratios):8.1f} x floor"
        )
    pairs = zip(times["one by one, cold"], times["together, cold"], strict=True)
    print(
        f"together is {statistics.median(one / all_ for one, all_ in pairs):.1f} times as fast as one by one"
    )


def cold(work: Callable[[], object]) -> object:
    """The work without what this process remembers."""
    PARTIALS.clear()
    SHEETS.clear()
    return work()


def floor(path: str, kind: Kind) -> object:
    """One scan of the same file: the sum of every whole column."""
    names = [field.code for field in kind.fields if field.type in ("whole", "quantity")]
    sums = [exp.Sum(this=exp.column(name, quoted=True)) for name in names]
    source = exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(path)])
    query = exp.select(exp.Count(this=exp.Star()), *sums).from_(exp.Table(this=source))
    return duckdb.execute(query.sql("duckdb")).fetchall()


def asked(kind: Kind, count: int) -> Iterator[Ask]:
    """Figures of one kind as a draft would ask for them: totals and counts by stage, month and size."""
    money = [field for field in kind.fields if field.unit in ("元", "万元", "亿元")]
    for number in range(count):
        stage = kind.stages[number % len(kind.stages)].name
        field = money[number % len(money)]
        if number % 2:
            yield Ask(
                f"sum {field.code} of {kind.code} where stage = '{stage}' in year", month=number % 12 + 1
            )
        else:
            yield Ask(f"count {kind.code} where stage = '{stage}' and {field.code} > {number}万元 in year")


def close(folder: Path, catalogue: Catalogue, kind: Kind, rows: int) -> Closing:
    """A closing of one relation of synthetic rows."""
    columns = columns_of(kind.code, catalogue)
    chance = random.Random(20251231)
    stages = [stage.name for stage in kind.stages]
    relation = Relation(kind.code, columns, (row(columns, number, stages, chance) for number in range(rows)))
    return write_closing(
        folder,
        unit_code="990100",
        unit_name="明澜县",
        as_of=date(2025, 12, 31),
        catalogue=catalogue,
        relations=[relation],
    )


def row(
    columns: tuple[Column, ...], number: int, stages: list[str], chance: random.Random
) -> tuple[Cell, ...]:
    """One synthetic row: every twentieth cell is missing."""
    return tuple(_cell(column, number, stages, chance) for column in columns)


def _cell(column: Column, number: int, stages: list[str], chance: random.Random) -> Cell:
    if column.name == "ref":
        return f"matter/2025-{number:06d}"
    if column.name == "stage":
        return chance.choice(stages)
    if chance.random() < 0.05:
        return None
    if column.type == "whole":
        return chance.randrange(10**10)
    if column.type == "date":
        return date(2025, 1, 1) + timedelta(chance.randrange(365))
    return chance.random() < 0.5 if column.type == "bool" else f"{column.name}{chance.randrange(50)}"


if __name__ == "__main__":
    main()
