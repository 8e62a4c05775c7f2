"""The demo county from its workbooks to its published report, through the command line alone, as a stranger would run it."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pdfplumber
import psycopg
import pytest
from docx import Document
from openpyxl import load_workbook
from psycopg import sql

from shuzhi.prose.writing.docx_out import figures_in

ROOT = Path(__file__).resolve().parents[2]
# Recomputes every card as an auditor would, where Django cannot even be imported.
AUDITOR = """
import io, json, sys
from contextlib import redirect_stdout
sys.modules["django"] = None
from shuzhi.figures.__main__ import main
for line in sys.stdin:
    told = io.StringIO()
    with redirect_stdout(told):
        main(json.loads(line))
    print(json.dumps(json.loads(told.getvalue())))
"""


@dataclass(frozen=True)
class Demo:
    """A demo county on the disk, and the command ``shuzhi`` at its door."""

    folder: Path
    database: str = ""

    @property
    def home(self) -> Path:
        """The instance."""
        return self.folder / "instance"

    @property
    def report(self) -> dict[str, Any]:
        """The report as data."""
        found: dict[str, Any] = json.loads((self.folder / "report" / "报告.json").read_bytes())
        return found

    @property
    def closing(self) -> Path:
        """The closing the report stands on."""
        return self.home / "closings" / str(self.report["closing"]).partition(":")[2][:16]

    def filled(self) -> list[dict[str, Any]]:
        """The places that are filled."""
        return [place for place in self.report["places"] if place["state"] == "已填"]

    def shuzhi(self, *words: str | Path, home: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run one command and return its outcome."""
        return run("-m", "shuzhi", *words, home=home or self.home, database=self.database)

    def entries(self) -> int:
        """How many entries the journal has; the books must be whole."""
        done = self.shuzhi("verify", "--json")
        told = json.loads(done.stdout)
        assert (done.returncode, told["findings"]) == (0, [])
        return int(told["entries"])


