"""What one row would do, and the means to do it: who acts, what the accounts hold, where a finding points."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from shuzhi.evidence.journal import Writing
from shuzhi.intake.columns import Column
from shuzhi.intake.numbers import Numbers
from shuzhi.intake.sheets import Row, Sheet, amount_text
from shuzhi.intake.values import Unreadable, day_of, half_width
from shuzhi.intake.xlsx import Cell
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.matters.models import Matter
from shuzhi.records.models import Record
from shuzhi.subjects.models import Subject
from shuzhi.subjects.ownership import changing_post
from shuzhi.subjects.rights import duties_for, post_for, short, visible_units, whose
from shuzhi.units.models import Post, Unit, User
from shuzhi.units.queries import acting_post

Value = TypeVar("Value")
Account_ = TypeVar("Account_", bound=Model)
OPENED, CHANGED, UNCHANGED, WRONG = "新增", "变更", "不变", "有误"
_LINE = re.compile(r"·([^·]+)第(\d+)行")
_YES = ("是", "有", "√", "✓", "1", "y", "yes", "true")
_NO = ("否", "无", "×", "0", "n", "no", "false")


@dataclass(frozen=True, slots=True)
class Step:
    """What a row does: ``outcome`` is one of the four words, ``what`` names the thing in the office's words."""

    sheet: str
    row: int
    outcome: str
    what: str


@dataclass(slots=True)
class Actor:
    """Who imports, and on which day: a person acting by the posts held, or the instance itself (None)."""

    user: User | None
    day: date

    def post(self, duties: tuple[str, ...], unit: Unit) -> Post | None:
        """The post by which the person may act on the unit; raises Refused when there is none."""
        if self.user is None:
            return None
        return self._sure(acting_post(self.user, duties=duties, unit=unit, day=self.day), duties, unit)

    def post_for(self, kind: Kind, act: str, unit: Unit) -> Post | None:
        """The same for an act on an item of a kind."""
        if self.user is None:
            return None
        duties, own = duties_for(kind, act), short(kind)
        found = post_for(self.user, act=act, kind=kind, unit=unit, day=self.day)
        return self._sure(found, duties, unit, own)

    def changing(self, kind: Kind, unit: Unit, fields: Collection[str]) -> Post | None:
        """The post by which the person may change these fields of an item; raises Refused when there is none."""
        if self.user is None:
            return None
        found = changing_post(self.user, kind=kind, unit=unit, day=self.day, fields=fields)
        return self._sure(found, duties_for(kind, "fill"), unit, short(kind))

    def _sure(
        self, post: Post | None, duties: tuple[str, ...], unit: Unit, own: Collection[str] = ()
    ) -> Post:
        if post is None:
            who = self.user.name if self.user else ""
            message = f"{who}没有可以填报{unit.name}这项内容的职务"
            raise Refused(Finding("intake.right", message, whose(duties, unit, own).replace("办理", "导入")))
        return post


