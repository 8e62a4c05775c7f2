"""The countryside: full coverage village by village, relocation sites, watch against falling back, village notices."""

from datetime import date, timedelta

from demo.geography import TOWNSHIPS, clerk, head, villages
from demo.ledger import Ledger
from demo.pen import YEARS, Parcel, Row

# what is to reach every village, and the department that judges it
_ITEMS = (
    ("生活用电", "供电公司"),
    ("动力电", "供电公司"),
    ("硬化路", "交通局"),
    ("安全饮水", "水利局"),
    ("标准化卫生室", "卫健局"),
    ("通信网络", "工信局"),
)
_LATE_2025 = {("硬化路", 11), ("安全饮水", 12), ("标准化卫生室", 13), ("动力电", 14)}
_NEVER, _LAPSED = ("硬化路", 11), ("标准化卫生室", 4)
_SITES = (
    ("AZ01", "望溪镇集中安置点", "望溪镇", 146, 498, "集中安置"),
    ("AZ02", "青崖镇集中安置点", "青崖镇", 92, 311, "集中安置"),
    ("AZ03", "霁川镇集中安置点", "霁川镇", 118, 402, "集中安置"),
    ("AZ04", "松坞乡分散安置户", "松坞乡", 37, 121, "分散安置"),
)
_QUARTER_ENDS = ((3, 25), (6, 24), (9, 24), (12, 24))
_SILENT = (2025, 2, "鹤汀乡")  # the quarter (counted from 0) in which a township sent nothing


def quarters() -> list[tuple[int, int, date]]:
    """Every quarter of the demo: year, its number from 0, the day near its end on which people count."""
    return [
        (year, place, date(year, month, day))
        for year in YEARS
        for place, (month, day) in enumerate(_QUARTER_ENDS)
    ]


def _coverage(parcel: Parcel) -> None:
    ledger = Ledger("coverage_item")
    sheets = {
        unit: parcel.paper("验收单", f"全覆盖-{unit}", f"{unit}全覆盖事项认定表\n逐村逐项核验")
        for _, unit in _ITEMS
    }
    listed = date(2024, 1, 15)
    for place, village in enumerate(villages()[40:160:8]):
        for item, unit in _ITEMS:
            late = (item, place) in _LATE_2025
            number = f"QFG-{village.code[-6:]}-{item}"
            ledger.open(
                number, f"{village.name}{item}", unit, listed, due=date(2025, 11, 30) if late else date(2024, 6, 30), item=item,
                village=village.name, village_code=village.code,
            )  # fmt: skip
            if (item, place) == _NEVER:
                continue
            met = date(2025, 5 + place % 4, 12) if late else date(2018 + place % 6, 9, 10)
            seen = met + timedelta(days=9) if late else date(2024, 2, 20)
            ledger.move(
                number,
                "乡镇核实",
                seen,
                clerk(unit),
                met=met,
                evidence_note=f"{village.township}核实",
                township_check=seen,
            )
            judged = seen + timedelta(days=14)
            ledger.move(
                number, "部门认定", judged, head(unit), [sheets[unit]], checked=judged, checked_by=unit
            )
            if (item, place) == _LAPSED:
                ledger.move(
                    number,
                    "断档整改",
                    date(2025, 11, 6),
                    head(unit),
                    note="村医离岗，卫生室停诊",
                    lapsed=date(2025, 11, 3),
                )
    ledger.write(parcel, "50-六个全覆盖.xlsx")


def _sites(parcel: Parcel) -> None:
    sites: list[Row] = [
        {
            "code": code, "name": name, "unit": unit, "since": date(2019, 9, 1), "planned_households": homes, "planned_persons": persons,
            "handed_over": date(2019, 8, 20), "settlement": kind,
        }
        for code, name, unit, homes, persons, kind in _SITES
    ]  # fmt: skip
    checks: list[Row] = []
    chance = parcel.chance("relocation")
    for year, quarter, day in quarters():
        for place, (code, name, unit, homes, persons, _) in enumerate(_SITES):
            empty = max(0, 4 - quarter - place) if year == YEARS[0] else int(quarter < 2 and place == 1)
            able = homes * 9 // 10
            checks.append({
                "number": f"RZ{year}Q{quarter + 1}-{code}", "title": f"{name}{year}年第{quarter + 1}季度入住核查", "unit": unit,
                "date": day - timedelta(days=place), "post": clerk(unit), "site": code, "allotted": homes, "occupied": homes - empty,
                "persons": persons - 3 * empty, "demolish_due": homes - 6, "demolished": homes - 6 - (place + 1) % 2 * (7 - quarter),
                "able_households": able, "employed_households": able - chance.whole(1, 4), "titled": homes - 2 * empty,
                "sampled": 20, "empty_found": min(empty, 2),
            })  # fmt: skip
    parcel.write("51-易地搬迁.xlsx", {"relocation_site": sites, "relocation_check": checks})


