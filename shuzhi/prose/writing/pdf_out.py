"""Prints a paper as PDF in the geometry of GB/T 9704-2012, through Typst, with nothing taken from the machine it runs on."""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import typst

from shuzhi.prose.writing.paper import Annex, Block, Face, FigureMark, Paper, Run, Table, printable
from shuzhi.prose.writing.signing import annex_lines, annex_mark, kept_paragraph, signature_lines
from shuzhi.prose.writing.titling import title_breaks
from shuzhi.prose.writing.typefaces import LATIN, Substitution, Typefaces, check_coverage, choose

CardHref = Callable[[FigureMark], str]
"""Gives the address of a figure's card; an empty string means no link."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed paper: the file, the fonts that were not as wanted, and the characters no font could print."""

    pdf: bytes
    substitutions: tuple[Substitution, ...]
    unprintable: tuple[str, ...]


def to_pdf(paper: Paper, fonts_dirs: Sequence[Path] = (), *, card_href: CardHref | None = None) -> Printed:
    """Print the paper: A4, 37/35/28/26 mm, 22 lines of 28 characters, numbered pages; figures link to their cards.

    The site's font folders are searched in their order, then the bundled fonts. The same paper with the same fonts gives
    the same bytes: the creation date is the paper's own (`about.created`). Raises `typst.TypstError` only for a broken
    template, never for a paper's content, which travels as data.
    """
    typefaces = choose(fonts_dirs)
    borrowed, lost = check_coverage(typefaces, _used(paper))
    created = paper.about.created
    data = _data(paper, typefaces, card_href)
    data["keep"] = data["last"] is not None and _signature_alone(data, typefaces)
    pdf = typst.compile(
        _template(),
        font_paths=typefaces.fonts,
        ignore_system_fonts=True,
        sys_inputs=_inputs(data),
        timestamp=datetime.datetime(created.year, created.month, created.day, tzinfo=datetime.UTC),
    )
    told = list(typefaces.substitutions) + borrowed
    told += [
        Substitution(char, "", f"所有字体中都没有“{char}”（U+{ord(char):04X}），此字印不出来。")
        for char in lost
    ]
    return Printed(pdf, tuple(told), tuple(lost))


def _signature_alone(data: Mapping[str, object], typefaces: Typefaces) -> bool:
    """Whether the signature would come to stand on a page without text."""
    trial = typst.Compiler(
        _template(), font_paths=typefaces.fonts, ignore_system_fonts=True, sys_inputs=_inputs(data)
    )
    return trial.query("<signature-alone>", field="value", one=True) == "true"


def _template() -> bytes:
    return resources.files("shuzhi.prose").joinpath("data", "paper.typ").read_bytes()


def _inputs(data: Mapping[str, object]) -> dict[str, str]:
    """The data as Typst takes it in."""
    return {"data": printable(json.dumps(data, ensure_ascii=False))}


def _data(paper: Paper, typefaces: Typefaces, href: CardHref | None) -> dict[str, object]:
    """The paper as the template reads it."""
    about, last = paper.about, kept_paragraph(paper)
    return {
        "title": paper.title,
        "author": about.author,
        "keywords": [f"closing:{about.closing}"] if about.closing else [],
        "created": [about.created.year, about.created.month, about.created.day],
        "title-weight": typefaces.title_weight,
        "fonts": {
            role: typefaces.names(role)[:1] if role == LATIN else typefaces.names(role)
            for role in typefaces.chains
        },
        "title-lines": [_runs(line, Face.TITLE, href) for line in paper.title_lines],
        "note": _runs(paper.note, Face.KAI, href),
        "blocks": [_block(block, href) for block in (paper.blocks[:-1] if last else paper.blocks)],
        "last": {**_block(last, href), "ends": True} if last else None,
        "keep": False,
        "annex-list": annex_lines(paper),
        "signature": [[text, inset] for text, inset in signature_lines(paper)] or None,
        "annexes": [_annex(paper, at, annex, href) for at, annex in enumerate(paper.annexes)],
    }


def _runs(runs: Sequence[Run], face: Face, href: CardHref | None) -> list[dict[str, str | None]]:
    shown = []
    for run in runs:
        mark = run.figure
        kind = None
        if mark is not None:
            kind = "gap" if mark.is_gap else "proposal" if mark.status == "proposal" else None
        link = href(mark) if href and mark is not None and not mark.is_gap else ""
        shown.append({"text": run.text, "face": run.face or face, "mark": kind, "href": link or None})
    return shown


def _block(block: Block | Table, href: CardHref | None) -> dict[str, object]:
    if isinstance(block, Block):
        return {
            "kind": "text",
            "level": block.level,
            "flush": block.flush,
            "runs": _runs(block.runs, Face.BODY, href),
        }
    return {
        "kind": "table",
        "caption": block.caption,
        "columns": [{"weight": column.weight, "align": column.align} for column in block.columns],
        "header": block.header,
        "rows": [[{"runs": _runs(cell, Face.BODY, href)} for cell in row] for row in block.rows],
    }


def _annex(paper: Paper, at: int, annex: Annex, href: CardHref | None) -> dict[str, object]:
    ends = title_breaks(annex.title)
    lines = [annex.title[low:high] for low, high in zip((0, *ends), (*ends, len(annex.title)), strict=True)]
    return {
        "mark": annex_mark(paper, at),
        "title-lines": [_runs((Run(line),), Face.TITLE, href) for line in lines],
        "blocks": [_block(block, href) for block in annex.blocks],
    }


def _used(paper: Paper) -> Iterator[tuple[str, str]]:
    """Every text of the paper with the face that prints it."""
    for line in paper.title_lines:
        yield from ((run.face or Face.TITLE, run.text) for run in line)
    yield from ((run.face or Face.KAI, run.text) for run in paper.note)
    yield Face.BODY, paper.signature + paper.date
    yield Face.SONG, "—"
    for annex in paper.annexes:
        yield Face.TITLE, annex.title
        yield Face.BODY, annex.title
        yield Face.HEI, "附件"
    for block in (*paper.blocks, *(block for annex in paper.annexes for block in annex.blocks)):
        if isinstance(block, Block):
            yield from ((run.face or Face.BODY, run.text) for run in block.runs)
        else:
            yield Face.HEI, block.caption + "".join(cell for row in block.header for cell in row)
            yield from (
                (run.face or Face.BODY, run.text) for row in block.rows for cell in row for run in cell
            )
