"""The pages of guarded ledgers and of fields that are another's: what is not for a seat is not there, and not typed."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from shuzhi.matters.models import Matter
from shuzhi.units.verbs import appoint, create_post, register_user
from tests.accounts import kind
from tests.cast import SINCE, Cast
from tests.desk.office import hazard, seated
from tests.desk.test_intake import send
from tests.subjects.filling import opened

SECRETS = {
    "密信访": "petition_case",
    "密战果": "campaign_result",
    "密热线": "hotline_ticket",
    "密纠纷": "dispute_case",
}
# Who may not see what belongs to the town, though all of them fill in, verify or lead somewhere.
SHUT_OUT = (
    "office_filler",
    "releaser",
    "petition_filler",
    "hazard_filler",
    "treasurer",
    "publisher",
    "admin",
)
PAGES = ("/desk/", "/desk/ledgers/", "/desk/owed/", "/desk/digest/", "/desk/plans/", "/desk/meetings/")


@pytest.fixture
def county(office: Cast) -> Cast:
    """The office with a filling seat at the county itself, a verifier of hazards, and secrets of the town."""
    for key, title, unit, duties in (
        ("office_filler", "综合填报", office.county, ("fill",)),
        ("hazard_boss", "应急局局长", office.unit("990100-yjj"), ("verify",)),
    ):
        office.posts[key] = create_post(
            code=f"990100-{key}", unit=unit, title=title, duties=duties, since=SINCE, by="system"
        )
        office.users[key] = register_user(username=key, name=title)
        appoint(office.posts[key], user=office.users[key], since=SINCE, by="system")
    for title, code in SECRETS.items():
        opened(kind(code), office.town, title)
    return office


def secret(title: str) -> Matter:
    return Matter.objects.get(title=title)


@pytest.mark.parametrize("who", SHUT_OUT)
def test_a_county_seat_finds_nothing_of_what_the_town_keeps(county: Cast, who: str) -> None:
    client = seated(county, who)
    for page in PAGES:
        text = client.get(page).content.decode()
        assert not [title for title in SECRETS if title in text], page
    for title, code in SECRETS.items():
        made = secret(title)
        for page in (
            f"/desk/ledgers/{code}/",
            f"/desk/ledgers/{code}/?q={title}",
            f"/desk/ledgers/{code}/?light=green",
        ):
            answer = client.get(page)
            assert answer.status_code == 404 or f"items/{made.ref}/" not in answer.content.decode(), page
        book = client.get(f"/desk/ledgers/{code}/export.xlsx")
        if book.status_code == 200:
            cells = [
                cell for sheet in load_workbook(BytesIO(book.content)) for row in sheet.values for cell in row
            ]
            assert title not in cells
        for page in ("", "history/", "edit/"):
            assert client.get(f"/desk/items/{made.ref}/{page}").status_code == 404
        for act in ("step", "unchanged", "edit"):
            answer = client.post(f"/desk/items/{made.ref}/{act}/", {"to": "转送交办", "title": "改"})
            assert answer.status_code == 404
        assert made.movements.count() == 1


@pytest.mark.parametrize("who", ["town_filler", "town_head", "supervisor", "head"])
def test_those_who_need_to_know_have_it_as_before(county: Cast, who: str) -> None:
    client = seated(county, who)
    made = secret("密信访")
    assert client.get(f"/desk/items/{made.ref}/").status_code == 200
    assert "密信访" in client.get("/desk/ledgers/petition_case/").content.decode()


def test_an_import_neither_finds_nor_touches_what_it_may_not_see(county: Cast) -> None:
    client = seated(county, "office_filler")
    made = secret("密信访")
    book = load_workbook(BytesIO(client.get("/desk/intake/template/petition_case.xlsx").content))
    sheet = book[kind("petition_case").label]
    heads = {str(cell.value).rstrip("*＊"): cell.column for cell in sheet[2] if cell.value}
    row = {"编号": made.number, "名称": "改了名", "责任单位": "清河镇", "立项日期": "2025-12-01"}
    for head, value in row.items():
        sheet.cell(row=4, column=heads[head], value=value)
    out = BytesIO()
    book.save(out)
    page = send(client, out.getvalue(), "load").content.decode()  # type: ignore[attr-defined]
    assert "密信访" not in page
    assert "有错误，一行也没有导入" in page
    made.refresh_from_db()
    assert made.title == "密信访"


# --- fields that are another's ------------------------------------------------------------------------------------


def test_whoever_fills_in_reads_a_verdict_and_does_not_type_it(county: Cast) -> None:
    made = hazard(county)
    client = seated(county, "hazard_filler")
    page = client.get(f"/desk/items/{made.ref}/edit/").content.decode()
    assert 'name="acceptance_result"' not in page
    assert 'name="description"' in page
    assert "由“审核、督查”岗位填写" in page
    assert 'name="acceptance_result"' not in client.get("/desk/ledgers/listed_hazard/new/").content.decode()


def test_a_verdict_sent_all_the_same_is_refused_beside_its_field(county: Cast) -> None:
    made = hazard(county)
    client = seated(county, "hazard_filler")
    form = {code: str(value) for code, value in made.fields.items()}
    page = client.post(f"/desk/items/{made.ref}/edit/", {**form, "acceptance_result": "合格", "note": "改"})
    assert "只由“审核、督查”岗位填写" in page.content.decode()
    made.refresh_from_db()
    assert "acceptance_result" not in made.fields


def test_to_save_the_rest_leaves_the_verdict_as_it_is(county: Cast) -> None:
    made = hazard(county)
    boss = seated(county, "hazard_boss")
    given = {"acceptance": "2025-12-20", "acceptance_result": "不合格", "note": "现场看过"}
    assert boss.post(f"/desk/items/{made.ref}/edit/", given).status_code == 302
    filler = seated(county, "hazard_filler")
    form = {code: str(value) for code, value in Matter.objects.get(ref=made.ref).fields.items()}
    del form["acceptance"], form["acceptance_result"]
    answer = filler.post(f"/desk/items/{made.ref}/edit/", {**form, "place": "桃源村", "note": "地点写错"})
    assert answer.status_code == 302
    fields = Matter.objects.get(ref=made.ref).fields
    assert (fields["acceptance_result"], fields["place"]) == ("不合格", "桃源村")


def test_whose_it_is_finds_a_form_of_just_that(county: Cast) -> None:
    made = hazard(county)
    client = seated(county, "hazard_boss")
    assert "登记变更" in client.get(f"/desk/items/{made.ref}/").content.decode()
    page = client.get(f"/desk/items/{made.ref}/edit/").content.decode()
    assert 'name="acceptance_result"' in page
    assert 'name="description"' not in page
    client.post(f"/desk/items/{made.ref}/edit/", {"description": "改写", "note": "改"})
    client.post(f"/desk/items/{made.ref}/edit/", {"acceptance_result": "合格", "due": "2030-01-01"})
    made.refresh_from_db()
    assert made.fields["description"].startswith("灯具老化")
    assert made.due is None
    assert seated(county, "publisher").get(f"/desk/items/{made.ref}/edit/").status_code == 404


def test_a_workbook_with_a_verdict_is_refused_from_whoever_fills_in(county: Cast) -> None:
    made = hazard(county)
    for who, taken in (("hazard_filler", False), ("hazard_boss", True)):
        client = seated(county, who)
        book = load_workbook(BytesIO(client.get("/desk/intake/template/listed_hazard.xlsx").content))
        sheet = book[kind("listed_hazard").label]
        heads = {str(cell.value).rstrip("*＊"): cell.column for cell in sheet[2] if cell.value}
        row = {
            "编号": made.number,
            "名称": made.title,
            "责任单位": "县应急管理局",
            "立项日期": "2025-03-03",
            "验收结论": "合格",
        }
        for head, value in row.items():
            sheet.cell(row=4, column=heads[head], value=value)
        out = BytesIO()
        book.save(out)
        page = send(client, out.getvalue(), "load").content.decode()  # type: ignore[attr-defined]
        assert ("只由“审核、督查”岗位填写" not in page) is taken, who
        made.refresh_from_db()
        assert (made.fields.get("acceptance_result") == "合格") is taken, who
