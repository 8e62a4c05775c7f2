"""Writes a paper as HTML: real headings, every figure a `<data>` that carries its ref, every gap marked with its reason."""

import html
from base64 import b64encode
from collections.abc import Callable, Sequence
from importlib import resources
from itertools import groupby

from shuzhi.prose.writing.paper import Annex, Block, Face, FigureMark, Paper, Run, Table, printable
from shuzhi.prose.writing.signing import annex_lines, annex_mark
from shuzhi.prose.writing.typefaces import bundled_folder

CardHref = Callable[[FigureMark], str]
"""Gives the address of a figure's card; an empty string means no link."""

_WEB_FONTS = (
    ("Shuzhi Sans", "NotoSansCJKsc-Regular-GB2312.woff2"),
    ("Shuzhi Rare", "NotoSansCJKsc-Regular-rare.woff2"),
)

STATUS_WORDS: dict[str, str] = {
    "filled": "已填",
    "unfilled": "未填",
    "proposal": "待核",
    "name": "名称未填",
    "quoted": "引用",
    "written": "自填",
    "left": "略去",
}
"""The word for each status of a figure, as pages and cards say it."""


def to_html(paper: Paper, *, card_href: CardHref | None = None) -> str:
    """The paper as an `<article>`, to be set into a page that links `stylesheet()`; no style attributes, no scripts.

    Each figure links to `card_href(mark)`; where that is empty the figure stands without a link.
    """
    parts = [f'<article class="paper" lang="{_escape(paper.about.language)}">', _header(paper, card_href)]
    parts += [_block(block, card_href) for block in paper.blocks]
    parts.append(_ending(paper))
    parts += [_annex(paper, at, annex, card_href) for at, annex in enumerate(paper.annexes)]
    parts.append("</article>")
    return "\n".join(part for part in parts if part)


