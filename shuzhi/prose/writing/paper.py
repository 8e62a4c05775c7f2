"""The document model: a report as title, blocks of runs, figures in their places, signature and annex tables."""

import datetime
import enum
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from shuzhi.prose.writing.titling import title_breaks

FigureStatus = Literal["filled", "unfilled", "proposal", "name", "quoted", "written", "left"]
Align = Literal["left", "center", "right"]

REF_LIMIT = 64
"""Longest ref in characters: Word calls a file damaged when a content control's tag is longer."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LEVEL_ONE = re.compile(r"[一二三四五六七八九十]+、")
_LEVEL_TWO = re.compile(r"[（(][一二三四五六七八九十]+[）)]")
_HEAD_STOPS = "。：！？"
_SALUTATION_LIMIT = 40


class Face(enum.StrEnum):
    """The faces of an official paper (GB/T 9704-2012, 5.2.2 and 7.3)."""

    TITLE = "title"
    """小标宋: the title."""
    BODY = "body"
    """仿宋: the text, headings of level 3 and 4."""
    HEI = "hei"
    """黑体: headings of level 1, the word 附件."""
    KAI = "kai"
    """楷体: headings of level 2, the note under the title."""
    SONG = "song"
    """宋体: page numbers."""


@dataclass(frozen=True, slots=True)
class FigureMark:
    """What a printed value is bound to.

    `ref` names the figure (at most 64 characters, so that Word can carry it), `code` is the short check code printed on cards,
    `value_text` the value for machines, `label` what it measures, `title` the remark shown on hover (for a gap: why it is empty).
    """

    ref: str
    code: str
    value_text: str
    status: FigureStatus
    label: str
    title: str = ""

    def __post_init__(self) -> None:
        if not self.ref or len(self.ref) > REF_LIMIT:
            raise ValueError(
                f"a figure's ref has 1 to {REF_LIMIT} characters, this has {len(self.ref)}: {self.ref!r}"
            )

    @property
    def is_gap(self) -> bool:
        """True where the paper still shows the draft's mask and no value."""
        return self.status in ("unfilled", "name")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one face; `head` is the level of the heading they belong to (0: none)."""

    text: str
    face: Face | None = None
    figure: FigureMark | None = None
    head: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. `level` 1 to 4: a heading standing alone; 0: text, perhaps with run-in headings (runs whose `head` is not 0)."""

    level: int
    runs: tuple[Run, ...]
    flush: bool = False
    """True: no first-line indent (the line that addresses the readers)."""

    @property
    def text(self) -> str:
        """The characters of the block."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its share of the width and how its cells stand."""

    weight: int = 1
    align: Align = "left"


Cell = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table of an annex; header rows are repeated on every page."""

    caption: str
    columns: tuple[Column, ...]
    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        lengths = {len(row) for row in (*self.header, *self.rows)}
        if lengths - {len(self.columns)}:
            raise ValueError(
                f"every row of table {self.caption!r} needs {len(self.columns)} cells, found {sorted(lengths)}"
            )


@dataclass(frozen=True, slots=True)
class Annex:
    """An attachment: begins on a new page under the word 附件."""

    title: str
    blocks: tuple[Block | Table, ...]


@dataclass(frozen=True, slots=True)
class About:
    """Metadata kept in the file and not on the page: author, the closing's digest, creation date, language."""

    author: str = ""
    closing: str = ""
    created: datetime.date = datetime.date(2000, 1, 1)
    language: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole report, ready for any of the three writers."""

    title_lines: tuple[tuple[Run, ...], ...]
    blocks: tuple[Block | Table, ...]
    note: tuple[Run, ...] = ()
    signature: str = ""
    date: str = ""
    annexes: tuple[Annex, ...] = ()
    about: About = field(default_factory=About)

    @property
    def title(self) -> str:
        """The title on one line."""
        return "".join(run.text for line in self.title_lines for run in line)

    def runs(self) -> Iterator[Run]:
        """Every run in reading order: title, note, blocks, annexes."""
        for line in self.title_lines:
            yield from line
        yield from self.note
        for block in (*self.blocks, *(b for annex in self.annexes for b in annex.blocks)):
            if isinstance(block, Block):
                yield from block.runs
            else:
                for row in block.rows:
                    for cell in row:
                        yield from cell

    def figures(self) -> Iterator[tuple[FigureMark, str]]:
        """Every figure with the text printed for it, in reading order."""
        for run in self.runs():
            if run.figure is not None:
                yield run.figure, run.text


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure's place: characters start..end of the paragraph are printed as `text`.

    An empty text leaves a gap's mask standing, and prints nothing where the place was left out.
    """

    start: int
    end: int
    text: str
    figure: FigureMark


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as the reader of a draft found it.

    `level` 1 to 4 makes the characters before `heading_end` (None: all) its heading; `more_heads` are further run-in headings
    (start, end, level), as in a paragraph that counts 一是…。二是…。 Offsets count characters of `text`.
    """

    text: str
    level: int = 0
    heading_end: int | None = None
    marks: Sequence[Mark] = ()
    more_heads: Sequence[tuple[int, int, int]] = ()


def lay_out(
    title: str | Paragraph | Sequence[Paragraph],
    paragraphs: Sequence[Paragraph],
    *,
    note: str | Paragraph = "",
    signature: str = "",
    date: str = "",
    annexes: Sequence[Annex] = (),
    about: About | None = None,
) -> Paper:
    """Make a paper of what the reader found; a title given whole is broken into lines, one given as several paragraphs is kept.

    Leading and trailing spaces go (the writers indent), control characters become spaces, everything else is printed as it stands.
    Raises ValueError for marks that overlap, lie outside their paragraph or fill with nothing.
    """
    if isinstance(title, (str, Paragraph)):
        whole = _runs(Paragraph(title) if isinstance(title, str) else title)
        lines = _broken(whole)
    else:
        lines = tuple(runs for runs in (_runs(paragraph) for paragraph in title) if runs)
    blocks = [block for block in (_block(paragraph) for paragraph in paragraphs) if block is not None]
    _address(blocks)
    return Paper(
        title_lines=lines,
        blocks=tuple(blocks),
        note=_runs(Paragraph(note) if isinstance(note, str) else note),
        signature=printable(signature).strip(),
        date=printable(date).strip(),
        annexes=tuple(annexes),
        about=about or About(),
    )


def printable(text: str) -> str:
    """The text with control characters as spaces and lone surrogates as U+FFFD: same length, so offsets stay true."""
    return _SURROGATE.sub("\ufffd", _UNPRINTABLE.sub(" ", text))


def face_of(level: int, text: str) -> Face:
    """The face of a heading: by its mark where it has one of the standard's first two, otherwise by its depth.

    GB/T 9704-2012, 7.3.3: first layer 黑体, second 楷体, third and fourth 仿宋; 一是, 二是 never count as a first layer.
    """
    if _LEVEL_ONE.match(text):
        return Face.HEI
    if _LEVEL_TWO.match(text) or (level == 1 and text[1:2] == "是"):
        return Face.KAI
    return {1: Face.HEI, 2: Face.KAI}.get(level, Face.BODY)


def _broken(runs: tuple[Run, ...]) -> tuple[tuple[Run, ...], ...]:
    """A title's runs, line by line."""
    places, place = [], 0
    for run in runs:
        places.append((place, place + len(run.text), run))
        place += len(run.text)
    ends = title_breaks(
        "".join(run.text for run in runs),
        [(start, end) for start, end, run in places if run.figure is not None],
    )
    lines = []
    for low, high in zip((0, *ends), (*ends, place), strict=True):
        cut = [
            replace(run, text=run.text[max(low, start) - start : min(high, end) - start])
            for start, end, run in places
            if max(low, start) < min(high, end)
        ]
        lines.append(tuple(cut))
    return tuple(line for line in lines if line)


