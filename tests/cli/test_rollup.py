"""``shuzhi rollup``: one folder of cube, figures and manifest; the same bytes however it was made, redone only where new."""

import json
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from shuzhi.cube.cube import Cube
from shuzhi.cube.rolled import cube_of, read_rolled
from shuzhi.figures.ask import Ask
from shuzhi.figures.compute import compute
from shuzhi.figures.many.spark import Spark
from tests.cli.conftest import Shuzhi
from tests.cluster import SETTINGS, Cluster
from tests.figures.counties import counties, county, forget, province
from tests.figures.county import DANGERS

MANY = 5


@pytest.fixture(scope="module")
def closings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("closings")
    counties(folder, MANY)
    return folder


@pytest.fixture
def own(closings: Path, tmp_path: Path) -> Path:
    """The counties in a folder of one's own, to be changed."""
    folder = tmp_path / "closings"
    shutil.copytree(closings, folder)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    """What a roll-up's folder holds, but for what is only kept to be quick."""
    found = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {
        str(name): path.read_bytes()
        for name, path in found.items()
        if name.parts[0] != "kept" and name.name != ".lock"
    }


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()  # it may be a link to a file that others share
    path.write_bytes(bytes(data))


def test_a_rollup_holds_every_figure_of_the_catalogue_as_computed(
    shuzhi: Shuzhi, closings: Path, tmp_path: Path
) -> None:
    said = shuzhi("rollup", closings, "--out", tmp_path / "out")
    assert said.code == 0, said.err
    assert f"汇总 {MANY} 份结账：沿用 0 份，重算 {MANY} 份" in said.out
    shown = shuzhi("rollup", "--show", tmp_path / "out", "--json").data
    figures = {each["expression"]: each for each in shown["figures"]}
    assert {"revenue", "tax_share", "income", "residents", "danger.listed", "danger.closed_rate"} <= set(
        figures
    )
    assert list(figures) == sorted(figures)
    opened = counties(tmp_path / "again", MANY)
    for expression in figures:
        figure = compute([Ask(expression)], opened)[0]
        assert figures[expression]["text"] == figure.text
        assert figures[expression]["reason"] == figure.reason
    assert figures["danger.listed"]["text"] == str(3 * MANY)
    assert (
        "销号率" in shuzhi("rollup", "--show", tmp_path / "out").out or figures["danger.closed_rate"]["text"]
    )


def test_the_same_closings_give_the_same_bytes_however_they_are_rolled_up(
    shuzhi: Shuzhi, closings: Path, tmp_path: Path
) -> None:
    each = sorted(path for path in closings.iterdir() if path.name != "store")
    ways: list[list[str | Path]] = [
        [closings],
        [*each],
        [*reversed(each), closings],
        [closings, "--parts", "1"],
        [closings, "--processes", "2", "--parts", "3"],
        [closings, "--processes", "2", "--parts", "7"],
    ]
    found = []
    for number, way in enumerate(ways):
        forget()
        assert shuzhi("rollup", *way, "--out", tmp_path / str(number)).code == 0
        found.append(bytes_of(tmp_path / str(number)))
    assert all(other == found[0] for other in found[1:])


