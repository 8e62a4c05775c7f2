"""The command line: what it prints, and the exit codes of docs/commands.md (0 done, 1 found, 2 refused, 3 damaged)."""

import io
from pathlib import Path

import pytest
from django.db import connection
from docx import Document
from openpyxl import load_workbook

from shuzhi.indicators.verbs import observe
from tests.accounts import SMALL, indicator
from tests.cast import Cast
from tests.cli.conftest import Shuzhi

DRAFT = """陵水湾县2025年度述职报告

一、主要工作

预计地区生产总值XXX.X亿元，比上年增长5.6%。某同志抓落实，新增注册商标XX件。
"""


@pytest.fixture
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("draft") / "草稿.txt"
    path.write_text(DRAFT, "utf-8")
    return path


@pytest.fixture
def estimate(cast: Cast) -> None:
    observe(
        indicator("gdp"),
        cast.county,
        year=2025,
        month=12,
        value="134.52",
        by=cast.post("statistician"),
        role="forecast",
    )


# --- reading and filling -----------------------------------------------------------------------------------------------

PARTS = {
    "outline": {"id", "parent", "level", "number", "marker", "number_start", "number_end", "heading_text_start",
                "heading_text_end", "heading_text", "body_start", "body_end"},
    "slots": {"id", "start", "end", "text", "clause_start", "clause_end", "kind", "unit", "concept", "time"},
    "figures": {"id", "start", "end", "text", "full_start", "full_end", "clause_start", "clause_end", "value", "unit",
                "kind", "concept", "time"},
    "defects": {"id", "start", "end", "text", "type", "severity", "explanation"},
    "claims": {"id", "start", "end", "text", "type"},
    "boilerplate": {"start", "end"},
}  # fmt: skip


def test_reading_prints_the_schema_of_drafts(shuzhi: Shuzhi, draft: Path) -> None:
    said = shuzhi("read", draft, "--json")
    assert said.code == 0
    more = {"title", "advice", "waived", "qualitative"}
    assert set(said.data) - {"preamble", "closing"} == {*PARTS, *more}
    for part, keys in PARTS.items():
        assert all(keys <= set(item) for item in said.data[part]), part
    for item in (*said.data["slots"], *said.data["figures"]):
        assert DRAFT[item["start"] : item["end"]] == item["text"]
    assert [figure["value"] for figure in said.data["figures"]] == [5.6]
    assert '"value": 5.6' in said.out


def test_reading_is_the_same_from_gb18030_and_docx(shuzhi: Shuzhi, draft: Path, tmp_path: Path) -> None:
    wanted = [slot["text"] for slot in shuzhi("read", draft, "--json").data["slots"]]
    (tmp_path / "b.txt").write_bytes(DRAFT.encode("gb18030"))
    document, kept = Document(), io.BytesIO()
    for line in DRAFT.split("\n"):
        document.add_paragraph(line)
    document.save(kept)
    (tmp_path / "c.docx").write_bytes(kept.getvalue())
    for name in ("b.txt", "c.docx"):
        found = shuzhi("read", tmp_path / name, "--json")
        assert [slot["text"] for slot in found.data["slots"]] == wanted


def test_reading_tells_a_person_what_is_there(shuzhi: Shuzhi, draft: Path) -> None:
    assert "空格" in shuzhi("read", draft).out


def test_filling_writes_the_report_and_says_what_stays_open(
    shuzhi: Shuzhi, draft: Path, estimate: None, tmp_path: Path
) -> None:
    said = shuzhi("fill", draft, "--out", tmp_path / "out", "--as-of", "2025-12-31", "--json")
    assert said.code == 1
    assert said.data["summary"]["已填"] == 1
    assert {gap["state"] for gap in said.data["gaps"]} == {"名称", "无此指标"}
    assert all(Path(path).stat().st_size for path in said.data["files"])
    assert "134.5" in (tmp_path / "out" / "报告.json").read_text("utf-8")


