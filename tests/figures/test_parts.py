"""Where reading is done changes nothing: one process or several, any number of parts, a process that dies."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.figures.many.engines import Engine, Here, Processes, cut, local
from shuzhi.kernel.finding import Refused
from tests.figures import works


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    engine = Processes(2)
    yield engine
    engine.close()


@given(places=st.lists(st.integers()), parts=st.integers(-1, 40))
def test_parts_are_the_places_in_order_and_differ_by_one_at_most(places: list[int], parts: int) -> None:
    groups = cut(places, parts)
    assert [place for group in groups for place in group] == places
    sizes = {len(group) for group in groups}
    assert not sizes or (min(sizes) > 0 and max(sizes) - min(sizes) <= 1)
    assert len(groups) <= max(1, parts)


@pytest.mark.parametrize("parts", [0, 1, 2, 3, 7])
def test_processes_say_what_one_says_in_the_same_order(processes: Processes, parts: int) -> None:
    places = list(range(11, 0, -1))
    assert list(processes.each(places, works.squared, parts=parts)) == list(
        Here().each(places, works.squared)
    )
    assert list(processes.each([], works.squared, parts=parts)) == []


@pytest.mark.parametrize("several", [False, True])
def test_a_refused_place_is_named_and_the_others_go_on(processes: Processes, several: bool) -> None:
    engine: Engine = processes if several else Here()
    found = dict(engine.each(range(6), works.picky))
    refused = found.pop(3)
    assert isinstance(refused, Refused)
    assert [finding.id for finding in refused.findings] == ["work.three"]
    assert found == {number: number for number in (0, 1, 2, 4, 5)}


def test_what_may_be_a_hiccup_is_tried_again_and_what_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "slow").write_text("hiccup", "utf-8")
    found = dict(Here().each([str(tmp_path / "slow"), str(tmp_path / "gone")], works.named))
    assert found[str(tmp_path / "slow")] == "well"
    refused = found[str(tmp_path / "gone")]
    assert isinstance(refused, Refused)
    assert refused.findings[0].id == "engine.unreadable"
    assert refused.findings[0].place == str(tmp_path / "gone")


def test_a_process_that_dies_is_started_again_and_nothing_is_lost(tmp_path: Path) -> None:
    places = []
    for number in range(6):
        path = tmp_path / str(number)
        path.write_text("fatal" if number == 2 else "well", "utf-8")
        places.append(str(path))
    engine = Processes(2)
    found = dict(engine.each(places, works.fatal, parts=3))
    engine.close()
    assert list(found) == places
    assert list(found.values()) == ["well", "well", "survived", "well", "well", "well"]


def test_what_kills_every_process_is_told(processes: Processes) -> None:
    with pytest.raises(Refused, match="连续3次中途退出"):
        list(processes.each(range(4), works.always_fatal, parts=2))


def test_few_places_start_no_process_and_none_is_left_behind() -> None:
    assert local(3).name == "here"
    assert local(3, 2).name == "local"
    engine = Processes(2)
    numbers = [number for _, number in engine.each(range(2), works.number_of_process, parts=2)]
    engine.close()
    assert os.getpid() not in numbers
    until = time.monotonic() + 10
    while any(Path(f"/proc/{number}").exists() for number in numbers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{number}").exists() for number in numbers)
