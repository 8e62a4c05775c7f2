"""The economy's ledgers: recognitions, carriers and outlets, online sales, enterprises entering statistics and trade."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from demo.geography import TOWNSHIPS, clerk, seat, villages
from demo.happenings import companies
from demo.ledger import Ledger
from demo.names import company
from demo.pen import YEARS, Chance, Parcel, Row, rounded

# What is recognised: newly in 2024 and in 2025, and which office keeps it.
_PLATFORMS = (
    "新材料工程技术研究中心",
    "智能制造企业技术中心",
    "种业院士工作站",
    "竹木加工产业研究院",
    "数字农业联合实验室",
)
_TALENTS = ("新型功能材料团队", "茶树育种团队", "精密加工领军人才", "中药材提取团队", "农业机器人领军人才")
_SPACES = ("青创空间", "澜山创客空间", "禾塘电商众创空间", "望溪文创空间")
_HITECH = {2022: 10, 2023: 9, 2024: 11, 2025: 13}
_PLATFORM_NEW = {2024: 6, 2025: 8}
_TALENT_NEW = {2024: 5, 2025: 7}
# Online sales of the county by year in 万元, and how the months share them, in per mille.
_SALES = {2024: 14800, 2025: 17650}
_MONTHS = (90, 73, 81, 76, 80, 83, 77, 80, 86, 94, 92, 88)
_PLATFORM_NAMES = ("综合电商平台", "直播电商平台")
# The township that forgot a month, and the one whose shop sells on both platforms through one till.
_FORGOT, _TWICE = "鹤汀乡", "禾塘镇"


def _recognised(
    kind: str, level: str, number: str, title: str, unit: str, day: date, **values: object
) -> Row:
    return {
        "number": f"CX{number}", "title": title, "unit": unit, "date": day, "post": clerk(unit), "title_kind": kind, "level": level,
        "thing_code": f"DX{number}", "certificate_no": f"ZS{number}", "doc_no": f"澜认〔{day.year}〕{day.month}号", "first_time": True, **values,
    }  # fmt: skip


def _hitech(firms: Sequence[Row]) -> Iterator[Row]:
    """Certificates of three years: some renewed in time, some lapsed, one taken back."""
    holders = [row for place, row in enumerate(firms) if place % 6 in (0, 4, 5)]
    place = 0
    for year, count in _HITECH.items():
        for number in range(1, count + 1):
            firm = holders[place]
            place += 1
            day = date(year, 11 if number % 3 else 10, 6 + number)
            row = _recognised(
                "高新技术企业", "国家级", f"{year}-G{number:02d}", f"{firm['name']}高新技术企业认定", "科技局", day,
                thing_code=firm["code"], holder=firm["code"], valid_until=date(year + 3, day.month, day.day),
            )  # fmt: skip
            if year == 2023 and number == 4:
                row = {**row, "revoked": date(2025, 4, 18), "revoke_reason": "搬迁出县，申请取消"}
            yield row
            if year == 2022 and number <= 6:
                again = date(2025, 11, 6 + number)
                yield {
                    **row, "number": f"CX2025-F{number:02d}", "date": again, "first_time": False, "certificate_no": f"ZS2025-F{number:02d}",
                    "doc_no": "澜认〔2025〕11号", "valid_until": date(2028, 11, 6 + number),
                }  # fmt: skip


def _titles(chance: Chance, year: int) -> Iterator[Row]:
    for number in range(1, _PLATFORM_NEW[year] + 1):
        name = (
            f"{company(number + 9 * (year - 2024), '制造').removesuffix('有限公司')}{_PLATFORMS[number % 5]}"
        )
        level = "省级" if number % 3 == 0 else "市级"
        day = date(year, chance.whole(4, 11), chance.whole(3, 26))
        yield _recognised("创新载体平台", level, f"{year}-P{number:02d}", name, "科技局", day)
        if year == 2025 and number == 2:
            # The same platform risen from city to province within the year counts once.
            first = _recognised("创新载体平台", "省级", f"{year}-P90", name, "科技局", date(2025, 12, 8))
            yield {**first, "thing_code": f"DX{year}-P{number:02d}", "first_time": False}
    for number in range(1, _TALENT_NEW[year] + 1):
        day = date(year, chance.whole(6, 11), chance.whole(3, 26))
        title = f"{_TALENTS[number % 5]}（第{number}名）"
        yield _recognised(
            "领军人才（团队）",
            "市级" if number % 4 else "省级",
            f"{year}-T{number:02d}",
            title,
            "人社局",
            day,
        )
    yield _recognised("领军人才（团队）", "县级", f"{year}-T80", "县级乡土人才", "人社局", date(year, 9, 12))
    for number in range(2):
        name = _SPACES[number + 2 * (year - 2024)]
        yield _recognised("众创空间", "市级", f"{year}-Z{number}", name, "科技局", date(year, 8 + number, 20))


def _innovation(parcel: Parcel, firms: Sequence[Row]) -> None:
    rows = list(_hitech(firms))
    for year in YEARS:
        rows += _titles(parcel.chance(f"innovation/{year}"), year)
    parcel.write("42-创新认定.xlsx", {"innovation_title": rows})


def _carrier(code: str, name: str, unit: str, since: date, kind: str, level: str, **values: object) -> Row:
    return {
        "code": code, "name": name, "unit": unit, "since": since, "carrier_kind": kind, "level": level,
        "operator": f"{unit}运营服务公司", **values,
    }  # fmt: skip


def _carriers(parcel: Parcel) -> None:
    """Stations, outlets, rented halls of the villages and the small towns; one station moved, some outlets closed."""
    chance = parcel.chance("carriers")
    rows = [
        _carrier(f"WL-{number:02d}", f"{town}物流中转站", town, date(2018 + number % 6, 5, 18), "物流中转站", "镇级",
                 until=date(2025, 3, 31) if town == _TWICE else None)
        for number, (town, _) in enumerate(TOWNSHIPS, start=1)
    ]  # fmt: skip
    rows.append(
        _carrier("WL-13", f"{_TWICE}物流中转站（新址）", _TWICE, date(2025, 4, 1), "物流中转站", "镇级")
    )
    for number, village in enumerate(villages()[::2], start=1):
        opened = (
            date(2025, 1 + number % 11, 16) if number > 80 else date(2019 + number % 6, 1 + number % 12, 16)
        )
        shut = date(2025, 8, 31) if number in (7, 47) else None
        rows.append(_carrier(f"DS-{number:03d}", f"{village.name}电商物流网点", village.township, opened, "电商网点", "村级",
                             recognised=opened + timedelta(days=20), recognised_doc="澜商〔2025〕验收", until=shut))  # fmt: skip
    for number, village in enumerate(villages()[28::7], start=1):
        area = chance.money(4200, 9800, "10")
        opened = date(2025, 6, 20) if number > 19 else date(2019 + number % 6, 6, 20)
        rows.append(_carrier(f"FM-{number:02d}", f"{village.name}富民厂房", village.township, opened, "富民载体", "村级",
                             built_area=area, occupancy=chance.whole(62, 98)))  # fmt: skip
    for number, (name, town, level, chosen) in enumerate(
        (
            ("石斛小镇", "石斛镇", "省级", date(2021, 9, 6)),
            ("杏渚渔乐小镇", "杏渚镇", "市级", date(2024, 10, 15)),
            ("青崖竹艺小镇", "青崖镇", "省级", date(2025, 9, 22)),
            ("望溪温泉小镇", "望溪镇", "市级", date(2025, 11, 3)),
            ("霁川云雾小镇", "霁川镇", "市级", None),
        ),
        start=1,
    ):
        told: Row = (
            {"recognised": chosen, "recognised_doc": f"镇选〔{chosen.year}〕{number}号"} if chosen else {}
        )
        rows.append(
            _carrier(f"XZ-{number}", name, town, date(2019 + number, 3, 1), "特色小镇", level, **told)
        )
    parcel.write("42-载体网点.xlsx", {"place_carrier": rows})


def _trading(parcel: Parcel) -> None:
    """A month's online sales by township: one forgot to report, December 2025 is an estimate."""
    held: list[Row] = []
    sold: list[Row] = []
    shops = {
        village.township: f"DS-{number:03d}"
        for number, village in reversed(list(enumerate(villages()[::2], start=1)))
    }
    for year in YEARS:
        chance = parcel.chance(f"trading/{year}")
        for month, share in enumerate(_MONTHS, start=1):
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            for town, login in TOWNSHIPS:
                if (town, year, month) == (_FORGOT, 2025, 8):
                    continue
                code = f"DS{last:%Y%m}-{login}"
                held.append({
                    "number": code, "title": f"{town}{year}年{month}月线上销售", "unit": town, "date": last, "post": clerk(town),
                    "reported_kind": "预计" if (year, month) == (2025, 12) else "平台后台数据", "sampled": month % 3,
                })  # fmt: skip
                part = Decimal(_SALES[year]) * share / 1000 / len(TOWNSHIPS) * chance.whole(90, 110) / 100
                sold += _shop(code, shops[town], part, twice=town == _TWICE)
    name = "online_trading"
    parcel.write("43-农村电商月报.xlsx", {name: held, f"{name}.outlets": sold})