def test_what_did_not_change_is_not_redone(shuzhi: Shuzhi, own: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = shuzhi("rollup", own, "--out", out, "--json").data
    again = shuzhi("rollup", own, "--out", out, "--json").data
    assert (again["kept"], again["made"]) == (MANY, 0)
    assert again["id"] == first["id"]
    county(own, 2, as_of=date(2026, 1, 31), books={"danger": DANGERS[:2]})
    said = shuzhi("rollup", own, "--out", out)
    assert f"沿用 {MANY - 1} 份，重算 1 份" in said.out
    assert "第2县另有1份较早的结账没有用" in said.err
    assert shuzhi("rollup", own, "--out", tmp_path / "fresh").code == 0
    assert bytes_of(out) == bytes_of(tmp_path / "fresh")


@pytest.mark.parametrize("name", ["danger.parquet", "unit.parquet", "manifest.json", "catalogue.json"])
def test_a_damaged_closing_is_named_and_the_others_go_on(
    shuzhi: Shuzhi, own: Path, tmp_path: Path, name: str
) -> None:
    broken = county(own, 3).path
    damage(broken / name)
    said = shuzhi("rollup", own, "--out", tmp_path / "out")
    assert said.code == 1
    assert str(broken) in said.err
    assert name in said.err
    assert f"汇总 {MANY - 1} 份结账" in said.out
    shutil.rmtree(broken)
    assert shuzhi("rollup", own, "--out", tmp_path / "without").code == 0
    lacks, has = (
        shuzhi("rollup", "--show", tmp_path / out, "--json").data["figures"] for out in ("out", "without")
    )
    assert [each["text"] for each in lacks] == [each["text"] for each in has]
    assert all("warnings" in each for each in lacks)
    assert not any("warnings" in each for each in has)


def test_nothing_sound_is_refused_and_the_folder_keeps_what_it_had(
    shuzhi: Shuzhi, own: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert shuzhi("rollup", own, "--out", out).code == 0
    before = bytes_of(out)
    for path in own.iterdir():
        if path.name != "store":
            damage(path / "manifest.json")
    assert shuzhi("rollup", own, "--out", out).code == 2
    assert bytes_of(out) == before


def test_two_closings_of_one_unit_and_day_are_refused_both(shuzhi: Shuzhi, own: Path, tmp_path: Path) -> None:
    county(own, 4, books={"danger": DANGERS[:1]})
    said = shuzhi("rollup", own, "--out", tmp_path / "out", "--json")
    assert said.code == 1
    assert [each["findings"][0]["id"] for each in said.data["refused"]] == ["rollup.overlap"] * 2
    assert said.data["made"] == MANY - 1


def test_the_cube_of_a_rollup_is_the_cube_of_its_closings(
    shuzhi: Shuzhi, closings: Path, tmp_path: Path
) -> None:
    assert shuzhi("rollup", closings, "--out", tmp_path / "out").code == 0
    here, there = cube_of(read_rolled(tmp_path / "out")), Cube.of(counties(tmp_path / "again", MANY))
    units = [
        "",
        *(f"99{number:02d}{code}" for number in range(1, MANY + 1) for code in ("00", "01", "01001")),
    ]
    for unit in units:
        for indicator in ("residents", "income", "revenue", "investment"):
            for year, month, role in ((2025, 12, "actual"), (2024, 12, "actual"), (2025, 12, "target")):
                place = (indicator, unit, year, month, role)
                assert here.cell(*place) == there.cell(*place), place
    assert here.cell("residents", "", 2025, 12).sum == 70_000 * sum(range(1, MANY + 1))
    assert here.siblings("990100", 2025, 12) == there.siblings("990100", 2025, 12)


def test_books_above_say_how_the_counties_lie_and_what_they_said_nothing_of(
    shuzhi: Shuzhi, closings: Path, tmp_path: Path
) -> None:
    above = province(tmp_path / "above", MANY, revenue=7)
    assert shuzhi("rollup", closings, "--out", tmp_path / "out", "--above", above.path).code == 0
    assert shuzhi("rollup", above.path, closings, "--out", tmp_path / "again").code == 0
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "again")
    cube = cube_of(read_rolled(tmp_path / "out"))
    last = f"99{MANY:02d}00"
    assert cube.cell("revenue", last, 2025, 10).sum == 7
    assert cube.cell("residents", "990000", 2025, 12) == cube.cell("residents", "", 2025, 12)
    assert cube.cell("residents", "", 2025, 12).sum == 70_000 * sum(range(1, MANY + 1))
    assert cube.siblings(last, 2025, 12) == [f"99{number:02d}00" for number in range(1, MANY + 1)]
    said = shuzhi("rollup", above.path, "--out", tmp_path / "no", "--above", county(tmp_path, 1).path)
    assert (said.code, "不是它们的上级" in said.err) == (2, True)


def test_a_single_closing_is_rolled_up_too(shuzhi: Shuzhi, own: Path, tmp_path: Path) -> None:
    assert shuzhi("rollup", county(own, 2).path, "--out", tmp_path / "out").code == 0
    cell = cube_of(read_rolled(tmp_path / "out")).cell("residents", "990200", 2025, 12)
    assert (cell.sum, cell.count, cell.expected) == (140_000, 2, 2)


def test_figures_asked_for_are_those_in_the_folder(shuzhi: Shuzhi, closings: Path, tmp_path: Path) -> None:
    listed = tmp_path / "asked.txt"
    listed.write_text("# 隐患\ncount danger in year  # 本年\n\nrevenue\n", "utf-8")
    words = ("--figure", "growth(revenue)", "--figures", listed, "--month", "11")
    assert shuzhi("rollup", closings, "--out", tmp_path / "out", *words).code == 0
    shown = shuzhi("rollup", "--show", tmp_path / "out", "--json").data["figures"]
    assert [each["expression"] for each in shown] == ["count danger in year", "growth(revenue)", "revenue"]
    assert {each["month"] for each in shown} == {11}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--figure", "revenu"], "是不是 revenue"),
        (["--master", "spark://127.0.0.1:1"], "只用于 Spark"),
        (["--engine", "spark", "--conf", "spark.executor.memory"], "名=值"),
        (["--engine", "spark", "--master", "spark://127.0.0.1:1"], "连不上集群的主节点"),
    ],
)
def test_input_that_is_wrong_is_refused(
    shuzhi: Shuzhi, closings: Path, tmp_path: Path, words: list[str], told: str
) -> None:
    said = shuzhi("rollup", closings, "--out", tmp_path / "out", *words)
    assert said.code == 2
    assert told in said.err


