"""A closing that cannot be read, told from the others, which may go on without it."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from shuzhi.figures.closing import Closing
from shuzhi.kernel.finding import Finding, Refused

T = TypeVar("T")


class Damaged(Refused):
    """A closing cannot be read; ``closings`` are the ids of those concerned. The others may go on without it."""

    def __init__(self, findings: Finding | Iterable[Finding], closings: Sequence[str]) -> None:
        super().__init__(findings)
        self.closings = tuple(closings)


def sound(closing: Closing, read: Callable[[], T]) -> T:
    """What reading a closing gives; raises Damaged with its id when it is refused."""
    try:
        return read()
    except Damaged:
        raise
    except Refused as refused:
        raise Damaged(refused.findings, [closing.id]) from None
