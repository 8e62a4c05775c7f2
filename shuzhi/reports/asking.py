"""What a place asks the books: which concept, of which year, in which unit; or the reason why it cannot be asked.

The reader of drafts says roughly which time a figure speaks of. Here the year is settled from the words around the place,
because a wrong year is a false statement: what belongs to next year is a plan and never this year's result.
"""

import re
from dataclasses import dataclass

from shuzhi.figures.ask import Ask
from shuzhi.kernel.catalogue.definitions import Catalogue, Indicator
from shuzhi.kernel.expr.arithmetic import joined
from shuzhi.kernel.measure import RATIO, UNITS
from shuzhi.prose.concepts import Concept
from shuzhi.prose.model import Draft, Slot
from shuzhi.reports.concepts import CHANGE, shown_as
from shuzhi.reports.places import decimals_of

ACTUAL, PLAN, TO_DATE = "year", "plan", "to date"
POINTS = ("百分点", "个百分点")
UNANSWERABLE = {
    "multi-year": "这里问的是跨年度的数，不能用一年的数代替",
    "part of the year": "这里问的是年内一段时间的数，不能用全年的数代替",
}

_THIS, _BEFORE, _NEXT = r"今年|本年|全年|年内|当年", r"去年|上年|前年", r"明年|来年|新的一年|下一年|下年度"
_TIME = re.compile(
    rf"(?P<since>(?:自|从)?20\d\d年(?:以来|至今|起))|(?P<span>20\d\d年?\s*[—\-－～~至到]\s*20\d\d年)"
    rf"|(?P<year>20\d\d)年|(?P<this>{_THIS})|(?P<before>{_BEFORE})|(?P<next>{_NEXT})"
)
# Compared with another year, a figure is still of its own year: 比上年增长, 较2023年提高.
_AGAINST = re.compile(r"[比较与同和]$")
_NAMED = re.compile(r"《[^》]*》|“[^”]*”|〔[^〕]*〕|\([^)]*号\)")
_TOLD_MONTH = re.compile(r"截[至止]到?(?:20\d\d年)?(\d{1,2})月")
_AHEAD = re.compile(r"力争|今后|下一步|下步|打算|安排|展望|继续")


@dataclass(frozen=True, slots=True)
class Period:
    """The year a place speaks of, and how: its result, its plan, what stands to date, or a stretch nobody can answer for."""

    year: int
    time: str = ACTUAL


@dataclass(frozen=True, slots=True)
class Question:
    """The ask of a place, or (``ask`` None) the reason in Chinese why there is none; ``notice`` is for the author."""

    ask: Ask | None
    refusal: str = ""
    notice: str = ""


def period_of(draft: Draft, slot: Slot, year: int) -> Period:
    """The period a place of a report on ``year`` speaks of, by the words nearest before it in its sentence."""
    start, _ = sentence_of(draft, slot)
    said = _NAMED.sub(lambda name: "　" * len(name.group()), draft.text[start : slot.span.start])
    told = slot.meaning.time or ACTUAL
    month = _TOLD_MONTH.search(said)
    if month is not None and int(month[1]) < 12:
        return Period(year, "part of the year")
    last = _last_time(said)
    if last is None or last.lastgroup == "this":
        if told == PLAN:
            ahead = last is None and (_AHEAD.search(said) or _under_a_plan(draft, slot))
            return Period(year + 1 if ahead else year, PLAN)
        return Period(year - 1, ACTUAL) if told == "previous year" else Period(year, told)
    if last.lastgroup in ("since", "span"):
        return Period(year, "multi-year")
    found = {"before": year - 1, "next": year + 1}.get(last.lastgroup or "", 0) or int(last["year"])
    found -= last.group() == "前年"
    if told in UNANSWERABLE:
        return Period(found, told)
    if found > year or (told == PLAN and found == year):
        return Period(found, PLAN)
    return Period(found, told if found == year and told == TO_DATE else ACTUAL)


def _last_time(said: str) -> re.Match[str] | None:
    """The last word of time that is not what something is compared with."""
    found = [match for match in _TIME.finditer(said) if not _AGAINST.search(said[: match.start()])]
    return found[-1] if found else None


def sentence_of(draft: Draft, slot: Slot) -> tuple[int, str]:
    """Where the sentence of a place begins, and its words."""
    holding = [span for span in draft.sentences if span.start <= slot.span.start < span.end]
    span = holding[-1] if holding else slot.clause
    return span.start, span.of(draft.text)


def _under_a_plan(draft: Draft, slot: Slot) -> bool:
    """Whether a heading above the place speaks of what is still to be done."""
    above = [item for item in draft.outline if item.body.start <= slot.span.start < item.body.end]
    return any(
        re.search(r"安排|打算|下一?步|今后|展望|思路|计划|目标|工作$|明年|来年", item.text) for item in above
    )


def question(
    slot: Slot, concept: Concept, period: Period, catalogue: Catalogue, *, closed: int, unit: str
) -> Question:
    """What a place asks of a concept. ``closed`` is the year the books were closed in, ``unit`` whose figure it is."""
    if period.time in UNANSWERABLE:
        return Question(None, UNANSWERABLE[period.time])
    expression = _expression(concept, period, catalogue)
    if not expression:
        return Question(None, f"账上没有“{concept.label}”{period.year}年的计划数")
    if period.time != PLAN and period.year > closed:
        return Question(None, f"账结到{closed}年，没有{period.year}年的数")
    shown, refusal = _shown(slot.meaning.unit, concept, catalogue)
    if refusal:
        return Question(None, refusal)
    ask = Ask(expression, unit=unit, year=period.year, shown_in=shown, decimals=decimals_of(slot.text))
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
    yearly = indicator is None or (indicator.temporal == "cum" and not tail)
    if period.time == TO_DATE and yearly:
        return f"文中说的像是历年累计，填的是{period.year}年一年的数，请核对"
    return ""
