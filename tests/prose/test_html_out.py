"""The HTML: headings, figures with their refs, gaps with their reasons, nothing from outside, nothing unescaped."""

import re
from html.parser import HTMLParser

import pytest

from shuzhi.prose.writing.html_out import stylesheet, to_html, to_page
from shuzhi.prose.writing.paper import FigureMark, Mark, Paper, Paragraph, lay_out
from tests.prose.papers import RARE, figure, report

VOID = {"meta", "br", "link", "img", "input", "col"}


class Reading(HTMLParser):
    """Collects tags with their attributes and refuses a document whose tags do not pair."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_every_figure_carries_its_ref_value_and_code() -> None:
    paper = report()
    reading = Reading(to_html(paper, card_href=lambda mark: f"/figure/{mark.code}"))
    figures = [(data["data-ref"], data["value"], data["data-code"]) for data in reading.all("data")]
    assert figures == [(m.ref, m.value_text, m.code) for m, _ in paper.figures() if not m.is_gap]
    links = [link["href"] for link in reading.all("a")]
    assert links == [f"/figure/{mark.code}" for mark, _ in paper.figures()]


def test_gaps_are_marked_with_their_reason_and_reached_by_keyboard() -> None:
    gaps = Reading(to_html(report())).all("mark")
    assert [(gap["data-ref"], gap["data-status"], gap["title"]) for gap in gaps] == [
        ("slot/3", "unfilled", "未填：统计局快报"),
        ("slot/4", "name", "名称未填：统计局快报"),
    ]
    assert {gap["tabindex"] for gap in gaps} == {"0"}


def test_headings_are_real_headings_even_inside_a_paragraph() -> None:
    html = to_html(report())
    assert "<h1>明澜县人民政府县长2025年度<br>述职述廉述效报告</h1>" in html
    assert '<h2><span class="hei">一、勤勉履职</span></h2>' in html
    assert '<div class="para"><h3><span class="kai">（一）经济稳中有进。</span></h3><p>' in html
    assert "<h4>1.抓项目</h4>" in html
    assert RARE in html


def test_a_screen_reader_hears_what_a_figure_is() -> None:
    link = Reading(to_html(report(), card_href=lambda _: "/c")).all("a")[0]
    assert link["aria-label"] == "128.45，地区生产总值：统计局快报，查看出处"


def test_everything_is_escaped() -> None:
    nasty = "<script>alert(1)</script>&amp;\"'><b"
    mark = FigureMark(nasty[:40], nasty, nasty, "filled", nasty, nasty)
    gap = FigureMark("g", nasty, nasty, "unfilled", nasty, nasty)
    paper = lay_out(
        nasty,
        [Paragraph("XX与YY" + nasty, marks=[Mark(0, 2, nasty, mark), Mark(3, 5, nasty, gap)])],
        note=nasty,
        signature=nasty,
        date=nasty,
    )
    for html in (to_html(paper, card_href=lambda m: f'/"{m.code}'), to_page(paper, with_font=False)):
        reading = Reading(html)
        assert not reading.all("script")
        assert not reading.all("b")
        assert reading.all("data")[0]["value"] == nasty


def test_the_fragment_holds_no_style_and_no_script() -> None:
    html = to_html(report(), card_href=lambda mark: f"/{mark.code}")
    assert not re.search(r"style=|<style|<script|\son\w+=", html)


@pytest.mark.parametrize("with_font", [True, False])
def test_the_whole_page_needs_nothing_from_outside(with_font: bool) -> None:
    page = to_page(report(), with_font=with_font)
    reading = Reading(page)
    assert reading.all("html")[0]["lang"] == "zh-CN"
    assert not {"link", "script", "img", "iframe"} & {tag for tag, _ in reading.tags}
    assert not re.search(r"https?://|@import", page)
    assert set(re.findall(r"url\(\"?([a-z]+):", page)) == ({"data"} if with_font else set())
    assert ('Shuzhi Rare"; src' in page) is with_font


def test_the_font_of_rare_characters_travels_only_where_it_is_needed() -> None:
    page = to_page(lay_out("题", [Paragraph("常用字")]))
    assert page.count("@font-face") == 1


def test_without_cards_a_page_explains_its_figures_itself() -> None:
    paper = report()
    reading = Reading(to_page(paper, with_font=False))
    targets = {row["id"] for row in reading.all("tr") if "id" in row}
    links = {link["href"] for link in reading.all("a") if "figure" in link.get("class", "")}
    assert links == {f"#{target}" for target in targets}
    assert len(targets) == len({mark.ref for mark, _ in paper.figures()})
    assert "数据出处" in reading.texts


def test_with_cards_a_page_has_no_list_of_its_own() -> None:
    assert "数据出处" not in to_page(report(), card_href=lambda mark: f"/{mark.code}", with_font=False)


def test_a_figure_without_a_card_stands_without_a_link() -> None:
    reading = Reading(to_html(report(), card_href=lambda _: ""))
    assert reading.all("a") == []
    assert len(reading.all("data")) == 42


def test_the_page_prints_in_the_geometry_of_the_standard() -> None:
    page = to_page(report(), with_font=False)
    assert "@page { size: A4; margin: 37mm 26mm 35mm 28mm; }" in page
    assert "28.95pt" in stylesheet()


def test_tables_name_their_columns() -> None:
    reading = Reading(to_html(report()))
    assert [head["scope"] for head in reading.all("th")] == ["col"] * 3
    assert len(reading.all("td")) == 120


def test_the_same_paper_gives_the_same_text() -> None:
    assert to_page(report()) == to_page(report())


def test_an_empty_paper_is_written() -> None:
    assert Reading(to_page(Paper((), ()), with_font=False)).all("article") == [
        {"class": "paper", "lang": "zh-CN"}
    ]


def test_a_proposal_is_told_from_a_filled_figure() -> None:
    mark = Mark(0, 2, "5", figure("f", "5", "proposal"))
    reading = Reading(to_html(lay_out("题", [Paragraph("XX个", marks=[mark])])))
    assert reading.all("data")[0]["class"] == "figure proposal"
