"""Blocks that leave what their many lowest units said in the closing; it is read again when somebody asks for it.

Sums, counts and running sums of every unit with areas below it are kept, and so is what those units said. What villages
said lies in the closing already, checked by its digest; of a nation's cube it would be four fifths of the memory.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from threading import Lock
from typing import Final

from shuzhi.cube.block import Block
from shuzhi.cube.disk.left import Left, Plane
from shuzhi.cube.planes import WHOLES, Planes, column

LARGE: Final = 256 << 10
"""Own planes of more bytes are left in the closing."""


class _Said:
    """The own planes of a block made once more, when first asked for."""

    def __init__(self, again: Callable[[], Block]) -> None:
        self._again = again
        self._planes: Mapping[str, Sequence[Plane]] = {}
        self._lock = Lock()

    def of(self, role: str) -> Sequence[Plane]:
        """Those of a role."""
        with self._lock:
            if not self._planes:
                self._planes = {name: planes.own for name, planes in self._again().planes.items()}
            return self._planes[role]


def recalled(block: Block, again: Callable[[], Block], *, larger: int = LARGE) -> Block:
    """The block without its own planes of more than ``larger`` bytes, which ``again`` (the same block made once more) gives
    when they are wanted.

    Nothing of what is kept lies in the memory of the own planes of the block given.
    """
    said = _Said(again)
    return replace(block, planes={role: _left(planes, said, larger) for role, planes in block.planes.items()})


def _left(planes: Planes, said: _Said, larger: int) -> Planes:
    left = {depth for depth, plane in enumerate(planes.own) if plane is not None and plane.nbytes > larger}
    here = [
        None if plane is None or depth in left else column(bytearray(plane), WHOLES)
        for depth, plane in enumerate(planes.own)
    ]
    return replace(planes, own=Left(here, left, partial(said.of, planes.role)))
