"""Loading workbooks: a dry run that does everything and keeps nothing, and a load that keeps all of it or nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from shuzhi.evidence import instance
from shuzhi.evidence.journal import enter
from shuzhi.intake import columns as sheet_forms
from shuzhi.intake.columns import Form
from shuzhi.intake.forms import forms
from shuzhi.intake.sheets import Sheet, Workbook, read_workbook
from shuzhi.intake.steps import UNCHANGED, WRONG, Actor, Context, Reading, Step, one_row
from shuzhi.intake.take_funds import take_allocation, take_budget, take_payment
from shuzhi.intake.take_indicators import take_months, take_value
from shuzhi.intake.take_ledgers import take_lines, take_matter, take_move, take_record, take_subject
from shuzhi.intake.take_plans import take_plan_item
from shuzhi.intake.take_targets import take_adjustment, take_mark, take_target
from shuzhi.intake.take_units import take_post, take_seat, take_unit
from shuzhi.intake.values import Unreadable, day_of
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.subjects.rights import SYSTEM
from shuzhi.units.models import User
from shuzhi.units.queries import posts_of

Taker = Callable[[Reading], tuple[str, str]]
_FIXED: Mapping[str, Taker] = {
    sheet_forms.UNITS_FORM: take_unit,
    sheet_forms.POSTS_FORM: take_post,
    sheet_forms.SEATS_FORM: take_seat,
    sheet_forms.VALUES_FORM: take_value,
    sheet_forms.MONTHS_FORM: take_months,
    sheet_forms.TARGETS_FORM: take_target,
    sheet_forms.ADJUST_FORM: take_adjustment,
    sheet_forms.MARKS_FORM: take_mark,
}
_PARTS: Mapping[str, Taker] = {
    sheet_forms.MOVES_FORM: take_move,
    sheet_forms.BUDGET: take_budget,
    sheet_forms.ALLOCATION: take_allocation,
    sheet_forms.PAYMENT: take_payment,
}
_SHAPES: Mapping[str, Taker] = {"subject": take_subject, "matter": take_matter, "plan": take_plan_item}
# What must be there before what: rows may name anything of an earlier sheet.
_ORDER: Sequence[str] = (
    sheet_forms.UNITS_FORM,
    sheet_forms.POSTS_FORM,
    sheet_forms.SEATS_FORM,
    "subject",
    "matter",
    "record",
    sheet_forms.BUDGET,
    sheet_forms.ALLOCATION,
    sheet_forms.PAYMENT,
    sheet_forms.MOVES_FORM,
    sheet_forms.VALUES_FORM,
    sheet_forms.MONTHS_FORM,
    sheet_forms.TARGETS_FORM,
    sheet_forms.ADJUST_FORM,
    sheet_forms.MARKS_FORM,
    "plan",
)


@dataclass(frozen=True, slots=True)
class Result:
    """What a workbook did or would do, row by row, and everything found; ``loaded`` says whether it was kept."""

    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    loaded: bool

    @property
    def fit(self) -> bool:
        """Whether nothing stands in the way of loading."""
        return not any(item.severity is Severity.ERROR for item in self.findings)

    def counts(self) -> Mapping[str, int]:
        """How many rows are 新增, 变更, 不变, 有误."""
        return Counter(step.outcome for step in self.steps)


class _Undo(Exception):
    """Ends a transaction of which nothing is to be kept."""


def dry_run(
    data: bytes, *, by: User | None, day: date | None = None, materials: Mapping[str, bytes] | None = None
) -> Result:
    """What loading the workbook would do: every row is really done, by the same verbs, and then undone.

    ``by`` is the person importing (None: the instance itself), ``materials`` the files beside the workbook by name.
    Nothing is kept: no row, no link of the journal, no file.
    """
    return _run(data, Actor(by, day or timezone.localdate()), materials, keep=False)


def load(
    data: bytes, *, by: User | None, day: date | None = None, materials: Mapping[str, bytes] | None = None
) -> Result:
    """Load the workbook: all of it in one transaction and one link of the journal, or, with any error, nothing.

    Loading the same workbook again changes nothing and adds no link. Side effects, in order: the verbs of every row;
    the files of its papers; one link of the journal.
    """
    return _run(data, Actor(by, day or timezone.localdate()), materials, keep=True)


def _run(data: bytes, actor: Actor, materials: Mapping[str, bytes] | None, *, keep: bool) -> Result:
    try:
        catalogue = instance.catalogue()
        book = read_workbook(data, forms(catalogue))
        signed = _signed(actor)
    except Refused as refused:
        return Result((), refused.findings, loaded=False)
    findings = [*book.findings, *(item for sheet in book.sheets for item in sheet.findings)]
    steps: list[Step] = []
    loaded = False
    try:
        with enter(
            "导入工作簿", by=signed, note="、".join(sheet.name for sheet in book.sheets)[:200]
        ) as entry:
            beside = {} if materials is None else materials
            context = Context(actor, catalogue, entry, beside, findings, steps)
            context.learn_units()
            _walk(context, book)
            for check in context.later:
                check()
            if not keep or any(item.severity is Severity.ERROR for item in findings):
                raise _Undo
            loaded = True
    except _Undo:
        pass
    return Result(tuple(steps), tuple(findings), loaded)


def _signed(actor: Actor) -> str:
    """Whom the journal names: a post the person holds that day, or the instance; raises Refused without a post."""
    if actor.user is None:
        return SYSTEM
    post = posts_of(actor.user, actor.day).order_by("code").first()
    if post is None:
        raise Refused(Finding("intake.right", f"{actor.user.name}今天没有职务，不能导入", "请先办理任职"))
    return post.code


def _rank(form: Form) -> int:
    shape = form.kind.shape if form.kind is not None and not form.part else ""
    return _ORDER.index(form.part or shape or form.code)


def _walk(context: Context, book: Workbook) -> None:
    """Take every row of every sheet, what others may name first."""
    lines = _lines(context, book)
    moves: list[Reading] = []
    for sheet in sorted(
        (item for item in book.sheets if item.form.line is None), key=lambda item: _rank(item.form)
    ):
        if sheet.form.part == sheet_forms.MOVES_FORM:
            moves.extend(Reading(context, sheet, row) for row in sheet.rows)
            continue
        if moves and _rank(sheet.form) > _ORDER.index(sheet_forms.MOVES_FORM):
            _take_moves(moves)
        _take_sheet(context, sheet, lines)
    _take_moves(moves)
    for (_, table), groups in lines.items():
        for readings in groups.values():
            _take(readings[0], _group_taker(readings, table), readings)


def _group_taker(readings: Sequence[Reading], table: str) -> Taker:
    def take(_: Reading) -> tuple[str, str]:
        return take_lines(readings, table)

    return take


def _record_taker(tables: Mapping[str, Sequence[Reading]]) -> Taker:
    def take(reading: Reading) -> tuple[str, str]:
        return take_record(reading, tables)

    return take


def _take_moves(moves: list[Reading]) -> None:
    """Movements of all ledgers by their days: a step is judged by what came before it."""
    for reading in sorted(moves, key=lambda item: _when(item) or date.max):
        _take(reading, take_move)
    moves.clear()


def _when(reading: Reading) -> date | None:
    cell = reading.row.cells.get("date")
    try:
        return day_of(cell) if cell is not None else None
    except Unreadable:
        return None


Lines = dict[tuple[str, str], dict[str, list[Reading]]]


def _lines(context: Context, book: Workbook) -> Lines:
    """The rows of tables inside records: by kind and table, then by the record's number."""
    found: Lines = {}
    for sheet in book.sheets:
        form = sheet.form
        if form.line is None or form.kind is None:
            continue
        groups = found.setdefault((form.kind.code, form.line.code), {})
        for row in sheet.rows:
            groups.setdefault(row.text("record"), []).append(Reading(context, sheet, row))
    return found


