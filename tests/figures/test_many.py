"""Many closings as one country: who tells of a unit, how means and totals add up, and what is read again."""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.many.reading import Read, Wanted, read_one
from shuzhi.figures.many.runs import Run, run_of, runs_of
from shuzhi.kernel.finding import Refused
from tests.figures.counties import forget
from tests.figures.county import YI, Close, seen
from tests.figures.province import (
    CITY,
    PROVINCE,
    Row,
    books,
    county_units,
    dangers,
    province_units,
    unit,
)

COUNTIES = ("990101", "990102", "990103")


def revenue(code: str, value: int | None, month: int = 11, **more: str) -> Row:
    return seen("revenue", 2025, month, None if value is None else value * YI, unit=code, **more)


def nested(close: Close, told: Sequence[Row] = (), counties: Sequence[str] = COUNTIES) -> list[Closing]:
    """A province that keeps books of its own over counties that do, too; the last county keeps none."""
    upper = books(
        close,
        *PROVINCE,
        unit=province_units(counties),
        danger=[*dangers(PROVINCE[0], 1), *dangers(counties[-1], 5)],
        observation=told,
    )
    lower = [
        books(
            close,
            code,
            f"{code}县",
            unit=county_units(code, (f"{code}01", f"{code}02")),
            danger=dangers(f"{code}01", number),
            observation=[revenue(f"{code}01", number), revenue(f"{code}02", 10 * number)],
        )
        for number, code in enumerate(counties[:-1], 2)
    ]
    return [upper, *lower]


def one(closings: Sequence[Closing], expression: str, unit: str = "", *, month: int = 12) -> Figure:
    return compute([Ask(expression, unit, 2025, month)], closings)[0]


# --- who tells of a unit ---------------------------------------------------------------------------------------------


def test_a_unit_of_one_closing_goes_on_in_the_closing_that_is_its_own(close: Close) -> None:
    closings = nested(close, [revenue(COUNTIES[2], 7)])
    assert one(closings, "revenue", month=11).text == "62.00"  # (2 + 20) + (3 + 30) + 7
    assert one(closings, "revenue", CITY[0], month=11).text == "62.00"
    assert one(closings, "revenue", COUNTIES[0], month=11).text == "22.00"
    assert one(closings, "revenue", f"{COUNTIES[0]}01", month=11).text == "2.00"


def test_rows_of_ledgers_of_different_closings_add_up(close: Close) -> None:
    closings = nested(close)
    assert one(closings, "count danger in year").text == "11"  # 1 + 5 in the province's books, 2 and 3 below
    assert one(closings, "count danger in year", CITY[0]).text == "10"
    assert one(closings, "count danger in year", COUNTIES[1]).text == "3"
    assert one(closings, "count danger in year", COUNTIES[2]).text == "5"
    assert len(one(closings, "count danger in year", CITY[0]).trace.closings) == 3


def test_a_unit_that_said_nothing_is_told_by_the_closing_above(close: Close) -> None:
    target = revenue(COUNTIES[0], 50, 12, role="target", status="")
    figure = one(nested(close, [target]), "target(revenue)", COUNTIES[0])
    assert (figure.text, figure.warnings) == ("50.00", ())


def test_the_nearest_telling_counts_and_two_that_differ_are_found(close: Close) -> None:
    closings = nested(close, [revenue(f"{COUNTIES[0]}", 99), revenue(COUNTIES[2], 7)])
    closings[1] = books(
        close,
        COUNTIES[0],
        "甲县",
        unit=county_units(COUNTIES[0], ()),
        observation=[revenue(COUNTIES[0], 22)],
    )
    figure = one(closings, "revenue", month=11)
    assert figure.text == "62.00"
    (warning,) = figure.warnings
    assert warning.id == "figures.told-twice"
    assert "22.00亿元" in warning.message
    assert "99.00亿元" in warning.message
    assert figure.as_json()["warnings"] == [warning.as_json()]
    assert one(closings, "revenue", COUNTIES[1], month=11).warnings == ()


def test_the_same_told_twice_is_no_finding(close: Close) -> None:
    closings = nested(close, [revenue(f"{COUNTIES[0]}01", 2), revenue(COUNTIES[2], 7)])
    assert one(closings, "revenue", month=11).warnings == ()


def test_towns_that_both_closings_hold_are_told_by_either(close: Close) -> None:
    code, town = COUNTIES[0], f"{COUNTIES[0]}01"
    tree = [
        unit(*PROVINCE, "province", None, 1, 3),
        unit(code, "甲县", "county", PROVINCE[0], 2, 3),
        unit(town, "东镇", "township", code, 3, 3),
    ]
    upper = books(close, *PROVINCE, unit=tree, observation=[revenue(town, 4)])
    lower = books(
        close,
        code,
        "甲县",
        unit=county_units(code, (town, f"{code}02")),
        observation=[revenue(f"{code}02", 1)],
    )
    assert one([upper, lower], "revenue", month=11).text == "5.00"


