"""A catalogue kept in a folder is the catalogue that was read, and nothing but definitions is taken from there."""

import pickle
from pathlib import Path

import pytest

from shuzhi.kernel import chain
from shuzhi.kernel.catalogue import kept
from shuzhi.kernel.catalogue.load import load, national_folder
from shuzhi.kernel.finding import Refused


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has read nothing yet."""
    monkeypatch.setattr(kept, "_KNOWN", {})


def again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """The catalogue as another process finds it."""
    monkeypatch.setattr(kept, "_KNOWN", {})
    return kept.checked([national_folder()], folder)


def test_the_catalogue_that_was_kept_is_the_one_that_was_read(
    tmp_path: Path, forgetful: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = kept.checked([national_folder()], tmp_path)
    found = again(tmp_path, monkeypatch)
    assert found == read == load(national_folder()).catalogue
    assert found is not read


def test_a_damaged_file_counts_as_absent(
    tmp_path: Path, forgetful: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = kept.checked([national_folder()], tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for bad in (b"", whole[:-1], whole[:100] + b"?" + whole[101:]):
        path.write_bytes(bad)
        assert again(tmp_path, monkeypatch) == read


@pytest.mark.parametrize("value", [print, Path("x"), chain.digest])
def test_nothing_but_definitions_is_taken_from_the_folder(
    tmp_path: Path, forgetful: None, monkeypatch: pytest.MonkeyPatch, value: object
) -> None:
    read = kept.checked([national_folder()], tmp_path)
    (path,) = tmp_path.iterdir()
    body = pickle.dumps(value)
    path.write_bytes(chain.digest(body).encode() + b"\n" + body)
    assert again(tmp_path, monkeypatch) == read


def test_a_catalogue_with_errors_is_refused_and_never_kept(tmp_path: Path) -> None:
    local = tmp_path / "local"
    local.mkdir()
    (local / "notes.toml").write_text("", "utf-8")
    with pytest.raises(Refused):
        kept.checked([national_folder(), local], tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_folder_nobody_can_write_into_is_no_fault(tmp_path: Path, forgetful: None) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be", "utf-8")
    assert kept.checked([national_folder()], tmp_path / "cache").kinds


def test_a_changed_text_is_another_catalogue_and_takes_the_place_of_the_one_before(
    tmp_path: Path, forgetful: None
) -> None:
    local = tmp_path / "local"
    local.mkdir()
    before = kept.checked([national_folder(), local], tmp_path / "cache")
    (local / "parameters.toml").write_text(
        '[[parameter]]\ncode = "own_days"\nlabel = "本县天数"\nunit = "天"\nbasis = { law = "本县规定", local = true }\n'
        'values = [{ from = 2025-01-01, value = "3" }]\n',
        "utf-8",
    )
    after = kept.checked([national_folder(), local], tmp_path / "cache")
    assert "own_days" in after.parameters
    assert "own_days" not in before.parameters
    assert len(list((tmp_path / "cache").iterdir())) == 1
