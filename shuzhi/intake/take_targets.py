"""Rows of 目标值, 目标调整 and 灯色认定: targets with their course of the year, changed by decisions, lights judged by hand."""

from datetime import date

from shuzhi.figures.judging.plan import COLOUR_NAMES, CURVES
from shuzhi.indicators.models import Adjusted, LightMark
from shuzhi.indicators.rights import duties_to_observe, reporting_post
from shuzhi.indicators.targets import (
    MARKS,
    Change,
    Decision,
    Proof,
    break_down,
    change_targets,
    mark_light,
)
from shuzhi.intake.papers import hand_in, named_papers
from shuzhi.intake.steps import CHANGED, OPENED, UNCHANGED, Reading, one_row
from shuzhi.intake.take_indicators import amount_of, indicator_of, one_value, unit_of, year_of
from shuzhi.intake.values import Unreadable
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.measure import UNITS, whole
from shuzhi.units.models import Post, Unit

_COLOURS = {name: code for code, name in COLOUR_NAMES.items()}


def take_target(reading: Reading) -> tuple[str, str]:
    """The target of a year, kept at December, and broken down to months where the row says how."""
    outcome, what = one_value(reading, "target", 12)
    said = reading.text("curve")
    how = next((code for code, label in CURVES.items() if label == said), "")
    if said and not how:
        reading.wrong(
            "curve", "intake.choice", f"没有“{said}”这种分解办法", f"可填：{'、'.join(CURVES.values())}"
        )
    if not how or reading.findings:
        return outcome, what
    indicator, unit, year = indicator_of(reading), unit_of(reading), year_of(reading)
    if indicator is not None and unit is not None and year is not None:
        with one_row(reading, "curve"):
            made = break_down(indicator, unit, year, how, by=_post(reading, indicator, unit))
            outcome = OPENED if made and outcome == UNCHANGED else outcome
    return outcome, what


def _post(reading: Reading, indicator: Indicator, unit: Unit) -> Post | None:
    actor = reading.context.actor
    own = actor.user and reporting_post(actor.user, indicator, unit, role="target", day=actor.day)
    return own or actor.post(duties_to_observe(indicator, "target"), unit)


def take_adjustment(reading: Reading) -> tuple[str, str]:
    """A target changed by a decision; the row names the document and its paper."""
    indicator, unit, year = indicator_of(reading), unit_of(reading), year_of(reading)
    cell, day = reading.row.cells.get("value"), reading.day("day")
    what = f"目标调整 {reading.text('indicator')}"
    for code in ("value", "document", "title", "day", "reason"):
        reading.needed(code)
    if indicator is None or unit is None or year is None or cell is None or reading.findings:
        return UNCHANGED, what
    month = reading.whole("month") or 12
    try:
        value = amount_of(reading, indicator, cell)
    except Unreadable as error:
        reading.wrong("value", "intake.unreadable-cell", str(error), error.hint)
        return UNCHANGED, what
    document = reading.text("document")
    if _carried_out(indicator, unit, (year, month), value, document):
        return UNCHANGED, what
    outcome = UNCHANGED
    with one_row(reading, "value"):
        _adjust(reading, year, Change(indicator, unit, month, value), day)
        outcome = CHANGED
    return outcome, what


def _carried_out(indicator: Indicator, unit: Unit, when: tuple[int, int], value: str, document: str) -> bool:
    """Whether this very change was made by this very document: a workbook loaded again."""
    try:
        kept = whole(value, UNITS[indicator.unit])
    except ValueError:
        return False
    return Adjusted.objects.filter(
        adjustment__document=document,
        observation__indicator=indicator.code,
        observation__unit=unit,
        observation__year=when[0],
        observation__month=when[1],
        observation__value=kept,
    ).exists()


def _adjust(reading: Reading, year: int, change: Change, day: date | None) -> None:
    found = named_papers(reading)
    proof = Proof(found[0][0], found[0][1], found[0][2]) if found else None
    decision = Decision(reading.text("document"), reading.text("title"), day, reading.text("reason"), proof)
    by = _post(reading, change.indicator, change.unit)
    made = change_targets(year, [change], decision, by=by, attach=False)
    if day is not None:
        hand_in(reading, made.ref, day)


def take_mark(reading: Reading) -> tuple[str, str]:
    """A light judged by hand, from a day to a day."""
    indicator, unit, year = indicator_of(reading), unit_of(reading), year_of(reading)
    since, until = reading.day("since"), reading.day("until")
    what = f"灯色认定 {reading.text('indicator')}"
    colour, reason = _COLOURS.get(reading.needed("colour"), ""), reading.needed("reason")
    if (
        indicator is None
        or unit is None
        or year is None
        or since is None
        or until is None
        or reading.findings
    ):
        return UNCHANGED, what
    same = LightMark.objects.filter(
        indicator=indicator.code, unit=unit, year=year, colour=colour, reason=reason, since=since, until=until
    )
    outcome = UNCHANGED
    if same.exists():
        return outcome, what
    with one_row(reading, "colour"):
        by = reading.context.actor.post(MARKS, unit)
        mark_light(indicator, unit, year, colour=colour, reason=reason, since=since, until=until, by=by)
        outcome = OPENED
    return outcome, what
