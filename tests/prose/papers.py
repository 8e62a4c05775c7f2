"""Papers the tests of the three writers share, and rulers for a printed page."""

import datetime
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pdfplumber

from shuzhi.prose.writing.paper import (
    About,
    Annex,
    Block,
    Column,
    FigureMark,
    FigureStatus,
    Mark,
    Paper,
    Paragraph,
    Run,
    Table,
    lay_out,
)

MM = 72 / 25.4
LINE = "本行排满二十八个汉字供核对网格每面二十二行页码在下甲乙丙"
RARE = "张镕、李喆、王堃、赵祎、钱珺、周頔"
SENTENCE = "全县上下稳住底盘，守住底线，把该办的事一件一件办下去，把该还的账一笔一笔还清楚。"


def figure(
    ref: str, text: str = "", status: FigureStatus = "filled", label: str = "地区生产总值"
) -> FigureMark:
    """A figure with a check code made from its ref."""
    return FigureMark(
        ref=ref,
        code=f"MX{len(ref)}{ref[-2:]}",
        value_text=text,
        status=status,
        label=label,
        title="统计局快报",
    )


def mark_at(text: str, found: str, length: int, shown: str, mark: FigureMark) -> Mark:
    """A mark over the first `length` characters of the first place where `found` stands."""
    start = text.index(found)
    return Mark(start, start + length, shown, mark)


def grid_paper() -> Paper:
    """Fifty lines of exactly 28 characters and nothing else."""
    return Paper(title_lines=(), blocks=tuple(Block(0, (Run(LINE[:28]),), flush=True) for _ in range(50)))


def report() -> Paper:
    """A short duty report with every sort of thing in it."""
    text = "（一）经济稳中有进。完成生产总值XX亿元，增长X.X%；新增主体XXX个，驻点某村××天。"
    marks = [
        mark_at(text, "XX亿", 2, "128.45", figure("figure/gdp", "12845000000")),
        mark_at(text, "X.X", 3, "6.2", figure("figure/gdp-growth", "6.2", "proposal", "增速")),
        mark_at(text, "XXX", 3, "XXX", figure("slot/3", "", "unfilled", "新增主体")),
        mark_at(text, "××", 2, "", figure("slot/4", "", "name", "驻点天数")),
    ]
    table = Table(
        caption="目标完成情况",
        columns=(Column(1, "center"), Column(3), Column(2, "right")),
        header=(("序号", "指标", "数值"),),
        rows=tuple(
            (
                (Run(str(at)),),
                (Run("甲<乙>&丙"),),
                (Run(f"{at}.5亿元", None, figure(f"figure/t{at}", f"{at}.5")),),
            )
            for at in range(1, 41)
        ),
    )
    return lay_out(
        "明澜县人民政府县长2025年度述职述廉述效报告",
        [
            Paragraph("各位代表："),
            Paragraph("　　" + SENTENCE * 4),
            Paragraph("一、勤勉履职", level=1),
            Paragraph(text, level=2, heading_end=9, marks=marks),
            Paragraph("1.抓项目", level=3),
            Paragraph(SENTENCE * 14),
            Paragraph(f"二、廉洁自律。联系{RARE}等同志。", level=1, heading_end=6),
        ],
        note="（2026年1月8日）",
        signature="明澜县县长　陈示例",
        date="2026年1月8日",
        annexes=[Annex("目标完成情况表", (table,)), Annex("说明", (Block(0, (Run(SENTENCE),)),))],
        about=About(author="明澜县", closing="sha256:00ff", created=datetime.date(2026, 1, 8)),
    )


@dataclass(frozen=True)
class PageRuler:
    """One printed page in millimetres from its top left corner."""

    number: int
    width: float
    height: float
    lines: tuple[float, ...]
    """Baselines of the text lines."""
    counts: tuple[int, ...]
    """Characters of each line."""
    left: float
    right: float
    """Distance of the text from the right edge."""
    pitch: float
    """Distance of characters in full lines."""
    footer: str
    footer_left: float
    footer_right: float
    footer_baseline: float
    footer_size: float


def measure(pdf: bytes) -> list[PageRuler]:
    """Measure every page of a PDF."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [_page(number, page) for number, page in enumerate(document.pages, 1)]


def _page(number: int, page: Any) -> PageRuler:
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for char in page.chars:
        if char["text"].strip():
            rows[round(char["matrix"][5])].append(char)
    body = [sorted(rows[y], key=_x0) for y in sorted(rows, reverse=True) if y > 34 * MM]
    foot = sorted((char for y in rows if y <= 34 * MM for char in rows[y]), key=_x0)
    full = [line for line in body if len(line) == 28]
    return PageRuler(
        number=number,
        width=page.width / MM,
        height=page.height / MM,
        lines=tuple((page.height - line[0]["matrix"][5]) / MM for line in body),
        counts=tuple(len(line) for line in body),
        left=min(line[0]["x0"] for line in body) / MM,
        right=(page.width - max(line[-1]["x1"] for line in body)) / MM,
        pitch=_mean([(line[-1]["x0"] - line[0]["x0"]) / 27 / MM for line in full]),
        footer="".join(char["text"] for char in foot),
        footer_left=foot[0]["x0"] / MM,
        footer_right=(page.width - foot[-1]["x1"]) / MM,
        footer_baseline=(page.height - foot[0]["matrix"][5]) / MM,
        footer_size=foot[0]["size"],
    )


def _x0(char: dict[str, Any]) -> float:
    return float(char["x0"])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
