"""The steps of a flood (:mod:`shuzhi.cube.correcting.flood`) compiled by numba: word after word, difference after difference."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from shuzhi.cube.correcting.flood import Bed, Layer, Moves, Truth
from shuzhi.cube.correcting.placing import Words
from shuzhi.cube.fast import compiled
from shuzhi.cube.frame import MONTHS, SILENT, UNSAID

_SILENT = np.int64(SILENT)
_UNSAID = np.int64(UNSAID)
_INSIDE = np.int64(2)


def tell(bed: Bed, layer: Layer, below: Layer, words: Words) -> tuple[int, Moves]:
    """Write own words of rows of one depth; how many cells they moved, and the differences of these rows."""
    moves = Moves(*(np.empty(len(words.rows), np.int64) for _ in range(4)))
    moved, kept, inside = _tell(bed.inner, len(bed.months), layer, words, moves)
    moves = Moves(*(column[:kept] for column in moves))
    if inside:
        kept = _retell(bed, below, moves)
    return moved, Moves(*(column[:kept] for column in moves))


def carry(bed: Bed, above: Layer, moves: Moves) -> Moves:
    """Add differences to the rows above, where these have not spoken themselves; what then goes up from these."""
    kept = _carry(bed, above, moves)
    return Moves(*(column[:kept] for column in moves))


def run_on(bed: Bed, means: Truth, places: Sequence[int]) -> None:
    """Work out the running sums of interior rows from the first up to the second place; cells of means have none."""
    _run_on(means, (places[0], places[1]), bed.sums, bed.running)


@compiled
def _run_on(means: Any, places: Any, sums: Any, running: Any) -> None:  # pragma: no cover
    """The running sums of interior rows, year after year."""
    width = len(means)
    for place in range(places[0], places[1]):
        for january in range(0, width, MONTHS):
            first, total = place * width + january, np.int64(0)
            for month in range(MONTHS):
                if not means[january]:
                    total += sums[first + month]
                running[first + month] = total


@compiled
def _tell(inner: Any, width: int, layer: Any, words: Any, moves: Any) -> Any:  # pragma: no cover
    """Write words, the last where several are of one cell. How many cells moved; how many differences there are; how many
    of these are of interior rows, whose word stands for the difference and ``_INSIDE`` for the count as yet.
    """
    own, first = layer
    rows, cells, said = words
    to_rows, to_cells, to_more, to_heard = moves
    old = np.empty(len(rows), np.int64)
    for i in range(len(rows)):
        old[i] = own[(rows[i] - first) * width + cells[i]]
    for i in range(len(rows)):
        own[(rows[i] - first) * width + cells[i]] = i
    moved = kept = inside = 0
    for i in range(len(rows)):
        row, cell, word, before = rows[i], cells[i], said[i], old[i]
        at = (row - first) * width + cell
        if own[at] != i:
            continue
        own[at] = word
        if word == before:
            continue
        moved += 1
        if inner[row] < 0:
            more = (word if word > _SILENT else 0) - (before if before > _SILENT else 0)
            heard = np.int64(word > _SILENT) - np.int64(before > _SILENT)
        else:
            more, heard = word, _INSIDE
            inside += 1
        if more != 0 or heard != 0:
            to_rows[kept] = row
            to_cells[kept] = cell
            to_more[kept] = more
            to_heard[kept] = heard
            kept += 1
    return moved, kept, inside


@compiled
def _retell(bed: Any, below: Any, moves: Any) -> Any:  # pragma: no cover
    """Work out the cells of interior rows that spoke or fell silent themselves, and how much more they are; how many
    differences remain.
    """
    rows, cells, more, heard = moves
    width, kept = len(bed.months), 0
    for i in range(len(rows)):
        cell, place = cells[i], np.int64(bed.inner[rows[i]])
        more[kept], heard[kept] = more[i], heard[i]
        if place >= 0:
            total = count = np.int64(0)
            if more[i] > _SILENT:
                total = more[i]
                count = np.int64(bed.expected[place * (len(bed.expected) // len(bed.lo)) + bed.months[cell]])
            elif more[i] == _UNSAID and bed.adds[cell]:
                total, count = _below(bed, below, place, cell)
            at = place * width + cell
            more[kept], heard[kept] = total - bed.sums[at], count - bed.counts[at]
            bed.sums[at] = total
            bed.counts[at] = np.int32(count)
            if len(bed.running):
                for later in range(at, at + bed.left[cell]):
                    bed.running[later] += more[kept]
        rows[kept], cells[kept] = rows[i], cell
        kept += more[kept] != 0 or heard[kept] != 0
    return kept


@compiled
def _below(bed: Any, below: Any, place: Any, cell: Any) -> Any:  # pragma: no cover
    """Sum and count of the areas below an interior row that stood."""
    total = count = np.int64(0)
    width = len(bed.months)
    for row in range(bed.lo[place], bed.hi[place]):
        if row >= bed.firm[place] and not _stood(bed.shaky, bed.stands, row, bed.months[cell]):
            continue
        inner = np.int64(bed.inner[row])
        if inner >= 0:
            total += bed.sums[inner * width + cell]
            count += bed.counts[inner * width + cell]
        elif len(below.own):
            word = below.own[(row - below.first) * width + cell]
            if word > _SILENT:
                total += word
                count += 1
    return total, count


@compiled
def _stood(shaky: Any, stands: Any, row: Any, month: Any) -> Any:  # pragma: no cover
    """Whether an area that came or went stood in a month."""
    return stands[np.searchsorted(shaky, row) * (len(stands) // len(shaky)) + month] != 0


@compiled
def _carry(bed: Any, above: Any, moves: Any) -> Any:  # pragma: no cover
    """Move differences one depth up in place; how many go on."""
    parent, inner, lo, firm, hi, _, shaky, stands, months, left, adds, sums, counts, running = bed
    own, first = above
    rows, cells, more, heard = moves
    width, kept = len(months), 0
    for i in range(len(rows)):
        row, cell = rows[i], cells[i]
        upper = np.int64(parent[row])
        if upper < 0 or not adds[cell]:
            continue
        place = np.int64(inner[upper])
        if place < 0 or row < lo[place] or row >= hi[place]:
            continue
        if row >= firm[place] and not _stood(shaky, stands, row, months[cell]):
            continue
        if len(own) and own[(upper - first) * width + cell] != _UNSAID:
            continue
        # Not a function of its own: handing it the columns would take six times as long as what it does.
        at = place * width + cell
        sums[at] += more[i]
        if heard[i] != 0:
            counts[at] += np.int32(heard[i])
        if len(running):
            for later in range(at, at + left[cell]):
                running[later] += more[i]
        rows[kept] = upper
        cells[kept] = cell
        more[kept] = more[i]
        heard[kept] = heard[i]
        kept += 1
    return kept
