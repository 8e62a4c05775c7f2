"""考核计分: the schemes of a year over the newest closing, ranks and grades, one unit's sheet, and the sheet on paper."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from shuzhi.cube.asking.drawn import figures, proved
from shuzhi.desk.score_papers import details, summary, to_document, to_workbook
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.targets import closing_at_hand
from shuzhi.evidence import instance
from shuzhi.figures.judging.scoring import Answer, Sheet, score
from shuzhi.kernel.catalogue.schemes import FORMULA_NAMES, Scheme

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def _schemes(seat: Seat) -> list[Scheme]:
    """Every scheme, this year's first."""
    found = instance.catalogue().schemes.values()
    return sorted(found, key=lambda item: (item.year != seat.day.year, -item.year, item.code))


def _sheet(seat: Seat, scheme: Scheme, answer: Answer = figures) -> Sheet | None:
    """The sheet of the units this seat looks into; the whole is ranked all the same. None before a first closing. What is
    handed out is ``proved``.
    """
    closing = closing_at_hand()
    if closing is None:
        return None
    whole = score(scheme, closing, answer=answer)
    seen = tuple(item for item in whole.scores if seat.sees(item.unit))
    return Sheet(whole.scheme, whole.closing, whole.as_of, whole.parameters, seen)


@require_GET
@seated
def scores(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The result of one scheme: rank, points, what was not reported, grade; a unit sees its own line only."""
    schemes = _schemes(seat)
    wanted = request.GET.get("scheme", "")
    scheme = next((item for item in schemes if item.code == wanted), schemes[0] if schemes else None)
    sheet = _sheet(seat, scheme) if scheme else None
    one = request.GET.get("unit", "")
    chosen = next((item for item in sheet.scores if item.unit == one), None) if sheet else None
    if one and chosen is None:
        raise Http404
    context = {
        "schemes": schemes,
        "scheme": scheme,
        "sheet": sheet,
        "rows": [(item, summary(sheet, item)) for item in sheet.scores] if sheet else [],
        "chosen": chosen,
        "details": details(sheet, chosen) if sheet and chosen else [],
        "items": [(item, FORMULA_NAMES[item.formula]) for item in scheme.items] if scheme else [],
    }
    return render(request, "desk/scores.html", context)


@require_GET
@seated
def paper(request: HttpRequest, seat: Seat, code: str, ending: str) -> HttpResponseBase:
    """The sheet as a workbook or an official document."""
    scheme = instance.catalogue().schemes.get(code)
    sheet = _sheet(seat, scheme, proved) if scheme is not None and ending in TYPES else None
    if sheet is None or not sheet.scores:
        raise Http404
    data = to_workbook(sheet) if ending == "xlsx" else to_document(sheet, instance.read().name)
    response = HttpResponse(data, content_type=TYPES[ending])
    name = f"{sheet.scheme.label}计分.{ending}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
