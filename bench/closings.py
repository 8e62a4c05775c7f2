"""Writes the closings of a scale: one a county, real in every byte, and one of the units above the counties.

Run by hand: ``python bench/closings.py --tree DIST --data DIR --scope nation [--jobs 2] [--weighted]``. In ``DIR/SCOPE``
come ``counties`` (a closing of each county: its villages' observations and the targets of the county and its townships),
``upper`` (a closing of the units above, with their targets) and, with ``--nested``, ``nested`` (a closing of each of these,
holding the units below it down to the counties); with ``--peers``, what other engines read:
``long.parquet`` (indicator, unit, month, value as small whole numbers, sorted), ``wide.parquet`` (a column a month),
``units.parquet`` and ``closure.parquet``. The same call gives the same bytes anywhere; closings already there are kept.

``--check`` writes the first county through the accounts' own way as well and compares the digests.
"""

import argparse
import io
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from tree import COUNTY, LEVELS, MONTHS, SCOPES, VILLAGE, YEARS, Scope, Tree, options, read_tree
from values import UNSAID, cells, is_count, is_rate, numbers, plane, silent, sizes, target

from shuzhi.figures.closing import STORE, Closing, open_closing, write_closing
from shuzhi.figures.layout import CATALOGUE, FORMAT, MANIFEST, Cell, Relation, encode, file_of
from shuzhi.figures.manifest import Table, folder_name
from shuzhi.figures.observed import OBSERVATION_COLUMNS as OBSERVATION
from shuzhi.figures.store import assemble, keep
from shuzhi.figures.tree import UNIT_COLUMNS as UNIT
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.load import load_texts
from shuzhi.kernel.chain import canonical, digest

AS_OF: Final = date(YEARS[-1], 12, 31)
SINCE: Final = date(1949, 10, 1)
ALGORITHM: Final = "sha256"
ROW_GROUP: Final = 1 << 16

_FIXED: Final = ("actual", "快报", 1, "")


def indicator_code(number: int) -> str:
    """The code of an indicator; sorted as text they are in the order of their numbers."""
    return f"bench{number:03d}"


@lru_cache(maxsize=4)
def catalogue(indicators: int, *, weighted: bool = False, temporal: str = "level") -> Catalogue:
    """Definitions of so many additive indicators; ``weighted`` makes the rates means weighted by the first ones;
    ``temporal`` says what the others measure.
    """
    texts = (_definition(number, indicators, weighted, temporal) for number in range(indicators))
    return load_texts({"indicators/bench.toml": "\n".join(texts)}).catalogue


def _definition(number: int, indicators: int, weighted: bool, temporal: str) -> str:
    rollup, unit, growth = "sum", "元", "nominal"
    if is_rate(number, indicators):
        unit, growth = "%", "pp"
        if weighted:
            rollup = f"wmean:{indicator_code(number - (indicators - indicators // 5))}"
    elif is_count(number, indicators):
        unit, growth = "个", "count"
    lines = {
        "code": indicator_code(number),
        "label": f"测算指标{number}",
        "unit": unit,
        "frequency": "month",
        "owner": "统计局",
        "duty": "fill",
        "temporal": "rate" if unit == "%" else temporal,
        "rollup": rollup,
        "growth": growth,
        "direction": "up",
    }
    body = "\n".join(f'{key} = "{value}"' for key, value in lines.items())
    return f"[[indicator]]\n{body}\ndecimals = 0\nbasis = [{{ law = '测算' }}]\n"


# --- relations ------------------------------------------------------------------------------------------------------


def unit_rows(tree: Tree, chosen: Sequence[int]) -> list[tuple[Cell, ...]]:
    """The rows of relation ``unit`` for units that are consecutive in preorder or an upper part of the tree."""
    place = {number: own for own, number in enumerate(chosen, 1)}
    last: dict[int, int] = {}
    for number in reversed(chosen):
        last[number] = max(last.get(number, 0), place[number])
        above = int(tree.parent[number])
        if above in place:
            last[above] = max(last.get(above, 0), last[number])
    return [
        (
            tree.codes[number],
            tree.names[number],
            LEVELS[tree.level[number]],
            tree.codes[tree.parent[number]] if int(tree.parent[number]) in place else None,
            SINCE,
            None,
            place[number],
            last[number],
        )
        for number in chosen
    ]


