"""What a page can do to an item: the next step, 无变化, a new one, a change; each is one verb, then back to the page."""

from collections.abc import Collection
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from shuzhi.desk import forms
from shuzhi.desk.folding import blamed, elsewhere, next_stage, parts
from shuzhi.desk.offering import named, offered
from shuzhi.desk.seat import Seat, opening_act, seated
from shuzhi.desk.steps import DUE, ways
from shuzhi.desk.views.items import item_of, item_page
from shuzhi.desk.views.ledgers import ELSEWHERE, kind_of
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.matters.models import Matter
from shuzhi.matters.queries import MatterPage
from shuzhi.matters.verbs import attach_papers, move_matter, open_matter, revise_matter
from shuzhi.records.models import Record
from shuzhi.records.verbs import correct_record, enter_record
from shuzhi.subjects.models import Subject
from shuzhi.subjects.ownership import changing_post, closed_to, locked
from shuzhi.subjects.rights import post_for
from shuzhi.subjects.verbs import register_subject, revise_subject
from shuzhi.units.models import Post, Unit

UNCHANGED = "无变化"


def _matter(seat: Seat, key: str) -> MatterPage:
    found = item_of(seat, "matter", key).matter
    if found is None:
        raise Http404
    return found


def tell(request: HttpRequest, refused: Refused) -> None:
    """Show every finding of a refusal on the next page."""
    for finding in refused.findings:
        how = f"（{finding.hint}）" if finding.hint and finding.hint not in finding.message else ""
        about = finding.place.partition("·")[0]
        where = f"{about}：" if about and about not in finding.message else ""
        messages.error(request, f"{where}{finding.message}{how}")


@require_POST
@seated
def step(request: HttpRequest, seat: Seat, shape: str, key: str) -> HttpResponseBase:
    """Move a matter to its next stage, or hand in a paper without moving it."""
    if shape != "matter":
        raise Http404
    found = item_of(seat, shape, key)
    page = found.matter
    if page is None:
        raise Http404
    to = request.POST.get("to", "")
    try:
        if to:
            _move(request, seat, page)
        else:
            papers = forms.papers_in(request, (), seat.day)
            if not papers:
                raise Refused(Finding("desk.paper", "还没有选文件", "请选择要存入的材料", page.matter.title))
            attach_papers(page.matter, papers, day=seat.day, by=filler(seat, page.kind, page.matter.unit))
            messages.success(request, "材料已存入。")
    except Refused as refused:
        if any(step.stage.name == to and step.post for step in page.steps):
            return item_page(request, seat, found, refused_at=to, wrong=refused.findings)
        tell(request, refused)
    return redirect("desk:item", shape="matter", key=key)


def _move(request: HttpRequest, seat: Seat, page: MatterPage) -> None:
    """Move a matter along the way that was pressed, with the papers and fields given on it."""
    to = request.POST.get("to", "")
    way = next((found for found in ways(page) if found.step.stage.name == to), None)
    if way is None or way.step.post is None:
        hint = "请按页面上列出的原因补齐后再办"
        raise Refused(Finding("desk.step", f"现在不能转入“{to}”", hint, page.matter.title))
    kinds = [kind for kind, _ in way.papers]
    typed = {code: value for code, value in forms.posted(request, way.fields, way.locked).items() if value}
    due = str(typed.pop(DUE.code, "")) if DUE in way.fields else ""
    move_matter(
        page.matter,
        to,
        day=seat.day,
        by=way.step.post,
        note=request.POST.get("note", ""),
        changes=typed,
        due=day_of(due) if due else None,
        papers=forms.papers_in(request, kinds, seat.day),
        without={
            kind: request.POST.get(f"without-{no}", "")
            for no, kind in enumerate(kinds)
            if kind in way.step.stage.papers
        },
    )
    messages.success(request, f"已转入“{to}”。")


