"""How kept values are shown on a page: units by name, quantities in their own unit, dates, yes and no; missing is a dash.

Personal data is masked in lists and exports; the item's own page shows it to those whose work it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import ForeignKey, Model

from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.measure import UNITS, amount, say
from shuzhi.subjects.kinds import kind_named
from shuzhi.subjects.listing import ListColumn
from shuzhi.units.models import Post, Unit

MISSING = "—"
WITHHELD = "（见事项页）"
GUARDED = "（限定查阅）"


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
    """The value of a column in a row; a reference to another row by that row's name, when it was read along.

    What only its keepers may see is not named by what points at it, to nobody: whoever may see it opens it itself.
    """
    linked = linked_row(column, row)
    if linked is not None:
        return Shown(GUARDED if _guarded(linked) else str(linked))
    return shown(column.type, column.unit, column.value(row), names, heading=column.code)


def _guarded(row: Model) -> bool:
    """Whether a row belongs to a ledger that only its keepers may see."""
    kind = getattr(row, "kind", None)
    return isinstance(kind, str) and kind_named(kind).guarded


def linked_row(column: ListColumn, row: Model) -> Model | None:
    """The row a reference points at, when it was read along; a list never asks for each row again."""
    if not column.lookup.endswith("_id") or column.type not in ("ref", "subject", "matter", "record"):
        return None
    link = row._meta.get_field(column.lookup.removesuffix("_id"))
    if not isinstance(link, ForeignKey) or not link.is_cached(row):
        return None
    found = getattr(row, link.name)
    return found if isinstance(found, Model) else None


def listed(column: ListColumn, row: Model, names: Mapping[str, str], kind: Kind) -> Shown:
    """The value of a column as a list shows it: telephone numbers and private particulars are masked there."""
    field = kind.field(column.code)
    if field is None or not field.personal:
        return cell(column, row, names)
    return Shown(masked(field.personal, column.value(row)))


def masked(personal: str, value: object) -> str:
    """Personal data as lists may show it: a telephone number without its middle, particulars not at all, names whole."""
    if value is None or value == "":
        return MISSING
    text = str(value)
    if personal == "phone":
        return f"{text[:3]}{'*' * max(0, len(text) - 7)}{text[-4:]}" if len(text) > 7 else "*" * len(text)
    return WITHHELD if personal == "text" else text


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
    if kind in ("quantity", "whole") and isinstance(value, int) and unit in UNITS:
        return Shown(f"{tidy(say(amount(value, UNITS[unit]), 6, grouped=True))} {unit}", "number")
    if isinstance(value, int):
        grouped = heading != "year"
        return Shown(f"{value:,} {unit}".strip() if grouped else str(value), "number")
    if isinstance(value, date):
        return Shown(value.isoformat(), "date")
    if kind == "moment":
        return Shown(str(value).replace("T", " "), "date")
    return Shown(str(value), "date" if kind == "date" else "")


def tidy(digits: str) -> str:
    """Digits without zeros that say nothing behind the point."""
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
