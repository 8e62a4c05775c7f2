"""What reading a national file of observations costs, with every check, against the floor and against DuckDB without any.

Run by hand: ``python bench/ingest.py --tree DIST --data DIR --rows 1000000 [--rounds 5] [--errors] [--parquet] [--keep]``.
The file is made in ``DIR`` and removed afterwards: a line for each village, month and indicator in the order forms
arrive (village by village, month by month), values by the same generator as the other benches, no errors, or with
``--errors`` 0.1% of each kind. Timed in turn in one process: ``lines`` (counting the newlines of the same bytes, all
cores: the floor), ``duckdb`` (``read_csv`` with the types given, a cast and a sum, no checks), ``check`` (every line read
and checked, duplicates found, nothing written; the closing is open), ``open`` (reading the closing's 665,277 units anew)
and ``load`` (the same and the closing with the sorted Parquet written).
"""

import argparse
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
from closings import AS_OF, UNIT, catalogue, indicator_code, unit_rows
from pairs import Book, alternately, peak, show, versions
from tree import MONTHS, SCOPES, YEARS, Tree, options, read_tree
from values import is_count

from shuzhi.bulk import kernels
from shuzhi.bulk.books import Books, books_of
from shuzhi.bulk.drafts import drafts
from shuzhi.bulk.ingest import Ingested, Work, ingest
from shuzhi.bulk.readers import reader_of
from shuzhi.bulk.slips import Slips
from shuzhi.figures.closing import Closing, Relation, write_closing

_AT_ONCE: Final = 200
_THREADS: Final = 2


def frozen(folder: Path, tree: Tree, indicators: int) -> Closing:
    """The nation's closing before anything was reported."""
    return write_closing(
        folder,
        unit_code=tree.codes[0],
        unit_name=tree.names[0],
        as_of=AS_OF,
        catalogue=catalogue(indicators),
        relations=[Relation("unit", UNIT, unit_rows(tree, range(len(tree))))],
    )


