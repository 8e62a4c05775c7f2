"""民主测评 at the desk of those who organise it: set up, print slips, follow the turnout, stop and seal by two, results."""

from dataclasses import dataclass
from fractions import Fraction

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzhi.ballots import verbs
from shuzhi.ballots.codes import spaced
from shuzhi.ballots.models import OPEN, PREPARING, SEALED, STOPPED, Evaluation, Seal
from shuzhi.ballots.paper import BLANKS, SPOILS
from shuzhi.ballots.proof import Proof
from shuzhi.ballots.qr import svg
from shuzhi.ballots.queries import kept_by, parameter, progress, proof_bytes, proof_of
from shuzhi.ballots.tally import Result, key_of, label_of, overall
from shuzhi.desk.ballot_form import candidates, first_values, organised_units, typed_paper, typed_values
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.changes import day_of, tell
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import say
from shuzhi.units.models import Post


def keeping(seat: Seat) -> None:
    """404 for everybody but the organisers: that there are evaluations at all is not told."""
    if not organised_units(seat):
        raise Http404


def evaluation_of(seat: Seat, key: str) -> tuple[Evaluation, Post]:
    """An evaluation this seat works on, and the post by which it does; 404 otherwise."""
    found = kept_by(seat.user, seat.day).filter(ref=f"evaluation/{key}").first()
    by = seat.post_for(verbs.KEEPERS, found.unit) if found else None
    if found is None or by is None:
        raise Http404
    return found, by


def _sealed(seat: Seat, key: str) -> Evaluation:
    found, _ = evaluation_of(seat, key)
    if found.stage != SEALED:
        raise Http404
    return found