def _shop(code: str, outlet: str, part: Decimal, *, twice: bool) -> Iterator[Row]:
    """What one outlet sold on each platform; where one till serves both, the second platform counts it again."""
    first = rounded(part * 60 / 100, 1)
    rest = rounded(part * 40 / 100, 1)
    again = rounded(first / 4, 1) if twice else Decimal(0)
    for place, (gross, repeated) in enumerate(((first, Decimal(0)), (rest + again, again))):
        yield {"record": code, "no": place + 1, "outlet": outlet, "platform": _PLATFORM_NAMES[place], "gross": gross, "repeated": repeated}  # fmt: skip


_STANDARDS = {"规上工业": 2000, "限上批发": 2000, "限上零售": 500, "限上住宿餐饮": 200}


def _statistics(parcel: Parcel, firms: Sequence[Row]) -> None:
    """Enterprises taken into statistics and leaving them: 67 trade units are 58 and 12 new and 3 gone."""
    trade = [row for place, row in enumerate(firms) if place % 6 in (1, 2, 3)]
    industry = [row for place, row in enumerate(firms) if place % 6 == 0]
    ledger = Ledger("statistics_entry")
    plan = ((2024, trade[:11], "入库"), (2024, industry[:6], "入库"), (2025, trade[11:23], "入库"), (2025, industry[6:15], "入库"),
            (2024, trade[40:41], "退库"), (2025, trade[30:33], "退库"), (2025, industry[15:17], "退库"))  # fmt: skip
    number = 0
    for year, found, direction in plan:
        chance = parcel.chance(f"statistics/{year}/{direction}")
        for firm in found:
            number += 1
            _entry(ledger, parcel, f"RT{year}-{number:03d}", firm, year, direction, chance)
    _unfinished(ledger, parcel, trade[23:25])
    ledger.write(parcel, "44-入统申报.xlsx")


