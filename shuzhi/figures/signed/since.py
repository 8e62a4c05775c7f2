"""Why a figure is another one over later books: definitions, days, observations, records and units, told one by one.

Both sides are worked out by the same program, each over its own books with its own definitions, so what differs is what
the books say, not how they are read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shuzhi.figures.compute import Worked
from shuzhi.figures.context import Context
from shuzhi.figures.signed.moved import ledgers, observations, units
from shuzhi.figures.signed.sides import Books, Change, Sides, essence
from shuzhi.figures.words import words_of
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import Call, Literal, Name, Node, walk
from shuzhi.kernel.expr.parse import parse

_CONVENTIONS: Final = {
    "unit": "计量单位",
    "decimals": "小数位",
    "temporal": "累计方式",
    "rollup": "合计方式",
    "growth": "增速口径",
    "frequency": "频次",
}


def changes(then: Worked, now: Worked, sides: Sides) -> list[Change]:
    """Why a figure differs between two sides, the weightiest first; nothing where the books say the same."""
    found = [*_definitions(then, now, sides.before, sides.after), *_day(then, sides.before, sides.after)]
    found += observations(then, now, sides)
    found += ledgers(then, now, sides)
    found += units(then, now, sides)
    return found


# --- definitions and days -------------------------------------------------------------------------------------------------


def _definitions(then: Worked, now: Worked, before: Books, after: Books) -> Iterator[Change]:
    expression = then.figure.ask.expression
    one, two = _formulas(then), _formulas(now)
    for name, formula in one.items():
        if name in two and two[name] != formula:
            called = f"“{name}”的" if name else ""
            yield Change("definition", f"{called}口径改了：当时“{formula}”，现在“{two[name]}”")
    if not now.figure.trace.formula_cn:
        yield Change("definition", f"现在的目录算不了这个数：{now.figure.reason}")
        return
    old, new = (_words(expression, books.catalogue) for books in (before, after))
    for code in sorted(old.indicators & new.indicators):
        first, second = before.catalogue.indicators[code], after.catalogue.indicators[code]
        for name, word in _CONVENTIONS.items():
            was, is_ = getattr(first, name), getattr(second, name)
            if was != is_:
                yield Change("definition", f"“{first.label}”的{word}改了：当时{was}，现在{is_}")
    for code in sorted(old.parameters & new.parameters):
        was, is_ = (books.catalogue.parameters[code].values for books in (before, after))
        if was != is_:
            label = after.catalogue.parameters[code].label
            yield Change("parameter", f"参数“{label}”改了：当时{_valued(was)}，现在{_valued(is_)}")


def _formulas(work: Worked) -> dict[str, str]:
    trace = work.figure.trace
    return dict(trace.definitions) or ({"": trace.formula_cn} if trace.formula_cn else {})


def _valued(values: Sequence[tuple[object, str]]) -> str:
    return "、".join(f"{text}（{since}起）" for since, text in values) or "没有值"


@dataclass(frozen=True, slots=True)
class _Words:
    indicators: frozenset[str]
    parameters: frozenset[str]


def _words(expression: str, catalogue: Catalogue) -> _Words:
    """Every indicator and parameter a formula rests on, through all definitions."""
    indicators: set[str] = set()
    parameters: set[str] = set()
    try:
        waiting: list[Node] = [words_of(catalogue).formula(expression).node]
    except ExpressionError:
        waiting = [parse(expression)]
    while waiting:
        for node in walk(waiting.pop()):
            match node:
                case Call("param", (Literal(str(code)),)) if code in catalogue.parameters:
                    parameters.add(code)
                case Name(parts=(code, *rest)):
                    kind = catalogue.kinds.get(code)
                    figure = kind.figure(rest[0]) if kind and rest else None
                    if figure is not None:
                        waiting.append(figure.expression.node)
                    waiting += _behind(code, catalogue, indicators)
    return _Words(frozenset(indicators), frozenset(parameters))


def _behind(code: str, catalogue: Catalogue, met: set[str]) -> list[Node]:
    """Note an indicator, the official rate that goes with it, and its weight; returns formulas yet to be walked."""
    indicator = catalogue.indicators.get(code)
    if indicator is None or code in met:
        return []
    met.add(code)
    weight = indicator.rollup.partition(":")[2]
    found = [node for other in (indicator.growth_by, weight) for node in _behind(other, catalogue, met)]
    return found if indicator.expression is None else [*found, indicator.expression.node]


def _day(then: Worked, before: Books, after: Books) -> Iterator[Change]:
    ask = then.figure.ask
    year = ask.year or before.closing.as_of.year
    one, two = (
        Context.of(ask.unit, year, ask.month, books.closing.as_of).cutoff for books in (before, after)
    )
    if one != two and then.cuts:
        yield Change("day", f"当时账只结到{one}，现在算到{two}")


def stands(then: Worked, now: Worked, sides: Sides) -> bool:
    """Whether nothing moved behind a figure: value, status, formula, every total and the first refs are what they were."""
    one, two = then.figure, now.figure
    if essence(then) != essence(now) or one.status != two.status or _formulas(then) != _formulas(now):
        return False
    pairs = zip(
        one.trace.leaves, two.trace.leaves, strict=True
    )  # as many of them, or the totals would differ
    return all(was.refs == is_.refs for was, is_ in pairs if not sides.guard(was.relation))
