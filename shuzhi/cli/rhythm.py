"""``shuzhi owed``, ``digest``, ``burden``: who owes what, what each person is told today, what filling in costs.

Imports inside functions are of models, which may only be touched once Django is awake.
"""

import argparse
import json
from datetime import date
from pathlib import Path

from shuzhi.cli import say
from shuzhi.cli.books import day
from shuzhi.cli.setup import wake
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.whole import write_whole


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    owed = commands.add_parser("owed", help="谁欠什么、欠了几天")
    owed.add_argument("--unit", default="", help="单位代码；不写即全部单位")
    owed.add_argument("--ahead", type=int, default=0, help="也列出几天内到期的")
    owed.add_argument("--as-of", type=day, help="哪一天，如 2025-12-31；不写即今天")
    owed.add_argument("--json", action="store_true", help="输出 JSON")
    owed.set_defaults(run=_owed)

    digest = commands.add_parser("digest", help="每人一天一份提要")
    digest.add_argument("--user", default="", help="谁的账号；不写即每一个今天有职务的人")
    digest.add_argument("--as-of", type=day, help="哪一天；不写即今天")
    digest.add_argument("--out", type=Path, help="每人写一个文件到这个文件夹，备发送")
    digest.add_argument("--json", action="store_true", help="输出 JSON")
    digest.set_defaults(run=_digest)

    burden = commands.add_parser("burden", help="各单位的填报负担")
    burden.add_argument("--unit", default="", help="单位代码；写了就列出明细")
    burden.add_argument("--as-of", type=day, help="算到哪一天；不写即今天")
    burden.add_argument("--json", action="store_true", help="输出 JSON")
    burden.set_defaults(run=_burden)


def _day(arguments: argparse.Namespace) -> date:
    from shuzhi.evidence import instance

    return arguments.as_of or instance.today()


def _known(unit: str) -> None:
    from shuzhi.units.models import Unit

    if unit and not Unit.objects.filter(code=unit).exists():
        raise Refused(Finding("unit.unknown", f"没有代码为“{unit}”的单位", "代码见单位与职务的工作簿"))


def _owed(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.rhythm.expectations import owed

    _known(arguments.unit)
    units = [arguments.unit] if arguments.unit else None
    found = owed(_day(arguments), units=units, ahead=arguments.ahead)
    if arguments.json:
        say.as_json([row.as_json() for row in found])
        return 1 if found else 0
    say.table(
        [
            (
                row.unit.name,
                f"{row.period}{row.label}" + ("" if row.of == row.unit else f"（{row.of.name}）"),
                f"应{row.need}，已有{row.had}" if row.need > 1 else "从未报过" if row.new else "",
                row.due,
                f"欠{row.late}天" if row.late > 0 else "今天到期" if row.late == 0 else f"还有{-row.late}天",
            )
            for row in found
        ]
    )
    late = sum(row.late > 0 for row in found)
    print(f"共 {len(found)} 项，其中已经过期 {late} 项。" if found else "没有欠的。")
    return 1 if found else 0


def _digest(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.rhythm.digest import digests
    from shuzhi.units.models import User
    from shuzhi.units.queries import posts_of

    when = _day(arguments)
    known = User.objects.filter(is_active=True).order_by("username")
    if arguments.user:
        known = known.filter(username=arguments.user)
        if not known.exists():
            raise Refused(Finding("user.unknown", f"没有账号“{arguments.user}”", "账号随任职名册导入而建立"))
    people = [user for user in known if posts_of(user, when).exists()]
    told = []
    for number, one in enumerate(digests(people, when)):
        say.bar(number, len(people), "提要")
        told.append(one)
    say.bar(len(people), len(people), "提要")
    if arguments.out:
        return _lay_out(arguments.out, [one.as_json() for one in told if not one.quiet and not one.empty])
    if arguments.json:
        say.as_json([one.as_json() for one in told])
    else:
        print("\n".join(one.text() for one in told), end="")
    return 0


def _lay_out(folder: Path, told: list[dict[str, object]]) -> int:
    """One text a person and a list of them all; nobody gets an empty message, and nobody any on a rest day."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in told:
        write_whole(folder / f"{one['user']}.txt", str(one["text"]).encode())
    listed = [{**one, "file": f"{one['user']}.txt"} for one in told]
    write_whole(folder / "digest.json", json.dumps(listed, ensure_ascii=False, indent=1).encode())
    print(f"已写出 {len(told)} 份提要：{folder}")
    return 0


def _burden(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.rhythm.burden import burden

    _known(arguments.unit)
    found = [one for one in burden(_day(arguments)) if not arguments.unit or one.unit.code == arguments.unit]
    if arguments.json:
        say.as_json([one.as_json() for one in found])
        return 0
    head = ("单位", "一年的格数", "其中亲手填", "系统带出", "每月亲手填", "每月约用时")
    rows = [
        (one.unit.name, one.cells, one.typed, one.share_told, one.typed_a_month, one.hours_told)
        for one in found
    ]
    say.table([head, *rows])
    for one in found if arguments.unit else ():
        print()
        said = [(row.label, row.asked_by, row.times, row.cells, row.typed) for row in one.rows]
        say.table([("填什么", "谁要的", "一年几次", "格数", "亲手填"), *said])
    return 0
