"""Blobs: files by the digest of their bytes, written once, whole or not at all."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shuzhi.evidence import instance
from shuzhi.kernel.chain import digest
from shuzhi.kernel.whole import put_whole, sync_folder

_WRITERS = 8


def path_of(name: str) -> Path:
    """Where the bytes of a digest lie."""
    code = name.partition(":")[2]
    return instance.home() / "blobs" / code[:2] / code


def name_of(data: bytes) -> str:
    """The digest by which bytes are kept."""
    return digest(data, instance.algorithm())


def keep(files: Mapping[str, bytes]) -> None:
    """See the bytes of these digests onto the disk, readable by the instance's own user alone.

    Each file is either whole or absent; what lies there is not written again. A disk sees many small files safe in the
    time of a few, so they are written side by side, and every folder is seen safe once, after its files.
    """
    paths = {path_of(name): data for name, data in files.items()}
    if not paths:
        return
    folders = {path.parent for path in paths}
    new = [folder for folder in folders if not folder.exists()]
    for folder in new:
        folder.mkdir(parents=True, exist_ok=True)
    if new:
        sync_folder(new[0].parent)
    with ThreadPoolExecutor(_WRITERS) as pool:
        list(pool.map(_write_once, paths, paths.values()))
        list(pool.map(sync_folder, folders))


def fetch(name: str) -> bytes:
    """The bytes of a digest; raises FileNotFoundError when they are gone."""
    return path_of(name).read_bytes()


def _write_once(path: Path, data: bytes) -> None:
    if not path.exists():
        put_whole(path, data, mode=0o600)