def _block(paragraph: Paragraph) -> Block | None:
    runs = _runs(paragraph)
    if not runs:
        return None
    alone = all(run.head for run in runs) and len({run.head for run in runs}) == 1
    return Block(level=runs[0].head if alone else 0, runs=runs)


def _address(blocks: list[Block]) -> None:
    """Put the opening line that addresses the readers (各位代表：) flush left, as GB/T 9704-2012, 7.3.2 has the addressee."""
    if blocks and not any(run.head for run in blocks[0].runs):
        text = blocks[0].text
        if text.endswith(("：", ":")) and len(text) <= _SALUTATION_LIMIT:
            blocks[0] = Block(level=0, runs=blocks[0].runs, flush=True)


def _heads(paragraph: Paragraph, text: str) -> list[tuple[int, int, int]]:
    """Heading spans (start, end, level), each with the full stop that closes it."""
    spans = list(paragraph.more_heads)
    if paragraph.level > 0:
        end = len(text) if paragraph.heading_end is None else paragraph.heading_end
        spans.insert(0, (0, end, paragraph.level))
    closed = []
    for start, end, level in spans:
        stops = len(text[end:]) - len(text[end:].lstrip(_HEAD_STOPS))
        closed.append((start, end + stops, min(level, 4)))
    return closed


def _runs(paragraph: Paragraph) -> tuple[Run, ...]:
    text = printable(paragraph.text)
    marks = sorted(paragraph.marks, key=lambda mark: mark.start)
    _check(marks, text)
    first = len(text) - len(text.lstrip())
    last = len(text.rstrip())
    if marks:
        first, last = min(first, marks[0].start), max(last, marks[-1].end)
    heads = _heads(paragraph, text)
    cuts = {first, last} | {m.start for m in marks} | {m.end for m in marks}
    inside = [(m.start, m.end) for m in marks]
    for point in (p for start, end, _ in heads for p in (start, end)):
        if first < point < last and not any(start < point < end for start, end in inside):
            cuts.add(point)
    at = {mark.start: mark for mark in marks}
    ordered = sorted(cuts)
    runs = []
    for start, end in itertools.pairwise(ordered):
        span = next((s for s in heads if s[0] <= start < s[1]), None)
        face = face_of(span[2], text[span[0] : span[1]].lstrip()) if span else None
        mark = at.get(start)
        if mark is not None and not mark.text and mark.figure.status == "left":
            continue
        shown = text[start:end] if mark is None else printable(mark.text) or text[start:end]
        runs.append(Run(shown, face, mark.figure if mark else None, span[2] if span else 0))
    return tuple(runs)


def _check(marks: Sequence[Mark], text: str) -> None:
    place = 0
    for mark in marks:
        if not place <= mark.start < mark.end <= len(text):
            raise ValueError(
                f"mark {mark.start}..{mark.end} overlaps another or lies outside its {len(text)} characters"
            )
        if not mark.text and not mark.figure.is_gap and mark.figure.status != "left":
            raise ValueError(f"figure {mark.figure.ref} is {mark.figure.status} but prints nothing")
        place = mark.end
