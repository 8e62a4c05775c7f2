"""The forests: chiefs of county, townships and villages, their patrols, what they found, what was planted."""

from datetime import date, timedelta
from decimal import Decimal

from demo.countryside import quarters
from demo.geography import COUNTY, TOWNSHIPS, clerk, head, seat, villages
from demo.ledger import Ledger
from demo.pen import YEARS, Parcel, Row

FOREST = "林业局"
_HILLS = ("青石岭", "白云山", "鹤鸣山", "松涛岭")
_CHIEFS = ("县长", "常务副县长", "副县长（农业）", "副县长（城建）")
_KINDS = ("火灾隐患", "病虫害", "违法占用林地", "火灾隐患", "毁林开垦", "病虫害", "盗伐滥伐", "其他")
_WORKS = ("人工造林", "封山育林", "退化林修复", "森林抚育", "人工造林")
_SEEN = ("森林防火", "综合", "造林绿化", "毁林占地")
_MISSED = {(2024, 2, 4), (2025, 3, 10)}  # year, quarter from 0, township: no patrol that quarter


def _sections() -> list[Row]:
    since = date(2022, 3, 1)
    rows: list[Row] = [
        {"code": f"LQ-{number:02d}", "name": f"{hill}县级责任区", "unit": COUNTY, "since": since, "chief_level": "县级",
         "chief": _CHIEFS[number - 1], "forest_area": 62000 + 4300 * number, "board_at": f"{hill}路口"}
        for number, hill in enumerate(_HILLS, start=1)
    ]  # fmt: skip
    for number, (town, _) in enumerate(TOWNSHIPS, start=1):
        rows.append({
            "code": f"LQ-{number + 20:02d}", "name": f"{_HILLS[number % 4]}{town}片", "unit": town, "since": since, "chief_level": "乡级",
            "chief": f"{town}主要负责人", "forest_area": 17000 + 900 * number, "board_at": f"{town}政府旁",
        })  # fmt: skip
    for number, village in enumerate(villages()[28:180:5], start=1):
        rows.append({
            "code": f"LQ-{number + 50:02d}", "name": f"{village.name}片", "unit": village.township, "since": since, "chief_level": "村级",
            "chief": f"{village.name}党支部书记", "forest_area": 5200 + 130 * number, "keeper": f"{village.name}护林员",
            "board_at": f"{village.name}口",
        })  # fmt: skip
    return rows


def _patrols(parcel: Parcel) -> list[Row]:
    """County chiefs twice a year, townships once a quarter; wardens leave their tracks on another platform."""
    rows: list[Row] = []
    chance = parcel.chance("forest-patrols")
    for year, quarter, day in quarters():
        for number, hill in enumerate(_HILLS, start=1):
            if quarter % 2:
                rows.append({
                    "number": f"XL{year}Q{quarter + 1}-{number:02d}", "title": f"{hill}县级林长巡林", "unit": COUNTY,
                    "date": day - timedelta(days=5 * number), "post": seat("fill"), "section": f"LQ-{number:02d}", "chief_level": "县级",
                    "matters_seen": chance.of(_SEEN),
                })  # fmt: skip
        for number, (town, _) in enumerate(TOWNSHIPS, start=1):
            if (year, quarter, number) not in _MISSED:
                rows.append({
                    "number": f"XL{year}Q{quarter + 1}-{number + 20:02d}", "title": f"{town}第{quarter + 1}季度巡林", "unit": town,
                    "date": day - timedelta(days=chance.whole(3, 60)), "post": clerk(town), "section": f"LQ-{number + 20:02d}",
                    "chief_level": "乡级", "matters_seen": chance.of(_SEEN),
                })  # fmt: skip
    return rows


