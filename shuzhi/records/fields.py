"""How fields that point at records are found, and how the rows of a record's tables are settled."""

from collections.abc import Mapping, Sequence

from shuzhi.kernel.catalogue.definitions import Field, Kind
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.matters.fields import MATTER_FINDERS
from shuzhi.records.models import Record
from shuzhi.subjects.fields import Finder, Plain, examine


def find_record(field: Field, text: str) -> str | None:
    """The ref of the record that the text names by ref, or by its number within the kind the field points at."""
    known = Record.objects.filter(kind=field.of) if field.of else Record.objects.all()
    for column in ("ref", "number"):
        found = list(known.filter(**{column: text}).values_list("ref", flat=True)[:2])
        if len(found) == 1:
            return found[0]
    return None


RECORD_FINDERS: dict[str, Finder] = {**MATTER_FINDERS, "record": find_record}


def settle_lines(
    kind: Kind, lines: Mapping[str, Sequence[Mapping[str, object]]], *, place: str
) -> dict[str, list[Plain]]:
    """The rows of each table as they are to be kept; raises Refused with every error, each naming table and row."""
    known = {table.code: table for table in kind.lines}
    findings: list[Finding] = []
    kept: dict[str, list[Plain]] = {}
    for code, rows in lines.items():
        table = known.get(code)
        if table is None:
            hint = f"可用：{'、'.join(known) or '无'}"
            findings.append(
                Finding("record.unknown-table", f"{kind.label}没有“{code}”这张明细表", hint, place)
            )
            continue
        kept[code] = []
        for number, row in enumerate(rows, 1):
            where = f"{place}·{table.label}第{number}行"
            values, found = examine(table.fields, row, finders=RECORD_FINDERS, place=where)
            kept[code].append(values)
            findings += found
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise Refused(errors)
    return kept
