"""Killed at any moment, or out of room: no acknowledged entry is lost, nothing is half-written, the same command then succeeds."""

import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.db import OperationalError

from shuzhi.cli.troubles import of_database
from tests.e2e.office import AS_OF, CLOSE, Office, opened, parcel, postgres

DRAFT = (
    "陵水湾县人民政府县长2025年度述职报告\n\n一、工作\n\n召开对接会X场次，发放资金X.XX万元。\n\n述职人：XXX\n"
)


def moments(total: int, count: int, seed: int, first: int = 1) -> list[int]:
    """Steps at which to die: the last one (all is done, nobody was told), and others drawn from a seed."""
    return sorted({total, *random.Random(seed).sample(range(first, total), count)})


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return parcel(tmp_path_factory.mktemp("in") / "parcel")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(tmp_path_factory.mktemp("office") / "home") as made:
        yield made


@pytest.fixture(scope="module")
def founded(office: Office) -> Path:
    """The books as they were founded, to go back to."""
    return Path(shutil.copytree(office.home, office.home.with_name("founded")))


@pytest.fixture(scope="module")
def kept(office: Office, founded: Path, sent: Path) -> Path:
    """The books with the workbook loaded, to go back to."""
    office.restore(founded)
    office.done("load", sent)
    return Path(shutil.copytree(office.home, office.home.with_name("kept")))


def test_a_load_killed_anywhere_is_all_there_or_not_at_all(office: Office, founded: Path, sent: Path) -> None:
    office.restore(founded)
    before = office.entries()
    steps = office.done("load", sent).steps
    wanted = office.settled("load", sent)
    for stop in moments(steps, 5, seed=1):
        office.restore(founded)
        assert office.do("load", sent, stop=stop).killed, stop
        assert office.entries() in {before, before + 1}, stop
        assert office.settled("load", sent) == wanted == (wanted[0], before + 2), stop


def test_a_file_half_kept_disturbs_nothing(office: Office, founded: Path, sent: Path) -> None:
    """Every moment at which a paper's bytes lie under a temporary name is one to die at."""
    office.restore(founded)
    steps = office.done("load", sent).steps
    left = 0
    for stop in range(steps, 0, -1):
        office.restore(founded)
        office.do("load", sent, stop=stop)
        found = list((office.home / "blobs").rglob(".new-*"))
        left += len(found)
        if left >= 2:
            break
    assert left >= 2
    office.entries()
    office.done("load", sent)
    office.entries()


def test_a_closing_killed_anywhere_is_whole_or_absent(office: Office, kept: Path) -> None:
    office.restore(kept)
    before = office.entries()
    steps = office.done(*CLOSE).steps
    wanted = office.settled(*CLOSE)
    for stop in moments(steps, 5, seed=2):
        office.restore(kept)
        assert office.do(*CLOSE, stop=stop).killed, stop
        assert office.entries() in {before, before + 1}, stop
        assert office.settled(*CLOSE) == wanted == (wanted[0], before + 1), stop


def whole(path: Path) -> bool:
    """Whether a file of a report can be read to its end."""
    data = path.read_bytes()
    if path.suffix in {".docx", ".xlsx"}:
        return zipfile.ZipFile(path).testzip() is None
    ends = {".pdf": b"%%EOF", ".html": b"</html>", ".json": b"}", ".txt": b""}
    return bool(data) and data.rstrip().endswith(ends[path.suffix])


def test_a_report_killed_on_its_way_leaves_the_old_files_or_the_new(
    office: Office, kept: Path, tmp_path: Path
) -> None:
    office.restore(kept)
    out, draft = tmp_path / "out", tmp_path / "draft.txt"
    draft.write_text(DRAFT, "utf-8")
    fill = ("fill", draft, "--as-of", AS_OF, "--out", out)
    first = office.do(*fill)
    assert first.code == 1, first.err
    steps = office.do(*fill).steps  # nothing to close any more
    wanted = {path.name: path.read_bytes() for path in out.iterdir()}
    assert len(wanted) == 6
    for stop in moments(steps, 4, seed=3, first=steps - 40):
        for name in wanted:
            (out / name).write_bytes(b"older")
        assert office.do(*fill, stop=stop).killed, stop
        for name in wanted:
            assert (out / name).read_bytes() == b"older" or whole(out / name), (stop, name)
    assert office.do(*fill).code == 1
    assert {name: (out / name).read_bytes() for name in ("报告.html", "报告.json")} == {
        name: wanted[name] for name in ("报告.html", "报告.json")
    }
    office.entries()


