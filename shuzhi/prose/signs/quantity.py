"""A filled figure as it stands in the text, and the bound (超过, 近, 以上, 余) said around it."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from shuzhi.prose.model import Span
from shuzhi.prose.signs.numerals import chinese
from shuzhi.prose.signs.units import Unit
from shuzhi.prose.tables import any_of, words

PLAIN = r"\d{1,3}(?:[,，]\d{3})+(?![\d,，])(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number in digits (folded text): thousands by comma, one decimal point."""

DASH = r"[—－\-–~～至到]{1,2}"
"""What stands between the ends of a range."""

# 72小时内 sets a limit, 小时内部 does not.
_WITHIN = re.compile(r"(?:之)?内(?![部外容心需在生涝设因涵])")


@dataclass(frozen=True, slots=True)
class Number:
    """A filled figure before it is understood: numeral, numeral with unit, exact value in the printed unit."""

    span: Span
    full: Span
    value: Fraction
    unit: str | None
    cls: str
    form: str
    value_max: Fraction | None = None
    bound: str | None = None


def made(
    text: str,
    start: int,
    end: int,
    value: Fraction,
    unit: Unit | None,
    form: str,
    top: Fraction | None = None,
) -> Number:
    """The numeral at `start`:`end` with the unit printed behind it."""
    stop = unit.end if unit is not None else end
    name = unit.text if unit is not None else None
    cls = unit.cls if unit else ""
    bound = bound_of(text, start, stop, unit)
    return Number(Span(start, end), Span(start, stop), value, name, cls, form, top, bound)


def percent(text: str, start: int, end: int, value: Fraction, form: str, bound: str | None = None) -> Number:
    """A share said in words (三分之二, 八成, 半数); `value` in per cent."""
    said = bound or bound_of(text, start, end, None)
    return Number(Span(start, end), Span(start, end), value, "%", "percent", form, None, said)


def plain(text: str) -> Fraction:
    """The value of a number in digits."""
    return Fraction(text.replace(",", "").replace("，", ""))


def number_of(text: str) -> Fraction | None:
    """The value of a number in digits or in Chinese numerals, None if it is none."""
    return plain(text) if text[:1].isdigit() else chinese(text)


@cache
def _bounds_before() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (
            re.compile(
                r"(?<![签契违邀])(?!(?<=[最附临邻新])近)"
                + any_of(words("numbers", "before", key))
                + r"(?:了|到|至)?$"
            ),
            key,
        )
        for key in ("le", "ge", "lt", "gt", "approx")
    )


@cache
def _bounds_after() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(any_of(words("numbers", "after", key))), key) for key in ("ge", "le", "approx"))


def bound_of(text: str, start: int, stop: int, unit: Unit | None) -> str | None:
    """gt ge lt le approx as said before (超过, 近) or after (以上, 余) the figure, or None."""
    for pattern, key in _bounds_after():
        if pattern.match(text, stop):
            return key
    if unit is not None and unit.cls == "time" and _WITHIN.match(text, stop):
        return "le"
    if unit is not None and unit.loose:
        return "gt"
    left = text[max(0, start - 5) : start]
    for pattern, key in _bounds_before():
        if pattern.search(left):
            return key
    return None
