"""Exact helpers for arithmetic over printed figures: rounding windows, values in base units, honest 近、超、余、约."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from shuzhi.prose.glyphs import folded
from shuzhi.prose.model import Figure, Slot
from shuzhi.prose.signs.units import class_of

_SCALES = (("万亿", 10**12), ("千万", 10**7), ("百万", 10**6), ("亿", 10**8), ("万", 10**4))
_COUNTED = frozenset(("people", "events", "things", "time"))


@dataclass(frozen=True, slots=True)
class Window:
    """All values a printed figure may stand for: it was rounded to its last printed place."""

    low: Fraction
    high: Fraction

    def __add__(self, other: "Window") -> "Window":
        return Window(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Window") -> "Window":
        return Window(self.low - other.high, self.high - other.low)

    def meets(self, other: "Window") -> bool:
        """Whether some value lies in both."""
        return self.low <= other.high and other.low <= self.high

    def apart(self) -> "Window":
        """The window without its sign."""
        if self.low >= 0:
            return self
        return (
            Window(-self.high, -self.low)
            if self.high <= 0
            else Window(Fraction(0), max(-self.low, self.high))
        )


NOTHING = Window(Fraction(0), Fraction(0))


def scale_of(unit: str | None) -> tuple[int, str]:
    """The scale of a unit and the unit without it (亿元 → 10^8, 元)."""
    text = unit or ""
    for name, size in _SCALES:
        if text.startswith(name):
            return size, text[len(name) :]
    return 1, text


def base_unit(figure: Figure | Slot) -> str:
    """The unit of `figure` without its scale."""
    return scale_of(figure.meaning.unit)[1]


def half(figure: Figure) -> Fraction:
    """How far, in its printed unit, the true value may lie from the printed one: half its last place.

    A plain count (1,268处) was not rounded; fractions and 成 are said of nearby values too.
    """
    text = folded(figure.text)
    if "." in text or "点" in text:
        return Fraction(1, 2 * 10 ** len(re.split(r"[.点]", text)[-1]))
    if "成" in text:
        return Fraction(3)
    if "番" in text:
        return Fraction(10)
    if "分之" in text and not text.startswith("百"):
        return Fraction(2)
    size, base = scale_of(figure.meaning.unit)
    if base == "倍":
        return Fraction(1, 4)
    if size == 1 and class_of(base) in _COUNTED:
        return Fraction(0)
    return Fraction(1, 2)


def window(figure: Figure, by: Fraction | None = None) -> Window:
    """The window of `figure` in base units, `by` (or half its last place) to either side."""
    size, _ = scale_of(figure.meaning.unit)
    by = half(figure) if by is None else by
    return Window((figure.value - by) * size, (figure.value + by) * size)


def windows(figures: Sequence[Figure]) -> list[Window]:
    """The windows of figures reckoned with together.

    Figures in one unit are taken to be rounded alike: beside 9.2亿元, 8亿元 is 8.0亿元 with its zero left out.
    """
    finest: dict[str | None, Fraction] = {}
    for figure in figures:
        unit = figure.meaning.unit
        finest[unit] = min(half(figure), finest.get(unit, half(figure)))
    return [window(figure, finest[figure.meaning.unit]) for figure in figures]


def amount(figure: Figure) -> Fraction:
    """The printed value in base units."""
    return figure.value * scale_of(figure.meaning.unit)[0]


def adds_up(parts: Sequence[Figure], whole: Figure) -> int:
    """0 if `parts` may add up to `whole` within rounding, else 1 (they are more) or -1 (they are less)."""
    *each, said = windows([*parts, whole])
    low, high = sum((w.low for w in each), Fraction(0)), sum((w.high for w in each), Fraction(0))
    return 1 if low > said.high else -1 if high < said.low else 0


def growth_window(new: Figure, old: Figure) -> Window | None:
    """The growth in percent that two rounded figures allow, or None when the base may be zero."""
    a, b = windows((new, old))
    if b.low <= 0 or a.low < 0:
        return None
    return Window((a.low / b.high - 1) * 100, (a.high / b.low - 1) * 100)


def share_window(part: Figure, whole: Figure) -> Window | None:
    """The share in percent that two rounded figures allow."""
    a, b = windows((part, whole))
    if b.low <= 0 or a.low < 0:
        return None
    return Window(a.low / b.high * 100, a.high / b.low * 100)


_NEAR = re.compile(r"(?:近|接近|将近|几近|趋近)(?:了|到|于)?$")


def honest(said: Figure, real: Window, before: str) -> bool:
    """Whether what is printed, with its 近、超、余、约 in `before` or behind it, may be said of a true value in `real`.

    近 allows a tenth below, 约 a fifteenth to either side, 超 and 以上 anything above, 不足 and 以内 anything below.
    Both are in the unit printed.
    """
    value, by = said.value, half(said)
    bound = said.meaning.bound
    if said.value_max is not None:
        return Window(value - by, said.value_max + by).meets(real)
    if bound in ("gt", "ge"):
        return real.high >= value
    if bound == "lt" and not _NEAR.search(before):
        return real.low <= value
    if bound == "le":
        return real.low <= value
    if bound in ("approx", "lt") or _NEAR.search(before):
        above = Fraction(0) if _NEAR.search(before) else abs(value) / 15
        return real.low <= value + above + by and real.high >= value - abs(value) / 10 - by
    return Window(value - by, value + by).meets(real)


def plain(*figures: Figure) -> bool:
    """Whether none of `figures` is said as a bound or a range, so that it can be reckoned with."""
    return all(f.meaning.bound is None and f.value_max is None for f in figures)


def misprinted(lead: str, labels: Sequence[str], added: Fraction, whole: Fraction) -> bool:
    """Whether three or more parts that bear the name of the whole come to it but for one digit.

    检查38次，其中节前检查12次、专项检查9次、联合检查7次. `lead` are the words before the whole, `labels` those before
    the parts; `added` and `whole` are in base units.
    """
    head = re.search(r"([\u4e00-\u9fff]{2})(?:达|共|计|约)*$", lead)
    if head is None or len(labels) < 3 or not all(head.group(1) in label for label in labels):
        return False
    one, other = str(added), str(whole)
    alike = len(one) == len(other) and added.denominator == 1 == whole.denominator
    return alike and sum(x != y for x, y in zip(one, other, strict=True)) == 1
