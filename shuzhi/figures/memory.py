"""What one process remembers of what it has read, the least lately used of it forgotten first."""

from collections import OrderedDict
from threading import Lock
from typing import Final, Generic, TypeVar

_KEPT: Final = 50_000

K = TypeVar("K")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """What this process has read, the least lately used of it forgotten first; may be shared by threads."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """What was read under that key, if it is remembered."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: K, value: V) -> None:
        """Remember it."""
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything (benches, and tests that must see the cold way)."""
        with self._lock:
            self._kept.clear()
