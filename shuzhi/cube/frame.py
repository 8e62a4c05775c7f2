"""What the cells of a cube stand for: its indicators, its years, and the words for what nobody said.

Cells lie unit-major: ``[row][line][slot]``. A *line* is an indicator; a *slot* is a month (``actual``) or a year (``target``
and ``forecast``, of which there is one a year). Values are whole numbers at the scale of the indicator's family.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator

UNSAID: Final = -(2**63)
"""In an own plane: nobody has said anything. In a sum: see :data:`BEYOND`."""
SILENT: Final = -(2**63) + 1
"""In an own plane: said to be missing, with a reason."""
BEYOND: Final = UNSAID
"""In a plane of sums or weights: the number is no whole number of 64 bits and is worked out when it is read."""
LARGEST: Final = 2**63 - 1
MONTHS: Final = 12
ROLES: Final = ("actual", "target", "forecast")


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of a cube.

    ``adds`` says that units add up; ``weight`` is the line of the weights of a weighted mean (-1: values just add up);
    ``annual`` that its actual stands at December whichever month is asked for; ``formula`` that its actual is computed
    from others, so that only what was said as target or forecast is to be read here.
    """

    code: str
    adds: bool
    weight: int
    annual: bool
    formula: bool

    def as_json(self) -> list[object]:
        """The line as a block's header writes it."""
        return [self.code, self.adds, self.weight, self.annual, self.formula]


@dataclass(frozen=True)
class Frame:
    """The lines and years of a cube; years follow each other without a gap."""

    lines: tuple[Line, ...]
    years: tuple[int, ...]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The line of each indicator."""
        return {line.code: place for place, line in enumerate(self.lines)}

    @cached_property
    def means(self) -> tuple[int, ...]:
        """The lines that are weighted means, in order; planes of weights hold these only."""
        return tuple(place for place, line in enumerate(self.lines) if line.weight >= 0)

    @property
    def months(self) -> int:
        """Months of all years."""
        return MONTHS * len(self.years)

    def slots(self, role: str) -> int:
        """Slots of a line in a role."""
        return self.months if role == "actual" else len(self.years)

    def width(self, role: str) -> int:
        """Cells of a row in a role."""
        return len(self.lines) * self.slots(role)

    def month(self, role: str, slot: int) -> int:
        """The month (counted from the first January) at which a slot stands: a year stands at its December."""
        return slot if role == "actual" else slot * MONTHS + MONTHS - 1

    def slot(self, line: int, year: int, month: int, role: str) -> int:
        """The slot of a line for a period; -1 when the year lies outside."""
        if not self.years or not self.years[0] <= year <= self.years[-1]:
            return -1
        back = year - self.years[0]
        if role != "actual":
            return back
        return back * MONTHS + (MONTHS if self.lines[line].annual else month) - 1


def weighs(known: Mapping[str, Indicator], code: str) -> bool:
    """Whether a weighted mean and its weights stand in the same slots, as whole numbers."""
    weight = known.get(known[code].rollup.partition("wmean:")[2])
    if weight is None or weight.rollup.startswith("wmean:"):
        return False
    return (weight.frequency == "year") == (known[code].frequency == "year")


_FRAMES: Final[OrderedDict[tuple[int, frozenset[str], tuple[int, ...]], tuple[Catalogue, "Frame"]]] = (
    OrderedDict()
)
_KEPT: Final = 64


def frame_of(catalogue: Catalogue, codes: Iterable[str], years: tuple[int, ...]) -> Frame:
    """The frame of those indicators a catalogue knows (see :func:`lines_of`) over some years; closings that speak of the
    same share one.
    """
    key = (id(catalogue), frozenset(codes), years)
    known = _FRAMES.get(key)
    if known is not None and known[0] is catalogue:
        return known[1]
    frame = Frame(lines_of(catalogue, key[1]), years)
    _FRAMES[key] = (catalogue, frame)
    while len(_FRAMES) > _KEPT:
        with suppress(KeyError):  # another thread was quicker
            _FRAMES.popitem(last=False)
    return frame


def lines_of(catalogue: Catalogue, codes: Iterable[str]) -> tuple[Line, ...]:
    """The lines of those indicators a catalogue knows, and of their weights, sorted by code.

    A weighted mean whose weights are themselves a weighted mean has no line: its values are no whole numbers. Nor has one
    of which only the values, or only the weights, are annual: they do not stand in the same slots.
    """
    known = catalogue.indicators
    wanted = {code for code in codes if code in known}
    weights = {code: known[code].rollup.partition("wmean:")[2] for code in wanted}
    for code, weight in weights.items():
        if weight and not weighs(known, code):
            wanted.discard(code)
        elif weight:
            wanted.add(weight)
    ordered = sorted(wanted)
    place = {code: number for number, code in enumerate(ordered)}
    return tuple(
        Line(
            code,
            known[code].rollup == "sum" or known[code].rollup.startswith("wmean:"),
            place.get(known[code].rollup.partition("wmean:")[2], -1),
            known[code].frequency == "year",
            known[code].expression is not None,
        )
        for code in ordered
    )
