"""Closings wherever they lie, and figures over those of them that are sound."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Closing, open_closing
from shuzhi.figures.compute import compute
from shuzhi.figures.many.places import Far, found, opened
from shuzhi.figures.many.roll import newest, roll
from shuzhi.kernel.finding import Refused
from tests.figures.counties import forget
from tests.figures.county import Close, seen
from tests.figures.province import books, county_units, dangers

CODES = ("990101", "990102", "990103")
ASKED = [Ask("count danger in year", "", 2025), Ask("residents", "", 2025)]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What this process has read before needs no file."""
    forget()


@pytest.fixture
def inbox(close: Close, tmp_path: Path) -> Path:
    """A folder into which three counties have put their closings, and what lies beside them."""
    folder = tmp_path / "inbox"
    for number, code in enumerate(CODES, 1):
        told = [seen("residents", 2025, 12, number * 10_000, unit=code)]
        units = county_units(code, ())
        made = books(close, code, f"{code}县", unit=units, danger=dangers(code, number), observation=told)
        shutil.copytree(made.path, folder / made.path.name)
    (folder / "store").mkdir()
    (folder / "说明.txt").write_text("各县结账", "utf-8")
    return folder


@pytest.fixture
def far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where fetched files are kept."""
    kept = tmp_path / "fetched"
    monkeypatch.setenv("SHUZHI_FETCHED", str(kept))
    return kept


def of(closings: list[Closing], code: str) -> Closing:
    return next(closing for closing in closings if closing.unit_code == code)


def spoil(path: Path) -> None:
    """Change one byte of a file that is linked nowhere else."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def test_a_folder_of_closings_is_all_of_them(inbox: Path) -> None:
    closings, findings = found([inbox])
    assert ([closing.unit_code for closing in closings], findings) == (
        sorted((closing.unit_code for closing in closings), key=lambda code: of(closings, code).path.name),
        [],
    )
    assert {closing.unit_code for closing in closings} == set(CODES)
    assert len(found([inbox, *(closing.path for closing in closings)])[0]) == 3


def test_figures_are_the_same_wherever_closings_lie(inbox: Path, far: Path) -> None:
    near, _ = found([inbox])
    away, findings = found([inbox.as_uri()])
    assert findings == []
    assert all(isinstance(closing, Far) for closing in away)
    assert compute(ASKED, away) == compute(ASKED, near)
    assert of(away, CODES[0]).catalogue.digest == of(near, CODES[0]).catalogue.digest
    assert of(away, CODES[0]).place.startswith("file://")


def test_only_what_is_read_is_fetched_and_once(inbox: Path, far: Path) -> None:
    away, _ = found([inbox.as_uri()])
    assert not far.exists()
    compute([Ask("count danger")], away)
    fetched = sorted(far.iterdir())
    shutil.rmtree(inbox)
    away[0].file("danger")
    assert sorted(far.iterdir()) == fetched


def test_a_fetched_file_that_is_not_what_was_frozen_is_refused_and_not_kept(inbox: Path, far: Path) -> None:
    away, _ = found([inbox.as_uri()])
    closing = of(away, CODES[1])
    spoil(inbox / closing.id.partition(":")[2][:16] / "danger.parquet")
    with pytest.raises(Refused, match=r"danger\.parquet 被改动过") as refused:
        closing.file("danger")
    assert refused.value.findings[0].place == f"{closing.place}/danger.parquet"
    assert not list(far.iterdir())


def test_a_kept_file_that_was_spoilt_is_fetched_again(inbox: Path, far: Path) -> None:
    away, _ = found([inbox.as_uri()])
    path = away[0].file("danger")
    spoil(path)
    assert (
        away[0].file("danger").read_bytes()
        == (inbox / opened(away[0].place).id[7:23] / "danger.parquet").read_bytes()
    )


def test_a_damaged_closing_is_named_and_the_others_go_on(inbox: Path) -> None:
    closings, _ = found([inbox])
    spoil(of(closings, CODES[1]).path / "danger.parquet")
    rolled = roll(ASKED, closings)
    assert [figure.text for figure in rolled.figures] == ["4", "4.00"]
    assert rolled.lacking == (f"{CODES[1]}县",)
    assert not rolled.complete
    assert rolled.findings[0].id == "closing.changed"
    assert [closing.unit_code for closing in rolled.closings] == [CODES[0], CODES[2]] or len(
        rolled.closings
    ) == 2
    for figure in rolled.figures:
        assert figure.warnings[0].id == "figures.incomplete"
        assert f"{CODES[1]}县" in figure.warnings[0].message
    whole = compute(ASKED, rolled.closings)
    assert [figure.value for figure in whole] == [figure.value for figure in rolled.figures]


@pytest.mark.parametrize("name", ["unit.parquet", "observation.parquet"])
def test_whatever_of_a_closing_is_damaged_the_others_go_on(inbox: Path, name: str) -> None:
    closings, _ = found([inbox])
    spoil(of(closings, CODES[0]).path / name)
    (of(closings, CODES[2]).path / name).unlink()
    rolled = roll([Ask("residents", "", 2025), Ask("residents", CODES[1], 2025)], closings)
    assert [figure.text for figure in rolled.figures] == ["2.00", "2.00"]
    assert set(rolled.lacking) == {f"{CODES[0]}县", f"{CODES[2]}县"}
    assert {finding.id for finding in rolled.findings} == {"closing.changed", "closing.missing-file"}


def test_a_closing_whose_manifest_is_damaged_is_named_by_its_place(inbox: Path) -> None:
    folder = sorted(inbox.iterdir())[0]
    spoil(folder / "manifest.json")
    rolled = roll(ASKED, *found([inbox]))
    assert len(rolled.closings) == 2
    assert rolled.lacking == (str(folder),)
    assert str(folder) in rolled.figures[0].warnings[0].message


def test_when_none_is_sound_nothing_is_computed(inbox: Path) -> None:
    for folder in inbox.iterdir():
        if (folder / "manifest.json").exists():
            spoil(folder / "danger.parquet")
    with pytest.raises(Refused) as refused:
        roll(ASKED[:1], *found([inbox]))
    assert len(refused.value.findings) == 3


@pytest.mark.parametrize("place", ["nowhere", "empty", "file:///nowhere/at/all", "sss://x/y"])
def test_a_place_without_closings_says_so(tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    closings, findings = found([place if "://" in place else tmp_path / place])
    assert (closings, len(findings)) == ([], 1)
    assert findings[0].hint


def test_a_sound_set_has_no_warning(inbox: Path) -> None:
    rolled = roll(ASKED, *found([inbox]))
    assert rolled.complete
    assert not any(figure.warnings for figure in rolled.figures)


def test_a_closing_opened_at_its_place_is_the_closing(inbox: Path) -> None:
    for closing in found([inbox])[0]:
        assert opened(closing.place) == open_closing(closing.path) == closing


def test_of_a_unit_with_several_closings_the_newest_is_used_and_two_of_one_day_are_refused(
    inbox: Path, close: Close
) -> None:
    closings, _ = found([inbox])
    earlier = close({}, unit=(CODES[0], "旧县"), as_of=date(2025, 9, 30))
    chosen, notices = newest([earlier, *closings])
    assert {closing.id for closing in chosen} == {closing.id for closing in closings}
    assert "1份较早的结账没有用，用的是2025-12-31的" in notices[0].message
    other = close({"danger": []}, unit=(CODES[0], "另一份"))
    chosen, _ = newest([other, *closings])
    with pytest.raises(Refused, match="有两份结账"):
        roll(ASKED, chosen)
