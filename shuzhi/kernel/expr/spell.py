"""Formulas back into text: ``spell`` in the language itself, ``speak`` in Chinese for cards and findings."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from shuzhi.kernel.expr.nodes import (
    Aggregate,
    Amount,
    Binary,
    Call,
    If,
    IsMissing,
    ListOf,
    Literal,
    Missing,
    Name,
    Node,
    Span,
    Unary,
    Value,
)
from shuzhi.kernel.measure import RATIO, UNITS, Unit

# How tightly a node binds: a part that binds less than its place asks for is put in parentheses.
_LOOSE, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY, _TIGHT = range(9)
_LEVELS = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}


def spell(node: Node) -> str:
    """The formula as text in its plainest form; ``parse(spell(node)) == node`` for every node ``parse`` can give."""
    return _spell(node)[0]


def _spell(node: Node) -> tuple[str, int]:
    match node:
        case Literal(value):
            return _value(value)
        case Name():
            return node.text, _TIGHT
        case Unary(sign, operand):
            level = _NOT if sign == "not" else _UNARY
            return f"{sign}{' ' * (level == _NOT)}{_part(operand, level)}", level
        case Binary(sign, left, right):
            level = _LEVELS.get(sign, _COMPARE)
            # A comparison takes one sign only, so both its sides must bind tighter.
            first = _part(left, level + (level == _COMPARE))
            return f"{first} {sign} {_part(right, level + 1)}", level
        case IsMissing(operand, negated):
            return f"{_part(operand, _SUM)} is {'not ' * negated}missing", _COMPARE
        case If(test, then, other):
            return f"if {spell(test)} then {spell(then)} else {spell(other)}", _LOOSE
        case Call(function, arguments):
            return f"{function}({', '.join(map(spell, arguments))})", _TIGHT
        case ListOf(items):
            return f"[{', '.join(map(spell, items))}]", _TIGHT
        case Aggregate():
            return _aggregate(node), _LOOSE


def _part(node: Node, least: int) -> str:
    text, level = _spell(node)
    return text if level >= least else f"({text})"


def _aggregate(node: Aggregate) -> str:
    text = node.how if node.column is None else f"{node.how} {_part(node.column, _SUM)} of"
    where = "" if node.where is None else f" where {_part(node.where, _OR)}"
    period = "" if node.period is None else f" in {_period(node.period)}"
    # Behind a condition that is no whole comparison ``in`` would be read as one: ``flag in year``.
    behind = node.where is None or _closed(node.where)
    text = f"{text} {node.source}{where}{period}" if behind else f"{text} {node.source}{period}{where}"
    return f"{text} per {node.per}" if node.per else text


def _period(node: Node) -> str:
    bare = (isinstance(node, Call) and node.arguments) or (isinstance(node, Name) and len(node.parts) == 1)
    return spell(node) if bare else f"({spell(node)})"


def _closed(node: Node) -> bool:
    """Whether the text of a condition ends in a comparison, which takes no second ``in``."""
    if isinstance(node, Binary) and node.sign in ("and", "or"):
        return _closed(node.right)
    if isinstance(node, Unary) and node.sign == "not":
        return _closed(node.operand)
    return isinstance(node, IsMissing) or (isinstance(node, Binary) and node.sign not in _LEVELS)


def _value(value: Value) -> tuple[str, int]:
    if isinstance(value, bool):
        return str(value).lower(), _TIGHT
    if isinstance(value, Amount):
        return _amount(value)
    if isinstance(value, str):
        quote = '"' if "'" in value else "'"
        return f"{quote}{value}{quote}", _TIGHT
    if isinstance(value, date):
        return value.isoformat(), _TIGHT
    if isinstance(value, Span):
        return f"[{value.start} 至 {value.end}]", _TIGHT
    if isinstance(value, tuple):
        return f"[{', '.join(_value(item)[0] for item in value)}]", _TIGHT
    return "missing", _TIGHT


def _decimal(value: Fraction) -> str | None:
    """The number in plain digits, or None when it has no end."""
    places = next((number for number in range(41) if (value * 10**number).denominator == 1), None)
    if places is None:
        return None
    text = str(abs(value * 10**places)).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}" if places else text


def _shown_in(amount: Amount) -> Unit | None:
    """The largest unit in which the amount is a whole number of at least one, else the base unit."""
    units = [unit for unit in UNITS.values() if unit.family.name == amount.family]
    base = min(units, key=lambda unit: abs(unit.power), default=None)
    fitting = [unit for unit in units if unit.power >= 0 and (amount.value / 10**unit.power).denominator == 1]
    return max(fitting, key=lambda unit: unit.power, default=base) if amount.value else base


def _amount(amount: Amount) -> tuple[str, int]:
    unit = None if amount.family == RATIO.name else _shown_in(amount)
    step = Fraction(10) ** unit.power if unit else Fraction(1)
    name = unit.name if unit else ""
    text = _decimal(amount.value / step)
    sign = "-" * (amount.value < 0)
    if text is None:
        return f"{sign}{abs(amount.value.numerator)}{unit_of(amount)} / {amount.value.denominator}", _PRODUCT
    return f"{sign}{text}{name}", _UNARY if sign else _TIGHT


def unit_of(amount: Amount) -> str:
    """The base unit of an amount's family, or nothing for a bare number."""
    family = next((unit.family for unit in UNITS.values() if unit.family.name == amount.family), RATIO)
    return "" if family == RATIO else family.base


