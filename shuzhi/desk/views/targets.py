"""目标: how every target stands against its own curve, one target with its year, the cascade, and what can be done to them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuzhi.books.queries import newest as newest_closing
from shuzhi.books.queries import open_book
from shuzhi.books.verbs import close_books
from shuzhi.desk import forms
from shuzhi.desk.asked import reading_units, unit_of, year_of
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.show import tidy
from shuzhi.desk.views.changes import tell
from shuzhi.desk.views.items import sent
from shuzhi.evidence import instance
from shuzhi.evidence.journal import enter, head
from shuzhi.evidence.queries import papers_of
from shuzhi.figures.closing import Closing
from shuzhi.figures.judging.plan import COLOUR_NAMES, CURVES
from shuzhi.figures.judging.progress import Key, Progress
from shuzhi.indicators.checks import MONTHS
from shuzhi.indicators.live import LIVE
from shuzhi.indicators.models import Adjustment, Observation
from shuzhi.indicators.planned import YEAR, Handed, decisions, handed_down, marks, targeted
from shuzhi.indicators.rights import reporting_post
from shuzhi.indicators.standing import standing
from shuzhi.indicators.targets import (
    MARKS,
    Change,
    Decision,
    Proof,
    break_down,
    change_targets,
    hand_down,
    mark_light,
)
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import UNITS, amount, say
from shuzhi.units.models import Post, Unit

CELL = re.compile(r"t:([a-z0-9_]+):([0-9A-Za-z-]+)")
MONTH = re.compile(r"m:(\d{1,2})")
_ORDER = ("red", "yellow", "grey", "green")
LEVELS = {"township": "乡镇（街道）", "department": "部门"}


@dataclass(frozen=True, slots=True)
class Line:
    """One target as the list shows it: every number as text."""

    progress: Progress
    target: str
    plan: str
    actual: str
    completion: str
    share: str
    gap: str
    light: str
    mark: str
    closed: bool


def closing_at_hand() -> Closing | None:
    """The newest closing."""
    row = newest_closing()
    return open_book(row) if row is not None else None


def _moved(closing: Closing | None) -> bool:
    """Whether the books have moved since a closing, the newest."""
    row = newest_closing() if closing is not None else None
    return row is not None and row.entry != head()[0]


@require_http_methods(["GET", "POST"])
@seated
def targets(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Every target of a unit and a year as the accounts stand now, what rests on ledgers as they were last closed; ``act``
    close closes them today.
    """
    units = reading_units(seat)
    unit = unit_of(request, units)
    year = year_of(request, seat)
    if request.method == "POST":
        made = close_books(seat.day, by=seat.posts[0].code)
        messages.success(request, f"已按今天的账结账：{made.id[:19]}……")
        return redirect(f"{reverse('desk:targets')}?unit={unit.code}&year={year}")
    colour = request.GET.get("light", "")
    found = standing(year, [unit], closing=closing_at_hand)
    lines = [line_of(item, closed=found.closed) for item in sorted(found.lines, key=_worst_first)]
    context = {
        "lines": [line for line in lines if not colour or line.progress.lit.colour == colour],
        "counts": [(code, name, _count(lines, code)) for code, name in COLOUR_NAMES.items()],
        "colour": colour,
        "closed": len(found.closed),
        "closing": found.closing,
        "moved": _moved(found.closing),
        "unit": unit,
        "units": units,
        "year": year,
        "years": range(seat.day.year, seat.day.year - 3, -1),
        "decisions": [(item, list(papers_of(item.ref))) for item in decisions(year, unit)],
    }
    return render(request, "desk/targets.html", context)


def _worst_first(item: Progress) -> tuple[int, str, str]:
    return _ORDER.index(item.lit.colour), item.indicator.owner, item.indicator.code


def _count(lines: list[Line], colour: str) -> int:
    return sum(line.progress.lit.colour == colour for line in lines)


def line_of(item: Progress, *, closed: Collection[Key] = ()) -> Line:
    """A target's numbers as the office reads them; ``closed`` are those that are told as of a closing."""

    def number(value: Fraction | None) -> str:
        return "" if value is None else tidy(say(value, max(item.indicator.decimals, 2), grouped=True))

    gap = item.lit.gap
    return Line(
        progress=item,
        target=number(item.target),
        plan=number(item.plan),
        actual=number(item.actual),
        completion="" if item.completion is None else f"{say(item.completion * 100, 1)}%",
        share="" if item.share is None else f"{say(item.share * 100, 1)}%",
        gap="" if gap is None else f"{'+' if gap > 0 else ''}{say(gap, 1)}",
        light=COLOUR_NAMES[item.lit.colour],
        mark=COLOUR_NAMES[item.mark.colour] if item.mark else "",
        closed=(item.indicator.code, item.unit) in closed,
    )


# --- one target ----------------------------------------------------------------------------------------------------------


