"""Blobs: files by the digest of their bytes, written once, whole or not at all."""

import os
import tempfile
from pathlib import Path

from shuzhi.evidence import instance
from shuzhi.kernel.chain import digest


def path_of(name: str) -> Path:
    """Where the bytes of a digest lie."""
    code = name.partition(":")[2]
    return instance.home() / "blobs" / code[:2] / code


def keep(data: bytes) -> str:
    """Keep the bytes and return their digest; bytes already kept are not written again."""
    name = digest(data, instance.algorithm())
    write_once(path_of(name), data)
    return name


def fetch(name: str) -> bytes:
    """The bytes of a digest; raises FileNotFoundError when they are gone."""
    return path_of(name).read_bytes()


def write_once(path: Path, data: bytes) -> None:
    """Write a file so that it is either whole or absent: temporary name, fsync, rename, fsync of the folder."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
