"""Turns the bytes an office hands in (UTF-8, UTF-16, GB18030, .docx) into text without losing a character."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree

from shuzhi.prose.word.docx_numbering import STRICT, WORD, Numbering, numbering

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# A .docx part larger than this is no report; refusing it keeps a hostile file from filling the memory.
LARGEST_PART = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text as it stands in the file (newlines included), its encoding, and what was odd, in Chinese."""

    text: str
    encoding: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocxText:
    """The text of a .docx; `paragraphs[i]` is the (start, end) in `text` of the i-th paragraph of the body.

    Paragraphs are counted in document order over the whole body, those in table cells included, so that a
    writer can find the paragraph again (`index` → w:p).
    """

    text: str
    paragraphs: tuple[tuple[int, int], ...]


class NotADocument(ValueError):
    """The bytes are not a readable Word file; the message says so in Chinese."""


def decode(data: bytes) -> Decoded:
    """Decode a plain text file: a byte-order mark decides, then UTF-8, then GB18030.

    Never raises: bytes that fit no encoding are shown as replacement characters and reported.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            try:
                return Decoded(body.decode(encoding), encoding)
            except UnicodeDecodeError:
                return _damaged(body, encoding)
    for encoding in ("utf-8", "gb18030"):
        try:
            return Decoded(data.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    return _damaged(data, "gb18030" if _mostly_chinese(data) else "utf-8")


def _damaged(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    count = text.count("\ufffd")
    return Decoded(
        text,
        encoding,
        (f"文件中有{count}处字符无法辨认，已用“\ufffd”代替；请用记事本另存为UTF-8后重新上传。",),
    )


def _mostly_chinese(data: bytes) -> bool:
    as_utf8 = data.decode("utf-8", errors="replace").count("\ufffd")
    return data.decode("gb18030", errors="replace").count("\ufffd") < as_utf8


def docx_text(data: bytes) -> DocxText:
    """The paragraphs and table cells of a .docx in reading order, one paragraph a line, a table row's cells by tab.

    Raises NotADocument if the bytes are no Word file.
    """
    writer = body_text(_tree(docx_source(data)), docx_numbering(data))
    return DocxText("".join(writer.parts), tuple(writer.paragraphs))


def docx_numbering(data: bytes) -> Numbering:
    """How the paragraphs of a .docx are numbered; without the parts that say so, none is."""
    roots: list[ElementTree.Element | None] = []
    for name in ("word/numbering.xml", "word/styles.xml"):
        try:
            roots.append(_tree(_part(data, name)))
        except NotADocument:
            roots.append(None)
    return numbering(*roots)


def _tree(source: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(source)  # noqa: S314 (no document type, no entity: refused by _part)
    except ElementTree.ParseError as error:
        raise NotADocument("Word文件已损坏，正文无法读取。") from error


def docx_source(data: bytes) -> bytes:
    """The bytes of the main part of a .docx; raises NotADocument if it has none or one that Word would not write."""
    return _part(data, "word/document.xml")


def _part(data: bytes, name: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo(name)
            if info.file_size > LARGEST_PART:
                raise NotADocument("文件过大，不像一份报告，未予读取。")
            source = archive.read(info)
    except (
        zipfile.BadZipFile,
        KeyError,
        RuntimeError,
        NotImplementedError,
        zipfile.LargeZipFile,
        EOFError,
        zlib.error,
    ) as error:
        raise NotADocument("这不是有效的Word文件（.docx）。旧的.doc文件请先另存为.docx。") from error
    if b"<!DOCTYPE" in source or b"<!ENTITY" in source or b"\x00" in source:
        raise NotADocument("文件中含有Word不会写入的实体定义，未予读取。")
    return source


def body_text(root: ElementTree.Element, numbers: Numbering) -> "BodyText":
    """The text of the body under `root`; raises NotADocument where it is nested as no report is."""
    if root.tag.startswith(STRICT):
        for element in root.iter():
            element.tag = element.tag.replace(STRICT, WORD, 1)
    writer = BodyText(numbers)
    body = root.find(f"{WORD}body")
    try:
        if body is not None:
            writer.block(body)
    except RecursionError as error:
        raise NotADocument("Word文件的结构嵌套过深，不像一份报告，未予读取。") from error
    return writer


class BodyText:
    """Walks the body and keeps the offset of every paragraph, and of every element whose text was taken."""

    def __init__(self, numbers: Numbering) -> None:
        self.numbers = numbers
        self.parts: list[str] = []
        self.paragraphs: list[tuple[int, int]] = []
        self.origins: list[tuple[int, ElementTree.Element]] = []
        self.length = 0

    def write(self, text: str, source: ElementTree.Element | None = None) -> None:
        """Append `text`; `source` is the element it stands in (None: a line's or a cell's end)."""
        if source is not None:
            self.origins.append((self.length, source))
        self.parts.append(text)
        self.length += len(text)

    def block(self, parent: ElementTree.Element, ending: str = "\n") -> None:
        """Take the text of the paragraphs and tables in `parent`, each paragraph followed by `ending`."""
        for child in parent:
            if child.tag == f"{WORD}p":
                self.paragraph(child)
                self.write(ending)
            elif child.tag == f"{WORD}tbl":
                self.table(child)
            elif child.tag in (
                f"{WORD}sdt",
                f"{WORD}sdtContent",
                f"{WORD}ins",
                f"{WORD}smartTag",
                f"{WORD}customXml",
            ):
                self.block(child, ending)

    def table(self, parent: ElementTree.Element) -> None:
        """Take the text of a table: a row a line."""
        for row in parent.findall(f"{WORD}tr"):
            for cell in row.findall(f"{WORD}tc"):
                self.block(cell, "\t")
            self.write("\n")

    def paragraph(self, parent: ElementTree.Element) -> None:
        """Take the text of a paragraph, behind the number Word puts before it, and keep where it stands."""
        start = self.length
        self.write(self.numbers.label(parent))
        self.runs(parent)
        self.paragraphs.append((start, self.length))

    def runs(self, parent: ElementTree.Element) -> None:
        """Take the text of everything inside a paragraph; what was struck out or steers a field is left out."""
        for child in parent:
            if child.tag == f"{WORD}t":
                self.write(child.text or "", child)
            elif child.tag == f"{WORD}tab":
                self.write("\t", child)
            elif child.tag in (f"{WORD}br", f"{WORD}cr"):
                self.write("\n", child)
            elif child.tag == f"{WORD}noBreakHyphen":
                self.write("-", child)
            elif child.tag not in (
                f"{WORD}del",
                f"{WORD}pPr",
                f"{WORD}rPr",
                f"{WORD}instrText",
                f"{WORD}delText",
                f"{WORD}moveFrom",  # stands again where it was moved to
                f"{COMPATIBILITY}Fallback",  # the same again, for older programs
            ):
                self.runs(child)
