"""Commands of targets: what they print as JSON, their exit codes, the files they write, presets laid into the overlay."""

from datetime import date
from pathlib import Path

import pytest

from shuzhi.books.verbs import close_books
from shuzhi.evidence import instance
from shuzhi.evidence.models import Paper
from shuzhi.indicators.targets import hand_down
from shuzhi.indicators.verbs import observe
from tests.accounts import indicator
from tests.cast import Cast
from tests.cli.conftest import Shuzhi


@pytest.fixture
def planned(cast: Cast) -> Cast:
    """A growth target of 5 % and 4.2 % reached in March, closed."""
    item = indicator("gdp_growth")
    hand_down(item, cast.county, 2025, {12: "5"}, by=cast.post("head"))
    observe(item, cast.county, year=2025, month=3, value="4.2", by=cast.post("statistician"))
    close_books(date(2025, 6, 30), by="system")
    return cast


def test_targets_are_told_with_gap_and_light(shuzhi: Shuzhi, planned: Cast) -> None:
    said = shuzhi("targets", "--year", "2025", "--json")
    (told,) = said.data["targets"]
    assert said.code == 0
    assert (told["indicator"], told["month"], told["gap"], told["light"]) == (
        "gdp_growth",
        3,
        "-4/5",
        "yellow",
    )
    assert "黄灯" in shuzhi("targets", "--year", "2025").out
    assert shuzhi("targets", "--year", "2019", "--json").code == 1


def test_without_a_closing_nothing_is_told(shuzhi: Shuzhi, cast: Cast) -> None:
    said = shuzhi("targets", "--year", "2025")
    assert said.code == 2
    assert "还没有结过账" in said.err


def test_scores_are_printed_written_and_filed(shuzhi: Shuzhi, planned: Cast, tmp_path: Path) -> None:
    said = shuzhi("score", "--year", "2025", "--json", "--out", tmp_path / "计分.xlsx")
    assert said.code == 1  # something is not reported
    assert {row["name"] for row in said.data["scores"]} == {"清河镇", "白石乡"}
    assert (tmp_path / "计分.xlsx").read_bytes()[:2] == b"PK"
    assert "逐项" not in shuzhi("score", "--year", "2025", "--unit", "990101").out
    assert shuzhi("score", "--year", "2025", "--keep").code == 1
    assert Paper.objects.filter(owner__startswith="score/").count() == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--scheme", "moon"], "没有计分方案"),
        (["--year", "1999"], "没有计分方案"),
        (["--year", "2025", "--out", "计分.pdf"], ".xlsx"),
        (["--year", "2025", "--keep", "--by", "nobody"], "没有代码为"),
    ],
)
def test_what_cannot_be_scored_is_refused(
    shuzhi: Shuzhi, planned: Cast, options: list[str], told: str
) -> None:
    said = shuzhi("score", *options)
    assert said.code == 2
    assert told in said.err


def test_estimates_and_true_up(shuzhi: Shuzhi, planned: Cast) -> None:
    item, by = indicator("gdp_growth"), planned.post("statistician")
    for month, value in ((3, "4"), (12, "5")):
        observe(item, planned.county, year=2024, month=month, value=value, by=by)
    told = shuzhi("estimate", "--year", "2025", "--json").data
    assert [(row["method"], row["value"], row["chosen"]) for row in told] == [
        ("share", "26/5", True),
        ("moving", "26/5", False),
    ]
    assert "上年同月占比法" in shuzhi("estimate", "--year", "2025").out
    observe(item, planned.county, year=2024, month=12, value="5.5", by=by, role="forecast")
    (row,) = shuzhi("trueup", "--year", "2024", "--json").data
    assert (row["forecast"], row["final"], row["off"]) == ("11/2", "5", "1/2")
    assert "0.50个百分点" in shuzhi("trueup", "--year", "2024").out
    assert shuzhi("trueup", "--year", "2019").code == 1
    assert shuzhi("trueup", "--unit", "nowhere").code == 2


def test_a_preset_is_laid_into_the_overlay(shuzhi: Shuzhi, cast: Cast) -> None:
    assert "yinchuan_2025" in shuzhi("catalogue", "presets").out
    assert shuzhi("catalogue", "presets", "--json").data["default"]["parameters"]["light_red_gap"] == "30"
    assert shuzhi("catalogue", "preset", "yinchuan_2025").code == 0
    assert "银川" in (instance.home() / "catalogue" / "parameters.toml").read_text("utf-8")
    assert shuzhi("catalogue", "preset", "moon").code == 2