def batches(tree: Tree, indicators: int, rows: int, *, errors: bool) -> Iterator[pa.Table]:
    """The lines, so many villages at a time."""
    draws = np.random.default_rng(5)
    villages = tree.leaves[draws.permutation(len(tree.leaves))]
    codes = pa.array([tree.codes[number] for number in villages])
    names = pa.array([indicator_code(number) for number in range(indicators)])
    counts = np.array([is_count(number, indicators) for number in range(indicators)])
    each, made = indicators * MONTHS, 0
    for start in range(0, len(villages), _AT_ONCE):
        size = min(_AT_ONCE, len(villages) - start) * each
        size = min(size, rows - made)
        if size <= 0:
            return
        at = np.arange(size)
        value = (10 ** draws.uniform(2.0, 7.0, size)).astype(np.int64)
        value[counts[at % indicators]] *= 100
        value[at % indicators >= indicators - indicators // 5] %= 10_000
        month = at // indicators % MONTHS
        table = {
            "indicator": names.take(pa.array(at % indicators)),
            "unit": codes.take(pa.array(start + at // each)),
            "year": pa.array(month // 12 + YEARS[0]),
            "month": pa.array(month % 12 + 1),
            "value": _decimals(value),
        }
        yield pa.table(_spoilt(table, draws) if errors else table)
        made += size


def _decimals(value: np.ndarray) -> pa.Array:
    both = np.stack([value, value >> 63], axis=1)
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(value), [None, pa.py_buffer(both.tobytes())])


def _spoilt(table: dict[str, pa.Array], draws: np.random.Generator) -> dict[str, pa.Array]:
    """The lines with 0.1% of each kind of error: unknown unit, no month, no number, too large."""
    odd = draws.integers(0, 1000, len(table["value"]))

    def put(name: str, kind: int, wrong: str) -> None:
        table[name] = pa.compute.if_else(pa.array(odd == kind), wrong, table[name].cast(pa.string()))

    put("unit", 1, "990000000000")
    put("month", 2, "13")
    put("value", 3, "n/a")
    put("value", 4, "99999999999999999.99")
    return table


def written(path: Path, tree: Tree, indicators: int, rows: int, *, errors: bool) -> None:
    """The file as CSV, and beside it as Parquet."""
    style = pc.WriteOptions(quoting_style="none")
    csv: pc.CSVWriter | None = None
    parquet: pq.ParquetWriter | None = None
    try:
        for table in batches(tree, indicators, rows, errors=errors):
            csv = csv or pc.CSVWriter(str(path), table.schema, write_options=style)
            parquet = parquet or pq.ParquetWriter(
                str(path.with_suffix(".parquet")), table.schema, compression="zstd", compression_level=1
            )
            csv.write_table(table)
            parquet.write_table(table)
    finally:
        for writer in (csv, parquet):
            if writer is not None:
                writer.close()


def lines(data: np.ndarray) -> int:
    """Count the newlines of the bytes, with all cores: the floor."""
    cuts = [len(data) * part // _THREADS for part in range(_THREADS + 1)]
    with ThreadPoolExecutor(_THREADS) as pool:
        return sum(pool.map(kernels.counted, [data] * _THREADS, cuts[:-1], cuts[1:]))


def unchecked(path: Path) -> object:
    """DuckDB reads the file with its types given, casts the values and adds them up."""
    with duckdb.connect() as base:
        base.execute(f"set threads={_THREADS}")
        columns = (
            "{'indicator':'VARCHAR','unit':'VARCHAR','year':'INTEGER','month':'INTEGER','value':'VARCHAR'}"
        )
        return base.execute(
            "select count(*), sum(try_cast(value as decimal(18,2)))"
            f" from read_csv('{path}', header=true, columns={columns})"
        ).fetchall()


def checked(path: Path, closing: Closing, books: Books, folder: Path) -> Ingested:
    """Every line read and checked, duplicates found, nothing written."""
    with drafts(folder) as place, reader_of(path, books) as reader:
        work = Work(path, closing, books, reader, place, Ingested(path.name, Slips()), lambda *_: None)
        work.examine()
        return work.done


def loaded(path: Path, closing: Closing, folder: Path) -> Ingested:
    """The file brought in, the closing written, and removed again."""
    done = ingest(path, closing, by="system", day=AS_OF, out=folder / "out")
    shutil.rmtree(folder / "out")
    return done


def main() -> None:
    """Make the file, time the ways in turn, remove it."""
    parser = options(__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="lines of the file")
    parser.add_argument("--rounds", type=int, default=5, help="rounds timed")
    parser.add_argument("--errors", action="store_true", help="with 0.1%% of each kind of error")
    parser.add_argument("--parquet", action="store_true", help="the same rows from Parquet as well")
    parser.add_argument("--load", action="store_true", help="time writing the closing as well")
    parser.add_argument("--cpu", action="store_true", help="time of all cores together (a busy machine)")
    parser.add_argument("--keep", action="store_true", help="leave the files where they are")
    given = parser.parse_args()
    given.data.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(dir=given.data, prefix="ingest-"))
    try:
        run(given.tree, given.scope, folder, given.rows, given.rounds, given)
    finally:
        if not given.keep:
            shutil.rmtree(folder)


def run(dist: Path, scope: str, folder: Path, rows: int, rounds: int, given: argparse.Namespace) -> None:
    """One size."""
    tree = read_tree(dist, SCOPES[scope])
    indicators = SCOPES[scope].indicators
    closing = frozen(folder, tree, indicators)
    path = folder / "observations.csv"
    written(path, tree, indicators, rows, errors=given.errors)
    size = path.stat().st_size
    print(versions("numpy", "numba", "pyarrow", "duckdb"))
    print(f"{scope}: {rows:,} lines, {size:,} bytes", flush=True)
    books = books_of(closing)
    data = np.memmap(path, np.uint8, "r")
    ways = {
        "lines": lambda: lines(data),
        "duckdb": lambda: unchecked(path),
        "check": lambda: checked(path, closing, books, folder),
        "open": lambda: books_of(closing),
    }
    if given.parquet:
        ways["parquet"] = lambda: checked(path.with_suffix(".parquet"), closing, books, folder)
    if given.load:
        ways["load"] = lambda: loaded(path, closing, folder)
    clock = time.process_time if given.cpu else time.perf_counter
    timed = alternately(ways, rounds=rounds, floor="lines", clock=clock)
    show(timed, "lines")
    for name in ("check", *(name for name in ("parquet", "load") if name in ways)):
        pairs = sorted(
            own / other for own, other in zip(timed[name].seconds, timed["duckdb"].seconds, strict=True)
        )
        print(
            f"{name} / duckdb: {pairs[len(pairs) // 2]:.2f}; {rows / timed[name].median / 1e6:.2f} million lines a second"
        )
    with peak() as memory:
        done = ways["load" if "load" in ways else "check"]()
    assert isinstance(done, Ingested)
    print(f"{done.records:,} records, errors {dict(done.slips.counts)}, {memory.above >> 20} MiB at most")
    Book(given.book).timed("ingest", timed, "lines", rows=rows, scope=scope)


if __name__ == "__main__":
    main()
