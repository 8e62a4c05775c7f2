"""Key projects of two years and the investment they came from: one started late, one stopped, the rest on their way."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from demo.geography import TOWNSHIPS, clerk, head, seat
from demo.ledger import Ledger
from demo.names import company, person
from demo.pen import YEARS, Chance, Parcel, Row, rounded

_CATEGORIES = (
    (
        "产业",
        30,
        (
            "年产新型材料生产线",
            "精密零部件项目",
            "农产品精深加工园",
            "智能装备基地",
            "竹木全产业链加工",
            "中药材饮片生产线",
        ),
    ),
    (
        "科技创新",
        16,
        ("新材料中试平台", "智能制造研发中心", "种业创新基地", "数字化改造示范", "生物提取中试线"),
    ),
    ("基础设施", 14, ("县乡公路改建", "城乡供水一体化", "变电站扩建", "水库除险加固")),
    ("城建市政", 12, ("老旧小区改造", "雨污分流改造", "滨河步道", "停车场及充电设施")),
    ("民生", 8, ("县人民医院外科楼", "中学扩建", "养老服务中心")),
    ("生态环保", 6, ("小流域综合治理", "污水处理厂提标", "矿山生态修复")),
    ("文化旅游", 8, ("山地旅游度假区", "古村落保护利用", "研学营地")),
    ("农业农村", 6, ("高标准农田建设", "冷链物流中心", "设施蔬菜基地")),
)
_THEMES = {"科技创新": ("创新平台", "技术攻关", "成果转化", "数字赋能")}
_DEPARTMENTS = {
    "产业": "工信局", "科技创新": "科技局", "基础设施": "交通局", "城建市政": "住建局",
    "民生": "卫健局", "生态环保": "生态环境分局", "文化旅游": "文旅局", "农业农村": "农业农村局",
}  # fmt: skip
_CURVE = {3: Decimal("0.21"), 6: Decimal("0.48"), 9: Decimal("0.75"), 12: Decimal(1)}
_MONTH_END = {3: 31, 6: 30, 9: 30, 12: 31}
LATE, STOPPED = 17, 44
Step = tuple[date, int, Row]
"""A movement: its day, its place among those of one day, and what it says."""


def _project(year: int, number: int, category: str, name: str, chance: Chance) -> Row:
    """What the list says of a project when the year begins."""
    total = (
        chance.money(1200, 46000, "10")
        if category in ("产业", "文化旅游")
        else chance.money(600, 18000, "10")
    )
    old = chance.hits(35)
    start = date(year - 1, chance.whole(3, 10), 15) if old else date(year, chance.whole(2, 8), 20)
    approved = date(start.year, start.month, 1) if old else date(year, 1, chance.whole(10, 28))
    themes = _THEMES.get(category)
    return {
        "project_code": f"{year}-990123-{chance.whole(10, 99)}-01-{chance.whole(100000, 999999)}",
        "category": category,
        "theme": chance.of(themes) if themes else category,
        "nature": "续建" if old else "新建",
        "owner_name": company(number, "制造")
        if category in ("产业", "科技创新")
        else f"明澜县{name[:6]}建设单位",
        "total_invest": total,
        "annual_plan": max(Decimal(200), (total * chance.whole(25, 60) / 100).quantize(Decimal(10))),
        "approved": approved,
        "published": _published(approved, date(year, 1, 31), number),
        "plan_start": start,
        "started": start if old else None,
        "plan_finish": date(year, 11, 30) if chance.hits(30) else date(year + 1, chance.whole(5, 12), 30),
        "land": chance.money(5, 160) if category == "产业" else None,
        "sponsor": person(chance.whole(0, 5)),
    }


def _published(approved: date, listed: date, number: int) -> date | None:
    """When the approval was put on the portal: within the limit, but for every fifteenth that was forgotten."""
    return None if number % 15 == 8 else min(approved + timedelta(days=5 + number % 13), listed)


def _year(ledger: Ledger, parcel: Parcel, year: int) -> None:
    chance = parcel.chance(f"projects/{year}")
    number = 0
    for category, count, names in _CATEGORIES:
        for place in range(count if year == YEARS[0] else count + count // 8):
            number += 1
            town = TOWNSHIPS[(number * 5) % len(TOWNSHIPS)][0]
            title = f"{town}{names[place % len(names)]}（{'一二三四五六七八'[place // len(names)]}期）"
            _one(
                ledger,
                parcel,
                year,
                number,
                f"{title}",
                _project(year, number, category, title, chance),
                chance,
            )


def _one(
    ledger: Ledger, parcel: Parcel, year: int, number: int, title: str, values: Row, chance: Chance
) -> None:
    """One project's year: listed in January, begun, reported each quarter, and how the year ended for it."""
    code = f"ZD{year}-{number:03d}"
    unit = _DEPARTMENTS[str(values["category"])]
    late = year == YEARS[1] and number == LATE
    stopped = year == YEARS[1] and number == STOPPED
    if late:
        values = {
            **values,
            "nature": "新建",
            "started": None,
            "plan_start": date(year, 3, 20),
            "plan_finish": date(year + 1, 6, 30),
        }
    ledger.open(code, title, unit, date(year, 1, 31), due=date(year, 12, 31), **values)
    start = values["started"] or values["plan_start"]
    assert isinstance(start, date)
    began = max(start if not late else date(year, 9, 26), date(year, 2, 1))
    steps = [_begin(parcel, code, title, values, start, began, chance)]
    steps += [
        (
            date(year, month, _MONTH_END[month]),
            1,
            _progress(values, month, chance, began, slow=late or stopped),
        )
        for month in _CURVE
    ]
    closes = _end(parcel, code, title, values, year, chance, late=late, stopped=stopped)
    steps += [closes] if closes else []
    for day, order, step in sorted(steps, key=lambda item: (item[0], item[1])):
        if closes is not None and (day, order) > closes[:2] and not stopped:
            continue
        _move(ledger, code, unit, day, step)


