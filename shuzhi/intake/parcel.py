"""What arrives: a workbook, a folder of workbooks, or a zip of them, with the files of the papers beside."""

import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path, PurePosixPath

from shuzhi.intake.xlsx import MOST_BYTES
from shuzhi.kernel.finding import Finding, Refused

MATERIALS = "材料"
_UTF8 = 0x800


@dataclass(frozen=True, slots=True)
class Parcel:
    """One workbook and the papers that lie beside it, by path under the folder 材料."""

    name: str
    workbook: bytes
    materials: Mapping[str, bytes] = field(default_factory=dict)


class Beside(Mapping[str, bytes]):
    """The files of a folder by their path below it, each read when it is asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def _names(self) -> Mapping[str, None]:
        root = str(self._root)
        found = {
            f"{here}/{name}"[len(root) + 1 :].replace(os.sep, "/")
            for here, _, names in os.walk(root)
            for name in names
        }
        return dict.fromkeys(sorted(found))

    def __getitem__(self, name: str) -> bytes:
        """The bytes of a file; raises KeyError when there is none of that path."""
        if name not in self._names:
            raise KeyError(name)
        return (self._root / name).read_bytes()

    def __iter__(self) -> Iterator[str]:
        """The paths, in their order."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        """Whether there is such a file, without reading it."""
        return name in self._names


def from_path(path: Path) -> list[Parcel]:
    """The workbooks of a file, a folder or a zip, in the order of their names; raises Refused when there is none."""
    if not path.exists():
        raise Refused(Finding("intake.absent", "没有这个文件或文件夹", "请核对路径", str(path)))
    if path.is_dir():
        beside = _beside(path)
        found = [
            Parcel(item.name, item.read_bytes(), beside)
            for item in sorted(path.glob("*.xlsx"))
            if _real(item.name)
        ]
        return found or _none(str(path))
    if path.suffix.lower() == ".zip":
        return from_upload(path.name, path.read_bytes())
    return [Parcel(path.name, path.read_bytes(), _beside(path.parent))]


def from_upload(name: str, data: bytes) -> list[Parcel]:
    """The workbooks of an uploaded file: itself, or those in it when it is a zip (an .xlsx is a zip, too)."""
    if not zipfile.is_zipfile(BytesIO(data)):
        return [Parcel(name, data)]
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = {_name(item): item for item in archive.infolist() if not item.is_dir()}
        if "[Content_Types].xml" in names:
            return [Parcel(name, data)]
        if sum(item.file_size for item in names.values()) > MOST_BYTES:
            raise Refused(Finding("intake.too-large", "压缩包解开后超过400MB", "请分几次导入", name))
        materials = {
            _under(inner): archive.read(item)
            for inner, item in names.items()
            if MATERIALS in PurePosixPath(inner).parts[:-1]
        }
        books = [
            Parcel(PurePosixPath(inner).name, archive.read(item), materials)
            for inner, item in sorted(names.items())
            if inner.lower().endswith(".xlsx")
            and MATERIALS not in PurePosixPath(inner).parts
            and _real(inner)
        ]
    return books or _none(name)


def _none(place: str) -> list[Parcel]:
    raise Refused(Finding("intake.no-workbook", "里面没有 .xlsx 工作簿", "请把台账另存为 .xlsx", place))


def _real(name: str) -> bool:
    """Whether a file is a workbook and not the lock Excel leaves beside an open one, nor a system's shadow."""
    last = PurePosixPath(name).name
    return not last.startswith(("~$", ".", "._")) and "__MACOSX" not in name


def _name(item: zipfile.ZipInfo) -> str:
    """A name in a zip: archives packed on Chinese Windows hold GBK bytes that zip readers take for code page 437."""
    if item.flag_bits & _UTF8:
        return item.filename
    try:
        return item.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return item.filename


def _under(name: str) -> str:
    """The path below the folder of papers."""
    parts = PurePosixPath(name).parts
    return "/".join(parts[parts.index(MATERIALS) + 1 :])


def _beside(folder: Path) -> Mapping[str, bytes]:
    """The papers beside a workbook."""
    return Beside(folder / MATERIALS)
