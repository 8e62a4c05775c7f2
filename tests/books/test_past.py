"""What was reported before a merger, from the accounts through a closing to the figures, and by both engines."""

from datetime import date

from shuzhi.books.verbs import close_books
from shuzhi.cube.build import block_of
from shuzhi.cube.cube import Cube
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.indicators.verbs import observe
from shuzhi.units.models import Unit
from shuzhi.units.verbs import merge_units
from tests.accounts import indicator
from tests.cast import Cast

MERGED = date(2025, 7, 1)
PAPER = "省民政厅批复〔2025〕12号"
TOWN, OTHER = "990101", "990102"


def reported(value: str, unit: str, year: int, month: int, role: str = "actual") -> None:
    observe(
        indicator("rev_general"),
        Unit.objects.get(code=unit),
        year=year,
        month=month,
        value=value,
        by=None,
        role=role,
    )


def figure(
    closing: Closing, expression: str, unit: str, year: int, month: int, *, then: bool = False
) -> Figure:
    return compute([Ask(expression, unit, year, month, then=then)], [closing])[0]


def test_a_towns_revenue_of_before_holds_that_of_the_town_that_went_into_it(cast: Cast) -> None:
    for unit, earlier in ((TOWN, "3"), (OTHER, "1")):
        reported(earlier, unit, 2024, 9)
        reported(earlier, unit, 2025, 6)
    merge_units([Unit.objects.get(code=OTHER)], into=cast.town, day=MERGED, document=PAPER, by="system")
    reported("5", TOWN, 2025, 9)
    closing = close_books(date(2025, 12, 31), by="system")
    asks = [("rev_general", 2024, 9), ("rev_general", 2025, 6), ("rev_general", 2025, 9)]
    assert [figure(closing, said, TOWN, *when).text for said, *when in asks] == ["4.00", "4.00", "5.00"]
    assert [figure(closing, said, TOWN, *when, then=True).text for said, *when in asks] == [
        "3.00",
        "3.00",
        "5.00",
    ]
    assert figure(closing, "lastyear(rev_general)", TOWN, 2025, 9).text == "4.00"
    assert "并入的白石乡" in figure(closing, "rev_general", TOWN, 2024, 9).trace.leaves[0].text
    cube = Cube(block_of(closing, kernel_name="plain"))
    for unit in (TOWN, OTHER, ""):
        for said, year, month in asks:
            value = cube.cell(said, unit, year, month).value
            exact = figure(closing, said, unit, year, month).value
            assert (value is None) == (exact is None)
            assert value is None or exact is None or value == exact * 10**10
