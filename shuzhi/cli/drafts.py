"""``shuzhi read`` and ``shuzhi fill``: what a draft holds, and the report filled from the books.

Imports inside functions are of models, which may only be touched once Django is awake.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shuzhi.cli import say
from shuzhi.cli.books import day
from shuzhi.cli.setup import wake
from shuzhi.kernel.finding import Finding, Severity
from shuzhi.prose.model import Draft
from shuzhi.reports.drafts import draft_of

if TYPE_CHECKING:
    from shuzhi.reports.filling import Filled


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    read = commands.add_parser("read", help="读草稿：结构、空格、数字、疑误、可核事项")
    read.add_argument("draft", type=Path, help=".txt 或 .docx 草稿")
    read.add_argument("--json", action="store_true", help="输出 JSON（字符偏移按解码后的文字计）")
    read.set_defaults(run=_read)

    fill = commands.add_parser("fill", help="用账本填草稿")
    fill.add_argument("draft", type=Path, help=".txt 或 .docx 草稿")
    fill.add_argument("--out", type=Path, required=True, help="报告文件写到哪个文件夹")
    fill.add_argument("--year", type=int, default=0, help="填哪一年；不写即结账的年度")
    fill.add_argument("--unit", default="", help="填哪个单位的数；不写即本级全部")
    fill.add_argument("--as-of", type=day, help="按哪一天结账，如 2025-12-31；不写即今天")
    fill.add_argument("--json", action="store_true", help="输出 JSON")
    fill.set_defaults(run=_fill)


def _read(arguments: argparse.Namespace) -> int:
    draft = draft_of(arguments.draft.read_bytes(), arguments.draft.name)
    if arguments.json:
        print(_numbered(json.dumps(draft.as_json(), ensure_ascii=False, indent=1)))
    else:
        _tell(draft)
    return 0


def _numbered(text: str) -> str:
    """Values as JSON numbers, digit for digit as printed: on the way through a binary float they could change."""
    return re.sub(r'"(value|value_max)": "(-?\d+(?:\.\d+)?)"', r'"\1": \2', text)


def _tell(draft: Draft) -> None:
    """The draft in words, for whoever reads the screen."""
    print(f"标题：{draft.title.of(draft.text)}")
    for heading in draft.outline:
        print(f"{'　' * heading.level}{heading.marker}{heading.text}")
    masks = sum(slot.meaning.kind != "name" for slot in draft.slots)
    print(f"空格 {len(draft.slots)} 处：数字 {masks}，名称 {len(draft.slots) - masks}")
    print(f"已有数字 {len(draft.figures)} 处；疑误 {len(draft.defects)} 处；可核事项 {len(draft.claims)} 条")
    for defect in draft.defects:
        print(f"  第{defect.span.start}字“{defect.span.of(draft.text)[:20]}”：{defect.explanation}")


def _fill(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.books.verbs import close_books
    from shuzhi.evidence import instance
    from shuzhi.reports.filling import fill
    from shuzhi.reports.outputs import outputs, write_outputs

    draft = draft_of(arguments.draft.read_bytes(), arguments.draft.name)
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
            }
            for place in made.gaps()
        ],
        "files": [str(path) for path in written],
        "findings": [finding.as_json() for finding in findings],
    }
