"""Numbers that Word counts by itself are read as every reader of the paper sees them."""

import io
import os
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.prose.decode import docx_text
from shuzhi.prose.model import Span
from shuzhi.prose.reading import read
from shuzhi.prose.word.docx_comments import Comment, commented
from tests.prose.test_docx_comments import MOMENT, check
from tests.prose.word_files import RELATIONS, ROOT_RELATION, TYPES, URI, covered, main_part, parts

LISTS = """<w:abstractNum w:abstractNumId="3">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="2"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%4"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="3"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="4"/></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="3"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>"""
STYLES = """<w:style w:styleId="a1" w:type="paragraph"><w:name w:val="小节"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="a2" w:type="paragraph"><w:name w:val="小节二"/><w:basedOn w:val="a1"/></w:style>"""


def numbered(*rows: tuple[str, str], numerals: str = "ideographTraditional", pattern: str = "%1、") -> bytes:
    """A Word file of paragraphs: (list:level or style, words)."""
    made = []
    for how, words in rows:
        number, colon, level = how.partition(":")
        said = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if colon else ""
        said = said or (f'<w:pStyle w:val="{how}"/>' if how else "")
        made.append(f"<w:p><w:pPr>{said}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
        more = "".join(
            f'<Override PartName="/word/{name}.xml" ContentType="{kind}.{name}+xml"/>'
            for name in ("numbering", "styles")
        )
        archive.writestr("[Content_Types].xml", TYPES.format(more=more))
        archive.writestr("_rels/.rels", RELATIONS.format(ROOT_RELATION))
        archive.writestr("word/document.xml", main_part("".join(made)))
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        told = "".join(
            f'<Relationship Id="r{name}" Type="{office}/{name}" Target="{name}.xml"/>'
            for name in ("numbering", "styles")
        )
        archive.writestr("word/_rels/document.xml.rels", RELATIONS.format(told))
        listed = LISTS.format(numerals, pattern)
        archive.writestr("word/numbering.xml", f'<w:numbering xmlns:w="{URI}">{listed}</w:numbering>')
        archive.writestr("word/styles.xml", f'<w:styles xmlns:w="{URI}">{STYLES}</w:styles>')
    return stream.getvalue()


REPORT = (
    ("", "石桥镇工作总结"),
    ("1:0", "抓产业"),
    ("1:1", "兴茶"),
    ("1:1", "修渠"),
    ("1:2", "上游"),
    ("1:2", "下游"),
    ("1:0", "惠民生"),
    ("a1", "建校"),
    ("a2", "修路"),
    ("1:3", "附带"),
    ("2:1", "圆点"),
    ("0:0", "无号"),
    ("5:0", "另起"),
    ("1:0", "接着"),
)
SEEN = [
    "石桥镇工作总结", "一、抓产业", "（一）兴茶", "（二）修渠", "1. 上游", "2. 下游", "二、惠民生", "（一）建校", "（二）修路",
    "2.2 附带", "圆点", "无号", "一、另起", "二、接着",
]  # fmt: skip


def test_lists_count_by_level_and_style_and_begin_anew_where_told() -> None:
    assert docx_text(numbered(*REPORT)).text.splitlines() == SEEN


def test_the_headings_of_a_numbered_file_are_its_outline() -> None:
    outline = read(docx_text(numbered(*REPORT[:9])).text).outline
    assert [(h.level, h.marker, h.text) for h in outline if h.level < 3][:3] == [
        (1, "一、", "抓产业"),
        (2, "（一）", "兴茶"),
        (2, "（二）", "修渠"),
    ]


@pytest.mark.parametrize(
    ("numerals", "times", "seen"),
    [
        ("chineseCounting", 21, ["一", "十", "十一", "二十", "二十一"]),
        ("ideographTraditional", 10, ["甲", "癸"]),
        ("decimalEnclosedCircle", 10, ["①", "⑩"]),
        ("chineseLegalSimplified", 9, ["壹", "玖"]),
        ("decimalFullWidth", 10, ["１", "１０"]),
        ("decimalZero", 10, ["01", "10"]),
        ("upperLetter", 27, ["A", "Z", "AA"]),
        ("lowerRoman", 9, ["i", "iv", "ix"]),
        ("somethingNew", 3, ["1", "3"]),
    ],
)
def test_numerals_are_written_as_word_writes_them(numerals: str, times: int, seen: list[str]) -> None:
    made = docx_text(numbered(*[("2:0", "项")] * times, numerals=numerals, pattern="%1、")).text.splitlines()
    assert {f"{numeral}、项" for numeral in seen} <= set(made)


def test_comments_stand_on_the_words_behind_a_number() -> None:
    before = numbered(*REPORT)
    text = docx_text(before).text
    at = text.index("一、抓产业")
    after = commented(before, [Comment(Span(at, at + 5), ("序号",))], date=MOMENT)
    check(before, after)
    assert covered(parts(after)["word/document.xml"]) == {"0": "抓产业"}


@given(
    st.lists(
        st.sampled_from(["1:0", "1:1", "1:2", "2:0", "5:0", "9:0", "a2", "", "1:77", "1:x"]), max_size=12
    ),
    st.text("%123、（）x", max_size=50),
)
def test_no_numbering_makes_decoding_raise(hows: list[str], pattern: str) -> None:
    text = docx_text(numbered(*[(how, "句") for how in hows], pattern=pattern)).text
    assert text.count("句") == len(hows)


def test_a_list_of_the_library_is_numbered() -> None:
    document = docx.Document()
    for words in ("修渠", "修路"):
        document.add_paragraph(words, style="List Number")
    stream = io.BytesIO()
    document.save(stream)
    assert docx_text(stream.getvalue()).text.splitlines() == ["1. 修渠", "2. 修路"]


@pytest.mark.office
def test_libreoffice_counts_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(numbered(*REPORT[:9]))
    subprocess.run(
        [
            os.environ["SHUZHI_TEST_SOFFICE"],
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            *(
                "--headless",
                "--convert-to",
                "txt:Text (encoded):UTF8",
                "--outdir",
                str(tmp_path),
                str(tmp_path / "a.docx"),
            ),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    lines = (tmp_path / "a.txt").read_text("utf-8-sig").splitlines()
    assert ["".join(line.split()) for line in lines] == ["".join(line.split()) for line in SEEN[:9]]
