"""When and where a figure is asked for, and what year, month and quarter mean there."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from shuzhi.kernel.expr.nodes import Span


@dataclass(frozen=True, slots=True)
class Context:
    """A unit (its code, "" the whole of each closing), a year and a month, the last day that counts, and the role in
    which observations are read: actual, target, forecast, or latest (the latest actual up to that day).
    """

    unit: str
    year: int
    month: int
    cutoff: date
    role: str = "actual"

    @classmethod
    def of(cls, unit: str, year: int, month: int, as_of: date) -> "Context":
        """The context of an ask: what happened up to the end of the month, but not after the books were closed."""
        return cls(unit, year, month, min(date(year, month, monthrange(year, month)[1]), as_of))

    def back(self, years: int = 1) -> "Context":
        """The same stretch of an earlier year; the last day of a month stays the last day."""
        year = self.cutoff.year - years
        last = monthrange(self.cutoff.year, self.cutoff.month)[1]
        there = monthrange(year, self.cutoff.month)[1]
        day = there if self.cutoff.day == last else min(self.cutoff.day, there)
        return replace(self, year=self.year - years, cutoff=date(year, self.cutoff.month, day))

    def playing(self, role: str) -> "Context":
        """The same place and time, with observations read in another role."""
        return replace(self, role=role)

    @property
    def begun(self) -> bool:
        """Whether the year has begun by the last day that counts."""
        return self.cutoff.year >= self.year

    def span(self, word: str, year: int | None = None) -> Span:
        """The days a period word stands for: ``year lastyear quarter month``; with a year, that one instead.

        ``year(2024)`` is the whole of 2024; the others keep their place in the year. Raises ValueError for another word.
        """
        if word == "year" and year is not None:
            return Span(date(year, 1, 1), date(year, 12, 31))
        here = self if year is None else self.back(self.year - year)
        if word == "lastyear":
            here = here.back()
        end = here.cutoff
        starts = {
            "year": date(here.year, 1, 1),
            "lastyear": date(here.year, 1, 1),
            "month": end.replace(day=1),
        }
        starts["quarter"] = date(end.year, (end.month - 1) // 3 * 3 + 1, 1)
        if word not in starts:
            raise ValueError(f"no period: {word}")
        return Span(starts[word], end)
