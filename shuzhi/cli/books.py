"""``shuzhi close``, ``verify``, ``figure``: closing the books, proving them whole, asking them for a figure.

Imports inside functions are of models, which may only be touched once Django is awake.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

from shuzhi.cli import say
from shuzhi.cli.setup import wake
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.compute import compute, refusal
from shuzhi.figures.many.places import found
from shuzhi.figures.many.reading import by_engine
from shuzhi.figures.many.roll import Rolled, newest, roll
from shuzhi.kernel.finding import Finding, Refused


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    close = commands.add_parser("close", help="结账")
    close.add_argument("--as-of", type=day, help="截止日期，如 2025-12-31；不写即今天")
    close.add_argument("--keep", action="store_true", help="留存这次结账")
    close.add_argument("--by", default="system", help="经办职务代码")
    close.add_argument("--json", action="store_true", help="输出 JSON")
    close.set_defaults(run=_close)

    verify = commands.add_parser("verify", help="核验日志、账目、材料和结账")
    verify.add_argument("--json", action="store_true", help="输出 JSON")
    verify.set_defaults(run=_verify)

    figure = commands.add_parser("figure", help="从最近一次结账，或从给出的各份结账算一个数")
    figure.add_argument("expression", help="表达式，如 retail.growth")
    figure.add_argument("--year", type=int, default=0, help="年度")
    figure.add_argument("--month", type=int, default=12, help="截至月份")
    figure.add_argument("--unit", default="", help="单位代码")
    figure.add_argument("--then", action="store_true", help="按当时的区划和名称算（不写即按现在的区划）")
    figure.add_argument("--in", dest="shown_in", default="", help="用什么计量单位显示")
    figure.add_argument(
        "--closing",
        action="append",
        default=[],
        metavar="位置",
        help="结账文件夹、放着各单位结账的文件夹，或对象存储里的路径（s3://…），可写多次；写了就不用数据库",
    )
    figure.add_argument("--cache", type=Path, metavar="文件夹", help="算过的留在这里，再算时只读变了的结账")
    figure.add_argument("--processes", type=int, default=1, help="结账多时用几个进程来读；0 即按处理器")
    figure.add_argument("--json", action="store_true", help="输出 JSON")
    figure.set_defaults(run=_figure)


def day(text: str) -> date:
    """A day on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，应形如 2025-12-31") from None


def _close(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.books.verbs import close_books
    from shuzhi.evidence import instance
    from shuzhi.units.models import Post

    if arguments.by != "system" and not Post.objects.filter(code=arguments.by).exists():
        raise Refused(Finding("close.by", f"没有代码为“{arguments.by}”的职务", "请写经办职务的代码"))
    closing = close_books(arguments.as_of or instance.today(), by=arguments.by, keep=arguments.keep)
    if arguments.json:
        say.as_json({"id": closing.id, "path": str(closing.path), "as_of": closing.as_of.isoformat()})
    else:
        print(f"已结账，截止 {closing.as_of}\n摘要 {closing.id}\n位置 {closing.path}")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.evidence.journal import head
    from shuzhi.evidence.verify import verify

    found = list(verify())
    seq, link = head()
    if arguments.json:
        say.as_json({"entries": seq + 1, "head": link, "findings": [finding.as_json() for finding in found]})
    elif found:
        print(f"核验未通过，共 {len(found)} 处，最先的一处在前：")
        say.findings(found)
    else:
        print(f"核验通过：日志 {seq + 1} 笔首尾相接，账目、材料、结账都与日志相符。\n链尾 {link}")
    return 3 if found else 0


def _figure(arguments: argparse.Namespace) -> int:
    ask = Ask(
        arguments.expression,
        arguments.unit,
        arguments.year,
        arguments.month,
        arguments.shown_in,
        then=arguments.then,
    )
    rolled = _rolled(ask, arguments) if arguments.closing else _newest(ask, arguments.cache)
    refused = refusal(ask, rolled.closings)
    if refused is not None:
        raise Refused(refused)
    figure = rolled.figures[0]
    for finding in (*rolled.findings, *figure.warnings):
        print(finding, file=sys.stderr)
    if arguments.json:
        told = {"findings": [finding.as_json() for finding in rolled.findings]} if rolled.findings else {}
        say.as_json({**figure.as_json(), **told})
    else:
        _tell(figure, rolled)
    return 1 if figure.missing or not rolled.complete else 0


def _newest(ask: Ask, cache: Path | None) -> Rolled:
    """The figure from the newest closing of the instance."""
    wake()
    from shuzhi.books import queries

    row = queries.newest()
    if row is None:
        raise Refused(Finding("books.none", "还没有结过账", "先执行 shuzhi close"))
    closing = queries.open_book(row)
    return Rolled(tuple(compute([ask], [closing], cache=cache)), (closing,))


def _rolled(ask: Ask, arguments: argparse.Namespace) -> Rolled:
    """The figure over the closings given, those that cannot be read left out and named."""
    from shuzhi.figures.many.engines import local

    closings, findings = found(arguments.closing)
    closings, notices = newest(closings)
    for notice in notices:
        print(notice, file=sys.stderr)
    engine = local(len(closings), arguments.processes)
    try:
        return roll([ask], closings, findings, cache=arguments.cache, reader=by_engine(engine))
    finally:
        engine.close()


def _tell(figure: Figure, rolled: Rolled) -> None:
    if figure.missing:
        print(f"没有数：{figure.reason}")
        return
    words = "、".join(word for word in (figure.status, "" if rolled.complete else "不全") if word)
    print(f"{figure.text}{figure.unit}{f'（{words}）' if words else ''}")
    for part in figure.parts:
        print(f"  {part.key}  {part.text or '无数'}")
    ids = figure.trace.closings
    print(f"算法：{figure.trace.formula_cn}\n结账：{ids[0] if len(ids) == 1 else f'{len(ids)} 份'}")
