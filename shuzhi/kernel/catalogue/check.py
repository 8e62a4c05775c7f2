"""Checks a catalogue whose definitions could be read: are all words defined, all formulas sound, all rules grounded."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from shuzhi.kernel.catalogue.check_kinds import check_kind
from shuzhi.kernel.catalogue.checking import Checker, ring
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator, Parameter
from shuzhi.kernel.catalogue.grounds import Expression
from shuzhi.kernel.catalogue.scopes import FigureScope
from shuzhi.kernel.catalogue.sources import Raw, Sources
from shuzhi.kernel.expr.nodes import Aggregate, Name, Node, children
from shuzhi.kernel.expr.types import like
from shuzhi.kernel.finding import Finding

_FACETS = ("growth", "completion", "target", "forecast")
_ROLLUPS = ("sum", "ratio", "distinct", "none")


def check(catalogue: Catalogue, sources: Sources) -> list[Finding]:
    """Everything wrong with the definitions as a whole."""
    findings: list[Finding] = []
    figures = FigureScope(catalogue)
    for code, kind in catalogue.kinds.items():
        checker = Checker(catalogue, sources.raws["kind"][code], findings)
        check_kind(checker, kind, figures)
        _check_cases(checker, code, sources)
    for code, indicator in catalogue.indicators.items():
        checker = Checker(catalogue, sources.raws["indicator"][code], findings)
        if code in catalogue.kinds:
            checker.report("catalogue.collision", f"“{code}”同时是台账和指标的代码", "请改其中一个", "code")
        _check_indicator(checker, indicator, figures)
    for code, kind in catalogue.kinds.items():
        if catalogue.mechanisms and kind.mechanism not in catalogue.mechanisms:
            hint = like(kind.mechanism, catalogue.mechanisms)
            checker = Checker(catalogue, sources.raws["kind"][code], findings)
            checker.report(
                "catalogue.unknown-mechanism", f"没有“{kind.mechanism}”这项机制", hint, "mechanism"
            )
    for code, parameter in catalogue.parameters.items():
        _check_parameter(Checker(catalogue, sources.raws["parameter"][code], findings), parameter)
    for code in sorted(set(sources.cases) - set(catalogue.kinds)):
        message = f"没有“{code}”这个台账，却有它的用例"
        findings.append(
            Finding("catalogue.unknown-kind", message, like(code, catalogue.kinds), sources.cases[code][0][0])
        )
    findings.extend(_cycles(catalogue, sources))
    findings.extend(_stand_ins(catalogue, sources))
    return findings


def _stand_ins(catalogue: Catalogue, sources: Sources) -> Iterator[Finding]:
    """A code of the national list is one indicator or one figure, never two: a fact is kept in one place."""
    taken = dict.fromkeys(catalogue.indicators, "指标")
    for item in catalogue.indicators.values():
        taken.update(dict.fromkeys(item.answers.values(), f"指标“{item.label}”"))
    for code, kind in catalogue.kinds.items():
        for figure in kind.figures:
            word = figure.stands_for
            if word in taken:
                message = f"“{word}”已由{taken[word]}给出"
                place = sources.raws["kind"][code].place(f"figures.{figure.code}.stands_for")
                yield Finding("catalogue.duplicate", message, "同一个数只在一处出", place)
            elif word:
                taken[word] = f"{kind.label}的“{figure.label}”"


def _check_cases(checker: Checker, code: str, sources: Sources) -> None:
    tables = [table for _, table in sources.cases.get(code, [])]
    if not any(table.get("case") or table.get("figures_case") for table in tables):
        hint = f"在旁边写 {code}.cases.toml，用例子说明规则"
        checker.report("catalogue.no-cases", "没有用例", hint, "")


def _check_indicator(checker: Checker, item: Indicator, figures: FigureScope) -> None:
    checker.code(item.code, "code")
    checker.basis(item.basis)
    checker.unit(item.unit, "unit")
    for unit in item.units:
        checker.unit(unit, "units")
    checker.duty(item.duty, "duty")
    if item.growth_by and item.growth_by not in checker.catalogue.indicators:
        hint = like(item.growth_by, checker.catalogue.indicators)
        checker.report("catalogue.undefined-word", f"没有“{item.growth_by}”这个指标", hint, "growth_by")
    weight = item.rollup.removeprefix("wmean:")
    if item.rollup not in _ROLLUPS and (weight == item.rollup or weight not in checker.catalogue.indicators):
        hint = f"可用：{'、'.join(_ROLLUPS)}、wmean:指标代码"
        checker.report("catalogue.wrong-value", f"“{item.rollup}”不在可用的值里", hint, "rollup")
    for text in item.typical:
        if not _is_number(text):
            checker.report(
                "catalogue.wrong-value", f"“{text}”不是数", 'typical = ["20", "130", "800"]', "typical"
            )
    for facet in item.answers:
        if facet not in _FACETS:
            checker.report(
                "catalogue.unknown-key", f"指标没有“{facet}”这一面", like(facet, _FACETS), "answers"
            )
    if item.expression is not None:
        checker.figure(item.expression, figures, item.unit, "expression")


def _check_parameter(checker: Checker, item: Parameter) -> None:
    checker.code(item.code, "code")
    if item.unit:
        checker.unit(item.unit, "unit")
    for _, text in item.values:
        if not _is_number(text):
            checker.report(
                "catalogue.wrong-value", f"“{text}”不是数", "参数的值写成数，单位写在 unit", "values"
            )


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and re.fullmatch(r"-?[0-9.]+", text) is not None
    except InvalidOperation:
        return False


def _formulas(catalogue: Catalogue, sources: Sources) -> Iterator[tuple[str, Expression, Raw, str]]:
    """Every formula that others can name: its word, itself, and where it is written."""
    for code, indicator in catalogue.indicators.items():
        if indicator.expression is not None:
            yield code, indicator.expression, sources.raws["indicator"][code], "expression"
    for code, kind in catalogue.kinds.items():
        for figure in kind.figures:
            place = f"figures.{figure.code}.expression"
            yield f"{code}.{figure.code}", figure.expression, sources.raws["kind"][code], place


def _named(node: Node, words: Iterable[str]) -> set[str]:
    """The formulas a formula reads (columns inside an aggregate are no formulas)."""
    if isinstance(node, Name):
        return {node.text, node.parts[0]} & set(words)
    parts = () if isinstance(node, Aggregate) else children(node)
    return set().union(*(_named(part, words) for part in parts)) if parts else set()


def _cycles(catalogue: Catalogue, sources: Sources) -> Iterator[Finding]:
    formulas = {word: (expression, raw, key) for word, expression, raw, key in _formulas(catalogue, sources)}
    reads = {word: _named(expression.node, formulas) for word, (expression, _, _) in formulas.items()}
    done: set[str] = set()
    for word in formulas:
        circle = ring(word, reads, [], done)
        if circle:
            _, raw, key = formulas[circle[0]]
            message = f"公式互相引用成环：{' → '.join(circle)}"
            yield Finding("catalogue.cycle", message, "其中一个应改为填报，或换一种算法", raw.place(key))