def test_whoever_has_not_reported_is_named_through_all_levels(close: Close) -> None:
    figure = one(nested(close), "revenue", CITY[0], month=11)
    assert figure.missing
    assert f"{COUNTIES[2]}县1个单位未报2025年11月一般公共预算收入" in figure.reason


def test_ranks_are_among_the_units_of_one_parent(close: Close) -> None:
    closings = nested(close, [revenue(COUNTIES[2], 30)])
    places = [one(closings, "rank(revenue)", code, month=11).text for code in COUNTIES]
    assert places == ["3", "1", "2"]


def test_closings_that_hold_each_other_are_refused(close: Close) -> None:
    def holding(own: str, other: str) -> Closing:
        rows = [unit(own, own, "county", None, 1, 2), unit(other, other, "county", own, 2, 2)]
        return books(close, own, own, unit=rows)

    with pytest.raises(Refused, match="互相把对方列为下级"):
        one([holding("990101", "990102"), holding("990102", "990101")], "revenue")


# --- merged and split ------------------------------------------------------------------------------------------------


def test_a_county_that_went_into_another_counts_there_now_and_by_itself_then(close: Close) -> None:
    upper = books(
        close,
        *PROVINCE,
        unit=province_units(COUNTIES[:2], merged={COUNTIES[1]: COUNTIES[0]}),
        unit_place=[(COUNTIES[1], CITY[0], date(2000, 1, 1), date(2025, 6, 30))],
        succession=[(COUNTIES[1], COUNTIES[0], date(2025, 7, 1), True, "批复")],
    )
    closings = [
        upper,
        *(
            books(close, code, f"{code}县", unit=county_units(code, ()), danger=dangers(code, number, 2024))
            for number, code in enumerate(COUNTIES[:2], 2)
        ),
    ]

    def asked(code: str, *, then: bool) -> str:
        return compute([Ask("count danger in year", code, 2024, then=then)], closings)[0].text

    assert asked(COUNTIES[0], then=False) == "5"
    assert asked(COUNTIES[0], then=True) == "2"
    assert asked(COUNTIES[1], then=True) == "3"
    assert asked(CITY[0], then=False) == asked(CITY[0], then=True) == asked("", then=True) == "5"


def test_what_a_county_reported_before_it_was_split_is_not_divided(close: Close) -> None:
    day = date(2025, 7, 1)
    rows = [
        unit(*PROVINCE, "province", None, 1, 3),
        unit(COUNTIES[0], "甲县", "county", PROVINCE[0], 2, 2, until=date(2025, 6, 30)),
        unit(COUNTIES[1], "乙县", "county", PROVINCE[0], 3, 3, since=day),
    ]
    upper = books(close, *PROVINCE, unit=rows, succession=[(COUNTIES[0], COUNTIES[1], day, False, "批复")])
    lower = books(
        close, COUNTIES[1], "乙县", unit=county_units(COUNTIES[1], ()), danger=dangers(COUNTIES[1], 2)
    )
    figure = compute([Ask("count danger in year", COUNTIES[1], 2024)], [upper, lower])[0]
    assert "由甲县分设" in figure.reason
    assert one([upper, lower], "count danger").text == "2"


# --- means -----------------------------------------------------------------------------------------------------------

reports = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**6)), min_size=1, max_size=8).filter(
    lambda pairs: any(weight for _, weight in pairs)
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=reports, seed=st.integers(0, 10**6))
def test_a_weighted_mean_is_the_same_however_units_are_nested(
    close: Close, pairs: list[tuple[int, int]], seed: int
) -> None:
    wanted = Fraction(sum(v * w for v, w in pairs), sum(w for _, w in pairs)) / 100
    for closings in nestings(close, pairs, random.Random(seed)):
        figure = one(closings, "income")
        assert figure.value == wanted, figure.reason


def nestings(close: Close, pairs: list[tuple[int, int]], chance: random.Random) -> Iterator[list[Closing]]:
    """The same reporters in one flat closing, in one of two levels, in many closings, and in closings below another."""
    codes = [f"9901{number:02d}" for number in range(len(pairs))]
    told = {
        code: [
            seen("income", 2025, 12, value, unit=code),
            seen("residents", 2025, 12, weight, unit=code),
        ]
        for code, (value, weight) in zip(codes, pairs, strict=True)
    }
    every = [row for rows in told.values() for row in rows]
    yield [books(close, *PROVINCE, unit=tree([codes]), observation=every)]
    half = chance.randint(0, len(codes))
    groups = [codes[:half], codes[half:]]
    yield [books(close, *PROVINCE, unit=tree(groups), observation=every)]
    alone = [
        books(close, code, code, unit=county_units(code, ()), observation=rows) for code, rows in told.items()
    ]
    chance.shuffle(alone)
    yield alone
    yield [books(close, *PROVINCE, unit=tree(groups)), *alone]


