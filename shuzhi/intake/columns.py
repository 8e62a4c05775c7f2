"""What a form is made of: columns with their types, units, choices and the other headings offices put over them."""

from dataclasses import dataclass

from shuzhi.kernel.catalogue.definitions import Kind, LineKind

UNITS_FORM, POSTS_FORM, SEATS_FORM = "单位", "职务", "任职"
MOVES_FORM, VALUES_FORM, MONTHS_FORM, TARGETS_FORM = "办理过程", "指标数据", "指标月报", "目标值"
ADJUST_FORM, MARKS_FORM = "目标调整", "灯色认定"
BUDGET, ALLOCATION, PAYMENT = "预算", "分配", "支付"
LEVEL_WORDS = {
    "全国": "nation",
    "省（自治区、直辖市）": "province",
    "市（州、地区）": "city",
    "县（区）": "county",
    "部门": "department",
    "乡镇（街道）": "township",
    "村（社区）": "village",
}
ROLE_WORDS = {"实际": "actual", "目标": "target", "预测": "forecast"}
MONTH_WORDS = tuple(f"{number}月" for number in range(1, 13))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form. ``type`` is a field type of the catalogue, or post, month or papers.

    ``aliases`` are other headings offices put over it; ``source`` says whether it is a column of the shape
    (``column``) or a field of the kind (``field``); ``told`` marks what the accounts tell and a sheet cannot set.
    """

    code: str
    label: str
    type: str = "text"
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    of: str = ""
    note: str = ""
    aliases: tuple[str, ...] = ()
    source: str = "column"
    told: bool = False

    @property
    def heading(self) -> str:
        """The heading as printed: label, unit, and a star when it must be filled."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet: ``code`` is the kind's code (with ``.line`` behind it for a table inside) or a Chinese name."""

    code: str
    title: str
    columns: tuple[Column, ...]
    kind: Kind | None = None
    line: LineKind | None = None
    part: str = ""
    words: tuple[str, ...] = ()
    note: str = ""

    def column(self, code: str) -> Column | None:
        """The column of that code, or None."""
        return next((item for item in self.columns if item.code == code), None)
