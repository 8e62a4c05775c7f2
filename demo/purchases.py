"""What is bought and built by tender: procurement from intention to acceptance, bids from sale to contract, disputes."""

from datetime import date, timedelta
from decimal import Decimal

from demo.geography import clerk, head
from demo.ledger import Ledger
from demo.names import company
from demo.pen import YEARS, Chance, Parcel, rounded

_BUYERS = ("教育局", "卫健局", "公安局", "住建局", "城管局", "农业农村局", "机关事务局", "水利局")
_GOODS = (
    "校园监控设备",
    "医用影像设备",
    "执法记录仪",
    "环卫车辆",
    "信息系统运维",
    "物业服务",
    "课桌椅",
    "规划编制",
    "病媒防制",
    "灌溉设备",
)
_BUILDERS = ("住建局", "交通局", "水利局", "教育局", "卫健局")
_BUILT = ("道路改造", "管网更新", "堤防加固", "教学楼", "卫生院", "停车场", "桥梁")
_SAVED = {2024: (350, 860), 2025: (380, 900)}  # hundredths of a per cent of the budget
_LAST = date(2025, 12, 28)


def _paper(parcel: Parcel, kind: str, code: str, title: str) -> list[str]:
    return [parcel.paper(kind, code, f"{title}：{kind}")]


def _purchases(parcel: Parcel) -> None:
    ledger = Ledger("purchase_project")
    for year in YEARS:
        chance = parcel.chance(f"purchases/{year}")
        for number in range(1, 25):
            _purchase(ledger, parcel, f"CG{year}-{number:03d}", year, number, chance)
    ledger.write(parcel, "77-政府采购.xlsx")


def _purchase(ledger: Ledger, parcel: Parcel, code: str, year: int, number: int, chance: Chance) -> None:
    unit, thing = _BUYERS[number % len(_BUYERS)], _GOODS[number % len(_GOODS)]
    budget = chance.money(60, 1900, "5")
    opened = chance.day(date(year, 1, 6), date(year, 8, 25) if number < 23 else date(year, 11, 25))
    open_tender = budget >= 200 or number % 3 == 0
    split = number == 13
    ledger.open(
        code, f"{unit}{thing}采购（{number}号）", unit, opened, due=opened + timedelta(days=210), budget_amount=budget,
        purchase_kind="服务" if thing.endswith(("服务", "运维", "编制", "防制")) else "货物",
        method="公开招标" if open_tender else chance.of(("竞争性磋商", "询价", "竞争性谈判")), splitting=True if split else None,
    )  # fmt: skip
    by, title = clerk(unit), f"{unit}{thing}"
    told = opened + timedelta(days=4)
    noticed = told + timedelta(
        days=31 if number != 8 else 22
    )  # one intention was public for too short a time
    if noticed > _LAST:
        return
    ledger.move(code, "公告", noticed, by, intention_told=told, noticed=noticed)
    judged = noticed + timedelta(days=22)
    if judged + timedelta(days=20) > _LAST:
        return
    bidders = chance.whole(3, 9)
    ledger.move(
        code, "评审", judged, by, _paper(parcel, "评审报告", code, title), evaluated=judged, bidders=bidders
    )
    awarded = judged + timedelta(days=4)
    ledger.move(
        code, "成交", awarded + timedelta(days=1), by, _paper(parcel, "中标通知书", code, title), report_received=judged + timedelta(days=1),
        awarded=awarded, notified=awarded + timedelta(days=1), winner=company(number * 2, "制造"),
    )  # fmt: skip
    if split and year == YEARS[1]:
        return  # suspected of being split, and not cleared up yet
    _contract(ledger, parcel, code, title, unit, awarded, budget, number, chance)


def _contract(
    ledger: Ledger,
    parcel: Parcel,
    code: str,
    title: str,
    unit: str,
    awarded: date,
    budget: Decimal,
    number: int,
    chance: Chance,
) -> None:
    """From the award to acceptance: the contract, made public (once weeks late), filed, delivered."""
    by, boss, split, year = clerk(unit), head(unit), number == 13, int(code[2:6])
    signed = awarded + timedelta(days=12)
    price = rounded(budget * (10000 - chance.whole(*_SAVED[year])) / 10000, 2)
    ledger.move(
        code, "签约", signed, boss, _paper(parcel, "合同", code, title), signed=signed, price=price,
        splitting_result="属拆分，已纠正" if split else None,
    )  # fmt: skip
    late = number == 19  # one contract was made public weeks late
    shown, done = signed + timedelta(days=25 if late else 1), signed + timedelta(days=chance.whole(40, 80))
    if done > _LAST:
        ledger.report(
            code, shown, by, "合同已公告备案", contract_told=shown, filed=signed + timedelta(days=5)
        )
        return
    ledger.move(
        code, "履约验收", done, boss, _paper(parcel, "验收单", code, title), contract_told=shown,
        filed=signed + timedelta(days=5), delivered=done,
    )  # fmt: skip


def _bids(parcel: Parcel) -> None:
    ledger = Ledger("bid_project")
    for year in YEARS:
        chance = parcel.chance(f"bids/{year}")
        for number in range(1, 13):
            _bid(ledger, parcel, f"ZB{year}-{number:02d}", year, number, chance)
    ledger.write(parcel, "78-招标投标.xlsx")


