"""One item of any kind: its page, its papers, and what the journal says of it."""

import json
import mimetypes
from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from shuzhi.desk import forms
from shuzhi.desk.folding import waiting
from shuzhi.desk.offering import offered
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.show import Shown, cell, shown, unit_names
from shuzhi.desk.steps import Way, ways
from shuzhi.evidence import blobs, instance
from shuzhi.evidence.models import Entry, Paper
from shuzhi.evidence.queries import entries_of, papers_of
from shuzhi.kernel.catalogue.definitions import Field, Kind
from shuzhi.kernel.finding import Finding
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.queries import COLUMNS as MATTER_COLUMNS
from shuzhi.matters.queries import MatterPage, matter_page
from shuzhi.records.models import Record
from shuzhi.records.queries import RecordPage, record_page
from shuzhi.subjects.kinds import kind_named
from shuzhi.subjects.listing import ListColumn, columns_of
from shuzhi.subjects.models import Subject
from shuzhi.subjects.ownership import closed_to
from shuzhi.subjects.queries import COLUMNS as SUBJECT_COLUMNS
from shuzhi.subjects.rights import may_see, post_for

Names = dict[str, str]
#: What the head of the page shows already.
# Answered is not solved, and solved is not satisfied.
OUTCOME_WORDS = {"handled": "办结", "solved": "解决", "satisfied": "满意"}
# Columns of every matter that most never have: nothing lacks when they are empty.
UNASKED = ("lead", "subject", "parent", "matter", "post", "closed")
ABOVE = ("ref", "title", "name", "stage")


@dataclass(frozen=True, slots=True)
class Told:
    """One movement as the page tells it, with what it set."""

    step: Movement
    changes: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Found:
    """An item of any shape that this seat may see."""

    row: Matter | Record | Subject
    kind: Kind
    columns: tuple[ListColumn, ...]
    matter: MatterPage | None = None
    record: RecordPage | None = None


def item_of(seat: Seat, shape: str, key: str) -> Found:
    """The item of a ref; 404 when there is none or the seat may not see it."""
    ref = f"{shape}/{key}"
    try:
        if shape == "matter":
            page = matter_page(seat.user, ref, seat.day)
            return Found(page.matter, page.kind, page.columns, matter=page)
        if shape == "record":
            told = record_page(seat.user, ref, seat.day)
            return Found(told.record, told.kind, told.columns, record=told)
    except (Matter.DoesNotExist, Record.DoesNotExist):
        raise Http404 from None
    row = Subject.objects.filter(ref=ref).select_related("unit").first() if shape == "subject" else None
    if row is None or not may_see(seat.user, kind_named(row.kind), row.unit, seat.day):
        raise Http404
    kind = kind_named(row.kind)
    return Found(row, kind, columns_of(SUBJECT_COLUMNS, kind.fields))


@require_GET
@seated
def item(request: HttpRequest, seat: Seat, shape: str, key: str) -> HttpResponseBase:
    """The page of one item."""
    return item_page(request, seat, item_of(seat, shape, key))


def item_page(
    request: HttpRequest,
    seat: Seat,
    found: Found,
    *,
    refused_at: str = "",
    wrong: tuple[Finding, ...] = (),
) -> HttpResponse:
    """The page of an item; after a refused step with what was typed for it, and with what was wrong beside it."""
    names, row, kind = unit_names(), found.row, found.kind
    shape, _, key = row.pk.partition("/")
    facts, absent = _facts(found, names)
    filling = post_for(seat.user, act="fill", kind=kind, unit=row.unit, day=seat.day) is not None
    stage = row.stage if isinstance(row, Matter) and row.closed is None else ""
    absent, later = waiting(kind, stage, absent) if stage else (absent, 0)
    context: dict[str, object] = {
        "shape": shape,
        "key": key,
        "seat": seat,
        "kind": kind,
        "row": row,
        "facts": facts,
        "absent": absent,
        "later": later,
        "papers": papers_of(row.pk),
        "may_fill": filling,
        "may_edit": filling
        or len(closed_to(seat.posts, kind=kind, unit=row.unit, filling=False)) < len(kind.fields),
        "largest": forms.LARGEST_MB,
    }
    if found.matter is not None:
        context |= _of_matter(found.matter, names, seat)
        context["offered"] = offered(kind, seat.user, seat.day)
        if refused_at:
            context |= _refused(request, context, refused_at, wrong)
    if found.record is not None:
        context["tables"] = [
            (table, [[_field(f, line.fields.get(f.code), names) for f in table.fields] for line in lines])
            for table, lines in found.record.tables
        ]
        context["corrections"] = found.record.corrections
    return render(request, "desk/item.html", context)


