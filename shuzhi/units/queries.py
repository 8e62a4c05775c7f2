"""All that can be asked of units and posts: who may do what, what lies under a unit, which unit is meant."""

import re
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from shuzhi.kernel.finding import Finding, Refused
from shuzhi.units.models import Post, Succession, Unit, UnitName, UnitPlace, User

_AT_ONCE = 500
_INITIALS = re.compile(r"[a-z]{1,40}")


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
    layer = [unit.code]
    while layer:
        above, layer = layer, []
        for start in range(0, len(above), _AT_ONCE):  # a database takes so many codes in one question
            rows = Unit.objects.filter(parent_id__in=above[start : start + _AT_ONCE])
            layer += [code for code in rows.values_list("code", flat=True) if code not in found]
        found.update(layer)
    return found


def may(user: User, *, duties: Iterable[str], unit: Unit, day: date, own: Collection[str] = ()) -> bool:
    """Whether the person holds, on that day, a post with one of the duties in the unit or above it."""
    return acting_post(user, duties=duties, unit=unit, day=day, own=own) is not None


def acting_post(
    user: User, *, duties: Iterable[str], unit: Unit, day: date, own: Collection[str] = ()
) -> Post | None:
    """The post by which a person may act on a unit: the nearest one with one of the duties, or None.

    ``own`` are the duties that reach no further than the unit of the post itself.
    """
    if not user.is_active:
        return None
    wanted, far = set(duties), set(duties) - set(own)
    able: dict[str, Post] = {}
    for post in posts_of(user, day):
        if set(post.duties) & (wanted if post.unit_id == unit.code else far):
            able[post.unit_id] = post
    return next((able[code] for code in ancestors(unit) if code in able), None)


def post_may(post: Post, *, duties: Iterable[str], unit: Unit, own: Collection[str] = ()) -> bool:
    """Whether a post may act on a unit by its duties and its place in the tree; ``own`` reach only the post's own unit."""
    wanted = set(duties) if post.unit_id == unit.code else set(duties) - set(own)
    return bool(wanted & set(post.duties)) and post.unit_id in ancestors(unit)


def domain(user: User, day: date) -> set[str]:
    """Codes of every unit the person may look into: the units of the posts held, and all below them."""
    seen: set[str] = set()
    for post in posts_of(user, day):
        if post.unit_id not in seen:
            seen |= subtree(post.unit)
    return seen


def find(text: str, *, within: Unit | None = None, most: int = 50) -> list[Unit]:
    """The units a text may mean, the likeliest first: a code, the initials of a name in pinyin (mlx), or part of a name.

    Earlier names are found too. ``within`` keeps to one unit and what is below it by code.
    """
    text = text.strip()
    rows = Unit.objects.select_related("parent")
    if within is not None and within.parent_id is not None:
        rows = rows.filter(code__startswith=within.code)
    if not text:
        return []
    if text.isdigit():
        return list(rows.filter(code__startswith=text).order_by("code")[:most])
    if _INITIALS.fullmatch(text.lower()):
        spelt = rows.filter(spelling__initials__startswith=text.lower())
        return sorted(spelt[: most * 4], key=lambda unit: (len(unit.code), unit.code))[:most]
    named = list(rows.filter(name__startswith=text).order_by("code")[:most])
    if len(named) < most:
        named += (
            rows.filter(name__contains=text)
            .exclude(name__startswith=text)
            .order_by("code")[: most - len(named)]
        )
    if not named:
        earlier = UnitName.objects.filter(name__contains=text).values_list("unit_id", flat=True)[:most]
        named = list(rows.filter(code__in=list(earlier)))
    return sorted(named, key=lambda unit: (unit.name != text, len(unit.code), unit.code))


def path_of(unit: Unit) -> str:
    """Where a unit lies, from below the root down to it: 江苏省 › 苏州市 › 吴中区."""
    names, here = [unit.name], unit
    while here.parent is not None:
        here = here.parent
        names.append(here.name)
    return " › ".join(reversed(names[:-1] if len(names) > 1 else names))


def history(unit: Unit) -> list[tuple[date, str]]:
    """What became of a unit, day by day in order: founded, renamed, moved, merged, split, ended."""
    told = [(unit.since, "设立")]
    names = list(unit.names.order_by("since"))
    told += [(name.since, f"更名为{name.name}") for name in names if name.since > unit.since]
    places = list(UnitPlace.objects.filter(unit=unit).select_related("parent").order_by("since"))
    nexts = [*(item.parent for item in places), unit.parent][1:]
    for place, later in zip(places, nexts, strict=True):
        told.append((date.fromordinal(place.until.toordinal() + 1), f"由{place.parent}划归{later}"))
    for step in Succession.objects.filter(unit=unit).select_related("into"):
        told.append((step.day, f"{'并入' if step.whole else '分设'}{step.into}（{step.document}）"))
    for step in Succession.objects.filter(into=unit).select_related("unit"):
        told.append((step.day, f"{step.unit}{'并入' if step.whole else '一部分划入'}（{step.document}）"))
    if unit.until is not None:
        told.append((unit.until, "撤销"))
    return sorted(told, key=lambda item: item[0])
