"""``shuzhi read``: one draft or many, for people and machines, beside earlier texts and the books, into Word."""

import io
import json
import re
from pathlib import Path

import docx
import pytest

from shuzhi.cli.reading import files
from shuzhi.indicators.verbs import observe
from tests.accounts import indicator
from tests.cast import Cast
from tests.cli.conftest import Shuzhi

WRONG = """陵水湾县2025年度述职报告

一、主要工作

新建泵站3座，水渠通到田头。全年修路12公里，，方便了群众出行。

一、存在不足

群众对办事快不快还有意见，窗口人手偏紧，有的事项要跑两个地方，下一步逐项改进，让来办事的人少跑一趟路、少等一会儿。
"""
RIGHT = WRONG.replace("，，", "，").replace("一、存在", "二、存在")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "草稿"
    (made / "乡镇").mkdir(parents=True)
    (made / "甲.txt").write_text(WRONG, "utf-8")
    (made / "乡镇" / "乙.txt").write_text(RIGHT, "gb18030")
    document = docx.Document()
    for line in WRONG.split("\n"):
        document.add_paragraph(line)
    document.save(str(made / "丙.docx"))
    (made / "~$丙.docx").write_bytes(b"open now")
    (made / "备注.pdf").write_bytes(b"%PDF")
    return made


def test_findings_are_told_by_force_with_their_place_and_what_to_do(shuzhi: Shuzhi, folder: Path) -> None:
    said = shuzhi("read", folder / "甲.txt")
    assert said.code == 0
    assert "疑误 2 处" in said.out
    assert "第5行" in said.out
    assert re.search("全年修路12公〔?里?〔?，，〕方便", said.out)
    assert "第7行" in said.out
    assert "【不查 prose-" in said.out
    assert "第5段" in shuzhi("read", folder / "丙.docx").out
    assert "没有查出疑误" in shuzhi("read", folder / "乡镇" / "乙.txt").out


def test_strict_makes_findings_an_exit_code(shuzhi: Shuzhi, folder: Path) -> None:
    assert shuzhi("read", folder / "甲.txt", "--strict").code == 1
    assert shuzhi("read", folder / "乡镇" / "乙.txt", "--strict").code == 0


def test_a_waiver_is_told_with_its_reason(shuzhi: Shuzhi, tmp_path: Path) -> None:
    path = tmp_path / "丁.txt"
    path.write_text(WRONG.replace("出行。", "出行。【不查 prose-F5：领导原话】"), "utf-8")
    said = shuzhi("read", path)
    assert "疑误 1 处" in said.out
    assert "理由：领导原话" in said.out


def test_a_folder_is_read_one_draft_a_line_and_what_is_no_draft_is_named(
    shuzhi: Shuzhi, folder: Path
) -> None:
    (folder / "坏.docx").write_bytes(b"not a zip")
    said = shuzhi("read", folder, "--json-lines")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [Path(row["file"]).name for row in rows] == ["丙.docx", "乙.txt", "坏.docx", "甲.txt"]
    assert [len(row.get("defects", [])) for row in rows] == [2, 0, 0, 2]
    assert rows[2]["findings"][0]["id"] == "draft.docx"
    assert said.code == 1
    assert "坏.docx" in said.err
    assert "另有 1 个旧版" in said.err
    assert shuzhi("read", folder, "--json").code == 2
    assert "共 4 份草稿，疑误 4 处；读不了的 1 份" in shuzhi("read", folder).out


def test_an_empty_folder_is_refused(shuzhi: Shuzhi, tmp_path: Path) -> None:
    assert shuzhi("read", tmp_path).code == 2
    assert list(files([tmp_path])) == []


def test_what_is_copied_from_an_earlier_text_is_found_but_never_from_itself(
    shuzhi: Shuzhi, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "去年.txt").write_text(RIGHT.replace("2025", "2024"), "utf-8")
    copied = shuzhi("read", folder / "乡镇" / "乙.txt", "--json", "--earlier", tmp_path / "去年.txt").data[
        "defects"
    ]
    assert {defect["type"] for defect in copied} == {"copied_paragraph"}
    own = shuzhi("read", folder / "乡镇" / "乙.txt", "--json", "--earlier", folder / "乡镇").data
    assert own["defects"] == []


def test_findings_go_into_the_word_file_as_comments(shuzhi: Shuzhi, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "批注.docx"
    assert "批注 2 条" in shuzhi("read", folder / "丙.docx", "--comments", out).out
    texts = [comment.text for comment in docx.Document(io.BytesIO(out.read_bytes())).comments]
    assert len(texts) == 2
    assert all("不查 prose-" in text and text.startswith("〔") for text in texts)
    assert shuzhi("read", folder / "丙.docx", "--comments", folder / "丙.docx").code == 2
    assert shuzhi("read", folder, "--comments", tmp_path / "全部").code == 0
    assert {path.name for path in (tmp_path / "全部").iterdir()} == {
        "甲-批注.docx",
        "乙-批注.docx",
        "丙-批注.docx",
    }


def test_open_places_are_commented_on_when_asked(shuzhi: Shuzhi, tmp_path: Path) -> None:
    path, out = tmp_path / "戊.txt", tmp_path / "批注.docx"
    path.write_text("陵水湾县2025年度述职报告\n\n一、主要工作\n\n新增风铃园XX座。\n", "utf-8")
    shuzhi("read", path, "--comments", out, "--candidates")
    texts = [comment.text for comment in docx.Document(io.BytesIO(out.read_bytes())).comments]
    assert any(text.startswith(("〔待选〕", "〔无此指标〕")) for text in texts)


def test_what_the_books_deny_is_told_and_commented_on(shuzhi: Shuzhi, cast: Cast, tmp_path: Path) -> None:
    observe(
        indicator("gdp"),
        cast.county,
        year=2025,
        month=12,
        value="134.52",
        by=cast.post("statistician"),
        role="forecast",
    )
    closing = Path(shuzhi("close", "--as-of", "2025-12-31", "--json").data["path"])
    path, out = tmp_path / "己.txt", tmp_path / "批注.docx"
    path.write_text("陵水湾县2025年度述职报告\n\n一、主要工作\n\n预计地区生产总值138.2亿元。\n", "utf-8")
    said = shuzhi("read", path, "--closing", closing, "--comments", out, "--strict")
    assert said.code == 1
    assert "不属实 1 条" in said.out
    assert "134.5" in said.out
    assert "134.5" in next(iter(docx.Document(io.BytesIO(out.read_bytes())).comments)).text
    assert shuzhi("read", path, "--closing", closing, "--json").data["verdicts"][0]["state"] == "不属实"
