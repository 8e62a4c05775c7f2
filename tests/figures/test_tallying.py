"""Observations added up column by column are the law's own answer, word for word."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.figures.ask import MOST_REFS
from shuzhi.figures.closing import Closing
from shuzhi.figures.context import Context
from shuzhi.figures.leaves import Look
from shuzhi.figures.many.columns import columns_of
from shuzhi.figures.many.outcome import Tell
from shuzhi.figures.many.telling import told, told_of_many
from shuzhi.figures.observed import Measured, sheets
from tests.figures.county import Close, seen
from tests.figures.land import BAIDU, CITY, DAY, QINGSHI, SHAXI, Land
from tests.figures.province import Row, books, county_units

TOWNS = {county: [f"{county}{number:02d}" for number in (1, 2, 3)] for county in (QINGSHI, BAIDU)}
UNITS = (CITY, QINGSHI, BAIDU, SHAXI, *TOWNS[QINGSHI], *TOWNS[BAIDU])
CODES = ("revenue", "residents", "income", "output")
MONTHS = (6, 11, 12)
relaxed = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

# What a unit may say: nothing, that it is missing, a number; mostly towns speak, and they mostly say something.
words = st.sampled_from(["silent", None, 0, 1, 7, 7, 40, -3])
told_cells = st.fixed_dictionaries(
    {
        (code, unit): words if len(unit) == 8 else st.sampled_from(["silent", "silent", "silent", None, 11])
        for code in CODES
        for unit in UNITS
    }
)
extras = st.lists(
    st.tuples(
        st.sampled_from(CODES),
        st.sampled_from(UNITS),
        st.sampled_from(["actual", "target", "forecast"]),
        st.sampled_from([2024, 2025]),
        st.sampled_from(MONTHS),
        st.sampled_from([None, 3, 5]),
        st.integers(1, 3),
        st.sampled_from(["快报", "决算", ""]),
    ),
    max_size=25,
)


def observations(
    cells: Mapping[tuple[str, str], int | str | None], more: Sequence[tuple[object, ...]], month: int
) -> list[Row]:
    """Everybody's word for one month, and single ones of any role, period and vintage besides."""
    rows = [
        seen(code, 2025, month, value, unit=unit, vintage=0)
        for (code, unit), value in cells.items()
        if not isinstance(value, str)
    ]
    for code, unit, role, year, own, value, vintage, status in more:
        at = own if role == "actual" else 12
        row = seen(code, year, at, value, unit=unit, role=role, vintage=vintage, status=status)  # type: ignore[arg-type]
        rows.append(row)
    return list({row[:5] + row[6:7]: row for row in rows}.values())


def tells(closing: Closing) -> list[Tell]:
    """Every indicator in every context; means in months, too."""
    known = {code: Measured.of(closing.catalogue.indicators[code]) for code in CODES}
    monthly = replace(known["income"], frequency="month")
    return [
        Tell(measured, replace(Context.of("", year, month, closing.as_of, then=then), role=role), weights)
        for measured in (*known.values(), monthly)
        for weights in ((known["residents"],) if measured.rollup.startswith("wmean") else (),)
        for role in ("actual", "target", "forecast", "latest")
        for year in (2024, 2025)
        for month in MONTHS
        for then in (False, True)
    ]


@relaxed
@given(cells=told_cells, more=extras, month=st.sampled_from(MONTHS), redrawn=st.booleans())
def test_column_by_column_is_what_the_law_says(
    close: Close,
    cells: Mapping[tuple[str, str], int | str | None],
    more: Sequence[tuple[object, ...]],
    month: int,
    redrawn: bool,
) -> None:
    land = Land({**TOWNS, SHAXI: []})
    if redrawn:
        land.merge(BAIDU, QINGSHI, DAY)
    closing = land.close(close, observations(cells, more, month))
    asked = tells(closing)
    assert told(asked, closing) == told(asked, closing, by_law=True)


def test_a_closing_of_many_units_names_the_same_observations(close: Close) -> None:
    towns = [f"{QINGSHI}{number:0{2 + number % 3}}" for number in range(1, 2 * MOST_REFS)]
    said = [seen("revenue", 2025, 11, number, unit=town) for number, town in enumerate(towns)]
    said += [seen("revenue", 2024, 12, 5, unit=town, role="forecast") for town in towns[::2]]
    said += [seen("revenue", 2024, 12, 6, unit=town, vintage=2) for town in towns]
    closing = books(
        close, QINGSHI, "青石县", unit=county_units(QINGSHI, towns), observation=said[::-1], danger=[]
    )
    asked = tells(closing)
    found = told(asked, closing)
    assert found == told(asked, closing, by_law=True)
    whole = next(tally for tell, tally in found.items() if tally.number == sum(range(len(towns))))
    assert len(whole.said[0].refs) == MOST_REFS  # type: ignore[union-attr]


@relaxed
@given(cells=told_cells, more=extras)
def test_closings_read_together_tell_what_each_tells_alone(
    close: Close, cells: Mapping[tuple[str, str], int | str | None], more: Sequence[tuple[object, ...]]
) -> None:
    said = observations(cells, more, 11)
    both = [
        Land({**TOWNS, SHAXI: []}).close(close, said),
        books(close, SHAXI, "沙溪县", unit=county_units(SHAXI, ()), observation=said),
        books(close, BAIDU, "白渡县", unit=county_units(BAIDU, TOWNS[BAIDU]), observation=[]),
    ]
    asked = {closing.id: tells(closing) for closing in both}
    assert told_of_many(asked, both) == {each.id: told(asked[each.id], each) for each in both}


@relaxed
@given(cells=told_cells, more=extras)
def test_a_sheet_of_columns_is_the_sheet_that_is_read(
    close: Close, cells: Mapping[tuple[str, str], int | str | None], more: Sequence[tuple[object, ...]]
) -> None:
    closing = Land({**TOWNS, SHAXI: []}).close(close, observations(cells, more, 11))
    looks = [Look(code, unit) for code in (*CODES, "nothing") for unit in (*UNITS, "nowhere")]
    columns = columns_of([closing], [*CODES, "nothing"])
    assert {look: columns.sheet(closing, look) for look in looks} == sheets(looks, closing)


@pytest.mark.parametrize("missing", ["observation", "unit"])
def test_a_closing_without_observations_or_units_says_whose_turn_it_is(close: Close, missing: str) -> None:
    closing = close({"observation": [], missing: None}, as_of=date(2025, 12, 31))
    asked = tells(closing)
    assert told(asked, closing) == told(asked, closing, by_law=True)