def _bid(ledger: Ledger, parcel: Parcel, code: str, year: int, number: int, chance: Chance) -> None:
    unit, work = _BUILDERS[number % len(_BUILDERS)], _BUILT[number % len(_BUILT)]
    estimate, title = chance.money(420, 6800, "10"), f"{unit}{work}工程"
    spared = number == 11
    opened = chance.day(date(year, 1, 8), date(year, 8, 20)) if number != 12 else date(year, 11, 20)
    ledger.open(
        code, f"{title}施工（{number}标段）", unit, opened, due=opened + timedelta(days=150), bid_kind="施工",
        estimate=estimate if not spared else Decimal(180), bid_method="不招标" if spared else "公开招标",
        exempt_reason="抢险救灾应急工程" if spared else None, splitting=True if number == 6 else None,
    )  # fmt: skip
    by, boss = clerk(unit), head(unit)

    def tendered(value: object) -> object:
        return None if spared else value

    sold = opened + timedelta(days=8)
    opening = sold + timedelta(days=24)
    ledger.move(
        code, "发标", sold, by, sale_from=tendered(sold), sale_until=tendered(sold + timedelta(days=5)), bid_opening=tendered(opening),
        clarified=opening - timedelta(days=12) if number == 4 else None,
    )  # fmt: skip
    if opening > _LAST - timedelta(days=40):
        return
    judged = opening + timedelta(days=1)
    ledger.move(
        code, "开标评标", judged, by, bidders=tendered(chance.whole(3, 14)), report_received=tendered(judged),
        bond=tendered(rounded(estimate / 100, 2)),
    )  # fmt: skip
    shown = judged + timedelta(days=2)
    awarded = shown + timedelta(days=5)
    ledger.move(
        code, "中标", awarded + timedelta(days=1), by, _paper(parcel, "中标通知书", code, title), awarded=awarded,
        notified=awarded + timedelta(days=1), winner=company(number * 3, "制造"),
        candidate_told=tendered(shown), candidate_until=tendered(shown + timedelta(days=4)),
    )  # fmt: skip
    signed = awarded + timedelta(days=18 if number != 9 else 44)
    price = rounded((estimate if not spared else Decimal(180)) * chance.whole(88, 97) / 100, 2)
    ledger.move(
        code, "签约", signed, boss, _paper(parcel, "合同", code, title), signed=signed, price=price, performance_bond=rounded(price / 20, 2),
        told_authority=awarded + timedelta(days=10), splitting_result="不属化整为零" if number == 6 else None,
    )  # fmt: skip


def _disputes(parcel: Parcel) -> None:
    asked, objected = Ledger("purchase_dispute"), Ledger("bid_dispute")
    for year in YEARS:
        for number in (2, 5, 9):
            _challenge(asked, f"ZY{year}-{number}", f"CG{year}-{number:03d}", year, number)
        for number in (1, 3, 7):
            _objection(objected, f"YY{year}-{number}", f"ZB{year}-{number:02d}", year, number)
    sheets = {name: rows for book in (asked, objected) for name, rows in (
        (book.kind, book.rows), (f"{book.kind}.办理过程", book.moves))}  # fmt: skip
    parcel.write("79-采购招标异议投诉.xlsx", sheets)


def _challenge(ledger: Ledger, code: str, project: str, year: int, number: int) -> None:
    unit, day = _BUYERS[number % len(_BUYERS)], date(year, 3 + number // 2, 12)
    ledger.open(
        code, f"对{project}的质疑", unit, day, project=project, supplier=company(number + 40, "制造"),
        harmed=day - timedelta(days=4), matter_claimed="采购过程" if number == 5 else "中标成交结果",
    )  # fmt: skip
    replied = day + timedelta(days=6 if number != 9 else 19)
    ledger.move(code, "答复", replied, clerk(unit), replied=replied, reply_result="不成立")
    if number == 2:
        ledger.move(code, "终结", replied + timedelta(days=30), head(unit))
        return
    asked = replied + timedelta(days=9)
    ledger.report(code, asked, clerk(unit), "供应商投诉", complained=asked)
    if number == 5:
        told = asked + timedelta(days=33)
        ledger.move(code, "终结", told, head(unit), test_days=5, decided=told, decision="部分成立")


def _objection(ledger: Ledger, code: str, project: str, year: int, number: int) -> None:
    unit, day = _BUILDERS[number % len(_BUILDERS)], date(year, 4 + number // 2, 9)
    about = "招标文件" if number == 1 else "评标结果"
    ledger.open(
        code, f"对{project}的异议", unit, day, project=project, objector=company(number + 60, "制造"), about=about,
        bid_opening=day + timedelta(days=16) if number == 1 else None,
    )  # fmt: skip
    told = day + timedelta(days=2)
    ledger.move(code, "答复", told, clerk(unit), answered=told)
    if number != 7:
        ledger.move(code, "终结", told + timedelta(days=15), head(unit))
        return
    asked = told + timedelta(days=6)
    ledger.report(
        code,
        asked,
        clerk(unit),
        "转为投诉",
        known=told,
        complained=asked,
        accept_decided=asked + timedelta(days=2),
        accepted=asked + timedelta(days=2),
    )
    if year == YEARS[0]:
        end = asked + timedelta(days=30)
        ledger.move(code, "终结", end, head(unit), decided=end, decision="驳回")


def write(parcel: Parcel) -> None:
    """Procurement, bids, disputes."""
    _purchases(parcel)
    _bids(parcel)
    _disputes(parcel)
