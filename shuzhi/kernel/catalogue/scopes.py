"""The words a formula of the catalogue may use, with their types: of one item, of the rows of a ledger, of all accounts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from shuzhi.kernel.catalogue.definitions import ORIGINS, VERDICTS, Catalogue, Field, Indicator, Kind
from shuzhi.kernel.expr.arithmetic import COUNTED, DAYS, MONEY
from shuzhi.kernel.expr.functions import BOTH, FIGURE, ROW, SPANS
from shuzhi.kernel.expr.types import BOOL, DATE, MOMENT, SPAN, TEXT, Type, amount_of
from shuzhi.kernel.measure import RATIO, UNITS

FUND_PARTS = ("budget", "allocation", "payment")
_NUMBER, _MONEY = amount_of(RATIO.name), amount_of(MONEY)
_HEAD = {"ref": TEXT, "number": TEXT, "title": TEXT, "unit": TEXT}
COLUMNS: dict[str, dict[str, Type]] = {
    "subject": {"ref": TEXT, "code": TEXT, "name": TEXT, "unit": TEXT, "since": DATE, "until": DATE},
    "matter": _HEAD
    | {
        "stage": TEXT,
        "opened": DATE,
        "due": DATE,
        "closed": DATE,
        "lead": TEXT,
        "subject": TEXT,
        "parent": TEXT,
    },
    "record": _HEAD | {"date": DATE, "post": TEXT, "matter": TEXT, "subject": TEXT},
    "line": {"record": TEXT, "no": _NUMBER, "number": TEXT, "title": TEXT, "unit": TEXT, "date": DATE},
    "plan": _HEAD
    | {
        "post": TEXT,
        "week": TEXT,
        "date": DATE,
        "due": DATE,
        "origin": Type("text", choices=ORIGINS),
        "about": TEXT,
        "verdict": Type("text", choices=VERDICTS),
        "settled": DATE,
        "moved": DATE,
        "times": _NUMBER,
    },
    "budget": _HEAD | {"year": _NUMBER, "amount": _MONEY},
    "allocation": _HEAD | {"date": DATE, "amount": _MONEY, "budget": TEXT, "matter": TEXT},
    "payment": _HEAD | {"date": DATE, "amount": _MONEY, "allocation": TEXT, "subject": TEXT},
}
# The column by which ``in PERIOD`` places a row; a budget is placed on 1 January of its year.
PLACED = {
    "subject": "since", "matter": "opened", "record": "date", "line": "date", "plan": "date", "budget": "year",
    "allocation": "date", "payment": "date",
}  # fmt: skip


def field_type(field: Field) -> Type:
    """The type of a field's values in formulas."""
    if field.type == "date":
        return DATE
    if field.type == "moment":
        return MOMENT
    if field.type == "bool":
        return BOOL
    if field.type in ("whole", "quantity"):
        unit = UNITS.get(field.unit)
        return amount_of(unit.family.name if unit else COUNTED)
    return Type("text", choices=field.choices) if field.type == "choice" else TEXT


def parts_of(kind: Kind) -> tuple[str, ...]:
    """The parts of a kind that are sources of their own: its lines, or budget, allocation and payment of a fund."""
    return FUND_PARTS if kind.shape == "fund" else tuple(line.code for line in kind.lines)


def fields_of(kind: Kind, part: str = "") -> tuple[Field, ...]:
    """The fields of a kind's items, or of one of its parts (the fields of a fund belong to its allocations)."""
    if kind.shape == "fund":
        return kind.fields if part in ("", "allocation") else ()
    line = kind.line(part)
    return line.fields if line else kind.fields


def shape_of(kind: Kind, part: str = "") -> str:
    """Which set of columns an item (or part) of the kind has."""
    if kind.shape == "fund":
        return part or "allocation"
    return "line" if part else kind.shape


