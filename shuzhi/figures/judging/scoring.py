"""Scoring of targets 目标绩效考核计分: a scheme and a closing in, scores out; nothing is kept, nothing asked of a database.

The formulas are in :mod:`shuzhi.figures.judging.formulas`. The same scheme over the same closing gives the same sheet, whose
digest says so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.judging.formulas import (
    ONE,
    ZERO,
    by_rank,
    counted,
    down,
    grades,
    growth,
    growth_ratio,
    inside,
    milestones,
    number,
    ranks,
    up,
)
from shuzhi.figures.tree import Member, tree_of
from shuzhi.kernel.catalogue.schemes import FORMULA_NAMES, Scheme, ScoreItem
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.measure import UNITS, half_up, say

UNREPORTED: Final = "未报"
_SCORED: Final = ("up", "growth", "down", "range", "milestone", "rank")


@dataclass(frozen=True, slots=True)
class Mark:
    """What one item gives one unit. ``score`` is None when data are missing: it counts nothing and is shown apart."""

    item: ScoreItem
    actual: Fraction | None
    target: Fraction | None
    score: Fraction | None
    actual_text: str
    target_text: str
    why: str

    def as_json(self) -> dict[str, object]:
        """The mark as a flat dictionary; exact numbers as fractions in text."""
        return {
            "item": self.item.code,
            "label": self.item.label,
            "formula": self.item.formula,
            "weight": self.item.weight,
            "actual": None if self.actual is None else str(self.actual),
            "target": None if self.target is None else str(self.target),
            "actual_text": self.actual_text,
            "target_text": self.target_text,
            "score": None if self.score is None else str(self.score),
            "state": UNREPORTED if self.score is None else "",
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Score:
    """The sheet of one unit: points of the items, bonus and deduction within their limits, total, rank, grade.

    ``missing`` is the weight of the items not reported; ``capped`` the best grade a veto leaves ("" none).
    """

    unit: str
    unit_name: str
    marks: tuple[Mark, ...]
    points: Fraction
    bonus: Fraction
    deduction: Fraction
    total: Fraction
    missing: Fraction
    capped: str = ""
    rank: int = 0
    grade: str = ""

    def as_json(self, decimals: int = 2) -> dict[str, object]:
        """The sheet as dictionaries and lists."""
        return {
            "unit": self.unit,
            "name": self.unit_name,
            "points": str(self.points),
            "bonus": str(self.bonus),
            "deduction": str(self.deduction),
            "total": str(self.total),
            "total_text": say(self.total, decimals),
            "unreported_weight": str(self.missing),
            "capped": self.capped,
            "rank": self.rank,
            "grade": self.grade,
            "items": [mark.as_json() for mark in self.marks],
        }


@dataclass(frozen=True, slots=True)
class Sheet:
    """The scores of a scheme over a closing: ``parameters`` is the digest of the scheme's text, ``id`` of everything."""

    scheme: Scheme
    closing: str
    as_of: str
    parameters: str
    scores: tuple[Score, ...]

    @property
    def id(self) -> str:
        """The digest of inputs, parameters and results."""
        return digest(canonical(self._body()))

    def _body(self) -> dict[str, object]:
        return {
            "scheme": self.scheme.code,
            "label": self.scheme.label,
            "year": self.scheme.year,
            "closing": self.closing,
            "as_of": self.as_of,
            "parameters": self.parameters,
            "scores": [score.as_json(self.scheme.decimals) for score in self.scores],
        }

    def as_json(self) -> dict[str, object]:
        """The whole sheet as dictionaries and lists, with its own digest."""
        return {"id": self.id, **self._body()}


# --- one closing ---------------------------------------------------------------------------------------------------------


Answer = Callable[[Sequence[Ask], Closing], Sequence[Figure]]
"""Gives the figures of some asks over a closing, in their order."""


def _computed(asks: Sequence[Ask], closing: Closing) -> Sequence[Figure]:
    return compute(asks, [closing])


