"""The docx: read back part by part, and judged on the page by LibreOffice."""

import io
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.run import Run as DocxRun

from shuzhi.prose.writing.docx_out import figures_in, to_docx
from shuzhi.prose.writing.paper import (
    About,
    Annex,
    Column,
    FigureMark,
    Mark,
    Paper,
    Paragraph,
    Run,
    Table,
    lay_out,
)
from shuzhi.prose.writing.pdf_out import to_pdf
from shuzhi.prose.writing.typefaces import bundled_folder
from tests.prose.papers import PageRuler, figure, grid_paper, measure, report

FONT_RULES = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>{aliases}
<match target="pattern"><test name="family"><string>方正小标宋简体</string></test>
<edit name="weight" mode="assign" binding="strong"><const>bold</const></edit></match></fontconfig>"""
STANDS_FOR = {
    "仿宋_GB2312": "FandolFang R",
    "楷体_GB2312": "FandolKai",
    "黑体": "FandolHei",
    "宋体": "FandolSong",
    "方正小标宋简体": "Noto Serif CJK SC",
    "Times New Roman": "Liberation Serif",
}


def part(docx: bytes, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return archive.read(name).decode()


def chinese_font(run: DocxRun, attribute: str = "eastAsia") -> str | None:
    """The font a run names for its Chinese characters (or for another script)."""
    return next((str(fonts.get(qn(f"w:{attribute}"))) for fonts in run._r.iter(qn("w:rFonts"))), None)


def test_every_figure_is_read_back_with_its_ref_and_text() -> None:
    paper = report()
    assert figures_in(to_docx(paper)) == [(mark.ref, text) for mark, text in paper.figures()]


def test_a_value_changed_in_an_office_is_seen() -> None:
    document = Document(io.BytesIO(to_docx(report())))
    control = next(document.element.body.iter(qn("w:sdt")))
    next(control.iter(qn("w:t"))).text = "129"
    edited = io.BytesIO()
    document.save(edited)
    assert figures_in(edited.getvalue())[0] == ("figure/gdp", "129")


def test_a_control_is_named_for_people_and_bookmarked_by_its_check_code() -> None:
    document = Document(io.BytesIO(to_docx(report())))
    control = next(document.element.body.iter(qn("w:sdt")))
    assert next(control.iter(qn("w:alias"))).get(qn("w:val")) == "地区生产总值"
    assert next(control.iter(qn("w:bookmarkStart"))).get(qn("w:name")) == "fig_1_MX10dp"


def test_names_stay_within_what_word_can_open() -> None:
    mark = FigureMark("r" * 64, "码" * 60, "1", "filled", "很长的名称" * 40)
    docx = to_docx(
        lay_out("题", [Paragraph("完成XX。", marks=[Mark(2, 4, "1", mark), Mark(4, 5, "。", mark)])])
    )
    body = Document(io.BytesIO(docx)).element.body
    aliases = [alias.get(qn("w:val")) for alias in body.iter(qn("w:alias"))]
    names = [start.get(qn("w:name")) for start in body.iter(qn("w:bookmarkStart"))]
    ids = [number.get(qn("w:id")) for number in body.iter(qn("w:bookmarkStart"))]
    assert all(len(alias) <= 64 for alias in aliases)
    assert all(len(name) <= 40 and name.isascii() for name in names)
    assert len(set(names)) == len(set(ids)) == 2


def test_fonts_are_named_as_offices_have_them() -> None:
    document = Document(io.BytesIO(to_docx(report())))
    fonts = {run.text: chinese_font(run) for p in document.paragraphs for run in p.runs if run.text}
    assert fonts["述职述廉述效报告"] == "方正小标宋简体"
    assert fonts["一、勤勉履职"] == "黑体"
    assert fonts["（一）经济稳中有进。"] == "楷体_GB2312"
    assert fonts["1.抓项目"] == fonts["各位代表："] == "仿宋_GB2312"
    normal = document.styles["Normal"].element.rPr.rFonts
    assert (normal.get(qn("w:eastAsia")), normal.get(qn("w:ascii"))) == ("仿宋_GB2312", "Times New Roman")


def test_the_page_is_that_of_the_standard() -> None:
    section = Document(io.BytesIO(to_docx(report()))).sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    assert [round(length.mm) for length in lengths if length] == [210, 297, 37, 35]
    assert [round(length.mm) for length in (section.left_margin, section.right_margin) if length] == [28, 26]
    (grid,) = section._sectPr.iter(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def test_headings_show_in_the_navigation_pane() -> None:
    styles = [p.style.name for p in Document(io.BytesIO(to_docx(report()))).paragraphs if p.style]
    assert [style for style in styles if style and style.startswith("Heading")] == ["Heading 1", "Heading 3"]


def test_gaps_and_proposals_are_shaded() -> None:
    body = Document(io.BytesIO(to_docx(report()))).element.body
    fills = [shade.get(qn("w:fill")) for shade in body.iter(qn("w:shd"))]
    assert fills == ["DCEAF7", "FFE9A8", "FFE9A8"]


def test_the_same_paper_gives_the_same_bytes_and_its_metadata() -> None:
    docx = to_docx(report())
    assert docx == to_docx(report())
    core = Document(io.BytesIO(docx)).core_properties
    assert core.title == "明澜县人民政府县长2025年度述职述廉述效报告"
    assert (core.author, core.keywords, core.language) == ("明澜县", "closing:sha256:00ff", "zh-CN")
    assert core.created is not None
    assert core.created.date().isoformat() == "2026-01-08"
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "thumbnail" in name]


def test_text_is_escaped_and_spaces_are_kept() -> None:
    nasty = "<w:t>&amp;]]>  两个空格\ufffe\x00\ud800\"'"
    docx = to_docx(lay_out(nasty, [Paragraph(f"甲{nasty}")]))
    assert "甲<w:t>&amp;]]>  两个空格" in Document(io.BytesIO(docx)).paragraphs[2].text


def test_a_table_from_a_dirty_source_is_written() -> None:
    dirty = "甲\x00\ud800乙"
    table = Table(dirty, (Column(),), ((dirty,),), (((Run(dirty, None, figure("f", "1", label=dirty)),),),))
    paper = Paper((), (table,), annexes=(Annex(dirty, (table,)),), about=About(author=dirty))
    assert figures_in(to_docx(paper)) == [("f", "甲 \ufffd乙")] * 2
    assert to_pdf(paper).pdf.startswith(b"%PDF")


def test_a_table_repeats_its_head_and_keeps_its_figures() -> None:
    table = Document(io.BytesIO(to_docx(report()))).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "指标", "数值"]
    assert len(list(table.rows[0]._tr.iter(qn("w:tblHeader")))) == 1
    assert len(table.rows) == 41
    assert len(list(table._tbl.iter(qn("w:sdt")))) == 40


def test_an_empty_paper_is_written() -> None:
    assert Document(io.BytesIO(to_docx(Paper((), ())))).paragraphs == []


def test_signs_that_stand_full_width_are_not_left_to_the_latin_font() -> None:
    docx = to_docx(Paper((), (), note=(Run("甲×乙"),)))
    run = next(run for p in Document(io.BytesIO(docx)).paragraphs for run in p.runs if run.text == "×")
    assert chinese_font(run, "hAnsi") == "楷体_GB2312"


# ------------------------------------------------------------------------------------- judged by LibreOffice


def rendered(docx: bytes, folder: Path) -> list[PageRuler]:
    """The docx printed by LibreOffice with the bundled fonts standing for the office's, and measured."""
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>{font}</family></prefer></alias>'
        for name, font in STANDS_FOR.items()
    )
    rules = folder / "fonts.conf"
    rules.write_text(
        FONT_RULES.format(fonts=bundled_folder(), cache=folder / "cache", aliases=aliases), "utf-8"
    )
    (folder / "paper.docx").write_bytes(docx)
    subprocess.run(
        [
            os.environ["SHUZHI_TEST_SOFFICE"],
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "paper.docx")),
        ],
        env={**os.environ, "FONTCONFIG_FILE": str(rules)},
        check=True,
        capture_output=True,
        timeout=180,
    )
    return measure((folder / "paper.pdf").read_bytes())