def _issues(parcel: Parcel) -> Ledger:
    ledger = Ledger("forest_issue")
    for year in YEARS:
        chance = parcel.chance(f"forest-issues/{year}")
        for number in range(1, 15):
            code, kind, town = f"LZ{year}-{number:02d}", _KINDS[number % 8], TOWNSHIPS[(number * 5) % 12][0]
            opened = chance.day(date(year, 1, 15), date(year, 9, 30))
            ledger.open(
                code, f"{town}{_HILLS[number % 4]}{kind}问题", FOREST, opened, due=opened + timedelta(days=45), issue_kind=kind,
                place=f"{town}{_HILLS[number % 4]}", source=("卫星图斑", "护林员巡护", "群众举报")[number % 3], area=number % 4 + 1,
            )  # fmt: skip
            ledger.move(code, "交办", opened + timedelta(days=2), clerk(FOREST))
            if (year, number) == (2025, 7):  # never settled in time
                continue
            _settle(parcel, ledger, code, kind, opened + timedelta(days=70 if number == 4 else 20 + number))
    return ledger


def _settle(parcel: Parcel, ledger: Ledger, code: str, kind: str, fixed: date) -> None:
    """Put one right; the ninth of each year was half done at the first look."""
    photo = parcel.paper("照片", code, f"{code}整改前后照片")
    grave = kind in ("毁林开垦", "违法占用林地", "盗伐滥伐")
    told = {"penalty": "立案查处，责令恢复植被"} if grave else {}
    ledger.move(
        code, "整改", fixed, clerk(FOREST), [photo], measures="清理、除治、恢复植被", fixed=fixed, **told
    )
    seen = fixed + timedelta(days=5)
    if code.endswith("-09"):
        ledger.move(code, "退回整改", seen, head(FOREST), verified=seen, verify_result="部分整改")
        fixed, seen = seen + timedelta(days=8), seen + timedelta(days=11)
        ledger.move(code, "整改", fixed, clerk(FOREST), fixed=fixed)
    ledger.move(code, "销号", seen, head(FOREST), verified=seen, verify_result="已整改")


def _planting(parcel: Parcel) -> Ledger:
    ledger = Ledger("forest_planting")
    for year in YEARS:
        for number in range(1, 11):
            code, town, work = f"ZL{year}-{number:02d}", TOWNSHIPS[number + 1][0], _WORKS[number % 5]
            planned = 900 + 170 * number + 40 * (year - YEARS[0])
            opened = date(year, 1, 10 + number)
            ledger.open(
                code, f"{town}{year}年{work}", FOREST, opened, due=date(year, 12, 10), work_kind=work, place=f"{town}{_HILLS[number % 4]}",
                section=f"LQ-{number + 22:02d}", planned_area=planned,
            )  # fmt: skip
            begun = date(year, 2, 20) + timedelta(days=number)
            ledger.move(code, "施工", begun, clerk(FOREST), started=begun)
            if number == 10:  # too few of the trees lived: to be planted again next spring
                ledger.report(code, date(year, 11, 20), clerk(FOREST), "成活率不足，明春补植", survival=78)
                continue
            day = date(year, 10, 20) + timedelta(days=number)
            sheet = parcel.paper("验收单", code, f"{town}{work}验收单")
            ledger.move(
                code, "验收合格", day, head(FOREST), [sheet], accepted=day, area=planned - 12 * number,
                survival=Decimal(100 if work in ("封山育林", "森林抚育") else 86 + number),
            )  # fmt: skip
            if number != 6:
                told = day + timedelta(days=40 if number == 3 else 9)
                ledger.report(code, told, clerk(FOREST), "验收结果公开", published=told)
    return ledger


def write(parcel: Parcel) -> None:
    """Chiefs and patrols, issues, planting."""
    sheets: dict[str, list[Row]] = {"forest_section": _sections(), "forest_patrol": _patrols(parcel)}
    for ledger in (_issues(parcel), _planting(parcel)):
        sheets[ledger.kind] = ledger.rows
        sheets[f"{ledger.kind}.办理过程"] = ledger.moves
    parcel.write("69-林长制.xlsx", sheets)
