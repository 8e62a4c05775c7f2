"""enter(): one transaction, one link; nothing is written around it, and nothing half."""

import json
from collections.abc import Callable
from datetime import date

import pytest

from shuzhi.evidence import blobs, instance
from shuzhi.evidence.journal import enter, head
from shuzhi.evidence.models import Entry, Paper
from shuzhi.evidence.numbering import next_ref
from shuzhi.evidence.queries import entries_of
from shuzhi.kernel.chain import GENESIS, link
from shuzhi.kernel.finding import Refused
from shuzhi.units.models import Unit
from shuzhi.units.verbs import found_unit
from tests.cast import SINCE, Cast


def new_unit(cast: Cast, code: str) -> Unit:
    return Unit(code=code, name=f"单位{code}", level="department", parent=cast.county, since=SINCE)


def test_every_link_follows_from_the_one_before(cast: Cast) -> None:
    previous = GENESIS
    for number, entry in enumerate(Entry.objects.order_by("seq")):
        assert entry.seq == number
        assert entry.previous == previous
        assert entry.link == link(previous, entry.body.encode(), "sha256")
        previous = entry.link
    assert head() == (entry.seq, previous)


def test_a_row_saved_around_enter_is_refused(cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="outside enter"):
        new_unit(cast, "990100-x").save()


@pytest.mark.parametrize("act", ["update", "delete", "bulk_create"])
def test_a_bulk_write_around_enter_is_refused(cast: Cast, act: str) -> None:
    rows = Unit.objects.filter(code="990101")
    calls: dict[str, Callable[[], object]] = {
        "update": lambda: rows.update(name="改名"),
        "delete": rows.delete,
        "bulk_create": lambda: Unit.objects.bulk_create([new_unit(cast, "990100-x")]),
    }
    write = calls[act]
    with pytest.raises(RuntimeError):
        write()


def test_nothing_is_ever_deleted_not_even_inside_enter(cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="never deleted"), enter("删", by="system"):
        cast.town.delete()


def test_an_entry_that_fails_leaves_neither_row_nor_link(cast: Cast) -> None:
    before = head()

    def fail() -> None:
        with enter("设立单位", by="system") as entry:
            entry.save(new_unit(cast, "990100-x"))
            raise ValueError("中途出错")

    with pytest.raises(ValueError, match="中途"):
        fail()
    assert head() == before
    assert not Unit.objects.filter(code="990100-x").exists()


def test_an_entry_that_writes_nothing_leaves_no_link(cast: Cast) -> None:
    before = head()
    with enter("看看", by="system"):
        pass
    assert head() == before


def test_an_entry_inside_another_joins_it(cast: Cast) -> None:
    before, _ = head()
    with enter("外层", by="system"):
        for number in range(3):
            found_unit(
                code=f"99010{number + 5}",
                name=f"新乡{number}",
                level="township",
                parent=cast.county,
                since=SINCE,
                by="system",
            )
    assert head()[0] == before + 1
    body = json.loads(Entry.objects.get(seq=before + 1).body)
    assert [act["verb"] for act in body["acts"]] == ["外层", "设立单位", "设立单位", "设立单位"]
    assert len(body["rows"]) == 6  # each unit and its first name


def test_the_journal_says_who_did_what_to_which_row(cast: Cast) -> None:
    found_unit(
        code="990109", name="云台乡", level="township", parent=cast.county, since=SINCE, by="990100-head"
    )
    entry = Entry.objects.order_by("seq").last()
    assert entry is not None
    assert entry.by == "990100-head"
    assert [row[0] for row in json.loads(entry.body)["rows"]] == [
        "unit-name/990109/2020-01-01",
        "unit/990109",
    ]
    assert list(entries_of("unit/990109")) == [entry]


def test_a_paper_handed_in_twice_is_one_paper_and_one_blob(cast: Cast) -> None:
    with enter("存材料", by="system") as entry:
        first = entry.attach(
            "matter/2025-0001", "验收单", "验收单", date(2025, 3, 1), b"yan shou", "text/plain"
        )
        again = entry.attach(
            "matter/2025-0001", "验收单", "验收单", date(2025, 3, 1), b"yan shou", "text/plain"
        )
        other = entry.attach("matter/2025-0001", "照片", "现场", date(2025, 3, 1), b"yan shou", "text/plain")
    assert first == again
    assert (other.no, Paper.objects.count()) == (2, 2)
    assert blobs.fetch(first.blob_id) == b"yan shou"


def test_numbers_count_by_shape_and_year_without_gaps(cast: Cast) -> None:
    with enter("取号", by="system") as entry:
        taken = [
            next_ref("matter", 2025),
            next_ref("matter", 2025),
            next_ref("matter", 2024),
            next_ref("record", 2025),
        ]
        entry.save(new_unit(cast, "990100-x"))
    assert taken == ["matter/2025-0001", "matter/2025-0002", "matter/2024-0001", "record/2025-0001"]


def test_an_instance_keeps_its_county_and_algorithm(cast: Cast) -> None:
    with pytest.raises(Refused, match="此处已是“陵水湾县”"):
        instance.create("990100", "陵水湾县", "sm3")


def test_a_folder_without_an_instance_says_what_to_do(cast: Cast) -> None:
    (instance.home() / instance.FILE).unlink()
    instance.forget()
    with pytest.raises(Refused, match="先执行 shuzhi init"):
        instance.read()
