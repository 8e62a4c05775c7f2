"""Records: entered with their rows, counted, and corrected in the open."""

from datetime import date
from typing import Any

import pytest

from shuzhi.evidence.instance import catalogue
from shuzhi.evidence.models import Entry, Paper
from shuzhi.figures.layout import encode
from shuzhi.kernel.finding import Refused
from shuzhi.matters.papers import NewPaper
from shuzhi.records.models import Line, Record
from shuzhi.records.queries import list_records, record_page
from shuzhi.records.relation import relations
from shuzhi.records.verbs import correct_record, enter_record
from shuzhi.subjects.verbs import register_subject
from tests.accounts import kind
from tests.cast import Cast

DAY = date(2025, 4, 8)


def shops(cast: Cast) -> None:
    """Two shops of the town, to be met at meetings."""
    for code, name in (("S1", "柳溪小铺"), ("S2", "桃源饭店")):
        register_subject(
            kind("try_shop"), cast.town, code=code, name=name, since=DAY, by=None, fields={"trade": "零售"}
        )


def meeting(cast: Cast, **more: Any) -> Record:
    """田小满 enters a meeting with two deals."""
    options: dict[str, Any] = {
        "title": "春季对接会",
        "day": DAY,
        "by": cast.post("town_filler"),
        "fields": {"place": "礼堂", "present": "40"},
        "lines": {
            "deals": [
                {"shop": "柳溪小铺", "intent": "10", "signed": "8.5"},
                {"shop": "S2", "intent": "3"},
            ]
        },
        **more,
    }
    return enter_record(kind("try_meeting"), cast.town, **options)


def ids(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.id for finding in refused.value.findings]


def test_a_meeting_is_entered_with_its_rows(cast: Cast) -> None:
    shops(cast)
    made = meeting(cast, papers=[NewPaper("会议纪要", "纪要", DAY, b"m")])
    assert (made.ref, made.number, made.post) == ("record/2025-0001", "2025-0001", cast.post("town_filler"))
    assert made.fields == {"place": "礼堂", "present": 40}
    assert [(line.no, line.subject_id, line.fields) for line in made.lines.order_by("no")] == [
        (1, "subject/2025-0001", {"shop": "subject/2025-0001", "intent": 10_000_000, "signed": 8_500_000}),
        (2, "subject/2025-0002", {"shop": "subject/2025-0002", "intent": 3_000_000}),
    ]
    assert Paper.objects.get().owner == made.ref


