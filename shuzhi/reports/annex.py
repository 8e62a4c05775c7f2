"""The annex workbook: every figure with its value, status, formula, records and evidence; every gap with its reason."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import xlsxwriter

from shuzhi.reports.filling import Filled
from shuzhi.reports.places import Place, State

FIGURE_HEADS = (
    ("序号", 6),
    ("原文", 44),
    ("指标", 28),
    ("数值", 14),
    ("单位", 8),
    ("数据状态", 10),
    ("算法", 40),
    ("表达式", 30),
    ("记录数", 8),
    ("记录编号", 40),
    ("佐证材料", 40),
    ("验数码", 12),
)
ANSWER_HEADS = (
    ("序号", 6),
    ("原文", 60),
    ("方式", 10),
    ("填入", 30),
    ("来源或理由", 60),
    ("填写人", 14),
    ("日期", 12),
)
GAP_HEADS = (("序号", 6), ("原文", 60), ("情形", 10), ("说明", 60), ("候选", 50))


def context(filled: Filled, place: Place) -> str:
    """The clause around a place, with what is printed in it, as readers will find it."""
    text, clause, span = filled.draft.text, place.slot.clause, place.slot.span
    shown = place.text or ("" if place.settled else place.slot.text)
    return f"{text[clause.start : span.start]}【{shown}】{text[span.end : clause.end]}".strip()


def annex(filled: Filled) -> bytes:
    """The workbook as bytes; the same filling gives the same bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    # A fixed date: the workbook is evidence and must not differ because it was written at another hour.
    made = filled.closing.as_of
    book.set_properties(
        {"title": "数字与证据对照表", "created": datetime(made.year, made.month, made.day, tzinfo=UTC)}
    )
    done = [place for place in filled.places if place.state is State.FILLED]
    given = [place for place in filled.places if place.settled and place.state is not State.FILLED]
    _sheet(book, "数字与证据", FIGURE_HEADS, [_figure_row(filled, place) for place in done])
    _sheet(book, "未填清单", GAP_HEADS, [_gap_row(filled, place) for place in filled.gaps()])
    _sheet(book, "自填和略去", ANSWER_HEADS, [_answer_row(filled, place) for place in given])
    facts = [
        ("单位", filled.unit_name),
        ("年度", str(filled.year)),
        ("截止日期", str(filled.closing.as_of)),
        ("结账摘要", filled.closing.id),
        *((name, str(number)) for name, number in filled.summary().items()),
        *(("提醒", str(finding)) for finding in filled.findings),
    ]
    _sheet(book, "结账信息", (("项目", 14), ("内容", 90)), facts)
    book.close()
    return buffer.getvalue()


def _sheet(
    book: xlsxwriter.Workbook, name: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]
) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format(
        {"bold": True, "bg_color": "#EEF3F8", "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    for column, (label, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label, head)
    number = 0
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(number, 1), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3: offices print such tables wide
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _figure_row(filled: Filled, place: Place) -> tuple[str, ...]:
    card = place.card or {}
    leaves = card.get("leaves")
    found = leaves if isinstance(leaves, list) else []
    refs = [ref for leaf in found for ref in leaf["refs"]]
    drawn = dict.fromkeys(said for leaf in found for said in leaf.get("drawn", ()))
    papers = card.get("papers")
    named = (
        [f"{paper['title']}（{paper['digest'][:19]}）" for paper in papers]
        if isinstance(papers, list)
        else []
    )
    return (
        str(filled.places.index(place) + 1),
        context(filled, place),
        place.label,
        place.text,
        place.unit,
        place.status or "据台账计",
        str(card.get("formula", "")) + "".join(f"（{said}）" for said in drawn),
        str(card.get("expression", "")),
        str(sum(leaf["rows"] for leaf in found)),
        "、".join(refs[:40]) + ("……" if len(refs) > 40 else ""),
        "；".join(named[:20]),
        place.code,
    )


def _answer_row(filled: Filled, place: Place) -> tuple[str, ...]:
    given = place.given
    told = (str(given.manner), given.text, given.source, given.by, given.day) if given else ("",) * 5
    return (str(filled.places.index(place) + 1), context(filled, place), *told)


def _gap_row(filled: Filled, place: Place) -> tuple[str, ...]:
    candidates = "；".join(
        f"{item.label}（把握 {item.confidence // 10}%，{item.reason}）" for item in place.candidates
    )
    return (
        str(filled.places.index(place) + 1),
        context(filled, place),
        str(place.state),
        place.reason,
        candidates,
    )
