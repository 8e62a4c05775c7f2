"""An item's page: the next lawful step is one button, 无变化 is one press, a new one is one form."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuzhi.desk.steps import lacking
from shuzhi.evidence.models import Paper
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.verbs import revise_matter
from shuzhi.records.models import Record
from shuzhi.records.verbs import enter_record
from shuzhi.subjects.models import Subject
from shuzhi.subjects.verbs import register_subject
from tests.accounts import kind
from tests.cast import Cast
from tests.desk.office import TODAY, errand, seated, underway


def said(client: Client, page: str) -> str:
    return client.get(page).content.decode()


def press(client: Client, matter: Matter, **given: object) -> str:
    """Press a button of the item's page and read what it says then."""
    return client.post(f"/desk/items/{matter.ref}/step/", given, follow=True).content.decode()


def test_the_page_says_why_the_light_is_as_it_is(office: Cast) -> None:
    made = errand(office)
    revise_matter(made, day=date(2025, 12, 23), by=office.post("town_filler"), fields={"cost": "1.5"})
    page = said(seated(office, "town_head"), f"/desk/items/{made.ref}/")
    assert "为什么：" in page
    assert "花费：1.5 万元" in page
    assert "办理期限" in page
    assert "尚未填写" in page


def test_a_step_takes_the_fields_its_gate_asks_for(office: Cast) -> None:
    made = errand(office)
    client = seated(office, "town_filler")
    page = said(client, f"/desk/items/{made.ref}/")
    assert 'name="progress"' in page
    assert "转入“承办”" in page
    told = press(client, made, to="承办", progress="已进场", note="开工")
    assert "已转入“承办”" in told
    made.refresh_from_db()
    assert (made.stage, made.fields["progress"]) == ("承办", "已进场")


def test_a_step_with_something_lacking_is_refused_and_says_what(office: Cast) -> None:
    made = errand(office)
    told = press(seated(office, "town_filler"), made, to="承办")
    assert "须先填写进展" in told
    made.refresh_from_db()
    assert made.stage == "登记"


def test_a_step_takes_the_papers_it_needs(office: Cast) -> None:
    made = underway(office, errand(office))
    minutes = SimpleUploadedFile("../纪要.pdf", b"%PDF-1.7", "application/pdf")
    given = {"to": "核验", "checked": "2025-12-24", "paper-0": minutes}
    told = press(seated(office, "town_head"), made, **given)
    assert "已转入“核验”" in told
    paper = Paper.objects.get(owner=made.ref)
    assert (paper.kind, paper.title) == ("会议纪要", "纪要")


def test_a_paper_that_cannot_be_had_is_excused_in_words_everybody_sees(office: Cast) -> None:
    made = underway(office, errand(office))
    client = seated(office, "town_head")
    press(client, made, **{"to": "核验", "checked": "2025-12-24", "without-0": "电话会议，未成文"})
    assert "未附会议纪要：电话会议，未成文" in said(client, f"/desk/items/{made.ref}/")


def test_whoever_has_not_the_right_sees_no_open_button(office: Cast) -> None:
    made = underway(office, errand(office))
    client = seated(office, "town_filler")
    page = said(client, f"/desk/items/{made.ref}/")
    assert "您无权办理“核验”" in page
    assert "disabled>转入“核验”" in page
    assert "现在不能转入" in press(client, made, to="核验", checked="2025-12-24")
    assert "现在不能转入" in press(client, made, to="没有这个环节")


def test_the_fields_a_gate_speaks_of_are_those_still_empty(office: Cast) -> None:
    made = errand(office)
    errands = kind("try_errand")
    stages = {stage.name: [field.code for field in lacking(errands, made, stage)] for stage in errands.stages}
    assert stages["承办"] == ["progress"]
    assert stages["核验"] == ["checked"]
    assert stages["办结"] == ["result"]
    assert stages["中止"] == []


