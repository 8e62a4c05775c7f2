"""The repository itself: what it may not name, locks without a host, one version, the fonts it carries."""

import ast
import contextlib
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
from fontTools.ttLib import TTFont

import shuzhi
from tests.house.reading import ROOT, texts

FONTS = ROOT / "shuzhi" / "fonts"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "dev.lock")

#: Places of one machine, and hosts that packages are fetched from: none of them is everybody's.
BANNED = re.compile(
    r"(?:^|[^A-Za-z.])/(?:work|farm|root|opt/pypi)/"
    r"|/Users/[a-z]|/home/[a-z]"
    r"|\.libr[a]ry/|farm-(?:bench|studio)"
    r"|(?:pypi|npmjs)\.(?:org|com)|pythonhosted\.org|(?:deb|security)\.debian\.org|mirrors?\.[a-z]+\.",
    re.MULTILINE,
)


def requirements(name: str) -> set[str]:
    """Return the lines of a requirements file that name a package, spelt alike."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {line.strip().lower() for line in lines if re.match(r"[A-Za-z]", line)}


def pins(name: str) -> set[str]:
    """Return the `name==version` of every package of a lock, with its marker."""
    return {line.rstrip(" \\") for line in (ROOT / name).read_text("utf-8").splitlines() if "==" in line}


def characters(font: str) -> set[int]:
    """Return the code points a bundled font can show."""
    with TTFont(FONTS / font, lazy=True) as opened:
        return set(opened.getBestCmap())


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    """The entry command, as a module."""
    loader = SourceFileLoader("dev_command", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module


def test_no_file_names_a_machine_or_a_host() -> None:
    ours = "tests/house/test_repository.py"
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1} {match.group().strip()}"
        for name, text in texts()
        if name != ours
        for match in BANNED.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_hashes_everything(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text
    packages = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)[1:]
    assert packages
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_the_locks_agree() -> None:
    assert pins("requirements.lock") <= pins("dev.lock")


def test_the_project_and_its_requirements_agree() -> None:
    assert requirements("requirements.in") == set(PROJECT["project"]["dependencies"])


def test_every_requirement_is_locked() -> None:
    wanted = {
        re.split(r"[\[<>=;~! ]", line)[0]
        for name in ("requirements.in", "dev.in")
        for line in requirements(name)
    }
    assert wanted - {pin.split("==")[0] for pin in pins("dev.lock")} == set()


def test_the_version_is_the_changelogs() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == shuzhi.__version__


def test_a_change_is_one_line() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines()
    assert [line for line in lines if line and not re.match(r"#|- ", line)] == []


@pytest.mark.parametrize("name", sorted(path.name for path in FONTS.glob("*.otf")))
def test_a_chinese_font_holds_gb2312(name: str) -> None:
    held = characters(name)
    wanted = {
        ord(char)
        for lead in range(0xB0, 0xF8)
        for trail in range(0xA1, 0xFF)
        for char in bytes((lead, trail)).decode("gb2312", "ignore")
    }
    assert len(wanted) == 6763
    assert {chr(point) for point in wanted - held} == set()


def test_names_with_rare_characters_have_a_font() -> None:
    held = characters("NotoSerifCJKsc-Regular.otf")
    assert {char for char in "镕喆堃祎珺旻昇頔䶮㛃𬱟𬀩𫖯𪨰" if ord(char) not in held} == set()


def test_every_font_is_described_and_licensed() -> None:
    described = (FONTS / "BUILD.md").read_text("utf-8")
    families = {path.name.split("-")[0] for path in [*FONTS.glob("*.[ot]tf"), *FONTS.glob("web/*.woff2")]}
    assert {family for family in families if family not in described} == set()
    assert (FONTS / "LICENSE.OFL-1.1.txt").exists()
    assert (FONTS / "LICENSE.Fandol-GPL-3.txt").exists()


def test_dev_says_what_it_can_do() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "dev"], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert all(f"./dev {word}" in done.stdout for word in ("setup", "demo", "shuzhi", "test", "fix", "lock"))


def test_dev_starts_on_an_old_python_to_say_that_it_is_too_old() -> None:
    ast.parse((ROOT / "dev").read_text("utf-8"), feature_version=(3, 8))


def test_dev_refuses_an_unknown_word() -> None:
    done = subprocess.run([sys.executable, ROOT / "dev", "deom"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "没有“deom”这个命令" in done.stderr


def test_dev_takes_the_offline_folder_out_of_the_arguments(dev: ModuleType) -> None:
    assert dev.take_offline(["--no-serve", "--offline", str(ROOT), "--port", "1"]) == (
        ["--no-serve", "--port", "1"],
        str(ROOT),
    )


def test_dev_refuses_an_offline_folder_that_is_not_there(dev: ModuleType) -> None:
    with pytest.raises(SystemExit):
        dev.take_offline(["--offline", "no-such-folder"])


def test_dev_knows_that_one_lock_holds_the_other(dev: ModuleType) -> None:
    assert dev.pins("requirements") < dev.pins("dev")


def test_dev_tells_a_step_that_failed(dev: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    outcome = dev.run_step("必然失败", ["-c", "raise SystemExit(3)"], {})
    assert (outcome.verdict, outcome.reason) == ("未通过", "退出码 3")
    assert "必然失败：未通过" in capfd.readouterr().out


def test_dev_names_what_it_left_out(
    dev: ModuleType, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in (
        "SHUZHI_TEST_POSTGRES",
        "SHUZHI_TEST_CHROMIUM",
        "SHUZHI_TEST_SOFFICE",
        "SHUZHI_TEST_JAVA",
    ):
        monkeypatch.delenv(variable, raising=False)
    with contextlib.ExitStack() as stack:
        env, left_out = dev.system_tools(stack, fast=True)
    assert env == {}
    dev.summary(left_out)
    shown = capfd.readouterr().out
    assert all(
        name in shown
        for name in ("！略过", "PostgreSQL 测试", "浏览器测试", "LibreOffice 判读测试", "Spark 集群测试")
    )


@pytest.mark.parametrize(
    ("said", "version"),
    [('openjdk version "17.0.15" 2025-04-15', 17), ('java version "1.8.0_402"', 8), ("no java at all", 0)],
)
def test_dev_takes_no_java_that_is_too_old_for_spark(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, version: int
) -> None:
    java = tmp_path / "java"
    java.write_text(f"#!/bin/sh\necho '{said}' >&2\n", "utf-8")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert dev.java_version(str(java)) == version
    found = dev.find_tool("SHUZHI_TEST_JAVA", ("java",))
    assert (found == str(java)) == (version >= 17)
    assert found is None or dev.java_version(found) >= 17


@pytest.mark.postgres
def test_the_tests_get_a_postgresql_of_utf8() -> None:
    with psycopg.connect(os.environ["SHUZHI_TEST_POSTGRES"]) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
