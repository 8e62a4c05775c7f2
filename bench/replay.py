"""What computing a signed report again costs: at depth 1 and ten closings deep, and beside the figures of today.

Run by hand: ``python bench/replay.py [--rows 20000] [--figures 200] [--depth 10] [--rounds 7]``. Ways are timed alternately
in one process (``pairs.py``), everything the process remembers dropped before each run; values are synthetic, from a seed.

The books of a county are closed ``--depth`` times, each time with revised observations and more rows. The figures as signed
are those of the first closing, computed again from its folder, and from an archive of it.
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from pairs import alternately, show, versions

from shuzhi.figures import closing as closings
from shuzhi.figures.ask import Ask
from shuzhi.figures.cases import columns_of
from shuzhi.figures.closing import Cell, Closing, Relation, open_closing, write_closing
from shuzhi.figures.compute import compute, worked
from shuzhi.figures.layout import Column
from shuzhi.figures.observed import SHEETS
from shuzhi.figures.partial import PARTIALS
from shuzhi.figures.signed import archive as files
from shuzhi.figures.signed.sides import Books, Sides
from shuzhi.figures.signed.since import changes
from shuzhi.figures.signed.taken import Audience, Rules, take
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.kernel.catalogue.load import national
from shuzhi.kernel.chain import GENESIS, canonical, digest, link

COUNTY, TOWNS = "990100", 20
OBSERVATION = tuple(
    Column(name, "whole" if name in ("year", "month", "vintage", "value") else "text")
    for name in ("indicator", "unit", "year", "month", "role", "status", "vintage", "value", "reason")
)
UNIT = tuple(
    Column(name, kind)
    for name, kind in (
        ("code", "text"), ("name", "text"), ("level", "text"), ("parent", "text"),
        ("since", "date"), ("until", "date"), ("first", "whole"), ("last", "whole"),
    )
)  # fmt: skip


def main() -> None:
    """Close the books over and over, then time what was signed first, at every depth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the ledger")
    parser.add_argument("--figures", type=int, default=200, help="figures of the report")
    parser.add_argument("--depth", type=int, default=10, help="closings after the first")
    parser.add_argument("--rounds", type=int, default=7, help="pairs timed")
    given = parser.parse_args()
    catalogue = national()
    kind = max(catalogue.of_shape("matter"), key=lambda kind: sum(bool(field.unit) for field in kind.fields))
    print(versions("duckdb", "pyarrow"))
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        alone = close(here / "alone", catalogue, kind, given.rows, 0)
        deep = [close(here / "deep", catalogue, kind, given.rows, step) for step in range(given.depth + 1)]
        asks = list(asked(catalogue, kind, given.figures))
        held(here / "a.zip", asks, deep[0])
        size = (here / "a.zip").stat().st_size
        print(f"{kind.code}: {given.rows} rows, {len(asks)} figures, archive {size / 1e6:.1f} MB")
        exact(asks, alone, deep, here / "a.zip")
        timed(asks, alone.path, [closing.path for closing in deep], here / "a.zip", given.rounds)


def timed(asks: Sequence[Ask], alone: Path, deep: Sequence[Path], path: Path, rounds: int) -> None:
    """Depth 1 against ten deep; then as signed against today, and from the archive."""
    ways: dict[str, Callable[[], object]] = {
        "as signed, alone": lambda: compute(asks, [open_closing(alone)]),
        f"as signed, {len(deep) - 1} closings deep": lambda: compute(asks, [open_closing(deep[0])]),
    }
    show(alternately(ways, rounds=rounds, before=forget))
    ways = {
        "today's figures": lambda: compute(asks, [open_closing(deep[-1])]),
        "as signed": lambda: compute(asks, [open_closing(deep[0])]),
        "as signed, from the archive alone": lambda: replayed(path, asks),
        "what changed since, with every reason": lambda: retold(asks, deep[0], deep[-1]),
    }
    show(alternately(ways, rounds=rounds, before=forget))


def retold(asks: Sequence[Ask], first: Path, last: Path) -> int:
    """How many reasons there are for what changed between the first books and the last."""
    before, after = open_closing(first), open_closing(last)
    pairs = zip(worked(asks, [before]), worked(asks, [after]), strict=True)
    sides = Sides(Books(before), Books(after))
    return sum(len(changes(one, two, sides)) for one, two in pairs)


def forget() -> None:
    """Drop what the process remembers of files and figures; definitions stay, as they do for any two closings."""
    PARTIALS.clear()
    SHEETS.clear()
    closings._checked.cache_clear()


def exact(asks: Sequence[Ask], alone: Closing, deep: Sequence[Closing], path: Path) -> None:
    """All ways say the same of what was signed, and today's figures are other ones."""
    forget()
    first = [figure.value for figure in compute(asks, [alone])]
    forget()
    assert first == [figure.value for figure in compute(asks, [deep[0]])] == replayed(path, asks)
    moved = sum(one != two.value for one, two in zip(first, compute(asks, [deep[-1]]), strict=True))
    print(f"{len(asks)} figures exact three ways; {moved} of them are other ones today")


