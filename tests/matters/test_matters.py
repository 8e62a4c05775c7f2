"""Matters: opened, moved stage by stage through their gates, closed by evidence, by two persons and never one."""

from datetime import date
from typing import Any

import pytest

from shuzhi.evidence.models import Entry, Paper
from shuzhi.kernel.finding import Refused
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.papers import NewPaper
from shuzhi.matters.queries import changes_of
from shuzhi.matters.state import fold
from shuzhi.matters.verbs import attach_papers, move_matter, open_matter, revise_matter
from shuzhi.units.verbs import appoint, create_post
from tests.accounts import kind
from tests.cast import SINCE, Cast

OPENED = date(2025, 3, 3)
MINUTES = NewPaper("会议纪要", "第3次碰头会纪要", date(2025, 3, 10), b"minutes")


def errand(cast: Cast, **more: Any) -> Matter:
    """田小满 opens an errand of her town."""
    fields = {"urgency": "急", **more.pop("fields", {})}
    options: dict[str, Any] = {"title": "修通村路", "opened": OPENED, "by": cast.post("town_filler"), **more}
    return open_matter(kind("try_errand"), options.pop("unit", cast.town), fields=fields, **options)


def checked(cast: Cast, matter: Matter) -> Matter:
    """The errand is worked on and verified by 江一帆."""
    by = cast.post("town_filler")
    move_matter(matter, "承办", day=date(2025, 3, 4), by=by, changes={"progress": "已进场"})
    move_matter(
        matter,
        "核验",
        day=date(2025, 3, 10),
        by=cast.post("town_head"),
        changes={"checked": "2025-03-10"},
        papers=[MINUTES],
    )
    return now(matter)


def now(matter: Matter) -> Matter:
    return Matter.objects.get(ref=matter.ref)


def ids(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.id for finding in refused.value.findings]


def test_opening_takes_a_ref_and_leaves_a_first_movement(cast: Cast) -> None:
    made = errand(cast, due=date(2025, 5, 1), lead=cast.post("town_head"), fields={"cost": "1.5"})
    assert (made.ref, made.number, made.stage) == ("matter/2025-0001", "2025-0001", "登记")
    assert now(made).fields == {"urgency": "急", "cost": 1_500_000}
    first = made.movements.get()
    assert (first.no, first.act, first.to_stage, first.post_id) == (
        1,
        "open",
        "登记",
        made.movements.get().post_id,
    )
    assert first.changes["lead"] == cast.post("town_head").code
    assert errand(cast, opened=date(2024, 1, 5)).ref == "matter/2024-0001"
    assert errand(cast).ref == "matter/2025-0002"


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"title": " "}, "matter.unnamed"),
        ({"fields": {"urgency": "不急"}}, "field.choice"),
        ({"due": date(2025, 1, 1)}, "matter.due"),
        ({"fields": {"place": "没有的镇"}}, "field.unknown-reference"),
        ({"fields": {"before": "matter/1999-0001"}}, "field.unknown-reference"),
    ],
)
def test_an_unfit_opening_is_refused(cast: Cast, more: dict[str, Any], found: str) -> None:
    with pytest.raises(Refused) as refused:
        errand(cast, **more)
    assert ids(refused) == [found]
    assert not Matter.objects.exists()


def test_a_number_is_used_once_in_a_ledger(cast: Cast) -> None:
    errand(cast, number="河〔2025〕1号")
    with pytest.raises(Refused, match="已登记过"):
        errand(cast, number="河〔2025〕1号")


def test_references_are_kept_as_codes_and_refs(cast: Cast) -> None:
    first = errand(cast, number="一")
    second = errand(cast, parent=first, fields={"place": "白石乡", "before": "一"})
    assert second.parent_id == first.ref
    assert second.fields["place"] == "990102"
    assert second.fields["before"] == first.ref


def test_a_matter_goes_its_way_to_the_end(cast: Cast) -> None:
    matter = checked(cast, errand(cast))
    move_matter(
        matter,
        "办结",
        day=date(2025, 3, 12),
        by=cast.post("town_head"),
        changes={"result": "路已通"},
        note="属实",
    )
    matter = now(matter)
    assert (matter.stage, matter.closed) == ("办结", date(2025, 3, 12))
    move_matter(matter, "归档", day=date(2025, 3, 20), by=cast.post("town_filler"))
    matter = now(matter)
    assert (matter.stage, matter.closed) == ("归档", date(2025, 3, 12))
    assert [step.act for step in matter.movements.order_by("no")] == [
        "open",
        "fill",
        "verify",
        "verify",
        "fill",
    ]
    assert Paper.objects.get(owner=matter.ref).kind == "会议纪要"


