"""A correction in one closing's block shows at once in the units above all closings, and compiled reads follow."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shuzhi.cube.asking.dashboard import Dashboard
from shuzhi.cube.asking.reads import Answers
from shuzhi.cube.correcting.correct import Correction, Pace, Unplaced
from shuzhi.cube.correcting.live import LiveCube
from shuzhi.cube.cube import Cube, Recipe
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Cell
from shuzhi.kernel.catalogue.definitions import Catalogue
from tests.cube.test_batch import batch_of
from tests.cube.test_correct import Said, assert_same, corrected, corrections, said_in
from tests.cube.test_crown import above, books, closed

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
Rows = list[list[Cell]]


def rows_of(said: Said, rows: Rows) -> Rows:
    """The books with what is now said in them; every indicator is spoken of, so that all cubes have one frame."""
    strangers: Rows = [[*row[:1], "nobody", *row[2:]] for row in rows]
    spoken: Rows = [[*key, "快报", 1, value, ""] for key, value in said.items()]
    return spoken + strangers


@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET)
@given(data=st.data())
@pytest.mark.parametrize("kernel", ["plain", "numba"])
def test_corrected_is_made_anew(
    kernel: str, data: st.DataObject, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if kernel != "plain":
        pytest.importorskip(kernel)
    folder = tmp_path_factory.mktemp("live")
    told = {f"{mark}1": books(data, mark) for mark in "ab"}
    if data.draw(st.booleans()):
        told["9"] = above(data, ["a", "b"])
    said = {code: said_in(map(tuple, rows)) for code, (_, rows) in told.items()}  # type: ignore[arg-type]
    recipe = Recipe(catalogue, years=(2024, 2025), kernel=kernel, folder=folder / "kept")

    def made() -> Cube:
        return Cube.of(
            [
                closed(folder, catalogue, code, units, rows_of(said[code], rows))
                for code, (units, rows) in told.items()
            ],
            recipe,
        )

    live = LiveCube(made(), pace=Pace(1, 0))
    for code, (units, _) in told.items():
        own = [unit for unit in units if code != "9" or unit[0] == "9"]
        known = {key[0] for key in said[code]}
        news = [new for new in data.draw(corrections(own, 8)) if new.indicator in known]
        live.apply_all(batch_of(news) if data.draw(st.booleans()) else news)
        said[code] = corrected(said[code], news)
    anew = made()
    assert_same(live.cube.block, anew.block)
    for code in anew.roots:
        assert_same(live.cube.blocks.get(code), anew.blocks.get(code))


def test_what_was_compiled_reads_what_was_corrected(
    catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("reads")
    closings = [
        closed(
            folder,
            catalogue,
            code,
            [
                [code, code, "county", None, None, None, 1, 2],
                [f"{code}0", "镇", "township", code, None, None, 2, 2],
            ],
            [["harvest", f"{code}0", year, 3, "actual", "快报", 1, 500, ""] for year in (2024, 2025)],
        )
        for code in ("a", "b")
    ]
    live = LiveCube(Cube.of(closings, Recipe(kernel="plain")))
    live.apply(Correction("harvest", "a0", 2025, 3, 600))
    answers = Answers(live.cube, [Ask("harvest", unit, 2025, 3) for unit in ("", "a", "a0")], catalogue)
    dashboard = Dashboard(live.cube, catalogue, ["harvest"], "a", 2025, 3)
    version = live.version
    assert answers.said(answers()) == ["11.0", "6.0", "6.0"]
    live.apply(Correction("harvest", "a0", 2025, 3, 700))
    assert answers.said(answers()) == ["12.0", "7.0", "7.0"]
    assert (dashboard()[0].value, dashboard()[0].place) == ((700, 100), 1)
    live.apply(Correction("harvest", "a0", 2025, 3, None))
    assert (dashboard()[0].value, dashboard()[0].reported, dashboard()[0].place) == (None, 0, None)
    assert live.version == version
    with pytest.raises(Unplaced):
        live.apply(Correction("harvest", "nobody", 2025, 3, 1))


def test_many_corrections_of_many_closings_come_as_one_batch(
    catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("many")
    codes = [f"{number:02}" for number in range(20)]
    told: dict[str, tuple[Rows, Rows]] = {}
    for code in codes:
        county: list[Cell] = [code, code, "county", None, None, None, 1, 4]
        villages: Rows = [
            [f"{code}{below}", "村", "village", code, None, None, 2 + below, 2 + below] for below in range(3)
        ]
        said: Rows = [["harvest", f"{code}0", year, 3, "actual", "快报", 1, 500, ""] for year in (2024, 2025)]
        told[code] = ([county, *villages], said)
    closings = [closed(folder, catalogue, code, *books) for code, books in told.items()]
    kept = folder / "kept"
    one, two = (LiveCube(Cube.of(closings, Recipe(folder=kept))) for _ in range(2))
    before = {path: path.read_bytes() for path in kept.iterdir()}
    news = [
        Correction("harvest", f"{code}{below}", 2025, month, below * month)
        for code in codes
        for below in range(3)
        for month in (1, 3, 12)
    ]
    stray = Correction("harvest", "999", 2025, 3, 1)
    for strays in ([*news, stray], batch_of([*news, stray])):
        with pytest.raises(Unplaced, match="harvest 999 2025-3"):
            one.apply_all(strays)
    assert one.apply_all(batch_of(news)) == len(news) == sum(two.apply(each) for each in news)
    assert one.cube.cell("harvest", "", 2025, 12).cumulative == sum(each.value or 0 for each in news)
    assert_same(one.cube.block, two.cube.block)
    for code in codes:
        assert_same(one.cube.blocks.get(code), two.cube.blocks.get(code))
    assert {path: path.read_bytes() for path in kept.iterdir()} == before
