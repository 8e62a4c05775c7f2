"""The rivers: chiefs and their patrols, what they found, water month by month, dredging, boundaries, sand."""

from datetime import date, timedelta
from decimal import Decimal

from demo.countryside import quarters
from demo.geography import COUNTY, TOWNSHIPS, clerk, head, seat, villages
from demo.ledger import Ledger
from demo.pen import YEARS, Parcel, Row

WATER = "水利局"
_RIVERS = (("澜水", 41), ("望溪", 26), ("石斛溪", 19), ("霁川", 33), ("柳渡河", 22), ("白鹭溪", 15))
_SECTIONS = (
    ("DM01", "澜水出境断面", "澜水", "国考", True, "Ⅱ类"),
    ("DM02", "霁川出境断面", "霁川", "省考", True, "Ⅱ类"),
    ("DM03", "望溪桥断面", "望溪", "省考", False, "Ⅲ类"),
    ("DM04", "柳渡断面", "柳渡河", "市考", False, "Ⅲ类"),
    ("DM05", "石斛溪口断面", "石斛溪", "县考", False, "Ⅲ类"),
)
_KINDS = ("乱堆", "乱占", "垃圾", "乱建", "排污", "乱采")
_BROOKS = (
    "前溪",
    "后港",
    "南渠",
    "北涧",
    "东沟",
    "西浜",
    "长圳",
    "石圳",
    "竹涧",
    "桂溪",
    "新港",
    "古渠",
    "云涧",
    "清浜",
    "金沟",
)
# metres dredged and accepted, brook by brook
_DREDGED = {
    2024: (3100, 2600, 3400, 2900, 2200, 3300, 2800, 2500, 3600, 2700, 3000, 2500),
    2025: (2900, 3100, 2400, 2700, 3300, 2600, 2500, 3000, 2800, 2600, 3400, 2900, 2500, 2300, 2800),
}
_MISSED = {(2024, 7, 3), (2025, 2, 5), (2025, 8, 9)}  # year, month, township: no patrol that month


def _reaches(parcel: Parcel) -> list[Row]:
    rows: list[Row] = []
    since = date(2018, 6, 1)
    for number, (river, length) in enumerate(_RIVERS, start=1):
        rows.append({
            "code": f"HD-{number:02d}", "name": f"{river}县级河段", "unit": COUNTY, "since": since, "river": river, "chief_level": "县级",
            "chief": ("县长", "常务副县长", "副县长（工业）", "副县长（农业）", "副县长（城建）", "副县长（公安）")[number - 1],
            "reach_length": length, "upper": "县界", "lower": "出境断面", "board_at": f"{river}大桥",
        })  # fmt: skip
    for number, (town, _) in enumerate(TOWNSHIPS, start=1):
        river, length = _RIVERS[number % len(_RIVERS)]
        rows.append({
            "code": f"HD-{number + 20:02d}", "name": f"{river}{town}段", "unit": town, "since": since, "river": river, "chief_level": "乡级",
            "chief": f"{town}主要负责人", "reach_length": Decimal(length) / 2, "upper": "上游乡界", "lower": "下游乡界", "board_at": f"{town}政府旁",
        })  # fmt: skip
    for number, village in enumerate(villages()[30:180:6], start=1):
        river = _RIVERS[number % len(_RIVERS)][0]
        rows.append({
            "code": f"HD-{number + 50:02d}", "name": f"{river}{village.name}段", "unit": village.township, "since": since, "river": river,
            "chief_level": "村级", "chief": f"{village.name}党支部书记", "reach_length": Decimal("2.4"), "board_at": f"{village.name}口",
        })  # fmt: skip
    return rows


def _patrols(parcel: Parcel) -> list[Row]:
    """County chiefs once a quarter, townships once a month; village chiefs leave their tracks on another platform."""
    rows: list[Row] = []
    chance = parcel.chance("patrols")
    for year, quarter, day in quarters():
        for number, (river, _) in enumerate(_RIVERS, start=1):
            rows.append({
                "number": f"XH{year}Q{quarter + 1}-{number:02d}", "title": f"{river}县级河长巡河", "unit": COUNTY,
                "date": day - timedelta(days=3 * number), "post": seat("fill"), "reach": f"HD-{number:02d}", "chief_level": "县级",
                "minutes": chance.whole(35, 90), "kilometres": Decimal(chance.whole(8, 60)) / 10, "findings": chance.whole(0, 2),
            })  # fmt: skip
    for year in YEARS:
        for month in range(1, 13):
            for number, (town, _) in enumerate(TOWNSHIPS, start=1):
                if (year, month, number) in _MISSED:
                    continue
                short = (year, month, number) == (2025, 5, 7)
                rows.append({
                    "number": f"XH{year}{month:02d}-{number:02d}", "title": f"{town}{month}月巡河", "unit": town,
                    "date": date(year, month, chance.whole(4, 24)), "post": clerk(town), "reach": f"HD-{number + 20:02d}",
                    "chief_level": "乡级", "minutes": 18 if short else chance.whole(32, 75),
                    "kilometres": Decimal(chance.whole(21, 48)) / 10, "findings": chance.whole(0, 2),
                })  # fmt: skip
    return rows


