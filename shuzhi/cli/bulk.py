"""``shuzhi ingest``: observations by the million from CSV, Parquet or Excel into a closing; no database is needed."""

import argparse
import sys
import time
from datetime import date
from pathlib import Path

from shuzhi.bulk.ingest import Ingested, examine, ingest
from shuzhi.bulk.rights import SYSTEM
from shuzhi.cli import say
from shuzhi.cli.books import day
from shuzhi.figures.closing import open_closing
from shuzhi.kernel.whole import write_whole

_SHOWN = 50


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    bulk = commands.add_parser("ingest", help="大批导入指标数据")
    bulk.add_argument("file", type=Path, help="CSV、TXT（制表符分隔）、Parquet 或 xlsx 文件")
    bulk.add_argument("--closing", type=Path, required=True, help="导入到哪次结账：结账文件夹")
    bulk.add_argument("--out", type=Path, help="新结账写到哪个文件夹下；不写即与原结账并列")
    bulk.add_argument("--by", default=SYSTEM, help="经办职务代码，按其职责和单位核对权限；不写即由系统导入")
    bulk.add_argument("--day", type=day, default=None, help="导入日期，记在新结账里；不写即今天")
    bulk.add_argument("--check", action="store_true", help="只核对，不写入")
    bulk.add_argument("--show", type=int, default=_SHOWN, help=f"最多显示多少条问题，不写即{_SHOWN}条")
    bulk.add_argument("--findings", type=Path, help="问题清单写到哪个文件；不写即数据文件旁的“-问题.csv”")
    bulk.add_argument("--json", action="store_true", help="输出 JSON")
    bulk.set_defaults(run=_ingest)


class _Steps:
    """Tells on standard error which step is under way: a bar on a terminal, else a line for each step that is done."""

    def __init__(self) -> None:
        self._step, self._since = "", time.monotonic()

    def __call__(self, step: str, done: int, whole: int) -> None:
        """A step has come so far."""
        if step != self._step:
            self.end()
            self._step, self._since = step, time.monotonic()
        say.bar(min(done, whole), whole, step)

    def end(self) -> None:
        """The step is done."""
        if self._step and not sys.stderr.isatty():
            print(f"✓ {self._step}（{time.monotonic() - self._since:.1f} 秒）", file=sys.stderr, flush=True)
        self._step = ""


def _ingest(arguments: argparse.Namespace) -> int:
    closing = open_closing(arguments.closing)
    out = arguments.out or closing.path.resolve().parent
    steps = _Steps()
    if arguments.check:
        done = examine(arguments.file, closing, by=arguments.by, beside=out, progress=steps)
    else:
        on = arguments.day or date.today()  # noqa: DTZ011 - the day of whoever sits there; no instance is open
        done = ingest(arguments.file, closing, by=arguments.by, day=on, out=out, progress=steps)
    steps.end()
    listed = _listed(done, arguments)
    if arguments.json:
        say.as_json(_data(done, arguments, listed))
    else:
        _tell(done, arguments, listed)
    if not done.fit:
        return 2
    return 1 if done.slips.warnings else 0


def _listed(done: Ingested, arguments: argparse.Namespace) -> Path | None:
    """Write the list of what is wrong, where there is any; returns where."""
    if not done.slips.counts:
        return None
    beside: Path = arguments.file.with_name(f"{arguments.file.stem}-问题.csv")
    target: Path = arguments.findings or beside
    write_whole(target, done.slips.table())
    return target


def _data(done: Ingested, arguments: argparse.Namespace, listed: Path | None) -> dict[str, object]:
    shown = done.slips.ordered()[: max(arguments.show, 0)]
    return {
        "file": done.file,
        "records": done.records,
        "new": done.new if done.fit else 0,
        "known": done.known,
        "closing": {"id": done.closing.id, "path": str(done.closing.path)} if done.closing else None,
        "counts": [
            {"severity": severity, "id": kind, "count": count}
            for (severity, kind), count in done.slips.counts.most_common()
        ],
        "stopped": done.slips.stopped,
        "findings": [slip.finding(done.file).as_json() | {"line": slip.line} for slip in shown],
        "findings_file": str(listed) if listed else None,
    }


def _tell(done: Ingested, arguments: argparse.Namespace, listed: Path | None) -> None:
    slips = done.slips.ordered()
    say.findings(slip.finding(done.file) for slip in slips[: max(arguments.show, 0)])
    if len(slips) > max(arguments.show, 0):
        print(f"……共 {sum(done.slips.counts.values())} 处，以上是前 {max(arguments.show, 0)} 处")
    if done.slips.counts:
        print("按种类：")
        say.table([(kind, severity, count) for (severity, kind), count in done.slips.counts.most_common()])
    if done.slips.stopped:
        print("错误太多，读到这里为止；先改好以上各处再查其余")
    if listed is not None:
        print(f"问题清单：{listed}")
    if not done.fit:
        print("有错误，一条也没有导入；改好后重新执行同一条命令")
    elif done.closing is not None:
        print(f"读 {done.records} 个数，新增 {done.new} 个，账上已有 {done.known} 个")
        print(f"新结账 {done.closing.id}\n位置 {done.closing.path}")
    elif arguments.check:
        print(f"读 {done.records} 个数，可以导入：新增 {done.new} 个，账上已有 {done.known} 个")
    else:
        print(f"读 {done.records} 个数，账上都已有，没有新的结账")
