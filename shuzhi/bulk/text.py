"""A text file of observations: which encoding, which separator, which columns, and its lines one by one."""

import csv
import mmap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shuzhi.bulk.layouts import Layout, layout_of
from shuzhi.bulk.slips import Slip
from shuzhi.kernel.finding import Finding, Refused

_BOM: Final = b"\xef\xbb\xbf"
_LOOKED_AT: Final = 1 << 22
_HEAD: Final = 1 << 16
Bytes = bytes | mmap.mmap


@dataclass(frozen=True, slots=True)
class Text:
    """An open text file: its bytes, where its lines begin (after the heading, on line ``first``) and how to read them."""

    name: str
    data: Bytes
    body: int
    first: int
    encoding: str
    separator: str
    layout: Layout

    def cells(self, at: int, line: bytes) -> list[str] | Slip:
        """The cells of one line without its end, as many as there are columns; none for a line that says nothing.

        A record stands on one line: quotes must close on it.
        """
        try:
            said = _decoded(line, self.encoding)
        except UnicodeDecodeError:
            message = f"有不是 {self.encoding.upper()} 编码的字"
            return Slip(at, "", "ingest.encoding", message, "请把文件另存为 UTF-8 编码")
        if '"' in said:
            try:
                cells = next(csv.reader([said], delimiter=self.separator, strict=True))
            except csv.Error:
                hint = "一条记录写在一行里，引号成对，引号里的引号写两个"
                return Slip(at, "", "ingest.quote", "引号不成对", hint)
        else:
            cells = said.split(self.separator)
        if not any(cell.strip() for cell in cells):
            return []
        wanted = len(self.layout.headings)
        if len(cells) != wanted:
            hint = "千位逗号、说明里的逗号要整格加引号"
            return Slip(at, "", "ingest.columns", f"这一行有{len(cells)}格，列名有{wanted}个", hint)
        return cells

    def done(self, start: int, end: int) -> None:
        """Let go of what has been read: the system may have it back at once, so that memory does not grow with the file."""
        page = mmap.PAGESIZE
        first, last = -(-start // page) * page, end // page * page
        if isinstance(self.data, mmap.mmap) and last > first and hasattr(mmap, "MADV_DONTNEED"):
            self.data.madvise(mmap.MADV_DONTNEED, first, last - first)


def lines_of(text: Text) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers, without their ends."""
    at, place, size = text.first, text.body, len(text.data)
    while place < size:
        end = text.data.find(b"\n", place)
        end = size if end < 0 else end
        yield at, stripped(text.data[place:end])
        at, place = at + 1, end + 1


def stripped(line: bytes) -> bytes:
    """A line without the carriage return at its end."""
    return line[:-1] if line.endswith(b"\r") else line


@contextmanager
def open_text(path: Path) -> Iterator[Text]:
    """Open a text file; raises Refused when it has no heading that names the columns of observations."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            raise Refused(Finding("ingest.nothing", "文件是空的", "第一行写列名，以下每行一个数", path.name))
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield _text(path.name, data)


def _text(name: str, data: Bytes) -> Text:
    place, at = len(_BOM) if data[: len(_BOM)] == _BOM else 0, 1
    encoding = "utf-8" if place else _encoding(data[:_LOOKED_AT])
    while True:
        end = data.find(b"\n", place, place + _HEAD)
        last = end < 0
        line = data[place : place + _HEAD] if last else data[place:end]
        try:
            said = _decoded(stripped(line), encoding)
        except UnicodeDecodeError:
            raise Refused(
                Finding("ingest.encoding", "第一行不是文字", "请把文件另存为 UTF-8 编码的 CSV", name)
            ) from None
        if said.strip() or last:
            break
        place, at = end + 1, at + 1
    separator = "\t" if "\t" in said else ","
    headings: Sequence[str] = next(csv.reader([said], delimiter=separator), [])
    layout = layout_of(headings, name)
    return Text(name, data, len(data) if last else end + 1, at + 1, encoding, separator, layout)


def _encoding(head: bytes) -> str:
    """UTF-8 when what is seen of the file is, else GB18030 when it is that; single bad lines are told as they come."""
    whole = head[: head.rfind(b"\n") + 1 or None]
    if whole.isascii():
        return "ascii"
    for seen in (whole, whole.lstrip().partition(b"\n")[0]):
        for encoding in ("utf-8", "gb18030"):
            try:
                seen.decode(encoding)
            except UnicodeDecodeError:
                continue
            return encoding
    return "utf-8"


def _decoded(line: bytes, encoding: str) -> str:
    """A line's text; where nothing has been seen of the encoding yet, whichever of the two fits."""
    if encoding != "ascii":
        return line.decode(encoding)
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030")
