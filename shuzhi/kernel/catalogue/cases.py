"""Runs the cases written beside kinds: an item and what the rules must say of it, rows and what the figures must be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shuzhi.kernel.calendar import WorkCalendar
from shuzhi.kernel.catalogue.clean import clean_values, number, quantity
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.kernel.catalogue.items import Item, ItemEnv
from shuzhi.kernel.catalogue.ledgers import LedgerEnv
from shuzhi.kernel.catalogue.load import calendar_of
from shuzhi.kernel.catalogue.rules import light, must_disclose, outcomes, refusals
from shuzhi.kernel.catalogue.scopes import COLUMNS, FUND_PARTS, RowScope, fields_of, shape_of
from shuzhi.kernel.catalogue.sources import Table, parse_sources
from shuzhi.kernel.expr.arithmetic import DAYS
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import Amount, Missing, Value
from shuzhi.kernel.expr.parse import parse
from shuzhi.kernel.expr.rows import evaluate
from shuzhi.kernel.expr.spell import unit_of
from shuzhi.kernel.expr.types import like, typed
from shuzhi.kernel.finding import Finding
from shuzhi.kernel.measure import UNITS, half_up, say, unit

_CASE_KEYS = {"name", "today", "item", "expect"}
_FIGURES_KEYS = {"name", "year", "month", "items", "expect"}


class BadCase(Exception):
    """A case that cannot be run: what is wrong with how it is written."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a kind: ``table`` as written, ``place`` its file and name."""

    kind: Kind
    table: Table
    place: str


def cases_of(catalogue: Catalogue, sort: str) -> Iterator[Case]:
    """The cases of a sort (``case`` or ``figures_case``) among the catalogue's texts."""
    for code, tables in sorted(parse_sources(catalogue.texts).cases.items()):
        for path, table in tables:
            rows = table.get(sort, [])
            for item in rows if isinstance(rows, list) else []:
                yield Case(catalogue.kinds[code], item, f"{path} {item.get('name', '')}".strip())


def run_cases(catalogue: Catalogue) -> tuple[int, list[Finding]]:
    """Every case and figures case on Python rows: how many were run, and a finding for each that does not hold."""
    calendar = calendar_of(catalogue)
    findings: list[Finding] = []
    count = 0
    for sort, run in (("case", run_case), ("figures_case", run_figures_case)):
        for case in cases_of(catalogue, sort):
            count += 1
            findings += run(case, catalogue, calendar)
    return count, findings


def run_case(case: Case, catalogue: Catalogue, calendar: WorkCalendar) -> list[Finding]:
    """What one ``[[case]]`` expects and does not get."""
    try:
        _known_keys(case.table, _CASE_KEYS)
        env = ItemEnv(_item(case, case.table["item"], catalogue), catalogue, calendar, _today(case.table))
        return [
            Finding("case.failed", f"{what}应为 {wanted}，实为 {found}", "改规则或改用例", case.place)
            for what, wanted, found in _compared(env, _table(case.table["expect"]))
            if not found.startswith(wanted) or (found != wanted and what != "灯")
        ]
    except (BadCase, ExpressionError) as error:
        return [Finding("case.unreadable", f"用例写错了：{error}", "", case.place)]


def run_figures_case(case: Case, catalogue: Catalogue, calendar: WorkCalendar) -> list[Finding]:
    """What one ``[[figures_case]]`` expects and does not get, computed on Python rows."""
    try:
        cut_off, items, expected = read_figures_case(case, catalogue)
    except BadCase as error:
        return [Finding("case.unreadable", f"用例写错了：{error}", "", case.place)]
    env = LedgerEnv({case.kind.code: items}, catalogue, calendar, cut_off)
    findings: list[Finding] = []
    for code, wanted in expected.items():
        figure = case.kind.figure(code)
        if figure is None:
            hint = like(code, (item.code for item in case.kind.figures))
            findings.append(Finding("case.unreadable", f"没有“{code}”这个数字", hint, case.place))
            continue
        value = evaluate(figure.expression.node, env)
        if not agrees(value, wanted, figure.unit):
            message = f"{figure.label}应为 {wanted}，实为 {shown(value, figure.unit)}"
            findings.append(Finding("case.failed", message, "改公式或改用例", case.place))
    return findings


def read_figures_case(case: Case, catalogue: Catalogue) -> tuple[date, list[Item], Mapping[str, str]]:
    """The cut-off day (end of the year, or of the month given), the items, and the expected texts by figure."""
    _known_keys(case.table, _FIGURES_KEYS)
    year, month = case.table.get("year"), case.table.get("month", 12)
    if not isinstance(year, int) or not isinstance(month, int):
        raise BadCase("year 应为整数，如 2025")
    raw = case.table.get("items")
    if not isinstance(raw, list):
        raise BadCase("items 应为一组表")
    items = [_item(case, table, catalogue, number) for number, table in enumerate(raw, 1)]
    expected = {code: str(text) for code, text in _table(case.table.get("expect")).items()}
    end = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(end.toordinal() - 1), items, expected


def _known_keys(table: Table, known: set[str]) -> None:
    for key in table:
        if key not in known:
            raise BadCase(f"不认识的键“{key}”，{like(key, known)}")
    absent = known - {"month"} - set(table)
    if absent:
        raise BadCase(f"缺少 {'、'.join(sorted(absent))}")


def _table(raw: object) -> Table:
    if not isinstance(raw, dict):
        raise BadCase("expect、item 应为表")
    return raw


def _today(table: Table) -> date:
    if not isinstance(table["today"], date):
        raise BadCase("today 应为日期")
    return table["today"]


