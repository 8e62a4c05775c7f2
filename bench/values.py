"""Synthetic values over the real tree: a stated function of (village, indicator, month), in whole numbers only.

Every value is drawn from ``mix``, the finaliser of SplitMix64, of the village's code, the indicator's number and the
month, so any part of the data can be made alone, in any order, on any machine, and is the same:

- a village has a size (200 to 1,223, most of them small), an indicator a scale (300 to 99,900 fen), a month a season;
- value = size × scale × season × chance between 80% and 119%, in fen;
- every third indicator is a count (whole pieces), the last fifth are rates below 100%, in millionths;
- 5% of cells are told as zero; 3% are missing, and in each month 2% of the villages say nothing at all.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from tree import MONTHS

Whole = NDArray[np.int64]
Bits = NDArray[np.uint64]

UNSAID: Final = -(2**63)
"""What stands in a dense array where nobody said anything."""

SEASON: Final = (84, 78, 101, 96, 99, 112, 97, 95, 104, 103, 106, 125)

_VILLAGE, _INDICATOR, _MONTH = (
    np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xD1B54A32D192ED03, 0x8CB92BA72F3D8DD7)
)
_ONE, _TWO, _THREE = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB), np.uint64(31)
_LOW: Final = np.uint64(0xFFFF)


def mix(bits: Bits) -> Bits:
    """The finaliser of SplitMix64: 64 bits in, 64 well-mixed bits out; a new array."""
    found = bits ^ (bits >> np.uint64(30))
    found *= _ONE
    found ^= found >> np.uint64(27)
    found *= _TWO
    found ^= found >> _THREE
    return found


def _field(bits: Bits, place: int) -> Whole:
    """Sixteen of the bits as a whole number."""
    return ((bits >> np.uint64(16 * place)) & _LOW).astype(np.int64)


def sizes(codes: Bits) -> Whole:
    """The size of each village: a product of two chances, so that most are small."""
    bits = mix(codes * _VILLAGE)
    return 200 + ((_field(bits, 0) * _field(bits, 1)) >> 22)


def scale(indicator: int) -> int:
    """The scale of an indicator in fen."""
    bits = int(mix(np.array([indicator], np.uint64) * _INDICATOR)[0])
    return (300 + (bits & 0xFFFF) % 700) * 10 ** ((bits >> 32) % 3)


def seasons() -> Whole:
    """The season of each month in per cent, four more a year later."""
    return np.array([SEASON[month % 12] + 4 * (month // 12) for month in range(MONTHS)], np.int64)


def silent(codes: Bits) -> NDArray[np.bool_]:
    """Where a village says nothing in a month: ``[village][month]``."""
    months = np.arange(1, MONTHS + 1, dtype=np.uint64) * _MONTH
    return _field(mix(codes[:, None] * _VILLAGE + months), 2) < 65536 * 2 // 100


def is_rate(indicator: int, indicators: int) -> bool:
    """Whether an indicator is one of the last fifth."""
    return indicator >= indicators - indicators // 5


def is_count(indicator: int, indicators: int) -> bool:
    """Whether an indicator counts pieces."""
    return indicator % 3 == 1 and not is_rate(indicator, indicators)


def numbers(codes: list[str] | tuple[str, ...]) -> Bits:
    """Village codes as numbers."""
    return np.array(codes, dtype="U12").astype(np.uint64)


def plane(codes: Bits, indicator: int, indicators: int, quiet: NDArray[np.bool_], size: Whole) -> Whole:
    """One indicator's cells ``[village][month]``, :data:`UNSAID` where nothing was said.

    ``quiet`` and ``size`` are :func:`silent` and :func:`sizes` of the same codes, given so that they are made once.
    """
    months = np.arange(1, MONTHS + 1, dtype=np.uint64) * _MONTH
    key = codes * _VILLAGE + np.uint64((indicator + 1) * int(_INDICATOR) & (2**64 - 1))
    bits = mix(key[:, None] + months)
    if is_rate(indicator, indicators):
        found = (_field(bits, 0) * 10_000 >> 16) * 100
    else:
        chance = 80 + (_field(bits, 0) * 40 >> 16)
        found = (size * scale(indicator))[:, None] * seasons() * chance // 10_000
        if is_count(indicator, indicators):
            found //= 100
    kind = _field(bits, 1)
    found[kind < 65536 * 5 // 100] = 0
    found[(kind >= 65536 * 97 // 100) | quiet] = UNSAID
    return found


def cells(codes: list[str] | tuple[str, ...], indicators: int) -> Whole:
    """All cells of some villages: ``[indicator][village][month]``."""
    keys = numbers(codes)
    quiet, size = silent(keys), sizes(keys)
    found = np.empty((indicators, len(keys), MONTHS), np.int64)
    for indicator in range(indicators):
        found[indicator] = plane(keys, indicator, indicators, quiet, size)
    return found


def target(indicator: int, year: int, villages: int) -> int:
    """What an interior unit of so many villages is to reach in a year."""
    return villages * 600 * scale(indicator) * (12 + year % 10) // 100