def replayed(path: Path, asks: Sequence[Ask]) -> list[object]:
    """The values an archive gives, opened and checked anew."""
    with files.opened(path) as archive:
        return [one.figure.value for one in worked(asks, [archive.closing], shelf=archive.totals)]


def held(path: Path, asks: Sequence[Ask], closing: Closing) -> None:
    """Write the archive of these figures, for an audit."""
    taken = take(
        worked(asks, [closing]), closing, Rules(Audience.AUDIT, (closing.catalogue,), lambda refs: ())
    )
    content = {"closing": closing.id}
    body = canonical({"rows": [["edition", digest(canonical(content))]]})
    about: dict[str, object] = {
        "audience": "audit",
        "edition": {"name": "edition", "content": content},
        "journal": [{"seq": 1, "previous": GENESIS, "body": body.decode(), "link": link(GENESIS, body)}],
    }
    path.write_bytes(files.packed(files.files_of(about, [], closing, taken, "")))


# --- the books ----------------------------------------------------------------------------------------------------------


def close(folder: Path, catalogue: Catalogue, kind: Kind, rows: int, step: int) -> Closing:
    """The books after some revisions: one more vintage of every observation and 100 more rows each step."""
    columns = columns_of(kind.code, catalogue)
    relations = [
        Relation("unit", UNIT, list(units())),
        Relation("observation", OBSERVATION, list(observations(catalogue, step))),
        Relation(kind.code, columns, list(cells(columns, rows + 100 * step))),
    ]
    return write_closing(
        folder,
        unit_code=COUNTY,
        unit_name="明澜县",
        as_of=date(2025, 12, 31),
        catalogue=catalogue,
        relations=relations,
    )


def units() -> Iterator[tuple[Cell, ...]]:
    """A county with its townships."""
    yield (COUNTY, "明澜县", "county", None, None, None, 1, TOWNS + 1)
    for number in range(TOWNS):
        code = f"9901{number + 1:02d}"
        yield (code, f"第{number + 1}镇", "township", COUNTY, None, None, number + 2, number + 2)


def observations(catalogue: Catalogue, step: int) -> Iterator[tuple[Cell, ...]]:
    """Two years of every additive indicator of every township, each with as many vintages as there were revisions."""
    dice = random.Random(7)
    for code in added(catalogue):
        for number in range(TOWNS):
            for year in (2024, 2025):
                for month in range(1, 13):
                    value = dice.randint(10**6, 10**9)
                    for vintage in range(step + 1):
                        town = f"9901{number + 1:02d}"
                        reason = f"第{vintage}次修订" if vintage else ""
                        yield code, town, year, month, "actual", "快报", vintage + 1, value + vintage, reason


def added(catalogue: Catalogue) -> list[str]:
    """Monthly indicators that add up."""
    found = catalogue.indicators.values()
    return [
        item.code
        for item in found
        if item.rollup == "sum" and item.frequency == "month" and not item.expression
    ]


def cells(columns: tuple[Column, ...], rows: int) -> Iterator[tuple[Cell, ...]]:
    """Rows of a ledger, from a seed; texts of one of five words."""
    dice = random.Random(11)
    first = date(2024, 1, 1)
    for number in range(rows):
        made: list[Cell] = []
        for column in columns:
            if column.name == "ref":
                made.append(f"matter/2025-{number:06d}")
            elif column.name == "unit":
                made.append(f"9901{dice.randint(1, TOWNS):02d}")
            elif column.type == "whole":
                made.append(dice.randint(0, 10**9))
            elif column.type == "date":
                made.append(first + timedelta(days=dice.randint(0, 729)))
            elif column.type == "bool":
                made.append(dice.random() < 0.5)
            else:
                made.append("甲乙丙丁戊"[dice.randint(0, 4)])
        yield tuple(made)


def asked(catalogue: Catalogue, kind: Kind, most: int) -> Iterator[Ask]:
    """Half from indicators (values and growth), half from the ledger (counts and sums by township and year)."""
    codes = added(catalogue)
    for number in range(most // 2):
        code = codes[number % len(codes)]
        month = 12 - number // len(codes) // 2
        yield Ask(code if number // len(codes) % 2 == 0 else f"growth({code})", year=2025, month=month)
    amounts = [field.code for field in kind.fields if field.type == "quantity" and field.unit]
    for number in range(most - most // 2):
        town = f"9901{number % TOWNS + 1:02d}"
        what = "count" if number % 2 else f"sum {amounts[number // 2 % len(amounts)]} of"
        yield Ask(f"{what} {kind.code} in year", unit=town, year=2025 - number // TOWNS % 2)


if __name__ == "__main__":
    main()
