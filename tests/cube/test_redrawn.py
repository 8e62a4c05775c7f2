"""Boundaries that changed: every cell of the cube is what the engine says, in one closing and in many, corrected or not."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shuzhi.cube import kept
from shuzhi.cube.asking.dashboard import Dashboard
from shuzhi.cube.asking.formulas import BEYOND, NONE, millionths
from shuzhi.cube.asking.reads import Answers
from shuzhi.cube.build import Row, block_of
from shuzhi.cube.correcting.correct import Correction
from shuzhi.cube.correcting.live import LiveCube
from shuzhi.cube.cube import Cube, Recipe
from shuzhi.cube.worked import ways_of, work_out
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Cell, Closing, Relation, write_closing
from shuzhi.figures.compute import compute
from shuzhi.figures.observed import OBSERVATION_COLUMNS as OBSERVATION
from shuzhi.figures.tree import UNIT_COLUMNS as UNIT
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.measure import UNITS
from tests.cube.small import ADDING
from tests.figures.county import SUCCESSION, UNIT_PLACE
from tests.figures.land import CITY, NAMES, TOWNS, Land, Steps, changes, redrawn

SPEECH = {"actual": "{}", "target": "target({})", "forecast": "forecast({})"}
MONTHS = (3, 6, 12)
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@st.composite
def told(draw: st.DrawFn, codes: Sequence[str]) -> list[Row]:
    """Observations of 2024 and 2025: some indicators by all units, others by some."""
    keys = st.tuples(
        st.sampled_from(ADDING),
        st.sampled_from(codes),
        st.sampled_from((2024, 2025)),
        st.sampled_from(MONTHS),
        st.sampled_from(("actual", "actual", "target", "forecast")),
    )
    values = st.integers(-9, 9) | st.integers(-(2**40), 2**40) | st.none()
    found: dict[tuple[object, ...], Row] = {}
    for indicator, period in draw(st.sets(st.tuples(st.sampled_from(ADDING), st.sampled_from((2024, 2025))))):
        for code in draw(st.sets(st.sampled_from(codes), min_size=len(codes) - 2)):
            for role, month in (("actual", draw(st.sampled_from(MONTHS))), ("actual", 12), ("target", 12)):
                row = (indicator, code, period, month, role, "快报", 1, draw(values), "不详")
                found[row[:5]] = row
    for indicator, code, year, month, role in draw(st.lists(keys, max_size=30)):
        when = month if role == "actual" else 12
        found[indicator, code, year, when, role] = (
            indicator,
            code,
            year,
            when,
            role,
            "快报",
            2,
            draw(values),
            "不详",
        )
    return list(found.values())


def closed(
    folder: Path,
    catalogue: Catalogue,
    code: str,
    units: Sequence[Sequence[Cell]],
    rows: Sequence[Row],
    land: Land | None = None,
) -> Closing:
    """A closing of units and observations, with the land's earlier places where it is given."""
    relations = [Relation("unit", UNIT, units), Relation("observation", OBSERVATION, rows)]
    if land is not None and land.places:
        relations += [Relation("unit_place", UNIT_PLACE, land.places)]
    if land is not None and land.steps:
        relations += [Relation("succession", SUCCESSION, land.steps)]
    return write_closing(
        folder,
        unit_code=code,
        unit_name=NAMES.get(code, code),
        as_of=date(2025, 11, 20),
        catalogue=catalogue,
        relations=relations,
    )


def equal(cube: Cube, closings: Sequence[Closing], units: Sequence[str]) -> None:
    """Every cell, as the cube says it and as the language is read from it, is what the engine says."""
    keys = list(product(ADDING, units, (2024, 2025), MONTHS, SPEECH))
    asks = [Ask(SPEECH[role].format(code), unit, year, month) for code, unit, year, month, role in keys]
    figures = compute(asks, closings)
    for (code, unit, year, month, role), figure in zip(keys, figures, strict=True):
        found = cube.cell(code, unit, year, month, role)
        value = None if found.value is None else found.value / UNITS[figure.unit].step
        assert value == figure.value, (
            code,
            unit,
            year,
            month,
            role,
            found,
            figure.reason,
            value,
            figure.value,
        )


SETTINGS = settings(max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)


@SETTINGS
@given(data=st.data(), steps=changes)
@pytest.mark.parametrize("name", ["plain", "numba"])
def test_every_cell_of_redrawn_units_is_what_the_engine_says(
    name: str, data: st.DataObject, steps: Steps, catalogue: Catalogue, tmp_path: Path
) -> None:
    if name != "plain":
        pytest.importorskip(name)
    land = redrawn(steps)
    closing = closed(tmp_path, catalogue, CITY, land.units(), data.draw(told(list(land.parent))), land)
    block = block_of(closing, kernel_name=name)
    equal(Cube(block), [closing], list(land.parent))
    kept.put(block, tmp_path / "a.cube", "key")
    again = kept.get(tmp_path / "a.cube", "key")
    assert again.axis == block.axis
    equal(Cube(again), [closing], [CITY, *TOWNS])