def test_stages_cannot_be_jumped(cast: Cast) -> None:
    matter = errand(cast)
    for stage in ("核验", "办结", "归档"):
        with pytest.raises(Refused, match="不能从“登记”直接到") as refused:
            move_matter(matter, stage, day=OPENED, by=None, changes={"result": "好"}, papers=[MINUTES])
        assert ids(refused) == ["matter.order"]
    with pytest.raises(Refused, match="没有“验收”环节"):
        move_matter(matter, "验收", day=OPENED, by=None)


def test_a_shut_gate_says_what_it_needs_and_all_reasons_come_at_once(cast: Cast) -> None:
    matter = errand(cast)
    by = cast.post("town_filler")
    with pytest.raises(Refused, match="须先填写进展"):
        move_matter(matter, "承办", day=OPENED, by=by)
    move_matter(matter, "承办", day=OPENED, by=by, changes={"progress": "进场"})
    with pytest.raises(Refused) as refused:
        move_matter(matter, "核验", day=OPENED, by=cast.post("town_head"))
    assert ids(refused) == ["matter.gate", "matter.paper"]
    assert "会议纪要" in str(refused.value)
    assert now(matter).stage == "承办"
    assert matter.movements.count() == 2


def test_a_paper_that_cannot_be_had_needs_a_stated_reason_for_all_to_see(cast: Cast) -> None:
    matter = errand(cast)
    move_matter(matter, "承办", day=OPENED, by=None, changes={"progress": "进场"})
    by, changes = cast.post("town_head"), {"checked": "2025-03-10"}
    with pytest.raises(Refused, match="会议纪要"):
        move_matter(matter, "核验", day=MINUTES.day, by=by, changes=changes, without={"会议纪要": " "})
    step = move_matter(
        matter,
        "核验",
        day=MINUTES.day,
        by=by,
        changes=changes,
        without={"会议纪要": "洪水冲毁"},
        note="现场看过",
    )
    assert step.note == "现场看过；未附会议纪要：洪水冲毁"


def test_a_paper_handed_in_before_opens_the_gate(cast: Cast) -> None:
    matter = errand(cast)
    move_matter(matter, "承办", day=OPENED, by=None, changes={"progress": "进场"})
    attach_papers(matter, [MINUTES], day=MINUTES.day, by=cast.post("town_filler"))
    move_matter(matter, "核验", day=MINUTES.day, by=cast.post("town_head"), changes={"checked": "2025-03-10"})
    assert now(matter).stage == "核验"


@pytest.mark.parametrize(
    ("paper", "found"),
    [
        (NewPaper("不存在的材料", "某", OPENED, b"x"), "paper.kind"),
        (NewPaper("会议纪要", "空", OPENED, b""), "paper.empty"),
    ],
)
def test_a_paper_is_of_a_known_kind_and_not_empty(cast: Cast, paper: NewPaper, found: str) -> None:
    with pytest.raises(Refused) as refused:
        attach_papers(errand(cast), [paper], day=OPENED, by=None)
    assert ids(refused) == [found]
    assert not Paper.objects.exists()


def test_the_closing_rule_holds_at_the_closing_stage(cast: Cast) -> None:
    matter = checked(cast, errand(cast))
    with pytest.raises(Refused, match="须写明办理结果"):
        move_matter(matter, "办结", day=date(2025, 3, 12), by=cast.post("town_head"))


def test_who_filled_the_last_step_may_not_verify_it(cast: Cast) -> None:
    """骆青山 writes the progress himself and then cannot verify it; 江一帆 can."""
    matter = errand(cast)
    both = cast.post("both")
    move_matter(matter, "承办", day=OPENED, by=both, changes={"progress": "进场"})
    going: dict[str, Any] = {"day": MINUTES.day, "changes": {"checked": "2025-03-10"}, "papers": [MINUTES]}
    with pytest.raises(Refused, match="不能自己核验"):
        move_matter(matter, "核验", by=both, **going)
    move_matter(matter, "核验", by=cast.post("town_head"), **going)
    move_matter(matter, "办结", day=MINUTES.day, by=cast.post("town_head"), changes={"result": "好"})


def test_one_person_with_two_posts_is_still_one_person(cast: Cast) -> None:
    """田小满 is also given the seat that verifies: the seat may verify, her own work she may not."""
    seat = create_post(
        code="990101-second", unit=cast.town, title="复核岗", duties=["verify"], since=SINCE, by="system"
    )
    appoint(seat, cast.user("town_filler"), since=SINCE, by="system")
    matter = errand(cast)
    move_matter(matter, "承办", day=OPENED, by=cast.post("town_filler"), changes={"progress": "进场"})
    going: dict[str, Any] = {"day": MINUTES.day, "changes": {"checked": "2025-03-10"}, "papers": [MINUTES]}
    with pytest.raises(Refused, match="是同一人"):
        move_matter(matter, "核验", by=seat, **going)
    revise_matter(matter, day=OPENED, by=cast.post("both"), note="又看过现场")
    move_matter(matter, "核验", by=seat, **going)


