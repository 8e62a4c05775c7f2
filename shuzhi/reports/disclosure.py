"""Disclosure: the ledgers that law puts before the public, as each kind's own rule says, put on the portal's shelf."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shuzhi.books.verbs import close_books
from shuzhi.evidence import instance
from shuzhi.evidence.journal import enter
from shuzhi.kernel.catalogue.definitions import Catalogue, Field, Kind
from shuzhi.kernel.catalogue.items import Item, ItemEnv
from shuzhi.kernel.catalogue.rules import light, must_disclose
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import UNITS, amount, say
from shuzhi.matters.models import Matter
from shuzhi.matters.reading import LIGHT_WORDS, read_all
from shuzhi.portal.models import Publication
from shuzhi.portal.verbs import Content, publish
from shuzhi.records.models import Record
from shuzhi.records.queries import record_columns
from shuzhi.reports.screening import screened
from shuzhi.subjects.models import Subject
from shuzhi.subjects.queries import subject_columns
from shuzhi.units.models import Post, Unit
from shuzhi.units.queries import post_may, root

MISSING = "—"


@dataclass(frozen=True, slots=True)
class Row:
    """One disclosed item: its name, and its cells as the public sees them."""

    title: str
    cells: tuple[str, ...]


def publish_ledgers(*, by: Post, as_of: date, day: date) -> list[Publication]:
    """Put the ledgers that must be disclosed on the shelf, as the accounts stood on ``as_of``; give the new publications.

    Every public kind with a rule of disclosure is a table of the items for which the rule holds, with only the fields the
    rule names; kinds with nothing to show are left out, and a ledger of that day already on the shelf stays as it is
    (政府信息公开条例第十五条、第二十六条、第三十七条). Side effects, in order: the books are closed as of the day; one
    publication for each kind; one link. Raises Refused when the post has not the duty to publish.
    """
    here = root()
    if not post_may(by, duties=("publish",), unit=here):
        label = instance.catalogue().duties["publish"].label
        raise Refused(
            Finding("report.duty", f"“{by.title}”没有{label}职责，不能公开台账", f"请由有{label}职责的人办理")
        )
    kinds = [
        kind
        for kind in instance.catalogue().kinds.values()
        if _is_public(kind) and not _on_shelf(kind, as_of)
    ]
    tables = [(kind, rows) for kind in kinds if (rows := list(disclosed(kind, as_of)))]
    if not tables:
        return []
    closing = close_books(as_of, by=by.code, keep=True)
    with enter("公开台账", by=by.code, note=f"{as_of}：{'、'.join(kind.label for kind, _ in tables)}"):
        return [_publish(kind, rows, here, closing.id, by=by, as_of=as_of, day=day) for kind, rows in tables]


def _is_public(kind: Kind) -> bool:
    return kind.disclosure is not None and kind.visibility == "public"


def _slug(kind: Kind, as_of: date) -> str:
    return f"{kind.code.replace('_', '-')}-{as_of}"


def _on_shelf(kind: Kind, as_of: date) -> bool:
    return Publication.objects.filter(slug=_slug(kind, as_of)).exists()


def _publish(
    kind: Kind, rows: Sequence[Row], here: Unit, closing: str, *, by: Post, as_of: date, day: date
) -> Publication:
    """Put one ledger on the shelf."""
    heads = heads_of(kind)
    title = f"{here.name}{kind.label}台账（截至{as_of.year}年{as_of.month}月{as_of.day}日）"
    data = {
        "title": title,
        "as_of": as_of.isoformat(),
        "columns": list(heads),
        "rows": [[row.title, *row.cells] for row in rows],
    }
    content = Content(
        page(kind, title, rows), files=[("台账.csv", "text/csv", as_csv(heads, rows))], data=data
    )
    return publish(
        _slug(kind, as_of),
        "ledger",
        content,
        title=title,
        unit_name=here.name,
        day=day,
        closing=closing,
        by=by.code,
    )


# --- what may be seen -----------------------------------------------------------------------------------------------


def fields_of(kind: Kind) -> list[Field]:
    """The fields of a kind that its rule discloses: public ones, and never personal data."""
    named = kind.disclosure.fields if kind.disclosure else ()
    found = (kind.field(code) for code in named)
    return [field for field in found if field is not None and field.public and not field.personal]


def heads_of(kind: Kind) -> tuple[str, ...]:
    """The headings of a disclosed ledger."""
    labels = tuple(
        f"{field.label}（{field.unit}）" if field.unit else field.label for field in fields_of(kind)
    )
    after = ("责任单位", "环节", "进展") if kind.shape == "matter" else ("单位",)
    return ("名称", *labels, *after)


def disclosed(kind: Kind, as_of: date) -> Iterator[Row]:
    """The items of a kind that its rule puts before the public, as they stood on a day."""
    names = dict(Unit.objects.values_list("code", "name"))
    fields = fields_of(kind)
    for env in _envs(kind, as_of):
        if not must_disclose(env):
            continue
        columns, values = env.item.columns, env.item.fields
        unit = names.get(str(columns["unit"]), str(columns["unit"]))
        cells = [_told(field, values.get(field.code), names) for field in fields]
        after = [str(columns["stage"]), LIGHT_WORDS[light(env)[0]]] if kind.shape == "matter" else []
        named = columns["name" if kind.shape == "subject" else "title"]
        yield Row(screened(str(named)), (*cells, unit, *after))


def undisclosed(refs: Iterable[str], catalogue: Catalogue, as_of: date) -> set[str]:
    """The refs among these whose own rule keeps the item from the public on a day."""
    wanted = list(refs)
    rows = Matter.objects.filter(ref__in=wanted)
    found = {
        reading.matter.ref
        for reading in read_all(rows, as_of)
        if reading.kind.disclosure is not None and not must_disclose(reading.env)
    }
    for record in Record.objects.filter(ref__in=wanted):
        kind = catalogue.kinds[record.kind]
        if kind.disclosure is not None and not must_disclose(_record_env(kind, record, as_of)):
            found.add(record.ref)
    for subject in Subject.objects.filter(ref__in=wanted):
        kind = catalogue.kinds[subject.kind]
        if kind.disclosure is not None and not must_disclose(_subject_env(kind, subject, as_of)):
            found.add(subject.ref)
    return found


def _envs(kind: Kind, as_of: date) -> Iterator[ItemEnv]:
    """Every item of a kind as its rules see it on a day."""
    if kind.shape == "matter":
        matters = Matter.objects.filter(kind=kind.code, opened__lte=as_of).order_by("ref")
        yield from (reading.env for reading in read_all(matters, as_of))
    elif kind.shape == "record":
        records = Record.objects.filter(kind=kind.code, date__lte=as_of).order_by("ref")
        yield from (_record_env(kind, record, as_of) for record in records)
    elif kind.shape == "subject":
        subjects = Subject.objects.filter(kind=kind.code, since__lte=as_of).order_by("ref")
        yield from (_subject_env(kind, subject, as_of) for subject in subjects)


def _record_env(kind: Kind, record: Record, as_of: date) -> ItemEnv:
    item = Item(kind, record_columns(record), record.fields)
    return ItemEnv(item, instance.catalogue(), instance.calendar(), as_of)


def _subject_env(kind: Kind, subject: Subject, as_of: date) -> ItemEnv:
    """A subject as it was known on a day: an end that lay ahead was not."""
    columns = subject_columns(subject)
    if subject.until is not None and subject.until > as_of:
        columns["until"] = None
    return ItemEnv(Item(kind, columns, subject.fields), instance.catalogue(), instance.calendar(), as_of)


def _told(field: Field, value: object, names: Mapping[str, str]) -> str:
    """A value as the public reads it; quantities without their unit, which stands in the heading."""
    if value is None or value == "":
        return MISSING
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.type == "unit":
        return names.get(str(value), str(value))
    if field.type in ("quantity", "whole") and field.unit and isinstance(value, int):
        text = say(amount(value, UNITS[field.unit]), 8, grouped=True)
        return text.rstrip("0").rstrip(".") if "." in text else text
    return screened(str(value))


# --- as it is read --------------------------------------------------------------------------------------------------


def page(kind: Kind, title: str, rows: Sequence[Row]) -> SafeString:
    """The ledger as an HTML fragment; every text is escaped."""
    head = format_html_join("", '<th scope="col">{}</th>', ((text,) for text in heads_of(kind)))
    body = format_html_join(
        "\n",
        '<tr><th scope="row">{}</th>{}</tr>',
        ((row.title, format_html_join("", "<td>{}</td>", ((cell,) for cell in row.cells))) for row in rows),
    )
    basis = "；".join(
        f"{item.law}（本地做法）" if item.local else f"《{item.law}》{item.article}" for item in kind.basis
    )
    return format_html(
        '<h1>{}</h1>\n<p class="sub">共 {} 条。{}依据：{}。</p>\n'
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="public-ledger">'
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody></table></div>",
        title,
        len(rows),
        kind.note,
        basis,
        title,
        head,
        body,
    )


def as_csv(heads: Sequence[str], rows: Sequence[Row]) -> bytes:
    """The ledger as CSV that Excel opens as Chinese; no cell can become a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(heads)
    writer.writerows([[_plain(cell) for cell in (row.title, *row.cells)] for row in rows])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
