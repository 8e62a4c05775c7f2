"""What a closing lets be said: its units, its indicators, which months, within which bounds, and by which post.

Everything a line is checked against is looked up here once and then asked by number: units and indicators are numbered in
the order of their codes, so that a period is one whole number (:func:`pack`) and sorting by it is the order of the relation.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from shuzhi.bulk.bounds import Bounds, bounds_of
from shuzhi.bulk.rights import Post, Reach
from shuzhi.bulk.roll import Roll
from shuzhi.figures.closing import Closing
from shuzhi.figures.observed import OBSERVATION
from shuzhi.kernel.catalogue.definitions import ROLES, STATUSES, Catalogue, Indicator
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import UNITS as MEASURES

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
#: Bits of a period, from the last to the first: status, role, month, year, unit, indicator.
STATUS_BITS, ROLE_BITS, MONTH_BITS, YEAR_BITS, UNIT_BITS, INDICATOR_BITS = 3, 2, 4, 9, 24, 12
ROLE_AT: Final = STATUS_BITS
MONTH_AT: Final = ROLE_AT + ROLE_BITS
YEAR_AT: Final = MONTH_AT + MONTH_BITS
UNIT_AT: Final = YEAR_AT + YEAR_BITS
INDICATOR_AT: Final = UNIT_AT + UNIT_BITS
ROLE_NAMES: Final = tuple(sorted(ROLES))
STATUS_NAMES: Final = tuple(sorted(("", *STATUSES)))
ROLE_RANK: Final = {name: rank for rank, name in enumerate(ROLE_NAMES)}
STATUS_RANK: Final = {name: rank for rank, name in enumerate(STATUS_NAMES)}
_MONTHS: Final = {"month": tuple(range(1, 13)), "quarter": (3, 6, 9, 12), "half": (6, 12), "year": (12,)}


def pack(indicator: int, unit: int, year: int, month: int, role: int, status: int) -> int:
    """A period, its role and its status as one whole number; sorting by it is sorting by those columns."""
    place = (indicator << UNIT_BITS | unit) << YEAR_BITS | (year - FIRST_YEAR)
    return ((place << MONTH_BITS | month) << ROLE_BITS | role) << STATUS_BITS | status


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator as lines are checked against it; ``months`` are those reported, as bits; ``last_year`` its last."""

    rank: int
    indicator: Indicator
    months: int
    last_year: int
    places: int
    step: int
    bounds: Bounds

    @property
    def computed(self) -> bool:
        """Whether a formula gives it, so that nobody reports it."""
        return self.indicator.expression is not None


@dataclass(frozen=True)
class Books:
    """The closing as lines are checked against it: indicators by rank, units in :class:`~shuzhi.bulk.roll.Roll`."""

    catalogue: Catalogue
    codes: tuple[str, ...]
    measures: tuple[Measure, ...]
    roll: Roll
    reach: Reach
    indicator_words: dict[str, int]
    as_of: date
    tables: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What the fast reader has made of the words, by encoding: made once, however many files are read."""

    @property
    def running(self) -> int:
        """The last month (year × 12 + month − 1) that has begun when the closing is made; later ones are still to come."""
        return self.as_of.year * 12 + self.as_of.month - 1

    def months(self, measure: Measure) -> tuple[int, ...]:
        """The months an indicator is reported for."""
        return tuple(month for month in range(1, 13) if measure.months >> month & 1)

    def name(self, unit: int) -> str:
        """What a unit is called."""
        return self.roll.names[unit] or self.roll.codes[unit]

    @cached_property
    def stood(self) -> tuple[memoryview, memoryview]:
        """The first and last months in which each unit stood, to be looked up one by one."""
        return _view(self.roll.since), _view(self.roll.until)


def books_of(closing: Closing, by: str = "") -> Books:
    """What the closing lets be said; ``by`` is the code of the post that brings the file, empty for whoever keeps the
    instance. Raises Refused when the closing has no units, does not know the post, or a file is damaged.
    """
    roll = Roll.of(closing, _reported(closing, "unit"))
    catalogue = closing.catalogue
    codes = sorted({*catalogue.indicators, *_reported(closing, "indicator")})
    if len(roll) >= 1 << UNIT_BITS or len(codes) >= 1 << INDICATOR_BITS:
        hint = "请按省分开结账"
        raise Refused(Finding("ingest.many-units", "单位或指标太多，一次结账放不下", hint, closing.path.name))
    measures = tuple(_measure(rank, code, catalogue) for rank, code in enumerate(codes))
    reach = Post.of(closing, by).reach(roll, [measure.indicator for measure in measures])
    words = _indicator_words(catalogue, {code: rank for rank, code in enumerate(codes)})
    return Books(catalogue, tuple(codes), measures, roll, reach, words, closing.as_of)


def _reported(closing: Closing, column: str) -> set[str]:
    """The texts of a column of the observations there are; a unit may be gone from the tree and still have its past."""
    if OBSERVATION not in closing.tables:
        return set()
    found: set[str] = set()
    with pq.ParquetFile(closing.file(OBSERVATION), read_dictionary=[column]) as file:
        for batch in file.iter_batches(1 << 20, columns=[column]):
            found.update(batch.column(0).dictionary.to_pylist())
    return found


def _measure(rank: int, code: str, catalogue: Catalogue) -> Measure:
    indicator = catalogue.indicators.get(code)
    if (
        indicator is None
    ):  # it was reported once and is gone from the catalogue: it sorts, but nothing new is said of it
        nothing = next(iter(catalogue.indicators.values()))
        return Measure(rank, nothing, 0, 0, 0, 1, Bounds())
    months = (month for month in _MONTHS[indicator.frequency] if month not in indicator.unpublished)
    unit = MEASURES[indicator.unit]
    return Measure(
        rank,
        indicator,
        sum(1 << month for month in months),
        indicator.valid_until.year if indicator.valid_until else LAST_YEAR,
        unit.power + unit.family.scale,
        int(unit.step),
        bounds_of(indicator, catalogue),
    )


def _view(array: pa.Array) -> memoryview:
    view = memoryview(array.buffers()[1]).cast("b").cast("q")
    return view[array.offset : array.offset + len(array)]


def _indicator_words(catalogue: Catalogue, ranks: dict[str, int]) -> dict[str, int]:
    """What an indicator may be called: its code, its label, or a word that an earlier one has not taken."""
    words: dict[str, int] = {}
    for item in catalogue.indicators.values():
        for word in item.words:
            words.setdefault(word, ranks[item.code])
    for item in catalogue.indicators.values():
        words |= {item.code: ranks[item.code], item.label: ranks[item.code]}
    return words
