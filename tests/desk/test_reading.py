"""Beside a draft on the screen: what is doubtful in it, what the books say of it, its outline, and the way into Word."""

import io
import zipfile
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shuzhi.prose.faults import ELSEWHERE, RULES
from shuzhi.reports.models import Choice
from tests.cast import Cast
from tests.desk.office import seated
from tests.desk.test_reports import BASE, dropped, told

DRAFT = """陵水湾县人民政府2025年度述职报告

一、经济运行
全年地区生产总值140.2亿元，社会消费品零售总额XX亿元。
二、安全生产
全县三级挂牌隐患XX个，按装护栏3处。
四、打算
明年排查隐患XX个。
"""


def page(office: Cast, show: str, text: str = DRAFT) -> str:
    """What the writer sees of a draft under a tab."""
    told(office)
    client = seated(office, "writer")
    dropped(client, text)
    return client.get(f"{BASE}?show={show}").content.decode()


def test_findings_stand_beside_the_words_they_are_about(office: Cast) -> None:
    shown = page(office, "findings")
    assert "按装" in shown
    assert "安装" in shown
    assert 'class="noted tone-' in shown
    assert "prose-E1-missing" in shown


def test_a_waived_finding_says_the_reason(office: Cast) -> None:
    shown = page(office, "findings", DRAFT.replace("3处。", "3处。【不查 prose-N2：引用原文】"))
    assert "不查的理由：引用原文" in shown


def test_claims_are_held_against_the_books(office: Cast) -> None:
    shown = page(office, "claims")
    assert "不属实" in shown
    assert "134.52亿元" in shown
    assert "要证明的是：地区生产总值" in shown


def test_the_outline_counts_places_and_findings_under_every_heading(office: Cast) -> None:
    shown = page(office, "outline")
    assert "经济运行" in shown
    assert "0／1" in shown


def test_what_an_earlier_year_had_is_found_copied(office: Cast) -> None:
    passage = (
        "这一年，我们把办公桌搬到渠首，白天看水位，夜里听汇报，沿线九个村的闸门挨个摸了一遍，心里有了底。"
    )
    told(office)
    client = seated(office, "writer")
    for year in ("2024", "2025"):
        text = f"陵水湾县{year}年度述职报告\n\n一、水利\n{passage}\n"
        draft = SimpleUploadedFile("述职.txt", text.encode(), "text/plain")
        client.post("/desk/reports/", {"draft": draft, "year": year})
    newer = client.get("/desk/reports/2025-0001/?show=findings").content.decode()
    older = client.get("/desk/reports/2024-0001/?show=findings").content.decode()
    assert "prose-S1-copied" in newer
    assert "prose-S1-copied" not in older


def test_a_choice_behind_a_waiver_keeps_its_place_and_leads_to_the_next(office: Cast) -> None:
    text = DRAFT.replace("3处。", "3处。【不查 prose-N2：引用原文】")
    told(office)
    client = seated(office, "writer")
    dropped(client, text)
    start = DRAFT.index("XX个。\n", DRAFT.index("打算"))
    answer = client.post(
        f"{BASE}choose/",
        {"start": str(start), "concept": "gdp", "back": BASE, "following": "12"},
    )
    assert answer["Location"] == f"{BASE}#place-12"
    assert Choice.objects.get().start == start


def test_the_draft_comes_back_in_word_with_comments(office: Cast) -> None:
    page(office, "places")
    answer = seated(office, "writer").get(f"{BASE}commented.docx")
    assert quote("批注.docx") in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        comments = packed.read("word/comments.xml").decode()
    assert "按装" in comments
    assert "134.52" in comments


@pytest.mark.parametrize("rule", [rule.id for rule in (*RULES, *ELSEWHERE)])
def test_every_rule_has_its_page_on_the_desk(office: Cast, rule: str) -> None:
    shown = seated(office, "writer").get(f"/desk/rules/{rule}/")
    assert shown.status_code == 200
    assert "查什么" in shown.content.decode()


def test_a_rule_nobody_made_has_no_page(office: Cast) -> None:
    assert seated(office, "writer").get("/desk/rules/prose-Z9-none/").status_code == 404
