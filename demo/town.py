"""The town: its streets and what was wrong with them, the money it was built with, greening, factories, contracts."""

from datetime import date, timedelta
from decimal import Decimal

from demo.geography import clerk, head
from demo.ledger import Ledger
from demo.pen import YEARS, Parcel, Row

BUILD, MANAGE, INDUSTRY = "住建局", "城管局", "工信局"
_WARDS = ("澜城街道", "东屏街道")
_STREETS = (
    "人民路",
    "澜江路",
    "东屏大道",
    "望溪街",
    "文昌路",
    "建设街",
    "滨河路",
    "解放街",
    "育才路",
    "南门街",
)
_LANES = (
    "前巷",
    "后巷",
    "井头巷",
    "书院巷",
    "粮站巷",
    "渡口巷",
    "桂花巷",
    "竹行巷",
    "豆腐巷",
    "城隍巷",
    "柳荫巷",
    "石板巷",
)
_FAULTS = ("占道经营", "广告牌匾", "停车秩序", "违法建设", "空中线缆", "环境卫生", "亮化照明")
# this year's money by source: 2024, 2025, in ten thousand yuan
_SOURCES = (
    ("财政预算", 11800, 13000),
    ("上级补助", 9200, 9600),
    ("专项债券", 18500, 20500),
    ("平台公司", 10400, 10900),
    ("社会资本", 3600, 4200),
)
_WORKS = (
    ("道路桥梁", "澜江路综合改造"),
    ("管网", "雨污分流二期"),
    ("老旧小区", "老旧小区改造"),
    ("公园绿化", "滨河公园提升"),
    ("停车", "停车场及充电设施"),
)
# square metres accepted: what kind of green, new or rebuilt
_GREEN = (
    ("公园绿地", "新增", 42000),
    ("口袋公园", "新增", 3600),
    ("口袋公园", "新增", 2900),
    ("道路绿化", "改建", 26500),
    ("防护绿地", "新增", 31000),
    ("小区绿化", "改建", 14800),
    ("公园绿地", "改建", 22200),
    ("口袋公园", "新增", 4100),
    ("道路绿化", "新增", 19400),
    ("小区绿化", "改建", 17500),
)


def _streets(parcel: Parcel) -> list[Row]:
    rows: list[Row] = []
    chance = parcel.chance("streets")
    for number, name in enumerate((*_STREETS, *_LANES), start=1):
        lane = name in _LANES
        named = number != 22  # one lane still has nobody to answer for it
        rows.append({
            "code": f"JX{number:03d}", "name": name, "unit": _WARDS[number % 2], "since": date(2019, 3, 1),
            "street_grade": "背街小巷" if lane else "主干道" if number <= 4 else "次干道",
            "chief": ("巷长" if lane else "街长") + f"（{_WARDS[number % 2]}班子成员）" if named else None,
            "appointed": date(2019 if number < 18 else 2025, 4, 1) if named else None, "street_length": Decimal(chance.whole(3, 28)) / 10,
        })  # fmt: skip
    return rows


def _faults(parcel: Parcel) -> Ledger:
    ledger = Ledger("street_issue")
    for year in YEARS:
        chance = parcel.chance(f"streets/{year}")
        for number in range(1, 22):
            code, fault, street = f"JW{year}-{number:02d}", _FAULTS[number % 7], 1 + number * 7 % 22
            opened = chance.day(date(year, 1, 8), date(year, 12, 5))
            name = (*_STREETS, *_LANES)[street - 1]
            ledger.open(
                code, f"{name}{fault}", MANAGE, opened, street=f"JX{street:03d}", issue_kind=fault,
                source=chance.of(("街长巡查", "街长巡查", "群众反映", "视频巡查")),
            )  # fmt: skip
            if (year, number) == (2025, 19):
                continue
            fixed = opened + timedelta(days=19 if number == 11 else chance.whole(0, 6))
            photo = parcel.paper("照片", code, f"{name}{fault}处置后照片（已遮挡人脸、车牌）")
            ledger.move(code, "处置", fixed, clerk(MANAGE), [photo], handler="城管执法中队", fixed=fixed)
            seen = fixed + timedelta(days=2)
            ledger.move(
                code, "销号", seen, head(MANAGE), checked=seen, check_result="已解决", reappeared=number == 15
            )
    return ledger


def _funds(parcel: Parcel) -> dict[str, list[Row]]:
    budgets: list[Row] = []
    shares: list[Row] = []
    paid: list[Row] = []
    for place, year in enumerate(YEARS):
        for number, (source, *amounts) in enumerate(_SOURCES, start=1):
            code, amount = f"CJ{year}-{number:02d}", Decimal(amounts[place])
            budgets.append(
                {
                    "number": code,
                    "title": f"{year}年城建资金（{source}）",
                    "unit": BUILD,
                    "year": year,
                    "amount": amount,
                }
            )
            for part, (use, work) in enumerate(_WORKS[:4] if number % 2 else _WORKS[1:], start=1):
                share = f"{code}-{part:02d}"
                sum_ = (amount * (20, 30, 25, 23)[part - 1] / 100).quantize(Decimal("0.1"))
                day = date(year, 2 + part, 10 + number)
                shares.append({
                    "number": share, "budget": code, "title": f"{work}（{source}）", "unit": BUILD, "date": day, "amount": sum_,
                    "fund_source": source, "use_class": use, "work_name": work, "settled": year == YEARS[0],
                })  # fmt: skip
                behind = year == YEARS[1] and number == 3 and part == 4  # bonds raised, work not begun
                for turn, percent in enumerate(() if behind else (45, 50), start=1):
                    paid.append({
                        "number": f"{share}-P{turn}", "allocation": share, "title": f"{work}第{turn}次支付",
                        "date": min(day + timedelta(days=95 * turn), date(year, 12, 22)), "amount": (sum_ * percent / 100).quantize(Decimal("0.01")),
                    })  # fmt: skip
    return {"city_fund.预算": budgets, "city_fund.分配": shares, "city_fund.支付": paid}