def _item(case: Case, raw: object, catalogue: Catalogue, place: int = 0) -> Item:
    """An item from its table: columns, fields, lines, ``papers``, ``trail`` and (of funds) ``part`` side by side."""
    kind, table = case.kind, dict(_table(raw))
    part = str(table.pop("part", "allocation" if kind.shape == "fund" else ""))
    if part and part not in FUND_PARTS:
        raise BadCase(f"part 应为 {'、'.join(FUND_PARTS)}")
    papers, trail = table.pop("papers", []), table.pop("trail", [])
    if not isinstance(papers, list) or not isinstance(trail, list):
        raise BadCase("papers、trail 应为列表")
    unknown = [paper for paper in papers if paper not in catalogue.papers]
    if unknown:
        raise BadCase(f"没有“{unknown[0]}”这种材料")
    columns = {key: table.pop(key) for key in COLUMNS[shape_of(kind, part)] if key in table}
    stage = columns.get("stage")
    if stage is not None and kind.stage(str(stage)) is None:
        raise BadCase(f"没有“{stage}”这个环节，{like(str(stage), (item.name for item in kind.stages))}")
    lines = {
        line.code: _lines(line.code, table.pop(line.code), kind) for line in kind.lines if line.code in table
    }
    if "amount" in columns:
        columns["amount"] = quantity(str(columns["amount"]), unit("元"))
    columns.setdefault("ref", f"{kind.shape}/{place:04d}")
    values = _cleaned(kind, part, table)
    return Item(
        kind, columns, values, lines, {paper: papers.count(paper) for paper in papers}, tuple(trail), part
    )


def _lines(code: str, raw: object, kind: Kind) -> list[Mapping[str, object]]:
    if not isinstance(raw, list):
        raise BadCase(f"{code} 应为一组表")
    return [_cleaned(kind, code, _table(row)) for row in raw]


def _cleaned(kind: Kind, part: str, raw: Table) -> dict[str, object]:
    values, findings = clean_values(fields_of(kind, part), raw)
    if findings:
        raise BadCase(findings[0].message + findings[0].hint)
    return values


def _compared(env: ItemEnv, expect: Table) -> Iterator[tuple[str, str, str]]:
    """What is looked at, the answer wanted, and the answer found, as texts."""
    kind = env.item.kind
    for key, wanted in expect.items():
        match key:
            case "light":
                colour, reason = light(env)
                yield "灯", str(wanted), f"{colour}（{reason}）"
            case "disclose":
                yield "是否应公开", _text(bool(wanted)), _text(must_disclose(env))
            case "may_enter":
                for name, may in _table(wanted).items():
                    stage = kind.stage(name)
                    if stage is None:
                        raise BadCase(f"没有“{name}”这个环节")
                    yield f"能否进入“{name}”", _text(bool(may)), _text(not refusals(env, stage))
            case "due" | "late" | "left":
                for code, answer in _table(wanted).items():
                    if kind.clock(code) is None:
                        raise BadCase(f"没有“{code}”这个时限")
                    found = {"due": env.due, "late": env.late, "left": env.left}[key](code)
                    yield f"{key}('{code}')", _text(answer), _text(found)
            case "outcomes":
                flags = outcomes(env)
                yield from (
                    (name, _text(answer), _flag(flags, name)) for name, answer in _table(wanted).items()
                )
            case "values":
                yield from _values(env, _table(wanted))
            case _:
                raise BadCase(
                    f"不认识的键“{key}”，可用：light、due、late、left、may_enter、disclose、outcomes、values"
                )


def _flag(flags: Mapping[str, bool | None], name: str) -> str:
    """A flag of the outcomes as cases write it."""
    if name not in flags:
        raise BadCase(f"没有“{name}”这一项结果，{like(name, flags)}")
    return "missing" if flags[name] is None else _text(flags[name])


def _values(env: ItemEnv, wanted: Table) -> Iterator[tuple[str, str, str]]:
    for formula, text in wanted.items():
        node = parse(formula)
        typed(node, RowScope(env.catalogue, env.item.kind))
        value = evaluate(node, env)
        same = agrees(value, str(text), unit_of(value) if isinstance(value, Amount) else "")
        yield formula, str(text), str(text) if same else _text(value)


def _text(value: object) -> str:
    """A value as cases write it."""
    if isinstance(value, Amount):
        return f"{say(value.value, 0)}天" if value.family == DAYS else shown(value, unit_of(value))
    if isinstance(value, Missing):
        return "missing"
    return str(value).lower() if isinstance(value, bool) else str(value)


def agrees(value: Value, wanted: str, shown_in: str) -> bool:
    """Whether a value is what a case wrote, to the decimals it wrote: ``75%``, ``0.08`` (in the figure's unit), ``missing``."""
    if not isinstance(value, Amount):
        return _text(value) == wanted
    name = max((name for name in UNITS if wanted.endswith(name)), key=len, default="")
    try:
        expected = number(wanted.removesuffix(name))
    except ValueError:
        return False
    decimals = len(wanted.removesuffix(name).partition(".")[2])
    return half_up(_in_unit(value, name or shown_in), decimals) == expected


def shown(value: Value, unit_name: str) -> str:
    """A value with its unit, to at most four decimals, for messages."""
    if not isinstance(value, Amount):
        return _text(value)
    return f"{say(_in_unit(value, unit_name), 4).rstrip('0').rstrip('.')}{unit_name}"


def _in_unit(value: Amount, name: str) -> Fraction:
    return value.value / Fraction(10) ** (UNITS[name].power if name else 0)
