"""The card of a figure: value, status, formula in Chinese, the rows it was counted from, and the papers behind them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from hashlib import sha256
from itertools import compress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.figures.ask import Figure, Leaf
from shuzhi.figures.closing import Closing, Column
from shuzhi.kernel.catalogue.definitions import Catalogue, Field, Kind
from shuzhi.kernel.measure import UNITS, amount, say
from shuzhi.prose.model import decimal_text
from shuzhi.reports.concepts import about
from shuzhi.reports.held import held_of, table
from shuzhi.reports.screening import screened

SHOWN = 50
COLUMNS = {
    "ref": "编号",
    "number": "序号",
    "title": "名称",
    "name": "名称",
    "unit": "单位",
    "date": "日期",
    "opened": "立项日期",
    "closed": "办结日期",
    "stage": "环节",
    "since": "登记日期",
    "amount": "金额",
    "year": "年度",
    "record": "所属记录",
    "no": "序号",
}
OBSERVED = (
    ("indicator", "指标"),
    ("unit", "单位"),
    ("period", "期间"),
    ("value", "数值"),
    ("status", "状态"),
)
OBSERVATION = ("indicator", "unit", "year", "month", "role", "vintage", "value", "status")
UNIT = ("code", "name", "level")
PAPER = ("owner", "kind", "title", "digest", "date")
ROLES = {"actual": "实际", "target": "目标", "forecast": "预计"}


def card(
    concept: str,
    label: str,
    text: str,
    code: str,
    figure: Figure,
    closing: Closing,
    catalogue: Catalogue,
) -> dict[str, object]:
    """Everything behind a printed figure, as data for pages, annex and the published card."""
    held = held_of(closing)
    note, basis = about(catalogue, concept)
    names = unit_names(closing)
    trace = figure.trace
    refs = [ref for leaf in trace.leaves if not _withheld(leaf, catalogue) for ref in leaf.refs]
    return {
        "code": code,
        "concept": concept,
        "label": label,
        "text": text,
        "unit": figure.unit,
        "exact": "" if figure.value is None else decimal_text(figure.value, 8),
        "status": figure.status,
        "scope": f"{names.get(figure.ask.unit, closing.unit_name)} {figure.ask.year or closing.as_of.year}年",
        "formula": trace.formula_cn,
        "definitions": [list(pair) for pair in trace.definitions],
        "expression": trace.expression,
        "ask": figure.ask.as_json(),
        "note": note,
        "basis": basis,
        "as_of": closing.as_of.isoformat(),
        "closing": closing.id,
        "leaves": [
            held.once(
                _name("leaf", catalogue.digest, repr(leaf)), partial(_leaf, leaf, closing, catalogue, names)
            )
            for leaf in trace.leaves
        ],
        "papers": held.once(_name("papers", *sorted(set(refs))), partial(papers_of, refs, closing)),
    }


def _name(*asked: str) -> str:
    """The name what was read goes by: a digest of what was asked."""
    return sha256("\n".join(asked).encode()).hexdigest()[:32]


def public_card(
    made: Mapping[str, object], catalogue: Catalogue, undisclosed: Collection[str] = ()
) -> dict[str, object]:
    """The side of a card the public sees: totals and formulas whole; rows only of kinds and fields that are public.

    ``undisclosed`` are the refs of items that the kind's own rule keeps from publication. Payments show no rows (their
    wording may name people), and papers show what they are, not the title somebody gave the file.
    """
    shown = [_public_leaf(leaf, catalogue, undisclosed) for leaf in _list(made.get("leaves"))]
    open_refs = {ref for leaf in shown for ref in _list(leaf["refs"])}
    kept = [paper for paper in _list(made.get("papers")) if paper["owner"] in open_refs]
    return {**made, "leaves": shown, "papers": [{**paper, "title": paper["kind"]} for paper in kept]}


def _public_leaf(
    leaf: Mapping[str, object], catalogue: Catalogue, undisclosed: Collection[str]
) -> dict[str, object]:
    head, _, part = str(leaf["relation"]).partition(".")
    if head == "observation":
        return dict(leaf)
    kind = catalogue.kinds.get(head)
    if kind is None or kind.visibility != "public" or part == "payment":
        return {**leaf, "columns": [], "codes": [], "records": [], "refs": [], "more": 0}
    codes = _list(leaf["codes"])
    keep = [_is_public(kind, part, code) for code in codes]
    first = codes.index("ref") if "ref" in codes else None
    rows = [row for row in _list(leaf["records"]) if first is None or row[first] not in undisclosed]
    return {
        **leaf,
        "columns": list(compress(_list(leaf["columns"]), keep)),
        "codes": list(compress(codes, keep)),
        "records": [[screened(str(value)) for value in compress(row, keep)] for row in rows],
        "refs": [ref for ref in _list(leaf["refs"]) if ref not in undisclosed],
    }


def _list(value: object) -> list[Any]:
    """A list inside a card, which is plain data and may come back from the database."""
    return value if isinstance(value, list) else []


def _is_public(kind: Kind, part: str, code: str) -> bool:
    field = next((item for item in _fields(kind, part) if item.code == code), None)
    return field.public and not field.personal if field else code in COLUMNS


def _withheld(leaf: Leaf, catalogue: Catalogue) -> bool:
    """Whether the rows of a leaf may not stand on any card: whoever reads a report need not have the right to see them."""
    kind = catalogue.kinds.get(leaf.relation.partition(".")[0])
    return kind is not None and kind.guarded


def _leaf(leaf: Leaf, closing: Closing, catalogue: Catalogue, names: Mapping[str, str]) -> dict[str, object]:
    """One total with the first rows it was made of."""
    made: dict[str, object] = {**leaf.as_json(), "refs": list(leaf.refs)}
    if leaf.relation == "observation":
        made |= _observations(leaf, closing, catalogue, names)
    elif leaf.relation in closing.tables:
        made |= _rows(leaf, closing, catalogue, names)
    else:
        made |= {
            "relation_label": leaf.relation,
            "said": leaf.text,
            "columns": [],
            "codes": [],
            "records": [],
        }
    if _withheld(leaf, catalogue):
        return {**made, "columns": [], "codes": [], "records": [], "refs": [], "more": 0}
    shown = made["records"]
    assert isinstance(shown, list)
    return {**made, "more": max(0, leaf.rows - len(shown))}


def _observations(
    leaf: Leaf, closing: Closing, catalogue: Catalogue, names: Mapping[str, str]
) -> dict[str, object]:
    """The observations of a leaf, in the indicator's own unit."""
    seen = _observed(leaf, closing.file(leaf.relation))
    records, said = [], leaf.text
    for ref in leaf.refs[:SHOWN]:
        _, code, unit, period, role, _ = ref.split("/")
        indicator = catalogue.indicators[code]
        said = f"{indicator.label}（{indicator.owner}）"
        held, status = seen[ref]
        value = "缺" if held is None else _shown(held, indicator.unit, indicator.decimals)
        year, month = (int(part) for part in period.split("-"))
        told = status or ROLES[role]
        records.append([indicator.label, names.get(unit, unit), f"{year}年{month}月", value, told])
    return {
        "relation_label": "指标台账",
        "said": said,
        "columns": [label for _, label in OBSERVED],
        "codes": [code for code, _ in OBSERVED],
        "records": records,
    }


