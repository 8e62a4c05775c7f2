"""The auditor's command: a figure recomputed from a closing's folder alone, without database, server or Django.

``python -m shuzhi.figures 'EXPR' CLOSING_DIR [--unit CODE] [--year Y] [--month M] [--in UNIT] [--json] [--verify]``.
Exit codes: 0 a value, 1 missing, 2 the input was refused, 3 a closing is damaged.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from shuzhi.figures.ask import Ask, Figure, Leaf, Part
from shuzhi.figures.closing import Closing, open_closing, verify_closing
from shuzhi.figures.compute import compute, refusal
from shuzhi.kernel.finding import Finding, Refused

VALUE, MISSING, REFUSED, DAMAGED = 0, 1, 2, 3
_REFS_SHOWN: Final = 10


class _Parser(argparse.ArgumentParser):
    """Says in Chinese what is wrong with the command line."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        print(f"命令行有误：{message}", file=sys.stderr)
        raise SystemExit(REFUSED)


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m shuzhi.figures",
        description="只凭结账文件夹重算一个数，不需要数据库和网络。",
        epilog="退出码：0 有数，1 缺数，2 输入有误，3 结账文件损坏。",
    )
    parser.add_argument(
        "expression", metavar="公式", help="如 revenue、growth(revenue)、count hazard in year"
    )
    parser.add_argument(
        "closings", metavar="结账文件夹", nargs="+", type=Path, help="一个或多个（多个则合并）"
    )
    parser.add_argument("--unit", default="", help="单位代码，不写为全部")
    parser.add_argument("--year", type=int, default=0, help="年份，不写为结账当年")
    parser.add_argument("--month", type=int, default=12, help="月份，不写为全年")
    parser.add_argument("--in", dest="shown_in", default="", help="用什么单位表示，如 亿元")
    parser.add_argument("--decimals", type=int, help="保留几位小数")
    parser.add_argument("--then", action="store_true", help="按当时的区划和名称算，不写为现在的")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--verify", action="store_true", help="先核对结账文件夹里的每一个文件")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    given = _parser().parse_args(arguments)
    ask = Ask(
        given.expression, given.unit, given.year, given.month, given.shown_in, given.decimals, given.then
    )
    try:
        closings = [_opened(path, verify=given.verify) for path in given.closings]
        finding = refusal(ask, closings)
        if finding is not None:
            return _refuse([finding], as_json=given.json, code=REFUSED)
        figure = compute([ask], closings)[0]
    except Refused as refused:
        damaged = any(finding.id.startswith("closing.") for finding in refused.findings)
        return _refuse(refused.findings, as_json=given.json, code=DAMAGED if damaged else REFUSED)
    if given.json:
        print(json.dumps(figure.as_json(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(figure, closings, verified=given.verify)))
    return MISSING if figure.missing else VALUE


def _opened(path: Path, *, verify: bool) -> Closing:
    findings = verify_closing(path) if verify else []
    if findings:
        raise Refused(findings)
    return open_closing(path)


def _refuse(findings: Sequence[Finding], *, as_json: bool, code: int) -> int:
    if as_json:
        said = {"findings": [finding.as_json() for finding in findings]}
        print(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        print("\n".join(map(str, findings)), file=sys.stderr)
    return code


def _lines(figure: Figure, closings: Sequence[Closing], *, verified: bool) -> list[str]:
    """The answer and its trace, line by line, as a person reads them."""
    trace = figure.trace
    lines = [f"公式：{trace.formula_cn}", f"范围：{trace.context}", _answer(figure)]
    lines += [
        f"　{_named(part)}　{part.text or '缺'}{figure.unit if part.text else ''}" for part in figure.parts
    ]
    inner = [f"{label} ＝ {formula}" for label, formula in trace.definitions]
    lines += [f"其中：{said}" for said in inner if said != trace.formula_cn]
    if trace.leaves:
        lines.append("取数：")
    for leaf in trace.leaves:
        lines += _leaf_lines(leaf)
    state = "（已逐个核对文件）" if verified else ""
    lines += [f"结账：{closing.unit_name} {closing.as_of} {closing.id}{state}" for closing in closings]
    lines += [f"口径：{digest}" for digest in trace.catalogues]
    return lines


def _named(part: Part) -> str:
    return part.key if part.label == part.key else f"{part.key}　{part.label}"


def _answer(figure: Figure) -> str:
    if figure.missing:
        return f"结果：缺（{figure.reason}）"
    if figure.parts:
        return f"结果：共{len(figure.parts)}组"
    exact = "" if figure.value is None else f"（精确值 {figure.value}）"
    status = f"　{figure.status}" if figure.status else ""
    return f"结果：{figure.text}{figure.unit}{status}{exact}"


def _leaf_lines(leaf: Leaf) -> list[str]:
    missing = f"，{leaf.missing}条没有填" if leaf.missing else ""
    status = f"，{leaf.status}" if leaf.status else ""
    lines = [f"　{leaf.text} ＝ {leaf.total}（{leaf.rows}条{missing}{status}）"]
    lines.append(f"　　{leaf.relation}　{leaf.relation_digest}")
    if leaf.refs:
        more = f" 等{len(leaf.refs)}条" if len(leaf.refs) > _REFS_SHOWN else ""
        lines.append(f"　　{' '.join(leaf.refs[:_REFS_SHOWN])}{more}")
    return lines


if __name__ == "__main__":
    raise SystemExit(main())
