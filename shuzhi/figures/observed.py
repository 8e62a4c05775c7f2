"""Observations of indicators as a closing holds them: the newest vintage of each period and role, and how units add up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from shuzhi.figures.closing import Closing
from shuzhi.figures.layout import Column
from shuzhi.figures.leaves import Look
from shuzhi.figures.memory import Memory
from shuzhi.kernel.catalogue.definitions import STATUSES, Indicator

OBSERVATION: Final = "observation"
OBSERVATION_COLUMNS: Final = (
    Column("indicator", "text"),
    Column("unit", "text"),
    Column("year", "whole"),
    Column("month", "whole"),
    Column("role", "text"),
    Column("status", "text"),
    Column("vintage", "whole"),
    Column("value", "whole"),
    Column("reason", "text"),
)
"""The relation of a closing that holds them, in the order in which its rows are sorted."""
_COLUMNS: Final = ("indicator", "unit", "year", "month", "role", "vintage", "status", "value", "reason")


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation; ``value`` is a whole number at the scale of the indicator's family, None when reported missing."""

    indicator: str
    unit: str
    year: int
    month: int
    role: str
    vintage: int
    status: str
    value: int | None
    reason: str

    @property
    def ref(self) -> str:
        """The observation's stable name, as the accounts write it."""
        period = f"{self.year:04d}-{self.month:02d}"
        return f"observation/{self.indicator}/{self.unit}/{period}/{self.role}/{self.vintage}"


Periods = tuple[frozenset[int], frozenset[int]]
"""Years and months."""

Sheet = Mapping[tuple[str, int, int], Seen]
"""The newest vintages of one indicator of one unit, by role, year and month."""

SHEETS: Final[Memory[tuple[Look, str], Sheet]] = Memory()


def as_json(sheet: Sheet) -> dict[str, object]:
    """A sheet as dictionaries and lists."""
    seen = list(sheet.values())
    return {
        "of": [seen[0].indicator, seen[0].unit] if seen else [],
        "seen": [[s.year, s.month, s.role, s.vintage, s.status, s.value, s.reason] for s in seen],
    }


def from_json(said: Mapping[str, Any]) -> Sheet:
    """The sheet again; raises TypeError, KeyError or ValueError on anything else."""
    made = [Seen(*said["of"], *cells) for cells in said["seen"]]
    return {(seen.role, seen.year, seen.month): seen for seen in made}


def sheets(looks: Iterable[Look], closing: Closing) -> dict[Look, Sheet]:
    """The sheets of the looks over a closing, one scan for all; raises Refused when the file is damaged."""
    return sheets_of_many({closing.id: list(looks)}, [closing])[closing.id]


def sheets_of_many(
    looks: Mapping[str, Sequence[Look]], closings: Sequence[Closing], periods: Periods | None = None
) -> dict[str, dict[Look, Sheet]]:
    """The sheets of the looks over each of some closings, by their ids, one scan for all; of some years and months only,
    where ``periods`` says so.

    Raises Refused when a file is damaged.
    """
    found: dict[str, dict[Look, dict[tuple[str, int, int], Seen]]] = {
        closing.id: {look: {} for look in looks[closing.id]} for closing in closings
    }
    wanted = [closing for closing in closings if OBSERVATION in closing.tables and looks[closing.id]]
    for identity, seen in _read(looks, wanted, periods) if wanted else ():
        sheet = found[identity].get(Look(seen.indicator, seen.unit))
        if sheet is not None:
            key = (seen.role, seen.year, seen.month)
            if key not in sheet or sheet[key].vintage < seen.vintage:
                sheet[key] = seen
    return {identity: dict(each) for identity, each in found.items()}


def _read(
    looks: Mapping[str, Sequence[Look]], closings: Sequence[Closing], periods: Periods | None
) -> Iterable[tuple[str, Seen]]:
    """The observations of the looks' indicators and units, each with the id of its closing."""
    # The engine is drawn in by what reads anew, and only then.
    from sqlglot import exp

    from shuzhi.figures import duck

    wanted = {look for closing in closings for look in looks[closing.id]}
    several = len(closings) > 1
    columns = [exp.column(name, table="t", quoted=True) for name in (*_COLUMNS, *["filename"] * several)]
    query = exp.select(*columns).from_(duck.table(closings, OBSERVATION, "t"))
    for name in ("indicator", "unit"):
        values = sorted({getattr(look, name) for look in wanted})
        literals = [exp.Literal.string(value) for value in values]
        query = query.where(exp.In(this=exp.column(name, table="t", quoted=True), expressions=literals))
    for name, numbers in zip(("year", "month"), periods or (), strict=False):
        each = [exp.Literal.number(number) for number in sorted(numbers)]
        query = query.where(exp.In(this=exp.column(name, table="t", quoted=True), expressions=each))
    ids = {duck.path_of(closing, OBSERVATION): closing.id for closing in closings} if several else {}
    for row in duck.answer(query):
        indicator, unit, year, month, role, vintage, status, value, reason = row[: len(_COLUMNS)]
        seen = Seen(indicator, unit, year, month, role, vintage, status or "", value, reason or "")
        yield ids[row[-1]] if several else closings[0].id, seen


@dataclass(frozen=True, slots=True)
class Measured:
    """What of an indicator's definition its values depend on, plain enough to be sent to another process."""

    code: str
    label: str
    unit: str
    decimals: int
    frequency: str
    temporal: str
    rollup: str
    owner: str
    unpublished: tuple[int, ...] = ()

    @classmethod
    def of(cls, indicator: Indicator) -> "Measured":
        """Of the catalogue's definition."""
        return cls(
            indicator.code,
            indicator.label,
            indicator.unit,
            indicator.decimals,
            indicator.frequency,
            indicator.temporal,
            indicator.rollup,
            indicator.owner,
            tuple(indicator.unpublished),
        )


def actual(sheet: Sheet, indicator: Measured, year: int, month: int) -> Seen | None:
    """The actual of that very period; for a year's figure, where there is none yet, the forecast of the year.

    Annual indicators stand at December.
    """
    place = 12 if indicator.frequency == "year" else month
    found = sheet.get(("actual", year, place))
    if found is None and place == 12:
        return forecast(sheet, year)
    return found


def forecast(sheet: Sheet, year: int) -> Seen | None:
    """The forecast of a year, which always is 预计."""
    found = sheet.get(("forecast", year, 12))
    if found is None:
        return None
    return Seen(
        found.indicator,
        found.unit,
        year,
        12,
        "forecast",
        found.vintage,
        STATUSES[0],
        found.value,
        found.reason,
    )


def latest(sheet: Sheet, indicator: Measured, until: date) -> Seen | None:
    """The latest actual that has a value, up to a day; what accumulates since January only from that same year."""
    first = (until.year, 1) if indicator.temporal == "cum" else (0, 0)
    periods = [
        (seen.year, seen.month)
        for seen in sheet.values()
        if seen.role == "actual"
        and seen.value is not None
        and first <= (seen.year, seen.month) <= (until.year, until.month)
    ]
    return sheet["actual", *max(periods)] if periods else None


def weakest(statuses: Iterable[str]) -> str:
    """The weakest of the status words (预计 before 快报 … before 决算), "" when there are none."""
    known = [status for status in statuses if status in STATUSES]
    return min(known, key=STATUSES.index, default="")
