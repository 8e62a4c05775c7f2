"""In what unit and with how many decimals a figure is said, and its printed text: rounded once, half up."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from shuzhi.kernel.catalogue.definitions import Catalogue, Field
from shuzhi.kernel.catalogue.scopes import COLUMNS, FigureScope, fields_of, shape_of
from shuzhi.kernel.expr.arithmetic import MONEY, joined
from shuzhi.kernel.expr.nodes import Aggregate, Amount, Binary, Call, If, Name, Node, Unary, Value
from shuzhi.kernel.expr.types import PLACE
from shuzhi.kernel.measure import RATIO, UNITS, Unit, say

_PERCENT: Final = "%"
_POINTS: Final = "个百分点"


@dataclass(frozen=True, slots=True)
class Style:
    """A unit ("" when the formula does not settle it) and decimals (None likewise)."""

    unit: str = ""
    decimals: int | None = None


def style_of(node: Node, catalogue: Catalogue) -> Style:
    """How the definitions a formula is made of are said: a bare word as its definition has it, a rate in %."""
    match node:
        case Name():
            return _word(node, catalogue)
        case Call(function, arguments):
            return _call(function, arguments, catalogue)
        case Unary(_, operand):
            return style_of(operand, catalogue)
        case Binary(sign, left, right) if sign in ("+", "-"):
            first = style_of(left, catalogue)
            style = first if first.unit else style_of(right, catalogue)
            return Style(_POINTS, style.decimals) if sign == "-" and style.unit == _PERCENT else style
        case Binary(sign, left, right) if sign == "*":
            first, second = style_of(left, catalogue), style_of(right, catalogue)
            return second if first.unit in ("", _PERCENT) else first
        case Binary("/", left, _):
            return Style()
        case If(_, then, _):
            return style_of(then, catalogue)
        case Aggregate():
            return _aggregate(node, catalogue)
    return Style()


def _word(node: Name, catalogue: Catalogue) -> Style:
    word, rest = node.parts[0], node.parts[1:]
    indicator = catalogue.indicators.get(word)
    if indicator is not None:
        return (
            _call(rest[0], (Name((word,)),), catalogue) if rest else Style(indicator.unit, indicator.decimals)
        )
    kind = catalogue.kinds.get(word)
    figure = next((item for item in kind.figures if rest == (item.code,)), None) if kind else None
    return Style(figure.unit, figure.decimals) if figure else Style()


def _call(function: str, arguments: tuple[Node, ...], catalogue: Catalogue) -> Style:
    if function in ("lastyear", "target", "forecast", "latest", "coalesce", "least", "greatest", "gap"):
        return style_of(arguments[0], catalogue)
    if function == "growth":
        argument = arguments[0]
        indicator = catalogue.indicators.get(argument.text) if isinstance(argument, Name) else None
        official = catalogue.indicators.get(indicator.growth_by) if indicator else None
        if official is not None:
            return Style(official.unit, official.decimals)
        return Style(_POINTS if indicator and indicator.growth == "pp" else _PERCENT, 1)
    if function == "rank":
        return Style(PLACE, 0)
    return Style(_PERCENT, 1) if function in ("completion", "share", "coverage") else Style()


def _aggregate(node: Aggregate, catalogue: Catalogue) -> Style:
    if not isinstance(node.column, Name) or node.how == "distinct":
        return Style()
    scope = FigureScope(catalogue).source(node.source)
    if scope is None or node.column.text in COLUMNS[shape_of(scope.kind, scope.part)]:
        return Style()
    fields: dict[str, Field] = {field.code: field for field in fields_of(scope.kind, scope.part)}
    field = fields.get(node.column.text)
    return Style(field.unit) if field and field.unit in UNITS else Style()


def settled(style: Style, amount: Amount, shown_in: str, decimals: int | None) -> tuple[Unit, int]:
    """The unit and decimals an amount is printed in; raises ValueError, in Chinese, when it cannot be said so."""
    own = UNITS.get(style.unit)
    if own is None or joined(own.family.name, amount.family) is None:
        own = _base(amount.family)
        style = Style()
    wanted = own
    if shown_in:
        if shown_in not in UNITS:
            raise ValueError(f"未知的计量单位“{shown_in}”，可用：{' '.join(UNITS)}")
        wanted = UNITS[shown_in]
        if joined(wanted.family.name, amount.family) is None:
            raise ValueError(f"这个数以{own.name}计，不能换算成“{shown_in}”")
    if decimals is not None:
        return wanted, decimals
    places = style.decimals if style.decimals is not None else _places(own)
    return wanted, places if wanted == own else min(2, max(0, places + wanted.power - own.power))


def _base(family: str) -> Unit:
    if family == RATIO.name:
        return UNITS[_PERCENT]
    members = [unit for unit in UNITS.values() if unit.family.name == family]
    return min(members, key=lambda unit: abs(unit.power))


def _places(unit: Unit) -> int:
    if unit.family.name == RATIO.name:
        return 1
    return 2 if unit.family.name == MONEY else min(2, unit.power, unit.family.scale) if unit.power > 0 else 0


def in_unit(amount: Amount, unit: Unit) -> Fraction:
    """The exact amount in a unit of its family."""
    return amount.value / Fraction(10) ** unit.power


def printed(value: Fraction, decimals: int) -> str:
    """The digits of a value, rounded half up."""
    return say(value, decimals)


def worded(value: Value) -> str:
    """An answer that is no amount: a day, a text, yes or no; "" for what is missing."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return value if isinstance(value, str) else ""
