"""What went wrong and what was done about it: accidents, penalties, power cuts, hazard returns; the special campaign."""

from collections.abc import Sequence
from datetime import date, timedelta

from demo.geography import TOWNSHIPS, clerk, head, seat
from demo.happenings import companies
from demo.ledger import Ledger
from demo.names import person
from demo.pen import YEARS, Parcel, Row
from demo.society import record, shelve

_OFFICE = "应急管理局"
# year, day, industry, kind, deaths, injured, loss in 万元: road transport is counted by the police and not here
_ACCIDENTS = (
    (2024, date(2024, 3, 14), "建筑施工", "高处坠落", 1, 0, 138),
    (2024, date(2024, 6, 21), "工贸", "机械伤害", 0, 1, 46),
    (2024, date(2024, 8, 9), "矿山", "物体打击", 1, 0, 151),
    (2024, date(2024, 11, 18), "燃气", "火灾", 0, 0, 62),
    (2025, date(2025, 2, 26), "工贸", "触电", 0, 1, 39),
    (2025, date(2025, 5, 12), "建筑施工", "坍塌", 1, 1, 164),
    (2025, date(2025, 10, 15), "消防", "火灾", 0, 0, 88),
)
_OFFENCES = (
    "未落实隐患排查治理",
    "特种作业人员无证上岗",
    "未如实记录安全培训",
    "安全设施未经验收投用",
    "消防通道占用",
)
_RESULTS = (
    ("打掉恶势力犯罪集团", 1, 1),
    ("破获涉黑涉恶刑事案件", 7, 6),
    ("破获涉黑涉恶刑事案件", 5, 4),
    ("起诉", 6, 5),
    ("判决", 4, 5),
)  # what, how many in 2024, in 2025


def _accidents(parcel: Parcel, firms: Sequence[str]) -> Ledger:
    ledger = Ledger("work_accident")
    by, boss, lead = clerk(_OFFICE), head(_OFFICE), seat("lead-4")
    for number, (year, day, industry, sort, deaths, injured, loss) in enumerate(_ACCIDENTS, start=1):
        code, town = f"SG{year}-{number:02d}", TOWNSHIPS[number % 12][0]
        minute = 20 if number != 5 else 58  # the fifth was reported too late
        ledger.open(
            code, f"{town}“{day.month}·{day.day}”{sort}事故", _OFFICE, day, enterprise=firms[number * 7], industry=industry, place=town,
            accident_kind=sort, deaths=deaths, injured=injured, loss=loss, grade="一般", told=f"{day} 09:15",
            reported=f"{day} {9 if number != 5 else 11}:{minute}", escalated=f"{day} 11:{minute + 1}", investigated_by="县级",
        )  # fmt: skip
        ledger.move(code, "调查", day + timedelta(days=2), by, team_formed=day + timedelta(days=2))
        if number == len(_ACCIDENTS):  # asked for thirty more days, and the county government granted them
            ledger.report(code, day + timedelta(days=55), by, extended_days=30, extension_by="县政府")
            continue
        sent = day + timedelta(days=48 + number)
        found = parcel.paper("事故调查报告", code, f"{code}事故调查报告\n提交日期：{sent}")
        ledger.move(code, "提交报告", sent, by, [found], submitted=sent, cause="责任事故")
        approved = sent + timedelta(days=11 if number != 3 else 24)
        answer = parcel.paper("批复文件", code, f"县政府关于{code}事故调查报告的批复")
        ledger.move(code, "批复结案", approved, lead, [answer], approved=approved, punished=2 + deaths)
        ledger.report(code, approved + timedelta(days=15), by, published=approved + timedelta(days=15))
        if number <= 3:
            judged = approved + timedelta(days=300)
            ledger.move(
                code,
                "整改评估",
                judged,
                boss,
                evaluated=judged,
                evaluation="落实" if number != 2 else "部分落实",
            )
    return ledger


def _penalties(parcel: Parcel, firms: Sequence[str]) -> Ledger:
    ledger = Ledger("safety_penalty")
    by, boss = clerk(_OFFICE), head(_OFFICE)
    for year in YEARS:
        chance = parcel.chance(f"safety-penalties/{year}")
        for number in range(1, 13):
            code, offence = f"AJF{year}-{number:02d}", _OFFENCES[number % len(_OFFENCES)]
            day, fine = chance.day(date(year, 1, 20), date(year, 11, 25)), chance.money(1, 9, "0.5")
            ledger.open(
                code, f"{offence}案", _OFFICE, day, enterprise=firms[number * 5 + year % 5], decision_no=f"澜应急罚〔{year}〕{number}号",
                violation=offence, fine=fine, ordered_stop=number % 6 == 0,
            )  # fmt: skip
            shown = day + timedelta(days=chance.whole(2, 8) if number != 9 else 19)
            verdict = parcel.paper("行政处罚决定书", code, f"澜应急罚〔{year}〕{number}号\n罚款{fine}万元")
            ledger.move(code, "公示", shown, by, [verdict], published=shown)
            if year == YEARS[1] and number == 4:
                gone = day + timedelta(days=80)
                ledger.move(code, "撤销", gone, boss, revoked=gone - timedelta(days=1), withdrawn=gone)
                continue
            if number != 11:
                ledger.move(code, "执行完毕", shown + timedelta(days=20), boss, fine_paid=fine)
    return ledger


