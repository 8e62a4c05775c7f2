"""A signed edition computed again from what it was computed from, and what later books say instead, figure by figure.

Knows neither Django nor a database: an archive alone is enough. What the edition said comes as plain data (see
:func:`asked` for what stands in it), from an archive or from the accounts alike.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import Worked, worked
from shuzhi.figures.kept import Kept
from shuzhi.figures.notes import exactly
from shuzhi.figures.signed.archive import EXTRACT, WHOLE, Archive
from shuzhi.figures.signed.sides import Books, Change, Sides
from shuzhi.figures.signed.since import changes, stands
from shuzhi.figures.signed.taken import Audience
from shuzhi.figures.tree import BOUNDARIES
from shuzhi.kernel.measure import say
from shuzhi.prose.model import decimal_text
from shuzhi.reports.printing import Form, code_of

EXACT = 8
"""Decimals of the exact value a card keeps; one whose digits have no end is compared as a fraction where there is one."""
MOST_TOLD = 12
"""How many reasons are told of one figure on a screen; ``--json`` has them all."""
_MOST_PLACES = 4
_PERCENT = ("%", "个百分点")

Said = Mapping[str, Any]
"""One figure as the edition says it: plain data, hence the type."""


@dataclass(frozen=True, slots=True)
class Source:
    """What an edition is computed again from: its closing, totals that came without rows, and what lacks rows."""

    closing: Closing
    totals: Kept | None = None
    partial: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    held: Mapping[str, str] | None = None

    def same_files(self, relation: str) -> bool:
        """Whether a relation is read from the very file of the closing, so that its digest must be the one signed."""
        return self.held is None or self.held.get(relation) == WHOLE


@dataclass(frozen=True, slots=True)
class Replayed:
    """One figure computed again: ``faults`` say what is not as it was signed, ``rows`` whether rows are at hand for all of
    it (else some totals can only be confirmed by digest).
    """

    said: Said
    work: Worked
    text: str
    faults: tuple[str, ...]
    rows: bool

    @property
    def same(self) -> bool:
        """Whether the figure is as it was signed."""
        return not self.faults

    def told(self) -> tuple[str, str, str, str]:
        """As signed, again, result, what it rests on: the cells of a table."""
        result = "相同" if self.same else f"不同（{'、'.join(self.faults)}）"
        again = f"{self.text}{self.said['unit']}" if self.text else self.work.figure.reason or "算不出"
        return _signed(self.said), again, result, "逐条" if self.rows else "合计"

    def as_json(self) -> dict[str, object]:
        """The row for ``--json``."""
        return {
            "no": self.said["no"],
            "label": self.said["label"],
            "code": self.said["code"],
            "signed": self.said["printed"],
            "again": self.text,
            "unit": self.said["unit"],
            "value": None if self.work.figure.value is None else str(self.work.figure.value),
            "same": self.same,
            "faults": list(self.faults),
            "basis": "rows" if self.rows else "totals",
        }


@dataclass(frozen=True, slots=True)
class Since:
    """One figure over later books: what it says now, how far that is from what was signed, and why.

    ``moved`` is whether the figure is another one; ``stirred`` whether at least what stands behind it is.
    """

    said: Said
    now: Figure
    text: str
    gap: str
    rate: str
    moved: bool
    stirred: bool
    why: tuple[Change, ...]

    @property
    def result(self) -> str:
        """In a word or two."""
        if not self.moved:
            return "数未变，依据有变" if self.stirred else "未变"
        return "变了" if self.text else "现在算不出"

    @property
    def reasons(self) -> list[str]:
        """The first reasons in words, and how many more there are."""
        more = len(self.why) - MOST_TOLD
        said = [change.said for change in self.why[:MOST_TOLD]]
        return [*said, f"……另有{more}条原因，用 shuzhi replay --json 全部列出"] if more > 0 else said

    def told(self) -> tuple[str, str, str, str]:
        """As signed, now, the difference, the result: the cells of a table."""
        gap = f"{self.gap}（{self.rate}）" if self.rate else self.gap or "—"
        unit = self.now.unit if self.now.unit != self.said["in"] else self.said["unit"]
        status = f"（{self.now.status}）" if self.now.status else ""
        now = f"{self.text}{unit}{status}" if self.text else self.now.reason
        return _signed(self.said), now, gap, self.result

    def as_json(self) -> dict[str, object]:
        """The row for ``--json``."""
        return {
            "no": self.said["no"],
            "label": self.said["label"],
            "signed": self.said["printed"],
            "now": self.text,
            "unit": self.said["unit"],
            "status": {"signed": self.said["status"], "now": self.now.status},
            "value": None if self.now.value is None else str(self.now.value),
            "reason": self.now.reason,
            "gap": self.gap,
            "rate": self.rate,
            "moved": self.moved,
            "stirred": self.stirred,
            "why": [change.as_json() for change in self.why],
            "relations": _relations(self.said, self.now),
        }


def _signed(said: Said) -> str:
    status = f"（{said['status']}）" if said["status"] else ""
    return f"{said['printed']}{said['unit']}{status}"


def _relations(said: Said, now: Figure) -> list[dict[str, object]]:
    """The relations a figure was read from, each with its digest then and now."""
    old = {leaf["relation"]: leaf["relation_digest"] for leaf in said["leaves"]}
    new = {leaf.relation: leaf.relation_digest for leaf in now.trace.leaves}
    return [
        {
            "relation": name,
            "then": old.get(name, ""),
            "now": new.get(name, ""),
            "changed": old.get(name) != new.get(name),
        }
        for name in sorted({*old, *new})
    ]


def source_of(archive: Archive) -> Source:
    """What an archive's figures are computed again from."""
    partial = frozenset(name for name, held in archive.held.items() if held == EXTRACT)
    public = archive.audience is Audience.PUBLIC
    return Source(
        archive.closing, archive.totals, partial if public else frozenset(), archive.bare, archive.held
    )


