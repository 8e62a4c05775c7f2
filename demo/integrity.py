"""Integrity and conduct: lists and talks, meetings and papers, commitments, self-checks, and what only its keepers see."""

from datetime import date, timedelta

from demo.geography import COUNTY, clerk, department_names, head, seat
from demo.ledger import Ledger
from demo.names import person
from demo.pen import YEARS, Chance, Parcel, Row

_HOLDERS = ("县长", "常务副县长", "副县长（工业）", "副县长（农业）", "副县长（城建）", "副县长（公安）")
_ITEMS = (
    ("部署推动", "年初部署党风廉政建设重点任务", "重点项目建设"),
    ("风险防控", "排查工程招投标廉政风险", "工程招投标"),
    ("监督检查", "检查财政资金使用", "财政资金分配"),
    ("教育提醒", "开展警示教育", ""),
)
_WAYS = ("同部署", "同检查", "同检查", "同考核")
_TALKS = ("日常廉政谈话", "日常廉政谈话", "提醒谈话", "任前廉政谈话", "约谈")
_PLEDGES = (
    "不出入私人会所、不持有会员卡",
    "不插手工程项目和经营活动",
    "管好家属和身边人员",
    "构建亲清政商关系",
)
_SECTORS = (
    ("行政审批", "行政审批局"),
    ("执法检查", "市场监管局"),
    ("医疗", "卫健局"),
    ("工程招投标", "住建局"),
)
_FAULTS = (
    ("理论学习", "学习不够系统"),
    ("工作作风", "下基层解剖麻雀少"),
    ("担当作为", "攻坚难题办法不多"),
    ("能力本领", "运用数据分析形势不够"),
    ("廉洁自律", "对分管领域提醒不够经常"),
)
_QUARTERS = ("一季度", "二季度", "三季度", "四季度")


def _quarter_end(year: int, quarter: int) -> date:
    """The day on which most hand in what they owe for a quarter."""
    return date(year, quarter * 3, 26)


def _lists(parcel: Parcel) -> None:
    ledger = Ledger("integrity_duty")
    acts: list[Row] = []
    for year in YEARS:
        opened = date(year, 2, 8)
        for number, holder in enumerate(_HOLDERS):
            for place, (sort, content, business) in enumerate(_ITEMS):
                code, done = f"LZ{year}-{number * 4 + place + 1:02d}", date(year, 10 + place % 2, 18)
                risk = {
                    "risk_power": "招标方式核准",
                    "risk_level": "高",
                    "risk_measure": "集体研究、全程留痕",
                }
                ledger.open(
                    code, f"{holder}：{content}", "政府办", opened, due=date(year, 11, 30), holder_post=holder, item_kind=sort,
                    content=content, business=business or None, **(risk if sort == "风险防控" else {}),
                )  # fmt: skip
                ledger.move(code, "落实", opened + timedelta(days=10), clerk("政府办"))
                if year == YEARS[1] and number == 4 and place == 2:
                    continue
                ledger.move(code, "完成", done, clerk("政府办"), done=done, done_note=f"{content}已完成")
                verdict = "基本落实" if (number + place) % 9 == 8 else "落实"
                ledger.move(
                    code, "检查", done + timedelta(days=12), seat("discipline-1"), checked=done + timedelta(days=12), check_result=verdict
                )  # fmt: skip
        acts += _acts(year)
    parcel.write(
        "86-一岗双责.xlsx",
        {
            ledger.kind: ledger.rows,
            f"{ledger.kind}.办理过程": ledger.moves,
            "integrity_action": acts,
            "integrity_talk": [row for year in YEARS for row in _talks(parcel.chance(f"talks/{year}"), year)],
        },
    )


def _acts(year: int) -> list[Row]:
    """Every department once a quarter, but one that forgot; and the county's own meetings."""
    rows: list[Row] = []
    for number, item in enumerate(department_names(), start=1):
        unit = item["name"]
        for quarter in range(1, 5):
            if year == YEARS[1] and (number, quarter) == (17, 3):
                continue
            way = _WAYS[quarter - 1]
            rows.append({
                "number": f"LS{year}-{number:02d}-{quarter}", "title": f"{unit}{_QUARTERS[quarter - 1]}廉政责任落实", "unit": unit,
                "date": _quarter_end(year, quarter), "post": clerk(unit), "action_kind": way, "business": "年度重点任务",
                "found": number % 3 if way == "同检查" else None,
            })  # fmt: skip
    for place, (sort, month) in enumerate(
        (("专题会议", 1), ("警示教育", 4), ("专题会议", 7), ("警示教育", 9), ("集体约谈", 11))
    ):
        rows.append({
            "number": f"LS{year}-H{place + 1}", "title": f"县政府党风廉政建设{sort}", "unit": "政府办", "date": date(year, month, 23),
            "post": clerk("政府办"), "action_kind": sort, "attendance": 60 + 12 * place,
        })  # fmt: skip
    return rows


def _talks(chance: Chance, year: int) -> list[Row]:
    return [
        {
            "number": f"TH{year}-{number:02d}", "title": f"{year}年第{number}次廉政谈话", "unit": COUNTY,
            "date": chance.day(date(year, 1, 8), date(year, 12, 20)), "post": seat("discipline"), "talk_kind": _TALKS[number % 5],
            "talker_post": _HOLDERS[number % 6], "talked_to": person(chance.whole(120, 330)), "topic": "提醒遵守工程建设和资金管理规定",
        }
        for number in range(1, 25 + year % 2 * 4)
    ]  # fmt: skip