def _observed(leaf: Leaf, file: Path) -> dict[str, tuple[int | None, str]]:
    """Value and status word of the observations of a leaf, by their refs."""
    told = [ref.split("/") for ref in leaf.refs[:SHOWN]]
    rows = table(leaf.relation_digest, file, OBSERVATION)
    for place, name in ((1, "indicator"), (2, "unit")):
        wanted = sorted({parts[place] for parts in told})
        rows = rows.filter(pc.is_in(rows[name], value_set=pa.array(wanted, pa.string())))
    return {
        f"observation/{indicator}/{unit}/{year:04d}-{month:02d}/{role}/{vintage}": (value, status or "")
        for indicator, unit, year, month, role, vintage, value, status in zip(
            *(rows[name].to_pylist() for name in OBSERVATION), strict=True
        )
    }


def _rows(leaf: Leaf, closing: Closing, catalogue: Catalogue, names: Mapping[str, str]) -> dict[str, object]:
    """The rows of a kind's relation, with the labels of its fields; personal data is left out."""
    head, _, tail = leaf.relation.partition(".")
    kind = catalogue.kinds[head]
    held = closing.tables[leaf.relation].columns
    columns = [column for column in held if _is_shown(kind, tail, column)]
    read = tuple(dict.fromkeys((held[0].name, *(column.name for column in columns))))
    rows = table(leaf.relation_digest, closing.file(leaf.relation), read)
    wanted = pa.array(leaf.refs[:SHOWN], pa.string())
    found = rows.filter(pc.is_in(rows[held[0].name], value_set=wanted)).slice(0, SHOWN)
    records = [[_cell(row[column.name], column, names) for column in columns] for row in found.to_pylist()]
    part = next((line.label for line in kind.lines if line.code == tail), "")
    return {
        "relation_label": f"{kind.label}{part}台账",
        "said": f"{kind.label}{part}",
        "columns": [_label(kind, tail, column.name) for column in columns],
        "codes": [column.name for column in columns],
        "records": records,
    }


def _is_shown(kind: Kind, part: str, column: Column) -> bool:
    if column.name == "ref" and not part:
        return True
    field = next((item for item in _fields(kind, part) if item.code == column.name), None)
    return not field.personal and field.type != "long" if field else column.name in COLUMNS


def _fields(kind: Kind, part: str) -> Sequence[Field]:
    line = next((line for line in kind.lines if line.code == part), None)
    return line.fields if line else kind.fields


def _label(kind: Kind, part: str, code: str) -> str:
    field = next((item for item in _fields(kind, part) if item.code == code), None)
    return field.label if field else COLUMNS.get(code, code)


def _cell(value: object, column: Column, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if column.name == "unit":
        return names.get(str(value), str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int) and column.unit:
        return _shown(value, column.unit, 2)
    return str(value)


def _shown(value: int, unit: str, decimals: int) -> str:
    text = say(amount(value, UNITS[unit]), decimals, grouped=True)
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}"


def papers_of(refs: Iterable[str], closing: Closing) -> list[dict[str, str]]:
    """The papers attached to the things a figure was counted from."""
    held = closing.tables.get("paper")
    if held is None:
        return []
    wanted = pa.array(sorted(set(refs)), pa.string())
    rows = table(held.digest, closing.file("paper"), PAPER)
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows.filter(pc.is_in(rows["owner"], value_set=wanted)).to_pylist():
        paper = {name: str(row[name]) for name in ("owner", "kind", "title", "digest")}
        found.setdefault(row["owner"], []).append(paper | {"day": row["date"].isoformat()})
    return [paper for ref in sorted(found) for paper in found[ref]]


def unit_names(closing: Closing) -> Mapping[str, str]:
    """Names of units by code, read once for a closing."""
    return _names(closing.id, closing.file("unit"))


@lru_cache(maxsize=8)
def _names(closing_id: str, file: Path) -> dict[str, str]:
    rows = table(closing_id, file, UNIT)
    return dict(zip(rows["code"].to_pylist(), rows["name"].to_pylist(), strict=True))
