"""Answering to the congress and the law: reports, suggestions, court cases, the yearly rule-of-law report."""

from datetime import date, timedelta
from typing import Any

from demo.geography import clerk, head, seat
from demo.ledger import Ledger
from demo.names import person
from demo.pen import YEARS, Chance, Parcel, Row

# kind, body, title, unit, month of the meeting
_REPORTS = (
    ("决算草案", "人大常委会", "上年度财政决算草案的报告", "财政局", 7),
    ("计划执行", "人大常委会", "上半年国民经济和社会发展计划执行情况的报告", "发改局", 7),
    ("预算执行", "人大常委会", "上半年预算执行情况的报告", "财政局", 8),
    ("国有资产管理", "人大常委会", "国有资产管理情况的报告", "财政局", 10),
    ("政府债务", "人大常委会", "政府债务管理情况的报告", "财政局", 10),
    ("环境状况", "人大常委会", "环境状况和环境保护目标完成情况的报告", "生态环境分局", 4),
    ("审计整改", "人大常委会", "审计查出问题整改情况的报告", "审计局", 11),
    ("专项工作", "人大常委会", "民生实事推进情况的报告", "政府办", 9),
    ("专项工作", "人大常委会", "乡村全面振兴工作情况的报告", "农业农村局", 5),
    ("情况通报", "政协", "上半年经济运行情况的通报", "政府办", 7),
    ("情况通报", "政协", "提案办理情况的通报", "政府办", 11),
)
_ASKS = (
    ("加快老旧小区加装电梯", "城乡建设", "住建局"), ("延伸城乡公交线路", "交通", "交通局"), ("增加城区中小学学位", "教育", "教育局"),
    ("完善村级卫生室药品配备", "医疗卫生", "卫健局"), ("支持茶叶深加工", "农业农村", "农业农村局"), ("治理河道采砂遗留坑塘", "生态环境", "水利局"),
    ("规范夜间施工噪声", "生态环境", "城管局"), ("建设零工市场", "社会保障", "人社局"), ("推动中小企业设备更新", "经济发展", "工信局"),
    ("整治飞线充电", "社会治理", "应急管理局"), ("修复望溪古桥", "城乡建设", "文旅局"), ("优化政务大厅夜间服务", "经济发展", "行政审批局"),
)  # fmt: skip
_COURT = ("自然资源局", "公安局", "市场监管局", "人社局", "住建局", "城管局")
_LAW = {
    "自然资源局": "自然资源",
    "公安局": "公安",
    "市场监管局": "市场监管",
    "人社局": "人社",
    "住建局": "城乡建设",
}
_UNDERTAKEN = (
    "部署年度法治工作",
    "听取法治工作汇报",
    "研究解决法治建设重大问题",
    "督办重大执法案件",
    "年终述法",
)


def _reports(parcel: Parcel) -> None:
    ledger = Ledger("congress_report")
    for year in YEARS:
        chance = parcel.chance(f"congress/{year}")
        for number, (sort, body, title, unit, month) in enumerate(_REPORTS, start=1):
            code, meeting = f"RD{year}-{number:02d}", date(year, month, 20 + number % 7)
            late = year == YEARS[1] and number == 9
            heard = body == "人大常委会"
            ledger.open(
                code, f"关于{title}", unit, date(year, 2, 12), body=body, report_kind=sort, meeting=meeting, reporter=person(number % 6)
            )  # fmt: skip
            text = parcel.paper("正式文件", code, f"关于{title}（送审稿）")
            ledger.move(
                code,
                "送委员会",
                meeting - timedelta(days=23),
                clerk(unit),
                **_sent(meeting, heard=heard, late=late),
            )
            ledger.move(code, "审定报送", meeting - timedelta(days=5), seat("lead"), [text])
            ledger.move(
                code, "报告", meeting, clerk(unit), reported=meeting, vote="通过" if heard else "未表决",
                published=meeting + timedelta(days=chance.whole(6, 15)),
            )  # fmt: skip
            _answered(ledger, code, unit, meeting, chance, waiting=year == YEARS[1] and month > 10)
    ledger.write(parcel, "82-向人大报告.xlsx")


