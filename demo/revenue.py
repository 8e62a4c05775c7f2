"""Relief by month and policy, the list behind livelihood spending, and what the county may say of hidden debt."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from demo.geography import clerk, head, seat
from demo.ledger import Ledger
from demo.names import person
from demo.pen import YEARS, Parcel, Row, rounded

# policy, tax, how, whether it is new, households a month, share of the year's relief in per mille
_POLICIES = (
    ("小型微利企业所得税优惠", "企业所得税", "减免", "延续政策", 310, 300),
    ("小规模纳税人增值税减免", "增值税", "减免", "延续政策", 620, 260),
    ("研发费用加计扣除", "企业所得税", "减免", "延续政策", 26, 180),
    ("增值税期末留抵退税", "增值税", "退税", "延续政策", 9, 160),
    ("设备更新税收优惠", "企业所得税", "减免", "新增政策", 14, 100),
    ("制造业中小企业缓缴", "增值税", "缓缴", "延续政策", 31, 120),
)
_RELIEF = {2024: 9120, 2025: 8760}
_CLASSES = (
    ("204", "公共安全支出", "部分计入", "社会治安防控"), ("205", "教育支出", "全部计入", None), ("206", "科学技术支出", "全部计入", None),
    ("207", "文化旅游体育与传媒支出", "全部计入", None), ("208", "社会保障和就业支出", "全部计入", None), ("210", "卫生健康支出", "全部计入", None),
    ("211", "节能环保支出", "全部计入", None), ("212", "城乡社区支出", "全部计入", None), ("213", "农林水支出", "全部计入", None),
    ("214", "交通运输支出", "全部计入", None), ("221", "住房保障支出", "全部计入", None), ("224", "灾害防治及应急管理支出", "全部计入", None),
)  # fmt: skip
# number, what it is about, amount in 亿元, data to, applied, then: approved, refused or waiting
_RELEASES = (
    ("FB2024-01", "化解隐性债务", "1.52", date(2024, 11, 30), date(2024, 12, 4), "approved"),
    ("FB2025-01", "化解隐性债务", "0.74", date(2025, 6, 30), date(2025, 7, 7), "approved"),
    ("FB2025-02", "化解隐性债务", "1.90", date(2025, 10, 31), date(2025, 11, 10), "refused"),
    ("FB2025-03", "化解隐性债务", "1.36", date(2025, 11, 30), date(2025, 12, 8), "approved"),
    ("FB2025-04", "公安案件数据", "", date(2025, 11, 30), date(2025, 12, 11), "approved"),
    ("FB2025-05", "未发布统计数", "", date(2025, 12, 20), date(2025, 12, 29), "waiting"),
)
_SAID = {
    "化解隐性债务": "年内化解政府隐性债务{}亿元，没有新增隐性债务",
    "公安案件数据": "专项斗争保持严打高压态势，成效由公安机关统一发布",
    "未发布统计数": "部分指标待统计部门发布后引用",
}


def _relief(parcel: Parcel) -> None:
    held: list[Row] = []
    rows: list[Row] = []
    for year in YEARS:
        chance = parcel.chance(f"relief/{year}")
        for month in range(1, 13):
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            code = f"JS{last:%Y%m}"
            held.append({
                "number": code, "title": f"{year}年{month}月减税降费", "unit": "税务局", "date": last, "post": clerk("税务局"), "table_no": "税减01表",
            })  # fmt: skip
            for place, (policy, tax, how, fresh, served, share) in enumerate(_POLICIES, start=1):
                amount = Decimal(_RELIEF[year]) * share / 1000 / 12 * chance.whole(86, 114) / 100
                rows.append({
                    "record": code, "no": place, "policy": policy, "tax_kind": tax, "relief_kind": how, "novelty": fresh,
                    "households": served + chance.whole(-5, 5), "relief": rounded(amount, 1),
                })  # fmt: skip
    name = "relief_report"
    parcel.write("45-减税降费月报.xlsx", {name: held, f"{name}.policies": rows})


def _livelihood(parcel: Parcel) -> None:
    """The list of each year: 2025 took in one class more, and says so."""
    held: list[Row] = []
    rows: list[Row] = []
    for year in YEARS:
        code, changed = f"MS{year}", year == YEARS[1]
        told: Row = (
            {"change_reason": "增列公共安全支出中的社会治安防控；按新口径2024年占比提高0.2个百分点"}
            if changed
            else {}
        )
        held.append({
            "number": code, "title": f"{year}年民生支出口径", "unit": "财政局", "date": date(year, 1, 10), "post": seat("treasury"),
            "version": f"{year}版", "doc_no": f"澜财预〔{year}〕3号", "approver": person(0), "changed": changed,
            "new_resources": "一般公共预算收入增量、上级均衡性转移支付增量", **told,
        })  # fmt: skip
        rows += list(_classes(code, first=0 if changed else 1))
    name = "livelihood_basis"
    parcel.write("45-民生支出口径.xlsx", {name: held, f"{name}.classes": rows})


def _classes(record: str, first: int) -> Iterator[Row]:
    for place, (code, label, counted, part) in enumerate(_CLASSES[first:], start=1):
        yield {
            "record": record,
            "no": place,
            "class_code": code,
            "class_name": label,
            "counted": counted,
            "part": part,
        }


def _released(parcel: Parcel) -> None:
    """What may be quoted of what is kept secret: applied for, read by two, approved by another, or not at all."""
    ledger = Ledger("released_figure")
    for number, topic, amount, until, applied, end in _RELEASES:
        title = f"述职报告引用：{topic}（截至{until.month}月）"
        ledger.open(
            number, title, "财政局", applied, topic=topic, statement=_SAID[topic].format(amount), told_amount=Decimal(amount) if amount else None,
            period_end=until, used_in=f"{until.year}年度述职报告", applicant=person(45),
        )  # fmt: skip
        if end != "waiting":
            _reviewed(ledger, parcel, number, title, applied, refused=end == "refused")
    ledger.write(parcel, "46-经批准公布数据.xlsx")


def _reviewed(
    ledger: Ledger, parcel: Parcel, number: str, title: str, applied: date, *, refused: bool
) -> None:
    day = applied + timedelta(days=1)
    readers: Row = {
        "first_reviewer": person(51),
        "first_reviewed": day,
        "second_reviewer": person(12),
        "second_reviewed": day,
    }
    if refused:
        ledger.report(
            number, day, head("财政局"), "与上级核定的化债口径不一致", **readers, secrecy_opinion="不得公布"
        )
        ledger.move(number, "撤回", day, seat("lead-1"), withdraw_reason="口径未经上级核定")
        return
    sheet = parcel.paper("保密审查表", number, f"{title}\n审查人、复审人各签意见：可以公布")
    ledger.move(number, "保密审查", day, head("财政局"), [sheet], "", **readers, secrecy_opinion="可以公布")
    done = day + timedelta(days=1)
    order = parcel.paper("批复文件", number, f"关于{title}的批复\n批准人：县长")
    ledger.move(
        number,
        "批准公布",
        done,
        seat("lead"),
        [order],
        approver=person(0),
        approved=done,
        approval_doc=f"澜政密批〔{done.year}〕{number[-2:]}号",
    )
    if number != "FB2025-03":
        ledger.move(
            number, "归档", done + timedelta(days=5), clerk("财政局"), archived=done + timedelta(days=5)
        )


def write(parcel: Parcel) -> None:
    """Relief, livelihood classes, released figures."""
    _relief(parcel)
    _livelihood(parcel)
    _released(parcel)
