"""What the margin of a draft says, and on which words of the Word file it stands."""

import datetime
import io

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.kernel.finding import Refused
from shuzhi.prose.binding import bind
from shuzhi.prose.concepts import Concept
from shuzhi.prose.decode import docx_text
from shuzhi.prose.model import Span
from shuzhi.prose.reading import read
from shuzhi.prose.word.docx_plain import Laid
from shuzhi.reports.comments import comments_of, word_file

MOMENT = datetime.datetime(2026, 1, 10, 8, 0, tzinfo=datetime.UTC)
TEXT = """石桥镇2025年工作总结

一、主要工作

全年修渠12公里，，惠及农户XX户，新建水塔X座、水池X口。

三、下一步打算

把没有修完的渠修完。
"""


def test_every_finding_says_its_force_its_rule_why_and_how_to_set_it_aside() -> None:
    draft = read(TEXT)
    made = comments_of(draft)
    assert len(made) == len(draft.defects) == 2
    for comment, defect in zip(made, draft.defects, strict=True):
        assert comment.span == defect.span
        assert comment.lines[0].startswith(f"〔{defect.force}〕")
        assert defect.rule in comment.lines[0]
        assert comment.lines[1] == defect.explanation
        assert f"【不查 {defect.rule}：理由】" in comment.lines[2]


def test_what_is_set_aside_is_not_said_and_advice_only_when_asked() -> None:
    waived = read(TEXT.replace("口。", "口。【不查 prose-F5：照录】"))
    assert len(comments_of(waived)) == 1
    idle = read(TEXT.replace("口。", "口。【不查 prose-F5】"))
    assert len(comments_of(idle, advice=True)) > len(comments_of(idle))


def test_a_place_that_is_not_sure_is_given_its_candidates() -> None:
    concepts = (
        Concept("tower.a", "新建水塔", ("新建水塔",), ("座",), "count"),
        Concept("tower.b", "新建水塔数", ("新建水塔",), ("座",), "count"),
    )
    draft = read(TEXT)
    bindings = bind(draft, concepts, figures=False)
    lines = [
        line
        for c in comments_of(draft, bindings=bindings, known={c.code: c for c in concepts})
        for line in c.lines
    ]
    assert "〔待选〕请选定是哪个指标" in lines
    assert "1. 新建水塔（tower.a）" in lines
    assert "〔无此指标〕请自行核实" in lines


@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("一二、（）X，。：\n\r\t　 年"), st.characters(codec="utf-8")),
        max_size=120,
    )
)
def test_a_plain_text_laid_out_shows_every_character_in_its_place(text: str) -> None:
    draft = read(text)
    laid = Laid(draft)
    shown = docx_text(laid.docx).text
    assert len(shown.split("\n")) == len(text.split("\n")) + 1
    for at, char in enumerate(text):
        if char.isprintable() and not char.isspace():
            assert laid.span(Span(at, at + 1)).of(shown) == char


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n")])
def test_a_plain_text_becomes_a_word_file_with_comments(text: str) -> None:
    draft = read(text)
    made = word_file(text.encode(), "a.txt", draft, comments_of(draft), date=MOMENT)
    document = docx.Document(io.BytesIO(made))
    assert [p.text for p in document.paragraphs] == [line.rstrip("\r") for line in text.split("\n")]
    assert len(document.comments) == len(draft.defects)


def test_a_word_file_the_draft_was_not_read_from_is_refused() -> None:
    draft = read(TEXT)
    file = word_file(TEXT.encode(), "a.txt", draft, (), date=MOMENT)
    other = read("另一份\n")
    with pytest.raises(Refused):
        word_file(file, "a.docx", other, comments_of(draft), date=MOMENT)