def tree(groups: list[list[str]]) -> list[Row]:
    """A province over cities (one group is right below it) over counties."""
    rows, number = [], 1
    several = [group for group in groups if group] if len(groups) > 1 else []
    for place, group in enumerate(several or groups):
        number += 1
        city = f"99{place:02d}"
        if several:
            rows.append(unit(city, city, "city", PROVINCE[0], number, number + len(group)))
        else:
            number -= 1
        for code in group:
            number += 1
            rows.append(unit(code, code, "county", city if several else PROVINCE[0], number, number))
    return [unit(*PROVINCE, "province", None, 1, number), *rows]


# --- runs, and what is read again ------------------------------------------------------------------------------------


def counties(close: Close, number: int) -> list[Closing]:
    """Small counties with a danger or two and a revenue each."""
    made = []
    for place in range(number):
        code = f"{110000 + place}"
        rows = [revenue(code, place % 5)]
        made.append(
            books(
                close,
                code,
                f"{code}县",
                unit=county_units(code, ()),
                danger=dangers(code, place % 3),
                observation=rows,
            )
        )
    return made


ASKED = (
    Ask("count danger in year", "", 2025),
    Ask("sum cost of danger in year per unit", "", 2025),
    Ask("distinct title of danger", "", 2025),
    Ask("revenue", "", 2025, 11),
    Ask("max cost of danger", "", 2025),
)


class Counting:
    """A reader of this process that remembers which closings it read."""

    def __init__(self) -> None:
        self.places: list[str] = []

    def __call__(self, wanted: Sequence[Wanted]) -> Iterator[Read]:
        for each in wanted:
            self.places.append(each.place)
            yield read_one(each)


@pytest.fixture(scope="module")
def many(close: Close) -> list[Closing]:
    return counties(close, 90)


def test_order_and_grouping_change_nothing_of_a_figure(many: list[Closing], tmp_path: Path) -> None:
    forget()
    figures = compute(ASKED, many)
    assert [figure.text for figure in figures] == ["90", "", "2", "180.00", "1.00"]
    for seed in range(3):
        shuffled = list(many)
        random.Random(seed).shuffle(shuffled)
        forget()
        assert compute(ASKED, shuffled, cache=tmp_path / str(seed)) == figures
        forget()
        assert compute(ASKED, shuffled, cache=tmp_path / str(seed)) == figures


def test_only_the_county_that_closed_again_is_read(many: list[Closing], close: Close, tmp_path: Path) -> None:
    first, second, third = Counting(), Counting(), Counting()
    forget()
    compute(ASKED, many, cache=tmp_path, reader=first)
    assert sorted(first.places) == sorted(closing.place for closing in many)
    forget()
    compute(ASKED, many, cache=tmp_path, reader=second)
    assert second.places == []
    code = many[40].unit_code
    again = books(
        close,
        code,
        f"{code}县",
        unit=county_units(code, ()),
        danger=dangers(code, 9),
        observation=[revenue(code, 9)],
    )
    replaced = [*many[:40], again, *many[41:]]
    forget()
    found = compute(ASKED, replaced, cache=tmp_path, reader=third)
    assert set(third.places) == {again.place}
    forget()
    assert found == compute(ASKED, replaced)


def test_a_county_more_changes_one_run(close: Close) -> None:
    more = counties(close, 300)
    runs, fewer = runs_of(more), runs_of([closing for closing in more if closing is not more[150]])
    assert len(runs) > 2
    assert [closing for run in runs for closing in run] == more
    codes = [{tuple(closing.unit_code for closing in run) for run in each} for each in (runs, fewer)]
    assert len(codes[0] - codes[1]) == 1


def lengths(run: Run) -> dict[tuple[str, ...], Run]:
    """All runs within a run, by the codes of their closings."""
    if not run.below:
        return {(run.closing.unit_code,): run}
    found: dict[tuple[str, ...], Run] = {}
    codes: tuple[str, ...] = ()
    for below in run.below:
        inner = lengths(below)
        found |= inner
        codes += max(inner, key=len)
    return {**found, codes: run}


