"""单位和区划: find a unit by name, code or initials; where it lies, what lies below it, what became of it, who sits there."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shuzhi.desk.seat import Seat, seated
from shuzhi.units.models import Appointment, Post, Unit
from shuzhi.units.queries import find, history, path_of, root

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Seated:
    """A post of the unit and who holds it on the day."""

    post: Post
    holders: list[Appointment]


@require_GET
@seated
def units(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The tree from its root, or what was found for ``q``."""
    said = request.GET.get("q", "").strip()
    if not said:
        return unit(request, code=root().code)
    found = [(item, path_of(item)) for item in find(said)]
    return render(request, "desk/units.html", {"seat": seat, "said": said, "found": found})


@require_GET
@seated
def unit(request: HttpRequest, seat: Seat, code: str) -> HttpResponseBase:
    """One unit: everybody who has a seat may see where it stands; what it keeps is guarded by its ledgers."""
    here = Unit.objects.select_related("parent").filter(code=code).first()
    if here is None:
        raise Http404
    below = here.children.order_by("until", "order", "code")
    context = {
        "seat": seat,
        "unit": here,
        "above": _above(here),
        "below": below[:SHOWN],
        "below_all": below.count(),
        "history": history(here),
        "posts": [Seated(post, _holders(post, seat.day)) for post in here.posts.filter(until=None)],
    }
    return render(request, "desk/unit.html", context)


def _above(unit: Unit) -> list[Unit]:
    found, here = [], unit
    while here.parent is not None:
        here = here.parent
        found.append(here)
    return found[::-1]


def _holders(post: Post, day: date) -> list[Appointment]:
    held = post.appointments.filter(since__lte=day).select_related("user")
    return [item for item in held if item.until is None or item.until >= day]
