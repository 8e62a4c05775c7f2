"""Who may act on an item and who may see it: the kind names the duties, the tree of units does the rest.

Guarded ledgers (work secrets, restricted ones) are there only for those who need to know: for the duties their kind names
to see them, and of these the filling and verifying ones reach no further than the post's own unit.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from shuzhi.evidence.instance import catalogue
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.units.models import Post, Unit, User
from shuzhi.units.queries import acting_post, may, post_may, posts_of, subtree

# What a kind that names no duty for an act is taken to mean; ``see`` is left to the tree.
DUTIES = {"fill": ("fill",), "verify": ("verify",), "decide": ("lead",)}
ACTS = {"fill": "填报", "verify": "核验", "decide": "决定", "see": "查看"}
SYSTEM = "system"
Row = TypeVar("Row", bound=Model)


def duties_for(kind: Kind, act: str) -> tuple[str, ...]:
    """The duties of which a post needs one for the act; empty for ``see`` when the tree alone decides."""
    return kind.duties.get(act, ()) or DUTIES.get(act, ())


def short(kind: Kind) -> frozenset[str]:
    """The duties that in a kind reach only the post's own unit, and not what lies below it; none unless it is guarded."""
    if not kind.guarded:
        return frozenset()
    return frozenset(code for code, duty in catalogue().duties.items() if duty.reach == "own") - set(
        kind.below
    )


def extent(post: Post, *, act: str, kind: Kind, below: Collection[str]) -> Collection[str]:
    """The units where a post may do an act on items of a kind; ``below`` are its own unit and all under it."""
    held = set(duties_for(kind, act)) & set(post.duties)
    if held - short(kind):
        return below
    return (post.unit_id,) if held else ()


def named(duties: Iterable[str]) -> str:
    """The duties in the office's words: ``填报、督查``."""
    known = catalogue().duties
    return "、".join(known[duty].label if duty in known else duty for duty in duties)


def whose(duties: Iterable[str], unit: Unit, own: Collection[str] = ()) -> str:
    """Who has to do what a post may not: ``须由县信访局中有“填报”职责的职务办理``."""
    duties = tuple(duties)
    if duties and set(duties) <= set(own):
        return f"须由{unit.name}中有“{named(duties)}”职责的职务办理"
    return f"须由{unit.name}或其上级单位中有“{named(duties)}”职责的职务办理"


def code_of(by: Post | None) -> str:
    """What the journal writes for who acted: the post's code, or ``system`` for the instance itself."""
    return by.code if by else SYSTEM


def authorise(by: Post | None, *, act: str, kind: Kind, unit: Unit, day: date) -> None:
    """Raise Refused unless the post may do the act on an item of the unit; ``by`` None is the instance itself."""
    what = f"{ACTS[act]}{kind.label}"
    authorise_duties(by, duties=duties_for(kind, act), what=what, unit=unit, day=day, own=short(kind))


def authorise_duties(
    by: Post | None,
    *,
    duties: tuple[str, ...],
    what: str,
    unit: Unit,
    day: date,
    own: Collection[str] = (),
) -> None:
    """Raise Refused unless the post is alive on the day and has one of the duties in the unit or above it.

    ``own`` are duties that reach no further than the post's own unit.
    """
    if by is None:
        return
    if by.until is not None and day > by.until:
        raise Refused(
            Finding("right.post-ended", f"“{by.title}”已于{by.until}撤销", "请由现任职务办理", by.code)
        )
    if not post_may(by, duties=duties, unit=unit, own=own):
        message = f"“{by.unit.name}·{by.title}”无权{what}（{unit.name}）"
        raise Refused(Finding("right.absent", message, whose(duties, unit, own), by.code))


def post_for(user: User, *, act: str, kind: Kind, unit: Unit, day: date) -> Post | None:
    """The post by which a person may do the act on an item of the unit that day, or None."""
    return acting_post(user, duties=duties_for(kind, act), unit=unit, day=day, own=short(kind))


def may_see(user: User, kind: Kind, unit: Unit, day: date) -> bool:
    """Whether a person may see an item of the kind that belongs to the unit."""
    if kind.guarded:
        return may(user, duties=duties_for(kind, "see"), unit=unit, day=day, own=short(kind))
    seen = visible_units(user, kind, day)
    return seen is None or unit.code in seen


def visible_units(user: User, kind: Kind, day: date) -> set[str] | None:
    """The units whose items of a kind a person may see that day; None means all of them. See :meth:`Sight.units`."""
    return Sight(user, day).units(kind)


def within_sight(
    rows: QuerySet[Row], user: User, kind: Kind, day: date, *, column: str = "unit"
) -> QuerySet[Row]:
    """Of accounts of a kind those a person may see on a day; ``column`` leads to the unit they belong to."""
    units = visible_units(user, kind, day)
    return rows if units is None else rows.filter(**{f"{column}__in": units})


@dataclass(frozen=True)
class Sight:
    """What a person may look into on a day, read once for many kinds."""

    user: User
    day: date

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """The posts held; none for who may not log in any more."""
        return tuple(posts_of(self.user, self.day)) if self.user.is_active else ()

    @cached_property
    def reach(self) -> Mapping[str, frozenset[str]]:
        """For each post's code the units under it."""
        return {post.code: frozenset(subtree(post.unit)) for post in self.posts}

    @cached_property
    def domain(self) -> frozenset[str]:
        """Every unit under any of the posts."""
        return frozenset().union(*self.reach.values())

    def units(self, kind: Kind) -> set[str] | None:
        """The units whose items of a kind the person may see; None means all of them.

        A public kind is seen by everyone who holds a post, a guarded one only by its own ``see`` duties as far as they
        reach (the head is not excepted: complaints against officials stay hidden from them); any other kind by the posts of
        the unit and above it.
        """
        if kind.guarded:
            spans = (extent(post, act="see", kind=kind, below=self.reach[post.code]) for post in self.posts)
            return {code for span in spans for code in span}
        return None if kind.visibility == "public" and self.posts else set(self.domain)

    def over(self, kinds: Iterable[Kind], *, kind: str = "kind", unit: str = "unit") -> Q:
        """What may be seen of rows of many kinds, as one condition on their kind and unit, found where these names say."""
        alike: dict[frozenset[str] | None, list[str]] = {}
        for one in kinds:
            units = self.units(one)
            alike.setdefault(None if units is None else frozenset(units), []).append(one.code)
        seen = Q(pk__in=())
        for reach, codes in alike.items():
            of = Q(**{f"{kind}__in": codes})
            seen |= of if reach is None else of & Q(**{f"{unit}__in": reach})
        return seen
