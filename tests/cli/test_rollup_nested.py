"""``shuzhi rollup`` over closings on four levels: what lies where is told, and every figure is what the engine says."""

from itertools import product
from pathlib import Path

import pytest

from shuzhi.cube.cube import Cube
from shuzhi.cube.rolled import cube_of, read_rolled
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.many.spark import Spark
from shuzhi.kernel.measure import UNITS
from tests.cli.conftest import Shuzhi
from tests.cli.test_rollup import bytes_of
from tests.figures.counties import county, forget
from tests.figures.nation import FIRST, NATION, PROVINCE, SECOND, closed, code, nation, tree

SPEECH = {"actual": "{}", "target": "target({})", "forecast": "forecast({})"}
OWN = ("revenue", "residents", "income", "investment", "output")


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Closing]:
    return nation(tmp_path_factory.mktemp("nation"))


def places(folder: dict[str, Closing]) -> list[Path]:
    return [each.path for each in folder.values()]


def alike(cube: Cube, closings: list[Closing]) -> int:
    """Every cell of all levels as the engine has it; returns how many hold a value."""
    units = ["", NATION, PROVINCE, FIRST, SECOND, *map(code, range(1, 7)), "990301", "990102", "990601001"]
    keys = list(product(OWN, units, (2024, 2025), (10, 11, 12), SPEECH))
    asks = [Ask(SPEECH[role].format(own), unit, year, month) for own, unit, year, month, role in keys]
    held = 0
    for key, figure in zip(keys, compute(asks, closings), strict=True):
        value = cube.cell(*key).value
        held += value is not None
        assert (None if value is None else value / UNITS[figure.unit].step) == figure.value, (key, figure)
    return held


def test_four_levels_are_rolled_up_as_computed_and_what_lies_where_is_told(
    shuzhi: Shuzhi, country: dict[str, Closing], tmp_path: Path
) -> None:
    said = shuzhi("rollup", *places(country), "--out", tmp_path / "out")
    assert said.code == 0, said.err
    assert "结账共 4 层：最上全国；其下北原省；再下第4县、第5县、第6县、明州市；再下第1县、第2县" in said.out
    assert "自己没有结账、用上级结账里的数的：第3县、临江市" in said.out
    cube = cube_of(read_rolled(tmp_path / "out"))
    assert alike(cube, list(country.values())) > 150
    assert cube.cell("residents", "", 2025, 12).sum == 70_000 * (1 + 2 + 4 + 5 + 6) + 20_003
    assert cube.cell("revenue", FIRST, 2025, 12, "target").sum == 40 * 10**10
    shown = shuzhi("rollup", "--show", tmp_path / "out")
    assert "结账共 4 层" in shown.out
    figures = {
        each["expression"]: each
        for each in shuzhi("rollup", "--show", tmp_path / "out", "--json").data["figures"]
    }
    assert figures["residents"]["text"] == compute([Ask("residents")], list(country.values()))[0].text


def test_two_tellings_that_differ_are_told_as_the_engine_tells_them(
    shuzhi: Shuzhi, country: dict[str, Closing], tmp_path: Path
) -> None:
    words = ("--figure", "revenue", "--month", "11")
    assert shuzhi("rollup", *places(country), "--out", tmp_path / "out", *words).code == 0
    (figure,) = shuzhi("rollup", "--show", tmp_path / "out", "--json").data["figures"]
    engine = compute([Ask("revenue", "", 0, 11)], list(country.values()))[0]
    assert [each["message"] for each in figure["warnings"]] == [each.message for each in engine.warnings]
    assert "两处不一" in figure["warnings"][0]["message"]
    assert "明州市的结账是999.00亿元" in figure["warnings"][0]["message"]


def test_a_county_of_four_levels_closed_again_gives_the_bytes_of_a_fresh_rollup(
    shuzhi: Shuzhi, tmp_path: Path
) -> None:
    country = nation(tmp_path / "closings")
    out = tmp_path / "out"
    assert shuzhi("rollup", *places(country), "--out", out).code == 0
    country[code(1)] = county(tmp_path / "closings", 1, books={"observation": []})
    said = shuzhi("rollup", *places(country), "--out", out)
    assert f"沿用 {len(country) - 1} 份，重算 1 份" in said.out
    assert (
        shuzhi("rollup", *reversed(places(country)), "--out", tmp_path / "fresh", "--processes", "2").code
        == 0
    )
    assert bytes_of(out) == bytes_of(tmp_path / "fresh")
    alike(cube_of(read_rolled(out)), list(country.values()))


@pytest.mark.spark
def test_a_cluster_writes_the_very_bytes_of_four_levels(
    shuzhi: Shuzhi, spark: Spark, country: dict[str, Closing], tmp_path: Path
) -> None:
    assert shuzhi("rollup", *places(country), "--out", tmp_path / "here").code == 0
    forget()
    words = ("--engine", "spark", "--parts", "3")
    assert shuzhi("rollup", *places(country), "--out", tmp_path / "there", *words).code == 0
    assert bytes_of(tmp_path / "there") == bytes_of(tmp_path / "here")


def test_closings_that_hold_each_other_are_refused_by_name_under_a_third(
    shuzhi: Shuzhi, tmp_path: Path
) -> None:
    def listing(own: tuple[str, str], other: tuple[str, str]) -> Closing:
        units = tree((*own, "county", None), (*other, "township", own[0]))
        return closed(tmp_path / "in", *own, units)

    first, second = ("990100", "甲县"), ("990200", "乙县")
    for each in ((first, second), (second, first), ((PROVINCE, "北原省"), first)):
        listing(*each)
    told = (
        "甲县、乙县的结账互相把对方列为下级，说不清谁在谁之下（请核对各结账的单位隶属关系，改正后重新结账）"
    )
    given = tmp_path / "in"
    for words in (
        ("figure", "revenue", "--closing", given),
        ("figure", "count danger", "--unit", PROVINCE, "--closing", given),
        ("rollup", given, "--out", tmp_path / "out"),
    ):
        said = shuzhi(*words)
        assert said.code == 2
        assert told in said.err
    assert shuzhi("rollup", "--show", tmp_path / "out").code == 2