def _patrol_checks(parcel: Parcel) -> list[Row]:
    rows: list[Row] = []
    chance = parcel.chance("patrol-checks")
    many = len(villages()[30:180:6])
    for year, quarter, day in quarters():
        months = range(3 * quarter + 1, 3 * quarter + 4)
        failed = sum(1 for when in _MISSED if when[0] == year and when[1] in months)
        failed += int(year == 2025 and quarter == 1)
        for level, reaches, due, less in (
            ("县级", 6, 6, 0),
            ("乡级", 12, 36, failed),
            ("村级", many, many * 13, chance.whole(2, 9)),
        ):
            rows.append({
                "number": f"HC{year}Q{quarter + 1}-{level}", "title": f"{year}年第{quarter + 1}季度{level}河长履职核查", "unit": WATER,
                "date": day + timedelta(days=4), "post": clerk(WATER), "chief_level": level, "reaches": reaches, "required": due,
                "walked": due - less + (chance.whole(4, 20) if level == "村级" else 0), "met": due - less, "warned": int(less > 0),
            })  # fmt: skip
    return rows


def _issues(parcel: Parcel) -> Ledger:
    ledger = Ledger("river_issue")
    for year in YEARS:
        chance = parcel.chance(f"river-issues/{year}")
        for number in range(1, 19):
            code, kind = f"HH{year}-{number:02d}", _KINDS[number % len(_KINDS)]
            river, town = _RIVERS[number % 6][0], TOWNSHIPS[number % 12][0]
            opened = chance.day(date(year, 1, 12), date(year, 10, 10))
            due = opened + timedelta(days=50)
            ledger.open(
                code, f"{river}{town}段{kind}问题", WATER, opened, due=due, issue_kind=kind, river=river, place=f"{town}河岸",
                source=chance.of(("河长巡河", "河长巡河", "群众举报", "卫星遥感")), issue_size="重大" if number == 9 else "一般",
            )  # fmt: skip
            ledger.move(code, "交办", opened + timedelta(days=2), clerk(WATER))
            if (year, number) in ((2025, 9), (2025, 16)):
                continue
            fixed = opened + timedelta(days=72 if (year, number) == (2025, 4) else chance.whole(8, 45))
            photo = parcel.paper("照片", code, f"{river}{town}段整改前后照片")
            ledger.move(
                code, "整改", fixed, clerk(WATER), [photo], measures="清理、拆除、恢复河岸", fixed=fixed
            )
            seen = fixed + timedelta(days=4)
            if number == 6:  # not restored at the first inspection: sent back, done again
                ledger.move(code, "退回整改", seen, head(WATER), verified=seen, verify_result="部分恢复")
                fixed, seen = seen + timedelta(days=6), seen + timedelta(days=9)
                ledger.move(code, "整改", fixed, clerk(WATER), fixed=fixed)
            ledger.move(
                code,
                "销号",
                seen,
                head(WATER),
                verified=seen,
                verify_result="已恢复原状",
                relapse=(year, number) == (2024, 3),
            )
    return ledger


def _water(parcel: Parcel) -> tuple[list[Row], list[Row]]:
    by = "生态环境分局"
    sections: list[Row] = [
        {"code": code, "name": name, "unit": by, "since": date(2016, 1, 1), "river": river, "section_grade": grade, "outflow": out, "goal_class": goal}
        for code, name, river, grade, out, goal in _SECTIONS
    ]  # fmt: skip
    readings: list[Row] = []
    chance = parcel.chance("water")
    for year in YEARS:
        for month in range(1, 13):
            for code, name, _, _, out, goal in _SECTIONS:
                bad = (year, month, code) == (2024, 7, "DM03")
                better = "Ⅰ类" if goal == "Ⅱ类" else "Ⅱ类"
                readings.append({
                    "number": f"SZ{year}{month:02d}-{code}", "title": f"{name}{year}年{month}月水质", "unit": by,
                    "date": date(year, month, chance.whole(3, 9)), "post": clerk(by), "section": code, "outflow": out, "target_class": goal,
                    "water_class": "Ⅳ类" if bad else better if chance.hits(25) else goal, "limiting": "总磷" if bad else None,
                    "report_no": f"SZJ{year}{month:02d}{code[-2:]}",
                })  # fmt: skip
    return sections, readings


