"""The page one votes on: opened by a slip's code alone, without an account, a cookie or a script, and kept by nobody.

No view here reads who is logged in; the code is the only right, so a form sent from elsewhere could do nothing without it.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from shuzhi.ballots.codes import plain, spaced
from shuzhi.ballots.models import Evaluation
from shuzhi.ballots.paper import BLANK, Paper, Question
from shuzhi.ballots.queries import opened_by, receipted
from shuzhi.ballots.verbs import cast
from shuzhi.kernel.finding import Refused

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
NOT_HERE = "没有这张票，或者投票没有开放。请对照票上的编码重新输入；仍不行的，请找会场工作人员。"
USED = "这张票已经投过。每张票只能投一次。"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands on the page: its grades, which of them is marked, and its name in the form."""

    question: Question
    chosen: str

    @property
    def told(self) -> str:
        """The mark in words."""
        return self.chosen or BLANK


def page(name: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    """A page without a trace: rendered without the request, so that no session is read and no cookie is set."""
    return HttpResponse(render_to_string(f"vote/{name}.html", context), status=status, headers=HEADERS)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, code: str = "") -> HttpResponse:
    """Type the code, mark the paper, look it over, cast it: four pages, each the answer to the form before."""
    typed = plain(request.POST.get("code", "") or code)
    if not typed:
        return page("door", {})
    held = opened_by(typed)
    if held is None:
        return page("door", {"wrong": NOT_HERE}, 404)
    if held.used:
        return page("door", {"wrong": USED}, 409)
    evaluation, paper = held.evaluation, held.evaluation.asks
    marks = {question.code: request.POST.getlist(question.code) for question in paper.questions()}
    step = request.POST.get("step", "")
    if step == "cast":
        return _cast(evaluation, typed, marks)
    context = {
        "evaluation": evaluation,
        "code": typed,
        "spaced": spaced(typed),
        "targets": _asked(paper, marks),
        "left": sum(not any(chosen) for chosen in marks.values()),
    }
    return page("check" if step == "check" else "paper", context)


def _asked(paper: Paper, marks: dict[str, list[str]]) -> list[tuple[str, list[Asked]]]:
    """The questions by target with what is marked so far."""
    return [
        (
            target.label,
            [
                Asked(question, next((mark for mark in marks[question.code] if mark in question.grades), ""))
                for question in paper.about(target)
            ],
        )
        for target in paper.targets
    ]


def _cast(evaluation: Evaluation, code: str, marks: dict[str, list[str]]) -> HttpResponse:
    """Cast, and show the receipt on this page alone: no address leads back to it."""
    try:
        receipt = cast(evaluation, code, marks)
    except Refused as refused:
        said = [f"{finding.message}。{finding.hint}。" for finding in refused.findings]
        return page("door", {"wrong": "".join(said)}, 409)
    return page("done", {"receipt": receipt, "evaluation": evaluation})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Whether a receipt is among those of a sealed evaluation; it says nothing else."""
    typed = request.POST.get("receipt", "").strip()
    if not typed:
        return page("receipt", {})
    found = receipted(typed)
    return page("receipt", {"typed": typed[:40], "found": found}, 200 if found else 404)
