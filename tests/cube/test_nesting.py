"""Closings over closings over closings: every cell is what the engine says, however the country is nested."""

from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from shuzhi.cube import kept
from shuzhi.cube.crown import Crown
from shuzhi.cube.cube import Cube, Recipe, kept_block
from shuzhi.cube.frame import ROLES
from shuzhi.cube.nest.differing import differing
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.finding import Refused
from tests.cube.nests import Books, again, countries
from tests.cube.small import ADDING, Unit, observations
from tests.cube.test_crown import SPEECH, alike, cells, closed

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def closings_of(folder: Path, catalogue: Catalogue, books: Books) -> dict[str, Closing]:
    """The books closed."""
    return {
        code: closed(folder, catalogue, code, [list(unit) for unit in units], [list(row) for row in rows])
        for code, (units, rows) in books.items()
    }


def made(closings: Iterable[Closing], recipe: Recipe) -> Cube:
    """The cube of closings, unless they contradict each other about who is whose."""
    try:
        return Cube.of(list(closings), recipe)
    except Refused as refused:
        if refused.findings[0].id == "figures.closings-circular":
            reject()
        raise


def every(cube: Cube) -> list[object]:
    """Every cell of a crown; its weight by what comes of it, for where a role is silent there is none."""
    block = cube.block
    spots = product(range(block.axis.rows), range(len(block.frame.lines)), (2024, 2025), range(1, 13), ROLES)
    return [(*cell[:-1], cell.value) for cell in (block.cell(*spot) for spot in spots)]


@settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(data=st.data())
@pytest.mark.parametrize("name", ["plain", "numpy", "numba"])
def test_any_nesting_says_what_the_engine_says(
    name: str, data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if name != "plain":
        pytest.importorskip(name)
    folder = tmp_path_factory.mktemp("nest")
    closings = list(closings_of(folder, catalogue, data.draw(countries())).values())
    cube = made(data.draw(st.permutations(closings)), Recipe(catalogue, kernel=name))
    alike(cube, closings)
    other = Cube.of(closings, Recipe(catalogue, kernel="plain", folder=folder / "kept"))
    assert cells(other) == cells(cube)


@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(data=st.data())
@pytest.mark.parametrize("name", ["plain", "numba"])
def test_any_closing_closed_again_is_as_if_all_were_rolled_up_anew(
    name: str, data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if name != "plain":
        pytest.importorskip(name)
    folder = tmp_path_factory.mktemp("again")
    books = data.draw(countries())
    closings = closings_of(folder, catalogue, books)
    recipe = Recipe(catalogue, years=(2024, 2025), kernel=name)
    cube = anew = made(closings.values(), recipe)
    for _ in range(2):
        code = data.draw(st.sampled_from(sorted(books)))
        closings |= closings_of(folder, catalogue, {code: data.draw(again(books[code][0]))})
        anew = made(closings.values(), recipe)
        cube.replace(closings[code])
        alike(cube, list(closings.values()))
    assert isinstance(cube.block, Crown)
    assert cube.uppers.keys() == anew.uppers.keys()
    assert cube.block.axis.names == anew.block.axis.names
    if cube.block.frame == anew.block.frame:
        assert every(cube) == every(anew)


@settings(max_examples=10, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(data=st.data())
def test_a_nested_cube_is_opened_from_its_files_and_a_closing_closed_again_there(
    data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mapped")
    books = data.draw(countries())
    closings = closings_of(folder, catalogue, books)
    recipe = Recipe(catalogue, folder=folder / "kept")
    whole = made(closings.values(), recipe)
    kept.put(whole.block, folder / "crown.cube", "")
    files = {code: path for code, each in closings.items() if (path := kept_block(each, recipe)[1])}
    cube = Cube.mapped(
        folder / "crown.cube", files, recipe, uppers=[closings[code] for code in sorted(whole.uppers)]
    )
    assert cells(cube) == cells(whole)
    alike(cube, list(closings.values()))
    code = data.draw(st.sampled_from(sorted(books)))
    units = books[code][0]
    closings |= closings_of(folder, catalogue, {code: (units, data.draw(observations(units, 14)))})
    cube.replace(closings[code])
    alike(cube, list(closings.values()))


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(data=st.data())
def test_closings_that_differ_are_told_in_the_words_of_the_engine(
    data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("differing")
    closings = list(closings_of(folder, catalogue, data.draw(countries(heard=40))).values())
    cube = made(closings, Recipe(catalogue, kernel="plain"))
    units = ["", *cube.block.axis.codes]
    keys = list(product(ADDING, dict.fromkeys(units), (2024, 2025), (1, 3, 12), SPEECH))
    asks = [Ask(SPEECH[role].format(code), unit, year, month) for code, unit, year, month, role in keys]
    for (code, unit, year, month, role), figure in zip(keys, compute(asks, closings), strict=True):
        if len(figure.warnings) < 20:
            found = differing(cube, catalogue.indicators[code], unit, year, month, role)
            assert sorted(map(str, found)) == sorted(map(str, figure.warnings))


def test_what_one_closing_calls_a_department_and_another_an_area_counts_as_the_area(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    nation, province = (
        ("1", "国", "nation", None, None, None, 1, 3),
        ("10", "省", "province", "1", None, None, 2, 3),
    )
    city: Books = {
        "1": ([nation, province, ("100", "市", "city", "10", None, None, 3, 3)], []),
        "10": (
            [(*province[:3], None, None, None, 1, 2), ("100", "局", "department", "10", None, None, 2, 2)],
            [],
        ),
        "100": (
            [("100", "市", "city", None, None, None, 1, 1)],
            [["harvest", "100", 2025, 12, "actual", "", 1, 7, ""]],
        ),
    }
    closings = list(closings_of(tmp_path, catalogue, city).values())
    cube = Cube.of(closings, Recipe(catalogue, kernel="plain"))
    alike(cube, closings)
    assert cube.cell("harvest", "10", 2025, 12).sum == 7


def test_closings_that_hold_each_other_are_refused_by_name(catalogue: Catalogue, tmp_path: Path) -> None:
    books: Books = {
        code: (
            [
                (code, f"名{code}", "county", None, None, None, 1, 2),
                (other, "乙", "township", code, None, None, 2, 2),
            ],
            [],
        )
        for code, other in (("a", "b"), ("b", "a"))
    }
    with pytest.raises(Refused) as refused:
        Cube.of(list(closings_of(tmp_path, catalogue, books).values()))
    assert "名a、名b的结账互相把对方列为下级" in refused.value.findings[0].message


def test_the_cube_names_whoever_holds_each_other_under_a_third(catalogue: Catalogue, tmp_path: Path) -> None:
    def line(*codes: str) -> list[Unit]:
        over = (None, *codes)
        return [
            (
                code,
                f"名{code}",
                "township" if number > 1 else "county",
                over[number - 1],
                None,
                None,
                number,
                len(codes),
            )
            for number, code in enumerate(codes, 1)
        ]

    def said(books: Books) -> str:
        with pytest.raises(Refused) as refused:
            Cube.of(list(closings_of(tmp_path, catalogue, books).values()))
        return refused.value.findings[0].message

    under_a_third: Books = {"a": (line("a", "b"), []), "b": (line("b", "a"), []), "p": (line("p", "a"), [])}
    assert said(under_a_third).startswith("名a、名b的结账互相把对方列为下级")
    crossed: Books = {"a": (line("a", "x", "y"), []), "b": (line("b", "y", "x"), [])}
    assert said(crossed).startswith("名a、名b的结账把x、y互相列为下级")
