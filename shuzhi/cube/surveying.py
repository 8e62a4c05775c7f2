"""A closing looked through where it lies: every file against its digest, its block made or found, its root told.

This is what a roll-up has done of each closing, in this process or on a machine of a cluster.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from shuzhi.cube import roots
from shuzhi.cube.crown import root_of
from shuzhi.cube.cube import Recipe, kept_block
from shuzhi.figures.closing import Closing, checked
from shuzhi.figures.many.places import opened
from shuzhi.kernel.finding import Finding, Refused

_HEAD: Final = 48
"""So many bytes into a block's file its header's digest ends."""


@dataclass(frozen=True, slots=True)
class Task:
    """One closing to be looked through: where it lies and its id, where the blocks of the roll-up lie, and a file by which
    to see whether that folder is this very one.
    """

    place: str
    id: str
    blocks: str
    sign: str


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A sound closing and its block: the file's name, the digest of its header (which holds those of all its planes) and
    its root as bytes; ``data`` is the file where the folder of blocks cannot be reached from where the work is done.
    """

    id: str
    block: str
    header: str
    root: bytes
    data: bytes = b""


def survey(task: Task) -> Surveyed:
    """Check every file of a closing and see that its block lies there; raises Refused on damage."""
    closing = opened(task.place)
    if closing.id != task.id:
        raise Refused(Finding("closing.another", "这里放的已不是原来那份结账", "请重新执行", task.place))
    found = [finding for name in sorted(closing.tables) for finding in _damage(closing, name)]
    definitions = checked(closing.catalogue_file(), closing.catalogue_digest)
    found += [] if definitions is None else [definitions]
    if found:
        raise Refused(found)
    folder = Path(task.blocks)
    if (folder / task.sign).is_file():
        return _block(closing, folder)
    with TemporaryDirectory(prefix="shuzhi-block-") as own:
        made = _block(closing, Path(own))
        return replace(made, data=(Path(own) / made.block).read_bytes())


def _damage(closing: Closing, relation: str) -> tuple[Finding, ...]:
    try:
        closing.file(relation)
    except Refused as refused:
        return refused.findings
    return ()


def _block(closing: Closing, folder: Path) -> Surveyed:
    """A closing's block in a folder, made unless it lies there whole."""
    block, path, _ = kept_block(closing, Recipe(folder=folder))
    if path is None:
        raise TypeError("no file")
    return Surveyed(closing.id, path.name, header_of(path), roots.said(root_of(block)))


def header_of(path: Path) -> str:
    """The digest of a block's header, as the file says it; raises OSError where there is no file."""
    with path.open("rb") as file:
        return f"sha256:{file.read(_HEAD)[-32:].hex()}"
