"""How the county is kept in order: grids and households, linkage events, disputes, the hotline, ratings of service."""

from collections.abc import Iterator
from datetime import date, timedelta

from demo.geography import TOWNSHIPS, clerk, head, villages
from demo.ledger import Ledger
from demo.names import person
from demo.pen import YEARS, Chance, Parcel, Row

_EVENTS = ("市容环境", "安全隐患", "矛盾纠纷", "公共设施", "生态环境", "违法建设")
_DISPUTES = ("婚姻家庭", "邻里", "土地山林", "征地拆迁", "劳动争议", "医疗", "物业", "合同债务")
_TOPICS = ("供水供电供气", "物业管理", "市容环境", "交通出行", "劳动社保", "教育医疗", "市场监管", "噪声扰民")
_OWNERS = {
    "供水供电供气": "住建局", "物业管理": "住建局", "市容环境": "城管局", "交通出行": "交通局", "劳动社保": "人社局",
    "教育医疗": "卫健局", "市场监管": "市场监管局", "噪声扰民": "生态环境分局",
}  # fmt: skip
_SERVICES = ("企业变更登记", "不动产登记", "医保报销", "施工许可", "食品经营许可", "社保转移")
_FAULTS = ("办理超时", "要求额外材料", "多次跑动", "态度生硬", "一次告知不清")
UNSOLVED = "RX2025-07"


def shelve(parcel: Parcel, name: str, *ledgers: Ledger) -> None:
    """Keep several ledgers of matters, each with the steps taken, as one workbook."""
    sheets: dict[str, list[Row]] = {}
    for ledger in ledgers:
        sheets |= {ledger.kind: ledger.rows, f"{ledger.kind}.办理过程": ledger.moves}
    parcel.write(name, sheets)


def record(number: str, title: str, unit: str, day: date, **values: object) -> Row:
    """A row of a ledger of records, entered by the unit's clerk."""
    return {"number": number, "title": title, "unit": unit, "date": day, "post": clerk(unit), **values}


