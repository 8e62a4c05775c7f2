"""谁欠什么, the day's digest, the burden of filling in, and 无变化 for everything at once."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.changes import filler, tell
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.matters.queries import open_readings
from shuzhi.rhythm.burden import burden
from shuzhi.rhythm.digest import digest
from shuzhi.rhythm.expectations import CLOCK, EXPECT, INDICATOR, Owed, owed
from shuzhi.rhythm.verbs import report_unchanged
from shuzhi.units.models import Unit

AHEAD = 7
SHOWN = 200


@dataclass(frozen=True, slots=True)
class UnitOwes:
    """A unit and what it owes, the longest overdue first."""

    unit: Unit
    rows: list[Owed]

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(row.late > 0 for row in self.rows)

    @property
    def worst(self) -> int:
        """The most days anything is late."""
        return max((row.late for row in self.rows), default=0)


SORTS = {"": "全部", INDICATOR: "数据", EXPECT: "定期事项", CLOCK: "时限"}


@require_GET
@seated
def owing(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Who owes what, and for how many days; of the units below this seat."""
    sort, code = request.GET.get("sort", ""), request.GET.get("unit", "")
    units = {code} if code in seat.domain else set(seat.domain)
    found = owed(seat.day, user=seat.user, units=units, ahead=AHEAD)
    found = [row for row in found if (not sort or row.source == sort) and not row.new]
    groups: dict[str, list[Owed]] = {}
    for row in found:
        groups.setdefault(row.unit.code, []).append(row)
    told = [UnitOwes(rows[0].unit, rows) for rows in groups.values()]
    told.sort(key=lambda one: (-one.late, -one.worst, one.unit.order, one.unit.code))
    context = {
        "groups": told,
        "total": len(found),
        "late": sum(row.late > 0 for row in found),
        "sorts": SORTS.items(),
        "sort": sort,
        "one": told[0].unit if code and told else None,
        "code": code if code in seat.domain else "",
        "ahead": AHEAD,
    }
    return render(request, "desk/owed.html", context)


@require_GET
@seated
def told(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """What this person is told today, as it is sent."""
    return render(request, "desk/digest.html", {"digest": digest(seat.user, seat.day), "seat": seat})


@require_GET
@seated
def meter(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """What filling in costs the units below this seat."""
    found = [one for one in burden(seat.day) if one.unit.code in seat.domain]
    cells, typed = sum(one.cells for one in found), sum(one.typed for one in found)
    code = request.GET.get("unit", "")
    chosen = next((one for one in found if one.unit.code == code), found[0] if len(found) == 1 else None)
    context = {
        "found": found,
        "cells": cells,
        "typed": typed,
        "share": (cells - typed) * 100 // cells if cells else None,
        "chosen": chosen,
        "minutes": found[0].minutes_a_cell if found else None,
    }
    return render(request, "desk/burden.html", context)


@require_POST
@seated
def unchanged_all(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Report of every matter ticked (and of the rest, where asked) that nothing has changed: one act."""
    from shuzhi.desk.views.today import in_hand

    asked, rest = set(request.POST.getlist("ref")), request.POST.get("rest") == "1"
    listed = set(request.POST.getlist("listed"))
    open_ = [item for item in in_hand(seat, open_readings(seat.sight)) if item.last < seat.day]
    wanted = [item for item in open_ if item.matter.ref in asked or (rest and item.matter.ref not in listed)]
    try:
        if not wanted:
            raise Refused(Finding("desk.none", "没有勾选要报告的事项", "勾选后再按“一并报告无变化”"))
        pairs = [(item.matter, filler(seat, item.kind, item.matter.unit)) for item in wanted]
        count = report_unchanged(pairs, day=seat.day, by=pairs[0][1])
    except Refused as refused:
        tell(request, refused)
    else:
        messages.success(request, f"已一并报告 {count} 件无变化。")
    return redirect("desk:today")
