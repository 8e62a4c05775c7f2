"""Rows of the ledgers: subjects, matters and their movements, records and their lines."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from shuzhi.intake.papers import hand_in
from shuzhi.intake.steps import CHANGED, OPENED, UNCHANGED, Reading, nearest
from shuzhi.intake.values import Unreadable
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.finding import Finding, Severity
from shuzhi.matters.course import course_of
from shuzhi.matters.fields import MATTER_FINDERS
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.order import first_stage
from shuzhi.matters.state import fold
from shuzhi.matters.verbs import Columns, move_matter, open_matter, revise_matter
from shuzhi.records.models import Record
from shuzhi.records.verbs import Links, correct_record, enter_record
from shuzhi.subjects.fields import settle
from shuzhi.subjects.models import Subject
from shuzhi.subjects.verbs import register_subject, revise_subject
from shuzhi.units.models import Post, Unit

REASON = "按重新报来的工作簿更正"


def kind_of(reading: Reading) -> Kind:
    """The kind of a ledger's sheet."""
    kind = reading.sheet.form.kind
    assert kind is not None, reading.sheet.form.code
    return kind


def acting(reading: Reading, kind: Kind, act: str, unit: Unit) -> Post | None:
    """By which post the row acts: the importer's own; an instance loading its books acts by the post the row names."""
    if reading.context.actor.user is not None:
        return reading.context.actor.post_for(kind, act, unit)
    return reading.post("post") if reading.sheet.form.column("post") is not None else None


def changing(reading: Reading, kind: Kind, unit: Unit, fields: Collection[str]) -> Post | None:
    """By which post the row changes fields and nothing else: also one that may not fill in, when the fields are its own."""
    if reading.context.actor.user is not None:
        return reading.context.actor.changing(kind, unit, fields)
    return acting(reading, kind, "fill", unit)


def find_subject(reading: Reading, code: str = "subject") -> Subject | None:
    """The subject a cell names by ref, code or name; an error at the cell when none or several."""
    said = reading.text(code)
    if not said:
        return None
    if said in reading.context.subjects:
        return reading.context.subjects[said]
    known = reading.context.seen(Subject.objects.all())
    for column in ("ref", "code", "name"):
        found = list(known.filter(**{column: said})[:2])
        if len(found) == 1:
            reading.context.subjects[said] = found[0]
            return found[0]
        if found:
            reading.wrong(code, "intake.ambiguous", f"叫“{said}”的主体不止一个", "请改填编码")
            return None
    names = dict.fromkeys(known.values_list("name", flat=True))
    reading.wrong(code, "intake.subject", f"账上没有“{said}”这个主体", nearest(said, names))
    return None


def find_matter(reading: Reading, code: str, kind: Kind | None = None) -> Matter | None:
    """The matter a cell names by ref or number; an error at the cell when none or several."""
    said = reading.text(code)
    if not said:
        return None
    if kind is not None:
        refs = [ref] if (ref := reading.numbered(Matter, kind, code)) else []
    else:
        known = reading.context.seen(Matter.objects.all())
        refs = [*known.filter(number=said)[:2].values_list("ref", flat=True)]
        refs = refs or [*known.filter(ref=said).values_list("ref", flat=True)]
    if len(refs) == 1:
        found = course_of(reading.context.entry, refs[0]).matter
        found.unit = reading.context.unit(found.unit_id)
        return found
    if refs:
        reading.wrong(code, "intake.ambiguous", f"编号“{said}”在几个台账里都有", "请填“台账”一列")
        return None
    rows = Matter.objects.filter(kind=kind.code) if kind is not None else Matter.objects.all()
    numbers = dict.fromkeys(reading.context.seen(rows).values_list("number", flat=True))
    reading.wrong(code, "intake.matter", f"账上没有编号“{said}”的事项", nearest(said, numbers))
    return None


def _stop(reading: Reading, *values: object) -> bool:
    """Whether the row cannot be taken: something unreadable, or something required empty (told once)."""
    if not reading.findings and any(value is None or value == "" for value in values):
        for column in reading.sheet.form.columns:
            if column.required and column.source == "column" and column.code != "number":
                reading.needed(column.code)
    return bool(reading.findings)