@require_GET
@seated
def ballots(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Every evaluation this seat organises, the newest first."""
    keeping(seat)
    return render(request, "desk/ballots.html", {"rows": kept_by(seat.user, seat.day)})


@require_http_methods(["GET", "POST"])
@seated
def new(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Set up an evaluation."""
    keeping(seat)
    units = organised_units(seat)
    unit = next((one for one in units if one.code == request.POST.get("unit")), units[0])
    offered = candidates(unit, seat.day)
    values = first_values(seat)
    if request.method == "POST":
        values = typed_values(request.POST)
        try:
            by = seat.post_for(verbs.KEEPERS, unit)
            assert by is not None  # the unit is one of this seat's own
            made = verbs.prepare(
                unit,
                typed_paper(values, offered),
                title=str(values["title"]),
                day=day_of(str(values["day"])),
                by=by,
            )
        except Refused as refused:
            tell(request, refused)
        else:
            return redirect("desk:ballot", key=made.ref.partition("/")[2])
    rules = {"blanks_all": BLANKS.items(), "spoils_all": SPOILS.items()}
    context = {"units": units, "unit": unit, "offered": offered, **rules, **values}
    return render(request, "desk/ballot_new.html", context)


@never_cache
@require_GET
@seated
def ballot(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """One evaluation: turnout by group while the poll runs; results only when it is sealed."""
    found, by = evaluation_of(seat, key)
    rows = progress(found)
    context = {
        "found": found,
        "key": key,
        "paper": found.asks,
        "questions": found.asks.questions(),
        "rows": [(found.asks.group(row.group), row) for row in rows],
        "totals": [
            sum(numbers)
            for numbers in zip(
                *((row.expected, row.attended, row.printed, row.issued, row.returned) for row in rows),
                strict=True,
            )
        ],
        "batches": found.batches.all(),
        "stage": found.stage,
        "may_print": found.stage in (PREPARING, OPEN),
        "may_seal": found.stage == STOPPED and by != found.stopped_by,
        "over": found.stage not in (PREPARING, OPEN, STOPPED),
        "address": request.build_absolute_uri(reverse("vote:vote")),
    }
    if found.stage == SEALED:
        context |= _told(seat, found)
    return render(request, "desk/ballot.html", context)


@dataclass(frozen=True, slots=True)
class Told:
    """A question's result as a table: a row for each cell with counts, rates and base; the score and what it flags."""

    label: str
    grades: tuple[str, ...]
    rows: list[tuple[str, list[tuple[str, int, str]], int, int, int]]
    score: str
    flag: str


def _told(seat: Seat, found: Evaluation) -> dict[str, object]:
    """The results of a sealed evaluation, target by target."""
    proof = proof_of(found)
    low = parameter("ballot_low", seat.day)
    by_target: dict[str, list[Told]] = {target.label: [] for target in proof.paper.targets}
    for result in proof.results():
        by_target[result.question.target.label].append(_table(proof, result, low))
    return {
        "proof": proof,
        "seal": Seal.objects.get(evaluation=found).proof_id,
        "merged": [cell for cell in proof.count.cells if len(cell) > 1],
        "covers": [
            (label_of(proof.paper, cell), proof.count.covers[key_of(cell)]) for cell in proof.count.cells
        ],
        "targets": list(by_target.items()),
        "quotas": _quotas(seat, proof),
    }


def _table(proof: Proof, result: Result, low: Fraction | None) -> Told:
    """One question as it is shown."""
    whole = overall(proof.paper, result)
    lines = [*result.lines, *([whole] if whole and len(result.lines) > 1 else [])]
    worst = whole.rates[-1] if whole else None
    flagged = result.score is not None and worst is not None and low is not None and worst[1] > low
    return Told(
        label=result.question.label,
        grades=result.question.grades,
        rows=[
            (
                line.label,
                [
                    (grade, count, f"{say(rate * 100, 2)}%")
                    for (grade, count), (_, rate) in zip(line.counts, line.rates, strict=True)
                ],
                line.blank,
                line.spoilt,
                line.base,
            )
            for line in lines
        ],
        score="" if result.score is None else say(result.score * 100, 2),
        flag=f"“{worst[0]}”超过{say(low * 100, 1)}%" if flagged and worst and low else "",
    )


def _quotas(seat: Seat, proof: Proof) -> list[str]:
    """How many of the best grade local practice allows; told, never applied."""
    told = []
    for sort, word, code in (("person", "个人", "ballot_top_persons"), ("team", "班子", "ballot_top_teams")):
        share = parameter(code, seat.day)
        count = sum(target.sort == sort for target in proof.paper.targets)
        if share is not None and count:
            told.append(f"{word}{count}个，按{say(share * 100, 0)}%计最多{int(count * share)}个")
    return told


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip to be printed."""

    code: str
    picture: SafeString


@never_cache
@require_POST
@seated
def slips(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """Make slips and show them to be printed, this once: the codes are kept nowhere, so there is nothing to come back to."""
    found, by = evaluation_of(seat, key)
    group = request.POST.get("group", "")
    text = request.POST.get("count", "")
    try:
        codes = verbs.issue(found, group, int(text) if text.isdecimal() else 0, by=by)
    except Refused as refused:
        tell(request, refused)
        return redirect("desk:ballot", key=key)
    address = request.build_absolute_uri(reverse("vote:vote"))
    context = {
        "found": found,
        "key": key,
        "group": found.asks.group(group),
        "address": address,
        "slips": [Slip(spaced(code), _picture(f"{address}{code}/")) for code in codes],
    }
    return render(request, "desk/ballot_slips.html", context)


def _picture(address: str) -> SafeString:
    """The QR code of an address; none when the address is too long for one: the code can be typed."""
    try:
        return mark_safe(svg(address))  # noqa: S308 - drawn here, of digits alone
    except ValueError:
        return SafeString()


@require_POST
@seated
def act(request: HttpRequest, seat: Seat, key: str, act: str) -> HttpResponseBase:
    """Open, stop, resume, seal, annul an evaluation, or void a batch of slips."""
    found, by = evaluation_of(seat, key)
    reason = request.POST.get("reason", "")
    try:
        match act:
            case "open":
                verbs.open_poll(found, by=by)
            case "stop":
                verbs.stop(found, _attendance(request, found), by=by)
            case "resume":
                verbs.resume(found, by=by)
            case "seal":
                verbs.seal(found, by=by)
            case "annul":
                verbs.annul(found, reason=reason, by=by)
            case "void":
                number = request.POST.get("batch", "")
                batch = found.batches.filter(no=int(number) if number.isdecimal() else 0).first()
                if batch is None:
                    raise Http404
                verbs.void_slips(batch, reason=reason, by=by)
            case _:
                raise Http404
    except Refused as refused:
        tell(request, refused)
    else:
        messages.success(request, DONE[act])
    return redirect("desk:ballot", key=key)


DONE = {
    "open": "投票已开启。",
    "stop": "投票已停止；请另一名组织干部封存。",
    "resume": "投票已恢复。",
    "seal": "已计票、封存；票箱已销毁。",
    "annul": "测评已作废，票箱已销毁。",
    "void": "这一批票已作废。",
}


def _attendance(request: HttpRequest, found: Evaluation) -> dict[str, tuple[int, int]]:
    """实到 and 发出 by group as typed; raises Refused for what is no number."""
    rows = {}
    for group in found.asks.groups:
        texts = [request.POST.get(f"{part}-{group.code}", "").strip() for part in ("attended", "issued")]
        if not all(text.isdecimal() for text in texts):
            raise Refused(
                Finding("ballot.turnout", "实到、发出没有填全", "各类都填人数、张数", f"{group.code}类")
            )
        rows[group.code] = (int(texts[0]), int(texts[1]))
    return rows


@require_GET
@seated
def proof(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """The count proof of a sealed evaluation, to be taken away."""
    found = _sealed(seat, key)
    response = HttpResponse(proof_bytes(found), content_type="application/json")
    name = f"{found.title}-计票文件.json"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@require_GET
@seated
def receipts(request: HttpRequest, seat: Seat, key: str) -> HttpResponseBase:
    """The receipts of a sealed evaluation, to be posted up."""
    found = _sealed(seat, key)
    context = {
        "found": found,
        "key": key,
        "proof": proof_of(found),
        "seal": Seal.objects.get(evaluation=found).proof_id,
    }
    return render(request, "desk/ballot_receipts.html", context)
