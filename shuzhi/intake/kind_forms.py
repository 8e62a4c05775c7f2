"""The forms of a kind: its list, its tables, its movements, or the three sheets of a fund."""

from collections.abc import Iterable
from dataclasses import replace

from shuzhi.intake.columns import ALLOCATION, BUDGET, MOVES_FORM, PAYMENT, Column, Form
from shuzhi.kernel.catalogue.definitions import ORIGINS, VERDICTS, Field, Kind

NUMBER_WORDS = ("项目编号", "登记编号", "台账编号", "事项编号", "序列号", "编码", "案号", "备案号")
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
PAPERS = Column(
    "papers",
    "佐证材料",
    "papers",
    note="写“类别:文件名”，多份用分号隔开；文件放在工作簿旁的“材料”文件夹",
    aliases=("材料", "证明材料", "附件", "佐证"),
)


MOVES_NOTE = "每推进一个环节、每报一次进展填一行，按日期先后"


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
    return Column(
        "number", label, required=True, note="本台账内不重复，定了不改", aliases=(*NUMBER_WORDS, "编号")
    )


def _title(kind: Kind) -> Column:
    own = tuple(f"{word}名称" for word in (kind.label, *kind.words))
    return Column("title", "名称", required=True, aliases=(*own, *_TITLE))


def _subject_columns(kind: Kind) -> tuple[Column, ...]:
    return (
        Column("code", "编码", required=True, note="统一社会信用代码等本身的编码", aliases=NUMBER_WORDS),
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


def _plan_columns() -> tuple[Column, ...]:
    return (
        _number(),
        Column("title", "计划事项", required=True, aliases=("事项", "名称", "本周计划")),
        Column("post", "责任职务", "post", required=True, note="填职务代码或“单位＋职务名称”"),
        Column("week", "周次", required=True, note="如 2025-W09"),
        Column("due", "完成期限", "date", required=True, aliases=("完成时限",)),
        Column("result", "承诺结果", aliases=("目标", "承诺")),
        Column("origin", "来源", "choice", choices=ORIGINS, note="不填即自提"),
        Column("about", "所指事项", "matter", note="填事项的编号"),
        Column("before", "上次承诺", note="接着哪一条，填那一条的编号"),
        Column("verdict", "交账结论", "choice", choices=VERDICTS, note="还没有交账的不填"),
        Column("settled", "交账日期", "date", note="碰头会的日期"),
        Column("reason", "原因", note="除完成外须写明"),
        Column("moved", "顺延至", "date", note="顺延的须填"),
        Column("chair", "主持职务", "post"),
        Column("recorder", "记录职务", "post", note="登记结论的督查职务"),
    )


def move_columns() -> tuple[Column, ...]:
    """The columns of 办理过程, whatever the kind."""
    return (
        Column("number", "编号", required=True, aliases=NUMBER_WORDS),
        Column("date", "日期", "date", required=True, aliases=("办理日期",)),
        Column(
            "stage", "环节", note="办到哪一环节；只报进展、不换环节的不填", aliases=("办理环节", "进入环节")
        ),
        Column("post", "经办职务", "post", note="填职务代码或“单位＋职务名称”"),
        Column("note", "说明", "long", aliases=("办理情况", "备注")),
    )


def _moves_form(kind: Kind, fields: tuple[Column, ...]) -> Form:
    """The movements of one kind: as 办理过程, with the fields that a step may fill."""
    own = tuple(item for item in move_columns() if item.label not in {field.label for field in fields})
    stages = "、".join(stage.name for stage in kind.stages)
    told = tuple(replace(item, note=f"可填：{stages}") if item.code == "stage" else item for item in own)
    filled = tuple(replace(item, required=False) for item in fields)
    title = f"{kind.label}·{MOVES_FORM}"
    return Form(
        f"{kind.code}.{MOVES_FORM}", title, (*told, *filled, PAPERS), kind, part=MOVES_FORM, note=MOVES_NOTE
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
            (*columns, PAPERS),
            kind,
            part=part,
            words=kind.words,
        )


def kind_forms(kind: Kind) -> Iterable[Form]:
    """The forms of one kind, its list first."""
    if kind.shape == "fund":
        yield from _fund_forms(kind)
        return
    if kind.shape == "plan":
        yield Form(kind.code, kind.label, _plan_columns(), kind, words=kind.words, note=kind.note)
        return
    build = {"subject": _subject_columns, "matter": _matter_columns, "record": _record_columns}[kind.shape]
    fields = tuple(field_column(item) for item in kind.fields)
    own = {item.label for item in fields}
    columns = tuple(item for item in build(kind) if item.label not in own or item.required)
    yield Form(kind.code, kind.label, (*columns, *fields, PAPERS), kind, words=kind.words, note=kind.note)
    if kind.shape == "matter":
        yield _moves_form(kind, fields)
    for line in kind.lines:
        inside = (
            Column(
                "record",
                "编号",
                required=True,
                note=f"所属{kind.label}的编号",
                aliases=(*NUMBER_WORDS, f"{kind.label}编号"),
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
