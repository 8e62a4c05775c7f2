"""Numbers: each shape counts from one in every year, in the order of entry."""

from shuzhi.evidence.guard import refuse_unless_entering
from shuzhi.evidence.models import Counter
from shuzhi.kernel.ref import Ref


def next_ref(shape: str, year: int) -> str:
    """The next ref of a shape in a year (``matter/2025-0001``); call inside ``enter()``, which keeps it gapless."""
    refuse_unless_entering("next_ref")
    counter, _ = Counter.objects.select_for_update().get_or_create(shape=shape, year=year)
    counter.last += 1
    counter.save()
    return str(Ref.numbered(shape, year, counter.last))
