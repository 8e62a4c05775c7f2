"""Matters of any kind with everything its definition requires, opened by the instance itself."""

from collections.abc import Callable
from datetime import date

from shuzhi.kernel.catalogue.definitions import Field, Kind
from shuzhi.kernel.finding import Refused
from shuzhi.matters.models import Matter
from shuzhi.matters.verbs import open_matter
from shuzhi.units.models import Unit

DAY = date(2025, 12, 1)


def sample(field: Field) -> str:
    """A value that fits a field's type, as typed."""
    if field.code.endswith("year"):
        return "2025"
    if field.type == "choice":
        return field.choices[0]
    return {
        "date": "2025-12-01",
        "moment": "2025-12-01 09:00",
        "bool": "是",
        "whole": "1",
        "quantity": "1",
    }.get(field.type, "甲")


def opened(kind: Kind, unit: Unit, title: str) -> Matter:
    """A matter of the kind with what is required filled in; what its rules of entry want besides is tried by and by."""
    tries: tuple[Callable[[Field], bool], ...] = (
        lambda field: field.required,
        lambda field: field.required or field.type == "quantity",
        lambda field: field.required or (field.type in ("text", "choice", "unit") and not field.by),
        lambda field: not field.by,
    )
    refused = Refused([])
    for wanted in tries:
        given = {field.code: sample(field) for field in kind.fields if wanted(field) and not field.of}
        given |= {code: unit.code for code in given if _type(kind, code) == "unit"}
        try:
            return open_matter(kind, unit, title=title, opened=DAY, by=None, fields=given)
        except Refused as why:
            refused = why
    raise refused


def _type(kind: Kind, code: str) -> str:
    field = kind.field(code)
    return field.type if field else ""
