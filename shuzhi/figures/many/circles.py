"""Closings that hold each other, so that nobody can say who lies below whom: the circle, and what is said of it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from shuzhi.kernel.finding import Finding

_NAMED: Final = 5
_HINT: Final = "请核对各结账的单位隶属关系，改正后重新结账"


def circle(below: Mapping[str, Collection[str]]) -> list[str]:
    """Codes that lie below each other in a circle, in their order, given what lies below each; empty when none do."""
    left = dict(below)
    while ended := [code for code, under in left.items() if left.keys().isdisjoint(under)]:
        for code in ended:
            del left[code]
    way = [min(left)] if left else []
    while way:
        following = min(left.keys() & set(left[way[-1]]))
        if following in way:
            return sorted(way[way.index(following) :])
        way.append(following)
    return []


def circular(names: Sequence[str], place: str) -> Finding:
    """Closings (by the names of their units) that list each other's own units below theirs."""
    said = f"{_listed(names)}的结账互相把对方列为下级，说不清谁在谁之下"
    return Finding("figures.closings-circular", said, _HINT, place)


def turned(units: Sequence[str], names: Sequence[str], place: str) -> Finding:
    """Units (by their names) that lie below each other, as closings (by theirs) tell that list no other's own unit."""
    said = f"{_listed(names)}的结账把{_listed(units)}互相列为下级，说不清谁在谁之下"
    return Finding("figures.closings-circular", said, _HINT, place)


def _listed(names: Sequence[str]) -> str:
    each = list(dict.fromkeys(names))
    return "、".join(each[:_NAMED]) + f"等{len(each)}个单位" * (len(each) > _NAMED)
