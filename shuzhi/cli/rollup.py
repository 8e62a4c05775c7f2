"""``shuzhi rollup``: many closings rolled up into a folder of cube and figures, on this machine or on a cluster."""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from shuzhi.cli import say
from shuzhi.kernel.finding import Finding, Refused

if TYPE_CHECKING:
    from shuzhi.cube.rolled import Rolled
    from shuzhi.cube.rolling import Done
    from shuzhi.figures.closing import Closing
    from shuzhi.figures.many.engines import Engine

DONE, FOUND = 0, 1
_STORE = re.compile(r"[a-z][a-z0-9+.-]+:/")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    made = commands.add_parser(
        "rollup", help="多份结账汇总成一个文件夹：各级合计、数字、清单；份数多的可用 Spark 集群"
    )
    made.add_argument(
        "closings", nargs="*", metavar="结账", help="结账文件夹、放结账的文件夹，或对象存储里的路径（s3://…）"
    )
    where = made.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--out",
        type=Path,
        metavar="文件夹",
        help="汇总写到哪个文件夹（本机的或共享的，不能是对象存储）；再次汇总写同一个，没有变的不重算",
    )
    where.add_argument("--show", type=Path, metavar="文件夹", help="不汇总，列出这个文件夹里已有的汇总")
    made.add_argument(
        "--above", default="", help="上级自己的结账（可以一层套一层）：下级怎么排列以它为准，数就近"
    )
    made.add_argument(
        "--figure", action="append", default=[], help="要算的数（表达式），可写多次；不写即目录里的全部"
    )
    made.add_argument("--figures", type=Path, help="要算的数列在文件里，一行一个表达式，# 后面是说明")
    made.add_argument("--year", type=int, default=0, help="年度；不写即结账那年")
    made.add_argument("--month", type=int, default=12, help="截至月份；不写即全年")
    made.add_argument(
        "--engine", choices=("local", "spark"), default="local", help="在本机算，还是在 Spark 集群上算"
    )
    made.add_argument("--master", default="", help="集群的地址，如 spark://主机:7077、yarn、k8s://…")
    made.add_argument("--conf", action="append", default=[], help="Spark 的设置 名=值，可写多次")
    made.add_argument("--parts", type=int, default=0, help="分成几个任务；不写即按份数")
    made.add_argument("--processes", type=int, default=0, help="在本机用几个进程；不写即按处理器")
    made.add_argument("--json", action="store_true", help="输出 JSON")
    made.set_defaults(run=_rollup)


def _rollup(given: argparse.Namespace) -> int:
    from shuzhi.cube.rolled import read_rolled

    _check_folder("--show" if given.show else "--out", given.show or given.out)
    if given.show:
        rolled = read_rolled(given.show)
        _show(rolled, list(rolled.figures()), as_json=given.json)
        return DONE
    from shuzhi.cube.rolling import Wish, roll_up
    from shuzhi.figures.many.places import found

    closings, damaged = found([*given.closings, *([given.above] if given.above else [])])
    if not closings:
        nothing = Finding("rollup.none-given", "没有给出结账", "请写结账文件夹，或放结账的文件夹")
        raise Refused(damaged or nothing)
    if given.above:
        _check_above(found([given.above])[0], closings)
    wish = Wish(_expressions(given), given.year, given.month)
    with _engine(given, len(closings)) as engine:
        outcome = roll_up(
            closings, given.out, wish, engine, damaged=damaged, parts=given.parts, progress=_progress()
        )
    _tell(outcome, as_json=given.json)
    return FOUND if outcome.refused else DONE


def _check_folder(word: str, folder: Path) -> None:
    """A roll-up lies in a folder: an object store has no way to change many files at once."""
    if _STORE.match(str(folder)):
        hint = "请写本机或共享目录里的文件夹；要放进对象存储的，汇总完再整个拷过去"
        raise Refused(Finding("rollup.folder", f"{word} 不能是对象存储里的路径", hint, str(folder)))


