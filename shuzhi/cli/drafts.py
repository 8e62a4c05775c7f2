"""``shuzhi read`` and ``shuzhi fill``: what a draft holds, and the report filled from the books."""

import argparse
import sys
from pathlib import Path

from shuzhi.cli import say
from shuzhi.cli.setup import wake


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
    fill.add_argument("--as-of", type=str, default="", help="按哪一天结账，如 2025-12-31；不写即今天")
    fill.add_argument("--json", action="store_true", help="输出 JSON")
    fill.set_defaults(run=_fill)


def _read(arguments: argparse.Namespace) -> int:
    from shuzhi.prose.decode import decode, docx_text
    from shuzhi.prose.reading import read

    data = arguments.draft.read_bytes()
    text = docx_text(data).text if data.startswith(b"PK\x03\x04") else decode(data).text
    draft = read(text)
    if arguments.json:
        say.as_json(draft.as_json())
        return 0
    print(f"标题：{draft.title.of(text)}")
    for heading in draft.outline:
        print(f"{'　' * heading.level}{heading.marker}{heading.text}")
    masks = sum(slot.meaning.kind != "name" for slot in draft.slots)
    print(f"空格 {len(draft.slots)} 处：数字 {masks}，名称 {len(draft.slots) - masks}")
    print(f"已有数字 {len(draft.figures)} 处；疑误 {len(draft.defects)} 处；可核事项 {len(draft.claims)} 条")
    for defect in draft.defects:
        print(f"  第{defect.span.start}字“{defect.span.of(text)[:20]}”：{defect.explanation}")
    return 0


def _fill(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.books.verbs import close_books
    from shuzhi.cli.books import day
    from shuzhi.evidence import instance
    from shuzhi.reports.filling import fill
    from shuzhi.reports.outputs import outputs, write_outputs
    from shuzhi.reports.queries import draft_of

    closing = close_books(day(arguments.as_of) if arguments.as_of else instance.today(), by="system")
    draft = draft_of(arguments.draft.read_bytes(), arguments.draft.name)
    made = fill(draft, closing, catalogue=instance.catalogue(), year=arguments.year)
    files, noticed = outputs(made, fonts=[instance.home() / "fonts"], author=closing.unit_name)
    written = write_outputs(files, arguments.out)
    gaps = len(made.places) - made.summary()["已填"]
    if arguments.json:
        say.as_json(
            {
                "summary": made.summary(),
                "files": [str(path) for path in written],
                "findings": [finding.as_json() for finding in (*made.findings, *noticed)],
            }
        )
    else:
        say.table([("情形", "处数"), *made.summary().items()])
        for finding in (*made.findings, *noticed):
            print(finding, file=sys.stderr)
        print("\n".join(str(path) for path in written))
    return 1 if gaps else 0
