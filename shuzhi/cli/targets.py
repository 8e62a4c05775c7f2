"""``shuzhi targets``, ``score``, ``estimate``, ``trueup``: targets, their scores and year-end estimates, from the last closing.

Imports inside functions are of models, which may only be touched once Django is awake.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from shuzhi.cli import say
from shuzhi.cli.setup import wake
from shuzhi.figures.closing import Closing
from shuzhi.figures.judging.estimating import METHODS
from shuzhi.figures.judging.plan import COLOUR_NAMES
from shuzhi.figures.judging.progress import Progress, progress
from shuzhi.figures.judging.scoring import UNREPORTED, Sheet, score
from shuzhi.kernel.catalogue.schemes import Scheme
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import say as say_amount
from shuzhi.kernel.whole import write_whole

if TYPE_CHECKING:
    from shuzhi.units.models import Unit


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    targets = commands.add_parser("targets", help="目标进度：按各自曲线的差距和灯")
    _where(targets)
    targets.add_argument("--month", type=int, default=0, help="截至月份；不写即结账所到的月份")
    targets.set_defaults(run=_targets)

    scores = commands.add_parser("score", help="目标绩效考核计分")
    _where(scores)
    scores.add_argument("--scheme", default="", help="方案代码；不写即这一年的头一个方案")
    scores.add_argument("--keep", action="store_true", help="结账留存并把计分单存为材料（定稿）")
    scores.add_argument("--by", default="system", help="经办职务代码")
    scores.add_argument("--out", type=Path, help="写成文件：.xlsx 或 .docx")
    scores.set_defaults(run=_score)

    estimate = commands.add_parser("estimate", help="年底预计：各种推算办法及其往年误差")
    _where(estimate)
    estimate.set_defaults(run=_estimate)

    trueup = commands.add_parser("trueup", help="预计与实绩对照")
    _where(trueup)
    trueup.set_defaults(run=_trueup)


def _where(command: argparse.ArgumentParser) -> None:
    command.add_argument("--year", type=int, default=0, help="年度；不写即今年")
    command.add_argument("--unit", default="", help="单位代码；不写即全部")
    command.add_argument("--json", action="store_true", help="输出 JSON")


def _closing() -> Closing:
    from shuzhi.books.queries import newest, open_book

    row = newest()
    if row is None:
        raise Refused(Finding("books.none", "还没有结过账", "先执行 shuzhi close"))
    return open_book(row)


def _year(arguments: argparse.Namespace) -> int:
    from shuzhi.evidence import instance

    return int(arguments.year) or instance.today().year


def _targets(arguments: argparse.Namespace) -> int:
    wake()
    closing = _closing()
    units = [arguments.unit] if arguments.unit else []
    found = progress(closing, _year(arguments), arguments.month, units=units)
    if arguments.json:
        say.as_json({"closing": closing.id, "targets": [target_json(item) for item in found]})
    else:
        head = ("单位", "指标", "目标", "计划", "实绩", "差距（百分点）", "灯", "说明")
        say.table([head, *(_target_line(item) for item in found)])
    return 0 if found else 1


def target_json(item: Progress) -> dict[str, object]:
    """One target's standing; exact numbers as fractions in text, in the indicator's unit."""

    def exact(value: object) -> str | None:
        return None if value is None else str(value)

    return {
        "indicator": item.indicator.code,
        "label": item.indicator.label,
        "measured": item.indicator.unit,
        "unit": item.unit,
        "year": item.year,
        "month": item.month,
        "target": exact(item.target),
        "plan": exact(item.plan),
        "actual": exact(item.actual),
        "status": item.status,
        "completion": exact(item.completion),
        "share": exact(item.share),
        "gap": exact(item.lit.gap),
        "light": item.lit.colour,
        "why": item.lit.why,
        "recovered": item.lit.recovered,
        "mark": None if item.mark is None else {"light": item.mark.colour, "reason": item.mark.reason},
        "history": [{"month": lit.month, "gap": exact(lit.gap), "light": lit.colour} for lit in item.history],
    }


def _target_line(item: Progress) -> tuple[str, ...]:
    from shuzhi.desk.views.targets import line_of

    line = line_of(item)
    marked = f"（认定{line.mark}）" if line.mark else ""
    return (
        item.unit_name,
        item.indicator.label,
        f"{line.target}{item.indicator.unit}",
        line.plan or "—",
        line.actual or "—",
        line.gap or "—",
        f"{COLOUR_NAMES[item.lit.colour]}{marked}",
        item.lit.recovered or item.lit.why,
    )


def _score(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.books.scored import settle
    from shuzhi.evidence import instance

    scheme = _scheme(arguments)
    if arguments.keep:
        _check_post(arguments.by)
        sheet = settle(scheme, instance.today(), by=arguments.by)
    else:
        sheet = score(scheme, _closing())
    if arguments.unit:
        shown = tuple(item for item in sheet.scores if item.unit == arguments.unit)
        sheet = Sheet(sheet.scheme, sheet.closing, sheet.as_of, sheet.parameters, shown)
    if arguments.out:
        _write(sheet, arguments.out)
    if arguments.json:
        say.as_json(sheet.as_json())
    else:
        _tell_score(sheet)
    return 1 if not sheet.scores or any(item.missing for item in sheet.scores) else 0


def _scheme(arguments: argparse.Namespace) -> Scheme:
    from shuzhi.evidence import instance

    schemes, year = instance.catalogue().schemes, _year(arguments)
    wanted = arguments.scheme or next(
        (code for code, item in sorted(schemes.items()) if item.year == year), ""
    )
    if wanted not in schemes:
        said = f"没有计分方案“{wanted}”" if wanted else f"{year}年没有计分方案"
        raise Refused(Finding("score.scheme", said, f"可用：{'、'.join(sorted(schemes)) or '无'}"))
    return schemes[wanted]


def _check_post(code: str) -> None:
    from shuzhi.units.models import Post

    if code != "system" and not Post.objects.filter(code=code).exists():
        raise Refused(Finding("score.by", f"没有代码为“{code}”的职务", "请写经办职务的代码"))


def _write(sheet: Sheet, path: Path) -> None:
    from shuzhi.desk.score_papers import to_document, to_workbook
    from shuzhi.evidence import instance

    if path.suffix not in (".xlsx", ".docx"):
        raise Refused(Finding("score.out", f"不能写成“{path.suffix}”", "文件名以 .xlsx 或 .docx 结尾"))
    data = to_workbook(sheet) if path.suffix == ".xlsx" else to_document(sheet, instance.read().name)
    write_whole(path, data)


def _tell_score(sheet: Sheet) -> None:
    from shuzhi.desk.score_papers import details, summary

    say.table(
        [
            ("位次", "单位", "得分", "加分", "扣分", "总分", "未报分值", "等次"),
            *(summary(sheet, item) for item in sheet.scores),
        ]
    )
    for item in sheet.scores if len(sheet.scores) == 1 else ():
        print()
        say.table(details(sheet, item))
    missing = sum(mark.score is None for item in sheet.scores for mark in item.marks)
    print(f"方案 {sheet.scheme.code}　参数 {sheet.parameters}\n结账 {sheet.closing}\n计分单 {sheet.id}")
    if missing:
        print(f"{UNREPORTED} {missing} 项，计零分，未报分值另列。")


def _units(arguments: argparse.Namespace) -> "list[Unit]":
    from shuzhi.units.models import Unit
    from shuzhi.units.queries import root

    if not arguments.unit:
        return [root()]
    found = list(Unit.objects.filter(code=arguments.unit))
    if not found:
        raise Refused(Finding("unit.unknown", f"没有代码为“{arguments.unit}”的单位", "请写单位代码"))
    return found


def _estimate(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.evidence import instance
    from shuzhi.indicators.estimates import proposals, told

    (unit,) = _units(arguments)
    year, rows = _year(arguments), []
    for code, item in sorted(instance.catalogue().indicators.items()):
        rows += [(code, item, found) for found in proposals(item, unit, year)]
    if arguments.json:
        say.as_json(
            [
                {
                    "indicator": code,
                    "measured": item.unit,
                    "method": found.method,
                    "value": str(found.value),
                    "low": None if found.low is None else str(found.low),
                    "high": None if found.high is None else str(found.high),
                    "errors": {str(past): str(error) for past, error in found.errors},
                    "chosen": found.chosen,
                }
                for code, item, found in rows
            ]
        )
    else:
        from shuzhi.desk.views.estimates import way_of

        lines = [
            (
                item.label,
                METHODS[f.method],
                f"{way_of(item, f).value}{item.unit}",
                "推荐" if f.chosen else "",
                told(item, f),
            )
            for _, item, f in rows
        ]
        say.table([("指标", "办法", "全年预计", "", "区间与误差"), *lines])
    return 0 if rows else 1


def _trueup(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.evidence import instance
    from shuzhi.indicators.estimates import off, trueup

    rows = trueup(instance.catalogue(), _year(arguments), _units(arguments) if arguments.unit else ())
    if arguments.json:
        say.as_json(
            [
                {
                    "indicator": row.indicator.code,
                    "measured": row.indicator.unit,
                    "unit": row.unit.code,
                    "year": row.year,
                    "forecast": str(row.forecast),
                    "how": row.said,
                    "final": None if row.final is None else str(row.final),
                    "status": row.status,
                    "off": None if row.off is None else str(row.off),
                }
                for row in rows
            ]
        )
    else:
        lines = [
            (
                row.unit.name,
                row.indicator.label,
                f"{say_amount(row.forecast, row.indicator.decimals)}{row.indicator.unit}",
                "未出"
                if row.final is None
                else f"{say_amount(row.final, row.indicator.decimals)}{row.indicator.unit}（{row.status}）",
                "—" if row.off is None else off(row.indicator, row.off),
                row.said,
            )
            for row in rows
        ]
        say.table([("单位", "指标", "预计", "实绩", "偏差", "当时怎样预计"), *lines])
    return 0 if rows else 1
