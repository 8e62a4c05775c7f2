"""Forms derived from a kind: one input for each field, as typed; the verbs clean and judge what was typed."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from shuzhi.desk.show import tidy
from shuzhi.kernel.catalogue.definitions import Field, Kind, LineKind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import UNITS, amount, say
from shuzhi.matters.papers import NewPaper
from shuzhi.subjects.ownership import told
from shuzhi.units.models import Unit

TYPES = {
    "date": "date",
    "whole": "text",
    "quantity": "text",
    "text": "text",
    "bool": "choice",
    "long": "long",
    "moment": "datetime-local",
}
BLANK_LINES = 3
LARGEST_MB = 50
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-zA-Z0-9.+-]{1,100}")
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a form: its name in the page, what it is for, how it is typed, and what stands in it.

    ``plain`` is the label without its unit, ``listed`` the ledger whose items are offered, ``error`` what is wrong in it,
    ``whose`` who else has to fill it in: then it is shown and not typed.
    """

    name: str
    label: str
    type: str
    value: str = ""
    required: bool = False
    note: str = ""
    choices: Sequence[tuple[str, str]] = ()
    inputmode: str = ""
    plain: str = ""
    listed: str = ""
    error: str = ""
    whose: str = ""

    @property
    def said(self) -> str:
        """What stands in it, for whoever may only read it."""
        return dict(self.choices).get(self.value, self.value)


def all_units() -> list[Unit]:
    """Every unit, in the order of the tree, for choosing one."""
    return list(Unit.objects.order_by("order", "code"))


def inputs(
    fields: Iterable[Field], given: Mapping[str, str], units: Sequence[Unit], locked: Collection[str] = ()
) -> list[Input]:
    """The inputs of a kind's fields, holding what was given; those ``locked`` are for others to fill in."""
    made = ((field, one(field, given.get(field.code, ""), units)) for field in fields)
    return [replace(item, whose=told(field)) if field.code in locked else item for field, item in made]


def one(field: Field, value: str, units: Sequence[Unit], prefix: str = "") -> Input:
    """The input of one field."""
    choices: list[tuple[str, str]] = [(choice, choice) for choice in field.choices]
    if field.type == "bool":
        choices = [("是", "是"), ("否", "否")]
    if field.type == "unit":
        choices = [(unit.code, unit.name) for unit in units]
    kind = "choice" if choices else TYPES.get(field.type, "text")
    label = f"{field.label}（{field.unit}）" if field.unit else field.label
    mode = "decimal" if field.type in ("quantity", "whole") else ""
    return Input(
        f"{prefix}{field.code}",
        label,
        kind,
        value,
        field.required,
        field.note,
        choices,
        mode,
        field.label,
        field.of,
    )


def typed(fields: Iterable[Field], kept: Mapping[str, object]) -> dict[str, str]:
    """Kept values as a person would type them: quantities in the field's unit, dates in ISO, 是 and 否."""
    texts = {}
    for field in fields:
        value = kept.get(field.code)
        if value is None:
            continue
        if isinstance(value, bool):
            texts[field.code] = "是" if value else "否"
        elif field.type in ("quantity", "whole") and field.unit and isinstance(value, int):
            texts[field.code] = tidy(say(amount(value, UNITS[field.unit]), 8))
        else:
            texts[field.code] = str(value)
    return texts


def posted(request: HttpRequest, fields: Iterable[Field], locked: Collection[str] = ()) -> dict[str, object]:
    """What was typed into the fields' inputs; what is ``locked`` has none, unless it was sent all the same."""
    asked = [field for field in fields if field.code not in locked or field.code in request.POST]
    return {field.code: request.POST.get(field.code, "").strip() for field in asked}


def posted_lines(request: HttpRequest, kind: Kind) -> dict[str, list[dict[str, str]]]:
    """The rows typed into the tables of a record; rows left wholly empty are no rows."""
    found: dict[str, list[dict[str, str]]] = {}
    for table in kind.lines:
        columns = {field.code: request.POST.getlist(f"{table.code}.{field.code}") for field in table.fields}
        count = max((len(values) for values in columns.values()), default=0)
        rows = [
            {code: values[number].strip() for code, values in columns.items() if number < len(values)}
            for number in range(count)
        ]
        found[table.code] = [dict(row) for row in rows if any(row.values())]
    return found


def line_inputs(
    table: LineKind, rows: Sequence[Mapping[str, str]], units: Sequence[Unit]
) -> list[list[Input]]:
    """The rows of a table's inputs: what is there, and a few blank ones."""
    wanted = [*rows, *({} for _ in range(BLANK_LINES))]
    prefix = f"{table.code}."
    return [[one(field, row.get(field.code, ""), units, prefix) for field in table.fields] for row in wanted]


def papers_in(request: HttpRequest, kinds: Sequence[str], day: date) -> list[NewPaper]:
    """The files handed in with a step: those of the kinds asked for, in their order, and one of any kind."""
    handed = []
    for number, kind in enumerate(kinds):
        upload = request.FILES.get(f"paper-{number}")
        if isinstance(upload, UploadedFile):
            handed.append(_paper(kind, upload, day))
    other = request.FILES.get("paper")
    if isinstance(other, UploadedFile):
        handed.append(_paper(request.POST.get("paper-kind", ""), other, day))
    return handed


def _paper(kind: str, upload: "UploadedFile[bytes]", day: date) -> NewPaper:
    """A file as a paper: its size bounded, its name and media type only what they may be."""
    name = safe_name(upload.name or "")
    if (upload.size or 0) > LARGEST_MB * 1024 * 1024:
        hint = "请压缩或分成几份再传"
        raise Refused(Finding("desk.large", f"文件超过 {LARGEST_MB} MB", hint, name))
    sent = upload.content_type or ""
    media_type = sent if _MEDIA_TYPE.fullmatch(sent) else "application/octet-stream"
    return NewPaper(
        kind=kind, title=PurePath(name).stem[:200], day=day, data=upload.read(), media_type=media_type
    )


def safe_name(name: str) -> str:
    """The last part of a file's name, without control characters and signs that turn the writing around."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return _NOT_IN_NAMES.sub("", last).strip(" .") or "未命名"
