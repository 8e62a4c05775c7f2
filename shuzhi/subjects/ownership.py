"""Whose field it is: a field that names duties of its own is set by nobody else, whoever fills in the rest.

What a deputy thinks of an answer is not for the office that gave it to write down, nor a verdict for whom it is about.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from shuzhi.kernel.catalogue.definitions import Field, Kind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.subjects.fields import spot
from shuzhi.subjects.rights import authorise, authorise_duties, duties_for, named, short
from shuzhi.units.models import Post, Unit, User
from shuzhi.units.queries import ancestors, post_may, posts_of

Row = Mapping[str, object]
Rows = Mapping[str, Sequence[Row]]


def may_set(by: Post | None, field: Field, *, kind: Kind, unit: Unit) -> bool:
    """Whether a post may set a field of an item of the unit; the instance itself may, and anybody a field of nobody's own."""
    return by is None or not field.by or post_may(by, duties=field.by, unit=unit, own=short(kind))


def locked(
    posts: Iterable[Post | None], fields: Iterable[Field], *, kind: Kind, unit: Unit | None
) -> set[str]:
    """The codes of the fields that none of the posts may set for the unit; without a unit, for any at all."""
    posts = list(posts)
    if unit is None:
        return {
            f.code for f in fields if f.by and not any(p is None or set(f.by) & set(p.duties) for p in posts)
        }
    return {f.code for f in fields if not any(may_set(post, f, kind=kind, unit=unit) for post in posts)}


def closed_to(user_posts: Sequence[Post], *, kind: Kind, unit: Unit, filling: bool) -> set[str]:
    """The codes of the fields a person may not change in an item: those of others; without the right to fill in, all but
    the person's own.
    """
    others = locked(user_posts, kind.fields, kind=kind, unit=unit)
    return others if filling else others | {field.code for field in kind.fields if not field.by}


def told(field: Field) -> str:
    """What a form says under a field that is not for whoever fills it in."""
    return f"由“{named(field.by)}”岗位填写"


def foreign(
    by: Post | None, *, kind: Kind, unit: Unit, before: Row, after: Row, place: str = ""
) -> list[Finding]:
    """What would change in fields that are not the post's to set: one finding for each, naming whose it is."""
    changed = [field for field in kind.fields if before.get(field.code) != after.get(field.code)]
    return _not_theirs(by, changed, kind=kind, unit=unit, place=place)


def authorise_fields(
    by: Post | None, *, kind: Kind, unit: Unit, before: Row, after: Row, place: str = ""
) -> None:
    """Raise Refused when something in a field that is not the post's to set would change."""
    found = foreign(by, kind=kind, unit=unit, before=before, after=after, place=place)
    if found:
        raise Refused(found)


def authorise_lines(
    by: Post | None, *, kind: Kind, unit: Unit, before: Rows, after: Rows, place: str = ""
) -> None:
    """The same of the tables of a record, column by column: a row that goes takes what stood in it with it."""
    found = []
    for table in kind.lines:
        changed = [
            field
            for field in table.fields
            if field.by and _column(before, table.code, field) != _column(after, table.code, field)
        ]
        where = f"{place}·{table.label}" if place else table.label
        found += _not_theirs(by, changed, kind=kind, unit=unit, place=where)
    if found:
        raise Refused(found)


def _column(tables: Rows, table: str, field: Field) -> list[object]:
    return [row[field.code] for row in tables.get(table, ()) if row.get(field.code) is not None]


def _not_theirs(
    by: Post | None, changed: Iterable[Field], *, kind: Kind, unit: Unit, place: str
) -> list[Finding]:
    return [
        Finding(
            "right.field",
            f"“{field.label}”只由“{named(field.by)}”岗位填写，“{by.unit.name}·{by.title}”不能填写或改动",
            f"这一格留空（或保持原样），请“{named(field.by)}”岗位填写",
            spot(place, field),
        )
        for field in changed
        if by is not None and not may_set(by, field, kind=kind, unit=unit)
    ]


def authorise_change(
    by: Post | None, *, kind: Kind, unit: Unit, day: date, fields: Collection[str], more: bool
) -> str:
    """Raise Refused unless the post may make a change: whoever fills in may; and whose own the fields are, those alone.

    ``more`` says whether anything but fields changes. Gives the act it is: ``fill``, or ``verify`` when the post could not
    have filled in anything but its own verdict.
    """
    if by is None or more or not owns(by, kind=kind, unit=unit, fields=fields):
        authorise(by, act="fill", kind=kind, unit=unit, day=day)
        return "fill"
    duties = tuple(duty for field in kind.fields if field.code in fields for duty in field.by)
    authorise_duties(by, duties=duties, what=f"填写{kind.label}", unit=unit, day=day, own=short(kind))
    filling = post_may(by, duties=duties_for(kind, "fill"), unit=unit, own=short(kind))
    return "fill" if filling else "verify"


def owns(by: Post, *, kind: Kind, unit: Unit, fields: Collection[str]) -> bool:
    """Whether every one of the fields is the post's own to set: it names duties, and the post has one of them."""
    known = {field.code: field for field in kind.fields if field.by}
    return bool(fields) and all(
        code in known and may_set(by, known[code], kind=kind, unit=unit) for code in fields
    )


def changing_post(user: User, *, kind: Kind, unit: Unit, day: date, fields: Collection[str]) -> Post | None:
    """The post by which a person may change these fields of an item of the unit, or None.

    Of several that may fill in, the nearest that may set them all, else the nearest; a post that may not fill in may still
    set fields that are its own.
    """
    if not user.is_active:
        return None
    above = ancestors(unit)
    near = sorted(
        (post for post in posts_of(user, day) if post.unit_id in above),
        key=lambda post: (above.index(post.unit_id), post.code),
    )
    duties, own = duties_for(kind, "fill"), short(kind)
    filling = [post for post in near if post_may(post, duties=duties, unit=unit, own=own)]
    wanted = [field for field in kind.fields if field.code in fields]
    whole = [p for p in filling if all(may_set(p, field, kind=kind, unit=unit) for field in wanted)]
    owning = [p for p in near if owns(p, kind=kind, unit=unit, fields=fields)]
    return next(iter([*whole, *owning, *filling]), None)