def _conduct(parcel: Parcel) -> None:
    rows: list[Row] = []
    for year in YEARS:
        chance = parcel.chance(f"conduct/{year}")
        fewer = year - YEARS[0]
        for month in range(1, 13):
            odd = fewer and month % 3 == 0
            for sort, count in (("会议", 1 if odd else 2), ("文件", 2 - bool(odd)), ("新闻报道", 3 - fewer)):
                for _ in range(count):
                    rows.append(_event(chance, year, month, sort, len(rows) + 1))
    pledges = Ledger("integrity_commitment")
    for year in YEARS:
        for number, holder in enumerate(_HOLDERS[:4]):
            for place, pledge in enumerate(_PLEDGES):
                _pledge(pledges, parcel, f"CL{year}-{number * 4 + place + 1:02d}", holder, pledge, year=year)
    drives: list[Row] = [
        {
            "number": f"ZF{year}-{unit}-{quarter}", "title": f"{unit}{_QUARTERS[quarter - 1]}作风整治", "unit": unit, "date": _quarter_end(year, quarter),
            "post": clerk(unit), "drive": "“吃拿卡要”专项整治", "sector": sector, "complaints": 3 - fewer + place, "verified": place % 3,
            "punished": place % 2, "circulated": place % 2, "measures": 1,
        }
        for fewer, year in enumerate(YEARS)
        for place, (sector, unit) in enumerate(_SECTORS)
        for quarter in range(1, 5)
    ]  # fmt: skip
    parcel.write(
        "87-作风和承诺.xlsx",
        {
            "conduct_event": rows,
            pledges.kind: pledges.rows,
            f"{pledges.kind}.办理过程": pledges.moves,
            "sector_conduct": drives,
        },
    )


def _event(chance: Chance, year: int, month: int, sort: str, number: int) -> Row:
    """One meeting, paper or item of news; a few longer than the limits allow."""
    row: dict[str, object] = {
        "number": f"WH{year}-{number:04d}", "title": f"{month}月{sort}（{number}号）", "unit": "政府办", "date": date(year, month, chance.whole(3, 27)),
        "post": clerk("政府办"), "event_kind": sort, "planned": True,
    }  # fmt: skip
    if sort == "会议":
        row |= {"video": chance.hits(50), "minutes": chance.whole(50, 110), "merged": chance.hits(20)}
        if chance.hits(8):
            row |= {"planned": False, "approved_by": "县长"}
    elif sort == "新闻报道":
        row |= {"leader_post": _HOLDERS[number % 6], "media": "报纸", "chars": chance.whole(280, 720)}
    else:
        row |= {"paper_kind": "专项", "chars": chance.whole(1800, 4050)}
    return row


def _pledge(ledger: Ledger, parcel: Parcel, code: str, holder: str, pledge: str, *, year: int) -> None:
    """A commitment, declared by paper; one in three is looked into later, one was never made."""
    ledger.open(
        code,
        f"{holder}：{pledge}",
        "政府办",
        date(year, 1, 22),
        due=date(year, 2, 28),
        commitment=pledge,
        declared_by=holder,
    )
    if code == f"CL{YEARS[1]}-14":
        return
    said = date(year, 2, 14)
    letter = parcel.paper("承诺书", code, f"{holder}廉洁自律承诺书：{pledge}\n承诺日期：{said}")
    ledger.move(code, "承诺", said, clerk("政府办"), [letter], declared=said, has_exception=False)
    ledger.move(code, "归档", date(year, 3, 6), seat("discipline-1"))
    if int(code[-2:]) % 3 == 0:
        looked = date(year, 9, 16)
        ledger.move(code, "抽查", looked, seat("discipline"), checked=looked, check_result="属实")


def _checks(parcel: Parcel) -> None:
    ledger = Ledger("self_check_item")
    for year in YEARS:
        for number in range(1, 21):
            sort, fault = _FAULTS[number % len(_FAULTS)]
            unit = ("政府办", "发改局", "住建局", "农业农村局")[number % 4]
            code, opened = f"JS{year}-{number:02d}", date(year, 5, 9)
            ledger.open(
                code, f"{unit}：{fault}", unit, opened, due=date(year, 10, 31), source="民主生活会" if number % 2 else "对照党章党规",
                campaign="年度民主生活会" if number % 2 else None, problem=fault, problem_kind=sort, measure="列出措施，按季自查",
            )  # fmt: skip
            ledger.move(code, "整改", opened + timedelta(days=12), clerk(unit))
            if year == YEARS[1] and number in (6, 15):
                continue
            done = date(year, 11, 14) if number == 11 else date(year, 9, 10 + number % 9)
            proof = parcel.paper("整改佐证", code, f"{fault}整改情况\n完成日期：{done}")
            ledger.move(
                code,
                "销号",
                done + timedelta(days=5),
                head(unit),
                [proof],
                done=done,
                done_note="已整改并形成制度",
            )
    ledger.write(parcel, "88-问题检视清单.xlsx")


def write(parcel: Parcel) -> None:
    """Responsibility lists, talks, conduct, commitments, self-checks."""
    _lists(parcel)
    _conduct(parcel)
    _checks(parcel)
