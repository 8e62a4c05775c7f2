"""Where the figures of a draft come from: the cube of its closing while it is written, the rows themselves when it is printed.

A page shows no traces, so what a cube can tell is read from it. What is printed carries its traces and is computed; what the
cube had said is then held against it, for whoever signs has seen the page.
"""

from collections.abc import Callable, Sequence
from typing import Final

from shuzhi.cube.drawn import drawn
from shuzhi.cube.drawn import figures as read
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.kernel.finding import Finding, Refused

__all__ = ["Answer", "computed", "proved", "read"]

Answer = Callable[[Sequence[Ask], Closing], Sequence[Figure]]
"""Gives the figures of some asks over a closing, in their order."""
_TOLD: Final = 12


def computed(asks: Sequence[Ask], closing: Closing) -> Sequence[Figure]:
    """All figures from the closing's rows, with traces."""
    return compute(asks, [closing], cache=closing.cache)


def proved(asks: Sequence[Ask], closing: Closing) -> Sequence[Figure]:
    """The same, each compared with what the cube says where it says anything. Raises Refused where they differ."""
    figures = computed(asks, closing)
    found = [
        _differs(figure, said)
        for figure, said in zip(figures, drawn(closing).figures(asks), strict=True)
        if said is not None and _spoken(said) != _spoken(figure)
    ]
    if found:
        raise Refused(found[:_TOLD])
    return figures


def _spoken(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.text, figure.unit, figure.status


def _differs(figure: Figure, said: Figure) -> Finding:
    told, own = (f"{each.text}{each.unit}{each.status}" for each in (said, figure))
    return Finding(
        "report.cube-differs",
        f"页面上是{told}，从台账重算是{own or '缺'}，两处不一",
        "请删去实例的 cache 目录后重试；仍不一致请报告开发者",
        figure.ask.expression,
    )
