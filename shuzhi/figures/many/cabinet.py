"""The file in which answers lie from one process to the next: names and bytes in SQLite, bounded by age and by length.

It is a cache, so it is written without waiting for the disk: what a power cut tears counts as absent (each answer carries
a checksum of its own, see ``shelf.py``), and a file that is no database any more is begun anew.

What goes: an answer that nobody has asked for in half a year; and when the file holds more than its bound, those asked
for longest ago, until it holds three quarters of that. When an answer was last asked for is known to the week.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

FILE: Final = "partials.sqlite"
BOUND: Final = 2 << 30
"""Bytes the file may hold."""

_PATIENCE: Final = 30
_IDLE: Final = 183
_WEEK: Final = 7
_PORTION: Final = 16
_TABLE: Final = (
    "create table if not exists answer (name text primary key, body blob not null, used integer not null)"
)
_INDEX: Final = "create index if not exists answer_used on answer (used)"
_FIND: Final = "select name, body, used from answer where name in (select value from json_each(?))"
_PUT: Final = "insert or replace into answer values (?, ?, ?)"
_USED: Final = "update answer set used = ? where name in (select value from json_each(?))"
_OLD: Final = "delete from answer where used < ?"
_LAST: Final = "delete from answer where rowid in (select rowid from answer order by used, rowid limit ?)"


class Cabinet:
    """The file in ``folder``; ``bound`` is how many bytes it may hold, ``today`` the day answers are asked for (the clock's,
    when it is not given).
    """

    def __init__(self, folder: Path, bound: int = BOUND, today: date | None = None) -> None:
        self.path = folder / FILE
        self._bound = bound
        self._day = (today or datetime.now(UTC).date()).toordinal()
        self._connection: sqlite3.Connection | None = None
        self._asked: set[str] = set()
        self._aired = False

    def read(self, names: Sequence[str]) -> dict[str, bytes]:
        """What lies under those of the names that are there; nothing when the file cannot be read."""
        if not names or (self._connection is None and not self.path.exists()):
            return {}
        found: dict[str, bytes] = {}
        with suppress(sqlite3.DatabaseError, OSError):
            for name, body, used in self._opened().execute(_FIND, (json.dumps(list(names)),)):
                found[name] = body
                if used <= self._day - _WEEK:
                    self._asked.add(name)
        return found

    def write(self, bodies: Mapping[str, bytes]) -> None:
        """Put bodies under names, all of them or none; a disk that takes nothing costs speed only."""
        for _ in range(2):
            if not bodies and not self._asked:
                return
            try:
                self._written(bodies)
                return
            except sqlite3.OperationalError:
                return
            except sqlite3.DatabaseError:  # the file is no database any more: begin anew
                self.close()
                with suppress(OSError):
                    self.path.unlink(missing_ok=True)
            except OSError:
                return

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _written(self, bodies: Mapping[str, bytes]) -> None:
        asked, self._asked = self._asked, set()
        connection = self._opened()
        with connection:
            connection.executemany(_PUT, ((name, body, self._day) for name, body in bodies.items()))
            if asked:
                connection.execute(_USED, (self._day, json.dumps(sorted(asked))))
            self._air(connection)

    def _air(self, connection: sqlite3.Connection) -> None:
        """Let go of what is old, once, and of what is too much."""
        if not self._aired:
            connection.execute(_OLD, (self._day - _IDLE,))
            self._aired = True
        if _held(connection) <= self._bound:
            return
        while _held(connection) > self._bound * 3 // 4:
            (number,) = connection.execute("select count(*) from answer").fetchone()
            if not number:
                break
            connection.execute(_LAST, (-(-number // _PORTION),))
        connection.execute("pragma incremental_vacuum").fetchall()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            made = sqlite3.connect(self.path, timeout=_PATIENCE)
            try:
                made.execute("pragma auto_vacuum = incremental")
                made.execute("pragma synchronous = off")
                made.execute("drop table if exists kept")  # what an earlier version kept without a bound
                made.execute(_TABLE)
                made.execute(_INDEX)
            except sqlite3.DatabaseError:
                made.close()
                raise
            self._connection = made
        return self._connection


def _held(connection: sqlite3.Connection) -> int:
    """How many bytes lie in the file; what was let go of is space for more."""
    (pages,) = connection.execute("pragma page_count").fetchone()
    (free,) = connection.execute("pragma freelist_count").fetchone()
    (length,) = connection.execute("pragma page_size").fetchone()
    return int((pages - free) * length)
