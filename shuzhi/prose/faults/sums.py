"""Exact helpers for arithmetic over printed figures: rounding windows and values in base units."""

from dataclasses import dataclass
from fractions import Fraction

from shuzhi.prose.glyphs import folded
from shuzhi.prose.model import Figure

_SCALES = (("万亿", 10**12), ("千万", 10**7), ("百万", 10**6), ("亿", 10**8), ("万", 10**4))


@dataclass(frozen=True, slots=True)
class Window:
    """All values a printed figure may stand for: it was rounded to its last printed place."""

    low: Fraction
    high: Fraction


def scale_of(unit: str | None) -> tuple[int, str]:
    """The scale of a unit and the unit without it (亿元 → 10^8, 元)."""
    text = unit or ""
    for name, size in _SCALES:
        if text.startswith(name):
            return size, text[len(name) :]
    return 1, text


def base_unit(figure: Figure) -> str:
    """The unit of `figure` without its scale."""
    return scale_of(figure.meaning.unit)[1]


def window(figure: Figure) -> Window:
    """The window of `figure` in base units, half a unit of the last printed place to either side."""
    size, _ = scale_of(figure.meaning.unit)
    text = folded(figure.text)
    places = len(text.rpartition(".")[2]) if "." in text else 0
    # A plain count (1,268处) was not rounded.
    half = (
        Fraction(1, 2 * 10**places) if places or size > 1 or figure.meaning.kind != "count" else Fraction(0)
    )
    return Window((figure.value - half) * size, (figure.value + half) * size)


def amount(figure: Figure) -> Fraction:
    """The printed value in base units."""
    return figure.value * scale_of(figure.meaning.unit)[0]


def growth_window(new: Figure, old: Figure) -> Window | None:
    """The growth in percent that two rounded figures allow, or None when the base may be zero."""
    a, b = window(new), window(old)
    if b.low <= 0 or a.low < 0:
        return None
    return Window((a.low / b.high - 1) * 100, (a.high / b.low - 1) * 100)


def share_window(part: Figure, whole: Figure) -> Window | None:
    """The share in percent that two rounded figures allow."""
    a, b = window(part), window(whole)
    if b.low <= 0 or a.low < 0:
        return None
    return Window(a.low / b.high * 100, a.high / b.low * 100)


def agrees(figure: Figure, allowed: Window, sign: int = 1) -> bool:
    """Whether the printed percentage (negated for a fall) may lie in `allowed`, rounding on both sides granted."""
    said = window(figure)
    low, high = (said.low, said.high) if sign > 0 else (-said.high, -said.low)
    return low <= allowed.high and allowed.low <= high
