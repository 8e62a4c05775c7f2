"""自填: accept a name the books propose, write into a gap with its source, leave one out with a reason, take it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from shuzhi.books.verbs import close_books
from shuzhi.desk.forms import papers_in
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.changes import tell
from shuzhi.desk.views.items import sent
from shuzhi.desk.views.reports import acting, going_back, report_of
from shuzhi.evidence.models import Paper
from shuzhi.kernel.finding import Refused
from shuzhi.reports import answering, verbs
from shuzhi.reports.models import Report
from shuzhi.units.models import Post

DONE = {
    "accept": "已采用。",
    "write": "已填写。",
    "leave": "已略去。",
    "withdraw": "已撤回，这一处又是空格。",
}


@require_POST
@seated
def answer(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """Settle one place by hand, and go on to the next that waits."""
    item = report_of(seat, key)
    act = request.POST.get("act", "accept")
    if act not in DONE:
        raise Http404
    following = request.POST.get("following", "")
    try:
        _answer(request, seat, item, act, acting(seat, item.unit, "write"))
        messages.success(request, DONE[act])
    except Refused as refused:
        tell(request, refused)
        following = ""
    return going_back(request, following)


def _answer(request: HttpRequest, seat: Seat, item: Report, act: str, by: Post) -> None:
    """The verb of the act, with what was typed."""
    said = {name: request.POST.get(name, "") for name in ("start", "text", "source", "reason", "dash")}
    start = int(said["start"]) if said["start"].isdecimal() else -1
    if act == "withdraw":
        answering.withdraw(item, start=start, by=by, day=seat.day)
        return
    made = verbs.filled(item, close_books(seat.day, by=by.code))
    if act == "accept":
        answering.accept(item, made, start=start, text=said["text"], by=by, day=seat.day)
    elif act == "leave":
        answering.leave_out(
            item, made, start=start, reason=said["reason"], by=by, day=seat.day, dash=bool(said["dash"])
        )
    else:
        papers = papers_in(request, (), seat.day)
        paper = papers[0] if papers else None
        answering.write(
            item,
            made,
            start=start,
            text=said["text"],
            source=said["source"],
            by=by,
            day=seat.day,
            paper=paper,
        )


@require_GET
@seated
def paper(request: HttpRequest, seat: Seat, key: str, no: int) -> HttpResponseBase:
    """A paper that bears something written into the report; always saved, never shown inside our pages."""
    item = report_of(seat, key)
    found = Paper.objects.filter(owner=item.ref, no=no).select_related("blob").first()
    if found is None:
        raise Http404
    return sent(found)
