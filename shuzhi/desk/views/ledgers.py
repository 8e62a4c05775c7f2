"""台账: the list of any kind, with filter, sort, paging and export of exactly what is seen; nothing is written per kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.show import cell, unit_names
from shuzhi.evidence import instance
from shuzhi.funds.queries import list_allocations, list_budgets, list_payments
from shuzhi.intake.export import export as workbook
from shuzhi.kernel.catalogue.definitions import COLOURS, Kind
from shuzhi.matters.models import Matter
from shuzhi.matters.queries import counts, lights, list_matters
from shuzhi.records.queries import list_records
from shuzhi.subjects.listing import ListColumn, Listing
from shuzhi.subjects.queries import list_subjects

A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLOUR_WORDS = {"green": "● 正常", "yellow": "▲ 注意", "red": "■ 超期", "grey": "○ 未到期"}
GROUPS = {"matter": "事项", "record": "记录", "fund": "资金", "subject": "主体"}
Lister = Callable[..., Listing[Model]]
PARTS: Mapping[str, Lister] = {"budget": list_budgets, "allocation": list_allocations, "payment": list_payments}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked for in its address."""

    part: str
    search: str
    colour: str
    sort: str
    filters: Mapping[str, object]


def asked(request: HttpRequest) -> Asked:
    """Read the address: ``q`` search, ``light`` colour, ``sort``, ``part`` of a fund, all else filters by column."""
    given = {name: value for name, value in request.GET.items() if value}
    colour = given.pop("light", "")
    plain = {name: given.pop(name, "") for name in ("part", "q", "sort")}
    given.pop("page", None)
    return Asked(plain["part"], plain["q"], colour if colour in COLOURS else "", plain["sort"], given)


def kind_of(code: str, seat: Seat) -> Kind:
    """The kind of that code; 404 when there is none, or when it is restricted and none of the duties is held."""
    kind = instance.catalogue().kinds.get(code)
    if kind is None:
        raise Http404
    if kind.visibility == "restricted" and not any(seat.has(duty) for duty in kind.duties.get("see", ())):
        raise Http404
    return kind


def found(kind: Kind, seat: Seat, want: Asked) -> Listing[Model]:
    """The list as this seat may see it, with what was asked of it."""
    narrowed: dict[str, object] = {"filters": want.filters, "sort": want.sort, "search": want.search}
    lister: Lister
    if kind.shape == "matter":
        lister, narrowed["colour"] = list_matters, want.colour
    elif kind.shape == "fund":
        lister = PARTS.get(want.part, list_allocations)
    else:
        lister = list_records if kind.shape == "record" else list_subjects
    return lister(seat.user, kind, seat.day, **narrowed)


@require_GET
@seated
def ledgers(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Every ledger this seat may open, with the lights of its open matters."""
    catalogue = instance.catalogue()
    groups = []
    for shape, name in GROUPS.items():
        kinds = [kind for kind in catalogue.of_shape(shape) if _open_to(kind, seat)]
        rows = [(kind, counts(seat.user, kind, seat.day) if shape == "matter" else {}) for kind in kinds]
        groups.append((name, [(kind, [(c, COLOUR_WORDS[c], n) for c, n in told.items() if n]) for kind, told in rows]))
    return render(request, "desk/ledgers.html", {"groups": groups})


def _open_to(kind: Kind, seat: Seat) -> bool:
    return kind.visibility != "restricted" or any(seat.has(duty) for duty in kind.duties.get("see", ()))


@require_GET
@seated
def ledger(request: HttpRequest, seat: Seat, kind: str) -> HttpResponseBase:
    """The list of one kind."""
    defined, want = kind_of(kind, seat), asked(request)
    listing = found(defined, seat, want)
    page: Page[Model] = Paginator(listing.rows, A_PAGE).get_page(request.GET.get("page"))
    columns = shown_columns(listing.columns)
    shining = _lights(defined, list(page.object_list), seat.day)
    names = unit_names()
    rows = [(row, link(defined, row), shining.get(str(row.pk)), [cell(c, row, names) for c in columns]) for row in page]
    context = {
        "kind": defined,
        "columns": [(column, *_sorting(request, column, want.sort)) for column in columns],
        "rows": rows,
        "page": page,
        "want": want,
        "filters": [(column, want.filters.get(column.code, "")) for column in columns if _choosable(column, defined)],
        "stages": [stage.name for stage in defined.stages],
        "colours": COLOUR_WORDS.items() if defined.shape == "matter" else (),
        "parts": (("allocation", "分配"), ("budget", "预算"), ("payment", "支付")) if defined.shape == "fund" else (),
        "address": _without(request, "page"),
        "may_fill": defined.shape != "fund",
    }
    return render(request, "desk/ledger.html", context)


def shown_columns(columns: Sequence[ListColumn]) -> list[ListColumn]:
    """The columns a screen shows: long texts and references to other items are left to the item's own page."""
    return [column for column in columns if column.type != "long" and column.code not in ("ref", "parent", "subject")]


def _choosable(column: ListColumn, kind: Kind) -> bool:
    return bool(column.choices) or (column.type == "stage" and bool(kind.stages))


def _lights(kind: Kind, rows: list[Model], day: date) -> dict[str, object]:
    if kind.shape != "matter":
        return {}
    matters = [row for row in rows if isinstance(row, Matter)]
    return {ref: (light, COLOUR_WORDS[light.colour]) for ref, light in lights(matters, day).items()}


def link(kind: Kind, row: Model) -> str:
    """The address of an item's own page; empty for money, which has its list only."""
    if kind.shape == "fund":
        return ""
    return str(row.pk)


def _sorting(request: HttpRequest, column: ListColumn, sort: str) -> tuple[str, str]:
    """The address that sorts by a column (again: the other way), and the sign of the order in force."""
    wanted = f"-{column.code}" if sort == column.code else column.code
    sign = "▲" if sort == column.code else "▼" if sort == f"-{column.code}" else ""
    query = request.GET.copy()
    query["sort"] = wanted
    query.pop("page", None)
    return f"?{query.urlencode()}", sign


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return query.urlencode()


@require_GET
@seated
def export(request: HttpRequest, seat: Seat, kind: str) -> HttpResponseBase:
    """The list as a workbook: the same filter, the same order, the same columns, all pages."""
    defined, want = kind_of(kind, seat), asked(request)
    listing = found(defined, seat, want)
    columns = shown_columns(listing.columns)
    rows = ([column.value(row) for column in columns] for row in listing.rows.iterator(chunk_size=500))
    data = workbook(defined.label, columns, rows, unit_names())
    response = HttpResponse(data, content_type=XLSX)
    name = f"{defined.label}-{seat.day}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