def score(
    scheme: Scheme, closing: Closing, units: Iterable[str] = (), *, answer: Answer = _computed
) -> Sheet:
    """The scheme over a closing. Ranks, places and quotas are among all units of the scheme's level, whichever are shown.

    ``answer`` says where figures come from; they are computed from the closing when nothing is said. Raises Refused when a file of the closing is damaged.
    """
    members = _units(scheme, closing)
    asks = {
        (member.code, item.code, part): Ask(expression.source, member.code, scheme.year, 12, item.unit)
        for member in members
        for item in scheme.items
        for part, expression in (("actual", item.actual), ("target", item.target))
        if expression is not None
    }
    figures = dict(zip(asks, answer(list(asks.values()), closing), strict=True))
    places = _places(scheme, members, figures)
    scores = _settled(scheme, [_score(scheme, member, figures, places) for member in members])
    wanted = frozenset(units)
    return Sheet(
        scheme,
        closing.id,
        closing.as_of.isoformat(),
        digest(canonical(_spelled(scheme))),
        tuple(item for item in scores if not wanted or item.unit in wanted),
    )


def _units(scheme: Scheme, closing: Closing) -> list[Member]:
    tree = tree_of(closing)
    return [item for item in tree.members.values() if item.level == scheme.of and item.stood(closing.as_of)]


def _spelled(scheme: Scheme) -> dict[str, object]:
    """The scheme as plain values: what its digest is of."""
    plain: dict[str, object] = {
        "code": scheme.code,
        "year": scheme.year,
        "of": scheme.of,
        "bonus_limit": scheme.bonus_limit,
        "deduct_limit": scheme.deduct_limit,
        "grades": [[item.name, item.since, item.quota] for item in scheme.grades],
    }
    rows = []
    for item in scheme.items:
        row = {name: getattr(item, name) for name in item.__slots__ if name not in ("actual", "target")}
        row = {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}
        row["actual"] = item.actual.source
        row["target"] = item.target.source if item.target else ""
        rows.append(row)
    return {**plain, "items": rows}


Figures = Mapping[tuple[str, str, str], Figure]


def _exact(figures: Figures, unit: str, item: ScoreItem, part: str) -> tuple[Fraction | None, str, str]:
    """A figure's value in the base unit of its family (rates as parts of one), as it is printed, and why there is none."""
    figure = figures.get((unit, item.code, part))
    if figure is None:
        return None, "", ""
    value = figure.value
    if value is not None and figure.unit in UNITS:
        value *= Fraction(10) ** UNITS[figure.unit].power
    bare = figure.ask.expression.strip()
    if bare.replace(".", "", 1).isdigit():
        return value, bare, ""  # a number written in the scheme has no unit of its own
    return value, f"{figure.text}{figure.unit}" if figure.text else "", figure.reason


def _places(scheme: Scheme, members: Sequence[Member], figures: Figures) -> dict[tuple[str, str], int]:
    """The place of each unit in each item that is scored by rank; those without data have none."""
    found: dict[tuple[str, str], int] = {}
    for item in scheme.items:
        if item.formula != "rank" or item.order == "given":
            continue
        values = {member.code: _exact(figures, member.code, item, "actual")[0] for member in members}
        known = {code: value for code, value in values.items() if value is not None}
        for code, place in ranks(known, better=item.order).items():
            found[code, item.code] = place
    return found


def _score(scheme: Scheme, member: Member, figures: Figures, places: Mapping[tuple[str, str], int]) -> Score:
    marks = [_mark(item, member.code, figures, places) for item in scheme.items]
    struck = {
        code: mark.item.label
        for mark in marks
        for code in mark.item.voids
        if mark.item.formula in ("deduct", "veto") and mark.actual is not None and mark.actual > 0
    }
    marks = [_voided(mark, struck) for mark in marks]
    points = _total(marks, _SCORED)
    bonus = min(_total(marks, ("bonus",)), number(scheme.bonus_limit))
    deduction = min(_total(marks, ("deduct",)), number(scheme.deduct_limit))
    missing = sum(
        (number(mark.item.weight) for mark in marks if mark.score is None and mark.item.formula in _SCORED),
        ZERO,
    )
    order = [grade.name for grade in scheme.grades]
    caps = [
        mark.item.grade
        for mark in marks
        if mark.item.formula == "veto" and mark.item.grade and mark.actual is not None and mark.actual > 0
    ]
    return Score(
        member.code,
        member.name,
        tuple(marks),
        points,
        bonus,
        deduction,
        max(ZERO, points + bonus - deduction),
        missing,
        max(caps, key=order.index, default=""),
    )


