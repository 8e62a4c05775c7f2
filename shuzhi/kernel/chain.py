"""Canonical form, digests and links: what makes a change of one byte show.

The canonical form is JSON with sorted keys, no white space and no escapes beyond the necessary, in UTF-8 (after
RFC 8785, without its floats: a float is refused, because figures are exact). Digests carry the name of their
algorithm (``sha256:…`` or ``sm3:…``, GB/T 32905), chosen once when an instance is created.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

ALGORITHMS = ("sha256", "sm3")
GENESIS = "genesis"


def _plain(value: object) -> object:
    """The value as JSON can hold it exactly; raises TypeError for what has no exact form."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | Fraction):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"no canonical form for {type(value).__name__}: {value!r}")


def canonical(value: object) -> bytes:
    """The one byte string that stands for a value made of dicts, lists, strings, whole numbers and dates."""
    text = json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8", "surrogatepass")


def hasher(algorithm: str) -> "hashlib._Hash":
    """A fresh hash of the named algorithm; raises ValueError when this machine has none."""
    if algorithm not in ALGORITHMS:
        raise ValueError(f"未知的摘要算法“{algorithm}”，可用：{'、'.join(ALGORITHMS)}")
    try:
        return hashlib.new(algorithm)
    except ValueError as error:
        raise ValueError(f"本机的加密库没有 {algorithm} 算法，请改用 sha256 或更换系统 OpenSSL") from error


def digest(data: bytes, algorithm: str = "sha256") -> str:
    """The digest of the bytes, with the algorithm in front."""
    state = hasher(algorithm)
    state.update(data)
    return f"{algorithm}:{state.hexdigest()}"


def digest_stream(chunks: Iterable[bytes], algorithm: str = "sha256") -> str:
    """The digest of bytes that come in pieces, in bounded memory."""
    state = hasher(algorithm)
    for chunk in chunks:
        state.update(chunk)
    return f"{algorithm}:{state.hexdigest()}"


def _pieces(file: BinaryIO) -> Iterable[bytes]:
    while chunk := file.read(1 << 20):
        yield chunk


def digest_file(path: Path, algorithm: str = "sha256") -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as file:
        return digest_stream(_pieces(file), algorithm)


def algorithm_of(text: str) -> str:
    """The algorithm a digest was made with."""
    return text.partition(":")[0]


def link(previous: str, body: bytes, algorithm: str = "sha256") -> str:
    """One link of the chain: the digest of the link before and of this entry's canonical body."""
    return digest(previous.encode() + b"\n" + body, algorithm)
