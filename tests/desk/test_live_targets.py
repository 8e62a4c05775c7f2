"""Targets read from the live cube: every number, status and light is the engine's; pages scan nothing; corrections show at once."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzhi.books.verbs import close_books
from shuzhi.cube.asking.drawn import figures
from shuzhi.evidence import instance
from shuzhi.figures.judging.progress import Progress, progress
from shuzhi.figures.judging.scoring import score
from shuzhi.indicators.checks import MONTHS
from shuzhi.indicators.live import LIVE
from shuzhi.indicators.models import LightMark, Observation
from shuzhi.indicators.planned import actuals, handed_down, target_of, targeted
from shuzhi.indicators.standing import standing
from shuzhi.indicators.targets import break_down, hand_down, mark_light
from shuzhi.indicators.verbs import observe
from shuzhi.kernel.catalogue.definitions import STATUSES, Indicator
from shuzhi.kernel.finding import Refused
from shuzhi.units.models import Unit
from shuzhi.units.verbs import merge_units, move_unit
from tests.cast import Cast
from tests.desk.office import TODAY, seated
from tests.desk.test_monthly import items

YEARS = (2024, 2025)
PAGES = (
    "/desk/targets/?year=2025",
    "/desk/targets/cascade/?year=2025",
    "/desk/indicators/monthly/?year=2025",
    "/desk/scores/",
)


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Each test begins with a process that holds nothing."""
    LIVE.forget()
    yield
    LIVE.forget()


def formulas() -> list[Indicator]:
    """Some indicators worked out from others, and one from a ledger."""
    known = instance.catalogue().indicators
    return [known[code] for code in ("va2_share", "tax_share", "arrears_cleared")]


def random_books(cast: Cast, seed: int) -> list[Unit]:
    """Two years with gaps and every status, targets with and without a course of their own; the units that have them."""
    chance, units = random.Random(seed), [cast.county, cast.unit("990101"), cast.unit("990102")]
    for item in [*items(), *formulas()]:
        for unit in units:
            for year in YEARS:
                if chance.random() < 0.7:
                    with suppress(Refused):
                        hand_down(item, unit, year, {12: str(chance.randrange(1, 120))}, by=None)
                    if chance.random() < 0.5:
                        with suppress(Refused):
                            break_down(item, unit, year, "even", by=None)
                if item.expression is None and chance.random() < 0.7:
                    _report(item, unit, year, chance)
    return units


def _report(item: Indicator, unit: Unit, year: int, chance: random.Random) -> None:
    for month in MONTHS[item.frequency]:
        if chance.random() < 0.7:
            status, value = chance.choice(STATUSES[1:]), str(month * 7 + chance.randrange(9))
            with suppress(Refused):
                observe(item, unit, year=year, month=month, value=value, status=status, by=None)
    if chance.random() < 0.3:
        with suppress(Refused):
            observe(item, unit, year=year, month=12, value="99", role="forecast", by=None)


def known(found: list[Progress] | tuple[Progress, ...]) -> dict[tuple[str, str], Progress]:
    """Progress by indicator and unit."""
    return {(one.indicator.code, one.unit): one for one in found}


@pytest.mark.parametrize("seed", range(2))
def test_every_target_stands_as_the_engine_has_it(office: Cast, seed: int) -> None:
    units = random_books(office, seed)
    for round_ in range(2):
        closing = close_books(TODAY, by="system")
        for year in YEARS:
            live = standing(year, units, closing=lambda now=closing: now)  # type: ignore[misc]
            own = progress(closing, year, units=[unit.code for unit in units])
            assert known(live.lines) == known(own)
            assert len(live.lines) > 10 or year == YEARS[0]
        if not round_:  # and once more after corrections, followed and not made anew
            chance = random.Random(seed + 100)
            for item in items():
                _report(item, chance.choice(units), 2025, chance)


