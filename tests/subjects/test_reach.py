"""How far a duty reaches: everywhere in the tree in open ledgers, into the own unit only where one needs to know."""

from dataclasses import replace

import pytest

from shuzhi.evidence.instance import catalogue
from shuzhi.kernel.catalogue.definitions import GUARDED, VISIBILITIES, Kind
from shuzhi.kernel.finding import Refused
from shuzhi.matters.models import Matter
from shuzhi.matters.queries import _able, list_matters, open_readings, seen_by, waiting_for
from shuzhi.matters.verbs import move_matter, open_matter, revise_matter
from shuzhi.rhythm.digest import digest
from shuzhi.rhythm.expectations import owed
from shuzhi.subjects.rights import Sight, extent, may_see, post_for, short, visible_units
from shuzhi.units.models import Post, Unit
from shuzhi.units.queries import post_may, subtree
from shuzhi.units.verbs import appoint, create_post, register_user
from tests.accounts import kind
from tests.cast import SINCE, Cast
from tests.subjects.filling import DAY, opened

OFFICE = (
    ("office_filler", "综合填报", ("fill",)),
    ("office_head", "政府办主任", ("verify", "release")),
    ("deputy_head", "常务副县长", ("lead",)),
    ("auditor", "审计岗", ("audit",)),
    ("organiser", "组织岗", ("organise",)),
    ("publisher", "公开办主任", ("publish",)),
    ("admin", "系统管理员", ("admin",)),
)
UNITS = ("990100", "990100-xfj", "990100-czj", "990101", "990102", "990101001")


@pytest.fixture
def full(cast: Cast) -> Cast:
    """The cast with those who sit at the county itself."""
    for key, title, duties in OFFICE:
        cast.posts[key] = create_post(
            code=f"990100-{key}", unit=cast.county, title=title, duties=duties, since=SINCE, by="system"
        )
        cast.users[key] = register_user(username=key, name=title)
        appoint(cast.posts[key], user=cast.users[key], since=SINCE, by="system")
    return cast


def below(cast: Cast, post: Post) -> set[str]:
    """The post's unit and all under it, told from the codes of the small county."""
    return {code for code, unit in cast.units.items() if code == post.unit_id or _under(unit, post.unit_id)}


def _under(unit: Unit, above: str) -> bool:
    return unit.parent is not None and (unit.parent.code == above or _under(unit.parent, above))


def reaches(post: Post, held: set[str], item: Kind, cast: Cast) -> set[str]:
    """Where a post with these duties for an act may do it, told plainly."""
    have = held & set(post.duties)
    near = {duty for duty in have if duty in ("fill", "verify")} if item.visibility in GUARDED else set()
    if have - (near - set(item.below)):
        return below(cast, post)
    return {post.unit_id} if have else set()


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_every_duty_in_every_unit_reaches_as_far_as_it_is_told(full: Cast, visibility: str) -> None:
    base = kind("petition_case")
    for over in ((), ("verify",), ("fill", "verify")):
        item = replace(base, visibility=visibility, below=over)
        for duty in catalogue().duties:
            for at in full.units.values():
                post = Post(code="x", unit=at, title="岗", duties=[duty], since=SINCE)
                wanted = reaches(post, {duty}, item, full)
                able = {code for code, unit in full.units.items() if post_may(post, duties=(duty,), unit=unit, own=short(item))}  # fmt: skip
                assert able == wanted, (duty, at.code, over)


def test_only_filling_and_verifying_stop_at_the_own_unit() -> None:
    assert {code for code, duty in catalogue().duties.items() if duty.reach == "own"} == {"fill", "verify"}


def test_every_guarded_kind_names_its_keepers_and_whoever_acts_is_one_of_them() -> None:
    for item in catalogue().kinds.values():
        if item.guarded:
            keepers = set(item.duties["see"])
            assert keepers
            assert "admin" not in keepers
            for act in ("fill", "verify", "decide"):
                assert set(item.duties.get(act, ())) <= keepers, (item.code, act)