@pytest.mark.parametrize(
    ("more", "found", "place"),
    [
        ({"title": ""}, "record.unnamed", ""),
        ({"fields": {}}, "field.required", "春季对接会·地点"),
        ({"lines": {"orders": []}}, "record.unknown-table", "春季对接会"),
        (
            {"lines": {"deals": [{"shop": "没有的店"}]}},
            "field.unknown-reference",
            "春季对接会·成交明细第1行·商户",
        ),
        (
            {"lines": {"deals": [{"shop": "S1"}, {"shop": "S2", "intent": "很多"}]}},
            "field.quantity",
            "春季对接会·成交明细第2行·意向金额",
        ),
        (
            {"lines": {"deals": [{"shop": "S1", "intent": "1", "signed": "2"}]}},
            "item.check",
            "春季对接会·成交明细第1行",
        ),
        ({"by": None, "papers": [NewPaper("会议纪要", "空", DAY, b"")]}, "paper.empty", "空"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(
    cast: Cast, more: dict[str, Any], found: str, place: str
) -> None:
    shops(cast)
    with pytest.raises(Refused) as refused:
        meeting(cast, **more)
    assert [(finding.id, finding.place) for finding in refused.value.findings] == [(found, place)]
    assert not Record.objects.exists()


def test_a_number_is_used_once(cast: Cast) -> None:
    shops(cast)
    meeting(cast, number="一")
    with pytest.raises(Refused, match="已登记过"):
        meeting(cast, number="一")


def test_a_stranger_may_not_enter_for_the_town(cast: Cast) -> None:
    shops(cast)
    with pytest.raises(Refused, match="无权填报"):
        meeting(cast, by=cast.post("hazard_filler"))


def test_a_correction_keeps_what_was_said_before(cast: Cast) -> None:
    shops(cast)
    made = meeting(cast)
    by = cast.post("town_filler")
    told = correct_record(made, day=DAY, by=by, reason="人数数错", fields={"present": "42"})
    assert told is not None
    assert told.before == {"fields": {"place": "礼堂", "present": 40}}
    assert told.after == {"fields": {"place": "礼堂", "present": 42}}
    assert Record.objects.get().fields["present"] == 42


def test_a_correction_strikes_rows_and_appends_the_new_ones(cast: Cast) -> None:
    shops(cast)
    made = meeting(cast)
    rows = [{"shop": "S1", "intent": "10", "signed": "9"}]
    told = correct_record(made, day=DAY, by=None, reason="金额写错", lines={"deals": rows})
    assert told is not None
    assert [(line.no, line.struck) for line in Line.objects.order_by("no")] == [(1, 1), (2, 1), (3, None)]
    assert [row["signed"] for row in told.after["deals"]] == [9_000_000]
    assert len(told.before["deals"]) == 2
    assert list(next(item for item in relations(catalogue()) if item.name == "try_meeting.deals").rows) == [
        (made.ref, 3, made.number, made.title, "990101", DAY, "subject/2025-0001", 10_000_000, 9_000_000)
    ]


def test_a_correction_needs_a_reason_and_a_difference(cast: Cast) -> None:
    shops(cast)
    made = meeting(cast)
    with pytest.raises(Refused, match="理由"):
        correct_record(made, day=DAY, by=None, reason=" ", fields={"present": "42"})
    links = Entry.objects.count()
    assert correct_record(made, day=DAY, by=None, reason="核对", fields={"present": "40"}) is None
    assert Entry.objects.count() == links


def test_a_page_and_a_list_for_those_who_may_see(cast: Cast) -> None:
    shops(cast)
    made = meeting(cast)
    page = record_page(cast.user("head"), made.ref, DAY)
    assert [(table.label, len(lines)) for table, lines in page.tables] == [("成交明细", 2)]
    with pytest.raises(Record.DoesNotExist):
        record_page(cast.user("hazard_filler"), made.ref, DAY)
    listed = list_records(
        cast.user("head"), kind("try_meeting"), DAY, filters={"present__from": 40}, search="春季"
    )
    assert [row.ref for row in listed.rows] == [made.ref]
    assert not list_records(cast.user("hazard_filler"), kind("try_meeting"), DAY).rows.exists()


def test_the_relations_are_typed(cast: Cast) -> None:
    shops(cast)
    made = meeting(cast)
    held = {relation.name: relation for relation in relations(catalogue())}
    assert list(held["try_meeting"].rows) == [
        (made.ref, made.number, made.title, "990101", DAY, made.post_id, None, None, "礼堂", 40)
    ]
    assert [column.name for column in held["try_meeting.deals"].columns] == [
        "record", "no", "number", "title", "unit", "date", "shop", "intent", "signed",
    ]  # fmt: skip
    assert all(encode(relation)[0] for relation in relations(catalogue()))


def test_two_who_correct_different_fields_at_once_both_keep_their_own(cast: Cast) -> None:
    shops(cast)
    one = meeting(cast)
    other = Record.objects.get(ref=one.ref)  # both have read it before either writes
    by = cast.post("town_filler")
    correct_record(one, day=DAY, by=by, reason="地点填错", fields={"place": "广场"})
    correct_record(other, day=DAY, by=by, reason="人数填错", fields={"present": "45"})
    assert Record.objects.get(ref=one.ref).fields == {"place": "广场", "present": 45}
