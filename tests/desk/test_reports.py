"""From a masked draft to the public page: dropped, chosen, compiled, then released, signed and published by three people."""

import json
from datetime import date
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuzhi.indicators.releases import publish
from shuzhi.indicators.verbs import observe
from shuzhi.matters.models import Matter
from shuzhi.matters.verbs import open_matter
from shuzhi.portal.models import Publication, PublishedFigure
from shuzhi.reports.models import Choice, Edition, Report
from shuzhi.units.verbs import appoint
from tests.accounts import indicator, kind
from tests.cast import Cast
from tests.desk.office import TODAY, complaint, hazard, seated

DRAFT = """陵水湾县人民政府2025年度述职报告

一、经济运行
全年地区生产总值达到XX.X亿元，社会消费品零售总额XX亿元。全县三级挂牌隐患XX个。新增注册商标XX件。
"""
BASE = "/desk/reports/2025-0001/"
EDITION = f"{BASE}editions/1/"


def told(office: Cast) -> None:
    """What the books hold for the draft."""
    by = office.post("statistician")
    seen = observe(indicator("gdp"), office.county, year=2025, month=12, value="134.52", by=by).observation
    assert seen is not None
    publish([seen], day=TODAY, address="陵水湾县统计公报", by=None)
    hazard(office, 1)
    hazard(office, 2)


def dropped(client: Client, text: str = DRAFT, name: str = "样稿.txt") -> str:
    draft = SimpleUploadedFile(name, text.encode(), "text/plain")
    return client.post("/desk/reports/", {"draft": draft, "year": "2025"}).content.decode()


def left_out(client: Client, text: str = DRAFT) -> None:
    """The writer leaves out what the books do not hold."""
    for mask in ("XX亿元", "XX件"):
        given = {"act": "leave", "start": str(text.index(mask)), "reason": "没有这项统计", "back": BASE}
        client.post(f"{BASE}answer/", given)


def act(client: Client, what: str) -> str:
    return client.post(f"{EDITION}act/{what}/", follow=True).content.decode()


def compiled(office: Cast) -> Client:
    """The draft as far as its first edition; the writer's own hand."""
    told(office)
    writer = seated(office, "writer")
    dropped(writer)
    left_out(writer)
    writer.post(f"{BASE}compile/")
    return writer


def published(office: Cast) -> Edition:
    """The draft all the way to the shelf."""
    compiled(office)
    act(seated(office, "releaser"), "release")
    act(seated(office, "head"), "sign")
    act(seated(office, "publisher"), "publish")
    return Edition.objects.get()


def test_a_dropped_draft_shows_its_places_by_state(office: Cast) -> None:
    told(office)
    client = seated(office, "writer")
    dropped(client)
    page = client.get(BASE).content.decode()
    assert "134.5" in page
    assert "<strong>4</strong> 总数" in page
    assert "三级挂牌隐患" in page
    only = client.get(f"{BASE}?state=已填").content.decode()
    assert "place-card state-未报" not in only
    assert Report.objects.get().title == "陵水湾县人民政府2025年度述职报告"


def test_only_those_who_write_drop_a_draft(office: Cast) -> None:
    client = seated(office, "releaser")
    assert "放入草稿由有“撰稿”职责的人办理" in client.get("/desk/reports/").content.decode()
    dropped(client)
    assert not Report.objects.exists()


def test_a_draft_of_the_county_is_not_there_for_a_township(office: Cast) -> None:
    told(office)
    dropped(seated(office, "writer"))
    seated(office, "writer").post(f"{BASE}compile/")
    for page in (BASE, EDITION, f"{EDITION}files/报告.json"):
        assert seated(office, "town_filler").get(page).status_code == 404
    assert seated(office, "town_filler").post(f"{BASE}compile/").status_code == 404


def test_what_is_no_draft_is_refused_in_words(office: Cast) -> None:
    client = seated(office, "writer")
    assert "草稿里没有文字" in dropped(client, "  \n", "空.txt")
    assert not Report.objects.exists()


def test_a_choice_is_kept_and_leads_back_to_its_place(office: Cast) -> None:
    told(office)
    client = seated(office, "writer")
    dropped(client)
    start = DRAFT.index("XX亿元")
    answer = client.post(
        f"{BASE}choose/", {"start": str(start), "concept": "retail", "back": f"{BASE}?state=未报"}
    )
    assert answer["Location"] == f"{BASE}?state={quote('未报')}#place-{start}"
    assert Choice.objects.get().concept == "retail"


@pytest.mark.parametrize(
    "back", ["https://example.com/desk/", "//example.com/desk/", "/desk//x", "/", "javascript:alert(1)"]
)
def test_a_choice_leads_nowhere_else(office: Cast, back: str) -> None:
    told(office)
    client = seated(office, "writer")
    dropped(client)
    answer = client.post(f"{BASE}choose/", {"start": "x", "concept": "gdp", "back": back})
    assert answer["Location"].startswith("/desk/reports/")


