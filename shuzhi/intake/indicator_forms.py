"""The forms of indicators: values, months side by side, targets, their adjustment, and lights set by hand."""

from collections.abc import Iterable
from dataclasses import replace

from shuzhi.figures.judging.plan import COLOUR_NAMES, CURVES
from shuzhi.intake.columns import (
    ADJUST_FORM,
    MARKS_FORM,
    MONTHS_FORM,
    ROLE_WORDS,
    TARGETS_FORM,
    VALUES_FORM,
    Column,
    Form,
)
from shuzhi.intake.kind_forms import PAPERS
from shuzhi.kernel.catalogue.definitions import STATUSES

_NAMED = Column(
    "indicator", "指标", required=True, note="填指标名称", aliases=("指标名称", "主要指标", "项目")
)
_MEASURED = Column("measured", "计量单位", note="与指标的单位不同时按此换算", aliases=("单位",))
_UNIT = Column("unit", "填报对象", "unit", note="不填即全县", aliases=("地区", "乡镇", "责任单位"))
_YEAR = Column("year", "年份", "whole", required=True, aliases=("年度", "年"))
_STATUS = Column("status", "数据状态", "choice", choices=STATUSES, aliases=("状态",))
_REASON = Column("reason", "说明", aliases=("备注", "修订原因"))


def indicator_forms() -> Iterable[Form]:
    """Every form about indicators, in the order of their sheets."""
    yield from _value_forms()
    yield from _target_forms()


def _value_forms() -> Iterable[Form]:
    yield Form(
        VALUES_FORM,
        "指标数据",
        (
            _NAMED,
            _MEASURED,
            _UNIT,
            _YEAR,
            Column(
                "month", "月份", "month", required=True, note="1至12，为累计到该月", aliases=("月", "期别")
            ),
            Column("role", "类型", "choice", choices=tuple(ROLE_WORDS), note="不填即实际"),
            _STATUS,
            Column("value", "数值", "quantity", required=True, aliases=("指标值", "本期累计", "完成数")),
            _REASON,
        ),
        words=("指标",),
    )
    months = tuple(Column(f"month{number}", f"{number}月", "quantity") for number in range(1, 13))
    yield Form(
        MONTHS_FORM,
        "指标月报",
        (
            _NAMED,
            _MEASURED,
            _UNIT,
            replace(_YEAR, required=False, note="不填则看表名和列名中的年份"),
            _STATUS,
            *months,
            _REASON,
        ),
        words=("月报", "进度表"),
        note="每格填1月起累计到该月的数；时点指标填月末数；没有的留空，不填0",
    )


def _target_forms() -> Iterable[Form]:
    yield Form(
        TARGETS_FORM,
        "目标值",
        (
            _NAMED,
            _MEASURED,
            _UNIT,
            _YEAR,
            Column("value", "目标值", "quantity", required=True, aliases=("年度目标", "全年目标", "目标")),
            Column("curve", "分解办法", "choice", choices=tuple(CURVES.values()), note="不填即不分解到月"),
            _REASON,
        ),
        words=("年度目标",),
    )
    yield Form(
        ADJUST_FORM,
        "目标调整",
        (
            _NAMED,
            _MEASURED,
            _UNIT,
            _YEAR,
            Column("month", "月份", "month", note="不填即全年目标"),
            Column("value", "调整后的目标", "quantity", required=True, aliases=("调整后",)),
            Column("document", "文号", required=True, aliases=("调整文号",)),
            Column("title", "文件名称", required=True),
            Column("day", "文件日期", "date", required=True),
            Column("reason", "调整理由", required=True),
            PAPERS,
        ),
        note="年初定下的目标凭文件调整，原数留存；佐证材料须附文件",
    )
    yield Form(
        MARKS_FORM,
        "灯色认定",
        (
            _NAMED,
            _UNIT,
            _YEAR,
            Column("colour", "认定灯色", "choice", required=True, choices=tuple(COLOUR_NAMES.values())),
            Column("reason", "认定理由", required=True),
            Column("since", "起始日期", "date", required=True),
            Column("until", "截止日期", "date", required=True),
        ),
        note="与系统算出的灯并列显示，到期自动失效",
    )
