"""What a filled figure states of a quantity, as a condition of the language: rounding, 超过, 约, 余 and 以内 included."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from shuzhi.kernel.measure import RATIO, UNITS
from shuzhi.prose.model import Figure, decimal_text
from shuzhi.prose.tables import words

_NEARLY = re.compile(r"(?<![最附临新])(?:接近|将近|近)$")
_ODD = re.compile(r"余|多|几|来")
_LARGE = {"万": 10**4, "亿": 10**8}
_POINT = re.compile(r"[.．点]([0-9０-９零〇○一二三四五六七八九]+)$")
# 约 and 近 allow for this much of the number.
_ABOUT = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class _Range:
    """From `low` to `high`, None where there is no end; an open end does not belong to the range."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    def turned(self) -> "_Range":
        """The range of the negative: a fall by 3 % is a growth of -3 %."""
        low = None if self.high is None else -self.high
        high = None if self.low is None else -self.low
        return _Range(low, high, self.high_open, self.low_open)


def literal(value: Fraction, unit: str | None) -> str:
    """A value in a unit as the language writes it; counters are left out, the other side of a comparison has them.

    >>> literal(Fraction(1124, 10), "亿元"), literal(Fraction(5, 2), "个百分点"), literal(Fraction(6, 5), "万户次")
    ('112.4亿元', '2.5%', '12000')
    """
    known = UNITS.get(unit or "")
    if known is None and unit and unit[0] in _LARGE:
        value, name = value * _LARGE[unit[0]], ""
    elif known is None or (known.power == 0 and known.family.scale == 0):
        name = ""
    elif known.family == RATIO and known.power == -2:
        name = "%"
    else:
        name = known.name if known.power or known.family != RATIO else ""
    return f"{decimal_text(value)}{name}"


_LEFT = re.compile(
    r"(?:超过|突破|不低于|不少于|不超过|不高于|低于|高于|接近|将近|大约|约|近|超|下降|减少|降低|压减|增长|提高|提升|上升|第)+$"
)
_RIGHT = re.compile(r"^(?:余|多)?(?:以上|以下|以内|左右|上下)?")


def as_printed(text: str, figure: Figure) -> str:
    """The figure with its unit and the words that bound it: 超过110亿元, 1.2万余人, 60%以上."""
    before = _LEFT.search(text[max(0, figure.span.start - 6) : figure.span.start])
    after = _RIGHT.match(text[figure.full.end : figure.full.end + 3])
    return f"{before[0] if before else ''}{figure.full.of(text)}{after[0] if after else ''}"


def stated(text: str, figure: Figure, quantity: str, facet: str = "") -> str:
    """The condition under which `figure` of `text` is true of the formula `quantity`, whose aspect is `facet`."""
    meaning = figure.meaning
    found = _range(text, figure)
    falls = meaning.kind == "growth" and meaning.direction == "down"
    if falls and facet not in words("synonyms", "facets", "down"):
        found = found.turned()
    if found.low is not None and found.low == found.high:
        return f"{quantity} = {literal(found.low, meaning.unit)}"
    return " and ".join(_ends(quantity, found, meaning.unit))


def _ends(quantity: str, found: _Range, unit: str | None) -> Iterator[str]:
    if found.low is not None:
        yield f"{quantity} {'>' if found.low_open else '>='} {literal(found.low, unit)}"
    if found.high is not None:
        yield f"{quantity} {'<' if found.high_open else '<='} {literal(found.high, unit)}"


def _range(text: str, figure: Figure) -> _Range:
    """The values of which the printed number is a true statement, in the printed unit."""
    value, bound = figure.value, figure.meaning.bound
    half = _step(figure) / 2
    if figure.value_max is not None:
        return _Range(value - half, figure.value_max + half, high_open=True)
    if bound == "gt":
        odd = _ODD.search(text[figure.span.end : figure.full.end + 1])
        return _Range(value, value + _place(figure) if odd else None, low_open=True, high_open=True)
    if bound == "ge":
        return _Range(value, None)
    if bound in ("lt", "le") and not _nearly(text, figure):
        return _Range(None, value, high_open=bound == "lt")
    if bound in ("lt", "approx"):
        return _about(value, half, figure, nearly=_nearly(text, figure))
    if not half:
        return _Range(value, value)
    return _Range(value - half, value + half, high_open=True)


def _about(value: Fraction, half: Fraction, figure: Figure, *, nearly: bool) -> _Range:
    """近: up to a tenth below; 约: half a step of the last digit that counts, at most a tenth, to either side."""
    if nearly:
        return _Range(value * (1 - _ABOUT), value)
    reach = max(half, min(_place(figure) / 2, abs(value) * _ABOUT))
    return _Range(value - reach, value + reach)


def _nearly(text: str, figure: Figure) -> bool:
    return _NEARLY.search(text[max(0, figure.span.start - 3) : figure.span.start]) is not None


def _decimals(figure: Figure) -> int:
    found = _POINT.search(figure.text)
    return len(found[1]) if found else 0


def _step(figure: Figure) -> Fraction:
    """The step of the last digit printed; 0 for whole things, which are not rounded."""
    decimals = _decimals(figure)
    known = UNITS.get(figure.meaning.unit or "")
    if "成" in figure.text:
        return Fraction(10)
    if "分之" in figure.text and figure.value.denominator != 1 and not decimals:
        return Fraction(2)
    counted = known is None or (known.power == 0 and known.family.scale == 0)
    if counted and not decimals and (figure.meaning.unit or "")[:1] not in ("万", "亿", "%"):
        return Fraction(0)
    return Fraction(1, 10**decimals)


def _place(figure: Figure) -> Fraction:
    """The place of the last digit that is not zero (1200 → 100)."""
    decimals = _decimals(figure)
    if decimals or figure.value.denominator != 1 or not figure.value:
        return Fraction(1, 10**decimals)
    place, whole = 1, abs(figure.value.numerator)
    while whole % 10 == 0:
        place, whole = place * 10, whole // 10
    return Fraction(place)
