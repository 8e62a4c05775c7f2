"""不足和承诺: what a signed edition admits and promises becomes matters; 定数核对: what became of its estimates."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from shuzhi.books.verbs import close_books
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.changes import tell
from shuzhi.desk.views.reports import acting, edition_of
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.reports.models import Edition
from shuzhi.reports.pledged import confirm, pledged, strike
from shuzhi.reports.trueup import true_up
from shuzhi.units.models import Unit
from shuzhi.units.queries import subtree


@require_http_methods(["GET", "POST"])
@seated
def pledges(request: HttpRequest, seat: Seat, key: str, no: int) -> HttpResponseBase:
    """Every shortcoming and promise of an edition: confirm with owner and due day, or strike out with the reason."""
    item = edition_of(seat, key, no)
    if request.method == "POST":
        try:
            _settle(request, seat, item)
        except Refused as refused:
            tell(request, refused)
        return redirect("desk:pledges", key=key, no=no)
    found = pledged(item)
    context = {
        "edition": item,
        "key": key,
        "rows": found,
        "waiting": sum(one.statement is None for one in found),
        "units": _owners(item),
        "due": date(seat.day.year + (seat.day.month > 6), 12, 31),
        "may_write": item.signer_id is not None and seat.post_for(("write",), item.report.unit) is not None,
    }
    return render(request, "desk/pledges.html", context)


def _settle(request: HttpRequest, seat: Seat, item: Edition) -> None:
    """One sentence settled, as it was typed."""
    by = acting(seat, item.report.unit, "write")
    said = {name: request.POST.get(name, "") for name in ("start", "title", "unit", "due", "reason", "act")}
    start = int(said["start"]) if said["start"].isdecimal() else -1
    if said["act"] == "strike":
        strike(item, start=start, reason=said["reason"], by=by, day=seat.day)
        messages.success(request, "已划去。")
        return
    unit = next((unit for unit in _owners(item) if unit.code == said["unit"]), None)
    try:
        due = date.fromisoformat(said["due"])
    except ValueError:
        due = None
    if unit is None or due is None:
        raise Refused(
            Finding("pledge.owner", "没有写明责任单位或完成时限", "请选责任单位，填完成时限", said["title"])
        )
    made = confirm(item, start=start, title=said["title"], unit=unit, due=due, by=by, day=seat.day)
    messages.success(request, f"已立项：{made.matter}。")


def _owners(item: Edition) -> list[Unit]:
    """Who may answer for a matter of the report: its unit and the offices and townships under it."""
    rows = Unit.objects.filter(code__in=subtree(item.report.unit)).exclude(level="village")
    return list(rows.order_by("order", "code"))


@require_GET
@seated
def trueup(request: HttpRequest, seat: Seat, key: str, no: int) -> HttpResponseBase:
    """Every figure the edition gave as an estimate, and what became of it by today's books."""
    item = edition_of(seat, key, no)
    closing = close_books(seat.day, by=seat.posts[0].code)
    rows = true_up(item, closing)
    return render(
        request, "desk/trueup.html", {"edition": item, "key": key, "rows": rows, "closing": closing}
    )
