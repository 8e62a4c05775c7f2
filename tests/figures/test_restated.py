"""Mergers, splits and towns that changed counties: what was reported before, by today's boundaries and by those of the time."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from tests.figures.county import YI, Close, seen
from tests.figures.land import (
    BAIDU,
    BEFORE,
    CITY,
    CODES,
    DAY,
    FOUNDED,
    NAMES,
    QINGSHI,
    SHAXI,
    TOWNS,
    Land,
    Steps,
    changes,
    redrawn,
)
from tests.figures.province import Row, books, county_units, dangers, unit


def said(code: str, value: int | None, year: int = 2024, month: int = 12, **more: str) -> Row:
    """A revenue in hundred millions."""
    return seen("revenue", year, month, None if value is None else value * YI, unit=code, **more)


def ask(
    closings: Closing | Sequence[Closing],
    expression: str,
    code: str = "",
    year: int = 2024,
    month: int = 12,
    *,
    then: bool = False,
) -> Figure:
    """One figure."""
    given_ = [closings] if isinstance(closings, Closing) else closings
    return compute([Ask(expression, code, year, month, then=then)], given_)[0]


@pytest.fixture
def merged() -> Land:
    """白渡县 went into 青石县 on 1 July 2025."""
    land = Land({QINGSHI: [], BAIDU: [], SHAXI: []})
    land.merge(BAIDU, QINGSHI)
    return land


# --- mergers ---------------------------------------------------------------------------------------------------------


def test_a_successors_past_holds_its_predecessors(close: Close, merged: Land) -> None:
    closing = merged.close(close, [said(QINGSHI, 10), said(BAIDU, 4), said(SHAXI, 1)])
    figure = ask(closing, "revenue", QINGSHI)
    assert figure.text == "14.00"
    (leaf,) = figure.trace.leaves
    assert "（含2025年7月1日并入的白渡县）" in leaf.text
    assert [ref.split("/")[2] for ref in leaf.refs] == [QINGSHI, BAIDU]
    assert ask(closing, "revenue", QINGSHI, then=True).text == "10.00"
    assert ask(closing, "revenue").text == "15.00"


def test_a_predecessors_own_past_stays_its_own(close: Close, merged: Land) -> None:
    closing = merged.close(close, [said(QINGSHI, 10), said(BAIDU, 4)])
    assert ask(closing, "revenue", BAIDU, then=True).text == ask(closing, "revenue", BAIDU).text == "4.00"


def test_growth_compares_like_with_like(close: Close, merged: Land) -> None:
    told = [said(QINGSHI, 10, 2024, 9), said(BAIDU, 5, 2024, 9), said(QINGSHI, 18, 2025, 9)]
    closing = merged.close(close, told)
    assert ask(closing, "growth(revenue)", QINGSHI, 2025, 9).text == "20.0"
    assert ask(closing, "growth(revenue)", QINGSHI, 2025, 9, then=True).text == "80.0"


def test_whoever_is_lacking_is_named(close: Close, merged: Land) -> None:
    figure = ask(merged.close(close, [said(QINGSHI, 10)]), "revenue", QINGSHI)
    assert figure.missing
    assert figure.reason.startswith("青石县含2025年7月1日并入的白渡县，白渡县1个单位未报2024年12月")
    silent = ask(merged.close(close, []), "revenue", QINGSHI)
    assert "未报2024年12月一般公共预算收入" in silent.reason


def test_a_value_said_to_be_missing_is_no_zero(close: Close, merged: Land) -> None:
    figure = ask(merged.close(close, [said(QINGSHI, 10), said(BAIDU, None)]), "revenue", QINGSHI)
    assert figure.missing
    assert "白渡县" in figure.reason


def test_in_the_year_of_the_merger_the_successors_word_stands_from_that_day_on(
    close: Close, merged: Land
) -> None:
    told = [said(QINGSHI, 5, 2025, 6), said(BAIDU, 2, 2025, 6), said(QINGSHI, 8, 2025, 7)]
    closing = merged.close(close, told)
    assert ask(closing, "revenue", QINGSHI, 2025, 6).text == "7.00"
    assert ask(closing, "revenue", QINGSHI, 2025, 7).text == "8.00"
    assert ask(closing, "revenue", QINGSHI, 2025, 6, then=True).text == "5.00"


@pytest.mark.parametrize("role", ["target", "forecast"])
def test_targets_and_forecasts_of_earlier_years_are_put_together(
    close: Close, merged: Land, role: str
) -> None:
    told = [said(QINGSHI, 10, role=role, status=""), said(BAIDU, 4, role=role, status="")]
    closing = merged.close(close, told)
    assert ask(closing, f"{role}(revenue)", QINGSHI).text == "14.00"
    assert ask(closing, f"{role}(revenue)", QINGSHI, then=True).text == "10.00"


def test_the_latest_is_put_together_by_the_day_it_is_of(close: Close, merged: Land) -> None:
    told = [
        seen("residents", 2024, 12, 70_000, unit=QINGSHI),
        seen("residents", 2024, 12, 30_000, unit=BAIDU),
    ]
    closing = merged.close(close, told)
    assert ask(closing, "latest(residents)", QINGSHI, 2025, 9).value == 10
    assert ask(closing, "latest(residents)", QINGSHI, 2025, 9, then=True).value == 7
    again = merged.close(close, [*told, seen("residents", 2025, 12, 99_000, unit=QINGSHI)])
    assert ask(again, "latest(residents)", QINGSHI, 2025).text == "9.90"


def test_a_mean_is_put_together_as_two_sums(close: Close, merged: Land) -> None:
    told = [
        seen("income", 2024, 12, 3_000_000, unit=QINGSHI),
        seen("income", 2024, 12, 2_000_000, unit=BAIDU),
        seen("residents", 2024, 12, 300, unit=QINGSHI),
        seen("residents", 2024, 12, 100, unit=BAIDU),
    ]
    assert ask(merged.close(close, told), "income", QINGSHI).value == 27_500
    unweighed = ask(merged.close(close, told[:3]), "income", QINGSHI)
    assert unweighed.missing
    assert "白渡县" in unweighed.reason


def test_what_does_not_add_up_is_refused_with_the_reason(close: Close, merged: Land) -> None:
    told = [seen("output_growth", 2024, 12, 50_000, unit=QINGSHI)]
    closing = merged.close(close, told)
    figure = ask(closing, "output_growth", QINGSHI)
    assert "不能由各单位的数加减得出" in figure.reason
    assert "可按当时区划计算" in figure.reason
    assert ask(closing, "output_growth", QINGSHI, then=True).text == "5.0"


def test_two_counties_that_became_a_new_one_are_its_past(close: Close) -> None:
    land = Land({QINGSHI: [], BAIDU: []})
    land.found(SHAXI, DAY)
    land.merge(QINGSHI, SHAXI)
    land.merge(BAIDU, SHAXI)
    told = [said(QINGSHI, 10), said(BAIDU, 4)]
    assert ask(land.close(close, told), "revenue", SHAXI).text == "14.00"
    itself = land.close(close, [*told, said(SHAXI, 13)])
    assert ask(itself, "revenue", SHAXI).text == "13.00"  # its own word on a time before it means it as it is
    assert ask(itself, "revenue").text == "14.00"


def test_mergers_follow_one_another(close: Close) -> None:
    land = Land({QINGSHI: ["99010101"], BAIDU: ["99010201"], SHAXI: []})
    land.merge(BAIDU, SHAXI, date(2024, 7, 1))
    land.merge(SHAXI, QINGSHI, DAY)
    told = [
        *(said(QINGSHI, value, 2024, month) for month, value in ((3, 100), (9, 110))),
        *(said(SHAXI, value, 2024, month) for month, value in ((3, 10), (9, 12))),
        said("99010201", 1, 2024, 3),
    ]
    closing = land.close(close, told)
    assert ask(closing, "revenue", QINGSHI, 2024, 3).text == "111.00"
    assert ask(closing, "revenue", QINGSHI, 2024, 9).text == "122.00"
    assert "2024年7月1日并入的白渡县" in ask(closing, "revenue", QINGSHI, 2024, 3).trace.leaves[0].text
    assert ask(closing, "revenue", month=3).text == "111.00"


def test_the_towns_of_a_predecessor_are_counted_once(close: Close) -> None:
    land = Land({QINGSHI: ["99010101"], BAIDU: ["99010201", "99010202"]})
    land.merge(BAIDU, QINGSHI)
    towns = [said("99010101", 10), said("99010201", 3), said("99010202", 2)]
    for told in (towns, [*towns, said(BAIDU, 5)], [*towns, said(QINGSHI, 10)]):
        closing = land.close(close, told)
        assert ask(closing, "revenue", QINGSHI).text == ask(closing, "revenue").text == "15.00"


# --- splits ----------------------------------------------------------------------------------------------------------


def test_the_past_of_a_county_that_was_split_belongs_to_none_but_their_sum(close: Close) -> None:
    land = Land({QINGSHI: ["99010101", "99010102"]})
    land.found(BAIDU, DAY)
    land.found(SHAXI, DAY)
    land.split(QINGSHI, {BAIDU: ["99010101"], SHAXI: ["99010102"]})
    closing = land.close(close, [said(QINGSHI, 10)])
    for code in (BAIDU, SHAXI):
        assert f"{NAMES[code]}2025-07-01由青石县分设" in ask(closing, "revenue", code).reason
    assert ask(closing, "revenue").text == "10.00"
    assert ask(closing, "revenue", QINGSHI, then=True).text == "10.00"
    towns = land.close(close, [said("99010101", 6), said("99010102", 4), said(QINGSHI, 11)])
    assert ask(towns, "revenue", BAIDU).missing  # as of ledgers: it is not pieced together from below
    assert ask(towns, "revenue", "99010101").text == "6.00"
    assert ask(towns, "revenue").text == "11.00"


def test_a_county_that_took_an_unknown_part_of_another_has_no_comparable_past(close: Close) -> None:
    land = Land({QINGSHI: [], BAIDU: [], SHAXI: []})
    land.split(QINGSHI, {BAIDU: [], SHAXI: []})
    closing = land.close(close, [said(QINGSHI, 10), said(BAIDU, 4), said(SHAXI, 1)])
    assert "由青石县分设" in ask(closing, "revenue", BAIDU).reason
    assert ask(closing, "revenue", BAIDU, then=True).text == "4.00"
    assert ask(closing, "revenue").text == "15.00"


# --- towns that changed counties ---------------------------------------------------------------------------------------


@pytest.fixture
def moved() -> Land:
    """A town of 白渡县 went over to 青石县."""
    land = Land({QINGSHI: ["99010101"], BAIDU: ["99010201", "99010202"]})
    land.move("99010201", QINGSHI)
    return land


def test_a_town_takes_its_past_along(close: Close, moved: Land) -> None:
    closing = moved.close(close, [said(QINGSHI, 10), said(BAIDU, 7), said("99010201", 3)])
    assert [ask(closing, "revenue", code).text for code in (QINGSHI, BAIDU, CITY)] == [
        "13.00",
        "4.00",
        "17.00",
    ]
    assert "不含2025年7月1日划出的99010201镇" in ask(closing, "revenue", BAIDU).trace.leaves[0].text
    assert [ask(closing, "revenue", code, then=True).text for code in (QINGSHI, BAIDU)] == ["10.00", "7.00"]


def test_a_town_that_said_nothing_leaves_both_counties_without_a_comparable_past(
    close: Close, moved: Land
) -> None:
    closing = moved.close(close, [said(QINGSHI, 10), said(BAIDU, 7)])
    for code in (QINGSHI, BAIDU):
        assert "99010201镇1个单位未报" in ask(closing, "revenue", code).reason
    assert ask(closing, "revenue").text == "17.00"


def test_where_a_county_said_nothing_the_towns_that_stayed_tell(close: Close, moved: Land) -> None:
    closing = moved.close(close, [said("99010202", 4), said("99010101", 10)])
    assert ask(closing, "revenue", BAIDU).text == "4.00"
    assert "99010201镇" in ask(closing, "revenue", QINGSHI).reason


# --- many closings -------------------------------------------------------------------------------------------------------


def test_a_predecessor_may_have_books_of_its_own(close: Close, merged: Land) -> None:
    upper = merged.close(
        close, [said(QINGSHI, 20, role="target", status=""), said(BAIDU, 5, role="target", status="")]
    )
    lower = [
        books(
            close,
            code,
            NAMES[code],
            unit=county_units(code, (f"{code}01",)),
            observation=[said(f"{code}01", value)],
        )
        for code, value in ((QINGSHI, 10), (BAIDU, 4), (SHAXI, 1))
    ]
    closings = [upper, *lower]
    assert ask(closings, "revenue", QINGSHI).text == "14.00"
    assert ask(closings, "revenue", QINGSHI, then=True).text == "10.00"
    assert ask(closings, "revenue", BAIDU, then=True).text == "4.00"
    assert ask(closings, "revenue").text == ask(closings, "revenue", then=True).text == "15.00"
    assert ask(closings, "completion(revenue)", QINGSHI).text == "56.0"
    assert "含2025年7月1日并入的990102县" in ask(closings, "revenue", QINGSHI).trace.leaves[0].text


def test_the_books_of_the_successor_alone_may_tell_of_the_merger(close: Close) -> None:
    land = Land({QINGSHI: [], BAIDU: []})
    land.merge(BAIDU, QINGSHI)
    rows = [
        unit(QINGSHI, "青石县", "county", None, 1, 2, since=FOUNDED),
        unit(BAIDU, "白渡县", "county", QINGSHI, 2, 2, since=FOUNDED, until=BEFORE),
    ]
    told: dict[str, Sequence[Row]] = {
        "unit": rows,
        "unit_place": land.places,
        "succession": land.steps,
        "observation": [said(QINGSHI, 10)],
    }
    own = books(close, QINGSHI, "青石县", **told)
    other = books(close, BAIDU, "白渡县", unit=county_units(BAIDU, ()), observation=[said(BAIDU, 4)])
    assert ask([own, other], "revenue", QINGSHI).text == "14.00"
    assert ask([own, other], "revenue").text == "14.00"


# --- laws ----------------------------------------------------------------------------------------------------------------

values = st.none() | st.just("silent") | st.integers(0, 50)

QUIET = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(steps=changes, told=st.fixed_dictionaries(dict.fromkeys(CODES, values)))
def test_the_whole_is_never_changed_by_what_is_redrawn_inside_it(
    close: Close, steps: Steps, told: Mapping[str, int | str | None]
) -> None:
    rows = [
        said(code, value if isinstance(value, int) else None)
        for code, value in told.items()
        if value != "silent"
    ]
    land = redrawn(steps)
    before, after = redrawn([]).close(close, rows), land.close(close, rows)
    whole = ask(before, "revenue").value
    assert ask(after, "revenue").value == whole == ask(after, "revenue", then=True).value
    living = [code for code, above in land.parent.items() if above == CITY and code not in land.until]
    parts = [part for code in living if (part := ask(after, "revenue", code).value) is not None]
    if whole is not None and len(parts) == len(living):
        assert sum(parts) == whole


@QUIET
@given(steps=changes, counts=st.fixed_dictionaries(dict.fromkeys(CODES[3:], st.integers(0, 3))))
def test_observations_follow_the_boundaries_as_rows_of_ledgers_do(
    close: Close, steps: Steps, counts: Mapping[str, int]
) -> None:
    land = redrawn(steps)
    rows = [row for code, many in counts.items() for row in dangers(code, many, 2024)]
    closing = land.close(close, [said(code, many) for code, many in counts.items()], danger=rows)
    for code in (CITY, *(code for code in TOWNS if code not in land.until)):
        for then in (False, True):
            observed = ask(closing, "revenue", code, then=then)
            rows_of_it = ask(closing, "count danger in year", code, then=then)
            assert observed.missing or observed.value == rows_of_it.value
