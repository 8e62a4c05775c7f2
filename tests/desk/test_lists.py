"""今日, ledgers, indicators and books: what is listed, how it is narrowed, and that long lists ask no more than short ones."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from shuzhi.desk.show import masked
from shuzhi.evidence.models import Entry
from shuzhi.funds.verbs import allocate, budget
from shuzhi.indicators.verbs import observe
from shuzhi.matters.models import Matter
from shuzhi.records.verbs import enter_record
from shuzhi.subjects.verbs import register_subject
from tests.accounts import indicator, kind
from tests.cast import Cast
from tests.desk.office import TODAY, errand, hazard, seated, underway


def said(client: Client, page: str) -> str:
    return client.get(page).content.decode()


def asked(client: Client, page: str) -> int:
    """How many queries a page asks."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("town_filler", "/desk/"),
        ("town_filler", "/desk/ledgers/"),
        ("town_filler", "/desk/ledgers/try_errand/"),
        ("town_filler", "/desk/ledgers/try_errand/export.xlsx"),
    ],
)
def test_thirty_rows_ask_no_more_queries_than_one(office: Cast, who: str, page: str) -> None:
    client = seated(office, who)
    errand(office, place="990101001")
    client.get(page)
    one = asked(client, page)
    for number in range(29):
        errand(office, title=f"事项{number}", place="990101001")
    assert asked(client, page) == one


def test_lists_of_records_and_money_ask_no_more_either(office: Cast) -> None:
    by, treasurer = office.post("town_filler"), office.post("county_treasurer")
    grant = kind("try_grant")
    source = budget(
        grant, office.county, number="B1", title="修路经费", year=2025, amount=10_000_000, by=treasurer
    )
    client = seated(office, "head")
    pages = (
        "/desk/ledgers/try_meeting/",
        "/desk/ledgers/try_shop/",
        "/desk/ledgers/try_grant/?part=allocation",
    )

    def one_more(number: int) -> None:
        shop = register_subject(
            kind("try_shop"),
            office.town,
            code=f"S{number}",
            name=f"店{number}",
            since=TODAY,
            by=by,
            fields={"trade": "零售"},
        )
        enter_record(
            kind("try_meeting"),
            office.town,
            title="会",
            day=TODAY,
            by=by,
            fields={"place": "集市"},
            subject=shop,
        )
        allocate(
            source,
            unit=office.town,
            number=f"A{number}",
            title="路",
            day=TODAY,
            amount=1000,
            by=treasurer,
            fields={"purpose": "修路"},
        )

    one_more(0)
    for page in pages:
        client.get(page)
    before = [asked(client, page) for page in pages]
    for number in range(1, 6):
        one_more(number)
    assert [asked(client, page) for page in pages] == before
    assert "修路经费" in said(client, pages[2])
    sheet = load_workbook(BytesIO(client.get("/desk/ledgers/try_grant/export.xlsx").content)).active
    assert sheet is not None
    assert any("修路经费" in row for row in sheet.iter_rows(values_only=True))


def test_a_ledger_is_searched_narrowed_and_sorted(office: Cast) -> None:
    errand(office, title="修路", urgency="急", cost="3")
    errand(office, title="清淤", urgency="缓", cost="20")
    client = seated(office, "town_head")
    base = "/desk/ledgers/try_errand/"
    assert "清淤" not in said(client, f"{base}?q=修")
    assert "修路" not in said(client, f"{base}?urgency=缓")
    assert "修路" not in said(client, f"{base}?light=red")
    assert "修路" in said(client, f"{base}?opened__from=2025-12-22&opened__to=2025-12-22&unit=990101")
    assert "修路" not in said(client, f"{base}?opened__from=2025-12-23")
    up, down = said(client, f"{base}?sort=cost"), said(client, f"{base}?sort=-cost")
    assert up.index("修路") < up.index("清淤")
    assert down.index("清淤") < down.index("修路")
    assert 'aria-sort="descending"' in down


@pytest.mark.parametrize(
    "query",
    [
        "opened__from=昨天",
        "opened=x",
        "no_such=1",
        "cost=abc",
        "urgency=没有",
        "sort=no_such",
        "page=999",
        "page=x",
        "light=blue",
        "fields__x=1",
        "unit__name__has=清",
        "opened__from=2025-02-30",
    ],
)
def test_an_address_nobody_can_mean_is_no_error(office: Cast, query: str) -> None:
    errand(office)
    assert "修通村路" in said(seated(office, "town_head"), f"/desk/ledgers/try_errand/?{query}")


