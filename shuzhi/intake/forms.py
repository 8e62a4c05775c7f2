"""Forms: which sheets can be filled in, derived from the definitions; template, reader and export share them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from shuzhi.figures.plan import COLOUR_NAMES, CURVES
from shuzhi.intake.columns import (
    ADJUST_FORM,
    LEVEL_WORDS,
    MARKS_FORM,
    MONTHS_FORM,
    MOVES_FORM,
    POSTS_FORM,
    ROLE_WORDS,
    SEATS_FORM,
    TARGETS_FORM,
    UNITS_FORM,
    VALUES_FORM,
    Column,
    Form,
)
from shuzhi.intake.kind_forms import MOVES_NOTE, PAPERS, kind_forms, move_columns
from shuzhi.kernel.catalogue.definitions import STATUSES, Catalogue

__all__ = ["Column", "Form", "forms"]


def _fixed_forms(catalogue: Catalogue) -> Iterable[Form]:
    since = Column("since", "设立日期", "date", required=True, aliases=("设置日期", "起始日期", "启用日期"))
    yield Form(
        UNITS_FORM,
        "单位",
        (
            Column("code", "代码", required=True, aliases=("单位代码", "区划代码")),
            Column("name", "名称", required=True, aliases=("单位名称",)),
            Column("level", "层级", "choice", required=True, choices=tuple(LEVEL_WORDS)),
            Column("parent", "上级单位", "unit", note="最上一级不填", aliases=("上级代码",)),
            since,
            Column("order", "排序", "whole"),
        ),
        words=("机构", "行政区划"),
    )
    duties = "、".join(item.label for item in catalogue.duties.values())
    yield Form(
        POSTS_FORM,
        "职务",
        (
            Column("code", "职务代码", required=True, aliases=("代码",)),
            Column("title", "职务名称", required=True, aliases=("职务", "岗位")),
            Column("unit", "所在单位", "unit", required=True, aliases=("单位",)),
            Column("duties", "职责", required=True, note=f"可填：{duties}；多项用顿号隔开"),
            Column("since", "设置日期", "date", required=True, aliases=("设立日期", "起始日期")),
        ),
        words=("岗位",),
    )
    yield Form(
        SEATS_FORM,
        "任职",
        (
            Column("post", "职务代码", "post", required=True, aliases=("职务",)),
            Column("name", "姓名", required=True),
            Column("user", "登录名", required=True, aliases=("账号", "用户名")),
            Column("since", "任职日期", "date", required=True),
            Column("until", "免职日期", "date"),
        ),
        words=("人员", "任免"),
    )
    kind = Column("kind", "台账", note="编号只在一个台账里有时可不填", aliases=("台账名称", "事项类别"))
    yield Form(
        MOVES_FORM,
        "办理过程",
        (kind, *move_columns(), PAPERS),
        words=("办理情况",),
        note=MOVES_NOTE,
        part=MOVES_FORM,
    )
    yield from _indicator_forms()


def _indicator_forms() -> Iterable[Form]:
    named = Column(
        "indicator", "指标", required=True, note="填指标名称", aliases=("指标名称", "主要指标", "项目")
    )
    measured = Column("measured", "计量单位", note="与指标的单位不同时按此换算", aliases=("单位",))
    unit = Column("unit", "填报对象", "unit", note="不填即全县", aliases=("地区", "乡镇", "责任单位"))
    year = Column("year", "年份", "whole", required=True, aliases=("年度", "年"))
    status = Column("status", "数据状态", "choice", choices=STATUSES, aliases=("状态",))
    reason = Column("reason", "说明", aliases=("备注", "修订原因"))
    yield Form(
        VALUES_FORM,
        "指标数据",
        (
            named,
            measured,
            unit,
            year,
            Column(
                "month", "月份", "month", required=True, note="1至12，为累计到该月", aliases=("月", "期别")
            ),
            Column("role", "类型", "choice", choices=tuple(ROLE_WORDS), note="不填即实际"),
            status,
            Column("value", "数值", "quantity", required=True, aliases=("指标值", "本期累计", "完成数")),
            reason,
        ),
        words=("指标",),
    )
    months = tuple(Column(f"month{number}", f"{number}月", "quantity") for number in range(1, 13))
    yield Form(
        MONTHS_FORM,
        "指标月报",
        (
            named,
            measured,
            unit,
            replace(year, required=False, note="不填则看表名和列名中的年份"),
            status,
            *months,
            reason,
        ),
        words=("月报", "进度表"),
        note="每格填1月起累计到该月的数；时点指标填月末数；没有的留空，不填0",
    )
    yield Form(
        TARGETS_FORM,
        "目标值",
        (
            named,
            measured,
            unit,
            year,
            Column("value", "目标值", "quantity", required=True, aliases=("年度目标", "全年目标", "目标")),
            Column("curve", "分解办法", "choice", choices=tuple(CURVES.values()), note="不填即不分解到月"),
            reason,
        ),
        words=("年度目标",),
    )
    yield Form(
        ADJUST_FORM,
        "目标调整",
        (
            named,
            measured,
            unit,
            year,
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
            named,
            unit,
            year,
            Column("colour", "认定灯色", "choice", required=True, choices=tuple(COLOUR_NAMES.values())),
            Column("reason", "认定理由", required=True),
            Column("since", "起始日期", "date", required=True),
            Column("until", "截止日期", "date", required=True),
        ),
        note="与系统算出的灯并列显示，到期自动失效",
    )


def forms(catalogue: Catalogue) -> Mapping[str, Form]:
    """Every form by its code: fixed ones first, then those of the kinds in the order of their codes."""
    found = {form.code: form for form in _fixed_forms(catalogue)}
    for code in sorted(catalogue.kinds):
        found.update((form.code, form) for form in kind_forms(catalogue.kinds[code]))
    return found
