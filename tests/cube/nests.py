"""Random countries: closings of any units of one tree, over, under and across each other, each with its own view of it."""

from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st

from shuzhi.cube.build import Row
from shuzhi.figures.closing import Cell
from tests.cube.small import DAYS, Unit, observations

LEVELS = ("nation", "province", "city", "county", "township", "village")
Said = st.SearchStrategy[list[Row]]
Books = Mapping[str, tuple[Sequence[Unit], Sequence[Sequence[Cell]]]]
"""Units and observations by the code of the unit that keeps these books."""


@st.composite
def countries(
    draw: st.DrawFn, most: int = 9, *, heard: int = 14, said: Callable[[Sequence[Unit]], Said] | None = None
) -> Books:
    """Books of two or more units of one tree; ``said`` draws what is said in each.

    A closing lists a unit that keeps books of its own as a leaf, with all below it, or not at all; what came or went, and
    sometimes where a unit lies, is said by each closing for itself.
    """
    parents = [-1, *(draw(st.integers(0, place - 1)) for place in range(1, draw(st.integers(3, most))))]
    codes: list[str] = []
    for place, above in enumerate(parents):
        codes.append(
            "1" if above < 0 else f"{codes[above]}{sum(parents[each] == above for each in range(place))}"
        )
    everyone = range(len(parents))
    full = draw(st.integers(0, 2)) == 0  # all list all there is below them
    keeping = draw(st.lists(st.sampled_from(everyone), unique=True, min_size=2, max_size=6))
    found: dict[str, tuple[Sequence[Unit], Sequence[Sequence[Cell]]]] = {}
    for own in keeping:
        below = {place: [each for each in everyone if parents[each] == place] for place in everyone}
        if draw(st.integers(0, 7)) == 0 and len(parents) > 1:  # this closing sees one unit elsewhere
            moved = draw(st.sampled_from(everyone[1:]))
            above = draw(st.sampled_from([each for each in everyone if not _within(parents, each, moved)]))
            below[parents[moved]] = [each for each in below[parents[moved]] if each != moved]
            below[above] = [*below[above], moved]
        units = draw(_units(own, codes, below, [] if full else keeping))
        others = [codes[each] for each in keeping if each != own]
        silent = draw(st.integers(0, 5)) > 0  # it lists what lies below others' units, and says nothing of it
        speaking = [each for each in units if not (silent and _below(units, each, others))]
        found[codes[own]] = units, draw(observations(speaking, heard) if said is None else said(speaking))
    return found


def _below(units: Sequence[Unit], unit: Unit, others: Sequence[str]) -> bool:
    """Whether a unit lies below one of some others in the same books."""
    return any(
        other[0] in others and int(str(other[6])) < int(str(unit[6])) <= int(str(other[7]))
        for other in units[1:]
    )


def _within(parents: Sequence[int], place: int, above: int) -> bool:
    while place not in (above, -1):
        place = parents[place]
    return place == above


@st.composite
def _units(
    draw: st.DrawFn,
    own: int,
    codes: Sequence[str],
    below: Mapping[int, Sequence[int]],
    keeping: Sequence[int],
) -> list[Unit]:
    """The units of one closing in preorder."""
    units: list[Unit] = []

    def visit(place: int, above: str | None) -> int:
        level = (
            "department" if above and draw(st.integers(0, 9)) == 0 else LEVELS[min(len(codes[place]) - 1, 5)]
        )
        since, until = (draw(DAYS), draw(DAYS)) if above and draw(st.integers(0, 4)) == 0 else (None, None)
        if since and until and since > until:
            since, until = until, since
        at = len(units)
        units.append(())
        last = at + 1
        whole = place == own or place not in keeping or draw(st.integers(0, 3)) == 0
        for child in below[place] if whole else ():
            if draw(st.integers(0, 7)):
                last = visit(child, codes[place])
        units[at] = (codes[place], f"名{codes[place]}", level, above, since, until, at + 1, last)
        return last

    visit(own, None)
    return units


@st.composite
def again(draw: st.DrawFn, units: Sequence[Unit]) -> tuple[list[Unit], Sequence[Sequence[Cell]]]:
    """Later books of the same unit: other words, and sometimes a unit more or less at the end."""
    found, change = list(units), draw(st.integers(0, 5))
    if change == 0 and len(found) > 1:
        code = found.pop()[0]
        found = [(*unit[:7], min(int(str(unit[7])), len(found))) for unit in found]
        assert all(unit[3] != code for unit in found)
    elif change == 1:
        last = len(found) + 1
        found[0] = (*found[0][:7], last)
        new = draw(st.sampled_from(["new", *(f"1{place}" for place in range(3))]))
        if all(unit[0] != new for unit in found):
            found.append((new, f"名{new}", "village", found[0][0], None, None, last, last))
    return found, draw(observations(found, 14))
