"""How many closings lie in runs, and runs in runs, so that what they come to can be remembered piece by piece.

Closings lie in the order of their units' codes. Where a run ends depends on nothing but the code of its last closing, so
a closing that is replaced or joins changes its own runs, one within the other, and no other: of three thousand closings
one is read again, and some six short runs are added up again.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shuzhi.figures.closing import Closing

_FAN: Final = 4
_LONGEST: Final = 8 * _FAN
_USUAL: Final = 64
_MOST: Final = 256


@dataclass(frozen=True, eq=False, slots=True)
class Run:
    """A closing, or several runs one after another (then ``closing`` is that of the last). ``mark`` is a checksum of its code."""

    closing: Closing
    mark: int
    below: tuple["Run", ...] = ()


def run_of(closings: Sequence[Closing]) -> Run:
    """The closings, in their order, as one run of runs; of a single closing that closing. Raises ValueError for none."""
    if not closings:
        raise ValueError("a run of no closings")
    runs = [Run(closing, _mark(closing)) for closing in closings]
    step = _FAN
    while len(runs) > _FAN:
        runs, step = _longer(runs, step), step * _FAN
    return _joined(runs)


def _mark(closing: Closing) -> int:
    return zlib.crc32(closing.unit_code.encode()) or 1  # nothing ends runs of all lengths


def _longer(runs: Sequence[Run], step: int) -> list[Run]:
    """The runs put together: one ends where the mark is divisible by ``step``, or when it has become too long."""
    found: list[Run] = []
    begun: list[Run] = []
    for run in runs:
        begun.append(run)
        if run.mark % step == 0 or len(begun) == _LONGEST:
            found.append(_joined(begun))
            begun = []
    return [*found, _joined(begun)] if begun else found


def _joined(runs: Sequence[Run]) -> Run:
    """Runs as one; a single one is itself."""
    return runs[0] if len(runs) == 1 else Run(runs[-1].closing, runs[-1].mark, tuple(runs))


def runs_of(closings: Sequence[Closing]) -> tuple[tuple[Closing, ...], ...]:
    """The closings, in their order, in runs of one length; a few closings are one run."""
    if len(closings) <= _USUAL:
        return (tuple(closings),)
    found: list[tuple[Closing, ...]] = []
    run: list[Closing] = []
    for closing in closings:
        run.append(closing)
        if _mark(closing) % _USUAL == 0 or len(run) == _MOST:
            found.append(tuple(run))
            run = []
    return (*found, tuple(run)) if run else tuple(found)
