"""What reports have read of a closing is kept with it, and a report filled from what is kept is the same report."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shuzhi.figures.closing import Closing
from shuzhi.figures.observed import SHEETS
from shuzhi.figures.partial import PARTIALS
from shuzhi.reports import held, things
from shuzhi.reports.drafts import draft_of
from shuzhi.reports.filling import fill
from shuzhi.reports.held import Held, held_of


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Each test begins with a process that has read nothing."""
    held._held.cache_clear()
    yield
    held._held.cache_clear()


def test_work_is_done_once_and_found_by_the_next_process(tmp_path: Path) -> None:
    done: list[int] = []

    def work() -> list[object]:
        done.append(1)
        return ["甲", 1, None, {"日": "2025-12-31"}]

    first = Held(tmp_path / "x")
    assert first.once("a", work) == first.once("a", work)
    first.flush()
    assert Held(tmp_path / "x").once("a", work) == ["甲", 1, None, {"日": "2025-12-31"}]
    assert len(done) == 1


@pytest.mark.parametrize("cut", [0, 10, 70, -1])
def test_a_damaged_file_counts_as_absent(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "x"
    first = Held(path)
    first.once("a", lambda: "good")
    first.flush()
    path.write_bytes(path.read_bytes()[:cut])
    assert Held(path).once("a", lambda: "again") == "again"


def test_a_place_nobody_can_write_to_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    kept = Held(tmp_path / "file" / "x")
    assert kept.once("a", lambda: 1) == 1
    kept.flush()


def test_only_the_closings_read_last_are_kept(tmp_path: Path) -> None:
    for number in range(12):
        one = Held(tmp_path / f"{number:02}")
        one.once("a", lambda: "x")
        one.flush()
    assert len(list(tmp_path.iterdir())) == 8


def test_a_closing_opened_by_a_stranger_leaves_no_trace(closing: Closing) -> None:
    assert closing.cache is None
    one = held_of(closing)
    one.once("a", lambda: "x")
    one.flush()
    assert not list(closing.path.glob("*cache*"))


def test_a_closing_with_a_cache_keeps_there(closing: Closing, tmp_path: Path) -> None:
    one = held_of(replace(closing, cache=tmp_path))
    one.once("a", lambda: "x")
    one.flush()
    assert len(list((tmp_path / "reports").iterdir())) == 1


def test_a_report_filled_from_what_is_kept_is_the_same_report(closing: Closing, tmp_path: Path) -> None:
    text = "全县组织干部下乡走访X人次，开展政银企对接XX场次，推动XX项目、XX项目等X个项目，社会消费品零售总额增长X%。"
    draft, own = draft_of(text.encode(), "稿.txt", judged=False), replace(closing, cache=tmp_path)
    plain = fill(draft, closing, catalogue=closing.catalogue)
    for _ in range(2):
        held._held.cache_clear()
        for memory in (PARTIALS, SHEETS, things._THINGS):
            memory.clear()
        again = fill(draft, own, catalogue=closing.catalogue)
        assert [place.as_json() for place in again.places] == [place.as_json() for place in plain.places]
    assert any((tmp_path / "reports").iterdir())


def test_a_draft_that_is_only_filled_has_the_places_of_one_that_is_judged() -> None:
    text = (
        "一、工作情况\n全年完成投资X亿元，增长X%，XX项目建成投用。【不查 prose-E1：已核】\n我们将继续努力。"
    )
    scanned, read = (draft_of(text.encode(), "稿.txt", judged=judged) for judged in (False, True))
    assert (scanned.slots, scanned.outline, scanned.waivers, scanned.text) == (
        read.slots,
        read.outline,
        read.waivers,
        read.text,
    )
    assert not scanned.claims
