"""Who may act on an item and who may see it: the kind names the duties, the tree of units does the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from shuzhi.evidence.instance import catalogue
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.units.models import Post, Unit, User
from shuzhi.units.queries import acting_post, may, post_may, posts_of, subtree

# What a kind that names no duty for an act is taken to mean; ``see`` is left to the tree.
DUTIES = {"fill": ("fill",), "verify": ("verify",), "decide": ("lead",)}
ACTS = {"fill": "填报", "verify": "核验", "decide": "决定", "see": "查看"}
SYSTEM = "system"


def duties_for(kind: Kind, act: str) -> tuple[str, ...]:
    """The duties of which a post needs one for the act; empty for ``see`` when the tree alone decides."""
    return kind.duties.get(act, ()) or DUTIES.get(act, ())


def named(duties: Iterable[str]) -> str:
    """The duties in the office's words: ``填报、督查``."""
    known = catalogue().duties
    return "、".join(known[duty].label if duty in known else duty for duty in duties)


def code_of(by: Post | None) -> str:
    """What the journal writes for who acted: the post's code, or ``system`` for the instance itself."""
    return by.code if by else SYSTEM


def authorise(by: Post | None, *, act: str, kind: Kind, unit: Unit, day: date) -> None:
    """Raise Refused unless the post may do the act on an item of the unit; ``by`` None is the instance itself."""
    authorise_duties(by, duties=duties_for(kind, act), what=f"{ACTS[act]}{kind.label}", unit=unit, day=day)


def authorise_duties(by: Post | None, *, duties: tuple[str, ...], what: str, unit: Unit, day: date) -> None:
    """Raise Refused unless the post is alive on the day and has one of the duties in the unit or above it."""
    if by is None:
        return
    if by.until is not None and day > by.until:
        raise Refused(
            Finding("right.post-ended", f"“{by.title}”已于{by.until}撤销", "请由现任职务办理", by.code)
        )
    if not post_may(by, duties=duties, unit=unit):
        raise Refused(
            Finding(
                "right.absent",
                f"“{by.unit.name}·{by.title}”无权{what}（{unit.name}）",
                f"须由{unit.name}或其上级单位中有“{named(duties)}”职责的职务办理",
                by.code,
            )
        )


def post_for(user: User, *, act: str, kind: Kind, unit: Unit, day: date) -> Post | None:
    """The post by which a person may do the act on an item of the unit that day, or None."""
    return acting_post(user, duties=duties_for(kind, act), unit=unit, day=day)


def may_see(user: User, kind: Kind, unit: Unit, day: date) -> bool:
    """Whether a person may see an item of the kind that belongs to the unit."""
    if kind.visibility == "restricted":
        return may(user, duties=duties_for(kind, "see"), unit=unit, day=day)
    seen = visible_units(user, kind, day)
    return seen is None or unit.code in seen


def visible_units(user: User, kind: Kind, day: date) -> set[str] | None:
    """The units whose items of a kind a person may see that day; None means all of them. See :meth:`Sight.units`."""
    return Sight(user, day).units(kind)


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

        A public kind is seen by everyone who holds a post, a restricted one only by its own ``see`` duties and below their
        units (the head is not excepted: complaints against officials stay hidden from them); any other kind by the posts of
        the unit and above it.
        """
        if kind.visibility == "restricted":
            wanted = set(duties_for(kind, "see"))
            return {
                code for post in self.posts if wanted & set(post.duties) for code in self.reach[post.code]
            }
        return None if kind.visibility == "public" and self.posts else set(self.domain)
