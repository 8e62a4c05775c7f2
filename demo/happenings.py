"""What happened and is counted: enterprises visited and matched, meetings, study, campaigns."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from demo.geography import TOWNSHIPS, clerk, villages
from demo.names import INDUSTRIES, company, person
from demo.pen import YEARS, Chance, Parcel, Row

_CLASSES = {
    "制造": "规上工业", "批发": "限上批发", "零售": "限上零售", "住宿餐饮": "限上住宿餐饮", "农林牧渔": "规下", "文化旅游": "规上服务业",
}  # fmt: skip
_BANKS = ("明澜农村商业银行", "青禾村镇银行", "云岫银行明澜支行", "远岚银行明澜支行")
_TOPICS = ("交通", "饮水", "产业发展", "就业", "教育", "医疗", "住房", "环境", "融资", "用地", "用工", "审批")
_OWNERS = {
    "交通": "交通局", "饮水": "水利局", "产业发展": "农业农村局", "就业": "人社局", "教育": "教育局", "医疗": "卫健局", "住房": "住建局",
    "环境": "生态环境分局", "融资": "金融办", "用地": "自然资源局", "用工": "人社局", "审批": "行政审批局",
}  # fmt: skip
_STUDIES = ("中心组", "中心组", "专题讲座", "集体学法", "主题党日")
_THEMES = (
    "学习贯彻中央经济工作会议精神",
    "安全生产专题学习",
    "党风廉政建设",
    "乡村全面振兴",
    "优化营商环境",
    "统计法治教育",
    "生态环境保护",
)


def _code(number: int) -> str:
    """A made-up social credit code in the county's unassigned range."""
    return f"91990123MA{number:06d}X"


def companies() -> list[Row]:
    """The enterprises other ledgers point at."""
    rows: list[Row] = []
    for number in range(126):
        industry = INDUSTRIES[number % len(INDUSTRIES)]
        place = number // len(INDUSTRIES)
        rows.append({
            "code": _code(number), "name": company(place, industry), "unit": TOWNSHIPS[number % 12][0],
            "since": date(2010 + number % 11, 3, 8), "industry": industry, "statistical_class": _CLASSES[industry],
            "contact_leader": person(number % 6) if number % 2 else None,
        })  # fmt: skip
    return rows


def _visits(parcel: Parcel, firms: list[str]) -> None:
    visits: list[Row] = []
    problems: list[Row] = []
    seen: list[Row] = []
    places = villages()
    for year in YEARS:
        chance = parcel.chance(f"visits/{year}")
        for number in range(1, 61):
            code, day = f"ZF{year}-{number:03d}", chance.day(date(year, 1, 5), date(year, 12, 19))
            kind = (
                ("农户", "企业", "项目", "村组", "农户", "窗口单位")[number % 6]
                if number % 20
                else "外出学习"
            )
            village = places[chance.whole(0, len(places) - 1)]
            homes = chance.whole(3, 12) if kind in ("农户", "村组") else None
            visits.append({
                "number": code, "title": f"{day.month}月{day.day}日{kind}走访", "unit": "政府办", "date": day, "post": clerk("政府办"),
                "visitor": person(chance.whole(0, 5)), "visit_kind": kind, "place": f"{village.township}{village.name}",
                "villages": 1 if homes else None, "remote": number % 10 == 4, "holiday": number % 12 == 4, "households": homes,
                "squat_days": 4 if number % 15 == 7 else None,
                "companions": chance.whole(1, 3), "vehicles": 1, "reporters": 0, "meal": "食堂",
                "theme": "入户走访" if homes else f"{kind}调研",
            })  # fmt: skip
            if kind == "企业":
                seen += [
                    {"record": code, "enterprise": firm, "demand": chance.of(("融资", "用工", "用地", "无"))}
                    for firm in chance.some(firms, chance.whole(2, 6))
                ]
            problems += [_problem(code, place + 1, day, chance) for place in range(chance.whole(1, 4))]
    kind_code = "grassroots_visit"
    parcel.write(
        "31-走访调研.xlsx",
        {kind_code: visits, f"{kind_code}.problems": problems, f"{kind_code}.enterprises": seen},
    )


