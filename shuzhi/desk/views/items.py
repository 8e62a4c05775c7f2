"""One item of any kind: its page, its next lawful step as one button, registering a new one, reporting a change."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzhi.desk import forms
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.show import Shown, cell, shown, unit_names
from shuzhi.desk.views.ledgers import kind_of
from shuzhi.evidence import blobs, instance
from shuzhi.evidence.models import Paper
from shuzhi.kernel.catalogue.definitions import Field, Kind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.queries import MatterPage, changes_of, matter_page
from shuzhi.matters.verbs import attach_papers, move_matter, open_matter, revise_matter
from shuzhi.records.models import Record
from shuzhi.records.queries import RecordPage, record_page
from shuzhi.records.verbs import correct_record, enter_record
from shuzhi.subjects.models import Subject
from shuzhi.subjects.queries import COLUMNS as SUBJECT_COLUMNS
from shuzhi.subjects.kinds import kind_named
from shuzhi.subjects.listing import columns_of
from shuzhi.subjects.rights import may_see, post_for
from shuzhi.subjects.verbs import register_subject, revise_subject
from shuzhi.units.models import Post, Unit

ABSENT = (Matter.DoesNotExist, Record.DoesNotExist, Subject.DoesNotExist)


def _matter(seat: Seat, key: str) -> MatterPage:
    try:
        return matter_page(seat.user, f"matter/{key}", seat.day)
    except Matter.DoesNotExist:
        raise Http404 from None


def _record(seat: Seat, key: str) -> RecordPage:
    try:
        return record_page(seat.user, f"record/{key}", seat.day)
    except Record.DoesNotExist:
        raise Http404 from None


def _subject(seat: Seat, key: str) -> tuple[Subject, Kind]:
    row = Subject.objects.filter(ref=f"subject/{key}").select_related("unit").first()
    if row is None or not may_see(seat.user, kind_named(row.kind), row.unit, seat.day):
        raise Http404
    return row, kind_named(row.kind)


@require_GET
@seated
def item(request: HttpRequest, seat: Seat, shape: str, key: str) -> HttpResponseBase:
    """The page of one item."""
    names = unit_names()
    context: dict[str, object] = {"shape": shape, "key": key, "seat": seat}
    if shape == "matter":
        page = _matter(seat, key)
        row: Matter | Record | Subject = page.matter
        kind, columns, papers = page.kind, page.columns, page.papers
        context |= {"page": page, "light": page.light, "paper_kinds": instance.catalogue().papers.values()}
        context["changes"] = [(step, _changes(kind, step, names)) for step in reversed(page.movements)]
    elif shape == "record":
        told = _record(seat, key)
        row, kind, columns, papers = told.record, told.kind, told.columns, told.papers
        context["tables"] = [
            (table, [[_field(f, line.fields.get(f.code), names) for f in table.fields] for line in lines])
            for table, lines in told.tables
        ]
        context["corrections"] = told.corrections
    elif shape == "subject":
        row, kind = _subject(seat, key)
        columns, papers = columns_of(SUBJECT_COLUMNS, kind.fields), tuple(Paper.objects.filter(owner=row.ref))
    else:
        raise Http404
    notes = {field.code: field.note for field in kind.fields}
    context["facts"] = [(c, cell(c, row, names), notes.get(c.code, "")) for c in columns]
    context |= {"kind": kind, "row": row, "papers": papers}
    context["may_fill"] = post_for(seat.user, act="fill", kind=kind, unit=row.unit, day=seat.day) is not None
    return render(request, "desk/item.html", context)


def _field(field: Field, value: object, names: dict[str, str]) -> Shown:
    return shown(field.type, field.unit, value, names)


def _changes(kind: Kind, step: Movement, names: dict[str, str]) -> list[tuple[str, str]]:
    """What a movement set, label and value."""
    return [
        (column.label, shown(column.type, column.unit, value, names).text)
        for column, value in changes_of(kind, step)
    ]


@require_POST
@seated
def step(request: HttpRequest, seat: Seat, shape: str, key: str) -> HttpResponseBase:
    """Move a matter to its next stage, or hand in a paper without moving it."""
    page = _matter(seat, key)
    matter, to = page.matter, request.POST.get("to", "")
    wanted = next((found for found in page.steps if found.stage.name == to), None)
    try:
        papers = forms.papers_in(request, wanted.stage if wanted else None, seat.day)
        if to:
            post = wanted.post if wanted else None
            if post is None:
                raise Refused(Finding("desk.step", f"现在不能转入“{to}”", "请按页面上列出的原因补齐后再办", matter.title))
            note = request.POST.get("note", "")
            without = {k: request.POST.get(f"without-{n}", "") for n, k in enumerate(wanted.stage.papers if wanted else ())}
            move_matter(matter, to, day=seat.day, by=post, note=note, papers=papers, without=without)
            messages.success(request, f"已转入“{to}”。")
        else:
            post = post_for(seat.user, act="fill", kind=page.kind, unit=matter.unit, day=seat.day)
            attach_papers(matter, papers, day=seat.day, by=_need(post, page.kind))
            messages.success(request, "材料已存入。")
    except Refused as refused:
        _tell(request, refused)
    return redirect("desk:item", shape="matter", key=key)


def _need(post: Post | None, kind: Kind) -> Post:
    """The post, or a refusal: writing always needs one."""
    if post is None:
        raise Refused(Finding("desk.right", f"您无权填报{kind.label}", "请由责任单位或其上级单位的填报人办理"))
    return post


def _tell(request: HttpRequest, refused: Refused) -> None:
    for finding in refused.findings:
        messages.error(request, str(finding))


@require_http_methods(["GET", "POST"])
@seated
def new(request: HttpRequest, seat: Seat, kind: str) -> HttpResponseBase:
    """Register a new item of a kind."""
    defined = kind_of(kind, seat)
    if defined.shape == "fund":
        raise Http404
    units = list(Unit.objects.filter(code__in=seat.domain).order_by("order", "code"))
    given = {name: str(value) for name, value in request.POST.items()}
    if request.method == "POST":
        try:
            made = _register(request, seat, defined)
        except Refused as refused:
            _tell(request, refused)
        else:
            messages.success(request, f"已登记：{made}。")
            shape, _, key = str(made.pk).partition("/")
            return redirect("desk:item", shape=shape, key=key)
    own = seat.posts[0].unit_id
    context = {
        "kind": defined,
        "units": units,
        "given": {"unit": own, "day": seat.day.isoformat(), **given},
        "inputs": forms.inputs(defined.fields, given, units),
        "tables": [(table, forms.line_inputs(table, (), units)) for table in defined.lines],
    }
    return render(request, "desk/new.html", context)


def _register(request: HttpRequest, seat: Seat, kind: Kind) -> Matter | Record | Subject:
    """Register what was typed, by the post this person may fill it with."""
    unit = Unit.objects.filter(code=request.POST.get("unit", ""), code__in=seat.domain).first()
    if unit is None:
        raise Refused(Finding("desk.unit", "请选择责任单位", "只能选本单位及下级单位"))
    by = _need(post_for(seat.user, act="fill", kind=kind, unit=unit, day=seat.day), kind)
    title, number = request.POST.get("title", ""), request.POST.get("number", "").strip()
    day, fields = _day(request.POST.get("day", "")), forms.posted(request, kind.fields)
    if kind.shape == "matter":
        due = request.POST.get("due", "")
        return open_matter(
            kind, unit, title=title, opened=day, by=by, number=number, fields=fields, due=_day(due) if due else None
        )
    if kind.shape == "record":
        lines = forms.posted_lines(request, kind)
        return enter_record(kind, unit, title=title, day=day, by=by, number=number, fields=fields, lines=lines)
    return register_subject(kind, unit, code=number, name=title, since=day, by=by, fields=fields)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(Finding("desk.day", f"“{text}”不是日期", "请写成 2025-03-01")) from None


@require_http_methods(["GET", "POST"])
@seated
def edit(request: HttpRequest, seat: Seat, shape: str, key: str) -> HttpResponseBase:
    """Report a change of an item; a record's correction needs a reason."""
    row: Matter | Record | Subject
    if shape == "matter":
        found = _matter(seat, key)
        row, kind = found.matter, found.kind
    elif shape == "record":
        told = _record(seat, key)
        row, kind = told.record, told.kind
    elif shape == "subject":
        row, kind = _subject(seat, key)
    else:
        raise Http404
    kept = forms.typed(kind.fields, row.fields)
    if request.method == "POST":
        kept = {**kept, **{name: str(value) for name, value in request.POST.items()}}
        try:
            changed = _revise(request, seat, row, kind)
        except Refused as refused:
            _tell(request, refused)
        else:
            messages.success(request, "已登记变更。" if changed else "没有变化，未登记。")
            return redirect("desk:item", shape=shape, key=key)
    units = list(Unit.objects.filter(code__in=seat.domain).order_by("order", "code"))
    context = {"kind": kind, "row": row, "shape": shape, "key": key, "inputs": forms.inputs(kind.fields, kept, units)}
    return render(request, "desk/edit.html", context)


