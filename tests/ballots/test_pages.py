"""The pages: organisers set up, print, stop, seal; voters vote without a name; everybody else finds nothing here."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shuzhi.ballots.codes import draw_slip, plain
from shuzhi.ballots.models import Evaluation, Seal
from shuzhi.ballots.queries import progress, proof_of
from shuzhi.ballots.verbs import cast as cast_paper
from shuzhi.evidence.verify import verify
from tests.ballots.hall import BEST, DAY, counted, evaluation, held, organised, polling
from tests.cast import Cast


@pytest.fixture
def hall(cast: Cast) -> Cast:
    """The county with its organisers."""
    return organised(cast)


def seated(hall: Cast, who: str) -> Client:
    """One of them, logged in."""
    client = Client()
    client.force_login(hall.user(who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(client: Client, path: str) -> str:
    """A page's text."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def key(made: Evaluation) -> str:
    """The last part of its addresses."""
    return made.ref.partition("/")[2]


FORM = {
    "title": "2025年度述职测评",
    "day": DAY.isoformat(),
    "unit": "990100",
    "team_label": ["县政府领导班子", ""],
    "person_post": ["990100-head"],
    "group": ["A", "B", "C"],
    "group_label": ["县领导", "部门和乡镇", ""],
    "weight": ["40", "60", ""],
    "expected": ["8", "12", ""],
    "person": "优秀、称职、基本称职、不称职",
    "team": "优秀、良好、一般、较差",
    "coefficient": ["1.0", "0.8", "0.6", "0"],
    "items": "",
    "integrity": "好、较好、一般、差",
    "smallest": "5",
    "blanks": "base",
    "spoils": "question",
}


