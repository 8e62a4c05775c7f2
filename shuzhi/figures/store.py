"""Files kept once by their digest and linked into the folders that use them."""

import os
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shuzhi.figures.bulk_layout import Ready
from shuzhi.figures.manifest import hexadecimal
from shuzhi.kernel.chain import algorithm_of, digest, digest_file
from shuzhi.kernel.whole import sync_file, sync_folder, write_new, write_whole

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
        with temporary.open("rb+") as file:
            sync_file(file)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(store)
    return identity


def _link(source: Path, target: Path) -> None:
    """A hard link, or a copy where the file system has none."""
    try:
        os.link(source, target)
    except OSError:
        with source.open("rb") as file:
            write_new(target, iter(lambda: file.read(_PIECE), b""))


def assemble(final: Path, store: Path, files: Mapping[str, str], extra: Mapping[str, bytes]) -> None:
    """Make the folder ``final`` of stored files (name → digest) and further bytes; it appears whole or not at all."""
    making = final.with_name(f".{final.name}-{uuid.uuid4().hex}")
    making.mkdir()
    try:
        for name, identity in files.items():
            _link(store / hexadecimal(identity), making / name)
        for name, data in extra.items():
            write_new(making / name, (data,))
        sync_folder(making)
        try:
            making.rename(final)
        except OSError:
            if not final.exists():
                raise  # otherwise another process closed the same books first: its folder is as good as ours
        sync_folder(final.parent)
    finally:
        shutil.rmtree(making, ignore_errors=True)