def test_no_change_is_one_press(office: Cast) -> None:
    made = errand(office)
    client = seated(office, "town_filler")
    assert "无变化</button>" in said(client, "/desk/")
    answer = client.post(f"/desk/items/{made.ref}/unchanged/", {"back": "today"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/"
    told = Movement.objects.filter(matter=made).latest("no")
    assert (told.act, told.note, told.date, told.changes) == ("revise", "无变化", TODAY, {})
    page = answer.content.decode()
    assert "今天已报" in page
    assert "无变化</button>" not in page


def test_no_change_is_reported_only_by_those_who_fill(office: Cast) -> None:
    made = errand(office)
    answer = seated(office, "head").post(f"/desk/items/{made.ref}/unchanged/", follow=True)
    assert "您无权填报" in answer.content.decode()
    assert Movement.objects.filter(matter=made).count() == 1


def test_a_new_matter_is_one_form(office: Cast) -> None:
    client = seated(office, "town_filler")
    given = {
        "unit": "990101",
        "title": "清淤",
        "day": "2025-12-30",
        "urgency": "缓",
        "cost": "２．５",
        "due": "2026-01-09",
    }
    answer = client.post("/desk/ledgers/try_errand/new/", given, follow=True)
    made = Matter.objects.get()
    assert answer.redirect_chain[-1][0] == f"/desk/items/{made.ref}/"
    assert (made.title, made.fields["cost"], made.due) == ("清淤", 2_500_000, date(2026, 1, 9))


def test_a_refused_form_keeps_what_was_typed(office: Cast) -> None:
    client = seated(office, "town_filler")
    given = {"unit": "990101", "title": "清淤", "day": "明天", "urgency": "缓", "cost": "很多"}
    page = client.post("/desk/ledgers/try_errand/new/", given).content.decode()
    assert "“明天”不是日期" in page
    assert 'value="清淤"' in page
    assert 'value="很多"' in page
    assert not Matter.objects.exists()


def test_nobody_registers_for_units_that_are_not_theirs(office: Cast) -> None:
    client = seated(office, "town_filler")
    given = {"unit": "990102", "title": "清淤", "day": "2025-12-30", "urgency": "缓"}
    assert "请选择责任单位" in client.post("/desk/ledgers/try_errand/new/", given).content.decode()
    assert seated(office, "head").get("/desk/ledgers/try_errand/new/").status_code == 404


def test_a_record_is_entered_with_its_table_and_corrected_with_a_reason(office: Cast) -> None:
    by = office.post("town_filler")
    shop = register_subject(
        kind("try_shop"),
        office.town,
        code="S1",
        name="柳溪小店",
        since=TODAY,
        by=by,
        fields={"trade": "零售"},
    )
    client = seated(office, "town_filler")
    given = {
        "unit": "990101",
        "title": "赶集对接会",
        "day": "2025-12-30",
        "place": "集市",
        "deals.shop": ["S1", ""],
        "deals.intent": ["10", ""],
        "deals.signed": ["4.5", ""],
    }
    client.post("/desk/ledgers/try_meeting/new/", given)
    made = Record.objects.get()
    page = said(client, f"/desk/items/{made.ref}/")
    assert "成交明细（1）" in page
    assert "4.5 万元" in page
    refused = client.post(f"/desk/items/{made.ref}/edit/", {"place": "镇政府", "note": ""}).content.decode()
    assert "更正须说明理由" in refused
    client.post(f"/desk/items/{made.ref}/edit/", {"place": "镇政府", "note": "地点记错"})
    made.refresh_from_db()
    assert made.fields["place"] == "镇政府"
    assert "地点记错" in said(client, f"/desk/items/{made.ref}/")
    assert "柳溪小店" in said(client, f"/desk/items/{shop.ref}/")


def test_a_subject_is_registered_and_changed(office: Cast) -> None:
    client = seated(office, "town_filler")
    given = {"unit": "990101", "title": "柳溪小店", "number": "S1", "day": "2025-01-01", "trade": "零售"}
    client.post("/desk/ledgers/try_shop/new/", given)
    made = Subject.objects.get()
    answer = client.post(f"/desk/items/{made.ref}/edit/", {"trade": "餐饮", "chain": "是"}, follow=True)
    assert "已登记变更" in answer.content.decode()
    again = client.post(f"/desk/items/{made.ref}/edit/", {"trade": "餐饮", "chain": "是"}, follow=True)
    assert "没有变化" in again.content.decode()


def test_an_edit_keeps_references_to_units_beyond_the_seat(office: Cast) -> None:
    made = errand(office, place="990102")
    client = seated(office, "town_filler")
    page = said(client, f"/desk/items/{made.ref}/edit/")
    assert '<option value="990102" selected>' in page


def test_the_journal_of_an_item_names_who_wrote_it(office: Cast) -> None:
    made = errand(office)
    page = said(seated(office, "town_head"), f"/desk/items/{made.ref}/history/")
    assert "登记试办事项" in page
    assert "清河镇填报员" in page
    assert "sha256:" in page


def test_a_record_of_another_unit_stays_closed(office: Cast) -> None:
    by = office.post("town_filler")
    made = enter_record(
        kind("try_meeting"), office.town, title="会", day=TODAY, by=by, fields={"place": "集市"}
    )
    assert seated(office, "hazard_filler").get(f"/desk/items/{made.ref}/").status_code == 404
    assert seated(office, "head").get(f"/desk/items/{made.ref}/edit/").status_code == 404
