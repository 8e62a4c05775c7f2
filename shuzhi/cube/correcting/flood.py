"""Many words told at once: depth by depth from below, the differences of all cells of a depth together.

Only for what just adds up and where no sum can leave 64 bits; what :class:`shuzhi.cube.correcting.ripple.Mover` does with care is left
to it. Whole numbers: the order of adding changes nothing, so the cube is the same as word by word. Where that is cheaper,
the words are only written and the cube is rolled up anew.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from os import cpu_count
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from shuzhi.cube.correcting.placing import Words
from shuzhi.cube.correcting.ripple import Mover
from shuzhi.cube.frame import MONTHS, SILENT
from shuzhi.cube.kernels import Kernel
from shuzhi.cube.planes import COUNTS
from shuzhi.cube.vector import Whole, array

Small = NDArray[np.int32]
Truth = NDArray[np.bool_]
Depths = NDArray[np.uint8]
_KINDS: Final = {COUNTS: np.int32, "B": np.uint8}
_STEPS: Final = {"numba": "flood_fast", "numpy": "flood_vector"}
_CAREFUL: Final = 500
"""As many words as take the time of one told with care."""
_SHARED: Final = 1 << 13
"""Words from which on several threads are worth their start."""


_RUN: Final = 24
"""As many running sums are worked out from their beginning in the time in which one word moves those after it."""


class Bed(NamedTuple):
    """What differences run over, flat: the axis; of each cell of a row its month, the months left in its year (itself among
    them), whether units add up there; and the sums of a role (``running`` is empty where it has none).
    """

    parent: Small
    inner: Small
    lo: Small
    firm: Small
    hi: Small
    expected: Small
    shaky: Small
    stands: NDArray[np.uint8]
    months: Whole
    left: Whole
    adds: NDArray[np.bool_]
    sums: Whole
    counts: Small
    running: Whole


class Layer(NamedTuple):
    """What the units of one depth said of themselves (empty: nothing), and the depth's first row."""

    own: Whole
    first: int


class Moves(NamedTuple):
    """Differences that go up from some rows of one depth: rows, places in a row's cells, sums and counts more."""

    rows: Whole
    cells: Whole
    more: Whole
    heard: Whole

    def with_(self, others: "Moves") -> "Moves":
        """These and others."""
        if not len(others.rows):
            return self
        return Moves(*(np.concatenate(pair) for pair in zip(self, others, strict=True)))


_EMPTY: Final = np.zeros(0, np.int64)
NO_MOVES: Final = Moves(_EMPTY, _EMPTY, _EMPTY, _EMPTY)


class Steps(Protocol):
    """How one depth is dealt with: in NumPy or compiled."""

    def tell(self, bed: Bed, layer: Layer, below: Layer, words: Words) -> tuple[int, Moves]:
        """Write own words of rows of one depth; how many cells they moved, and the differences of these rows."""
        ...

    def carry(self, bed: Bed, above: Layer, moves: Moves) -> Moves:
        """Add differences to the rows above, where these have not spoken themselves; what then goes up from these."""
        ...

    def run_on(self, bed: Bed, means: Truth, places: Sequence[int]) -> None:
        """Work out the running sums of interior rows from the first up to the second place; cells of means have none."""
        ...


def written(own: Whole, at: Whole, said: Whole) -> tuple[Whole, Whole]:
    """Write words into a plane, the last where several are of one cell; which of them moved their cell, and what had been said
    in these.
    """
    old, order = own[at], np.arange(len(at))
    own[at] = order
    moved = np.flatnonzero((own[at] == order) & (said != old))
    own[at] = old
    own[at[moved]] = said[moved]
    return moved, old[moved]


