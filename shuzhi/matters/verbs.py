"""All that can be done to matters: open one, revise it, move it to another stage, hand in papers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypedDict, Unpack

from django.db.models import Model

from shuzhi.evidence.journal import Writing, enter
from shuzhi.evidence.models import Paper
from shuzhi.evidence.numbering import next_ref
from shuzhi.kernel.catalogue.definitions import Kind, Stage
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.ref import Ref
from shuzhi.matters.course import Course, begin, course_of
from shuzhi.matters.fields import MATTER_FINDERS
from shuzhi.matters.gates import Hands, refusals, second_person
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.order import first_stage
from shuzhi.matters.papers import NewPaper, attach_all
from shuzhi.matters.reading import filled
from shuzhi.matters.state import DATE_COLUMNS, TEXT_COLUMNS, State
from shuzhi.subjects.fields import check, settle
from shuzhi.subjects.kinds import kind_named, require_shape
from shuzhi.subjects.models import Subject
from shuzhi.subjects.ownership import authorise_change, authorise_fields, foreign
from shuzhi.subjects.rights import authorise, code_of
from shuzhi.units.models import Post, Unit

Raw = Mapping[str, object]


class Columns(TypedDict, total=False):
    """The columns of a matter that may be given when it is opened and changed later."""

    lead: Post | None
    subject: Subject | None
    parent: Matter | None
    due: date | None


class Renamed(Columns, total=False):
    """What a revision may change: the columns, the title, the unit that answers for it."""

    title: str
    unit: Unit


def open_matter(
    kind: Kind,
    unit: Unit,
    *,
    title: str,
    opened: date,
    by: Post | None,
    number: str = "",
    fields: Raw | None = None,
    note: str = "",
    **columns: Unpack[Columns],
) -> Matter:
    """Open a matter in the first stage of its kind.

    ``fields`` are as typed and are cleaned here; ``number`` empty takes the ref's own; ``by`` None is the instance.
    Side effects, in order: a ref is taken (by ``opened``); the matter is saved; its first movement is appended with all
    that was set; one link of the journal. Raises Refused: no right for the first stage's act, number used, fields unfit
    or another duty's to set.
    """
    require_shape(kind, "matter")
    stage = first_stage(kind)
    authorise(by, act=stage.by, kind=kind, unit=unit, day=opened)
    title, number = title.strip(), number.strip()
    if not title:
        raise Refused(Finding("matter.unnamed", f"{kind.label}须有名称", "请补填事项名称", number))
    kept = settle(kind.fields, fields or {}, finders=MATTER_FINDERS, place=title)
    authorise_fields(by, kind=kind, unit=unit, before={}, after=kept, place=title)
    _due_fits(opened, columns.get("due"), title)
    with enter(f"登记{kind.label}", by=code_of(by), note=title) as entry:
        if number and Matter.objects.filter(kind=kind.code, number=number).exists():
            raise Refused(
                Finding("matter.exists", f"序号 {number} 已登记过", "如需变更，请更新原事项", number)
            )
        ref = next_ref("matter", opened.year)
        matter = Matter(ref=ref, kind=kind.code, unit=unit)
        given = {"number": number or Ref.parse(ref).key, "title": title, "unit": unit.code, "opened": opened}
        changes = State().changes_to({**given, **_plain(columns)}, kept)
        step = Movement(matter=matter, no=1, date=opened, to_stage=stage.name, act="open", post=by, note=note)
        _append(entry, begin(entry, matter), step, changes)
    return matter


def revise_matter(
    matter: Matter,
    *,
    day: date,
    by: Post | None,
    fields: Raw | None = None,
    note: str = "",
    **columns: Unpack[Renamed],
) -> Movement | None:
    """Report progress or change what is registered, staying in the stage; what is not given stays.

    Side effects, in order: a movement is appended with what changed, old values staying in the earlier ones; the matter
    is saved; one link of the journal. With nothing changed and no note, nothing happens and None is returned.
    A post that may not fill in may still change the fields that are its own duty's. Raises Refused: no right (on the old
    and a new unit), a day before the last movement, fields unfit or another duty's to set.
    """
    kind = kind_named(matter.kind)
    act = authorise_change(by, kind=kind, unit=matter.unit, day=day, fields=fields or {}, more=bool(columns))
    if "unit" in columns:
        authorise(by, act="fill", kind=kind, unit=columns["unit"], day=day)
    with enter(f"更新{kind.label}", by=code_of(by), note=note or matter.title) as entry:
        course = course_of(entry, matter.ref)
        fresh, state, last = course.matter, course.state, course.last
        _not_before(last, day, fresh)
        kept = settle(
            kind.fields, fields or {}, before=state.fields, finders=MATTER_FINDERS, place=fresh.title
        )
        authorise_fields(by, kind=kind, unit=fresh.unit, before=state.fields, after=kept, place=fresh.title)
        _due_fits(fresh.opened, columns.get("due"), fresh.title)
        changes = state.changes_to(_plain(columns), kept)
        if not changes and not note.strip():
            return None
        changes = _reported(kind, state, changes, by, day)
        step = Movement(
            matter=fresh,
            no=last.no + 1,
            date=day,
            from_stage=state.stage,
            to_stage=state.stage,
            act="revise" if act == "fill" else act,
            post=by,
            note=note.strip(),
        )
        _append(entry, course, step, changes)
    return step


def _reported(
    kind: Kind, state: State, changes: dict[str, object], by: Post | None, day: date
) -> dict[str, object]:
    """The changes with the day of the report, where the kind keeps it: whoever of the unit reports need not type the day."""
    field = kind.taking("reported")
    told = changes.get("fields")
    fields = told if isinstance(told, dict) else {}
    if field is None or by is None or by.unit_id != state.unit or field.code in fields:
        return changes
    if state.fields.get(field.code) == day.isoformat():
        return changes
    return {**changes, "fields": {**fields, field.code: day.isoformat()}}


def move_matter(
    matter: Matter,
    to: str,
    *,
    day: date,
    by: Post | None,
    note: str = "",
    changes: Raw | None = None,
    papers: Sequence[NewPaper] = (),
    without: Mapping[str, str] | None = None,
    due: date | None = None,
) -> Movement:
    """Move a matter into another stage, filling ``changes`` (fields as typed) and handing in ``papers`` on the way.

    ``due`` sets the day it is to be done by, where the stage asks for one. ``without`` gives, by paper kind, the reason why a needed paper cannot be had: the reason is kept in the movement's
    note for everyone to see. Side effects, in order: papers are attached; a movement is appended; the matter is saved, with
    its closing day when the stage closes it; one link of the journal. Raises Refused, with every reason at once: stage
    unknown or out of order, no right, a field that is another duty's to set, the last filler may not verify, a paper lacking,
    the gate or the closing rule shut.
    """
    kind = kind_named(matter.kind)
    stage = _stage(kind, to)
    authorise(by, act=stage.by, kind=kind, unit=matter.unit, day=day)
    with enter(f"{kind.label}转入“{to}”", by=code_of(by), note=note or matter.title) as entry:
        course = course_of(entry, matter.ref)
        fresh, state, last = course.matter, course.state, course.last
        _not_before(last, day, fresh)
        _due_fits(fresh.opened, due, fresh.title)
        kept = settle(
            kind.fields, changes or {}, before=state.fields, finders=MATTER_FINDERS, place=fresh.title
        )
        excused = {name: why.strip() for name, why in (without or {}).items() if why.strip()}
        there = (paper.kind for paper in entry.papers_of(fresh.ref) if paper.day <= day)
        handed = Counter([*there, *(paper.kind for paper in papers), *excused])
        then = replace(state, due=due or state.due)
        reasons = refusals(kind, fresh.ref, then, stage, day=day, papers=handed, fields=kept)
        reasons += foreign(by, kind=kind, unit=fresh.unit, before=state.fields, after=kept, place=fresh.title)
        same = second_person(
            filled(course.steps), stage, by, day, fresh.title, hands=entry.recall("hands", Hands)
        )
        if reasons or same:
            raise Refused([*([same] if same else []), *reasons])
        over = {"closed": day} if stage.closes and state.closed is None else {}
        made = state.changes_to({"due": then.due, **over}, kept)
        attach_all(entry, fresh.ref, papers)
        told = [note.strip(), *(f"未附{name}：{why}" for name, why in sorted(excused.items()))]
        step = Movement(
            matter=fresh,
            no=last.no + 1,
            date=day,
            from_stage=state.stage,
            to_stage=to,
            act=stage.by,
            post=by,
            note="；".join(text for text in told if text),
        )
        _append(entry, course, step, made)
    return step


def attach_papers(matter: Matter, papers: Sequence[NewPaper], *, day: date, by: Post | None) -> list[Paper]:
    """Hand in papers without moving the matter.

    Side effects, in order: the papers are attached; one link of the journal. Raises Refused: no right, unknown kind.
    """
    kind = kind_named(matter.kind)
    authorise(by, act="fill", kind=kind, unit=matter.unit, day=day)
    with enter(f"提交材料（{kind.label}）", by=code_of(by), note=matter.title) as entry:
        return attach_all(entry, matter.ref, papers)


def _append(entry: Writing, course: Course, step: Movement, changes: dict[str, object]) -> None:
    """Save the matter as the fold has it, then the movement that made it so."""
    step.changes = changes
    matter, after = course.matter, course.state.after(day=step.date, stage=step.to_stage, changes=changes)
    columns = {name: getattr(after, name) for name in (*TEXT_COLUMNS, *DATE_COLUMNS, "stage")}
    check(kind_named(matter.kind), columns, after.fields, day=step.date, place=after.title)
    for column in ("number", "title", "opened", "due", "closed", "stage"):
        setattr(matter, column, getattr(after, column))
    for column in ("unit", "lead", "subject", "parent"):
        setattr(matter, f"{column}_id", getattr(after, column))
    matter.fields = dict(after.fields)
    entry.save(matter)
    entry.save(step)
    course.steps.append(step)
    course.state = after


def _plain(columns: Renamed | Columns) -> dict[str, object]:
    """Objects given for columns as the codes and refs that are kept."""
    return {name: value.pk if isinstance(value, Model) else value for name, value in columns.items()}


def _stage(kind: Kind, name: str) -> Stage:
    stage = kind.stage(name)
    if stage is None:
        stages = "、".join(item.name for item in kind.stages)
        raise Refused(Finding("matter.stage", f"{kind.label}没有“{name}”环节", f"可用：{stages}", name))
    return stage


def _not_before(last: Movement, day: date, matter: Matter) -> None:
    if day < last.date:
        raise Refused(
            Finding(
                "matter.earlier",
                f"日期{day}早于上一步的{last.date}",
                "办理过程只能依次往后登记；日期记错的，请在说明中注明",
                matter.title,
            )
        )


def _due_fits(opened: date, due: object, place: str) -> None:
    if isinstance(due, date) and due < opened:
        raise Refused(
            Finding("matter.due", "完成时限不能早于立项日期", f"立项于{opened}", f"{place}·完成时限")
        )