def _last(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _grids(parcel: Parcel) -> None:
    chance = parcel.chance("grids")
    cells: list[Row] = []
    counted = {name: 0 for name, _ in TOWNSHIPS}
    for number, village in enumerate(villages(), start=1):
        homes = chance.whole(420, 860)
        counted[village.township] += homes
        cells.append({
            "code": f"WG{village.code}", "name": f"{village.name}网格", "unit": village.township,
            # nine villages got their grid only in 2025: the year before was not yet covered whole
            "since": date(2025, 2, 20) if number % 20 == 0 else date(2022, 5, 1), "grid_kind": "基础", "village": village.name,
            "households": homes, "population": homes * 3, "grid_head": person(330 + number), "full_time": 1, "part_time": 3,
        })  # fmt: skip
    for number, (town, _) in enumerate(TOWNSHIPS, start=1):
        cells.append({
            "code": f"WGZ{number:02d}", "name": f"{town}企业专属网格", "unit": town, "since": date(2023, 3, 1), "grid_kind": "专属",
            "village": f"{town}集镇", "firms": chance.whole(12, 80), "full_time": 1, "part_time": 2,
        })  # fmt: skip
    counts = [
        record(f"HS{year}-{number:02d}", f"{town}{year}年户数核定", town, date(year, 3, 18), households_all=counted[town], source="入户核对")
        for year in YEARS
        for number, (town, _) in enumerate(TOWNSHIPS, start=1)
    ]  # fmt: skip
    parcel.write("60-网格与户数.xlsx", {"grid_cell": cells, "household_count": counts})


def _events(parcel: Parcel) -> Ledger:
    ledger = Ledger("linkage_event")
    for year in YEARS:
        chance = parcel.chance(f"linkage/{year}")
        for number in range(1, 15):
            code, town = f"LD{year}-{number:02d}", TOWNSHIPS[number % 12][0]
            level = ("村级", "镇级", "镇级", "县级")[number % 4]
            opened = chance.day(date(year, 1, 12), date(year, 11, 20))
            sort = _EVENTS[number % len(_EVENTS)]
            ledger.open(
                code, f"{town}{sort}联动处置", town, opened, found_by=chance.of(("网格巡查", "村级上报", "视频巡查", "群众举报")),
                event_class=sort, level=level, finder=person(number + 20), content=f"{town}反映{sort}问题，需几家单位会商",
            )  # fmt: skip
            if year == YEARS[1] and number == 13:
                continue
            done = opened + timedelta(days=chance.whole(1, 3) if number != 5 else 26)
            shot = parcel.paper("照片", code, f"{code}处置后现场")
            ledger.move(code, "处置", done, clerk(town), [shot], handled=done, handler=person(number + 60))
            ledger.move(
                code, "核查办结", done + timedelta(days=1), head(town), verifier=person(number + 90),
                verified=done + timedelta(days=1), verify_result="已解决", satisfaction=chance.of(("满意", "满意", "基本满意")),
            )  # fmt: skip
    return ledger


def _disputes(parcel: Parcel) -> Ledger:
    ledger = Ledger("dispute_case")
    for year in YEARS:
        chance = parcel.chance(f"disputes/{year}")
        for number in range(1, 13):
            code, town = f"JF{year}-{number:02d}", TOWNSHIPS[number * 5 % 12][0]
            sort, heavy = _DISPUTES[number % len(_DISPUTES)], number % 4 == 0
            opened = chance.day(date(year, 1, 8), date(year, 9, 30))
            ledger.open(
                code, f"{town}{sort}纠纷", town, opened, dispute_kind=sort, risk="重大" if heavy else "较大",
                parties=chance.whole(3, 40), found_by=chance.of(("网格排查", "群众申请", "信访转来")),
            )  # fmt: skip
            taken = opened + timedelta(days=2)
            ledger.move(
                code,
                "受理调解",
                taken,
                clerk(town),
                accepted=taken,
                sponsor=person(number % 6) if heavy else None,
            )
            if year == YEARS[1] and number == 11:
                ledger.move(
                    code, "调解不成", taken + timedelta(days=24), head(town), guided_to="诉讼", note="双方差距大，引导诉讼"
                )  # fmt: skip
                continue
            settled = taken + timedelta(days=chance.whole(8, 27) if number != 7 else 44)
            ledger.move(
                code, "化解", settled, clerk(town), settled=settled, agreement_no=f"澜调〔{year}〕{number}号",
                dissolved_at=("镇级", "县级")[heavy],
            )  # fmt: skip
            kept = settled + timedelta(days=30)
            ledger.move(code, "回访办结", kept, head(town), performed=kept, relapse=False)
    return ledger


def _returns(parcel: Parcel) -> Iterator[Row]:
    """Every township's month; one township has not sent November 2025."""
    for year in YEARS:
        chance = parcel.chance(f"dispute-returns/{year}")
        for month in range(1, 13):
            for number, (town, _) in enumerate(TOWNSHIPS, start=1):
                village, up = chance.whole(6, 13), chance.whole(1, 5)
                if (year, month, number) == (2025, 11, 9):
                    continue
                yield record(
                    f"JFB{year}-{month:02d}-{number:02d}", f"{town}{year}年{month}月矛盾纠纷月报", town, _last(year, month),
                    found=village + up + chance.whole(0, 3), at_village=village, at_town=up, at_county=chance.whole(0, 1),
                    failed=chance.whole(0, 1), parties=(village + up) * 3,
                )  # fmt: skip


def _hotline(parcel: Parcel) -> Ledger:
    ledger = Ledger("hotline_ticket")
    for year in YEARS:
        chance = parcel.chance(f"hotline/{year}")
        for number in range(1, 31):
            code, topic = f"RX{year}-{number:02d}", _TOPICS[number % len(_TOPICS)]
            unit, opened = _OWNERS[topic], chance.day(date(year, 1, 5), date(year, 12, 5))
            sort, urgent = ("投诉", "求助", "投诉", "咨询", "举报")[number % 5], number % 15 == 0
            ledger.open(
                code, f"关于{topic}的{sort}", unit, opened, channel=chance.of(("电话", "电话", "网站", "微信", "上级转办")),
                ticket_class=sort, urgent=urgent, topic=topic, caller=person(number + 150), claim=f"来电反映{topic}问题",
            )  # fmt: skip
            ledger.move(code, "办理", opened, clerk(unit), accepted=opened)
            if year == YEARS[1] and number == 30:
                continue
            quick = urgent or sort in ("咨询", "求助")
            answered = opened + timedelta(days=0 if quick else chance.whole(3, 12))
            if number == 12:  # asked for more time, nobody granted it
                answered = opened + timedelta(days=33)
            ledger.move(code, "答复", answered, clerk(unit), answered=answered, answer="已到现场处理并答复")
            _call_back(ledger, code, unit, answered, chance)
    return ledger


def _call_back(ledger: Ledger, code: str, unit: str, answered: date, chance: Chance) -> None:
    reached, called = chance.hits(88), answered + timedelta(days=1)
    if code == UNSOLVED:  # not solved: handled once more, and closed only then
        again = head(unit)
        ledger.move(code, "退回重办", called, again, note="来电人说没有解决", rework=1)
        ledger.move(code, "答复", called + timedelta(days=4), clerk(unit), answer="重新处理后答复")
        called, reached = called + timedelta(days=5), True
    solved = chance.hits(91) if code != UNSOLVED else True
    ledger.move(
        code, "回访办结", called, head(unit), called_back=called, callback_reached=reached,
        callback_solved=solved if reached else None,
        rework=1 if reached and not solved else None,
        satisfaction=chance.of(("满意", "满意", "满意", "基本满意", "不满意", "不评价")) if reached else None,
    )  # fmt: skip


def _ratings(parcel: Parcel) -> tuple[Ledger, list[Row]]:
    ledger, months = Ledger("bad_rating"), []
    unit = "行政审批局"
    for year in YEARS:
        chance = parcel.chance(f"ratings/{year}")
        for month in range(1, 13):
            bad = chance.whole(0, 2)
            months.append(record(
                f"HCP{year}-{month:02d}", f"{year}年{month}月好差评", unit, _last(year, month), very_good=chance.whole(5200, 6900),
                good=chance.whole(180, 320), fair=chance.whole(10, 40), poor=bad, very_poor=0, handled=chance.whole(9000, 11000),
            ))  # fmt: skip
        for number in range(1, 9):
            code, item = f"CP{year}-{number}", _SERVICES[number % len(_SERVICES)]
            opened = chance.day(date(year, 1, 10), date(year, 11, 10))
            ledger.open(
                code, f"{item}办理差评", unit, opened, service_item=item, grade="不满意", channel=chance.of(("网上", "手机", "短信")),
                rater=person(number + 200), bad_reason=_FAULTS[number % len(_FAULTS)],
            )  # fmt: skip
            true = number != 6
            ledger.move(
                code, "核实回访", opened + timedelta(days=1), clerk(unit), checked=opened + timedelta(days=1), valid=true,
                called_back=opened + timedelta(days=1), invalid_reason=None if true else "评价人误点，已说明",
            )  # fmt: skip
            if not true:
                ledger.move(code, "不属实", opened + timedelta(days=2), head(unit))
                continue
            fixed = opened + timedelta(days=chance.whole(4, 14) if number != 3 else 40)
            ledger.move(code, "整改", opened + timedelta(days=2), clerk(unit))
            ledger.move(
                code, "办结", fixed, head(unit), fixed=fixed, fix_note="窗口已整改，向评价人致歉", revised_grade="满意",
                published=fixed + timedelta(days=9),
            )  # fmt: skip
    return ledger, months


def write(parcel: Parcel) -> None:
    """Grids, linkage and disputes, the hotline and the ratings of service."""
    _grids(parcel)
    shelve(parcel, "61-联动与纠纷.xlsx", _events(parcel), _disputes(parcel))
    bad, months = _ratings(parcel)
    shelve(parcel, "62-热线与差评.xlsx", _hotline(parcel), bad)
    parcel.write(
        "63-矛盾纠纷与好差评月报.xlsx", {"dispute_return": list(_returns(parcel)), "rating_return": months}
    )
