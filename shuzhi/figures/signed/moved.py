"""What moved in the books between two closings behind one figure: vintages, records, units; in words, with the refs."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from shuzhi.figures import rows as row_reader
from shuzhi.figures.compute import Worked
from shuzhi.figures.leaves import Cut
from shuzhi.figures.notes import exactly
from shuzhi.figures.observed import Seen
from shuzhi.figures.signed.sides import Books, Change, Item, Sides, essence
from shuzhi.figures.tree import SUCCESSIONS, tree_of
from shuzhi.figures.words import words_of
from shuzhi.kernel.measure import UNITS

NAMED: Final = 5
"""How many refs are told in a sentence; all of them stand in the change."""
_ROLES: Final = {"actual": "实绩", "target": "目标", "forecast": "预计"}

# --- observations ---------------------------------------------------------------------------------------------------------

_Period = tuple[str, str, int, int, bool]


def observations(then: Worked, now: Worked, sides: Sides) -> Iterator[Change]:
    """Every observation that is another one, or came, or went; each vintage between with the reason given for it."""
    before, after = sides.before, sides.after
    old, new = _by_period(then.seen), _by_period(now.seen)
    moved = sorted(key for key in {*old, *new} if _said(old.get(key)) != _said(new.get(key)))
    for key in moved:
        was, is_ = old.get(key), new.get(key)
        if was is not None and is_ is not None and was.role == is_.role:
            yield from _vintages(was, is_, after)
        elif is_ is not None:
            instead = f"，代替当时的{_told(was, before)}" if was is not None else ""
            reason = f"，理由：{is_.reason}" if is_.reason else ""
            said = f"{_place(is_, after)}报了{_told(is_, after)}{instead}{reason}"
            yield Change("vintage", said, (is_.ref,))
        elif was is not None:
            yield Change("vintage", f"不再用{_place(was, before)}的{_told(was, before)}", (was.ref,))


def _by_period(seen: Iterable[Seen]) -> dict[_Period, Seen]:
    """The observations by what they are of; a forecast stands where the actual will stand, a target apart from both."""
    return {(item.indicator, item.unit, item.year, item.month, item.role == "target"): item for item in seen}


def _said(seen: Seen | None) -> tuple[object, ...]:
    """What an observation says; the reason given for it may have stayed behind."""
    return () if seen is None else (seen.role, seen.vintage, seen.value, seen.status)


def _vintages(was: Seen, is_: Seen, after: Books) -> Iterator[Change]:
    """Each vintage entered since, with the reason given for it; an older one in force again is told as it is."""
    between = [item for item in after.vintages(is_) if was.vintage < item.vintage <= is_.vintage]
    last = was
    for item in between or [is_]:
        said = f"{_place(item, after)}第{item.vintage}版：{_told(last, after)} → {_told(item, after)}"
        yield Change("vintage", f"{said}{f'，理由：{item.reason}' if item.reason else ''}", (item.ref,))
        last = item


def _place(seen: Seen, books: Books) -> str:
    indicator = books.catalogue.indicators.get(seen.indicator)
    label = indicator.label if indicator else seen.indicator
    when = f"{seen.year}年" if seen.month == 12 and seen.role != "actual" else f"{seen.year}年{seen.month}月"
    return f"{books.unit_name(seen.unit)}{when}{label}"


def _told(seen: Seen, books: Books) -> str:
    if seen.value is None:
        return "缺"
    indicator = books.catalogue.indicators.get(seen.indicator)
    unit = indicator.unit if indicator else ""
    value = exactly(Fraction(seen.value) / UNITS[unit].step) if unit else str(seen.value)
    return f"{value}{unit}（{seen.status or _ROLES[seen.role]}）"


# --- records --------------------------------------------------------------------------------------------------------------


def ledgers(then: Worked, now: Worked, sides: Sides) -> Iterator[Change]:
    """Rows of ledgers that were added, withdrawn or corrected; of restricted ones only count and total."""
    for one, two in _paired(then.cuts, now.cuts):
        label = words_of(sides.after.catalogue).labels.get(one.source, one.source)
        if sides.guard(one.source):
            yield from _ledger(one, label, then, now)
            continue
        # The same cut over the same borders chooses otherwise only where a row is another one.
        among = sides.touched(one.source) if one == two and not (one.unit and sides.redrawn) else None
        old, new = _fitting(one, sides.before, among), _fitting(two, sides.after, among)
        yield from _compared(label, one, old, new, sides)


def _paired(old: Sequence[Cut], new: Sequence[Cut]) -> Iterator[tuple[Cut, Cut]]:
    """Cuts of the same relation, in the order they were met; the formula tells of those that came or went."""
    for source in dict.fromkeys(cut.source for cut in old):
        yield from zip(
            [cut for cut in old if cut.source == source],
            [cut for cut in new if cut.source == source],
            strict=False,
        )


def _ledger(cut: Cut, label: str, then: Worked, now: Worked) -> Iterator[Change]:
    """A ledger whose rows may not be told, or did not come along: only its count and total."""
    one, two = (
        [leaf for leaf in work.figure.trace.leaves if leaf.relation == cut.source] for work in (then, now)
    )
    for was, is_ in zip(one, two, strict=False):
        if (was.rows, was.total) != (is_.rows, is_.total):
            old, new = (
                f"{leaf.rows}条{f'合计{leaf.total}' if cut.how != 'count' else ''}" for leaf in (was, is_)
            )
            said = f"{label}（不列明细）：当时{old}，现在{new}"
            yield Change("ledger", said)


def _fitting(cut: Cut, books: Books, among: Collection[Item] | None) -> dict[Item, row_reader.Row]:
    """The rows that fit a cut by what names them; of these items only, when they are given."""
    held = books.closing.tables.get(cut.source)
    if held is None or not cut.names <= {column.name for column in held.columns}:
        return {}  # no such ledger there, or not yet the column the formula asks for
    units = None
    if cut.unit:
        tree = tree_of(books.closing, cut.then)
        units = tree.below(cut.unit) if cut.unit in tree.members else frozenset()
    rows = books.rows(cut.source)
    chosen = rows if among is None else {item: rows[item] for item in among if item in rows}
    fitting = {id(row) for row in row_reader.kept(cut, chosen.values(), units)}
    return {item: row for item, row in chosen.items() if id(row) in fitting}


def _compared(
    label: str,
    cut: Cut,
    old: Mapping[Item, row_reader.Row],
    new: Mapping[Item, row_reader.Row],
    sides: Sides,
) -> Iterator[Change]:
    whole = cut.source not in sides.before.partial
    there, still = sides.before.rows(cut.source), sides.after.rows(cut.source)
    differences = {
        item: said
        for item in {*old, *new}
        if item in there and item in still
        if (said := _difference(cut, there[item], still[item], sides.after))
    }
    added, gone = [item for item in new if item not in old], [item for item in old if item not in new]
    groups: list[tuple[str, list[Item]]] = [
        ("新登记" if whole else "新计入", [item for item in added if item not in there]),
        ("改过、现在计入", [item for item in added if item in there]),
        ("已撤销", [item for item in gone if item not in still]),
        ("改过、不再计入", [item for item in gone if item in still]),
        ("更正", [item for item in old if item in new and item in differences]),
    ]
    for said, items in groups:
        if items:
            refs = tuple(sorted({str(item[0]) for item in items}))
            told = [f"{item[0]}{differences.get(item, '')}" for item in sorted(items, key=str)[:NAMED]]
            named = "；".join(told) + ("等" if len(items) > NAMED else "")
            yield Change("record", f"{label}{said}{len(items)}条（{named}）", refs)


def _difference(cut: Cut, was: row_reader.Row, is_: row_reader.Row, books: Books) -> str:
    """What of the columns a cut reads was changed in a row: ``：总投资 1亿元 → 2亿元``."""
    labels = words_of(books.catalogue).labels
    names = sorted(cut.names | ({"unit"} if cut.unit else set()))
    told = [
        f"{labels.get(f'{cut.source}:{name}', name)} {_cell(was, name)} → {_cell(is_, name)}"
        for name in names
        if was.cells.get(name) != is_.cells.get(name)
    ]
    return f"：{'，'.join(told)}" if told else ""


def _cell(row: row_reader.Row, name: str) -> str:
    value, column = row.cells.get(name), row.columns.get(name)
    if value is None:
        return "空"
    if column is not None and column.unit and isinstance(value, int):
        return f"{exactly(Fraction(value) / UNITS[column.unit].step)}{column.unit}"
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


# --- units ----------------------------------------------------------------------------------------------------------------


def units(then: Worked, now: Worked, sides: Sides) -> Iterator[Change]:
    """Mergers, splits and moves since, where they touch the unit asked about or what lies below it."""
    before, after = sides.before, sides.after
    if not sides.redrawn or essence(then) == essence(now):
        return
    unit = then.figure.ask.unit
    if unit and unit not in tree_of(after.closing).members:
        yield Change("unit", f"单位“{before.unit_name(unit)}”已经没有了", (unit,))
        return
    inside: set[str] = set()
    for books in (before, after):
        tree = tree_of(books.closing)
        inside |= tree.below(unit) if unit in tree.members else set(tree.members)
    known = {tuple(row.values()) for row in before.table(SUCCESSIONS)}
    for row in after.table(SUCCESSIONS):
        if tuple(row.values()) not in known and inside & {row["unit"], row["into"]}:
            act = "并入" if row["whole"] else "分设出"
            said = f"{row['day']}{after.unit_name(row['unit'])}{act}{after.unit_name(row['into'])}"
            yield Change(
                "unit",
                f"区划变了：{said}（{row['document']}），历史按现在的区划追溯",
                (row["unit"], row["into"]),
            )
    one, two = tree_of(before.closing), tree_of(after.closing)
    for code in sorted(inside & set(one.members) & set(two.members)):
        if one.members[code].parent != two.members[code].parent and not two.members[code].until:
            said = f"{two.members[code].name}由{before.unit_name(one.members[code].parent)}划到{after.unit_name(two.members[code].parent)}"
            yield Change("unit", f"区划变了：{said}", (code,))
