"""Doctors and windows: the medical consortium and where people are treated, approval items and how applications fare."""

from datetime import date, timedelta

from demo.geography import clerk, head
from demo.ledger import Ledger
from demo.names import company
from demo.pen import YEARS, Parcel, Row
from demo.society import record, shelve

_WINDOW = "行政审批局"
_DEPARTMENTS = (
    "市场监管局", "住建局", "自然资源局", "人社局", "卫健局", "交通局", "水利局", "农业农村局", "教育局", "民政局", "公安局", "文旅局",
)  # fmt: skip
_MATTERS = ("经营许可", "资质核定", "登记备案", "补贴申领", "证照换发")
_KINDS = ("行政许可", "行政许可", "行政确认", "行政给付", "公共服务")


def _consortia(parcel: Parcel) -> None:
    whole = {"unified_staff": True, "unified_money": True, "unified_work": True, "unified_drugs": True}
    rows: list[Row] = [
        {
            "code": "YGT01", "name": "明澜县人民医院医共体", "unit": "卫健局", "since": date(2021, 9, 1), "consortium_kind": "医共体",
            "lead_hospital": "明澜县人民医院", "members": 9, "covered": 7, "packaged": True, **whole,
        },
        {
            "code": "YGT02", "name": "明澜县中医院医共体", "unit": "卫健局", "since": date(2022, 3, 1), "consortium_kind": "医共体",
            "lead_hospital": "明澜县中医院", "members": 6, "covered": 5, "packaged": False, **whole, "unified_money": False,
        },
    ]  # fmt: skip
    visits: list[Row] = []
    for year in YEARS:
        chance = parcel.chance(f"visits-to-doctors/{year}")
        share = 886 if year == YEARS[0] else 897
        for quarter, end in enumerate(
            (date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31)), 1
        ):
            state = "预计" if (year, quarter) == (YEARS[1], 4) else "快报" if quarter == 4 else "核定"
            for name, base, extra in (
                ("住院", chance.whole(17200, 18400), 0),
                ("门诊加住院", chance.whole(402000, 431000), 42),
            ):
                if name != "住院" and state == "预计":
                    continue
                visits.append(record(
                    f"JZ{year}-{quarter}-{'Z' if extra == 0 else 'M'}", f"{year}年第{quarter}季度{name}人次", "医保局", end, definition=name,
                    in_county=base * (share + extra) // 1000, all_visits=base, data_status=state,
                ))  # fmt: skip
    parcel.write("66-医共体与就诊.xlsx", {"medical_consortium": rows, "treatment_return": visits})


def _items() -> list[Row]:
    """Sixty items: four still need a visit, and one was handed down to the townships in 2025."""
    rows: list[Row] = []
    for number in range(60):
        owner, matter = _DEPARTMENTS[number % 12], _MATTERS[number % 5]
        meets = number in (7, 26, 38, 51)
        rows.append({
            "code": f"SPSX{number + 1:03d}", "name": f"{owner}{matter}（{number + 1}）", "unit": _WINDOW, "since": date(2022, 1, 1),
            "until": date(2025, 6, 30) if number == 38 else None, "item_kind": _KINDS[number % 5], "dept": owner,
            "transferred_power": number % 4 == 0, "statutory_days": 20, "promised_days": 3 + number % 6, "materials": 2 + number % 5,
            "trips": (1 if number != 51 else 2) if meets else 0, "online_level": "Ⅱ级" if number in (26, 51) else "Ⅲ级" if meets else "Ⅳ级",
            "in_window": number % 9 != 0, "no_meet": not meets,
        })  # fmt: skip
    return rows


def _licences(parcel: Parcel) -> Ledger:
    ledger = Ledger("licence_case")
    by = clerk(_WINDOW)
    for year in YEARS:
        chance = parcel.chance(f"licences/{year}")
        for number in range(1, 15):
            code, place = f"XK{year}-{number:02d}", number * 5 % 60
            opened = chance.day(date(year, 1, 8), date(year, 11, 10))
            ledger.open(
                code, f"许可申请第{number}号", _WINDOW, opened, item=f"SPSX{place + 1:03d}", applicant=company(number, "制造"),
                joint=number == 12, promised_days=3 + place % 6,
            )  # fmt: skip
            taken = opened + timedelta(days=1)
            if number % 6 == 0:  # sent back once to be completed
                back = opened + timedelta(days=9)
                ledger.move(
                    code,
                    "补正退回",
                    opened + timedelta(days=2),
                    by,
                    corrected_told=opened + timedelta(days=2),
                )
                ledger.move(code, "收件", back, by, resubmitted=back)
                taken = back
            ledger.move(code, "受理", taken, by, accepted=taken)
            if year == YEARS[1] and number == 13:
                continue
            _decide(parcel, ledger, code, number, taken, chance.whole(1, 3))
    return ledger


def _decide(parcel: Parcel, ledger: Ledger, code: str, number: int, taken: date, days: int) -> None:
    """The decision and its delivery: the eighth is late against the promise, the tenth wants longer, the eleventh is refused."""
    by, boss, slow, refused = clerk(_WINDOW), head(_WINDOW), number == 8, number == 11
    decided = taken + timedelta(days=21 if slow else days)
    if number == 10:
        ledger.report(code, taken + timedelta(days=1), by, extended_days=10)  # nobody has granted it
    verdict = parcel.paper(
        "行政许可决定书", code, f"行政许可决定书\n{code}\n{'不予' if refused else '准予'}许可"
    )
    ledger.move(
        code, "决定", decided, boss, [verdict], decided=decided, decision="不予" if refused else "准予",
        refusal_reason="不符合法定条件，已告知复议、诉讼权利" if refused else None,
        overdue_reason="现场核查改期，已向申请人说明并公开" if slow else None, extension_by="局长" if number == 10 else None,
    )  # fmt: skip
    sent, shown = decided + timedelta(days=3), None if refused else decided + timedelta(days=2)
    ledger.move(code, "送达办结", sent, by, delivered=sent, published=shown)


def _handled(parcel: Parcel) -> list[Row]:
    rows: list[Row] = []
    for year in YEARS:
        chance = parcel.chance(f"windows/{year}")
        for month in range(1, 13):
            total = chance.whole(9000, 11000)
            end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            rows.append(record(
                f"BJ{year}-{month:02d}", f"{year}年{month}月办件汇总", _WINDOW, end, handled=total, no_meet_handled=total * 912 // 1000,
                one_trip_handled=total * 986 // 1000, overdue=chance.whole(0, 2),
            ))  # fmt: skip
    return rows


def write(parcel: Parcel) -> None:
    """Consortia and treatment, approval items, applications followed one by one, the windows' months."""
    _consortia(parcel)
    parcel.write("67-审批事项与办件.xlsx", {"approval_item": _items(), "approval_return": _handled(parcel)})
    shelve(parcel, "68-行政许可办件.xlsx", _licences(parcel))
