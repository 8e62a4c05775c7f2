"""Finds where in the bytes of a Word file each character of its text stands, and how the run around it may be cut."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree import ElementTree
from xml.parsers import expat

from shuzhi.prose.decode import COMPATIBILITY, BodyText, NotADocument, body_text
from shuzhi.prose.word.docx_numbering import STRICT, WORD, Numbering

_BROKEN = "Word文件已损坏，正文无法读取。"
_TAG = re.compile(rb"""<([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*>""")
_PRESERVE = b' xml:space="preserve"'


@dataclass(slots=True)
class _Node:
    """An element's bytes; `anchor` is the outermost run (or choice between versions) it stands in, perhaps itself."""

    name: str
    start: int
    parent: "_Node | None"
    anchor: "_Node | None" = None
    end: int = 0
    content: "list[_Node]" = field(default_factory=list)
    pieces: list[tuple[int, str]] = field(default_factory=list)
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A place for marks in the bytes: `position`, what closes the run that is open there and what opens it again.

    `space` is where the cut text must be told to keep its spaces (None: it need not be), `name` the printed name of the run.
    """

    position: int
    name: bytes
    closing: bytes = b""
    opening: bytes = b""
    space: int | None = None


class Places:
    """The text of a main part, numbered by `numbers`, and the way back from its characters to its bytes.

    Raises NotADocument if `source` is not the main part of a Word file, or not written in UTF-8.
    """

    def __init__(self, source: bytes, numbers: Numbering) -> None:
        self.source = source
        parser = _Parser(source)
        walked: BodyText = body_text(parser.root, numbers)
        self.text = "".join(walked.parts)
        self.strict = parser.strict
        self._nodes = [parser.nodes[element] for _, element in walked.origins]
        self._starts = [start for start, _ in walked.origins]
        self._sizes = [_size(element) for _, element in walked.origins]

    def around(self, start: int, end: int) -> tuple[Cut, Cut] | None:
        """Where to mark the beginning and the end of characters start..end; None where nothing of the text can be marked.

        Characters that stand in no run (a line's end) give way to the nearest inside; what stands in a text box is
        marked around the whole box, because no program may comment inside one.
        """
        inside = list(self._marked(start, end)) or self._nearest(start)
        if not inside:
            return None
        first, last = inside[0], inside[-1]
        return self._cut(*first, after=False), self._cut(*last, after=True)

    def _marked(self, start: int, end: int) -> Iterator[tuple[_Node, int]]:
        """The origins that reach into start..end, each with the first (or for the last one: last) character of it."""
        at = max(0, bisect_right(self._starts, start) - 1)
        found = [
            i
            for i in range(at, bisect_right(self._starts, end - 1))
            if self._nodes[i].anchor and self._starts[i] + self._sizes[i] > start and self._sizes[i]
        ]
        if found:
            yield self._nodes[found[0]], max(0, start - self._starts[found[0]])
            i = found[-1]
            yield self._nodes[i], min(end, self._starts[i] + self._sizes[i]) - 1 - self._starts[i]

    def _nearest(self, start: int) -> list[tuple[_Node, int]]:
        """The first or last character of the nearest run, for a place that has none."""
        usable = [i for i, node in enumerate(self._nodes) if node.anchor and self._sizes[i]]
        if not usable:
            return []
        at = min(usable, key=lambda i: abs(self._starts[i] - start))
        return [(self._nodes[at], self._sizes[at] - 1 if self._starts[at] < start else 0)]

    def _cut(self, node: _Node, index: int, *, after: bool) -> Cut:
        run = node.anchor
        assert run is not None
        name = self._tag(run)[0]
        around = Cut(run.end if after else run.start, name)
        if node.parent is not run or run.name != f"{WORD}r":
            return around
        split = _split(node, index + after)
        if split is None:
            return self._between(run, node, name, after=after)
        position, kept = split
        tag, opened, _ = self._tag(node)
        closing = b"</" + tag + b"></" + name + b">"
        spaced = _PRESERVE in opened or not kept
        return Cut(
            position,
            name,
            closing,
            self._opening(run) + b"<" + tag + _PRESERVE + b">",
            None if spaced else self._tag(node)[2],
        )

    def _between(self, run: _Node, node: _Node, name: bytes, *, after: bool) -> Cut:
        """A cut before or behind a whole element of the run: outside the run where nothing else is in it."""
        content = [child for child in run.content if child.name != f"{WORD}rPr"]
        if node is content[-1 if after else 0]:
            return Cut(run.end if after else run.start, name)
        return Cut(node.end if after else node.start, name, b"</" + name + b">", self._opening(run))

    def _opening(self, run: _Node) -> bytes:
        """What opens a run again with the properties it has."""
        properties = run.content[0] if run.content and run.content[0].name == f"{WORD}rPr" else None
        kept = self.source[properties.start : properties.end] if properties else b""
        return self._tag(run)[1] + kept

    def _tag(self, node: _Node) -> tuple[bytes, bytes, int]:
        """The printed name of an element, its start tag, and where an attribute may be added to it."""
        found = _TAG.match(self.source, node.start)
        if found is None:
            raise NotADocument(_BROKEN)
        return found[1], found[0], found.end(1)


def _braced(name: str) -> str:
    """A name with its namespace as the tree writes it."""
    return "{" + name if "}" in name else name


def _size(element: ElementTree.Element) -> int:
    return len(element.text or "") if element.tag == f"{WORD}t" else 1


def _split(node: _Node, index: int) -> tuple[int, bool] | None:
    """Where before character `index` of a text its bytes may be cut, and whether a space stands beside the cut.

    None at either end of the text, and in text that is written in a way that cannot be cut.
    """
    text = "".join(piece for _, piece in node.pieces)
    if node.whole or not 0 < index < len(text):
        return None
    spaced = text[index - 1].isspace() or text[index].isspace()
    for (start, piece), following in pairwise([*node.pieces, (0, "")]):
        if index < len(piece):
            return start + len(piece[:index].encode()), spaced
        index -= len(piece)
        if index == 0:
            return following[0], spaced
    return None


class _Parser:
    """Builds the tree that the walker of texts wants, and keeps the bytes of what stands inside runs."""

    def __init__(self, source: bytes) -> None:
        self.nodes: dict[ElementTree.Element, _Node] = {}
        self.strict = False
        self._builder = ElementTree.TreeBuilder()
        self._open: list[_Node] = []
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.StartCdataSectionHandler = self._cdata
        try:
            self._parser.Parse(source, True)
            self.root: ElementTree.Element = self._builder.close()
        except (expat.ExpatError, ValueError) as error:
            raise NotADocument(_BROKEN) from error
        for node in self.nodes.values():
            # Of an element written as one tag expat gives the byte behind it, else that of its end tag.
            opened = _TAG.match(source, node.start)
            if opened and not (opened[0].endswith(b"/>") and opened.end() == node.end):
                node.end = source.index(b">", node.end) + 1

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii"):
            raise NotADocument("Word文件的编码不是UTF-8，无法加批注。请用Word另存一次再试。")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = _braced(tag)
        self.strict = self.strict or tag.startswith(STRICT)
        element = self._builder.start(tag, {_braced(key): value for key, value in attributes.items()})
        name = tag.replace(STRICT, WORD, 1)
        parent = self._open[-1] if self._open else None
        node = _Node(name, self._parser.CurrentByteIndex, parent, parent.anchor if parent else None)
        if node.anchor is None and name in (f"{WORD}r", f"{COMPATIBILITY}AlternateContent"):
            node.anchor = node
        if parent and parent.anchor:
            parent.content.append(node)
        self.nodes[element] = node
        self._open.append(node)

    def _end(self, tag: str) -> None:
        self._builder.end(_braced(tag))
        self._open.pop().end = self._parser.CurrentByteIndex

    def _data(self, text: str) -> None:
        self._builder.data(text)
        if self._open and not self._open[-1].content:
            self._open[-1].pieces.append((self._parser.CurrentByteIndex, text))

    def _cdata(self) -> None:
        self._open[-1].whole = True