@require_POST
@seated
def unchanged(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """Report in one press that nothing has changed: a movement that says so."""
    page = _matter(seat, key)
    try:
        if page.matter.closed is not None:
            raise Refused(Finding("desk.closed", "事项已办结，不用再报进展", "", page.matter.title))
        by = filler(seat, page.kind, page.matter.unit)
        revise_matter(page.matter, day=seat.day, by=by, note=UNCHANGED)
        messages.success(request, f"已报告“{page.matter.title}”：无变化。")
    except Refused as refused:
        tell(request, refused)
    if request.POST.get("back") == "today":
        return redirect("desk:today")
    return redirect("desk:item", shape="matter", key=key)


def filler(seat: Seat, kind: Kind, unit: Unit, act: str = "fill") -> Post:
    """The post by which this person fills in for the unit, or a refusal: writing always needs one."""
    post = post_for(seat.user, act=act, kind=kind, unit=unit, day=seat.day)
    if post is None:
        hint = "请由责任单位或其上级单位的填报人办理"
        raise Refused(Finding("desk.right", f"您无权填报{unit.name}的{kind.label}", hint))
    return post


@require_http_methods(["GET", "POST"])
@seated
def new(request: HttpRequest, seat: Seat, kind: str) -> HttpResponseBase:
    """Register a new item of a kind."""
    defined = kind_of(kind, seat)
    able = seat.opens(defined)
    if defined.shape in ELSEWHERE or not able:
        raise Http404
    wrong: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            made = _register(request, seat, defined)
        except Refused as refused:
            wrong = refused.findings
        else:
            messages.success(request, f"已登记：{made}。")
            shape, _, key = str(made.pk).partition("/")
            return redirect("desk:item", shape=shape, key=key)
    asked = {field.code: request.GET.get(field.code, "") for field in defined.fields}
    given = asked | {name: str(value) for name, value in request.POST.items()}
    units = forms.all_units()
    own = next((post.unit_id for post in seat.posts if post.unit_id in able), "")
    kept = forms.posted_lines(request, defined)
    others = locked(seat.posts, defined.fields, kind=defined, unit=None)
    inputs = blamed(forms.inputs(defined.fields, given, units, others), wrong)
    context = {
        "kind": defined,
        "units": [unit for unit in units if unit.code in able],
        "given": {"unit": own, "day": seat.day.isoformat(), **given},
        "parts": parts(defined, inputs),
        "refused": bool(wrong),
        "wrong": elsewhere(inputs, wrong),
        "offered": offered(defined, seat.user, seat.day),
        "tables": [
            (table, forms.line_inputs(table, kept.get(table.code, ()), units)) for table in defined.lines
        ],
    }
    return render(request, "desk/new.html", context)


def _register(request: HttpRequest, seat: Seat, kind: Kind) -> Matter | Record | Subject:
    """Register what was typed, by the post this person may fill it with."""
    unit = Unit.objects.filter(code=request.POST.get("unit", ""), code__in=seat.opens(kind)).first()
    if unit is None:
        raise Refused(Finding("desk.unit", "请选择责任单位", "只能选您负责填报的单位"))
    title, number = request.POST.get("title", ""), request.POST.get("number", "").strip()
    day, fields = day_of(request.POST.get("day", "")), forms.posted(request, kind.fields)
    said, act = {code for code, value in fields.items() if value}, opening_act(kind)
    by = changing_post(seat.user, kind=kind, unit=unit, day=seat.day, fields=said) if act == "fill" else None
    by = by or filler(seat, kind, unit, act)
    if kind.shape == "matter":
        due = request.POST.get("due", "")
        return open_matter(
            kind,
            unit,
            title=title,
            opened=day,
            by=by,
            number=number,
            fields=fields,
            due=day_of(due) if due else None,
        )
    if kind.shape == "record":
        lines = forms.posted_lines(request, kind)
        return enter_record(
            kind, unit, title=title, day=day, by=by, number=number, fields=fields, lines=lines
        )
    return register_subject(kind, unit, code=number, name=title, since=day, by=by, fields=fields)


def day_of(text: str) -> date:
    """The day typed into a form; raises Refused when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(Finding("desk.day", f"“{text}”不是日期", "请写成 2025-03-01")) from None


@require_http_methods(["GET", "POST"])
@seated
def edit(request: HttpRequest, seat: Seat, shape: str, key: str) -> HttpResponseBase:
    """Report a change of an item; a record's correction needs a reason."""
    found = item_of(seat, shape, key)
    row, kind = found.row, found.kind
    filling = row.unit_id in seat.fills(kind)
    others = closed_to(seat.posts, kind=kind, unit=row.unit, filling=filling)
    if not filling and len(others) == len(kind.fields):
        raise Http404
    choices = offered(kind, seat.user, seat.day)
    kept = named(forms.typed(kind.fields, row.fields), kind, choices)
    columns = [DUE] if isinstance(row, Matter) and filling else []
    if isinstance(row, Matter) and row.due:
        kept[DUE.code] = row.due.isoformat()
    wrong: tuple[Finding, ...] = ()
    if request.method == "POST":
        kept = {**kept, **{name: str(value) for name, value in request.POST.items()}}
        try:
            changed = _revise(request, seat, row, kind, others)
        except Refused as refused:
            wrong = refused.findings
        else:
            messages.success(request, "已登记变更。" if changed else "没有变化，未登记。")
            return redirect("desk:item", shape=shape, key=key)
    inputs = blamed(forms.inputs((*columns, *kind.fields), kept, forms.all_units(), others), wrong)
    stage = next_stage(kind, row.stage) if isinstance(row, Matter) else ""
    context = {
        "kind": kind,
        "row": row,
        "shape": shape,
        "key": key,
        "parts": parts(kind, inputs, stage),
        "refused": bool(wrong),
        "wrong": elsewhere(inputs, wrong),
        "offered": choices,
        "note": kept.get("note", ""),
    }
    return render(request, "desk/edit.html", context)


def _revise(
    request: HttpRequest, seat: Seat, row: Matter | Record | Subject, kind: Kind, others: Collection[str]
) -> bool:
    """Make the change by the post this person may make it with; True when something changed."""
    note, before = request.POST.get("note", ""), forms.typed(kind.fields, row.fields)
    fields = forms.posted(request, kind.fields, others)
    said = {code for code, value in fields.items() if value != before.get(code, "")}
    by = changing_post(seat.user, kind=kind, unit=row.unit, day=seat.day, fields=said)
    by = by or filler(seat, kind, row.unit)
    fields = {code: value for code, value in fields.items() if code in said}
    if isinstance(row, Matter):
        due = request.POST.get(DUE.code)
        if due is None:
            return revise_matter(row, day=seat.day, by=by, fields=fields, note=note) is not None
        on = day_of(due) if due else None
        return revise_matter(row, day=seat.day, by=by, fields=fields, note=note, due=on) is not None
    if isinstance(row, Record):
        return correct_record(row, day=seat.day, by=by, reason=note, fields=fields) is not None
    before = dict(row.fields)
    return bool(revise_subject(row, day=seat.day, by=by, fields=fields, note=note).fields != before)
