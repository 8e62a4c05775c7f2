"""A block as a file: a header that names everything in it, then its planes, mapped into memory when they are read.

The file is ``SZCUBE01``, the length of the header (8 bytes, little end first), the SHA-256 of the header, the header
(canonical JSON), and the planes, each beginning at a multiple of 64 bytes. It is derived and may be thrown away at any
time: its name is the digest of what it was made from, so it is found again, or made again to the same bytes.
"""

import hashlib
import json
import mmap
import os
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from shuzhi.cube.axis import Axis
from shuzhi.cube.block import Block, Source
from shuzhi.cube.frame import ROLES, Frame, Line
from shuzhi.cube.planes import COUNTS, WHOLES, Planes, column
from shuzhi.cube.redrawn import redrawn_of
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.whole import replacing, sync_file, sync_folder

FORMAT: Final = "shuzhi-cube/2"
SUFFIX: Final = ".cube"
_MAGIC: Final = b"SZCUBE01"
_HEAD: Final = len(_MAGIC) + 8 + 32
_ALIGNED: Final = 64
_SMALL: Final = 64 << 20
"""Files up to this size are checked whole when they are opened, larger ones when :func:`verify` is asked."""
_BYTES: Final = "B"
_AGAIN: Final = "请删去这个文件，再执行一次 shuzhi rollup；它由结账重新生成"
_COLUMNS: Final = ("level", "parent", "inner", "heads", "lo", "mid", "firm", "hi", "end", "expected", "shaky")


@dataclass(frozen=True, slots=True)
class _Plane:
    """One stretch of a block's file."""

    name: str
    format: str
    data: memoryview


def key_of(source: Source, catalogue: Catalogue, years: Sequence[int]) -> str:
    """The digest of all a block is made from."""
    then = source.then.isoformat() if source.then else ""
    made = [
        source.unit_code,
        source.unit_name,
        source.as_of.isoformat(),
        source.observation,
        source.units,
        then,
    ]
    return digest(canonical([FORMAT, made, _meant(catalogue), list(years)]))


@lru_cache(maxsize=16)
def _definitions(catalogue_digest: str, said: tuple[tuple[str, str, bool, bool], ...]) -> str:
    return digest(canonical([list(each) for each in said]))


def _meant(catalogue: Catalogue) -> str:
    known = sorted(catalogue.indicators.items())
    said = tuple(
        (code, each.rollup, each.frequency == "year", each.expression is not None) for code, each in known
    )
    return _definitions(catalogue.digest, said)


def file_of(folder: Path, key: str) -> Path:
    """Where the block of that key lies in a folder."""
    return folder / f"{key.partition(':')[2][:32]}{SUFFIX}"


def put(block: Block, path: Path, key: str) -> None:
    """Write a block, whole or not at all. Raises OSError, which names the file, when the disk will not."""
    planes = list(_planes(block))
    header = canonical(_header(block, key, planes))
    with replacing(path) as file:
        start = _MAGIC + len(header).to_bytes(8, "little") + hashlib.sha256(header).digest() + header
        size = file.write(start + bytes(-len(start) % _ALIGNED))
        for plane in planes:
            size += file.write(plane.data.cast(_BYTES))
            size += file.write(bytes(-plane.data.nbytes % _ALIGNED))
        if size >= _SMALL:  # a small one is checked whole when it is opened, so a torn one is never read
            sync_file(file)
    if size >= _SMALL:
        sync_folder(path.parent)


def get(path: Path, key: str = "") -> Block:
    """The block in a file, mapped. Raises Refused when it is damaged, torn, of another format or (given a ``key``) of
    another origin; FileNotFoundError when there is none.
    """
    return _mapped(path, key, mmap.ACCESS_READ)


def private(path: Path) -> Block:
    """The block in a file, mapped so that it may be written to: what is written stays in this process, and only the pages
    written to take memory; the file stays as it is. Raises as :func:`get` does.
    """
    return _mapped(path, "", mmap.ACCESS_COPY)


def _mapped(path: Path, key: str, access: int) -> Block:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < _HEAD:
            raise Refused(_damaged(path, "文件不完整"))
        mapped = memoryview(mmap.mmap(file.fileno(), 0, access=access))
    header, start = _read_header(path, mapped)
    if key and header["key"] != key:
        raise Refused(_damaged(path, "它是由别的结账生成的"))
    planes: dict[str, memoryview] = {}
    try:
        for name, format_, offset, length, wanted in _listed(header):
            data = mapped[start + offset : start + offset + length]
            if len(data) != length:
                raise Refused(_damaged(path, "文件不完整"))
            if size < _SMALL and hashlib.sha256(data).hexdigest() != wanted:
                raise Refused(_damaged(path, f"内容被改动过或不完整（{name}）"))
            planes[name] = column(data, format_)
        return _block(header, planes)
    except (KeyError, TypeError, ValueError, IndexError):
        raise Refused(_damaged(path, "开头的说明读不懂")) from None


def verify(path: Path) -> list[Finding]:
    """What is wrong with a block's file, every byte looked at; nothing when it is whole."""
    try:
        get(path)
        with path.open("rb") as file:
            mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        header, start = _read_header(path, mapped)
        return [
            _damaged(path, f"内容被改动过或不完整（{name}）")
            for name, _, offset, length, wanted in _listed(header)
            if hashlib.sha256(mapped[start + offset : start + offset + length]).hexdigest() != wanted
        ]
    except FileNotFoundError:
        return [_damaged(path, "文件不见了")]
    except Refused as refused:
        return list(refused.findings)


