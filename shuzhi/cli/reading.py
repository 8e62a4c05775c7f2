"""``shuzhi read``: what drafts hold, what is wrong in them, and what the books say of them; one draft or a folder of them.

The books, their definitions and Word are drawn in by who asks for them: most drafts are only read.
"""

import argparse
import datetime
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shuzhi.cli import say, told
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.prose.model import Draft
from shuzhi.reports.drafts import compared, draft_of

if TYPE_CHECKING:
    from shuzhi.figures.closing import Closing
    from shuzhi.kernel.catalogue.definitions import Catalogue
    from shuzhi.reports.proving import Verdict

_SUFFIXES = (".txt", ".docx")
_UNREAD = (".doc", ".wps", ".pdf")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    read = commands.add_parser("read", help="读草稿：结构、空格、数字、疑误、可核事项，与账对照，批注到 Word")
    read.add_argument("draft", nargs="+", type=Path, help=".txt、.docx 草稿，或放草稿的文件夹")
    read.add_argument("--json", action="store_true", help="输出 JSON（字符偏移按解码后的文字计）")
    read.add_argument(
        "--json-lines", action="store_true", help="一份草稿一行 JSON，读一份写一份，适合成批的草稿"
    )
    read.add_argument("--advice", action="store_true", help="也列出建议（力度为“提示”的）")
    read.add_argument(
        "--earlier", nargs="+", type=Path, default=[], help="以前的材料或其文件夹，查有没有整段照搬"
    )
    read.add_argument("--closing", type=Path, help="结账文件夹，逐条核对文中的数字和结论")
    read.add_argument("--year", type=int, default=0, help="按哪一年核对；不写即结账的年度")
    read.add_argument("--unit", default="", help="按哪个单位的数核对；不写即本级全部")
    read.add_argument("--comments", type=Path, help="批注写到哪个 .docx；有几份草稿时是文件夹")
    read.add_argument("--candidates", action="store_true", help="批注里也写上拿不准的空格和候选指标")
    read.add_argument("--strict", action="store_true", help="查出疑误或不属实的话，以退出码 1 结束")
    read.set_defaults(run=_read)


@dataclass(frozen=True)
class _Task:
    """What was asked, with the books and the earlier texts opened once for all drafts."""

    given: argparse.Namespace
    several: bool
    closing: "Closing | None"
    earlier: tuple[str, ...]

    @property
    def catalogue(self) -> "Catalogue":
        """The definitions of the books, or the packaged ones."""
        from shuzhi.kernel.catalogue.load import national

        return self.closing.catalogue if self.closing else national()


def _task(given: argparse.Namespace, *, several: bool) -> _Task:
    closing: Closing | None = None
    if given.closing:
        from shuzhi.figures.closing import open_closing

        closing = open_closing(given.closing)
    earlier = tuple(
        draft_of(path.read_bytes(), path.name, judged=False).text for path in files(given.earlier)
    )
    return _Task(given, several, closing, earlier)


def _read(given: argparse.Namespace) -> int:
    several = len(given.draft) > 1 or given.draft[0].is_dir()
    if several and given.json:
        raise Refused(Finding("read.json", "几份草稿不能合成一个 JSON", "请改用 --json-lines", "--json"))
    task = _task(given, several=several)
    paths = list(files(given.draft))
    if not paths:
        raise Refused(Finding("read.none", "没有 .txt 或 .docx 草稿", "请核对文件夹", str(given.draft[0])))
    found = refused = 0
    for number, path in enumerate(paths, 1):
        try:
            found += _one(path, task)
        except Refused as why:
            if not several:
                raise
            refused += 1
            _say_refused(path, why, task)
        if not sys.stdout.isatty():
            say.bar(number, len(paths), "读草稿")
    if several:
        _say_all(task, len(paths), found, refused)
    return 1 if refused or (given.strict and found) else 0


