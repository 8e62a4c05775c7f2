"""Tables inside the text: rows by tabs, upright strokes or aligned blanks, and what each of their cells is about."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from shuzhi.prose.model import Span
from shuzhi.prose.signs.units import Unit, unit_at

_STROKES = "|｜│┃"
_SPLIT = {
    "stroke": re.compile(rf"[{_STROKES}]"),
    "tab": re.compile(r"\t"),
    "blank": re.compile(r"(?<=\S)[ \u3000\u00a0]{2,}(?=\S)"),
}
_RULE = re.compile(rf"[\s\-—─━=＝+┼├┤┬┴┌┐└┘:：{_STROKES}]+")
_BRACKETED = re.compile(r"[（(\[]([^（）()\[\]]{1,10})[）)\]]")
_TABLE_UNIT = re.compile(r"单位[：:]\s?([^\s，。；、）)]{1,8})")
_RATED = re.compile(r"增长|增速|增幅|降幅|占比|比重|比率|完成率|进度|合格率|覆盖率|[^效税费]率$|%")
_NUMBERED = re.compile(r"序号|编号|年份|年度|日期|时间|电话|联系|备注|文号|代码|届")
_INDEX = re.compile(r"序号|编号|^号$|^No")
_UNIT_HEAD = re.compile(r"(?:计量)?单位")
_VALUE = re.compile(r"[-−+]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: where its words stand, the head of its column, the label of its row, the unit said for it.

    `table` is the line above the table (its caption), "" if there is none.
    """

    span: Span
    head: str
    side: str
    unit: Unit | None
    table: str = ""

    def measures(self) -> bool:
        """Whether a number that fills the cell is a figure, not a running number, a year or a telephone."""
        return bool(self.head or self.side) and _NUMBERED.search(self.head) is None


def cells(text: str) -> tuple[Cell, ...]:
    """The cells of every table of folded `text` in order, the heads' row left out.

    A table is two or more lines in a row cut alike into two or more cells; by blanks alone, three cells or three lines.
    """
    made: list[Cell] = []
    rows: list[list[Span]] = []
    style, above, place, before, blank = "", "", 0, "", False
    for raw in (*text.split("\n"), "", ""):
        line = raw.rstrip("\r")
        if not line.strip() and rows and not blank:
            blank, place = True, place + len(raw) + 1
            continue
        blank = False
        kind = _style(line)
        if kind and kind == style and rows and _RULE.fullmatch(line):
            pass
        elif kind and (kind == style or not rows):
            style, above = kind, above if rows else before
            if not _RULE.fullmatch(line):
                rows.append(_cut(line, place, kind))
        else:
            made.extend(_table(text, rows, style, above))
            style, rows, above = kind, [], before
            if kind and not _RULE.fullmatch(line):
                rows.append(_cut(line, place, kind))
        before = line.strip() or before
        place += len(raw) + 1
    made.extend(_table(text, rows, style, above))
    return tuple(made)


def cell_at(found: tuple[Cell, ...], place: int) -> Cell | None:
    """The cell of `found` (from `cells`) that `place` lies in, or None."""
    at = bisect_right(found, place, key=lambda cell: cell.span.start) - 1
    return found[at] if at >= 0 and place < found[at].span.end else None


def fills(text: str, cell: Cell, start: int, end: int) -> bool:
    """Whether the figure at `start`:`end`, with a unit at most, is all that the cell says."""
    rest = (text[cell.span.start : start] + text[end : cell.span.end]).strip(" \u3000*")
    if not rest:
        return True
    unit = unit_at(rest, 0)
    return unit is not None and unit.end == len(rest)


def value_in(text: str, cell: Cell) -> Span | None:
    """The number (sign and thousands included) that alone fills the cell, or None."""
    found = _VALUE.fullmatch(text, cell.span.start, cell.span.end)
    return Span(*found.span()) if found else None


def _style(line: str) -> str:
    if not line.strip() or (line.endswith(("。", "；")) and "\t" not in line and "|" not in line):
        return ""
    if sum(line.count(stroke) for stroke in _STROKES) >= 2:
        return "stroke"
    if "\t" in line.strip():
        return "tab"
    return "blank" if len(_SPLIT["blank"].findall(line)) >= 1 and len(line) < 80 else ""


def _cut(line: str, place: int, style: str) -> list[Span]:
    made: list[Span] = []
    at = 0
    for found in _SPLIT[style].finditer(line):
        made.append(_trimmed(line, at, found.start(), place))
        at = found.end()
    made.append(_trimmed(line, at, len(line), place))
    if style == "stroke":
        made = made[0 if line.lstrip()[:1] not in _STROKES else 1 :]
        made = made[: -1 if line.rstrip()[-1:] in _STROKES else None]
    return made


def _trimmed(line: str, start: int, end: int, place: int) -> Span:
    body = line[start:end]
    lead = len(body) - len(body.lstrip())
    return Span(place + start + lead, place + start + max(lead, len(body.rstrip())))


def _table(text: str, rows: list[list[Span]], style: str, above: str) -> list[Cell]:
    if len(rows) < 2 or (style == "blank" and not _aligned(rows)):
        return []
    heads = [span.of(text) for span in rows[0]]
    if _valued(heads[1:]):
        heads = []
    said = _TABLE_UNIT.search(above)
    whole = unit_at(said.group(1), 0) if said else None
    body = rows[1:] if heads else rows
    return [cell for row in body for cell in _row(text, row, heads, whole, above)]


def _aligned(rows: list[list[Span]]) -> bool:
    widths = {len(row) for row in rows}
    return len(widths) == 1 and (min(widths) >= 3 or (min(widths) == 2 and len(rows) >= 3))


def _valued(words: list[str]) -> bool:
    """Whether a row holds values already, so that it is not the row of heads."""
    return any(
        re.search(r"\d|[Xx×〇○□*_]{2,}", word) and not re.search(r"年|月|季|^(?:19|20)\d\d$", word)
        for word in words
    )


def _row(text: str, row: list[Span], heads: list[str], whole: Unit | None, above: str) -> list[Cell]:
    words = [span.of(text) for span in row]
    at = 1 if heads and _INDEX.search(heads[0]) and len(words) > 2 else 0
    side = words[at] if words else ""
    own = next(
        (_unit(w) for h, w in zip(heads, words, strict=False) if _UNIT_HEAD.fullmatch(h.strip())), None
    )
    made: list[Cell] = []
    for i, span in enumerate(row):
        head = heads[i] if i < len(heads) else ""
        label = "" if i <= at else side
        rated = _percent() if _RATED.search(head) else None
        unit = _in_brackets(head) or rated or own or _in_brackets(side) or _bare_unit(words, i) or whole
        made.append(Cell(span, head.strip(), label.strip(), unit, above))
    return made


def _percent() -> Unit | None:
    return unit_at("%", 0)


def _unit(word: str) -> Unit | None:
    unit = unit_at(word.strip(), 0)
    return unit if unit is not None and unit.end == len(word.strip()) else None


def _in_brackets(word: str) -> Unit | None:
    for found in _BRACKETED.findall(word):
        unit = _unit(found.replace("±", "").replace("单位：", "").replace("单位:", ""))
        if unit is not None:
            return unit
    return None


def _bare_unit(words: list[str], own: int) -> Unit | None:
    """Another cell of the row that is nothing but a unit (without a head to say so)."""
    return next(
        (u for i, word in enumerate(words) if i != own and word and (u := _unit(word)) is not None), None
    )