def test_an_instance_whose_founding_was_killed_is_founded_by_the_same_command(tmp_path: Path) -> None:
    office = Office(tmp_path / "home")
    init = ("init", "--county", "990100", "--name", "陵水湾县")
    try:
        for stop in (2, 30, 300):  # each goes on where the one before was killed
            assert office.do(*init, stop=stop).killed, stop
        office.done(*init)
        office.done("verify")
    finally:
        office.leave()


def entered(office: Office) -> dict[str, list[str]]:
    """What a closing holds of what clerks entered: the names of subjects, records and papers."""
    closing = office.home / "closings" / office.settled(*CLOSE)[0].partition(":")[2][:16]
    columns = {"try_shop": "code", "try_meeting": "number", "paper": "title"}
    found = {name: pq.read_table(closing / f"{name}.parquet")[column] for name, column in columns.items()}
    return {name: sorted(column.to_pylist()) for name, column in found.items()}


def killed_clerks(office: Office) -> None:
    """Three clerks at once, each killed after some acknowledged entries and a while; then nothing may be missing."""
    drawn = random.Random(5)
    clerks = {name: office.start("enter", name, 1000) for name in "abc"}
    said: dict[str, list[str]] = {}
    for name, clerk in clerks.items():
        assert clerk.stdout is not None
        said[name] = [clerk.stdout.readline() for _ in range(drawn.randint(1, 4))]
        time.sleep(drawn.random() / 30)
        clerk.kill()
        said[name] += clerk.stdout.readlines()
        clerk.communicate()
    held = entered(office)
    assert held["try_shop"] == held["try_meeting"] == held["paper"]
    for name, lines in said.items():
        acknowledged = [
            line.split()[1] for line in lines
        ]  # a line is written whole: it is shorter than a pipe
        there = [item for item in held["try_meeting"] if item.startswith(f"{name}-")]
        assert set(acknowledged) <= set(there)
        assert set(there) == {f"{name}-{number}" for number in range(len(there))}
        assert len(there) - len(acknowledged) <= 1
    office.entries()
    office.done("enter", "after", 1)


def test_clerks_killed_at_any_time_lose_no_acknowledged_entry(office: Office, founded: Path) -> None:
    office.restore(founded)
    killed_clerks(office)


