"""Blobs: files by the digest of their bytes, written once, whole or not at all."""

from pathlib import Path

from shuzhi.evidence import instance
from shuzhi.figures.store import sync_folder, write_whole
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
    """Write a file, readable by the instance's own user alone, so that it is either whole or absent."""
    if path.exists():
        return
    new = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    if new:
        sync_folder(path.parent.parent)
    write_whole(path, data, mode=0o600)
