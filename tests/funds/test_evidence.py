"""The accounts and the journal agree: a whole year's doings verify clean, and whatever is written around them is found."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from shuzhi.evidence.models import Entry
from shuzhi.evidence.verify import verify
from shuzhi.funds.models import Allocation, Payment
from shuzhi.funds.verbs import allocate, budget, pay, reverse
from shuzhi.indicators.models import Observation
from shuzhi.indicators.verbs import observe
from shuzhi.kernel.finding import Refused
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.papers import NewPaper
from shuzhi.matters.verbs import move_matter, open_matter, revise_matter
from shuzhi.records.models import Line
from shuzhi.records.verbs import correct_record, enter_record
from shuzhi.subjects.models import Subject
from shuzhi.subjects.verbs import register_subject, revise_subject
from tests.accounts import indicator, kind
from tests.cast import Cast, county

DAY = date(2025, 5, 6)


def year(cast: Cast) -> Allocation:
    """A little of everything, with revisions and corrections, by the people whose work it is."""
    shop = register_subject(
        kind("try_shop"), cast.town, code="S1", name="柳溪小铺", since=DAY, by=None, fields={"trade": "零售"}
    )
    revise_subject(shop, day=DAY, by=None, name="柳溪大铺")
    for value in ("30", "31.5"):
        observe(indicator("gdp"), cast.county, year=2025, month=3, value=value, by=cast.post("statistician"))
    matter = open_matter(
        kind("try_errand"),
        cast.town,
        title="修路",
        opened=DAY,
        by=None,
        subject=shop,
        due=DAY,
        fields={"urgency": "急"},
    )
    revise_matter(matter, day=DAY, by=None, fields={"progress": "进场", "cost": "3", "checked": DAY})
    move_matter(matter, "承办", day=DAY, by=cast.post("town_filler"))
    paper = NewPaper("会议纪要", "纪要", DAY, b"minutes")
    move_matter(matter, "核验", day=DAY, by=cast.post("town_head"), papers=[paper])
    meeting = enter_record(
        kind("try_meeting"),
        cast.town,
        title="对接会",
        day=DAY,
        by=None,
        matter=matter,
        fields={"place": "礼堂"},
        lines={"deals": [{"shop": "S1", "intent": "3"}]},
    )
    correct_record(meeting, day=DAY, by=None, reason="写错", lines={"deals": [{"shop": "S1", "intent": "4"}]})
    part = money(cast, 100)
    reverse(
        pay(part, number="P1", title="款", day=DAY, amount=60, by=None, subject=shop),
        number="R1",
        title="退",
        day=DAY,
        by=None,
        amount=10,
    )
    return part


def money(cast: Cast, amount: int) -> Allocation:
    source = budget(
        kind("try_grant"), cast.county, number="Y1", title="村路资金", year=2025, amount=amount, by=None
    )
    fields = {"purpose": "修路"}
    return allocate(
        source, number="F1", title="村路", unit=cast.town, day=DAY, amount=amount, by=None, fields=fields
    )


def test_a_year_of_doings_verifies_clean(cast: Cast) -> None:
    year(cast)
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        (Subject, "name", "别家"),
        (Observation, "value", 1),
        (Matter, "stage", "办结"),
        (Matter, "fields", {"urgency": "缓"}),
        (Movement, "note", "改写"),
        (Line, "fields", {}),
        (Payment, "title", "别的"),
    ],
)
def test_a_row_written_around_the_journal_is_found_by_name(
    cast: Cast, model: type[Any], column: str, value: object
) -> None:
    year(cast)
    row = model.objects.order_by("pk").first()
    setattr(row, column, value)
    row.save_base(update_fields=[column])
    found = list(verify())
    assert [(finding.id, finding.place) for finding in found] == [("verify.row", row.identity())]


@pytest.mark.parametrize("model", [Subject, Observation, Matter, Movement, Line, Payment, Allocation])
def test_nothing_is_saved_or_deleted_outside_the_journal(cast: Cast, model: type[Any]) -> None:
    year(cast)
    row = model.objects.order_by("pk").first()
    with pytest.raises(RuntimeError):
        row.save()
    with pytest.raises(RuntimeError):
        row.delete()
    with pytest.raises(RuntimeError):
        model.objects.all().delete()


def test_each_act_is_one_link_with_who_did_it(cast: Cast) -> None:
    before = Entry.objects.count()
    observe(indicator("gdp"), cast.county, year=2025, month=3, value="30", by=cast.post("statistician"))
    entry = Entry.objects.latest("seq")
    assert (Entry.objects.count(), entry.by) == (before + 1, cast.post("statistician").code)
    assert "地区生产总值·陵水湾县·2025年3月：30亿元" in entry.body


@pytest.fixture
def committed(home: object, transactional_db: None) -> Cast:
    """The cast in a database whose transactions are real, so that two people can act at once."""
    return county()


def test_two_payments_at_once_cannot_both_fit(committed: Cast) -> None:
    """60 of 100 fen, twice, at the same moment: the lock lets the second one see the first."""
    if connection.vendor == "sqlite":
        pytest.skip("内存中的 SQLite 只有一个连接；此项在 PostgreSQL 上测")
    part = money(committed, 100)
    gate, outcomes = threading.Barrier(2), list[str]()

    def attempt(number: str) -> None:
        gate.wait()
        try:
            with transaction.atomic():
                pay(part, number=number, title="款", day=DAY, amount=60, by=None)
            outcomes.append("paid")
        except Refused as refused:
            outcomes.append(refused.findings[0].id)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(f"P{number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["fund.over-allocation", "paid"]
    assert Allocation.objects.get(ref=part.ref).paid == 60
    assert list(verify()) == []
