"""The steps of a flood (:mod:`shuzhi.cube.correcting.flood`) in NumPy."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from shuzhi.cube.correcting.flood import Bed, Layer, Moves, Truth, written
from shuzhi.cube.correcting.placing import Words
from shuzhi.cube.frame import MONTHS, SILENT, UNSAID
from shuzhi.cube.vector import Whole


def tell(bed: Bed, layer: Layer, below: Layer, words: Words) -> tuple[int, Moves]:
    """Write own words of rows of one depth; how many cells they moved, and the differences of these rows."""
    width = len(bed.months)
    moved, old = written(layer.own, (words.rows - layer.first) * width + words.cells, words.said)
    rows, cells, said = words.of(moved)
    more = np.where(said > SILENT, said, 0) - np.where(old > SILENT, old, 0)
    heard = (said > SILENT).astype(np.int64) - (old > SILENT)
    inside = bed.inner[rows] >= 0
    if inside.any():
        more[inside], heard[inside] = _retold(bed, below, Words(rows[inside], cells[inside], said[inside]))
    kept = np.flatnonzero((more != 0) | (heard != 0))
    return len(moved), Moves(rows[kept], cells[kept], more[kept], heard[kept])


def carry(bed: Bed, above: Layer, moves: Moves) -> Moves:
    """Add differences to the rows above, where these have not spoken themselves; what then goes up from these."""
    if not len(bed.lo):  # nobody has areas below it
        return Moves(moves.rows[:0], moves.cells[:0], moves.more[:0], moves.heard[:0])
    rows, width = bed.parent[moves.rows].astype(np.int64), len(bed.months)
    place = np.where(rows >= 0, bed.inner[rows], -1).astype(np.int64)
    wanted = (place >= 0) & (bed.lo[place] <= moves.rows) & (moves.rows < bed.hi[place])
    wanted &= bed.adds[moves.cells] & _stood(bed, moves.rows, bed.months[moves.cells])
    if len(above.own):
        own = above.own[np.where(wanted, (rows - above.first) * width + moves.cells, 0)]
        wanted &= own == UNSAID
    kept = np.flatnonzero(wanted)
    moves = Moves(rows[kept], moves.cells[kept], moves.more[kept], moves.heard[kept])
    at = place[kept] * width + moves.cells
    np.add.at(bed.sums, at, moves.more)
    np.add.at(bed.counts, at, moves.heard.astype(np.int32))
    _run(bed, at)
    return moves


def run_on(bed: Bed, means: Truth, places: Sequence[int]) -> None:
    """Work out the running sums of interior rows from the first up to the second place; cells of means have none."""
    width = len(bed.months)
    cells = slice(places[0] * width, places[1] * width)
    running = bed.running[cells]
    np.cumsum(bed.sums[cells].reshape(-1, MONTHS), axis=1, out=running.reshape(-1, MONTHS))
    running.reshape(-1, width)[:, means] = 0


def _stood(bed: Bed, rows: Whole, months: Whole) -> Truth:
    """Whether areas stood in some months."""
    if not len(bed.shaky):
        return np.ones(len(rows), np.bool_)
    at = np.minimum(np.searchsorted(bed.shaky, rows), len(bed.shaky) - 1)
    stands = bed.stands.reshape(len(bed.shaky), -1)
    found: Truth = (bed.shaky[at] != rows) | (stands[at, months] != 0)
    return found


def _run(bed: Bed, at: Whole) -> None:
    """Bring the running sums of the years of some cells up to date."""
    if len(bed.running):
        years = at // MONTHS
        sums, running = bed.sums.reshape(-1, MONTHS), bed.running.reshape(-1, MONTHS)
        running[years] = np.cumsum(sums[years], axis=1)


def _retold(bed: Bed, below: Layer, words: Words) -> tuple[Whole, Whole]:
    """The cells of interior rows that spoke or fell silent themselves; how much more they are."""
    rows, cells, said = words
    width, place = len(bed.months), bed.inner[rows].astype(np.int64)
    at, expected = place * width + cells, bed.expected.reshape(len(bed.lo), -1)
    before, heard = bed.sums[at], bed.counts[at].astype(np.int64)
    total = np.where(said > SILENT, said, 0)
    count = np.where(said > SILENT, expected[place, bed.months[cells]], 0).astype(np.int64)
    for number in np.flatnonzero((said == UNSAID) & bed.adds[cells]):
        total[number], count[number] = _below(bed, below, place[number], cells[number])
    bed.sums[at], bed.counts[at] = total, count
    _run(bed, at)
    return total - before, count - heard


def _below(bed: Bed, below: Layer, place: Any, cell: Any) -> tuple[Any, Any]:
    """Sum and count of the areas below an interior row that stood."""
    width = len(bed.months)
    rows = np.arange(bed.lo[place], bed.hi[place], dtype=np.int64)
    rows = rows[_stood(bed, rows, np.full(len(rows), bed.months[cell]))]
    inner = bed.inner[rows].astype(np.int64)
    at = inner[inner >= 0] * width + cell
    said = below.own[(rows[inner < 0] - below.first) * width + cell] if len(below.own) else below.own
    said = said[said > SILENT]
    return bed.sums[at].sum() + said.sum(), bed.counts[at].sum() + len(said)