@pytest.mark.postgres
def test_clerks_of_a_server_killed_at_any_time_lose_no_acknowledged_entry(tmp_path: Path) -> None:
    with postgres() as address, opened(tmp_path / "home", address) as office:
        killed_clerks(office)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of that size; skips by name where none can be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "shuzhi-test", str(folder)]
    try:
        made = subprocess.run(mount, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("没有 mount 程序，不能挂载小磁盘")
    if made.returncode:
        pytest.skip(f"不能挂载小磁盘：{made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def filled_up(disk: Path, room: int) -> Iterator[None]:
    """Take all the disk has but so many bytes."""
    free = os.statvfs(disk)
    size = max(0, free.f_bavail * free.f_frsize - room)
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    try:
        yield
    finally:
        ballast.unlink()


def test_on_a_full_disk_every_command_says_so_and_writes_nothing_half(
    founded: Path, sent: Path, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "24m") as disk:
        office = Office(Path(shutil.copytree(founded, disk / "home")))
        draft = tmp_path / "draft.txt"
        draft.write_text(DRAFT, "utf-8")
        fill = ("fill", draft, "--as-of", AS_OF, "--out", disk / "out")
        try:
            office.together()
            before = office.entries()
            for number, words in enumerate((("load", sent), CLOSE, fill), 1):
                refusals = 0
                for room in (0, 60_000)[: 1 if words is fill else 2]:
                    with filled_up(disk, room):
                        refused = office.do(*words)
                    if refused.code in {0, 1}:
                        continue  # there was room enough
                    refusals += 1
                    assert refused.code == 2, refused
                    assert "磁盘已满" in refused.err
                    assert "请腾出空间" in refused.err
                    assert str(disk) in refused.err
                    assert "Traceback" not in refused.err
                    assert office.entries() == before + min(number - 1, 2)
                    assert [path for path in disk.rglob(".*") if path.is_file()] == []
                    if (disk / "out").exists():
                        assert list((disk / "out").iterdir()) == []
                assert refusals
                assert office.do(*words).code in {0, 1}
                assert office.entries() == before + min(number, 2)
        finally:
            office.leave()


def test_on_a_disk_that_may_not_be_written_the_command_says_so(
    founded: Path, sent: Path, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "24m") as disk:
        office = Office(Path(shutil.copytree(founded, disk / "home")))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        told = office.run("load", sent)
    assert (told.code, "Traceback" in told.err) == (2, False)
    assert "只读" in told.err or "打不开" in told.err
    assert str(disk) in told.err


def test_a_file_larger_than_the_user_may_write_is_said(office: Office, founded: Path, sent: Path) -> None:
    resource = pytest.importorskip("resource")
    office.restore(founded)
    limit = (20_000, resource.RLIM_INFINITY)
    mine = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit[0], mine[1]))
    try:
        told = office.run("load", sent)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, mine)
    assert told.code in {2, 3}
    assert told.err.startswith("[错误]")
    assert "Traceback" not in told.err
    office.entries()
    office.done("load", sent)


def test_words_that_find_no_room_are_missed_in_words(office: Office, kept: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("没有 /dev/full")
    office.restore(kept)
    told = office.run("verify", out=Path("/dev/full"))
    assert (told.code, told.err.startswith("[错误] 输出：磁盘已满")) == (2, True)
    assert "Traceback" not in told.err


def test_a_database_that_is_not_there_is_said_at_once(founded: Path) -> None:
    told = Office(founded, "postgresql://clerk:secret@127.0.0.1:1/books").run("verify")
    assert told.code == 2
    assert told.err.startswith("[错误] PostgreSQL 127.0.0.1:1/books：连不上数据库")
    assert len(told.err.splitlines()) == 1
    assert "secret" not in told.err


@pytest.mark.parametrize(
    ("message", "said", "damaged"),
    [
        ("database or disk is full", "磁盘已满", False),
        ("could not extend file: No space left on device", "磁盘已满", False),
        ("attempt to write a readonly database", "只读", False),
        ("cannot execute INSERT in a read-only transaction", "只读", False),
        ("database is locked", "占用", False),
        ("unable to open database file", "打不开", False),
        ('connection failed: FATAL: database "books" does not exist', "连不上", False),
        ("server closed the connection unexpectedly", "连不上", False),
        ("terminating connection due to administrator command", "连不上", False),
        ("no such table: evidence_entry", "账表", False),
        ('relation "evidence_entry" does not exist', "账表", False),
        ("database disk image is malformed", "已损坏", True),
        ("file is not a database", "已损坏", True),
        ("disk I/O error", "读写出错", True),
        ("something new", "something new", True),
    ],
)
def test_what_a_database_complains_of_is_said_in_chinese(message: str, said: str, damaged: bool) -> None:
    finding, found = of_database(OperationalError(message))
    assert said in finding.message
    assert finding.hint
    assert finding.place
    assert found is damaged


def test_processes_that_start_at_once_agree_on_one_key(office: Office, founded: Path) -> None:
    office.restore(founded)
    (office.home / "secret.key").write_bytes(b"")  # as if once killed while writing it
    ask = [sys.executable, "-c", "from shuzhi import settings; print(settings.SECRET_KEY)"]
    clerks = [
        subprocess.Popen(ask, env=office.environment, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    keys = {clerk.communicate()[0].strip() for clerk in clerks}
    assert keys == {(office.home / "secret.key").read_text("ascii")}
    assert len(keys.pop()) > 50
    assert list(office.home.glob(".secret*")) == []
