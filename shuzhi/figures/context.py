"""When and where a figure is asked for."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from shuzhi.kernel.expr.rows import year_before


@dataclass(frozen=True, slots=True)
class Context:
    """A unit (its code, "" the whole of each closing), a year and a month, the last day that counts, and the role in
    which observations are read: actual, target, forecast, or latest (the latest actual up to that day). ``then`` takes
    units as they stood on that day, not as they stand; ``restated`` that this is done on the way to a figure by today's
    boundaries, so that closings that hold a unit only since may speak of it, too.
    """

    unit: str
    year: int
    month: int
    cutoff: date
    role: str = "actual"
    then: bool = False
    restated: bool = False

    @classmethod
    def of(cls, unit: str, year: int, month: int, as_of: date, *, then: bool = False) -> "Context":
        """The context of an ask: what happened up to the end of the month, but not after the books were closed."""
        cutoff = min(date(year, month, monthrange(year, month)[1]), as_of)
        return cls(unit, year, month, cutoff, then=then)

    @property
    def day(self) -> date | None:
        """The day whose boundaries count; None for today's."""
        return self.cutoff if self.then else None

    def back(self) -> "Context":
        """The same stretch of the year before."""
        return replace(self, year=self.year - 1, cutoff=year_before(self.cutoff))

    def playing(self, role: str) -> "Context":
        """The same place and time, with observations read in another role."""
        return replace(self, role=role)

    @property
    def begun(self) -> bool:
        """Whether the year has begun by the last day that counts."""
        return self.cutoff.year >= self.year
