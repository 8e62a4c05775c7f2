"""青岚县, closed by hand: what the tests of filling are asked of, each number with its reason to be there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from shuzhi.figures.closing import Cell, Closing, Column, Relation, write_closing
from shuzhi.figures.observed import OBSERVATION_COLUMNS as OBSERVATION
from shuzhi.figures.tree import UNIT_COLUMNS as UNIT
from shuzhi.kernel.catalogue.load import national
from shuzhi.kernel.measure import UNITS, whole
from shuzhi.matters.relation import MATTER
from shuzhi.subjects.relation import field_cells, field_columns

COUNTY, TOWN = "990100", "990101"
UNIT_ROWS: Sequence[Sequence[Cell]] = (
    (COUNTY, "青岚县", "county", None, date(2000, 1, 1), None, 1, 2),
    (TOWN, "石桥镇", "township", COUNTY, date(2000, 1, 1), None, 2, 2),
)
# indicator, unit of area, year, role, status, value in the indicator's own unit
OBSERVED = (
    ("gdp", COUNTY, 2025, "forecast", "预计", "134.52"),  # still an estimate
    ("gdp", COUNTY, 2024, "actual", "最终", "128.40"),
    ("gdp", COUNTY, 2026, "target", "", "142"),
    ("gdp_growth", COUNTY, 2025, "forecast", "预计", "5.6"),
    ("gdp_growth", COUNTY, 2026, "target", "", "6"),
    ("retail", COUNTY, 2025, "actual", "快报", "53.64"),
    ("retail", COUNTY, 2024, "actual", "最终", "56"),  # retail fell
    ("rev_general", COUNTY, 2025, "actual", "快报", "8"),
    ("rev_general", COUNTY, 2024, "actual", "决算", "7.5"),
    ("rev_general", COUNTY, 2025, "target", "", "8.5"),
    ("rev_tax", COUNTY, 2025, "actual", "快报", "5"),
    ("rev_tax", COUNTY, 2024, "actual", "决算", "4.5"),  # the tax share rose from 60 % to 62.5 %
    ("fund_rev", COUNTY, 2025, "actual", "快报", "11.0275"),
    ("fund_rev", COUNTY, 2024, "actual", "决算", "11.8640"),
    ("unemp_reg", COUNTY, 2025, "actual", "快报", "3.041"),
    ("urban_jobs", COUNTY, 2025, "actual", "快报", "0"),
    ("poverty_fund", COUNTY, 2025, "actual", "快报", "0.03"),
    ("tickets", COUNTY, 2025, "actual", "快报", "61370"),
    ("pop_resident", COUNTY, 2024, "actual", "最终", "36.95"),  # nothing reported for 2025 yet
)
# The same within the year: indicator, unit of area, year, month, status, value
MONTHLY = (
    ("rev_general", COUNTY, 2025, 9, "快报", "5.80"),
    ("rev_general", COUNTY, 2024, 9, "快报", "5.50"),
)
# number, unit, opened, closed: three dangers listed in 2025, two of them done
HAZARDS = (
    ("YH-01", COUNTY, date(2025, 2, 1), date(2025, 6, 1)),
    ("YH-02", TOWN, date(2025, 3, 1), date(2025, 7, 1)),
    ("YH-03", TOWN, date(2025, 4, 1), None),
)
KEPT, EMPTY = "listed_hazard", "supervised_matter"


Observed = Sequence[tuple[str, str, int, str, str, str]]
Hazards = Sequence[tuple[str, str, date, date | None]]


def _observations(observed: Observed) -> Iterator[tuple[Cell, ...]]:
    yearly = [
        (code, unit, year, 12, role, status, value) for code, unit, year, role, status, value in observed
    ]
    monthly = [
        (code, unit, year, month, "actual", status, value)
        for code, unit, year, month, status, value in MONTHLY
    ]
    for code, unit, year, month, role, status, value in (*yearly, *monthly):
        number = whole(value, UNITS[national().indicators[code].unit])
        yield (code, unit, year, month, role, status, 1, number, "")


def works(code: str, rows: Sequence[tuple[str, Mapping[str, object]]]) -> Relation:
    """A ledger of things with names and fields, all opened on the first day of 2025."""
    kind = national().kinds[code]
    clocks = tuple(Column(f"due_{clock.code}", "date") for clock in kind.clocks)
    cells = []
    for at, (title, fields) in enumerate(rows, 1):
        head = (
            f"matter/2025-{100 + at:04d}",
            f"W-{at}",
            title,
            COUNTY,
            kind.stages[0].name,
            date(2025, 1, 1),
        )
        rest = (None, None, None, None, None, *(None for _ in clocks))
        cells.append((*head, *rest, *field_cells(kind.fields, fields)))
    return Relation(code, MATTER + clocks + field_columns(kind.fields), cells)


def _matters(code: str, rows: Hazards) -> Relation:
    kind = national().kinds[code]
    clocks = tuple(Column(f"due_{clock.code}", "date") for clock in kind.clocks)
    cells = []
    for at, (number, unit, opened, closed) in enumerate(rows, 1):
        fields: Mapping[str, object] = {"hazard_code": number, "list_level": "镇级", "grade": "一般"}
        stage = kind.stages[-1].name if closed else kind.stages[0].name
        columns = (f"matter/2025-{at:04d}", number, f"{number}整改", unit, stage, opened, None, closed)
        cells.append((*columns, None, None, None, *(None for _ in clocks), *field_cells(kind.fields, fields)))
    return Relation(code, MATTER + clocks + field_columns(kind.fields), cells)


def close(
    folder: Path,
    *,
    observed: Observed = OBSERVED,
    hazards: Hazards = HAZARDS,
    units: Sequence[Sequence[Cell]] = UNIT_ROWS,
    more: Sequence[Relation] = (),
) -> Closing:
    """The county's books as of the last day of 2025."""
    return write_closing(
        folder,
        unit_code=COUNTY,
        unit_name="青岚县",
        as_of=date(2025, 12, 31),
        catalogue=national(),
        relations=[
            Relation("unit", UNIT, units),
            Relation("observation", OBSERVATION, list(_observations(observed))),
            _matters(KEPT, hazards),
            _matters(EMPTY, ()),
            *more,
        ],
        algorithm="sha256",
    )
