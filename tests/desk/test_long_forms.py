"""Long forms: parts by stage, errors beside their field, what a step takes in, what a reference offers."""

from datetime import date

import pytest
from django.test import Client

from shuzhi.desk.folding import asked_by, next_stage, parts, waiting
from shuzhi.desk.forms import inputs
from shuzhi.desk.offering import offered
from shuzhi.desk.seat import opening_act
from shuzhi.desk.words import demanded, papers_named
from shuzhi.kernel.catalogue.grounds import Expression
from shuzhi.kernel.expr.parse import parse
from shuzhi.matters.models import Matter
from shuzhi.matters.verbs import move_matter, open_matter
from shuzhi.subjects.verbs import register_subject
from tests.accounts import kind
from tests.cast import Cast
from tests.desk.office import TODAY, errand, seated, underway


def said(client: Client, page: str) -> str:
    return client.get(page).content.decode()


def rule(source: str) -> Expression:
    return Expression(source, parse(source))


@pytest.mark.usefixtures("office")
def test_a_field_belongs_to_the_stage_that_first_asks_for_it() -> None:
    first = asked_by(kind("try_errand"))
    assert first["urgency"] == ""
    assert (first["progress"], first["checked"], first["result"]) == ("承办", "核验", "办结")
    assert first["cost"] == "承办", "no gate asks for it: it goes with the field written before it"


@pytest.mark.usefixtures("office")
def test_only_the_part_of_the_next_stage_stands_open() -> None:
    errands = kind("try_errand")
    shown = parts(errands, inputs(errands.fields, {}, []), "核验")
    assert [part.title for part in shown if part.open] == ["“核验”环节填写"]
    assert {item.name for part in shown for item in part.inputs} == {field.code for field in errands.fields}
    assert next_stage(errands, "承办") == "核验"
    assert next_stage(errands, "中止") == "中止"


@pytest.mark.usefixtures("office")
def test_a_short_form_is_one_part() -> None:
    shops = kind("try_shop")
    assert [part.title for part in parts(shops, inputs(shops.fields, {}, []))] == [""]


@pytest.mark.usefixtures("office")
def test_what_later_stages_ask_is_not_yet_lacking() -> None:
    now, later = waiting(kind("try_errand"), "登记", ["进展", "核验日期", "办理结果"])
    assert now == ["进展"]
    assert later == 2


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a is not missing and b >= c", {"a", "b", "c"}),
        ("a is not missing or b is not missing", set()),
        ("a = '合格' and (b is missing or c is not missing)", {"a"}),
        ("a", {"a"}),
    ],
)
def test_what_a_gate_cannot_do_without(source: str, wanted: set[str]) -> None:
    assert set(demanded(rule(source))) == wanted


def test_papers_named_in_a_gate_can_be_handed_in_with_the_step() -> None:
    assert list(papers_named(rule("a is not missing or papers('会议纪要') >= 1"))) == ["会议纪要"]


def test_an_error_stands_beside_its_field_and_opens_its_part(office: Cast) -> None:
    given = {"unit": "990101", "title": "清淤", "day": "2025-12-30", "urgency": "缓", "cost": "很多"}
    page = seated(office, "town_filler").post("/desk/ledgers/try_errand/new/", given).content.decode()
    assert 'id="cost-wrong"' in page
    assert 'aria-describedby="cost-wrong"' in page
    assert '<details class="part" open><summary>“承办”环节填写' in page


def test_a_refused_step_keeps_what_was_typed(office: Cast) -> None:
    made = underway(office, errand(office))
    given = {"to": "核验", "checked": "2025-12-01", "note": "现场看过"}
    page = seated(office, "town_head").post(f"/desk/items/{made.ref}/step/", given).content.decode()
    assert "不早于立项日期" in page
    assert 'value="2025-12-01"' in page
    assert 'value="现场看过"' in page
    made.refresh_from_db()
    assert made.stage == "承办"


def test_a_date_a_step_asks_for_stands_at_today(office: Cast) -> None:
    made = underway(office, errand(office))
    page = said(seated(office, "town_head"), f"/desk/items/{made.ref}/")
    assert f'name="checked" type="date" value="{TODAY}"' in page


def test_the_day_it_is_due_can_be_changed_and_cleared(office: Cast) -> None:
    made = errand(office)
    client = seated(office, "town_filler")
    client.post(f"/desk/items/{made.ref}/edit/", {"urgency": "急", "due": "2026-02-01"})
    made.refresh_from_db()
    assert made.due == date(2026, 2, 1)
    client.post(f"/desk/items/{made.ref}/edit/", {"urgency": "急", "due": ""})
    made.refresh_from_db()
    assert made.due is None


def test_a_step_may_set_the_day_it_is_due(office: Cast) -> None:
    by = office.post("town_filler")
    made = open_matter(
        kind("try_errand"),
        office.town,
        title="修路",
        opened=date(2025, 12, 22),
        by=by,
        fields={"urgency": "急"},
    )
    move_matter(made, "承办", day=TODAY, by=by, changes={"progress": "进场"}, due=date(2026, 1, 20))
    again = Matter.objects.get(pk=made.pk)
    assert again.due == date(2026, 1, 20)
    assert again.movements.latest("no").changes["due"] == "2026-01-20"


def test_a_reference_is_offered_by_name_where_the_name_is_its_own(office: Cast) -> None:
    by = office.post("town_filler")
    for code, name in (("S1", "柳溪小店"), ("S2", "同名店"), ("S3", "同名店")):
        register_subject(
            kind("try_shop"),
            office.town,
            code=code,
            name=name,
            since=TODAY,
            by=by,
            fields={"trade": "零售"},
        )
    user = office.post("town_filler").appointments.first()
    assert user is not None
    shops = offered(kind("try_errand"), user.user, TODAY)["try_shop"]
    assert {offer.text for offer in shops} == {"柳溪小店", "S2", "S3"}
    page = said(seated(office, "town_filler"), "/desk/ledgers/try_errand/new/")
    assert '<option value="柳溪小店">' in page


@pytest.mark.usefixtures("office")
def test_who_opens_a_matter_is_whom_its_first_stage_names() -> None:
    assert opening_act(kind("try_errand")) == "fill"
    assert opening_act(kind("try_shop")) == "fill"


def test_the_newest_stands_first_in_a_list(office: Cast) -> None:
    by = office.post("town_filler")
    for title, day in (("旧事", date(2025, 1, 5)), ("新事", date(2025, 12, 5))):
        open_matter(kind("try_errand"), office.town, title=title, opened=day, by=by, fields={"urgency": "急"})
    page = said(seated(office, "town_head"), "/desk/ledgers/try_errand/")
    assert page.index("新事") < page.index("旧事")