def observation_table(tree: Tree, chosen: Sequence[int], indicators: int) -> pa.Table:
    """The rows of relation ``observation`` for a county, sorted as a closing sorts them."""
    villages = [number for number in chosen if tree.level[number] == VILLAGE]
    inner = [number for number in chosen if tree.level[number] != VILLAGE]
    units = sorted(chosen, key=tree.codes.__getitem__)
    names = pa.array([tree.codes[number] for number in units])
    place = {number: own for own, number in enumerate(units)}
    values = cells([tree.codes[number] for number in villages], indicators)
    indicator, village, month = np.nonzero(values != UNSAID)
    keys = [
        indicator,
        np.array([place[number] for number in villages], np.int64)[village] if villages else village,
        month // 12,
        month % 12 + 1,
        np.zeros(len(month), np.int64),
        values[indicator, village, month],
    ]
    keys = _with_targets(keys, tree, inner, place, indicators)
    order = np.lexsort(keys[4::-1])
    indicator, unit, year, month, role, value = (key[order] for key in keys)
    codes = pa.array([indicator_code(number) for number in range(indicators)])
    rows = len(order)
    said, status, vintage, reason = _FIXED
    return pa.table(
        {
            "indicator": codes.take(pa.array(indicator)),
            "unit": names.take(pa.array(unit)),
            "year": pa.array(year + YEARS[0]),
            "month": pa.array(month),
            "role": pa.array([said, "target"]).take(pa.array(role)),
            "status": pa.repeat(status, rows),
            "vintage": pa.repeat(pa.scalar(vintage, pa.int64()), rows),
            "value": pa.array(value),
            "reason": pa.repeat(reason, rows),
        }
    )


def _with_targets(
    keys: list[np.ndarray], tree: Tree, inner: Sequence[int], place: dict[int, int], indicators: int
) -> list[np.ndarray]:
    """The keys and values of villages and, after them, of the targets of the units above them."""
    leaves = np.searchsorted(tree.leaves, np.array([(number, tree.end[number]) for number in inner]))
    extra = [
        (indicator, place[number], year - YEARS[0], 12, 1, target(indicator, year, int(high - low)))
        for indicator in range(indicators)
        if not is_rate(indicator, indicators)
        for number, (low, high) in zip(inner, leaves, strict=True)
        for year in YEARS
    ]
    columns = np.array(extra, np.int64).reshape(-1, 6).T
    return [np.concatenate([key, column]) for key, column in zip(keys, columns, strict=True)]


def parquet(table: pa.Table) -> bytes:
    """The bytes of sorted rows, with the options every closing is written with."""
    sink = io.BytesIO()
    with pq.ParquetWriter(
        sink,
        table.schema,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=True,
        data_page_size=1 << 20,
        store_schema=False,
    ) as writer:
        writer.write_table(table, row_group_size=ROW_GROUP)
    return sink.getvalue()


# --- closings -------------------------------------------------------------------------------------------------------


def freeze(
    folder: Path, tree: Tree, root: int, chosen: Sequence[int], definitions: Catalogue, more: int = 0
) -> Closing:
    """Write the closing of some units under ``folder``, as ``write_closing`` would; returns it. ``more`` is added to every
    value: books that were corrected.
    """
    store = folder / STORE
    store.mkdir(parents=True, exist_ok=True)
    table = observation_table(tree, chosen, len(definitions.indicators))
    if more:
        place = table.schema.get_field_index("value")
        table = table.set_column(place, "value", pc.add(table.column("value"), more))
    units, number = encode(Relation("unit", UNIT, unit_rows(tree, chosen)))
    made = {
        "observation": (parquet(table), table.num_rows, OBSERVATION),
        "unit": (units, number, UNIT),
    }
    texts = dict(sorted(definitions.texts.items()))
    files = {CATALOGUE: keep(store, canonical(texts), ALGORITHM)}
    tables: dict[str, Table] = {}
    for name, (data, rows, columns) in made.items():
        files[file_of(name)] = keep(store, data, ALGORITHM)
        tables[name] = Table(name, files[file_of(name)], rows, columns)
    code, called = tree.codes[root], tree.names[root]
    manifest = canonical(
        {
            "format": FORMAT,
            "unit": {"code": code, "name": called},
            "as_of": AS_OF.isoformat(),
            "algorithm": ALGORITHM,
            "catalogue": {"file": CATALOGUE, "digest": files[CATALOGUE]},
            "relations": {name: tables[name].as_json() for name in sorted(tables)},
        }
    )
    final = folder / folder_name(digest(manifest, ALGORITHM))
    if not final.exists():
        assemble(final, store, files, {MANIFEST: manifest})
    return open_closing(final)


