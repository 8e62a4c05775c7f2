"""Who may open what: every page for several of the cast; what may not be seen is not there; nothing is taken without a token."""

import pytest
from django.test import Client

from shuzhi.desk.forms import safe_name
from shuzhi.matters.verbs import attach_papers
from shuzhi.units.verbs import register_user
from tests.cast import Cast
from tests.desk.office import MINUTES, TODAY, complaint, errand, hazard, seated

EVERYBODY = ("head", "supervisor", "statistician", "town_filler", "discipline", "writer", "admin")
OPEN_PAGES = (
    "/desk/",
    "/desk/ledgers/",
    "/desk/ledgers/try_errand/",
    "/desk/ledgers/try_grant/?part=payment",
    "/desk/ledgers/try_shop/",
    "/desk/ledgers/try_meeting/",
    "/desk/ledgers/listed_hazard/",
    "/desk/ledgers/try_errand/export.xlsx",
    "/desk/entry/",
    "/desk/intake/",
    "/desk/intake/template/try_meeting.xlsx",
    "/desk/indicators/",
    "/desk/indicators/gdp/",
    "/desk/books/",
    "/desk/reports/",
)


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_with_a_post_opens_the_common_pages(office: Cast, who: str) -> None:
    client = seated(office, who)
    assert {page: client.get(page).status_code for page in OPEN_PAGES} == dict.fromkeys(OPEN_PAGES, 200)


@pytest.mark.parametrize("page", OPEN_PAGES)
def test_a_stranger_is_shown_the_door(office: Cast, page: str) -> None:
    answer = Client().get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/desk/login/")


# Who sees what: an errand of the town (internal), a hazard (public to all posts), a complaint (restricted).
SEEN = {
    "head": (200, 200, 404),
    "supervisor": (200, 200, 404),
    "town_filler": (200, 200, 404),
    "town_head": (200, 200, 404),
    "hazard_filler": (404, 200, 404),
    "petition_filler": (404, 200, 404),
    "discipline": (200, 200, 200),
    "admin": (200, 200, 404),
}


@pytest.mark.parametrize(("who", "wanted"), SEEN.items())
def test_an_item_is_there_only_for_those_who_may_see_it(
    office: Cast, who: str, wanted: tuple[int, int, int]
) -> None:
    matters = (errand(office), hazard(office), complaint(office))
    client = seated(office, who)
    assert tuple(client.get(f"/desk/items/{matter.ref}/").status_code for matter in matters) == wanted
    assert tuple(client.get(f"/desk/items/{matter.ref}/history/").status_code for matter in matters) == wanted


@pytest.mark.parametrize("who", [key for key in EVERYBODY if key != "discipline"])
def test_a_restricted_ledger_leaves_no_trace_for_others(office: Cast, who: str) -> None:
    kept = complaint(office)
    attach_papers(kept, [MINUTES], day=TODAY, by=office.post("discipline"))
    client = seated(office, who)
    for page in ("/desk/", "/desk/ledgers/", "/desk/intake/", "/desk/books/"):
        text = client.get(page).content.decode()
        assert "密件甲" not in text
        assert "试用举报" not in text
    for page in (
        "/desk/ledgers/try_complaint/",
        "/desk/ledgers/try_complaint/export.xlsx",
        "/desk/ledgers/try_complaint/new/",
        "/desk/intake/template/try_complaint.xlsx",
        f"/desk/papers/{kept.ref}/1/",
        f"/desk/items/{kept.ref}/edit/",
    ):
        assert client.get(page).status_code == 404, page
    for act in ("step", "unchanged"):
        assert client.post(f"/desk/items/{kept.ref}/{act}/", {"to": "办结"}).status_code == 404
    kept.refresh_from_db()
    assert kept.stage == "登记"


def test_discipline_sees_its_own_ledger(office: Cast) -> None:
    complaint(office)
    client = seated(office, "discipline")
    assert "密件甲" in client.get("/desk/ledgers/try_complaint/").content.decode()
    assert "试用举报" in client.get("/desk/ledgers/").content.decode()


