"""An office whose clerks are processes of their own: its books, what clerks are told to do, and what they answer."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from shuzhi.intake.forms import forms
from shuzhi.intake.template import Lists, template
from shuzhi.kernel.catalogue.load import load, national_folder

ROOT = Path(__file__).resolve().parents[2]
CLERK = Path(__file__).with_name("clerk.py")
AS_OF = "2025-12-31"
CLOSE = ("close", "--as-of", AS_OF)


@dataclass(frozen=True)
class Answer:
    """What a clerk answered: exit code, words, how many steps it took; ``code`` is None for one that was killed."""

    code: int | None
    out: str = ""
    err: str = ""
    steps: int = 0

    @property
    def killed(self) -> bool:
        """Whether it died on the way."""
        return self.code is None


class Office:
    """One instance folder and the clerks that work on it. ``do`` asks a clerk that forks, ``start`` a real process."""

    def __init__(self, home: Path, database: str = "") -> None:
        self.home = home
        self.database = database
        self._server: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a clerk."""
        mine = {name: value for name, value in os.environ.items() if not name.startswith("SHUZHI_")}
        return {
            **mine,
            "SHUZHI_HOME": str(self.home),
            "SHUZHI_DATABASE": self.database,
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
        }

    def together(self, *jobs: Sequence[object], stop: int = 0) -> list[Answer]:
        """Have several things done at once, each by a clerk of its own, who dies before step ``stop``."""
        if self._server is None:
            self._server = subprocess.Popen(
                [sys.executable, str(CLERK), "serve"],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        request = {"jobs": [[str(word) for word in job] for job in jobs], "stop": stop}
        print(json.dumps(request), file=self._server.stdin, flush=True)
        return [Answer(**said) for said in json.loads(self._server.stdout.readline())]

    def do(self, *words: object, stop: int = 0) -> Answer:
        """Have one thing done."""
        return self.together(words, stop=stop)[0]

    def done(self, *words: object) -> Answer:
        """Have one thing done and well done."""
        answer = self.do(*words)
        assert answer.code == 0, answer.err
        return answer

    def start(self, *words: object) -> subprocess.Popen[str]:
        """Send a clerk off in a process that knows nothing of this one."""
        return subprocess.Popen(
            [sys.executable, str(CLERK), *map(str, words)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, *words: object, out: Path | None = None) -> Answer:
        """Have a command of ``shuzhi`` done as a person would start it, its words going to a file when one is given."""
        with (out or Path(os.devnull)).open("w") as file:
            made = subprocess.run(
                [sys.executable, "-m", "shuzhi", *map(str, words)],
                env=self.environment,
                stdout=file if out else subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                check=False,
            )
        return Answer(made.returncode, made.stdout or "", made.stderr)

    def restore(self, kept: Path) -> None:
        """Put the books back to what they were (SQLite only: everything is in the folder)."""
        shutil.rmtree(self.home)
        shutil.copytree(kept, self.home)

    def entries(self) -> int:
        """How many links the journal has; the books must be whole."""
        said = json.loads(self.do("verify", "--json").out)
        assert said["findings"] == []
        return int(said["entries"])

    def settled(self, *words: object) -> tuple[str, int]:
        """Have something done, the books closed and proven whole; the closing's digest and how many links there are."""
        said = self.done(*words, "+", *CLOSE, "+", "verify").out
        found = re.search(r"^摘要 (\S+)$.*^核验通过：日志 (\d+) 笔", said, re.DOTALL | re.MULTILINE)
        assert found, said
        return found[1], int(found[2])

    def leave(self) -> None:
        """Send the forking clerk home."""
        if self._server is not None:
            assert self._server.stdin is not None
            assert self._server.stdout is not None
            self._server.stdin.close()
            self._server.stdout.close()
            self._server.wait()
            self._server = None


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database, which is dropped in the end."""
    server = os.environ["SHUZHI_TEST_POSTGRES"]
    name = f"shuzhi_e2e_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def opened(home: Path, database: str = "") -> Iterator[Office]:
    """An office with its county founded, warm."""
    home.mkdir(parents=True)
    office = Office(home, database)
    try:
        office.done("found")
        office.together()
        yield office
    finally:
        office.leave()


TOWN = "清河镇"
ROWS: Mapping[str, Sequence[Mapping[str, object]]] = {
    "try_shop": [
        {"code": f"A{n}", "name": f"甲{n}店", "unit": TOWN, "since": date(2024, 1, n), "trade": "零售"}
        for n in range(1, 7)
    ],
    "try_errand": [
        {
            "number": f"S-{n}",
            "title": f"修桥{n}",
            "unit": TOWN,
            "opened": date(2025, 3, n),
            "urgency": "急",
            "papers": f"会议纪要:纪要{n}.txt",
        }
        for n in range(1, 5)
    ],
    "try_meeting": [
        {
            "number": "H-1",
            "title": "对接会",
            "unit": TOWN,
            "date": date(2025, 5, 1),
            "place": "礼堂",
            "present": 30,
        }
    ],
    "try_meeting.deals": [
        {"record": "H-1", "shop": f"A{n}", "intent": Decimal(10), "signed": Decimal(8)} for n in range(1, 5)
    ],
    "try_grant.支付": [
        {
            "allocation": "F-1",
            "number": "Z-1",
            "title": "首付",
            "date": date(2025, 6, 1),
            "amount": Decimal("0.002"),
        }
    ],
}
PAPERS = {f"纪要{n}.txt": f"第{n}座桥，会议同意。".encode() * 1000 for n in range(1, 5)}


@cache
def workbook(payments: bool) -> bytes:
    """A workbook with a little of everything, as the office's own template is filled."""
    known = forms(load(national_folder(), ROOT / "tests" / "catalogue_small").catalogue)
    chosen = {code: rows for code, rows in ROWS.items() if payments or not code.startswith("try_grant")}
    rows = {
        code: [[row.get(column.code) for column in known[code].columns] for row in given]
        for code, given in chosen.items()
    }
    return template([known[code] for code in chosen], Lists(rows=rows))


def parcel(folder: Path, *, payments: bool = True) -> Path:
    """The workbook with its papers beside it, on disk."""
    (folder / "材料").mkdir(parents=True)
    for name, data in PAPERS.items():
        (folder / "材料" / name).write_bytes(data)
    path = folder / "账.xlsx"
    path.write_bytes(workbook(payments))
    return path
