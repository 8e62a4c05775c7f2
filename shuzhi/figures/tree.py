"""The units of a closing as a tree: who is below whom, by preorder interval."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyarrow.parquet as pq

from shuzhi.figures.closing import Closing

UNITS = "unit"
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

    def __init__(self, members: tuple[Member, ...]) -> None:
        self.members = {member.code: member for member in sorted(members, key=lambda member: member.first)}

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


def tree_of(closing: Closing) -> Tree:
    """The units of a closing; raises Refused when their file is damaged. A closing without units has its own only."""
    if UNITS not in closing.tables:
        return Tree((Member(closing.unit_code, closing.unit_name, "", "", None, None, 1, 1),))
    return _read(str(closing.file(UNITS)), closing.tables[UNITS].digest)


@lru_cache(maxsize=4096)
def _read(path: str, _digest: str) -> Tree:
    columns = ["code", "name", "level", "parent", "since", "until", "first", "last"]
    found = pq.read_table(path, columns=columns).to_pylist()
    return Tree(tuple(Member(**{**row, "parent": row["parent"] or ""}) for row in found))
