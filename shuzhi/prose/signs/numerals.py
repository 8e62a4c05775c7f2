"""Reads Chinese numerals (一百二十, 三点五, 二〇二〇) exactly."""

from fractions import Fraction

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "俩": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
CHINESE = "零一二三四五六七八九〇○两十百千万亿"


def chinese(text: str) -> Fraction | None:
    """The value of a Chinese numeral, or None if `text` is none.

    >>> chinese("一百二十"), chinese("两万三"), chinese("六十三点五"), chinese("二〇二〇")
    (Fraction(120, 1), Fraction(23000, 1), Fraction(127, 2), Fraction(2020, 1))
    """
    whole, dot, rest = text.partition("点")
    if dot and (not rest or any(c not in DIGITS for c in rest)):
        return None
    value = _whole(whole)
    if value is None or not dot:
        return None if value is None else Fraction(value)
    return value + Fraction(int("".join(str(DIGITS[c]) for c in rest)), 10 ** len(rest))


def _whole(text: str) -> int | None:
    if not text:
        return None
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total = section = digit = 0
    last_unit = 0
    for c in text:
        if c in DIGITS:
            digit = DIGITS[c]
            last_unit = 1 if c in "零〇○" else last_unit
        elif c in SMALL:
            section += (digit or 1) * SMALL[c]
            digit, last_unit = 0, SMALL[c]
        elif c in LARGE:
            total = (
                (total + section + digit) * LARGE[c]
                if LARGE[c] > 10**4
                else total + (section + digit) * LARGE[c]
            )
            section, digit, last_unit = 0, 0, LARGE[c]
        else:
            return None
    # 两万三 is 23,000 and 一百二 is 120: a bare last digit counts in tenths of the unit before it.
    return total + section + digit * (last_unit // 10 if last_unit >= 100 else 1)
