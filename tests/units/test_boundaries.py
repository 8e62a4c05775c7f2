"""Mergers, splits, moves and new names: history is told as things stand now, or as they stood then; nothing is lost."""

from datetime import date

import pytest

from shuzhi.books.verbs import close_books
from shuzhi.evidence.verify import verify
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.compute import compute
from shuzhi.figures.duck import by_rows, partials
from shuzhi.figures.leaves import Cut
from shuzhi.kernel.finding import Refused
from shuzhi.matters.verbs import open_matter
from shuzhi.units.models import Unit
from shuzhi.units.queries import find, history, path_of, subtree
from shuzhi.units.verbs import found_unit, merge_units, move_unit, rename_unit, split_unit
from tests.accounts import kind
from tests.cast import SINCE, Cast

MERGED = date(2025, 7, 1)
PAPER = "省民政厅批复〔2025〕12号"


def errand(unit: Unit, title: str, day: date) -> None:
    open_matter(kind("try_errand"), unit, title=title, opened=day, by=None, fields={"urgency": "急"})


def asked(expression: str, unit: str, year: int, *, then: bool = False, month: int = 12) -> Figure:
    closing = close_books(date(2025, 12, 31), by="system")
    return compute([Ask(expression, unit, year, month, then=then)], [closing])[0]


@pytest.fixture
def two_towns(cast: Cast) -> Cast:
    """清河镇 has three errands of 2024, 白石乡 two; 桃源村 of 清河镇 has one of its own among the three."""
    for number in range(2):
        errand(cast.town, f"清河{number}", date(2024, 5, 1))
        errand(cast.unit("990102"), f"白石{number}", date(2024, 5, 1))
    errand(cast.unit("990101002"), "桃源", date(2024, 6, 1))
    return cast


def test_after_a_merger_the_past_is_the_successors_as_of_now_and_their_own_as_of_then(
    two_towns: Cast,
) -> None:
    town, other = two_towns.town, Unit.objects.get(code="990102")
    merge_units([other], into=town, day=MERGED, document=PAPER, by="system")
    errand(town, "新清河", date(2025, 9, 1))
    count = "count try_errand in year"
    assert asked(count, "990101", 2024).text == "5"
    assert asked(count, "990101", 2024, then=True).text == "3"
    assert asked(count, "990102", 2024, then=True).text == "2"
    assert asked(count, "990101", 2025).text == "1"
    assert asked(count, "", 2024).text == "5"
    assert not list(verify())


def test_what_lay_under_the_merged_unit_moves_with_it_and_its_own_history_stays_with_it(
    two_towns: Cast,
) -> None:
    county = two_towns.county
    fresh = found_unit(
        code="990103", name="清桃镇", level="township", parent=county, since=MERGED, by="system"
    )
    merge_units([Unit.objects.get(code="990101")], into=fresh, day=MERGED, document=PAPER, by="system")
    assert "990101002" in subtree(fresh)
    assert asked("count try_errand in year", "990103", 2024).text == "3"
    assert asked("count try_errand in year", "990101002", 2024).text == "1"
    village = Unit.objects.get(code="990101002")
    assert [(str(day), said) for day, said in history(village)][1:] == [("2025-07-01", "由清河镇划归清桃镇")]


def test_a_split_gives_each_part_what_its_villages_reported_and_refuses_to_divide_the_rest(
    two_towns: Cast,
) -> None:
    town = Unit.objects.get(code="990101")
    for code, name in (("990104", "柳溪乡"), ("990105", "桃源乡")):
        found_unit(code=code, name=name, level="township", parent=two_towns.county, since=MERGED, by="system")
    parts = {"990104": [Unit.objects.get(code="990101001")], "990105": [Unit.objects.get(code="990101002")]}
    split_unit(town, parts=parts, day=MERGED, document=PAPER, by="system")
    before = asked("count try_errand in year", "990105", 2024)
    assert before.missing
    assert "由清河镇分设，此前的账没有分开，不能追溯" in before.reason
    assert asked("count try_errand in year", "990101", 2024, then=True).text == "3"
    assert asked("count try_errand in year", "990101002", 2024).text == "1"
    assert asked("count try_errand in year", "", 2024).text == "5"


