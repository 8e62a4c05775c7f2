"""Year-end estimates 预计: four methods, each tried on the years before, so that the error it would have made is known.

Pure: values are exact fractions in the indicator's unit. Methods, for what accumulates or stands at a level:
last year's share of the same months, the profile curve, the average of the two, and last year's December grown by the
average ratio of the newest three periods. Rates move by points instead of ratios, and have no profile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

METHODS: Final[Mapping[str, str]] = {
    "share": "上年同月占比法",
    "profile": "进度曲线法",
    "average": "占比、曲线两法平均",
    "moving": "近三期增幅法",
}
Months = Mapping[int, Fraction]
_NEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a method expects of December; ``errors`` what it would have missed by in earlier years (year, error): of one
    for amounts, in points for rates. ``low`` and ``high`` hold the value give or take the worst of them (None: never tried).
    """

    method: str
    value: Fraction
    errors: tuple[tuple[int, Fraction], ...]
    low: Fraction | None
    high: Fraction | None
    chosen: bool = False

    @property
    def mean_error(self) -> Fraction | None:
        """The mean of the errors' sizes; None when the method could not be tried."""
        if not self.errors:
            return None
        return sum((abs(error) for _, error in self.errors), Fraction(0)) / len(self.errors)


def expect(
    method: str, months: Months, before: Months, shares: Months, *, rate: bool = False
) -> Fraction | None:
    """December as a method expects it from the newest month of the year; None where it lacks what it needs."""
    if not months:
        return None
    newest = max(months)
    if method == "average":
        both = [expect(name, months, before, shares, rate=rate) for name in ("share", "profile")]
        known = [value for value in both if value is not None]
        return sum(known, Fraction(0)) / 2 if len(known) == 2 else None
    if method == "profile":
        share = None if rate else shares.get(newest)
        return months[newest] / share if share else None
    if 12 not in before:
        return None
    if method == "share":
        return _alike(months[newest], before.get(newest), before[12], rate=rate)
    common = sorted(month for month in months if month in before)[-_NEWEST:]
    if not common or max(common) != newest:
        return None
    if rate:
        moved = sum((months[month] - before[month] for month in common), Fraction(0)) / len(common)
        return before[12] + moved
    if any(before[month] == 0 for month in common):
        return None
    ratio = sum((months[month] / before[month] for month in common), Fraction(0)) / len(common)
    return before[12] * ratio


def _alike(now: Fraction, then: Fraction | None, last: Fraction, *, rate: bool) -> Fraction | None:
    """What the rest of the year adds as it did last year: by ratio, or by points."""
    if then is None or (then == 0 and not rate):
        return None
    return now + (last - then) if rate else now * last / then


def missed(expected: Fraction, actual: Fraction, *, rate: bool) -> Fraction | None:
    """How far an estimate was off: of one for amounts, in the rate's own points; None against a final value of zero."""
    if rate:
        return expected - actual
    return (expected - actual) / abs(actual) if actual else None


def propose(
    years: Mapping[int, Months], year: int, shares: Months, *, rate: bool = False, preferred: str = ""
) -> list[Estimate]:
    """Every method that can be used for a year, tried on the earlier years from the same month; one is chosen.

    Chosen is the preferred method where it can be used, else the one with the least mean error, else the first.
    """
    months = {month: value for month, value in years.get(year, {}).items() if month < 12}
    if not months:
        return []
    until = max(months)
    found = []
    for method in METHODS:
        value = expect(method, months, years.get(year - 1, {}), shares, rate=rate)
        if value is not None:
            errors = _tried(method, years, year, until, shares, rate=rate)
            low, high = _around(value, errors, rate=rate)
            found.append(Estimate(method, value, errors, low, high))
    best = _best(found, preferred)
    return [
        Estimate(item.method, item.value, item.errors, item.low, item.high, item.method == best)
        for item in found
    ]


def _tried(
    method: str, years: Mapping[int, Months], year: int, until: int, shares: Months, *, rate: bool
) -> tuple[tuple[int, Fraction], ...]:
    errors = []
    for past in sorted(item for item in years if item < year and 12 in years[item]):
        known = {month: value for month, value in years[past].items() if month <= until}
        if until not in known:
            continue
        value = expect(method, known, years.get(past - 1, {}), shares, rate=rate)
        error = None if value is None else missed(value, years[past][12], rate=rate)
        if error is not None:
            errors.append((past, error))
    return tuple(errors)


def _around(
    value: Fraction, errors: Sequence[tuple[int, Fraction]], *, rate: bool
) -> tuple[Fraction | None, Fraction | None]:
    if not errors:
        return None, None
    worst = max(abs(error) for _, error in errors)
    wide = worst if rate else abs(value) * worst
    return value - wide, value + wide


def _best(found: Sequence[Estimate], preferred: str) -> str:
    if any(item.method == preferred for item in found):
        return preferred
    tried = [(item.mean_error, at) for at, item in enumerate(found) if item.mean_error is not None]
    if tried:
        return found[min(tried)[1]].method
    return found[0].method if found else ""