def _begin(
    parcel: Parcel, code: str, title: str, values: Row, start: date, began: date, chance: Chance
) -> Step:
    """The beginning of the works, with the approval they need."""
    paper = parcel.paper("批复文件", code, f"关于{title}的批复\n项目代码：{values['project_code']}")
    known = values["started"]
    told: Row = {"stage": "开工建设", "papers": [paper], "started": known or began}
    return began, 0, {**told, "registered": _after(start if known else began, chance)}


def _end(
    parcel: Parcel,
    code: str,
    title: str,
    values: Row,
    year: int,
    chance: Chance,
    *,
    late: bool,
    stopped: bool,
) -> Step | None:
    """How the year ended: accepted, stopped, carried into the next list, or simply still going on."""
    finish = values["plan_finish"]
    assert isinstance(finish, date)
    if stopped:
        told: Row = {"stage": "停缓建", "problems": "业主资金链紧张，正在引入合作方，暂缓建设"}
        return date(year, 8, 15), 2, told
    if finish.year == year and not late:
        done = (
            date(year, 12, chance.whole(2, 26)) if chance.hits(25) else date(year, 11, chance.whole(12, 28))
        )
        checked = parcel.paper("验收单", code, f"{title}竣工验收单\n验收日期：{done}\n结论：合格")
        trial: Row = {"trial": date(year, 10, 18)} if values["category"] == "产业" else {}
        return done, 2, {"stage": "竣工验收", "papers": [checked], "finished": done, **trial}
    return (date(year, 12, 31), 2, {"stage": "年度结转"}) if year == YEARS[0] else None


def _move(ledger: Ledger, code: str, unit: str, day: date, step: Row) -> None:
    """One line of the ledger of movements, by the post whose step it is."""
    stage = str(step.get("stage", ""))
    boss = head(unit)
    post = {"竣工验收": boss, "年度结转": boss, "停缓建": seat("lead-1")}.get(stage, clerk(unit))
    ledger.move(code, stage, day, post, **{key: value for key, value in step.items() if key != "stage"})  # type: ignore[arg-type]


def _after(day: date, chance: Chance) -> date:
    """When the statistics office took the project in: mostly within the month, sometimes late."""
    late = chance.hits(8)
    month = day.month + (2 if late else 0)
    year = day.year + (month - 1) // 12
    return date(year, (month - 1) % 12 + 1, min(28, day.day + (0 if late else 5)))


