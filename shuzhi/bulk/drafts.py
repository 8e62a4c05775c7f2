"""A folder for the drafts of one run beside the closings; what a run that was killed has left is removed by the next."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PREFIX: Final = ".ingest-"
_LOCK: Final = "lock"


@contextmanager
def drafts(beside: Path) -> Iterator[Path]:
    """A folder of one's own under ``beside``, gone afterwards whatever happens; raises OSError."""
    beside.mkdir(parents=True, exist_ok=True)
    sweep(beside)
    made = beside / f"{_PREFIX}{uuid.uuid4().hex}"
    made.mkdir()
    try:
        with (made / _LOCK).open("wb") as lock:
            _locked(lock.fileno())
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def sweep(beside: Path) -> None:
    """Remove the drafts nobody holds: their process has ended without removing them."""
    for left in beside.glob(f"{_PREFIX}*"):
        try:
            with (left / _LOCK).open("rb") as lock:
                held = not _locked(lock.fileno())
        except OSError:  # between making the folder and its lock, or just being removed
            continue
        if not held:
            shutil.rmtree(left, ignore_errors=True)


def _locked(handle: int) -> bool:
    """Take the lock of a folder; False when another process has it. The system lets go of it when a process ends."""
    if os.name != "posix":
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
