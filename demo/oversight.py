"""Audits and what they found, firms' controls, requests for information, and the reports owed by a fixed day."""

from datetime import date, timedelta
from decimal import Decimal

from demo.geography import TOWNSHIPS, clerk, head, seat
from demo.ledger import Ledger
from demo.names import person
from demo.pen import YEARS, Chance, Parcel

_AUDITS = (
    ("政策落实跟踪审计", "优化营商环境政策落实", "行政审批局"), ("重大投资项目审计", "城区管网改造项目", "住建局"),
    ("领导干部经济责任审计", "主要负责人任期经济责任", "文旅局"), ("自然资源资产离任审计", "自然资源资产离任", "林业局"),
    ("国有企业审计", "县属国有企业资产负债损益", "财政局"), ("预算执行审计", "部门预算执行", "教育局"),
    ("专项资金审计", "衔接资金管理使用", "乡村振兴局"), ("领导干部经济责任审计", "乡镇主要负责人任期经济责任", "柳渡镇"),
)  # fmt: skip
_FAULTS = (
    ("专项资金", "资金滞留未拨", "违规"), ("采购招标", "应招标未招标", "违规"), ("资产管理", "资产未入账", "管理不规范"),
    ("政府投资", "多计工程价款", "损失浪费"), ("财政管理", "无预算支出", "违规"), ("内部控制", "不相容岗位未分离", "管理不规范"),
)  # fmt: skip
# What the audits of a year found, in 万元.
_FOUND = {2024: Decimal(15240), 2025: Decimal(13870)}
_GAPS = ("资金审批倒签", "合同未经法务审核", "对外担保未报批", "资产处置未评估", "薪酬发放超核定")
_AREAS = ("资金管理", "合同管理", "担保借款", "资产处置", "薪酬")
_ASKED = ("征地补偿标准", "项目批复文件", "财政补贴发放明细", "规划许可", "行政处罚依据")


def _paper(parcel: Parcel, kind: str, code: str, title: str) -> list[str]:
    return [parcel.paper(kind, code, f"{title}：{kind}")]


def _audits(parcel: Parcel) -> None:
    projects, findings = Ledger("audit_project"), Ledger("audit_finding")
    for year in YEARS:
        chance, left = parcel.chance(f"audits/{year}"), _FOUND[year]
        for number, (kind, what, unit) in enumerate(_AUDITS, start=1):
            code, title = f"SJ{year}-{number:02d}", f"{unit}{what}审计（{year}年）"
            issued = _audit(projects, parcel, code, title, year, number, chance, kind=kind, unit=unit)
            for place in range(1, 5):
                last = number == len(_AUDITS) and place == 4
                amount = left if last else chance.money(0, 800, "5") if place > 1 else Decimal(0)
                left -= amount
                _finding(findings, parcel, f"{code}-{place}", unit, year, issued, amount, chance, audit=code)
    parcel.write("77-审计.xlsx", {
        "audit_project": projects.rows, "audit_project.办理过程": projects.moves,
        "audit_finding": findings.rows, "audit_finding.办理过程": findings.moves,
    })  # fmt: skip


def _audit(
    ledger: Ledger,
    parcel: Parcel,
    code: str,
    title: str,
    year: int,
    number: int,
    chance: Chance,
    *,
    kind: str,
    unit: str,
) -> date:
    """An audit up to its report being read by the mayor; gives the day of the report."""
    opened = date(year, 1, 20)
    ledger.open(
        code, title, "审计局", opened, due=date(year, 11, 30), audit_kind=kind, auditee=unit, audited_span=f"{year - 1}年",
    )  # fmt: skip
    started = date(year, 2, 20) + timedelta(days=9 * number)
    by, second = seat("audit"), seat("audit-1")
    ledger.move(
        code, "实施", started, by, started=started, notice_served=started - timedelta(days=chance.whole(3, 7))
    )
    sent = started + timedelta(days=40)
    silent = number % 3 == 0
    ledger.move(code, "征求意见", sent, by, draft_received=sent)
    issued = sent + timedelta(days=14)
    ledger.move(
        code, "出具报告", issued, second, _paper(parcel, "审计报告", code, title), issued=issued, report_no=f"澜审报〔{year}〕{number}号",
        commented=None if silent else sent + timedelta(days=7), comment_result="无异议" if silent else "部分采纳", transfers=int(number == 2),
    )  # fmt: skip
    if (year, number) != (2025, 7):  # one report still lies unread
        read = issued + timedelta(days=chance.whole(4, 20))
        ledger.move(code, "审阅归档", read, second, head_read=read)
    return issued