def _one(request: HttpRequest, seat: Seat, code: str) -> tuple[Indicator, Unit, int]:
    item = instance.catalogue().indicators.get(code)
    if item is None:
        raise Http404
    units = reading_units(seat)
    wanted = request.GET.get("unit")
    unit = next((one for one in units if one.code == wanted), None if wanted else units[0])
    if unit is None:
        raise Http404
    return item, unit, year_of(request, seat)


@require_http_methods(["GET", "POST"])
@seated
def target(request: HttpRequest, seat: Seat, code: str) -> HttpResponseBase:
    """One target of a unit: its year month by month, and the acts: hand down, break down, change, mark a light."""
    item, unit, year = _one(request, seat, code)
    if request.method == "POST":
        try:
            said = _act(request, seat, item, unit, year)
        except Refused as refused:
            tell(request, refused)
        else:
            messages.success(request, said)
        return redirect(f"{reverse('desk:target', args=[code])}?unit={unit.code}&year={year}")
    found = standing(year, [unit], codes=[code], closing=closing_at_hand)
    held = LIVE.plans(year, {unit.code}, {code}).get((code, unit.code), {})
    context = {
        "item": item,
        "unit": unit,
        "year": year,
        "line": line_of(found.lines[0], closed=found.closed) if found.lines else None,
        "months": _months(item, held, found.lines[0] if found.lines else None),
        "standing": YEAR in held,
        "closing": found.closing,
        "moved": _moved(found.closing),
        "marks": [(row, COLOUR_NAMES[row.colour]) for row in marks(item, unit, year, seat.day)],
        "vintages": _vintages(item, unit, year),
        "curves": CURVES.items(),
        "colours": COLOUR_NAMES.items(),
        "papers": instance.catalogue().papers.values(),
        "may_set": _setter(seat, item, unit) is not None,
        "may_mark": seat.post_for(MARKS, unit) is not None,
        "today": seat.day.isoformat(),
    }
    return render(request, "desk/target.html", context)


def _setter(seat: Seat, item: Indicator, unit: Unit) -> Post | None:
    return reporting_post(seat.user, item, unit, role="target", day=seat.day)


def _shown(item: Indicator, value: int | None) -> str:
    return "" if value is None else tidy(say(amount(value, UNITS[item.unit]), 8))


def _months(item: Indicator, held: Mapping[int, int], found: Progress | None) -> list[dict[str, object]]:
    """The periods of the year: plan (handed down or from the profile), what was reached, gap and light."""
    base = Fraction(10) ** UNITS[item.unit].power
    steps = {step.month: step for step in found.steps} if found else {}
    lit = {light.month: light for light in found.history} if found else {}
    made = []
    for month in MONTHS[item.frequency]:
        step, light = steps.get(month), lit.get(month)
        made.append(
            {
                "month": month,
                "own": _shown(item, held.get(month)),
                "usual": "" if step is None or step.plan is None else tidy(say(step.plan / base, 2)),
                "actual": "" if step is None or step.actual is None else tidy(say(step.actual / base, 2)),
                "status": step.status if step else "",
                "lit": light,
                "light": COLOUR_NAMES[light.colour] if light else "",
                "gap": "" if light is None or light.gap is None else say(light.gap, 1),
            }
        )
    return made


def _vintages(item: Indicator, unit: Unit, year: int) -> list[tuple[Observation, str]]:
    rows = Observation.objects.filter(indicator=item.code, unit=unit, year=year, role="target", month=12)
    found = rows.select_related("by__unit", "adjusted__adjustment").order_by("vintage")
    return [(row, _shown(item, row.value)) for row in found]


def _act(request: HttpRequest, seat: Seat, item: Indicator, unit: Unit, year: int) -> str:
    act = request.POST.get("act", "")
    if act == "mark":
        mark_light(
            item,
            unit,
            year,
            colour=request.POST.get("colour", ""),
            reason=request.POST.get("reason", ""),
            since=seat.day,
            until=_day(request.POST.get("until", "")),
            by=seat.post_for(MARKS, unit) or seat.posts[0],
        )
        return "已认定灯色，与系统算出的灯并列显示。"
    post = _setter(seat, item, unit) or seat.posts[0]
    if act == "spread":
        made = break_down(item, unit, year, request.POST.get("how", ""), by=post)
        return f"已分解到 {len(made)} 个期别。" if made else "各期计划已定，没有变化。"
    typed = _typed_months(request)
    if act == "change":
        changes = [Change(item, unit, month, value) for month, value in typed.items()]
        made_by = change_targets(year, changes, _decision(request), by=post)
        return f"已按{made_by.document}调整，原数留存。"
    made = hand_down(item, unit, year, dict(typed), by=post, reason=request.POST.get("reason", ""))
    return f"已下达 {len(made)} 个期别的目标。" if made else "没有变化。"