def asked(said: Said, year: int = 0) -> Ask:
    """The question of a figure as it was asked then; ``year`` is for cards frozen before they kept the question."""
    ask = said.get("ask")
    if not isinstance(ask, dict):
        return Ask(str(said["expression"]), year=year, shown_in=str(said.get("in") or said["unit"]))
    decimals = ask["decimals"]
    return Ask(
        str(ask["expression"]),
        unit=str(ask["unit"]),
        year=int(ask["year"]),
        month=int(ask["month"]),
        shown_in=str(ask["shown_in"]),
        decimals=None if decimals is None else int(decimals),
        then=bool(ask.get("then")),
    )


# --- as signed ----------------------------------------------------------------------------------------------------------


def replay(figures: Sequence[Said], source: Source) -> list[Replayed]:
    """Every figure of an edition computed again, in the order of the text. Raises Refused when a file is damaged."""
    works = worked([asked(said) for said in figures], [source.closing], shelf=source.totals)
    if source.held is None:
        _check(source.closing, works)
    return [_again(said, work, source) for said, work in zip(figures, works, strict=True)]


def _check(closing: Closing, works: Sequence[Worked]) -> None:
    """Look at the files themselves: what this process remembers of them proves nothing. An archive was checked whole."""
    read = {leaf.relation for work in works for leaf in work.figure.trace.leaves}
    for relation in sorted({*read, *BOUNDARIES} & set(closing.tables)):
        closing.file(relation)
    _ = closing.texts  # read, and checked, each time


def _again(said: Said, work: Worked, source: Source) -> Replayed:
    figure = work.figure
    text = figure.text if figure.value is None else _printed(said, figure)
    faults = []
    if not _same_value(said, figure):
        faults.append("数值")
    if (figure.unit, figure.status) != (said["in"], said["status"]):
        faults.append("单位或状态")
    if not _same_leaves(said["leaves"], figure, source):
        faults.append("合计")
    if text != said["printed"]:
        faults.append("印出的数")
    if said["code"] and said["code"] != code_of(figure, str(said["printed"]), source.closing.id):
        faults.append("验数码")
    rows = not any(leaf.relation in source.bare for leaf in figure.trace.leaves)
    return Replayed(said, work, text, tuple(faults), rows)


def _printed(said: Said, figure: Figure) -> str:
    """The figure as it stands in the text; its own way where the form of the place is not known."""
    if figure.value is None:
        return figure.text
    form = said.get("printing")
    return Form.from_json(form).printed(figure.value, figure) if form else figure.text


def _same_value(said: Said, figure: Figure) -> bool:
    if figure.value is None:
        return False
    exact = said.get("value")
    if exact and Fraction(str(exact)) != figure.value:
        return False
    return decimal_text(figure.value, EXACT) == str(said["exact"])


def _same_leaves(leaves: Sequence[Said], figure: Figure, source: Source) -> bool:
    """Whether every total is what it was; and, where the very files are at hand, read from the same ones."""
    old = [
        (leaf["relation"], leaf["rows"], leaf["missing"], leaf["total"], _file(leaf, source))
        for leaf in leaves
    ]
    new = [
        (leaf.relation, leaf.rows, leaf.missing, leaf.total, _file(leaf.as_json(), source))
        for leaf in figure.trace.leaves
    ]
    return old == new


def _file(leaf: Said, source: Source) -> str:
    return str(leaf["relation_digest"]) if source.same_files(leaf["relation"]) else ""


# --- since --------------------------------------------------------------------------------------------------------------


def since(
    replayed: Sequence[Replayed], source: Source, later: Closing, *, shielded: Collection[str] = ()
) -> list[Since]:
    """What every figure says over later books, and why. Raises Refused when a file is damaged.

    ``shielded`` are ledgers of which nobody but their keepers may be told rows, whatever the definitions say.
    """
    before = Books(source.closing, source.partial, {*source.bare, *shielded})
    sides = Sides(before, Books(later, bare=set(shielded)))
    works = worked([asked(item.said) for item in replayed], [later])
    return [_since(item, work, sides) for item, work in zip(replayed, works, strict=True)]


def _since(item: Replayed, work: Worked, sides: Sides) -> Since:
    then, now = item.work.figure, work.figure
    moved = then.value != now.value or then.unit != now.unit
    stirred = moved or not stands(item.work, work, sides)
    gap, rate = _gap(then, now) if moved else ("", "")
    text = (_printed(item.said, now) or now.text) if now.value is not None else ""
    why = tuple(changes(item.work, work, sides)) if stirred else ()
    return Since(item.said, now, text, gap, rate, moved, stirred, why)


def _gap(then: Figure, now: Figure) -> tuple[str, str]:
    """Now less then, with its sign, and in percent of then; "" where the two cannot be compared."""
    if then.value is None or now.value is None or then.unit != now.unit:
        return "", ""
    difference = now.value - then.value
    text = exactly(difference)
    if "/" in text or len(text.partition(".")[2]) > _MOST_PLACES:
        text = say(difference, _MOST_PLACES)
    rate = 100 * difference / abs(then.value) if then.value and now.unit not in _PERCENT else None
    return f"{'+' if difference > 0 else ''}{text}", "" if rate is None else f"{say(rate, 2)}%"