def test_runs_within_runs_hold_every_closing_once_and_a_county_more_changes_few(close: Close) -> None:
    more = counties(close, 300)
    all_of, fewer = lengths(run_of(more)), lengths(run_of([*more[:150], *more[151:]]))
    assert max(all_of, key=len) == tuple(closing.unit_code for closing in more)
    assert len(all_of) > 300 + 30
    assert len(all_of.keys() - fewer.keys()) <= 12
    assert max(len(run.below) for run in all_of.values()) <= 32


steps = st.lists(
    st.tuples(st.integers(0, 29), st.none() | st.integers(0, 5), st.booleans()), min_size=1, max_size=4
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_whichever_county_closes_again_in_whatever_order_figures_are_those_of_no_memory(
    close: Close,
    many: list[Closing],
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[int, int | None, bool]],
) -> None:
    states, now = [many[:30]], {closing.unit_code: closing for closing in many[:30]}
    for place, count, redrawn in steps:
        code = many[place].unit_code
        now.pop(code, None)
        if count is not None:
            told = [revenue(code, count)] if count else []
            towns = (f"{code}01",) if redrawn else ()
            units = county_units(code, towns)
            now[code] = books(
                close, code, f"{code}县", unit=units, danger=dangers(code, count), observation=told
            )
        states.append(list(now.values()))
    folder = tmp_path_factory.mktemp("kept")
    forget()
    remembered = [compute(ASKED, state) for state in states]
    kept = []
    for state in states:
        forget()
        kept.append(compute(ASKED, state, cache=folder))
    for state, one, other in zip(states, remembered, kept, strict=True):
        forget()
        assert one == other == compute(ASKED, state)


def test_cached_figures_are_those_of_the_closings_given(many: list[Closing], tmp_path: Path) -> None:
    forget()
    all_of = compute(ASKED, many, cache=tmp_path)
    some = compute(ASKED, many[:70], cache=tmp_path)
    forget()
    assert some == compute(ASKED, many[:70])
    assert all_of != some


# --- one country, however it is cut into closings ----------------------------------------------------------------------

TOWNS = ("01", "02")
cells = st.none() | st.integers(0, 50) | st.just("silent")
country = st.fixed_dictionaries(
    {code + town: st.tuples(cells, st.integers(0, 3)) for code in COUNTIES for town in ("", *TOWNS)}
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=country, apart=st.sets(st.sampled_from(COUNTIES)), month=st.sampled_from([11, 12]))
def test_a_country_says_the_same_however_it_is_cut_into_closings(
    close: Close, told: dict[str, tuple[int | str | None, int]], apart: set[str], month: int
) -> None:
    closings = cut_up(close, told, apart)
    (whole,) = cut_up(close, told, set())
    asks = [
        Ask(expression, code, 2025, month)
        for expression in ("revenue", "count danger in year", "growth(revenue)", "rank(count danger)")
        for code in ("", CITY[0], *COUNTIES, *(code + town for code in COUNTIES for town in TOWNS))
    ]
    for one_of, cut in zip(compute(asks, [whole]), compute(asks, closings), strict=True):
        assert (cut.value, cut.status) == (one_of.value, one_of.status), (cut.ask, cut.reason, one_of.reason)
        assert [(leaf.rows, leaf.missing, leaf.total) for leaf in cut.trace.leaves] == [
            (leaf.rows, leaf.missing, leaf.total) for leaf in one_of.trace.leaves
        ]


def cut_up(close: Close, told: dict[str, tuple[int | str | None, int]], apart: set[str]) -> list[Closing]:
    """A city of counties of towns: some counties' towns are known to their own closings only."""
    upper: list[Row] = []
    number = 2
    for code in COUNTIES:
        towns = [] if code in apart else [code + town for town in TOWNS]
        number += 1
        upper.append(unit(code, f"{code}县", "county", CITY[0], number, number + len(towns)))
        for town in towns:
            number += 1
            upper.append(unit(town, f"{town}镇", "township", code, number, number))
    top = [unit(*PROVINCE, "province", None, 1, number), unit(*CITY, "city", PROVINCE[0], 2, number)]

    def said(codes: list[str]) -> dict[str, list[Row]]:
        seen_of = [
            revenue(code, value if isinstance(value, int) else None, month)
            for code in codes
            for value in (told[code][0],)
            if value != "silent"
            for month in (11, 12)
        ]
        return {
            "observation": seen_of,
            "danger": [row for code in codes for row in dangers(code, told[code][1])],
        }

    inner = [code for code in told if code[:6] not in apart]
    closings = [books(close, PROVINCE[0], PROVINCE[1], unit=[*top, *upper], **said(inner))]
    for code in sorted(apart):
        towns = [code + town for town in TOWNS]
        closings.append(
            books(close, code, f"{code}县", unit=county_units(code, towns), **said([code, *towns]))
        )
    return closings