def test_an_evaluation_from_the_form_to_the_results(hall: Cast) -> None:
    one, other, voter = seated(hall, "organiser"), seated(hall, "organiser_2"), Client()
    assert "设置一次测评" in text(one, "/desk/ballots/")
    assert 'value="0.8"' in text(one, "/desk/ballots/new/")
    assert one.post("/desk/ballots/new/", FORM).status_code == 302
    made = Evaluation.objects.get()
    here = f"/desk/ballots/{key(made)}/"
    assert [group.code for group in made.asks.groups] == ["A", "B"]
    codes = []
    for group, count in (("A", "8"), ("B", "12")):
        printed = one.post(f"{here}slips/", {"group": group, "count": count})
        found = re.findall(r'slip-code">([^<]+)<', printed.content.decode())
        assert printed.content.decode().count("<svg") == int(count)
        assert printed["Cache-Control"].startswith("max-age=0")
        codes.append(found)
    assert one.post(f"{here}act/open/").status_code == 302
    for code in (*codes[0], *codes[1][:9]):
        voted = voter.post("/vote/", {"code": code, "step": "cast", "p1.grade": "优秀", "t1.grade": "良好"})
        assert voted.status_code == 200
    page = text(one, here)
    assert "得分" not in page.split("规则")[0]
    assert "计票文件" not in page
    given = {"attended-A": "8", "issued-A": "8", "attended-B": "12", "issued-B": "12"}
    one.post(f"{here}act/stop/", {"attended-A": "8"})
    assert Evaluation.objects.get().stage == "投票"
    one.post(f"{here}act/stop/", given)
    assert "请另一名组织干部" in text(one, here)
    one.post(f"{here}act/seal/")
    assert Evaluation.objects.get().stage == "停投"
    other.post(f"{here}act/seal/")
    page = text(one, here)
    assert '<span class="score">100.00</span>' in page
    assert '<span class="score">80.00</span>' in page
    assert Seal.objects.get().proof_id in page
    proof = proof_of(Evaluation.objects.get())
    listed = text(one, f"{here}receipts/")
    assert all(receipt in listed for receipt in proof.receipts)
    assert one.get(f"{here}proof.json").content == proof.file()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weight": ["40", "50", ""]}, "权重之和"),
        ({"smallest": "2"}, "不少于3"),
        ({"smallest": "五"}, "不是数"),
        ({"expected": ["8.5", "12", ""]}, "不是整数"),
        ({"person_post": [], "team_label": ["", ""]}, "没有被测评"),
        ({"day": "昨天"}, "日期"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_kept_as_typed(
    hall: Cast, change: dict[str, object], said: str
) -> None:
    answer = seated(hall, "organiser").post("/desk/ballots/new/", {**FORM, **change})
    assert said in answer.content.decode()
    assert "2025年度述职测评" in answer.content.decode()
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("who", ["head", "supervisor", "both", "discipline", "town_head"])
def test_for_everybody_else_there_is_nothing_here(hall: Cast, who: str) -> None:
    sealed = held(hall, {"A": [BEST] * 8, "B": [BEST] * 8, "C": [BEST] * 6})
    client = seated(hall, who)
    here = f"/desk/ballots/{key(sealed)}/"
    for path in ("/desk/ballots/", "/desk/ballots/new/", here, f"{here}proof.json", f"{here}receipts/"):
        assert client.get(path).status_code == 404, path
    for path in (f"{here}slips/", f"{here}act/annul/", f"{here}act/open/"):
        assert client.post(path, {"reason": "x", "group": "A", "count": "1"}).status_code == 404, path
    assert "民主测评</a>" not in text(client, "/desk/ledgers/")


def test_without_a_log_in_the_desk_leads_to_the_door(hall: Cast) -> None:
    answer = Client().get("/desk/ballots/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/desk/login/")


def test_results_and_proof_are_not_there_before_sealing(hall: Cast) -> None:
    made, codes = polling(hall)
    for code in codes["A"]:
        cast_paper(made, code, BEST)
    client = seated(hall, "organiser")
    assert client.get(f"/desk/ballots/{key(made)}/proof.json").status_code == 404
    assert client.get(f"/desk/ballots/{key(made)}/receipts/").status_code == 404


# --- the voter ------------------------------------------------------------------------------------------------------------------


def test_a_vote_page_sets_no_cookie_and_is_kept_by_nobody(hall: Cast) -> None:
    _, codes = polling(hall)
    code = codes["A"][0]
    voter = Client(enforce_csrf_checks=True)
    answers = [
        voter.get("/vote/"),
        voter.get(f"/vote/{code}/"),
        voter.post("/vote/", {"code": code}),
        voter.post("/vote/", {"code": code, "step": "check", "p1.grade": "优秀"}),
        voter.post("/vote/", {"code": code, "step": "cast", "p1.grade": "优秀"}),
        voter.get("/vote/receipt/"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert b"<script" not in answer.content
    assert not voter.cookies


def test_who_is_logged_in_is_not_read_when_voting(hall: Cast) -> None:
    _, codes = polling(hall)
    client = seated(hall, "head")
    with CaptureQueriesContext(connection) as asked:
        client.post("/vote/", {"code": codes["A"][0], "step": "cast", "p1.grade": "优秀"})
    tables = " ".join(query["sql"] for query in asked.captured_queries)
    assert "django_session" not in tables
    assert "units_user" not in tables
    assert "UPDATE" not in tables
    assert "INSERT" not in tables


def test_a_voter_sees_the_paper_looks_it_over_and_gets_a_receipt(hall: Cast) -> None:
    made, codes = polling(hall)
    voter, code = Client(), codes["B"][0]
    page = text(voter, f"/vote/{code.lower()}/")
    assert "县长 顾明远" in page
    assert "县领导" not in page  # the groups and their weights are none of the voter's business
    check = voter.post("/vote/", {"code": code, "step": "check", "p1.grade": "称职"}).content.decode()
    assert "还没有投出" in check
    assert "有 5 题没有选" in check
    assert progress(made)[1].returned == 0
    again = voter.post("/vote/", {"code": code, "step": "edit", "p1.grade": "称职"}).content.decode()
    assert 'value="称职" checked' in again
    done = voter.post("/vote/", {"code": code, "step": "cast", "p1.grade": "称职"}).content.decode()
    receipt = re.findall(r'class="code">([^<]+)<', done)[0]
    assert len(plain(receipt)) == 10
    assert "称职" not in done
    assert voter.post("/vote/", {"code": code, "step": "cast", "p1.grade": "优秀"}).status_code == 409
    assert progress(made)[1].returned == 1


@pytest.mark.parametrize("path", ["/vote/0000000000000000/", "/vote/x/", "/vote/' OR 1=1/"])
def test_whatever_is_no_slip_is_answered_alike(hall: Cast, path: str) -> None:
    made, _ = polling(hall)
    answer = Client().get(path)
    assert answer.status_code == 404
    assert made.title not in answer.content.decode()
    assert Client().post("/vote/", {"code": draw_slip(), "step": "cast"}).content == answer.content


def test_before_the_poll_opens_a_good_slip_tells_nothing(hall: Cast) -> None:
    made = evaluation(hall)
    client = seated(hall, "organiser")
    printed = client.post(f"/desk/ballots/{key(made)}/slips/", {"group": "A", "count": "1"}).content.decode()
    code = plain(re.findall(r'slip-code">([^<]+)<', printed)[0])
    good, forged = Client().get(f"/vote/{code}/"), Client().get(f"/vote/{draw_slip()}/")
    assert good.status_code == 404
    assert good.content == forged.content


def test_a_forged_form_with_two_marks_is_invalid_and_never_both(hall: Cast) -> None:
    made, codes = polling(hall)
    for number, code in enumerate(codes["A"]):
        marks = ["优秀", "不称职"] if number % 2 else ["优秀"]
        Client().post("/vote/", {"code": code, "step": "cast", "p1.grade": marks})
    proof = proof_of(counted(hall, made))
    (line,) = proof.results()[2].lines
    assert (line.spoilt, line.base, dict(line.counts)["优秀"]) == (6, 6, 6)


def test_a_receipt_is_found_after_sealing_only(hall: Cast) -> None:
    made, codes = polling(hall)
    receipts = [cast_paper(made, code, BEST) for code in codes["A"]]
    asked = {"receipt": receipts[0].lower().replace("-", " ")}
    assert Client().post("/vote/receipt/", asked).status_code == 404
    counted(hall, made)
    assert "您的票已计入" in Client().post("/vote/receipt/", asked).content.decode()
    assert Client().post("/vote/receipt/", {"receipt": "0" * 10}).status_code == 404
    assert Client().post("/vote/receipt/", {"receipt": "<script>"}).status_code == 404


def test_the_address_on_a_slip_is_the_voters_page() -> None:
    assert reverse("vote:slip", args=["ABCD"]) == "/vote/ABCD/"


@pytest.mark.parametrize("votes", [0, 3])
def test_with_too_few_votes_nothing_is_shown_and_nothing_kept(hall: Cast, votes: int) -> None:
    made, codes = polling(hall)
    for code in codes["A"][:votes]:
        cast_paper(made, code, BEST)
    sealed = counted(hall, made)
    page = text(seated(hall, "organiser"), f"/desk/ballots/{key(sealed)}/")
    assert "不显示、也不留存任何结果" in page
    assert '<span class="score">' not in page
    assert proof_of(sealed).data()["count"] == {"cells": [], "covers": {}, "stacks": {}}
    assert list(verify()) == []
