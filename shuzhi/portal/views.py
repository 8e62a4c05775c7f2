"""The public pages: the shelf, a publication, a figure's card, and the page to check a short code."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from shuzhi.evidence import blobs
from shuzhi.portal import queries
from shuzhi.portal.models import Publication
from shuzhi.prose.writing.html_out import stylesheet


@require_GET
def shelf(request: HttpRequest) -> HttpResponse:
    """Everything published."""
    search = request.GET.get("q", "").strip()
    publications = [item for item in queries.shelf() if search in item.title]
    groups = [
        ("述职报告", [item for item in publications if item.sort == "report"]),
        ("公开台账", [item for item in publications if item.sort == "ledger"]),
    ]
    return render(request, "portal/shelf.html", {"groups": groups, "search": search})


@require_GET
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    """One publication, or the notice that it was withdrawn."""
    item = get_object_or_404(Publication, slug=slug)
    # The page was written by our own HTML writer, which escapes every text it is given.
    page = mark_safe(queries.page_of(item)) if item.withdrawn is None else ""  # noqa: S308 - see above
    return render(request, "portal/publication.html", {"item": item, "page": page})


@require_GET
@cache_control(public=True, max_age=3600)
def paper_style(request: HttpRequest) -> HttpResponse:
    """The style of a report's page, from the writer of the pages itself."""
    return HttpResponse(stylesheet(), content_type="text/css; charset=utf-8")


@require_GET
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures of a publication as data, for whoever wants to recompute them."""
    item = get_object_or_404(Publication, slug=slug, withdrawn=None)
    return HttpResponse(blobs.fetch(item.data_id), content_type="application/json; charset=utf-8")


@require_GET
def download(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A file that was published beside the page."""
    item = get_object_or_404(Publication, slug=slug, withdrawn=None)
    found = next((kept for kept in item.files if kept["name"] == name), None)
    if found is None:
        raise Http404("没有这个文件")
    response = HttpResponse(blobs.fetch(found["digest"]), content_type=found["type"])
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.{name.rpartition(".")[2]}"'
    return response


@require_GET
def card(request: HttpRequest, code: str) -> HttpResponse:
    """The card of one published figure."""
    found = queries.figure(code)
    if found is None or found.publication.withdrawn is not None:
        raise Http404("没有这个验数码")
    return render(
        request, "portal/card.html", {"found": found, "card": found.card, "item": found.publication}
    )


@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Type the short code printed beside a figure; a known one leads to its card."""
    code = request.GET.get("code", "").strip()
    found = queries.figure(code) if code else None
    if found is not None:
        return redirect("portal:card", code=found.code)
    return render(request, "portal/check.html", {"code": code}, status=404 if code else 200)
