"""``shuzhi archive``: a signed report's figures to be taken away; ``shuzhi replay``: computed again, and what changed since.

Replaying an archive needs neither instance nor database. Imports inside functions are of models, which may only be touched
once Django is awake.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shuzhi.cli import say
from shuzhi.cli.setup import wake
from shuzhi.figures.closing import Closing, open_closing
from shuzhi.figures.signed import archive as files
from shuzhi.figures.signed.taken import Audience
from shuzhi.kernel.chain import digest
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.whole import write_whole
from shuzhi.reports.replaying import Replayed, Since, Source, replay, since, source_of

DAMAGED = 3
NOW = "now"
_DAMAGE = ("archive.changed", "archive.differs", "closing.")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    archive = commands.add_parser("archive", help="把已签发报告的数字归档，可以带走重算")
    archive.add_argument("report", help="报告编号，如 report/2025-0001 或 2025-0001")
    archive.add_argument("--out", type=Path, required=True, help="档案写到哪个文件（.zip）")
    archive.add_argument("--edition", type=int, default=0, help="第几版；不写即最后签发的一版")
    archive.add_argument("--audit", action="store_true", help="给审计和档案馆：连不公开台账的明细摘录一起带")
    archive.add_argument("--json", action="store_true", help="输出 JSON")
    archive.set_defaults(run=_archive)
    replayed = commands.add_parser("replay", help="把签发时的数重算一遍，再看签发以后变了什么")
    replayed.add_argument("report", help="档案文件（不需要实例和数据库），或本实例的报告编号")
    replayed.add_argument("--edition", type=int, default=0, help="第几版；不写即最后签发的一版")
    replayed.add_argument(
        "--against", default="", help="和哪次结账比：结账文件夹，或 now（现在结一次）；报告编号不写即最近一次"
    )
    replayed.add_argument("--json", action="store_true", help="输出 JSON")
    replayed.set_defaults(run=_replay)


# --- archive ------------------------------------------------------------------------------------------------------------


def _archive(arguments: argparse.Namespace) -> int:
    """Write the archive of a signed edition; 3 when the instance no longer gives what was signed."""
    wake()
    from shuzhi.reports.archiving import archive_of, signed_edition

    try:
        edition = signed_edition(arguments.report, arguments.edition)
        made = archive_of(edition, Audience.AUDIT if arguments.audit else Audience.PUBLIC)
    except Refused as refused:
        return _refused(refused, as_json=arguments.json)
    data = files.packed(made)
    write_whole(arguments.out, data)
    with files.opened(arguments.out) as archive:
        bare = sum(figure["basis"] == "totals" for figure in archive.figures)
        told = {
            "archive": archive.id,
            "path": str(arguments.out),
            "size": len(data),
            "file": digest(data, archive.head["algorithm"]),
            "audience": str(archive.audience),
            "figures": len(archive.figures),
            "totals_only": bare,
            "versions": dict(archive.versions),
        }
    if arguments.json:
        say.as_json(told)
    else:
        print(f"已归档（{archive.audience.said}）：{edition}，{told['figures']} 个数，其中 {bare} 个只带合计")
        print(f"档号 {archive.id}\n位置 {arguments.out}（{len(data)} 字节）")
    return 0


# --- replay -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Signed:
    """What is to be replayed, and how it is called."""

    title: str
    about: dict[str, Any]
    figures: Sequence[Mapping[str, Any]]
    source: Source
    shielded: frozenset[str] = field(default=frozenset())


def _replay(arguments: argparse.Namespace) -> int:
    """Compute a signed edition again; 3 when it is not what was signed. What changed since is told, and no fault."""
    path = Path(arguments.report)
    try:
        with _archived(path) if path.exists() else _kept(arguments.report, arguments.edition) as signed:
            again = replay(signed.figures, signed.source)
            later = _later(arguments.against, archived=path.exists())
            if later is not None and later.unit_code != signed.source.closing.unit_code:
                raise Refused(_another(later))
            rows = [] if later is None else since(again, signed.source, later, shielded=signed.shielded)
    except Refused as refused:
        return _refused(refused, as_json=arguments.json)
    if arguments.json:
        say.as_json(_as_data(signed, again, later, rows))
    else:
        _print(signed, again, later, rows)
    return 0 if all(item.same for item in again) else DAMAGED


def _another(later: Closing) -> Finding:
    said = f"这是{later.unit_name}的结账，和报告不是一个单位"
    return Finding("replay.unit", said, "请给出同一单位的结账文件夹", str(later.path))


def _refused(refused: Refused, *, as_json: bool) -> int:
    """What is damaged ends with 3; what was asked wrongly is refused as everywhere."""
    if not any(finding.id.startswith(_DAMAGE) for finding in refused.findings):
        raise refused
    if as_json:
        say.as_json({"findings": [finding.as_json() for finding in refused.findings]})
    else:
        print("\n".join(map(str, refused.findings)), file=sys.stderr)
    return DAMAGED


@contextmanager
def _archived(path: Path) -> Iterator[_Signed]:
    """An archive, opened; nothing else is needed."""
    with files.opened(path) as archive:
        head = archive.head
        about = {
            "archive": archive.id,
            "audience": str(archive.audience),
            "report": head["report"]["ref"],
            "edition": head["edition"]["no"],
            "closing": archive.closing.id,
            "as_of": archive.closing.as_of.isoformat(),
            "signed_by": head["posts"]["sign"]["title"],
            "journal": {"seq": head["journal"][-1]["seq"], "link": head["journal"][-1]["link"]},
            "documents": head["edition"]["content"]["files"],
            "versions": dict(archive.versions),
        }
        title = f"{head['report']['title']} 第{head['edition']['no']}版"
        yield _Signed(title, about, archive.figures, source_of(archive))


@contextmanager
def _kept(ref: str, no: int) -> Iterator[_Signed]:
    """A signed edition of this instance."""
    wake()
    from shuzhi.reports.archiving import book_of, figures_of, shielded, signed_edition

    edition = signed_edition(ref, no)
    book = book_of(edition)
    about = {
        "report": edition.report_id,
        "edition": edition.no,
        "closing": book.id,
        "as_of": book.as_of.isoformat(),
        "signed_by": edition.signer.title if edition.signer else "",
        "documents": edition.files,
    }
    yield _Signed(str(edition), about, figures_of(edition), Source(book), shielded())


def _later(against: str, *, archived: bool) -> Closing | None:
    """The books to compare with; None when an archive is replayed alone."""
    if against and against != NOW:
        return open_closing(Path(against))
    if archived and not against:
        return None
    wake()
    from shuzhi.books.queries import newest, open_book
    from shuzhi.books.verbs import close_books
    from shuzhi.evidence import instance

    if against == NOW:
        return close_books(instance.today(), by="system")
    row = newest()
    if row is None:
        raise Refused(Finding("books.none", "还没有结过账", "先执行 shuzhi close"))
    return open_book(row)


def _as_data(
    signed: _Signed, again: Sequence[Replayed], later: Closing | None, rows: Sequence[Since]
) -> dict[str, object]:
    return {
        **signed.about,
        "figures": [item.as_json() for item in again],
        "same": sum(item.same for item in again),
        "different": sum(not item.same for item in again),
        "against": None if later is None else {"closing": later.id, "as_of": later.as_of.isoformat()},
        "since": [row.as_json() for row in rows],
        "moved": sum(row.moved for row in rows),
    }


def _print(signed: _Signed, again: Sequence[Replayed], later: Closing | None, rows: Sequence[Since]) -> None:
    print(f"{signed.title}　签发：{signed.about['signed_by']}")
    if "archive" in signed.about:
        print(f"档号 {signed.about['archive']}")
    print(f"所据结账 {signed.about['as_of']} {signed.about['closing']}\n")
    say.table(
        [
            ("处", "指标", "签发时", "重算", "结果", "依据"),
            *((item.said["no"], item.said["label"], *item.told()) for item in again),
        ]
    )
    same = sum(item.same for item in again)
    totals = sum(not item.rows for item in again)
    told = f"{len(again)} 个数，{same} 个与签发时相同，{len(again) - same} 个不同"
    print(f"\n{told}{f'；{totals} 个只带合计，合计凭摘要向原单位核对' if totals else ''}。")
    if later is not None:
        _print_since(later, rows)


def _print_since(later: Closing, rows: Sequence[Since]) -> None:
    stirred = [row for row in rows if row.stirred]
    moved = sum(row.moved for row in rows)
    print(
        f"\n签发以后（对照 {later.as_of} 的结账 {later.id[:19]}…）：{moved} 个数变了，{len(rows) - moved} 个没变"
    )
    if stirred:
        say.table(
            [
                ("处", "指标", "签发时", "现在", "差", "结果"),
                *((row.said["no"], row.said["label"], *row.told()) for row in stirred),
            ]
        )
    for row in stirred:
        for reason in row.reasons:
            print(f"  第{row.said['no']}处 {row.said['label']}：{reason}")
