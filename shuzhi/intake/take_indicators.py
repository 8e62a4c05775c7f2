"""Rows of 指标数据 and 指标月报: observations with their status, one vintage for each change."""

from collections.abc import Iterator

from shuzhi.indicators.rights import duties_to_observe, reporting_post
from shuzhi.indicators.verbs import observe
from shuzhi.indicators.verified import agree
from shuzhi.intake.columns import ROLE_WORDS
from shuzhi.intake.months import Slot, year_in
from shuzhi.intake.steps import CHANGED, OPENED, UNCHANGED, Context, Reading, nearest, one_row
from shuzhi.intake.values import Unreadable, quantity, rescaled
from shuzhi.intake.xlsx import Cell
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.finding import Finding
from shuzhi.kernel.measure import UNITS, unit
from shuzhi.units.models import Unit


def take_value(reading: Reading) -> tuple[str, str]:
    """One value of one indicator: a row of the long layout."""
    return one_value(reading, ROLE_WORDS.get(reading.text("role"), "actual"), reading.whole("month"))


def one_value(reading: Reading, role: str, month: int | None) -> tuple[str, str]:
    """Report the one value of a row in a role; an empty cell needs a reason."""
    indicator, unit_ = indicator_of(reading), unit_of(reading)
    year = year_of(reading)
    cell = reading.row.cells.get("value")
    if indicator is None or unit_ is None or year is None or month is None:
        if not reading.findings:
            reading.wrong("indicator", "intake.empty", "指标、年份、月份都要填", "请补填")
        return UNCHANGED, f"指标 {reading.text('indicator')}"
    if cell is None and not reading.text("reason"):
        reading.wrong(
            "value", "intake.empty", "没有数值，也没有说明", "填数，或在“说明”里写为何没有（空白不是零）"
        )
    return _observe(
        reading, indicator, unit_, Slot(role, year, month), cell, "value"
    ), f"指标 {indicator.label}"


def take_months(reading: Reading) -> tuple[str, str]:
    """A row of the grid: every month that says something; an empty cell is no report, not a zero."""
    indicator, unit_ = indicator_of(reading), unit_of(reading)
    what = f"指标 {reading.text('indicator')}"
    outcomes = {UNCHANGED}
    if indicator is None or unit_ is None:
        return UNCHANGED, what
    for code, slot in _slots(reading):
        cell = reading.row.cells[code]
        year = slot.year or year_of(reading)
        if year is None:
            reading.wrong(
                code, "intake.year", "看不出是哪一年的数", "请加一列“年份”，或在表名、列名中写明年份"
            )
            return UNCHANGED, what
        outcomes.add(_observe(reading, indicator, unit_, Slot(slot.role, year, slot.month), cell, code))
    return next(item for item in (CHANGED, OPENED, UNCHANGED) if item in outcomes), f"指标 {indicator.label}"


def _slots(reading: Reading) -> Iterator[tuple[str, Slot]]:
    for code, cell in reading.row.cells.items():
        slot = Slot.parse(code)
        if slot is not None and cell.text.strip("-—－/ "):
            yield code, slot


def indicator_of(reading: Reading) -> Indicator | None:
    """The indicator a row names by label, code or one of its words."""
    said = reading.needed("indicator").strip()
    known: dict[str, Indicator] = {}
    for item in reading.context.catalogue.indicators.values():
        for word in item.words:
            known.setdefault(word, item)
    for item in reading.context.catalogue.indicators.values():
        known |= {item.code: item, item.label: item}
    bare = said.replace("（", "(").partition("(")[0].lstrip("其中：:#*0123456789.、 ")
    found = known.get(said) or known.get(bare)
    if found is None and said:
        reading.wrong("indicator", "intake.indicator", f"没有“{said}”这个指标", nearest(bare or said, known))
    return found


def unit_of(reading: Reading) -> Unit | None:
    """The unit reported on: the row's, or the whole county."""
    if reading.text("unit"):
        return reading.unit("unit")
    root = reading.context.root()
    if root is None:
        reading.wrong("indicator", "intake.no-root", "还没有登记单位", "请先导入“单位”")
    return root


def year_of(reading: Reading) -> int | None:
    """The year of the row, or the one the tab or the title of the sheet names."""
    return reading.whole("year") or year_in(reading.sheet.title) or None


def _observe(
    reading: Reading, indicator: Indicator, unit_: Unit, slot: Slot, cell: Cell | None, code: str
) -> str:
    """Report one value; a refusal becomes findings at its own cell."""
    try:
        value = amount_of(reading, indicator, cell) if cell is not None else None
    except Unreadable as error:
        reading.wrong(code, "intake.unreadable-cell", str(error), error.hint)
        return UNCHANGED
    outcome = UNCHANGED
    with one_row(reading, code):
        actor = reading.context.actor
        own = actor.user and reporting_post(actor.user, indicator, unit_, role=slot.role, day=actor.day)
        by = own or actor.post(duties_to_observe(indicator, slot.role), unit_)
        seen = observe(
            indicator,
            unit_,
            year=slot.year,
            month=slot.month,
            value=value,
            by=by,
            role=slot.role,
            status=reading.text("status") if slot.role == "actual" else "",
            reason=reading.text("reason"),
        )
        reading.tell(seen.findings, code)
        if seen.new and slot.role == "actual":
            _agree_later(reading, indicator, unit_, slot, code)
        if seen.new and seen.observation is not None:
            outcome = OPENED if seen.observation.vintage == 1 else CHANGED
    return outcome


def _agree_later(reading: Reading, indicator: Indicator, unit_: Unit, slot: Slot, code: str) -> None:
    """Note a cell for the look at all of the workbook's values together, once every row is taken."""
    context = reading.context
    if not context.observed:
        context.later.append(lambda: _agree(context))
    context.observed.setdefault((indicator.code, unit_, slot.year, slot.month), reading.row.place(code))


def _agree(context: Context) -> None:
    """Whether the numbers agree with each other; what does not is told at the first cell that brought it up."""
    for cell, fault in agree(context.observed):
        found, place = fault.finding(), context.observed[cell]
        message = f"{fault.place}：{found.message}"
        context.findings.append(Finding(found.id, message, found.hint, place, found.severity))


def amount_of(reading: Reading, indicator: Indicator, cell: Cell) -> str:
    """The value in the indicator's unit; the row may be in another unit of the family (万元 for 亿元)."""
    own = unit(indicator.unit)
    said = reading.text("measured") or reading.sheet.head.unit
    given = UNITS.get(said, own)
    if given.family != own.family:
        if reading.text("measured"):
            raise Unreadable(
                f"“{indicator.label}”的计量单位是{own.name}，本行写的是{said}", "请核对指标和单位"
            )
        given = own
    text = quantity(cell, given)
    return rescaled(text, given, own) if given != own else text
