"""Runs the figure cases written beside kinds on both engines: the rows of a case become a closing and are computed from."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from shuzhi.figures.closing import Cell, Closing, Column, Relation, write_closing
from shuzhi.figures.compute import Ask, Figure, compute
from shuzhi.figures.leaves import walk
from shuzhi.kernel.calendar import WorkCalendar
from shuzhi.kernel.catalogue.cases import (
    BadCase,
    Case,
    agrees,
    cases_of,
    read_figures_case,
    run_figures_case,
)
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.kernel.catalogue.ledgers import LedgerEnv
from shuzhi.kernel.catalogue.load import calendar_of
from shuzhi.kernel.catalogue.scopes import COLUMNS, fields_of, shape_of
from shuzhi.kernel.expr.arithmetic import MONEY
from shuzhi.kernel.expr.nodes import MISSING, Aggregate, Amount, Missing, Name, Value
from shuzhi.kernel.expr.types import Type
from shuzhi.kernel.finding import Finding
from shuzhi.kernel.measure import UNITS

_WHOLE = ("whole", "quantity")
_COLUMN_TYPES = {"date": "date", "bool": "bool", "amount": "whole"}


def run_figures_cases(catalogue: Catalogue) -> tuple[int, list[Finding]]:
    """Every figures case on Python rows and on DuckDB: how many were run, and a finding for each that does not hold."""
    calendar = calendar_of(catalogue)
    findings: list[Finding] = []
    count = 0
    with TemporaryDirectory() as folder:
        for case in cases_of(catalogue, "figures_case"):
            count += 1
            findings += run_figures_case(case, catalogue, calendar)
            findings += _on_duck(case, catalogue, calendar, Path(folder))
    return count, findings


def _on_duck(case: Case, catalogue: Catalogue, calendar: WorkCalendar, folder: Path) -> list[Finding]:
    try:
        cut_off, items, expected = read_figures_case(case, catalogue)
    except BadCase:
        return []  # the row reader has said what is wrong with it
    env = LedgerEnv({case.kind.code: items}, catalogue, calendar, cut_off)
    closing = close_ledger(env, sorted(_sources(case.kind, catalogue)), folder)
    codes = [code for code in expected if case.kind.figure(code) is not None]
    asks = [Ask(f"{case.kind.code}.{code}", month=cut_off.month) for code in codes]
    findings: list[Finding] = []
    for code, figure in zip(codes, compute(asks, [closing]), strict=True):
        if not agrees(_value(figure), expected[code], figure.unit):
            shown = f"{figure.text}{figure.unit}" if figure.text else f"missing（{figure.reason}）"
            message = f"按结账计算，{code} 应为 {expected[code]}，实为 {shown}"
            findings.append(Finding("case.engines-differ", message, "改公式或改用例", case.place))
    return findings


def _value(figure: Figure) -> Value:
    if figure.value is None:
        return MISSING
    unit = UNITS[figure.unit]
    return Amount(figure.value * Fraction(10) ** unit.power, unit.family.name)


def _sources(kind: Kind, catalogue: Catalogue) -> set[str]:
    """Every source the figures of a kind read, directly or by the figures of other kinds."""
    found: set[str] = set()
    waiting = [figure.expression.node for figure in kind.figures]
    met: set[str] = set()
    while waiting:
        for node in walk(waiting.pop()):
            if isinstance(node, Aggregate):
                found.add(node.source)
            elif isinstance(node, Name) and len(node.parts) == 2 and node.text not in met:
                met.add(node.text)
                other = catalogue.kinds.get(node.parts[0])
                figure = other.figure(node.parts[1]) if other else None
                if figure is not None:
                    waiting.append(figure.expression.node)
    return found


def close_ledger(env: LedgerEnv, sources: list[str], folder: Path) -> Closing:
    """A closing of the items of an in-memory ledger: one relation for each of the sources."""
    relations = [
        Relation(source, columns_of(source, env.catalogue), _rows(source, env)) for source in sources
    ]
    return write_closing(
        folder,
        unit_code="case",
        unit_name="用例",
        as_of=env.today,
        catalogue=env.catalogue,
        relations=relations,
    )


def columns_of(source: str, catalogue: Catalogue) -> tuple[Column, ...]:
    """The columns a closing holds of a source: those of its shape, the due days of its clocks, the fields of its kind."""
    code, _, part = source.partition(".")
    kind = catalogue.kinds[code]
    shape = shape_of(kind, part)
    columns = [_column(name, kind_of) for name, kind_of in COLUMNS[shape].items()]
    if shape == "matter":
        columns += [Column(f"due_{clock.code}", "date") for clock in kind.clocks]
    for field in fields_of(kind, part):
        sort = "whole" if field.type in _WHOLE else field.type if field.type in ("date", "bool") else "text"
        columns.append(Column(field.code, sort, field.unit if sort == "whole" else ""))
    return tuple(columns)


def _column(name: str, kind: Type) -> Column:
    return Column(name, _COLUMN_TYPES.get(kind.sort, "text"), "元" if kind.family == MONEY else "")


def _rows(source: str, env: LedgerEnv) -> Iterator[tuple[Cell, ...]]:
    columns = columns_of(source, env.catalogue)
    for row in env.rows(source):
        yield tuple(_cell(column, row.name(Name((column.name,)))) for column in columns)


def _cell(column: Column, value: Value) -> Cell:
    if isinstance(value, Missing):
        return None
    if isinstance(value, Amount):
        return int(value.value * 10**column.scale)
    if isinstance(value, bool | str | date):
        return value
    raise TypeError(f"{column.name}: {value!r}")