def test_filling_a_draft_without_gaps_is_done(shuzhi: Shuzhi, estimate: None, tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_text("陵水湾县2025年度述职报告\n\n预计地区生产总值XXX.X亿元。\n", "gb18030")
    assert shuzhi("fill", path, "--out", tmp_path / "out", "--as-of", "2025-12-31").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--year", "2031"), "还没有2031年的数"),
        (("--unit", "123"), "没有代码为“123”的单位"),
        (("--as-of", "31.12."), "应形如 2025-12-31"),
    ],
)
def test_filling_refuses_what_the_books_do_not_know(
    shuzhi: Shuzhi, draft: Path, cast: Cast, tmp_path: Path, words: tuple[str, str], said: str
) -> None:
    told = shuzhi("fill", draft, "--out", tmp_path / "out", *words)
    assert (told.code, (tmp_path / "out").exists()) == (2, False)
    assert said in told.err


@pytest.mark.parametrize(
    ("data", "said"), [(None, "没有这个文件"), (b"%PDF-1.4", "读不了"), (b"", "没有文字")]
)
def test_what_is_no_draft_is_refused(shuzhi: Shuzhi, tmp_path: Path, data: bytes | None, said: str) -> None:
    path = tmp_path / "草稿.txt"
    if data is not None:
        path.write_bytes(data)
    told = shuzhi("read", path)
    assert told.code == 2
    assert said in told.err


# --- books ---------------------------------------------------------------------------------------------------------------


def test_closing_computing_and_proving(shuzhi: Shuzhi, estimate: None) -> None:
    assert shuzhi("figure", "gdp").code == 2  # nothing closed yet
    closed = shuzhi("close", "--as-of", "2025-12-31", "--json")
    assert closed.code == 0
    assert Path(closed.data["path"]).is_dir()
    figure = shuzhi("figure", "gdp", "--in", "万元", "--json")
    assert (figure.code, figure.data["text"], figure.data["status"]) == (0, "1345200", "预计")
    assert "1345200万元（预计）" in shuzhi("figure", "gdp", "--in", "万元").out
    assert shuzhi("figure", "retail").code == 1
    assert shuzhi("figure", "gdpp").code == 2
    proved = shuzhi("verify", "--json")
    assert (proved.code, proved.data["findings"]) == (0, [])


def test_a_row_changed_behind_the_journal_is_damage(shuzhi: Shuzhi, estimate: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update indicators_observation set value = value + 1")
    told = shuzhi("verify")
    assert told.code == 3
    assert "observation/gdp/990100/2025-12/forecast/1" in told.out


def test_nobody_closes_the_books_under_a_post_that_is_not_there(shuzhi: Shuzhi, cast: Cast) -> None:
    assert shuzhi("close", "--by", "nobody").code == 2


# --- instance and catalogue ------------------------------------------------------------------------------------------------


def test_a_template_is_a_workbook_and_an_unknown_ledger_is_refused(
    shuzhi: Shuzhi, cast: Cast, tmp_path: Path
) -> None:
    code = shuzhi("catalogue", "list", "--json").data["kinds"][0][0]
    assert shuzhi("template", code, "--out", tmp_path / "t.xlsx").code == 0
    assert load_workbook(tmp_path / "t.xlsx").sheetnames
    assert shuzhi("template", "no_such", "--out", tmp_path / "u.xlsx").code == 2


def test_a_workbook_by_nobody_is_refused(shuzhi: Shuzhi, cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    assert shuzhi("load", tmp_path / "a.xlsx", "--user", "nobody").code == 2


def test_the_differences_of_a_county_are_listed(shuzhi: Shuzhi) -> None:
    said = shuzhi("catalogue", "departures", SMALL, "--json")
    assert said.code == 1
    assert said.data


def test_a_broken_catalogue_is_refused(shuzhi: Shuzhi, tmp_path: Path) -> None:
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "bad.toml").write_text("code = 1", "utf-8")
    assert shuzhi("catalogue", "check", tmp_path).code == 2
    assert shuzhi("catalogue", "departures", tmp_path).code == 2


def test_an_instance_is_founded_once(shuzhi: Shuzhi, home: Path, db: None) -> None:
    assert shuzhi("init", "--county", "990100", "--name", "陵水湾县").code == 0
    told = shuzhi("init", "--county", "990199", "--name", "别处")
    assert told.code == 2
    assert "陵水湾县" in told.err