@dataclass(slots=True)
class Context:
    """What one load shares between its rows."""

    actor: Actor
    catalogue: Catalogue
    entry: Writing
    materials: Mapping[str, bytes]
    findings: list[Finding] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    later: list[Callable[[], None]] = field(default_factory=list)
    subjects: dict[str, Subject] = field(default_factory=dict)
    _numbers: dict[str, Numbers] = field(default_factory=dict)
    observed: dict[tuple[str, Unit, int, int], str] = field(default_factory=dict)
    _units: dict[str, list[Unit]] = field(default_factory=dict)
    _posts: dict[str, Post] = field(default_factory=dict)
    _hidden: Q = field(default_factory=Q)
    _materials: dict[str, list[str]] = field(default_factory=dict)

    def seen(self, rows: QuerySet[Account_]) -> QuerySet[Account_]:
        """Of accounts that have a kind and a unit, those the importer may see: what must not be seen is neither found
        by a row nor offered as the nearest name.
        """
        user = self.actor.user
        if user is None:
            return rows
        if not self._hidden:
            for kind in self.catalogue.kinds.values():
                units = visible_units(user, kind, self.actor.day)
                if units is not None:
                    self._hidden |= Q(kind=kind.code) & ~Q(unit__in=units)
        return rows.exclude(self._hidden)

    def numbers(self, model: type[Matter] | type[Record], kind: Kind) -> Numbers:
        """The matters or records of a kind by their numbers."""
        if kind.code not in self._numbers:
            rows = model.objects.filter(kind=kind.code)
            self._numbers[kind.code] = Numbers(self.seen(rows))  # type: ignore[arg-type]
        return self._numbers[kind.code]

    def material(self, name: str) -> bytes | None:
        """The file of a paper by its path or, wherever in the folder it lies, by its name, when only one bears it."""
        if name in self.materials:
            return self.materials[name]
        if not self._materials:
            for path in self.materials:
                self._materials.setdefault(path.rpartition("/")[2], []).append(path)
        found = self._materials.get(name, [])
        return self.materials[found[0]] if len(found) == 1 else None

    def remember(self, unit: Unit) -> None:
        """Let rows name a unit by its code or its name."""
        for key in {unit.code, unit.name}:
            self._units.setdefault(key, []).append(unit)

    def learn_units(self) -> None:
        """Read the units there are; rows of this workbook may found more."""
        units = {unit.code: unit for unit in Unit.objects.order_by("order", "code")}
        for unit in units.values():
            if unit.parent_id is not None:
                unit.parent = units[unit.parent_id]  # so that climbing the tree asks the database nothing
            self.remember(unit)

    def root(self) -> Unit | None:
        """The unit these books are of, or None before it is founded."""
        return next(
            (item for units in self._units.values() for item in units if item.parent_id is None), None
        )

    def unit(self, text: str) -> Unit:
        """The unit a text names by code or name, a village also as 镇＋村; raises Unreadable with the nearest name."""
        found = self._units.get(text.strip(), [])
        if not found:
            found = [
                unit
                for name, units in self._units.items()
                if text.endswith(name)
                for unit in units
                if unit.parent is not None and text == f"{unit.parent.name}{unit.name}"
            ]
        if len(found) == 1:
            return found[0]
        if found:
            codes = "、".join(f"{item.code}（{item.parent}）" for item in found)
            raise Unreadable(f"叫“{text}”的单位不止一个", f"请改填代码：{codes}")
        raise Unreadable(f"没有“{text}”这个单位", nearest(text, self._units))

    def post(self, text: str) -> Post:
        """The post a text names by code, or as the unit's name followed by its title; raises Unreadable."""
        known = self._posts.get(text)
        if known is not None:
            return known
        found = Post.objects.filter(code=text).first()
        if found is not None:
            found.unit = self.unit(found.unit_id)
            self._posts[text] = found
            return found
        by_name = {f"{post.unit.name}{post.title}": post for post in Post.objects.select_related("unit")}
        wanted = "".join(text.replace("·", "").split())
        if wanted in by_name:
            return by_name[wanted]
        raise Unreadable(f"没有“{text}”这个职务", nearest(wanted, by_name))


def nearest(text: str, known: Mapping[str, object]) -> str:
    """A hint with the nearest known names, or what to do when none is near."""
    near = get_close_matches(text, list(known), n=3, cutoff=0.5)
    return f"是不是：{'、'.join(near)}？" if near else "请核对名称，或先登记"


