"""What inspectors fed back and what people complained of: items closed one by one, one behind, one letter still open."""

from datetime import date, timedelta

from demo.geography import TOWNSHIPS, clerk, head
from demo.ledger import Ledger
from demo.names import person
from demo.pen import YEARS, Parcel

BRANCH = "生态环境分局"
# where the feedback came from, when, and how many items it has
_ROUNDS = (
    ("省级督察", date(2024, 1, 22), 9, "DC"),
    ("督察“回头看”", date(2025, 2, 18), 8, "HT"),
    ("巡察", date(2024, 5, 14), 6, "XC"),
)
_PROBLEMS = (
    ("污水管网错接混接", "住建局"),
    ("畜禽养殖粪污直排", "农业农村局"),
    ("砂石堆场扬尘", "交通局"),
    ("矿山修复滞后", "自然资源局"),
    ("垃圾渗滤液处置能力不足", "城管局"),
    ("散乱污企业回潮", "工信局"),
    ("河岸垃圾清理不及时", "水利局"),
    ("餐饮油烟扰民", "城管局"),
    ("饮用水源保护区标志缺失", BRANCH),
)
_PATROLLED = (
    ("会议经费审批不规范", "财政局"),
    ("公房出租手续不全", "机关事务局"),
    ("项目资料归档不全", "住建局"),
    ("惠农补贴核查不严", "农业农村局"),
    ("驻村帮扶走访不够", "乡村振兴局"),
    ("采购验收不及时", "教育局"),
)
_BEHIND, _RED, _WAITING = "HT-04", "HT-06", "HT-08"
_COMPLAINTS = (
    ("噪声", "夜间施工噪声"),
    ("油烟", "餐馆油烟直排"),
    ("水", "养殖场排污"),
    ("大气", "厂区异味"),
    ("固体废物", "倾倒建筑垃圾"),
    ("大气", "露天焚烧"),
)
_OPEN, _LATE = ("HX2025-21",), ("HX2024-17", "HX2025-12")


def _feedback(parcel: Parcel) -> Ledger:
    ledger = Ledger("inspection_item")
    for source, day, count, mark in _ROUNDS:
        problems = _PATROLLED if mark == "XC" else _PROBLEMS
        for number in range(1, count + 1):
            problem, unit = problems[(number - 1) % len(problems)]
            code = f"{mark}-{number:02d}"
            due = day + timedelta(days=270 if number % 3 else 200)
            ledger.open(
                code, problem, unit, day, due=due, round=source, item_no=str(number), problem=f"{source}反馈：{problem}",
                goal=f"{problem}问题整改到位并建立长效机制", measure="排查建账、限期治理、定期复核", responsible=person(number % 6),
            )  # fmt: skip
            _rectify(ledger, parcel, code, unit, day, due, higher=mark == "DC", patrol=mark == "XC")
    return ledger


def _rectify(
    ledger: Ledger, parcel: Parcel, code: str, unit: str, day: date, due: date, *, higher: bool, patrol: bool
) -> None:
    """One item from its plan to its cancelling; the unlucky ones stop on the way."""
    plan = parcel.paper("整改方案", code, "整改方案：目标、措施、责任领导、时限")
    sent = day + timedelta(days=30)
    ledger.move(code, "达序时", sent, clerk(unit), [plan], plan_sent=sent)
    ledger.report(code, day + timedelta(days=170), clerk(unit), reported=day + timedelta(days=170))
    if code in (_BEHIND, _RED):
        seen = day + timedelta(days=190)
        cards = {"yellow_cards": 1} if code == _BEHIND else {"yellow_cards": 2, "letter_sent": seen}
        ledger.move(code, "未达序时", seen, head(unit), progress_note="征地未完成，已倒排工期", **cards)
        return
    done = due - timedelta(days=25) if code != "DC-05" else due + timedelta(days=20)
    sheet = parcel.paper("验收单", code, "整改任务自查验收表\n结论：完成")
    ledger.move(
        code,
        "完成待验收",
        done,
        clerk(unit),
        [sheet],
        self_check=done,
        progress_note="已按方案完成",
        result_published=None,
    )
    if code == _WAITING:
        return
    over = done + timedelta(days=18)
    ledger.move(
        code, "已销号", over, head(unit), check_result="通过", city_check=None if patrol else done + timedelta(days=8),
        province_check=done + timedelta(days=14) if higher else None,
    )  # fmt: skip
    told = over + timedelta(days=48 if code == "DC-03" else 9)
    if told <= date(2025, 12, 31):
        ledger.report(
            code, told, clerk(unit), result_published=told, public_url=f"https://www.minglan.example/zg/{code}", relapse=code == "DC-06", satisfied=code != "DC-06",
        )  # fmt: skip


def _letters(parcel: Parcel) -> Ledger:
    ledger = Ledger("env_letter")
    for year in YEARS:
        chance = parcel.chance(f"letters/{year}")
        for number in range(1, 27 if year == YEARS[0] else 25):
            code = f"HX{year}-{number:02d}"
            kind, claim = _COMPLAINTS[number % len(_COMPLAINTS)]
            town = TOWNSHIPS[(number * 5) % 12][0]
            channel = (
                "督察组转办"
                if number % 9 == 0
                else chance.of(("12345热线", "12345热线", "12369热线", "网络", "来信来访"))
            )
            opened = chance.day(date(year, 1, 5), date(year, 10, 12))
            if code in _OPEN:
                opened = date(2025, 12, 8)
            ledger.open(
                code, f"反映{town}{claim}", BRANCH, opened, channel=channel, pollution=kind, complainant=person(300 + number), place=town,
                claim=f"反映{town}某处{claim}，请求查处", batch_no=f"第{number // 9}批{number}号" if channel == "督察组转办" else None,
                repeat_of=f"HX{year}-{number - 6:02d}" if number % 13 == 0 else None,
            )  # fmt: skip
            taken = opened + timedelta(days=2)
            ledger.move(code, "受理", taken, clerk(BRANCH), accepted=taken, informed=taken)
            if code not in _OPEN:
                _answer(ledger, parcel, code, taken, late=code in _LATE)
    return ledger


def _answer(ledger: Ledger, parcel: Parcel, code: str, taken: date, *, late: bool) -> None:
    chance = parcel.chance(f"letter/{code}")
    finding = chance.of(("属实", "属实", "部分属实", "不属实"))
    fined = finding == "属实" and chance.hits(35)
    action = "立案处罚" if fined else "解释说明" if finding == "不属实" else "责令改正"
    seen = taken + timedelta(days=chance.whole(2, 6))
    ledger.move(code, "核查", seen, clerk(BRANCH), visited=seen, finding=finding)
    answered = taken + timedelta(days=66 if late else chance.whole(9, 26))
    paper = parcel.paper("答复意见书", code, f"环保信访件答复\n核查结论：{finding}\n答复日期：{answered}")
    ledger.move(
        code, "办结", answered, head(BRANCH), [paper], answered=answered, action=action, fine=chance.money(1, 8, "0.5") if fined else None,
        solved_on=answered if finding != "不属实" else None, satisfaction=chance.of(("满意", "满意", "基本满意", "未评价", "不满意")),
        published=answered + timedelta(days=5), public_url=f"https://www.minglan.example/hb/{code}",
    )  # fmt: skip


def write(parcel: Parcel) -> None:
    """Feedback of inspectors and letters about the environment."""
    _feedback(parcel).write(parcel, "56-督察巡察反馈整改.xlsx")
    _letters(parcel).write(parcel, "57-环保信访件.xlsx")
