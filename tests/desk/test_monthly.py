"""指标月报: every cell of the page is the engine's figure; a correction shows at once with all above it; no query more for more."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzhi.books.verbs import close_books
from shuzhi.cube.asking.dashboard import Line
from shuzhi.desk.views.monthly import rows_of
from shuzhi.evidence import instance
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.indicators.checks import MONTHS
from shuzhi.indicators.live import LIVE, LiveCube
from shuzhi.indicators.targets import hand_down
from shuzhi.indicators.verbs import observe
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.finding import Refused
from shuzhi.kernel.measure import UNITS
from shuzhi.units.models import Unit
from shuzhi.units.verbs import found_unit
from tests.cast import SINCE, Cast
from tests.desk.office import TODAY, seated

TOWNS = ("990101", "990102")


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Each test begins with a process that holds nothing."""
    LIVE.forget()
    yield
    LIVE.forget()


def items() -> list[Indicator]:
    """Some indicators of every kind: what adds up, what does not, means, levels and rates."""
    known = [
        item
        for _, item in sorted(instance.catalogue().indicators.items())
        if item.expression is None and item.valid_until is None
    ]
    kinds: dict[tuple[str, str, str, str], list[Indicator]] = {}
    for item in known:
        kinds.setdefault((item.rollup, item.temporal, item.growth, item.frequency), []).append(item)
    return [item for found in kinds.values() for item in found[:2]]


def additive() -> Indicator:
    """One that adds up and accumulates month by month."""
    return next(
        item
        for item in items()
        if (item.rollup, item.temporal, item.frequency, item.growth) == ("sum", "cum", "month", "nominal")
    )


def say(item: Indicator, unit: Unit, year: int, month: int, value: str) -> None:
    """A value is reported where the indicator can have it."""
    with suppress(Refused):
        observe(item, unit, year=year, month=month, value=value, by=None)


@pytest.fixture
def reported(office: Cast) -> Cast:
    """Two years of both townships and the county, with gaps; some targets; nothing for some."""
    for number, item in enumerate(items()):
        for year in (2024, 2025):
            for month in sorted({6, 9, 11, 12} & set(MONTHS[item.frequency]) - set(item.unpublished)):
                for place, unit in enumerate(TOWNS):
                    if (number + month + place) % 7:
                        value = str(10 + number % 20 + month + place * 20 + (year - 2024) * 11)
                        say(item, office.unit(unit), year, month, value)
                if not number % 4:
                    say(item, office.county, year, month, str(50 + month))
        if not number % 3:
            with suppress(Refused):
                hand_down(item, office.county, 2025, {12: "90"}, by=office.post("head"))
    return office


def told(closing: Closing, asks: list[str], unit: str, month: int) -> list[Fraction | None]:
    """The engine's answers, in the base unit of the family."""
    answers = []
    for figure in compute([Ask(text, unit, 2025, month) for text in asks], [closing]):
        power = UNITS[figure.unit].power if figure.unit in UNITS else 0
        answers.append(None if figure.value is None else figure.value * Fraction(10) ** power)
    return answers


def exact(pair: tuple[int, int] | None) -> Fraction | None:
    """A pair as a fraction."""
    return None if pair is None else Fraction(*pair)


@pytest.mark.parametrize("unit", ["", *TOWNS])
@pytest.mark.parametrize("month", [6, 12])
def test_every_cell_is_the_engines_figure(reported: Cast, unit: str, month: int) -> None:
    closing, code = close_books(TODAY, by="system"), unit or reported.county.code
    found = items()
    lines = LIVE.lines([item.code for item in found], code, 2025, month)
    asked = "" if code == reported.county.code else code
    some = 0
    for item, line in zip(found, lines, strict=True):
        now, goal = told(closing, [item.code, f"target({item.code})"], asked, month)
        shown = exact(line.cumulative if item.temporal == "cum" else line.value)
        assert shown == now, (item.code, code, month)
        some += now is not None
        rate = line.cumulative_growth if item.temporal == "cum" else line.growth
        if item.growth == "pp":
            assert exact(rate) == told(closing, [f"{item.code} - lastyear({item.code})"], asked, month)[0]
        elif item.growth != "none":
            assert exact(rate) == told(closing, [f"{item.code}.growth"], asked, month)[0], item.code
        if item.direction != "down" and now is not None and goal:
            assert exact(line.completion) == now / goal
        rank = told(closing, [f"rank({item.code})"], asked, month)[0]
        assert line.place == rank, item.code
    assert some > 3


