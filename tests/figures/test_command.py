"""The auditor's command works from a closing's folder alone: no database, no Django, no network."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from shuzhi.figures.__main__ import main
from shuzhi.figures.closing import Closing
from tests.figures.county import DANGERS, Close

# Runs the command in a process in which neither Django nor any database driver can be imported.
ALONE = """
import builtins, runpy, socket, sys
real = builtins.__import__
def without(name, *rest, **more):
    if name.split(".")[0] in ("django", "psycopg", "sqlite3"):
        raise ImportError(f"{name} is not here")
    return real(name, *rest, **more)
def nowhere(*_, **__):
    raise OSError("no network here")
builtins.__import__ = without
socket.socket.connect = nowhere
sys.argv = ["shuzhi.figures", *sys.argv[1:]]
runpy.run_module("shuzhi.figures", run_name="__main__")
"""


def alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", ALONE, *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_a_figure_is_recomputed_from_a_copied_folder_alone(county: Closing, tmp_path: Path) -> None:
    folder = tmp_path / county.path.name
    shutil.copytree(county.path, folder)
    done = alone("danger.closed_rate", str(folder), "--verify")
    assert done.returncode == 0, done.stderr
    assert "结果：33.3%（精确值 100/3）" in done.stdout
    assert "已逐个核对文件" in done.stdout
    assert county.id in done.stdout
    assert county.tables["danger"].digest in done.stdout
    assert "matter/2025-0001" in done.stdout


def test_json_holds_figure_and_trace(county: Closing, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["revenue", str(county.path), "--month", "11", "--in", "万元", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["text"], said["unit"], said["status"]) == ("115000", "万元", "初步核算")
    assert said["trace"]["closings"] == [county.id]


def test_a_missing_figure_says_why_and_exits_with_1(
    county: Closing, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["revenue", str(county.path), "--month", "10"]) == 1
    assert "结果：缺（财政局未报2025年10月一般公共预算收入）" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["revenu"], "是不是 revenue"),
        (["revenue +"], "公式有误"),
        (["revenue", "--unit", "880000"], "没有单位"),
        (["revenue", "--in", "个"], "不能换算"),
        (["revenue", "--month", "0"], "没有2025年0月"),
    ],
)
def test_input_that_is_wrong_exits_with_2(
    county: Closing, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main([arguments[0], str(county.path), *arguments[1:]]) == 2
    assert said in capsys.readouterr().err


def test_a_command_line_that_is_wrong_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["revenue"])
    assert left.value.code == 2
    assert "命令行有误" in capsys.readouterr().err


def test_a_folder_that_is_no_closing_exits_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["revenue", str(tmp_path)]) == 3
    assert "找不到结账清单" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["danger.parquet", "catalogue.json", "manifest.json", "unit.parquet"])
def test_a_changed_byte_exits_with_3_and_names_the_file(
    county: Closing, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    folder = tmp_path / county.path.name
    shutil.copytree(county.path, folder)
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(bytes(data))
    assert main(["danger.listed", str(folder), "--verify"]) == 3
    assert name in capsys.readouterr().err


def test_a_split_is_listed(county: Closing, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["count danger in year per unit", str(county.path)]) == 0
    out = capsys.readouterr().out
    assert "结果：共3组" in out
    assert "990101001　石桥村　1个" in out


def test_several_closings_are_merged(
    close: Close, county: Closing, capsys: pytest.CaptureFixture[str]
) -> None:
    other = close({"danger": DANGERS[:1]}, unit=("990200", "青山县"))
    assert main(["count danger", str(county.path), str(other.path), str(county.path)]) == 0
    assert "结果：6个" in capsys.readouterr().out


def test_two_closings_of_one_unit_are_refused(
    close: Close, county: Closing, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = close(as_of=date(2025, 6, 30))
    assert main(["count danger", str(county.path), str(earlier.path)]) == 2
    assert "有两份结账" in capsys.readouterr().err
