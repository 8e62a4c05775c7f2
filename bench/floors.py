"""What no engine can beat on this machine, timed beside it: memory, a scan of the files, the lines of a CSV, a safe append.

M: the sum of all dense cells by two threads at the speed of memory. Pq: DuckDB's ``select sum(value)`` over the very files.
L: counting the newlines of a CSV. F: appending 32 bytes and seeing them onto the disk.
"""

import mmap
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import duckdb
import numba
import numpy as np
from numpy.typing import NDArray

THREADS: Final = 2
_PIECE: Final = 1 << 22


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _total(cells: NDArray[np.int64]) -> int:
    found = 0
    for place in range(len(cells)):
        found += cells[place]
    return found


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _newlines(data: NDArray[np.uint8]) -> int:
    found = 0
    for place in range(len(data)):
        found += data[place] == 10
    return found


class Memory:
    """Floor M over some planes of cells: every byte read once, by two threads."""

    def __init__(self, planes: Iterable[NDArray[np.int64]]) -> None:
        self.size = 0
        self._shares: list[list[NDArray[np.int64]]] = [[] for _ in range(THREADS)]
        loads = [0] * THREADS
        for plane in planes:
            flat = plane.reshape(-1)
            self.size += flat.nbytes
            for start in range(0, len(flat), _PIECE):
                piece = flat[start : start + _PIECE]
                least = loads.index(min(loads))
                loads[least] += len(piece)
                self._shares[least].append(piece)
        self._pool = ThreadPoolExecutor(THREADS)

    def run(self) -> int:
        """The sum of all cells, which nobody needs."""
        return sum(self._pool.map(_sum_of, self._shares))

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown()


def _sum_of(pieces: Sequence[NDArray[np.int64]]) -> int:
    return sum(int(_total(piece)) for piece in pieces)


class Scan:
    """Floor Pq over some Parquet files: one sum of one column, by DuckDB with two threads."""

    def __init__(self, files: Sequence[Path], column: str = "value") -> None:
        self._connection = duckdb.connect(config={"threads": THREADS})
        listed = ", ".join(f"'{file}'" for file in files)
        self._query = f"select sum({column}) from read_parquet([{listed}])"

    def run(self) -> object:
        """The sum."""
        return self._connection.execute(self._query).fetchone()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def lines(path: Path) -> int:
    """Floor L: the newlines of a file, counted by two threads over the mapped bytes."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        data = np.frombuffer(mapped, np.uint8)
        with ThreadPoolExecutor(THREADS) as pool:
            found = sum(pool.map(_newlines, np.array_split(data, THREADS)))
        del data
    return int(found)


class Append:
    """Floor F: 32 bytes appended to a file and seen onto the disk."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "append.bin"
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def run(self) -> None:
        """One append."""
        os.write(self._file, bytes(32))
        os.fdatasync(self._file)

    def close(self) -> None:
        """Close and remove the file."""
        os.close(self._file)
        self._path.unlink()