def _check_above(above: "Sequence[Closing]", closings: "Sequence[Closing]") -> None:
    """What is said to lie above must hold the units of others."""
    from shuzhi.figures.tree import codes_of

    for each in above:
        if not codes_of(each) & {other.unit_code for other in closings if other.id != each.id}:
            said = f"{each.unit_name}的结账里没有这些单位，不是它们的上级"
            raise Refused(Finding("rollup.not-above", said, "请核对 --above 给的结账", each.place))


def _expressions(given: argparse.Namespace) -> tuple[str, ...]:
    """What is asked, each once, in order."""
    lines = given.figures.read_text("utf-8").splitlines() if given.figures else []
    asked = [*given.figure, *(line.partition("#")[0] for line in lines)]
    return tuple(sorted({said for each in asked if (said := each.strip())}))


@contextmanager
def _engine(given: argparse.Namespace, places: int) -> "Iterator[Engine]":
    from shuzhi.figures.many.engines import local

    if given.engine == "local":
        wrong = next((name for name in ("master", "conf") if getattr(given, name)), "")
        if wrong:
            hint = "请加上 --engine spark"
            raise Refused(Finding("rollup.engine", f"--{wrong} 只用于 Spark 集群", hint, f"--{wrong}"))
        engine: Engine = local(places, given.processes)
    else:
        from shuzhi.figures.many.spark import Spark

        given.out.mkdir(parents=True, exist_ok=True)
        engine = Spark(given.master, settings=_settings(given.conf), notice=_notice)
    try:
        yield engine
    finally:
        engine.close()


def _settings(said: Sequence[str]) -> Mapping[str, str]:
    """Spark's settings as written on the command line; raises Refused for one without a value."""
    pairs = [each.partition("=") for each in said]
    for each, (name, sign, _) in zip(said, pairs, strict=True):
        if not name or not sign:
            hint = "如 --conf spark.executor.memory=4g"
            raise Refused(Finding("rollup.conf", "Spark 的设置要写成 名=值", hint, each))
    return {name: value for name, _, value in pairs}


def _notice(said: str) -> None:
    print(f"\n{said}" if sys.stderr.isatty() else said, file=sys.stderr, flush=True)


def _progress() -> Callable[[str, int, int], None]:
    def tell(name: str, done: int, total: int) -> None:
        say.bar(done, total, name)

    return tell


def _tell(outcome: "Done", *, as_json: bool) -> None:
    figures = list(outcome.rolled.figures())
    lacking = sum(not (each["text"] or each["parts"]) for each in figures)
    if as_json:
        said = outcome.as_json()
        say.as_json({**said, "figures": len(figures), "missing": lacking})
        return
    for place, findings in outcome.refused:
        print(f"没有汇总 {place}：", file=sys.stderr)
        for finding in findings:
            print(f"　{finding}", file=sys.stderr)
    for finding in outcome.noticed:
        print(finding, file=sys.stderr)
    used = f"汇总 {outcome.kept + outcome.made:,} 份结账：沿用 {outcome.kept:,} 份，重算 {outcome.made:,} 份"
    print(used + (f"；没有汇总的 {len(outcome.refused):,} 份，见上" if outcome.refused else ""))
    for line in outcome.rolled.layers():
        print(line)
    print(f"数字 {len(figures):,} 个" + (f"，其中缺数的 {lacking:,} 个" if lacking else ""))
    print(f"清单 {outcome.rolled.id}\n位置 {outcome.rolled.folder}")


def _show(rolled: "Rolled", figures: Sequence[Mapping[str, object]], *, as_json: bool) -> None:
    if as_json:
        say.as_json({"id": rolled.id, "manifest": rolled.manifest, "figures": figures})
        return
    rows = [
        (
            each["expression"],
            f"{each['text']}{each['unit']}" if each["text"] else each["reason"],
            each["status"],
        )
        for each in figures
    ]
    say.table([("数", "值", "状态"), *rows])
    for line in rolled.layers():
        print(line)
    closings = rolled.manifest["closings"]
    print(f"结账 {len(closings) if isinstance(closings, list) else 0:,} 份\n清单 {rolled.id}")