@SETTINGS
@given(data=st.data(), steps=changes, apart=st.sets(st.sampled_from(tuple(TOWNS))))
@pytest.mark.parametrize("listed", [True, False])
def test_so_is_every_cell_over_the_closings_of_city_and_counties(
    listed: bool, data: st.DataObject, steps: Steps, apart: set[str], catalogue: Catalogue, tmp_path: Path
) -> None:
    land = redrawn(steps)
    rows = data.draw(told(list(land.parent)))
    lower = {code: land.county(code) for code in sorted(apart)}
    theirs = {str(unit[0]) for units in lower.values() for unit in units}
    upper = land if listed else land.without({code for code in theirs if len(code) > 6})
    closings = [
        closed(tmp_path, catalogue, CITY, upper.units(), [row for row in rows if row[1] not in theirs], upper)
    ]
    for code, units in lower.items():
        held = [str(unit[0]) for unit in units]
        own = [
            row
            for row in rows
            if row[1] in held
            and (row[1] == code or land.parent[row[1]] == code or land.parent[row[1]] not in lower)
        ]
        closings.append(closed(tmp_path, catalogue, code, units, own))
    equal(Cube.of(closings, Recipe(catalogue, kernel="plain")), closings, list(land.parent))


EXPRESSIONS = (
    "{}",
    "growth({})",
    "lastyear({})",
    "completion({})",
    "rank({})",
    "{}.target",
    "{} - lastyear({})",
)


@SETTINGS
@given(data=st.data(), steps=changes)
def test_what_is_compiled_is_the_engines(
    data: st.DataObject, steps: Steps, catalogue: Catalogue, tmp_path: Path
) -> None:
    land = redrawn(steps)
    closing = closed(tmp_path, catalogue, CITY, land.units(), data.draw(told(list(land.parent))), land)
    asks = [
        Ask(form.replace("{}", code), unit, year, month)
        for form, code, unit, year, month in product(EXPRESSIONS, ADDING, land.parent, (2024, 2025), (3, 6))
    ]
    answers = Answers(Cube(block_of(closing, kernel_name="plain")), asks, catalogue)
    found = answers()
    for number, figure in enumerate(compute(asks, [closing])):
        if number not in answers.left:
            assert answers.value(number, found[number]) == figure.value, (figure.ask, figure.reason)


@SETTINGS
@given(data=st.data(), steps=changes)
@pytest.mark.parametrize("name", ["plain", "numpy", "numba"])
def test_corrections_of_redrawn_units_show_at_once(
    name: str, data: st.DataObject, steps: Steps, catalogue: Catalogue, tmp_path: Path
) -> None:
    if name != "plain":
        pytest.importorskip(name)
    land = redrawn(steps)
    codes = list(land.parent)
    rows = {row[:5]: row for row in data.draw(told(codes))}
    closing = closed(tmp_path, catalogue, CITY, land.units(), list(rows.values()), land)
    live = LiveCube(Cube.of([closing], Recipe(catalogue, years=(2024, 2025), kernel=name)))
    for row in data.draw(st.lists(st.sampled_from(sorted(rows, key=str)), max_size=6)) if rows else ():
        value = data.draw(st.integers(-99, 99) | st.none())
        live.apply(Correction(row[0], row[1], row[2], row[3], value, row[4]))
        rows[row] = (*row, "快报", 9, value, "不详")
    anew = closed(tmp_path, catalogue, CITY, land.units(), list(rows.values()), land)
    equal(live.cube, [anew], codes)


@SETTINGS
@given(data=st.data(), steps=changes)
@pytest.mark.parametrize("name", ["plain", "numba"])
def test_in_bulk_redrawn_months_are_left_to_be_read(
    name: str, data: st.DataObject, steps: Steps, catalogue: Catalogue, tmp_path: Path
) -> None:
    if name != "plain":
        pytest.importorskip(name)
    land = redrawn(steps)
    closing = closed(tmp_path, catalogue, CITY, land.units(), data.draw(told(list(land.parent))), land)
    block = block_of(closing, years=(2024, 2025), kernel_name="plain")
    if "harvest" not in block.frame.places:
        return
    ways, line = ways_of(catalogue, block), block.frame.places["harvest"]
    worked = work_out(block, ways, (), kernel_name=name)
    heads = list(enumerate(block.axis.heads))
    asks = [
        Ask("growth(harvest)", block.axis.codes[row], 2025, month) for _, row in heads for month in MONTHS
    ]
    for (place, month), figure in zip(
        product(range(len(heads)), MONTHS), compute(asks, [closing]), strict=True
    ):
        found = worked.growth[(place * len(ways) + line) * 12 + month - 1]
        said = (
            NONE
            if figure.value is None
            else millionths(figure.value.numerator, 100 * figure.value.denominator)
        )
        assert found in (said, BEYOND), (figure.ask, found, said, figure.reason)


@SETTINGS
@given(data=st.data(), steps=changes)
def test_a_dashboard_of_redrawn_units_says_what_the_engine_says(
    data: st.DataObject, steps: Steps, catalogue: Catalogue, tmp_path: Path
) -> None:
    land = redrawn(steps)
    closing = closed(tmp_path, catalogue, CITY, land.units(), data.draw(told(list(land.parent))), land)
    cube = Cube(block_of(closing, kernel_name="plain"))
    for unit, year, month in product(land.parent, (2024, 2025), (3, 6)):
        dashboard = Dashboard(cube, catalogue, ["harvest", "price", "revenue"], unit, year, month)
        asks = [Ask(line.indicator, unit, year, month) for line in dashboard()]
        for line, figure in zip(dashboard(), compute(asks, [closing]), strict=True):
            if line.indicator in dashboard.left:
                continue
            shown = line.cumulative if line.indicator == "revenue" else line.value
            assert (shown is None) == (figure.value is None), (figure.ask, shown, figure.reason)
            if shown is not None:
                assert Fraction(*shown) == in_base(figure), figure.ask
                assert line.reported == line.expected > 0


def in_base(figure: Figure) -> Fraction | None:
    """A figure's value in the base unit of its family, as a dashboard holds it."""
    return None if figure.value is None else figure.value * Fraction(10) ** UNITS[figure.unit].power
