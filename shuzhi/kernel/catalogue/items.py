"""One item of a kind as rules see it: its columns, fields, lines, papers and clocks, read by the row reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from shuzhi.kernel.calendar import LONGEST, ClockSum, WorkCalendar
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind, Parameter
from shuzhi.kernel.catalogue.grounds import Expression
from shuzhi.kernel.catalogue.scopes import COLUMNS, PLACED, RowScope, field_type, fields_of, shape_of
from shuzhi.kernel.expr.arithmetic import DAYS
from shuzhi.kernel.expr.functions import SPANS
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import MISSING, Aggregate, Amount, Call, Literal, Missing, Name, Value
from shuzhi.kernel.expr.rows import Env, evaluate, fold, period, whole_year
from shuzhi.kernel.expr.types import Type, typed
from shuzhi.kernel.measure import RATIO, UNITS

Plain = Mapping[str, object]
_SCALES = {unit.family.name: unit.family.scale for unit in UNITS.values()}


@dataclass(frozen=True)
class Item:
    """An item: ``columns`` of its shape (dates as dates or ISO texts, money in fen), ``fields`` as cleaned (whole numbers
    at the scale of the family), the rows of its ``lines`` by line kind, the number of ``papers`` by kind, and the
    ``trail`` of stages it has been in. ``part`` names the part of a fund it is (budget, allocation, payment).
    """

    kind: Kind
    columns: Plain = field(default_factory=dict)
    fields: Plain = field(default_factory=dict)
    lines: Mapping[str, Sequence[Plain]] = field(default_factory=dict)
    papers: Mapping[str, int] = field(default_factory=dict)
    trail: tuple[str, ...] = ()
    part: str = ""


def value_of(kind: Type, raw: object) -> Value:
    """A stored value as the language sees it; ``kind`` is the type of its column or field."""
    if raw is None or raw == "":
        return MISSING
    if kind.sort == "amount" and isinstance(raw, int):
        # A plain number (year, no) is itself; measured fields hold whole numbers at the scale of their family.
        return Amount(Fraction(raw, 10 ** _SCALES[kind.family]), kind.family)
    if kind.sort == "moment" and isinstance(raw, str):
        return datetime.fromisoformat(raw)
    if kind.sort == "date" and isinstance(raw, str):
        return date.fromisoformat(raw)
    if isinstance(raw, bool | str | date):
        return raw
    raise TypeError(f"no value for {raw!r}")


def parameter_on(parameter: Parameter, day: date) -> Value:
    """A parameter's value on a day, or MISSING before its first day."""
    texts = [text for since, text in parameter.values if since <= day]
    if not texts:
        return MISSING
    number = Fraction(Decimal(texts[-1]))
    unit = UNITS.get(parameter.unit)
    return Amount(number * Fraction(10) ** unit.power, unit.family.name) if unit else Amount(number)


