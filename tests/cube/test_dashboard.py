"""A dashboard says of each indicator what the language says of it, one figure at a time."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from shuzhi.cube.asking.dashboard import Dashboard
from shuzhi.cube.asking.formulas import fraction
from shuzhi.cube.build import block_of
from shuzhi.cube.cube import Cube
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.judging.plan import completion
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.measure import UNITS
from tests.cube.conftest import CloseSmall
from tests.cube.small import Unit, observations, trees
from tests.cube.test_reads import dense

SHOWN = ("revenue", "tax_share", "residents", "income", "harvest", "price", "index", "farms", "output")
SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)


def exactly(figure: Figure) -> Fraction | None:
    """A figure in the base unit of its family."""
    return None if figure.value is None else figure.value * Fraction(10) ** UNITS[figure.unit].power


def asked(closing: Closing, unit: str, *questions: tuple[str, int, int]) -> list[Fraction | None]:
    return [
        exactly(figure)
        for figure in compute([Ask(said, unit, year, month) for said, year, month in questions], [closing])
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_a_dashboard_says_what_the_language_says(
    data: st.DataObject, close_small: CloseSmall, catalogue: Catalogue
) -> None:
    units = data.draw(trees())
    closing = close_small(units, data.draw(observations(units) | dense(units)))
    unit = data.draw(st.sampled_from([str(row[0]) for row in units]))
    month = data.draw(st.sampled_from((1, 3, 12)))
    cube = Cube(block_of(closing, kernel_name="plain"))
    dashboard = Dashboard(cube, catalogue, SHOWN, unit, 2025, month)
    for line in dashboard():
        if line.indicator in dashboard.left:
            continue
        code, indicator = line.indicator, catalogue.indicators[line.indicator]
        now, before, goal, place = asked(
            closing,
            unit,
            *((said.format(code), 2025, month) for said in ("{}", "lastyear({})", "target({})", "rank({})")),
        )
        running, growth = (
            (line.cumulative, line.cumulative_growth)
            if indicator.temporal == "cum"
            else (line.value, line.growth)
        )
        assert fraction(running) == now, line
        if indicator.growth == "pp":
            assert fraction(growth) == (None if now is None or before is None else now - before)
        elif indicator.growth in ("nominal", "count"):
            assert fraction(growth) == (None if now is None or not before else now / before - 1)
        else:
            assert growth is None
        assert line.place == place
        reached = None if now is None or goal is None else completion(indicator.direction, now, goal)
        assert fraction(line.completion) == reached
        if indicator.expression is None and now is not None:
            assert line.reported == line.expected > 0


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
@pytest.mark.parametrize(("month", "earlier"), [(3, 2), (12, 11)])
def test_the_month_itself_is_what_was_added_since_the_month_before(
    month: int, earlier: int, data: st.DataObject, close_small: CloseSmall, catalogue: Catalogue
) -> None:
    units = data.draw(trees())
    closing = close_small(units, data.draw(dense(units)))
    unit = data.draw(st.sampled_from([str(row[0]) for row in units]))
    cube = Cube(block_of(closing, kernel_name="plain"))
    dashboard = Dashboard(cube, catalogue, ["revenue"], unit, 2025, month)
    assume(not dashboard.left)
    (line,) = dashboard()
    now, before, then, back = asked(
        closing,
        unit,
        *(("revenue", year, when) for year in (2025, 2024) for when in (month, earlier)),
    )

    def added(late: Fraction | None, early: Fraction | None) -> Fraction | None:
        return None if late is None or early is None else late - early

    own, base = added(now, before), added(then, back)
    assert fraction(line.value) == own
    assert fraction(line.growth) == (None if own is None or not base else own / base - 1)


@pytest.mark.parametrize("county_speaks", [False, True])
@pytest.mark.parametrize("gap", [False, True])
def test_a_unit_above_that_speaks_for_itself_hides_no_gap_among_siblings(
    county_speaks: bool, gap: bool, close_small: CloseSmall, catalogue: Catalogue
) -> None:
    units: list[Unit] = [("1", "名1", "county", None, None, None, 1, 8)]
    for town, first in (("10", 2), ("11", 5)):
        units.append((town, f"名{town}", "township", "1", None, None, first, first + 2))
        units += [
            (f"{town}{n}", f"名{town}{n}", "village", town, None, None, first + n, first + n) for n in (1, 2)
        ]
    told = [("101", 7), ("102", 5), ("111", 9), *([] if gap else [("112", 8)]), *[("1", 99)] * county_speaks]
    rows = [("harvest", code, 2025, 3, "actual", "快报", 1, value, "") for code, value in told]
    cube = Cube(block_of(close_small(units, rows), kernel_name="plain"))
    (line,) = Dashboard(cube, catalogue, ["harvest"], "10", 2025, 3)()
    assert line.place == (None if gap else 2)
    (line,) = Dashboard(cube, catalogue, ["harvest"], "11", 2025, 3)()
    assert line.place == (None if gap else 1)
