"""``shuzhi figure --closing``: one figure over many closings, without an instance or a database."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Shuzhi
from tests.figures.conftest import catalogue, close
from tests.figures.county import Close
from tests.figures.province import books, county_units, dangers

__all__ = ["catalogue", "close"]

CODES = ("990101", "990102")


@pytest.fixture
def inbox(close: Close, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two counties' closings in one folder; no instance anywhere."""
    monkeypatch.setenv("SHUZHI_HOME", str(tmp_path / "none"))
    folder = tmp_path / "inbox"
    for number, code in enumerate(CODES, 2):
        made = books(close, code, f"{code}县", unit=county_units(code, ()), danger=dangers(code, number))
        shutil.copytree(made.path, folder / f"{code}" / made.path.name)
    return folder


def test_a_figure_over_closings_needs_no_instance(shuzhi: Shuzhi, inbox: Path, tmp_path: Path) -> None:
    places = [word for code in CODES for word in ("--closing", inbox / code)]
    words = ("figure", "count danger in year", "--year", "2025", *places, "--cache", tmp_path / "cache")
    said = shuzhi(*words)
    assert (said.code, said.out.splitlines()[0]) == (0, "5个")
    assert "2 份" in said.out
    assert shuzhi(*words, "--processes", "2", "--json").data["text"] == "5"
    assert (tmp_path / "cache").is_dir()


def test_a_figure_without_a_damaged_closing_says_that_it_is_not_all(shuzhi: Shuzhi, inbox: Path) -> None:
    (damaged,) = (inbox / CODES[0]).iterdir()
    (damaged / "manifest.json").write_bytes(b"{}")
    places = ("--closing", inbox / CODES[0], "--closing", inbox / CODES[1])
    said = shuzhi("figure", "count danger in year", "--year", "2025", *places)
    assert (said.code, said.out.splitlines()[0]) == (1, "3个（不全）")
    assert str(damaged) in said.err
    told = shuzhi("figure", "count danger in year", "--year", "2025", *places, "--json").data
    assert told["warnings"][0]["id"] == "figures.incomplete"
    assert told["findings"][0]["id"] == "closing.manifest"


@pytest.mark.parametrize("words", [("dangers",), ("count danger", "--unit", "88")])
def test_what_cannot_be_answered_is_refused(shuzhi: Shuzhi, inbox: Path, words: tuple[str, ...]) -> None:
    assert shuzhi("figure", *words, "--closing", inbox / CODES[0]).code == 2


def test_a_folder_without_closings_is_refused(shuzhi: Shuzhi, tmp_path: Path) -> None:
    said = shuzhi("figure", "count danger", "--closing", tmp_path)
    assert (said.code, "这里没有结账" in said.err) == (2, True)