def _typed_months(request: HttpRequest) -> dict[int, str]:
    found = {}
    for name, text in request.POST.items():
        match = MONTH.fullmatch(name)
        if match and str(text).strip():
            found[int(match[1])] = str(text).strip()
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _decision(request: HttpRequest) -> Decision:
    upload = request.FILES.get("paper-0")
    kind = request.POST.get("paper-kind", "")
    handed = forms.papers_in(request, [kind], date.min) if isinstance(upload, UploadedFile) else []
    proof = Proof(kind, handed[0].title, handed[0].data, handed[0].media_type) if handed else None
    return Decision(
        request.POST.get("document", ""),
        request.POST.get("title", ""),
        _day(request.POST.get("day", "")),
        request.POST.get("reason", ""),
        proof,
    )


@require_GET
@seated
def decision_paper(request: HttpRequest, seat: Seat, key: str, no: int) -> HttpResponseBase:
    """The paper of a decision that changed a target this seat may look up."""
    units = [unit.code for unit in reading_units(seat)]
    made = get_object_or_404(
        Adjustment.objects.filter(adjusted__observation__unit__in=units).distinct(), pk=f"adjustment/{key}"
    )
    return sent(get_object_or_404(papers_of(made.ref), no=no))


# --- the cascade ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@seated
def cascade(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """目标分解: indicators down, units across; empty cells may be filled, the sum is checked as it stands."""
    units = reading_units(seat)
    whole = unit_of(request, units)
    level = request.GET.get("level", "township")
    level = level if level in LEVELS else "township"
    year = year_of(request, seat)
    parts = _below(whole, level, seat.day)
    here = f"{reverse('desk:cascade')}?unit={whole.code}&year={year}&level={level}"
    if request.method == "POST":
        try:
            saved = _save(request, seat, parts, year)
        except Refused as refused:
            tell(request, refused)
        else:
            messages.success(request, f"已下达 {saved} 个目标。" if saved else "没有变化，未登记。")
        return redirect(here)
    catalogue = instance.catalogue()
    added = catalogue.indicators.get(request.GET.get("add", ""))
    above = set(Unit.objects.filter(parent__in=units).order_by().values_list("parent_id", flat=True))
    rows = targeted(catalogue, year, [whole])
    rows += [added] if added is not None and added not in rows else []
    context = {
        "rows": [_cascade_row(item, seat, whole, parts) for item in handed_down(rows, whole, parts, year)],
        "parts": parts,
        "whole": whole,
        "units": [unit for unit in units if unit.code in above],
        "level": level,
        "levels": LEVELS.items(),
        "year": year,
        "years": range(seat.day.year + 1, seat.day.year - 2, -1),
        "others": sorted(catalogue.indicators.values(), key=lambda item: item.label),
    }
    return render(request, "desk/cascade.html", context)


def _below(whole: Unit, level: str, day: date) -> list[Unit]:
    rows = Unit.objects.filter(parent=whole, level=level, since__lte=day).order_by("order", "code")
    return [row for row in rows if row.until is None or row.until >= day]


def _cascade_row(item: Handed, seat: Seat, whole: Unit, parts: list[Unit]) -> dict[str, object]:
    indicator = item.indicator
    able = _setter(seat, indicator, whole) is not None
    total = sum(item.parts.values()) if item.parts else None
    gap = item.gap
    return {
        "indicator": indicator,
        "whole": _shown(indicator, item.whole),
        "cells": [
            (f"t:{indicator.code}:{part.code}", part, _shown(indicator, item.parts.get(part.code)))
            for part in parts
        ],
        "able": able,
        "total": _shown(indicator, total) if gap is not None else "",
        "gap": _shown(indicator, abs(gap)) if gap else "",
        "word": "" if gap is None else "尚未分解" if gap > 0 else "超过全县" if gap < 0 else "与全县一致",
        "colour": "grey" if gap is None else "green" if gap == 0 else "yellow",
        "missing": len(parts) - len(item.parts) if item.parts else 0,
    }


def _save(request: HttpRequest, seat: Seat, parts: list[Unit], year: int) -> int:
    """Hand down every cell that was filled, in one entry; all of them or none."""
    by_code, found, saved = {part.code: part for part in parts}, [], 0
    catalogue = instance.catalogue()
    with enter("分解目标", by=seat.posts[0].code, note=f"{year}年"):
        for name, text in request.POST.items():
            match = CELL.fullmatch(name)
            if match is None or not str(text).strip():
                continue
            item, unit = catalogue.indicators.get(match[1]), by_code.get(match[2])
            post = _setter(seat, item, unit) if item is not None and unit is not None else None
            if item is None or unit is None or post is None:
                found.append(
                    Finding(
                        "target.right",
                        "您不能给这个单位下达这项目标",
                        "请由责任单位或分管领导下达",
                        str(unit),
                    )
                )
                continue
            try:
                saved += len(hand_down(item, unit, year, {12: str(text).strip()}, by=post))
            except Refused as refused:
                found += refused.findings
        if found:
            raise Refused(found)
    return saved