GUARDED_KINDS = (
    "accusation_case", "campaign_result", "dispute_case", "figure_request", "hotline_ticket",
    "interference_record", "personal_filing", "petition_case", "released_figure",
)  # fmt: skip


def test_no_guarded_matter_is_forgotten_here() -> None:
    found = {code for code, item in catalogue().kinds.items() if item.guarded and item.shape == "matter"}
    assert found <= {*GUARDED_KINDS, "try_complaint"}


@pytest.mark.parametrize("code", GUARDED_KINDS)
def test_every_seat_sees_and_does_in_a_guarded_ledger_what_it_needs_to_and_no_more(
    full: Cast, code: str
) -> None:
    """Lists, searches, counts, pages, and acting: the same places for all of them."""
    item = kind(code)
    rows = {unit: opened(item, full.unit(unit), f"密{unit}") for unit in UNITS}
    for who, post in full.posts.items():
        user = full.user(who)
        wanted = reaches(post, set(item.duties["see"]), item, full)
        assert visible_units(user, item, DAY) == wanted, who
        assert {row.unit_id for row in seen_by(user, item, DAY)} == wanted & set(UNITS), who
        found = list_matters(user, item, DAY, search="密").rows
        assert {row.unit_id for row in found} == wanted & set(UNITS), who
        for unit, row in rows.items():
            assert may_see(user, item, row.unit, DAY) is (unit in wanted), (who, unit)
        for act in ("fill", "verify", "decide"):
            able = reaches(post, set(item.duties[act]), item, full)
            assert set(extent(post, act=act, kind=item, below=subtree(post.unit))) == able, (who, act)
            assert set(_able([post], item, act)) == able, (who, act)
            for unit in UNITS:
                assert (post_for(user, act=act, kind=item, unit=full.unit(unit), day=DAY) is not None) is (
                    unit in able
                ), (who, act, unit)


def test_nothing_of_other_units_is_in_what_one_is_reminded_of(full: Cast) -> None:
    for code in ("petition_case", "campaign_result", "hotline_ticket"):
        opened(kind(code), full.town, f"密{code}")
    for who in ("office_filler", "office_head", "petition_filler", "admin"):
        user = full.user(who)
        told = digest(user, DAY)
        assert "密" not in told.text(), who
        sight = Sight(user, DAY)
        assert not [item for item in waiting_for(sight, open_readings(sight)) if "密" in item.matter.title], (
            who
        )
        assert not [row for row in owed(DAY, user=user, ahead=60) if "密" in row.label], who
    assert [
        row for row in owed(DAY, user=full.user("supervisor"), ahead=60) if "密petition_case" in row.label
    ]


@pytest.mark.parametrize("who", ["office_filler", "office_head", "petition_filler", "admin", "publisher"])
def test_nobody_acts_where_one_may_not_look(full: Cast, who: str) -> None:
    item = kind("petition_case")
    made = opened(item, full.town, "密信")
    by = full.post(who)
    acts = (
        lambda: revise_matter(made, day=DAY, by=by, fields={"satisfaction": "满意"}),
        lambda: move_matter(made, "转送交办", day=DAY, by=by, changes={"transferred": "2025-12-02"}),
        lambda: move_matter(made, "不予受理", day=DAY, by=by, changes={"informed": "2025-12-02"}),
        lambda: open_matter(item, full.town, title="新", opened=DAY, by=by, fields=dict(made.fields)),
    )
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert {finding.id for finding in refused.value.findings} == {"right.absent"}
    assert Matter.objects.get(ref=made.ref).fields == made.fields


def test_a_kind_may_say_that_it_needs_the_seats_above(full: Cast) -> None:
    item = replace(kind("petition_case"), below=("verify",))
    user = full.user("office_head")
    assert visible_units(user, item, DAY) == set(full.units)
    assert visible_units(full.user("office_filler"), item, DAY) == {"990100"}
