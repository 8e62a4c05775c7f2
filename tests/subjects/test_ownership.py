"""A field that is somebody's own: nobody else writes it, at entry, in a change, on a step, in a row of a workbook."""

from dataclasses import replace

import pytest

from shuzhi.evidence.instance import catalogue
from shuzhi.kernel.catalogue.definitions import Field, Kind
from shuzhi.kernel.finding import Refused
from shuzhi.matters.models import Matter
from shuzhi.matters.verbs import move_matter, open_matter, revise_matter
from shuzhi.records.verbs import correct_record, enter_record
from shuzhi.subjects.ownership import authorise_lines, changing_post, closed_to, may_set
from shuzhi.subjects.rights import duties_for
from shuzhi.units.models import Post
from shuzhi.units.verbs import appoint, create_post, register_user
from tests.accounts import kind
from tests.cast import SINCE, Cast
from tests.subjects.filling import DAY, opened, sample

ALL_DUTIES = ("verify", "supervise", "lead", "statistics", "treasury", "publish", "discipline", "audit", "legal", "organise", "deputy")  # fmt: skip


@pytest.fixture
def seats(cast: Cast) -> Cast:
    """The cast with one post of the town for every duty, and one that only fills in."""
    for duty in ("fill", *ALL_DUTIES):
        key = f"only_{duty}"
        cast.posts[key] = create_post(
            code=f"990101-{key}", unit=cast.town, title=key, duties=(duty,), since=SINCE, by="system"
        )
        cast.users[key] = register_user(username=key, name=key)
        appoint(cast.posts[key], user=cast.users[key], since=SINCE, by="system")
    return cast


def ids(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.id for finding in refused.value.findings}


def owned(item: Kind) -> list[Field]:
    return [field for field in item.fields if field.by]


def kinds_with_owned_fields() -> list[Kind]:
    return [item for item in catalogue().of_shape("matter") if owned(item)]


def test_a_verdict_is_nowhere_left_to_whoever_only_fills_in() -> None:
    """What the mechanisms need: the verdicts that must be another's, by whose they are."""
    wanted = {
        ("deputy_suggestion", "satisfaction"): {"deputy"},
        ("deputy_suggestion", "second_satisfaction"): {"deputy"},
        ("figure_request", "decision"): {"statistics"},
        ("figure_request", "granted_value"): {"statistics"},
        ("major_decision", "legality_opinion"): {"legal"},
        ("policy_document", "legality_opinion"): {"legal"},
        ("audit_finding", "check_result"): {"audit"},
        ("audit_finding", "found_amount"): {"audit"},
        ("campaign_result", "released_by"): {"lead"},
        ("released_figure", "approver"): {"lead"},
        ("released_figure", "secrecy_opinion"): {"publish", "verify"},
        ("listed_hazard", "acceptance_result"): {"verify", "supervise"},
        ("livelihood_item", "accepted"): {"verify", "supervise"},
        ("supervised_matter", "verify_result"): {"supervise", "lead"},
        ("integrity_duty", "check_result"): {"discipline"},
        ("statistics_entry", "approved"): {"statistics"},
    }  # fmt: skip
    found = {(code, name): kind(code).field(name) for code, name in wanted}
    assert {key: set(field.by) for key, field in found.items() if field} == wanted
    for item in kinds_with_owned_fields():
        for field in owned(item):
            assert "fill" not in field.by, (item.code, field.code)
            first = set(duties_for(item, item.stages[0].by))
            assert not field.required or first <= set(field.by), (item.code, field.code)


@pytest.mark.django_db
def test_every_owned_field_of_every_kind_against_every_duty(seats: Cast) -> None:
    """A post of the town with one duty sets the field exactly when it is the duty the field names."""
    for item in kinds_with_owned_fields():
        for field in owned(item):
            able = {duty for duty in ("fill", *ALL_DUTIES) if may_set(seats.post(f"only_{duty}"), field, kind=item, unit=seats.town)}  # fmt: skip
            assert able == set(field.by), (item.code, field.code)
            assert may_set(None, field, kind=item, unit=seats.town)
            elsewhere = [duty for duty in able if may_set(seats.post(f"only_{duty}"), field, kind=item, unit=seats.county)]  # fmt: skip
            assert elsewhere == []


