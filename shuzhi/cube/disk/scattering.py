"""Putting rows of observations in their places, compiled: one pass over the columns, nothing between."""

from typing import Any, Final

import numpy as np

from shuzhi.cube.disk.stream import Whole
from shuzhi.cube.fast import compiled
from shuzhi.cube.frame import MONTHS, SILENT, UNSAID

_SILENT: Final = np.int64(SILENT)
_UNSAID: Final = np.int64(UNSAID)
_NONE: Final = np.zeros(0, np.int64)
_NOWHERE: Final = np.zeros(0, np.int32)


def scatter(
    plane: Whole,
    newest: Whole | None,
    bases: Whole,
    lines: Whole,
    shape: tuple[int, int, int, bool, int],
    columns: tuple[Any, ...],
) -> int:
    """As :func:`shuzhi.cube.disk.stream.scatter`."""
    indicator, unit, role, year, month, vintage, value = columns
    same = (year if isinstance(year, int) else -1, month if isinstance(month, int) else -1)
    years, months = (_NONE if isinstance(each, int) else each for each in (year, month))
    return int(
        _scatter(
            plane,
            _NONE if newest is None else newest,
            bases,
            lines,
            shape,
            same,
            indicator,
            unit,
            _NOWHERE if role is None else role,
            years,
            months,
            _NONE if vintage is None else vintage,
            value,
        )
    )


@compiled
def _scatter(  # noqa: PLR0913, PLR0917 (compiled code takes columns, not objects)
    plane: Any,
    newest: Any,
    bases: Any,
    lines: Any,
    shape: Any,
    same: Any,
    indicator: Any,
    unit: Any,
    role: Any,
    years: Any,
    months: Any,
    vintage: Any,
    value: Any,
) -> int:  # pragma: no cover
    """One pass over the rows."""
    many, span, first, monthly, number = shape
    slots = span * MONTHS if monthly else span
    reach = np.int64(-1)
    for row in range(len(value)):
        if number >= 0 and role[row] != number:
            continue
        u, i = unit[row], indicator[row]
        if u < 0 or i < 0:
            continue
        base, line = bases[u], lines[i]
        back = (years[row] if len(years) else same[0]) - first
        month = months[row] if len(months) else same[1]
        if base < 0 or line < 0 or back < 0 or back >= span or month < 1 or month > MONTHS:
            continue
        if not monthly and month != MONTHS:
            continue
        at = (base * many + line) * slots + (back * MONTHS + month - 1 if monthly else back)
        word = value[row]
        size = np.int64(0) if word <= _SILENT else abs(word)
        reach = max(reach, size)
        if len(newest):
            if vintage[row] > newest[at]:
                newest[at] = vintage[row]
                plane[at] = word
        elif plane[at] == _UNSAID:
            plane[at] = word
    return int(reach)