def _revise(request: HttpRequest, seat: Seat, row: Matter | Record | Subject, kind: Kind) -> bool:
    """Make the change by the post this person may fill with; True when something changed."""
    by = _need(post_for(seat.user, act="fill", kind=kind, unit=row.unit, day=seat.day), kind)
    fields, note = forms.posted(request, kind.fields), request.POST.get("note", "")
    if isinstance(row, Matter):
        return revise_matter(row, day=seat.day, by=by, fields=fields, note=note) is not None
    if isinstance(row, Record):
        return correct_record(row, day=seat.day, by=by, reason=note, fields=fields) is not None
    before = dict(row.fields)
    return revise_subject(row, day=seat.day, by=by, fields=fields, note=note).fields != before


@require_GET
@seated
def paper(request: HttpRequest, seat: Seat, owner_shape: str, key: str, no: int) -> HttpResponseBase:
    """A paper of an item this seat may see."""
    {"matter": _matter, "record": _record, "subject": _subject}.get(owner_shape, _nothing)(seat, key)
    found = Paper.objects.filter(owner=f"{owner_shape}/{key}", no=no).select_related("blob").first()
    if found is None:
        raise Http404
    response = HttpResponse(blobs.fetch(found.blob_id), content_type=found.blob.media_type)
    # Never shown inside our pages: a paper may be an HTML file with scripts of its own.
    response.headers["Content-Disposition"] = content_disposition_header(True, found.title) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _nothing(seat: Seat, key: str) -> object:
    raise Http404
