"""``shuzhi check``: whether the numbers of the last closing agree, by the rules of ``checks.toml``.

Imports inside functions are of models, which may only be touched once Django is awake.
"""

import argparse

from shuzhi.cli import say
from shuzhi.cli.setup import wake
from shuzhi.figures.judging.verified import verify
from shuzhi.kernel.finding import Finding, Refused


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    made = commands.add_parser("check", help="核对：最近一次结账里哪些数互相对不上")
    made.add_argument("--year", type=int, default=0, help="年度；不写即结账那年")
    made.add_argument("--month", type=int, default=0, help="月份；不写即全年")
    made.add_argument("--unit", default="", help="单位代码；不写即全部")
    made.add_argument("--json", action="store_true", help="输出 JSON")
    made.set_defaults(run=_check)


def _check(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.books.queries import newest, open_book

    row = newest()
    if row is None:
        raise Refused(Finding("books.none", "还没有结过账", "先执行 shuzhi close"))
    closing = open_book(row)
    year = arguments.year or closing.as_of.year
    found = verify(closing, year, arguments.month, arguments.unit)
    if arguments.json:
        say.as_json(
            {
                "closing": closing.id,
                "year": year,
                "rules": len(closing.catalogue.checks),
                "faults": [item.as_json() for item in found],
            }
        )
    else:
        lines = [(str(item.severity), item.rule.code, item.place, item.said, item.rule.do) for item in found]
        if lines:
            say.table([("程度", "规则", "哪里", "哪里不对", "怎么办"), *lines])
        print(f"{year}年，规则 {len(closing.catalogue.checks)} 条，不成立 {len(found)} 处。结账 {closing.id}")
    return 1 if found else 0
