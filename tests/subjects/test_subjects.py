"""Subjects: registered under their code once, cleaned on entry, revised with every change told."""

from datetime import date
from typing import Any

import pytest

from shuzhi.evidence.models import Entry
from shuzhi.figures.layout import encode
from shuzhi.kernel.finding import Refused
from shuzhi.subjects.models import Subject
from shuzhi.subjects.queries import list_subjects
from shuzhi.subjects.relation import relations
from shuzhi.subjects.verbs import register_subject, revise_subject
from tests.accounts import kind
from tests.cast import Cast

MARCH = date(2025, 3, 3)


def shop(cast: Cast, code: str = "S1", name: str = "柳溪小铺", **more: Any) -> Subject:
    fields = {"trade": "零售", **more.pop("fields", {})}
    options = {"since": MARCH, "by": cast.post("town_filler"), **more}
    return register_subject(kind("try_shop"), cast.town, code=code, name=name, fields=fields, **options)


def test_a_town_registers_its_shop(cast: Cast) -> None:
    made = shop(cast, fields={"turnover": "１２.5", "opened_on": "2024年5月1日", "chain": "否"})
    assert made.ref == "subject/2025-0001"
    assert made.fields == {
        "trade": "零售",
        "turnover": 12_500_000,
        "opened_on": "2024-05-01",
        "chain": False,
    }
    assert Entry.objects.latest("seq").by == cast.post("town_filler").code


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"fields": {"trade": "采矿"}}, "field.choice"),
        ({"fields": {"turnover": "十二"}}, "field.quantity"),
        ({"fields": {"turnover": "0.0000001"}}, "field.quantity"),
        ({"fields": {"opened_on": "2025-02-30"}}, "field.date"),
        ({"fields": {"no_such": "1"}}, "field.unknown"),
        ({"fields": {"trade": ""}}, "field.required"),
        ({"name": "  "}, "subject.unnamed"),
        ({"until": date(2025, 1, 1)}, "subject.until"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    cast: Cast, more: dict[str, Any], found: str
) -> None:
    links = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        shop(cast, **more)
    assert [finding.id for finding in refused.value.findings] == [found]
    assert Subject.objects.count() == 0
    assert Entry.objects.count() == links


@pytest.mark.parametrize("key", ["statistician", "head", "hazard_filler", "petition_filler"])
def test_who_does_not_fill_for_the_town_is_refused(cast: Cast, key: str) -> None:
    with pytest.raises(Refused, match="无权填报试用商户"):
        shop(cast, by=cast.post(key))


def test_a_code_is_registered_once(cast: Cast) -> None:
    shop(cast)
    with pytest.raises(Refused, match="已登记过"):
        shop(cast, name="另一家")


def test_a_revision_tells_old_and_new_and_no_change_leaves_no_link(cast: Cast) -> None:
    made = shop(cast)
    links = Entry.objects.count()
    by = cast.post("town_filler")
    assert revise_subject(made, day=MARCH, by=by, fields={"trade": "零售"}).name == "柳溪小铺"
    assert Entry.objects.count() == links
    changed = revise_subject(made, day=MARCH, by=by, name="柳溪大铺", fields={"trade": "餐饮", "chain": "是"})
    assert (changed.name, changed.fields) == ("柳溪大铺", {"trade": "餐饮", "chain": True})
    assert "名称：柳溪小铺→柳溪大铺；行业：零售→餐饮" in Entry.objects.latest("seq").body


def test_a_field_given_empty_is_cleared(cast: Cast) -> None:
    made = shop(cast, fields={"turnover": "3"})
    changed = revise_subject(made, day=MARCH, by=cast.post("town_filler"), fields={"turnover": " "})
    assert changed.fields == {"trade": "零售"}


def test_a_list_is_filtered_sorted_and_searched(cast: Cast) -> None:
    shop(cast, "S1", "柳溪小铺", fields={"turnover": "9", "opened_on": "2023-12-01", "chain": "是"})
    shop(cast, "S2", "桃源饭店", fields={"trade": "餐饮", "turnover": "10", "opened_on": "2024-05-01"})
    shop(cast, "S3", "桃源书屋")
    user, shops = cast.user("town_filler"), kind("try_shop")

    def codes(**asked: Any) -> list[str]:
        return [row.code for row in list_subjects(user, shops, MARCH, **asked).rows]

    assert codes(sort="turnover") == ["S1", "S2", "S3"]
    assert codes(sort="-turnover") == ["S2", "S1", "S3"]
    assert codes(filters={"trade": "餐饮"}) == ["S2"]
    assert codes(filters={"turnover__from": 9_500_000}) == ["S2"]
    assert codes(filters={"opened_on__from": "2024-05-01"}) == ["S2"]
    assert codes(filters={"opened_on__to": "2024-04-30"}) == ["S1"]
    assert codes(sort="-opened_on") == ["S2", "S1", "S3"]
    assert codes(filters={"chain": True}) == ["S1"]
    assert codes(filters={"trade": ["餐饮", "零售"], "name__has": "桃源"}) == ["S2", "S3"]
    assert codes(search="书") == ["S3"]
    assert codes(sort="name") == ["S1", "S3", "S2"]
    asked = list_subjects(user, shops, MARCH, filters={"password": "x", "unit__name": "y"})
    assert asked.ignored == ("password", "unit__name")


def test_the_relation_is_typed_and_holds_no_keys(cast: Cast) -> None:
    shop(cast, fields={"turnover": "1"})
    relation = next(item for item in relations_of() if item.name == "try_shop")
    assert [(column.name, column.type, column.unit) for column in relation.columns] == [
        ("ref", "text", ""),
        ("code", "text", ""),
        ("name", "text", ""),
        ("unit", "text", ""),
        ("since", "date", ""),
        ("until", "date", ""),
        ("trade", "text", ""),
        ("turnover", "whole", "万元"),
        ("opened_on", "date", ""),
        ("chain", "bool", ""),
    ]
    assert list(relation.rows) == [
        ("subject/2025-0001", "S1", "柳溪小铺", "990101", MARCH, None, "零售", 1_000_000, None, None)
    ]
    assert all(encode(item)[0] for item in relations_of())


def relations_of() -> list[Any]:
    from shuzhi.evidence.instance import catalogue

    return list(relations(catalogue()))


def test_who_revises_what_another_has_just_changed_is_told(cast: Cast) -> None:
    made = shop(cast)
    stale = Subject.objects.get(ref=made.ref)
    by = cast.post("town_filler")
    revise_subject(made, day=MARCH, by=by, fields={"trade": "餐饮"})
    with pytest.raises(Refused, match="另一人刚改过"):
        revise_subject(stale, day=MARCH, by=by, name="柳溪大铺")
    assert Subject.objects.get(ref=made.ref).fields["trade"] == "餐饮"
