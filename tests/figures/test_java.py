"""Before Spark is started, the command says whether there is a Java and whether it is new enough."""

import os
from pathlib import Path

import pytest

from shuzhi.figures.many.java import check_java
from shuzhi.kernel.finding import Finding, Refused

SAYS = "echo 'openjdk version \"{version}\" 2025-04-15' >&2"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which a program is looked for."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("JAVA_HOME", "PYSPARK_GATEWAY_PORT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "bin").mkdir()
    return tmp_path


def java(folder: Path, script: str) -> Path:
    """A program named java that does what the script says."""
    made = folder / "bin" / "java"
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    made.chmod(0o755)
    return made


def refused() -> Finding:
    with pytest.raises(Refused) as raised:
        check_java()
    (finding,) = raised.value.findings
    return finding


def test_no_java_is_told_with_what_to_install(folder: Path) -> None:
    finding = refused()
    assert (finding.id, finding.message) == ("engine.no-java", "没有找到 Java，Spark 不能启动")
    assert "openjdk-17-jre-headless" in finding.hint


@pytest.mark.parametrize(("version", "told"), [("1.8.0_402", "8"), ("11.0.22", "11"), ("16", "16")])
def test_an_old_java_is_told_with_its_version_and_place(folder: Path, version: str, told: str) -> None:
    made = java(folder, SAYS.format(version=version))
    finding = refused()
    assert (finding.id, finding.place) == ("engine.old-java", str(made))
    assert finding.message == f"这里的 Java 是 {told} 版，Spark 要 17 版或更新的"


@pytest.mark.parametrize("version", ["17.0.15", "17-ea", "21", "25.0.1"])
def test_a_new_java_is_taken(folder: Path, version: str) -> None:
    java(folder, SAYS.format(version=version))
    check_java()


def test_what_a_java_says_in_other_words_is_left_to_spark(folder: Path) -> None:
    java(folder, "echo a java of our own")
    check_java()


@pytest.mark.parametrize("script", ["exit 1", "exec no-such-program"])
def test_a_java_that_does_not_run_is_told(folder: Path, script: str) -> None:
    made = java(folder, script)
    finding = refused()
    assert (finding.id, finding.place) == ("engine.no-java", str(made))
    assert "运行不了" in finding.message


def test_the_java_of_its_own_folder_goes_before_that_of_the_path(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java(folder, SAYS.format(version="11"))
    monkeypatch.setenv("JAVA_HOME", str(folder / "new"))
    assert "JAVA_HOME" in refused().message
    java(folder / "new", SAYS.format(version="17"))
    check_java()


def test_where_spark_runs_already_none_is_looked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSPARK_GATEWAY_PORT", "1")
    assert "JAVA_HOME" not in os.environ
    check_java()
