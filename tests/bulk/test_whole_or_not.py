"""A file comes in whole or not at all: killed half-way, with a full disk, or with an error on its last line."""

import errno
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from shuzhi.bulk.drafts import drafts
from shuzhi.bulk.ingest import ingest
from shuzhi.cli import main
from shuzhi.figures.closing import STORE, Closing, open_closing, verify_closing

HEAD = "指标,单位,年份,月份,数值\n"
DAY = date(2026, 1, 5)


def many(path: Path, lines: int) -> Path:
    body = "".join(
        f"revenue,{unit},{1950 + number},{month},{number}.5\n"
        for number in range(lines // 24)
        for month in range(1, 13)
        for unit in ("990100", "990100001000")
    )
    path.write_text(HEAD + body, encoding="utf-8")
    return path


def left(out: Path) -> list[str]:
    return sorted(str(item.relative_to(out)) for item in out.rglob("*"))


def test_what_a_killed_run_left_is_gone_after_the_next(empty: Closing, tmp_path: Path) -> None:
    path, out = many(tmp_path / "a.csv", 1200), tmp_path / "out"
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom shuzhi.bulk.drafts import drafts\n"
        "with drafts(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'half.parquet').write_bytes(b'half')\n    print('ready', flush=True)\n    time.sleep(600)\n"
    )
    store = out / STORE
    with subprocess.Popen([sys.executable, "-c", program, str(store)], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        run.stdout.readline()
        with drafts(store):  # another run beside it leaves the living one alone
            assert len(list(store.glob(".ingest-*/half.parquet"))) == 1
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert len(list(store.glob(".ingest-*/half.parquet"))) == 1
    done = ingest(path, empty, by="system", day=DAY, out=out)
    assert done.closing is not None
    assert verify_closing(done.closing.path) == []
    assert not list(store.glob(".ingest-*"))


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX")
def test_a_full_disk_leaves_no_closing_and_no_draft(empty: Closing, tmp_path: Path) -> None:
    path, out = many(tmp_path / "a.csv", 4800), tmp_path / "out"
    program = (
        "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from shuzhi.cli import main\nsys.exit(main(sys.argv[1:]))\n"
    )
    command = ["ingest", str(path), "--closing", str(empty.path), "--out", str(out), "--json"]
    run = subprocess.run(
        [sys.executable, "-c", program, *command], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2, run.stderr
    assert os.strerror(errno.EFBIG) in run.stderr or "大小" in run.stderr
    assert not [name for name in left(out) if name != STORE]


def test_the_command_tells_what_is_wrong_and_loads_nothing(
    empty: Closing, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = many(tmp_path / "a.csv", 240), tmp_path / "out"
    with path.open("a", encoding="utf-8") as file:
        file.write("revenue,990100,2025,13,1\nrevenue,990100,2025,14,1\n")
    command = ["ingest", str(path), "--closing", str(empty.path), "--out", str(out), "--show", "1"]
    assert main(command) == 2
    told = capsys.readouterr().out
    assert "a.csv 第242行·月份：“13”不是月份" in told
    assert "第243行" not in told
    assert "共 2 处" in told
    assert "indicator.period" in told
    listed = (tmp_path / "a-问题.csv").read_text("utf-8-sig").splitlines()
    assert len(listed) == 3
    assert [name for name in left(out) if name != STORE] == []


def test_the_command_brings_a_file_in_and_says_where(
    empty: Closing, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = many(tmp_path / "a.csv", 240), tmp_path / "out"
    command = ["ingest", str(path), "--closing", str(empty.path), "--out", str(out), "--day", "2026-01-05"]
    assert main([*command, "--check"]) == 0
    assert "可以导入：新增 240 个" in capsys.readouterr().out
    assert main(command) == 0
    assert "新增 240 个" in capsys.readouterr().out
    folder = next(item for item in out.iterdir() if item.name != STORE)
    assert open_closing(folder).tables["observation"].rows == 240
    assert main(["ingest", str(path), "--closing", str(folder), "--out", str(out), "--json"]) == 0
    assert '"new": 0' in capsys.readouterr().out
    assert main([*command, "--by", "zhang"]) == 2
    assert "indicator.right" in capsys.readouterr().out
