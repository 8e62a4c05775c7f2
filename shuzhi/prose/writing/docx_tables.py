"""Writes annex tables into a docx: ruled, header rows repeated on every page."""

from docx.document import Document as DocumentObject
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as AL
from docx.shared import Mm
from docx.table import _Cell

from shuzhi.prose.writing.docx_parts import RunWriter, element, spacing
from shuzhi.prose.writing.paper import Cell, Face, Run, Table

_SIZE = 12
_WIDTH = 156
_ALIGN = {"left": AL.LEFT, "center": AL.CENTER, "right": AL.RIGHT}


def write_table(document: DocumentObject, writer: RunWriter, table: Table) -> None:
    """Append the table with its caption; columns share the 156 mm by their weights."""
    if table.caption:
        caption = document.add_paragraph()
        caption.alignment = AL.CENTER
        caption.paragraph_format.keep_with_next = True
        writer.write(caption, (Run(table.caption),), Face.HEI)
    made = document.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    whole = sum(column.weight for column in table.columns)
    widths = [Mm(_WIDTH * column.weight / whole) for column in table.columns]
    for at, width in enumerate(widths):
        made.columns[at].width = width
    head = [tuple((Run(cell),) for cell in row) for row in table.header]
    for at, row in enumerate((*head, *table.rows)):
        is_head = at < len(head)
        line = made.add_row()
        rules = line._tr.get_or_add_trPr()
        rules.append(element("w:cantSplit"))
        if is_head:
            rules.append(element("w:tblHeader"))
        for cell, column, width, runs in zip(line.cells, table.columns, widths, row, strict=True):
            cell.width = width
            _fill(
                cell,
                writer,
                runs,
                AL.CENTER if is_head else _ALIGN[column.align],
                Face.HEI if is_head else Face.BODY,
            )


def _fill(cell: _Cell, writer: RunWriter, runs: Cell, align: AL, face: Face) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    properties = paragraph._p.get_or_add_pPr()
    properties.insert(0, element("w:snapToGrid", val=0))
    spacing(properties, 340, "exact", around=50)
    writer.write(paragraph, runs, face, size=_SIZE)
    cell._tc.get_or_add_tcPr().append(element("w:vAlign", val="center"))