def _total(marks: Sequence[Mark], formulas: Sequence[str]) -> Fraction:
    return sum((mark.score or ZERO for mark in marks if mark.item.formula in formulas), ZERO)


def _voided(mark: Mark, struck: Mapping[str, str]) -> Mark:
    """An item that a veto or false data strikes counts nothing."""
    if mark.item.code not in struck or mark.score is None:
        return mark
    why = f"因“{struck[mark.item.code]}”计零分"
    return Mark(mark.item, mark.actual, mark.target, ZERO, mark.actual_text, mark.target_text, why)


def _mark(item: ScoreItem, unit: str, figures: Figures, places: Mapping[tuple[str, str], int]) -> Mark:
    actual, actual_text, reason = _exact(figures, unit, item, "actual")
    target, target_text, no_target = _exact(figures, unit, item, "target")
    if actual is None:
        return Mark(item, None, target, None, "", target_text, reason or UNREPORTED)
    if item.target is not None and target is None:
        return Mark(item, actual, None, None, actual_text, "", no_target or "没有目标")
    if item.formula == "veto":
        why = f"发生{say(actual, 0)}起，{item.authority}" if actual > 0 else "未发生"
        return Mark(item, actual, None, ZERO, actual_text, "", why)
    if item.formula in ("bonus", "deduct"):
        given = counted(actual, number(item.each), number(item.limit))
        return Mark(item, actual, None, given, actual_text, "", f"每次{item.each}分，最多{item.limit}分")
    if item.formula == "rank":
        place = actual if item.order == "given" else Fraction(places[unit, item.code])
        given = min(by_rank(place, [number(text) for text in item.points]), number(item.weight))
        return Mark(item, actual, None, given, actual_text, "", f"第{say(place, 0)}名")
    part = _part(item, actual, target if target is not None else ZERO)
    if part is None:
        why = "没有应完成的节点" if item.formula == "milestone" else "目标为零或负，算不出完成比例"
        return Mark(item, actual, target, None, actual_text, target_text, why)
    why = f"{FORMULA_NAMES[item.formula]}：{say(part * 100, 2)}%"
    return Mark(item, actual, target, part * number(item.weight), actual_text, target_text, why)


def _part(item: ScoreItem, actual: Fraction, target: Fraction) -> Fraction | None:
    """The part of an item's weight that is earned."""
    match item.formula:
        case "up":
            return up(actual, target, number(item.cap))
        case "growth" if item.form == "ratio":
            return growth_ratio(actual, target, number(item.cap))
        case "growth":
            return growth(actual, target, number(item.k))
        case "down":
            return down(actual, target)
        case "milestone":
            return milestones(actual, target)
        case _:
            scale = Fraction(10) ** UNITS[item.unit].power if item.unit else ONE
            low, high = number(item.low) * scale, number(item.high) * scale
            return inside(actual, low, high, number(item.reach or "0") * scale, number(item.floor))


# --- ranks and grades ----------------------------------------------------------------------------------------------------


def _settled(scheme: Scheme, scores: Sequence[Score]) -> list[Score]:
    """The scores in the order of their ranks, with grades. What is ranked is what is printed: equals to the last decimal
    that is shown share a rank.
    """
    shown = {item.unit: half_up(item.total, scheme.decimals) for item in scores}
    places = ranks(shown, better="up")
    given = grades(scheme.grades, [(item.unit, shown[item.unit], item.capped) for item in scores])
    made = [
        Score(
            item.unit,
            item.unit_name,
            item.marks,
            item.points,
            item.bonus,
            item.deduction,
            item.total,
            item.missing,
            item.capped,
            places[item.unit],
            given[item.unit],
        )
        for item in scores
    ]
    return sorted(made, key=lambda item: (item.rank, item.unit))
