"""Where the figures of a draft come from, in one form: the rows of its closing here, its cube in :mod:`shuzhi.cube.asking.drawn`."""

from collections.abc import Callable, Sequence

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute

Answer = Callable[[Sequence[Ask], Closing], Sequence[Figure]]
"""Gives the figures of some asks over a closing, in their order."""


def computed(asks: Sequence[Ask], closing: Closing) -> Sequence[Figure]:
    """All figures from the closing's rows, with traces."""
    return compute(asks, [closing], cache=closing.cache)
