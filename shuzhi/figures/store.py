"""Files kept once by their digest, written whole or not at all, and linked into the folders that use them."""

import os
import shutil
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from shuzhi.figures.bulk_layout import Ready
from shuzhi.figures.manifest import hexadecimal
from shuzhi.kernel.chain import algorithm_of, digest, digest_file

_PIECE: Final = 1 << 24


def keep(store: Path, data: bytes, algorithm: str, earlier: Path | None = None) -> str:
    """Put the bytes into the store unless they lie there whole already; returns their digest.

    ``earlier`` is a file that may hold the same bytes, to be linked rather than written again. A damaged file of
    that digest is replaced by a sound one; folders that link the damaged one keep it, and verifying them shows it.
    """
    identity = digest(data, algorithm)
    target = store / hexadecimal(identity)
    if target.exists() and digest_file(target, algorithm) == identity:
        return identity
    if earlier is not None and earlier.exists() and digest_file(earlier, algorithm) == identity:
        temporary = store / f".{uuid.uuid4().hex}"
        _link(earlier, temporary)
        temporary.replace(target)
        sync_folder(store)
    else:
        write_whole(target, data)
    return identity


def keep_file(store: Path, ready: Ready, algorithm: str) -> str:
    """Put a file that lies ready into the store, as a link or a copy, unless it lies there whole; returns its digest.

    A digest that is known is believed. The file is left where it lies and must not be written again: the store may hold
    the very file.
    """
    source = ready.path
    identity = ready.digest if algorithm_of(ready.digest) == algorithm else digest_file(source, algorithm)
    target = store / hexadecimal(identity)
    if target.exists() and (target.samefile(source) or digest_file(target, algorithm) == identity):
        return identity
    temporary = store / f".{uuid.uuid4().hex}"
    try:
        _link(source, temporary)
        _sync_file(temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(store)
    return identity


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


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
    fresh = path.with_name(f".new-{uuid.uuid4().hex}")
    try:
        write_through(fresh, data, mode=mode)
        fresh.replace(path)
    except BaseException as error:
        fresh.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(path)
        raise


def write_through(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write the bytes to a new file and see them onto the disk; an OSError names the file."""
    write_pieces(path, (data,), mode=mode)


def write_pieces(path: Path, pieces: Iterable[bytes], *, mode: int = 0o666) -> None:
    """As :func:`write_through`, of bytes that come in pieces."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:  # when the disk is full, the system does not say where
        error.filename = error.filename or str(path)
        raise


def _link(source: Path, target: Path) -> None:
    """A hard link, or a copy where the file system has none."""
    try:
        os.link(source, target)
    except OSError:
        with source.open("rb") as file:
            write_pieces(target, iter(lambda: file.read(_PIECE), b""))


def sync_folder(folder: Path) -> None:
    """See a folder's entries onto the disk, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def assemble(final: Path, store: Path, files: Mapping[str, str], extra: Mapping[str, bytes]) -> None:
    """Make the folder ``final`` of stored files (name → digest) and further bytes; it appears whole or not at all."""
    making = final.with_name(f".{final.name}-{uuid.uuid4().hex}")
    making.mkdir()
    try:
        for name, identity in files.items():
            _link(store / hexadecimal(identity), making / name)
        for name, data in extra.items():
            write_through(making / name, data)
        sync_folder(making)
        try:
            making.rename(final)
        except OSError:
            if not final.exists():
                raise  # otherwise another process closed the same books first: its folder is as good as ours
        sync_folder(final.parent)
    finally:
        shutil.rmtree(making, ignore_errors=True)