# ------------------------------------------------------------------------------------------------- subjects
def take_subject(reading: Reading) -> tuple[str, str]:
    """Register a subject, or revise what the row says otherwise; what is registered and left empty stays."""
    kind, unit = kind_of(reading), reading.unit()
    code, name = reading.needed("code"), reading.needed("name")
    since, until, fields = reading.day("since"), reading.day("until"), reading.fields()
    what = f"{kind.label} {name}"
    if _stop(reading, unit) or unit is None:
        return UNCHANGED, what
    found = reading.context.seen(Subject.objects.filter(kind=kind.code, code=code)).first()
    reading.context.subjects.clear()  # names may mean something else after this row
    if found is None:
        if since is None:
            reading.wrong("since", "intake.empty", "新登记的须填“起始日期”", "请补填")
            return UNCHANGED, what
        by = acting(reading, kind, "fill", unit)
        made = register_subject(
            kind, unit, code=code, name=name, since=since, until=until, by=by, fields=fields
        )
        hand_in(reading, made.ref, since)
        return OPENED, what
    day = reading.context.actor.day
    acts = len(reading.context.entry.acts)
    by = acting(reading, kind, "fill", unit)
    revise_subject(found, day=day, by=by, name=name, unit=unit, until=until, fields=fields)
    papers = hand_in(reading, found.ref, found.since)
    return (CHANGED if papers or len(reading.context.entry.acts) > acts else UNCHANGED), what


# -------------------------------------------------------------------------------------------------- matters
def take_matter(reading: Reading) -> tuple[str, str]:
    """Open a matter, or revise what the row says that the matter has never said before."""
    kind, unit = kind_of(reading), reading.unit()
    number, title, opened = reading.text("number"), reading.needed("title"), reading.day("opened")
    fields, columns = reading.fields(), _columns(reading)
    what = f"{kind.label} {number} {title}"
    if _stop(reading, unit, opened) or unit is None or opened is None:
        return UNCHANGED, what
    matter = _known_matter(reading, kind, unit, number, title, opened)
    if matter is None:
        by = acting(reading, kind, first_stage(kind).by, unit)
        matter = open_matter(
            kind, unit, title=title, opened=opened, by=by, number=number, fields=fields, **columns
        )
        hand_in(reading, matter.ref, opened)
        reading.context.numbers(Matter, kind).remember(matter.number, matter.ref)
        reading.context.later.append(lambda: _compare_told(reading, matter.ref))
        return OPENED, what
    reading.context.later.append(lambda: _compare_told(reading, matter.ref))
    if matter.opened != opened:
        reading.wrong(
            "opened", "intake.opened", f"账上的立项日期是{matter.opened}", "立项日期定了不改，请核对编号"
        )
        return UNCHANGED, what
    made = _revise(reading, matter, unit, title, fields, columns)
    papers = hand_in(reading, matter.ref, opened)
    return (CHANGED if made or papers else UNCHANGED), what


def _known_matter(
    reading: Reading, kind: Kind, unit: Unit, number: str, title: str, opened: date
) -> Matter | None:
    if number:
        ref = reading.numbered(Matter, kind, "number")
    else:
        known = reading.context.seen(Matter.objects.filter(kind=kind.code))
        same = known.filter(unit=unit, title=title, opened=opened)
        ref = same.values_list("ref", flat=True).first()
    return course_of(reading.context.entry, ref).matter if ref else None


def _columns(reading: Reading) -> Columns:
    """The columns the row fills; an empty cell leaves what is there."""
    columns: Columns = {}
    lead, due = reading.post("lead"), reading.day("due")
    subject, parent = find_subject(reading), find_matter(reading, "parent")
    if lead is not None:
        columns["lead"] = lead
    if due is not None:
        columns["due"] = due
    if subject is not None:
        columns["subject"] = subject
    if parent is not None:
        columns["parent"] = parent
    return columns


