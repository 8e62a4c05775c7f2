"""指标台账, an indicator's page and 年底预计 read the live cube: what they tell is what the newest rows say, without looking at them."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzhi.cube.frame import weighs
from shuzhi.desk.show import tidy
from shuzhi.desk.views.indicators import Period, lines_of, periods_of
from shuzhi.evidence import instance
from shuzhi.indicators.checks import MONTHS
from shuzhi.indicators.estimates import expected, proposals, trued_up, trueup
from shuzhi.indicators.live import LIVE
from shuzhi.indicators.models import Observation
from shuzhi.indicators.queries import Cell, GridRow, grid, newest_only
from shuzhi.indicators.targets import hand_down
from shuzhi.indicators.verbs import observe
from shuzhi.kernel.catalogue.definitions import STATUSES, Indicator
from shuzhi.kernel.finding import Refused
from shuzhi.kernel.measure import UNITS, amount, say
from shuzhi.units.models import Unit
from shuzhi.units.verbs import merge_units
from tests.cast import Cast
from tests.desk.office import seated
from tests.desk.test_monthly import items

YEARS = (2020, 2021, 2022, 2024, 2025)
"""Of these the live cube holds the last four."""
PLACES = ("990100", "990101")
APART = """[[indicator]]
code = "{code}"
rollup = "wmean:{weight}"
"""


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Each test begins with a process that holds nothing."""
    LIVE.forget()
    yield
    LIVE.forget()


@pytest.fixture
def apart(office: Cast) -> Cast:
    """A county with an indicator no cube can hold: a monthly mean whose weights are reported by the year."""
    monthly, yearly = (next(one for one in items() if one.frequency == each) for each in ("month", "year"))
    overlay = instance.home() / "catalogue" / "indicators"
    overlay.mkdir(exist_ok=True)
    (overlay / "apart.toml").write_text(APART.format(code=monthly.code, weight=yearly.code), "utf-8")
    instance.forget()
    assert not weighs(instance.catalogue().indicators, monthly.code)
    return office


def chosen() -> list[Indicator]:
    """Some indicators of every kind, what no cube can hold among them, and one worked out from others."""
    known = instance.catalogue().indicators
    return [*items()[::2], *(one for one in items() if "wmean:" in one.rollup), known["va2_share"]]


def say_anything(item: Indicator, unit: Unit, year: int, chance: random.Random) -> None:
    """Some months of a year, revised here and there, some said to be lacking; perhaps a target and a forecast."""
    for month in (1, *MONTHS[item.frequency]):
        for value in (str(month * 7 + chance.randrange(9)), "")[: chance.choice((0, 1, 1, 1, 2))]:
            status, why = chance.choice(STATUSES[1:]), "" if value else "暂缺"
            with suppress(Refused):
                observe(item, unit, year=year, month=month, value=value, status=status, reason=why, by=None)
    for value in ("99", "98", "")[: chance.choice((0, 0, 1, 2, 3))]:
        why = "按进度推算" if value == "99" else "" if value else "不再预计"
        with suppress(Refused):
            observe(item, unit, year=year, month=12, value=value, role="forecast", reason=why, by=None)
    if chance.random() < 0.5:
        with suppress(Refused):
            hand_down(item, unit, year, {12: str(chance.randrange(1, 120))}, by=None)


def random_books(cast: Cast, seed: int) -> list[Unit]:
    """Some years of the county and a township."""
    chance, units = random.Random(seed), [cast.unit(code) for code in PLACES]
    for item in chosen():
        for unit in units:
            for year in YEARS:
                if chance.random() < 0.5:
                    say_anything(item, unit, year, chance)
    return units


def text(row: Observation | None, item: Indicator) -> str:
    """A row's value as the office reads it."""
    if row is None:
        return ""
    return "缺" if row.value is None else tidy(say(amount(row.value, UNITS[item.unit]), 8, grouped=True))


def in_list(row: GridRow, forecast: Observation | None) -> tuple[object, ...]:
    """A line of the list by the rows."""
    item = row.indicator
    cell = next(
        (cell for cell in reversed(row.cells) if cell.newest is not None),
        Cell(0, None, None, None, due=False),
    )
    status = cell.newest.status if cell.newest else ""
    values = [text(each, item) for each in (cell.last_year, row.target, forecast)]
    return item, text(cell.newest, item), cell.month, status, *values


def by_rows(unit: Unit, year: int) -> list[tuple[object, ...]]:
    """The list by the rows."""
    rows = newest_only(Observation.objects.filter(unit=unit, year=year, month=12, role="forecast"))
    forecasts = {row.indicator: row for row in rows}
    return [in_list(row, forecasts.get(row.indicator.code)) for row in grid(chosen(), [unit], year)]