@pytest.mark.office
def test_libreoffice_finds_22_lines_of_28_characters_between_the_margins(tmp_path: Path) -> None:
    pages = rendered(to_docx(grid_paper()), tmp_path)
    assert [len(page.lines) for page in pages] == [22, 22, 6]
    for page in pages:
        assert set(page.counts) == {28}
        assert page.left == pytest.approx(28, abs=1)
        assert page.right == pytest.approx(26, abs=1)
        assert page.lines[0] == pytest.approx(45, abs=1)
        assert page.footer == f"—{page.number}—"
        assert page.footer_size == pytest.approx(14, abs=0.1)
        assert page.footer_baseline - 0.4 * 14 * 25.4 / 72 == pytest.approx(262 + 7, abs=1)
        outer = page.footer_right - 26 if page.number % 2 else page.footer_left - 28
        assert outer == pytest.approx(156 / 28, abs=1.5)


@pytest.mark.office
def test_libreoffice_opens_a_whole_report_and_prints_every_figure(tmp_path: Path) -> None:
    pages = rendered(to_docx(report()), tmp_path)
    assert len(pages) >= 5
    assert all(37 < page.lines[0] < 48 and page.lines[-1] < 262 for page in pages)


def test_a_paper_without_figures_has_no_controls() -> None:
    assert figures_in(to_docx(grid_paper())) == []
    assert "w:sdt" not in part(to_docx(grid_paper()))


def test_a_quoted_figure_is_carried_too() -> None:
    mark = Mark(2, 4, "3项", figure("quote/1", "3", "quoted"))
    assert figures_in(to_docx(lay_out("题", [Paragraph("获评XX", marks=[mark])]))) == [("quote/1", "3项")]
