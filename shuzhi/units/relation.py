"""What a closing holds of units and posts."""

from collections.abc import Iterator

from django.db.models import F

from shuzhi.figures.closing import Column, Relation
from shuzhi.figures.tree import UNIT_COLUMNS as UNIT
from shuzhi.figures.tree import Member, Tree, tree_from
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.units.models import Post, Succession, Unit, UnitName, UnitPlace

PLACE = (
    Column("unit", "text"),
    Column("parent", "text"),
    Column("since", "date"),
    Column("until", "date"),
)
NAME = (Column("unit", "text"), Column("name", "text"), Column("since", "date"))
SUCCESSION = (
    Column("unit", "text"),
    Column("into", "text"),
    Column("day", "date"),
    Column("whole", "bool"),
    Column("document", "text"),
)
POST = (
    Column("code", "text"),
    Column("unit", "text"),
    Column("title", "text"),
    Column("duties", "text"),
)


def intervals(units: list[Unit]) -> dict[str, tuple[int, int]]:
    """Preorder number of each unit and the last number below it: a unit is one interval of its descendants."""
    children: dict[str | None, list[Unit]] = {}
    for unit in units:
        children.setdefault(unit.parent_id, []).append(unit)
    spans: dict[str, tuple[int, int]] = {}
    number = 0
    stack: list[tuple[Unit, bool]] = [(unit, False) for unit in reversed(children.get(None, []))]
    while stack:
        unit, done = stack.pop()
        if done:
            spans[unit.code] = (spans[unit.code][0], number)
            continue
        number += 1
        spans[unit.code] = (number, number)
        stack.append((unit, True))
        stack.extend((child, False) for child in reversed(children.get(unit.code, [])))
    return spans


def tree() -> Tree:
    """The units as they stand now, with where they lay before: what a closing of this moment would tell."""
    units = list(Unit.objects.order_by("order", "code"))
    spans = intervals(units)
    members = [
        Member(
            unit.code, unit.name, unit.level, unit.parent_id or "", unit.since, unit.until, *spans[unit.code]
        )
        for unit in units
    ]
    places = UnitPlace.objects.order_by("unit", "since").values_list("unit_id", "parent_id", "since", "until")
    steps = Succession.objects.order_by("day", "unit", "into").values_list(
        "unit_id", "into_id", "day", "whole"
    )
    return tree_from(members, list(places), list(steps))


def relations(catalogue: Catalogue) -> Iterator[Relation]:
    """The relations ``unit`` and ``post`` (its ``duties`` by code, a space between); where boundaries or names have changed, also what they were before."""
    units = list(Unit.objects.order_by("order", "code"))
    spans = intervals(units)
    yield Relation(
        "unit",
        UNIT,
        [
            (unit.code, unit.name, unit.level, unit.parent_id, unit.since, unit.until, *spans[unit.code])
            for unit in units
        ],
    )
    yield from _past()
    posts = Post.objects.values_list("code", "unit_id", "title", "duties")
    yield Relation("post", POST, [(*row, " ".join(sorted(duties))) for *row, duties in posts])


def _past() -> Iterator[Relation]:
    """Earlier places, names and successions, so that history can be told as it was then; nothing where nothing changed."""
    places = UnitPlace.objects.order_by("unit", "since").values_list("unit_id", "parent_id", "since", "until")
    if places:
        yield Relation("unit_place", PLACE, list(places))
    renamed = UnitName.objects.exclude(since=F("unit__since")).values("unit_id")
    names = UnitName.objects.filter(unit_id__in=renamed).order_by("unit", "since")
    if names:
        yield Relation("unit_name", NAME, list(names.values_list("unit_id", "name", "since")))
    steps = Succession.objects.order_by("day", "unit", "into")
    if steps:
        rows = steps.values_list("unit_id", "into_id", "day", "whole", "document")
        yield Relation("succession", SUCCESSION, list(rows))
