"""All that can be asked of units and posts: who may do what, and what lies under a unit."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from shuzhi.kernel.finding import Finding, Refused
from shuzhi.units.models import Post, Unit, User


def root() -> Unit:
    """The unit this instance keeps the books of; raises Refused before it is founded."""
    found = Unit.objects.filter(parent=None).first()
    if found is None:
        raise Refused(Finding("unit.none", "账上还没有单位", "请先导入单位与职务的工作簿"))
    return found


def posts_of(user: User, day: date) -> QuerySet[Post]:
    """The posts a person holds on a day."""
    held = Q(appointments__since__lte=day) & (
        Q(appointments__until__isnull=True) | Q(appointments__until__gte=day)
    )
    alive = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))
    return Post.objects.filter(held, alive, appointments__user=user).select_related("unit").distinct()


def ancestors(unit: Unit) -> list[str]:
    """Codes from the unit itself up to the root."""
    codes, here = [], unit
    while True:
        codes.append(here.code)
        if here.parent is None:
            return codes
        here = here.parent


def subtree(unit: Unit) -> set[str]:
    """Codes of the unit and of everything under it."""
    found = {unit.code}
    layer = {unit.code}
    while layer:
        layer = set(Unit.objects.filter(parent_id__in=layer).values_list("code", flat=True)) - found
        found |= layer
    return found


def may(user: User, *, duties: Iterable[str], unit: Unit, day: date) -> bool:
    """Whether the person holds, on that day, a post with one of the duties in the unit or above it."""
    return acting_post(user, duties=duties, unit=unit, day=day) is not None


def acting_post(user: User, *, duties: Iterable[str], unit: Unit, day: date) -> Post | None:
    """The post by which a person may act on a unit: the nearest one with one of the duties, or None."""
    if not user.is_active:
        return None
    wanted = set(duties)
    able = {post.unit_id: post for post in posts_of(user, day) if wanted & set(post.duties)}
    return next((able[code] for code in ancestors(unit) if code in able), None)


def post_may(post: Post, *, duties: Iterable[str], unit: Unit) -> bool:
    """Whether a post may act on a unit by its duties and its place in the tree."""
    return bool(set(duties) & set(post.duties)) and post.unit_id in ancestors(unit)


def domain(user: User, day: date) -> set[str]:
    """Codes of every unit the person may look into: the units of the posts held, and all below them."""
    seen: set[str] = set()
    for post in posts_of(user, day):
        if post.unit_id not in seen:
            seen |= subtree(post.unit)
    return seen
