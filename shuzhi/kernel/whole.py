"""Files that are written whole or not at all, and derived files, which count as absent unless they are read whole."""

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from shuzhi.kernel import chain


def write_whole(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a file so that it is either whole or as it was before: temporary name, fsync, rename, fsync of the folder.

    ``mode`` is cut by the umask. A link, a pipe or a device is written into as it stands. Raises OSError, which names the
    file; nothing is left behind then.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.write_bytes(data)
        return
    put_whole(path, data, mode=mode)
    sync_folder(path.parent)


def put_whole(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """As :func:`write_whole` for a regular file, but leaves the fsync of the folder to whoever writes many into it."""
    with replacing(path, mode=mode) as file:
        file.write(data)
        sync_file(file)


def write_new(path: Path, pieces: Iterable[bytes], *, mode: int = 0o666) -> None:
    """Write the pieces to a file that is not there yet and see them onto the disk; an OSError names the file."""
    try:
        with _opened(path, mode) as file:
            for piece in pieces:
                file.write(piece)
            sync_file(file)
    except OSError as error:  # when the disk is full, the system does not say where
        error.filename = error.filename or str(path)
        raise


@contextmanager
def replacing(path: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A file to be written beside ``path``, which takes its place when the work ends in order, and is gone otherwise.

    Whoever must find it after a failure of power calls :func:`sync_file` before the end. An OSError names ``path``.
    """
    fresh = path.with_name(f".new-{uuid.uuid4().hex}")
    try:
        with _opened(fresh, mode) as file:
            yield file
        fresh.replace(path)
    except BaseException as error:
        fresh.unlink(missing_ok=True)
        if isinstance(error, OSError) and str(error.filename or fresh) == str(fresh):
            error.filename = str(path)
        raise


def _opened(path: Path, mode: int) -> BinaryIO:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    return os.fdopen(handle, "wb")


def sync_file(file: BinaryIO) -> None:
    """See what was written onto the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """See a folder's entries onto the disk, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- derived files ------------------------------------------------------------------------------------------------------


def put_derived(path: Path, body: bytes, *, among: str, most: int) -> None:
    """Keep what can be made again: whole or not at all, under its digest, and without waiting for the disk.

    Of the files of the folder that match the pattern ``among`` at most ``most`` stay; those written longest ago give way.
    Raises OSError, which names the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write(chain.digest(body).encode() + b"\n" + body)
    others = [other for other in path.parent.glob(among) if other != path]
    with suppress(FileNotFoundError):  # another process was faster
        others.sort(key=lambda other: other.stat().st_mtime_ns, reverse=True)
        for other in others[most - 1 :]:
            other.unlink(missing_ok=True)


def take_derived(path: Path) -> bytes | None:
    """What :func:`put_derived` kept there; None when it is not there, cannot be read or is not what was kept."""
    try:
        head, ended, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return body if ended and head == chain.digest(body).encode() else None
