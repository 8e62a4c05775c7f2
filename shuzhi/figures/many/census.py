"""Which units stand in more than one of many closings: what decides who tells of a unit, and which closings stand apart.

It follows from nothing but the closings' relations of units, which seldom change when a county closes again: so it is
remembered, and kept, for all closings together, and their units are looked at only when some of them have changed.
"""

from collections.abc import Sequence
from typing import Final

from shuzhi.figures.closing import Closing
from shuzhi.figures.kept import Kept
from shuzhi.figures.many.damaged import sound
from shuzhi.figures.many.runs import runs_of
from shuzhi.figures.memory import Memory
from shuzhi.figures.tree import CODES, boundaries, codes_of
from shuzhi.kernel.chain import digest

SHARED: Final[Memory[str, dict[int, frozenset[str]]]] = Memory(64)
"""Of closings known by a digest of their boundaries: the codes that stand in another one too, of those that have any."""

_MANY: Final = 64


def shared_units(closings: Sequence[Closing], kept: Kept | None = None) -> dict[str, frozenset[str]]:
    """The codes of a closing (by its id), its own among them, that stand in another one too; those that have none are left
    out.

    Raises Damaged when a closing's units have to be looked at and cannot be read.
    """
    if len(closings) < 2:
        return {}
    drawn = "\n".join(" ".join((closing.unit_code, *boundaries(closing))) for closing in closings)
    name = digest(drawn.encode())
    found = SHARED.get(name)
    if found is None:
        found = _recalled(name, closings, kept)
        if found is None:
            found = _compared(closings, kept)
            if kept is not None and len(closings) > _MANY:
                said = [[str(place), *sorted(codes)] for place, codes in found.items()]
                kept.keep_lists([(("shared", name, str(len(closings))), said)])
        SHARED.put(name, found)
    return {closings[place].id: codes for place, codes in found.items()}


def _recalled(name: str, closings: Sequence[Closing], kept: Kept | None) -> dict[int, frozenset[str]] | None:
    if kept is None or len(closings) <= _MANY:
        return None
    found = next(iter(kept.lists([("shared", name, str(len(closings)))]).values()), None)
    return None if found is None else {int(said[0]): frozenset(said[1:]) for said in found}


def _compared(closings: Sequence[Closing], kept: Kept | None) -> dict[int, frozenset[str]]:
    held = all_codes(closings, kept)
    each = [held[closing.id] | {closing.unit_code} for closing in closings]
    known: set[str] = set()
    twice: set[str] = set()
    for codes in each:
        if not known.isdisjoint(codes):
            twice |= known & codes
        known |= codes
    return {place: codes & twice for place, codes in enumerate(each) if not codes.isdisjoint(twice)}


def all_codes(closings: Sequence[Closing], kept: Kept | None = None) -> dict[str, frozenset[str]]:
    """The codes of all units of each closing, by its id; raises Damaged when one cannot be read."""
    if kept is not None and len(closings) > _MANY:
        _recall(closings, kept)
    return {closing.id: codes(closing) for closing in closings}


def codes(closing: Closing) -> frozenset[str]:
    """The codes of all units of a closing; raises Damaged when it cannot be read."""
    return sound(closing, lambda: codes_of(closing))


def _recall(closings: Sequence[Closing], kept: Kept) -> None:
    """Know the codes of many closings again without opening a file of each: they are kept run by run."""
    runs = [
        run for run in runs_of(closings) if any(CODES.get(boundaries(closing)) is None for closing in run)
    ]
    keys = {_codes_key(run): run for run in runs}
    found = kept.lists(list(keys))
    for key, run in keys.items():
        told = found.get(key)
        if told is not None:
            for closing, held in zip(run, told, strict=True):
                CODES.put(boundaries(closing), frozenset(held))
        else:
            kept.keep_lists([(key, [sorted(codes(closing)) for closing in run])])


def _codes_key(run: Sequence[Closing]) -> tuple[str, str, str]:
    drawn = "\n".join(" ".join(boundaries(closing)) for closing in run)
    return "codes", digest(drawn.encode()), str(len(run))
