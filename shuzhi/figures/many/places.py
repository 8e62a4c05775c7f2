"""Where closings lie: in folders, in folders of closings, or in an object store, fetched when they are needed.

What is fetched is kept by its digest in a folder of this machine (``SHUZHI_FETCHED``, else the user's cache folder), so it
is fetched once and used only when it is what the manifest says.
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final

from shuzhi.figures.closing import STORE, Closing, checked, described, open_closing
from shuzhi.figures.layout import CATALOGUE, MANIFEST, file_of
from shuzhi.figures.manifest import changed_file, checked_manifest, hexadecimal, missing_file, no_manifest
from shuzhi.kernel.chain import digest_stream
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.whole import replacing

if TYPE_CHECKING:
    from pyarrow import NativeFile
    from pyarrow.fs import FileSystem

_AT_ONCE: Final = 16
_PIECE: Final = 1 << 20
_SCHEME: Final = "://"


@dataclass(frozen=True)
class Far(Closing):
    """A closing in an object store; its files are fetched when they are read. ``path`` is where fetched files lie."""

    uri: str = ""

    @property
    def place(self) -> str:
        """Where it lies."""
        return self.uri

    def file(self, relation: str) -> Path:
        """The relation's file, fetched unless it is here; raises Refused when it is gone or not what was frozen."""
        return self._fetched(file_of(relation), self.tables[relation].digest)

    def catalogue_file(self) -> Path:
        """The file of the definitions, fetched likewise."""
        return self._fetched(CATALOGUE, self.catalogue_digest)

    def _fetched(self, name: str, identity: str) -> Path:
        here = self.path / hexadecimal(identity)
        if checked(here, identity) is None:
            return here
        here.parent.mkdir(parents=True, exist_ok=True)
        with replacing(here) as file:
            found = _fetch(self.uri, name, file, identity.partition(":")[0])
            if found != identity:
                raise Refused(
                    replace(changed_file(Path(name), identity, found), place=beneath(self.uri, name))
                )
        return here


def opened(place: str | Path) -> Closing:
    """The closing that lies there, its manifest checked; raises Refused when there is none or it is damaged."""
    if _SCHEME in str(place):
        return _far(str(place))
    path = Path(place)
    try:
        stat = (path / MANIFEST).stat()
    except OSError:
        raise Refused(no_manifest(str(path))) from None
    return _near(path, (stat.st_ino, stat.st_size, stat.st_mtime_ns))


@lru_cache(maxsize=8192)
def _near(path: Path, _stat: tuple[int, int, int]) -> Closing:
    return open_closing(path)


@lru_cache(maxsize=8192)
def _far(uri: str) -> Closing:
    with _open(uri, MANIFEST) as file:
        data = bytes(file.read())
    identity, manifest = checked_manifest(data, PurePosixPath(uri.partition("?")[0]).name, uri)
    told = described(identity, fetched_into(), manifest)
    return Far(**{**vars(told), "uri": uri})


def fetched_into() -> Path:
    """The folder of this machine in which fetched files lie."""
    given = os.environ.get("SHUZHI_FETCHED", "")
    if given:
        return Path(given)
    with suppress(RuntimeError):
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shuzhi" / "fetched"
    return Path(tempfile.gettempdir()) / "shuzhi-fetched"


# --- many at once ------------------------------------------------------------------------------------------------------


def found(places: Iterable[str | Path]) -> tuple[list[Closing], list[Finding]]:
    """The closings at some places, each a closing or a folder of closings, and why others were refused; in their order.

    The same closing found twice is given once.
    """
    each: list[str] = []
    findings: list[Finding] = []
    for place in places:
        try:
            each += _within(str(place))
        except Refused as refused:
            findings += refused.findings
    closings: dict[str, Closing] = {}
    far = any(_SCHEME in place for place in each)
    for answer in _many(_tried, each) if far else map(_tried, each):
        if isinstance(answer, Closing):
            closings.setdefault(answer.id, answer)
        else:
            findings += answer.findings
    return list(closings.values()), findings


def _many(work: Callable[[str], Closing | Refused], places: Sequence[str]) -> Iterator[Closing | Refused]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(work, places)


def _tried(place: str) -> Closing | Refused:
    try:
        return opened(place)
    except Refused as refused:
        return Refused(refused.findings)


def _within(place: str) -> list[str]:
    """The closings at a place: itself, or those right below it, in order of their names."""
    if _SCHEME in place:
        return _within_far(place)
    folder = Path(place)
    if not folder.is_dir():
        raise Refused(Finding("closing.no-place", "没有这个结账文件夹", "请核对路径", place))
    if (folder / MANIFEST).exists():
        return [place]
    below = sorted(item for item in folder.iterdir() if item.is_dir() and not _aside(item.name))
    return [str(item) for item in below] or _none(place)


def _within_far(uri: str) -> list[str]:
    from pyarrow import fs  # as in _system

    system, path = _system(uri)
    try:
        if system.get_file_info(f"{path}/{MANIFEST}").type == fs.FileType.File:
            return [uri]
        listed = system.get_file_info(fs.FileSelector(path, allow_not_found=True))
    except OSError as error:
        raise Refused(_unreadable(uri, error)) from None
    below = sorted(item.base_name for item in listed if item.type == fs.FileType.Directory)
    return [beneath(uri, name) for name in below if not _aside(name)] or _none(uri)


def _aside(name: str) -> bool:
    """What lies beside closings: the store of their files, and what is still being written."""
    return name == STORE or name.startswith(".")


def _none(place: str) -> list[str]:
    raise Refused(
        Finding("closing.no-place", "这里没有结账", "请给出结账文件夹，或放着各单位结账的文件夹", place)
    )


# --- object stores -------------------------------------------------------------------------------------------------------


def beneath(uri: str, name: str) -> str:
    """The address of what lies in a folder of an object store, with the folder's own options."""
    address, mark, options = uri.partition("?")
    return f"{address.rstrip('/')}/{name}{mark}{options}"


def _system(uri: str) -> tuple["FileSystem", str]:
    from pyarrow.fs import FileSystem  # who has all closings in folders need not load object stores

    try:
        system, path = FileSystem.from_uri(uri)
    except (ValueError, OSError) as error:  # pyarrow's own errors are of these
        raise Refused(_unreadable(uri, error)) from None
    return system, str(path)


@contextmanager
def _open(uri: str, name: str) -> Iterator["NativeFile"]:
    """A file of a closing in an object store; raises Refused when it is gone or cannot be read."""
    system, path = _system(uri)
    try:
        with system.open_input_stream(f"{path}/{name}") as file:
            yield file
    except FileNotFoundError:
        gone = no_manifest(uri) if name == MANIFEST else missing_file(Path(name))
        raise Refused(replace(gone, place=beneath(uri, name))) from None
    except OSError as error:
        raise Refused(_unreadable(beneath(uri, name), error)) from None


def _fetch(uri: str, name: str, here: BinaryIO, algorithm: str) -> str:
    """Bring a file here, piece by piece; returns its digest."""
    with _open(uri, name) as file:
        return digest_stream(_copied(file, here), algorithm)


def _copied(file: "NativeFile", here: BinaryIO) -> Iterator[bytes]:
    while piece := bytes(file.read(_PIECE)):
        here.write(piece)
        yield piece


def _unreadable(uri: str, error: Exception) -> Finding:
    said = str(error).partition("\n")[0]
    hint = "请核对地址、凭据和网络；凭据由环境变量给出，不写进地址"
    return Finding("closing.unreadable", f"结账读不出来（{said}）", hint, uri.partition("?")[0])
