"""结账与核验: the closings of the books with their digests, the end of the journal, and the check of everything kept."""

from collections.abc import Iterable
from itertools import islice

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from shuzhi.books.models import Closing
from shuzhi.books.verbs import close_books
from shuzhi.desk.seat import Seat, seated
from shuzhi.evidence.journal import head
from shuzhi.evidence.verify import verify
from shuzhi.kernel.finding import Finding

SHOWN = 50
MAY_CLOSE = ("admin", "supervise", "release", "write")
MAY_VERIFY = ("admin", "supervise", "discipline")


@require_http_methods(["GET", "POST"])
@seated
def books(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The closings, newest first; ``act`` close makes one of today's books, verify checks all that is kept."""
    act = request.POST.get("act", "")
    found: list[Finding] | None = None
    if act == "close":
        _demand(seat, MAY_CLOSE)
        made = close_books(seat.day, by=seat.posts[0].code)
        messages.success(request, f"已结账：{made.id}。")
        return redirect("desk:books")
    if act == "verify":
        _demand(seat, MAY_VERIFY)
        found = list(islice(verify(), SHOWN))
    seq, link = head()
    context = {
        "closings": Closing.objects.order_by("-entry")[:SHOWN],
        "seq": seq,
        "link": link,
        "verified": act == "verify",
        "found": found,
        "may_close": any(seat.has(duty) for duty in MAY_CLOSE),
        "may_verify": any(seat.has(duty) for duty in MAY_VERIFY),
    }
    return render(request, "desk/books.html", context)


def _demand(seat: Seat, duties: Iterable[str]) -> None:
    if not any(seat.has(duty) for duty in duties):
        raise Http404
