"""The observations of a closing straight from the pages of their file into own planes, by numba.

Rows are sorted, so they come in runs. What :func:`paged` leaves is read by pyarrow (:mod:`shuzhi.cube.disk.stream`), which puts
the same words in the same places.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import numpy as np

from shuzhi.cube.axis import Axis
from shuzhi.cube.build import Own
from shuzhi.cube.disk.pages import TEXT, WHOLE, Pages, Unread, Whole, room
from shuzhi.cube.disk.pouring import DEPTHS, UNREAD, Words, pour, words
from shuzhi.cube.frame import ROLES, Frame

COLUMNS: Final = {
    **dict.fromkeys(("indicator", "unit", "role"), TEXT),
    **dict.fromkeys(("year", "month", "value"), WHOLE),
}
_LACKING: Final = frozenset({"value"})
_PLANES: Final = len(ROLES) * DEPTHS
_NONE: Final = np.zeros(0, np.int64)


def paged(buffer: Any, metadata: Any) -> tuple[Pages, set[str]] | None:
    """The pages of a file of observations and its indicators; None when they are not of the kind closings have."""
    try:
        pages = Pages(buffer, metadata, COLUMNS, _LACKING)
        return pages, pages.words("indicator")
    except Unread:
        return None


def poured(pages: Pages, axis: Axis, frame: Frame, own: Mapping[str, Own]) -> bool:
    """Put all rows in their places; False when some page is of another kind: then all rows are to be put again,
    which changes nothing where they stand already. ``reach`` is set at the end.
    """
    if axis.depths > DEPTHS or not frame.years:
        return not pages.rows
    reach = np.zeros(_PLANES, np.int64)
    planes: list[Whole] = [_NONE] * _PLANES
    shape = (len(frame.lines), len(frame.years), frame.years[0])
    lines = words("\n".join(line.code for line in frame.lines).encode(), len(frame.lines))
    known = (lines, words(axis.names, axis.rows), _roles())
    depths = np.array(axis.starts, np.int64)
    most = max(pages.rows)
    scratch = room("at", len(COLUMNS) * most, np.int32), room("levels", most, np.int32)
    for body in pages.bodies():
        state, groups = np.zeros(3, np.int64), slice(body.groups.start, body.groups.stop)
        cuts = body.cuts
        rows, missing = np.array(pages.rows[groups], np.int64), pages.missing[groups]
        told = (body.pages, body.columns, body.starts, cuts, rows, missing)
        while (
            needed := pour(body.data, told, known, depths, shape, tuple(planes), scratch, reach, state)
        ) >= 0:
            role, depth = divmod(int(needed), DEPTHS)
            planes[needed] = np.frombuffer(own[ROLES[role]].plane(depth), np.int64)
        if needed == UNREAD:
            return False
    for number, largest in enumerate(reach.tolist()):
        role, depth = divmod(number, DEPTHS)
        if depth < axis.depths:
            own[ROLES[role]].reach[depth] = max(own[ROLES[role]].reach[depth], largest)
    return True


@lru_cache(maxsize=1)
def _roles() -> Words:
    return words("\n".join(ROLES).encode(), len(ROLES))
