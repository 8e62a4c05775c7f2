"""What a place asks the books of a concept: the formula and the unit; or the reason why it cannot be asked."""

import re
from dataclasses import dataclass

from shuzhi.figures.ask import Ask
from shuzhi.kernel.catalogue.definitions import Catalogue, FigureKind, Indicator
from shuzhi.kernel.expr.arithmetic import joined
from shuzhi.kernel.measure import RATIO, UNITS
from shuzhi.prose.concepts import Concept
from shuzhi.prose.model import Figure, Slot
from shuzhi.reports.concepts import CHANGE, shown_as
from shuzhi.reports.periods import PLAN, TO_DATE, UNANSWERABLE, Period
from shuzhi.reports.places import decimals_of
from shuzhi.reports.restated import restatable

POINTS = ("百分点", "个百分点")


@dataclass(frozen=True, slots=True)
class Question:
    """The ask of a place, or (``ask`` None) the reason in Chinese why there is none; ``notice`` is for the author."""

    ask: Ask | None
    refusal: str = ""
    notice: str = ""


def question(
    slot: Slot | Figure, concept: Concept, period: Period, catalogue: Catalogue, *, closed: int, unit: str
) -> Question:
    """What a place asks of a concept. ``closed`` is the year the books were closed in, ``unit`` whose figure it is."""
    if period.time in UNANSWERABLE:
        return Question(None, UNANSWERABLE[period.time])
    expression = _expression(concept, period, catalogue)
    if not expression:
        return Question(None, f"账上没有“{concept.label}”{period.year}年的计划数")
    if period.time != PLAN and period.year > closed:
        return Question(None, f"账结到{closed}年，没有{period.year}年的数")
    if period.month < 12 and not restatable(expression, catalogue):
        said = f"“{concept.label}”按登记的现状数，账上只有结账那天的，答不了{period.month}月末的数"
        return Question(None, said)
    shown, refusal = _shown(slot.meaning.unit, concept, catalogue)
    if refusal:
        return Question(None, refusal)
    decimals = decimals_of(slot.text)
    ask = Ask(expression, unit=unit, year=period.year, month=period.month, shown_in=shown, decimals=decimals)
    return Question(ask, notice=_doubt(concept, period, catalogue))


def _expression(concept: Concept, period: Period, catalogue: Catalogue) -> str:
    """The formula of a concept in a period; "" when the books hold no such plan."""
    code, _, tail = concept.code.partition(".")
    indicator = catalogue.indicators.get(code)
    if period.time == PLAN:
        return _planned(indicator, tail) if indicator else ""
    if period.time == TO_DATE and indicator and not tail:
        return f"latest({concept.expr})"
    return concept.expr


def _planned(indicator: Indicator, tail: str) -> str:
    """The target of an indicator, or of its growth. A growth at constant prices is never worked out from levels."""
    if not tail:
        return f"target({indicator.code})"
    if tail != "growth":
        return ""
    if indicator.growth_by:
        return f"target({indicator.growth_by})"
    return (
        f"target({indicator.code}) / lastyear({indicator.code}) - 1"
        if indicator.growth in ("nominal", "count")
        else ""
    )


def _shown(said: str | None, concept: Concept, catalogue: Catalogue) -> tuple[str, str]:
    """The unit a value is computed in for the unit said in the draft ("" the definition's own); or why it cannot be."""
    usual = shown_as(catalogue, concept.code)
    clash = f"文中单位是“{said}”，“{concept.label}”以{usual}计，不能换算"
    if said is None or said == usual:
        return "", ""
    if (said in POINTS) != (concept.code.endswith(CHANGE)):
        return "", clash
    if (said in UNITS and UNITS[said].family == RATIO) != (usual in UNITS and UNITS[usual].family == RATIO):
        return "", clash
    if said in UNITS and usual in UNITS:
        if joined(UNITS[usual].family.name, UNITS[said].family.name) is not None:
            return said, ""
        same_scale = UNITS[said].power == UNITS[usual].power == 0
        measured = {UNITS[said].family.scale, UNITS[usual].family.scale} != {0}
        return "", "" if same_scale and not measured else clash
    # A counter the register does not know (员, 幢): the number stands as it is unless the draft counts in 万 or 亿.
    known = UNITS.get(usual)
    return "", clash if said[0] in "万亿%％" or known is None or known.family.scale or known.power else ""


def _doubt(concept: Concept, period: Period, catalogue: Catalogue) -> str:
    """What the author should look at although the place can be filled."""
    code, _, tail = concept.code.partition(".")
    indicator = catalogue.indicators.get(code)
    figure = None if indicator else catalogue.kinds[code].figure(tail)
    yearly = (
        _names(figure) & {"year", "quarter", "month"}
        if figure
        else indicator is not None and indicator.temporal == "cum" and not tail
    )
    if period.time == TO_DATE and yearly:
        return f"文中说的像是历年累计，填的是{period.year}年一年的数，请核对"
    return ""


def _names(figure: FigureKind | None) -> set[str]:
    """The words of a figure's formula."""
    return set(re.findall(r"[a-z_]+", figure.expression.source)) if figure else set()
