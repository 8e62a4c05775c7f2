"""The root of a block as bytes: what a machine of a cluster sends back, and what is kept so that a crown needs no block.

The bytes are a digest, a line of JSON that says what follows, and the planes one after another.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from shuzhi.cube.block import Source
from shuzhi.cube.crown import Root
from shuzhi.cube.frame import ROLES, Frame, Line
from shuzhi.cube.planes import COUNTS, WHOLES
from shuzhi.kernel.chain import canonical

_CHECK: Final = 32
_SUMS: Final = (("sums", WHOLES), ("counts", COUNTS), ("weights", WHOLES))


def said(root: Root) -> bytes:
    """A root as bytes; the same root gives the same bytes."""
    planes = list(_planes(root))
    source = root.source
    header = {
        "source": [
            source.unit_code,
            source.unit_name,
            source.as_of.isoformat(),
            source.observation,
            source.units,
        ],
        "then": source.then.isoformat() if source.then else "",
        "lines": [line.as_json() for line in root.frame.lines],
        "years": list(root.frame.years),
        "expected": list(root.expected),
        "level": root.level,
        "alike": list(root.alike),
        "planes": [[name, format_, plane.nbytes] for name, format_, plane in planes],
    }
    body = canonical(header) + b"\n" + b"".join(plane.tobytes() for _, _, plane in planes)
    return hashlib.sha256(body).digest() + body


def heard(data: bytes) -> Root:
    """The root those bytes say; raises ValueError when they are damaged."""
    body = memoryview(data)[_CHECK:]
    if hashlib.sha256(body).digest() != data[:_CHECK]:
        raise ValueError("damaged")
    start = data.index(b"\n", _CHECK) + 1
    header: dict[str, Any] = json.loads(data[_CHECK:start])
    planes: dict[str, memoryview] = {}
    for name, format_, length in header["planes"]:
        planes[name] = memoryview(data[start : start + length]).cast(format_)
        start += length
    code, unit, as_of, observation, units = header["source"]
    then = date.fromisoformat(header["then"]) if header["then"] else None
    return Root(
        Source(code, unit, date.fromisoformat(as_of), observation, units, then),
        Frame(tuple(Line(*line) for line in header["lines"]), tuple(header["years"])),
        {role: planes.get(f"{role}.own") for role in ROLES},
        {role: _sums(planes, role) for role in ROLES},
        tuple(header["expected"]),
        planes.get("lent"),
        header["level"],
        tuple(header["alike"]),
    )


def _planes(root: Root) -> Iterator[tuple[str, str, memoryview]]:
    for role in ROLES:
        own, sums = root.own[role], root.sums[role]
        if own is not None:
            yield f"{role}.own", WHOLES, own
        for (name, format_), plane in zip(_SUMS, sums or (), strict=False):
            yield f"{role}.{name}", format_, plane
    if root.lent is not None:
        yield "lent", "B", root.lent


def _sums(planes: dict[str, memoryview], role: str) -> tuple[memoryview, memoryview, memoryview] | None:
    found = [planes[f"{role}.{name}"] for name, _ in _SUMS if f"{role}.{name}" in planes]
    return (found[0], found[1], found[2]) if len(found) == len(_SUMS) else None
