"""The units of a closing as a tree: who is below whom, as things stand now or as they stood on an earlier day.

As of now, a unit that was merged lies under its successor, so that its history counts there; as of then, it lies where
it lay. What a unit reported as a whole before it was split belongs to no successor. :class:`Changes` says what of a
unit as it stands now lay elsewhere on an earlier day.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from shuzhi.figures.closing import Closing
from shuzhi.figures.layout import Column
from shuzhi.figures.memory import Memory

UNITS = "unit"
UNIT_COLUMNS = (
    Column("code", "text"),
    Column("name", "text"),
    Column("level", "text"),
    Column("parent", "text"),
    Column("since", "date"),
    Column("until", "date"),
    Column("first", "whole"),
    Column("last", "whole"),
)
PLACES, NAMES, SUCCESSIONS = "unit_place", "unit_name", "succession"
BOUNDARIES = (UNITS, PLACES, NAMES, SUCCESSIONS)
DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Member:
    """One unit of a closing; ``first`` to ``last`` are the preorder numbers of itself and all below it."""

    code: str
    name: str
    level: str
    parent: str
    since: date | None
    until: date | None
    first: int
    last: int

    def stood(self, day: date) -> bool:
        """Whether the unit existed on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Move:
    """Where a unit lay before: under which one, from when until which day; ``merged`` when it then went into another whole."""

    unit: str
    parent: str
    since: date
    until: date
    merged: bool = False

    @property
    def day(self) -> date:
        """The day from which it lay elsewhere."""
        return self.until + timedelta(1) if self.until < date.max else self.until


@dataclass(frozen=True, slots=True)
class Changes:
    """What a unit holds now otherwise than on an earlier day.

    ``came`` are the uppermost units that lie in it now and lay elsewhere then, ``left`` those that lay in it (or in what
    came) and lie elsewhere now, each in preorder. ``split`` names the ended units of which it took a part since, with the
    day: what they said as a whole is nobody's. ``stood`` says whether the unit existed on that day.
    """

    came: tuple[Move, ...] = ()
    left: tuple[Move, ...] = ()
    split: tuple[tuple[str, date], ...] = ()
    stood: bool = True

    @property
    def redrawn(self) -> bool:
        """Whether what the unit itself said on that day is not what it holds now."""
        return bool(self.came or self.left or self.split)


class Tree:
    """All units of one closing, in preorder; what is known of their earlier places and of splits."""

    def __init__(
        self,
        members: Iterable[Member],
        splits: tuple[tuple[str, str, date], ...] = (),
        moves: tuple[Move, ...] = (),
    ) -> None:
        self.members = {member.code: member for member in sorted(members, key=lambda member: member.first)}
        self.splits = splits
        self.moves = moves
        self._lay: dict[date, dict[str, Move]] = {}

    @cached_property
    def split(self) -> dict[str, tuple[str, date]]:
        """For each unit that took a part of a split one: the name of that one, and the day."""
        return {
            into: (self.members[unit].name, day) for unit, into, day in self.splits if unit in self.members
        }

    @cached_property
    def _areas(self) -> dict[str, list[Member]]:
        """The areas right below each unit; departments have no part in what adds up."""
        found: dict[str, list[Member]] = {}
        for item in self.members.values():
            if item.level != DEPARTMENT:
                found.setdefault(item.parent, []).append(item)
        return found

    def below(self, code: str) -> frozenset[str]:
        """The codes of a unit and all below it."""
        top = self.members[code]
        return frozenset(item.code for item in self.members.values() if top.first <= item.first <= top.last)

    def areas(self, code: str, day: date) -> tuple[Member, ...]:
        """The units right below one whose values add up to its own: areas, not departments, that stood on that day."""
        return tuple(item for item in self._areas.get(code, ()) if item.stood(day))

    @cached_property
    def settled(self) -> date:
        """The first day since which no boundary has changed."""
        return max((*(move.day for move in self.moves), *(day for *_, day in self.splits)), default=date.min)

    def elsewhere(self, day: date) -> Mapping[str, Move]:
        """The units that lay elsewhere on a day, by code, in preorder."""
        if day not in self._lay:
            self._lay[day] = {move.unit: move for move in self.moves if move.since <= day <= move.until}
        return self._lay[day]

    def within(self, code: str, top: str) -> bool:
        """Whether a unit is another one or lies below it, as things stand."""
        above, own = self.members.get(top), self.members.get(code)
        return above is not None and own is not None and above.first <= own.first <= above.last

    def changes(self, code: str, day: date) -> Changes | None:
        """What a unit holds now otherwise than on a day; None when no boundary has changed since, or it is not among these.

        Of a unit that has ended nothing is restated: it is as it was.
        """
        own = self.members.get(code)
        if own is None or day >= self.settled:
            return None
        founded = own.since is None or own.since <= day
        if own.until is not None or own.level == DEPARTMENT:
            return Changes(stood=founded)
        counted = [
            move
            for move in self.elsewhere(day).values()
            if move.unit != code
            and self.members[move.unit].level != DEPARTMENT
            and self.members[move.unit].stood(day)
        ]
        inside = [(move, self.within(move.unit, code), self.within(move.parent, code)) for move in counted]
        split = [(unit, since) for unit, into, since in self.splits if into == code and day < since]
        return Changes(
            tuple(move for move, now, then in inside if now and not then),
            tuple(move for move, now, then in inside if then and not now),
            tuple(
                (self.members[unit].name, since)
                for unit, since in split
                if unit in self.members and self.members[unit].stood(day)
            ),
            founded,
        )

    def depth(self, code: str, top: str) -> int:
        """How many steps a unit lies below another one."""
        steps = 0
        while code != top and code in self.members and steps <= len(self.members):
            code, steps = self.members[code].parent, steps + 1
        return steps


