"""What is worked out on top of sums, exactly: growth, completion, shares and places, as pairs of whole numbers.

A figure is a :data:`Pair` (numerator, denominator above zero) or None where there is none; missing is never zero, and a
pair is rounded once, when it is said. Pairs are not reduced: equality is asked with :func:`order`.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

Pair = tuple[int, int]

ZERO: Final[Pair] = (0, 1)
ONE: Final[Pair] = (1, 1)
MILLION: Final = 10**6
# Growth and shares in millionths (the scale of ratios in the books) are kept in 64 bits, worked out in ways that differ
# from kernel to kernel. Where both numbers and the answer are within these bounds every way is exact.
MOST_WHOLE: Final = 1 << 61
MOST_MILLIONTHS: Final = 1 << 50
NONE: Final = -(1 << 63)
BEYOND: Final = NONE + 2


def pair(numerator: int, denominator: int) -> Pair | None:
    """A quotient with its sign above the line; None when it divides by zero."""
    if denominator > 0:
        return numerator, denominator
    return (-numerator, -denominator) if denominator else None


def fraction(value: Pair | None) -> Fraction | None:
    """The figure as a fraction."""
    return None if value is None else Fraction(*value)


def order(one: Pair, two: Pair) -> int:
    """-1, 0 or 1 as the first is below, equal to or above the second."""
    left, right = one[0] * two[1], two[0] * one[1]
    return (left > right) - (left < right)


def quotient(one: Pair | None, two: Pair | None) -> Pair | None:
    """One ÷ two: a share, a coverage, a target reached as the language's ``completion`` has it."""
    if one is None or two is None:
        return None
    return pair(one[0] * two[1], one[1] * two[0])


def difference(one: Pair | None, two: Pair | None) -> Pair | None:
    """One − two: growth in points, or the month's own part of what is reported as accumulated."""
    if one is None or two is None:
        return None
    if one[1] == two[1]:
        return one[0] - two[0], one[1]
    return one[0] * two[1] - two[0] * one[1], one[1] * two[1]


def growth(now: Pair | None, before: Pair | None) -> Pair | None:
    """Now ÷ before − 1; None where either is missing or nothing was there before."""
    if now is None or before is None:
        return None
    if now[1] == before[1]:
        return pair(now[0] - before[0], before[0])
    left, right = now[0] * before[1], before[0] * now[1]
    return pair(left - right, right)


def completion(direction: str, actual: Pair | None, target: Pair | None) -> Pair | None:
    """How much of a target is reached, as :func:`shuzhi.figures.judging.plan.completion` has it: what should be low counts
    2 − actual ÷ target, never below 0, and a target of zero is then reached by zero alone.
    """
    if actual is None or target is None:
        return None
    if direction != "down":
        return quotient(actual, target) if target[0] > 0 else None
    if target[0] <= 0:
        return ONE if order(actual, target) <= 0 else ZERO
    over, under = actual[0] * target[1], actual[1] * target[0]
    return (2 * under - over, under) if over < 2 * under else ZERO


def place(own: Pair | None, everybody: Sequence[Pair | None], *, lower: bool = False) -> int | None:
    """The place of one among all (itself one of them) as the language's ``rank`` has it: equals share a place, the largest
    comes first (the smallest where ``lower``); a place without everybody, or among fewer than two, is none.
    """
    if own is None or len(everybody) < 2 or None in everybody:
        return None
    ahead = -1 if lower else 1
    return 1 + sum(order(other, own) == ahead for other in everybody if other is not None)


def places(everybody: Sequence[Pair | None], *, lower: bool = False) -> list[int | None]:
    """The place of each among those that have a figure (how many have not is for the caller to say)."""
    known = [value for value in everybody if value is not None]
    width = 2 * max((value[1].bit_length() for value in known), default=0)
    # Two different fractions differ by at least 1 ÷ (product of their denominators), so cut off after that many bits they
    # differ still, and whole numbers sort much faster than fractions.
    keys = [None if value is None else (value[0] << width) // value[1] for value in everybody]
    ordered = sorted((key for key in keys if key is not None), reverse=not lower)
    first: dict[int, int] = {}
    for at, key in enumerate(ordered, 1):
        first.setdefault(key, at)
    return [None if key is None else first[key] for key in keys]


# --- said and stored ----------------------------------------------------------------------------------------------------


def said(value: Pair, decimals: int, power: int = 0) -> str:
    """The digits of a figure in a unit of 10 ** ``power``, rounded half up as :func:`shuzhi.kernel.measure.say` does."""
    numerator, denominator = value
    if decimals >= power:
        numerator *= 10 ** (decimals - power)
    else:
        denominator *= 10 ** (power - decimals)
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    digits = str(whole)
    if decimals:
        digits = digits.rjust(decimals + 1, "0")
        digits = f"{digits[:-decimals]}.{digits[-decimals:]}"
    return f"-{digits}" if numerator < 0 and whole else digits


def millionths(numerator: int, denominator: int) -> int:
    """A quotient in millionths, rounded half up: the whole number a ratio has in the books.

    :data:`NONE` where it divides by zero, :data:`BEYOND` where either number reaches 2 ** 61 or the answer exceeds
    2 ** 50 (more than a thousand million times): such a figure is read as a pair. This is the law of the fast kernels.
    """
    if denominator == 0:
        return NONE
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    size = abs(numerator)
    if size >= MOST_WHOLE or denominator >= MOST_WHOLE:
        return BEYOND
    parts = (2 * size * MILLION + denominator) // (2 * denominator)
    if parts > MOST_MILLIONTHS:
        return BEYOND
    return -parts if numerator < 0 else parts