def test_a_village_that_was_moved_takes_its_history_along_now_and_left_it_behind_then(
    two_towns: Cast,
) -> None:
    move_unit(
        Unit.objects.get(code="990101002"), parent=Unit.objects.get(code="990102"), day=MERGED, by="system"
    )
    assert asked("count try_errand in year", "990102", 2024).text == "3"
    assert asked("count try_errand in year", "990102", 2024, then=True).text == "2"
    assert asked("count try_errand in year", "990101", 2024).text == "2"


def test_a_figure_says_the_name_of_its_own_time_when_asked(two_towns: Cast) -> None:
    rename_unit(Unit.objects.get(code="990101"), name="清河街道", since=date(2025, 3, 1), by="system")
    assert asked("count try_errand in year", "990101", 2024).trace.context.startswith("清河街道")
    then = asked("count try_errand in year", "990101", 2024, then=True).trace.context
    assert then.startswith("清河镇，2024年，按当时区划")


def test_both_readers_answer_alike_on_old_boundaries(two_towns: Cast) -> None:
    merge_units(
        [Unit.objects.get(code="990102")], into=two_towns.town, day=MERGED, document=PAPER, by="system"
    )
    closing = close_books(date(2025, 12, 31), by="system")
    for then in (None, date(2024, 12, 31)):
        cut = Cut("count", None, "try_errand", unit="990101", then=then)
        assert partials([cut], closing)[cut] == by_rows(cut, closing)


@pytest.mark.parametrize(
    ("document", "day", "identity"),
    [
        ("", MERGED, "unit.undecided"),
        (PAPER, SINCE, "unit.end-day"),
    ],
)
def test_boundaries_change_only_by_a_decision_and_forward_in_time(
    cast: Cast, document: str, day: date, identity: str
) -> None:
    with pytest.raises(Refused) as refused:
        merge_units(
            [Unit.objects.get(code="990102")], into=cast.town, day=day, document=document, by="system"
        )
    assert refused.value.findings[0].id == identity
    assert Unit.objects.get(code="990102").until is None


def test_a_split_leaves_no_village_behind(cast: Cast) -> None:
    found_unit(code="990104", name="柳溪乡", level="township", parent=cast.county, since=MERGED, by="system")
    with pytest.raises(Refused) as refused:
        split_unit(
            Unit.objects.get(code="990101"),
            parts={"990104": [Unit.objects.get(code="990101001")]},
            day=MERGED,
            document=PAPER,
            by="system",
        )
    assert "990101002" in refused.value.findings[0].message


def test_a_unit_cannot_be_put_below_itself(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        move_unit(
            Unit.objects.get(code="990101"),
            parent=Unit.objects.get(code="990101001"),
            day=MERGED,
            by="system",
        )
    assert refused.value.findings[0].id == "unit.circle"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("qhz", "清河镇"),
        ("清河", "清河镇"),
        ("990101", "清河镇"),
        ("lxc", "柳溪村"),
        ("源村", "桃源村"),
        ("QHZ", "清河镇"),
    ],
)
def test_a_unit_is_found_by_initials_name_or_code(cast: Cast, text: str, first: str) -> None:
    assert find(text)[0].name == first


def test_a_unit_is_found_by_a_name_it_no_longer_bears(cast: Cast) -> None:
    rename_unit(Unit.objects.get(code="990101"), name="澄江街道", since=date(2025, 3, 1), by="system")
    assert [unit.code for unit in find("清河")] == ["990101"]
    assert [unit.code for unit in find("cjjd")] == ["990101"]


def test_a_unit_nothing_happened_to_was_founded_and_that_is_all(cast: Cast) -> None:
    assert history(Unit.objects.get(code="990101002")) == [(SINCE, "设立")]


def test_where_a_unit_lies_is_told_from_the_top(cast: Cast) -> None:
    assert path_of(Unit.objects.get(code="990101002")) == "清河镇 › 桃源村"
