"""Counting: which groups are shown together, what is kept of the urn, rates and scores, in exact fractions.

What is kept is kept by *cell*: one group, or several merged ones. Cells part the groups and none is smaller than the
evaluation allows, so whatever is added up or subtracted from what is kept concerns as many voters again; and the scores
are made of the cells alone, because a score made of the single groups would give them away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shuzhi.ballots.paper import BLANK, SPOILT, VALID, Paper, Question

Stack = dict[str, int]
#: Groups shown together, in the order of the paper.
Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """What is kept of an urn: the cells; of each the papers by what they count as; of each question and cell the marks.

    A question that too few answered in some cell is kept for all voters together (one cell), or not at all.
    """

    cells: tuple[Cell, ...]
    covers: Mapping[str, Stack]
    stacks: Mapping[str, Mapping[str, Stack]]


@dataclass(frozen=True, slots=True)
class Line:
    """The marks of one question in one cell, with the base of their rates."""

    cell: str
    label: str
    counts: tuple[tuple[str, int], ...]
    blank: int
    spoilt: int
    base: int
    weight: Fraction

    @property
    def valid(self) -> int:
        """Valid strips: with a mark or left blank."""
        return sum(count for _, count in self.counts) + self.blank

    @property
    def rates(self) -> tuple[tuple[str, Fraction], ...]:
        """The share of each grade in the base, exact."""
        return tuple((grade, Fraction(count, self.base)) for grade, count in self.counts)


@dataclass(frozen=True, slots=True)
class Result:
    """A question's lines, and the score (0 to 1) where it is the overall grade; no lines when too few answered."""

    question: Question
    lines: tuple[Line, ...]
    score: Fraction | None


def key_of(cell: Cell) -> str:
    """A cell's name: ``A``, ``B+C``."""
    return "+".join(cell)


def label_of(paper: Paper, cell: Cell) -> str:
    """A cell in words: ``A类 县领导``, ``B、C类（合并）``."""
    if len(cell) == 1:
        return f"{cell[0]}类 {paper.group(cell[0]).label}"
    return f"{'、'.join(cell)}类（合并）"


def partition(groups: Sequence[str], valid: Mapping[str, int], smallest: int) -> tuple[Cell, ...]:
    """Which groups are shown together: while one is too small, it is joined with the next smallest.

    Empty when all together are too few: then nothing may be shown at all.
    """
    place = {code: number for number, code in enumerate(groups)}
    cells: list[Cell] = [(code,) for code in groups]

    def size(cell: Cell) -> tuple[int, int]:
        return sum(valid[code] for code in cell), place[cell[0]]

    while True:
        cells.sort(key=size)
        if not cells or size(cells[0])[0] >= smallest:
            break
        if len(cells) == 1:
            return ()
        joined = tuple(sorted((*cells[0], *cells[1]), key=place.__getitem__))
        cells = [joined, *cells[2:]]
    return tuple(sorted(cells, key=lambda cell: place[cell[0]]))


def reduce(
    paper: Paper,
    covers: Mapping[str, Stack],
    stacks: Mapping[str, Mapping[str, Stack]],
) -> Count:
    """What may be kept of an urn's stacks (by group, then by question)."""
    groups = [group.code for group in paper.groups]
    valid = {code: covers[code][VALID] for code in groups}
    if paper.blanks == "base":
        valid = {code: count + covers[code][BLANK] for code, count in valid.items()}
    cells = partition(groups, valid, paper.smallest)
    if not cells:
        return Count((), {}, {})
    kept = {}
    for question in paper.questions():
        mine = {code: stacks[code][question.code] for code in groups}
        kept[question.code] = _kept(paper, mine, cells, tuple(groups))
    return Count(cells, {key_of(cell): added([covers[code] for code in cell]) for cell in cells}, kept)


def _kept(
    paper: Paper, mine: Mapping[str, Stack], cells: Sequence[Cell], everybody: Cell
) -> dict[str, Stack]:
    """A question's stacks by cell; for all voters together, or none, where a cell's base is too small."""
    for tried in (cells, (everybody,)):
        made = {key_of(cell): added([mine[code] for code in cell]) for cell in tried}
        if all(base_of(paper, stack) >= paper.smallest for stack in made.values()):
            return made
    return {}


def added(stacks: Sequence[Stack]) -> Stack:
    """Stacks laid together."""
    return {mark: sum(stack[mark] for stack in stacks) for mark in stacks[0]}


def base_of(paper: Paper, stack: Stack) -> int:
    """How many the rates are taken of."""
    marked = sum(count for mark, count in stack.items() if mark not in (BLANK, SPOILT))
    return marked + (stack[BLANK] if paper.blanks == "base" else 0)


def results(paper: Paper, count: Count) -> list[Result]:
    """Rates and scores of every question, from what was kept and nothing else."""
    found = []
    for question in paper.questions():
        lines = []
        for key, stack in count.stacks.get(question.code, {}).items():
            cell = tuple(key.split("+"))
            lines.append(
                Line(
                    cell=key,
                    label=label_of(paper, cell),
                    counts=tuple((grade, stack[grade]) for grade in question.grades),
                    blank=stack[BLANK],
                    spoilt=stack[SPOILT],
                    base=base_of(paper, stack),
                    weight=sum((paper.group(code).weight for code in cell), Fraction(0)),
                )
            )
        found.append(Result(question, tuple(lines), _score(paper, question, lines)))
    return found


def _score(paper: Paper, question: Question, lines: Sequence[Line]) -> Fraction | None:
    """Σ weight × Σ rate × coefficient; only the overall grade has one, and only when it was counted."""
    if question.part != "grade" or not lines:
        return None
    return sum(
        (
            line.weight * rate * coefficient
            for line in lines
            for (_, rate), coefficient in zip(line.rates, paper.coefficients, strict=True)
        ),
        Fraction(0),
    )


def overall(paper: Paper, result: Result) -> Line | None:
    """A question's lines laid together, for shares among all voters."""
    if not result.lines:
        return None
    counts = tuple(
        (grade, sum(dict(line.counts)[grade] for line in result.lines)) for grade in result.question.grades
    )
    return Line(
        cell="+".join(group.code for group in paper.groups),
        label="合计",
        counts=counts,
        blank=sum(line.blank for line in result.lines),
        spoilt=sum(line.spoilt for line in result.lines),
        base=sum(line.base for line in result.lines),
        weight=Fraction(1),
    )
