"""All that can be done to records: enter one with its lines, correct one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypedDict, Unpack

from shuzhi.evidence.journal import Writing, enter
from shuzhi.evidence.numbering import next_ref
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.ref import Ref
from shuzhi.matters.models import Matter
from shuzhi.matters.papers import NewPaper, attach_all, require_papers
from shuzhi.records.fields import RECORD_FINDERS, settle_lines
from shuzhi.records.models import Correction, Line, Record
from shuzhi.subjects.fields import check, settle
from shuzhi.subjects.kinds import kind_named, require_shape
from shuzhi.subjects.models import Subject
from shuzhi.subjects.ownership import authorise_change, authorise_fields, authorise_lines
from shuzhi.subjects.rights import authorise, code_of
from shuzhi.units.models import Post, Unit

Row = Mapping[str, object]
Lines = Mapping[str, Sequence[Row]]


class Links(TypedDict, total=False):
    """What a record may point at: the post it belongs to, a matter, a subject."""

    post: Post | None
    matter: Matter | None
    subject: Subject | None


def enter_record(
    kind: Kind,
    unit: Unit,
    *,
    title: str,
    day: date,
    by: Post | None,
    number: str = "",
    fields: Row | None = None,
    lines: Lines | None = None,
    papers: Sequence[NewPaper] = (),
    **links: Unpack[Links],
) -> Record:
    """Enter what happened on a day, with the rows of its tables.

    ``fields`` and the rows of ``lines`` (by the line kind's code) are as typed and are cleaned here; a line's field that
    points at a subject also makes the line count for that subject. ``number`` empty takes the ref's own.
    Side effects, in order: a ref is taken (by ``day``); the record is saved, then its lines; the papers are attached; one
    link of the journal. Raises Refused: no right, number used, fields or rows unfit (each finding names its row).
    """
    require_shape(kind, "record")
    require_papers(papers)
    authorise(by, act="fill", kind=kind, unit=unit, day=day)
    title, number = title.strip(), number.strip()
    if not title:
        raise Refused(Finding("record.unnamed", f"{kind.label}须有名称", "请补填名称", number))
    kept = settle(kind.fields, fields or {}, finders=RECORD_FINDERS, place=title)
    rows = settle_lines(kind, lines or {}, place=title)
    authorise_fields(by, kind=kind, unit=unit, before={}, after=kept, place=title)
    authorise_lines(by, kind=kind, unit=unit, before={}, after=rows, place=title)
    given = {"number": number, "title": title, "unit": unit.code, "date": day}
    check(kind, given, kept, day=day, lines=rows, place=title)
    with enter(f"登记{kind.label}", by=code_of(by), note=title) as entry:
        if number and Record.objects.filter(kind=kind.code, number=number).exists():
            raise Refused(
                Finding("record.exists", f"序号 {number} 已登记过", "如需更正，请更正原记录", number)
            )
        ref = next_ref("record", day.year)
        record = Record(
            ref=ref,
            number=number or Ref.parse(ref).key,
            kind=kind.code,
            title=title,
            unit=unit,
            date=day,
            fields=kept,
            **{"post": by, **links},
        )
        entry.save(record)
        _append(entry, kind, record, rows)
        attach_all(entry, ref, papers)
    return record


def correct_record(
    record: Record,
    *,
    day: date,
    by: Post | None,
    reason: str,
    title: str = "",
    fields: Row | None = None,
    lines: Lines | None = None,
    **links: Unpack[Links],
) -> Correction | None:
    """Correct a record; what is not given stays. Each table given in ``lines`` replaces that table's rows.

    Side effects, in order: a correction is appended with the old and the new values and the reason; rows that are no
    longer there are struck, new ones appended; the record is saved; one link of the journal. When nothing differs,
    nothing happens and None is returned. A post that may not fill in may still correct the fields that are its own duty's.
    Raises Refused: no right, no reason, fields or rows unfit or another duty's to set.
    """
    kind = kind_named(record.kind)
    more = bool(title.strip() not in ("", record.title) or lines or links)
    authorise_change(by, kind=kind, unit=record.unit, day=day, fields=fields or {}, more=more)
    if not reason.strip():
        raise Refused(Finding("record.reason", "更正须说明理由", "请写明为何更正", record.ref))
    rows = settle_lines(kind, lines or {}, place=record.title)
    with enter(f"更正{kind.label}", by=code_of(by), note=reason.strip()) as entry:
        fresh = Record.objects.select_for_update().get(ref=record.ref)
        kept = settle(
            kind.fields, fields or {}, before=fresh.fields, finders=RECORD_FINDERS, place=fresh.title
        )
        before = _told(fresh, rows)
        authorise_fields(by, kind=kind, unit=fresh.unit, before=fresh.fields, after=kept, place=fresh.title)
        there = {name: [line.fields for line in _in_force(fresh, name)] for name in rows}
        authorise_lines(by, kind=kind, unit=fresh.unit, before=there, after=rows, place=fresh.title)
        fresh.title, fresh.fields = title.strip() or fresh.title, kept
        given = {"number": fresh.number, "title": fresh.title, "unit": fresh.unit_id, "date": fresh.date}
        check(kind, given, kept, day=day, lines=rows, place=fresh.title)
        for column, value in links.items():
            setattr(fresh, column, value)
        after = {**_told(fresh, {}), **{name: list(given) for name, given in rows.items()}}
        if before == after:
            return None
        number = fresh.corrections.count() + 1
        correction = Correction(
            record=fresh,
            no=number,
            date=day,
            post=by,
            reason=reason.strip(),
            before={key: value for key, value in before.items() if after[key] != value},
            after={key: value for key, value in after.items() if before[key] != value},
        )
        entry.save(correction)
        _replace(
            entry, kind, fresh, {name: given for name, given in rows.items() if before[name] != given}, number
        )
        entry.save(fresh)
    return correction


def _told(record: Record, tables: Mapping[str, object]) -> dict[str, object]:
    """The record's columns and fields, and the rows in force of the tables named."""
    return {
        "title": record.title,
        "post": record.post_id,
        "matter": record.matter_id,
        "subject": record.subject_id,
        "fields": dict(record.fields),
        **{name: [line.fields for line in _in_force(record, name)] for name in tables},
    }


def _in_force(record: Record, name: str) -> list[Line]:
    return list(record.lines.filter(name=name, struck=None).order_by("no"))


def _replace(
    entry: Writing, kind: Kind, record: Record, rows: Mapping[str, list[dict[str, object]]], number: int
) -> None:
    """Strike the rows in force of each table given, and append the new ones under further numbers."""
    for name in rows:
        for line in _in_force(record, name):
            line.struck = number
            entry.save(line)
    _append(entry, kind, record, rows)


def _append(entry: Writing, kind: Kind, record: Record, rows: Mapping[str, list[dict[str, object]]]) -> None:
    for table in kind.lines:
        pointing = [field.code for field in table.fields if field.type == "subject"]
        last = record.lines.filter(name=table.code).count()
        entry.save_all(
            [
                Line(
                    record=record,
                    name=table.code,
                    no=last + place,
                    subject_id=next((str(values[code]) for code in pointing if code in values), None),
                    fields=values,
                )
                for place, values in enumerate(rows.get(table.code, ()), 1)
            ]
        )
