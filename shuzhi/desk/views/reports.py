"""报告: drop a draft, see its places by state, choose among candidates, read the filled report, release, sign, publish."""

from dataclasses import dataclass
from itertools import zip_longest

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzhi.books.verbs import close_books
from shuzhi.desk.forms import safe_name
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.changes import tell
from shuzhi.evidence import blobs, instance
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.reports import verbs
from shuzhi.reports.beside import around, chapters, findings, verdicts
from shuzhi.reports.filling import Filled
from shuzhi.reports.models import Edition, Report
from shuzhi.reports.outputs import MEDIA
from shuzhi.reports.passages import passages
from shuzhi.reports.places import Place, State
from shuzhi.reports.pledged import account_of, last_year, pledged
from shuzhi.reports.queries import lacking
from shuzhi.reports.retold import retold_as
from shuzhi.units.models import Post, Unit

LARGEST = 20 * 1024 * 1024


class DraftForm(forms.Form):
    """The draft and the year it is for."""

    draft = forms.FileField(label="草稿（.txt 或 .docx）")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)


@dataclass(frozen=True, slots=True)
class Act:
    """One of the acts that take an edition to the public: who did it, whether it is next, whether this seat may."""

    code: str
    label: str
    done: str
    says: str
    following: bool
    able: bool
    duty: str


def report_of(seat: Seat, key: str) -> Report:
    """The report with a key; not found where there is none, refused where the seat has no business with its unit."""
    report = get_object_or_404(Report.objects.select_related("unit", "writer"), ref=f"report/{key}")
    seat.demand(report.unit_id)
    return report


def edition_of(seat: Seat, key: str, no: int) -> Edition:
    """An edition of a report this seat has business with; not found where there is none."""
    rows = Edition.objects.select_related("report__unit", "writer__unit", "releaser", "signer")
    return get_object_or_404(rows, report=report_of(seat, key), no=no)


def acting(seat: Seat, unit: Unit, duty: str) -> Post:
    """The post by which the seat may act; Refused in Chinese when there is none."""
    post = seat.post_for((duty,), unit)
    if post is None:
        label = instance.catalogue().duties[duty].label
        raise Refused(
            Finding("desk.duty", f"您没有{label}职责，不能办理这一步", f"请由有{label}职责的人办理")
        )
    return post