class Flood:
    """The words of one role of a live cube; ``width`` is the number of cells of a row."""

    def __init__(self, mover: Mover, kernel: Kernel) -> None:
        axis, frame, slots = mover.axis, mover.frame, np.arange(mover.slots)
        self.mover, self.axis, self.kernel = mover, axis, kernel
        self.steps: Steps = import_module(f"shuzhi.cube.correcting.{_STEPS[kernel.name]}")
        self.threads = (cpu_count() or 1) if kernel.name == "numba" else 1
        self.width = mover.lines * mover.slots
        columns = (axis.parent, axis.inner, axis.lo, axis.firm, axis.hi, axis.expected, axis.shaky)
        self._axis = tuple(_held(column) for column in (*columns, axis.stands))
        months = np.array([frame.month(mover.role, slot) for slot in slots.tolist()], np.int64)
        self._cells = (
            np.tile(months, mover.lines),
            np.tile(MONTHS - slots % MONTHS, mover.lines),
            np.repeat([line.adds for line in frame.lines], mover.slots),
        )
        self._depths = np.frombuffer(mover.depths, np.uint8)
        self._simple = np.repeat([mover.simple(line) for line in range(mover.lines)], mover.slots)
        self._means = np.repeat([line.weight >= 0 for line in frame.lines], mover.slots)
        self._share = np.repeat(np.arange(mover.lines) % self.threads, mover.slots).astype(np.uint8)

    def tell(self, words: Words, anew: int) -> int:
        """Write words; how many cells moved. Where a word falls on every ``anew`` cells or fewer, all is rolled up anew."""
        if not len(words.rows):
            return 0
        depths = self._depths[words.rows]
        if not self._fit(depths, words.said):
            return self._carefully(words)
        simple = self._simple if self._simple.all() else self._simple[words.cells]
        careful = np.count_nonzero(~simple)
        if (len(words.rows) + _CAREFUL * careful) * anew > self.axis.rows * self.width:
            return self._anew(words, depths)
        if not careful:
            return self._flow(words, depths)
        return self._flow(words.of(simple), depths[simple]) + self._carefully(words.of(~simple))

    def _fit(self, depths: Depths, said: Whole) -> bool:
        """Whether still no sum can leave 64 bits."""
        sizes = np.abs(np.where(said > SILENT, said, 0))
        first, last = int(depths.min()), int(depths.max())
        for depth in range(first, last + 1):
            there = sizes if first == last else sizes * (depths == depth)
            self.mover.widen(depth, int(there.max()))
        return self.mover.safe

    def _carefully(self, words: Words) -> int:
        """Tell words one after the other."""
        keys = (words.rows * self.width + words.cells).tolist()
        return self.mover.tell_all(dict(zip(keys, words.said.tolist(), strict=True)))

    def _anew(self, words: Words, depths: Depths) -> int:
        """Write all words, then roll up anew: cheaper when very many cells are corrected."""
        moved = 0
        for depth in np.unique(depths).tolist():
            own, first = self._layer(depth, spoken=True)
            rows, cells, said = words.of(depths == depth)
            moved += len(written(own, (rows - first) * self.width + cells, said)[0])
        self.kernel.roll(self.axis, self.mover.frame, self.mover.planes)
        return moved

    # --- depth by depth -----------------------------------------------------------------------------------------------

    def _flow(self, words: Words, depths: Depths) -> int:
        """Write words of what just adds up and fits, and carry the differences up; threads share the lines."""
        present = np.bincount(depths, minlength=self.axis.depths) > 0
        layers = [self._layer(depth, spoken=bool(spoken)) for depth, spoken in enumerate(present)]
        bed = self._bed()
        late = [depth for depth in range(self.axis.depths) if self._crowded(depth, len(depths), bed)]
        beds = [bed._replace(running=_EMPTY) if depth in late else bed for depth in range(self.axis.depths)]
        if self.threads == 1 or len(depths) < _SHARED:
            moved = self._climb(beds, layers, words, depths)
        else:
            share = self._share[words.cells]
            parts = (np.flatnonzero(share == number) for number in range(self.threads))
            with ThreadPoolExecutor(self.threads) as pool:
                moved = sum(
                    pool.map(lambda part: self._climb(beds, layers, words.of(part), depths[part]), parts)
                )
        for depth in late:
            self.steps.run_on(bed, self._means, self.axis.inner_starts[depth : depth + 2])
        return moved

    def _crowded(self, depth: int, words: int, bed: Bed) -> bool:
        """Whether it is cheaper to work out all running sums of a depth once than to move each for every word."""
        first, last = self.axis.inner_starts[depth : depth + 2]
        return len(bed.running) > 0 and (last - first) * self.width < words * _RUN

    def _climb(self, beds: list[Bed], layers: list[Layer], words: Words, depths: Depths) -> int:
        """From the deepest row that speaks to the top; how many cells moved."""
        moves, moved, deepest = NO_MOVES, 0, int(depths.max(initial=0))
        alone = deepest == depths.min(initial=deepest)
        for depth in reversed(range(deepest + 1)):
            here = words if alone and depth == deepest else words.of(depths == depth)
            if len(moves.rows):
                moves = self.steps.carry(beds[depth], layers[depth], moves)
            if len(here.rows):
                below = layers[depth + 1] if depth + 1 < len(layers) else layers[depth]
                many, told = self.steps.tell(beds[depth], layers[depth], below, here)
                moves, moved = told.with_(moves), moved + many
        return moved

    def _layer(self, depth: int, *, spoken: bool) -> Layer:
        """What the units of a depth said; room for it is made when somebody there speaks now."""
        plane = self.mover.plane(depth) if spoken else self.mover.planes.own[depth]
        return Layer(_EMPTY if plane is None else array(plane), self.axis.starts[depth])

    def _bed(self) -> Bed:
        planes = self.mover.planes
        running = _EMPTY if planes.cumulative is None else array(planes.cumulative)
        counts = np.frombuffer(planes.counts, np.int32)
        columns: list[NDArray[Any]] = [*self._axis, *self._cells, array(planes.sums), counts, running]
        return Bed(*columns)


def _held(column: memoryview) -> NDArray[Any]:
    """A column of an axis; a mapped one is copied, for compiled code is made anew for what may not be written."""
    found = np.frombuffer(column, _KINDS[column.format])
    return found.copy() if column.readonly else found
