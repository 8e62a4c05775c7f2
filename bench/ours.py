"""Our cube as the benches use it: its planes resident over the whole tree of a scale, checked against other engines."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from checks import Check, of_planes
from closings import AS_OF, UNIT, catalogue, indicator_code, unit_rows
from numpy.typing import NDArray
from tree import VILLAGE, YEARS, Tree
from values import UNSAID, numbers, plane, silent, sizes, target

from shuzhi.cube.axis import Axis
from shuzhi.cube.block import Block, Source
from shuzhi.cube.boundaries import last_days
from shuzhi.cube.frame import ROLES, Frame, lines_of
from shuzhi.cube.kernels import kernel
from shuzhi.cube.planes import WHOLES, Planes, fresh
from shuzhi.cube.spread import columns_of, spread

Whole = NDArray[np.int64]


def axis_of_tree(tree: Tree) -> Axis:
    """All units of a scale as one axis, from the columns a closing holds of them."""
    columns = list(zip(*unit_rows(tree, range(len(tree))), strict=True))
    kinds = {"text": pa.string(), "whole": pa.int64(), "date": pa.date32()}
    arrays = {
        column.name: pa.array(cells, kinds[column.type]) for column, cells in zip(UNIT, columns, strict=True)
    }
    found = spread(columns_of(pa.table(arrays)), last_days(YEARS, AS_OF))
    if found is None:
        raise ValueError("the tree's preorder numbers cross")
    return found


@dataclass
class Resident:
    """The actuals of a whole scale in one set of planes, as a cube of one closing of all of it would hold them."""

    tree: Tree
    axis: Axis
    frame: Frame
    planes: Planes
    dense: Whole
    """What the villages said, ``[village][indicator][month]`` in the axis' order: the bytes floor M reads."""

    @classmethod
    def of(cls, tree: Tree, *, complete: bool = False) -> "Resident":
        """Lay out and fill the planes of a scale, not yet added up; ``complete`` tells what is missing as zero, for only
        what all have reported has a value, a growth and a rank.
        """
        codes = [indicator_code(number) for number in range(tree.scope.indicators)]
        axis = axis_of_tree(tree)
        frame = Frame(lines_of(catalogue(tree.scope.indicators), codes), YEARS)
        depth = VILLAGE - tree.scope.level
        rows = axis.codes[axis.starts[depth] : axis.starts[depth + 1]]
        dense = np.empty((len(rows), len(codes), frame.months), np.int64)
        keys = numbers(rows)
        quiet, size = silent(keys), sizes(keys)

        def fill(number: int) -> None:
            dense[:, number] = plane(keys, number, len(codes), quiet, size)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(fill, range(len(codes))))
        if complete:
            dense[dense == UNSAID] = 0
        own: list[memoryview | None] = [None] * axis.depths
        own[depth] = memoryview(dense.reshape(-1)).cast("B").cast(WHOLES)
        reach = [0] * axis.depths
        reach[depth] = int(dense.max(initial=0, where=dense != UNSAID))
        return cls(tree, axis, frame, fresh(axis, frame, "actual", own, reach), dense)

    def roll(self, name: str) -> None:
        """The full roll-up: sums, counts and cumulative sums of every interior unit, by the kernel of that name."""
        kernel(name).roll(self.axis, self.frame, self.planes)

    @cached_property
    def interior(self) -> NDArray[np.int64]:
        """The preorder number of each interior unit."""
        place = {code: number for number, code in enumerate(self.tree.codes)}
        return np.array([place[self.axis.codes[row]] for row in self.axis.heads], np.int64)

    def cells(self) -> tuple[Whole, NDArray[np.int32], Whole]:
        """Sums, counts and cumulative sums, ``[interior][indicator][month]``."""
        shape = (self.axis.interiors, len(self.frame.lines), self.frame.months)
        planes = self.planes
        if planes.cumulative is None:
            raise ValueError("actuals have cumulative sums")
        sums, running = (np.frombuffer(each, np.int64) for each in (planes.sums, planes.cumulative))
        counts = np.frombuffer(planes.counts, np.int32)
        return sums.reshape(shape), counts.reshape(shape), running.reshape(shape)

    def check(self) -> Check:
        """The checksum of sums and counts; raises AssertionError when a cumulative sum is not the sum of its months."""
        sums, counts, running = self.cells()
        years = (*sums.shape[:2], len(YEARS), 12)
        for start in range(0, len(sums), 1024):
            rows = slice(start, start + 1024)
            months, so_far = sums[rows].reshape(-1, *years[1:]), running[rows].reshape(-1, *years[1:])
            assert np.array_equal(np.cumsum(months, axis=-1), so_far)
        return of_planes(self.interior, sums, counts)

    def targets(self) -> Planes:
        """The targets every interior unit was set, rolled up."""
        axis, own = self.axis, list[memoryview | None]([None] * self.axis.depths)
        place = {code: number for number, code in enumerate(self.tree.codes)}
        villages = np.searchsorted(self.tree.leaves, self.tree.end) - np.searchsorted(
            self.tree.leaves, np.arange(len(self.tree))
        )
        lines = range(len(self.frame.lines))
        each = np.array([[target(line, year, 1000) for year in YEARS] for line in lines], np.int64)
        for depth in range(axis.depths - 1):
            rows = range(axis.starts[depth], axis.starts[depth + 1])
            many = np.array([villages[place[axis.codes[row]]] for row in rows], np.int64)
            own[depth] = memoryview((many[:, None, None] * each // 1000).reshape(-1)).cast("B").cast(WHOLES)
        reach = [0 if plane is None else max(plane) for plane in own]
        planes = fresh(axis, self.frame, "target", own, reach)
        kernel().roll(axis, self.frame, planes)
        return planes

    def block(self, *, targets: bool = False) -> Block:
        """The planes as the cube of one closing, with or without targets; there are no forecasts."""
        nobody: list[memoryview | None] = [None] * self.axis.depths
        others = {
            role: fresh(self.axis, self.frame, role, nobody, [0] * self.axis.depths) for role in ROLES[1:]
        }
        if targets:
            others["target"] = self.targets()
        root = int(self.tree.parent.argmin())
        source = Source(self.tree.codes[root], self.tree.names[root], AS_OF, "", "")
        return Block(source, self.frame, self.axis, {"actual": self.planes, **others}, nobody)

    @property
    def size(self) -> int:
        """The bytes of the results."""
        planes = self.planes
        running = planes.cumulative.nbytes if planes.cumulative is not None else 0
        return planes.sums.nbytes + planes.counts.nbytes + running
