"""What a reference may point at, offered by name: matters and records this person may see, subjects of every unit.

A subject (an enterprise, a reach of a river) is registered by one unit and pointed at by all; restricted ones never."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shuzhi.kernel.catalogue.definitions import Field, Kind
from shuzhi.matters.queries import list_matters
from shuzhi.records.queries import list_records
from shuzhi.subjects.kinds import kind_named
from shuzhi.subjects.models import Subject
from shuzhi.units.models import User

#: More are not offered; whoever looks for one of many types its number.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Offer:
    """One item that may be pointed at: what is typed for it, and what else tells it apart."""

    ref: str
    text: str
    about: str


def offered(kind: Kind, user: User, day: date) -> dict[str, list[Offer]]:
    """By the code of each ledger that a kind's fields point at: its items, newest first."""
    every: Iterable[Field] = (*kind.fields, *(field for table in kind.lines for field in table.fields))
    return {code: _items(code, user, day) for code in dict.fromkeys(field.of for field in every if field.of)}


def _items(code: str, user: User, day: date) -> list[Offer]:
    """The items of a ledger as they may be typed: by name where no other bears it, else by number."""
    kind = kind_named(code)
    if kind.guarded:
        return []
    if kind.shape == "subject":
        subjects = Subject.objects.filter(kind=code).select_related("unit").order_by("-ref")[:MOST]
        told = [(row.ref, row.name, row.code, row.unit.name) for row in subjects]
    elif kind.shape == "matter":
        matters = list_matters(user, kind, day, sort="-ref").rows[:MOST]
        told = [(row.ref, row.title, row.number, row.unit.name) for row in matters]
    else:
        records = list_records(user, kind, day, sort="-ref").rows[:MOST]
        told = [(row.ref, row.title, row.number, row.unit.name) for row in records]
    names = [name for _, name, _, _ in told]
    by_name = {name for name in names if names.count(name) == 1} if kind.shape == "subject" else set()
    return [
        Offer(ref, name if name in by_name else number, f"{number} {unit}" if name in by_name else name)
        for ref, name, number, unit in told
    ]


def named(typed: Mapping[str, str], kind: Kind, choices: Mapping[str, Iterable[Offer]]) -> dict[str, str]:
    """Typed values with what they point at written as it is offered, not as the key it is kept by."""
    known = {offer.ref: offer.text for offers in choices.values() for offer in offers}
    pointing = {field.code for field in kind.fields if field.of}
    return {code: known.get(value, value) if code in pointing else value for code, value in typed.items()}
