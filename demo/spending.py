"""The three public expenses by unit and quarter, the circulars on them, reception slips, and budgets made public."""

from datetime import date, timedelta
from decimal import Decimal

from demo.geography import clerk, department_names, head, seat
from demo.ledger import Ledger
from demo.pen import YEARS, Chance, Parcel, Row, rounded

_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
_SEASONS = ("一季度", "二季度", "三季度", "四季度")
_SHARES = (Decimal("0.22"), Decimal("0.25"), Decimal("0.24"), Decimal("0.29"))
# What the heavier units spend, as multiples of an ordinary one.
_WEIGHTS = {
    "公安局": 6,
    "机关事务局": 5,
    "政府办": 4,
    "教育局": 3,
    "卫健局": 3,
    "城管局": 3,
    "农业农村局": 2,
    "住建局": 2,
    "交通局": 2,
}
_LESS = {2024: Decimal(1), 2025: Decimal("0.93")}
_OVER, _SILENT = "城管局", "科技局"
_GUESTS = ("邻县考察组", "市直部门调研组", "省级专家组", "结对帮扶单位", "外地招商企业")


def _units() -> list[str]:
    return [item["name"] for item in department_names()]


def _parts(unit: str, year: int, chance: Chance) -> list[tuple[str, Decimal, int]]:
    """A unit's parts of the year: what, how much in 万元, and how many vehicles."""
    weight, less = _WEIGHTS.get(unit, 1), _LESS[year]
    found = [
        ("公务用车运行费", rounded(weight * less * chance.money(10, 12, "0.1"), 2), weight * 2),
        ("公务接待费", rounded(weight * less * chance.money(4, 6, "0.1"), 2), 0),
    ]
    if unit in ("公安局", "机关事务局") or (unit == "交通局" and year == YEARS[0]):
        found.append(("公务用车购置费", rounded(36 * less, 2), 2))
    if unit in ("招商局", "商务局"):
        found.append(("因公出国（境）费", rounded(14 * less, 2), 0))
    return found


def _quarters(parcel: Parcel) -> None:
    records, lines = list[Row](), list[Row]()
    for year in YEARS:
        for unit in _units():
            parts = _parts(unit, year, parcel.chance(f"spending/{unit}/{year}"))
            spent = {part: Decimal(0) for part, *_ in parts}
            for number, (month, last) in enumerate(_ENDS):
                if (year, unit, number) == (YEARS[1], _SILENT, 3):
                    continue  # the last quarter of one unit is missing, and the circular waits for it
                code = f"SG{year}-{number + 1}-{unit}"
                rows = [_line(code, unit, year, number, part, spent) for part in parts]
                lines += rows
                records.append({
                    "number": code, "title": f"{unit}{year}年{_SEASONS[number]}三公经费", "unit": unit, "date": date(year, month, last),
                    "post": clerk(unit), "season": _SEASONS[number],
                    "total": sum((Decimal(str(row["part_spent"])) for row in rows), Decimal(0)),
                })  # fmt: skip
    parcel.write("73-三公经费季度账.xlsx", {"public_expense": records, "public_expense.parts": lines})


def _line(
    code: str, unit: str, year: int, number: int, part: tuple[str, Decimal, int], spent: dict[str, Decimal]
) -> Row:
    name, total, vehicles = part
    now = rounded(total * _SHARES[number], 2)
    if name == "公务用车购置费":
        now = total if number == 1 else Decimal(0)
    spent[name] += now
    budget = rounded(
        total * Decimal("0.97" if unit == _OVER and name == "公务接待费" and year == YEARS[1] else "1.04"), 1
    )
    counted = {"公务接待费": int(now * 8) or 1, "因公出国（境）费": 1}.get(name)
    return {
        "record": code, "part": name, "year_budget": budget, "part_spent": now, "spent_to_date": spent[name], "batches": counted,
        "persons": counted * (8 if name == "公务接待费" else 3) if counted else None,
        "vehicles": (2 if now else 0) if name == "公务用车购置费" else vehicles or None,
    }  # fmt: skip


