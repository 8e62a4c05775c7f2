"""Writes a paper as docx in the geometry of GB/T 9704-2012; every figure sits in a content control that carries its ref."""

import datetime
import io
import re
import zipfile
from collections.abc import Sequence

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH as AL
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _Footer
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as DocxParagraph

from shuzhi.prose.writing.docx_parts import FONTS, RunWriter, element, indent, set_fonts, spacing
from shuzhi.prose.writing.docx_tables import write_table
from shuzhi.prose.writing.paper import Annex, Block, Face, Paper, Run, Table, printable
from shuzhi.prose.writing.signing import annex_lines, annex_mark, kept_paragraph, signature_lines
from shuzhi.prose.writing.titling import title_breaks

LINE_PITCH = 579
"""Document grid in twips: floor(225 mm / 22). At 580 Word and LibreOffice find room for 21 lines only."""
CHAR_TWIPS = 315.87
"""Width of one of 28 characters of 156 mm, in twentieths of a point."""
_FOOTER_UP = Mm(24.9)
"""Places the upper edge of the dashes beside the page number 7 mm under the text (GB/T 9704-2012, 7.5)."""
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_W_T, _W_SDT, _W_TAG = qn("w:t"), qn("w:sdt"), qn("w:tag")


def to_docx(paper: Paper) -> bytes:
    """The paper as a docx that offices edit on: A4, 37/35/28/26 mm, 22 lines of 28 characters, odd and even page numbers.

    Fonts are named as offices have them (方正小标宋简体, 仿宋_GB2312 …) and not embedded. The same paper gives the same bytes.
    """
    document: DocumentObject = Document()
    _page(document)
    _styles(document)
    writer = RunWriter()
    for line in paper.title_lines:
        _title_line(document, writer, line)
    if paper.note:
        writer.write(_paragraph(document, AL.CENTER, 0), paper.note, Face.KAI)
    if paper.title_lines:
        _paragraph(document, AL.LEFT, 0)
    for block in paper.blocks:
        _place(document, writer, block)
    _ending(document, writer, paper)
    for at, annex in enumerate(paper.annexes):
        _annex(document, writer, annex, annex_mark(paper, at))
    _properties(document, paper)
    raw = io.BytesIO()
    document.save(raw)
    return _settled(raw.getvalue())


def figures_in(docx: bytes) -> list[tuple[str, str]]:
    """Every bound figure of a docx, in reading order: the ref its content control carries, and the text that now stands there.

    So a report edited in an office can be checked against what was written into it.
    """
    found = []
    for control in Document(io.BytesIO(docx)).element.body.iter(_W_SDT):
        tag = next(control.iter(_W_TAG), None)
        if tag is not None:
            found.append((str(tag.get(qn("w:val"))), "".join(text.text or "" for text in control.iter(_W_T))))
    return found


def _page(document: DocumentObject) -> None:
    """Paper, margins, grid and page numbers (GB/T 9704-2012, 5.1, 5.2 and 7.5)."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), _FOOTER_UP
    properties = section._sectPr
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    # "lines", not "linesAndChars": with the latter LibreOffice gives each character two cells; the 28 come from tracking.
    properties.append(element("w:docGrid", type="lines", linePitch=LINE_PITCH))
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, AL.RIGHT, "right")
    _page_number(section.even_page_footer, AL.LEFT, "left")


def _page_number(footer: _Footer, align: AL, side: str) -> None:
    """— 1 — in 14 pt 宋体, one character in from the outer edge."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    properties = paragraph._p.get_or_add_pPr()
    indent(properties, **{f"{side}Chars": 100, side: 280})
    spacing(properties, 240, "auto")

    def add(text: str = "", child: BaseOxmlElement | None = None) -> None:
        run = paragraph.add_run(text)
        run.font.size = Pt(14)
        set_fonts(run._r.get_or_add_rPr(), FONTS[Face.SONG], FONTS[Face.SONG])
        if child is not None:
            run._r.append(child)

    add("— ")
    add(child=element("w:fldChar", fldCharType="begin"))
    code = element("w:instrText")
    code.text = "PAGE"
    add(child=code)
    add(child=element("w:fldChar", fldCharType="separate"))
    add("1")
    add(child=element("w:fldChar", fldCharType="end"))
    add(" —")


