"""What the public sees: ledgers by each kind's own rule, cards without private or unpublished rows, and nothing twice."""

import csv
import io
import json
from datetime import date

import pytest
from django.test import Client

from shuzhi.evidence import instance
from shuzhi.evidence.models import Entry
from shuzhi.evidence.verify import verify
from shuzhi.kernel.finding import Refused
from shuzhi.matters.models import Matter
from shuzhi.matters.verbs import open_matter, revise_matter
from shuzhi.portal.models import Publication, PublishedFigure
from shuzhi.portal.verbs import Content, publish, withdraw
from shuzhi.reports.cards import public_card
from shuzhi.reports.disclosure import fields_of, publish_ledgers, undisclosed
from shuzhi.reports.screening import screened
from shuzhi.subjects.verbs import register_subject
from tests.accounts import kind
from tests.cast import Cast
from tests.desk.office import TODAY, complaint, errand, hazard

HAZARDS = "listed-hazard-2025-12-31"


def shelve(office: Cast) -> list[Publication]:
    return publish_ledgers(by=office.post("publisher"), as_of=TODAY, day=TODAY)


def test_a_ledger_shows_disclosed_fields_only(office: Cast) -> None:
    hazard(office, 1)
    complaint(office)
    errand(office)
    assert [made.slug for made in shelve(office)] == [HAZARDS]
    page = Client().get(f"/open/{HAZARDS}/").content.decode()
    for shown in ("仓库线路老化1号", "县级", "工贸", "柳溪村", "县应急管理局", "环节", "共 1 条"):
        assert shown in page
    for hidden in ("灯具老化", "13912345678", "密件甲", "修通村路", "H001"):
        assert hidden not in page


def test_the_same_day_twice_is_no_change(office: Cast) -> None:
    hazard(office)
    shelve(office)
    before = Entry.objects.count()
    assert shelve(office) == []
    assert (Publication.objects.count(), Entry.objects.count()) == (1, before)
    assert list(verify()) == []


def test_nothing_to_show_puts_nothing_on_the_shelf(office: Cast) -> None:
    errand(office)
    assert shelve(office) == []
    assert "还没有公开的公开台账" in Client().get("/").content.decode()


def test_only_the_post_for_it_publishes(office: Cast) -> None:
    hazard(office)
    with pytest.raises(Refused, match="没有公开职责"):
        publish_ledgers(by=office.post("head"), as_of=TODAY, day=TODAY)


def test_an_item_its_rule_keeps_back_is_left_out(office: Cast) -> None:
    by, unit = office.post("filer"), office.county
    rule = kind("policy_document")
    needed = {
        "document_kind": "规范性文件",
        "issuer": "县政府",
        "issued": "2025-06-01",
        "doc_no": "陵政〔2025〕1号",
    }
    given = {code: value for code, value in needed.items() if rule.field(code) is not None}
    choices = rule.field("document_kind")
    assert choices is not None
    given["document_kind"] = choices.choices[0]
    made = [
        open_matter(rule, unit, title=title, opened=date(2025, 5, 1), by=by, fields={**given, **more})
        for title, more in (("公开的办法", {}), ("不公开的办法", {"not_public_reason": "涉及商业秘密"}))
    ]
    shelve(office)
    page = Client().get("/open/policy-document-2025-12-31/").content.decode()
    assert ">公开的办法<" in page
    assert "不公开的办法" not in page
    refs = {matter.ref for matter in made}
    assert undisclosed(refs, instance.catalogue(), TODAY) == {made[1].ref}


def test_what_exists_is_shown_until_it_has_ended(office: Cast) -> None:
    rule, given = kind("scenic_site"), {"grade": "3A", "graded": "2021-05-01", "contact": "13912345678"}
    kept, ended = (
        register_subject(
            rule,
            office.county,
            code=code,
            name=name,
            since=date(2019, 5, 1),
            until=until,
            by=None,
            fields=given,
        )
        for code, name, until in (("A", "开门的景区", None), ("B", "歇业的景区", date(2025, 6, 30)))
    )
    shelve(office)
    page = Client().get("/open/scenic-site-2025-12-31/").content.decode()
    assert ">开门的景区<" in page
    for hidden in ("歇业的景区", "13912345678"):
        assert hidden not in page
    assert undisclosed({kept.ref, ended.ref}, instance.catalogue(), TODAY) == {ended.ref}


def test_a_ledger_tells_the_day_it_is_of(office: Cast) -> None:
    made = hazard(office)
    revise_matter(made, day=date(2025, 12, 20), by=office.post("hazard_filler"), fields={"place": "桃源村"})
    by = office.post("publisher")
    publish_ledgers(by=by, as_of=date(2025, 11, 30), day=TODAY)
    shelve(office)
    assert "柳溪村" in Client().get("/open/listed-hazard-2025-11-30/").content.decode()
    assert "桃源村" in Client().get(f"/open/{HAZARDS}/").content.decode()


