"""签后变化: a signed edition computed again as it was signed, and what today's books say instead, figure by figure."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shuzhi.books.verbs import close_books
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.reports import edition_of
from shuzhi.reports.retold import retold_as


@require_GET
@seated
def since(request: HttpRequest, seat: Seat, key: str, no: int) -> HttpResponseBase:
    """What became of every figure of a signed edition since it was signed."""
    item = edition_of(seat, key, no)
    if item.signer is None:
        raise Http404
    closing = close_books(seat.day, by=seat.posts[0].code)
    context = {"edition": item, "key": key, "closing": closing, "retold": retold_as(item, closing)}
    return render(request, "desk/since.html", context)
