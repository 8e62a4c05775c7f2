"""The county's units, posts and people: 12 townships, their villages, 40 departments."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from demo.names import person
from demo.pen import Parcel, Row

CODE, COUNTY = "990123", "明澜县"
FOUNDED = date(2000, 1, 1)
TOWNSHIPS = (
    ("澜城街道", "lancheng"),
    ("东屏街道", "dongping"),
    ("望溪镇", "wangxi"),
    ("石斛镇", "shihu"),
    ("青崖镇", "qingya"),
    ("柳渡镇", "liudu"),
    ("禾塘镇", "hetang"),
    ("杏渚镇", "xingzhu"),
    ("霁川镇", "jichuan"),
    ("白鹭乡", "bailu"),
    ("松坞乡", "songwu"),
    ("鹤汀乡", "heting"),
)
_VILLAGES = (16, 12, 18, 17, 16, 15, 15, 14, 15, 14, 13, 15)
_FIRST = "上下东西南北大小新古石金清云"
_SECOND = ("湾", "岭", "坪", "桥", "塘", "溪", "坳", "井", "桂", "竹", "垄", "洲", "陂")
# code, title, duties, login: what is done for the whole county sits at the county itself
_SEATS = (
    ("lead", "县长", "领导、签发", "xianzhang"),
    ("lead-1", "常务副县长", "领导", "changwu"),
    ("lead-2", "副县长（工业）", "领导", "fuxian-gongye"),
    ("lead-3", "副县长（农业）", "领导", "fuxian-nongye"),
    ("lead-4", "副县长（城建）", "领导", "fuxian-chengjian"),
    ("lead-5", "副县长（公安）", "领导", "fuxian-gongan"),
    ("office", "政府办主任", "审核、放数", "zhengfuban-zhuren"),
    ("supervise", "督查室主任", "督查", "ducha"),
    ("write", "政府办文秘", "撰稿", "wenshu"),
    ("fill", "政府办综合填报", "填报", "zonghe"),
    ("statistics", "统计局统计岗", "统计", "tongji"),
    ("treasury", "财政局预算岗", "财政", "caizheng"),
    ("publish", "政务公开办主任", "公开", "gongkai"),
    ("discipline", "纪检监察员", "纪检", "jijian"),
    ("discipline-1", "派驻纪检监察组组长", "纪检", "jijian-zuzhang"),
    ("audit", "审计局审计岗", "审计", "shenji-gang"),
    ("audit-1", "审计局法制岗", "审计", "shenji-fazhi"),
    ("legal", "司法局合法性审查岗", "合法性审查", "hefa"),
    ("organise", "组织部干部监督岗", "组织", "zuzhi"),
    ("organise-1", "组织部干部监督科科长", "组织", "zuzhi-kezhang"),
    ("deputy", "人大代表联络站", "代表委员", "daibiao"),
    ("admin", "系统管理员", "系统管理", "admin"),
)


@dataclass(frozen=True, slots=True)
class Village:
    """A village or community and the township it lies in."""

    code: str
    name: str
    township: str


def department_names() -> list[dict[str, str]]:
    """The departments with the log-in of who fills in for each."""
    text = (Path(__file__).parent / "data" / "departments.toml").read_text("utf-8")
    found: list[dict[str, str]] = tomllib.loads(text)["departments"]
    return found


def villages() -> list[Village]:
    """About 180 villages, each name once in the county."""
    names = [f"{first}{second}" for second in _SECOND for first in _FIRST]
    found: list[Village] = []
    for township, (name, _) in enumerate(TOWNSHIPS):
        for place in range(_VILLAGES[township]):
            label = names[len(found)]
            kind = "社区" if township < 2 else "村"
            found.append(Village(f"{CODE}{township + 1:03d}{place + 1:03d}", f"{label}{kind}", name))
    return found


def _unit(code: str, name: str, level: str, parent: str, order: int) -> Row:
    return {"code": code, "name": name, "level": level, "parent": parent, "since": FOUNDED, "order": order}


def unit_rows() -> list[Row]:
    """Every unit, above before below."""
    rows = [_unit(CODE, COUNTY, "县（区）", "", 0)]
    for number, item in enumerate(department_names(), start=1):
        rows.append(_unit(f"{CODE}-{number:02d}", item["name"], "部门", CODE, number))
    codes = {}
    for number, (name, _) in enumerate(TOWNSHIPS, start=1):
        codes[name] = f"{CODE}{number:03d}"
        rows.append(_unit(codes[name], name, "乡镇（街道）", CODE, 100 + number))
    for number, village in enumerate(villages(), start=1):
        rows.append(_unit(village.code, village.name, "村（社区）", codes[village.township], 1000 + number))
    return rows


def post_rows() -> tuple[list[Row], list[Row]]:
    """Posts and who holds them: county seats, and for each department and township a head and a clerk."""
    seats: list[tuple[str, str, str, str, str]] = [
        (f"{CODE}-{code}", title, COUNTY, duties, login) for code, title, duties, login in _SEATS
    ]
    for number, item in enumerate(department_names(), start=1):
        head = "主任" if item["name"].endswith(("办", "中心", "委")) else "负责人"
        seats.append(
            (
                f"{CODE}-{number:02d}-head",
                f"{item['name']}{head}",
                item["name"],
                "审核",
                f"{item['login']}-fuze",
            )
        )
        seats.append(
            (f"{CODE}-{number:02d}-fill", f"{item['name']}填报员", item["name"], "填报", item["login"])
        )
    for number, (name, login) in enumerate(TOWNSHIPS, start=1):
        head = "主任" if name.endswith("街道") else "镇长" if name.endswith("镇") else "乡长"
        seats.append((f"{CODE}{number:03d}-head", head, name, "审核、领导", f"{login}-fuze"))
        seats.append((f"{CODE}{number:03d}-fill", "党政办填报员", name, "填报", login))
    since = date(2023, 1, 1)
    posts: list[Row] = [
        {"code": code, "title": title, "unit": unit, "duties": duties, "since": since}
        for code, title, unit, duties, _ in seats
    ]
    held: list[Row] = [
        {"post": code, "name": person(number), "user": login, "since": since}
        for number, (code, *_, login) in enumerate(seats)
    ]
    return posts, held


def _number(unit: str) -> str:
    """The code of a department or township by its name, as its posts carry it."""
    for number, item in enumerate(department_names(), start=1):
        if item["name"] == unit:
            return f"{CODE}-{number:02d}"
    for number, (name, _) in enumerate(TOWNSHIPS, start=1):
        if name == unit:
            return f"{CODE}{number:03d}"
    raise KeyError(unit)


def clerk(unit: str) -> str:
    """The post that fills in for a department or township."""
    return f"{_number(unit)}-fill"


def head(unit: str) -> str:
    """The post that verifies for a department or township."""
    return f"{_number(unit)}-head"


def seat(name: str) -> str:
    """A post of the county itself: lead, supervise, treasury …"""
    return f"{CODE}-{name}"


def write(parcel: Parcel) -> None:
    """The first workbook: units, posts, appointments."""
    posts, held = post_rows()
    parcel.write("01-单位与职务.xlsx", {"单位": unit_rows(), "职务": posts, "任职": held})
