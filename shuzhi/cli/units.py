"""``shuzhi units``: load the administrative tree, find a unit, merge, split, move and rename units.

Imports inside functions are of models, which may only be touched once Django is awake.
"""

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from shuzhi.cli import say
from shuzhi.cli.books import day
from shuzhi.cli.setup import wake
from shuzhi.kernel.finding import Finding, Refused

if TYPE_CHECKING:
    from shuzhi.units.models import Unit


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    units = commands.add_parser("units", help="单位：导入区划、查找、撤并、分设、划转、更名")
    ways = units.add_subparsers(dest="way", metavar="做什么", required=True)

    load = ways.add_parser("load", help="导入行政区划（CSV，每级一个文件或一个总表）")
    load.add_argument("files", nargs="+", type=Path, help="文件，或放着这些文件的文件夹")
    load.add_argument("--under", default="", help="只导入这个代码及其以下")
    load.add_argument("--since", type=day, required=True, help="区划的时点，如 2023-06-30")
    _common(load, _load)

    find = ways.add_parser("find", help="按名称、代码或拼音首字母查找")
    find.add_argument("text", help="如 明澜、990123、mlx")
    find.add_argument("--json", action="store_true", help="输出 JSON")
    find.set_defaults(run=_find)

    merge = ways.add_parser("merge", help="撤并：整体并入另一单位")
    merge.add_argument("codes", nargs="+", help="被并入的单位代码")
    merge.add_argument("--into", required=True, help="并入哪个单位（代码）")
    merge.add_argument("--document", required=True, help="批准文件")
    merge.add_argument("--day", type=day, required=True, help="生效日期")
    _common(merge, _merge)

    split = ways.add_parser("split", help="分设：下级单位分给几个后继单位")
    split.add_argument("code", help="被分设的单位代码")
    split.add_argument("--part", action="append", required=True, help="后继代码=下级代码,下级代码…；可写多次")
    split.add_argument("--document", required=True, help="批准文件")
    split.add_argument("--day", type=day, required=True, help="生效日期")
    _common(split, _split)

    move = ways.add_parser("move", help="划转：改属另一上级")
    move.add_argument("code", help="单位代码")
    move.add_argument("--to", required=True, help="新的上级单位（代码）")
    move.add_argument("--day", type=day, required=True, help="生效日期")
    _common(move, _move)

    rename = ways.add_parser("rename", help="更名，旧名保留")
    rename.add_argument("code", help="单位代码")
    rename.add_argument("name", help="新名称")
    rename.add_argument("--day", type=day, required=True, help="启用日期")
    _common(rename, _rename)

    told = ways.add_parser("history", help="一个单位的沿革")
    told.add_argument("code", help="单位代码")
    told.add_argument("--json", action="store_true", help="输出 JSON")
    told.set_defaults(run=_history)


def _common(parser: argparse.ArgumentParser, run: object) -> None:
    parser.add_argument("--by", default="system", help="经办职务代码")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def _unit(code: str) -> "Unit":
    from shuzhi.units.models import Unit

    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise Refused(Finding("unit.unknown", f"没有代码为“{code}”的单位", "用 shuzhi units find 查找"))
    return found


def _files(paths: list[Path]) -> list[Path]:
    found = [file for path in paths for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]
    lacking = next((path for path in found if not path.is_file()), None)
    if lacking is not None or not found:
        raise Refused(
            Finding("unit.no-file", f"没有文件 {lacking or paths[0]}", "请写 CSV 文件或其所在文件夹")
        )
    return found


def _load(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.units.loading import load_divisions, read_divisions
    from shuzhi.units.models import LEVELS

    divisions = read_divisions(_files(arguments.files))
    made = load_divisions(
        divisions,
        since=arguments.since,
        by=arguments.by,
        under=arguments.under,
        progress=lambda done, total: say.bar(done, total, "导入区划"),
    )
    if arguments.json:
        findings = [finding.as_json() for finding in made.findings]
        say.as_json({"founded": dict(made.founded), "there": made.there, "findings": findings})
    else:
        levels = "，".join(f"{word} {made.founded[code]:,}" for code, word in LEVELS if made.founded[code])
        print(
            f"新设 {made.founded.total():,} 个单位{f'（{levels}）' if levels else ''}，原有 {made.there:,} 个未动"
        )
        say.findings(made.findings)
    return 0


def _find(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.units.queries import find, path_of

    found = find(arguments.text)
    if arguments.json:
        rows = [
            {"code": unit.code, "name": unit.name, "level": unit.level, "path": path_of(unit)}
            for unit in found
        ]
        say.as_json({"units": rows})
    else:
        for unit in found:
            print(f"{unit.code:<14}{path_of(unit)}{f'（{unit.until}撤销）' if unit.until else ''}")
        if not found:
            print("没有找到。可输入名称的一部分、代码的前几位，或名称的拼音首字母。")
    return 0 if found else 1


def _merge(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.units.verbs import merge_units

    steps = merge_units(
        [_unit(code) for code in arguments.codes],
        into=_unit(arguments.into),
        day=arguments.day,
        document=arguments.document,
        by=arguments.by,
    )
    return _done(arguments, [str(step) for step in steps])


def _split(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.units.verbs import split_unit

    parts = {}
    for part in arguments.part:
        code, _, below = part.partition("=")
        parts[code] = [_unit(item) for item in below.split(",") if item]
    steps = split_unit(
        _unit(arguments.code), parts=parts, day=arguments.day, document=arguments.document, by=arguments.by
    )
    return _done(arguments, [str(step) for step in steps])


def _move(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.units.verbs import move_unit

    unit = move_unit(_unit(arguments.code), parent=_unit(arguments.to), day=arguments.day, by=arguments.by)
    return _done(arguments, [f"{unit.name}自{arguments.day}起属{unit.parent}"])


def _rename(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.units.verbs import rename_unit

    unit = rename_unit(_unit(arguments.code), name=arguments.name, since=arguments.day, by=arguments.by)
    return _done(arguments, [f"{unit.code}自{arguments.day}起名为{unit.name}"])


def _done(arguments: argparse.Namespace, told: list[str]) -> int:
    if arguments.json:
        say.as_json({"done": told})
    else:
        print("\n".join(told))
    return 0


def _history(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.units.queries import history, path_of

    unit = _unit(arguments.code)
    told: list[tuple[date, str]] = history(unit)
    if arguments.json:
        say.as_json(
            {"code": unit.code, "name": unit.name, "history": [[str(day), said] for day, said in told]}
        )
    else:
        print(path_of(unit))
        for when, said in told:
            print(f"  {when}  {said}")
    return 0