def _finding(
    ledger: Ledger,
    parcel: Parcel,
    code: str,
    unit: str,
    year: int,
    issued: date,
    amount: Decimal,
    chance: Chance,
    *,
    audit: str,
) -> None:
    area, fault, nature = _FAULTS[chance.whole(0, len(_FAULTS) - 1)]
    due = issued + timedelta(days=90)
    ledger.open(
        code, f"{unit}{fault}", unit, issued, due=due, parent=audit, nature=nature, problem_area=area, problem=f"{fault}，详见审计报告",
        law_broken="相关财经法规", found_amount=amount,
    )  # fmt: skip
    by = clerk(unit)
    ledger.move(code, "整改", issued + timedelta(days=6), by, measures="制定整改方案，限期纠正，追究责任")
    if code in ("SJ2024-05-3", "SJ2025-05-2", "SJ2025-08-3"):
        return  # never put right
    done = issued + timedelta(days=chance.whole(30, 85) if not chance.hits(8) else 104)
    partly = code == "SJ2025-04-2"
    ledger.move(
        code, "报送", done, by, _paper(parcel, "整改报告", code, f"{unit}{fault}"), rectified=done,
        rectified_amount=amount // 2 if partly else amount, held_people=1 if nature == "违规" and chance.hits(30) else 0,
        rules_made=1 if nature == "管理不规范" else 0,
    )  # fmt: skip
    seen, audit_post = done + timedelta(days=6), seat("audit")
    ledger.move(code, "核查", seen, audit_post, checked=seen, check_result="部分整改" if partly else "已整改")
    if partly:
        ledger.move(code, "退回整改", seen + timedelta(days=1), audit_post)
    else:
        ledger.move(code, "销号", seen + timedelta(days=1), audit_post)


def _reports(parcel: Parcel) -> None:
    """The audit and state-asset reports to the standing committee, and the yearly reports on information."""
    audit, asset, told = Ledger("audit_report"), Ledger("state_asset_report"), Ledger("disclosure_report")
    for year in YEARS:
        code, title = f"SJBG{year}", f"{year - 1}年度审计工作报告"
        audit.open(code, title, "审计局", date(year, 3, 1), report_year=year - 1)
        audit.move(
            code,
            "报告",
            date(year, 7, 25),
            seat("audit"),
            _paper(parcel, "审计报告", code, title),
            delivered=date(year, 7, 25),
        )
        heard = date(year, 7, 28)
        audit.move(code, "审议", heard, seat("audit"), considered=heard, published=heard + timedelta(days=15))
        if year == YEARS[0]:
            end = date(year, 12, 26)
            audit.move(
                code,
                "整改报告",
                end,
                seat("audit-1"),
                _paper(parcel, "整改报告", code, title),
                rectify_told=end,
                evaluation="满意",
            )
        code, title = f"GZBG{year}", f"{year - 1}年度国有资产管理情况报告"
        asset.open(code, title, "财政局", date(year, 1, 1), report_year=year - 1)
        end, grown = date(year, 10, 28), Decimal(year - 2024)
        asset.move(
            code, "报告", end, head("财政局"), _paper(parcel, "正式文件", code, title), firm_assets=Decimal("82.4") + grown * 4,
            firm_debts=Decimal("44.1") + grown, unit_assets=Decimal("38.6") + grown * 2, told=end, published=end + timedelta(days=12),
        )  # fmt: skip
        _information(told, parcel, year)
    sheets = {name: rows for book in (audit, asset, told) for name, rows in (
        (book.kind, book.rows), (f"{book.kind}.办理过程", book.moves))}  # fmt: skip
    parcel.write("78-年度报告.xlsx", sheets)


def _information(ledger: Ledger, parcel: Parcel, year: int) -> None:
    units = (
        "政府办",
        "财政局",
        "教育局",
        "自然资源局",
        "卫健局",
        "民政局",
        *(name for name, _ in TOWNSHIPS[:4]),
    )
    for number, unit in enumerate(units):
        code, whole = f"NB{year - 1}-{number:02d}", number == 0
        title = f"{'明澜县' if whole else unit}{year - 1}年政府信息公开工作年度报告"
        ledger.open(
            code,
            title,
            unit,
            date(year - 1, 12, 31),
            report_level="县政府" if whole else "部门（乡镇）",
            report_year=year - 1,
        )
        if (year, number) == (2025, 9):
            continue  # a township that never wrote one
        day = date(year, 3, 20) if whole else date(year, 1, 20) if number != 4 else date(year, 2, 11)
        ledger.move(
            code, "公布", day, seat("publish"), _paper(parcel, "公示截图", code, title), published=day, proactive=820 + 37 * number,
            public_url=f"https://www.minglan.example/nb/{code}",
        )  # fmt: skip


