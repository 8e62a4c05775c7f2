"""What must hold between the numbers of indicators: rules written in the language, over several or for each of them.

A rule of ``checks.toml`` is either about several indicators at once (``va1 + va2 + va3 = gdp``), or is read for each
indicator that lists its code under ``checks`` (or for all of them): then it speaks of ``value``, ``previous``,
``last_year`` and the other words of :data:`OWN`. What is missing is neither right nor wrong: only a rule that is false
finds fault.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from shuzhi.kernel.catalogue.checking import Checker
from shuzhi.kernel.catalogue.definitions import (
    GROWTHS,
    MEASURES,
    SEVERITIES,
    STATUSES,
    TEMPORALS,
    Basis,
    Catalogue,
    Expression,
    Indicator,
)
from shuzhi.kernel.catalogue.scopes import FigureScope, RowScope, parameters
from shuzhi.kernel.catalogue.sources import Sources
from shuzhi.kernel.expr.functions import FIGURE
from shuzhi.kernel.expr.nodes import Aggregate, Name, walk
from shuzhi.kernel.expr.types import BOOL, TEXT, Type, amount_of, like
from shuzhi.kernel.finding import Finding
from shuzhi.kernel.measure import RATIO, UNITS

PLACES = ("entry", "review", "closing", "report")
EACH = ("", "listed", "all")
#: The words of a rule read for each indicator, with what they mean (docs/catalogue.md).
OWN: Mapping[str, str] = {
    "value": "本期的数",
    "previous": "同一年里前一期有数的（时点数可以跨年）",
    "following": "同一年里后一期有数的，只在填报时有",
    "last_year": "上年同期的数",
    "target": "本期的目标，没有分期的取全年目标",
    "parts": "下一级各地区本期的数之和；有一个没报就缺",
    "step": "本期比前一期多出的数，年内第一期就是本期的数",
    "earlier_step": "前一期比再前一期多出的数",
    "rate": "本期公布的增速（growth_by 所指的指标）",
    "low": "通常的下限（typical 的第一个数）",
    "high": "通常的上限（typical 的第三个数）",
    "digits": "数值的有效位数",
    "reason": "说明，没有写的为缺",
    "status": "状态（快报、初步核算……）",
    "measures": "这是哪一类数",
    "temporal": "累计、时点还是比率",
    "convention": "增长的口径",
    "duty": "报送职责",
    "computed": "是否由公式算出，不填报",
    "published": "统计机构是否已登记公布（或保密审查后批准引用）",
}
_AMOUNTS = ("value", "previous", "following", "last_year", "target", "parts", "step", "earlier_step", "low", "high")  # fmt: skip
AMOUNTS = frozenset(_AMOUNTS)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``holds`` is true where all is well; when it is false ``says`` tells what is wrong, ``do`` what to do.

    ``each`` is empty for a rule over several indicators, ``listed`` for one read for every indicator that lists the
    code, ``all`` for one read for all of them. ``refuses`` is the condition under which what is otherwise a warning
    keeps the value out (a fall without a reason). ``at`` are the places it is read: entry, review, closing, report.
    """

    code: str
    label: str
    holds: Expression
    says: str
    do: str
    basis: tuple[Basis, ...]
    each: str = ""
    severity: str = "error"
    refuses: Expression | None = None
    at: tuple[str, ...] = ("entry", "review", "closing")
    note: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The words the rule reads, in the order they are written, each once."""
        return words_of(self.holds)


def words_of(expression: Expression) -> tuple[str, ...]:
    """The dotted words of a formula in the order they are written, each once."""
    return tuple(dict.fromkeys(part.text for part in walk(expression.node) if isinstance(part, Name)))


@dataclass(frozen=True)
class OwnScope:
    """The words of a rule read for one indicator; amounts are of the family of its unit."""

    catalogue: Catalogue
    indicator: Indicator
    reader: str = FIGURE

    @cached_property
    def _words(self) -> Mapping[str, Type]:
        unit = UNITS.get(self.indicator.unit)
        amount = amount_of(unit.family.name if unit else RATIO.name)
        return {
            **dict.fromkeys(_AMOUNTS, amount),
            "rate": amount_of(RATIO.name),
            "digits": amount_of(RATIO.name),
            "reason": TEXT,
            "duty": TEXT,
            "status": Type("text", choices=STATUSES),
            "measures": Type("text", choices=MEASURES),
            "temporal": Type("text", choices=TEMPORALS),
            "convention": Type("text", choices=GROWTHS),
            "computed": BOOL,
            "published": BOOL,
        }

    def name(self, parts: tuple[str, ...]) -> Type | None:
        """The type of one of the words."""
        return self._words.get(parts[0]) if len(parts) == 1 else None

    def names(self) -> Iterable[str]:
        """All words."""
        return self._words

    def quoted(self, function: str) -> Mapping[str, Type]:
        """The parameters."""
        return parameters(self.catalogue) if function == "param" else {}

    def source(self, source: str) -> RowScope | None:
        """A rule of one indicator reads no ledger."""
        return None

    def sources(self) -> Iterable[str]:
        """None."""
        return ()

    def placed(self) -> bool:
        """A number has no date of its own."""
        return False


def check_rules(
    catalogue: Catalogue, sources: Sources, findings: list[Finding], figures: FigureScope
) -> None:
    """Everything wrong with the rules, and with the codes that indicators list under ``checks``."""
    for code, rule in catalogue.checks.items():
        checker = Checker(catalogue, sources.raws["check"][code], findings)
        _check_words(checker, rule)
        if rule.each:
            _check_each(checker, catalogue, rule)
        else:
            for name, formula in (("holds", rule.holds), ("refuses", rule.refuses)):
                checker.sort(formula, figures, "bool", name)
    if catalogue.checks:
        for code, indicator in catalogue.indicators.items():
            _check_listed(Checker(catalogue, sources.raws["indicator"][code], findings), indicator)


def _check_words(checker: Checker, rule: Rule) -> None:
    checker.basis(rule.basis)
    for value, allowed, key in (
        (rule.each, EACH, "each"),
        (rule.severity, SEVERITIES, "severity"),
        *((place, PLACES, "at") for place in rule.at),
    ):
        if value not in allowed:
            words = [word for word in allowed if word]
            checker.report(
                "catalogue.wrong-value", f"“{value}”不在可用的值里", f"可用：{'、'.join(words)}", key
            )


def _check_each(checker: Checker, catalogue: Catalogue, rule: Rule) -> None:
    """The formula must fit every indicator it is read for; the first that it does not fit is told."""
    readers = [item for item in catalogue.indicators.values() if reads(rule, item)]
    for indicator in readers:
        before = len(checker.findings)
        scope = OwnScope(catalogue, indicator)
        for name, formula in (("holds", rule.holds), ("refuses", rule.refuses)):
            checker.sort(formula, scope, "bool", name)
        if len(checker.findings) > before:
            return


def _check_listed(checker: Checker, indicator: Indicator) -> None:
    rules = checker.catalogue.checks
    for code in indicator.checks:
        rule = rules.get(code)
        if rule is None:
            checker.report(
                "catalogue.undefined-word", f"没有“{code}”这条核对规则", like(code, rules), "checks"
            )
        elif not rule.each and indicator.code not in {word.partition(".")[0] for word in rule.words}:
            message = f"核对规则“{code}”没有用到这个指标"
            checker.report("catalogue.wrong-value", message, "从 checks 里去掉，或改规则", "checks")


def reads(rule: Rule, indicator: Indicator) -> bool:
    """Whether a rule is read for an indicator by itself."""
    return rule.each == "all" or (rule.each == "listed" and rule.code in indicator.checks)


def across(catalogue: Catalogue) -> dict[str, tuple[Rule, ...]]:
    """The rules over several indicators, by each of the indicators they read, through formulas too."""
    found: dict[str, list[Rule]] = {}
    for rule in catalogue.checks.values():
        for code in () if rule.each else sorted(behind(rule.holds, catalogue)):
            found.setdefault(code, []).append(rule)
    return {code: tuple(rules) for code, rules in found.items()}


def behind(expression: Expression, catalogue: Catalogue) -> frozenset[str]:
    """The indicators a formula reads, those its computed indicators are made of and official rates included."""
    found: set[str] = set()
    waiting = [expression]
    while waiting:
        for word in words_of(waiting.pop()):
            code, _, facet = word.partition(".")
            indicator = catalogue.indicators.get(code)
            if indicator is None or code in found:
                continue
            found.add(code)
            if facet == "growth" and indicator.growth_by:
                found.add(indicator.growth_by)
            if indicator.expression is not None:
                waiting.append(indicator.expression)
    return frozenset(found)


def ledgers_of(expression: Expression, catalogue: Catalogue) -> frozenset[str]:
    """The kinds whose rows or figures a formula reads, through the computed indicators and figures it names too."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [expression]
    while waiting:
        for part in walk(waiting.pop().node):
            word = part.source if isinstance(part, Aggregate) else part.text if isinstance(part, Name) else ""
            if not word or word in seen:
                continue
            seen.add(word)
            code, _, rest = word.partition(".")
            kind, indicator = catalogue.kinds.get(code), catalogue.indicators.get(code)
            if kind is not None:
                found.add(code)
                figure = kind.figure(rest)
                waiting += [figure.expression] if figure is not None else []
            elif indicator is not None and indicator.expression is not None:
                waiting.append(indicator.expression)
    return frozenset(found)
