"""Closings that hold each other: refused by name whatever is asked, and whatever lies above them."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.figures.__main__ import main
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.many.circles import circle
from shuzhi.figures.many.roll import roll
from shuzhi.kernel.finding import Finding, Refused
from tests.figures.county import YI, Close, seen
from tests.figures.land import BEFORE, FOUNDED
from tests.figures.province import PROVINCE, Row, books, unit

JIA, YIXIAN, BING = ("990101", "甲县"), ("990102", "乙县"), ("990103", "丙县")
EAST, WEST, VILLAGE = ("99010101", "东镇"), ("99010102", "西镇"), ("990101010", "渡口村")
MUTUAL = "甲县、乙县的结账互相把对方列为下级，说不清谁在谁之下"
TURNED = "甲县、乙县的结账把东镇、西镇互相列为下级，说不清谁在谁之下"

Unit = tuple[str, str]


def listing(close: Close, own: Unit, *below: Unit, observation: Sequence[Row] = ()) -> Closing:
    """Books of a unit that list units below it, each below the one before."""
    line = [own, *below]
    over = [None, *(code for code, _ in line)]
    rows = [
        unit(*each, "county" if each == own else "township", over[number - 1], number, len(line))
        for number, each in enumerate(line, 1)
    ]
    return books(close, *own, unit=rows, observation=observation)


def above(close: Close, *counties: Unit) -> Closing:
    """The province's books over some counties."""
    last = 1 + len(counties)
    rows = [unit(*each, "county", PROVINCE[0], number, number) for number, each in enumerate(counties, 2)]
    return books(close, *PROVINCE, unit=[unit(*PROVINCE, "province", None, 1, last), *rows])


def refused(closings: Sequence[Closing], expression: str, code: str = "", *, then: bool = False) -> Finding:
    """Why a figure over these closings is refused."""
    with pytest.raises(Refused) as error:
        compute([Ask(expression, code, 2025, 6, then=then)], closings)
    (finding,) = error.value.findings
    assert finding.id == "figures.closings-circular"
    return finding


@pytest.fixture(scope="module")
def mutual(close: Close) -> list[Closing]:
    """Two counties that list each other, and a province above one of them."""
    return [above(close, JIA), listing(close, JIA, YIXIAN), listing(close, YIXIAN, JIA)]


@pytest.mark.parametrize(
    "expression", ["revenue", "count danger in year", "rank(revenue)", "latest(residents)"]
)
@pytest.mark.parametrize("code", ["", PROVINCE[0], JIA[0], YIXIAN[0]])
def test_two_that_hold_each_other_are_refused_under_a_third_whatever_is_asked(
    mutual: list[Closing], expression: str, code: str
) -> None:
    finding = refused(mutual, expression, code)
    assert finding.message == MUTUAL
    assert finding.hint == "请核对各结账的单位隶属关系，改正后重新结账"
    assert finding.place == mutual[1].place


def test_those_in_the_circle_are_named_and_no_others(close: Close) -> None:
    closings = [
        above(close, JIA, YIXIAN, BING),
        listing(close, JIA, YIXIAN),
        listing(close, YIXIAN, BING),
        listing(close, BING, JIA),
        listing(close, ("990104", "丁县"), EAST),
    ]
    assert "甲县、乙县、丙县的结账互相" in refused(closings, "revenue").message
    assert "甲县、乙县、丙县的结账互相" in refused(closings[:4], "revenue").message
    assert compute([Ask("count danger")], [closings[0], *closings[2:]])[0].text == "0"


def test_a_closing_that_lists_the_unit_above_its_own_holds_nobody(close: Close) -> None:
    rows = [
        unit(*PROVINCE, "province", None, 1, 2),
        unit(*JIA, "county", PROVINCE[0], 2, 2),
    ]
    lower = books(close, *JIA, unit=rows, observation=[seen("revenue", 2025, 6, 3 * YI, unit=JIA[0])])
    assert compute([Ask("revenue", "", 2025, 6)], [above(close, JIA), lower])[0].text == "3.00"


# --- units that are nobody's own ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["", JIA[0], EAST[0]])
def test_units_that_closings_list_below_each_other_are_refused_by_name(close: Close, code: str) -> None:
    closings = [listing(close, JIA, EAST, WEST), listing(close, YIXIAN, WEST, EAST)]
    assert refused(closings, "revenue", code).message == TURNED
    assert refused([above(close, JIA), *closings], "revenue", code, then=True).message == TURNED


def test_a_nearer_closing_decides_how_units_lie_and_a_farther_one_may_see_it_otherwise(close: Close) -> None:
    told = [seen("revenue", 2025, 6, 4 * YI, unit=WEST[0])]
    closings = [
        listing(close, PROVINCE, JIA, WEST, EAST),
        listing(close, JIA, EAST, WEST, observation=told),
    ]
    assert compute([Ask("revenue", "", 2025, 6)], closings)[0].text == "4.00"


def test_units_that_lay_below_each_other_are_refused_on_the_way_to_a_past_by_todays_boundaries(
    close: Close,
) -> None:
    def moved(own: Unit, first: Unit, second: Unit) -> Closing:
        rows = [
            unit(*own, "county", None, 1, 4),
            unit(*first, "township", own[0], 2, 3),
            unit(*second, "township", first[0], 3, 3),
            unit(*VILLAGE, "village", own[0], 4, 4),
        ]
        lay = [(VILLAGE[0], second[0], FOUNDED, BEFORE)]
        return books(close, *own, unit=rows, unit_place=lay)

    closings = [moved(JIA, EAST, WEST), moved(YIXIAN, WEST, EAST)]
    assert refused(closings, "revenue", EAST[0]).message == TURNED


# --- every way in ------------------------------------------------------------------------------------------------------


def test_the_auditors_command_and_a_roll_refuse_them_too(
    mutual: list[Closing], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["revenue", *(str(each.path) for each in mutual)]) == 2
    assert MUTUAL in capsys.readouterr().err
    with pytest.raises(Refused, match=MUTUAL):
        roll([Ask("revenue")], mutual)


@given(
    st.integers(1, 6).flatmap(
        lambda many: st.lists(st.sets(st.integers(0, many - 1)), min_size=many, max_size=many)
    )
)
def test_a_circle_is_found_exactly_where_something_lies_below_itself(below: list[set[int]]) -> None:
    edges = {str(place): {str(each) for each in under} for place, under in enumerate(below)}
    reached = {code: set(under) for code, under in edges.items()}
    for _ in edges:
        reached = {code: under.union(*(reached[each] for each in under)) for code, under in reached.items()}
    around = {code for code, under in reached.items() if code in under}
    found = circle(edges)
    assert bool(found) == bool(around)
    assert all(set(found) <= reached[code] for code in found)
    assert found == sorted(set(found))