def _damaged(path: Path, said: str) -> Finding:
    return Finding("cube.damaged", f"汇总文件 {path.name} 不能用：{said}", _AGAIN, str(path))


# --- header ---------------------------------------------------------------------------------------------------------


def _header(block: Block, key: str, planes: Sequence[_Plane]) -> dict[str, object]:
    listed: list[object] = []
    offset = 0
    for plane in planes:
        found = hashlib.sha256(plane.data).hexdigest()
        listed.append([plane.name, plane.format, offset, plane.data.nbytes, found])
        offset += plane.data.nbytes + -plane.data.nbytes % _ALIGNED
    source, axis = block.source, block.axis
    return {
        "format": FORMAT,
        "key": key,
        "order": sys.byteorder,
        "unit": [source.unit_code, source.unit_name],
        "as_of": source.as_of.isoformat(),
        "then": source.then.isoformat() if source.then else "",
        "from": [source.observation, source.units],
        "lines": [line.as_json() for line in block.frame.lines],
        "years": list(block.frame.years),
        "axis": [list(axis.levels), axis.months, list(axis.starts), list(axis.inner_starts)],
        "unrest": [list(each) for each in axis.unrest],
        "redrawn": axis.redrawn.as_json() if axis.redrawn is not None else [],
        "reach": {role: block.planes[role].reach for role in ROLES},
        "planes": listed,
    }


def _read_header(path: Path, mapped: memoryview) -> tuple[dict[str, Any], int]:
    """The header and where the planes begin."""
    if bytes(mapped[:8]) != _MAGIC:
        raise Refused(_damaged(path, f"不是汇总文件（{FORMAT}）"))
    length = int.from_bytes(mapped[8:16], "little")
    data = bytes(mapped[_HEAD : _HEAD + length])
    if len(data) != length or hashlib.sha256(data).digest() != bytes(mapped[16:_HEAD]):
        raise Refused(_damaged(path, "开头的说明被改动过或不完整"))
    header = json.loads(data)
    if header["format"] != FORMAT or header["order"] != sys.byteorder:
        raise Refused(_damaged(path, f"是别的版本或别种机器写的，这里读不了（要 {FORMAT}）"))
    start = _HEAD + length
    return header, start + -start % _ALIGNED


def _listed(header: Mapping[str, Any]) -> Iterator[tuple[str, str, int, int, str]]:
    yield from (tuple(plane) for plane in header["planes"])


# --- planes ---------------------------------------------------------------------------------------------------------


def _planes(block: Block) -> Iterator[_Plane]:
    """All planes of a block, in a fixed order."""
    axis = block.axis
    yield _Plane("names", _BYTES, memoryview(axis.names))
    for name in _COLUMNS:
        yield _Plane(name, COUNTS, getattr(axis, name))
    yield _Plane("stands", _BYTES, axis.stands)
    for role in ROLES:
        planes = block.planes[role]
        for depth, own in enumerate(planes.own):
            if own is not None:
                yield _Plane(f"{role}.own.{depth}", WHOLES, own)
        yield _Plane(f"{role}.sums", WHOLES, planes.sums)
        yield _Plane(f"{role}.counts", COUNTS, planes.counts)
        yield _Plane(f"{role}.weights", WHOLES, planes.weights)
        if planes.cumulative is not None:
            yield _Plane(f"{role}.cumulative", WHOLES, planes.cumulative)
    for depth, lent in enumerate(block.borrowed):
        if lent is not None:
            yield _Plane(f"borrowed.{depth}", _BYTES, lent)


def _block(header: Mapping[str, Any], planes: Mapping[str, memoryview]) -> Block:
    levels, months, starts, inner_starts = header["axis"]
    axis = Axis(
        names=bytes(planes["names"]),
        levels=tuple(levels),
        months=months,
        starts=tuple(starts),
        inner_starts=tuple(inner_starts),
        stands=planes["stands"],
        unrest=tuple(tuple(each) for each in header["unrest"]),
        redrawn=redrawn_of(header["redrawn"]),
        level=planes["level"],
        parent=planes["parent"],
        inner=planes["inner"],
        heads=planes["heads"],
        lo=planes["lo"],
        mid=planes["mid"],
        firm=planes["firm"],
        hi=planes["hi"],
        end=planes["end"],
        expected=planes["expected"],
        shaky=planes["shaky"],
    )
    frame = Frame(tuple(Line(*line) for line in header["lines"]), tuple(header["years"]))
    code, name = header["unit"]
    observation, units = header["from"]
    then = date.fromisoformat(header["then"]) if header["then"] else None
    source = Source(code, name, date.fromisoformat(header["as_of"]), observation, units, then)
    found = {role: _role(role, axis, header["reach"][role], planes) for role in ROLES}
    return Block(
        source, frame, axis, found, [planes.get(f"borrowed.{depth}") for depth in range(axis.depths)]
    )


def _role(role: str, axis: Axis, reach: list[int], planes: Mapping[str, memoryview]) -> Planes:
    return Planes(
        role,
        [planes.get(f"{role}.own.{depth}") for depth in range(axis.depths)],
        list(reach),
        planes[f"{role}.sums"],
        planes[f"{role}.counts"],
        planes.get(f"{role}.cumulative"),
        planes[f"{role}.weights"],
    )


assert array("i").itemsize == 4, "columns are of 32 bits"