def line(unit: str, month: int = 12) -> Line:
    """The line of the indicator that adds up."""
    return LIVE.lines([additive().code], unit, 2025, month)[0]


def test_a_correction_shows_at_once_with_all_above_it(reported: Cast) -> None:
    item, county = additive(), reported.county.code
    for unit in TOWNS:
        observe(item, reported.unit(unit), year=2025, month=3, value="3", by=None)
    before, town = line(county, 3), line(TOWNS[0], 3)
    assert (before.reported, before.expected) == (3, 3)  # two villages of the one, the other
    assert (town.place, line(TOWNS[1], 3).place) == (1, 1)
    observe(item, reported.unit(TOWNS[0]), year=2025, month=3, value="5", by=None)
    after = line(county, 3)
    assert before.cumulative is not None
    assert after.cumulative is not None
    assert Fraction(*after.cumulative) / Fraction(*before.cumulative) == Fraction(8, 6)
    assert line(TOWNS[1], 3).place == 2


def test_another_process_sees_what_this_one_reported(reported: Cast) -> None:
    other, code, county = LiveCube(), additive().code, reported.county.code
    other.lines([code], county, 2025, 3)
    for unit, value in zip(TOWNS, ("3", "4"), strict=True):
        observe(additive(), reported.unit(unit), year=2025, month=3, value=value, by=None)
    assert other.lines([code], county, 2025, 3) == LIVE.lines([code], county, 2025, 3)


def test_a_new_unit_makes_the_sum_incomplete(reported: Cast) -> None:
    for unit in TOWNS:
        observe(additive(), reported.unit(unit), year=2025, month=3, value="3", by=None)
    assert line(reported.county.code, 3).cumulative is not None
    found_unit(code="990103", name="新镇", level="township", parent=reported.county, since=SINCE, by="system")
    after = line(reported.county.code, 3)
    assert after.cumulative is None
    assert (after.reported, after.expected) == (3, 4)


def test_the_day_after_is_another_cube(reported: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    line(reported.county.code)
    monkeypatch.setattr(instance, "today", lambda: date(2026, 1, 1))
    with LIVE.read() as cube:
        assert cube.block.frame.years[-1] == 2026


def test_more_indicators_do_not_ask_more_of_the_database(reported: Cast) -> None:
    known = sorted(instance.catalogue().indicators.values(), key=lambda item: item.code)
    counts = []
    for wanted in (known[:3], known):
        list(rows_of(wanted, reported.county, 2025, 12))
        with CaptureQueriesContext(connection) as asked:
            list(rows_of(wanted, reported.county, 2025, 12))
        counts.append(len(asked))
    assert counts[0] == counts[1] == 2


def test_the_page_tells_the_month_the_sum_the_growth_and_who_is_missing(reported: Cast) -> None:
    item = additive()
    observe(item, reported.unit(TOWNS[0]), year=2025, month=3, value="4.25", by=None)
    client = seated(reported, "head")
    text = client.get("/desk/indicators/monthly/?year=2025&month=3&show=short").content.decode()
    assert item.label in text
    assert "下级 2/3" in text
    assert "未报齐" in text
    text = client.get(f"/desk/indicators/monthly/?year=2025&month=3&unit={TOWNS[0]}").content.decode()
    assert "4.25" in text
    assert f"/desk/indicators/{item.code}/?unit={TOWNS[0]}" in text
    assert (
        "没有没报齐的指标数" in client.get("/desk/indicators/monthly/?show=short&month=10").content.decode()
    )


def test_without_a_month_the_last_reported_one_is_shown(reported: Cast) -> None:
    assert (
        "2025年12月" in seated(reported, "head").get("/desk/indicators/monthly/?year=2025").content.decode()
    )


def test_a_town_does_not_read_the_other_towns_month(reported: Cast) -> None:
    text = seated(reported, "town_filler").get("/desk/indicators/monthly/?unit=990102").content.decode()
    assert "指标月报：白石乡" not in text


def test_the_page_of_an_indicator_tells_what_the_units_below_came_to(reported: Cast) -> None:
    item = additive()
    observe(item, reported.unit(TOWNS[0]), year=2025, month=3, value="4.25", by=None)
    address = f"/desk/indicators/{item.code}/?year=2025&month=3"
    text = seated(reported, "head").get(address).content.decode()
    assert "下级各单位：3月" in text
    assert "4.25" in text
    assert "未报" in text
    theirs = seated(reported, "town_filler").get(address).content.decode()
    assert "清河镇" in theirs
    assert "白石乡" not in theirs
