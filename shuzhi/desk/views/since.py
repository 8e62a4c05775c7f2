"""签后变化: a signed edition computed again as it was signed, and what today's books say instead, figure by figure."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from shuzhi.books.verbs import close_books
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.changes import tell
from shuzhi.desk.views.reports import edition_of
from shuzhi.figures.signed.archive import packed
from shuzhi.figures.signed.taken import Audience
from shuzhi.kernel.finding import Refused
from shuzhi.reports.archiving import archive_of
from shuzhi.reports.models import Edition
from shuzhi.reports.retold import retold_as


@require_GET
@seated
def since(request: HttpRequest, seat: Seat, key: str, no: int) -> HttpResponseBase:
    """What became of every figure of a signed edition since it was signed."""
    item = _signed(seat, key, no)
    closing = close_books(seat.day, by=seat.posts[0].code)
    context = {"edition": item, "key": key, "closing": closing, "retold": retold_as(item, closing)}
    return render(request, "desk/since.html", context)


@require_GET
@seated
def archive(request: HttpRequest, seat: Seat, key: str, no: int) -> HttpResponseBase:
    """The archive of a signed edition, with what anybody may see of the books it came from."""
    item = _signed(seat, key, no)
    try:
        data = packed(archive_of(item, Audience.PUBLIC))
    except Refused as refused:
        tell(request, refused)
        return redirect("desk:edition", key=key, no=no)
    response = HttpResponse(data, content_type="application/zip")
    name = f"{item.report.title}-第{no}版-档案.zip"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _signed(seat: Seat, key: str, no: int) -> Edition:
    item = edition_of(seat, key, no)
    if item.signer is None:
        raise Http404
    return item
