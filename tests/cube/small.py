"""Small random books: trees with departments and units that come and go, observations with gaps, silences and vintages."""

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from shuzhi.cube.build import Row
from shuzhi.figures.closing import Cell

LEVELS = ("county", "township", "village", "group")
ADDING = ("harvest", "farms", "price", "index", "revenue", "residents", "income")
Unit = Sequence[Cell]


@st.composite
def trees(draw: st.DrawFn, most: int = 9) -> list[Unit]:
    """Rows of the relation of units under one county."""
    parents = [-1]
    parents += [draw(st.integers(0, place - 1)) for place in range(1, draw(st.integers(1, most)))]
    below: dict[int, list[int]] = {}
    for place, above in enumerate(parents):
        below.setdefault(above, []).append(place)
    units: list[Unit] = []

    def visit(place: int, code: str, above: str | None, depth: int) -> int:
        level = LEVELS[min(depth, 3)]
        if depth and draw(st.integers(0, 5)) == 0:
            level = "department"
        since, until = (draw(DAYS), draw(DAYS)) if depth and draw(st.integers(0, 3)) == 0 else (None, None)
        if since and until and since > until:
            since, until = until, since
        own = len(units)
        units.append(())
        last = own + 1
        for number, child in enumerate(below.get(place, [])):
            last = visit(child, f"{code}{number}", code, depth + 1)
        units[own] = (code, f"名{code}", level, above, since, until, own + 1, last)
        return last

    visit(0, "1", None, 0)
    return units


DAYS = st.dates(date(2024, 1, 1), date(2025, 12, 31)) | st.none()
VALUES = st.integers(-9, 9) | st.integers(-(2**40), 2**40) | st.none()


@st.composite
def observations(draw: st.DrawFn, units: Sequence[Unit], most: int = 60) -> list[Row]:
    """Observations of the units, few months, so that there are complete ones, too."""
    codes = [str(unit[0]) for unit in units]
    keys = st.tuples(
        st.sampled_from(ADDING),
        st.sampled_from(codes),
        st.sampled_from((2024, 2025)),
        st.sampled_from((1, 3, 12)),
        st.sampled_from(("actual", "actual", "actual", "target", "forecast")),
        st.integers(1, 2),
    )
    found: list[Row] = []
    for indicator, unit, year, month, role, vintage in draw(st.lists(keys, unique=True, max_size=most)):
        when = month if role == "actual" and indicator not in ("farms", "residents", "income") else 12
        value = draw(VALUES)
        found.append(
            (indicator, unit, year, when, role, "快报", vintage, value, "" if value is not None else "不详")
        )
    # Some indicators are reported by all, so that sums come about.
    for indicator in draw(st.sets(st.sampled_from(ADDING))):
        found += [(indicator, code, 2025, 12, "actual", "快报", 1, draw(VALUES), "") for code in codes]
    return list({(*row[:5], row[6]): row for row in found}.values())