@pytest.mark.parametrize(
    ("key", "stage"),
    [("town_filler", "核验"), ("hazard_verifier", "核验"), ("town_filler", "中止"), ("statistician", "承办")],
)
def test_a_post_without_the_duty_or_of_another_unit_is_refused(cast: Cast, key: str, stage: str) -> None:
    matter = errand(cast)
    move_matter(matter, "承办", day=OPENED, by=None, changes={"progress": "进场"})
    with pytest.raises(Refused, match="无权") as refused:
        move_matter(matter, stage, day=OPENED, by=cast.post(key))
    assert ids(refused) == ["right.absent"]


def test_aside_and_back(cast: Cast) -> None:
    matter = errand(cast)
    move_matter(matter, "承办", day=OPENED, by=None, changes={"progress": "进场"})
    move_matter(matter, "中止", day=date(2025, 3, 5), by=cast.post("head"), note="封山")
    with pytest.raises(Refused, match="现在可到：承办、登记、退回"):
        move_matter(matter, "核验", day=date(2025, 3, 6), by=None)
    move_matter(matter, "承办", day=date(2025, 3, 20), by=cast.post("town_filler"))
    assert now(matter).stage == "承办"


def test_a_closed_matter_is_not_closed_again(cast: Cast) -> None:
    matter = checked(cast, errand(cast))
    move_matter(matter, "办结", day=date(2025, 3, 12), by=None, changes={"result": "好"})
    with pytest.raises(Refused, match="不能从“办结”直接到“核验”"):
        move_matter(matter, "核验", day=date(2025, 3, 13), by=None)


def test_movements_go_forward_in_time(cast: Cast) -> None:
    matter = errand(cast)
    with pytest.raises(Refused, match="早于上一步"):
        revise_matter(matter, day=date(2025, 3, 2), by=None, note="补记")
    with pytest.raises(Refused, match="早于上一步"):
        move_matter(matter, "承办", day=date(2025, 3, 2), by=None, changes={"progress": "x"})


def test_a_revision_appends_what_changed_and_nothing_when_nothing_did(cast: Cast) -> None:
    matter = errand(cast, due=date(2025, 5, 1), fields={"helpers": "3"})
    by, links = cast.post("town_filler"), Entry.objects.count()
    assert revise_matter(matter, day=OPENED, by=by, fields={"urgency": "急"}) is None
    assert Entry.objects.count() == links
    step = revise_matter(
        matter,
        day=date(2025, 3, 5),
        by=by,
        fields={"helpers": "", "cost": "2"},
        due=date(2025, 6, 1),
        title="修通两村路",
    )
    assert step is not None
    told = [(column.label, value) for column, value in changes_of(kind("try_errand"), step)]
    assert told == [
        ("事项", "修通两村路"),
        ("完成时限", "2025-06-01"),
        ("花费", 2_000_000),
        ("参与人数", None),
    ]
    assert step.changes == {
        "title": "修通两村路",
        "due": "2025-06-01",
        "fields": {"helpers": None, "cost": 2_000_000},
    }
    matter = now(matter)
    assert (matter.title, matter.due, matter.fields) == (
        "修通两村路",
        date(2025, 6, 1),
        {"urgency": "急", "cost": 2_000_000},
    )


def test_a_matter_handed_to_another_unit_needs_the_right_on_both(cast: Cast) -> None:
    matter = errand(cast)
    other = cast.unit("990102")
    with pytest.raises(Refused, match="白石乡"):
        revise_matter(matter, day=OPENED, by=cast.post("town_filler"), unit=other)
    revise_matter(matter, day=OPENED, by=cast.post("filer"), unit=other)
    assert now(matter).unit == other


def test_the_row_is_the_fold_of_its_movements(cast: Cast) -> None:
    matter = checked(cast, errand(cast, fields={"place": "桃源村"}))
    state = fold(Movement.objects.filter(matter=matter).order_by("no"))
    columns = ("number", "title", "opened", "due", "closed", "stage")
    assert [getattr(matter, name) for name in columns] == [getattr(state, name) for name in columns]
    assert (matter.unit_id, matter.lead_id, matter.fields) == (state.unit, state.lead, state.fields)
    assert [name for name, _ in state.passed] == ["登记", "承办", "核验"]