def _sent(meeting: date, *, heard: bool, late: bool) -> dict[str, Any]:
    """When a report went to the committee, the standing committee and its members, before the meeting."""
    if not heard:
        return {}
    return {
        "committee_sent": meeting - timedelta(days=24),
        "standing_sent": meeting - timedelta(days=12),
        "members_sent": meeting - timedelta(days=5 if late else 8),
    }


def _answered(ledger: Ledger, code: str, unit: str, meeting: date, chance: Chance, *, waiting: bool) -> None:
    """What the standing committee said of a report, and what was done about it."""
    if chance.hits(35):
        ledger.move(code, "无意见办结", meeting + timedelta(days=20), head(unit))
        return
    said = chance.whole(3, 7)
    ledger.move(
        code, "意见办理", meeting + timedelta(days=12), clerk(unit), opinions_received=meeting + timedelta(days=12), opinions=said
    )  # fmt: skip
    if not waiting:
        told = meeting + timedelta(days=chance.whole(45, 68))
        ledger.report(code, told, clerk(unit), opinions_answered=told, opinions_done=said - (said > 5))
        ledger.move(code, "办结", told + timedelta(days=3), head(unit))


def _suggestions(parcel: Parcel) -> None:
    ledger = Ledger("deputy_suggestion")
    for year in YEARS:
        chance = parcel.chance(f"suggestions/{year}")
        for number in range(1, 37):
            ask, topic, unit = _ASKS[number % len(_ASKS)]
            code, source = f"JY{year}-{number:03d}", "政协提案" if number % 3 == 0 else "人大代表建议"
            ledger.open(
                code, f"关于{ask}的{'提案' if number % 3 == 0 else '建议'}（{number}号）", unit, date(year, 2, 26), source=source,
                key_item=number % 9 == 0, proposer=person(chance.whole(100, 300)), content=f"建议{ask}", topic=topic,
            )  # fmt: skip
            hard = number % 12 == 0
            ledger.move(
                code, "交办", date(year, 3, 12), seat("supervise"), assigned=date(year, 3, 12), hard=hard,
                hard_reason="涉及跨县协调" if hard else None, hard_approver="常务副县长" if hard else None,
            )  # fmt: skip
            ledger.move(code, "办理", date(year, 3, 18), clerk(unit))
            if year == YEARS[0] or number != 31:
                _reply(ledger, parcel, code, unit, chance, year=year, number=number)
    ledger.write(parcel, "83-建议提案.xlsx")


def _reply(
    ledger: Ledger, parcel: Parcel, code: str, unit: str, chance: Chance, *, year: int, number: int
) -> None:
    """Met, answered, rated; who is not content is answered again."""
    late = number == 17 + year % 2
    answered = date(year, 6, 25) if late else chance.day(date(year, 4, 15), date(year, 6, 10))
    sort = "AAABBC"[number % 6]
    promised = date(year, 11, 30) if sort == "B" else None
    kept = sort == "B" and (year == YEARS[0] or number % 4 != 0)
    letter = parcel.paper(
        "建议提案答复函", code, f"关于{code}号建议的答复\n答复日期：{answered}\n答复类别：{sort}"
    )
    met = answered - timedelta(days=6) if number % 15 else None
    ledger.move(
        code, "答复", answered, head(unit), [letter], face_to_face=met, answered=answered, answer_class=sort, promised=promised,
        published=answered + timedelta(days=chance.whole(5, 16)),
    )  # fmt: skip
    rated = answered + timedelta(days=10)
    said = "不满意" if number in (8, 23) else chance.of(("满意", "满意", "满意", "基本满意"))
    ledger.move(code, "代表评价", rated, seat("deputy"), satisfaction=said, rated=rated)
    if number == 23:
        return
    if number == 8:
        again = rated + timedelta(days=22)
        ledger.report(code, again, clerk(unit), second_answered=again)
        ledger.report(code, again, seat("deputy"), second_satisfaction="基本满意")
    ledger.move(code, "办结", rated + timedelta(days=26), seat("supervise"))
    if kept:
        ledger.report(
            code, date(year, 11, 20), clerk(unit), note="承诺事项已兑现", fulfilled=date(year, 11, 18)
        )