@dataclass(frozen=True)
class ItemEnv:
    """An item on a day: the Env of gates, limits, lights and disclosure, and of the rows of in-memory accounts."""

    item: Item
    catalogue: Catalogue
    calendar: WorkCalendar
    today: date

    @cached_property
    def _types(self) -> Mapping[str, Type]:
        kind, part = self.item.kind, self.item.part
        own = {item.code: field_type(item) for item in fields_of(kind, part)}
        return {**COLUMNS[shape_of(kind, part)], **own}

    def name(self, node: Name) -> Value:
        """A column, a field, the due day of a clock (``due_handle``), ``today``, or a period ending today."""
        word = node.text
        kind = self._types.get(word)
        if kind is not None:
            own = word in COLUMNS[shape_of(self.item.kind, self.item.part)]
            raw = (self.item.columns if own else self.item.fields).get(word)
            if own and kind.family == RATIO.name and isinstance(raw, int):
                return Amount(Fraction(raw))
            return value_of(kind, raw)
        if word == "today":
            return self.today
        if word in SPANS:
            return period(word, self.today)
        if self.item.kind.clock(word.removeprefix("due_")) and word.startswith("due_"):
            return self.due(word.removeprefix("due_"))
        raise ExpressionError(f"没有“{word}”这个词", node.at)

    def call(self, node: Call) -> Value:
        """workdays, param, year(2024), and what only an item can answer: due, late, left, reached, papers."""
        if node.function == "year":
            return whole_year(node, self)
        if node.function == "workdays":
            start, end = (evaluate(part, self) for part in node.arguments)
            if isinstance(start, date) and isinstance(end, date):
                return Amount(Fraction(self.calendar.workdays_between(start, end)), DAYS)
            return MISSING
        word = node.arguments[0]
        if not (isinstance(word, Literal) and isinstance(word.value, str)):
            raise ExpressionError("这里应为引号里的代码", node.at)
        return self._quoted(node, word.value)

    def _quoted(self, node: Call, word: str) -> Value:
        match node.function:
            case "param" if word in self.catalogue.parameters:
                return parameter_on(self.catalogue.parameters[word], self.today)
            case "reached":
                return self.reached(word)
            case "papers":
                return Amount(Fraction(self.item.papers.get(word, 0)), "件")
            case "due":
                return self.due(word)
            case "late":
                return self.late(word)
            case "left":
                return self.left(word)
        raise ExpressionError(f"这里不能用“{node.function}”", node.at)

    def aggregate(self, node: Aggregate) -> Value:
        """Sums and counts over the item's own lines."""
        return fold(node, self).value

    def rows(self, source: str) -> Iterable[Env]:
        """The rows of one of the item's tables, named ``rows`` or ``kind.rows``."""
        return lines_of(self, source.removeprefix(f"{self.item.kind.code}."))

    def placed(self) -> Value:
        """The item's own date; a budget stands on 1 January of its year."""
        word = PLACED[shape_of(self.item.kind, self.item.part)]
        value = self.name(Name((word,)))
        return date(int(value.value), 1, 1) if isinstance(value, Amount) else value

    def family(self, node: Aggregate) -> str:
        """The family of a column of the item's lines."""
        inner = RowScope(self.catalogue, self.item.kind).source(node.source)
        return "" if inner is None or node.column is None else typed(node.column, inner).family

    def due(self, code: str) -> Value:
        """The due day of a clock; MISSING while it has not started."""
        total = clock_sum(self, code)
        return MISSING if total is None else total.due

    def late(self, code: str) -> Value:
        """Whether the limit was or is exceeded; for a shortest time, whether it was cut short."""
        clock = self.item.kind.clock(code)
        total = clock_sum(self, code)
        if clock is None or total is None:
            return MISSING
        due, stopped = total.due, evaluate(clock.stops.node, self)
        if total.moment is not None and isinstance(stopped, datetime):
            return stopped < total.moment if clock.at_least else stopped > total.moment
        if clock.at_least:
            return isinstance(stopped, date) and stopped < due
        return (stopped if isinstance(stopped, date) else self.today) > due

    def left(self, code: str) -> Value:
        """Days until the due day (working days of a clock that counts them), negative when it has passed.

        MISSING once the clock has stopped.
        """
        clock = self.item.kind.clock(code)
        due = self.due(code)
        if clock is None or clock.at_least or not isinstance(due, date):
            return MISSING
        if not isinstance(evaluate(clock.stops.node, self), Missing):
            return MISSING
        working = clock.per == "working" and not clock.on
        left = self.calendar.workdays_left(self.today, due) if working else (due - self.today).days
        return Amount(Fraction(left), DAYS)

    def reached(self, name: str) -> bool:
        """Whether the item is or has been in a stage, or (for the stages in order) in a later one."""
        stages = self.item.kind.stages
        order = [stage.name for stage in stages if not stage.aside]
        been = {*self.item.trail, str(self.item.columns.get("stage") or "")}
        if name in been or name not in order:
            return name in been
        return any(stage in order and order.index(stage) > order.index(name) for stage in been)


def clock_sum(env: ItemEnv, code: str) -> ClockSum | None:
    """A clock's due day with the steps of its count; None while it has not started. Raises KeyError for no such clock."""
    clock = env.item.kind.clock(code)
    if clock is None:
        raise KeyError(code)
    start = evaluate(clock.starts.node, env)
    if not isinstance(start, date):
        return None
    if clock.on:
        return env.calendar.fixed(start, clock.on)
    limit = _days(clock.limit, env)
    if limit is None:
        return None
    if isinstance(start, datetime):
        return env.calendar.hours(start, limit, before=clock.before)
    paused, extension = (_days(part, env) or 0 for part in (clock.paused, clock.extension))
    unsigned = extension if clock.approver and not env.item.fields.get(clock.approver) else 0
    # Nothing lengthens a shortest time but its own rule: it ends on the day it ends.
    total = env.calendar.clock(
        start,
        limit,
        clock.per,
        paused=paused,
        extension=extension - unsigned,
        roll=not clock.at_least,
        before=clock.before,
    )
    if unsigned:
        total = replace(total, steps=(*total.steps, f"延长{unsigned}天没有写明批准人，不计入"))
    return total


def _days(expression: Expression | None, env: ItemEnv) -> int | None:
    """A number of days from a formula: whole, not negative and not absurd, or None when it is missing."""
    value = MISSING if expression is None else evaluate(expression.node, env)
    return min(max(0, int(value.value)), LONGEST) if isinstance(value, Amount) else None


def lines_of(env: ItemEnv, code: str) -> list[ItemEnv]:
    """The rows of one of an item's tables, each with the record's number, title, unit and date."""
    item = env.item
    shared = {word: item.columns.get(word) for word in ("number", "title", "unit", "date")}
    rows: list[ItemEnv] = []
    for number, row in enumerate(item.lines.get(code, ()), 1):
        columns = {"record": item.columns.get("ref"), "no": number, **shared}
        line = Item(item.kind, columns, row, part=code)
        rows.append(ItemEnv(line, env.catalogue, env.calendar, env.today))
    return rows