def _revise(
    reading: Reading, matter: Matter, unit: Unit, title: str, fields: Mapping[str, object], columns: Columns
) -> bool:
    """Revise a matter by what is new in the row. A value the matter had before and has no longer is the sheet's old
    state, not news: loading the same ledger again after its movements must change nothing.
    """
    kind = kind_of(reading)
    settled = settle(kind.fields, fields, before=matter.fields, finders=MATTER_FINDERS, place=title)
    past = course_of(reading.context.entry, matter.ref).steps
    news: dict[str, object] = {}
    for code in fields:
        if settled.get(code) == matter.fields.get(code):
            continue
        if any(_said(step, code) == settled.get(code) for step in past):
            message = f"账上已更新，本表是从前的值“{reading.text(code)}”，没有改回"
            place = reading.row.place(code)
            reading.findings.append(
                Finding("intake.older", message, "确要改回的，请在系统中更新", place, Severity.ADVICE)
            )
        else:
            news[code] = fields[code]
    wanted = {"title": title, "unit": unit.code, "due": columns.get("due"), "lead": columns.get("lead")}
    changed: dict[str, object] = {}
    if title != matter.title and not any(step.changes.get("title") == wanted["title"] for step in past):
        changed["title"] = title
    if unit.code != matter.unit_id and not any(step.changes.get("unit") == unit.code for step in past):
        changed["unit"] = unit
    for name, value in columns.items():
        key = getattr(value, "code", None) or getattr(value, "ref", None) or str(value)
        now = getattr(matter, f"{name}_id", None) or getattr(matter, name)
        if key != str(now) and not any(str(step.changes.get(name)) == key for step in past):
            changed[name] = value
    if not news and not changed:
        return False
    day = max(reading.context.actor.day, past[-1].date)
    alone = news if not changed else {}
    by = changing(reading, kind, matter.unit, alone)
    return revise_matter(matter, day=day, by=by, fields=news, note="", **changed) is not None  # type: ignore[arg-type]


def _said(step: Movement, code: str) -> object:
    fields = step.changes.get("fields")
    return fields.get(code) if isinstance(fields, dict) else None


def _compare_told(reading: Reading, ref: str) -> None:
    """Columns only the accounts can tell: a sheet that says otherwise is told so, and changes nothing."""
    matter = course_of(reading.context.entry, ref).matter
    said = reading.text("stage")
    if said and said != matter.stage:
        message = f"本表写的环节是“{said}”，账上是“{matter.stage}”"
        hint = "环节由“办理过程”推进：请在该表补填日期和环节"
        finding = Finding("intake.stage", message, hint, reading.row.place("stage"), Severity.WARNING)
        reading.context.findings.append(finding)


# ------------------------------------------------------------------------------------------------ movements
def take_move(reading: Reading) -> tuple[str, str]:
    """Move a matter to a stage, or report progress (no stage); a step already taken is left alone."""
    kind = reading.sheet.form.kind or _kind_said(reading)
    number, day = reading.needed("number"), reading.day("date")
    matter = find_matter(reading, "number", kind)
    fields, stage = reading.fields(), reading.text("stage")
    what = f"办理过程 {number} {stage or '进展'}"
    if _stop(reading, matter, day) or matter is None or day is None:
        return UNCHANGED, what
    kind = reading.context.catalogue.kinds[matter.kind]
    past = course_of(reading.context.entry, matter.ref).steps
    papers = hand_in(reading, matter.ref, day)
    if not stage:
        if _reported(kind, past, fields, day):
            return (CHANGED if papers else UNCHANGED), what
        by = changing(reading, kind, matter.unit, fields)
        made = revise_matter(matter, day=day, by=by, fields=fields, note=reading.text("note"))
        return (OPENED if made is not None else UNCHANGED), what
    if any(step.date == day and step.to_stage == stage for step in past):
        return (CHANGED if papers else UNCHANGED), what
    reading.focus = "stage"
    definition = kind.stage(stage)
    by = acting(reading, kind, definition.by if definition is not None else "fill", matter.unit)
    move_matter(matter, stage, day=day, by=by, note=reading.text("note"), changes=fields)
    return OPENED, what


def _kind_said(reading: Reading) -> Kind | None:
    said = reading.text("kind")
    if not said:
        return None
    known = {item.label: item for item in reading.context.catalogue.of_shape("matter")}
    if said not in known:
        raise_unknown = Unreadable(f"没有“{said}”这个台账", nearest(said, known))
        reading.wrong("kind", "intake.kind", str(raise_unknown), raise_unknown.hint)
    return known.get(said)