def as_the_rows_have_it(unit: Unit, year: int) -> int:
    """Hold all that is read of a unit in a year against the rows; how many numbers there were."""
    catalogue, some = instance.catalogue(), 0
    lines = [
        (line.indicator, line.value, line.month, line.status, line.last_year, line.target, line.forecast)
        for line in lines_of(chosen(), unit, year)
    ]
    assert lines == by_rows(unit, year)
    for row in grid(chosen(), [unit], year):
        item = row.indicator
        said = {cell.month: cell.newest.reason for cell in row.cells if cell.newest}
        told = [
            Period(
                cell.month,
                text(cell.newest, item),
                cell.newest.status if cell.newest else "",
                cell.newest.reason if cell.newest else "",
                text(cell.last_year, item),
            )
            for cell in row.cells
            if cell.due or cell.newest or cell.last_year
        ]
        assert periods_of(item, unit, year, said) == told
        some += len(said)
    reported = set(
        Observation.objects.filter(unit=unit, year=year, role="actual").values_list("indicator", flat=True)
    )
    proposed = [(code, proposals(catalogue.indicators[code], unit, year)) for code in sorted(reported)]
    looked = expected(unit, year)
    assert [(item.code, found) for item, found, _ in looked] == [each for each in proposed if each[1]]
    for item, _, forecast in looked:
        held = (
            Observation.objects.filter(indicator=item.code, unit=unit, year=year, month=12, role="forecast")
            .order_by("vintage")
            .last()
        )
        assert (forecast and (forecast.value, forecast.reason)) == (held and (held.value, held.reason))
    assert trued_up(catalogue, year, unit) == trueup(catalogue, year, [unit])
    return some + len(looked)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_read_is_what_the_newest_rows_say(apart: Cast, seed: int) -> None:
    units, chance = random_books(apart, seed), random.Random(seed + 100)
    for round_ in range(2):
        numbers = [as_the_rows_have_it(unit, year) for unit in units for year in YEARS]
        assert sum(numbers) > 200
        if not round_:  # and once more after corrections of every year, followed and not made anew
            for item in chosen():
                say_anything(item, chance.choice(units), chance.choice(YEARS), chance)


def test_what_was_merged_is_told_as_it_told_itself(office: Cast) -> None:
    county, one = random_books(office, 5)
    merge_units(
        [one], into=office.unit("990102"), day=date(2025, 7, 1), document="陵府函〔2025〕3号", by="system"
    )
    assert all(as_the_rows_have_it(unit, year) for unit in (county, one) for year in (2024, 2025))


def test_a_forecast_is_not_told_as_what_came_of_it(office: Cast) -> None:
    item = next(
        one for one in items() if (one.temporal, one.rollup, one.frequency) == ("cum", "sum", "month")
    )
    observe(item, office.county, year=2025, month=12, value="99", role="forecast", reason="推算", by=None)
    (line,) = lines_of([item], office.county, 2025)
    assert (line.value, line.month, line.status, line.forecast) == ("", 0, "", "99")
    assert not periods_of(item, office.county, 2025, {})[-1].value


def looked_at(cast: Cast, page: str) -> list[str]:
    """The queries of the table of observations a page asks the second time it is opened."""
    client = seated(cast, "head")
    assert client.get(page).status_code == 200
    with CaptureQueriesContext(connection) as told:
        client.get(page)
    return [query["sql"] for query in told.captured_queries if "indicators_observation" in query["sql"]]


@pytest.mark.parametrize("year", [2025, 2020])
def test_pages_do_not_look_at_observations_while_nothing_happens(office: Cast, year: int) -> None:
    for item in items()[:4]:
        say_anything(item, office.county, year, random.Random(1))
    for page in ("indicators/", "targets/estimates/", "targets/trueup/"):
        assert not looked_at(office, f"/desk/{page}?year={year}"), page


def test_the_page_of_an_indicator_looks_up_its_history_only(office: Cast) -> None:
    say_anything(items()[0], office.county, 2025, random.Random(1))
    (asked,) = looked_at(office, f"/desk/indicators/{items()[0].code}/?year=2025")
    assert "vintage" in asked


def test_a_correction_shows_on_the_pages_at_once(office: Cast) -> None:
    item = next(
        one for one in items() if (one.temporal, one.rollup, one.frequency) == ("cum", "sum", "month")
    )
    client = seated(office, "head")
    for year in (2025, 2020):
        for value in ("613", "617"):
            observe(item, office.county, year=year, month=6, value=value, by=None)
            for page in (f"/desk/indicators/?year={year}", f"/desk/indicators/{item.code}/?year={year}"):
                assert f">{value}</td>" in client.get(page).content.decode()
