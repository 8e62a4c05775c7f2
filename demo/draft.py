"""The sample draft: masked text of our own wording, as plain text and as the docx an office would send."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

TEXT = Path(__file__).parent / "draft.txt"
_STAMP = (2000, 1, 1, 0, 0, 0)
_HEADING = re.compile(r"[一二三四五六七八九十]+、")


def docx(text: str) -> bytes:
    """The draft as a Word document; the same text gives the same bytes."""
    document = Document()
    for number, line in enumerate(line for line in text.splitlines() if line.strip()):
        paragraph = document.add_paragraph()
        run = paragraph.add_run(line)
        if number == 0:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run.bold = True
        elif _HEADING.match(line):
            run.bold = True
    buffer = BytesIO()
    document.save(buffer)
    return _same(buffer.getvalue())


def _same(data: bytes) -> bytes:
    """The archive without the clock: a zip keeps the time of each part, which is no part of the draft."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as given, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for item in given.infolist():
            info = zipfile.ZipInfo(item.filename, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, given.read(item.filename))
    return buffer.getvalue()


def write(folder: Path) -> None:
    """Both forms of the draft beside the workbooks."""
    text = TEXT.read_text("utf-8")
    (folder / "述职报告样稿.txt").write_text(text, "utf-8", newline="\n")
    (folder / "述职报告样稿.docx").write_bytes(docx(text))
