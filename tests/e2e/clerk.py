"""A clerk at work in a process of its own, whom tests may kill: ``clerk.py WORD …`` with SHUZHI_HOME naming the books.

Words of the clerk's own are ``found``, ``enter``, ``pay``, ``look``; any other is a command of ``shuzhi``. ``clerk.py serve``
takes requests from standard input, one JSON a line: things to do, all at once, each in a fork of its own; and at which
step the forks are to kill themselves. Steps are what a process does to the world: statements to the database, files opened for writing,
forced to the disk, renamed, linked, removed. So a moment of death is a number, and the same on every run.
"""

import importlib
import io
import json
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import django

DAY = date(2025, 5, 6)
AS_OF = date(2025, 12, 31)
SMALL = Path(__file__).resolve().parents[1] / "catalogue_small"
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {"os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "os.truncate"}

# What commands import only when they are run.
LATE = (
    "shuzhi.books.verbs",
    "shuzhi.evidence.verify",
    "shuzhi.intake.load",
    "shuzhi.intake.parcel",
    "shuzhi.matters.papers",
    "shuzhi.records.verbs",
    "shuzhi.reports.drafts",
    "shuzhi.reports.filling",
    "shuzhi.reports.outputs",
    "tests.cast",
)

steps, last = 0, 0
counting = threading.RLock()  # a hook may be heard inside another


def step() -> None:
    """Count one step, and die before it when it is the one asked for; files are written by several threads at once."""
    global steps  # noqa: PLW0603 - the process's own clock
    with counting:
        steps += 1
        now = steps
    if now == last:
        os.kill(os.getpid(), signal.SIGKILL)


def watch(stop: int) -> None:
    """Count steps from now on; die at step ``stop`` (0: never)."""
    global steps, last
    steps, last = 0, stop

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES
        if opened or event in CHANGES:
            step()

    sys.addaudithook(heard)
    forced = os.fsync

    def fsync(handle: int) -> None:
        step()
        forced(handle)

    os.fsync = fsync  # type: ignore[assignment]
    from django.db import connection

    def statement(execute: Callable[..., Any], *arguments: Any) -> Any:
        step()
        return execute(*arguments)

    connection.execute_wrappers.append(statement)


def found() -> None:
    """Found 陵水湾县 with the small kinds as its overlay, and one fund of 100 yuan."""
    from django.core.management import call_command

    from shuzhi.evidence import instance
    from shuzhi.funds.verbs import allocate, budget
    from tests.accounts import kind
    from tests.cast import county

    instance.create("990100", "陵水湾县")
    shutil.copytree(SMALL, instance.home() / "catalogue", dirs_exist_ok=True)
    instance.forget()
    call_command("migrate", verbosity=0, interactive=False)
    cast = county()
    grant = kind("try_grant")
    source = budget(grant, cast.county, number="B-1", title="修路", year=2025, amount=10_000, by=None)
    allocate(
        source,
        number="F-1",
        title="清河镇修路",
        unit=cast.town,
        day=DAY,
        amount=10_000,
        by=None,
        fields={"purpose": "修路"},
    )


def enter(who: str, count: str) -> None:
    """Enter things one by one, each a subject, a record with one row and a paper; say each ref once it is written."""
    from shuzhi.evidence.journal import enter as entering
    from shuzhi.matters.papers import NewPaper
    from shuzhi.records.verbs import enter_record
    from shuzhi.subjects.verbs import register_subject
    from shuzhi.units.models import Unit
    from tests.accounts import kind

    town = Unit.objects.get(code="990101")
    for number in range(int(count)):
        name = f"{who}-{number}"
        with entering("窗口登记", by="system"):
            shop = register_subject(
                kind("try_shop"), town, code=name, name=name, since=DAY, by=None, fields={"trade": "零售"}
            )
            record = enter_record(
                kind("try_meeting"),
                town,
                title=name,
                number=name,
                day=DAY,
                by=None,
                fields={"place": "礼堂"},
                lines={"deals": [{"shop": shop.code, "intent": "3"}]},
                papers=[NewPaper("会议纪要", name, DAY, f"{name} 的纪要。".encode() * 400)],
            )
        print(record.ref, name, flush=True)


def pay(who: str, count: str) -> None:
    """Pay 1 yuan out of the fund again and again; say each ref, or the id of the refusal."""
    from shuzhi.funds.models import Allocation
    from shuzhi.funds.verbs import pay as paying
    from shuzhi.kernel.finding import Refused

    source = Allocation.objects.get()
    for number in range(int(count)):
        try:
            made = paying(source, number=f"{who}-{number}", title="工程款", day=DAY, amount=100, by=None)
            print(made.ref, flush=True)
        except Refused as refused:
            print(refused.findings[0].id, flush=True)


def look(folder: str, count: str) -> None:
    """Close the books again and again until so many files are in a folder; say what each closing holds."""
    from shuzhi.books.verbs import close_books
    from shuzhi.figures.closing import verify_closing

    done = False
    while not done:
        done = len(list(Path(folder).iterdir())) >= int(count)
        closing = close_books(AS_OF, by="system")
        told = {name: table.rows for name, table in closing.tables.items() if table.rows}
        print(json.dumps({"rows": told, "wrong": [str(item) for item in verify_closing(closing.path)]}))
        time.sleep(0.3)  # leave the machine to the writers


def leave(folder: str, who: str) -> None:
    """Put a file into a folder: this one is done."""
    (Path(folder) / who).touch()


OWN: dict[str, Callable[..., None]] = {
    "found": found,
    "enter": enter,
    "pay": pay,
    "look": look,
    "leave": leave,
}


def work(words: Sequence[str]) -> int:
    """Do one thing, or several parted by ``+`` until one fails; returns the last one's exit code."""
    from shuzhi.cli import main

    code = 0
    for one in " ".join(words).split(" + "):
        act = one.split(" ")
        if act[0] in OWN:
            OWN[act[0]](*act[1:])
        else:
            code = main(act)
        if code:
            break
    return code


def fork(words: Sequence[str], stop: int) -> tuple[int, int]:
    """Do one thing in a fork that may die on the way; gives the process and where to read what it says."""
    source, sink = os.pipe()
    child = os.fork()
    if child:
        os.close(sink)
        return child, source
    os.close(source)
    watch(stop)
    said, told = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(told):
        try:
            code = work(words)
        except Exception:  # noqa: BLE001 - whatever it is, the test shall see it
            traceback.print_exc()
            code = -1
    step()
    with os.fdopen(sink, "w", encoding="utf-8") as pipe:
        json.dump({"code": code, "out": said.getvalue(), "err": told.getvalue(), "steps": steps}, pipe)
    os._exit(0)


def answer(child: int, source: int) -> dict[str, object]:
    """What a fork said in the end; nothing when it was killed."""
    with os.fdopen(source, encoding="utf-8") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return dict(json.loads(said)) if said else {"code": None}


def serve() -> None:
    """Answer requests until standard input ends."""
    from shuzhi.evidence import instance

    for line in sys.stdin:
        request = json.loads(line)
        if request["jobs"] == []:  # read once, not in every fork
            instance.catalogue()
            for name in LATE:
                importlib.import_module(name)
        begun = [fork(words, request["stop"]) for words in request["jobs"]]
        print(json.dumps([answer(*each) for each in begun]), flush=True)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "shuzhi.settings"
    django.setup()
    if sys.argv[1] == "serve":
        serve()
    else:
        sys.exit(work(sys.argv[1:]))