def run(
    *words: str | Path, home: Path | None = None, database: str = "", typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run Python in the source folder with no other settings than these."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("SHUZHI_", "DJANGO_"))}
    env |= {"SHUZHI_DATABASE": database, "PYTHONUTF8": "1"}
    env |= {"SHUZHI_HOME": str(home)} if home else {}
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=ROOT,
        env=env,
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def build(folder: Path, database: str = "") -> Demo:
    """The whole demo, as its command makes it."""
    done = run("-m", "shuzhi", "demo", "--dir", folder, "--no-serve", database=database)
    assert done.returncode == 0, done.stderr[-2000:]
    return Demo(folder, database)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return build(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def copy(demo: Demo, tmp_path: Path) -> Path:
    """A copy of the instance that may be spoilt."""
    target = tmp_path / "instance"
    shutil.copytree(demo.home, target)
    return target


def test_the_report_files_exist_open_and_hold_the_figures(demo: Demo) -> None:
    folder, filled = demo.folder / "report", demo.filled()
    gdp = next(place["text"] for place in filled if place["concept"] == "gdp")
    assert len(filled) >= 50
    written = Document(str(folder / "报告.docx"))
    assert written.paragraphs
    assert [text for ref, text in figures_in((folder / "报告.docx").read_bytes()) if "/" not in ref] == [
        place["text"] for place in filled
    ]
    with pdfplumber.open(folder / "报告.pdf") as pdf:
        assert f"地区生产总值{gdp}亿元" in "".join(page.extract_text() for page in pdf.pages).replace(
            "\n", ""
        )
    book = load_workbook(folder / "附件-数字与证据.xlsx")
    assert [row[3] for row in book["数字与证据"].iter_rows(min_row=2, values_only=True)] == [
        place["text"] for place in filled
    ]
    page = (folder / "报告.html").read_text("utf-8")
    assert all(place["code"] in page for place in filled)


def test_what_went_wrong_in_the_county_is_told_truthfully(demo: Demo) -> None:
    states = {place["concept"]: (place["state"], place["reason"]) for place in demo.report["places"]}
    assert states["power_total"][0] == "略去"  # nobody reported it, and the author said so before signing
    assert "供电公司" in states["power_total"][1]
    estimates = [finding for finding in demo.report["findings"] if finding["id"] == "fill.estimate"]
    assert estimates
    assert all(place["text"] for place in demo.report["places"] if place["state"] == "已填")
    said = ("已填", "自填", "略去")  # what the books, the author, or a dash says
    assert not any(place["text"] for place in demo.report["places"] if place["state"] not in said)


def test_every_card_is_recomputed_by_a_stranger_with_nothing_but_the_closing(demo: Demo) -> None:
    filled = demo.filled()
    asked = [
        [card["expression"], str(demo.closing), "--in", place["card"]["unit"], "--json"]
        for place in filled
        for card in [place["card"]]
    ]
    done = run("-c", AUDITOR, typed="\n".join(json.dumps(words) for words in asked))
    assert done.returncode == 0, done.stderr[-2000:]
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(filled)
    for place, answer in zip(filled, answers, strict=True):
        decimals = len(place["text"].partition(".")[2])
        gap = abs(abs(Fraction(answer["value"])) - Fraction(place["text"].replace(",", "")))
        assert gap <= Fraction(1, 2 * 10**decimals), (place["label"], place["text"], answer["value"])
        assert answer["trace"]["closings"] == [demo.report["closing"]]


def test_the_auditors_command_prints_what_the_report_prints(demo: Demo) -> None:
    place = next(place for place in demo.filled() if place["concept"] == "rev_general")
    done = run("-m", "shuzhi.figures", place["card"]["expression"], demo.closing)
    assert done.returncode == 0, done.stderr
    assert f"{place['text']}亿元" in done.stdout.replace(" ", "")


def test_the_books_are_whole_and_loading_again_changes_nothing(demo: Demo) -> None:
    before = demo.entries()
    done = demo.shuzhi("load", demo.folder / "workbooks", "--json")  # all of them, the old ones after the new
    assert done.returncode == 0, done.stdout[-2000:]
    assert demo.entries() == before


def test_a_workbook_that_must_be_refused_leaves_no_trace_and_comes_back_marked(
    demo: Demo, tmp_path: Path
) -> None:
    before = demo.entries()
    wrong = next((demo.folder / "workbooks" / "不能入账").glob("*.xlsx"))
    done = demo.shuzhi("load", wrong, "--marked", tmp_path, "--json")
    assert done.returncode == 2
    assert demo.entries() == before
    for folder in (tmp_path, demo.folder / "marked"):
        marked = load_workbook(next(folder.glob("*.xlsx")))
        said = [str(cell) for row in marked["问题清单"].iter_rows(values_only=True) for cell in row if cell]
        assert any("分配" in text and "超" in text for text in said), said


def test_running_the_demo_again_is_quick_and_changes_nothing(demo: Demo) -> None:
    before = demo.entries()
    done = run("-m", "shuzhi", "demo", "--dir", demo.folder, "--no-serve")
    assert done.returncode == 0
    assert "已经建好" in done.stderr
    assert demo.entries() == before


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def change(home: Path, statement: str) -> None:
    """Write to the database behind the product's back."""
    with sqlite3.connect(home / "shuzhi.sqlite3") as connection:
        assert connection.execute(statement).rowcount == 1
    connection.close()


def _journal(home: Path) -> str:
    change(home, "update evidence_entry set body = replace(body, '导入', '导人') where seq = 3")
    return "日志第3笔"


def _blob(home: Path) -> str:
    path = sorted(path for path in (home / "blobs").rglob("*") if path.is_file())[0]
    flip(path)
    return f"材料 {path.relative_to(home)}"


def _closing(home: Path) -> str:
    path = sorted((home / "closings").glob("*/observation.parquet"))[0]
    flip(path)
    return "observation.parquet"


def _manifest(home: Path) -> str:
    path = sorted(path for path in (home / "closings").glob("*/manifest.json"))[0]
    flip(path)
    return path.parent.name


def _row(home: Path) -> str:
    change(
        home,
        "update indicators_observation set value = value + 1 where indicator = 'rev_general' and year = 2025"
        " and month = 12 and role = 'actual' and vintage = 1 and unit_id = '990123'",
    )
    return "observation/rev_general/990123/2025-12/actual/1"


def _row_unreadable(home: Path) -> str:
    change(home, "update units_unit set since = '2020-13-01' where code = '990123'")
    return "units.Unit 990123"


def _entry_unreadable(home: Path) -> str:
    change(home, "update evidence_entry set at = '2025-13-01 00:00:00' where seq = 2")
    return "evidence.Entry 2"


def _row_inserted(home: Path) -> str:
    change(
        home,
        "insert into units_post (code, unit_id, title, duties, since, until)"
        " values ('900001', '990123', '查无此职', '[]', '2025-01-01', null)",
    )
    return "post/900001"


def _row_vanished(home: Path) -> str:
    change(home, "delete from evidence_paper where id = (select min(id) from evidence_paper)")
    return "paper/"


@pytest.mark.parametrize(
    "spoil",
    [
        _journal,
        _blob,
        _closing,
        _manifest,
        _row,
        _row_unreadable,
        _entry_unreadable,
        _row_inserted,
        _row_vanished,
    ],
    ids=lambda spoil: spoil.__name__,
)
def test_one_thing_changed_anywhere_is_found_and_named(
    demo: Demo, copy: Path, spoil: Callable[[Path], str]
) -> None:
    where = spoil(copy)
    done = demo.shuzhi("verify", home=copy)
    assert done.returncode == 3, done.stdout
    first = done.stdout.splitlines()[1]
    assert first.startswith("[错误]")
    assert where in first


@pytest.fixture
def database() -> Iterator[str]:
    """A database of its own on the test server."""
    server, name = os.environ["SHUZHI_TEST_POSTGRES"], f"shuzhi_demo_{os.getpid()}"
    parts = urlsplit(server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlunsplit(parts._replace(path=f"/{name}"))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.postgres
def test_the_same_demo_on_postgresql_gives_the_same_closing_and_the_same_report(
    demo: Demo, database: str, tmp_path: Path
) -> None:
    other = build(tmp_path, database)
    assert other.report["closing"] == demo.report["closing"]
    for path in sorted((demo.folder / "report").iterdir()):
        assert (other.folder / "report" / path.name).read_bytes() == path.read_bytes(), path.name
    other.entries()
