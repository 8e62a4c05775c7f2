"""The months of an indicator sheet: what a heading such as 2025年·1-3月, 上半年, 全年预计 or 年度目标 stands for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shuzhi.intake.columns import Column
from shuzhi.intake.values import half_width

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年度?|(?=[.\-/]))")
_MONTH = re.compile(r"(?:1\s*[-—~至到]\s*)?(?<!\d)(\d{1,2})月")
_WORDS = (
    ("前三季度", 9),
    ("三季度", 9),
    ("一季度", 3),
    ("二季度", 6),
    ("上半年", 6),
    ("四季度", 12),
    ("全年", 12),
    ("年度", 12),
)
_ROLES = (
    ("目标", "target"),
    ("计划", "target"),
    ("任务", "target"),
    ("预计", "forecast"),
    ("预测", "forecast"),
)
_NOT_VALUES = ("同比", "增速", "增长", "增幅", "排名", "占比", "完成率", "进度", "比重", "±")


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of values: role, year (0 when the heading does not say) and the last month of the period."""

    role: str
    year: int
    month: int

    @property
    def code(self) -> str:
        """``actual/2025/03``, the code its cells carry."""
        return f"{self.role}/{self.year}/{self.month:02d}"

    @classmethod
    def parse(cls, code: str) -> "Slot | None":
        """The slot of a code, or None for a column of another sort."""
        role, _, rest = code.partition("/")
        year, _, month = rest.partition("/")
        return cls(role, int(year), int(month)) if month else None


def year_in(text: str) -> int:
    """The year a title or heading names, 0 when none."""
    match = _YEAR.search(half_width(text))
    return int(match[1]) if match is not None else 0


def slot_of(parts: Sequence[str]) -> Slot | None:
    """What the heading of a column of values stands for, or None (growth rates and ranks are indicators of their own)."""
    text = half_width("".join(parts)).replace(" ", "")
    if any(word in text for word in _NOT_VALUES):
        return None
    role = next((found for word, found in _ROLES if word in text), "actual")
    year = year_in(text)
    match = _MONTH.search(_YEAR.sub("", text))
    if match is not None:
        month = int(match[1])
        return Slot(role, year, month) if 1 <= month <= 12 else None
    worded = next(
        (month for word, month in _WORDS if word in text), 12 if role == "target" and len(text) < 12 else 0
    )
    return Slot(role, year, worded) if worded else None


def column_of(slot: Slot, heading: str) -> Column:
    """The column of a slot."""
    return Column(slot.code, heading, "quantity")