@lru_cache(maxsize=1)
def _tree(dist: Path, scope: Scope) -> Tree:
    return read_tree(dist, scope)


def one_county(dist: Path, scope: Scope, folder: Path, root: int, *, weighted: bool) -> str:
    """Write the closing of one county (in a process of its own); returns the name of its folder."""
    tree = _tree(dist, scope)
    pa.set_cpu_count(1)
    definitions = catalogue(scope.indicators, weighted=weighted)
    return freeze(folder, tree, root, tree.within(root), definitions).path.name


def write_counties(dist: Path, tree: Tree, folder: Path, jobs: int, *, weighted: bool = False) -> None:
    """Write the closings of all counties of a scale; ``closings.txt`` lists their folders in the tree's order."""
    listed = folder / "closings.txt"
    if listed.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    work = partial(one_county, dist, tree.scope, folder, weighted=weighted)
    names = []
    with ProcessPoolExecutor(jobs) as pool:
        started = time.monotonic()
        for name in pool.map(work, tree.counties.tolist(), chunksize=4):
            names.append(name)
            if len(names) % 50 == 0:
                print(
                    f"{len(names)}/{len(tree.counties)} counties, {time.monotonic() - started:.0f} s",
                    file=sys.stderr,
                )
    shutil.rmtree(folder / STORE)  # links of the folders' own files, of no use here
    listed.write_text("\n".join(names) + "\n", "ascii")


def write_upper(tree: Tree, folder: Path) -> None:
    """Write the closing of a scale's units down to the counties, whose townships are elsewhere."""
    if tree.scope.level < COUNTY and not (folder / "closings.txt").exists():
        _write_uppers(tree, folder, [0])


def write_nested(tree: Tree, folder: Path) -> None:
    """Write a closing of every unit above the counties, each with the units below it down to the counties."""
    if not (folder / "closings.txt").exists():
        _write_uppers(tree, folder, np.flatnonzero(tree.level < COUNTY).tolist())


def _write_uppers(tree: Tree, folder: Path, roots: Sequence[int]) -> None:
    made = [freeze_upper(folder, tree, root) for root in roots]
    shutil.rmtree(folder / STORE)
    (folder / "closings.txt").write_text("".join(f"{each.path.name}\n" for each in made), "ascii")


def freeze_upper(folder: Path, tree: Tree, root: int) -> Closing:
    """The books of a unit above the counties: its units down to the counties, and the targets of those above them."""
    chosen = [number for number in tree.within(root) if tree.level[number] <= COUNTY]
    above = [number for number in chosen if tree.level[number] < COUNTY]
    store = folder / STORE
    store.mkdir(parents=True, exist_ok=True)
    definitions = catalogue(tree.scope.indicators)
    table = observation_table(tree, above, tree.scope.indicators)
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return write_closing(
        folder,
        unit_code=tree.codes[root],
        unit_name=tree.names[root],
        as_of=AS_OF,
        catalogue=definitions,
        relations=[
            Relation("observation", OBSERVATION, rows),
            Relation("unit", UNIT, unit_rows(tree, chosen)),
        ],
    )


def closings_of(data: Path, scope: Scope, part: str = "counties") -> list[Path]:
    """The folders of the closings of a scale; raises OSError when they have not been written."""
    folder = data / scope.name / part
    return [folder / name for name in (folder / "closings.txt").read_text("ascii").split()]


def check(tree: Tree, folder: Path) -> bool:
    """Whether the first county's closing is, digest for digest, what the accounts' own writer makes of its rows."""
    root, definitions = int(tree.counties[0]), catalogue(tree.scope.indicators)
    chosen = tree.within(root)
    table = observation_table(tree, chosen, tree.scope.indicators)
    rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    ours = freeze(folder, tree, root, chosen, definitions)
    theirs = write_closing(
        folder / "again",
        unit_code=tree.codes[root],
        unit_name=tree.names[root],
        as_of=AS_OF,
        catalogue=definitions,
        relations=[
            Relation("observation", OBSERVATION, reversed(rows)),
            Relation("unit", UNIT, unit_rows(tree, chosen)),
        ],
    )
    return ours.id == theirs.id


# --- what other engines read ----------------------------------------------------------------------------------------


