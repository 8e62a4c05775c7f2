"""The seat: who sits at the desk today, by which posts, and what the seat may look into."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from shuzhi.evidence import instance
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.subjects.rights import Sight, extent
from shuzhi.units.models import Post, Unit, User
from shuzhi.units.queries import acting_post

Rest = ParamSpec("Rest")


@dataclass(frozen=True, slots=True)
class Seat:
    """A person at the desk on a day: posts held, for each post's code the codes of the units under it, and what may be seen."""

    user: User
    day: date
    posts: tuple[Post, ...]
    reach: Mapping[str, frozenset[str]]
    sight: Sight

    @property
    def domain(self) -> frozenset[str]:
        """The codes of all units the posts look into."""
        return frozenset().union(*self.reach.values())

    def sees(self, unit_code: str) -> bool:
        """Whether the unit lies under one of the posts."""
        return any(unit_code in units for units in self.reach.values())

    def demand(self, unit_code: str) -> None:
        """404 for what the seat may not see: its existence is not told either."""
        if not self.sees(unit_code):
            raise Http404

    def post_for(self, duties: Iterable[str], unit: Unit) -> Post | None:
        """The post by which this person may act on a unit with one of the duties, or None."""
        return acting_post(self.user, duties=duties, unit=unit, day=self.day)

    def has(self, duty: str) -> bool:
        """Whether any post held carries the duty."""
        return any(duty in post.duties for post in self.posts)

    def fills(self, kind: Kind) -> frozenset[str]:
        """The codes of the units whose items of a kind this seat may fill in."""
        return self._reaches(kind, "fill")

    def opens(self, kind: Kind) -> frozenset[str]:
        """The codes of the units for which this seat may register a new item: by the act its first stage asks for."""
        return self._reaches(kind, opening_act(kind))

    def _reaches(self, kind: Kind, act: str) -> frozenset[str]:
        spans = (extent(post, act=act, kind=kind, below=self.reach[post.code]) for post in self.posts)
        return frozenset().union(*spans)

    def may_open(self, kind: Kind) -> bool:
        """Whether the ledger of a kind is there at all for this seat; guarded ones need a duty the kind names."""
        return not kind.guarded or any(self.has(duty) for duty in kind.duties.get("see", ()))


def opening_act(kind: Kind) -> str:
    """By which act an item of a kind comes into the accounts: an audit's findings are set down by the auditor."""
    return kind.stages[0].by if kind.stages else "fill"


def seat_of(user: User) -> Seat:
    """The seat of a person today; rights are read anew for every request, so a right taken away is gone at once."""
    day = instance.today()
    sight = Sight(user, day)
    return Seat(user, day, sight.posts, sight.reach, sight)


def seated(
    view: Callable[Concatenate[HttpRequest, Seat, Rest], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Guard a page: logged in, and holding a post today. The view gets the seat as its second argument."""

    @wraps(view)
    def page(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        assert isinstance(request.user, User)
        seat = seat_of(request.user)
        request.seat = seat  # type: ignore[attr-defined]  # the page head shows who sits here
        if not seat.posts:
            return render(request, "desk/no_post.html", status=403)
        return view(request, seat, *args, **kwargs)

    guarded: Callable[Concatenate[HttpRequest, Rest], HttpResponseBase] = login_required(page)  # type: ignore[assignment]
    guarded.guarded = True  # type: ignore[attr-defined]  # the house test looks for it
    return guarded
