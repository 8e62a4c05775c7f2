"""The cube of one closing: drawn from what was reported, kept beside it, the engine's figures; a wrong one is found out."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.cube import kept
from shuzhi.cube.asking import drawn as module
from shuzhi.cube.asking.drawn import drawn, figures, proved
from shuzhi.cube.build import Row, source_of
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.kernel.finding import Refused
from tests.cube.conftest import CloseSmall
from tests.cube.small import trees
from tests.cube.test_reads import asks_of
from tests.cube.test_statuses import PLAIN, plain_asks, worded

SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
UNITS = [
    ("1", "甲县", "county", None, None, None, 1, 3),
    ("10", "一镇", "township", "1", None, None, 2, 2),
    ("11", "二镇", "township", "1", None, None, 3, 3),
]


def books(close_small: CloseSmall, cache: Path | None, ten: int = 5, status: str = "快报") -> Closing:
    rows: list[Row] = [
        ("harvest", "10", 2025, 3, "actual", "快报", 1, 4, ""),
        ("harvest", "10", 2025, 3, "actual", status, 2, ten, ""),
        ("harvest", "11", 2025, 3, "actual", "决算", 1, 7, ""),
        ("harvest", "11", 2025, 6, "target", "", 1, 7, ""),
    ]
    return replace(close_small(UNITS, rows), cache=cache)


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Each test begins with a process that holds nothing."""
    module.forget()
    yield
    module.forget()


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_every_figure_is_the_engines_but_for_its_trace(data: st.DataObject, close_small: CloseSmall) -> None:
    units = data.draw(trees())
    closing = close_small(units, data.draw(worded(units)))
    codes = [str(unit[0]) for unit in units]
    asks = [*data.draw(st.lists(asks_of(codes), max_size=12)), *plain_asks(codes)]
    whole = compute(asks, [closing])
    said = figures(asks, closing)
    assert said == [
        replace(own, trace=each.trace) if not each.trace.closings else own
        for own, each in zip(whole, said, strict=True)
    ]
    assert proved(asks, closing) == whole


def test_it_is_kept_and_found_again(close_small: CloseSmall, tmp_path: Path) -> None:
    closing, asks = books(close_small, tmp_path), [Ask(said, "", 2025, 3) for said in PLAIN]
    first = figures(asks, closing)
    there = {path: path.stat().st_mtime_ns for path in (tmp_path / "cube").iterdir()}
    assert {path.suffix for path in there} == {".cube", ".words"}
    module.forget()
    assert figures(asks, closing) == first
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "cube").iterdir()} == there


@pytest.mark.parametrize("suffix", [".cube", ".words"])
def test_what_lies_there_damaged_is_made_again(close_small: CloseSmall, tmp_path: Path, suffix: str) -> None:
    closing, asks = books(close_small, tmp_path), [Ask("harvest", "", 2025, 3)]
    first = figures(asks, closing)
    (path,) = (tmp_path / "cube").glob(f"*{suffix}")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    module.forget()
    assert figures(asks, closing) == first


def test_nothing_is_kept_of_a_closing_without_a_cache(close_small: CloseSmall) -> None:
    closing = books(close_small, None)
    (found,) = figures([Ask("harvest", "1", 2025, 3)], closing)
    assert (found.text, found.status) == ("0.1", "快报")
    assert not list(closing.path.parent.rglob("*.cube"))


@pytest.mark.parametrize(("ten", "status"), [(6_000_000, "快报"), (5_000_000, "预计")])
def test_a_cube_that_says_otherwise_than_the_rows_is_refused(
    close_small: CloseSmall, tmp_path: Path, ten: int, status: str
) -> None:
    closing = books(close_small, tmp_path / "own", 5_000_000)
    other = books(close_small, tmp_path / "other", ten, status)
    asks = [Ask("harvest", "", 2025, 3)]
    proved(asks, closing)
    key = kept.key_of(source_of(closing), closing.catalogue, ())
    kept.put(drawn(other).cube.block, kept.file_of(tmp_path / "own" / "cube", key), key)
    (mine,), (theirs,) = ((tmp_path / each / "cube").glob("*.words") for each in ("own", "other"))
    shutil.copy(theirs, mine)
    module.forget()
    with pytest.raises(Refused, match="两处不一"):
        proved(asks, closing)


def test_only_the_newest_are_kept(close_small: CloseSmall, tmp_path: Path) -> None:
    for ten in range(12):
        drawn(books(close_small, tmp_path, ten))
    assert len(list((tmp_path / "cube").glob("*.cube"))) == 8
    assert len(list((tmp_path / "cube").glob("*.words"))) == 8
