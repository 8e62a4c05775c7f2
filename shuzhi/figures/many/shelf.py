"""The shelf: answers kept in a folder from one process to the next, in one SQLite file, each checked when it is read.

It is a cache: the file may be deleted at any time, and whatever is damaged in it, or cannot be written, counts as absent.
Several processes may share it.
"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

from shuzhi.figures import observed, partial
from shuzhi.figures.kept import Kept, ListKey, SheetKey, TellKey
from shuzhi.figures.many import outcome
from shuzhi.figures.many.outcome import Tally
from shuzhi.figures.memory import Memory
from shuzhi.figures.observed import Sheet
from shuzhi.figures.partial import Key, Partial
from shuzhi.kernel.chain import canonical

V = TypeVar("V")

FILE: Final = "partials.sqlite"
_PATIENCE: Final = 30
_BUFFERED: Final = 2000
_CHECK: Final = 16
_TABLE: Final = "create table if not exists kept (name text primary key, body blob not null) without rowid"
_FIND: Final = "select name, body from kept where name in (select value from json_each(?))"
_NAMES: Final[Memory[object, bytes]] = Memory()


class Shelf(Kept):
    """Answers kept in ``folder``; what is put is on the disk after :meth:`flush` or :meth:`close`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._waiting: dict[str, bytes] = {}
        self._connection: sqlite3.Connection | None = None

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
        for _ in range(2):
            if not waiting:
                return
            try:
                with self._opened() as connection:
                    connection.executemany("insert or replace into kept values (?, ?)", waiting.items())
                return
            except sqlite3.OperationalError:
                return
            except sqlite3.DatabaseError:  # the file is no database any more: begin anew
                self._let_go()
                with suppress(OSError):
                    (self.folder / FILE).unlink(missing_ok=True)
            except OSError:
                return

    def close(self) -> None:
        """See what is waiting onto the disk and let go of the file."""
        self.flush()
        self._let_go()

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            made = sqlite3.connect(self.folder / FILE, timeout=_PATIENCE)
            try:
                made.execute(_TABLE)
            except sqlite3.DatabaseError:
                made.close()
                raise
            self._connection = made
        return self._connection

    def _find(
        self, keys: Sequence[tuple[Any, str, str]], heard: Callable[[Mapping[str, Any]], V]
    ) -> dict[tuple[Any, str, str], V]:
        names = {_name(key): key for key in keys}
        bodies = {name: self._waiting[name] for name in names if name in self._waiting}
        bodies |= self._read([name for name in names if name not in bodies])
        found = {}
        for name, body in bodies.items():
            with suppress(ValueError, KeyError, TypeError, AttributeError, zlib.error):
                if _check(name, body[_CHECK:]) == body[:_CHECK]:
                    found[names[name]] = heard(json.loads(zlib.decompress(body[_CHECK:])))
        return found

    def _read(self, names: Sequence[str]) -> dict[str, bytes]:
        if not names or (self._connection is None and not (self.folder / FILE).exists()):
            return {}
        found: dict[str, bytes] = {}
        with suppress(sqlite3.DatabaseError, OSError):
            found = dict(self._opened().execute(_FIND, (json.dumps(list(names)),)))
        return found

    def _keep(self, pairs: Sequence[tuple[str, Mapping[str, object]]]) -> None:
        for name, said in pairs:
            body = zlib.compress(canonical(said), 1)
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
    return hashlib.sha256(b"\0".join((said, key[1].encode(), key[2].encode()))).hexdigest()[:48]
