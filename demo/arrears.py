"""What the county's bodies owe small firms: debts, what was paid of them first come first served, complaints, yearly notices."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal

from demo.geography import clerk, head, seat
from demo.ledger import Ledger
from demo.names import company, person
from demo.pen import YEARS, Chance, Parcel, Row

_DEBTORS = ("住建局", "交通局", "水利局", "教育局", "城管局")
_WORKS = ("道路养护", "校舍维修", "管网改造", "设备采购", "保洁服务", "设计咨询", "堤防加固", "办公物资")
# Overdue debts of a year and their sum, and what was paid of overdue debts in the year, in 万元.
_FELL_DUE = {2023: (6, Decimal(6200)), 2024: (7, Decimal(4200)), 2025: (7, Decimal(4700))}
_CLEARED = {2024: Decimal(5800), 2025: Decimal(7200)}
_DAILY = Decimal("0.0005")


@dataclass(slots=True)
class Debt:
    """One sum owed: its number, who owes it, when it was delivered and due, what is still unpaid, and who was paid when."""

    number: str
    unit: str
    delivered: date
    due: date
    amount: Decimal
    left: Decimal
    paid: list[tuple[date, Decimal]] = field(default_factory=list)


def _overdue() -> list[Debt]:
    """The debts that were not paid when due, oldest first."""
    found: list[Debt] = []
    for year, (count, total) in _FELL_DUE.items():
        rest = total
        for number in range(1, count + 1):
            share = (total / count).quantize(Decimal(1)) + (number % 3 - 1) * 60 if number < count else rest
            rest -= share
            delivered = date(year, number, 12)
            unit = _DEBTORS[(number + year) % len(_DEBTORS)]
            found.append(
                Debt(f"ZK{year}-{number:02d}", unit, delivered, delivered + timedelta(days=30), share, share)
            )
    return found


def _settle(debts: list[Debt]) -> None:
    """Ten payments a year go to the oldest debts already due."""
    for year, total in _CLEARED.items():
        for month in range(2, 12):
            day, money = date(year, month, 20), total / 10
            for debt in debts:
                part = min(money, debt.left) if debt.due < day else Decimal(0)
                if part:
                    debt.left -= part
                    debt.paid.append((day, part))
                    money -= part


def _debts(parcel: Parcel, debts: list[Debt]) -> None:
    ledger, payments = Ledger("sme_debt"), list[Row]()
    for place, debt in enumerate(debts):
        # One plan has run out with the debt still unpaid.
        until = date(debt.due.year + 1, 6, 30) if debt.number != "ZK2025-06" else date(2025, 12, 20)
        _open(ledger, debt.number, debt.unit, debt.delivered, debt.amount, place, due=until)
        ledger.move(
            debt.number, "拖欠", debt.due + timedelta(days=12), clerk(debt.unit), overdue_amount=debt.amount,
            plan="列入年度清偿计划，按季支付",
        )  # fmt: skip
        payments += [
            _payment(f"{debt.number}-P{no}", debt.number, debt.unit, day, part, "清偿拖欠")
            for no, (day, part) in enumerate(debt.paid, start=1)
        ]
        if not debt.left:
            _close(ledger, parcel, debt, short=place == 4)
    for year in YEARS:
        chance = parcel.chance(f"payables/{year}")
        for number in range(21, 31):
            payments += _on_time(ledger, parcel, f"ZK{year}-{number}", year, chance)
    parcel.write(
        "70-中小企业账款.xlsx",
        {ledger.kind: ledger.rows, f"{ledger.kind}.办理过程": ledger.moves, "debt_payment": payments},
    )


def _open(
    ledger: Ledger, number: str, unit: str, delivered: date, amount: Decimal, place: int, *, due: date
) -> None:
    work = _WORKS[place % len(_WORKS)]
    ledger.open(
        number, f"{unit}{work}合同款", unit, delivered, due=due, contract_no=f"HT-{number}",
        debt_kind=("工程", "服务", "货物")[place % 3], creditor=company(place * 3, "制造"),
        creditor_size=("小型", "微型", "中型")[place % 3], delivered=delivered, payable=amount,
    )  # fmt: skip
    ledger.move(number, "确认", delivered + timedelta(days=2), clerk(unit))


def _payment(number: str, debt: str, unit: str, day: date, part: Decimal, kind: str) -> Row:
    return {
        "number": number, "title": f"支付{debt}", "unit": unit, "date": day, "post": clerk(unit), "debt": debt,
        "payment_kind": kind, "paid_amount": part, "pay_way": "转账", "fund_source": "本级财政", "voucher": f"ZF{number}",
    }  # fmt: skip


def _close(ledger: Ledger, parcel: Parcel, debt: Debt, *, short: bool) -> None:
    """Paid off at last, with interest; once with too little of it."""
    last = debt.paid[-1][0]
    owed = (debt.amount * _DAILY * (last - debt.due).days).quantize(Decimal("0.01"), ROUND_UP)
    proof = parcel.paper("放款凭证", debt.number, f"支付凭证：{debt.number}付清\n日期：{last}")
    ledger.move(debt.number, "确认", last, clerk(debt.unit), note="拖欠已还清")
    ledger.move(
        debt.number, "结清", last, head(debt.unit), [proof], settled=last,
        interest_paid=Decimal(1) if short else owed + 1,
    )  # fmt: skip


def _on_time(ledger: Ledger, parcel: Parcel, number: str, year: int, chance: Chance) -> list[Row]:
    """A debt paid within its thirty days; the last ones of the year are still running."""
    unit, delivered = chance.of(_DEBTORS), chance.day(date(year, 1, 8), date(year, 12, 20))
    amount = chance.money(8, 120)
    _open(ledger, number, unit, delivered, amount, chance.whole(0, 30), due=delivered + timedelta(days=30))
    paid = delivered + timedelta(days=chance.whole(8, 28))
    if paid > date(YEARS[1], 12, 28):
        return []
    proof = parcel.paper("放款凭证", number, f"支付凭证：{number}\n日期：{paid}")
    ledger.move(number, "结清", paid, head(unit), [proof], settled=paid)
    return [_payment(f"{number}-P1", number, unit, paid, amount, "按期支付")]


def _reports(parcel: Parcel, debts: list[Debt]) -> None:
    """Each debtor's notice of the year before, its four sums taken from the very debts."""
    ledger = Ledger("arrears_report")
    for year in YEARS:
        told = year - 1
        for place, unit in enumerate(_DEBTORS):
            owned = [debt for debt in debts if debt.unit == unit]
            added = sum((debt.amount for debt in owned if debt.due.year == told), Decimal(0))
            before = sum(
                (debt.amount - _paid(debt, told - 1) for debt in owned if debt.due.year < told), Decimal(0)
            )
            gone = sum((_paid(debt, told) - _paid(debt, told - 1) for debt in owned), Decimal(0))
            running = [debt for debt in owned if debt.due.year <= told and _paid(debt, told) < debt.amount]
            code = f"ZKGK{told}-{place + 1}"
            ledger.open(
                code, f"{unit}{told}年度逾期未支付中小企业款项", unit, date(told, 12, 31), report_year=told, opening=before,
                new_arrears=added, cleared=gone, unpaid=before + added - gone, contracts=len(running),
            )  # fmt: skip
            day = date(year, 3, 18 + place) if (year, place) != (2025, 3) else date(year, 4, 9)
            shot = parcel.paper("公示截图", code, f"{unit}逾期未支付款项公开\n公开日期：{day}")
            url = f"https://www.minglan.example/zk/{code}"
            ledger.move(code, "已公开", day, seat("publish"), [shot], published=day, public_url=url)
    ledger.write(parcel, "71-逾期账款年度公开.xlsx")


