"""Forms: which sheets can be filled in, derived from the definitions; template, reader and export share them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from shuzhi.kernel.catalogue.definitions import STATUSES, Catalogue, Field, Kind, LineKind

UNITS_FORM, POSTS_FORM, SEATS_FORM = "单位", "职务", "任职"
MOVES_FORM, VALUES_FORM, MONTHS_FORM, TARGETS_FORM = "办理过程", "指标数据", "指标月报", "目标值"
BUDGET, ALLOCATION, PAYMENT = "预算", "分配", "支付"
LEVEL_WORDS = {
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


_NUMBER = ("项目编号", "登记编号", "台账编号", "事项编号", "序列号", "编码", "案号", "备案号")
_TITLE = (
    "标题",
    "项目名称",
    "事项",
    "事项名称",
    "题目",
    "隐患名称",
    "文件名称",
    "决策事项",
    "活动名称",
    "内容摘要",
)
_UNIT = (
    "单位",
    "所属单位",
    "所在单位",
    "牵头单位",
    "填报单位",
    "实施单位",
    "承办单位",
    "主管部门",
    "所在乡镇",
    "责任部门",
)
_PAPERS = Column(
    "papers",
    "佐证材料",
    "papers",
    note="写“类别:文件名”，多份用分号隔开；文件放在工作簿旁的“材料”文件夹",
    aliases=("材料", "证明材料", "附件", "佐证"),
)


_MOVES_NOTE = "每推进一个环节、每报一次进展填一行，按日期先后"


def field_column(item: Field) -> Column:
    """The column of a field."""
    return Column(
        item.code,
        item.label,
        item.type,
        item.unit,
        item.required,
        item.choices,
        item.of,
        item.note,
        source="field",
    )


def _number(label: str = "编号") -> Column:
    return Column("number", label, required=True, note="本台账内不重复，定了不改", aliases=(*_NUMBER, "编号"))


def _title(kind: Kind) -> Column:
    own = tuple(f"{word}名称" for word in (kind.label, *kind.words))
    return Column("title", "名称", required=True, aliases=(*own, *_TITLE))


def _subject_columns(kind: Kind) -> tuple[Column, ...]:
    return (
        Column("code", "编码", required=True, note="统一社会信用代码等本身的编码", aliases=_NUMBER),
        Column(
            "name", "名称", required=True, aliases=tuple(f"{word}名称" for word in (kind.label, *kind.words))
        ),
        Column("unit", "所在单位", "unit", required=True, aliases=(*_UNIT, "所属乡镇")),
        Column("since", "起始日期", "date", aliases=("成立日期", "登记日期")),
        Column("until", "终止日期", "date", aliases=("注销日期",)),
    )


def _matter_columns(kind: Kind) -> tuple[Column, ...]:
    return (
        _number(),
        _title(kind),
        Column("unit", "责任单位", "unit", required=True, aliases=_UNIT),
        Column("lead", "责任职务", "post", note="填职务代码或“单位＋职务名称”", aliases=("责任人职务",)),
        Column(
            "opened",
            "立项日期",
            "date",
            required=True,
            aliases=("登记日期", "交办日期", "受理日期", "挂牌日期", "列入日期"),
        ),
        Column(
            "due",
            "办理期限",
            "date",
            note="另有约定的期限；法定期限由系统计算",
            aliases=("完成时限", "要求完成日期", "到期日期"),
        ),
        Column("subject", "关联主体", "subject", aliases=("项目业主", "相关企业")),
        Column("parent", "上级事项", "matter", note="填上级事项的编号"),
        Column(
            "stage",
            "当前环节",
            told=True,
            note="由“办理过程”推进，本列只核对",
            aliases=("环节", "所处环节", "办理状态", "状态"),
        ),
        Column(
            "closed",
            "办结日期",
            "date",
            told=True,
            note="由“办理过程”产生，本列只核对",
            aliases=("销号日期",),
        ),
    )


def _record_columns(kind: Kind) -> tuple[Column, ...]:
    return (
        _number(),
        _title(kind),
        Column("unit", "填报单位", "unit", required=True, aliases=_UNIT),
        Column(
            "date",
            "日期",
            "date",
            required=True,
            aliases=("发生日期", "时间", "举办日期", "会议日期", "印发日期", "走访日期"),
        ),
        Column("post", "填报职务", "post", note="填职务代码或“单位＋职务名称”"),
        Column("matter", "关联事项", "matter", note="填事项的编号"),
        Column("subject", "关联主体", "subject", note="填名称或编码"),
    )


def _move_columns() -> tuple[Column, ...]:
    return (
        Column("number", "编号", required=True, aliases=_NUMBER),
        Column("date", "日期", "date", required=True, aliases=("办理日期",)),
        Column(
            "stage", "环节", note="办到哪一环节；只报进展、不换环节的不填", aliases=("办理环节", "进入环节")
        ),
        Column("post", "经办职务", "post", note="填职务代码或“单位＋职务名称”"),
        Column("note", "说明", "long", aliases=("办理情况", "备注")),
    )


def _moves_form(kind: Kind, fields: tuple[Column, ...]) -> Form:
    """The movements of one kind: as 办理过程, with the fields that a step may fill."""
    own = tuple(item for item in _move_columns() if item.label not in {field.label for field in fields})
    stages = "、".join(stage.name for stage in kind.stages)
    told = tuple(replace(item, note=f"可填：{stages}") if item.code == "stage" else item for item in own)
    filled = tuple(replace(item, required=False) for item in fields)
    title = f"{kind.label}·{MOVES_FORM}"
    return Form(
        f"{kind.code}.{MOVES_FORM}", title, (*told, *filled, _PAPERS), kind, part=MOVES_FORM, note=_MOVES_NOTE
    )


def _fund_forms(kind: Kind) -> Iterable[Form]:
    fields = tuple(field_column(item) for item in kind.fields)
    money = Column(
        "amount",
        "金额",
        "quantity",
        "万元",
        required=True,
        aliases=("预算金额", "分配金额", "支付金额", "资金"),
    )
    budget = (
        _number("预算编号"),
        _title(kind),
        Column("unit", "主管单位", "unit", required=True, aliases=_UNIT),
        Column("year", "年度", "whole", required=True, aliases=("年份", "预算年度")),
        money,
    )
    allocation = (
        _number("分配编号"),
        Column("budget", "预算编号", required=True, note="从哪一笔预算里分配"),
        _title(kind),
        Column("unit", "使用单位", "unit", required=True, aliases=_UNIT),
        Column("date", "分配日期", "date", required=True, aliases=("日期", "下达日期")),
        money,
        Column("matter", "关联事项", "matter", note="填事项的编号", aliases=("项目编号",)),
        *fields,
    )
    payment = (
        _number("支付编号"),
        Column("allocation", "分配编号", required=True, note="从哪一笔分配里支付"),
        _title(kind),
        Column("date", "支付日期", "date", required=True, aliases=("日期",)),
        money,
        Column("subject", "收款主体", "subject", note="填名称或编码", aliases=("收款单位", "收款人")),
        Column("reverses", "冲销", note="填被冲销的支付编号；金额不填", aliases=("冲销支付编号",)),
    )
    for part, columns in ((BUDGET, budget), (ALLOCATION, allocation), (PAYMENT, payment)):
        yield Form(
            f"{kind.code}.{part}",
            f"{kind.label}·{part}",
            (*columns, _PAPERS),
            kind,
            part=part,
            words=kind.words,
        )


def _kind_forms(kind: Kind) -> Iterable[Form]:
    if kind.shape == "fund":
        yield from _fund_forms(kind)
        return
    build = {"subject": _subject_columns, "matter": _matter_columns, "record": _record_columns}[kind.shape]
    fields = tuple(field_column(item) for item in kind.fields)
    own = {item.label for item in fields}
    columns = tuple(item for item in build(kind) if item.label not in own or item.required)
    yield Form(kind.code, kind.label, (*columns, *fields, _PAPERS), kind, words=kind.words, note=kind.note)
    if kind.shape == "matter":
        yield _moves_form(kind, fields)
    for line in kind.lines:
        inside = (
            Column(
                "record",
                "编号",
                required=True,
                note=f"所属{kind.label}的编号",
                aliases=(*_NUMBER, f"{kind.label}编号"),
            ),
            Column("no", "序号", "whole", note="本条记录内的次序，不填则按出现的先后"),
        )
        rows = tuple(field_column(item) for item in line.fields)
        yield Form(
            f"{kind.code}.{line.code}",
            f"{kind.label}·{line.label}",
            (*inside, *rows),
            kind,
            line,
            note=line.note,
        )


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
        (kind, *_move_columns(), _PAPERS),
        words=("办理情况",),
        note=_MOVES_NOTE,
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
            reason,
        ),
        words=("年度目标",),
    )


def forms(catalogue: Catalogue) -> Mapping[str, Form]:
    """Every form by its code: fixed ones first, then those of the kinds in the order of their codes."""
    found = {form.code: form for form in _fixed_forms(catalogue)}
    for code in sorted(catalogue.kinds):
        found.update((form.code, form) for form in _kind_forms(catalogue.kinds[code]))
    return found