def _progress(values: Row, month: int, chance: Chance, began: date, *, slow: bool) -> Row:
    """Investment from 1 January to the month's end, beside the plan of the curve."""
    plan = Decimal(str(values["annual_plan"])) * _CURVE[month]
    day = date(began.year, month, _MONTH_END[month])
    pace = Decimal(chance.whole(88, 118)) / 100 if not slow else Decimal("0.35")
    done = plan * pace if day > began else Decimal(0)
    return {
        "plan_to_date": plan.quantize(Decimal("0.1")),
        "invest_done": done.quantize(Decimal("0.1")),
        "invest_registered": (done * Decimal("0.93")).quantize(Decimal("0.1")),
    }


def _investment(parcel: Parcel) -> None:
    """Investment projects from the lead to production."""
    ledger = Ledger("investment_project")
    arrivals: list[Row] = []
    for year in YEARS:
        chance = parcel.chance(f"investment/{year}")
        for number in range(1, 37):
            code, title = f"ZS{year}-{number:03d}", f"{company(number + 40 * (year - 2024), '制造')}投资项目"
            ledger.open(
                code, title, "招商局", date(year, 1, chance.whole(4, 25)),
                investor=title.removesuffix("投资项目"), origin=chance.of(("市外省内", "省外", "省外", "境外")),
                industry=chance.of(("工业", "工业", "农业", "服务业", "文旅")),
            )  # fmt: skip
            _walk_investment(ledger, parcel, code, title, year, chance, arrivals)
    ledger.write(parcel, "21-招商引资项目.xlsx")
    parcel.write("21-招商资金到位.xlsx", {"capital_arrival": arrivals})


def _arrivals(code: str, title: str, registered: date, amount: Decimal, *, foreign: bool) -> Iterator[Row]:
    """Capital at registration, works within the year, and for the first year's projects more in the next."""
    parts = [
        ("注册资本", registered, 40),
        ("固定资产投入", min(registered + timedelta(days=90), date(registered.year, 12, 24)), 60),
    ]
    if registered.year == YEARS[0]:
        parts.append(("固定资产投入", date(YEARS[1], 5, 20), 15))
    for place, (kind, day, share) in enumerate(parts, start=1):
        usd = {"foreign_usd": rounded(amount * share / 100 / 7, 1)} if foreign and place == 1 else {}
        yield {
            "number": f"DW{code[2:]}-{place}", "title": f"{title}第{place}笔资金", "unit": "招商局", "date": day, "post": clerk("招商局"), "project": code,
            "arrival_kind": kind, "arrived": rounded(amount * share / 100, 1), "voucher": f"YZ{code[2:]}-{place}", **usd,
        }  # fmt: skip


def _walk_investment(
    ledger: Ledger, parcel: Parcel, code: str, title: str, year: int, chance: Chance, arrivals: list[Row]
) -> None:
    by, boss = clerk("招商局"), head("招商局")
    ledger.move(code, "在谈", date(year, 2, chance.whole(1, 25)), by)
    if chance.hits(15):
        return
    signed = date(year, chance.whole(3, 10), chance.whole(2, 27))
    frame = chance.hits(15)
    paper = parcel.paper("合同", code, f"{title}投资{'框架协议' if frame else '合同'}\n签订日期：{signed}")
    agreed = chance.money(1800, 62000, "100")
    ledger.move(
        code,
        "签约",
        signed,
        by,
        [paper],
        signed=signed,
        sign_kind="框架协议" if frame else "正式合同",
        agreed=agreed,
    )
    if frame or chance.hits(18):
        return
    registered = date(year, signed.month + 1, 12)
    ledger.move(
        code,
        "注册",
        registered,
        by,
        company_registered=registered,
    )
    arrived = (agreed * chance.whole(8, 30) / 100).quantize(Decimal(1))
    arrivals += _arrivals(code, title, registered, arrived, foreign=code.endswith(("4", "9")))
    if chance.hits(35):
        return
    started = date(year, 12, chance.whole(1, 20)) if signed.month > 9 else date(year, signed.month + 2, 20)
    photo = parcel.paper("照片", code, f"{title}开工现场照片说明")
    ledger.move(code, "开工", started, by, [photo], started=started, jobs=chance.whole(20, 260))
    if started.month < 8 and chance.hits(30):
        produced = date(year, 12, 5)
        ledger.move(code, "投产", produced, boss, produced=produced)


def write(parcel: Parcel) -> None:
    """Key projects and investment projects."""
    ledger = Ledger("key_project")
    for year in YEARS:
        _year(ledger, parcel, year)
    ledger.write(parcel, "20-重点项目.xlsx")
    _investment(parcel)