def boundaries(closing: Closing) -> tuple[str, ...]:
    """What a closing's tree depends on: the digests of the relations it is drawn from, and its own unit without any."""
    if UNITS not in closing.tables:
        return (closing.unit_code, closing.unit_name)
    return tuple(closing.tables[name].digest if name in closing.tables else "" for name in BOUNDARIES)


def codes_of(closing: Closing) -> frozenset[str]:
    """The codes of all units of a closing, without making the tree; raises Refused when the file is damaged."""
    known = boundaries(closing)
    tree, found = TREES.get((known, None)), CODES.get(known)
    if tree is not None:
        return frozenset(tree.members)
    if found is None:
        column = _table(closing, UNITS, ["code"]) if UNITS in closing.tables else None
        found = frozenset((closing.unit_code,) if column is None else column.column(0).to_pylist())
        CODES.put(known, found)
    return found


def tree_of(closing: Closing, then: date | None = None) -> Tree:
    """The units of a closing as they stand, or as they stood on the day ``then``.

    Raises Refused when a file is damaged. A closing without units has its own only. Trees are remembered by the digests
    of the relations they are drawn from.
    """
    if UNITS not in closing.tables:
        return Tree((Member(closing.unit_code, closing.unit_name, "", "", None, None, 1, 1),))
    key = (boundaries(closing), then)
    found = TREES.get(key)
    if found is None:
        found = _now(closing) if then is None else _then(closing, then)
        TREES.put(key, found)
    return found


TREES: Final[Memory[tuple[tuple[str, ...], date | None], Tree]] = Memory(512)
CODES: Final[Memory[tuple[str, ...], frozenset[str]]] = Memory(16384)


def _table(closing: Closing, relation: str, columns: list[str]) -> pa.Table:
    return pq.ParquetFile(closing.file(relation)).read(columns=columns)


def _rows(closing: Closing, relation: str, columns: list[str]) -> list[dict[str, Any]]:
    if relation not in closing.tables:
        return []
    rows: list[dict[str, Any]] = _table(closing, relation, columns).to_pylist()
    return rows


def _now(closing: Closing) -> Tree:
    columns = ["code", "name", "level", "parent", "since", "until", "first", "last"]
    members = [Member(**{**row, "parent": row["parent"] or ""}) for row in _rows(closing, UNITS, columns)]
    places = _rows(closing, PLACES, ["unit", "parent", "since", "until"])
    steps = _rows(closing, SUCCESSIONS, ["unit", "into", "day", "whole"])
    return tree_from(
        members,
        [(row["unit"], row["parent"], row["since"], row["until"]) for row in places],
        [(row["unit"], row["into"], row["day"], row["whole"]) for row in steps],
    )


def tree_from(
    members: Sequence[Member],
    places: Iterable[tuple[str, str, date, date]],
    steps: Sequence[tuple[str, str, date, bool]],
) -> Tree:
    """The tree of some units; ``places`` are where units lay (unit, parent, first and last day), ``steps`` what went into
    what (unit, into, day, whether whole).
    """
    splits = tuple((unit, into, day) for unit, into, day, whole in steps if not whole)
    merged = {(unit, day) for unit, _, day, whole in steps if whole}
    return Tree(members, splits, _moves(places, members, merged))


def _moves(
    places: Iterable[tuple[str, str, date, date]],
    members: Sequence[Member],
    merged: Container[tuple[str, date]],
) -> tuple[Move, ...]:
    """The places of units that are not their present ones, in preorder."""
    known = {member.code: member for member in members}
    rows = [row for row in places if row[0] in known and known[row[0]].parent != row[1]]
    rows.sort(key=lambda row: (known[row[0]].first, row[2]))
    return tuple(
        Move(*row, merged=row[3] < date.max and (row[0], row[3] + timedelta(1)) in merged) for row in rows
    )


def _then(closing: Closing, day: date) -> Tree:
    """The tree with the parents and names in force on a day, numbered anew; units not yet founded are left out."""
    parents = {
        row["unit"]: row["parent"]
        for row in _rows(closing, PLACES, ["unit", "parent", "since", "until"])
        if row["since"] <= day <= row["until"]
    }
    names: dict[str, str] = {}
    for row in sorted(_rows(closing, NAMES, ["unit", "name", "since"]), key=lambda row: row["since"]):
        if row["since"] <= day or row["unit"] not in names:
            names[row["unit"]] = row["name"]
    stood = {
        code: replace(member, name=names.get(code, member.name), parent=parents.get(code, member.parent))
        for code, member in tree_of(closing).members.items()
        if member.since is None or member.since <= day
    }
    return Tree(_numbered(stood))


def _numbered(members: Mapping[str, Member]) -> Iterator[Member]:
    """The members with preorder numbers that fit their parents; one whose parent is not there stands at the top."""
    below: dict[str, list[Member]] = {}
    for member in members.values():
        below.setdefault(member.parent if member.parent in members else "", []).append(member)
    number = 0
    firsts: dict[str, int] = {}
    stack = [(member, False) for member in reversed(below.get("", []))]
    while stack:
        member, done = stack.pop()
        if done:
            yield replace(member, first=firsts[member.code], last=number)
            continue
        number += 1
        firsts[member.code] = number
        stack.append((member, True))
        stack += [(child, False) for child in reversed(below.get(member.code, []))]
