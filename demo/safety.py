"""Hazards listed at three levels, petitions with their statutory clocks, supervised matters: some late, one past its limit."""

from datetime import date, timedelta

from demo.geography import TOWNSHIPS, clerk, head, seat
from demo.ledger import Ledger
from demo.names import person
from demo.pen import YEARS, Chance, Parcel

_INDUSTRIES = (
    "矿山",
    "危险化学品",
    "工贸",
    "建筑施工",
    "道路交通",
    "消防",
    "燃气",
    "特种设备",
    "水利",
    "教育",
)
_FAULTS = (
    "疏散通道堵塞",
    "防护栏缺失",
    "超期未检验",
    "燃气管道占压",
    "边坡开裂",
    "临时用电不规范",
    "消防设施失效",
    "粉尘清理不到位",
)
_THEMES = ("征地拆迁", "城乡建设", "农业农村", "劳动社保", "教育医疗", "生态环境", "欠薪欠款", "其他")
_CLAIMS = (
    "反映补偿款发放时间",
    "反映小区漏水维修",
    "反映村道损坏",
    "反映社保补缴",
    "反映工程款未结清",
    "反映夜间噪声",
    "反映学区划分",
)
_ORIGINS = (
    "工作报告任务",
    "常务会议定事项",
    "领导批示",
    "上级交办",
    "人大建议",
    "政协提案",
    "审计整改",
    "网民留言",
    "调研问题",
)
_ASKS = (
    "农贸市场改造",
    "断头路打通",
    "山塘除险",
    "公交线路优化",
    "老旧管网更换",
    "欠薪案件清理",
    "校车安全整治",
    "撂荒地复耕",
)
LATE_PETITION = "XF2025-057"


def _hazards(parcel: Parcel) -> None:
    ledger = Ledger("listed_hazard")
    for year in YEARS:
        chance = parcel.chance(f"hazards/{year}")
        for number in range(1, 33):
            industry = chance.of(_INDUSTRIES)
            town = TOWNSHIPS[number % 12][0]
            code, twin = f"YH{year}-{number:03d}", f"YH{year}-{number - 1:03d}"
            shared = number % 11 == 0  # the same hazard is listed again at a second level
            level = ("镇级", "县级", "县级", "市级")[number % 4]
            unit = "应急管理局" if level != "镇级" else town
            opened = chance.day(date(year, 1, 8), date(year, 9, 20))
            title = f"{town}{industry}单位{_FAULTS[number % len(_FAULTS)]}"
            ledger.open(
                code, title, unit, opened, due=opened + timedelta(days=chance.whole(86, 105)), hazard_code=twin if shared else code,
                list_level=level, grade="重大" if number % 9 == 0 else "一般", industry=industry, place=town,
                found=opened - timedelta(days=4), found_by=chance.of(("企业自查", "部门检查", "群众举报", "专家排查")),
                description=f"{title}，存在安全隐患", list_published=opened + timedelta(days=3),
            )  # fmt: skip
            _rectify(ledger, parcel, code, unit, opened, chance, stuck=year == YEARS[1] and number in (7, 22))
    ledger.write(parcel, "25-挂牌隐患.xlsx")


def _rectify(
    ledger: Ledger, parcel: Parcel, code: str, unit: str, opened: date, chance: Chance, *, stuck: bool
) -> None:
    by, boss = clerk(unit), head(unit)
    plan = parcel.paper("治理方案", code, "隐患治理方案：措施、资金、时限、责任人、预案")
    ledger.move(
        code, "整改", opened + timedelta(days=6), by, [plan], measures="停用整改、更换设施、复查", funds=chance.money(0, 60, "0.5"),
        responsible=person(chance.whole(40, 120)), emergency_plan="专人值守，设置警戒，制定应急预案",
    )  # fmt: skip
    if stuck:
        asked = opened + timedelta(days=40)  # granted thirty more days, and still not done
        ledger.report(
            code, asked + timedelta(days=6), by, extension_applied=asked, extension_answered=asked + timedelta(days=6),
            extended_days=30, extension_by="县安委办",
        )  # fmt: skip
        return
    applied = opened + timedelta(days=chance.whole(30, 70) if not chance.hits(8) else 108)
    ledger.move(code, "申请验收", applied, by, applied=applied)
    accepted = applied + timedelta(days=chance.whole(2, 9))
    checked = parcel.paper("验收单", code, f"隐患整改验收单\n验收日期：{accepted}\n结论：合格")
    ledger.move(code, "验收", accepted, boss, [checked], acceptance=accepted, acceptance_result="合格")
    ledger.move(
        code, "销号", accepted + timedelta(days=1), boss, delist_published=accepted + timedelta(days=4)
    )


def _petitions(parcel: Parcel) -> None:
    ledger = Ledger("petition_case")
    for year in YEARS:
        chance = parcel.chance(f"petitions/{year}")
        for number in range(1, 121):
            _petition(
                ledger,
                parcel,
                f"XF{year}-{number:03d}",
                year,
                chance,
                open_still=year == YEARS[1] and number in (101, 117),
            )
    ledger.write(parcel, "26-信访事项.xlsx")


