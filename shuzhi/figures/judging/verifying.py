"""Whether the numbers agree: the rules of ``checks.toml`` read against observations, live or of a closing.

Both doors use this one reader. What is missing finds no fault.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from shuzhi.figures.judging.ruled import Held, Numbers, Own
from shuzhi.kernel.catalogue.behind import reads
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.catalogue.rulebook import AMOUNTS, Rule
from shuzhi.kernel.expr.nodes import (
    Amount,
    Name,
)
from shuzhi.kernel.expr.rows import Env, evaluate
from shuzhi.kernel.finding import Finding, Severity
from shuzhi.kernel.measure import UNITS, say

_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING, "advice": Severity.ADVICE}


@dataclass(frozen=True, slots=True)
class Shown:
    """A number beside a fault: what it is called, what it says, and whose cell it stands in ("" none)."""

    label: str
    text: str
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that does not hold for a unit and a period; ``indicator`` is the one it was read for, "" for several."""

    rule: Rule
    unit: str
    unit_name: str
    year: int
    month: int
    indicator: Indicator | None
    severity: Severity
    numbers: tuple[Shown, ...]

    @property
    def place(self) -> str:
        """How findings name it."""
        what = self.indicator.label if self.indicator else self.rule.label
        return f"{what}·{self.unit_name}·{self.year}年{self.month}月"

    @property
    def said(self) -> str:
        """What is wrong, with the numbers."""
        told = "，".join(f"{item.label}{item.text}" for item in self.numbers)
        return f"{self.rule.says}：{told}" if told else self.rule.says

    def finding(self) -> Finding:
        """The fault as a finding."""
        return Finding(f"indicator.{self.rule.code}", self.said, self.rule.do, self.place, self.severity)

    def as_json(self) -> dict[str, object]:
        """The fault as data."""
        return {
            "rule": self.rule.code,
            "label": self.rule.label,
            "severity": str(self.severity),
            "unit": self.unit,
            "unit_name": self.unit_name,
            "year": self.year,
            "month": self.month,
            "indicator": self.indicator.code if self.indicator else "",
            "said": self.said,
            "do": self.rule.do,
            "numbers": [
                {"label": item.label, "text": item.text, "indicator": item.indicator} for item in self.numbers
            ],
        }


# --- reading the rules -------------------------------------------------------------------------------------------------


def own_faults(
    held: Held, indicator: Indicator, unit_code: str, year: int, month: int, place: str
) -> Iterator[Fault]:
    """What the rules read for one indicator find in one period; ``place`` is entry, review, closing or report."""
    numbers = Numbers(held, unit_code, year, month)
    env = Own(numbers, indicator, typing=place == "entry")
    for rule in held.catalogue.checks.values():
        if place in rule.at and reads(rule, indicator) and evaluate(rule.holds.node, env) is False:
            yield _fault(rule, env, numbers, indicator, tuple(_own_shown(rule, env)))


def joint_faults(held: Held, rule: Rule, unit_code: str, year: int, month: int) -> Iterator[Fault]:
    """What a rule over several indicators finds in one period."""
    numbers = Numbers(held, unit_code, year, month)
    if evaluate(rule.holds.node, numbers) is False:
        yield _fault(rule, numbers, numbers, None, tuple(_joint_shown(rule, numbers)))


def _fault(
    rule: Rule, env: Env, numbers: Numbers, indicator: Indicator | None, shown: tuple[Shown, ...]
) -> Fault:
    severity = _SEVERITIES[rule.severity]
    if rule.refuses is not None and evaluate(rule.refuses.node, env) is True:
        severity = Severity.ERROR
    name = numbers.held.unit_name(numbers.unit)
    return Fault(rule, numbers.unit, name, numbers.year, numbers.month, indicator, severity, shown)


_LABELS = {
    "value": "本期",
    "last_year": "上年同期",
    "target": "目标",
    "parts": "下级合计",
    "step": "本期新增",
    "earlier_step": "前期新增",
    "low": "通常不低于",
    "high": "通常不高于",
}


def _own_shown(rule: Rule, env: Own) -> Iterator[Shown]:
    official = env.numbers.held.catalogue.indicators.get(env.indicator.growth_by)
    for word in rule.words:
        value = env.name(Name((word,)))
        if word in AMOUNTS and isinstance(value, Amount):
            code = env.indicator.code if word == "value" else ""
            yield Shown(_LABELS.get(word) or env.when(word), told(value, env.indicator), code)
        elif word == "rate" and official is not None and isinstance(value, Amount):
            yield Shown(official.label, told(value, official), official.code)


def _joint_shown(rule: Rule, numbers: Numbers) -> Iterator[Shown]:
    catalogue = numbers.held.catalogue
    for word in rule.words:
        code, _, facet = word.partition(".")
        indicator, kind = catalogue.indicators.get(code), catalogue.kinds.get(code)
        value = numbers.name(Name(tuple(word.split("."))))
        if not isinstance(value, Amount):
            continue
        figure = kind.figure(facet) if kind is not None else None
        if figure is not None:
            yield Shown(figure.label, said(value, figure.unit, figure.decimals))
        elif indicator is not None and facet == "growth":
            yield Shown(f"{indicator.label}增速", said(value, "%", 1), indicator.growth_by)
        elif indicator is not None:
            yield Shown(indicator.label, told(value, indicator), indicator.code)


def told(value: Amount, indicator: Indicator) -> str:
    """A value in the indicator's unit with its usual decimals, more where the number has them."""
    shown = UNITS[indicator.unit]
    exact = value.value / Fraction(10) ** shown.power
    most = max(shown.power + shown.family.scale, indicator.decimals)
    places = next(
        (n for n in range(indicator.decimals, most + 1) if (exact * 10**n).denominator == 1),
        indicator.decimals,
    )
    return f"{say(exact, places)}{shown.name}"


def said(value: Amount, unit_name: str, decimals: int) -> str:
    """A value in a unit."""
    return f"{say(value.value / Fraction(10) ** UNITS[unit_name].power, decimals)}{unit_name}"
