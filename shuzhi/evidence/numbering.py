"""Numbers: each shape counts from one in every year, in the order of entry."""

from shuzhi.evidence.guard import current, refuse_unless_entering
from shuzhi.evidence.journal import Writing
from shuzhi.kernel.ref import Ref


def next_ref(shape: str, year: int) -> str:
    """The next ref of a shape in a year (``matter/2025-0001``); call inside ``enter()``, which keeps it gapless."""
    refuse_unless_entering("next_ref")
    writing = current.get()
    assert isinstance(writing, Writing)
    return writing.named(str(Ref.numbered(shape, year, writing.count(shape, year))))
