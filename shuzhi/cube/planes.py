"""The planes of one role of a cube: what units said of themselves, depth by depth, and the sums of what lies below them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import mul
from typing import Final

from shuzhi.cube.axis import Axis
from shuzhi.cube.disk.left import Left
from shuzhi.cube.frame import LARGEST, MONTHS, Frame
from shuzhi.cube.memory import Give, zeros

WHOLES: Final = "q"
COUNTS: Final = "i"


@dataclass
class Planes:
    """The cells of one role; all memory is flat, in the order ``[row][line][slot]``.

    ``own[d]`` holds what the units of depth d said (64 bits, with ``UNSAID`` and ``SILENT``), None where none of them said
    anything; ``reach[d]`` is no less than the largest of its values without sign. By interior number: ``sums`` (64 bits),
    ``counts`` of those who reported (32 bits), ``cumulative`` (64 bits, the running sum within the year; None for roles of
    one slot a year), and ``weights`` (64 bits, lines that are weighted means only; their ``sums`` are numerators).
    """

    role: str
    own: list[memoryview | None]
    reach: list[int]
    sums: memoryview
    counts: memoryview
    cumulative: memoryview | None
    weights: memoryview = field(default_factory=lambda: memoryview(b"").cast(WHOLES))

    def silent(self) -> bool:
        """Whether nobody said anything in this role."""
        if isinstance(self.own, Left):
            return not self.own.said
        return not any(plane is not None for plane in self.own)


def column(data: bytes | bytearray | memoryview, format_: str) -> memoryview:
    """Bytes as numbers: ``q``, ``i`` or ``B``."""
    bytes_ = memoryview(data).cast("B")
    return bytes_.cast("q") if format_ == WHOLES else bytes_.cast("i") if format_ == COUNTS else bytes_


def room(cells: int, format_: str = WHOLES, sums: Give = zeros) -> memoryview:
    """Fresh cells of zeros."""
    return column(sums(cells * (8 if format_ == WHOLES else 4)), format_)


def fresh(
    axis: Axis,
    frame: Frame,
    role: str,
    own: Sequence[memoryview | None],
    reach: Sequence[int],
    sums: Give = zeros,
) -> Planes:
    """Planes whose sums have yet to be worked out; without rows of sums when nobody said anything."""
    said = any(plane is not None for plane in own)
    cells = axis.interiors * frame.width(role) if said else 0
    means = axis.interiors * len(frame.means) * frame.slots(role) if said else 0
    return Planes(
        role,
        list(own),
        list(reach),
        room(cells, WHOLES, sums),
        room(cells, COUNTS, sums),
        room(cells, WHOLES, sums) if role == "actual" else None,
        room(means, WHOLES, sums),
    )


def fits(axis: Axis, planes: Planes) -> bool:
    """Whether no sum, not even over a year, can leave 64 bits."""
    farthest: int = sum(map(mul, axis.sizes, planes.reach))
    return farthest * MONTHS <= LARGEST
