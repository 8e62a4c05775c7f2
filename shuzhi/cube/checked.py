"""The bytes of a closing's relation, read once and checked against their digest while they lie in memory."""

import hashlib
from pathlib import Path
from typing import Final

import pyarrow as pa

from shuzhi.figures.closing import Closing
from shuzhi.figures.layout import file_of
from shuzhi.figures.manifest import changed_file
from shuzhi.kernel.finding import Refused

_SMALL: Final = 32 << 20
"""Files up to this size are read at one go; larger ones are mapped."""


def checked(closing: Closing, relation: str) -> pa.Buffer:
    """The bytes of a relation's file, checked against its digest; raises Refused when it is gone or damaged."""
    path = closing.path / file_of(relation)
    wanted = closing.tables[relation].digest
    algorithm, _, digits = wanted.partition(":")
    if algorithm == "sha256" and _small(path):
        data = path.read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if found != digits:
            raise Refused(changed_file(path, wanted, f"{algorithm}:{found}"))
        return pa.py_buffer(data)
    return pa.memory_map(str(closing.file(relation))).read_buffer()


def _small(path: Path) -> bool:
    try:
        return path.stat().st_size <= _SMALL
    except OSError:
        return False  # Closing.file says what is wrong