def _requests(parcel: Parcel) -> None:
    ledger = Ledger("disclosure_request")
    units = ("自然资源局", "财政局", "住建局", "农业农村局", "望溪镇")
    for year in YEARS:
        chance = parcel.chance(f"requests/{year}")
        for number in range(1, 19):
            code, unit = f"YSQ{year}-{number:02d}", units[number % len(units)]
            opened, thing = chance.day(date(year, 1, 6), date(year, 11, 10)), chance.of(_ASKED)
            ledger.open(
                code, f"申请公开{thing}", unit, opened, form=chance.of(("网上", "邮寄", "当面")), applicant=person(130 + number),
                content=f"申请公开{thing}", unclear=number % 6 == 0,
            )  # fmt: skip
            _answer(ledger, parcel, code, unit, year, opened, number, chance)
    ledger.write(parcel, "79-依申请公开.xlsx")


def _answer(
    ledger: Ledger, parcel: Parcel, code: str, unit: str, year: int, opened: date, number: int, chance: Chance
) -> None:
    by, start = clerk(unit), opened
    if number % 6 == 0:
        told = opened + timedelta(days=5)
        ledger.report(code, told, by, "告知补正", correct_told=told)
        if number == 18:
            ledger.move(code, "放弃", told + timedelta(days=40), seat("publish"), note="逾期未补正")
            return
        start = told + timedelta(days=12)
    third = start + timedelta(days=2) if number == 7 else None
    ledger.move(code, "办理", start, by, corrected=start if number % 6 == 0 else None, third_asked=third)
    if (year, number) == (2025, 13):
        return  # past its twenty days, and nobody has answered
    given = start + timedelta(days=chance.whole(8, 24) if number != 11 else 47)
    decision = chance.of(("予以公开", "予以公开", "部分公开", "本机关不掌握", "不予公开"))
    ledger.move(
        code, "答复", given, seat("publish"), _paper(parcel, "告知书", code, "政府信息公开告知书"), answered=given, decision=decision,
        refusal_basis="条例第十六条" if decision == "不予公开" else None, third_answered=start + timedelta(days=8) if third else None,
        reviewed_result="纠正" if (year, number) == (2024, 5) else "无",
    )  # fmt: skip


def _gaps(parcel: Parcel) -> None:
    ledger = Ledger("control_gap")
    for year in YEARS:
        for number in range(1, 11):
            code, area = f"NK{year}-{number:02d}", _AREAS[number % len(_AREAS)]
            opened = date(year, 1 + number % 9, 14)
            ledger.open(
                code, f"县城市投资公司{_GAPS[number % len(_GAPS)]}", "财政局", opened, due=opened + timedelta(days=120),
                firm=("县城市投资公司", "县水务公司", "县文旅公司")[number % 3], control_area=area, found_by=("企业自评", "审计", "巡察")[number % 3],
                gap_level="重大" if number == 7 else "一般", gap=_GAPS[number % len(_GAPS)],
            )  # fmt: skip
            ledger.move(
                code,
                "整改",
                opened + timedelta(days=8),
                clerk("财政局"),
                measures="修订制度，补办手续，明确责任",
            )
            if (year, number) == (2025, 7):
                continue
            fixed = opened + timedelta(days=60 if number != 4 else 130)
            ledger.move(
                code,
                "测试",
                fixed,
                clerk("财政局"),
                _paper(parcel, "整改报告", code, "内控缺陷整改"),
                fixed=fixed,
            )
            tried, works = fixed + timedelta(days=30), (year, number) != (2025, 2)
            if not works:
                ledger.report(code, tried, head("财政局"), "测试无效", tested=tried, effective=False)
            elif tried <= date(2025, 12, 28):
                ledger.move(code, "消除", tried, head("财政局"), tested=tried, effective=True)
    ledger.write(parcel, "79-国企内控.xlsx")


def write(parcel: Parcel) -> None:
    """Audits, yearly reports, requests, controls."""
    _audits(parcel)
    _reports(parcel)
    _requests(parcel)
    _gaps(parcel)