def _problem(code: str, no: int, day: date, chance: Chance) -> Row:
    topic = chance.of(_TOPICS)
    solved = day.month <= 11 and chance.hits(88)
    settled = date(day.year, min(12, day.month + 1), 20)
    general = chance.hits(15)
    # one theme came up in four places and was still handled case by case: the ledger says so
    places = 3 + no if general else 4 if code.endswith("-17") and no == 1 else 1
    return {
        "record": code, "no": no, "problem": f"反映{topic}方面的困难", "topic": topic, "triage": "普遍" if general else "个案",
        "places_same": places, "policy": f"ZC{day.year}-06" if general and solved and topic == "产业发展" else None,
        "owner": _OWNERS[topic], "due_on": settled, "solved": settled if solved else None, "solution": "已协调解决并回访" if solved else None,
    }  # fmt: skip


def _matching(parcel: Parcel, firms: list[str]) -> None:
    held: list[Row] = []
    loans: list[Row] = []
    orders: list[Row] = []
    for year in YEARS:
        chance = parcel.chance(f"matching/{year}")
        for number in range(1, 8):
            code, day = f"DJ{year}-{number:02d}", date(year, 1 + number, chance.whole(5, 25))
            held.append({
                "number": code, "title": f"{year}年第{number}次政银企对接会", "unit": "金融办", "date": day, "post": clerk("金融办"),
                "session_kind": "产销" if number % 3 == 0 else "政银企", "place": "县会议中心", "host": person(2), "banks": chance.whole(4, 9),
                "attending": chance.whole(20, 60),
            })  # fmt: skip
            for firm in chance.some(firms, chance.whole(6, 11)):
                limit = chance.money(100, 2600, "50")
                paid = (limit * chance.whole(60, 100) / 100).quantize(Decimal(1))
                loans.append({
                    "record": code, "bank": chance.of(_BANKS), "enterprise": firm, "intent": limit * 2, "credit_line": limit,
                    "disbursed": paid, "disbursed_on": date(year, day.month + 1, 15), "voucher": f"FK{year}{len(loans) + 1:04d}",
                })  # fmt: skip
            if number % 3 == 0:
                for firm in chance.some(firms, 8):
                    orders.append({
                        "record": code, "seller": firm, "buyer": f"省外采购商{chance.whole(1, 60)}号", "order_amount": chance.money(80, 1900, "10"),
                        "contract_no": f"HT{year}{len(orders) + 1:04d}",
                    })  # fmt: skip
    parcel.write(
        "32-政银企对接会.xlsx",
        {"matching_session": held, "matching_session.loans": loans, "matching_session.orders": orders},
    )


