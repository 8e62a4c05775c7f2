"""Scoring of targets: each formula by its laws, ranks with ties, grades with quotas, and one scheme over one closing."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.figures.closing import Closing, Relation, write_closing
from shuzhi.figures.judging.formulas import (
    by_rank,
    counted,
    down,
    grades,
    growth,
    growth_ratio,
    inside,
    milestones,
    ranks,
    up,
)
from shuzhi.figures.judging.scoring import Score, Sheet, score
from shuzhi.kernel.catalogue.load import load_texts
from shuzhi.kernel.catalogue.schemes import Grade
from tests.figures.county import COLUMNS, UNITS, texts

parts = st.fractions(min_value=-3, max_value=3, max_denominator=1000)
positive = st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000)
Part = Callable[[Fraction, Fraction], Fraction | None]


def k_form(actual: Fraction, target: Fraction) -> Fraction:
    return growth(actual, target, Fraction(1, 10))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (up(Fraction(80), Fraction(100)), "4/5"),
        (up(Fraction(130), Fraction(100)), "1"),
        (up(Fraction(130), Fraction(100), Fraction(6, 5)), "6/5"),
        (up(Fraction(-5), Fraction(100)), "0"),
        (up(Fraction(5), Fraction(0)), None),
        (growth(Fraction(45, 1000), Fraction(55, 1000), Fraction(1, 5)), "4/5"),
        (growth(Fraction(-5, 100), Fraction(5, 100), Fraction(1, 5)), "0"),
        (growth(Fraction(9, 100), Fraction(5, 100), Fraction(1, 5)), "1"),
        (growth_ratio(Fraction(3, 100), Fraction(6, 100)), "1/2"),
        (growth_ratio(Fraction(-3, 100), Fraction(6, 100)), "0"),
        (down(Fraction(8), Fraction(10)), "1"),
        (down(Fraction(12), Fraction(10)), "4/5"),
        (down(Fraction(21), Fraction(10)), "0"),
        (down(Fraction(0), Fraction(0)), "1"),
        (down(Fraction(1), Fraction(0)), "0"),
        (inside(Fraction(97), Fraction(95), Fraction(100), Fraction(10), Fraction(0)), "1"),
        (inside(Fraction(90), Fraction(95), Fraction(100), Fraction(10), Fraction(0)), "1/2"),
        (inside(Fraction(140), Fraction(95), Fraction(100), Fraction(10), Fraction(1, 5)), "1/5"),
        (inside(Fraction(94), Fraction(95), Fraction(100), Fraction(0), Fraction(0)), "0"),
        (milestones(Fraction(3), Fraction(4)), "3/4"),
        (milestones(Fraction(5), Fraction(4)), "1"),
        (milestones(Fraction(0), Fraction(0)), None),
        (by_rank(Fraction(2), [Fraction(10), Fraction(8)]), "8"),
        (by_rank(Fraction(3), [Fraction(10), Fraction(8)]), "0"),
        (counted(Fraction(3), Fraction(1, 2), Fraction(1)), "1"),
        (counted(Fraction(1), Fraction(1, 2), Fraction(1)), "1/2"),
    ],
)
def test_worked_examples(found: Fraction | None, expected: str | None) -> None:
    assert found == (None if expected is None else Fraction(expected))


@pytest.mark.parametrize("part", [up, growth_ratio, down, k_form])
@given(actual=parts, more=positive, target=positive)
def test_every_part_lies_between_nothing_and_all_and_moves_one_way(
    part: Part, actual: Fraction, more: Fraction, target: Fraction
) -> None:
    here, there = part(actual, target), part(actual + more, target)
    assert here is not None
    assert there is not None
    assert 0 <= here <= 1
    assert (there <= here) if part is down else (there >= here)


@pytest.mark.parametrize("part", [up, growth_ratio, down])
@given(actual=parts, target=positive, unit=positive)
def test_ratios_do_not_depend_on_the_unit(
    part: Part, actual: Fraction, target: Fraction, unit: Fraction
) -> None:
    assert part(actual, target) == part(actual * unit, target * unit)


@given(parts, parts, positive, positive, st.fractions(min_value=0, max_value=1))
def test_a_range_is_full_inside_and_never_below_its_floor(
    actual: Fraction, low: Fraction, width: Fraction, reach: Fraction, floor: Fraction
) -> None:
    found = inside(actual, low, low + width, reach, floor)
    assert floor <= found <= 1
    assert (found == 1) == (low <= actual <= low + width) or floor == 1


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 5).map(Fraction), min_size=1))
def test_equals_share_a_rank_and_the_next_is_skipped(values: dict[str, Fraction]) -> None:
    places = ranks(values, better="up")
    assert min(places.values()) == 1
    for key, place in places.items():
        assert place == 1 + sum(other > values[key] for other in values.values())
        assert all((places[other] == place) == (values[other] == values[key]) for other in values)
    reverse = ranks({key: -value for key, value in values.items()}, better="down")
    assert reverse == places


GRADES = (Grade("优秀", "90", "30"), Grade("良好", "80", "40"), Grade("一般", "0"))


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([95, 94, 93, 85, 70, 60], "优良良一一一"),  # 30 % of six is one, 40 % is two
        ([95, 95, 85, 70, 60, 50, 40], "优优良一一一一"),
        ([95, 95, 95, 70, 60, 50, 40], "一一一一一一一"),  # neither grade has room for three who are equal
        ([70, 60], "一一"),
        ([], ""),
    ],
)
def test_grades_by_score_and_quota(scores: list[int], expected: str) -> None:
    given_ = grades(GRADES, [(str(at), Fraction(value), "") for at, value in enumerate(scores)])
    assert "".join(given_[str(at)][0] for at in range(len(scores))) == expected


def test_a_veto_leaves_no_better_grade_and_takes_no_quota() -> None:
    found = grades(
        GRADES,
        [
            ("甲", Fraction(99), "一般"),
            ("乙", Fraction(95), ""),
            ("丙", Fraction(20), ""),
            ("丁", Fraction(10), ""),
        ],
    )
    assert found == {"甲": "一般", "乙": "优秀", "丙": "一般", "丁": "一般"}


@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from(["", "一般", "良好"])), max_size=30))
def test_no_quota_is_exceeded_and_equals_are_graded_alike(scores: list[tuple[int, str]]) -> None:
    given_ = grades(GRADES, [(str(at), Fraction(value), cap) for at, (value, cap) in enumerate(scores)])
    for grade in GRADES[:2]:
        held = sum(name == grade.name for name in given_.values())
        assert held <= len(scores) * int(grade.quota) // 100
    for at, (value, cap) in enumerate(scores):
        for other, (also, its) in enumerate(scores):
            if (value, cap) == (also, its) == (value, ""):
                assert given_[str(at)] == given_[str(other)]


# --- a scheme over a closing ---------------------------------------------------------------------------------------------

SCHEME = """
[[scheme]]
code = "towns"
label = "镇考核"
year = 2025
of = "township"
basis = [{ law = "本地办法", local = true }]
bonus_limit = "2"
deduct_limit = "5"
grades = [{ name = "优秀", since = "60", quota = "50" }, { name = "一般", since = "0" }]
[[scheme.items]]
code = "income"
label = "收入"
formula = "up"
weight = "40"
actual = "revenue"
target = "target(revenue)"
[[scheme.items]]
code = "dangers"
label = "隐患控制"
formula = "down"
weight = "20"
actual = "danger.listed"
target = "1"
[[scheme.items]]
code = "place"
label = "收入位次"
formula = "rank"
weight = "20"
actual = "revenue"
points = ["20", "10"]
[[scheme.items]]
code = "closing"
label = "销号"
formula = "milestone"
weight = "20"
actual = "count danger where stage = '销号' in year"
target = "count danger in year"
[[scheme.items]]
code = "false"
label = "虚报"
formula = "deduct"
actual = "count danger where cost > 100万元 in year"
each = "3"
limit = "6"
voids = ["place"]
[[scheme.items]]
code = "veto"
label = "否决"
formula = "veto"
actual = "count danger where level = '市级' in year"
grade = "一般"
authority = "本地办法第八条"
[[scheme.items]]
code = "more"
label = "加分"
formula = "bonus"
actual = "count danger in year where seen"
each = "3"
limit = "9"
"""
Row = tuple[str, str, int, int, str, str, int, int | None, str]


def seen(unit: str, role: str, value: int) -> Row:
    """A vintage of revenue in 亿元."""
    return ("revenue", unit, 2025, 12, role, "", 1, value * 10**10, "")


def closed(folder: Path, observed: list[Row], dangers: list[dict[str, object]]) -> Closing:
    """A closing of the small county under the scheme."""
    loaded = load_texts({**texts(), "scoring.toml": SCHEME})
    assert not loaded.errors, "\n".join(map(str, loaded.errors))
    rows = []
    for number, cells in enumerate(dangers, 1):
        known = {
            "ref": f"matter/2025-{number:04d}",
            "number": str(number),
            "title": "一处",
            "opened": date(2025, 3, 1),
        }
        rows.append(tuple({**known, **cells}.get(column.name) for column in COLUMNS["danger"]))
    relations = [
        Relation("unit", COLUMNS["unit"], UNITS),
        Relation("observation", COLUMNS["observation"], observed),
        Relation("danger", COLUMNS["danger"], rows),  # type: ignore[arg-type]
    ]
    return write_closing(
        folder,
        unit_code="990100",
        unit_name="明澜县",
        as_of=date(2025, 12, 31),
        catalogue=loaded.catalogue,
        relations=relations,
    )


def by_unit(sheet: Sheet) -> dict[str, Score]:
    return {item.unit: item for item in sheet.scores}


def test_a_scheme_over_a_closing(tmp_path: Path) -> None:
    observed = [seen("990101", "actual", 3), seen("990101", "target", 4), seen("990102", "actual", 2)]
    dangers: list[dict[str, object]] = [
        {"unit": "990101", "stage": "销号", "seen": True},
        {"unit": "990101", "stage": "排查", "cost": 101 * 10**6},
        {"unit": "990102", "stage": "排查", "level": "市级"},
    ]
    closing = closed(tmp_path, observed, dangers)
    sheet = score(closing.catalogue.schemes["towns"], closing)
    one, two = by_unit(sheet)["990101"], by_unit(sheet)["990102"]
    # 3/4 × 40; 2 − 2/1 = 0; first place struck by false data; 1/2 × 20; −3; bonus 3 held at 2
    assert [mark.score for mark in one.marks] == [30, 0, 0, 10, 3, 0, 3]
    assert [one.points, one.bonus, one.deduction, one.total] == [40, 2, 3, 39]
    # no target: 未报, its weight apart; one danger as allowed; second place; 0 of 1 closed
    assert [mark.score for mark in two.marks] == [None, 20, 10, 0, 0, 0, 0]
    assert [two.total, two.missing] == [30, 40]
    assert (two.capped, two.grade) == ("一般", "一般")
    assert (one.rank, two.rank) == (1, 2)
    assert "没有下达" in two.marks[0].why
    assert two.marks[0].as_json()["state"] == "未报"


def test_the_same_books_give_the_same_sheet_and_another_parameter_another(tmp_path: Path) -> None:
    first = closed(tmp_path / "a", [seen("990101", "actual", 3)], [])
    again = closed(tmp_path / "b", [seen("990101", "actual", 3)], [])
    sheets = [score(item.catalogue.schemes["towns"], item) for item in (first, again)]
    assert sheets[0].id == sheets[1].id
    scheme = first.catalogue.schemes["towns"]
    changed = load_texts({**texts(), "scoring.toml": SCHEME.replace('"40"', '"41"')}).catalogue.schemes[
        "towns"
    ]
    assert score(changed, first).parameters != score(scheme, first).parameters
    assert sheets[0].as_json()["closing"] == first.id


def test_one_unit_is_ranked_among_all(tmp_path: Path) -> None:
    closing = closed(tmp_path, [seen("990101", "actual", 3), seen("990102", "actual", 2)], [])
    (only,) = score(closing.catalogue.schemes["towns"], closing, ["990102"]).scores
    assert only.rank == 2


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('formula = "up"', 'formula = "best"', "catalogue.wrong-value"),
        ('weight = "40"', "", "catalogue.missing-key"),
        ('weight = "40"', 'weight = "vierzig"', "catalogue.wrong-value"),
        ('of = "township"', 'of = "moon"', "catalogue.wrong-value"),
        ('actual = "revenue"\ntarget', 'actual = "revenu"\ntarget', "catalogue.undefined-word"),
        ('voids = ["place"]', 'voids = ["plaice"]', "catalogue.undefined-word"),
        ('grade = "一般"', 'grade = "尚可"', "catalogue.undefined-word"),
        ('authority = "本地办法第八条"', "", "catalogue.no-basis"),
        ('code = "closing"', 'code = "place"', "catalogue.duplicate"),
    ],
)
def test_a_wrong_scheme_is_told_in_its_place(old: str, new: str, found: str) -> None:
    assert old in SCHEME
    loaded = load_texts({**texts(), "scoring.toml": SCHEME.replace(old, new, 1)})
    assert [finding.id for finding in loaded.errors] == [found]
    assert all("scoring.toml" in finding.place for finding in loaded.errors)


@pytest.mark.parametrize(
    "months",
    [
        '["1", "2"]',
        '["", "", "30", "", "", "20", "", "", "60", "", "", "100"]',
        '["", "", "30", "", "", "40", "", "", "60", "", "", "99"]',
    ],
)
def test_a_profile_rises_to_the_whole_year(months: str) -> None:
    text = f'[[profile]]\ncode = "P_X"\nlabel = "某类"\nmonths = {months}\nbasis = [{{ law = "本地", local = true }}]\n'
    loaded = load_texts({**texts(), "profiles.toml": text})
    assert [finding.id for finding in loaded.errors] == ["catalogue.wrong-value"]
