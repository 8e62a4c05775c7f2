"""疑误: what a finding means and how to mend it, and the draft as a Word file with everything noted beside its words."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from shuzhi.books.verbs import close_books
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.changes import tell
from shuzhi.desk.views.reports import report_of
from shuzhi.kernel.finding import Refused
from shuzhi.prose.faults import BY_ID
from shuzhi.prose.tables import table
from shuzhi.reports import verbs
from shuzhi.reports.outputs import MEDIA


@require_GET
@seated
def rule(request: HttpRequest, seat: Seat, code: str) -> HttpResponseBase:
    """The page of a rule of the office secretary: what it looks for, why, an example, and how to set it aside."""
    known = BY_ID.get(code)
    if known is None:
        raise Http404
    return render(request, "desk/rule.html", {"rule": known, "told": table("rules")[code]})


@require_GET
@seated
def commented(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """The draft as it came, in Word, with findings, doubtful claims and open places as comments."""
    item = report_of(seat, key)
    closing = close_books(seat.day, by=seat.posts[0].code)
    try:
        data = verbs.commented(item, closing, timezone.localtime())
    except Refused as refused:
        tell(request, refused)
        return redirect("desk:report", key=key)
    response = HttpResponse(data, content_type=MEDIA["docx"])
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, f"{item.title}-批注.docx") or ""
    )
    return response
