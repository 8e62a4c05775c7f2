"""Memory for the planes of many blocks: large stretches of zeros, cut up in order, of which the system gives large pages.

A plane of its own memory costs the system a fault for every 4 KiB, which takes longer than adding up what is written
there. A stretch is given back when no plane in it is used any more.
"""

import mmap
from collections.abc import Callable
from threading import Lock
from typing import Final

Memory = Callable[[int], memoryview]
"""Gives so many bytes, all zero."""

_STRETCH: Final = 64 << 20
"""Bytes of a stretch; only those written to take memory."""
_LINE: Final = 64
"""Each piece begins at a multiple of this."""


def zeros(size: int) -> memoryview:
    """So many bytes, all zero, in memory of their own."""
    return memoryview(bytearray(size))


class Stretches:
    """Memory for planes made one after another, by any number of threads."""

    def __init__(self) -> None:
        self._rest = memoryview(b"")
        self._lock = Lock()

    def __call__(self, size: int) -> memoryview:
        """So many bytes, all zero."""
        whole = size + -size % _LINE
        with self._lock:
            if whole > len(self._rest):
                if whole > _STRETCH // 4:
                    return _stretch(whole)[:size]
                self._rest = _stretch(_STRETCH)
            piece, self._rest = self._rest[:size], self._rest[whole:]
        return piece


def _stretch(size: int) -> memoryview:
    if not size:
        return memoryview(bytearray())
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_HUGEPAGE)
    return memoryview(memory)
