"""What a cell says: numbers with commas, full-width digits and trailing units; dates in the ways offices write them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from shuzhi.intake.xlsx import Cell, plain
from shuzhi.kernel.measure import UNITS, Unit, convert

_HALF = str.maketrans("０１２３４５６７８９．，－＋％：／（）　", "0123456789.,-+%:/() ")
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*([^\d\s.,].*)?")
_DATES = (
    re.compile(
        r"(\d{4})\s*[.\-/年]\s*(\d{1,2})\s*[.\-/月]\s*(\d{1,2})\s*[日号]?(?:[ T]+\d{1,2}:\d{2}(?::\d{2})?)?"
    ),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_MONTH = re.compile(r"(\d{4})\s*[.\-/年]\s*(\d{1,2})\s*月?")
_FIRST_SERIAL, _LAST_SERIAL = 20000, 80000
_WAN_FORMS = {
    "万": "万元",
    "亿": "亿元",
    "元人民币": "元",
    "万元人民币": "万元",
    "亿元人民币": "亿元",
    "％": "%",
}


class Unreadable(ValueError):
    """A cell does not say what its column wants; ``hint`` says what would be right."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Said:
    """A number as written and the unit written after it, if any."""

    number: Decimal
    unit: str


def half_width(text: str) -> str:
    """Full-width digits and signs as half-width ones. Letters and names are left alone (never NFKC)."""
    return text.translate(_HALF)


def said(text: str) -> Said | None:
    """The number a text says, with what is written after it; None when it starts with no number."""
    match = _NUMBER.fullmatch(half_width(text).strip())
    if match is None:
        return None
    sign, head, tail, unit = match.groups()
    return Said(Decimal(sign + head.replace(",", "") + (tail or "")), (unit or "").strip())


def quantity(cell: Cell, measured_in: Unit) -> str:
    """The number of a quantity cell in the column's unit, as exact text.

    A unit written in the cell is accepted when it is the column's own, and refused with the right number otherwise:
    one clerk writing 亿元 in a column of 万元 is a mistake a person should see. Raises Unreadable.
    """
    if cell.number is not None and not cell.text.endswith("%"):
        return plain(cell.number)
    heard = said(cell.text)
    if heard is None:
        raise Unreadable(f"“{cell.text}”不是数", f"请只填数字，计量单位是{measured_in.name}")
    given = _WAN_FORMS.get(heard.unit, heard.unit)
    if given in ("", measured_in.name) or (given == "%" and measured_in.name in ("%", "百分点", "个百分点")):
        return plain(heard.number)
    known = UNITS.get(given)
    if known is None:
        raise Unreadable(
            f"“{cell.text}”里的“{heard.unit}”不是本列的计量单位", f"请只填数字，计量单位是{measured_in.name}"
        )
    if known.family != measured_in.family:
        raise Unreadable(
            f"“{cell.text}”的单位是{given}，本列的计量单位是{measured_in.name}，两者不能换算",
            "请核对是否填错了列",
        )
    right = convert(Fraction(heard.number), known, measured_in)
    raise Unreadable(
        f"“{cell.text}”的单位是{given}，本列的计量单位是{measured_in.name}", f"应填 {fraction_text(right)}"
    )


def rescaled(text: str, given: Unit, wanted: Unit) -> str:
    """A number given in one unit of a family as exact text in another (a column headed 亿元 for a field in 万元)."""
    return fraction_text(convert(Fraction(Decimal(text)), given, wanted))


def fraction_text(value: Fraction) -> str:
    """A fraction whose denominator is made of twos and fives, in plain decimal digits."""
    return plain(Decimal(value.numerator) / Decimal(value.denominator))


def day_of(cell: Cell) -> date:
    """The day a cell says: a date cell, ``2025.3.1``, ``2025年3月1日``, ``20250301`` or a bare Excel serial.

    Raises Unreadable, also for a month without a day, which no clock can start from.
    """
    if cell.day is not None:
        return cell.day
    text = half_width(cell.text).strip()
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match is not None:
            return _day(int(match[1]), int(match[2]), int(match[3]), cell.text)
    if (
        cell.number is not None
        and cell.number == int(cell.number)
        and _FIRST_SERIAL < cell.number < _LAST_SERIAL
    ):
        return date(1899, 12, 30) + timedelta(days=int(cell.number))
    if _MONTH.fullmatch(text):
        raise Unreadable(f"“{cell.text}”只有年月，没有日", "请写到日，如 2025-03-01")
    raise Unreadable(f"“{cell.text}”不是日期", "请写成 2025-03-01")


def _day(year: int, month: int, number: int, text: str) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise Unreadable(f"没有“{text}”这一天", "请核对月、日") from None