def _styles(document: DocumentObject) -> None:
    """The text's style, and heading styles so that the navigation pane shows the outline."""
    normal = document.styles["Normal"].element
    text = normal.get_or_add_rPr()
    set_fonts(text, FONTS[Face.BODY])
    for old in text.findall(qn("w:sz")) + text.findall(qn("w:szCs")) + text.findall(qn("w:lang")):
        text.remove(old)
    text.extend([element("w:sz", val=32), element("w:szCs", val=32)])
    text.append(element("w:lang", val="en-US", eastAsia="zh-CN"))
    properties = normal.get_or_add_pPr()
    for old in list(properties):
        properties.remove(old)
    # No hanging punctuation, no gaps around digits, no widow rule: or lines and pages would miss their 28 and 22.
    for switch in ("w:widowControl", "w:overflowPunct", "w:autoSpaceDE", "w:autoSpaceDN"):
        properties.append(element(switch, val=0))
    spacing(properties, LINE_PITCH, "exact")
    for level, face in ((1, Face.HEI), (2, Face.KAI), (3, Face.BODY), (4, Face.BODY)):
        style = document.styles[f"Heading {level}"].element
        for part in ("w:rPr", "w:pPr"):
            for old in style.findall(qn(part)):
                style.remove(old)
        properties = style.get_or_add_pPr()
        properties.append(element("w:keepNext"))
        properties.append(element("w:outlineLvl", val=level - 1))
        set_fonts(style.get_or_add_rPr(), FONTS[face])


def _paragraph(document: DocumentObject, align: AL, first: int, style: str | None = None) -> DocxParagraph:
    """An empty paragraph whose first line is indented by `first` characters."""
    paragraph = document.add_paragraph(style=style)
    paragraph.alignment = align
    if first:
        indent(paragraph._p.get_or_add_pPr(), firstLineChars=100 * first, firstLine=round(first * CHAR_TWIPS))
    return paragraph


def _title_line(document: DocumentObject, writer: RunWriter, line: Sequence[Run]) -> None:
    paragraph = _paragraph(document, AL.CENTER, 0)
    # Off the grid, or a 22 pt line would take two of its rows.
    paragraph._p.get_or_add_pPr().insert(0, element("w:snapToGrid", val=0))
    writer.write(paragraph, line, Face.TITLE, size=22)


def _place(document: DocumentObject, writer: RunWriter, block: Block | Table) -> None:
    if not isinstance(block, Block):
        write_table(document, writer, block)
        return
    style = f"Heading {block.level}" if block.level else None
    writer.write(_paragraph(document, AL.JUSTIFY, 0 if block.flush else 2, style), block.runs, Face.BODY)


def _ending(document: DocumentObject, writer: RunWriter, paper: Paper) -> None:
    """The list of attachments, the signature and the date, kept together with the last lines of the text."""
    signed = signature_lines(paper)
    before = len(document.paragraphs)
    if paper.annexes:
        _paragraph(document, AL.LEFT, 0)
        for at, line in enumerate(annex_lines(paper)):
            paragraph = _paragraph(document, AL.LEFT, 0)
            left, first = round(5 * CHAR_TWIPS), round(-3 * CHAR_TWIPS) if at == 0 else 0
            extra = {"hanging": -first} if first else {}
            indent(paragraph._p.get_or_add_pPr(), left=left, **extra)
            writer.write(paragraph, (Run(line),), Face.BODY)
    if signed:
        _paragraph(document, AL.LEFT, 0)
    for text, inset in signed:
        paragraph = _paragraph(document, AL.LEFT, 0)
        indent(paragraph._p.get_or_add_pPr(), left=round(inset * CHAR_TWIPS))
        writer.write(paragraph, (Run(text),), Face.BODY)
    if signed:
        first = before - 1 if kept_paragraph(paper) else before
        for paragraph in document.paragraphs[first:-1]:
            paragraph.paragraph_format.keep_with_next = True


def _annex(document: DocumentObject, writer: RunWriter, annex: Annex, mark: str) -> None:
    """An attachment on a new page: the mark on line 1, the title on line 3."""
    paragraph = _paragraph(document, AL.LEFT, 0)
    paragraph.paragraph_format.page_break_before = True
    writer.write(paragraph, (Run(mark),), Face.HEI)
    _paragraph(document, AL.LEFT, 0)
    ends = title_breaks(annex.title)
    for low, high in zip((0, *ends), (*ends, len(annex.title)), strict=True):
        _title_line(document, writer, (Run(annex.title[low:high]),))
    _paragraph(document, AL.LEFT, 0)
    for block in annex.blocks:
        _place(document, writer, block)


def _properties(document: DocumentObject, paper: Paper) -> None:
    """Metadata: nothing of the machine or the moment, so that equal papers are equal files."""
    about, author = paper.about, printable(paper.about.author)[:255]
    moment = datetime.datetime(
        about.created.year, about.created.month, about.created.day, tzinfo=datetime.UTC
    )
    core = document.core_properties
    core.title, core.author, core.language = printable(paper.title)[:255], author, about.language
    core.last_modified_by, core.comments = author, ""
    core.keywords = f"closing:{about.closing}"[:255] if about.closing else ""
    core.created = core.modified = moment.replace(tzinfo=None)
    core.revision = 1


def _settled(raw: bytes) -> bytes:
    """The same archive with fixed times, so that equal papers are equal bytes; the library's thumbnail picture left out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("docProps/thumbnail"):
                continue
            if name == "_rels/.rels":
                content = re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", content)
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, content)
    return packed.getvalue()
