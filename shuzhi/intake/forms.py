"""Forms: which sheets can be filled in, derived from the definitions; template, reader and export share them."""

from collections.abc import Iterable, Mapping

from shuzhi.intake.columns import (
    LEVEL_WORDS,
    MOVES_FORM,
    POSTS_FORM,
    SEATS_FORM,
    UNITS_FORM,
    Column,
    Form,
)
from shuzhi.intake.indicator_forms import indicator_forms
from shuzhi.intake.kind_forms import MOVES_NOTE, PAPERS, kind_forms, move_columns
from shuzhi.kernel.catalogue.definitions import Catalogue

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
    yield from indicator_forms()


def forms(catalogue: Catalogue) -> Mapping[str, Form]:
    """Every form by its code: fixed ones first, then those of the kinds in the order of their codes."""
    found = {form.code: form for form in _fixed_forms(catalogue)}
    for code in sorted(catalogue.kinds):
        found.update((form.code, form) for form in kind_forms(catalogue.kinds[code]))
    return found
