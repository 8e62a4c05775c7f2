"""Timing that can be believed on a shared machine: ways are timed in turn in one process, and told as pair ratios.

A machine's own speed drifts, so no time is compared with one of another minute: in each round every way is run once, in
turn, and the median over rounds of (its time / the floor's time of that very round) is printed beside its own median.
``peak()`` tells how much memory a piece of work took above what the process held before (Linux); ``Book`` keeps results as
lines of JSON, from which tables are made.
"""

import ctypes
import gc
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

Way = Callable[[], object]

MIB: Final = 1 << 20


@dataclass(frozen=True)
class Timed:
    """One way: its seconds round by round, and its ratios to the floor of the same rounds."""

    name: str
    seconds: tuple[float, ...]
    ratios: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median of its seconds."""
        return statistics.median(self.seconds)

    @property
    def ratio(self) -> float:
        """The median of its ratios to the floor of the same round."""
        return statistics.median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the greatest ratio."""
        return min(self.ratios), max(self.ratios)


def alternately(
    ways: Mapping[str, Way],
    *,
    rounds: int = 7,
    floor: str = "",
    warm: int = 1,
    before: Way | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Timed]:
    """Time the ways in turn, ``rounds`` times; ratios are to ``floor`` (the first way, when none is named).

    ``warm`` runs of each come first and do not count. ``before`` is called before each run and is not timed (drop a
    cache, restore a file). Garbage is collected before each run and the collector is off while a way runs.
    """
    least = floor or next(iter(ways))
    for way in list(ways.values()) * warm:
        if before is not None:
            before()
        way()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            if before is not None:
                before()
            times[name].append(_once(way, clock))
    return {name: Timed(name, tuple(own), _ratios(own, times[least])) for name, own in times.items()}


def _once(way: Way, clock: Callable[[], float]) -> float:
    gc.collect()
    on = gc.isenabled()
    gc.disable()
    try:
        start = clock()
        kept = way()
        spent = clock() - start
        del kept  # letting go of a result is not part of making it
    finally:
        if on:
            gc.enable()
    return spent


def _ratios(own: Sequence[float], floor: Sequence[float]) -> tuple[float, ...]:
    return tuple(mine / max(least, 1e-9) for mine, least in zip(own, floor, strict=True))


def latencies(way: Callable[[int], object], calls: int, *, warm: int = 50) -> tuple[float, float]:
    """The median and the 99th percentile, in seconds, of ``calls`` single calls of ``way(number)``."""
    for number in range(warm):
        way(number)
    found = []
    for number in range(calls):
        start = time.perf_counter()
        way(number)
        found.append(time.perf_counter() - start)
    found.sort()
    return statistics.median(found), found[min(len(found) - 1, len(found) * 99 // 100)]


def told(seconds: float) -> str:
    """A time in the unit that suits it."""
    for size, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds < 1000 else f"{seconds:.0f} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def show(timed: Mapping[str, Timed], floor: str = "") -> None:
    """Print a line a way: its median, its ratio to the floor, the spread of the ratio."""
    name = floor or next(iter(timed))
    wide = max(map(len, timed))
    for one in timed.values():
        low, high = one.spread
        print(
            f"{one.name:<{wide}}  {told(one.median):>9}  {one.ratio:9.2f} × {name}  ({low:.2f}–{high:.2f})",
            flush=True,
        )


# --- memory ---------------------------------------------------------------------------------------------------------


@dataclass
class Peak:
    """Memory of this process while a block ran, in bytes: what it held before, at most, and after."""

    before: int = 0
    most: int = 0
    after: int = 0

    @property
    def above(self) -> int:
        """What the block took at most above what was held before."""
        return self.most - self.before


def _status(word: str) -> int:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(word):
            return int(line.split()[1]) * 1024
    return 0


def resident() -> int:
    """The bytes of this process in memory that belong to it alone: pages of mapped files are the system's to drop."""
    return _status("RssAnon:")


@contextmanager
def peak() -> Iterator[Peak]:
    """Tell how much memory a block takes (Linux): the peak of all resident pages, mapped files among them.

    The kernel's high-water mark is set back at the start, so the peak is of the block alone; freed memory is given back to
    the system first, so that what an earlier block left does not hide what this one takes.
    """
    trim()
    found = Peak(before=_status("VmRSS:"))
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    try:
        yield found
    finally:
        found.most, found.after = _status("VmHWM:"), _status("VmRSS:")


def trim() -> None:
    """Give freed memory back to the system, where the C library can."""
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)


# --- results --------------------------------------------------------------------------------------------------------


@dataclass
class Book:
    """Results as lines of JSON: what was measured, at which scale, by whom, the ratio and what it is to."""

    path: Path | None = None
    common: dict[str, object] = field(default_factory=dict)

    def note(self, **said: object) -> None:
        """Keep one result and print it."""
        print("  " + "  ".join(f"{key}={_short(value)}" for key, value in said.items()), flush=True)
        self.keep(**said)

    def keep(self, **said: object) -> None:
        """Keep one result, with the clock and the load of the machine."""
        if self.path is not None:
            line = {"at": time.strftime("%H:%M"), "load": round(os.getloadavg()[0], 1), **self.common, **said}
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def timed(self, what: str, timed: Mapping[str, Timed], floor: str, **said: object) -> None:
        """Keep what :func:`alternately` found; ``floor`` is what the ratios are to."""
        for one in timed.values():
            low, high = one.spread
            self.keep(
                what=what,
                way=one.name,
                seconds=one.median,
                ratio=one.ratio,
                low=low,
                high=high,
                rounds=len(one.seconds),
                floor=floor,
                **said,
            )


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def versions(*packages: str) -> str:
    """This Python and the packages that are installed, with their versions, and the number of cores."""
    found = [f"Python {platform.python_version()}", f"{os.cpu_count()} cores"]
    for name in packages:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} –")
    return ", ".join(found)
