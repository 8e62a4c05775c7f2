"""Fields settled for keeping: cleaned by the catalogue, merged over what was there, references found in the accounts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from shuzhi.evidence import instance
from shuzhi.kernel.catalogue.clean import clean_values
from shuzhi.kernel.catalogue.definitions import Field, Kind
from shuzhi.kernel.catalogue.items import Item, ItemEnv
from shuzhi.kernel.catalogue.rules import check_item
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.subjects.models import Subject
from shuzhi.units.models import Unit

Finder = Callable[[Field, str], str | None]
Plain = dict[str, object]


def find_unit(field: Field, text: str) -> str | None:
    """The code of the unit that the text names by code, or by a name no other unit bears."""
    return Unit.objects.filter(code=text).values_list("code", flat=True).first() or _only(
        list(Unit.objects.filter(name=text).values_list("code", flat=True)[:2])
    )


def find_subject(field: Field, text: str) -> str | None:
    """The ref of the subject that the text names by ref, code, or a name no other subject of the kind bears."""
    known = Subject.objects.filter(kind=field.of) if field.of else Subject.objects.all()
    for column in ("ref", "code", "name"):
        found = _only(list(known.filter(**{column: text}).values_list("ref", flat=True)[:2]))
        if found:
            return found
    return None


def _only(found: list[str]) -> str | None:
    return found[0] if len(found) == 1 else None


FINDERS: dict[str, Finder] = {"unit": find_unit, "subject": find_subject}


def settle(
    fields: Sequence[Field],
    raw: Mapping[str, object],
    *,
    before: Mapping[str, object] | None = None,
    finders: Mapping[str, Finder] | None = None,
    place: str = "",
) -> Plain:
    """The fields as they are to be kept: ``raw`` cleaned and laid over ``before``; raises Refused with every error.

    A field given empty is cleared. ``finders`` says how a reference (unit, subject, matter, record) is found by the text
    that names it; references are kept as codes and refs.
    """
    values, findings = examine(fields, raw, before=before, finders=finders, place=place)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise Refused(errors)
    return values


def examine(
    fields: Sequence[Field],
    raw: Mapping[str, object],
    *,
    before: Mapping[str, object] | None = None,
    finders: Mapping[str, Finder] | None = None,
    place: str = "",
) -> tuple[Plain, list[Finding]]:
    """As :func:`settle`, but giving back the findings (for a dry run)."""
    cleaned, findings = clean_values(fields, raw, place=place)
    values: Plain = {**(before or {}), **cleaned}
    for field in fields:
        text = cleaned.get(field.code)
        finder = (finders or FINDERS).get(field.type)
        if isinstance(text, str) and finder is not None:
            found = finder(field, text)
            if found is None:
                findings.append(_unknown(field, text, place))
            values[field.code] = found
    kept = {code: value for code, value in values.items() if value is not None}
    wanting = [field for field in fields if field.required and field.code not in kept]
    known_bad = {finding.place for finding in findings}
    for field in wanting:
        where = spot(place, field)
        if where not in known_bad:
            findings.append(Finding("field.required", f"“{field.label}”必填", field.note, where))
    return kept, findings


def check(
    kind: Kind,
    columns: Mapping[str, object],
    fields: Mapping[str, object],
    *,
    day: date,
    lines: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
    place: str = "",
) -> list[Finding]:
    """What the kind's rules of entry find wrong with an item as it is to be kept: its warnings.

    Raises Refused with every error.
    """
    item = Item(kind, columns, fields, lines=lines or {})
    found = check_item(ItemEnv(item, instance.catalogue(), instance.calendar(), day), place)
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if errors:
        raise Refused(errors)
    return found


def spot(place: str, field: Field) -> str:
    """Where a finding about a field points: the place of the item and the field's label."""
    return f"{place}·{field.label}" if place else field.label


def _unknown(field: Field, text: str, place: str) -> Finding:
    what = {"unit": "单位", "subject": "主体", "matter": "事项", "record": "记录"}.get(field.type, "对象")
    return Finding(
        "field.unknown-reference",
        f"“{field.label}”所填“{text}”，账上没有这一{what}，或重名",
        f"请先登记该{what}，或改填其代码（编号）",
        spot(place, field),
    )
