"""What stands behind a formula: the indicators and ledgers it reads, through the computed ones too, and who reads a rule."""

from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.catalogue.grounds import Expression, words_of
from shuzhi.kernel.catalogue.rulebook import Rule
from shuzhi.kernel.expr.nodes import Aggregate, Name, walk


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
