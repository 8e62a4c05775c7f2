"""台账: the list of any kind, with filter, sort, paging and export of exactly what is seen; nothing is written per kind."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.show import linked_row, listed, masked, unit_names
from shuzhi.evidence import instance
from shuzhi.funds.models import Allocation
from shuzhi.funds.queries import list_allocations, list_budgets, list_payments
from shuzhi.intake.export import export as workbook
from shuzhi.kernel.catalogue.definitions import COLOURS, Kind
from shuzhi.kernel.catalogue.schemes import Mechanism
from shuzhi.matters.models import Matter
from shuzhi.matters.queries import counts, lights, list_matters, open_readings
from shuzhi.matters.reading import LIGHT_WORDS, Light
from shuzhi.records.models import Record
from shuzhi.records.queries import list_records
from shuzhi.rhythm.models import PlanItem
from shuzhi.rhythm.queries import list_items
from shuzhi.subjects.listing import ListColumn, Listing
from shuzhi.subjects.models import Subject
from shuzhi.subjects.queries import list_subjects
from shuzhi.subjects.rights import Sight
from shuzhi.units.models import Unit

A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GROUPS = {"matter": "事项", "record": "记录", "fund": "资金", "subject": "主体", "plan": "周计划"}
# Kinds whose items are entered elsewhere than on a page of their own: by workbook, in a week's plan.
ELSEWHERE = ("fund", "plan")
PARTS_SHOWN = (("allocation", "分配"), ("budget", "预算"), ("payment", "支付"))
Lister = Callable[..., Listing[Model]]
PARTS: Mapping[str, Lister] = {
    "budget": list_budgets,
    "allocation": list_allocations,
    "payment": list_payments,
}
NAMED = ("title", "name")
# Where the rows of a shape's lists lie, and where their kind is written.
HOLDS: Mapping[str, tuple[type[Model], str]] = {
    "matter": (Matter, "kind"),
    "record": (Record, "kind"),
    "fund": (Allocation, "budget__kind"),
    "subject": (Subject, "kind"),
    "plan": (PlanItem, "kind"),
}
# What happened last stands first, until another order is asked for.
NEWEST: Mapping[str, str] = {"matter": "-opened", "record": "-date"}
HIDDEN = ("ref", "parent")
LIGHT = (ListColumn("light", "灯", "text", ""), ListColumn("why", "为什么", "text", ""))


# A ledger as listed: its kind and mechanism, the word of its shape, the lights of its open matters, how many items.
Held = tuple[Kind, Mechanism | None, str, list[tuple[str, str, int]], int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked for in its address."""

    part: str
    search: str
    colour: str
    sort: str
    filters: Mapping[str, str]


def asked(request: HttpRequest) -> Asked:
    """Read the address: ``q`` search, ``light`` colour, ``sort``, ``part`` of a fund, all else filters by column."""
    given = {name: str(value).strip() for name, value in request.GET.items() if str(value).strip()}
    colour = given.pop("light", "")
    plain = {name: given.pop(name, "") for name in ("part", "q", "sort")}
    given.pop("page", None)
    return Asked(plain["part"], plain["q"], colour if colour in COLOURS else "", plain["sort"], given)


def kind_of(code: str, seat: Seat) -> Kind:
    """The kind of that code; 404 when there is none, or when it is guarded and none of the duties is held."""
    kind = instance.catalogue().kinds.get(code)
    if kind is None or not seat.may_open(kind):
        raise Http404
    return kind


def found(kind: Kind, seat: Seat, want: Asked) -> Listing[Model]:
    """The list as this seat may see it, with what was asked of it; a filter that cannot be meant is left out."""
    lister = _lister(kind, want)
    columns = lister(seat.user, kind, seat.day).columns
    filters = {name: value for name, value in want.filters.items() if _meant(name, value, columns)}
    sort = want.sort or NEWEST.get(kind.shape, "")
    return lister(seat.user, kind, seat.day, filters=filters, sort=sort, search=want.search)


def _lister(kind: Kind, want: Asked) -> Lister:
    """What lists a kind: its shape's own query."""
    if kind.shape == "matter":
        return partial(list_matters, colour=want.colour)
    if kind.shape == "fund":
        return PARTS.get(want.part, list_allocations)
    return {"record": list_records, "plan": list_items}.get(kind.shape, list_subjects)


def _meant(name: str, value: str, columns: Sequence[ListColumn]) -> bool:
    """Whether a filter names a column that can be chosen by, or a stretch of days written as days."""
    code, _, sign = name.partition("__")
    column = next((item for item in columns if item.code == code), None)
    if column is None:
        return False
    if sign in ("from", "to"):
        return column.type == "date" and _is_day(value)
    return not sign and (column.type in ("stage", "unit") or value in column.choices)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@require_GET