def test_a_light_set_by_hand_stands_beside_the_live_one(office: Cast) -> None:
    item = next(one for one in items() if one.temporal == "cum" and one.frequency == "month")
    hand_down(item, office.county, 2025, {12: "100"}, by=None)
    said = {"reason": "核实在途", "since": TODAY, "until": TODAY, "by": None}
    mark_light(item, office.county, 2025, colour="green", **said)  # type: ignore[arg-type]
    (line,) = standing(2025, [office.county]).lines
    assert line.mark is not None
    assert LightMark.objects.get().colour == line.mark.colour == "green"
    assert known([line]) == known(progress(close_books(TODAY, by="system"), 2025))


def test_the_cascade_is_what_the_books_hold(office: Cast) -> None:
    whole, *parts = random_books(office, 7)
    rows = targeted(instance.catalogue(), 2025, [whole])
    assert rows
    for handed in handed_down(rows, whole, parts, 2025):
        assert handed.whole == target_of(handed.indicator, whole, 2025)
        told = {part.code: target_of(handed.indicator, part, 2025) for part in parts}
        assert handed.parts == {code: value for code, value in told.items() if value is not None}


def test_the_month_page_tells_how_the_unit_itself_reported(office: Cast) -> None:
    random_books(office, 3)
    for unit in (office.county, office.unit("990101")):
        said = LIVE.told(unit.code, 2025, 12)
        for item in items():
            row = Observation.objects.filter(
                indicator=item.code, unit=unit, year=2025, month=12, role="actual"
            ).order_by("vintage")
            newest = row.last()
            forecast = Observation.objects.filter(
                indicator=item.code, unit=unit, year=2025, role="forecast"
            ).exists()
            own = newest.status if newest is not None else "预计" if forecast else None
            assert said.get(item.code) == own
            assert newest is None or actuals(item, unit, 2025)[12] == newest.value


def test_pages_do_not_look_at_observations_while_nothing_happens(office: Cast) -> None:
    random_books(office, 1)
    close_books(TODAY, by="system")
    client = seated(office, "head")
    for page in PAGES:
        assert client.get(page).status_code == 200
        with CaptureQueriesContext(connection) as told:
            client.get(page)
        looked = [query["sql"] for query in told.captured_queries if "indicators_observation" in query["sql"]]
        assert not looked, page


def test_a_correction_shows_on_the_page_at_once(office: Cast) -> None:
    item = next(
        one
        for one in items()
        if (one.temporal, one.rollup, one.frequency) == ("cum", "sum", "month") and one.direction == "up"
    )
    hand_down(item, office.county, 2025, {12: "1000"}, by=None)
    client = seated(office, "head")
    for value in ("613", "617"):
        observe(item, office.county, year=2025, month=6, value=value, by=None)
        assert value in client.get(f"/desk/targets/?unit={office.county.code}&year=2025").content.decode()


def test_scores_are_the_same_read_and_computed(office: Cast) -> None:
    random_books(office, 11)
    closing = close_books(TODAY, by="system")
    schemes = list(closing.catalogue.schemes.values())
    assert schemes
    for scheme in schemes:
        assert score(scheme, closing, answer=figures) == score(scheme, closing)


@pytest.mark.parametrize("how", ["merged", "moved"])
def test_what_lay_elsewhere_before_is_told_as_the_engine_tells_it(office: Cast, how: str) -> None:
    units, day = random_books(office, 5), date(2025, 7, 1)
    one, two = units[1:]
    if how == "merged":
        merge_units([two], into=one, day=day, document="陵府函〔2025〕3号", by="system")
    else:
        below = one.children.exclude(level="department").first()
        assert below is not None
        move_unit(below, parent=two, day=day, by="system")
    standing_units = [unit for unit in (office.county, one, two) if how == "moved" or unit != two]
    closing = close_books(TODAY, by="system")
    for year in YEARS:
        live = standing(year, standing_units, closing=lambda: closing)
        own = progress(closing, year, units=[unit.code for unit in standing_units])
        assert known(live.lines) == known(own)