def _dredging(parcel: Parcel) -> Ledger:
    ledger = Ledger("river_dredging")
    for year in YEARS:
        lengths = (*_DREDGED[year], 2600)
        for number, metres in enumerate(lengths, start=1):
            last = number == len(lengths)  # the last one of each year is not finished in time
            code, town = f"QY{year}-{number:02d}", TOWNSHIPS[(number * 7) % 12][0]
            brook = f"{town[:2]}{_BROOKS[(number - 1) % len(_BROOKS)]}"
            opened = date(year, 2, 10 + number % 12)
            length = Decimal(metres) / 1000
            ledger.open(
                code, f"{brook}清淤工程", WATER, opened, due=date(year, 11, 30), river=brook, stretch="源头至入河口", planned_length=length,
            )  # fmt: skip
            begun = date(year, 3 + number % 4, 8)
            ledger.move(code, "施工", begun, clerk(WATER), started=begun, spoil_place=f"{town}弃土场")
            if last:
                continue
            done = date(year, 8 + number % 3, 6 + number)
            photo = parcel.paper("照片", code, f"{brook}清淤完工照片")
            ledger.move(
                code, "申请验收", done, clerk(WATER), [photo], dredged_length=length, volume=length * Decimal("0.4"), cost=length * 22,
            )  # fmt: skip
            judged = done + timedelta(days=12)
            if number == 5:
                ledger.report(
                    code,
                    judged,
                    head(WATER),
                    "复测断面不足，返工",
                    accepted=judged,
                    acceptance_result="不合格",
                )
                judged += timedelta(days=20)
            sheet = parcel.paper("验收单", code, f"{brook}清淤验收单\n长度：{length}公里\n结论：合格")
            ledger.move(
                code, "验收合格", judged, head(WATER), [sheet], accepted=judged, acceptance_result="合格"
            )
    return ledger


def _boundaries(parcel: Parcel) -> Ledger:
    ledger = Ledger("boundary_marking")
    for number, (river, length) in enumerate(_RIVERS, start=1):
        code, year = f"HJ-{number:02d}", YEARS[number % 2]
        ledger.open(
            code,
            f"{river}管理范围划定",
            WATER,
            date(2024, 3, 4 + number),
            due=date(year, 11, 30),
            river=river,
            length_due=length,
        )
        if number == len(_RIVERS):
            continue
        told = (
            {"overlap": 12, "overlap_settled": "与自然资源局会商，核减重叠"}
            if number == 2
            else {"overlap": 0}
        )
        ledger.move(code, "成果审查", date(year, 6, 10), clerk(WATER), length_marked=length, **told)
        agreed = date(year, 8, 5)
        published = agreed + timedelta(days=44 if number == 3 else 12)
        order = parcel.paper("批复文件", code, f"县政府关于{river}管理范围的批复")
        ledger.move(
            code, "批准公告", published, head(WATER), [order], reviewed=date(year, 7, 20), approved=agreed, published=published,
            published_at=f"https://www.minglan.example/hj/{code}",
        )  # fmt: skip
        sheet = parcel.paper("验收单", code, f"{river}界桩验收单")
        ledger.move(code, "埋桩归档", date(year, 12, 10), head(WATER), [sheet], stakes_length=length - 1)
    return ledger


def _sand(parcel: Parcel) -> Ledger:
    ledger = Ledger("sand_permit")
    for year in YEARS:
        for number, river in enumerate(("澜水", "霁川", "柳渡河"), start=1):
            code, opened = f"CS{year}-{number:02d}", date(year, 3, 3 + number)
            ledger.open(
                code, f"{river}{year}年度采砂许可", WATER, opened, river=river, operator="明澜县砂石资源经营有限公司", run_by="国有企业统一开采",
                permitted=Decimal(12 + 2 * number),
            )  # fmt: skip
            if number == 3:  # asked for, refused: the stretch was closed to digging
                note = parcel.paper("告知书", code, f"不予许可{river}采砂的决定及理由")
                ledger.move(
                    code,
                    "不予许可",
                    opened + timedelta(days=15),
                    head(WATER),
                    [note],
                    decided=opened + timedelta(days=15),
                )
                continue
            decided = opened + timedelta(days=40 if code == "CS2025-02" else 16)
            order = parcel.paper("批复文件", code, f"{river}采砂许可决定")
            ledger.move(
                code, "许可", decided, head(WATER), [order], permit_no=f"澜水砂〔{year}〕{number}号", decided=decided, valid_from=date(year, 4, 20),
                valid_until=date(year, 12, 31), ban_from=date(year, 6, 1), ban_until=date(year, 8, 31), delivered=decided + timedelta(days=3),
                revenue=360 + 40 * number,
            )  # fmt: skip
            if year == YEARS[0]:
                sheet = parcel.paper("验收单", code, f"{river}采区修复验收单")
                over = date(2025, 1, 20)
                ledger.move(
                    code,
                    "销证",
                    over,
                    head(WATER),
                    [sheet],
                    taken=Decimal(11 + 2 * number),
                    restored=date(2025, 1, 15),
                )
    return ledger


def write(parcel: Parcel) -> None:
    """Chiefs, patrols and checks; issues; sections and readings; dredging, boundaries, sand."""
    parcel.write(
        "54-河长制.xlsx",
        {
            "river_reach": _reaches(parcel),
            "river_patrol": _patrols(parcel),
            "patrol_check": _patrol_checks(parcel),
        },
    )
    sections, readings = _water(parcel)
    sheets: dict[str, list[Row]] = {"water_section": sections, "water_reading": readings}
    for ledger in (_issues(parcel), _dredging(parcel), _boundaries(parcel), _sand(parcel)):
        sheets[ledger.kind] = ledger.rows
        sheets[f"{ledger.kind}.办理过程"] = ledger.moves
    parcel.write("55-河湖治理.xlsx", sheets)
