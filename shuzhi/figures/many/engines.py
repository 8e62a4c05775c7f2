"""Where closings are read: in this process, in processes beside it, or (``spark.py``) on a cluster.

An engine is given places and a piece of work, a function of a module that takes one place, and tells in the order of
the places what came of each. What comes back does not depend on the engine, the number of parts or who was done first.
A place that is refused is told as such and the others go on; a process that dies is started again.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache, partial
from itertools import pairwise
from multiprocessing import get_context
from typing import Final, Protocol, TypeVar

from shuzhi.kernel.finding import Finding, Refused

P = TypeVar("P")
R = TypeVar("R")

_TRIES: Final = 3
_DEATHS: Final = 3
_FEW: Final = 16
_PER_PART: Final = 16
_TURNS: Final = 4
# These say what a second look will say as well.
_FIRM: Final = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError)


class Engine(Protocol):
    """Where work on many places is done."""

    name: str

    def each(
        self, places: Sequence[P], work: Callable[[P], R], *, parts: int = 0
    ) -> Iterator[tuple[P, R | Refused]]:
        """What ``work`` makes of each place, in the order of the places; Refused where it refused the place.

        ``parts`` is into how many tasks the places are cut, 0 as fits. Raises Refused when the engine itself cannot go on.
        """
        ...

    def close(self) -> None:
        """Let go of processes and connections."""
        ...


class Here:
    """In this process, one place after another."""

    name = "here"

    def each(
        self, places: Sequence[P], work: Callable[[P], R], *, parts: int = 0
    ) -> Iterator[tuple[P, R | Refused]]:
        """See :class:`Engine`."""
        for place in places:
            yield place, told(work, place)

    def close(self) -> None:
        """Nothing was opened."""


class Processes:
    """In processes of this machine, each with one thread; ``processes`` 0 is one for each processor."""

    name = "local"

    def __init__(self, processes: int = 0) -> None:
        self.processes = processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def each(
        self, places: Sequence[P], work: Callable[[P], R], *, parts: int = 0
    ) -> Iterator[tuple[P, R | Refused]]:
        """See :class:`Engine`."""
        waiting = cut(places, parts or fitting(len(places), self.processes))
        deaths = 0
        while waiting:
            running = self._begun(waiting, work)
            try:
                for future in running:
                    found, deaths = future.result(), 0
                    yield from zip(waiting.pop(0), found, strict=True)
            except BrokenProcessPool:
                self.close()
                deaths += 1
                if deaths == _DEATHS:
                    raise Refused(_died(waiting[0])) from None
            finally:
                for future in running:
                    future.cancel()

    def _begun(
        self, groups: Sequence[Sequence[P]], work: Callable[[P], R]
    ) -> list[Future[list[R | Refused]]]:
        if self._pool is None:
            # A process copied while DuckDB's threads run would hang, so each starts from nothing.
            self._pool = ProcessPoolExecutor(
                self.processes, mp_context=get_context("spawn"), initializer=one_thread
            )
        task = partial(all_told, work)
        return [self._pool.submit(task, group) for group in groups]

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def local(places: int, processes: int = 0) -> Engine:
    """The engine of this machine for that many places: processes of their own only where they are worth starting."""
    wanted = processes or (1 if places < _FEW else os.cpu_count() or 1)
    return Here() if wanted == 1 else Processes(wanted)


def fitting(places: int, hands: int) -> int:
    """Into how many tasks so many places are cut for so many hands: small ones, and enough for all hands to the end."""
    return max(-(-places // _PER_PART), min(places, _TURNS * hands))


def cut(places: Sequence[P], parts: int) -> list[Sequence[P]]:
    """The places in order, cut into at most ``parts`` runs that differ by one at most; none of them empty."""
    parts = max(1, min(parts, len(places)))
    size, longer = divmod(len(places), parts)
    ends = [number * size + min(number, longer) for number in range(parts + 1)]
    return [places[start:end] for start, end in pairwise(ends) if end > start]


def all_told(work: Callable[[P], R], places: Sequence[P]) -> list[R | Refused]:
    """What comes of each of the places: one task."""
    return [told(work, place) for place in places]


def told(work: Callable[[P], R], place: P) -> R | Refused:
    """What comes of a place, or why it was refused; what may be a hiccup of a disk or a network is tried again."""
    for tried in range(1, _TRIES + 1):
        try:
            return work(place)
        except Refused as refused:
            return Refused(refused.findings)
        except OSError as error:
            if isinstance(error, _FIRM) or tried == _TRIES:
                return Refused(_unreadable(place, error))
            time.sleep(tried)
    raise AssertionError("unreachable")


def _unreadable(place: object, error: OSError) -> Finding:
    said = error.strerror or str(error).partition("\n")[0] or type(error).__name__
    hint = "请核对路径、权限和网络后重新执行；已经算好的不会重算"
    return Finding("engine.unreadable", f"读不到：{said}", hint, str(error.filename or place))


def _died(places: Sequence[object]) -> Finding:
    where = f"{places[0]}" + (f" 等{len(places)}处" if len(places) > 1 else "")
    hint = "多半是内存不够：请减少同时的进程（--processes），或换内存大的机器；重新执行会接着做"
    return Finding("engine.process-died", f"计算进程连续{_DEATHS}次中途退出", hint, where)


@lru_cache(maxsize=1)
def one_thread() -> None:
    """Where many processes share a machine, each keeps to one thread."""
    for name, value in _ALONE.items():
        os.environ.setdefault(name, value)
    from shuzhi.figures import duck

    duck.connection().execute("SET threads = 1")


_ALONE: Final[Mapping[str, str]] = {
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "ARROW_NUM_THREADS": "1",
}
