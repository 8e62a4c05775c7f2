"""Bytes in: UTF-8, UTF-16, GB18030, Word files; never a lost character, never an exception for text."""

import io
import zipfile
from itertools import pairwise

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.prose.decode import NotADocument, decode, docx_text
from shuzhi.prose.reading import read

CHARACTERS = st.characters(codec="utf-8")


@given(st.text(alphabet=CHARACTERS, max_size=80))
def test_utf8_with_and_without_mark_reads_back(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode()).text == text
    if not text.startswith("\ufeff"):
        assert decode(text.encode()).text == text


@given(st.text(alphabet="述职报告全年完成镕喆堃祎𠮷，。\r\n　", min_size=4, max_size=80))
def test_gb18030_reads_back_to_the_far_planes(text: str) -> None:
    found = decode(("一、" + text).encode("gb18030"))
    assert (found.text, found.encoding) == ("一、" + text, "gb18030")


@given(st.binary(max_size=200))
def test_no_bytes_make_decode_raise(data: bytes) -> None:
    found = decode(data)
    assert isinstance(found.text, str)
    assert bool(found.findings) == (
        "\ufffd" in found.text and b"\xef\xbf\xbd" not in data and bool(found.findings)
    )


@given(
    st.text(
        alphabet=st.one_of(CHARACTERS, st.sampled_from("一二三（）X×〇%、，。：\n分别元户年")), max_size=200
    )
)
def test_no_text_makes_reading_raise(text: str) -> None:
    draft = read(text)
    for row in (draft.slots, draft.figures):
        spans = [item.span for item in row]
        assert all(0 <= s.start < s.end <= len(text) for s in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 <= d.span.start < d.span.end <= len(text) for d in draft.defects)
    assert all(0 <= h.body.start <= h.body.end <= len(text) for h in draft.outline)
    assert not any(s.span.touches(f.span) for s in draft.slots for f in draft.figures)


def _word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "指标", "X亿元"
    document.add_paragraph("末段")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_word_file_is_read_in_order_with_its_paragraphs_found_again() -> None:
    found = docx_text(_word("述职报告", "全年植树X万株。"))
    assert found.text == "述职报告\n全年植树X万株。\n指标\tX亿元\t\n末段\n"
    assert [found.text[a:b] for a, b in found.paragraphs] == [
        "述职报告",
        "全年植树X万株。",
        "指标",
        "X亿元",
        "末段",
    ]


def _zip(name: str, body: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, body)
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"not a zip",
        _zip("other.xml", b"<a/>"),
        _zip("word/document.xml", b"<broken"),
        _zip("word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    ],
)
def test_what_is_no_word_file_is_refused_in_chinese(data: bytes) -> None:
    with pytest.raises(NotADocument, match=r"[\u4e00-\u9fff]"):
        docx_text(data)