@dataclass(frozen=True)
class RowScope:
    """The words of one item: columns of its shape, fields of its kind, ``today`` and the periods.

    ``inner`` marks the rows of an aggregate, where functions that need the item's history cannot be used, but the
    due day of each clock is a column (``due_handle``).
    """

    catalogue: Catalogue
    kind: Kind
    part: str = ""
    inner: bool = False

    @property
    def reader(self) -> str:
        """Which functions may be used: all of the row reader, or only those both readers know."""
        return BOTH if self.inner else ROW

    @cached_property
    def _words(self) -> Mapping[str, Type]:
        shape = shape_of(self.kind, self.part)
        words = {"today": DATE, **dict.fromkeys(SPANS, SPAN), **COLUMNS[shape]}
        if shape == "matter":
            words["stage"] = Type("text", choices=tuple(stage.name for stage in self.kind.stages))
            if self.inner:
                words |= {f"due_{clock.code}": DATE for clock in self.kind.clocks}
        own = {field.code: field_type(field) for field in fields_of(self.kind, self.part)}
        if self.inner:  # hours matter to one item; whole accounts are counted by days
            own = {code: kind for code, kind in own.items() if kind != MOMENT}
        return words | own

    def name(self, parts: tuple[str, ...]) -> Type | None:
        """The type of a column, a field, ``today`` or a period."""
        return self._words.get(parts[0]) if len(parts) == 1 else None

    def names(self) -> Iterable[str]:
        """All columns and fields."""
        return self._words

    def quoted(self, function: str) -> Mapping[str, Type]:
        """The parameters, clocks, stages and papers a function may name."""
        if function == "param":
            return parameters(self.catalogue)
        if self.inner or self.part:
            return {}
        if function == "reached":
            return {stage.name: BOOL for stage in self.kind.stages}
        if function == "papers":
            return dict.fromkeys(self.catalogue.papers, amount_of("件"))
        answer = {"due": DATE, "late": BOOL, "left": amount_of(DAYS)}.get(function)
        return {clock.code: answer for clock in self.kind.clocks} if answer else {}

    def source(self, source: str) -> "RowScope | None":
        """An item's own lines, written ``rows`` or ``kind.rows``."""
        if self.inner or self.part:
            return None
        part = source.removeprefix(f"{self.kind.code}.")
        return RowScope(self.catalogue, self.kind, part, inner=True) if self.kind.line(part) else None

    def sources(self) -> Iterable[str]:
        """The tables inside the item."""
        return () if self.inner or self.part else tuple(line.code for line in self.kind.lines)

    def placed(self) -> bool:
        """Every shape has a date of its own."""
        return True


@dataclass(frozen=True)
class FigureScope:
    """The words of figures: indicators and their growth, completion, target, forecast; figures of kinds; periods."""

    catalogue: Catalogue
    reader: str = FIGURE

    @cached_property
    def _words(self) -> Mapping[tuple[str, ...], Type]:
        words: dict[tuple[str, ...], Type] = {(span,): SPAN for span in SPANS}
        words["today",] = DATE
        for code, indicator in self.catalogue.indicators.items():
            words |= _of_indicator(code, indicator)
        for kind in self.catalogue.kinds.values():
            for figure in kind.figures:
                if figure.unit in UNITS:
                    words[kind.code, figure.code] = amount_of(UNITS[figure.unit].family.name)
        return words

    def name(self, parts: tuple[str, ...]) -> Type | None:
        """The type of an indicator, of one of its rates, or of a kind's figure."""
        return self._words.get(parts)

    def names(self) -> Iterable[str]:
        """All words, dotted."""
        return (".".join(parts) for parts in self._words)

    def quoted(self, function: str) -> Mapping[str, Type]:
        """The parameters."""
        return parameters(self.catalogue) if function == "param" else {}

    def source(self, source: str) -> RowScope | None:
        """The rows of a kind (``hazard``) or of a part of one (``session.rows``, ``fund.payment``)."""
        code, _, part = source.partition(".")
        kind = self.catalogue.kinds.get(code)
        if kind is None or (part and part not in parts_of(kind)) or (kind.shape == "fund" and not part):
            return None
        return RowScope(self.catalogue, kind, part, inner=True)

    def sources(self) -> Iterable[str]:
        """All kinds and parts of kinds."""
        for kind in self.catalogue.kinds.values():
            if kind.shape != "fund":
                yield kind.code
            yield from (f"{kind.code}.{part}" for part in parts_of(kind))

    def placed(self) -> bool:
        """Whole accounts have no date of their own."""
        return False


def parameters(catalogue: Catalogue) -> dict[str, Type]:
    """The type of every parameter by its code."""
    known = {code: UNITS.get(item.unit) for code, item in catalogue.parameters.items()}
    return {code: amount_of(unit.family.name if unit else RATIO.name) for code, unit in known.items()}


def _of_indicator(code: str, indicator: Indicator) -> dict[tuple[str, ...], Type]:
    unit = UNITS.get(indicator.unit)
    family = unit.family.name if unit else RATIO.name
    rate = indicator.temporal == "rate"
    basis = (
        indicator.growth if rate and indicator.growth not in ("pp", "none") and family == RATIO.name else ""
    )
    level = Type(
        "amount", family, basis, growth=indicator.growth, official=indicator.growth_by and f"{code}.growth"
    )
    words = {(code,): level, (code, "target"): level.bare, (code, "forecast"): level.bare}
    words[code, "completion"] = _NUMBER
    if indicator.growth not in ("pp", "none") and not basis:
        words[code, "growth"] = amount_of(RATIO.name, indicator.growth)
    return words
