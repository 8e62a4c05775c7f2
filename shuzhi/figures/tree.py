"""The units of a closing as a tree: who is below whom, as things stand now or as they stood on an earlier day.

As of now, a unit that was merged lies under its successor, so that its history counts there; as of then, it lies where
it lay. What a unit reported as a whole before it was split belongs to no successor.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import pyarrow.parquet as pq

from shuzhi.figures.closing import Closing

UNITS = "unit"
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


class Tree:
    """All units of one closing."""

    def __init__(self, members: tuple[Member, ...], splits: tuple[tuple[str, str, date], ...] = ()) -> None:
        self.members = {member.code: member for member in sorted(members, key=lambda member: member.first)}
        self.splits = splits

    @cached_property
    def split(self) -> dict[str, tuple[str, date]]:
        """For each unit that took a part of a split one: the name of that one, and the day."""
        return {
            into: (self.members[unit].name, day) for unit, into, day in self.splits if unit in self.members
        }

    def below(self, code: str) -> frozenset[str]:
        """The codes of a unit and all below it."""
        top = self.members[code]
        return frozenset(item.code for item in self.members.values() if top.first <= item.first <= top.last)

    def areas(self, code: str, day: date) -> tuple[Member, ...]:
        """The units right below one whose values add up to its own: areas, not departments, that stood on that day."""
        return tuple(
            item
            for item in self.members.values()
            if item.parent == code and item.level != DEPARTMENT and item.stood(day)
        )


def tree_of(closing: Closing, then: date | None = None) -> Tree:
    """The units of a closing as they stand, or as they stood on the day ``then``.

    Raises Refused when a file is damaged. A closing without units has its own only.
    """
    if UNITS not in closing.tables:
        return Tree((Member(closing.unit_code, closing.unit_name, "", "", None, None, 1, 1),))
    known = [(name, closing.tables[name].digest) for name in BOUNDARIES if name in closing.tables]
    paths = tuple((name, str(closing.file(name)), digest) for name, digest in known)
    return _read(paths) if then is None else _then(paths, then)


Paths = tuple[tuple[str, str, str], ...]


def _rows(paths: Paths, relation: str, columns: list[str]) -> list[dict[str, Any]]:
    path = next((path for name, path, _ in paths if name == relation), "")
    return pq.read_table(path, columns=columns).to_pylist() if path else []


@lru_cache(maxsize=4096)
def _read(paths: Paths) -> Tree:
    columns = ["code", "name", "level", "parent", "since", "until", "first", "last"]
    members = (Member(**{**row, "parent": row["parent"] or ""}) for row in _rows(paths, UNITS, columns))
    steps = _rows(paths, SUCCESSIONS, ["unit", "into", "day", "whole"])
    return Tree(
        tuple(members), tuple((row["unit"], row["into"], row["day"]) for row in steps if not row["whole"])
    )


@lru_cache(maxsize=256)
def _then(paths: Paths, day: date) -> Tree:
    """The tree with the parents and names in force on a day, numbered anew; units not yet founded are left out."""
    parents = {
        row["unit"]: row["parent"]
        for row in _rows(paths, PLACES, ["unit", "parent", "since", "until"])
        if row["since"] <= day <= row["until"]
    }
    names: dict[str, str] = {}
    for row in sorted(_rows(paths, NAMES, ["unit", "name", "since"]), key=lambda row: row["since"]):
        if row["since"] <= day or row["unit"] not in names:
            names[row["unit"]] = row["name"]
    stood = {
        code: replace(member, name=names.get(code, member.name), parent=parents.get(code, member.parent))
        for code, member in _read(paths).members.items()
        if member.since is None or member.since <= day
    }
    return Tree(tuple(_numbered(stood)))


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
