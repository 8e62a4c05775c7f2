"""Finding the heading of a sheet and what each column means: merged rows joined, labels matched, guesses reported."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from shuzhi.intake.columns import MONTHS_FORM, Column, Form
from shuzhi.intake.months import column_of, slot_of
from shuzhi.intake.values import half_width
from shuzhi.intake.xlsx import Grid
from shuzhi.kernel.measure import UNITS

SEARCHED_ROWS, DEEPEST = 15, 3
ALIKE = 0.7
_IGNORED = frozenset(("序号", "编号序号", "行号", "no", "no.", ""))
_BRACKETED = re.compile(r"^(.*?)\(([^()]*)\)$")
_SHEET_UNIT = re.compile(r"(?:计量单位|金额单位|单位)\s*:\s*([^\s,;()、]+)")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A column of the sheet, what it was taken for, the unit its heading gives, and whether that was a guess."""

    column: Column
    at: int
    heading: str
    unit: str = ""
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a sheet: rows ``top`` to ``bottom``, and its columns."""

    form: Form
    top: int
    bottom: int
    mapped: tuple[Mapped, ...]
    unknown: tuple[tuple[int, str], ...]
    unit: str = ""

    @property
    def weight(self) -> float:
        """How well the heading fits the form: certain columns count fully, guesses half, strangers against it."""
        certain = sum(not item.guessed for item in self.mapped)
        return certain + (len(self.mapped) - certain) / 2 - len(self.unknown) / 10

    @property
    def fits(self) -> bool:
        """Whether the heading is that of the form: what must be filled is there, or most of it and half the sheet."""
        needed = {item.code for item in self.form.columns if item.required}
        here = {item.column.code for item in self.mapped}
        shared = len(self.mapped) / max(1, len(self.mapped) + len(self.unknown))
        return len(here) >= 2 and (
            needed <= here or (len(needed & here) * 3 >= len(needed) * 2 and shared >= 0.5)
        )


def normal(label: str) -> str:
    """A heading without what typists vary: spaces, line breaks, stars, full-width brackets, a final colon."""
    return re.sub(r"[\s*＊、]", "", half_width(label)).rstrip(":").lower()


def split_unit(label: str) -> tuple[str, str]:
    """A heading and the unit of measurement in its brackets, as in 总投资（万元）."""
    text = normal(label)
    match = _BRACKETED.match(text)
    if match is not None:
        inner = match[2].removeprefix("单位:").strip()
        if inner in UNITS:
            return match[1], inner
    return text, ""


def headings(grid: Grid, top: int, bottom: int) -> dict[int, tuple[str, ...]]:
    """The heading texts of each column from the top row down, repeated texts of merged cells once."""
    found: dict[int, tuple[str, ...]] = {}
    for column in range(1, grid.last_column + 1):
        parts: list[str] = []
        for row in range(top, bottom + 1):
            cell = grid.cells.get((row, column))
            if cell is not None and cell.text and (not parts or parts[-1] != cell.text):
                parts.append(cell.text)
        if parts:
            found[column] = tuple(parts)
    return found


def deepest(grid: Grid, top: int) -> int:
    """The last row of a heading that starts at ``top``: merged cells tie the rows of a heading together."""
    bottom = top
    for row in (top, top + 1, top + 2):
        if row > bottom:
            break
        for first, left, last, right in grid.merges:
            if first == row and last > row:
                bottom = max(bottom, min(last, top + 2))
            elif first == last == row and right > left > 1:
                bottom = max(bottom, min(row + 1, top + 2))
    return bottom if bottom > top else top + _unmerged(grid, top)


def _unmerged(grid: Grid, top: int) -> int:
    """1 when the next row goes on with the heading without merged cells: words only, and only where a group stands
    above or nothing does.
    """
    above = {column for (row, column), cell in grid.cells.items() if row == top and cell.text}
    below = {column: cell for (row, column), cell in grid.cells.items() if row == top + 1 and cell.text}
    if (
        not below
        or not above
        or any(cell.number is not None or cell.day is not None for cell in below.values())
    ):
        return 0
    groups = {column for column in above if column + 1 not in above and column + 1 in below}
    return int(bool(set(below) - above) and set(below) <= groups | (set(range(1, max(below) + 1)) - above))


def is_title(grid: Grid, row: int) -> bool:
    """Whether a row says only one thing: the name of the table, or 单位：万元."""
    texts = {cell.text for (at, _), cell in grid.cells.items() if at == row and cell.text}
    return len(texts) <= 1


def _spellings(parts: Sequence[str]) -> list[tuple[str, str]]:
    """The ways a joined heading may be read, fullest first, each with the unit found in any of its rows."""
    split = [split_unit(part) for part in parts]
    unit = next((item for _, item in reversed(split) if item), "")
    texts = [text for text, _ in split]
    ways = ["".join(texts), texts[-1], "".join(reversed(texts)), "".join(texts[1:])]
    return [(way, unit) for way in dict.fromkeys(ways)]


class _Names:
    """The names of a form's columns: labels and codes first, then aliases no label claims."""

    def __init__(self, form: Form) -> None:
        self.labels = {normal(item.label): item for item in form.columns}
        self.labels |= {normal(item.heading): item for item in form.columns}
        for item in form.columns:
            self.labels.setdefault(item.code.lower(), item)
        self.aliases: dict[str, Column] = {}
        for item in form.columns:
            for alias in item.aliases:
                if normal(alias) not in self.labels:
                    self.aliases.setdefault(normal(alias), item)

    def alike(self, text: str, taken: set[str]) -> tuple[float, Column] | None:
        """The nearest free column by similarity, when near enough and clearly nearer than the next."""
        ranked = sorted(
            (
                (SequenceMatcher(None, text, name).ratio(), column.code, column)
                for name, column in {**self.aliases, **self.labels}.items()
                if column.code not in taken
            ),
            key=lambda item: (-item[0], item[1]),
        )
        if not ranked or ranked[0][0] < ALIKE or len(text) < 2:
            return None
        return ranked[0][0], ranked[0][2]


