"""Compute: questions and closings in, figures out. Nothing is written, nothing asked of any database.

All questions are worked out together: whatever they need of one relation is read in one scan, then each formula is
finished in exact fractions. Formulas whose leaves depend on other leaves take a further round.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from shuzhi.figures import rows as row_reader
from shuzhi.figures.ask import Ask, Figure, Part, Trace
from shuzhi.figures.closing import Closing
from shuzhi.figures.context import Context
from shuzhi.figures.kept import Kept
from shuzhi.figures.leaves import Cut
from shuzhi.figures.many.damaged import sound
from shuzhi.figures.many.reading import Reader
from shuzhi.figures.notes import Notes, exactly
from shuzhi.figures.observed import Seen, weakest
from shuzhi.figures.printing import Style, in_unit, printed, settled, worded
from shuzhi.figures.reader import Reader as FigureReader
from shuzhi.figures.session import Session
from shuzhi.figures.tree import tree_of
from shuzhi.figures.words import Formula
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import MISSING, Aggregate, Amount, Name, Value
from shuzhi.kernel.expr.rows import evaluate
from shuzhi.kernel.finding import Finding
from shuzhi.kernel.measure import UNITS

__all__ = ["Ask", "Figure", "Worked", "compute", "records", "refusal", "worked"]

_MOST_ROUNDS = 100


@dataclass
class _Work:
    """One ask while it is worked out."""

    ask: Ask
    formula: Formula | None = None
    context: Context | None = None
    refused: Finding | None = None
    value: Value = MISSING
    notes: Notes = field(default_factory=Notes)


@dataclass(frozen=True, slots=True)
class Worked:
    """A figure with what was read for it: the cuts through relations, and the observations."""

    figure: Figure
    cuts: tuple[Cut, ...]
    seen: tuple[Seen, ...]


def compute(
    asks: Sequence[Ask],
    closings: Sequence[Closing],
    *,
    cache: Path | None = None,
    reader: Reader | None = None,
) -> list[Figure]:
    """The figures of the asks over one or many closings, in the order of the asks.

    An ask that cannot be understood gives a figure without value whose reason says why (see :func:`refusal`). ``cache``
    is a folder in which partials are kept from one process to the next. Definitions are those of the newest closing.
    ``reader`` says where closings are read; in this process when nothing is said. A closing given twice counts once. Raises Refused when a closing is damaged or two are of one unit, ValueError when
    there is none.
    """
    kept = _shelf(cache) if cache is not None else None
    try:
        return [one.figure for one in worked(asks, closings, shelf=kept, reader=reader)]
    finally:
        if kept is not None:
            kept.close()


def worked(
    asks: Sequence[Ask],
    closings: Sequence[Closing],
    *,
    shelf: Kept | None = None,
    reader: Reader | None = None,
) -> list[Worked]:
    """As :func:`compute`, each figure with what was read for it; ``shelf`` is where partials are kept."""
    session = _session(closings, shelf, reader)
    works = [_begin(ask, session) for ask in asks]
    _work(works, session)
    return [
        Worked(_warned(_figure(work, session), work), tuple(work.notes.cuts), tuple(work.notes.seen))
        for work in works
    ]


def _shelf(folder: Path) -> Kept:
    from shuzhi.figures.many.shelf import Shelf  # a stranger's recomputation needs no database of any kind

    return Shelf(folder)


def refusal(ask: Ask, closings: Sequence[Closing]) -> Finding | None:
    """Why an ask cannot be answered at all (a formula, unit or year that is no such thing), or None."""
    return _begin(ask, _session(closings, None)).refused


def _session(closings: Sequence[Closing], kept: Kept | None, reader: Reader | None = None) -> Session:
    if not closings:
        raise ValueError("compute needs a closing")
    once = {closing.id: closing for closing in closings}
    newest = max(once.values(), key=lambda closing: (closing.as_of, closing.id))
    return Session(list(once.values()), sound(newest, lambda: newest.catalogue), kept, reader)


def _work(works: Sequence[_Work], session: Session) -> None:
    """Evaluate, read what was wanted, evaluate again what was not finished."""
    opened = [work for work in works if work.refused is None]
    for _ in range(_MOST_ROUNDS):
        for work in opened:
            work.notes = Notes()
            if work.formula is None or work.context is None:
                continue
            try:
                work.value = evaluate(work.formula.node, FigureReader(session, work.context, work.notes))
            except ExpressionError as error:
                work.refused = _bad_formula(work.ask, error)
        opened = [work for work in opened if work.refused is None and work.notes.pending]
        if not session.read():
            return
    raise RuntimeError("a formula wants ever more leaves")


def _begin(ask: Ask, session: Session) -> _Work:
    year = ask.year or session.as_of.year
    try:
        formula = session.words.formula(ask.expression)
    except ExpressionError as error:
        return _Work(ask, refused=_bad_formula(ask, error))
    if not (1900 <= year <= 2200 and 1 <= ask.month <= 12):
        hint = "年份写四位数，月份写 1 至 12"
        return _Work(
            ask,
            refused=Finding("figures.bad-period", f"没有{year}年{ask.month}月这个时段", hint, ask.expression),
        )
    context = Context.of(ask.unit, year, ask.month, session.as_of, then=ask.then)
    if not session.standing(ask.unit, context.day):
        hint = "请写结账中单位的代码"
        return _Work(
            ask, refused=Finding("figures.unknown-unit", f"结账中没有单位“{ask.unit}”", hint, ask.expression)
        )
    if ask.shown_in and formula.type.sort == "amount":
        try:
            settled(formula.style, Amount(Fraction(0), formula.type.family), ask.shown_in, None)
        except ValueError as error:
            return _Work(ask, refused=Finding("figures.bad-unit", str(error), place=ask.expression))
    return _Work(ask, formula, context)


def _bad_formula(ask: Ask, error: ExpressionError) -> Finding:
    where = f"第{error.column}个字" if error.column else ""
    return Finding(
        "figures.bad-formula", f"公式有误：{error.message}", error.hint, f"{ask.expression} {where}".strip()
    )


def _figure(work: _Work, session: Session) -> Figure:
    trace = _trace(work, session)
    if work.formula is None or work.refused is not None:
        reason = str(work.refused.message) if work.refused else ""
        return Figure(work.ask, None, work.ask.shown_in, "", "", reason, trace)
    style, status = work.formula.style, weakest(work.notes.statuses)
    value = work.value
    if isinstance(value, Amount):
        unit, decimals = settled(style, value, work.ask.shown_in, work.ask.decimals)
        shown = in_unit(value, unit)
        return Figure(work.ask, shown, unit.name, printed(shown, decimals), status, "", trace)
    if isinstance(value, tuple):
        parts = tuple(_part(pair, style, work, session) for pair in value)
        unit_name = next((part[1] for part in parts if part[1]), work.ask.shown_in)
        reason = "" if parts else "没有符合条件的记录"
        return Figure(
            work.ask,
            None,
            unit_name,
            "",
            status if parts else "",
            reason,
            trace,
            tuple(part[0] for part in parts),
        )
    if value is MISSING:
        reason = "；".join(work.notes.reasons) or "分母为零，没有可比的数"
        return Figure(work.ask, None, work.ask.shown_in or style.unit, "", "", reason, trace)
    return Figure(work.ask, None, "", worded(value), status, "", trace)


def _warned(figure: Figure, work: _Work) -> Figure:
    return replace(figure, warnings=tuple(work.notes.warnings)) if work.notes.warnings else figure


def _part(pair: Value, style: Style, work: _Work, session: Session) -> tuple[Part, str]:
    match pair:
        case (str(key), value):
            pass
        case _:
            raise TypeError(f"no part: {pair!r}")
    node = work.formula.node if work.formula else None
    by_unit = isinstance(node, Aggregate) and node.per == "unit"
    label = session.unit_name(key) if by_unit else key
    if not isinstance(value, Amount):
        return Part(key, None, worded(value), label), ""
    unit, decimals = settled(style, value, work.ask.shown_in, work.ask.decimals)
    shown = in_unit(value, unit)
    return Part(key, shown, printed(shown, decimals), label), unit.name


def _trace(work: _Work, session: Session) -> Trace:
    catalogues, identities = session.provenance(work.ask.unit)
    formula, context = "", ""
    if work.formula is not None and work.context is not None:
        formula, node = work.formula.said, work.formula.node
        definitions = work.notes.definitions
        if isinstance(node, Name) and node.text in definitions:
            formula = f"{formula} ＝ {definitions[node.text]}"
        context = _said(work.context, session)
    return Trace(
        work.ask.expression,
        formula,
        context,
        tuple(work.notes.leaves),
        identities,
        catalogues,
        tuple((session.labels.get(word, word), said) for word, said in work.notes.definitions.items()),
    )


def _said(context: Context, session: Session) -> str:
    """Where and when, in words: 明澜县，2025年，截至2025年12月31日."""
    day = context.cutoff
    month = "" if context.month == 12 else f"{context.month}月"
    name = session.unit_name(context.unit, context.day)
    drawn = "，按当时区划" if context.then else ""
    return f"{name}，{context.year}年{month}{drawn}，截至{day.year}年{day.month}月{day.day}日"


# --- cards -----------------------------------------------------------------------------------------------------------


def records(ask: Ask, closing: Closing, *, most: int = 1000) -> list[dict[str, str]]:
    """The rows of a closing behind a figure, each once, with cells as a card shows them: exact numbers in the unit of
    their column, days as ISO, "" for what is missing. ``relation`` and ``ref`` stand first. At most ``most`` rows.
    """
    session = _session([closing], None)
    work = _begin(ask, session)
    _work([work], session)
    found: dict[tuple[tuple[str, str], ...], None] = {}
    for seen in work.notes.seen:
        found[tuple(_seen(seen, session).items())] = None
    for cut in work.notes.cuts:
        if cut.source not in closing.tables:
            continue
        units = tree_of(closing, cut.then).below(cut.unit) if cut.unit else None
        for row in row_reader.kept(cut, row_reader.rows_of(closing, cut.source), units):
            if len(found) >= most:
                break
            found[tuple(_cells(cut.source, row).items())] = None
    return [dict(cells) for cells in found][:most]


def _cells(relation: str, row: row_reader.Row) -> dict[str, str]:
    cells = {"relation": relation, "ref": ""}
    for name, cell in row.cells.items():
        value, unit = row_reader.value_in(row.columns[name], cell), UNITS.get(row.columns[name].unit)
        cells[name] = _shown(value, unit.power if unit else 0)
    cells["ref"] = cells["ref"] or cells[next(iter(row.cells))]  # a line goes by its record's ref
    return cells


def _shown(value: Value, power: int) -> str:
    if isinstance(value, Amount):
        return exactly(value.value / Fraction(10) ** power)
    return value.isoformat() if isinstance(value, date) else worded(value)


def _seen(seen: Seen, session: Session) -> dict[str, str]:
    indicator = session.catalogue.indicators[seen.indicator]
    step = UNITS[indicator.unit].step
    return {
        "relation": "observation",
        "ref": seen.ref,
        "indicator": indicator.label,
        "unit": seen.unit,
        "period": f"{seen.year}年{seen.month}月",
        "role": seen.role,
        "status": seen.status,
        "vintage": str(seen.vintage),
        "value": "" if seen.value is None else f"{exactly(Fraction(seen.value) / step)}{indicator.unit}",
        "reason": seen.reason,
    }
