"""How kept values are shown on a page: units by name, quantities in their own unit, dates, yes and no; missing is a dash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Model

from shuzhi.kernel.measure import UNITS, amount, say
from shuzhi.subjects.listing import ListColumn
from shuzhi.units.models import Post, Unit

MISSING = "—"
NUMERIC = ("whole", "quantity", "money")


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as text, and how its cell stands."""

    text: str
    css: str = ""


def unit_names() -> dict[str, str]:
    """Names of units and titles of posts by code."""
    names = dict(Unit.objects.values_list("code", "name"))
    names.update(Post.objects.values_list("code", "title"))
    return names


def cell(column: ListColumn, row: Model, names: Mapping[str, str]) -> Shown:
    """The value of a column in a row."""
    return shown(column.type, column.unit, column.value(row), names, heading=column.code)


def shown(kind: str, unit: str, value: object, names: Mapping[str, str], *, heading: str = "") -> Shown:
    """A kept value of a field type as text; ``unit`` is the unit it is shown in."""
    if value is None or value == "":
        return Shown(MISSING, "missing")
    if isinstance(value, bool):
        return Shown("是" if value else "否")
    if kind in ("unit", "post"):
        return Shown(names.get(str(value), str(value)))
    if kind == "money" and isinstance(value, int):
        return Shown(f"{tidy(say(amount(value, UNITS['万元']), 6, grouped=True))} 万元", "number")
    if kind == "quantity" and isinstance(value, int) and unit:
        return Shown(f"{tidy(say(amount(value, UNITS[unit]), 6, grouped=True))} {unit}", "number")
    if isinstance(value, int):
        grouped = heading != "year"
        return Shown(f"{value:,}{unit}" if grouped else str(value), "number")
    if isinstance(value, date):
        return Shown(value.isoformat(), "date")
    return Shown(str(value), "date" if kind == "date" else "")


def tidy(digits: str) -> str:
    """Digits without zeros that say nothing behind the point."""
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
