"""碰头会交账：last week's promises first, then exceptions only, then decisions, each of which is a matter at once."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzhi.desk import forms
from shuzhi.desk.folding import blamed, elsewhere
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.changes import day_of, tell
from shuzhi.evidence import instance
from shuzhi.evidence.queries import papers_of
from shuzhi.kernel.catalogue.definitions import VERDICTS, Field, Kind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.rhythm.kinds import deciding_kind, plan_kind
from shuzhi.rhythm.minutes import PAPER, minutes
from shuzhi.rhythm.models import Meeting
from shuzhi.rhythm.queries import exceptions, meetings, roll
from shuzhi.rhythm.verbs import decide, hold_meeting, keep_minutes, recording, settle
from shuzhi.subjects.rights import duties_for
from shuzhi.units.models import Post, Unit

SHOWN = 30
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def meeting_of(seat: Seat, key: str) -> Meeting:
    """The meeting of a key that this seat may look at; 404 otherwise."""
    found = meetings(seat.user, seat.day).filter(ref=f"meeting/{key}").first()
    if found is None:
        raise Http404
    return found


def recorder(seat: Seat, unit: Unit) -> Post | None:
    """By which post this person records a meeting of a unit."""
    return seat.post_for(recording(), unit)


def chairs(unit: Unit) -> list[Post]:
    """The posts of a unit that may take the chair."""
    wanted = set(duties_for(plan_kind(), "decide"))
    return [post for post in Post.objects.filter(unit=unit, until=None) if wanted & set(post.duties)]


@require_http_methods(["GET", "POST"])
@seated
def held(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The meetings held, and the form that opens one."""
    own = list({post.unit_id: post.unit for post in seat.posts}.values())
    able = [(unit, chairs(unit)) for unit in own if recorder(seat, unit)]
    able = [(unit, found) for unit, found in able if found]
    if request.method == "POST":
        chair = Post.objects.filter(code=request.POST.get("chair", "")).select_related("unit").first()
        if chair is None or chair.unit not in [unit for unit, _ in able]:
            raise Http404
        try:
            by = recorder(seat, chair.unit)
            made = hold_meeting(chair.unit, day_of(request.POST.get("day", "")), chair=chair, by=by)
        except Refused as refused:
            tell(request, refused)
        else:
            return redirect("desk:meeting", key=made.ref.partition("/")[2])
    rows = meetings(seat.user, seat.day).prefetch_related("settlements", "decisions")[:SHOWN]
    duties = instance.catalogue().duties
    who = [duties[code].label for code in dict.fromkeys(recording()) if code in duties]
    return render(request, "desk/meetings.html", {"rows": rows, "able": able, "seat": seat, "who": who})


@require_GET
@seated
def meeting(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """One meeting: promises first; what is exceptional only when every promise has its verdict; then decisions."""
    return _page(request, seat, meeting_of(seat, key), {})


def _page(
    request: HttpRequest, seat: Seat, found: Meeting, given: Mapping[str, str], wrong: Sequence[Finding] = ()
) -> HttpResponse:
    """The page of a meeting; after a refused decision with what was typed of it, and why it was refused."""
    key = found.ref.partition("/")[2]
    items = roll(found)
    left = [item for item in items if item.settled is None]
    by = recorder(seat, found.unit)
    extra = exceptions(seat.user, found) if not left else []
    kind = _receiving()
    inputs = forms.inputs(asked_fields(kind), given, []) if kind else []
    context = {
        "meeting": found,
        "key": key,
        "items": items,
        "left": len(left),
        "done": sum(item.verdict == "完成" for item in items),
        "verdicts": VERDICTS,
        "may": by is not None,
        "exceptions": extra[:SHOWN],
        "exceptions_all": len(extra),
        "decisions": found.decisions.select_related("matter__unit").order_by("no"),
        "kind": kind,
        "inputs": blamed(inputs, wrong),
        "given": given,
        "refused": bool(wrong),
        "wrong": elsewhere(inputs, wrong),
        "units": Unit.objects.filter(code__in=seat.domain, until=None).exclude(level="village"),
        "papers": papers_of(found.ref),
    }
    return render(request, "desk/meeting.html", context)


def _receiving() -> Kind | None:
    """The kind that receives decisions, if the catalogue has one."""
    try:
        return deciding_kind()
    except Refused:
        return None


def asked_fields(kind: Kind) -> list[Field]:
    """What the kind needs besides the decision itself: its required fields that take no part of it."""
    return [field for field in kind.fields if field.required and not field.takes]


@require_POST
@seated
def verdict(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """Record the verdicts typed on the page, all of them or none."""
    found = meeting_of(seat, key)
    by = recorder(seat, found.unit)
    if by is None:
        raise Http404
    saved, wrong = 0, list[Finding]()
    for item in roll(found):
        number = item.ref.partition("/")[2]
        said = request.POST.get(f"verdict-{number}", "")
        if not said:
            continue
        moved = request.POST.get(f"moved-{number}", "")
        try:
            made = settle(
                item,
                found,
                said,
                by=by,
                reason=request.POST.get(f"reason-{number}", ""),
                moved=day_of(moved) if moved else None,
            )
        except Refused as refused:
            wrong += refused.findings
        else:
            saved += made is not None
    if wrong:
        tell(request, Refused(wrong))
    if saved:
        messages.success(request, f"已登记 {saved} 条结论。")
    return redirect("desk:meeting", key=key)


@require_POST
@seated
def decision(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """Record a decision, which is a matter from then on."""
    found = meeting_of(seat, key)
    by, kind = recorder(seat, found.unit), _receiving()
    unit = Unit.objects.filter(code=request.POST.get("unit", ""), code__in=seat.domain).first()
    if by is None or kind is None:
        raise Http404
    try:
        if unit is None:
            raise Refused(Finding("desk.unit", "请选择责任单位", "只能选会议所管的单位"))
        made = decide(
            found,
            request.POST.get("text", ""),
            unit=unit,
            due=day_of(request.POST.get("due", "")),
            by=by,
            fields=forms.posted(request, asked_fields(kind)),
        )
    except Refused as refused:
        given = {name: str(value) for name, value in request.POST.items()}
        return _page(request, seat, found, given, refused.findings)
    messages.success(request, f"已立为{kind.label}：{made.matter.title}。")
    return redirect("desk:meeting", key=key)


@require_http_methods(["GET", "POST"])
@seated
def minutes_of(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """The minutes as they stand (GET), or kept with the meeting (POST)."""
    found = meeting_of(seat, key)
    data = minutes(found, exceptions(seat.user, found))
    if request.method == "POST":
        by = recorder(seat, found.unit)
        if by is None:
            raise Http404
        keep_minutes(found, data, paper=PAPER, by=by)
        messages.success(request, "纪要已存入。")
        return redirect("desk:meeting", key=key)
    response = HttpResponse(data, content_type=DOCX)
    name = f"{found}纪要.docx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
