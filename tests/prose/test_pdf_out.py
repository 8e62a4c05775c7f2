"""The PDF measured on its pages: geometry of GB/T 9704-2012, rare characters, links, fonts, equal bytes."""

import io
import shutil
from pathlib import Path

import pdfplumber
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont

from shuzhi.prose.writing.paper import Block, Paper, Paragraph, Run, lay_out
from shuzhi.prose.writing.pdf_out import Printed, to_pdf
from shuzhi.prose.writing.sfnt import read_face
from shuzhi.prose.writing.typefaces import bundled_folder, choose
from tests.prose.papers import RARE, grid_paper, measure, report


@pytest.fixture(scope="module")
def printed() -> Printed:
    return to_pdf(report(), card_href=lambda mark: f"https://shuzhi.example/figure/{mark.code}")


def test_a_page_holds_22_lines_of_28_characters_between_the_margins() -> None:
    pages = measure(to_pdf(grid_paper()).pdf)
    assert [len(page.lines) for page in pages] == [22, 22, 6]
    for page in pages:
        assert (page.width, page.height) == pytest.approx((210, 297), abs=0.2)
        assert set(page.counts) == {28}
        assert page.left == pytest.approx(28, abs=1)
        assert page.right == pytest.approx(26, abs=1)
        assert page.pitch == pytest.approx(156 / 28, abs=0.01)
    for page in pages[:2]:
        steps = [low - high for high, low in zip(page.lines, page.lines[1:], strict=False)]
        assert steps == pytest.approx([225 / 22] * 21, abs=0.02)
        # The first line's box begins 37 mm from the top, the last one's ends 35 mm from the bottom.
        assert page.lines[0] == pytest.approx(44.4, abs=0.5)
        assert page.lines[-1] == pytest.approx(259.2, abs=0.5)


def test_page_numbers_stand_outside_seven_millimetres_under_the_text() -> None:
    for page in measure(to_pdf(grid_paper()).pdf):
        assert page.footer == f"—{page.number}—"
        assert page.footer_size == pytest.approx(14, abs=0.1)
        # A dash's upper edge lies 0.4 em over the baseline.
        assert page.footer_baseline - 0.4 * 14 * 25.4 / 72 == pytest.approx(262 + 7, abs=0.5)
        outer = page.footer_right - 26 if page.number % 2 else page.footer_left - 28
        assert outer == pytest.approx(156 / 28, abs=1)


def test_headings_and_title_lines_keep_every_page_on_the_grid(printed: Printed) -> None:
    first, second = measure(printed.pdf)[:2]
    for page in (first, second):
        rows = [(line - first.lines[1]) / (225 / 22) for line in page.lines if line > first.lines[1]]
        assert rows == pytest.approx([round(row) for row in rows], abs=0.1)
        assert page.lines[-1] < 262


def test_each_layer_is_printed_in_its_own_face(printed: Printed) -> None:
    fonts: dict[str, set[str]] = {}
    with pdfplumber.open(io.BytesIO(printed.pdf)) as document:
        for char in document.pages[0].chars:
            fonts.setdefault(char["text"], set()).add(char["fontname"].split("+")[-1])
    assert fonts["勤"] == {"FandolHei-Regular"}
    assert fonts["济"] == {"FandolKai-Regular"}
    assert fonts["该"] == {"FandolFang-Regular"}
    assert fonts["澜"] == {"NotoSerifCJKsc-Bold"}
    assert "LiberationSerif" in fonts["8"]


def test_names_with_rare_characters_print_and_the_borrowed_font_is_told(printed: Printed) -> None:
    with pdfplumber.open(io.BytesIO(printed.pdf)) as document:
        chars = [char for page in document.pages for char in page.chars]
    text = "".join(char["text"] for char in chars)
    assert RARE in text
    for rare in "镕喆堃祎珺頔":
        assert {c["fontname"].split("+")[-1] for c in chars if c["text"] == rare} == {
            "NotoSerifCJKsc-Regular"
        }
    told = next(s for s in printed.substitutions if "镕" in s.reason)
    assert (told.wanted, told.used) == ("FandolFang R", "Noto Serif CJK SC")
    assert "字体“FandolFang R”中没有" in told.reason


def test_the_office_fonts_that_are_not_there_are_told(printed: Printed) -> None:
    wanted = {s.wanted: s for s in printed.substitutions}
    assert {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "Times New Roman"} <= set(wanted)
    assert wanted["仿宋_GB2312"].used == "FandolFang R"
    assert "放入字体文件夹" in wanted["仿宋_GB2312"].reason
    assert printed.unprintable == ()


def test_a_character_no_font_has_is_told_and_the_rest_prints() -> None:
    printed = to_pdf(lay_out("题", [Paragraph("甲\U0001f600乙")]))
    assert printed.unprintable == ("\U0001f600",)
    assert "U+1F600" in printed.substitutions[-1].reason
    with pdfplumber.open(io.BytesIO(printed.pdf)) as document:
        assert "甲" in document.pages[0].extract_text()


def test_figures_link_to_their_cards_and_gaps_do_not(printed: Printed) -> None:
    with pdfplumber.open(io.BytesIO(printed.pdf)) as document:
        links = [link["uri"] for page in document.pages for link in page.hyperlinks]
    codes = [mark.code for mark, _ in report().figures() if not mark.is_gap]
    assert sorted(set(links)) == sorted({f"https://shuzhi.example/figure/{code}" for code in codes})


def test_nothing_in_a_paper_is_read_as_markup() -> None:
    nasty = r"""#read("x") $x^2$ *粗* _斜_ @ref <标签> \u{41} // 注 /* */ [括] `码` ~ -- ... "引" 'x'"""
    with pdfplumber.open(io.BytesIO(to_pdf(lay_out(nasty, [Paragraph(nasty)])).pdf)) as document:
        text = "".join(char["text"] for char in document.pages[0].chars).replace(" ", "")
    assert text.count(nasty.replace(" ", "")) == 2


