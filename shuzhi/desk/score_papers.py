"""A score sheet on paper: the workbook an assessment office works on, and the official document with its table."""

from io import BytesIO

import xlsxwriter

from shuzhi.figures.judging.scoring import UNREPORTED, Score, Sheet
from shuzhi.intake.template import FIXED
from shuzhi.kernel.catalogue.schemes import FORMULA_NAMES
from shuzhi.kernel.measure import say
from shuzhi.prose.writing.docx_out import to_docx
from shuzhi.prose.writing.paper import About, Annex, Block, Column, Paper, Run, Table

_SUMMARY = ("位次", "单位", "得分", "加分", "扣分", "总分", "未报分值", "等次")
_DETAIL = ("单位", "计分项", "公式", "分值", "实绩", "目标", "得分", "说明")


def summary(sheet: Sheet, item: Score) -> tuple[str, ...]:
    """One unit's line: rank, name, points, bonus, deduction, total, what was not reported, grade."""
    places = sheet.scheme.decimals
    numbers = [say(value, places) for value in (item.points, item.bonus, item.deduction, item.total)]
    capped = f"（否决，限{item.capped}）" if item.capped else ""
    return (str(item.rank), item.unit_name, *numbers, say(item.missing, places), f"{item.grade}{capped}")


def details(sheet: Sheet, item: Score) -> list[tuple[str, ...]]:
    """One unit's items, one a line."""
    return [
        (
            item.unit_name,
            mark.item.label,
            FORMULA_NAMES[mark.item.formula],
            mark.item.weight,
            mark.actual_text,
            mark.target_text,
            UNREPORTED if mark.score is None else say(mark.score, sheet.scheme.decimals),
            mark.why,
        )
        for mark in item.marks
    ]


def _about(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    return (
        ("方案", f"{sheet.scheme.label}（{sheet.scheme.code}）"),
        ("结账", sheet.closing),
        ("截至", sheet.as_of),
        ("参数摘要", sheet.parameters),
        ("计分单摘要", sheet.id),
    )


def to_workbook(sheet: Sheet) -> bytes:
    """The sheet as a workbook: 汇总, 明细, 依据. The same sheet gives the same bytes."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": FIXED})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF6", "border": 1, "border_color": "#B8C0CC"})
    tables = (
        ("汇总", _SUMMARY, [summary(sheet, item) for item in sheet.scores]),
        ("明细", _DETAIL, [line for item in sheet.scores for line in details(sheet, item)]),
        ("依据", ("项目", "内容"), list(_about(sheet))),
    )
    for name, heading, rows in tables:
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        for at, text in enumerate(heading):
            widest = max((len(row[at]) for row in rows), default=0)
            page.set_column(at, at, min(60, max(10, 2 * len(text) + 2, 2 * widest)))
            page.write_string(0, at, text, head)
        for number, row in enumerate(rows, start=1):
            for at, text in enumerate(row):
                page.write_string(number, at, text)
    book.close()
    return buffer.getvalue()


def to_document(sheet: Sheet, signature: str) -> bytes:
    """The sheet as an official document: the result with its table, each unit's items in an annex, the digests last."""
    title = tuple(Run(text) for text in (f"{sheet.scheme.label}计分结果",))
    told = (
        f"本结果按{sheet.scheme.label}，依截至{sheet.as_of}的结账计算，共{len(sheet.scores)}个单位。"
        "总分为各项得分之和加加分减扣分；未报的项目计零分，未报分值另列；同分并列，下一位次空出。"
    )
    blocks: list[Block | Table] = [
        Block(0, (Run(told),)),
        _table("", _SUMMARY, [summary(sheet, item) for item in sheet.scores]),
    ]
    blocks.append(_table("依据", ("项目", "内容"), list(_about(sheet))))
    annexes = tuple(
        Annex(
            f"{item.unit_name}计分明细", (_table("", _DETAIL[1:], [row[1:] for row in details(sheet, item)]),)
        )
        for item in sheet.scores
    )
    paper = Paper(
        (title,), tuple(blocks), signature=signature, annexes=annexes, about=About(closing=sheet.closing)
    )
    return to_docx(paper)


def _table(caption: str, heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    wide = {"单位": 4, "计分项": 5, "说明": 6, "等次": 4, "位次": 2, "内容": 9, "公式": 3, "分值": 2}
    right = {"位次", "得分", "加分", "扣分", "总分", "未报分值", "分值", "实绩", "目标"}
    columns = tuple(Column(wide.get(name, 3), "right" if name in right else "left") for name in heading)
    body = tuple(tuple((Run(text),) for text in row) for row in rows)
    return Table(caption, columns, (heading,), body)
