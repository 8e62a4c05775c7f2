"""The folder of a roll-up: figures, blocks and crown under names made of their digests, and the manifest that says which count.

A file never changes under its name, and the manifest is replaced in one move; so whatever is killed when, the folder
tells of one roll-up, whole. The manifest holds no clock, no path and no word of how the work was done: the same
closings give the same bytes.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shuzhi.cube import kept
from shuzhi.cube.cube import Cube
from shuzhi.cube.nest.layers import told
from shuzhi.figures.manifest import hexadecimal
from shuzhi.kernel.chain import canonical, digest, digest_file
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.whole import write_whole

FORMAT: Final = "shuzhi-rollup/1"
MANIFEST: Final = "manifest.json"
BLOCKS: Final = "blocks"
KEPT: Final = "kept"
_LOCK: Final = ".lock"
_NAMED: Final = 16
_AGAIN: Final = "请用同样的参数重新执行 shuzhi rollup，没有变的不会重算"


@dataclass(frozen=True)
class Rolled:
    """A roll-up as it lies there: ``id`` is the digest of its manifest."""

    folder: Path
    id: str
    manifest: Mapping[str, object]

    def files(self) -> dict[str, str]:
        """The digest of each file, by its name in the folder."""
        said = self.manifest.get("files")
        return {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}

    def blocks(self) -> dict[str, str]:
        """The names of the closings' blocks by their units' codes."""
        said = self.manifest.get("closings")
        closings = said if isinstance(said, list) else []
        return {str(each["unit"]["code"]): str(each["block"]["file"]) for each in closings}

    def crown(self) -> list[str]:
        """The name of the crown's file; nothing where there is but one closing."""
        said = self.manifest.get("crown")
        return [str(said["file"])] if isinstance(said, dict) else []

    def layers(self) -> list[str]:
        """What stands where, in words, a line each; nothing where no closing lies above another."""
        said = self.manifest.get("layers")
        closings = self.manifest.get("closings")
        units = [each["unit"] for each in closings] if isinstance(closings, list) else []
        names = {str(unit["code"]): str(unit["name"]) for unit in units}
        return told(said, names) if isinstance(said, dict) else []

    def file(self, name: str) -> Path:
        """A file of the roll-up, checked against its digest; raises Refused when it is gone or damaged."""
        path, wanted = self.folder / name, self.files()[name]
        if not path.is_file():
            raise Refused(Finding("rollup.missing-file", f"汇总文件 {name} 不见了", _AGAIN, str(path)))
        if digest_file(path, wanted.partition(":")[0]) != wanted:
            raise Refused(Finding("rollup.changed", f"汇总文件 {name} 被改动过", _AGAIN, str(path)))
        return path

    def named(self, stem: str) -> Path | None:
        """The checked file whose name begins so, None when the roll-up has none."""
        name = next((name for name in sorted(self.files()) if name.startswith(f"{stem}.")), None)
        return None if name is None else self.file(name)

    def figures(self) -> Iterator[dict[str, object]]:
        """The figures, in order of their expressions; raises Refused when their file is gone or damaged."""
        path = self.named("figures")
        for line in path.read_bytes().splitlines() if path is not None else ():
            yield json.loads(line)


def read_rolled(folder: Path) -> Rolled:
    """The roll-up in a folder; raises Refused when there is none or its manifest was changed."""
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
    except OSError:
        hint = "请核对路径；没有做完的，" + _AGAIN
        raise Refused(Finding("rollup.none", "这里没有汇总", hint, str(folder))) from None
    try:
        manifest = json.loads(data)
        sound = isinstance(manifest, dict) and canonical(manifest) == data
    except (ValueError, TypeError):
        manifest, sound = {}, False
    if not sound or manifest.get("format") != FORMAT:
        raise Refused(
            Finding("rollup.manifest", f"汇总清单 {MANIFEST} 被改动过或不是这一版的", _AGAIN, str(path))
        )
    return Rolled(folder, digest(data), manifest)


def cube_of(rolled: Rolled) -> Cube:
    """The cube of a roll-up, mapped from its files; raises Refused when one is damaged, FileNotFoundError when it is gone."""
    files = {code: rolled.folder / name for code, name in rolled.blocks().items()}
    if not rolled.crown():
        return Cube(kept.get(next(iter(files.values()))))
    return Cube.mapped(rolled.folder / rolled.crown()[0], files)


def put(folder: Path, stem: str, suffix: str, data: bytes) -> tuple[str, str]:
    """Write a file under a name made of its digest, whole or not at all; returns name and digest."""
    identity = digest(data)
    name = f"{stem}.{hexadecimal(identity)[:_NAMED]}.{suffix}"
    write_whole(folder / name, data)
    return name, identity


def settle(folder: Path, manifest: Mapping[str, object]) -> Rolled:
    """Make this manifest the one that counts, and take away the files it does not name."""
    data = canonical(dict(manifest))
    write_whole(folder / MANIFEST, data)
    rolled = Rolled(folder, digest(data), manifest)
    _tidy(folder, [*rolled.files(), *rolled.blocks().values(), *rolled.crown()])
    return rolled


def _tidy(folder: Path, named: Iterable[str]) -> None:
    keep = {folder / name for name in named} | {folder / MANIFEST}
    for path in (*folder.iterdir(), *(folder / BLOCKS).glob("*")):
        if path.is_file() and path not in keep and path.name != _LOCK:
            with suppress(OSError):  # what cannot be taken away now does no harm
                path.unlink()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One roll-up at a time in a folder; raises Refused while another one works there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("ab") as lock:
        if os.name == "posix":
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                said = "另一个 shuzhi rollup 正在往这里写"
                raise Refused(
                    Finding("rollup.busy", said, "请等它做完，或换一个文件夹", str(folder))
                ) from None
        yield