def _petition(
    ledger: Ledger, parcel: Parcel, code: str, year: int, chance: Chance, *, open_still: bool
) -> None:
    by, boss = clerk("信访局"), head("信访局")
    opened = chance.day(date(year, 1, 4), date(year, 10, 15))
    if code == LATE_PETITION:
        opened = date(2025, 6, 9)
    sent = opened + timedelta(days=chance.whole(1, 5))
    taken = sent + timedelta(days=chance.whole(2, 8))
    claim, backlog = chance.of(_CLAIMS), chance.hits(12)
    ledger.open(
        code, claim, "信访局", opened, due=taken + timedelta(days=60), form=chance.of(("来信", "来访", "网上", "网上", "来电")),
        repeat=chance.hits(15), group_size=chance.whole(1, 3), petition_class="建议意见" if chance.hits(12) else "申诉求决",
        theme=chance.of(_THEMES), petitioner=person(chance.whole(120, 330)), claim=f"{claim}，请求核实处理", backlog=backlog,
        sponsor=person(chance.whole(0, 5)) if backlog else None,
    )  # fmt: skip
    ledger.move(code, "转送交办", sent, by, transferred=sent)
    told = parcel.paper("告知书", code, f"信访事项受理告知书\n受理日期：{taken}")
    ledger.move(code, "受理", taken, by, [told], received=sent, informed=taken, accepted=taken)
    if code == LATE_PETITION or open_still:
        return
    issued = taken + timedelta(days=chance.whole(12, 55))
    if int(code[-3:]) % 25 == 0:  # one in twenty-five needs longer: granted, and the petitioner told
        asked = taken + timedelta(days=50)
        issued = taken + timedelta(days=78)
        ledger.report(
            code, asked, by, note="情况复杂，延期办理", extended_days=30, extension_by="信访局负责人",
            extension_informed=asked,
        )  # fmt: skip
    answer = parcel.paper("答复意见书", code, f"信访事项处理意见书\n作出日期：{issued}")
    result = chance.of(("支持", "支持", "部分支持", "解释说明", "不予支持"))
    ledger.move(
        code, "办结", issued, boss, [answer], opinion_issued=issued, opinion_received=issued + timedelta(days=2), result=result,
        solved=issued if result in ("支持", "部分支持") else None, backlog_solved=issued if backlog and chance.hits(85) else None,
        satisfaction=chance.of(("满意", "满意", "基本满意", "基本满意", "未评价", "不满意")),
    )  # fmt: skip


def _supervised(parcel: Parcel) -> None:
    ledger = Ledger("supervised_matter")
    units = (
        "住建局",
        "交通局",
        "水利局",
        "教育局",
        "人社局",
        "农业农村局",
        "城管局",
        "财政局",
        "望溪镇",
        "柳渡镇",
    )
    watch = seat("supervise")
    for year in YEARS:
        chance = parcel.chance(f"supervised/{year}")
        for number in range(1, 61):
            code, unit = f"DC{year}-{number:03d}", units[number % len(units)]
            opened = chance.day(date(year, 1, 10), date(year, 10, 20))
            due = opened + timedelta(days=chance.whole(30, 60))
            ask = _ASKS[number % len(_ASKS)]
            ledger.open(
                code, f"关于{ask}的督办（{number}号）", unit, opened, due=due, origin=_ORIGINS[number % len(_ORIGINS)],
                supervision_kind=chance.of(("日常督办", "日常督办", "专项督查", "综合督查")), content=f"限期完成{ask}并报结果",
                instructed_by=person(0), approved=opened, feedback_cycle="月",
            )  # fmt: skip
            ledger.move(code, "交办", opened + timedelta(days=1), watch)
            ledger.move(code, "签收办理", opened + timedelta(days=2), clerk(unit))
            if year == YEARS[1] and number in (19, 46):
                ledger.report(code, due + timedelta(days=5), watch, reminders=2)
                continue
            fed = (
                due - timedelta(days=chance.whole(2, 20)) if not chance.hits(10) else due + timedelta(days=9)
            )
            fed = max(fed, opened + timedelta(days=3))
            _settle(parcel, ledger, code, unit, ask, fed)
    ledger.write(parcel, "27-督查督办.xlsx")


def _settle(parcel: Parcel, ledger: Ledger, code: str, unit: str, ask: str, fed: date) -> None:
    """Reported by the unit, verified by the inspectors, closed by them: never by the unit itself."""
    watch, checked = seat("supervise"), fed + timedelta(days=2)
    ledger.move(code, "反馈", fed, clerk(unit), progress_note=f"{ask}已完成", last_feedback=fed)
    report = parcel.paper("督查报告", code, f"关于{ask}的核查报告\n核查日期：{checked}\n结论：属实办结")
    ledger.move(
        code, "核查", checked, watch, [report], verified=checked, verified_by=person(8), verify_result="属实办结"
    )  # fmt: skip
    ledger.move(code, "办结", checked + timedelta(days=1), watch)


def write(parcel: Parcel) -> None:
    """Hazards, petitions, supervised matters."""
    _hazards(parcel)
    _petitions(parcel)
    _supervised(parcel)