def test_an_empty_ledger_says_what_to_do(office: Cast) -> None:
    client = seated(office, "town_filler")
    assert "还没有登记过试办事项" in said(client, "/desk/ledgers/try_errand/")
    errand(office)
    assert "可以放宽筛选条件" in said(client, "/desk/ledgers/try_errand/?q=没有的")


def test_the_export_holds_what_is_seen(office: Cast) -> None:
    errand(office, title="=修路", cost="3")
    errand(office, title="清淤", cost="20")
    data = seated(office, "town_head").get("/desk/ledgers/try_errand/export.xlsx?q=修").content
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    head, row, *rest = sheet.iter_rows(values_only=True)
    assert not rest
    assert head[:3] == ("事项", "灯", "为什么")
    assert row[0] == "=修路"
    assert row[1] == "▲ 注意"  # the limit is near: clocks warn by themselves


def test_a_list_masks_what_is_private(office: Cast) -> None:
    assert masked("phone", "13912345678") == "139****5678"
    assert masked("phone", "1234") == "****"
    assert masked("text", "患病") == "（见事项页）"
    assert masked("name", "张三") == "张三"
    assert masked("phone", None) == "—"


def test_today_shows_what_waits_and_what_lacks(office: Cast) -> None:
    underway(office, errand(office, title="等核验的"))
    page = said(seated(office, "town_head"), "/desk/")
    assert "等我办的（0）" in page
    assert "另有 1 件下一步归您办" in page
    assert "须填写核验日期" in page
    filler = said(seated(office, "town_filler"), "/desk/")
    assert "本单位在办（1）" in filler


def test_today_tells_what_turns_red(office: Cast) -> None:
    errand(office)
    page = said(seated(office, "town_head"), "/desk/")
    assert "七天内要变红的（1）" in page
    assert "超过办理期限" in page


def test_today_names_what_a_unit_usually_reports_and_is_late(office: Cast) -> None:
    by = office.post("statistician")
    observe(indicator("retail"), office.county, year=2025, month=10, value="12.5", by=by)
    page = said(seated(office, "statistician"), "/desk/")
    assert "2025年11月</a> 欠 1 个数" in page
    assert indicator("retail").label in page
    assert "2025年10月</a>" not in page


def test_the_indicator_ledger_shows_newest_status_target_and_vintages(office: Cast) -> None:
    by, county = office.post("statistician"), office.county
    observe(indicator("gdp"), county, year=2025, month=3, value="30.5", by=by)
    observe(indicator("gdp"), county, year=2025, month=3, value="31", by=by, status="初步核算", reason="核实")
    observe(indicator("gdp"), county, year=2025, month=12, value="140", by=by, role="target")
    client = seated(office, "town_filler")
    page = said(client, "/desk/indicators/?q=地区生产总值")
    assert "初步核算" in page
    assert "140" in page
    one = said(client, "/desk/indicators/gdp/")
    assert "30.5" in one
    assert "核实" in one
    assert "统计员" in one


def test_books_are_closed_and_verified_by_those_who_may(office: Cast) -> None:
    errand(office)
    admin = seated(office, "admin")
    assert "已结账：sha256:" in admin.post("/desk/books/", {"act": "close"}, follow=True).content.decode()
    assert "核验通过" in admin.post("/desk/books/", {"act": "verify"}).content.decode()
    for act in ("close", "verify"):
        assert seated(office, "town_filler").post("/desk/books/", {"act": act}).status_code == 404


def test_verification_names_what_was_changed_behind_the_journal(office: Cast) -> None:
    made = errand(office)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matters_matter SET title = %s WHERE ref = %s", ["改过的", made.ref])
    page = seated(office, "admin").post("/desk/books/", {"act": "verify"}).content.decode()
    assert "核验发现 1 处问题" in page
    assert made.ref in page


def test_looking_writes_nothing(office: Cast) -> None:
    made = hazard(office)
    before = Entry.objects.count()
    client = seated(office, "head")
    for page in (
        "/desk/",
        "/desk/ledgers/",
        "/desk/ledgers/listed_hazard/",
        f"/desk/items/{made.ref}/",
        "/desk/books/",
    ):
        client.get(page)
    assert Entry.objects.count() == before
    assert Matter.objects.count() == 1
