"""Units, posts and rights: what a person may do comes from the posts held on the day, by the tree and by duty."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.kernel.finding import Refused
from shuzhi.units.models import Unit, UnitName
from shuzhi.units.queries import acting_post, domain, may, posts_of, subtree
from shuzhi.units.relation import intervals
from shuzhi.units.verbs import appoint, create_post, found_unit, relieve, rename_unit
from tests.cast import SINCE, Cast

DAY = date(2025, 6, 3)

# who, duty, on which unit, whether it may
RIGHTS = (
    ("statistician", "statistics", "990100", True),
    ("statistician", "statistics", "990101001", True),
    ("statistician", "treasury", "990100", False),
    ("town_filler", "fill", "990101", True),
    ("town_filler", "fill", "990101002", True),
    ("town_filler", "fill", "990102", False),
    ("town_filler", "fill", "990100", False),
    ("town_head", "lead", "990101001", True),
    ("head", "lead", "990102", True),
    ("head", "fill", "990102", False),
)


@pytest.mark.parametrize(("who", "duty", "where", "lawful"), RIGHTS)
def test_a_right_reaches_down_the_tree_and_never_up_or_across(
    cast: Cast, who: str, duty: str, where: str, lawful: bool
) -> None:
    assert may(cast.user(who), duties=[duty], unit=cast.unit(where), day=DAY) is lawful


def test_a_right_taken_away_is_gone_the_next_day(cast: Cast) -> None:
    user = cast.user("town_filler")
    relieve(user.appointments.get(), until=DAY, by="system")
    assert may(user, duties=["fill"], unit=cast.town, day=DAY)
    assert not may(user, duties=["fill"], unit=cast.town, day=DAY + timedelta(1))
    assert list(posts_of(user, DAY + timedelta(1))) == []


def test_a_log_in_that_was_closed_may_do_nothing(cast: Cast) -> None:
    user = cast.user("statistician")
    user.is_active = False
    assert not may(user, duties=["statistics"], unit=cast.county, day=DAY)


def test_the_nearest_post_acts(cast: Cast) -> None:
    post = create_post(
        code="990101-2", unit=cast.town, title="清河镇统计员", duties=["statistics"], since=SINCE, by="system"
    )
    appoint(post, cast.user("statistician"), since=SINCE, by="system")
    near = acting_post(cast.user("statistician"), duties=["statistics"], unit=cast.unit("990101001"), day=DAY)
    far = acting_post(cast.user("statistician"), duties=["statistics"], unit=cast.unit("990102"), day=DAY)
    assert near == post
    assert far == cast.post("statistician")


def test_a_person_looks_into_the_units_of_the_posts_and_below(cast: Cast) -> None:
    assert domain(cast.user("town_filler"), DAY) == {"990101", "990101001", "990101002"}


def test_a_renamed_unit_keeps_its_old_name_for_its_time(cast: Cast) -> None:
    rename_unit(cast.town, name="清河街道", since=date(2024, 7, 1), by="system")
    names = UnitName.objects.filter(unit="990101").values_list("name", "since")
    assert list(names) == [("清河镇", SINCE), ("清河街道", date(2024, 7, 1))]


REFUSED = (
    (
        "终身不重用",
        lambda cast: found_unit(
            code="990101", name="又一个镇", level="township", parent=cast.county, since=SINCE, by="system"
        ),
    ),
    (
        "没有“planet”这一层级",
        lambda cast: found_unit(
            code="990188", name="某市", level="planet", parent=None, since=SINCE, by="system"
        ),
    ),
    (
        "没有“magic”这项职责",
        lambda cast: create_post(
            code="x", unit=cast.town, title="法师", duties=["magic"], since=SINCE, by="system"
        ),
    ),
    (
        "已用过",
        lambda cast: create_post(
            code="990101-town_head", unit=cast.town, title="镇长", duties=["lead"], since=SINCE, by="system"
        ),
    ),
    (
        "任职早于职务设置日期",
        lambda cast: appoint(cast.post("head"), cast.user("both"), since=date(2019, 1, 1), by="system"),
    ),
    ("更名日期须晚于设立日期", lambda cast: rename_unit(cast.town, name="早名", since=SINCE, by="system")),
)


@pytest.mark.parametrize(("says", "act"), REFUSED, ids=[says for says, _ in REFUSED])
def test_what_cannot_be_is_refused_in_words(cast: Cast, says: str, act: object) -> None:
    with pytest.raises(Refused, match=says):
        act(cast)  # type: ignore[operator]


@given(st.lists(st.integers(min_value=0, max_value=30), max_size=40))
def test_a_unit_is_one_interval_of_its_descendants(parents: list[int]) -> None:
    units = [Unit(code="u0", parent_id=None)]
    for number, wish in enumerate(parents, 1):
        units.append(Unit(code=f"u{number}", parent_id=f"u{wish % number}"))
    spans = intervals(units)
    assert sorted(first for first, _ in spans.values()) == list(range(1, len(units) + 1))
    for unit in units:
        below = {
            other.code
            for other in units
            if spans[unit.code][0] <= spans[other.code][0] <= spans[unit.code][1]
        }
        assert below == descendants(unit.code, units)


def descendants(code: str, units: list[Unit]) -> set[str]:
    """The unit and all below it, told the long way."""
    found = {code}
    while True:
        more = {unit.code for unit in units if unit.parent_id in found} - found
        if not more:
            return found
        found |= more


def test_the_subtree_is_the_unit_and_all_below_it(cast: Cast) -> None:
    assert subtree(cast.town) == {"990101", "990101001", "990101002"}