def _entry(
    ledger: Ledger, parcel: Parcel, code: str, firm: Row, year: int, direction: str, chance: Chance
) -> None:
    kind = str(firm["statistical_class"])
    unit = "工信局" if kind == "规上工业" else "商务局"
    opened = date(year, 1, chance.whole(6, 24))
    checked = date(year, chance.whole(2, 10), chance.whole(3, 20))
    applied = checked + timedelta(days=chance.whole(2, 6))
    approved = applied + timedelta(days=chance.whole(5, 12))
    revenue = _STANDARDS[kind] * chance.whole(104, 190) // 100 if direction == "入库" else None
    name = str(firm["name"]) if direction == "入库" else f"{firm['name']}退库"
    ledger.open(code, name, unit, opened, enterprise=firm["code"], direction=direction, entry_class=kind)
    told = {} if direction == "入库" else {"reason": "停业" if chance.hits(50) else "规模连续低于标准"}
    proof = parcel.paper("统计报表", code, f"{name}主营业务收入及核实表")
    ledger.move(
        code, "申报", applied, clerk(unit), [proof], checked=checked, applied=applied, revenue=revenue
    )
    ledger.move(code, "批准", approved, seat("statistics"), approved=approved, **told)


def _unfinished(ledger: Ledger, parcel: Parcel, firms: Sequence[Row]) -> None:
    """One refused for want of proof, one lying with the statistics office beyond its days."""
    for place, firm in enumerate(firms):
        code, kind = f"RT2025-9{place}", str(firm["statistical_class"])
        ledger.open(code, str(firm["name"]), "商务局", date(2025, 3, 10), enterprise=firm["code"], direction="入库", entry_class=kind)  # fmt: skip
        checked = date(2025, 11, 4)
        proof = parcel.paper("统计报表", code, f"{firm['name']}主营业务收入及核实表")
        ledger.move(code, "申报", date(2025, 11, 10), clerk("商务局"), [proof], checked=checked, applied=date(2025, 11, 10), revenue=_STANDARDS[kind] + 30)  # fmt: skip
        if place == 0:
            ledger.move(code, "未通过", date(2025, 11, 20), seat("statistics"), reason="收入凭证与纳税申报不一致，补充后再报")  # fmt: skip


def _customs(parcel: Parcel, firms: Sequence[Row]) -> None:
    makers = [row for place, row in enumerate(firms) if place % 6 in (0, 1, 4)]
    rows: list[Row] = []
    for year, count, start in ((2023, 7, 0), (2024, 6, 7), (2025, 5, 13)):
        for number in range(count):
            firm, day = makers[start + number], date(year, 2 + number, 11 + number)
            rows.append(_filing(f"HG{year}-{number + 1:02d}", firm, day, first_declared=date(day.year, day.month + 2, 20) if number % 3 else None))  # fmt: skip
    rows[2] = {**rows[2], "cancelled": date(2024, 7, 1)}
    rows.append(_filing("HG2025-81", makers[2], date(2025, 6, 5), first_time=False))
    rows.append(_filing("HG2025-82", makers[20], date(2025, 9, 5), filing_kind="报关企业"))
    parcel.write("44-进出口备案.xlsx", {"customs_filing": rows})


def _filing(code: str, firm: Row, day: date, **values: object) -> Row:
    return {
        "number": code, "title": f"{firm['name']}海关备案", "unit": "商务局", "date": day, "post": clerk("商务局"), "enterprise": firm["code"],
        "filing_kind": "进出口货物收发货人", "customs_code": f"9901{code[2:].replace('-', '')}", "first_time": True, **values,
    }  # fmt: skip


def write(parcel: Parcel) -> None:
    """Recognitions, carriers, online sales, enterprises entering statistics, filings with the customs."""
    firms = companies()
    _innovation(parcel, firms)
    _carriers(parcel)
    _trading(parcel)
    _statistics(parcel, firms)
    _customs(parcel, firms)