def _courts(parcel: Parcel) -> None:
    ledger = Ledger("court_case")
    for year in YEARS:
        chance = parcel.chance(f"courts/{year}")
        for number in range(1, 19):
            unit = _COURT[number % len(_COURT)]
            code, opened = f"YS{year}-{number:02d}", chance.day(date(year, 1, 6), date(year, 8, 20))
            review = number % 3 == 0
            must = number % 4 != 1 if not review else None
            ledger.open(
                code, f"{unit}{'行政复议' if review else '行政诉讼'}案（{number}号）", unit, opened,
                case_kind="行政复议" if review else "行政诉讼一审", case_no=f"（{year}）澜{'复' if review else '行初'}{number}号",
                field_of_law=_LAW.get(unit, "其他"),
            )  # fmt: skip
            absent = number == 10 and year == YEARS[1]
            there = "工作人员" if absent or must is False else chance.of(("主要负责人", "分管负责人"))
            heard = opened + timedelta(days=chance.whole(35, 60))
            ledger.move(
                code, "开庭", heard, clerk(unit), replied=opened + timedelta(days=8 if review else 13), heard=heard, must_appear=must,
                appeared=None if review else there, absent_reason="临时防汛值守" if absent else None,
            )  # fmt: skip
            if year == YEARS[1] and number == 16:
                continue
            decided = heard + timedelta(days=chance.whole(20, 50))
            lost = number in (4, 9)
            ruling = parcel.paper("裁判（复议决定）文书", code, f"{code} 裁判（决定）日期：{decided}")
            ledger.move(
                code, "结案", decided, seat("legal"), [ruling], decided=decided, cause="程序瑕疵" if lost else None,
                result="败诉（纠错）" if lost else chance.of(("胜诉（维持）", "胜诉（维持）", "撤诉（终止）", "调解和解")),
            )  # fmt: skip
            if lost and year == YEARS[0]:
                ledger.report(
                    code, decided + timedelta(days=40), clerk(unit), corrected=decided + timedelta(days=38)
                )
    ledger.write(parcel, "84-行政诉讼和复议.xlsx")


def _rule_of_law(parcel: Parcel) -> None:
    ledger, done = Ledger("rule_of_law_report"), Ledger("law_head_duty")
    for year in YEARS:
        for number, unit in enumerate(("司法局", *_COURT), start=1):
            code, opened = f"FZ{year}-{number}", date(year, 1, 11)
            ledger.open(code, f"{unit}{year - 1}年法治政府建设情况报告", unit, opened, report_year=year - 1)
            ledger.move(
                code,
                "审核",
                date(year, 2, 7),
                seat("legal"),
                head_stated=True,
                shortcomings_stated=True,
                next_stated=True,
            )
            text = parcel.paper("正式文件", code, f"{year - 1}年法治政府建设情况报告")
            sent = date(year, 2, 21)
            ledger.move(
                code, "报送", sent, seat("lead"), [text], to_party=sent, to_congress=sent, to_upper=sent
            )
            published = date(year, 4, 7) if number == 4 else date(year, 3, 24)
            ledger.move(code, "公开", published, clerk(unit), published=published)
    rows: list[Row] = [
        {
            "number": f"FR{year}-{month:02d}", "title": f"{month}月履行法治建设第一责任人职责", "unit": "司法局", "date": date(year, month, 19),
            "post": clerk("司法局"), "duty_item": _UNDERTAKEN[number], "action": f"县政府常务会议：{_UNDERTAKEN[number]}", "result": "议定事项已交办",
        }
        for year in YEARS
        for number, month in enumerate((2, 4, 7, 9, 12))
    ]  # fmt: skip
    parcel.write(
        "85-法治政府.xlsx",
        {ledger.kind: ledger.rows, f"{ledger.kind}.办理过程": ledger.moves, done.kind: rows},
    )


def write(parcel: Parcel) -> None:
    """Reports to the congress, suggestions and proposals, court cases, the rule-of-law reports."""
    _reports(parcel)
    _suggestions(parcel)
    _courts(parcel)
    _rule_of_law(parcel)
