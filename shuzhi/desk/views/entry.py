"""填报: the indicator grid, indicators down, months across, with paste from Excel; all of a save is kept, or none of it."""

import re
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuzhi.desk.asked import unit_of, units_of, year_of
from shuzhi.desk.reporting import usually_reported
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.show import tidy
from shuzhi.evidence import instance
from shuzhi.evidence.journal import enter
from shuzhi.indicators.models import Observation
from shuzhi.indicators.queries import Cell, GridRow, entered_by, grid, newest
from shuzhi.indicators.rights import owns, reporting_post
from shuzhi.indicators.verbs import Observed, observe
from shuzhi.indicators.verified import settle
from shuzhi.kernel.catalogue.definitions import STATUSES, Indicator
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.kernel.measure import UNITS, amount, say
from shuzhi.units.models import Unit

NAME = re.compile(r"v:([a-z0-9_]+):(\d{1,2})")


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell on the screen: what stands in it, last year's value beneath, and whether it can be typed.

    ``kept`` is what the books hold, ``value`` what is shown: what was typed, as long as it was refused.
    """

    name: str
    label: str
    kept: str
    value: str
    last_year: str
    status: str
    due: bool
    bad: bool = False

    @property
    def about(self) -> str:
        """The line shown while the cell is being typed in."""
        held = (
            f"已报 {self.kept}（{self.status}）"
            if self.kept
            else f"已报缺数（{self.status}）"
            if self.status
            else "未报"
        )
        return f"{self.label}：{held}，去年同期 {self.last_year or '—'}"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the grid: the cells that differ, and those refused."""

    values: dict[tuple[str, int], str]
    was: dict[tuple[str, int], str]
    status: str
    reason: str
    refused: set[tuple[str, int]] = field(default_factory=set)


@require_http_methods(["GET", "POST"])
@seated
def entry(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The grid of what this seat reports, for a year and a unit."""
    mine = {item.code: item for item in entered_by(seat.user, instance.catalogue(), seat.day)}
    units = units_of(seat)
    unit = unit_of(request, units)
    year = year_of(request, seat)
    typed = Typed({}, {}, STATUSES[1], "")
    if request.method == "POST":
        typed = _typed(request)
        try:
            saved = _save(typed, mine, unit, year, seat)
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, str(finding))
        else:
            for finding in saved[1]:
                messages.warning(request, str(finding))
            messages.success(request, f"已保存 {saved[0]} 个数。" if saved[0] else "没有变化，未登记。")
            return redirect(f"{reverse('desk:entry')}?year={year}&unit={unit.code}")
    every = bool(request.GET.get("all"))
    shown = grid(_wanted(list(mine.values()), unit, seat, every=every), [unit], year, by=seat.posts)
    rows = [row for row in shown if row.may_enter]
    context = {
        "rows": [
            (row, [_cell(row.indicator, cell, typed) for cell in row.cells], _target(row)) for row in rows
        ],
        "every": every,
        "hidden": 0 if every else len(mine) - len(shown),
        "months": range(1, 13),
        "year": year,
        "years": range(seat.day.year, seat.day.year - 3, -1),
        "unit": unit,
        "units": units,
        "statuses": STATUSES[1:],
        "typed": typed,
    }
    return render(request, "desk/entry.html", context)


def _wanted(mine: list[Indicator], unit: Unit, seat: Seat, *, every: bool) -> list[Indicator]:
    """The indicators the unit is named for in the catalogue or has reported before; all of them where there is none."""
    usual = usually_reported([unit], seat.day)
    named = [item for item in mine if (unit.code, item.code) in usual or owns(unit, item)]
    return mine if every or not named else named


def _typed(request: HttpRequest) -> Typed:
    """The cells whose text differs from what stood in them when the page was opened."""
    values, before = {}, {}
    for name, text in request.POST.items():
        match, was = NAME.fullmatch(name), request.POST.get(f"was:{name}", "").strip()
        if match and str(text).strip() != was:
            key = match[1], int(match[2])
            values[key], before[key] = str(text).strip(), was
    return Typed(values, before, request.POST.get("status", STATUSES[1]), request.POST.get("reason", ""))


def _save(
    typed: Typed, mine: dict[str, Indicator], unit: Unit, year: int, seat: Seat
) -> tuple[int, list[Finding]]:
    """Report every changed cell, oldest month first, in one entry; raises Refused with the findings of all cells."""
    found: list[Finding] = []
    warnings: list[Finding] = []
    saved = 0
    with enter("填报指标", by=seat.posts[0].code, note=f"{unit}{year}年"):
        for code, month in sorted(typed.values):
            try:
                done = _observe(typed, (code, month), mine.get(code), unit, year, seat)
            except Refused as refused:
                typed.refused.add((code, month))
                found += refused.findings
            else:
                saved += done.new
                warnings += [item for item in done.findings if item.severity is not Severity.ERROR]
        if found:
            raise Refused(found)
        warnings += settle((code, unit, year, month) for code, month in typed.values)
    return saved, warnings


def _observe(
    typed: Typed, key: tuple[str, int], indicator: Indicator | None, unit: Unit, year: int, seat: Seat
) -> Observed:
    """Report one cell, unless somebody else has changed it since the page was opened."""
    code, month = key
    post = reporting_post(seat.user, indicator, unit, day=seat.day) if indicator else None
    if indicator is None or post is None:
        label = indicator.label if indicator else code
        raise Refused(Finding("entry.right", f"您不负责填报{unit}的{label}", "请由责任单位填报"))
    held = _shown(newest(indicator, unit, year=year, month=month), indicator)
    if held != typed.was[key]:
        told = f"{indicator.label}{year}年{month}月已由别人改为 {held or '空'}"
        raise Refused(Finding("entry.raced", told, "请重新打开本页核对后再填"))
    text = typed.values[key]
    return observe(
        indicator,
        unit,
        year=year,
        month=month,
        value=text or None,
        by=post,
        status=typed.status if text else "",
        reason=typed.reason,
    )


def _target(row: GridRow) -> str:
    return _shown(row.target, row.indicator)


def _cell(indicator: Indicator, cell: Cell, typed: Typed) -> GridCell:
    key = (indicator.code, cell.month)
    kept = _shown(cell.newest, indicator)
    return GridCell(
        name=f"v:{indicator.code}:{cell.month}",
        label=f"{indicator.label} {cell.month}月",
        kept=kept,
        value=typed.values.get(key, kept),
        last_year=_shown(cell.last_year, indicator),
        status=cell.newest.status if cell.newest else "",
        due=cell.due,
        bad=key in typed.refused,
    )


def _shown(seen: Observation | None, indicator: Indicator) -> str:
    """A reported value as a person would type it; empty when missing, which is not zero."""
    if seen is None or seen.value is None:
        return ""
    return tidy(say(amount(seen.value, UNITS[indicator.unit]), 8))