def test_three_rights_are_three_people(office: Cast) -> None:
    writer = compiled(office)
    assert "等有“放数”职责的人办理" in writer.get(EDITION).content.decode()
    assert "您没有放数职责" in act(writer, "release")
    assert "数字还没有放数" in act(seated(office, "head"), "sign")
    assert "报告还没有签发" in act(seated(office, "publisher"), "publish")
    act(seated(office, "releaser"), "release")
    assert "您没有签发职责" in act(seated(office, "releaser"), "sign")
    act(seated(office, "head"), "sign")
    act(seated(office, "publisher"), "publish")
    made = Edition.objects.get()
    assert (made.releaser_id, made.signer_id) == ("990100-releaser", "990100-head")
    assert made.published
    assert seated(office, "head").post(f"{EDITION}act/forge/").status_code == 404


def test_one_person_in_two_posts_still_counts_once(office: Cast) -> None:
    told(office)
    appoint(office.post("releaser"), user=office.user("writer"), since=date(2025, 1, 1), by="system")
    writer = seated(office, "writer")
    dropped(writer)
    writer.post(f"{BASE}compile/")
    assert "撰稿和放数须由不同的人办理" in act(writer, "release")


def test_the_public_page_opens_its_cards_and_the_check_knows_them(office: Cast) -> None:
    made = published(office)
    anybody = Client()
    page = anybody.get(f"/open/{made.published}/").content.decode()
    code = PublishedFigure.objects.get(card__concept="gdp").code
    assert f'href="/figure/{code}/"' in page
    card = anybody.get(f"/figure/{code}/").content.decode()
    for said in ("134.5", "亿元", "快报", "地区生产总值", "134.52", made.closing, code, "2025年12月"):
        assert said in card
    for written in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert anybody.get("/check/", {"code": written})["Location"] == f"/figure/{code}/"
    unknown = anybody.get("/check/", {"code": "ZZZZ-ZZZZ"})
    assert unknown.status_code == 404
    assert "没有找到验数码" in unknown.content.decode()
    data = json.loads(anybody.get(f"/open/{made.published}/data.json").content)
    assert data[code]["expression"] == "gdp"
    pdf = anybody.get(f"/open/{made.published}/files/报告.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert "attachment" in pdf["Content-Disposition"]
    assert anybody.get(f"/open/{made.published}/files/报告.json").status_code == 404


def test_the_desks_own_page_and_card_stand_beside_it(office: Cast) -> None:
    made = published(office)
    client = seated(office, "head")
    page = client.get(EDITION).content.decode()
    code = made.bindings.get(concept="gdp").code
    assert f'href="{EDITION}figures/{code}/"' in page
    assert "134.52" in client.get(f"{EDITION}figures/{code}/").content.decode()
    assert client.get(f"{EDITION}figures/ZZZZ-ZZZZ/").status_code == 404
    assert client.get(f"{EDITION}files/没有.txt").status_code == 404
    assert 'href="card:' not in page


def test_no_card_or_file_shows_rows_of_a_restricted_ledger(office: Cast) -> None:
    complaint(office)
    petition = a_petition(office)
    told(office)
    writer = seated(office, "writer")
    dropped(writer, "述职报告\n全年受理信访事项XX件。\n")
    writer.post(f"{BASE}compile/")
    made = Edition.objects.get()
    binding = made.bindings.get()
    assert (binding.state, binding.text) == ("已填", "1")
    assert petition.title not in json.dumps(binding.card, ensure_ascii=False)
    assert petition.ref not in json.dumps(binding.card, ensure_ascii=False)
    assert "明细不在这里列出" in writer.get(f"{EDITION}figures/{binding.code}/").content.decode()
    report = writer.get(f"{EDITION}files/报告.json").content.decode()
    assert petition.title not in report
    assert petition.ref not in report


def a_petition(office: Cast) -> Matter:
    """白露 registers a petition, which names a person."""
    given = {"form": "来访", "petition_class": "申诉求决", "theme": "城乡建设", "claim": "反映房屋漏水"}
    by, unit = office.post("petition_filler"), office.unit("990100-xfj")
    return open_matter(
        kind("petition_case"),
        unit,
        title="黎某某反映房屋漏水",
        opened=date(2025, 5, 6),
        by=by,
        fields=given,
    )


def test_a_published_report_stays_as_it_was(office: Cast) -> None:
    made = published(office)
    observe(
        indicator("gdp"),
        office.county,
        year=2025,
        month=12,
        value="135",
        by=office.post("statistician"),
        status="初步核算",
        reason="核实",
    )
    page = Client().get(f"/open/{made.published}/").content.decode()
    assert "134.5" in page
    assert Publication.objects.count() == 1
    assert "已经公开" in act(seated(office, "publisher"), "publish")
