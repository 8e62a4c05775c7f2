"""The columns of a file of observations: long (one value a line) or wide (a column a month), named in Chinese or by code."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shuzhi.kernel.finding import Finding, Refused

INDICATOR, UNIT, YEAR, MONTH, VALUE, ROLE, STATUS, REASON = (
    "indicator", "unit", "year", "month", "value", "role", "status", "reason",
)  # fmt: skip
#: What each column may be called, the heading offices use first.
HEADINGS: Final = {
    INDICATOR: ("指标", "指标名称", "指标代码", INDICATOR),
    UNIT: ("单位", "单位代码", "单位名称", "地区", "地区代码", UNIT),
    YEAR: ("年份", "年度", "年", YEAR),
    MONTH: ("月份", "月", "期别", MONTH),
    VALUE: ("数值", "指标值", "值", "本期累计", "完成数", VALUE),
    ROLE: ("类型", "性质", ROLE),
    STATUS: ("状态", "数据状态", STATUS),
    REASON: ("说明", "备注", "修订原因", REASON),
}
ROLE_WORDS: Final = {
    "": "actual", "实际": "actual", "实绩": "actual", "actual": "actual",
    "目标": "target", "target": "target",
    "预计": "forecast", "预测": "forecast", "forecast": "forecast",
}  # fmt: skip
_CODES: Final = {heading: code for code, headings in HEADINGS.items() for heading in headings}
_MONTH: Final = re.compile(r"(?:(\d{4})\s*(?:年|[-/.]))?\s*(?:m|month)?(\d{1,2})月?", re.IGNORECASE)
_NEEDED: Final = (INDICATOR, UNIT)
#: Marks that offices put into a month for which there is nothing to say.
BLANKS: Final = frozenset({"", "-", "--", "—", "——", "－", "/"})


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of values of a wide file: its month, and its year where the heading says one (else 0)."""

    year: int
    month: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns in their order, by code; empty for those that are not read. ``slots`` are those of a wide file."""

    headings: tuple[str, ...]
    codes: tuple[str, ...]
    slots: tuple[tuple[int, Slot], ...] = ()

    def at(self, code: str) -> int:
        """Where a column stands, −1 when it is not there."""
        return self.codes.index(code) if code in self.codes else -1

    def heading(self, code: str) -> str:
        """What a column is called in this file; the usual heading where it is not there."""
        at = self.at(code)
        return self.headings[at] if at >= 0 else HEADINGS[code][0]


def layout_of(headings: Sequence[str], place: str) -> Layout:
    """The columns that a heading names; raises Refused when they do not make observations."""
    said = tuple(str(text or "").strip().lstrip("\ufeff") for text in headings)
    codes = tuple(_CODES.get(text, _CODES.get(text.lower(), "")) for text in said)
    slots = tuple(
        (at, slot) for at, text in enumerate(said) if not codes[at] and (slot := _slot(text)) is not None
    )
    findings = [
        Finding("ingest.heading-twice", f"有两列都是“{HEADINGS[code][0]}”", "删去一列", place)
        for code in HEADINGS
        if codes.count(code) > 1
    ]
    wide = bool(slots) and VALUE not in codes
    needed = (*_NEEDED,) if wide else (*_NEEDED, YEAR, MONTH, VALUE)
    lacking = [HEADINGS[code][0] for code in needed if code not in codes]
    if wide and YEAR not in codes and any(not slot.year for _, slot in slots):
        lacking.append(HEADINGS[YEAR][0])
    if lacking:
        hint = (
            f"第一行写列名，如 {'、'.join(HEADINGS[code][0] for code in HEADINGS)}；一月一列的写 1月、2月……"
        )
        findings.append(Finding("ingest.heading", f"缺少{'、'.join(lacking)}列", hint, place))
    if findings:
        raise Refused(findings)
    return Layout(said, codes, slots if wide else ())


def _slot(text: str) -> Slot | None:
    match = _MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12 or text.isdigit():
        return None
    return Slot(int(match[1] or 0), int(match[2]))