def test_a_ledger_can_be_taken_away_as_data(office: Cast) -> None:
    hazard(office)
    made = Matter.objects.get()
    revise_matter(made, day=TODAY, by=office.post("hazard_filler"), title="=cmd|' /C calc'!A1<b>")
    shelve(office)
    page = Client().get(f"/open/{HAZARDS}/").content.decode()
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    data = json.loads(Client().get(f"/open/{HAZARDS}/data.json").content)
    assert data["columns"][0] == "名称"
    assert data["rows"][0][0] == "=cmd|' /C calc'!A1<b>"
    answer = Client().get(f"/open/{HAZARDS}/files/台账.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][0].startswith("'=")
    assert "attachment" in answer["Content-Disposition"]


def test_no_disclosed_field_is_private(office: Cast) -> None:
    for one in instance.catalogue().kinds.values():
        assert all(field.public and not field.personal for field in fields_of(one))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("联系 13912345678", "联系 139****5678"),
        ("身份证 11010519491231002X 号", "身份证 （身份证号已隐去） 号"),
        ("投资 139123456789 元", "投资 139123456789 元"),
        ("第13912345号", "第13912345号"),
        ("项目代码2025-990123-66-01-897358", "项目代码2025-990123-66-01-897358"),
    ],
)
def test_numbers_of_people_are_hidden_in_texts(typed: str, shown: str) -> None:
    assert screened(typed) == shown


def leaf(relation: str, codes: list[str], records: list[list[str]], refs: list[str]) -> dict[str, object]:
    """A leaf as a card holds it."""
    return {
        "relation": relation,
        "rows": len(records),
        "total": "2个",
        "codes": codes,
        "columns": codes,
        "records": records,
        "refs": refs,
        "more": 0,
    }


def test_the_public_side_of_a_card_leaks_nothing(office: Cast) -> None:
    hazards = leaf(
        "listed_hazard",
        ["ref", "title", "place", "description", "measures", "responsible"],
        [
            ["matter/1", "甲", "柳溪村", "电话13912345678", "内情", "某人"],
            ["matter/2", "乙", "桃源村", "", "内情", "某人"],
        ],
        ["matter/1", "matter/2"],
    )
    petitions = leaf("petition_case", ["ref", "title"], [["matter/3", "信访人甲"]], ["matter/3"])
    visits = leaf("grassroots_visit", ["ref", "title"], [["record/1", "走访乙"]], ["record/1"])
    payments = leaf("linking_fund.payment", ["ref", "title"], [["payment/1", "付给丙"]], ["payment/1"])
    gone = leaf("no_such_kind", ["ref"], [["x/1"]], ["x/1"])
    papers = [
        {
            "owner": owner,
            "kind": "验收单",
            "title": f"某人的{owner}",
            "day": "2025-01-01",
            "digest": "sha256:0",
        }
        for owner in ("matter/1", "matter/2", "matter/3", "record/1")
    ]
    made = {"label": "数", "leaves": [hazards, petitions, visits, payments, gone], "papers": papers}
    card = public_card(made, instance.catalogue(), {"matter/2"})
    text = json.dumps(card, ensure_ascii=False)
    for hidden in (
        "内情",
        "某人",
        "信访人甲",
        "走访乙",
        "付给丙",
        "乙",
        "matter/2",
        "matter/3",
        "record/1",
        "x/1",
        "13912345678",
    ):
        assert hidden not in text, hidden
    assert "甲" in text
    assert "柳溪村" in text
    assert [paper["owner"] for paper in card["papers"]] == ["matter/1"]  # type: ignore[attr-defined]
    assert "total" in text


def test_what_is_withdrawn_says_why_and_shows_no_more(office: Cast) -> None:
    card = {"code": "AAAA-BBBB", "label": "数", "text": "1", "leaves": [], "papers": []}
    content = Content("<p>全文在此</p>", {"AAAA-BBBB": card}, [("报告.pdf", "application/pdf", b"%PDF")])
    made = publish(
        "report-2025",
        "report",
        content,
        title="报告",
        unit_name="陵水湾县",
        day=TODAY,
        closing="",
        by="system",
    )
    anybody = Client()
    assert "全文在此" in anybody.get("/open/report-2025/").content.decode()
    with pytest.raises(Refused, match="撤下须写明原因"):
        withdraw(made, day=TODAY, reason=" ", by="system")
    withdraw(made, day=TODAY, reason="数字有误", by="system")
    page = anybody.get("/open/report-2025/").content.decode()
    assert "原因：数字有误" in page
    assert "全文在此" not in page
    for gone in ("/open/report-2025/data.json", "/open/report-2025/files/报告.pdf", "/figure/AAAA-BBBB/"):
        assert anybody.get(gone).status_code == 404
    assert "数字有误" in anybody.get("/").content.decode()
    assert PublishedFigure.objects.count() == 1


def test_the_shelf_is_searched(office: Cast) -> None:
    hazard(office)
    shelve(office)
    anybody = Client()
    assert "挂牌隐患台账" in anybody.get("/?q=隐患").content.decode()
    assert "没有标题含“水库”的公开台账" in anybody.get("/?q=水库").content.decode()


def test_nobody_publishes_the_same_slug_twice(office: Cast) -> None:
    content = Content("<p>正文</p>")
    told = {"title": "报告", "unit_name": "陵水湾县", "day": TODAY, "closing": "", "by": "system"}
    publish("report-2025", "report", content, **told)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="已经公开"):
        publish("report-2025", "report", content, **told)  # type: ignore[arg-type]


def test_the_style_of_the_paper_is_served_by_ourselves(office: Cast) -> None:
    answer = Client().get("/paper.css")
    assert answer["Content-Type"].startswith("text/css")
    assert ".paper" in answer.content.decode()
