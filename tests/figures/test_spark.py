"""A real cluster of two workers: the same answers as here, whatever dies, whatever is damaged."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.many.engines import Engine, Here
from shuzhi.figures.many.reading import Read, Reader, Wanted, read_one
from shuzhi.figures.many.spark import Spark
from shuzhi.kernel.finding import Finding, Refused
from tests.cluster import Cluster
from tests.figures import works
from tests.figures.counties import counties, forget

pytestmark = pytest.mark.spark

ASKED = (
    "revenue",
    "revenue - lastyear(revenue)",
    "growth(revenue)",
    "income",
    "residents",
    "latest(residents)",
    "danger.listed",
    "danger.closed_rate",
    "sum cost of danger in year per level",
    "distinct firm of meeting.rows",
    "max opened of danger",
    "sum amount of relief.payment in year",
)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> list[Closing]:
    """Seven counties."""
    return counties(tmp_path_factory.mktemp("country"), 7)


def computed(closings: list[Closing], engine: Engine, parts: int = 0) -> list[Figure]:
    """The figures as an engine reads them, nothing remembered."""
    forget()
    return compute([Ask(expression) for expression in ASKED], closings, reader=reader_of(engine, parts))


def reader_of(engine: Engine, parts: int) -> Reader:
    def read(wanted: Sequence[Wanted]) -> Iterator[Read | Finding | Refused]:
        for _, found in engine.each(wanted, read_one, parts=parts):
            yield found

    return read


@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_figures_digests_and_traces_are_those_of_one_process(
    spark: Spark, country: list[Closing], parts: int
) -> None:
    here = computed(country, Here())
    assert computed(list(reversed(country)), spark, parts) == here
    assert all(not figure.missing for figure in here)
    assert all(len(figure.trace.closings) == 7 for figure in here)


@pytest.mark.parametrize("parts", [0, 1, 2, 3, 7])
def test_a_cluster_says_what_one_process_says_in_the_same_order(spark: Spark, parts: int) -> None:
    places = list(range(11, 0, -1))
    assert list(spark.each(places, works.squared, parts=parts)) == list(Here().each(places, works.squared))
    assert list(spark.each([], works.squared, parts=parts)) == []


def test_a_refused_place_is_named_and_the_others_go_on(spark: Spark) -> None:
    found = dict(spark.each(range(6), works.picky, parts=3))
    refused = found.pop(3)
    assert isinstance(refused, Refused)
    assert [str(finding) for finding in refused.findings] == ["[错误] 3：三不要（换一个）"]
    assert found == {number: number for number in (0, 1, 2, 4, 5)}


def test_an_executor_killed_mid_way_is_survived(spark: Spark, cluster: Cluster, tmp_path: Path) -> None:
    places = [str(tmp_path / name) for name in "abcd"]
    for place in places:
        Path(place).mkdir()
    killed: list[int] = []

    def kill() -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and not list(tmp_path.glob("*/begun")):
            time.sleep(0.05)
        killed.extend(cluster.executors()[:1])
        os.kill(killed[0], signal.SIGKILL)
        for place in places:
            Path(place, "go").touch()

    killer = threading.Thread(target=kill)
    killer.start()
    found = list(spark.each(places, works.patient, parts=4))
    killer.join()
    assert found == [(place, Path(place).name) for place in places]
    assert killed
    assert killed[0] not in cluster.executors()


def test_a_master_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        Spark("spark://127.0.0.1:1")
    assert "连不上集群的主节点" in str(refused.value)
