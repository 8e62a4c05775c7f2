"""How commands speak: findings in Chinese lines or JSON, tables in plain text, progress on standard error."""

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from shuzhi.kernel.finding import Finding


def as_json(value: object) -> None:
    """Print a value as JSON on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def findings(found: Iterable[Finding]) -> int:
    """Print findings, one a line; returns how many there were."""
    told = list(found)
    for finding in told:
        print(finding)
    return len(told)


def table(rows: Sequence[Sequence[object]]) -> None:
    """Print rows in columns, wide characters counted as two."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(_width(row[column]) for row in texts) for column in range(len(texts[0]))] if texts else []
    for row in texts:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Show a step of a long job and the seconds it took, on standard error."""
    back = "\r" if sys.stderr.isatty() else ""
    if back:
        print(f"… {name}", end="", file=sys.stderr, flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(f"{back}✗ {name}", file=sys.stderr, flush=True)
        raise
    print(f"{back}✓ {name}（{time.monotonic() - start:.1f} 秒）", file=sys.stderr, flush=True)


def bar(done: int, total: int, name: str) -> None:
    """A progress bar on standard error; drawn only for a terminal."""
    if not sys.stderr.isatty() or not total:
        return
    filled = done * 30 // total
    print(
        f"\r{name} [{'█' * filled}{'·' * (30 - filled)}] {done}/{total}", end="", file=sys.stderr, flush=True
    )
    if done >= total:
        print(file=sys.stderr)
