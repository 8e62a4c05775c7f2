"""Puts comments into a Word file exactly beside the words they are about; everything else comes back byte for byte."""

import datetime
import io
import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from shuzhi.prose.decode import NotADocument, docx_numbering, docx_source
from shuzhi.prose.model import Span
from shuzhi.prose.word.docx_numbering import STRICT, WORD
from shuzhi.prose.word.docx_places import Cut, Places
from shuzhi.prose.writing.paper import printable

AUTHOR, INITIALS = "述职", "述"

_MAIN, _RELATIONS, _TYPES = "word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
# The whole of a package is copied through the memory; more than this is no report.
_LARGEST_PACKAGE = 512 * 1024 * 1024
# The comment's own size, spacing and indent: without a style of that name it would take those of the report's text.
_LOOK = (
    '<w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
    '<w:ind w:left="0" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="left"/></w:pPr>'
)
_SIZE = '<w:rPr><w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr>'


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on the characters `span` of the text of a Word file (as `docx_text` gives it); each line is a paragraph."""

    span: Span
    lines: tuple[str, ...]


def commented(
    docx: bytes,
    comments: Sequence[Comment],
    *,
    date: datetime.datetime,
    author: str = AUTHOR,
    initials: str = INITIALS,
) -> bytes:
    """The Word file with `comments` added beside those it has; the same input gives the same bytes.

    The main part changes only by the marks of the comments and by runs cut where a mark falls inside them; the parts
    that list the comments are extended, or added when there are none; every other part keeps its bytes, order and time.
    Raises NotADocument where the file is no Word file, or one too large or damaged.
    """
    if not comments:
        return docx
    places = Places(docx_source(docx), docx_numbering(docx))
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            if sum(info.file_size for info in package.infolist()) > _LARGEST_PACKAGE:
                raise NotADocument("文件过大，不像一份报告，未予读取。")
            book = _Book(package, strict=places.strict)
            first = book.next_id(places.source)
            ordered = sorted(comments, key=lambda comment: (comment.span.start, -comment.span.end))
            numbered = list(enumerate(ordered, first))
            changed = {_MAIN: _marked(places, numbered)}
            changed |= book.with_comments(
                "".join(_comment(number, comment, author, initials, date) for number, comment in numbered)
            )
            return _repacked(package, changed)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise NotADocument("Word文件已损坏，无法加批注。请用Word打开另存一次再试。") from error


def _comment(number: int, comment: Comment, author: str, initials: str, date: datetime.datetime) -> str:
    lines = [escape(printable(line)) for line in comment.lines]
    texts = [f'<w:r>{_SIZE}<w:t xml:space="preserve">{line}</w:t></w:r>' for line in lines]
    mark = "<w:r><w:annotationRef/></w:r>"
    paragraphs = "".join(
        f"<w:p>{_LOOK}{'' if at else mark}{text}</w:p>" for at, text in enumerate(texts or [""])
    )
    return (
        f'<w:comment w:id="{number}" w:author={quoteattr(printable(author))} w:date="{date:%Y-%m-%dT%H:%M:%S}Z"'
        f" w:initials={quoteattr(printable(initials))}>{paragraphs}</w:comment>"
    )


# --- the main part -----------------------------------------------------------------------------------------------------


def _marked(places: Places, comments: Iterable[tuple[int, Comment]]) -> bytes:
    """The main part with the marks of the comments; where one ends another may begin."""
    ends: defaultdict[int, list[bytes]] = defaultdict(list)
    starts: defaultdict[int, list[bytes]] = defaultdict(list)
    cuts: dict[int, Cut] = {}
    uri = (STRICT if places.strict else WORD)[1:-1]
    for number, comment in comments:
        found = places.around(comment.span.start, comment.span.end)
        if found is None:
            raise NotADocument("文件里没有可以加批注的文字。")
        first, last = found
        cuts |= {first.position: first, last.position: last}
        start, end = _marks(number, first.name, uri), _marks(number, last.name, uri)
        starts[first.position].append(start[0])
        ends[last.position].insert(0, end[1])
    made: list[bytes] = []
    at = 0
    spaces = {cut.space for cut in cuts.values() if cut.space is not None}
    for position in sorted({*cuts, *spaces}):
        made.append(places.source[at:position])
        at = position
        if position in spaces:
            made.append(b' xml:space="preserve"')
            continue
        cut = cuts[position]
        made += [cut.closing, *ends[position], *starts[position], cut.opening]
    return b"".join([*made, places.source[at:]])


def _marks(number: int, run: bytes, uri: str) -> tuple[bytes, bytes]:
    """The mark that opens a comment's range, and the marks that close it and stand for the comment.

    `run` is the printed name of the run beside them: where its prefix is not the usual one, they bring their own.
    """
    own = "" if run == b"w:r" else f' xmlns:w="{uri}"'
    start = f'<w:commentRangeStart{own} w:id="{number}"/>'
    end = f'<w:commentRangeEnd{own} w:id="{number}"/>'
    reference = f'<w:r{own}><w:commentReference w:id="{number}"/></w:r>'
    return start.encode(), (end + reference).encode()


# --- the parts that list the comments ----------------------------------------------------------------------------------


class _Book:
    """Where a package keeps its comments, and how more are written there."""

    def __init__(self, package: zipfile.ZipFile, *, strict: bool) -> None:
        self._names = set(package.namelist())
        self._relations = package.read(_RELATIONS) if _RELATIONS in self._names else None
        self._types = package.read(_TYPES) if _TYPES in self._names else b""
        self._office = _STRICT_OFFICE if strict else _OFFICE
        self._word = (STRICT if strict else WORD)[1:-1]
        self._part = self._found()
        self._comments = package.read(self._part) if self._part else None

    def _found(self) -> str | None:
        """The name of the part that holds the comments."""
        if self._relations is None:
            return None
        for relation in _tree(self._relations):
            if (
                relation.get("Type") in (f"{_OFFICE}/comments", f"{_STRICT_OFFICE}/comments")
                and relation.get("TargetMode") != "External"
            ):
                part = posixpath.normpath(posixpath.join("/word", relation.get("Target", ""))).lstrip("/")
                if part in self._names:
                    return part
        return None

    def next_id(self, source: bytes) -> int:
        """The first number no comment of the file has, nor any mark of one in its main part."""
        numbers = [-1]
        if self._comments is not None:
            for comment in _tree(self._comments):
                said = next((v for k, v in comment.attrib.items() if k.endswith("}id")), "")
                numbers += [int(said)] if said.isdecimal() else []
        marks = rb"""<[^\s>]*comment(?:RangeStart|RangeEnd|Reference)\s[^>]*\bid\s*=\s*["'](\d{1,9})["']"""
        numbers += [int(said) for said in re.findall(marks, source)]
        return max(numbers) + 1

    def with_comments(self, written: str) -> dict[str, bytes]:
        """The parts to be changed or added, so that the package holds the comments `written`."""
        if self._part and self._comments is not None:
            return {self._part: _inside(self._comments, written, "w", self._word)}
        part = _fresh("word/comments.xml", self._names)
        body = f'<w:comments xmlns:w="{self._word}">{written}</w:comments>'
        declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        empty = f'{declaration}<Relationships xmlns="{_PACKAGE}relationships"></Relationships>'
        relations = self._relations if self._relations is not None else empty.encode()
        taken = {relation.get("Id", "") for relation in _tree(relations)}
        relation = (
            f'<Relationship Id="{_fresh("rIdShuzhi", taken)}" Type="{self._office}/comments"'
            f' Target="{posixpath.basename(part)}"/>'
        )
        override = f'<Override PartName="/{part}" ContentType="{_COMMENTS_TYPE}"/>'
        return {
            part: (declaration + body).encode(),
            _RELATIONS: _inside(relations, relation, "", f"{_PACKAGE}relationships"),
            _TYPES: _inside(self._types, override, "", f"{_PACKAGE}content-types"),
        }


def _tree(source: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in source or b"<!ENTITY" in source:
        raise NotADocument("文件中含有Word不会写入的实体定义，未予读取。")
    try:
        return ElementTree.fromstring(source)  # noqa: S314 (no document type, no entity: refused above)
    except ElementTree.ParseError as error:
        raise NotADocument("Word文件已损坏，无法加批注。请用Word打开另存一次再试。") from error


def _inside(source: bytes, children: str, prefix: str, uri: str) -> bytes:
    """`source` with `children` added as the last ones of its root, whose namespace they are written for.

    Where the root does not bind their `prefix` to that namespace, each child brings the binding itself.
    """
    _tree(source)
    root = re.search(rb"""<([A-Za-z_][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*?)(/?)>""", source)
    if root is None:
        raise NotADocument("Word文件已损坏，无法加批注。请用Word打开另存一次再试。")
    binding = f"xmlns:{prefix}" if prefix else "xmlns"
    bound = re.search(rf"""\s{binding}\s*=\s*["']{re.escape(uri)}["']""".encode(), root[2])
    if not bound:
        head = rf"<({prefix}:comment|Relationship|Override)(?=\s)"
        children = re.sub(head, lambda m: f'{m.group()} {binding}="{uri}"', children)
    added = children.encode()
    if root[3]:
        opened = source[root.start() : root.start(3)] + b">" + added + b"</" + root[1] + b">"
        return source[: root.start()] + opened + source[root.end() :]
    end = source.rindex(b"</")
    return source[:end] + added + source[end:]


def _fresh(name: str, taken: set[str]) -> str:
    """`name`, numbered until nothing is called so."""
    stem, suffix = posixpath.splitext(name)
    lower = {one.lower() for one in taken}
    number = 1
    made = name
    while made.lower() in lower:
        number += 1
        made = f"{stem}{number}{suffix}"
    return made


def _repacked(package: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    """The package with the parts in `changed` written anew; added parts come last, with the time of the main part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        new.comment = package.comment
        for info in package.infolist():
            entry = _like(info, info.filename)
            new.writestr(entry, changed[info.filename] if info.filename in changed else package.read(info))
        for name in sorted(set(changed) - set(package.namelist())):
            new.writestr(_like(package.getinfo(_MAIN), name), changed[name])
    return packed.getvalue()


def _like(info: zipfile.ZipInfo, name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, info.date_time)
    made.compress_type, made.create_system = info.compress_type, info.create_system
    made.external_attr, made.internal_attr, made.comment = (
        info.external_attr,
        info.internal_attr,
        info.comment,
    )
    return made
