"""All that can be done to subjects: register one, revise it."""

from collections.abc import Mapping
from datetime import date

from shuzhi.evidence.journal import enter
from shuzhi.evidence.numbering import next_ref
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.subjects.fields import check, settle
from shuzhi.subjects.kinds import kind_named, require_shape
from shuzhi.subjects.models import Subject
from shuzhi.subjects.ownership import authorise_change, authorise_fields
from shuzhi.subjects.rights import authorise, code_of
from shuzhi.units.models import Post, Unit


def register_subject(
    kind: Kind,
    unit: Unit,
    *,
    code: str,
    name: str,
    since: date,
    by: Post | None,
    until: date | None = None,
    fields: Mapping[str, object] | None = None,
) -> Subject:
    """Register a subject under the code its register gives it.

    ``fields`` are as typed (text, numbers, dates) and are cleaned here; ``by`` None is the instance itself.
    Side effects, in order: a ref is taken (numbered by the year of ``since``); the subject is saved; one link of the
    journal. Raises Refused: no right, no code or name, code already registered, fields unfit
    or another duty's to set.
    """
    require_shape(kind, "subject")
    authorise(by, act="fill", kind=kind, unit=unit, day=since)
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise Refused(Finding("subject.unnamed", f"{kind.label}须有代码和名称", "请补填", code or name))
    if until is not None and until < since:
        raise Refused(Finding("subject.until", "终止日期不能早于起始日期", f"起始于{since}", code))
    kept = settle(kind.fields, fields or {}, place=name)
    authorise_fields(by, kind=kind, unit=unit, before={}, after=kept, place=name)
    given = {"code": code, "name": name, "unit": unit.code, "since": since, "until": until}
    check(kind, given, kept, day=since, place=name)
    with enter(f"登记{kind.label}", by=code_of(by), note=name) as entry:
        if Subject.objects.filter(kind=kind.code, code=code).exists():
            raise Refused(Finding("subject.exists", f"代码 {code} 已登记过", "如需变更，请修改原登记", code))
        subject = Subject(
            ref=next_ref("subject", since.year),
            kind=kind.code,
            code=code,
            name=name,
            unit=unit,
            since=since,
            until=until,
            fields=kept,
        )
        entry.save(subject)
    return subject


def revise_subject(
    subject: Subject,
    *,
    day: date,
    by: Post | None,
    name: str | None = None,
    unit: Unit | None = None,
    until: date | None = None,
    fields: Mapping[str, object] | None = None,
    note: str = "",
) -> Subject:
    """Change what is registered of a subject; what is not given stays.

    Side effects, in order: the subject is saved; the journal's note tells every change, old to new. When nothing
    differs, nothing happens. Raises Refused: no right (on the old and the new unit), fields unfit, changed by another
    since ``subject`` was read.
    """
    kind = kind_named(subject.kind)
    more = any(value is not None for value in (name, unit, until))
    authorise_change(by, kind=kind, unit=subject.unit, day=day, fields=fields or {}, more=more)
    if unit is not None and unit != subject.unit:
        authorise(by, act="fill", kind=kind, unit=unit, day=day)
    if until is not None and until < subject.since:
        raise Refused(
            Finding("subject.until", "终止日期不能早于起始日期", f"起始于{subject.since}", subject.ref)
        )
    kept = settle(kind.fields, fields or {}, before=subject.fields, place=subject.name)
    authorise_fields(by, kind=kind, unit=subject.unit, before=subject.fields, after=kept, place=subject.name)
    wanted: dict[str, object] = {
        "name": (name or "").strip() or subject.name,
        "unit_id": unit.code if unit else subject.unit_id,
        "until": until or subject.until,
        "fields": kept,
    }
    given = {**wanted, "code": subject.code, "unit": wanted["unit_id"], "since": subject.since}
    check(kind, given, kept, day=day, place=subject.name)
    told = [
        f"{what}：{getattr(subject, column) or '空'}→{wanted[column]}"
        for column, what in (("name", "名称"), ("unit_id", "所属单位"), ("until", "终止日期"))
        if getattr(subject, column) != wanted[column]
    ] + differences(kind, subject.fields, kept)
    if not told:
        return subject
    with enter(
        f"变更{kind.label}", by=code_of(by), note="；".join([*told, *([note] if note else [])])
    ) as entry:
        fresh = Subject.objects.select_for_update().get(ref=subject.ref)
        if any(getattr(fresh, column) != getattr(subject, column) for column in wanted):
            raise Refused(
                Finding(
                    "subject.raced", "另一人刚改过这一登记", "请刷新后查看对方所改，再决定怎么改", subject.ref
                )
            )
        for column, value in wanted.items():
            setattr(fresh, column, value)
        entry.save(fresh)
    return fresh


def differences(kind: Kind, before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """The fields that differ, each as ``标签：旧→新`` with values as kept."""
    return [
        f"{field.label}：{before.get(field.code, '空')}→{after.get(field.code, '空')}"
        for field in kind.fields
        if before.get(field.code) != after.get(field.code)
    ]
