"""What is checked of the rules between indicators before a catalogue is used: their words, and that each fits its readers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from shuzhi.kernel.catalogue.behind import reads
from shuzhi.kernel.catalogue.checking import Checker
from shuzhi.kernel.catalogue.definitions import (
    GROWTHS,
    MEASURES,
    SEVERITIES,
    STATUSES,
    TEMPORALS,
    Catalogue,
    Indicator,
)
from shuzhi.kernel.catalogue.rulebook import AMOUNTS, EACH, PLACES, Rule
from shuzhi.kernel.catalogue.scopes import FigureScope, RowScope, parameters
from shuzhi.kernel.catalogue.sources import Sources
from shuzhi.kernel.expr.functions import FIGURE
from shuzhi.kernel.expr.types import BOOL, TEXT, Type, amount_of, like
from shuzhi.kernel.finding import Finding
from shuzhi.kernel.measure import RATIO, UNITS


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
            **dict.fromkeys(AMOUNTS, amount),
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