def _paid(debt: Debt, year: int) -> Decimal:
    """What had been paid of a debt by the end of a year."""
    return sum((part for day, part in debt.paid if day.year <= year), Decimal(0))


def _complaints(parcel: Parcel) -> None:
    ledger = Ledger("sme_complaint")
    for year in YEARS:
        chance = parcel.chance(f"debt-complaints/{year}")
        for number in range(1, 8):
            unit, opened = _DEBTORS[number % len(_DEBTORS)], chance.day(date(year, 1, 10), date(year, 9, 20))
            code = f"ZKTS{year}-{number:02d}"
            ledger.open(
                code, f"反映{unit}{chance.of(_WORKS)}款未付", unit, opened, complainant=company(number * 5, "制造"),
                debtor=unit, claimed=chance.money(12, 260),
            )  # fmt: skip
            sent = opened + timedelta(days=chance.whole(2, 10) if number != 5 else 22)  # one sent on too late
            ledger.move(code, "转交", sent, clerk(unit), transferred=sent)
            taken = sent + timedelta(days=1)
            ledger.move(code, "处理", taken, clerk(unit), received=taken)
            if (year, number) == (2025, 6):
                continue
            long = number == 3
            told = taken + timedelta(days=chance.whole(10, 29) + (25 if long else 0))
            ledger.move(
                code, "办结", told, head(unit), informed=told, result=chance.of(("已付清", "达成还款协议", "部分付款", "引导诉讼仲裁")),
                satisfaction=chance.of(("满意", "满意", "基本满意", "不满意")), extended_days=30 if long else None,
                extension_by=person(45) if long and year == YEARS[0] else None,
            )  # fmt: skip
    ledger.write(parcel, "72-拖欠账款投诉.xlsx")


def write(parcel: Parcel) -> None:
    """Debts and payments, yearly notices, complaints."""
    debts = _overdue()
    _settle(debts)
    _debts(parcel, debts)
    _reports(parcel, debts)
    _complaints(parcel)
