"""Tells the report from the text that carries it (web site, template shop), and finds title, opening and closing."""

import re
from dataclasses import dataclass

from shuzhi.prose.clauses import lines
from shuzhi.prose.model import Heading, Span
from shuzhi.prose.tables import any_of, at, matcher, words

_SENTENCE = re.compile(r"[。！？；]")
_ORGAN = re.compile(r"(?:政府|委员会|局|党委|党组|办公室|街道办事处|[县区市乡镇])$")
_MARK = re.compile(
    r"[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、．]|第[一二三四五六七八九十]+[章节部]"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the title stands and what does not belong to the report."""

    title: Span
    boilerplate: tuple[Span, ...]


def frame(text: str) -> Frame:
    """Title and carrier text of a draft; a text without a recognisable title has an empty title span."""
    rows = lines(text)
    strong = [_strong(text, row) for row in rows]
    title = _title(text, rows, strong)
    carrier = {i for i, hit in enumerate(strong) if hit and i != title}
    carrier |= _head(text, rows, strong, title)
    carrier |= _foot(text, rows, strong, -1 if title is None else title)
    spans = tuple(rows[i] for i in sorted(carrier))
    return Frame(rows[title] if title is not None else Span(0, 0), spans)


def _strong(text: str, row: Span) -> bool:
    limit = at("carrier", "longest_strong")
    return (
        row.end - row.start <= int(str(limit))
        and matcher("carrier", "strong").search(text, row.start, row.end) is not None
    )


def _title(text: str, rows: list[Span], strong: list[bool]) -> int | None:
    cues = re.compile(any_of(words("carrier", "title_cues")))
    longest = int(str(at("carrier", "longest_title")))
    for i, row in enumerate(rows[:14]):
        line = row.of(text)
        if (
            strong[i]
            or len(line) > longest
            or _SENTENCE.search(line)
            or line.startswith(("——", "各位"))
            or line.endswith(("：", "，", ":"))
        ):
            continue
        if cues.search(line) and not _MARK.match(line):
            return i
    return None


def _head(text: str, rows: list[Span], strong: list[bool], title: int | None) -> set[int]:
    """Lines above the title (and just below it) that are the carrier's: cued ones, and their neighbours above the title."""
    weak = matcher("carrier", "weak")
    above = range(title or 0)
    hits = {i for i in above if strong[i] or weak.search(text, rows[i].start, rows[i].end)}
    if hits:
        hits |= {
            i for i in above if rows[i].end - rows[i].start <= 16 and not _ORGAN.search(rows[i].of(text))
        }
    if title is not None:
        for i in range(title + 1, min(title + 4, len(rows))):
            row = rows[i]
            if (
                row.end - row.start <= 30
                and not _SENTENCE.search(row.of(text))
                and weak.search(text, row.start, row.end)
            ):
                hits.add(i)
    return hits


def _foot(text: str, rows: list[Span], strong: list[bool], title: int) -> set[int]:
    """Lines under the last paragraph of the report once one of them is the carrier's."""
    weak = matcher("carrier", "weak")
    last = len(rows) - 1
    while last > title + 1 and (strong[last] or not _belongs(text, rows[last])):
        last -= 1
    tail = range(last + 1, len(rows))
    hits = [i for i in tail if strong[i] or weak.search(text, rows[i].start, rows[i].end)]
    if not hits:
        return set()
    first = hits[0]
    # A bare brand line just above the first cued line belongs to it, a signature or a date does not.
    return set(range(first, len(rows)))


def _belongs(text: str, row: Span) -> bool:
    """Whether a line reads as part of a report: it ends a sentence, or is marked, or is a signature or a date."""
    line = row.of(text)
    signed = any(cue in line for cue in words("carrier", "signature"))
    dated = re.search(r"年.{1,3}月.{0,4}日?$", line) is not None
    return (
        line.endswith(("。", "！", "：", "；", "？", "”")) or _MARK.match(line) is not None or signed or dated
    )


def opening(text: str, found: Frame, outline: tuple[Heading, ...]) -> Span | None:
    """The unnumbered opening between title (and by-line) and the first heading, or None."""
    first = outline[0].marker_span.start if outline else len(text)
    rows = [
        row
        for row in lines(text)
        if found.title.end <= row.start < first and row not in found.boilerplate and _belongs(text, row)
    ]
    return Span(rows[0].start, rows[-1].end) if rows else None


def closing(text: str, found: Frame, outline: tuple[Heading, ...]) -> Span | None:
    """The unnumbered last paragraph (各位代表！…, 总之…) under the last heading, or None."""
    if not outline:
        return None
    start = outline[-1].text_span.end
    rows = [row for row in lines(text) if row.start > start and row not in found.boilerplate]
    cues = words("carrier", "closing_cues")
    for i, row in enumerate(rows):
        rest = rows[i:]
        if row.of(text).startswith(cues) and not any(_MARK.match(r.of(text)) for r in rest):
            return Span(row.start, rest[-1].end)
    return None
