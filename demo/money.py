"""Linking funds from budget to payment, their public notices, and one payment nobody may make."""

from datetime import date, timedelta
from decimal import Decimal

from demo.geography import seat, villages
from demo.ledger import Ledger
from demo.pen import YEARS, Parcel, Row

_USES = ("产业发展", "产业发展", "基础设施", "基础设施", "公共服务", "就业务工", "人居环境")
_WORKS = {
    "产业发展": ("茶园改造", "油茶加工车间", "肉牛养殖小区", "冷库建设"), "基础设施": ("产业路硬化", "灌溉渠道整修", "桥梁加固"),
    "公共服务": ("村级服务中心改造",), "就业务工": ("公益性岗位", "以工代赈"), "人居环境": ("污水管网", "公厕改造"),
}  # fmt: skip
KIND = "linking_fund"


def _funds(parcel: Parcel) -> None:
    budgets: list[Row] = []
    shares: list[Row] = []
    paid: list[Row] = []
    notices = Ledger("fund_disclosure")
    for year in YEARS:
        chance = parcel.chance(f"funds/{year}")
        for number in range(1, 9):
            level = ("中央", "中央", "省", "省", "省", "市", "县", "县")[number - 1]
            code = f"XJ{year}-{number:02d}"
            total = chance.money(1400, 4300, "10")
            doc = f"澜财农〔{year}〕{number + 5}号"
            budgets.append(
                {
                    "number": code,
                    "title": f"{year}年{level}衔接资金第{number}批",
                    "unit": "财政局",
                    "year": year,
                    "amount": total,
                }
            )
            left = total
            count = chance.whole(6, 9)
            for place in range(1, count + 1):
                share = (
                    (total * chance.whole(7, 11) / 100).quantize(Decimal("0.1"))
                    if place < count
                    else (left * chance.whole(90, 100) / 100).quantize(Decimal("0.1"))
                )
                share = min(share, left)
                left -= share
                row = _share(parcel, f"{code}-{place:02d}", code, share, year, level, doc, place)
                shares.append(row)
                paid += _payments(parcel, row, year)
            _notice(
                notices,
                parcel,
                code,
                doc,
                total,
                date(year, 2 + number % 6, 10),
                f"{year}年{level}衔接资金第{number}批",
            )
    parcel.write("40-衔接资金.xlsx", {f"{KIND}.预算": budgets, f"{KIND}.分配": shares, f"{KIND}.支付": paid})
    notices.write(parcel, "41-资金公开.xlsx")


def _share(
    parcel: Parcel, number: str, budget: str, amount: Decimal, year: int, level: str, doc: str, place: int
) -> Row:
    chance = parcel.chance(f"funds/{number}")
    use = chance.of(_USES)
    village = villages()[chance.whole(30, 179)]
    day = date(year, chance.whole(2, 6), chance.whole(3, 26))
    short = chance.hits(4)
    return {
        "number": number, "budget": budget, "title": f"{village.name}{chance.of(_WORKS[use])}", "unit": village.township, "date": day,
        "amount": amount, "fund_level": level, "use_class": use, "doc_no": doc, "village": village.name,
        "benefit_households": chance.whole(18, 260), "notice_place": f"{village.name}公示栏", "notice_from": day + timedelta(days=3),
        "notice_until": day + timedelta(days=8 if short else 14), "objections": 0,
    }  # fmt: skip


def _payments(parcel: Parcel, row: Row, year: int) -> list[Row]:
    """Payments by progress; some of 2025 are still to be paid."""
    chance = parcel.chance(f"payments/{row['number']}")
    amount, day = row["amount"], row["date"]
    assert isinstance(amount, Decimal)
    assert isinstance(day, date)
    rows: list[Row] = []
    percents = (30, 40, 27) if not (year == YEARS[1] and chance.hits(10)) else (30, 40)
    for place, percent in enumerate(percents, start=1):
        when = min(day + timedelta(days=60 * place + chance.whole(0, 20)), date(year, 12, 24))
        rows.append({
            "number": f"{row['number']}-P{place}", "allocation": row["number"], "title": f"{row['title']}第{place}次支付", "date": when,
            "amount": (amount * percent / 100).quantize(Decimal("0.01")),
        })  # fmt: skip
    if chance.hits(3):
        rows.append({
            "number": f"{row['number']}-C1", "allocation": row["number"], "title": "账户有误退回冲销", "date": date(year, 12, 26),
            "reverses": rows[-1]["number"],
        })  # fmt: skip
    return rows


def _notice(
    ledger: Ledger, parcel: Parcel, code: str, doc: str, total: Decimal, made: date, title: str
) -> None:
    number = f"GK{code[2:]}"
    chance = parcel.chance(f"notices/{code}")
    published = made + timedelta(days=chance.whole(3, 20) if chance.hits(90) else 44)
    ledger.open(
        number,
        f"{title}分配结果",
        "财政局",
        made,
        fund_name=title,
        doc_no=doc,
        fund_amount=total,
        notice_level="县级",
    )
    shot = parcel.paper("公示截图", number, f"{title}分配结果公示\n公开日期：{published}")
    ledger.move(
        number, "公示中", published, seat("publish"), [shot], secrecy_reviewed=published - timedelta(days=1), published=published,
        public_url=f"https://www.minglan.example/gk/{number}", notice_until=published + timedelta(days=12), objections=0,
    )  # fmt: skip
    ledger.move(number, "公示期满", published + timedelta(days=13), seat("publish"))


def refused(parcel: Parcel) -> tuple[str, bytes]:
    """A workbook the accounts refuse: one payment above what its allocation has left, one date that is none."""
    other = Parcel(parcel.seed, parcel.catalogue)
    rows: list[Row] = [
        {"number": "XJ2025-01-01-P9", "allocation": "XJ2025-01-01", "title": "追加支付", "date": date(2025, 12, 29), "amount": Decimal("90000")},
        {"number": "XJ2025-01-02-P9", "allocation": "XJ2025-01-02", "title": "质保金", "date": "2025年12月", "amount": Decimal("1.5")},
        {"number": "XJ2025-01-03-P9", "allocation": "XJ2025-01-3", "title": "尾款", "date": date(2025, 12, 29), "amount": "0.02亿元"},
    ]  # fmt: skip
    name = "不能入账的支付.xlsx"
    other.write(name, {f"{KIND}.支付": rows})
    return name, other.books[name]


def write(parcel: Parcel) -> None:
    """Funds and their notices."""
    _funds(parcel)
