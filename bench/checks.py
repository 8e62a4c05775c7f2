"""One checksum for all engines: over every cell of every interior unit, the sums and the counts, weighted by where they stand.

The weight of a cell is ``(unit × 31 + indicator × 17 + month × 7) mod 1009``, by the unit's number in preorder. Two engines
agree when both totals do; cells nobody reported in add nothing, so an engine may leave them out.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

BELOW: Final = 1 << 20
WEIGHT: Final = "((uid * 31 + ind * 17 + period * 7) % 1009)"
SQL: Final = f"select sum((s % {BELOW}) * {WEIGHT}), sum(c * {WEIGHT}) from "
"""To be followed by a table of uid, ind, period, s and c."""


class Check(NamedTuple):
    """The totals of sums and of counts."""

    sums: int
    counts: int


def of_rows(
    unit: NDArray[np.int64],
    indicator: NDArray[np.int64],
    month: NDArray[np.int64],
    total: NDArray[np.int64],
    count: NDArray[np.int64],
) -> Check:
    """The checksum of cells given as columns."""
    weight = (
        unit.astype(np.int64) * 31 + indicator.astype(np.int64) * 17 + month.astype(np.int64) * 7
    ) % 1009
    sums = int(((total.astype(np.int64) % BELOW) * weight).sum())
    return Check(sums, int((count.astype(np.int64) * weight).sum()))


def of_planes(units: NDArray[np.int64], sums: NDArray[np.int64], counts: NDArray[np.int32]) -> Check:
    """The checksum of dense cells ``[unit][indicator][month]``; ``units`` are the preorder numbers of the rows."""
    months = np.arange(sums.shape[2], dtype=np.int64) * 7
    indicators = np.arange(sums.shape[1], dtype=np.int64)[:, None] * 17
    found = [0, 0]
    for start in range(0, len(units), 512):
        rows = slice(start, start + 512)
        weight = (units[rows, None, None].astype(np.int64) * 31 + indicators + months) % 1009
        found[0] += int(((sums[rows] % BELOW) * weight).sum())
        found[1] += int((counts[rows] * weight).sum())
    return Check(*found)


def together(*parts: Check) -> Check:
    """The checksum of cells checked apart."""
    return Check(sum(part.sums for part in parts), sum(part.counts for part in parts))
