"""Tourism: places to see, events and contracts with platforms, and how each month's visitors were estimated."""

from collections.abc import Iterator
from datetime import date, timedelta

from demo.geography import clerk
from demo.names import person
from demo.pen import YEARS, Chance, Parcel, Row

# name, township, opened, grade, graded
_SITES = (
    ("青崖山景区", "青崖镇", date(2009, 5, 1), "4A", date(2014, 12, 8)),
    ("望溪古镇", "望溪镇", date(2011, 5, 1), "4A", date(2019, 10, 12)),
    ("霁川云海观景区", "霁川镇", date(2016, 9, 1), "3A", date(2020, 11, 20)),
    ("白鹭湿地公园", "白鹭乡", date(2018, 4, 20), "3A", date(2021, 11, 18)),
    ("禾塘农耕园", "禾塘镇", date(2019, 4, 28), "3A", date(2024, 10, 25)),
    ("松坞竹海", "松坞乡", date(2021, 7, 1), "2A", date(2023, 11, 9)),
    ("柳渡滨江乐园", "柳渡镇", date(2024, 5, 1), "未评", None),
    ("石斛谷养生园", "石斛镇", date(2025, 4, 29), "未评", None),
    ("杏渚渔村", "杏渚镇", date(2025, 9, 28), "未评", None),
)
_FEASTS = ("采茶节", "龙舟邀请赛", "竹海音乐周", "丰收节", "非遗年货集", "山地徒步赛")
_PARTNERS = ("途悠旅行网", "云游出行平台", "游见生活平台")
# How visits fall on the months, in per mille.
_SHARE = (60, 100, 62, 90, 120, 68, 100, 112, 70, 132, 48, 38)
_VISITS = {2024: 1460000, 2025: 1612000}


def _sites(parcel: Parcel) -> None:
    rows: list[Row] = [
        {
            "code": f"JQ-{number:02d}", "name": name, "unit": town, "since": since, "grade": grade, "graded": graded,
            "operator": f"明澜{name}管理公司", "capacity": 4000 + 900 * (number % 5),
        }
        for number, (name, town, since, grade, graded) in enumerate(_SITES, start=1)
    ]  # fmt: skip
    parcel.write("48-旅游景点.xlsx", {"scenic_site": rows})


def _events(chance: Chance, year: int) -> Iterator[Row]:
    for number, feast in enumerate(_FEASTS, start=1):
        town = _SITES[number % len(_SITES)][1]
        yield {
            "number": f"LY{year}-{number:02d}", "title": f"{year}年{town}{feast}", "unit": "文旅局", "date": date(year, 2 * number - 1, 18), "post": clerk("文旅局"),
            "event_kind": "节会活动", "place": town, "cost": chance.money(6, 45, "0.5"),
        }  # fmt: skip
    for number in range(2):
        yield {
            "number": f"LY{year}-2{number}", "title": f"{year}年省外文旅推介会（第{number + 1}场）", "unit": "文旅局", "date": date(year, 4 + 5 * number, 11),
            "post": clerk("文旅局"), "event_kind": "推介营销", "place": "省外", "cost": chance.money(8, 20, "0.5"),
        }  # fmt: skip
    for number, partner in enumerate(_PARTNERS[: 2 if year == YEARS[0] else 3]):
        day = date(year, 3, 8 + number)
        yield {
            "number": f"LY{year}-3{number}", "title": f"与{partner}合作协议", "unit": "文旅局", "date": day, "post": clerk("文旅局"),
            "event_kind": "平台合作", "partner": partner, "contract_no": f"WL{year}-{number + 1}", "contract_until": date(year + 1, 3, 7 + number), "cost": chance.money(15, 40),
        }  # fmt: skip


def _surveys(parcel: Parcel) -> tuple[list[Row], list[Row]]:
    """One estimate a month: the small samples of winter are less sure; August 2024 counted gates instead of asking."""
    held: list[Row] = []
    gates: list[Row] = []
    for year in YEARS:
        chance = parcel.chance(f"survey/{year}")
        for month, share in enumerate(_SHARE, start=1):
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            code, few = f"CS{last:%Y%m}", month in (1, 11)
            counted = _VISITS[year] * share // 1000
            held.append({
                "number": code, "title": f"{year}年{month}月旅游测算", "unit": "文旅局", "date": last, "post": clerk("文旅局"),
                "method": "景区实数加系数" if (year, month) == (2024, 8) else "抽样调查", "sample": 90 if few else chance.whole(240, 420),
                "overnight": counted * chance.whole(18, 26) // 100, "spend": chance.whole(520, 660), "error_share": chance.money(10, 13, "0.1") if few else chance.money(4, 8, "0.1"),
                "confidence": 95, "reviewed_by": person(49),
            })  # fmt: skip
            open_now = [place for place, site in enumerate(_SITES, start=1) if site[2] <= last]
            gates += [
                {
                    "record": code,
                    "no": place,
                    "site": f"JQ-{place:02d}",
                    "counted": counted * chance.whole(80, 120) // 100 // len(open_now),
                }
                for place in open_now
            ]
    return held, gates


def write(parcel: Parcel) -> None:
    """Sites, events and contracts, monthly estimates."""
    _sites(parcel)
    events = [row for year in YEARS for row in _events(parcel.chance(f"tourism/{year}"), year)]
    held, gates = _surveys(parcel)
    name = "tourism_survey"
    parcel.write("49-旅游活动与测算.xlsx", {"tourism_event": events, name: held, f"{name}.gates": gates})