def _reported(kind: Kind, past: Sequence[Movement], fields: Mapping[str, object], day: date) -> bool:
    """Whether the accounts already stood, on that day, as the row says: then the row is no news."""
    upto = [step for step in past if step.date <= day]
    same_day = sum(step.date == day for step in upto)
    for length in range(max(1, len(upto) - same_day), len(upto) + 1):
        state = fold(upto[:length])
        if settle(kind.fields, fields, before=state.fields, finders=MATTER_FINDERS) == dict(state.fields):
            return True
    return False


# -------------------------------------------------------------------------------------------------- records
def take_record(reading: Reading, lines: Mapping[str, Sequence[Reading]]) -> tuple[str, str]:
    """Enter a record with the rows of its tables that stand in the same workbook, or correct it."""
    kind, unit = kind_of(reading), reading.unit()
    number, title, day = reading.text("number"), reading.needed("title"), reading.day("date")
    fields, links = reading.fields(), _links(reading)
    tables = {name: [row.fields() for row in rows] for name, rows in lines.items()}
    broken = any(row.findings for rows in lines.values() for row in rows)
    what = f"{kind.label} {number} {title}"
    if _stop(reading, unit, day) or unit is None or day is None or broken:
        return UNCHANGED, what
    found = _known_record(reading, kind, unit, number, title, day)
    if found is None:
        by = acting(reading, kind, "fill", unit)
        made = enter_record(
            kind, unit, title=title, day=day, by=by, number=number, fields=fields, lines=tables, **links
        )
        hand_in(reading, made.ref, day)
        reading.context.numbers(Record, kind).remember(made.number, made.ref)
        return OPENED, what
    if (found.date, found.unit_id) != (day, unit.code):
        reading.wrong(
            "number",
            "intake.record-differs",
            f"编号已登记为{found.date}、{found.unit}的记录",
            "请核对编号；另一次请另编号",
        )
        return UNCHANGED, what
    by = acting(reading, kind, "fill", unit)
    today = max(reading.context.actor.day, day)
    made_correction = correct_record(
        found, day=today, by=by, reason=REASON, title=title, fields=fields, lines=tables, **links
    )
    papers = hand_in(reading, found.ref, day)
    return (CHANGED if made_correction is not None or papers else UNCHANGED), what


def take_lines(readings: Sequence[Reading], table: str) -> tuple[str, str]:
    """The rows of one table of a record that was entered earlier: they replace that table's rows."""
    first = readings[0]
    kind, number = kind_of(first), first.needed("record")
    what = f"{first.sheet.form.title} {number} 共{len(readings)}行"
    rows = [row.fields() for row in readings]
    if any(row.findings for row in readings):
        return UNCHANGED, what
    known = first.context.seen(Record.objects.filter(kind=kind.code))
    found = known.filter(number=number).first()
    if found is None:
        numbers = dict.fromkeys(known.values_list("number", flat=True))
        first.wrong("record", "intake.record", f"{kind.label}里没有编号“{number}”", nearest(number, numbers))
        return UNCHANGED, what
    by = acting(first, kind, "fill", found.unit)
    day = max(first.context.actor.day, found.date)
    made = correct_record(found, day=day, by=by, reason=REASON, lines={table: rows})
    return (CHANGED if made is not None else UNCHANGED), what


def _known_record(
    reading: Reading, kind: Kind, unit: Unit, number: str, title: str, day: date
) -> Record | None:
    if number:
        ref = reading.numbered(Record, kind, "number")
        return Record.objects.get(ref=ref) if ref else None
    known = reading.context.seen(Record.objects.filter(kind=kind.code))
    return known.filter(unit=unit, title=title, date=day).first()


def _links(reading: Reading) -> Links:
    links: Links = {}
    post, matter, subject = reading.post("post"), find_matter(reading, "matter"), find_subject(reading)
    if post is not None:
        links["post"] = post
    if matter is not None:
        links["matter"] = matter
    if subject is not None:
        links["subject"] = subject
    return links