def test_the_same_paper_gives_the_same_bytes_and_its_metadata(printed: Printed) -> None:
    again = to_pdf(report(), card_href=lambda mark: f"https://shuzhi.example/figure/{mark.code}")
    assert again.pdf == printed.pdf
    with pdfplumber.open(io.BytesIO(printed.pdf)) as document:
        told = document.metadata
    assert told["Title"] == "明澜县人民政府县长2025年度述职述廉述效报告"
    assert told["CreationDate"].startswith("D:20260108")
    assert "closing:sha256:00ff" in told["Keywords"]


@pytest.mark.parametrize("lines", range(17, 24))
def test_a_signature_never_stands_alone_on_a_page(lines: int) -> None:
    paragraphs = [Paragraph("甲" * 20) for _ in range(lines - 2)] + [Paragraph("乙" * 40)]
    paper = lay_out("", paragraphs, signature="陈示例", date="2026年1月8日")
    with pdfplumber.open(io.BytesIO(to_pdf(paper).pdf)) as document:
        texts = [page.extract_text() for page in document.pages]
    signed = next(text for text in texts if "陈示例" in text)
    assert "乙" in signed
    assert "2026年1月8日" in signed
    assert "".join(texts).count("乙") == 40


def test_an_empty_paper_prints() -> None:
    assert to_pdf(Paper((), ())).pdf.startswith(b"%PDF")


def test_an_attachment_begins_a_page_and_its_table_head_is_repeated(printed: Printed) -> None:
    with pdfplumber.open(io.BytesIO(printed.pdf)) as document:
        texts = [page.extract_text() for page in document.pages]
    begins = [at for at, text in enumerate(texts) if text.startswith("附件")]
    assert len(begins) == 2
    assert begins[1] - begins[0] >= 2
    assert all("序号 指标 数值" in text for text in texts[begins[0] : begins[1]])
    assert "甲<乙>&丙" in texts[begins[0]]


# ------------------------------------------------------------------------------------- the site's own fonts


@pytest.fixture(scope="module")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site's folder: a small font that goes by the office's names, as licensed files do (Chinese name beside the Latin)."""
    folder = tmp_path_factory.mktemp("字体")
    source = bundled_folder() / "FandolSong-Regular.otf"
    for name, chinese, latin in (
        ("fs.otf", "仿宋_GB2312", "FangSong_GB2312"),
        ("xbs.otf", "县用小标宋", "CountyTitle"),
    ):
        font = TTFont(source, lazy=False)
        options = subset.Options(notdef_outline=True, name_IDs=["*"])
        cutter = subset.Subsetter(options)
        cutter.populate(text="明澜县全上下稳住底盘，。")
        cutter.subset(font)
        table = font["name"]
        table.names = []
        for language, family in ((0x409, latin), (0x804, chinese)):
            table.setName(family, 1, 3, 1, language)
            table.setName("Regular", 2, 3, 1, language)
            table.setName(family, 4, 3, 1, language)
        table.setName(latin, 6, 3, 1, 0x409)
        font["CFF "].cff.fontNames = [latin]
        font.save(folder / name)
    return folder


def test_a_site_font_is_known_by_its_chinese_name_and_goes_first(site_folder: Path) -> None:
    paper = Paper((), (Block(0, (Run("全县上下稳住底盘。办"),)),))
    printed = to_pdf(paper, [site_folder])
    assert "仿宋_GB2312" not in {s.wanted for s in printed.substitutions}
    with pdfplumber.open(io.BytesIO(printed.pdf)) as document:
        fonts = {char["text"]: char["fontname"].split("+")[-1] for char in document.pages[0].chars}
    assert fonts["全"] == "FangSong_GB2312"
    assert fonts["办"] != "FangSong_GB2312"
    told = next(s for s in printed.substitutions if s.wanted == "FangSong_GB2312")
    assert "没有“办”" in told.reason


def test_a_site_font_of_the_right_style_is_taken_before_the_bundled_one(site_folder: Path) -> None:
    typefaces = choose([site_folder])
    assert typefaces.names("title")[0] == "CountyTitle"
    assert typefaces.title_weight == "regular"
    told = next(s for s in typefaces.substitutions if s.wanted == "方正小标宋简体")
    assert told.used == "CountyTitle"


def test_a_font_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    printed = to_pdf(grid_paper(), [tmp_path / "没有"])
    assert printed.substitutions[0].reason == "字体文件夹“没有”不存在，未能使用其中的字体。"


def test_a_broken_font_file_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "坏.otf").write_bytes((bundled_folder() / "FandolHei-Regular.otf").read_bytes()[:3000])
    (tmp_path / "空.ttf").write_bytes(b"")
    shutil.copy(bundled_folder() / "LICENSE.Fandol.txt", tmp_path / "假.ttc")
    assert to_pdf(grid_paper(), [tmp_path]).pdf == to_pdf(grid_paper()).pdf


@pytest.mark.parametrize("path", sorted(bundled_folder().glob("*.[ot]tf")), ids=lambda path: path.name)
def test_names_and_characters_are_read_as_fonttools_reads_them(path: Path) -> None:
    face = read_face(path, 0)
    assert face is not None
    with TTFont(path, lazy=True) as font:
        codes = {code for code, glyph in font.getBestCmap().items() if font.getGlyphID(glyph)}
        family = font["name"].getDebugName(1)
    assert {code for first, last in face.ranges for code in range(first, last + 1)} == codes
    assert family.lower() in face.names
