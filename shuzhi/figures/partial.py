"""Partials: what one closing contributes to a leaf, how partials merge, and how they are kept for ever.

A partial depends on nothing but the cut and the digests of the relations it was read from, so it is remembered by
these: in this process always, in a folder when one is given. When one county closes again, only its partials are new.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import reduce
from pathlib import Path
from typing import Final

from shuzhi.figures.ask import MOST_REFS
from shuzhi.figures.leaves import Cut
from shuzhi.figures.memory import Memory
from shuzhi.kernel.chain import canonical, digest
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
    """The partial of all closings together."""
    return reduce(lambda one, two: _add(cut, one, two), partials)


def _add(cut: Cut, one: Partial, two: Partial) -> Partial:
    bests = [value for value in (one.best, two.best) if not isinstance(value, Missing)]
    groups = dict(one.groups)
    for key, part in two.groups.items():
        groups[key] = _add(cut, groups[key], part) if key in groups else part
    return Partial(
        one.rows + two.rows,
        one.missing + two.missing,
        one.total + two.total,
        extreme(bests, least=cut.how == "min"),
        one.members | two.members,
        tuple(sorted({*one.refs, *two.refs})[:MOST_REFS]),
        groups,
        one.there and two.there,
    )


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


PARTIALS: Final[Memory[Key, Partial]] = Memory()

# --- kept in a folder ------------------------------------------------------------------------------------------------


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
        "refs": list(partial.refs),
        "groups": {key: as_json(part) for key, part in partial.groups.items()},
    }


def from_json(said: Mapping[str, object]) -> Partial:
    """The partial again; raises TypeError, KeyError or ValueError on anything else."""
    groups, members, refs, best = said["groups"], said["members"], said["refs"], said["best"]
    rows, missing = said["rows"], said["missing"]
    if not (isinstance(groups, dict) and isinstance(members, list) and isinstance(refs, list)):
        raise TypeError("no partial")
    if not (isinstance(best, list) and isinstance(rows, int) and isinstance(missing, int)):
        raise TypeError("no partial")
    return Partial(
        rows,
        missing,
        Fraction(str(said["total"])),
        _heard(best),
        frozenset(_heard(member) for member in members),
        tuple(str(ref) for ref in refs),
        {key: from_json(part) for key, part in groups.items()},
    )


class Shelf:
    """Partials kept in a folder, one small file each, checked by digest when read; a damaged file counts as absent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, key: Key) -> Path:
        name = digest(canonical([repr(key[0]), key[1], key[2]])).partition(":")[2]
        return self.folder / name[:2] / name

    def get(self, key: Key) -> Partial | None:
        """The partial of that key, if it lies there whole."""
        try:
            head, _, body = self._path(key).read_bytes().partition(b"\n")
            if head.decode() != digest(body):
                return None
            return from_json(json.loads(body))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: Key, partial: Partial) -> None:
        """Keep a partial; another process keeping the same one at once writes the same bytes."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{uuid.uuid4().hex}")
        body = canonical(as_json(partial))
        temporary.write_bytes(digest(body).encode() + b"\n" + body)
        temporary.replace(path)