@pytest.mark.parametrize(
    "page",
    [
        "/desk/ledgers/no_such/",
        "/desk/items/matter/2025-9999/",
        "/desk/items/record/2025-9999/",
        "/desk/items/subject/2025-9999/",
        "/desk/items/budget/2025-0001/",
        "/desk/papers/matter/2025-9999/1/",
        "/desk/papers/blob/x/1/",
        "/desk/indicators/no_such/",
        "/desk/reports/2025-9999/",
        "/desk/reports/2025-9999/editions/1/",
        "/desk/ledgers/try_grant/new/",
    ],
)
def test_what_is_not_there_is_said_in_chinese(office: Cast, page: str) -> None:
    answer = seated(office, "head").get(page)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


def test_who_has_no_post_today_is_told_whom_to_ask(office: Cast) -> None:
    register_user(username="newcomer", name="新来")
    client = Client()
    from shuzhi.units.models import User

    client.force_login(
        User.objects.get(username="newcomer"), backend="django.contrib.auth.backends.ModelBackend"
    )
    answer = client.get("/desk/")
    assert answer.status_code == 403
    assert "系统管理员" in answer.content.decode()


WRITES = (
    "/desk/intake/",
    "/desk/entry/",
    "/desk/books/",
    "/desk/reports/",
    "/desk/ledgers/try_errand/new/",
    "/desk/logout/",
    "/desk/items/matter/2025-0001/step/",
    "/desk/items/matter/2025-0001/unchanged/",
    "/desk/items/matter/2025-0001/edit/",
    "/desk/reports/2025-0001/choose/",
    "/desk/reports/2025-0001/compile/",
    "/desk/reports/2025-0001/editions/1/act/sign/",
)


@pytest.mark.parametrize("page", WRITES)
def test_nothing_is_taken_without_a_token(office: Cast, page: str) -> None:
    errand(office)
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.user("town_filler"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(page, {"to": "承办", "act": "load", "title": "甲"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


ONLY_POSTED = tuple(page for page in WRITES if "/step/" in page or "/unchanged/" in page or "/act/" in page)


@pytest.mark.parametrize("page", ONLY_POSTED)
def test_an_address_alone_changes_nothing(office: Cast, page: str) -> None:
    errand(office)
    assert seated(office, "town_filler").get(page).status_code == 405


def test_pages_allow_no_foreign_or_inline_script(office: Cast) -> None:
    for client, page in ((seated(office, "head"), "/desk/"), (Client(), "/"), (Client(), "/desk/login/")):
        answer = client.get(page)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer["X-Frame-Options"] == "DENY"
        text = answer.content.decode()
        assert "<script>" not in text
        assert " style=" not in text
        assert " onclick=" not in text


def test_five_wrong_passwords_lock_the_account_in_chinese(office: Cast) -> None:
    client = Client()
    wrong = {"username": "head", "password": "not-it"}
    answers = [client.post("/desk/login/", wrong) for _ in range(5)]
    assert "账号或口令不对" in answers[0].content.decode()
    assert answers[-1].status_code == 429
    assert "账号已锁定" in answers[-1].content.decode()


def test_a_paper_is_saved_and_never_shown_inside_our_pages(office: Cast) -> None:
    from shuzhi.matters.papers import NewPaper

    made = errand(office)
    page = NewPaper("会议纪要", "纪要", TODAY, b"<script>alert(1)</script>", "text/html")
    attach_papers(made, [page], day=TODAY, by=office.post("town_filler"))
    answer = seated(office, "town_head").get(f"/desk/papers/{made.ref}/1/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert seated(office, "hazard_filler").get(f"/desk/papers/{made.ref}/1/").status_code == 404


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("纪要.pdf", "纪要.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\桌面\\批复.docx", "批复.docx"),
        ("验收\u202excod.exe", "验收xcod.exe"),
        ("a\x00b\n.txt", "ab.txt"),
        ("…", "…"),
        ("..", "未命名"),
        ("", "未命名"),
    ],
)
def test_file_names_are_made_safe(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept
