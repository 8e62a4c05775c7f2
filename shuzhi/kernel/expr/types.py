"""The types of the language: a formula is checked against the words of a scope before anything runs."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from shuzhi.kernel.expr.arithmetic import COUNTED, DAYS, joined
from shuzhi.kernel.expr.functions import BOTH, FUNCTIONS
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import (
    Aggregate,
    Amount,
    Binary,
    Call,
    If,
    IsMissing,
    ListOf,
    Literal,
    Name,
    Node,
    Span,
    Unary,
    Value,
)
from shuzhi.kernel.measure import RATIO

_SORTS = {"amount": "数量", "text": "文字", "date": "日期", "moment": "时刻", "bool": "是非", "span": "时段", "list": "列表", "split": "分组的数", "missing": "缺"}  # fmt: skip
#: The family of ranks: 第几位.
PLACE = "位"
BASES = {"real": "不变价", "nominal": "名义", "same_basis": "同口径", "comparable": "可比价", "count": "个数"}


@dataclass(frozen=True, slots=True)
class Type:
    """What sort of value a formula gives.

    ``family`` is the family of an amount; ``basis`` what a growth rate was measured by (不变价, 名义 …); ``choices`` the
    only texts there can be; ``growth`` the convention by which this quantity grows and ``official`` the word of its
    official rate, when growth must not be worked out from levels.
    """

    sort: str
    family: str = ""
    basis: str = ""
    choices: tuple[str, ...] = ()
    growth: str = ""
    official: str = ""

    def __str__(self) -> str:
        if self.sort != "amount":
            return _SORTS[self.sort]
        return self.family + (f"（{BASES.get(self.basis, self.basis)}）" if self.basis else "")

    @property
    def bare(self) -> "Type":
        """The type of what is computed from it: without choices and growth conventions of its own."""
        return Type(self.sort, self.family, self.basis)


TEXT, DATE, BOOL, SPAN, LIST = Type("text"), Type("date"), Type("bool"), Type("span"), Type("list")
MOMENT = Type("moment")
NOTHING, SPLIT = Type("missing"), Type("split")


def amount_of(family: str, basis: str = "") -> Type:
    """The type of an amount of a family."""
    return Type("amount", family, basis)


class Undefined(ExpressionError):
    """A word nobody defined."""


class Scope(Protocol):
    """The words a formula may use, with their types."""

    @property
    def reader(self) -> str:
        """``row``, ``figure``, or ``both`` for the rows of an aggregate: which functions may be used here."""
        ...

    def name(self, parts: tuple[str, ...]) -> Type | None:
        """The type of a word, or None when there is no such word."""
        ...

    def names(self) -> Iterable[str]:
        """All words, for suggestions."""
        ...

    def quoted(self, function: str) -> Mapping[str, Type]:
        """The codes a function such as due('…') may name, each with the type of the answer."""
        ...

    def source(self, source: str) -> "Scope | None":
        """The scope of the rows of a source, or None when there is no such source."""
        ...

    def sources(self) -> Iterable[str]:
        """All sources, for suggestions."""
        ...

    def placed(self) -> bool:
        """Whether rows have a date of their own, by which ``in PERIOD`` places them."""
        ...


def like(word: str, words: Iterable[str]) -> str:
    """A hint naming the words that look like the one written, or the first few there are."""
    known = sorted(set(words))
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    if near:
        return f"是不是 {'、'.join(near)}？"
    return f"可用：{'、'.join(known[:12])}{'……' if len(known) > 12 else ''}" if known else ""


def typed(node: Node, scope: Scope) -> Type:
    """The type of a formula; raises Undefined or ExpressionError, with column and hint, for the first thing wrong."""
    match node:
        case Literal(value):
            return _literal(value)
        case Name(parts):
            found = scope.name(parts)
            if found is None:
                raise Undefined(f"没有“{node.text}”这个词", node.at, like(node.text, scope.names()))
            return found
        case Unary():
            return _unary(node, scope)
        case Binary():
            return _binary(node, scope)
        case IsMissing(operand):
            typed(operand, scope)
            return BOOL
        case If():
            return _if(node, scope)
        case ListOf(items):
            for item in items:
                typed(item, scope)
            return LIST
        case Call():
            return _call(node, scope)
        case Aggregate():
            return _aggregate(node, scope)


def _literal(value: Value) -> Type:
    if isinstance(value, Amount):
        return amount_of(value.family)
    sorts = {bool: BOOL, str: TEXT, date: DATE, Span: SPAN, tuple: LIST}
    return sorts.get(type(value), NOTHING)


def _must(node: Node, scope: Scope, sort: str, why: str) -> Type:
    """The type of a part that must be of one sort (a literal ``missing`` passes)."""
    found = typed(node, scope)
    if found.sort not in (sort, "missing"):
        hint = "分组的统计只能单独成式" if found.sort == "split" else ""
        raise ExpressionError(f"{why}应为{_SORTS[sort]}，却是{found}", node.at, hint)
    return found


def _unary(node: Unary, scope: Scope) -> Type:
    if node.sign == "not":
        _must(node.operand, scope, "bool", "not 后面")
        return BOOL
    return _must(node.operand, scope, "amount", "负号后面").bare


def _binary(node: Binary, scope: Scope) -> Type:
    if node.sign in ("and", "or"):
        _must(node.left, scope, "bool", f"{node.sign} 的左边")
        _must(node.right, scope, "bool", f"{node.sign} 的右边")
        return BOOL
    left, right = typed(node.left, scope), typed(node.right, scope)
    if node.sign in ("in", "not in"):
        _check_in(node, left, right, scope)
        return BOOL
    if node.sign in ("+", "-", "*", "/"):
        return _arithmetic(node, left, right)
    _check_compare(node, node.left, left, node.right, right)
    return BOOL


def _number(node: Node) -> bool:
    """Whether a part is a number written without unit, which is understood as 个, 户, 天 … as the other side has it."""
    if isinstance(node, Unary):
        return node.sign == "-" and _number(node.operand)
    return isinstance(node, Literal) and isinstance(node.value, Amount) and node.value.family == RATIO.name


def _same_family(at: int, sign: str, one: Node, left: Type, two: Node, right: Type) -> Type:
    """The type two amounts share; refuses 万元 with 个, and growth rates measured by different bases."""
    family = joined(left.family, right.family)
    ratio_side = one if left.family == RATIO.name else two
    if family is None or (
        left.family != right.family and family != COUNTED and _loose(left, right, ratio_side)
    ):
        raise ExpressionError(
            f"“{sign}”两边单位不同：{left}与{right}不能放在一起", at, "同一类的量才能加减和比较"
        )
    if left.basis and right.basis and left.basis != right.basis:
        raise ExpressionError(f"“{sign}”两边口径不同：{left}与{right}", at, "口径不同的增速不能相减、比较")
    return amount_of(family, left.basis or right.basis)


def _loose(left: Type, right: Type, ratio_side: Node) -> bool:
    """Whether a ratio that is no plain number would be taken for a count."""
    return RATIO.name in (left.family, right.family) and not _number(ratio_side)


def _arithmetic(node: Binary, left: Type, right: Type) -> Type:
    if "missing" in (left.sort, right.sort):
        return right.bare if left.sort == "missing" else left.bare
    sign = node.sign
    if left.sort == right.sort == "amount":
        if sign in ("+", "-"):
            return _same_family(node.at, sign, node.left, left, node.right, right)
        return _scaled(node, left, right)
    if sign == "-" and left.sort == right.sort == "date":
        return amount_of(DAYS)
    dated = {left.sort, right.sort} == {"date", "amount"} and (
        sign == "+" or (sign == "-" and left.sort == "date")
    )
    days, part = (right, node.right) if left.sort == "date" else (left, node.left)
    if dated and (days.family == DAYS or _number(part)):
        return DATE
    hint = "分组的统计只能单独成式" if "split" in (left.sort, right.sort) else ""
    raise ExpressionError(f"“{sign}”不能用在{left}与{right}之间", node.at, hint)


def _scaled(node: Binary, left: Type, right: Type) -> Type:
    if right.family == RATIO.name:
        return left.bare
    if node.sign == "*" and left.family == RATIO.name:
        return right.bare
    if node.sign == "/" and joined(left.family, right.family) and left.family != RATIO.name:
        return amount_of(RATIO.name)
    if node.sign == "*":
        raise ExpressionError(f"“*”两边不能都带单位：{left}与{right}", node.at, "一边应是比率或纯数")
    raise ExpressionError(f"“/”两边单位不同：{left}与{right}", node.at, "同一类的量才能相除成比率")


def _check_compare(node: Binary, one: Node, left: Type, two: Node, right: Type) -> None:
    if "missing" in (left.sort, right.sort):
        raise ExpressionError("与 missing 比较永远得不到结果", node.at, "请写 is missing 或 is not missing")
    if left.sort != right.sort or left.sort in ("span", "list", "split"):
        raise ExpressionError(f"“{node.sign}”不能比较{left}与{right}", node.at)
    if left.sort == "amount":
        _same_family(node.at, node.sign, one, left, two, right)
    elif left.sort in ("text", "bool") and node.sign not in ("=", "!="):
        raise ExpressionError(f"{left}只能比较 = 和 !=", node.at)
    for part, choices in ((one, right.choices), (two, left.choices)):
        _check_choice(part, choices)


def _check_choice(part: Node, choices: tuple[str, ...]) -> None:
    if choices and isinstance(part, Literal) and isinstance(part.value, str) and part.value not in choices:
        raise Undefined(f"“{part.value}”不在可选的值里", part.at, like(part.value, choices))


def _check_in(node: Binary, left: Type, right: Type, scope: Scope) -> None:
    if right.sort == "span" and left.sort == "date":
        return
    if isinstance(node.right, ListOf) and left.sort not in ("span", "list", "split"):
        for item in node.right.items:
            same = Binary("=", node.left, item, node.at)
            _check_compare(same, node.left, left, item, typed(item, scope))
        return
    hint = (
        "条件是是非时，时段写在 where 前面：count 台账 in year where 条件"
        if left.sort == "bool"
        else "写法：日期 in year，或 值 in [甲, 乙]"
    )
    raise ExpressionError(f"in 不能用在{left}与{right}之间", node.at, hint)


def _one_sort(at: int, parts: list[tuple[Node, Type]]) -> Type:
    """The type values share which may stand for each other (branches of an if, arguments of least)."""
    parts = [(node, kind) for node, kind in parts if kind.sort != "missing"]
    if not parts:
        return NOTHING
    first_node, result = parts[0]
    for node, kind in parts[1:]:
        if kind.sort != result.sort:
            raise ExpressionError(f"这里的值应为同一类：{result}与{kind}", at)
        if kind.sort == "amount":
            result = _same_family(at, "，", first_node, result, node, kind)
        elif kind.choices != result.choices:
            result = replace(result, choices=())
    return result


def _if(node: If, scope: Scope) -> Type:
    _must(node.test, scope, "bool", "if 后面")
    return _one_sort(node.at, [(part, typed(part, scope)) for part in (node.then, node.other)]).bare


def _call(node: Call, scope: Scope) -> Type:
    if node.function == "year" and scope.name(("year",)) == SPAN:
        _count_arguments(node, 1, 1, "year(2024)")
        _must(node.arguments[0], scope, "amount", "年份")
        return SPAN
    function = FUNCTIONS.get(node.function)
    if function is None or function.reader not in (BOTH, scope.reader):
        usable = [item.name for item in FUNCTIONS.values() if item.reader in (BOTH, scope.reader)]
        what = "没有" if function is None else "这里不能用"
        raise Undefined(f"{what}“{node.function}”这个函数", node.at, like(node.function, usable))
    _count_arguments(node, function.least, function.most, function.form)
    if function.takes == "word":
        return _quoted(node, scope)
    kinds = [(part, typed(part, scope)) for part in node.arguments]
    return _formula(node, kinds[0][1]) if function.takes == "formula" else _pure(node, kinds)


def _count_arguments(node: Call, least: int, most: int, form: str) -> None:
    if not least <= len(node.arguments) <= most:
        raise ExpressionError(f"“{node.function}”不能有{len(node.arguments)}个参数", node.at, f"写法：{form}")


def _quoted(node: Call, scope: Scope) -> Type:
    word = node.arguments[0]
    if not (isinstance(word, Literal) and isinstance(word.value, str)):
        raise ExpressionError("这里应为引号里的代码", word.at, f"写法：{FUNCTIONS[node.function].form}")
    known = scope.quoted(node.function)
    if word.value not in known:
        raise Undefined(f"{node.function} 不认识“{word.value}”", word.at, like(word.value, known))
    return known[word.value]


def _formula(node: Call, kind: Type) -> Type:
    if kind.sort != "amount":
        raise ExpressionError(f"“{node.function}”里应为数量，却是{kind}", node.at)
    if node.function == "growth":
        if kind.growth in ("pp", "none") or kind.basis:
            raise ExpressionError("速度、占比不再求增速", node.at, "写 x - lastyear(x)，单位是百分点")
        if kind.official:
            raise ExpressionError(
                "这个指标的增速以统计部门公布的为准，不由绝对值推算", node.at, f"请写 {kind.official}"
            )
        return amount_of(RATIO.name, kind.growth)
    if node.function == "completion":
        return amount_of(RATIO.name)
    if node.function == "rank":
        return amount_of(PLACE)
    return kind


def _pure(node: Call, kinds: list[tuple[Node, Type]]) -> Type:
    first = kinds[0][1]
    if node.function in ("days", "workdays", "year_of"):
        for part, kind in kinds:
            if kind.sort not in ("date", "missing"):
                raise ExpressionError(f"“{node.function}”里应为日期，却是{kind}", part.at)
        return amount_of(RATIO.name if node.function == "year_of" else DAYS)
    if node.function in ("share", "coverage"):
        return _arithmetic(Binary("/", kinds[0][0], kinds[1][0], node.at), first, kinds[1][1])
    result = _one_sort(node.at, kinds)
    if node.function == "gap" and result.sort not in ("amount", "missing"):
        raise ExpressionError(f"“gap”里应为数量，却是{result}", node.at, "两个日期相差多少写 days(起, 止)")
    if node.function != "coalesce" and result.sort not in ("amount", "date", "missing"):
        raise ExpressionError(f"“{node.function}”里应为数量或日期，却是{result}", node.at)
    return result.bare


def _aggregate(node: Aggregate, scope: Scope) -> Type:
    if scope.reader == BOTH:
        # The usual slip: ``count x where a in year / count x`` reads as ``a in (year / count x)``.
        hint = "求比率时，两边的统计请各加括号：(count …) / (count …)"
        raise ExpressionError("统计的条件里不能再统计", node.at, hint)
    inner = scope.source(node.source)
    if inner is None:
        raise Undefined(f"没有“{node.source}”这本台账", node.at, like(node.source, scope.sources()))
    if node.where is not None:
        _must(node.where, inner, "bool", "where 后面")
    if node.period is not None:
        _must(node.period, scope, "span", "统计的时段")
        if not inner.placed():
            raise ExpressionError(f"“{node.source}”没有自己的日期，不能加时段", node.at, "请写在 where 里")
    result = _column(node, inner)
    if node.per:
        key = inner.name((node.per,))
        if key is None or key.sort != "text":
            raise Undefined(f"不能按“{node.per}”分组", node.at, like(node.per, inner.names()))
        return SPLIT
    return result


def _column(node: Aggregate, inner: Scope) -> Type:
    if node.column is None:
        return amount_of(COUNTED)
    found = typed(node.column, inner)
    allowed = {"sum": ("amount",), "distinct": ("text", "amount", "date")}.get(node.how, ("amount", "date"))
    if found.sort not in allowed:
        raise ExpressionError(
            f"{node.how} 后面应为{'、'.join(_SORTS[item] for item in allowed)}，却是{found}", node.at
        )
    return amount_of(COUNTED) if node.how == "distinct" else found.bare
