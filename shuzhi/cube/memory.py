"""Where the planes of many blocks lie.

Sums lie in large stretches of zeros, cut up in order: they are first written to by compiled code, which lets go of Python's
lock, while bytes of Python's own are zeroed under it. A stretch is given back when no plane in it is used any more. What
is not kept lies in memory that a thread uses again for the next block: fresh memory costs more than adding up.
"""

import mmap
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, local
from typing import Final

Give = Callable[[int], memoryview]
"""Gives so many bytes."""

_STRETCH: Final = 64 << 20
"""Bytes of a stretch; only those written to take memory."""
_FEW: Final = 4
"""So many stretches have small pages, which the system may have at hand; for those after, large pages are asked for."""
_LINE: Final = 64
"""Each piece begins at a multiple of this."""


def zeros(size: int) -> memoryview:
    """So many bytes, all zero, in memory of their own."""
    return memoryview(bytearray(size))


@dataclass(frozen=True)
class Memory:
    """What gives the memory of a block's planes: of what units said (any bytes will do), and of sums (zeros)."""

    own: Give = zeros
    sums: Give = zeros


class Stretches:
    """Gives zeros for planes made one after another, by any number of threads."""

    def __init__(self) -> None:
        self._rest = memoryview(b"")
        self._lock = Lock()
        self._many = 0

    def __call__(self, size: int) -> memoryview:
        """So many bytes, all zero."""
        whole = size + -size % _LINE
        with self._lock:
            if whole > len(self._rest):
                if whole > _STRETCH // 4:
                    return self._stretch(whole)[:size]
                self._rest = self._stretch(_STRETCH)
            piece, self._rest = self._rest[:size], self._rest[whole:]
        return piece

    def _stretch(self, size: int) -> memoryview:
        self._many += 1
        if sys.platform != "linux":
            return zeros(size)
        memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        if self._many > _FEW:
            memory.madvise(mmap.MADV_HUGEPAGE)
        return memoryview(memory)


class Again:
    """Gives each thread the same memory once more after :meth:`begin`."""

    def __init__(self) -> None:
        self._held = local()

    def begin(self) -> None:
        """What this thread was given is not used any more."""
        self._held.given = 0

    def __call__(self, size: int) -> memoryview:
        """So many bytes, with anything in them."""
        pieces: list[memoryview] = self._held.__dict__.setdefault("pieces", [])
        place: int = self._held.__dict__.setdefault("given", 0)
        self._held.given = place + 1
        if place == len(pieces):
            pieces.append(zeros(size))
        elif len(pieces[place]) < size:
            pieces[place] = zeros(size)
        return pieces[place][:size]