def to_page(paper: Paper, *, card_href: CardHref | None = None, with_font: bool = True) -> str:
    """The paper as a whole file that needs nothing else: A4 on the screen, GB/T 9704 when printed, readable without a network.

    Without `card_href` every figure links to its row in a list of figures at the end of the file. `with_font` packs a free
    Chinese font into the file (some 1.7 MB), used only where the machine has none of the office's fonts.
    """
    about = paper.about
    rows = {mark.ref: f"fig-{at}" for at, (mark, _) in enumerate(paper.figures(), 1)}
    href = card_href or (lambda mark: f"#{rows[mark.ref]}")
    closing = f'\n<meta name="closing" content="{_escape(about.closing)}">' if about.closing else ""
    author = f'\n<meta name="author" content="{_escape(about.author)}">' if about.author else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{_escape(about.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{_escape(paper.title)}</title>'
        f"{author}{closing}\n<style>\n{_packed_font(paper) if with_font else ''}{stylesheet()}{_data('page.css')}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#report">跳到正文</a>\n<main id="report">\n{to_html(paper, card_href=href)}\n'
        f"{'' if card_href else _sources(paper, rows)}</main>\n</body>\n</html>\n"
    )


def stylesheet() -> str:
    """The style of the article, for pages that set it among their own."""
    return _data("paper.css")


def _packed_font(paper: Paper) -> str:
    """Font faces with the bundled web fonts inside; the large one of rare characters only for a paper that has such."""
    text = "".join(run.text for run in paper.runs()) + paper.signature + paper.date
    rare = any(ord(char) > 0x2000 and not char.encode("gb2312", "ignore") for char in text)
    faces = []
    for family, name in _WEB_FONTS if rare else _WEB_FONTS[:1]:
        file = bundled_folder() / "web" / name
        if file.is_file():
            packed = b64encode(file.read_bytes()).decode("ascii")
            faces.append(
                f'@font-face {{ font-family: "{family}"; '
                f'src: url("data:font/woff2;base64,{packed}") format("woff2"); }}\n'
            )
    return "".join(faces)


def _escape(text: str) -> str:
    """The text as HTML shows it and a file can hold it."""
    return html.escape(printable(text))


def _data(name: str) -> str:
    return resources.files("shuzhi.prose").joinpath("data", name).read_text(encoding="utf-8")


def _header(paper: Paper, href: CardHref | None) -> str:
    if not paper.title_lines and not paper.note:
        return ""
    lines = "<br>".join(_runs(line, Face.TITLE, href) for line in paper.title_lines)
    note = f'<p class="note">{_runs(paper.note, Face.KAI, href)}</p>' if paper.note else ""
    return f"<header><h1>{lines}</h1>{note}</header>"


def _block(block: Block | Table, href: CardHref | None) -> str:
    if isinstance(block, Table):
        return _table(block, href)
    if block.level:
        tag = f"h{block.level + 1}"
        return f"<{tag}>{_runs(block.runs, Face.BODY, href)}</{tag}>"
    if not any(run.head for run in block.runs):
        kind = "body flush" if block.flush else "body"
        return f'<p class="{kind}">{_runs(block.runs, Face.BODY, href)}</p>'
    parts = []
    for head, runs in groupby(block.runs, key=lambda run: run.head):
        tag = f"h{head + 1}" if head else "p"
        parts.append(f"<{tag}>{_runs(tuple(runs), Face.BODY, href)}</{tag}>")
    return f'<div class="para">{"".join(parts)}</div>'


def _runs(runs: Sequence[Run], usual: Face, href: CardHref | None) -> str:
    """Runs, those of a face other than the usual one in a span of that face's class."""
    shown = []
    for run in runs:
        text = _escape(run.text) if run.figure is None else _figure(run.text, run.figure, href)
        face = run.face or usual
        shown.append(text if face == usual else f'<span class="{face}">{text}</span>')
    return "".join(shown)


def _figure(text: str, mark: FigureMark, href: CardHref | None) -> str:
    word = STATUS_WORDS[mark.status]
    told = "：".join(part for part in (word if mark.is_gap else mark.label, mark.title) if part)
    names = f'data-ref="{_escape(mark.ref)}" data-code="{_escape(mark.code)}" data-status="{mark.status}"'
    link = href(mark) if href else ""
    if mark.is_gap:
        focus = "" if link else ' tabindex="0"'
        inner = f'<mark class="gap" {names} title="{_escape(told)}"{focus}>{_escape(text)}</mark>'
        return f'<a class="figure" href="{_escape(link)}">{inner}</a>' if link else inner
    kind = " proposal" if mark.status == "proposal" else ""
    value = f'<data value="{_escape(mark.value_text)}" {names} class="figure{kind}"'
    if link:
        label = _escape(f"{text}，{told}，查看出处")
        return f'<a class="figure" href="{_escape(link)}" title="{_escape(told)}" aria-label="{label}">{value}>{_escape(text)}</data></a>'
    return f'{value} title="{_escape(told)}">{_escape(text)}</data>'


def _table(table: Table, href: CardHref | None) -> str:
    caption = f"<caption>{_escape(table.caption)}</caption>" if table.caption else ""
    head = "".join(
        "<tr>" + "".join(f'<th scope="col">{_escape(cell)}</th>' for cell in row) + "</tr>"
        for row in table.header
    )
    rows = "\n".join(
        "<tr>"
        + "".join(
            f'<td class="{column.align}">{_runs(cell, Face.BODY, href)}</td>'
            for column, cell in zip(table.columns, row, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    return f"<table>{caption}<thead>{head}</thead><tbody>\n{rows}\n</tbody></table>"


def _ending(paper: Paper) -> str:
    parts = []
    if paper.annexes:
        lines = annex_lines(paper)
        items = f'<li class="lead">{_escape(lines[0])}</li>' + "".join(
            f"<li>{_escape(line)}</li>" for line in lines[1:]
        )
        parts.append(f'<ul class="annex-list">{items}</ul>')
    name = f'<p class="name">{_escape(paper.signature)}</p>' if paper.signature else ""
    date = f'<p class="date">{_escape(paper.date)}</p>' if paper.date else ""
    if name or date:
        parts.append(f'<footer class="ending">{name}{date}</footer>')
    return "\n".join(parts)


def _annex(paper: Paper, at: int, annex: Annex, href: CardHref | None) -> str:
    blocks = "\n".join(_block(block, href) for block in annex.blocks)
    return (
        f'<section class="annex"><p class="annex-mark">{annex_mark(paper, at)}</p>'
        f'<h2 class="annex-title">{_escape(annex.title)}</h2>\n{blocks}</section>'
    )


def _sources(paper: Paper, names: dict[str, str]) -> str:
    """The figures of a file read without the site: check code, what it measures, the value, its status and remark."""
    marks = {mark.ref: (mark, text) for mark, text in paper.figures()}
    if not marks:
        return ""
    rows = "\n".join(
        f'<tr id="{names[ref]}"><td>{_escape(mark.code)}</td><td>{_escape(mark.label)}</td><td>{_escape(text)}</td>'
        f"<td>{STATUS_WORDS[mark.status]}</td><td>{_escape(mark.title)}</td></tr>"
        for ref, (mark, text) in marks.items()
    )
    return (
        '<section class="sources" aria-label="数据出处"><h2>数据出处</h2>\n<table><thead><tr><th scope="col">核对码</th>'
        '<th scope="col">含义</th><th scope="col">数值</th><th scope="col">状态</th><th scope="col">说明</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></section>\n"
    )
