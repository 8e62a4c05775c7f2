"""The shelf: answers kept in a folder from one process to the next, in one file, each checked when it is read.

It is a cache: the file may be deleted at any time, and whatever is damaged in it, or cannot be written, counts as absent.
Several processes may share it. ``cabinet.py`` says how long an answer stays.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from shuzhi.figures import observed, partial
from shuzhi.figures.kept import Kept, ListKey, SheetKey, TellKey
from shuzhi.figures.many import outcome
from shuzhi.figures.many.cabinet import BOUND, Cabinet
from shuzhi.figures.many.outcome import Tally
from shuzhi.figures.memory import Memory
from shuzhi.figures.observed import Sheet
from shuzhi.figures.partial import Key, Partial

V = TypeVar("V")

_BUFFERED: Final = 2000
_CHECK: Final = 16
_NAMES: Final[Memory[object, bytes]] = Memory()


class Shelf(Kept):
    """Answers kept in ``folder``; what is put is on the disk after :meth:`flush` or :meth:`close`."""

    def __init__(self, folder: Path, *, bound: int = BOUND, today: date | None = None) -> None:
        self._cabinet = Cabinet(folder, bound, today)
        self._waiting: dict[str, bytes] = {}

    # --- partials and tellings -------------------------------------------------------------------------------------

    def get(self, key: Key) -> Partial | None:
        """The partial of that key, if it lies there whole."""
        return self.get_all([key]).get(key)

    def put(self, key: Key, partial: Partial) -> None:
        """Keep one partial."""
        self.put_all([(key, partial)])
        self.flush()

    def get_all(self, keys: Sequence[Key]) -> dict[Key, Partial]:
        """The partials that lie there whole."""
        return self._find(keys, partial.from_json)

    def put_all(self, pairs: Sequence[tuple[Key, Partial]]) -> None:
        """Keep partials."""
        self._keep([(_name(key), partial.as_json(value)) for key, value in pairs])

    def tellings(self, keys: Sequence[TellKey]) -> dict[TellKey, Tally]:
        """The tallies that lie there whole."""
        return self._find(keys, outcome.from_json)

    def keep_tellings(self, pairs: Sequence[tuple[TellKey, Tally]]) -> None:
        """Keep tallies."""
        self._keep([(_name(key), outcome.as_json(value)) for key, value in pairs])

    def sheets(self, keys: Sequence[SheetKey]) -> dict[SheetKey, Sheet]:
        """The sheets that lie there whole."""
        return self._find(keys, observed.from_json)

    def keep_sheets(self, pairs: Sequence[tuple[SheetKey, Sheet]]) -> None:
        """Keep sheets."""
        self._keep([(_name(key), observed.as_json(value)) for key, value in pairs])

    def lists(self, keys: Sequence[ListKey]) -> dict[ListKey, list[list[str]]]:
        """The lists that lie there whole."""
        return self._find(keys, lambda said: [[str(name) for name in each] for each in said["lists"]])

    def keep_lists(self, pairs: Sequence[tuple[ListKey, list[list[str]]]]) -> None:
        """Keep lists of names."""
        self._keep([(_name(key), {"lists": value}) for key, value in pairs])

    # --- the file --------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """See what is waiting onto the disk, all of it or nothing; a disk that takes nothing costs speed only."""
        waiting, self._waiting = self._waiting, {}
        self._cabinet.write(waiting)

    def close(self) -> None:
        """See what is waiting onto the disk and let go of the file."""
        self.flush()
        self._cabinet.close()

    def _find(
        self, keys: Sequence[tuple[Any, str, str]], heard: Callable[[Mapping[str, Any]], V]
    ) -> dict[tuple[Any, str, str], V]:
        names = {_name(key): key for key in keys}
        bodies = {name: self._waiting[name] for name in names if name in self._waiting}
        bodies |= self._cabinet.read([name for name in names if name not in bodies])
        found = {}
        for name, body in bodies.items():
            with suppress(ValueError, KeyError, TypeError, AttributeError, zlib.error):
                if _check(name, body[_CHECK:]) == body[:_CHECK]:
                    found[names[name]] = heard(json.loads(zlib.decompress(body[_CHECK:])))
        return found

    def _keep(self, pairs: Sequence[tuple[str, Mapping[str, object]]]) -> None:
        for name, said in pairs:
            body = zlib.compress(json.dumps(said, separators=(",", ":")).encode(), 1)
            self._waiting[name] = _check(name, body) + body
        if len(self._waiting) >= _BUFFERED:
            self.flush()


def _check(name: str, body: bytes) -> bytes:
    """A digest of what is kept, under its name."""
    return hashlib.sha256(name.encode() + body).digest()[:_CHECK]


def _name(key: tuple[object, str, str]) -> str:
    """The name an answer lies under: a digest of the question and of what its answer depends on."""
    said = _NAMES.get(key[0])
    if said is None:
        said = hashlib.sha256(repr(key[0]).encode()).digest()
        _NAMES.put(key[0], said)
    return hashlib.sha256(b"\0".join((said, key[1].encode(), key[2].encode()))).hexdigest()[:32]