def _refused(
    request: HttpRequest, context: dict[str, object], to: str, wrong: tuple[Finding, ...]
) -> dict[str, object]:
    """The ways on once more, the refused one holding what was typed and saying what was wrong."""
    typed = {name: str(value) for name, value in request.POST.items()}
    again: dict[str, object] = {"wrong": wrong, "refused_at": to, "typed": typed}
    for line in ("forward", "aside"):
        found = context[line]
        assert isinstance(found, list)
        again[line] = [
            replace(way, given=typed, wrong=wrong) if way.step.stage.name == to else way for way in found
        ]
    return again


def _facts(found: Found, names: Names) -> tuple[list[tuple[str, Shown, str]], list[str]]:
    """What is registered, as (label, value, 口径), and the labels of what is not."""
    notes = {field.code: field.note for field in found.kind.fields}
    facts, absent = [], []
    for column in found.columns:
        if column.code in ABOVE:
            continue
        value = cell(column, found.row, names)
        if value.css == "missing":
            absent += [column.label] if column.code not in UNASKED else []
        else:
            facts.append((column.label, value, notes.get(column.code, "")))
    return facts, absent


def _of_matter(page: MatterPage, names: Names, seat: Seat) -> dict[str, object]:
    """What only the page of a matter shows: its line of stages, ways on, movements, children."""
    on = _on_line(page)
    forward: list[Way] = ways(page, seat.day)
    return {
        "page": page,
        "light": page.light,
        "outcomes": [(OUTCOME_WORDS[name], flag) for name, flag in page.outcomes.items()],
        "line": on,
        "forward": [way for way in forward if not way.step.stage.aside],
        "aside": [way for way in forward if way.step.stage.aside and way.step.post],
        "changes": [
            Told(step, _changes(page.kind, step.changes, names)) for step in reversed(page.movements)
        ],
        "paper_kinds": instance.catalogue().papers.values(),
        "unchanged": page.matter.closed is None and page.movements[-1].date < seat.day,
        "last": page.movements[-1].date,
    }


def _on_line(page: MatterPage) -> list[tuple[str, date | None]]:
    """The stages along the line, each with the day it was last entered; an aside stage stands only when it is the present one."""
    entered: dict[str, date] = {}
    for step in page.movements:
        if step.to_stage != step.from_stage:
            entered[step.to_stage] = step.date
    wanted = [stage for stage in page.kind.stages if not stage.aside or stage.name == page.matter.stage]
    return [(stage.name, entered.get(stage.name)) for stage in wanted]


def _field(field: Field, value: object, names: Names) -> Shown:
    return shown(field.type, field.unit, value, names)


def _changes(kind: Kind, changes: dict[str, object], names: Names) -> list[tuple[str, str]]:
    """What a movement set: columns first, then fields, as label and value."""
    columns = {column.code: column for column in MATTER_COLUMNS}
    told = [
        (columns[code].label, shown(columns[code].type, "", value, names).text)
        for code, value in changes.items()
        if code in columns and code != "ref"
    ]
    fields = changes.get("fields")
    for code, value in (fields if isinstance(fields, dict) else {}).items():
        field = kind.field(code)
        if field is not None:
            told.append((field.label, _field(field, value, names).text))
    return told


@require_GET
@seated
def history(request: HttpRequest, seat: Seat, shape: str, key: str) -> HttpResponseBase:
    """Every link of the journal that wrote this item, with who wrote it, when, and the link's digest."""
    found = item_of(seat, shape, key)
    names = unit_names() | {"system": "导入"}
    entries = [(entry, names.get(entry.by, entry.by), _acts(entry)) for entry in entries_of(found.row.pk)]
    context = {"row": found.row, "kind": found.kind, "shape": shape, "key": key, "entries": entries}
    return render(request, "desk/history.html", context)


def _acts(entry: Entry) -> list[tuple[str, str]]:
    """What was done in one link of the journal, as (verb, note)."""
    return [(act["verb"], act["note"]) for act in json.loads(entry.body).get("acts", [])]


@require_GET
@seated
def paper(request: HttpRequest, seat: Seat, owner_shape: str, key: str, no: int) -> HttpResponseBase:
    """A paper of an item this seat may see; always saved, never shown inside our pages: it may hold scripts of its own."""
    item_of(seat, owner_shape, key)
    found = Paper.objects.filter(owner=f"{owner_shape}/{key}", no=no).select_related("blob").first()
    if found is None:
        raise Http404
    return sent(found)


def sent(found: Paper) -> HttpResponse:
    """A paper as a file to be saved, under its title."""
    media_type = found.blob.media_type
    name = found.title
    ending = mimetypes.guess_extension(media_type) or ""
    if ending and not name.lower().endswith(ending):
        name += ending
    response = HttpResponse(blobs.fetch(found.blob_id), content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