def _watch(parcel: Parcel) -> None:
    rows: list[Row] = []
    for place, (town, _) in enumerate(TOWNSHIPS):
        chance = parcel.chance(f"watch/{town}")
        people = 9000 + 1400 * (place % 7)
        groups = [chance.whole(14, 26), chance.whole(9, 18), chance.whole(4, 9)]
        for year, quarter, day in quarters():
            added, removed = chance.whole(0, 4), chance.whole(2, 6)
            groups[0] = max(3, groups[0] + added - removed)
            if (year, quarter, town) == _SILENT:
                continue
            rows.append({
                "number": f"FP{year}Q{quarter + 1}-{place + 1:02d}", "title": f"{town}{year}年第{quarter + 1}季度防返贫监测", "unit": town,
                "date": day, "post": clerk(town), "unstable_households": groups[0], "unstable_persons": groups[0] * 3 + 2,
                "edge_households": groups[1], "edge_persons": groups[1] * 3 + 1, "sudden_households": groups[2],
                "sudden_persons": groups[2] * 3, "added_households": added, "added_persons": added * 3, "removed_households": removed,
                "removed_persons": removed * 3 + removed // 2, "fallen_households": 0, "unhelped_households": int(chance.hits(4)),
                "rural_population": people - 30 * (year - YEARS[0]),
            })  # fmt: skip
    parcel.write("52-防返贫监测.xlsx", {"return_watch": rows})


def _low_income(ledger: Ledger, parcel: Parcel) -> None:
    for year in YEARS:
        chance = parcel.chance(f"low-income/{year}")
        for number in range(1, 9):
            code, town = f"DB{year}-{number:02d}", TOWNSHIPS[(number * 5) % 12][0]
            opened = chance.day(date(year, 1, 10), date(year, 10, 30))
            homes = chance.whole(3, 14)
            kind = ("新增", "新增", "调标", "退出")[number % 4]
            ledger.open(
                code,
                f"{town}低保{kind}第{number}批",
                town,
                opened,
                batch_kind=kind,
                households=homes,
                persons=homes * 2 + 1,
            )
            posted = opened + timedelta(days=3)
            until = posted + timedelta(days=5 if (year, number) == (2025, 6) else 7)
            photo = parcel.paper("照片", code, f"{town}低保公示张贴照片（不含名单）")
            ledger.move(
                code, "公示", posted, clerk(town), [photo], masked=True, posted=posted, notice_until=until
            )
            if (year, number) == (2025, 6):
                continue  # five days only: it cannot be confirmed, the notice must be posted again
            settled = until + timedelta(days=3)
            said = {"objections": 1, "rechecked": settled} if number == 3 else {"objections": 0}
            ledger.move(code, "确认", settled, head(town), confirmed=settled, **said)
            if (year, number) != (2025, 7):
                ledger.move(
                    code,
                    "撤榜归档",
                    settled + timedelta(days=1),
                    head(town),
                    taken_down=settled + timedelta(days=1),
                )


def _village_notices(parcel: Parcel) -> tuple[list[Row], list[Row]]:
    rows: list[Row] = []
    absent: list[Row] = []
    for place, (town, _) in enumerate(TOWNSHIPS):
        here = [village for village in villages() if village.township == town]
        busy = max(2, len(here) // 5)
        for year, quarter, day in quarters():
            missed = int((year * 4 + quarter + place) % 17 == 0)
            number = f"CW{year}Q{quarter + 1}-{place + 1:02d}"
            rows.append({
                "number": number, "title": f"{town}{year}年第{quarter + 1}季度村务公开核查", "unit": town, "date": day, "post": clerk(town),
                "villages_due": len(here), "villages_done": len(here) - missed, "busy_due": busy, "busy_done": busy, "majors": 2 + quarter,
            })  # fmt: skip
            if missed:
                absent.append({
                    "record": number, "village": here[quarter].name, "absent_kind": "一般事项", "ordered": day + timedelta(days=1),
                    "made_good": None if year == YEARS[1] and quarter == 3 else min(day + timedelta(days=6), date(year, 12, 30)),
                })  # fmt: skip
    return rows, absent


def write(parcel: Parcel) -> None:
    """Coverage, relocation, watch against falling back, notices of low income and of villages."""
    _coverage(parcel)
    _sites(parcel)
    _watch(parcel)
    ledger = Ledger("low_income_notice")
    _low_income(ledger, parcel)
    rows, absent = _village_notices(parcel)
    parcel.write(
        "53-低保公示与村务公开.xlsx",
        {
            ledger.kind: ledger.rows,
            f"{ledger.kind}.办理过程": ledger.moves,
            "village_disclosure": rows,
            "village_disclosure.absent": absent,
        },
    )