def _say_all(task: _Task, paths: int, found: int, refused: int) -> None:
    """The sum of a folder, and what stands in it that cannot be read."""
    others = [p for folder in task.given.draft if folder.is_dir() for p in folder.rglob("*")]
    old = sum(p.suffix.lower() in _UNREAD and not p.name.startswith((".", "~$")) for p in others)
    if not task.given.json_lines:
        what = "疑误和不属实的话" if task.closing else "疑误"
        print(f"共 {paths} 份草稿，{what} {found} 处" + (f"；读不了的 {refused} 份" if refused else ""))
    if old:
        print(f"另有 {old} 个旧版 .doc、.wps 或 .pdf 没有读，请另存为 .docx 再读", file=sys.stderr)


def files(given: Sequence[Path]) -> Iterator[Path]:
    """The drafts named, and those in the folders named, in order; what Word keeps while a file is open is left out."""
    for path in given:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file())
            yield from sorted(p for p in inside if not p.name.startswith(("~$", ".")))
        else:
            yield path


def _one(path: Path, task: _Task) -> int:
    """Read one draft and say what is in it; returns how much is wrong with it."""
    given = task.given
    data = path.read_bytes()
    draft = draft_of(data, path.name)
    if given.earlier:
        draft = compared(draft, [text for text in task.earlier if text != draft.text])
    verdicts: tuple[Verdict, ...] = ()
    if task.closing:
        from shuzhi.reports.proving import prove

        verdicts = prove(draft, task.closing, catalogue=task.catalogue, year=given.year, unit=given.unit)
    if given.json or given.json_lines:
        _as_json(path, draft, verdicts, task)
    else:
        counted = "段" if path.suffix.lower() == ".docx" else "行"
        told.draft(str(path), draft, verdicts if task.closing else None, counted, advice=given.advice)
    if given.comments:
        _comment(path, data, draft, verdicts, task)
    return len(draft.defects) + sum(verdict.fails for verdict in verdicts)


def _as_json(path: Path, draft: Draft, verdicts: "Sequence[Verdict]", task: _Task) -> None:
    made: dict[str, object] = {**draft.as_json()}
    if task.closing:
        made["verdicts"] = [verdict.as_json(draft) for verdict in verdicts]
    if task.given.json_lines:
        print(numbered(json.dumps({"file": str(path), **made}, ensure_ascii=False)), flush=True)
    else:
        print(numbered(json.dumps(made, ensure_ascii=False, indent=1)))


def numbered(text: str) -> str:
    """Values as JSON numbers, digit for digit as printed: on the way through a binary float they could change."""
    return re.sub(r'"(value|value_max)": "(-?\d+(?:\.\d+)?)"', r'"\1": \2', text)


def _say_refused(path: Path, why: Refused, task: _Task) -> None:
    if task.given.json_lines:
        say_line = {"file": str(path), "findings": [finding.as_json() for finding in why.findings]}
        print(json.dumps(say_line, ensure_ascii=False), flush=True)
    for finding in why.findings:
        print(finding, file=sys.stderr)


def _comment(path: Path, data: bytes, draft: Draft, verdicts: "Sequence[Verdict]", task: _Task) -> None:
    """Write the draft with its findings as comments."""
    from shuzhi.prose.binding import bind
    from shuzhi.reports.comments import comments_of, word_file
    from shuzhi.reports.concepts import concepts

    given = task.given
    target: Path = given.comments
    if task.several:
        target.mkdir(parents=True, exist_ok=True)
        target = _free(target / f"{path.stem}-批注.docx")
    elif target.is_dir():
        target = target / f"{path.stem}-批注.docx"
    if target.exists() and target.samefile(path):
        hint = "请换一个文件名"
        raise Refused(Finding("comments.same", "批注不能写回原稿", hint, str(target)))
    known = concepts(task.catalogue) if given.candidates else ()
    comments = comments_of(
        draft,
        advice=given.advice,
        verdicts=verdicts,
        bindings=bind(draft, known, figures=False) if given.candidates else (),
        known={concept.code: concept for concept in known},
    )
    now = datetime.datetime.now().astimezone()
    target.write_bytes(word_file(data, path.name, draft, comments, date=now))
    if not (given.json or given.json_lines):
        print(f"批注 {len(comments)} 条，写在 {target}\n")


def _free(path: Path) -> Path:
    """The path, numbered where drafts of different folders have one name."""
    number, made = 1, path
    while made.exists():
        number += 1
        made = path.with_stem(f"{path.stem}{number}")
    return made