def fit(grid: Grid, form: Form, top: int, bottom: int, *, guess: bool = True) -> Head:
    """Read rows ``top`` to ``bottom`` as the heading of a form."""
    names = _Names(form)
    mapped: dict[str, Mapped] = {}
    left = dict(headings(grid, top, bottom))
    if form.code == MONTHS_FORM:
        _take_months(mapped, left)
    for table in (names.labels, names.aliases):
        for at, parts in list(left.items()):
            for text, unit in _spellings(parts):
                column = table.get(text)
                if column is not None and column.code not in mapped:
                    mapped[column.code] = Mapped(column, at, "·".join(parts), unit)
                    del left[at]
                    break
    for at, parts in list(left.items()) if guess else ():
        for text, unit in _spellings(parts)[:2]:
            near = names.alike(text, set(mapped))
            if near is not None and text not in _IGNORED:
                mapped[near[1].code] = Mapped(near[1], at, "·".join(parts), unit, guessed=True)
                del left[at]
                break
    strange = tuple((at, "·".join(parts)) for at, parts in left.items() if normal(parts[-1]) not in _IGNORED)
    ordered = tuple(sorted(mapped.values(), key=lambda item: item.at))
    return Head(form, top, bottom, ordered, strange, _sheet_unit(grid, top))


def _take_months(mapped: dict[str, Mapped], left: dict[int, tuple[str, ...]]) -> None:
    """Columns of values are told by the month their heading names, whatever years stand side by side."""
    for at, parts in list(left.items()):
        slot = slot_of(parts)
        if slot is not None and slot.code not in mapped:
            mapped[slot.code] = Mapped(column_of(slot, "·".join(parts)), at, "·".join(parts))
            del left[at]


def _sheet_unit(grid: Grid, top: int) -> str:
    """The unit that stands above the heading for the whole table (单位：万元), or empty."""
    for (row, _), cell in sorted(grid.cells.items()):
        if row >= top:
            break
        match = _SHEET_UNIT.search(half_width(cell.text))
        if match is not None and match[1] in UNITS:
            return match[1]
    return ""


def best_head(grid: Grid, candidates: Iterable[Form], *, guess: bool = True) -> Head | None:
    """The heading that fits one of the forms best, or None.

    Columns are guessed by similarity only for the best row that has certain ones: guessing is slow, and a row of data
    must never win by resembling a heading.
    """
    best: Head | None = None
    rows = sorted({row for row, _ in grid.cells})[:SEARCHED_ROWS]
    starts = [row for row in rows if not is_title(grid, row)]
    for form in candidates:
        for top in starts:
            head = fit(grid, form, top, deepest(grid, top), guess=False)
            if head.mapped and (best is None or head.weight > best.weight):
                best = head
    if best is None or not guess or not best.unknown:
        return best
    return fit(grid, best.form, best.top, best.bottom)


def recognise(grid: Grid, known: Mapping[str, Form], named: str = "") -> Head | None:
    """Which form a sheet is: by the hidden note of a template, its tab, its title, and else by its headings."""
    grid = grid.crown(SEARCHED_ROWS + DEEPEST)
    if named in known:
        return best_head(grid, (known[named],))
    for form, exact in _called(grid, known):
        head = best_head(grid, (form,))
        if head is not None and (head.fits or (exact and len(head.mapped) > 1)):
            return head
    head = best_head(grid, known.values(), guess=False)
    if head is None:
        return None
    guessed = best_head(grid, (head.form,))
    return guessed if guessed is not None and guessed.fits else None


def _called(grid: Grid, known: Mapping[str, Form]) -> list[tuple[Form, bool]]:
    """Forms whose title stands on the tab or above the table, the longest first; whether the tab is just that."""
    above = [
        cell.text for (row, _), cell in sorted(grid.cells.items())[:40] if row <= 3 and is_title(grid, row)
    ]
    told = [normal(grid.name), *(normal(text) for text in above)]
    found = []
    for form in known.values():
        names = [normal(form.title), *(normal(word) for word in form.words)]
        for name in names:
            if any(name and name in text for text in told):
                exact = told[0] == names[0]
                found.append((exact, len(name), form.code, form))
                break
    return [
        (form, exact) for exact, *_, form in sorted(found, key=lambda item: (not item[0], -item[1], item[2]))
    ]
