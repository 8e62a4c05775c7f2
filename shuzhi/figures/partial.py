"""Partials: what one closing contributes to a leaf, how partials merge, and how they are written down.

A partial depends on nothing but the cut and the digests of the relations it was read from, so it is remembered by
these: in this process always, in a folder when one is given (``shelf.py``). When one county closes again, only its
partials are new.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from heapq import merge
from itertools import chain, islice, pairwise
from typing import Final

from shuzhi.figures.ask import MOST_REFS
from shuzhi.figures.leaves import Cut
from shuzhi.figures.memory import Memory
from shuzhi.kernel.expr.arithmetic import COUNTED
from shuzhi.kernel.expr.nodes import MISSING, Amount, Missing, Value
from shuzhi.kernel.expr.rows import extreme


@dataclass(frozen=True, slots=True)
class Partial:
    """A total that can be added to others of the same cut.

    ``rows`` counts the rows that fit, ``missing`` those of them that lack the column. ``total`` is the sum in the base unit,
    ``best`` the smallest or largest value, ``members`` the distinct values, ``refs`` the first items in order, ``groups``
    the partials of each key when the cut is split. ``there`` is false when a closing has no such relation.
    """

    rows: int = 0
    missing: int = 0
    total: Fraction = Fraction(0)
    best: Value = MISSING
    members: frozenset[Value] = frozenset()
    refs: tuple[str, ...] = ()
    groups: Mapping[str, "Partial"] = field(default_factory=dict)
    there: bool = True


def merged(cut: Cut, partials: Iterable[Partial]) -> Partial:
    """The partial of all closings together; the order they come in does not matter."""
    parts = list(partials)
    if len(parts) == 1:
        return parts[0]
    bests = [part.best for part in parts if not isinstance(part.best, Missing)]
    groups: dict[str, list[Partial]] = {}
    for part in parts:
        for key, own in part.groups.items():
            groups.setdefault(key, []).append(own)
    return Partial(
        sum(part.rows for part in parts),
        sum(part.missing for part in parts),
        sum((part.total for part in parts), Fraction(0)),
        extreme(bests, least=cut.how == "min"),
        frozenset().union(*(part.members for part in parts)),
        first_in_order([part.refs for part in parts]),
        {key: merged(cut, own) for key, own in groups.items()},
        all(part.there for part in parts),
    )


def first_in_order(ordered: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The first names of several sequences that are in order, each once, at most as many as a trace tells."""
    found: list[str] = []
    several = [names for names in ordered if names]
    if all(
        one[-1] < two[0] for one, two in pairwise(several)
    ):  # as those of closings mostly are: one after another
        return tuple(islice(chain.from_iterable(several), MOST_REFS))
    for ref in merge(*several):
        if not found or found[-1] != ref:
            found.append(ref)
            if len(found) == MOST_REFS:
                break
    return tuple(found)


def value_of(cut: Cut, partial: Partial) -> Value:
    """The value of a leaf: no rows is nothing happened (0), but rows that all lack the column are missing."""
    if not partial.there:
        return MISSING
    if cut.per:
        groups = sorted(partial.groups.items())
        return tuple((key, _single(cut, part)) for key, part in groups)
    return _single(cut, partial)


def _single(cut: Cut, partial: Partial) -> Value:
    if cut.how == "count":
        return Amount(Fraction(partial.rows), COUNTED)
    if cut.how == "distinct":
        return Amount(Fraction(len(partial.members)), COUNTED)
    if cut.how in ("min", "max"):
        return partial.best
    if partial.rows and partial.missing == partial.rows:
        return MISSING
    return Amount(partial.total, cut.family)


# --- kept in this process --------------------------------------------------------------------------------------------

Key = tuple[Cut, str, str]
"""A cut, the digest of the relation it reads and, when it looks below a unit, of the relation of units."""


PARTIALS: Final[Memory[Key, Partial]] = Memory(100_000)

# --- written down ------------------------------------------------------------------------------------------------


def _said(value: Value) -> list[str]:
    if isinstance(value, Amount):
        return ["amount", str(value.value), value.family]
    if isinstance(value, bool):
        return ["bool", str(value)]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, str):
        return ["text", value]
    return ["missing"]


def _heard(said: list[str]) -> Value:
    match said:
        case ["amount", value, family]:
            return Amount(Fraction(value), family)
        case ["bool", value]:
            return value == "True"
        case ["date", value]:
            return date.fromisoformat(value)
        case ["text", value]:
            return value
    return MISSING


def as_json(partial: Partial) -> dict[str, object]:
    """The partial as dictionaries and lists; exact values as fractions in text."""
    return {
        "rows": partial.rows,
        "missing": partial.missing,
        "total": str(partial.total),
        "best": _said(partial.best),
        "members": sorted(_said(value) for value in partial.members),
        "refs": _joined(partial.refs),
        "groups": {key: as_json(part) for key, part in partial.groups.items()},
    }


def from_json(said: Mapping[str, object]) -> Partial:
    """The partial again; raises TypeError, KeyError or ValueError on anything else."""
    groups, members, refs, best = said["groups"], said["members"], said["refs"], said["best"]
    rows, missing = said["rows"], said["missing"]
    if not (isinstance(groups, dict) and isinstance(members, list)):
        raise TypeError("no partial")
    if not (isinstance(best, list) and isinstance(rows, int) and isinstance(missing, int)):
        raise TypeError("no partial")
    return Partial(
        rows,
        missing,
        _fraction(str(said["total"])),
        _heard(best),
        frozenset(_heard(member) for member in members),
        _split(refs),
        {key: from_json(part) for key, part in groups.items()},
    )


# Some hundred names in one text are written and read several times as fast as one by one.
_BETWEEN: Final = "|"


def _joined(refs: Sequence[str]) -> str | list[str]:
    return list(refs) if not refs or any(_BETWEEN in ref for ref in refs) else _BETWEEN.join(refs)


def _split(said: object) -> tuple[str, ...]:
    match said:
        case str(text):
            return tuple(text.split(_BETWEEN))
        case list(each):
            return tuple(map(str, each))
    raise TypeError("no names")


def _fraction(said: str) -> Fraction:
    return Fraction(said) if "/" in said else Fraction(int(said))