def _circulars(parcel: Parcel) -> None:
    ledger, due = Ledger("expense_circular"), len(_units())
    for year in YEARS:
        for number, (month, last) in enumerate(_ENDS):
            end, code = date(year, month, last), f"SGTB{year}-{number + 1}"
            ledger.open(
                code,
                f"{year}年{_SEASONS[number]}三公经费通报",
                "财政局",
                end,
                season=_SEASONS[number],
                units_due=due,
            )
            if end == date(2025, 12, 31):
                continue
            # The second quarter of 2025 was told ten days too late.
            day = end + timedelta(days=22 if code != "SGTB2025-2" else 41)
            ledger.move(
                code,
                "审核",
                day - timedelta(days=4),
                head("财政局"),
                units_reported=due,
                units_over=int(number == 3),
            )
            text = parcel.paper("正式文件", code, f"{year}年{_SEASONS[number]}全县三公经费情况通报")
            ledger.move(
                code,
                "通报",
                day,
                seat("lead-1"),
                [text],
                issued=day,
                doc_no=f"澜财通〔{day.year}〕{number + 11}号",
            )
    ledger.write(parcel, "74-三公经费通报.xlsx")


def _slips(parcel: Parcel) -> None:
    rows = list[Row]()
    for year in YEARS:
        chance = parcel.chance(f"slips/{year}")
        for number in range(1, 31):
            unit, guests = (
                chance.of(("机关事务局", "政府办", "招商局", "文旅局", "农业农村局")),
                chance.whole(3, 18),
            )
            limit = 3 if guests <= 10 else guests // 3
            rows.append({
                "number": f"JD{year}-{number:03d}", "title": f"接待{chance.of(_GUESTS)}（{number}）", "unit": unit,
                "date": chance.day(date(year, 1, 6), date(year, 12, 20)), "post": clerk(unit),
                "letter_no": None if number == 17 else f"函〔{year}〕{number + 20}号", "guest_unit": chance.of(_GUESTS), "purpose": "公务考察",
                "guests": guests, "companions": limit + (2 if number in (9, 23) else -chance.whole(0, 1)), "meals": chance.whole(1, 2),
                "meal_kind": "食堂工作餐" if number % 3 else "自助餐", "alcohol": False, "cost": guests * chance.whole(30, 48),
                "collected": guests * 20, "paid_by_card": True,
            })  # fmt: skip
    parcel.write("75-公务接待单.xlsx", {"reception_slip": rows})


def _publications(parcel: Parcel) -> None:
    ledger = Ledger("budget_publication")
    for year in YEARS:
        for kind, passed in (("预算", date(year, 1, 24)), ("决算", date(year, 8, 28))):
            told = year if kind == "预算" else year - 1
            for number, unit in enumerate(
                ("财政局", "教育局", "卫健局", "住建局", "水利局", "民政局", "文旅局"), start=1
            ):
                level = "政府" if number == 1 else "部门"
                code = f"YJ{year}-{kind[0]}{number}"
                who = "明澜县" if level == "政府" else unit
                ledger.open(
                    code,
                    f"{who}{told}年{kind}公开",
                    unit,
                    passed,
                    body_level=level,
                    account_kind=kind,
                    account_year=told,
                )
                late = (year, kind, number) == (2025, "预算", 5)
                reply = passed + timedelta(days=12 if not late else 27)
                ledger.move(code, "批复", reply, clerk(unit), replied=reply if level == "部门" else None)
                if (year, kind, number) == (2025, "决算", 7):
                    continue  # never put before the public
                day = passed + timedelta(days=14) if level == "政府" else reply + timedelta(days=6 + number)
                shot = parcel.paper("公示截图", code, f"{who}{told}年{kind}公开\n公开日期：{day}")
                ledger.move(
                    code, "公开", max(day, reply), seat("publish"), [shot], published=day, three_public_told=True,
                    public_url=f"https://www.minglan.example/yjs/{code}",
                )  # fmt: skip
    ledger.write(parcel, "76-预决算公开.xlsx")


def write(parcel: Parcel) -> None:
    """Quarters, circulars, slips, budgets."""
    _quarters(parcel)
    _circulars(parcel)
    _slips(parcel)
    _publications(parcel)
