"""Which closings lie open in a crown, unit by unit, and which stand by themselves, as blocks with a root.

A closing stands by itself when no other one tells of anything below its unit. The engine asks for the codes only: where
another closing lists the same units, it reads both. Here a closing that is merely listed over again (a city whose books know
every village of its counties, and say nothing of them) need not lie open either: what nobody else says cannot count.
"""

from collections.abc import Callable, Collection, Iterable, Mapping

from shuzhi.cube.block import Block
from shuzhi.cube.frame import ROLES
from shuzhi.cube.nest.grafting import words_of


def lying_open(codes: Mapping[str, Iterable[str]], block: Callable[[str], Block]) -> frozenset[str]:
    """Of closings by their units' codes, given the codes of all units they hold, those that lie open; ``block`` gives the
    block of one of them where the codes do not tell.
    """
    known: set[str] = set()
    twice: set[str] = set()
    each = {code: frozenset(held) | {code} for code, held in codes.items()}
    for held in each.values():
        if not known.isdisjoint(held):
            twice |= known & held
        known |= held
    found = {code for code, held in each.items() if not twice.isdisjoint(held - {code})}
    lowest = {code for code in found if each.keys().isdisjoint(each[code] - {code})}
    if not lowest:
        return frozenset(found)
    return frozenset(
        found - _silently_listed(lowest, {code: block(code) for code in found}, each.keys(), twice)
    )


def _silently_listed(
    lowest: Collection[str], blocks: Mapping[str, Block], roots: Collection[str], twice: Collection[str]
) -> set[str]:
    """Of closings that hold no other's unit, those whose units others list at the very same places or not at all, and say
    nothing of; units that came or went, or lay elsewhere before, any closing may tell of.
    """
    if any(block.axis.redrawn is not None for block in blocks.values()):
        return set()
    broken = {code for code in lowest if len(blocks[code].axis.shaky)}
    places: dict[str, str] = {}
    listed: dict[str, tuple[str, str]] = {}
    for own, block in blocks.items():
        owners = _owners(block, lowest)
        for row, (code, owner) in enumerate(zip(block.axis.codes, owners, strict=True)):
            above = block.axis.parent[row]
            over = owners[above] if above >= 0 else ""
            if code in roots:
                broken |= {over}  # another closing goes on below it
            if owner == code:
                continue
            if owner and owner != own and _speaks(block, row):
                broken.add(owner)
            if own in lowest and owner != own:
                broken.add(own)  # it lists something beside its own unit
            if code in twice and places.setdefault(code, owner) != owner:
                broken |= {owner, places[code]}
            place = block.axis.codes[above] if above >= 0 else "", block.axis.level_of(row)
            if code in twice and owner and listed.setdefault(code, place) != place:
                broken.add(owner)
    return set(lowest) - broken


def _owners(block: Block, lowest: Collection[str]) -> list[str]:
    """For each row the nearest unit, itself or above it, of one of some closings ("" none)."""
    axis = block.axis
    owners: list[str] = []
    for code, above in zip(axis.codes, axis.parent, strict=True):
        owners.append(code if code in lowest else owners[above] if above >= 0 else "")
    return owners


def _speaks(block: Block, row: int) -> bool:
    """Whether a closing says anything of a unit."""
    return any(words_of(block, role, row) is not None for role in ROLES)


def inside(
    open_: Iterable[Iterable[str]], blocks: Iterable[Iterable[str]], roots: Collection[str]
) -> frozenset[str]:
    """The units that open closings list and that are looked for in blocks, given the codes of both; ``roots`` are the codes of
    the closings' own units.
    """
    listed = frozenset(code for codes in open_ for code in codes) - frozenset(roots)
    return frozenset(code for codes in blocks for code in codes if code in listed)