def test_whoever_fills_in_cannot_write_a_verdict_in_any_kind(seats: Cast) -> None:
    """At entry and in a change: refused by name; the instance itself is free."""
    left_out: list[Kind] = []
    for item in kinds_with_owned_fields():
        if item.duties.get("fill", ("fill",)) != ("fill",) or item.stages[0].by != "fill":
            continue
        by = seats.post("only_fill")
        try:
            made = opened(item, seats.town, item.label)
        except Refused:  # it points at another ledger that has nothing in it yet
            left_out.append(item)
            continue
        for field in owned(item):
            given = {field.code: sample(field)}
            with pytest.raises(Refused) as refused:
                revise_matter(made, day=DAY, by=by, fields=given)
            told = [finding for finding in refused.value.findings if finding.id == "right.field"]
            assert [field.label in finding.message for finding in told] == [True], (item.code, field.code)
            assert told[0].place.endswith(field.label)
            with pytest.raises(Refused) as refused:
                open_matter(item, seats.town, title="新", opened=DAY, by=by, fields={**made.fields, **given})
            assert "right.field" in ids(refused), (item.code, field.code)
        assert Matter.objects.get(ref=made.ref).fields == made.fields
    assert [
        item.code for item in left_out if not any(field.required and field.of for field in item.fields)
    ] == []


def test_whose_it_is_sets_it_without_any_right_to_fill_in_and_sets_nothing_else(seats: Cast) -> None:
    made = opened(kind("deputy_suggestion"), seats.town, "修路的建议")
    deputy = seats.post("only_deputy")
    step = revise_matter(made, day=DAY, by=deputy, fields={"satisfaction": "满意"}, note="当面测评")
    assert step is not None
    assert (step.post, step.act, step.changes) == (deputy, "verify", {"fields": {"satisfaction": "满意"}})
    for fields in ({"satisfaction": "不满意", "answer_class": "A"}, {"answer_class": "A"}, {}):
        with pytest.raises(Refused) as refused:
            revise_matter(made, day=DAY, by=deputy, fields=fields, note="改")
        assert ids(refused) == {"right.absent"}
    with pytest.raises(Refused):
        revise_matter(made, day=DAY, by=deputy, fields={"satisfaction": "不满意"}, title="改名")
    with pytest.raises(Refused) as refused:
        revise_matter(made, day=DAY, by=seats.post("only_fill"), fields={"satisfaction": ""})
    assert ids(refused) == {"right.field"}  # not even to clear it
    assert Matter.objects.get(ref=made.ref).fields["satisfaction"] == "满意"


def test_what_stands_there_may_be_sent_along_unchanged(seats: Cast) -> None:
    made = opened(kind("deputy_suggestion"), seats.town, "修路的建议")
    revise_matter(made, day=DAY, by=None, fields={"satisfaction": "满意"})
    fields = {"satisfaction": "满意", "answer_class": "A"}
    assert revise_matter(made, day=DAY, by=seats.post("only_fill"), fields=fields) is not None


def test_on_a_step_too(seats: Cast) -> None:
    """Audit writes what became of a finding; the audited unit does not, even on a step that is its own."""
    item = kind("audit_finding")
    made = opened(replace(item, stages=item.stages), seats.town, "多列支出")
    with pytest.raises(Refused) as refused:
        move_matter(
            made,
            "整改",
            day=DAY,
            by=seats.post("only_fill"),
            changes={"measures": "追回", "check_result": item.field("check_result").choices[0]},  # type: ignore[union-attr]
        )
    assert "right.field" in ids(refused)
    assert Matter.objects.get(ref=made.ref).stage == item.stages[0].name


