"""The document model: faces by level, run-in headings, figures in their places, titles broken at words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.prose.writing.paper import Column, Face, FigureMark, Mark, Paper, Paragraph, Run, Table, lay_out
from shuzhi.prose.writing.signing import annex_lines, annex_mark, signature_lines
from shuzhi.prose.writing.titling import TITLE_WIDTH, title_breaks
from tests.prose.papers import figure, report


@pytest.mark.parametrize(
    ("text", "level", "face"),
    [
        ("一、勤勉履职", 1, Face.HEI),
        ("（一）稳增长", 2, Face.KAI),
        ("（一）没有上一级时也用楷体", 1, Face.KAI),
        ("1.抓项目", 3, Face.BODY),
        ("（1）抓要素", 4, Face.BODY),
        ("一是抓招商", 2, Face.KAI),
        ("一是抓招商", 1, Face.KAI),
        ("没有序号的标题", 1, Face.HEI),
    ],
)
def test_a_heading_takes_the_face_of_its_layer(text: str, level: int, face: Face) -> None:
    block = lay_out("题", [Paragraph(text, level=level)]).blocks[0]
    assert [run.face for run in block.runs] == [face]  # type: ignore[union-attr]
    assert block.level == level  # type: ignore[union-attr]


def test_a_run_in_heading_keeps_its_full_stop_and_leaves_the_text_in_fangsong() -> None:
    paper = lay_out("题", [Paragraph("一、勤勉履职。全年开会十次。", level=1, heading_end=6)])
    assert [(run.text, run.face, run.head) for run in paper.runs()][1:] == [
        ("一、勤勉履职。", Face.HEI, 1),
        ("全年开会十次。", None, 0),
    ]
    assert paper.blocks[0].level == 0  # type: ignore[union-attr]


def test_a_paragraph_may_hold_several_run_in_headings() -> None:
    text = "做了两件事。一是修路。修了三条。二是通水。通了五村。"
    paper = lay_out("题", [Paragraph(text, more_heads=[(6, 10, 2), (16, 20, 2)])])
    assert [run.text for run in paper.runs() if run.head] == ["一是修路。", "二是通水。"]


def test_values_stand_in_the_place_of_their_masks() -> None:
    text = "".join(run.text for run in report().blocks[3].runs)  # type: ignore[union-attr]
    assert text == "（一）经济稳中有进。完成生产总值128.45亿元，增长6.2%；新增主体XXX个，驻点某村××天。"


def test_an_unfilled_mask_stays_visible_and_is_marked() -> None:
    gaps = [(text, mark.status) for mark, text in report().figures() if mark.is_gap]
    assert gaps == [("XXX", "unfilled"), ("××", "name")]


def test_a_title_may_hold_a_gap_and_never_tears_it() -> None:
    mark = Mark(0, 6, "", figure("slot/1", status="name"))
    paper = lay_out(Paragraph("XXXXXX县委副书记、县长关于2025年度履行职责情况的报告", marks=[mark]), [])
    assert len(paper.title_lines) == 2
    assert [run.text for run in paper.title_lines[0] if run.figure] == ["XXXXXX"]


@pytest.mark.parametrize(
    "marks",
    [
        [Mark(0, 2, "1", figure("a")), Mark(1, 3, "2", figure("b"))],
        [Mark(3, 9, "1", figure("a"))],
        [Mark(2, 2, "1", figure("a"))],
        [Mark(0, 2, "", figure("a"))],
    ],
    ids=["重叠", "越界", "空位", "已填而无字"],
)
def test_marks_that_make_no_sense_are_refused(marks: list[Mark]) -> None:
    with pytest.raises(ValueError, match=r"overlaps|prints nothing"):
        lay_out("题", [Paragraph("甲乙丙丁", marks=marks)])


def test_a_ref_longer_than_word_can_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="64"):
        FigureMark(ref="f" * 65, code="", value_text="", status="filled", label="")


def test_a_table_row_with_a_cell_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs 2 cells"):
        Table("表", (Column(), Column()), (("甲", "乙"),), (((Run("1"),),),))


def test_control_characters_become_spaces_and_offsets_stay_true() -> None:
    paper = lay_out("题", [Paragraph("甲\x0b乙XX丙", marks=[Mark(3, 5, "9", figure("a"))])])
    assert "".join(run.text for run in paper.blocks[0].runs) == "甲 乙9丙"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("短题", ["短题"]),
        ("明澜县县长2025年度述职述廉述效报告", ["明澜县县长2025年度述职述廉述效报告"]),
        (
            "明澜县人民政府县长2025年度述职述廉述效报告",
            ["明澜县人民政府县长2025年度", "述职述廉述效报告"],
        ),
        (
            "明澜县人民政府关于2025年度法治政府建设和依法行政工作情况的报告",
            ["明澜县人民政府关于2025年度", "法治政府建设和依法行政工作情况的报告"],
        ),
    ],
)
def test_a_title_is_broken_at_words(title: str, lines: list[str]) -> None:
    paper = lay_out(title, [])
    assert ["".join(run.text for run in line) for line in paper.title_lines] == lines
    assert paper.title == title


@given(st.text(alphabet="县长述职报告的2025年度、，（）《》“”X", max_size=140))
def test_no_title_loses_a_character_or_overflows_its_line(title: str) -> None:
    ends = title_breaks(title)
    lines = [title[low:high] for low, high in zip((0, *ends), (*ends, len(title)), strict=True)]
    assert "".join(lines) == title
    assert all(sum(0.5 if ord(char) < 0x2000 else 1 for char in line) <= TITLE_WIDTH for line in lines)


@given(
    text=st.text(alphabet="一、（二）甲乙XX。 　", max_size=60),
    level=st.integers(0, 5),
    end=st.integers(0, 70),
    start=st.integers(0, 58),
    length=st.integers(1, 5),
)
def test_laying_out_loses_no_character_whatever_the_heading_and_the_mark(
    text: str, level: int, end: int, start: int, length: int
) -> None:
    marks = (
        [Mark(start, start + length, "", figure("a", status="unfilled"))]
        if start + length <= len(text)
        else []
    )
    paper = lay_out("", [Paragraph(text, level=level, heading_end=end, marks=marks)])
    assert "".join(run.text for run in paper.runs()).strip() == text.strip()
    assert len(list(paper.figures())) == len(marks)


@pytest.mark.parametrize(
    ("name", "date", "lines"),
    [
        ("陈示例", "", [("陈示例", 23)]),
        ("明澜县人民政府办公室", "2026年1月8日", [("明澜县人民政府办公室", 16), ("2026年1月8日", 18)]),
        ("陈示例", "2026年11月18日", [("陈示例", 17), ("2026年11月18日", 19)]),
        ("", "2026年1月8日", [("2026年1月8日", 20)]),
    ],
)
def test_the_date_begins_two_characters_right_of_the_name(
    name: str, date: str, lines: list[tuple[str, float]]
) -> None:
    assert signature_lines(Paper((), (), signature=name, date=date)) == lines


def test_attachments_are_numbered_only_where_there_are_several() -> None:
    paper = report()
    assert annex_lines(paper) == ["附件：1.目标完成情况表", "2.说明"]
    assert annex_mark(paper, 1) == "附件2"
    single = Paper((), (), annexes=paper.annexes[:1])
    assert annex_lines(single) == ["附件：目标完成情况表"]
    assert annex_mark(single, 0) == "附件"