def planes(tree: Tree) -> Iterator[tuple[int, np.ndarray]]:
    """Each indicator's cells of all villages of a scale, ``[village][month]``."""
    keys = numbers([tree.codes[number] for number in tree.leaves])
    quiet, size = silent(keys), sizes(keys)
    for indicator in range(tree.scope.indicators):
        yield indicator, plane(keys, indicator, tree.scope.indicators, quiet, size)


def write_long(tree: Tree, path: Path) -> None:
    """Facts as a peer would keep them at best: four columns of small whole numbers, sorted by all keys."""
    fields = [("ind", pa.int16()), ("uid", pa.int32()), ("period", pa.int16()), ("value", pa.int64())]
    with pq.ParquetWriter(path, pa.schema(fields), compression="zstd", compression_level=1) as writer:
        for indicator, found in planes(tree):
            village, month = np.nonzero(found != UNSAID)
            columns = [
                np.full(len(month), indicator, np.int16),
                tree.leaves[village],
                month.astype(np.int16),
                found[village, month],
            ]
            writer.write_table(pa.table(columns, schema=pa.schema(fields)), row_group_size=1 << 20)


def write_wide(tree: Tree, path: Path) -> None:
    """Facts with a column a month, a row an indicator and village: the best layout of the engines of tables."""
    fields = [
        ("ind", pa.int16()),
        ("uid", pa.int32()),
        *((f"m{month}", pa.int64()) for month in range(MONTHS)),
    ]
    with pq.ParquetWriter(path, pa.schema(fields), compression="zstd", compression_level=1) as writer:
        for indicator, found in planes(tree):
            months = [pa.array(found[:, month], mask=found[:, month] == UNSAID) for month in range(MONTHS)]
            keys = [pa.array(np.full(len(found), indicator, np.int16)), pa.array(tree.leaves)]
            writer.write_table(pa.table([*keys, *months], schema=pa.schema(fields)), row_group_size=1 << 17)


def write_units(tree: Tree, folder: Path) -> None:
    """The units by number with their ancestors of each level, and all pairs of an ancestor and a village below it."""
    above = tree.ancestors
    columns = {f"l{level}": above[:, level] for level in range(len(LEVELS))}
    own = {"uid": np.arange(len(tree), dtype=np.int32), "level": tree.level, "parent": tree.parent}
    pq.write_table(pa.table({**own, "code": pa.array(tree.codes), **columns}), folder / "units.parquet")
    inner = list(tree.levels_up())
    pairs = {
        "anc": above[tree.leaves][:, inner].T.ravel(),
        "uid": np.tile(tree.leaves, len(inner)),
    }
    pq.write_table(pa.table(pairs), folder / "closure.parquet")


def write_peers(tree: Tree, folder: Path) -> None:
    """Everything other engines read; files already there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in (("long.parquet", write_long), ("wide.parquet", write_wide)):
        if not (folder / name).exists():
            write(tree, folder / f".{name}")
            (folder / f".{name}").replace(folder / name)
    write_units(tree, folder)


def main() -> None:
    """Write what a scale needs and say how large it is."""
    parser: argparse.ArgumentParser = options(__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="processes that write")
    parser.add_argument("--weighted", action="store_true", help="the rates are weighted means")
    parser.add_argument("--nested", action="store_true", help="also books of every unit above the counties")
    parser.add_argument("--peers", action="store_true", help="also what other engines read")
    parser.add_argument(
        "--check", action="store_true", help="compare one closing with the accounts' own writer"
    )
    given = parser.parse_args()
    tree = read_tree(given.tree, SCOPES[given.scope])
    folder = given.data / given.scope
    started = time.monotonic()
    if given.check:
        same = check(tree, folder / "check")
        shutil.rmtree(folder / "check")
        print(f"the same digest as write_closing gives: {same}")
    counties = folder / ("weighted" if given.weighted else "counties")
    write_counties(given.tree, tree, counties, given.jobs, weighted=given.weighted)
    write_upper(tree, folder / "upper")
    if given.nested:
        write_nested(tree, folder / "nested")
    if given.peers:
        write_peers(tree, folder / "peers")
    sizes_of = {
        part.name: sum(f.stat().st_size for f in part.rglob("*.parquet")) for part in folder.iterdir()
    }
    listed = ", ".join(f"{name} {size / 1e6:,.1f} MB" for name, size in sorted(sizes_of.items()))
    print(f"{given.scope}: {listed}; {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