def _cuts(parcel: Parcel, firms: Sequence[str]) -> Ledger:
    ledger = Ledger("power_cut")
    by, boss = clerk(_OFFICE), head(_OFFICE)
    for number, (day, obeys) in enumerate(
        ((date(2024, 9, 3), False), (date(2025, 4, 22), False), (date(2025, 8, 5), True)), 1
    ):
        code = f"TD{day.year}-{number}"
        ledger.open(
            code, f"对第{number}家拒不停产单位停止供电", _OFFICE, day, enterprise=firms[number * 11],
            decision_no=f"澜应急〔{day.year}〕{number + 6}号", reason="责令停产后仍在生产，有发生事故的现实危险", approved_by=person(40),
        )  # fmt: skip
        told = parcel.paper("告知书", code, f"停止供电通知书\n送达：{day} 10:00")
        ledger.move(code, "通知", day, by, [told], notified=f"{day} 10:00")
        if obeys:
            ledger.move(code, "不再停电", day + timedelta(days=1), boss, obeyed=day + timedelta(days=1))
            continue
        ledger.move(code, "停电", day + timedelta(days=1), boss, cut_at=f"{day + timedelta(days=1)} 15:00")
        mended = day + timedelta(days=12)
        ledger.move(
            code,
            "恢复供电",
            mended + timedelta(days=1),
            boss,
            obeyed=mended,
            restored=mended + timedelta(days=1),
        )
    return ledger


def _returns(parcel: Parcel, firms: Sequence[str]) -> Ledger:
    """Six firms by quarter and by year; one quarter never came."""
    ledger = Ledger("hazard_return")
    for year in YEARS:
        chance = parcel.chance(f"hazard-returns/{year}")
        ends = (date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31))
        for number in range(1, 7):
            town = TOWNSHIPS[number][0]
            for quarter, end in enumerate(ends, start=1):
                code = f"YHB{year}-{number}-{quarter}"
                ledger.open(
                    code,
                    f"第{number}家企业{year}年第{quarter}季度",
                    town,
                    end,
                    enterprise=firms[number * 6],
                    period="季度",
                )
                late = number == 4 and quarter == 2
                if (end == ends[3] and year == YEARS[1]) or (year, number, quarter) == (YEARS[1], 5, 3):
                    continue
                sent, found = end + timedelta(days=24 if late else chance.whole(4, 14)), chance.whole(4, 26)
                ledger.move(
                    code, "报送", sent, clerk(town), found=found, corrected=found - chance.whole(0, 2), major=0,
                    invested=chance.money(1, 18, "0.5"), responsible=person(number + 240), submitted=sent,
                )  # fmt: skip
                ledger.move(code, "核对归档", sent + timedelta(days=2), head(town))
    return ledger


def _campaign(parcel: Parcel) -> Ledger:
    ledger = Ledger("campaign_result")
    by, boss, lead = clerk("公安局"), head("公安局"), seat("lead-5")
    for year in YEARS:
        for number, (sort, *counts) in enumerate(_RESULTS, start=1):
            code, day = f"ZX{year}-{number}", date(year, 2 * number, 18)
            ledger.open(
                code, f"{sort}（{year}年第{number}批）", "公安局", day, campaign="常态化扫黑除恶斗争", result_kind=sort,
                amount=counts[YEARS.index(year)],
            )  # fmt: skip
            _release(parcel, ledger, code, day + timedelta(days=10), date(year, 12, 9), (boss, lead))
        if year == YEARS[1]:  # known to the police, not released: in no figure
            held = "ZX2025-9"
            ledger.open(
                held, "打掉恶势力犯罪集团（未公布）", "公安局", date(2025, 11, 6), campaign="常态化扫黑除恶斗争",
                result_kind="打掉恶势力犯罪集团", amount=1,
            )  # fmt: skip
            ledger.report(held, date(2025, 11, 7), by, note="侦查中，未经批准不得公布")
    return ledger


def _release(
    parcel: Parcel, ledger: Ledger, code: str, checked: date, day: date, posts: tuple[str, str]
) -> None:
    ledger.move(code, "核定", checked, posts[0], verified_on=checked, verified_by="检察院")
    leave = parcel.paper("批复文件", code, f"同意公布{code}\n批准日期：{day}")
    ledger.move(
        code, "批准公布", day, posts[1], [leave], released=day, released_by="县扫黑除恶斗争领导小组办公室",
        release_doc=f"澜扫黑办〔{day.year}〕15号",
    )  # fmt: skip


def _surveys() -> list[Row]:
    rows: list[Row] = []
    for year, first, second in ((2024, 768, 1546), (2025, 774, 1558)):
        for half, (month, sample, aware) in enumerate(((6, 800, first), (11, 1600, second)), start=1):
            rows.append(record(
                f"MD{year}-{half}", f"{year}年{'上下'[half - 1]}半年专项斗争民意调查", "政法委", date(year, month, 22), topic="专项斗争",
                institution="云岫社情民意调查中心", method="电话调查", region="全县", sample=sample, aware=aware, approving=aware + 5,
            ))  # fmt: skip
        rows.append(record(
            f"MD{year}-3", f"{year}年平安建设民意调查", "政法委", date(year, 11, 28), topic="平安建设",
            institution="云岫社情民意调查中心", method="电话调查", region="全县", sample=1200, safe=1176 + year % 5, approving=1160,
        ))  # fmt: skip
    return rows


def write(parcel: Parcel) -> None:
    """Accidents, penalties, power cuts, hazard returns; the special campaign and what people think of it."""
    firms = [str(row["code"]) for row in companies()]
    rooms = (_accidents, _penalties, _cuts, _returns)
    shelve(parcel, "64-事故与安全监管.xlsx", *(room(parcel, firms) for room in rooms))
    shelve(parcel, "65-专项斗争.xlsx", _campaign(parcel))
    parcel.write("65-民意调查.xlsx", {"opinion_survey": _surveys()})
