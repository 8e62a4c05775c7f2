"""Many closings as one cube: what lies above their units says what the engine says, however it came about."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shuzhi.cube import kept
from shuzhi.cube.crown import Crown
from shuzhi.cube.cube import Cube, Recipe, kept_block
from shuzhi.cube.frame import ROLES
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Cell, Closing, Relation, write_closing
from shuzhi.figures.compute import compute
from shuzhi.figures.observed import OBSERVATION_COLUMNS as OBSERVATION
from shuzhi.figures.tree import UNIT_COLUMNS as UNIT
from shuzhi.figures.tree import tree_of
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.finding import Refused
from shuzhi.kernel.measure import UNITS
from tests.cube.small import ADDING, observations, trees

SPEECH = {"actual": "{}", "target": "target({})", "forecast": "forecast({})"}
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def closed(
    folder: Path, catalogue: Catalogue, code: str, units: list[list[Cell]], rows: list[list[Cell]]
) -> Closing:
    return write_closing(
        folder,
        unit_code=code,
        unit_name=f"名{code}",
        as_of=date(2025, 11, 20),
        catalogue=catalogue,
        relations=[Relation("unit", UNIT, units), Relation("observation", OBSERVATION, rows)],
    )


def renamed(
    units: list[list[Cell]], rows: list[list[Cell]], mark: str
) -> tuple[list[list[Cell]], list[list[Cell]]]:
    """The same books of another county: every code begins with its mark."""
    named = [
        [mark + str(row[0]), row[1], row[2], mark + str(row[3]) if row[3] else None, *row[4:]]
        for row in units
    ]
    return named, [[row[0], mark + str(row[1]), *row[2:]] for row in rows]


def books(data: st.DataObject, mark: str) -> tuple[list[list[Cell]], list[list[Cell]]]:
    units = data.draw(trees(5))
    return renamed(
        [list(unit) for unit in units], [list(row) for row in data.draw(observations(units, 30))], mark
    )


def above(data: st.DataObject, marks: list[str]) -> tuple[list[list[Cell]], list[list[Cell]]]:
    """The books of a city that holds the counties (and one more without books), some of which came or went."""
    units: list[list[Cell]] = [["9", "市", "city", None, None, None, 1, len(marks) + 2]]
    for place, mark in enumerate([*marks, "z"], 2):
        since = data.draw(st.none() | st.dates(date(2024, 1, 1), date(2025, 12, 31)))
        units.append([f"{mark}1", f"名{mark}1", "county", "9", since, None, place, place])
    return units, [list(row) for row in data.draw(observations(units, 20))]


def alike(cube: Cube, closings: list[Closing]) -> None:
    """Every unit, a few months, all roles."""
    units = ["", *(code for closing in closings for code in tree_of(closing).members)]
    keys = list(product(ADDING, dict.fromkeys(units), (2025,), (3, 12), SPEECH))
    asks = [Ask(SPEECH[role].format(code), unit, year, month) for code, unit, year, month, role in keys]
    for key, figure in zip(keys, compute(asks, closings), strict=True):
        found = cube.cell(*key)
        value = None if found.value is None else found.value / UNITS[figure.unit].step
        assert value == figure.value, (key, found, figure.reason)


def cells(cube: Cube) -> list[object]:
    """All of a crown."""
    found: list[object] = [cube.block.frame, cube.block.axis.names, cube.block.axis.expected.tolist()]
    for role in ROLES:
        planes = cube.block.planes[role]
        found += [plane and plane.tolist() for plane in planes.own]
        found += [planes.sums.tolist(), planes.counts.tolist(), planes.weights.tolist()]
        found.append(planes.cumulative and planes.cumulative.tolist())
    return found


@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(data=st.data())
@pytest.mark.parametrize("name", ["plain", "numba"])
def test_many_closings_say_what_the_engine_says(
    name: str, data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if name != "plain":
        pytest.importorskip(name)
    folder = tmp_path_factory.mktemp("many")
    marks = data.draw(st.sampled_from([["a"], ["a", "b"], ["a", "b", "c"]]))
    closings = [closed(folder, catalogue, f"{mark}1", *books(data, mark)) for mark in marks]
    if data.draw(st.booleans()):
        closings.append(closed(folder, catalogue, "9", *above(data, marks)))
    cube = Cube.of(data.draw(st.permutations(closings)), Recipe(catalogue, kernel=name))
    alike(cube, closings)
    other = Cube.of(closings, Recipe(catalogue, kernel="plain", folder=folder / "kept"))
    if len(closings) > 1:
        assert cells(other) == cells(cube)


@settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(data=st.data())
@pytest.mark.parametrize("name", ["plain", "numpy", "numba"])
def test_one_county_closed_again_is_as_if_all_were_rolled_up_anew(
    name: str, data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if name != "plain":
        pytest.importorskip(name)
    folder = tmp_path_factory.mktemp("again")
    closings = [closed(folder, catalogue, f"{mark}1", *books(data, mark)) for mark in "ab"]
    if data.draw(st.booleans()):
        closings.append(closed(folder, catalogue, "9", *above(data, ["a", "b"])))
    recipe = Recipe(catalogue, years=(2024, 2025), kernel=name)
    cube = Cube.of(closings, recipe)
    for _ in range(2):
        closings[0] = closed(folder, catalogue, "a1", *books(data, "a"))
        cube.replace(closings[0])
        alike(cube, closings)
    assert isinstance(cube.block, Crown)


def test_two_closings_of_one_unit_are_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    unit: list[list[Cell]] = [["1", "甲县", "county", None, None, None, 1, 1]]
    closings = [
        closed(tmp_path, catalogue, "1", unit, [["harvest", "1", 2025, 3, "actual", "", 1, value, ""]])
        for value in (1, 2)
    ]
    with pytest.raises(Refused) as refused:
        Cube.of(closings)
    assert "两份结账" in refused.value.findings[0].message


def test_a_kept_block_is_found_again_and_a_damaged_one_made_again(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    unit: list[list[Cell]] = [["1", "甲县", "county", None, None, None, 1, 1]]
    closing = closed(tmp_path, catalogue, "1", unit, [["harvest", "1", 2025, 3, "actual", "", 1, 5, ""]])
    recipe = Recipe(folder=tmp_path / "kept")
    Cube.of([closing], recipe)
    (path,) = (tmp_path / "kept").iterdir()
    first, stamp = path.read_bytes(), path.stat().st_mtime_ns
    assert Cube.of([closing], recipe).cell("harvest", "", 2025, 3).sum == 5
    assert path.stat().st_mtime_ns == stamp
    path.write_bytes(first[:-100])
    assert Cube.of([closing], recipe).cell("harvest", "1", 2025, 3).sum == 5
    assert path.read_bytes() == first


@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(data=st.data())
def test_a_cube_is_opened_from_its_files_and_a_county_closed_again_there(
    data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mapped")
    closings = [closed(folder, catalogue, f"{mark}1", *books(data, mark)) for mark in "ab"]
    upper = closed(folder, catalogue, "9", *above(data, ["a", "b"])) if data.draw(st.booleans()) else None
    everything = [*closings, *([upper] if upper else [])]
    recipe = Recipe(catalogue, folder=folder / "kept")
    whole = Cube.of(everything, recipe)
    kept.put(whole.block, folder / "crown.cube", "")
    files = {closing.unit_code: kept_block(closing, recipe)[1] for closing in closings}
    known = {code: path for code, path in files.items() if path is not None}
    cube = Cube.mapped(folder / "crown.cube", known, recipe, uppers=[upper] if upper else [])
    assert cells(cube) == cells(whole)
    alike(cube, everything)
    everything[0] = closed(folder, catalogue, "a1", *books(data, "a"))
    cube.replace(everything[0])
    alike(cube, everything)