@dataclass(slots=True)
class Reading:
    """The reading of one row: values by column, findings at their cells.

    ``focus`` is the column a refusal is about when it names none (the amount of a payment, the stage of a step).
    """

    context: Context
    sheet: Sheet
    row: Row
    findings: list[Finding] = field(default_factory=list)
    tables: Mapping[str, Sequence["Reading"]] = field(default_factory=dict)
    focus: str = ""

    @property
    def line_label(self) -> str:
        """The label of the table inside a record the row belongs to, or empty."""
        line = self.sheet.form.line
        return line.label if line is not None else ""

    def wrong(self, code: str, name: str, message: str, hint: str = "") -> None:
        """Add an error at a column's cell."""
        self.findings.append(Finding(name, message, hint, self.row.place(code)))

    def tell(self, findings: Iterable[Finding], code: str = "") -> None:
        """Add findings a verb gave back, at a column's cell."""
        for item in findings:
            self.findings.append(
                Finding(item.id, item.message, item.hint, self.row.place(code), item.severity)
            )

    def text(self, code: str) -> str:
        """What a column says."""
        return self.row.text(code)

    def needed(self, code: str) -> str:
        """What a required column says; an error when it says nothing."""
        said = self.row.text(code)
        if not said:
            column = self.sheet.form.column(code)
            self.wrong(code, "intake.empty", f"“{column.label if column else code}”必填", "请补填")
        return said

    def _try(self, code: str, read: Callable[[Cell], Value]) -> Value | None:
        cell = self.row.cells.get(code)
        if cell is None or not cell.text:
            return None
        try:
            return read(cell)
        except Unreadable as error:
            self.wrong(code, "intake.unreadable-cell", str(error), error.hint)
        except Refused as refused:
            self.findings.extend(relocated(self, refused, code))
        return None

    def day(self, code: str) -> date | None:
        """The day of a column, or None."""
        return self._try(code, day_of)

    def unit(self, code: str = "unit") -> Unit | None:
        """The unit of a column, or None."""
        return self._try(code, lambda cell: self.context.unit(cell.text))

    def post(self, code: str) -> Post | None:
        """The post of a column, or None."""
        return self._try(code, lambda cell: self.context.post(cell.text))

    def numbered(self, model: type[Matter] | type[Record], kind: Kind, code: str) -> str | None:
        """The ref of the matter or record of a kind that a cell names by number or ref, or None."""
        column = (row.text(code) for row in self.sheet.rows)
        return self.context.numbers(model, kind).ref(self.text(code), column)

    def whole(self, code: str) -> int | None:
        """The whole number of a column (a year may be written 2025年), or None."""
        return self._try(code, _whole)

    def amount(self, code: str) -> str | None:
        """The quantity of a column as exact text in its unit, or None."""
        return self._try(code, lambda cell: amount_text(self.sheet, code, cell))

    def fields(self) -> dict[str, object]:
        """The fields of the kind that the row fills, as text the accounts clean; an empty cell says nothing."""
        raw: dict[str, object] = {}
        for item in self.sheet.head.mapped:
            column = item.column
            if column.source == "field" and self.row.text(column.code):
                value = self._field(column)
                if value is not None:
                    raw[column.code] = value
        return raw

    def _field(self, column: Column) -> object:
        if column.type == "quantity" and column.unit:
            return self.amount(column.code)
        if column.type == "date":
            day = self.day(column.code)
            return day.isoformat() if day is not None else None
        if column.type == "moment":
            return self._try(column.code, lambda cell: f"{cell.text} {cell.time}".strip())
        if column.type == "whole":
            return self.whole(column.code)
        if column.type == "bool":
            return self._try(column.code, _yes_or_no)
        if column.type == "unit":
            unit = self.unit(column.code)
            return unit.code if unit is not None else None
        if column.type == "choice":
            return self._try(column.code, lambda cell: _choice(column, cell))
        return self.row.text(column.code)


def _whole(cell: Cell) -> int:
    text = half_width(cell.text).replace(",", "").rstrip("年月 ").strip()
    if not text.lstrip("-").isdigit():
        raise Unreadable(f"“{cell.text}”不是整数", "请只填整数")
    return int(text)


def _yes_or_no(cell: Cell) -> str:
    said = half_width(cell.text).strip().lower()
    if said in _YES or said in _NO:
        return "是" if said in _YES else "否"
    raise Unreadable(f"“{cell.text}”既不是“是”也不是“否”", "请填 是 或 否")


def _choice(column: Column, cell: Cell) -> str:
    if cell.text in column.choices:
        return cell.text
    near = get_close_matches(cell.text, column.choices, n=1, cutoff=0.5)
    told = f"是不是“{near[0]}”？" if near else ""
    raise Unreadable(f"“{column.label}”没有“{cell.text}”这一项", f"{told}可填：{'、'.join(column.choices)}")


def relocated(reading: Reading, refused: Refused, code: str = "") -> Iterator[Finding]:
    """The findings of a refusal at the cells they speak of: a verb's place ends with the label of a field, and names
    the row of a table inside a record.
    """
    for item in refused.findings:
        yield Finding(item.id, item.message, item.hint, _cell(reading, item, code), item.severity)


def _cell(reading: Reading, item: Finding, code: str) -> str:
    match = _LINE.search(item.place)
    if match is not None:
        inside = next((rows for rows in reading.tables.values() if rows[0].line_label == match[1]), ())
        if len(inside) >= int(match[2]):
            reading = inside[int(match[2]) - 1]
    labels = {mapped.column.label: mapped.column.code for mapped in reading.sheet.head.mapped}
    said = item.place.rpartition("·")[2]
    named_in = next((labels[name] for name in labels if f"“{name}”" in item.message), "")
    return reading.row.place(labels.get(said) or code or named_in or reading.focus)


@contextmanager
def one_row(reading: Reading, code: str = "") -> Iterator[None]:
    """Do a row's verbs so that a refusal undoes the row and becomes findings at its cells (or at the one named)."""
    try:
        with transaction.atomic():
            yield
    except Refused as refused:
        reading.context.entry.forget()
        reading.findings.extend(relocated(reading, refused, code))
