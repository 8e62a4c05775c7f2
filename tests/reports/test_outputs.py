"""The files of a report: bound in the docx, linked in the PDF, the same bytes for the same books; and drafts as offices keep them."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest
from docx import Document
from openpyxl import load_workbook

from shuzhi.kernel.finding import Refused
from shuzhi.prose.writing.docx_out import figures_in
from shuzhi.reports.drafts import draft_of
from shuzhi.reports.filling import Filled
from shuzhi.reports.outputs import Output, outputs, write_outputs
from shuzhi.reports.passages import passages
from shuzhi.reports.places import State, decimals_of

DRAFT = """青岚县2025年度述职报告

一、经济运行

预计全年实现地区生产总值XXX.X亿元，增长X.X%。税收占比XX.X%。新增低空飞行航线XX条。

二、安全生产

（一）三级挂牌隐患XX个。联系点干部XX同志多次提醒。

述职人：XXX
"""
Fill = Callable[..., Filled]


@pytest.fixture(scope="module")
def made(filled: Fill) -> Filled:
    return filled(DRAFT)


@pytest.fixture(scope="module")
def files(made: Filled) -> dict[str, Output]:
    return {output.name: output for output in outputs(made)[0]}


def test_the_docx_carries_every_binding_in_its_place(made: Filled, files: dict[str, Output]) -> None:
    wanted = [(place.code or f"slot/{place.slot.id}", place.text or place.slot.text) for place in made.places]
    assert figures_in(files["报告.docx"].data) == wanted


def test_a_note_that_sets_a_finding_aside_is_not_printed(filled: Fill) -> None:
    plain = "青岚县2025年度述职报告\n\n一、水利\n\n于6月31日蓄水，新增低空飞行航线XX条。\n"
    noted = plain.replace("，新增", "【不查 prose-T1：2024年原文如此】，新增").replace(
        "\n\n一、", "\n\n【不查 prose-N2：引文】\n\n一、"
    )
    made, bare = filled(noted), filled(plain)
    texts = ["".join(piece.text for piece in passage.pieces) for passage in passages(made)]
    assert texts == ["".join(piece.text for piece in passage.pieces) for passage in passages(bare)]
    assert [place.text for place in made.places] == [place.text for place in bare.places]
    for ours, theirs in zip(outputs(made)[0], outputs(bare)[0], strict=True):
        assert "不查" not in ours.data.decode("utf-8", "ignore")
        assert ours.name == theirs.name
    assert len(made.draft.waived) == 1


def test_the_page_carries_every_value_with_its_code(made: Filled, files: dict[str, Output]) -> None:
    page = files["报告.html"].data.decode()
    for place in made.places:
        if place.state is State.FILLED:
            assert place.code in page
            assert place.text in page


def test_the_pdf_holds_the_figures_and_links_them_only_where_the_portal_has_an_address(
    made: Filled, files: dict[str, Output]
) -> None:
    with pdfplumber.open(io.BytesIO(files["报告.pdf"].data)) as pdf:
        assert "134.5" in "".join(page.extract_text() for page in pdf.pages)
        assert not [link for page in pdf.pages for link in page.hyperlinks]
    linked = {output.name: output for output in outputs(made, address="https://a.example/")[0]}
    with pdfplumber.open(io.BytesIO(linked["报告.pdf"].data)) as pdf:
        found = {link["uri"] for page in pdf.pages for link in page.hyperlinks}
    assert found == {f"https://a.example/figure/{place.code}/" for place in made.places if place.code}


def test_fonts_that_gave_way_are_one_line(made: Filled) -> None:
    _, noticed = outputs(made)
    assert [finding.id for finding in noticed] == ["fonts.substituted"]
    assert "\n" not in str(noticed[0])


def test_the_annex_lists_every_figure_and_every_gap(made: Filled, files: dict[str, Output]) -> None:
    book = load_workbook(io.BytesIO(files["附件-数字与证据.xlsx"].data))
    figures = list(book["数字与证据"].iter_rows(min_row=2, values_only=True))
    gaps = list(book["未填清单"].iter_rows(min_row=2, values_only=True))
    assert [row[3] for row in figures] == [place.text for place in made.places if place.text]
    assert len(figures) + len(gaps) == len(made.places)
    assert all(row[3] for row in gaps)


def test_the_data_file_says_the_same(made: Filled, files: dict[str, Output]) -> None:
    data = json.loads(files["报告.json"].data)
    assert [place["text"] for place in data["places"]] == [place.text for place in made.places]
    assert data["summary"]["总数"] == len(made.places)


def test_the_same_books_give_the_same_bytes(made: Filled, files: dict[str, Output]) -> None:
    again = {output.name: output.data for output in outputs(made)[0]}
    assert again == {name: output.data for name, output in files.items()}


def test_files_are_written_whole_over_older_ones(files: dict[str, Output], tmp_path: Path) -> None:
    write_outputs(list(files.values()), tmp_path)
    written = write_outputs(list(files.values()), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in written)
    assert all(path.read_bytes() == files[path.name].data for path in written)


def test_the_screen_shows_the_text_with_its_places(made: Filled) -> None:
    lines = passages(made)
    said = "".join(piece.text for passage in lines for piece in passage.pieces)
    assert "地区生产总值134.5亿元" in said
    assert sum(piece.place is not None for passage in lines for piece in passage.pieces) == len(made.places)
    assert [passage.title for passage in lines].count(True) == 1
    assert any(piece.strong for passage in lines for piece in passage.pieces)


def test_utf8_gb18030_and_docx_drafts_have_the_same_places() -> None:
    document = Document()
    for line in DRAFT.split("\n"):
        document.add_paragraph(line)
    kept = io.BytesIO()
    document.save(kept)
    forms = {
        "a.txt": DRAFT.encode(),
        "b.txt": DRAFT.encode("utf-8-sig"),
        "c.txt": DRAFT.encode("gb18030"),
        "d.docx": kept.getvalue(),
    }
    found = {
        name: [(slot.text, slot.meaning) for slot in draft_of(data, name).slots]
        for name, data in forms.items()
    }
    assert len(found["a.txt"]) == 7
    assert found["b.txt"] == found["c.txt"] == found["d.docx"] == found["a.txt"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n",
        b"%PDF-1.7 ...",
        b"\xd0\xcf\x11\xe0\xa1\xb1",
        b"PK\x03\x04broken",
        b"SQLite format 3\x00\x01\x00",
    ],
)
def test_what_is_no_draft_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        draft_of(data, "草稿.txt")
    assert refused.value.findings[0].hint


@pytest.mark.parametrize(
    ("mask", "decimals"),
    [("XX", None), ("X.X", 1), ("XX.XX", 2), ("__._", 1), ("〇.〇", 1), ("×,×××", None), ("X·X", 1)],
)
def test_a_mask_says_how_many_decimals_it_wants(mask: str, decimals: int | None) -> None:
    assert decimals_of(mask) == decimals