def _greening(parcel: Parcel) -> Ledger:
    ledger = Ledger("greening_work")
    for place, year in enumerate(YEARS):
        for number, (kind, way, area) in enumerate((*_GREEN, ("口袋公园", "新增", 3000)), start=1):
            code, spot = f"LH{year}-{number:02d}", (*_STREETS, *_LANES)[(number * 3 + place) % 22]
            square = area * (100 + 18 * place) // 100
            ledger.open(
                code, f"{spot}{kind}{way}", BUILD, date(year, 2, 12), due=date(year, 11, 30), work_kind=way, green_kind=kind, place=spot,
                planned_area=square,
            )  # fmt: skip
            begun = date(year, 3 + number % 3, 5)
            ledger.move(code, "施工", begun, clerk(BUILD), started=begun)
            if number == len(_GREEN) + 1:  # the last pocket park of the year is not ready
                continue
            done = date(year, 9 + number % 3, 18)
            sheet = parcel.paper("验收单", code, f"{spot}{kind}验收单\n面积：{square}平方米")
            ledger.move(
                code, "验收合格", done, head(BUILD), [sheet], accepted=done, area=square, cost=Decimal(square * 28) / 1000,
                survival=86 if (year, number) == (2025, 6) else 96,
            )  # fmt: skip
    return ledger


def _factories(parcel: Parcel) -> Ledger:
    ledger = Ledger("factory_move")
    for number in range(1, 7):
        code, year = f"TE-{number:02d}", YEARS[number % 2]
        opened = date(year, 2, 20)
        land = Decimal(18 + 7 * number)
        ledger.open(
            code, f"城区企业{number}号地块退城", INDUSTRY, opened, due=date(year, 12, 20), enterprise=f"91990123MA{number * 6 - 6:06d}X",
            way="搬迁入园" if number != 4 else "关停转型", land=land,
        )  # fmt: skip
        deal = parcel.paper("合同", code, "搬迁补偿协议")
        ledger.move(
            code,
            "签约",
            opened + timedelta(days=40),
            clerk(INDUSTRY),
            [deal],
            signed=opened + timedelta(days=38),
            compensation=land * 22,
        )
        stopped = opened + timedelta(days=150)
        ledger.move(code, "停产搬迁", stopped, clerk(INDUSTRY), stopped=stopped)
        if number == 5:  # its soil has not been looked at: the land cannot be taken back yet
            continue
        order = parcel.paper("批复文件", code, "土地收储批复")
        back = date(year, 11, 25)
        ledger.move(
            code, "土地收储", back, head(INDUSTRY), [order], soil_checked=back - timedelta(days=40), land_returned=back - timedelta(days=5), land_freed=land,
            reused_as="公园绿地" if number % 2 else "公共服务设施",
        )  # fmt: skip
    return ledger


def _contracts(parcel: Parcel) -> Ledger:
    ledger = Ledger("operation_contract")
    what = (
        ("停车收费", 0, 260, 2024),
        ("绿化养护", 320, 0, 2024),
        ("亮化维护", 145, 0, 2025),
        ("环卫保洁", 960, 0, 2024),
        ("文化场馆", 80, 0, 2025),
        ("砂石资源", 0, 420, 2025),
    )
    for number, (service, fee, income, year) in enumerate(what, start=1):
        code, unit = f"TG-{number:02d}", MANAGE if number in (1, 4) else BUILD
        ledger.open(
            code,
            f"{service}市场化托管",
            unit,
            date(year, 1, 16),
            service=service,
            yearly_fee=fee,
            yearly_income=income,
        )
        awarded = date(year, 3, 4)
        firm = f"明澜城市运营服务{'一二三四五六'[number - 1]}有限公司"
        ledger.move(code, "招标成交", awarded, clerk(unit), awarded=awarded, operator=firm)
        signed = awarded + timedelta(days=20)
        deal = parcel.paper("合同", code, f"{service}托管运营合同")
        until = date(2026, 2, 28) if number == 2 else date(year + 3, 3, 31)
        ledger.move(
            code, "履约", signed + timedelta(days=2), head(unit), [deal], signed=signed, term_from=date(year, 4, 1), term_until=until,
            contract_published=signed + timedelta(days=16 if number == 3 else 1), last_score=74 if number == 4 else 91,
            deducted=12 if number == 4 else 0,
        )  # fmt: skip
    return ledger


def write(parcel: Parcel) -> None:
    """Streets, town building funds, greening, factories moved out, contracts of operation."""
    faults = _faults(parcel)
    parcel.write(
        "58-街长制与城建资金.xlsx",
        {
            "managed_street": _streets(parcel),
            faults.kind: faults.rows,
            f"{faults.kind}.办理过程": faults.moves,
            **_funds(parcel),
        },
    )
    sheets: dict[str, list[Row]] = {}
    for ledger in (_greening(parcel), _factories(parcel), _contracts(parcel)):
        sheets[ledger.kind] = ledger.rows
        sheets[f"{ledger.kind}.办理过程"] = ledger.moves
    parcel.write("59-绿化搬迁与托管.xlsx", sheets)
