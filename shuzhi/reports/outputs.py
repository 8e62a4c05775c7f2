"""The files of a filled report: HTML, docx, PDF, JSON, the annex workbook and the list of gaps, written whole or not at all."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from shuzhi.kernel.finding import Finding, Severity
from shuzhi.kernel.whole import sync_folder, write_whole
from shuzhi.prose.writing.docx_out import to_docx
from shuzhi.prose.writing.html_out import to_page
from shuzhi.prose.writing.paper import FigureMark
from shuzhi.prose.writing.pdf_out import to_pdf
from shuzhi.prose.writing.typefaces import Substitution
from shuzhi.reports.annex import annex, context
from shuzhi.reports.assemble import paper_of
from shuzhi.reports.filling import Filled
from shuzhi.reports.places import State

MEDIA = {
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain",
}


@dataclass(frozen=True, slots=True)
class Output:
    """One file of a report."""

    name: str
    data: bytes

    @property
    def media_type(self) -> str:
        """The media type of the file by its ending."""
        return MEDIA[self.name.rpartition(".")[2]]


def outputs(
    filled: Filled, *, fonts: Sequence[Path] = (), address: str = ""
) -> tuple[list[Output], list[Finding]]:
    """Every file of the report, and what was noticed on the way (fonts that had to be substituted).

    ``address`` is where the public finds the portal (``https://…``): figures of the PDF then lead to their cards there.
    """
    paper = paper_of(filled)
    printed = to_pdf(paper, fonts, card_href=_card_at(address) if address else None)
    findings = _fonts(printed.substitutions, printed.unprintable)
    files = [
        Output("报告.html", to_page(paper).encode()),
        Output("报告.docx", to_docx(paper)),
        Output("报告.pdf", printed.pdf),
        Output("报告.json", as_json(filled, findings)),
        Output("附件-数字与证据.xlsx", annex(filled)),
        Output("未填清单.txt", gaps(filled).encode()),
    ]
    return files, findings


def _card_at(address: str) -> Callable[[FigureMark], str]:
    return lambda mark: f"{address.rstrip('/')}/figure/{mark.code}/" if mark.code else ""


def _fonts(substitutions: Sequence[Substitution], unprintable: Sequence[str]) -> list[Finding]:
    """Every font that had to give way, in one finding; every character no font has, in another."""
    found = []
    if substitutions:
        told = dict.fromkeys(f"{item.wanted}→{item.used or '无'}" for item in substitutions)
        message = f"有字体未安装，PDF 用了替代字体：{'，'.join(told)}"
        hint = "把本单位已获授权的字体文件放进实例的 fonts 文件夹，重新成稿即用原字体"
        found.append(Finding("fonts.substituted", message, hint, "PDF", Severity.ADVICE))
    if unprintable:
        message = f"所有字体都没有这些字，PDF 印不出来：{'、'.join(unprintable)}"
        found.append(Finding("fonts.unprintable", message, "请补充含有这些字的字体", "PDF", Severity.ERROR))
    return found


def as_json(filled: Filled, findings: Sequence[Finding] = ()) -> bytes:
    """The filled report as data: closing, counts, every place with its card, every finding."""
    made = {
        "title": filled.draft.title.of(filled.draft.text),
        "unit": filled.unit_name,
        "year": filled.year,
        "as_of": filled.closing.as_of.isoformat(),
        "closing": filled.closing.id,
        "summary": filled.summary(),
        "places": [place.as_json() for place in filled.places],
        "findings": [finding.as_json() for finding in (*filled.findings, *findings)],
    }
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def gaps(filled: Filled) -> str:
    """The list of every place not filled from the books, with the reason, for reading on paper."""
    lines = [f"{filled.unit_name} {filled.year}年 未填清单", ""]
    lines += [f"{name}：{number}" for name, number in filled.summary().items()]
    for number, place in enumerate(filled.places, 1):
        if place.state is State.FILLED:
            continue
        lines += ["", f"{number}. {context(filled, place)}", f"   {place.state}：{place.reason}"]
        if place.settled:
            continue
        lines += [f"   可填：{proposal.text}（{proposal.source}）" for proposal in place.proposals]
        lines += [f"   谁能给：{place.owner}"] if place.owner else []
        lines += [
            f"   候选：{item.label}（{item.value or '无数'}，把握 {item.confidence // 10}%，{item.reason}）"
            for item in place.candidates
        ]
    return "\n".join(lines) + "\n"


def write_outputs(files: Sequence[Output], folder: Path) -> list[Path]:
    """Write the files into a folder; older files of the same names give way, and only when all the new ones are there.

    Raises OSError, which names the file; the folder is then as it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    waiting = [(folder / f".{output.name}.new", folder / output.name) for output in files]
    try:
        for output, (fresh, _) in zip(files, waiting, strict=True):
            write_whole(fresh, output.data)
        for fresh, path in waiting:
            fresh.replace(path)
    except BaseException:
        for fresh, _ in waiting:
            fresh.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    return [path for _, path in waiting]
