"""What reports have read from one closing, kept from one process to the next: rows behind figures, things by name.

All of it follows from the closing and from what was asked, by which it is known. It may be deleted at any time; what
is damaged, was kept by another version of the program or cannot be written counts as absent.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from shuzhi.figures.closing import Closing
from shuzhi.kernel import measure
from shuzhi.kernel.whole import put_derived, take_derived

_MOST_FILES: Final = 8
_LARGE: Final = 1 << 20


class Held:
    """Plain data worked out once for each name; :meth:`flush` sees what is new onto the disk.

    On disk it is a line a name, and a line is not taken apart before its name is asked for.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lines: dict[bytes, bytes] = _taken(path) if path is not None else {}
        self._known: dict[str, Any] = {}
        self._fresh: list[str] = []

    def once(self, name: str, work: Callable[[], Any]) -> Any:
        """What ``work`` gives (lists, dictionaries with texts for keys, texts, whole numbers, None); never to be changed."""
        if name not in self._known:
            line = self._lines.get(_plain(name))
            if line is None:
                self._fresh.append(name)
            self._known[name] = work() if line is None else json.loads(line)
        return self._known[name]

    def flush(self) -> None:
        """Keep what is new; of two processes that keep at once, the last is kept, and of closings those read last."""
        if self._path is None or not self._fresh:
            return
        self._lines.update((_plain(name), _plain(self._known[name])) for name in self._fresh)
        self._fresh.clear()
        with suppress(OSError):
            body = b"\n".join(b"\t".join(line) for line in self._lines.items())
            put_derived(self._path, body, among="[!.]*", most=_MOST_FILES)


def _plain(value: Any) -> bytes:
    """A value as JSON, which has no tabs and no ends of lines in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def held_of(closing: Closing) -> Held:
    """What is held of a closing: in its cache, and in this process."""
    return _held(closing.cache, closing.id)


@lru_cache(maxsize=4)
def _held(folder: Path | None, closing: str) -> Held:
    if folder is None:
        return Held()
    return Held(folder / "reports" / sha256(f"{closing} {_code()}".encode()).hexdigest()[:32])


@lru_cache(maxsize=64)
def table(digest: str, file: Path, columns: tuple[str, ...]) -> pa.Table:
    """Some columns of a relation; read once, because several figures of a report are counted from the same one.

    The digest is the key: the file never changes.
    """
    return pq.ParquetFile(file).read(columns=list(columns), use_threads=file.stat().st_size > _LARGE)


@cache
def _code() -> str:
    """The digest of the code that reads rows for reports."""
    files = [*Path(__file__).resolve().parent.glob("*.py"), Path(measure.__file__)]
    return sha256(b"\0".join(path.read_bytes() for path in sorted(files))).hexdigest()


def _taken(path: Path) -> dict[bytes, bytes]:
    """The lines by their names; what is damaged is not there at all (see :mod:`shuzhi.kernel.whole`)."""
    lines = (line.partition(b"\t") for line in (take_derived(path) or b"").split(b"\n"))
    return {name: value for name, tab, value in lines if tab}