def _meetings(parcel: Parcel) -> None:
    held: list[Row] = []
    topics: list[Row] = []
    guests: list[Row] = []
    away: list[Row] = []
    for year in YEARS:
        chance = parcel.chance(f"meetings/{year}")
        for number in range(1, 23):
            code = f"HY{year}-{number:02d}"
            day = date(year, 1 + (number - 1) * 12 // 22, chance.whole(3, 27))
            full = number in (2, 13)
            present = chance.whole(7, 9)
            away += [_absence(code, place, chance) for place in range(present, 9)]
            held.append({
                "number": code, "title": f"县政府{'全体' if full else '常务'}会议（{year}年第{number}次）", "unit": "政府办", "date": day,
                "post": clerk("政府办"), "meeting_kind": "全体会议" if full else "常务会议", "chair": person(0), "members_due": 9,
                "members_present": present, "law_study": "会前学习统计法" if number % 5 == 0 else None, "minutes_no": f"〔{year}〕{number}号",
            })  # fmt: skip
            for place in range(1, chance.whole(3, 7)):
                owner = chance.of(tuple(_OWNERS.values()))
                done = date(year, min(12, day.month + 1), 28) if chance.hits(90) and day.month < 12 else None
                topics.append({
                    "record": code, "no": place, "topic": f"研究{owner}提请事项之{place}", "reporter": owner, "reviewed_before": True,
                    "decision": "原则同意，按程序办理", "owner": owner, "due_on": date(year, min(12, day.month + 1), 28), "carried_out": done,
                })  # fmt: skip
            if number % 4 == 0:
                guests += [
                    {"record": code, "attendee": person(chance.whole(200, 330)), "role": role}
                    for role in ("人大代表", "政协委员", "法律顾问")
                ]
    name = "government_meeting"
    parcel.write(
        "33-政府会议.xlsx",
        {name: held, f"{name}.topics": topics, f"{name}.absentees": away, f"{name}.attendance": guests},
    )


def _absence(code: str, place: int, chance: Chance) -> Row:
    """Who was away from a meeting of the government, and why."""
    reason = chance.of(("上级会议", "公务外出", "学习培训", "病假事假"))
    return {"record": code, "absentee": person(place - 4), "reason": reason, "deputed": "书面意见"}


def _reforms(chance: Chance, year: int) -> Iterator[Row]:
    for number in range(1, 6):
        yield {
            "number": f"SG{year}-{number}", "title": f"县委深改委第{number}次会议（{year}）", "unit": "县委改革办",
            "date": date(year, number * 2, 18), "post": clerk("县委改革办"), "body": "委员会会议" if number != 3 else "委员会办公室会议",
            "chair": person(1), "topics": chance.whole(4, 8), "decisions": chance.whole(4, 9),
        }  # fmt: skip


def _studies(year: int) -> Iterator[Row]:
    for number in range(1, 17):
        yield {
            "number": f"XX{year}-{number:02d}", "title": f"{year}年第{number}次集中学习", "unit": "政府办",
            "date": date(year, 1 + (number - 1) * 12 // 16, 16), "post": clerk("政府办"),
            "study_kind": _STUDIES[number % len(_STUDIES)], "theme": _THEMES[number % len(_THEMES)],
            "place": "县政府会议室", "days_spent": 1, "spoke": True,
        }  # fmt: skip


def _events(chance: Chance, year: int) -> Iterator[Row]:
    for number in range(1, 19):
        where = chance.of(("长三角", "珠三角", "省城", "市里"))
        yield {
            "number": f"ZSH{year}-{number:02d}", "title": f"{where}招商活动（第{number}场）", "unit": "招商局",
            "date": date(year, 1 + (number - 1) * 12 // 18, chance.whole(4, 26)), "post": clerk("招商局"),
            "event_kind": chance.of(("推介会", "专题招商", "外出招商", "以商招商")), "place": where, "leader": person(chance.whole(0, 3)),
            "participants": chance.whole(6, 60), "cost": chance.money(1, 12, "0.1"), "signed_projects": chance.whole(0, 4),
        }  # fmt: skip


def _others(parcel: Parcel) -> None:
    sheets: dict[str, list[Row]] = {"reform_meeting": [], "study_session": [], "investment_event": []}
    for year in YEARS:
        chance = parcel.chance(f"others/{year}")
        sheets["reform_meeting"] += _reforms(chance, year)
        sheets["study_session"] += _studies(year)
        sheets["investment_event"] += _events(chance, year)
    parcel.write("34-会议学习与活动.xlsx", sheets)


def write(parcel: Parcel) -> None:
    """Enterprises, and every record that points at them or stands by itself."""
    firms = companies()
    parcel.write("10-企业名录.xlsx", {"local_enterprise": firms})
    codes = [str(row["code"]) for row in firms]
    _visits(parcel, codes)
    _matching(parcel, codes)
    _meetings(parcel)
    _others(parcel)