@require_http_methods(["GET", "POST"])
@seated
def reports(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The reports of the seat's units, and the place to drop a draft."""
    rows = Report.objects.filter(unit__in=seat.domain).select_related("unit", "writer__unit")
    form = DraftForm(request.POST or None, request.FILES or None, initial={"year": seat.day.year})
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["draft"]
        try:
            if upload.size > LARGEST:
                raise Refused(Finding("draft.large", "草稿超过 20 MB", "请确认是否选错了文件", upload.name))
            post = _writer(seat)
            report = verbs.take_in(
                upload.read(),
                filename=safe_name(upload.name)[:200],
                unit=post.unit,
                year=form.cleaned_data["year"],
                writer=post,
                day=seat.day,
            )
        except Refused as refused:
            tell(request, refused)
        else:
            return redirect("desk:report", key=report.ref.partition("/")[2])
    able = any("write" in post.duties for post in seat.posts)
    return render(request, "desk/reports.html", {"rows": rows, "form": form, "may_write": able})


def _writer(seat: Seat) -> Post:
    """The first post of the seat that writes; reports are written for that post's own unit."""
    own = next((post for post in seat.posts if "write" in post.duties), None)
    return own or acting(seat, seat.posts[0].unit, "write")


SHOWN = {"places": "空格", "findings": "疑误", "claims": "与账核对", "outline": "提纲", "last": "上年交代"}
SINCE = {"since": "签后变化"}
"""Beside the draft once an edition was signed; counted only when it is looked at."""


@require_GET
@seated
def report(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """The draft over today's books; beside it its places, findings, claims, or the state of its headings."""
    item = report_of(seat, key)
    closing = close_books(seat.day, by=seat.posts[0].code)
    made = verbs.filled(item, closing)
    found, proven = findings(made.draft), verdicts(made.draft, verbs.proven(item, made))
    signed = item.editions.filter(signer__isnull=False).last()
    tabs = {**SHOWN, **SINCE} if signed else SHOWN
    show = request.GET.get("show", "")
    show = show if show in tabs else "places"
    wanted = request.GET.get("state", "")
    notes = {"findings": found, "claims": proven}.get(show, [])
    before = last_year(item, seat.day)
    numbers = (len(made.places), len(found), len(proven), len(made.draft.outline), len(before))
    context = {
        "report": item,
        "key": key,
        "made": made,
        "summary": made.summary(),
        "places": _with_following(made, wanted),
        "state": wanted,
        "show": show,
        "shown_as": tabs[show],
        "tabs": [(code, name, number) for (code, name), number in zip_longest(tabs.items(), numbers)],
        "retold": retold_as(signed, closing) if signed and show == "since" else None,
        "notes": notes,
        "chapters": chapters(made, (*found, *proven)) if show == "outline" else [],
        "passages": passages(made, notes),
        "before": before,
        "silent": sum(not one.accounted for one in before),
        "account": account_of(item, before),
        "paper_kinds": instance.catalogue().papers.values(),
        "editions": item.editions.select_related("writer", "releaser", "signer"),
        "closing": closing,
        "may_write": seat.post_for(("write",), item.unit) is not None,
    }
    return render(request, "desk/report.html", context)


def _with_following(made: Filled, wanted: str) -> list[tuple[Place, int, tuple[str, str, str]]]:
    """The places of the wanted state, each with where the next to choose at stands (or its own), and the words around it."""
    shown: list[tuple[Place, int, tuple[str, str, str]]] = []
    following = 0
    for place in reversed(made.places):
        start = place.slot.span.start
        if not wanted or str(place.state) == wanted:
            shown.append((place, following or start, around(made.draft, place.slot.span)))
        if place.waiting:
            following = start
    return shown[::-1]


@require_POST
@seated
def choose(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """Settle one place by the author's choice, and go on to the next that waits for one."""
    item = report_of(seat, key)
    start, following = request.POST.get("start", ""), request.POST.get("following", "")
    try:
        post = acting(seat, item.unit, "write")
        verbs.choose(
            item,
            start=int(start) if start.isdecimal() else -1,
            concept=request.POST.get("concept", ""),
            by=post,
        )
    except Refused as refused:
        tell(request, refused)
        following = ""
    return going_back(request, following)


def going_back(request: HttpRequest, following: str) -> HttpResponseBase:
    """Back to the page the form stood on, at the next place that waits; to the reports where it was none of ours."""
    place = following if following.isdecimal() else request.POST.get("start", "")
    return redirect(f"{request.POST.get('back') or ''}#place-{place}" if _own(request) else "desk:reports")


def _own(request: HttpRequest) -> bool:
    """Whether the page to go back to is one of ours."""
    back = request.POST.get("back", "")
    return back.startswith("/desk/") and "//" not in back


@require_POST
@seated
def compile_(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """Compile an edition over today's books."""
    item = report_of(seat, key)
    try:
        made = verbs.compile_edition(item, as_of=seat.day, by=acting(seat, item.unit, "write"), day=seat.day)
    except Refused as refused:
        tell(request, refused)
        return redirect("desk:report", key=key)
    messages.success(request, f"已成稿：第{made.no}版。")
    return redirect("desk:edition", key=key, no=made.no)


@require_GET
@seated
def edition(request: HttpRequest, seat: Seat, key: str, no: int) -> HttpResponseBase:
    """A frozen edition as a page whose figures open their cards."""
    item = edition_of(seat, key, no)
    # The page was written by our own HTML writer, which escapes every text it is given.
    page = mark_safe(verbs.page_of(item, f"/desk/reports/{key}/editions/{no}/figures/{{code}}/"))  # noqa: S308 - see above
    context = {"edition": item, "key": key, "page": page, "steps": _steps(item, seat)}
    context["files"] = [name for name in item.files if name != verbs.PAGE]
    context["gaps"] = lacking(item)
    context["given"] = item.bindings.filter(state__in=[str(State.WRITTEN), str(State.LEFT)])
    said = pledged(item)
    context["pledged"] = len(said)
    context["unsettled"] = sum(one.statement is None for one in said)
    context["silent"] = sum(not one.accounted for one in last_year(item.report, seat.day))
    return render(request, "desk/edition.html", context)


def _steps(item: Edition, seat: Seat) -> list[Act]:
    """The three acts after an edition is compiled; the first that is not done stands open for whoever may do it."""
    catalogue = instance.catalogue()
    told = [
        ("release", "放数", item.releaser.title if item.releaser else "", "核对数字无误，放数"),
        ("sign", "签发", item.signer.title if item.signer else "", "签发"),
        ("publish", "公开", item.published and "已公开", "公开到门户"),
    ]
    steps, reached = [], True
    for code, label, done, says in told:
        able = seat.post_for((code,), item.report.unit) is not None
        steps.append(Act(code, label, done, says, reached and not done, able, catalogue.duties[code].label))
        reached = reached and bool(done)
    return steps


@require_POST
@seated
def act(request: HttpRequest, seat: Seat, key: str, no: int, act: str) -> HttpResponseBase:
    """Release, sign or publish an edition: three rights, three people."""
    item = edition_of(seat, key, no)
    verb = {"release": verbs.release, "sign": verbs.sign, "publish": verbs.publish_edition}.get(act)
    if verb is None:
        raise Http404
    try:
        verb(item, by=acting(seat, item.report.unit, act), day=seat.day)
    except Refused as refused:
        tell(request, refused)
    return redirect("desk:edition", key=key, no=no)


@require_GET
@seated
def card(request: HttpRequest, seat: Seat, key: str, no: int, code: str) -> HttpResponseBase:
    """The whole card of one figure of an edition."""
    item = edition_of(seat, key, no)
    binding = item.bindings.filter(code=code).first()
    if binding is None or binding.card is None:
        raise Http404
    return render(request, "desk/card.html", {"edition": item, "key": key, "card": binding.card})


@require_GET
@seated
def file(request: HttpRequest, seat: Seat, key: str, no: int, name: str) -> HttpResponseBase:
    """A file of an edition."""
    item = edition_of(seat, key, no)
    digest = item.files.get(name)
    if digest is None:
        raise Http404
    kind = MEDIA.get(name.rpartition(".")[2], "application/octet-stream")
    response = HttpResponse(blobs.fetch(digest), content_type=kind)
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, f"{item.report.title}-{name}") or ""
    )
    return response
