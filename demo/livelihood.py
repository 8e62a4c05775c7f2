"""Livelihood items voted by the deputies, reform tasks, task forces: most done, one carried over with its reason."""

from datetime import date
from decimal import Decimal

from demo.geography import clerk, head, seat
from demo.ledger import Ledger
from demo.names import person
from demo.pen import YEARS, Chance, Parcel

_ITEMS = (
    ("教育提质", "教育局", "新增公办幼儿园学位", "改扩建幼儿园2所，新增学位360个"),
    ("教育提质", "教育局", "中小学食堂改造", "改造食堂8所"),
    ("教育提质", "教育局", "校园直饮水", "安装直饮水设备60台"),
    ("健康惠民", "卫健局", "村卫生室标准化", "改造村卫生室24所"),
    ("健康惠民", "卫健局", "适龄女性两癌筛查", "免费筛查6000人"),
    ("健康惠民", "医保局", "医保服务下沉", "设基层服务站12个"),
    ("养老托育", "民政局", "社区食堂", "新建社区食堂6处"),
    ("养老托育", "民政局", "居家适老化改造", "改造特殊困难老年人家庭220户"),
    ("养老托育", "卫健局", "普惠托位", "新增普惠托位180个"),
    ("就业增收", "人社局", "职业技能培训", "培训2600人次"),
    ("就业增收", "人社局", "零工市场", "建成零工驿站3处"),
    ("城乡宜居", "住建局", "老旧小区改造", "改造小区9个"),
    ("城乡宜居", "住建局", "背街小巷整治", "整治街巷14条"),
    ("城乡宜居", "城管局", "公共停车泊位", "新增泊位620个"),
    ("城乡宜居", "水利局", "农村饮水提升", "提升供水工程11处"),
    ("交通出行", "交通局", "农村公路安防", "安装护栏46公里"),
    ("交通出行", "交通局", "城乡公交一体化", "新开线路3条"),
    ("平安建设", "公安局", "智慧安防小区", "建成28个"),
    ("平安建设", "应急管理局", "独居老人烟感报警", "安装2000户"),
    ("生态环境", "生态环境分局", "农村生活污水治理", "治理村庄15个"),
    ("文体惠民", "文旅局", "社区书屋", "新建书屋8处"),
    ("文体惠民", "文旅局", "送戏下乡", "演出120场"),
)
_REFORMS = ("经济体制", "农业农村", "民生保障", "生态文明", "社会治理", "政务服务", "文化体制", "人才科技")
_TASKS = (
    "企业开办全流程一件事", "国有企业薪酬改革", "农村宅基地规范管理", "集体林权流转", "紧密型医共体建设",
    "校长职级管理", "河湖长制考核", "排污权交易试点", "网格化服务管理", "信访源头治理", "不见面审批清单",
)  # fmt: skip
_FORCES = (
    "重点项目建设",
    "营商环境优化",
    "防汛抗旱",
    "食品安全",
    "医共体建设",
    "清欠账款",
    "老旧小区改造",
    "生态环境整改",
    "消防安全治理",
    "文旅融合",
)
CARRIED = 8


def _livelihood(parcel: Parcel) -> None:
    ledger = Ledger("livelihood_item")
    for year in YEARS:
        chance = parcel.chance(f"livelihood/{year}")
        for number, (group, unit, name, content) in enumerate(
            _ITEMS[: 20 if year == YEARS[0] else 22], start=1
        ):
            code = f"SS{year}-{number:02d}"
            by, boss = clerk(unit), head(unit)
            budget = chance.money(40, 1900, "0.5")
            ledger.open(
                code, f"{name}（{year}）", unit, date(year, 1, 22), due=date(year, 12, 20),
                item_class=group, content=content, places="全县", budget=budget, multi_year=False,
                beneficiaries=chance.whole(300, 21000), collected=date(year - 1, 9, 30), debt_risk=False,
                watchers=f"{person(number + 40)}、{person(number + 70)}",
            )  # fmt: skip
            votes = parcel.paper("测评统计单", f"{code}票决", f"{name}票决统计单")
            ledger.move(
                code, "票决确定", date(year, 2, 6), boss, [votes], votes_for=chance.whole(168, 212), votes_cast=216, vote_rank=number,
                published=date(year, 2, 14),
            )  # fmt: skip
            ledger.move(code, "组织实施", date(year, 2, 20), by)
            slow = year == YEARS[1] and number == CARRIED
            for month, plan in ((6, 45), (9, 72)):
                done = Decimal(chance.whole(plan - 6, plan + 12)) if not slow else Decimal(plan - 34)
                ledger.report(
                    code, date(year, month, 30), by, plan_progress=Decimal(plan), progress=done,
                    paid=(budget * done / 100 * Decimal("0.9")).quantize(Decimal("0.01")),
                )  # fmt: skip
            if slow:
                ledger.move(
                    code, "结转下年", date(year, 12, 28), seat("lead-4"), progress=Decimal(64), plan_progress=Decimal(100),
                    difficulty="部分家庭变更改造意愿，设备招标流标一次，结转下年完成", reported=date(year, 12, 25),
                )  # fmt: skip
                continue
            _finish(parcel, ledger, code, name, boss, budget, chance)
    ledger.write(parcel, "22-为民实事.xlsx")