def test_a_verdict_noted_beforehand_is_no_filling_in_but_another_post_of_the_same_hands_is(
    seats: Cast,
) -> None:
    item = kind("listed_hazard")
    given = {"measures": "更换线路", "funds": "3", "responsible": "田小满", "emergency_plan": "是"}
    verdict = {"acceptance": "2025-12-03", "acceptance_result": "合格"}
    for same_hands in (False, True):
        made = opened(item, seats.town, f"线路老化{same_hands}")
        fields = {code: value for code, value in given.items() if item.field(code)}
        revise_matter(made, day=DAY, by=None, fields={**fields, "applied": "2025-12-02"}, due=DAY)
        made = Matter.objects.get(ref=made.ref)
        why = {name: "样例" for stage in item.stages for name in stage.papers}
        move_matter(made, "整改", day=DAY, by=None, without=why)
        move_matter(made, "申请验收", day=DAY, by=seats.post("only_fill"), without=why)
        verifier = seats.post("only_verify")
        if same_hands:
            appoint(verifier, user=seats.user("only_fill"), since=SINCE, by="system")
        revise_matter(made, day=DAY, by=verifier, fields=verdict)
        try:
            move_matter(made, "验收", day=DAY, by=verifier, without=why)
        except Refused as refused:
            found = {finding.id for finding in refused.findings}
        else:
            found = set()
        assert ("matter.second-person" in found) is same_hands, found


def test_the_rows_of_a_table_keep_what_is_others(seats: Cast) -> None:
    base = kind("try_meeting")
    table = base.lines[0]
    mine = replace(table.fields[0], by=("audit",))
    item = replace(base, lines=(replace(table, fields=(mine, *table.fields[1:])),))
    there, code = {table.code: [{mine.code: 1}, {}]}, table.code
    by = seats.post("only_fill")
    changed: list[list[dict[str, object]]] = [
        [{mine.code: 2}, {}],
        [{}],
        [],
        [{mine.code: 1}, {mine.code: 1}],
    ]
    for rows in changed:
        after = {code: rows}
        with pytest.raises(Refused) as refused:
            authorise_lines(by, kind=item, unit=seats.town, before=there, after=after, place="会")
        assert ids(refused) == {"right.field"}
        authorise_lines(seats.post("only_audit"), kind=item, unit=seats.town, before=there, after=after)
    authorise_lines(by, kind=item, unit=seats.town, before=there, after={code: [{}, {mine.code: 1}, {}]})


def test_of_several_posts_the_one_that_may_set_it_acts(seats: Cast) -> None:
    item = kind("listed_hazard")
    user = seats.user("only_fill")
    for key in ("only_verify", "only_deputy"):
        appoint(seats.post(key), user=user, since=SINCE, by="system")

    def acts(*fields: str) -> Post | None:
        return changing_post(user, kind=item, unit=seats.town, day=DAY, fields=fields)

    assert acts("measures") == seats.post("only_fill")
    assert acts("acceptance_result") == seats.post("only_verify")
    assert acts("acceptance_result", "measures") == seats.post("only_fill")  # and is then told whose it is
    assert (
        changing_post(seats.user("only_deputy"), kind=item, unit=seats.town, day=DAY, fields=("measures",))
        is None
    )
    shut = closed_to([seats.post("only_deputy")], kind=item, unit=seats.town, filling=False)
    assert shut == {field.code for field in item.fields}


def test_records_too(seats: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    base = kind("try_meeting")
    first = next(field for field in base.fields if field.type == "text")
    mine = replace(first, by=("audit",), required=False)
    item = replace(base, fields=tuple(mine if field == first else field for field in base.fields))
    monkeypatch.setattr("shuzhi.records.verbs.kind_named", lambda code: item)
    given = {field.code: sample(field) for field in item.fields if field.required and not field.of}
    by = seats.post("only_fill")
    with pytest.raises(Refused) as refused:
        enter_record(item, seats.town, title="会", day=DAY, by=by, fields={**given, mine.code: "甲"})
    assert ids(refused) == {"right.field"}
    made = enter_record(item, seats.town, title="会", day=DAY, by=by, fields=given)
    with pytest.raises(Refused) as refused:
        correct_record(made, day=DAY, by=by, reason="补", fields={mine.code: "甲"})
    assert ids(refused) == {"right.field"}
    fixed = correct_record(made, day=DAY, by=seats.post("only_audit"), reason="核", fields={mine.code: "甲"})
    assert fixed is not None
    with pytest.raises(Refused) as refused:
        correct_record(
            made, day=DAY, by=seats.post("only_audit"), reason="核", title="改名", fields={mine.code: "乙"}
        )
    assert ids(refused) == {"right.absent"}