def _take_sheet(context: Context, sheet: Sheet, lines: Lines) -> None:
    form = sheet.form
    taker = _FIXED.get(form.code) or _PARTS.get(form.part)
    seen: dict[str, int] = {}
    for row in sheet.rows:
        reading = Reading(context, sheet, row)
        _refuse_twice(reading, seen)
        if taker is not None:
            _take(reading, taker)
        elif form.kind is not None and form.kind.shape == "record":
            own = _own_lines(form.kind.code, row.text("number"), lines)
            reading.tables = own
            _take(reading, _record_taker(own))
        elif form.kind is not None:
            _take(reading, _SHAPES[form.kind.shape])


def _own_lines(kind: str, number: str, lines: Lines) -> dict[str, list[Reading]]:
    """The rows of a record's tables, taken out of what is left."""
    return {
        table: groups.pop(number)
        for (owner, table), groups in lines.items()
        if owner == kind and number in groups
    }


def _refuse_twice(reading: Reading, seen: dict[str, int]) -> None:
    """Two rows of a sheet with one number: which of them is meant cannot be guessed."""
    key = next((code for code in ("number", "code") if reading.text(code)), "")
    if not key:
        return
    number = reading.text(key)
    if reading.sheet.form.part == sheet_forms.PAYMENT:
        number = f"{reading.text('allocation')}/{number}"
    if number in seen:
        message = f"“{reading.text(key)}”在本表第{seen[number]}行已有"
        reading.wrong(key, "intake.twice", message, "同一件只填一行；另一件请另编号")
    seen.setdefault(number, reading.row.number)


def _take(reading: Reading, taker: Taker, group: Sequence[Reading] = ()) -> None:
    """Do one row (or the group of rows that stand for one thing) and note what became of it."""
    outcome, what = UNCHANGED, ""
    already = bool(reading.findings)
    with one_row(reading):
        outcome, what = taker(reading)
    found = list(_found(reading, group))
    reading.context.findings.extend(found)
    if already or any(item.severity is Severity.ERROR for item in found):
        outcome = WRONG
    reading.context.steps.append(
        Step(reading.row.sheet, reading.row.number, outcome, what or reading.sheet.form.title)
    )


def _found(reading: Reading, group: Sequence[Reading]) -> Iterator[Finding]:
    """The findings of a row and of the rows that belong to it, each once."""
    for item in (reading, *(row for row in group if row is not reading)):
        yield from item.findings
    for rows in reading.tables.values():
        for row in rows:
            yield from row.findings