@pytest.mark.parametrize("word", ["--out", "--show"])
def test_a_rollup_never_lies_in_an_object_store(
    shuzhi: Shuzhi, closings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = shuzhi("rollup", closings, word, "s3://bucket/2025")
    assert (said.code, f"{word} 不能是对象存储里的路径" in said.err) == (2, True)
    assert not (tmp_path / "s3:").exists()


def test_no_closing_and_no_rollup_are_told(shuzhi: Shuzhi, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert shuzhi("rollup", tmp_path / "empty", "--out", tmp_path / "out").code == 2
    said = shuzhi("rollup", "--show", tmp_path)
    assert (said.code, "这里没有汇总" in said.err) == (2, True)


def test_a_changed_figures_file_is_refused(shuzhi: Shuzhi, closings: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert shuzhi("rollup", closings, "--out", out, "--figure", "revenue").code == 0
    path = next(out.glob("figures.*"))
    path.write_bytes(path.read_bytes().replace(b"revenue", b"revenua"))
    said = shuzhi("rollup", "--show", out)
    assert (said.code, "被改动过" in said.err) == (2, True)


# --- killed half-way, and on a cluster -------------------------------------------------------------------------------


def started(*words: str | Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "shuzhi", "rollup", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_run_killed_half_way_leaves_what_was_there_and_the_next_goes_on(
    shuzhi: Shuzhi, own: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert shuzhi("rollup", own, "--out", out).code == 0
    before = json.loads((out / "manifest.json").read_bytes())
    counties(own, 30)
    run = started(own, "--out", out, "--processes", "1")
    until = time.monotonic() + 60
    while time.monotonic() < until and run.poll() is None:
        if len(list((out / "kept" / "sound").iterdir())) > MANY + 3:
            break
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    assert json.loads((out / "manifest.json").read_bytes()) == before
    said = shuzhi("rollup", own, "--out", out, "--json").data
    assert said["kept"] >= MANY + 3
    assert said["kept"] + said["made"] == 30
    assert shuzhi("rollup", own, "--out", tmp_path / "fresh").code == 0
    assert bytes_of(out) == bytes_of(tmp_path / "fresh")


@pytest.mark.spark
@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_a_cluster_writes_the_very_bytes(
    shuzhi: Shuzhi, spark: Spark, closings: Path, tmp_path: Path, parts: int
) -> None:
    assert shuzhi("rollup", closings, "--out", tmp_path / "here").code == 0
    forget()
    said = shuzhi("rollup", closings, "--out", tmp_path / "there", "--engine", "spark", "--parts", str(parts))
    assert said.code == 0, said.err
    assert bytes_of(tmp_path / "there") == bytes_of(tmp_path / "here")


@pytest.mark.spark
def test_a_damaged_closing_is_named_by_a_cluster_too(
    shuzhi: Shuzhi, spark: Spark, own: Path, tmp_path: Path
) -> None:
    damage(county(own, 3).path / "danger.parquet")
    here = shuzhi("rollup", own, "--out", tmp_path / "here", "--json")
    forget()
    there = shuzhi("rollup", own, "--out", tmp_path / "there", "--engine", "spark", "--json")
    assert (there.code, there.data["refused"]) == (1, here.data["refused"])
    assert bytes_of(tmp_path / "there") == bytes_of(tmp_path / "here")


@pytest.mark.spark
def test_a_run_killed_on_a_cluster_leaves_nothing_behind_and_is_gone_on_with(
    shuzhi: Shuzhi, spark: Spark, cluster: Cluster, tmp_path: Path
) -> None:
    name = f"killed-{tmp_path.name}"
    counties(tmp_path / "closings", 30)
    words = [word for pair in SETTINGS.items() for word in ("--conf", "=".join(pair))]
    out = tmp_path / "out"
    run = started(
        *(tmp_path / "closings", "--out", out, "--engine", "spark", "--master", cluster.master),
        *("--parts", "30", "--conf", f"spark.app.name={name}", *words),
    )
    until = time.monotonic() + 240
    while time.monotonic() < until and run.poll() is None and not list(out.glob("blocks/*.cube")):
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    told = run.communicate()
    assert list(out.glob("blocks/*.cube")), told
    assert told == ("", "")
    assert not (out / "manifest.json").exists()
    while time.monotonic() < until and processes(name):
        time.sleep(0.1)
    assert not processes(name)
    assert shuzhi("rollup", tmp_path / "closings", "--out", out, "--engine", "spark").code == 0
    assert shuzhi("rollup", tmp_path / "closings", "--out", tmp_path / "here").code == 0
    assert bytes_of(out) == bytes_of(tmp_path / "here")


def processes(said: str) -> list[str]:
    """The processes whose command line says something."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if said.encode() in entry.read_bytes():
                found.append(entry.parent.name)
        except OSError:
            continue
    return found
