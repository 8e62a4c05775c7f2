"""``shuzhi fill``: a draft filled from the books; ``shuzhi report``: what became of an edition's estimates.

Imports inside functions are of models, which may only be touched once Django is awake.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shuzhi.cli import say
from shuzhi.cli.books import day
from shuzhi.cli.setup import wake
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.reports.drafts import draft_of

if TYPE_CHECKING:
    from shuzhi.reports.filling import Filled
    from shuzhi.reports.models import Edition


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    fill = commands.add_parser("fill", help="用账本填草稿")
    fill.add_argument("draft", type=Path, help=".txt 或 .docx 草稿")
    fill.add_argument("--out", type=Path, required=True, help="报告文件写到哪个文件夹")
    fill.add_argument("--year", type=int, default=0, help="填哪一年；不写即结账的年度")
    fill.add_argument("--unit", default="", help="填哪个单位的数；不写即本级全部")
    fill.add_argument("--as-of", type=day, help="按哪一天结账，如 2025-12-31；不写即今天")
    fill.add_argument("--json", action="store_true", help="输出 JSON")
    fill.set_defaults(run=_fill)
    report = commands.add_parser("report", help="已成稿的报告：定数核对").add_subparsers(
        dest="act", metavar="做什么", required=True
    )
    trueup = report.add_parser("trueup", help="报告里的预计数和现在的账逐个比")
    trueup.add_argument("report", help="报告编号，如 report/2025-0001 或 2025-0001")
    trueup.add_argument("--edition", type=int, default=0, help="第几版；不写即最后一版")
    trueup.add_argument("--as-of", type=day, help="按哪一天结账，如 2026-03-31；不写即今天")
    trueup.add_argument("--json", action="store_true", help="输出 JSON")
    trueup.set_defaults(run=_trueup)


def _fill(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.books.verbs import close_books
    from shuzhi.evidence import instance
    from shuzhi.reports.filling import fill
    from shuzhi.reports.outputs import outputs, write_outputs

    draft = draft_of(arguments.draft.read_bytes(), arguments.draft.name, judged=False)
    closing = close_books(arguments.as_of or instance.today(), by="system")
    made = fill(draft, closing, catalogue=instance.catalogue(), year=arguments.year, unit=arguments.unit)
    files, noticed = outputs(made, fonts=[instance.home() / "fonts"])
    written = write_outputs(files, arguments.out)
    findings = [*made.findings, *noticed]
    if arguments.json:
        say.as_json(_as_data(made, written, findings))
    else:
        say.table([("情形", "处数"), *made.summary().items()])
        for finding in findings:
            print(finding, file=sys.stderr)
        print("\n".join(str(path) for path in written))
    wrong = any(finding.severity is Severity.ERROR for finding in findings)
    return 1 if wrong or made.gaps() else 0


def _trueup(arguments: argparse.Namespace) -> int:
    """Every estimate of an edition beside the books of the day; 1 while some have no final value or differ from it."""
    wake()
    from shuzhi.books.verbs import close_books
    from shuzhi.evidence import instance
    from shuzhi.reports.trueup import true_up

    edition = _edition(arguments.report, arguments.edition)
    closing = close_books(arguments.as_of or instance.today(), by="system")
    rows = true_up(edition, closing)
    if arguments.json:
        say.as_json([row.as_json() for row in rows])
    elif rows:
        heads = ("处", "指标", "报告里", "现在账上", "状态", "差", "结果")
        say.table([heads, *((row.no, row.label, *row.told()) for row in rows)])
    else:
        print("这一版里没有预计数。")
    return 1 if any(not row.settled or not row.printed for row in rows) else 0


def _edition(ref: str, no: int) -> "Edition":
    """The edition of a report by the report's number; Refused where there is none."""
    from shuzhi.reports.models import Edition

    key = ref if ref.startswith("report/") else f"report/{ref}"
    rows = Edition.objects.filter(report=key, **({"no": no} if no else {}))
    found = rows.order_by("no").last()
    if found is None:
        raise Refused(Finding("report.none", "没有这份报告，或还没有成稿", "请核对报告编号和版次", ref))
    return found


def _as_data(made: "Filled", written: Sequence[Path], findings: Sequence[Finding]) -> dict[str, object]:
    """The outcome for machines; every place with its card is in 报告.json."""
    return {
        "unit": made.unit_name,
        "year": made.year,
        "as_of": made.closing.as_of.isoformat(),
        "closing": made.closing.id,
        "summary": made.summary(),
        "gaps": [
            {
                "id": place.slot.id,
                "start": place.slot.span.start,
                "state": str(place.state),
                "reason": place.reason,
                "owner": place.owner,
                "proposals": [proposal.as_json() for proposal in place.proposals],
            }
            for place in made.gaps()
        ],
        "files": [str(path) for path in written],
        "findings": [finding.as_json() for finding in findings],
    }