_SIGNS = {
    "*": "×", "/": "÷", "!=": "≠", "<=": "≤", ">=": "≥", "and": "且", "or": "或", "in": "在", "not in": "不在",
    "<": "＜", ">": "＞", "=": "＝", "+": "＋", "-": "－",
}  # fmt: skip
_CALLS = {
    "days": "{0}至{1}的天数", "workdays": "{0}至{1}的工作日数", "least": "{all}中最小的", "greatest": "{all}中最大的",
    "gap": "{0}与{1}之差（不分大小）",
    "coalesce": "{all}中头一个有的", "year_of": "{0}的年份", "share": "{0} ÷ {1}", "coverage": "{0} ÷ {1}",
    "growth": "{0}比上年同期增长", "completion": "{0}完成目标的比例", "lastyear": "上年同期的{0}", "target": "{0}的目标",
    "forecast": "{0}的预计数", "latest": "最近一期的{0}", "due": "“{0}”的到期日", "late": "“{0}”已超期",
    "left": "“{0}”剩余天数", "reached": "已到“{0}”环节", "papers": "“{0}”的件数",
    "year": "{0}年", "rank": "{0}在同级单位中的名次",
}  # fmt: skip
_PERIODS = {"year": "本年", "lastyear": "上年同期", "month": "本月", "quarter": "本季度"}
_HOWS = {"sum": "合计", "distinct": "（不重复）个数", "min": "最小值", "max": "最大值"}


def speak(node: Node, labels: Mapping[str, str], source: str = "") -> str:
    """The formula in Chinese. ``labels`` maps words to labels (``gdp``, ``hazard.listed``, ``hazard``, ``param:code``); a column of a
    source is looked up as ``source:column`` first. Words without a label are shown as they are.
    """
    return _Speaker(labels, source).say(node)


class _Speaker:
    """Says nodes in Chinese, knowing whose columns the words are."""

    def __init__(self, labels: Mapping[str, str], source: str) -> None:
        self._labels = labels
        self._source = source

    def say(self, node: Node) -> str:
        """One node; parts that are sums or conditions themselves are put in brackets."""
        match node:
            case Literal(value):
                return self._value(value)
            case Name():
                return self._name(node.text)
            case Unary(sign, operand):
                return f"{'不满足' if sign == 'not' else '－'}{self._part(operand)}"
            case Binary(sign, left, right):
                return self._binary(sign, left, right)
            case IsMissing(operand, negated):
                return f"{self._part(operand)}{'已有' if negated else '还没有'}"
            case If(test, then, other):
                return f"若{self.say(test)}则为{self.say(then)}，否则为{self.say(other)}"
            case Call("param", (Literal(str(code)),)):
                return f"参数“{self._labels.get(f'param:{code}', code)}”"
            case Call(function, arguments):
                return self._call(function, [self.say(item) for item in arguments])
            case ListOf(items):
                return "、".join(self.say(item) for item in items)
            case Aggregate():
                return self._aggregate(node)

    def _name(self, text: str) -> str:
        known = self._labels.get(f"{self._source}:{text}") or self._labels.get(text)
        return known or _PERIODS.get(text, "今天" if text == "today" else text)

    def _value(self, value: Value) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, str):
            return f"“{value}”"
        if isinstance(value, date):
            return f"{value.year}年{value.month}月{value.day}日"
        if isinstance(value, Span):
            return f"{self._value(value.start)}至{self._value(value.end)}"
        if isinstance(value, tuple):
            return "、".join(self._value(item) for item in value)
        return "缺" if isinstance(value, Missing) else _amount(value)[0]

    def _part(self, node: Node) -> str:
        text = self.say(node)
        return f"（{text}）" if isinstance(node, Binary | If | IsMissing) else text

    def _binary(self, sign: str, left: Node, right: Node) -> str:
        loose = _LEVELS.get(sign, _COMPARE)
        first, second = (
            self._part(part) if _spell(part)[1] < loose + extra else self.say(part)
            for part, extra in ((left, 0), (right, 1))
        )
        if sign in ("in", "not in"):
            return f"{first}{_SIGNS[sign]}{second}{'之内' if not isinstance(right, ListOf) else '之中'}"
        return f"{first} {_SIGNS[sign]} {second}"

    def _call(self, function: str, arguments: list[str]) -> str:
        form = _CALLS.get(function, "")
        if not form or len(arguments) < 1 + ("{1}" in form):
            return f"{function}（{'、'.join(arguments)}）"
        quoted = [text.strip("“”") if "“{0}”" in form else text for text in arguments]
        return form.format(*quoted, all="、".join(quoted))

    def _aggregate(self, node: Aggregate) -> str:
        inner = _Speaker(self._labels, node.source)
        parts = [f"〔{self._labels.get(node.source, node.source)}〕"]
        if node.period is not None:
            parts.insert(0, self.say(node.period))
        if node.where is not None:
            parts.append(f"中{inner.say(node.where)}的")
        parts.append("数量" if node.column is None else f"{inner._part(node.column)}{_HOWS[node.how]}")
        return "".join(parts) + (f"，按{inner._name(node.per)}分列" if node.per else "")