@seated
def ledgers(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Every ledger this seat may open, by the mechanism it serves, with the lights of its open matters or its number.

    ``q`` keeps those whose name, mechanism or words have the text.
    """
    known, said = instance.catalogue().mechanisms, request.GET.get("q", "").strip()
    groups: dict[str, list[Held]] = {}
    shining, numbers = counts(open_readings(seat.sight)), _numbers(seat.sight)
    for kind in sorted(instance.catalogue().kinds.values(), key=lambda kind: (kind.mechanism, kind.code)):
        mechanism = known.get(kind.mechanism)
        texts = (kind.label, mechanism.label if mechanism else "", *kind.words)
        if not seat.may_open(kind) or (said and not any(said in text for text in texts)):
            continue
        colours = shining.get(kind.code, {})
        lit = [(colour, word, colours[colour]) for colour, word in LIGHT_WORDS.items() if colours.get(colour)]
        told = (kind, mechanism, GROUPS[kind.shape], lit, numbers[kind.code])
        groups.setdefault(mechanism.group if mechanism else "本地", []).append(told)
    return render(request, "desk/ledgers.html", {"groups": groups.items(), "said": said})


def _numbers(sight: Sight) -> Mapping[str, int]:
    """By kind how many items its list has for this person: one question for all kinds of a shape."""
    found = Counter[str]()
    for shape, (model, owner) in HOLDS.items():
        seen = sight.over(instance.catalogue().of_shape(shape), kind=owner)
        rows = model._default_manager.filter(seen).order_by().values_list(owner)
        found.update(dict(rows.annotate(Count("pk"))))
    return found


@require_GET
@seated
def ledger(request: HttpRequest, seat: Seat, kind: str) -> HttpResponseBase:
    """The list of one kind."""
    defined, want = kind_of(kind, seat), asked(request)
    listing = found(defined, seat, want)
    page: Page[Model] = Paginator(listing.rows, A_PAGE).get_page(request.GET.get("page"))
    named, *others = shown_columns(listing.columns)
    shining = _lights(list(page.object_list), seat.day)
    names = unit_names()
    rows = [
        (
            listed(named, row, names, defined),
            link(defined, row),
            shining.get(str(row.pk)),
            [(column, listed(column, row, names, defined)) for column in others],
        )
        for row in page
    ]
    context = {
        "kind": defined,
        "named": (named, *_sorting(request, named, want.sort)),
        "columns": [(column, *_sorting(request, column, want.sort)) for column in others],
        "rows": rows,
        "page": page,
        "want": want,
        "colours": LIGHT_WORDS.items() if defined.shape == "matter" else (),
        "parts": PARTS_SHOWN if defined.shape == "fund" else (),
        "address": _without(request, "page"),
        "may_fill": defined.shape not in ELSEWHERE and bool(seat.opens(defined)),
        **_choosable(defined, (named, *others), want),
    }
    return render(request, "desk/ledger.html", context)


def shown_columns(columns: Sequence[ListColumn]) -> list[ListColumn]:
    """The columns of a list, the name first; long texts are left to the item's own page."""
    kept = [column for column in columns if column.type != "long" and column.code not in HIDDEN]
    return sorted(kept, key=lambda column: column.code not in NAMED)


def _choosable(kind: Kind, columns: Sequence[ListColumn], want: Asked) -> dict[str, object]:
    """What the list can be narrowed by: stages and choices, the unit, and the days of its first date."""
    stages = tuple(stage.name for stage in kind.stages)
    choices = [(column, stages if column.type == "stage" else column.choices) for column in columns]
    day = next((column for column in columns if column.type == "date"), None)
    unit = next((column for column in columns if column.type == "unit"), None)
    units = Unit.objects.exclude(level="village").order_by("order", "code") if unit else ()
    return {
        "filters": [(column, words, want.filters.get(column.code, "")) for column, words in choices if words],
        "units": [(unit, list(units), want.filters.get(unit.code, ""))] if unit else [],
        "days": [(day, want.filters.get(f"{day.code}__from", ""), want.filters.get(f"{day.code}__to", ""))]
        if day
        else [],
    }


def _lights(rows: Sequence[Model], day: date) -> dict[str, tuple[Light, str]]:
    """The light of each matter among the rows, with its word."""
    matters = [row for row in rows if isinstance(row, Matter)]
    return {ref: (light, light.word) for ref, light in lights(matters, day).items()}


def link(kind: Kind, row: Model) -> str:
    """The address of an item's own page; empty for money and plans, which have their lists only."""
    return "" if kind.shape in ELSEWHERE else str(row.pk)


def _sorting(request: HttpRequest, column: ListColumn, sort: str) -> tuple[str, str]:
    """The address that sorts by a column (again: the other way), and the sign of the order in force."""
    wanted = f"-{column.code}" if sort == column.code else column.code
    sign = "↑" if sort == column.code else "↓" if sort == f"-{column.code}" else ""
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
    """The list as a workbook: the same filter, order, columns and masks as on the screen, all pages."""
    defined, want = kind_of(kind, seat), asked(request)
    listing = found(defined, seat, want)
    columns = shown_columns(listing.columns)
    lit = LIGHT if defined.shape == "matter" else ()
    heads = (columns[0], *lit, *columns[1:])
    data = workbook(defined.label, heads, _exported(listing, columns, defined, seat.day), unit_names())
    response = HttpResponse(data, content_type=XLSX)
    name = f"{defined.label}-{seat.day}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _exported(
    listing: Listing[Model], columns: Sequence[ListColumn], kind: Kind, day: date
) -> Iterator[list[object]]:
    """The values of the rows, some hundred rows at a time, with the light behind the name."""
    stored = listing.rows.iterator(chunk_size=500)
    while rows := list(islice(stored, 500)):
        shining = _lights(rows, day)
        for row in rows:
            first, *others = (_plain(column, row, kind) for column in columns)
            light = shining.get(str(row.pk))
            yield [first, *((light[1], light[0].reason) if light else ()), *others]


def _plain(column: ListColumn, row: Model, kind: Kind) -> object:
    """A value as kept; references by name and personal data masked, as on the screen."""
    linked = linked_row(column, row)
    if linked is not None:
        return str(linked)
    field, value = kind.field(column.code), column.value(row)
    return masked(field.personal, value) if field is not None and field.personal and value else value