def _finish(
    parcel: Parcel, ledger: Ledger, code: str, name: str, boss: str, budget: Decimal, chance: Chance
) -> None:
    """Accepted, then judged by those it was made for."""
    year = int(code[2:6])
    done_on = chance.day(date(year, 10, 20), date(year, 12, 18))
    checked = parcel.paper("验收单", code, f"{name}验收单\n验收日期：{done_on}\n结论：合格")
    ledger.move(
        code, "完工验收", done_on, boss, [checked], accepted=done_on, progress=Decimal(100), plan_progress=Decimal(100),
        paid=(budget * Decimal(chance.whole(92, 100)) / 100).quantize(Decimal("0.01")),
    )  # fmt: skip
    ballots = chance.whole(180, 230)
    counted = parcel.paper("测评统计单", f"{code}测评", f"{name}满意度测评统计单")
    ledger.move(
        code,
        "测评办结",
        date(year, 12, 26),
        boss,
        [counted],
        ballots=ballots,
        satisfied=ballots - chance.whole(0, 6),
    )


def _reform(parcel: Parcel) -> None:
    ledger = Ledger("reform_task")
    by, boss = clerk("县委改革办"), seat("supervise")
    for year in YEARS:
        chance = parcel.chance(f"reform/{year}")
        for number in range(1, 46):
            name = _TASKS[number % len(_TASKS)]
            code = f"GG{year}-{number:02d}"
            ledger.open(
                code, f"{name}（{_REFORMS[number % len(_REFORMS)]}第{number}项）", "县委改革办", date(year, 2, 26), due=date(year, 12, 20),
                reform_class=_REFORMS[number % len(_REFORMS)], source=chance.of(("中央", "省", "省", "市", "县")),
                bundle=f"{name}集成改革" if number <= 6 else None, pilot=chance.of(("省级", "市级", "无", "无", "无")),
            )  # fmt: skip
            ledger.move(code, "推进", date(year, 3, chance.whole(5, 28)), by)
            if year == YEARS[1] and number == 20:
                ledger.report(
                    code, date(year, 10, 9), by, extended_to=date(year, 12, 20), extension_by="县委深改办"
                )
            if year == YEARS[1] and number in (13, 31):
                told = date(year, 11, 28)
                ledger.report(code, told, by, progress_note="上级配套办法尚未出台，试点范围待批")
                ledger.report(code, told, boss, result="滞后")
                continue
            verified = date(year, 12, chance.whole(1, 15))
            ledger.move(
                code, "评估验收", verified, boss, verified=verified, result=chance.of(("完成", "完成", "完成", "基本完成")),
                output=f"{name}实施办法",
            )  # fmt: skip
            ledger.move(code, "办结", date(year, 12, 18), boss)
    ledger.write(parcel, "23-改革任务.xlsx")


def _forces(parcel: Parcel) -> None:
    ledger = Ledger("task_force")
    chance = parcel.chance("forces")
    for number, name in enumerate(_FORCES, start=1):
        year = YEARS[number % 2]
        code, opened = f"ZB{year}-{number:02d}", date(year, 1 + number % 9, 12)
        unit = "政府办"
        ledger.open(
            code, f"{name}工作专班", unit, opened, due=date(2026, 6, 30), force_kind="专班" if number % 3 else "领导小组",
            goal=f"统筹推进{name}", head=person(number % 5), members=chance.whole(6, 18), set_up_doc=f"澜政办〔{year}〕{20 + number}号",
        )  # fmt: skip
        paper = parcel.paper("正式文件", code, f"关于成立{name}工作专班的通知")
        ledger.move(code, "运行", date(opened.year, opened.month, 18), seat("supervise"), [paper])
        ledger.report(code, date(2025, 11, 20), clerk(unit), last_met=date(2025, 11, 20))
        if number in (3, 8):
            ledger.move(code, "撤销", date(2025, 12, 10), seat("lead"), dissolved=date(2025, 12, 10))
    ledger.write(parcel, "24-专班.xlsx")


def write(parcel: Parcel) -> None:
    """Livelihood items, reform tasks, task forces."""
    _livelihood(parcel)
    _reform(parcel)
    _forces(parcel)
